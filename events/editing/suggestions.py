"""What the archive proposes about a press text: quotations with their speakers, people, places, dates and meetings."""

from dataclasses import dataclass, field
from typing import Any

from events import quoting


@dataclass(frozen=True)
class Found:
    """Words of the text at [start, end), code points, `end` exclusive, and why they are proposed, in words for an editor."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True)
class QuotationFound(Found):
    """`speaker` is the name to show: the participant's, or the printed one; `speaker_id` the participant's number where the archive
    knows exactly one. `speaker_start`, `speaker_end`: the mention in the attribution ("he"), None where there is none. `within`:
    the place in the list of the quotation that holds these words or whose speaker reports them. `meeting`: the place in the list
    of meetings of the one that the words were said at, None where unsure. `said_on`: EDTF or ""."""

    speaker: str | None
    speaker_id: int | None
    speaker_start: int | None
    speaker_end: int | None
    attribution: str
    form: str
    within: int | None
    reported_by: str | None
    reported_by_id: int | None
    language: str
    said_on: str = ""
    meeting: int | None = None


@dataclass(frozen=True)
class Candidate:
    """A record of the archive that may be meant, with what tells it from others of its name."""

    id: int
    name: str
    detail: str
    status: str


@dataclass(frozen=True)
class ParticipantFound(Found):
    """Somebody who is named: at first at [start, end), and again at each of `mentions` (start, end). `id` is None for one that the
    archive does not know, or of whom it knows several (`candidates`). `names`: spellings printed here that it does not list."""

    name: str
    id: int | None
    kind: str
    country: str
    office: str
    mentions: tuple[tuple[int, int], ...]
    candidates: tuple[Candidate, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceFound(Found):
    name: str
    id: int | None
    mentions: tuple[tuple[int, int], ...]
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class DateFound(Found):
    """A day or days that are named: "lundi 27 février" as EDTF, reckoned from the day of publication."""

    date: str


@dataclass(frozen=True)
class MeetingFound(Found):
    """An encounter that the passage reports. `id` is the meeting that the archive holds already, None for a new one; `candidates`
    are those that may be it. `participants` and `place` are places in the lists of those."""

    title: str
    id: int | None
    kind: str
    date: str
    state: str
    participants: tuple[int, ...]
    place: int | None
    parent: int | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Suggestions:
    language: str
    quotations: tuple[QuotationFound, ...] = ()
    participants: tuple[ParticipantFound, ...] = ()
    places: tuple[PlaceFound, ...] = ()
    dates: tuple[DateFound, ...] = ()
    meetings: tuple[MeetingFound, ...] = ()
    duplicates: tuple[Any, ...] = field(default=())


def suggest(text: str, language: str = "", published_on: str = "") -> Suggestions:
    """What a text in `language` (BCP 47), published on the EDTF day, holds. Stores nothing."""
    reading = quoting.read(text, language)
    quotations = tuple(
        QuotationFound(
            start=one.start,
            end=one.end,
            text=one.text,
            reason=one.reason,
            speaker=one.who.text if one.who else None,
            speaker_id=None,
            speaker_start=one.speaker.start if one.speaker else None,
            speaker_end=one.speaker.end if one.speaker else None,
            attribution=one.attribution,
            form=one.form,
            within=one.within,
            reported_by=one.reporter.text if one.reporter else None,
            reported_by_id=None,
            language=language,
        )
        for one in reading.quotations
    )
    return Suggestions(language, quotations)
