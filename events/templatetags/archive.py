"""How pages print dates, languages, countries and names."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext_lazy

from events import codes, dates, names
from events.models import Meeting
from events.reading import calendar

register = template.Library()
MARK, END = mark_safe("<mark>"), mark_safe("</mark>")

COUNTED = {
    "meeting": ngettext_lazy("%(n)s meeting", "%(n)s meetings", "number"),
    "participant": ngettext_lazy("%(n)s participant", "%(n)s participants", "number"),
    "quotation": ngettext_lazy("%(n)s quotation", "%(n)s quotations", "number"),
    "article": ngettext_lazy("%(n)s source", "%(n)s sources", "number"),
    "place": ngettext_lazy("%(n)s place", "%(n)s places", "number"),
    "agreement": ngettext_lazy("%(n)s agreement", "%(n)s agreements", "number"),
    "topic": ngettext_lazy("%(n)s topic", "%(n)s topics", "number"),
}


@register.filter
def wording(value: str) -> str:
    """An EDTF date in the reader's words: "27–28 February 2023"; "" for an empty one."""
    return dates.wording(value, get_language() or "en") if value else ""


@register.filter
def date_page(meeting: Meeting) -> str:
    """The address of the day, month or year on which a meeting stands; "" where it stands on none."""
    first = meeting.held_range.lower if meeting.held_range else None
    period = calendar.page_of(meeting.held_on, first)
    return period.get_absolute_url() if period else ""


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


@register.filter
def figure(number: int) -> str:
    """A number with its thousands parted as the reader's language does: "1,234"."""
    return number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def counted(number: int, noun: str) -> str:
    """So many records of a noun: "1,234 meetings"."""
    return COUNTED[noun] % {"number": number, "n": figure(number)}


@register.filter
def formatted(text: str, number: str) -> str:
    """A text with `%(n)s` in it, and the figure there."""
    return text % {"n": number}
