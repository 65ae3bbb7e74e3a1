"""How pages print dates, languages, countries and names."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from events import codes, dates, names

register = template.Library()
MARK, END = mark_safe("<mark>"), mark_safe("</mark>")


@register.filter
def wording(value: str) -> str:
    """An EDTF date in the reader's words: "27–28 February 2023"; "" for an empty one."""
    return dates.wording(value, get_language() or "en") if value else ""


@register.filter
def language_name(tag: str) -> str:
    """The language of a BCP 47 tag in the reader's words: "French"."""
    return codes.language_name(tag, get_language() or "en") if tag else ""


@register.filter
def country_name(code: str) -> str:
    """The country of an ISO 3166-1 code in the reader's words: "Georgia"."""
    return codes.country_name(code, get_language() or "en") if code else ""


@register.filter
def direction(tag: str) -> str:
    """How text in the language of the tag runs: "ltr" or "rtl"."""
    return codes.text_direction(tag) if tag else "ltr"


@register.filter
def marked(record: Any, field: str) -> str:
    """The field of a record with the words marked that found it, as markup; where nothing was looked for, as it is."""
    found = getattr(record, "found", None)
    pieces = found.fields.get(field, ()) if found else ()
    return pieces_marked(pieces) if pieces else getattr(record, field)


@register.filter
def pieces_marked(pieces: Iterable[Any]) -> str:
    """Pieces of a text as markup, those marked that were looked for."""
    return format_html_join(
        "", "{}{}{}", ((MARK, one.text, END) if one.is_found else ("", one.text, "") for one in pieces)
    )


@register.filter
def in_other_scripts(rows: Iterable) -> list:
    """One name a language, the preferred one first, of those that are not in Latin letters."""
    found: dict[str, object] = {}
    for name in rows:
        if name.language and name.language not in found and names.script(name.text) != "Latn":
            found[name.language] = name
    return list(found.values())


@register.filter
def of_sides(rows: Iterable) -> list:
    """The names of a contested place that a state or body uses, by the alphabet of those who use them."""
    return sorted((name for name in rows if name.used_by), key=lambda name: (name.used_by.sort_key, name.pk))
