"""From a press text to a draft article: what is byline and what is body, and whether the archive has it already."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from events import addresses, anchoring, names
from events.models import Article, Outlet

# What stands before an author's name in the press of the region and of its neighbours. With a colon (or ՝) some words are
# bylines that would open a sentence without one.
_LEADS = r"par|by|von|por|di|yazan|yazar"
_LABELS = (
    _LEADS
    + r"|auteurs?|authors?|autor(?:en|es)?|autore|text|texte|автор(?:ы)?|текст|подготовил[аи]?|müəllif(?:lər)?|yazarlar"
    r"|հեղինակ(?:ներ)?|ավտորი|ავტორ(?:ი|ები)"
)
_NAME = r"[^\W\d_][\w’'.-]*(?:[ \u00a0][^\W\d_][\w’'.-]*){0,4}"
_AND = r"(?:\s*[,;&/]\s*|\s+(?:et|and|und|y|e|и|və|ve|եւ|և|და)\s+)"
_BYLINE = re.compile(
    rf"\s*(?:(?P<label>{_LABELS})\s*[:՝]|(?:{_LEADS})(?=\s))\s*(?P<names>{_NAME}(?:{_AND}{_NAME}){{0,5}})\s*(?P<rest>[,|(–—•·-].{{0,80}})?",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    "al am bin da das de del della der di dos du el ibn la le ter und van von y zu".split()
)
# A byline stands at the head: under the title, or under the title and the lead.
_HEAD_LINES = 8
_LONGEST_TITLE = 200
_LONGEST_BYLINE = 200


class Twin(ValidationError):
    """The archive has the article already; `article` is the one."""

    def __init__(self, article: Article, errors: Any) -> None:
        super().__init__(errors)
        self.article = article


@dataclass(frozen=True)
class Reading:
    """A press text taken apart: the body without the byline's line, the authors that it named, and the headline if there is one."""

    text: str
    title: str
    authors: tuple[str, ...]
    byline: str


def read(raw: str) -> Reading:
    """Take the byline off a press text.

    Line ends become newlines and the text NFC; blanks at the ends of lines, blank lines around the text and all but one of several
    blank lines go, and nothing else changes. The headline stays in the text,
    since words of it can be quoted. Raises `anchoring.TextError` where the text is empty, too long, or holds what no text holds.
    """
    lines = [line.rstrip(" \t") for line in anchoring.normalise(raw).split("\n")]
    filled = [number for number, line in enumerate(lines) if line.strip()]
    byline = ""
    authors: tuple[str, ...] = ()
    for number in filled[:_HEAD_LINES]:
        authors = _authors(lines[number], is_headline=number == filled[0] and len(filled) > 1)
        if authors:
            byline = lines[number].strip()
            lines[number : number + 1] = []
            break
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    if not text.strip():
        raise anchoring.TextError(_("There is no text. Paste the article’s words."))
    return Reading(text, _title(text), authors, byline)


def _authors(line: str, is_headline: bool) -> tuple[str, ...]:
    """The authors that a byline names; () for a line that is none. A sentence lost would be worse than a byline left, so where
    a headline stands ("Di Maio Visits Baku") a byline needs its colon."""
    if len(line) > _LONGEST_BYLINE or line.rstrip().endswith((".", "!", "?", "…", ":", ";", ",")):
        return ()
    found = _BYLINE.fullmatch(line)
    if not found:
        return ()
    labelled = found["label"] is not None
    if is_headline and not labelled:
        return ()
    people: list[str] = []
    for person in re.split(_AND, found["names"]):
        words = [word for word in re.split(r"[ \u00a0]", person.strip()) if word.lower() not in _PARTICLES]
        if not words or not all(map(_is_capitalised, words)) or (len(words) == 1 and not labelled):
            break  # the town or the paper after the names
        people.append(person.strip())
    return tuple(people)


def _is_capitalised(word: str) -> bool:
    return not word[0].islower() or names.script(word) == "Geor"  # Georgian names have no capitals


def _title(text: str) -> str:
    first, _newline, rest = text.partition("\n")
    first = first.strip()
    whole_sentence = first.endswith((".", "!", "…", ":", ";", ",", "։"))
    return first if rest.strip() and len(first) <= _LONGEST_TITLE and not whole_sentence else ""


def outlet_named(name: str) -> Outlet | None:
    """The outlet with this name, in whatever script or capitals, or with this host."""
    outlets = Outlet.objects.filter(merged_into=None)
    if found := outlets.filter(host=name.strip().lower().removeprefix("www.")).exclude(host="").first():
        return found
    key = names.fold(name)
    return next((outlet for outlet in outlets.order_by("pk") if key and names.fold(outlet.name) == key), None)


def outlet_of(url: str) -> Outlet | None:
    """The outlet whose host the address has."""
    site = addresses.host(url)
    return Outlet.objects.filter(host=site, merged_into=None).first() if site else None


@transaction.atomic
def capture(
    raw: str,
    *,
    title: str = "",
    authors: Sequence[str] = (),
    outlet: str = "",
    url: str = "",
    language: str = "",
    published_on: str = "",
    rights: str = Article.Rights.EXCERPTS,
    kind: str = Article.Kind.REPORT,
) -> Article:
    """Store a press text as a draft article and return it.

    What the caller does not give is taken from the text (title, authors) or from the address (outlet). An outlet that the archive
    does not know becomes a draft too. Raises `anchoring.TextError` for a text that is none, `Twin` where the archive has the same
    text or address, and `ValidationError` with the fields' messages for everything else; nothing is stored then.
    """
    reading = read(raw)
    article = Article(
        title=title or reading.title,
        authors=list(authors) or list(reading.authors),
        url=url.strip(),
        language=language,
        published_on=published_on,
        rights=rights,
        kind=kind,
        text=reading.text,
    )
    article.clean_fields()
    if twin := article.twin():
        try:
            article.clean()
        except ValidationError as error:
            raise Twin(twin, error) from None
    if outlet:
        article.outlet = outlet_named(outlet) or Outlet(name=outlet)
        if article.outlet.pk is None:
            try:
                article.outlet.full_clean()
            except ValidationError as error:
                raise ValidationError({"outlet": error.messages}) from None
            article.outlet.save()
    elif url:
        article.outlet = outlet_of(url)
    article.full_clean()
    article.save()
    return article
