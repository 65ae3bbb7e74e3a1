"""From an address, a file or a text to a draft article: what it says of itself, and whether the archive has it already."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from events import addresses, anchoring, languages, names
from events.editing import extraction, fetching, snapshots, standing
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
_LONGEST_NOTICE = 1500  # characters of a page that may say "not found" although it answers 200
_TITLE_LENGTH = Article._meta.get_field("title").max_length
_LONGEST_BYLINE = 200


class Refused(Exception):
    """Why an address, a file or a text gives no article, in words for an editor."""


class Twin(ValidationError):
    """The archive has the article already; `article` is the one."""

    def __init__(self, article: Article, errors: Any) -> None:
        super().__init__(errors)
        self.article = article


@dataclass(frozen=True)
class Draft:
    """An article as it was read, for an editor to correct; nothing of it is stored. What was not found is "", () or None."""

    text: str
    title: str = ""
    authors: tuple[str, ...] = ()
    byline: str = ""  # the line that was taken off the text
    published_on: str = ""
    language: str = ""
    outlet: Outlet | None = None
    url: str = ""
    source: str = ""  # the address that was fetched, or the name of the file
    page: fetching.Page | None = None  # what was fetched, for the snapshot
    page_text: str = ""  # the text of the page, byline included, for the same


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
    """The outlet with this name, in whatever script or capitals, or with this host; of one that was merged the one that it lives on in."""
    host = name.strip().lower().removeprefix("www.")
    if found := Outlet.objects.by_host([host]).get(host):
        return found
    key = names.fold(name)
    outlets = Outlet.objects.select_related("merged_into").order_by(
        F("merged_into").asc(nulls_first=True), "pk"
    )
    named: Any = next((outlet for outlet in outlets if key and names.fold(outlet.name) == key), None)
    return named.merged_into or named if named else None


def outlet_of(url: str) -> Outlet | None:
    """The outlet whose host the address has, or whose domain: en.armenpress.am is of armenpress.am. The nearest one."""
    hosts = addresses.hosts_of(url)
    known = Outlet.objects.by_host(hosts)
    return next((known[host] for host in hosts if host in known), None)


def from_address(url: str) -> Draft:
    """Fetch the page at `url` and read it. Raises `Refused`, and `Twin` where the archive has the address or the text already.

    Nothing is fetched where the archive knows the address. The address that is kept is the one that the page calls its own, else the
    one that answered, without what only tracks readers.
    """
    url = url.strip()
    try:
        addresses.address_key(url)
    except addresses.AddressError as error:
        raise Refused(str(error)) from None
    refuse_twin(Article(url=url))
    try:
        page = fetching.fetch(url)
    except fetching.FetchError as error:
        raise Refused(str(error)) from None
    if page.status != HTTPStatus.OK:
        raise Refused(_refused_status(page.status))
    draft = _extracted(page.body, page.media_type, page.charset, page.final_url)
    if len(draft.text) < _LONGEST_NOTICE:
        shown = standing.shown(page)
        if standing.is_barred(shown):
            raise Refused(
                _(
                    "The site shows this page to browsers or subscribers only. Open it yourself, copy the text and paste it."
                )
            )
        if standing.is_missing(shown, url, page.final_url, "", ()):
            raise Refused(
                _(
                    "The page says that there is no such article. Look the address up again, or paste the text."
                )
            )
    kept = addresses.cleaned(draft.url or page.final_url)
    draft = replace(
        draft, url=kept, outlet=outlet_of(kept) or outlet_of(page.final_url), source=page.final_url, page=page
    )
    refuse_twin(Article(url=kept, text=draft.text))
    return draft


def from_file(body: bytes, name: str = "", *, url: str = "") -> Draft:
    """Read a web page, a PDF or a text file; `url` is its address, where that is known. Raises `Refused` and `Twin`."""
    draft = _extracted(body, url=url)
    kept = url.strip() or addresses.cleaned(draft.url)
    draft = replace(draft, url=kept, outlet=outlet_of(kept), source=name)
    refuse_twin(Article(url=kept, text=draft.text))
    return draft


def from_text(raw: str, *, url: str = "") -> Draft:
    """Read a pasted text; `url` is its address, where that is known. Raises `Refused` and `Twin`."""
    try:
        reading = read(raw)
    except anchoring.TextError as error:
        raise Refused(str(error)) from None
    draft = Draft(
        text=reading.text,
        title=reading.title,
        authors=reading.authors,
        byline=reading.byline,
        language=languages.detect(reading.text),
        outlet=outlet_of(url),
        url=url.strip(),
    )
    refuse_twin(Article(url=draft.url, text=draft.text))
    return draft


def refuse_twin(article: Article) -> None:
    """Raise `Twin` where the archive has the article's text or address."""
    if twin := article.twin():
        try:
            article.clean()
        except ValidationError as error:
            raise Twin(twin, error) from None


def _extracted(body: bytes, media_type: str = "", charset: str = "", url: str = "") -> Draft:
    try:
        found = extraction.extract(body, media_type, charset, url)
        reading = read(found.text)
    except (extraction.ExtractionError, anchoring.TextError) as error:
        raise Refused(str(error)) from None
    return Draft(
        text=reading.text,
        title=(found.title or reading.title)[:_TITLE_LENGTH],
        authors=found.authors or reading.authors,
        byline=reading.byline,
        published_on=found.published_on,
        language=found.language,
        url=found.url,
        page_text=found.text,
    )


def _refused_status(status: int) -> str:
    try:
        printed = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        printed = str(status)
    if status in snapshots.GONE:
        reason = _(
            "The server says that there is no such page (%s). Look the address up again, or paste the text."
        )
    elif status in (401, 402, 403, 407, 451):
        reason = _(
            "The server does not let the archive read this page (%s). Open it yourself, copy the text and paste it."
        )
    elif status in (408, 425, 429, 503, 504):
        reason = _("The server has no time for us now (%s). Try again in some minutes, or paste the text.")
    elif status >= 500:
        reason = _("The server has failed (%s). Try again later, or paste the text.")
    else:
        reason = _("The server sent no page (%s). Open the address yourself, copy the text and paste it.")
    return reason % printed


@transaction.atomic
def capture(
    source: str | Draft,
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
    """Store a text, or what was read from an address or a file, as a draft article and return it.

    What the caller gives wins over what was read. An outlet that the archive does not know becomes a draft too. A page that was
    fetched becomes the article's first snapshot. Raises `Refused` for a text that is none, `Twin` where the archive has the same
    text or address, and `ValidationError` with the fields' messages for everything else; nothing is stored then.
    """
    draft = from_text(source, url=url) if isinstance(source, str) else source
    article = Article(
        title=title or draft.title,
        authors=list(authors) or list(draft.authors),
        url=url.strip() or draft.url,
        language=language or draft.language,
        published_on=published_on or draft.published_on,
        rights=rights,
        kind=kind,
        text=draft.text,
    )
    article.clean_fields()
    refuse_twin(article)
    if outlet:
        article.outlet = outlet_named(outlet) or Outlet(name=outlet)
        if article.outlet.pk is None:
            try:
                article.outlet.full_clean()
            except ValidationError as error:
                raise ValidationError({"outlet": error.messages}) from None
            article.outlet.save()
    else:
        article.outlet = outlet_of(article.url) or draft.outlet
    article.full_clean()
    article.save()
    if draft.page is not None:
        snapshots.store(article, draft.page, draft.page_text)
    return article
