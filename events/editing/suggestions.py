"""What the archive proposes about a press text: quotations with their speakers, people, places, dates and meetings."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from events import dates, languages, names, quoting
from events.editing import encounters
from events.editing.recognition import Group, Owner, Recognition
from events.models import Meeting, Name, Participant, Status

_MOST_CANDIDATES = 5
# Kinds that reports give to one and the same encounter.
_MEETINGS = {
    Meeting.Kind.TALKS,
    Meeting.Kind.SUMMIT,
    Meeting.Kind.SIGNING,
    Meeting.Kind.STATEMENT,
    Meeting.Kind.MEDIATION,
}
_CLOSING = re.compile(r"[.!?…»”\")\]]*")


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

    def as_json(self) -> dict[str, Any]:
        """All of it as what JSON holds."""
        return asdict(self)


def suggest(text: str, language: str = "", published_on: str = "", ask: bool = True) -> Suggestions:
    """What a text in `language` (BCP 47; "" to tell it by its words), published on the EDTF day, holds: by the text and the archive,
    or by the text alone where `ask` is False.

    Nothing is stored, and nothing decided. Linear in the length of the text; some five queries, whatever it holds, and two for
    each meeting of the archive's people that it tells of (at most a hundred).
    """
    language = language or languages.detect(text)
    return _Suggester(text, language, published_on, ask).suggest()


class _Suggester(Recognition):
    def suggest(self) -> Suggestions:
        found = self._encounters()
        meetings = tuple(self._meeting(one, found) for one in found)
        return Suggestions(
            self.language,
            tuple(self._quotation(one, found) for one in self.reading.quotations),
            tuple(map(self._participant, self.people)),
            tuple(map(self._place, self.places)),
            tuple(self._date(day) for day in self.days),
            meetings,
        )

    def _encounters(self) -> list[encounters.Encounter]:
        people = [
            encounters.Named(start, end, number, self._is_subject(start))
            for number, group in enumerate(self.people)
            for start, end in group.mentions
            if group.kind != Participant.Kind.ORGANISATION
        ]
        places = [
            encounters.Named(start, end, number)
            for number, group in enumerate(self.places)
            for start, end in group.mentions
            if group.kind != "country"
        ]
        quoted = {(one.start, one.end) for one in self.reading.quotations}
        titles = [
            (span.start, span.end) for span in self.reading.spans if (span.start, span.end) not in quoted
        ]
        return encounters.find(
            self.text,
            self.language,
            self._sentences(),
            self._outside_quotations(people),
            self._outside_quotations(places),
            self._outside_quotations(self.days),
            self.published,
            titles,
        )

    def _outside_quotations(self, found: Iterable[Any]) -> list[Any]:
        """Those that stand in nobody's quoted words, in the order of the text."""
        # A later quotation begins behind an earlier one or lies within it, so that the furthest end so far decides.
        starts = [one.start for one in self.reading.quotations]
        ends = list(accumulate((one.end for one in self.reading.quotations), max))
        return [
            one
            for one in sorted(found, key=lambda one: one.start)
            if not (place := bisect_right(starts, one.start)) or ends[place - 1] <= one.start
        ]

    def _is_subject(self, start: int) -> bool:
        mention = self.words.mention_over(start)
        return mention is None or not mention.oblique

    def _sentences(self) -> list[tuple[int, int]]:
        words = self.words.words
        if not words:
            return []
        stops = [place for place in range(len(words)) if self.words.is_stop(place)]
        lasts = [words[place - 1].end for place in [*stops[1:], len(words)]]
        ends = [end + len(_CLOSING.match(self.text, end)[0]) for end in lasts]  # type: ignore[index]
        return [(words[place].start, end) for place, end in zip(stops, ends, strict=True)]

    def _meeting(self, one: encounters.Encounter, found: list[encounters.Encounter]) -> MeetingFound:
        days = one.date or (found[one.parent].date if one.parent is not None else "")
        known, candidates = self._known_meetings(one, days)
        who = [self.people[number].name for number in one.people]
        place = self.places[one.place].name if one.place is not None else ""
        if known is not None:
            reason = _("The archive has this meeting: the same people on the same day.")
        else:
            reason = _("“%(word)s” tells of it.") % {"word": one.word}
        return MeetingFound(
            one.start,
            one.end,
            self.text[one.start : one.end],
            reason,
            title=known.name if known else _title(one.kind, who, place, one.title),
            id=known.id if known else None,
            kind=one.kind,
            date=one.date,
            state=Meeting.State.ANNOUNCED if one.announced else Meeting.State.HELD,
            participants=tuple(one.people),
            place=one.place,
            parent=one.parent,
            candidates=tuple(candidates),
        )

    def _known_meetings(
        self, one: encounters.Encounter, days: str
    ) -> tuple[Candidate | None, list[Candidate]]:
        """The meeting that the archive holds, where exactly one has these people on these days; and those that may be it. Two
        queries."""
        people = {group.owner.id for group in (self.people[number] for number in one.people) if group.owner}
        if not people or not days:
            return None, []
        first, last = dates.parse(days).range
        if first is None or last is None:
            return None, []
        place = self.places[one.place].owner if one.place is not None else None
        sure: list[tuple[bool, Candidate]] = []
        perhaps: list[Candidate] = []
        for meeting in self._meetings_near(people, first, last):
            attended = {row.participant_id for row in meeting.attendances.all()}
            elsewhere = (
                place is not None
                and meeting.place is not None
                and place.id not in (meeting.place_id, meeting.place.parent_id)
            )
            overlaps = meeting.held_range.lower < last and first < meeting.held_range.upper
            everybody = len(people) == len(set(one.people)) and people <= attended
            detail = ", ".join(filter(None, [dates.wording(meeting.held_on), str(meeting.place or "")]))
            candidate = Candidate(meeting.pk, meeting.title, detail, meeting.status)
            same_kind = meeting.kind == one.kind
            if (
                overlaps
                and everybody
                and not elsewhere
                and (same_kind or (attended == people and {meeting.kind, one.kind} <= _MEETINGS))
            ):
                sure.append((same_kind and attended == people, candidate))
            elif len(people & attended) >= min(2, len(people)):
                perhaps.append(candidate)
        best = [candidate for exact, candidate in sure if exact] or [candidate for _exact, candidate in sure]
        if len(best) == 1:
            return best[0], []
        return None, [*best, *perhaps][:_MOST_CANDIDATES]

    def _meetings_near(self, people: set[int], first: date, last: date) -> Iterable[Meeting]:
        """Meetings of any of the people on these days, a day before or a day after, the most shared people first."""
        near = DateRange(first - timedelta(days=1), last + timedelta(days=1))
        shared = Count("attendances", filter=Q(attendances__participant__in=people), distinct=True)
        return (
            Meeting.objects.filter(
                held_range__overlap=near, merged_into=None, attendances__participant__in=people
            )
            .exclude(status=Status.WITHDRAWN)
            .annotate(shared=shared)
            .order_by("-shared", "pk")
            .select_related("place")
            .prefetch_related("attendances")[:20]
        )

    def _quotation(self, one: quoting.Quotation, found: list[encounters.Encounter]) -> QuotationFound:
        speaker = self.group_of(one.speaker, one.who)
        reporter = self.group_of(one.reporter, self.reading.reporter_of(one))
        meeting = self._said_at(speaker, found)
        return QuotationFound(
            one.start, one.end, one.text, _reason(one),
            speaker=speaker.name if speaker else (one.who.text if one.who else None),
            speaker_id=speaker.owner.id if speaker and speaker.owner else None,
            speaker_start=one.speaker.start if one.speaker else None, speaker_end=one.speaker.end if one.speaker else None,
            attribution=one.attribution[:300], form=one.form, within=one.within,
            reported_by=reporter.name if reporter else (one.reporter.text if one.reporter else None),
            reported_by_id=reporter.owner.id if reporter and reporter.owner else None,
            language=self.language, said_on=found[meeting].date if meeting is not None else "", meeting=meeting,
        )  # fmt: skip

    def _said_at(self, speaker: Group | None, found: list[encounters.Encounter]) -> int | None:
        if speaker is None:
            return None
        number = self._numbers[id(speaker)]
        at = [
            n
            for n, one in enumerate(found)
            if number in one.people and one.kind not in ("visit", "signing") and not one.announced
        ]
        return at[0] if len(at) == 1 else None

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """The places of the people in their list, by identity."""
        return {id(group): number for number, group in enumerate(self.people)}

    def _participant(self, group: Group) -> ParticipantFound:
        start, end = group.mentions[0]
        spellings = dict.fromkeys(
            self.text[first:last] for first, last in group.mentions if " " in self.text[first:last]
        )
        listed = {group.name} | set(self._listed(group))
        return ParticipantFound(
            start, end, self.text[start:end], group.reason, name=group.name, id=group.owner.id if group.owner else None, kind=group.kind,
            country=group.country, office=group.office, mentions=tuple(group.mentions), candidates=tuple(self._candidates(group)),
            names=tuple(spelling for spelling in spellings if spelling not in listed and self._is_spelling(group, spelling)),
        )  # fmt: skip

    def _is_spelling(self, group: Group, printed: str) -> bool:
        """Whether printed words are a name of the one, not its office: close to the name that the archive has."""
        return (
            group.owner is not None
            and names.similarity(names.fold(printed), names.fold(group.name)) >= names.SIMILAR
        )

    def _listed(self, group: Group) -> list[str]:
        return self._known_names.get(group.owner.id, []) if group.owner else []

    @cached_property
    def _known_names(self) -> dict[int, list[str]]:
        """All names of the participants that were found. One query."""
        known: dict[int, list[str]] = {}
        ids = [one.owner.id for one in self.people if one.owner]
        for number, name in Name.objects.filter(participant__in=ids).values_list("participant", "text"):
            known.setdefault(number, []).append(name)
        return known

    def _candidates(self, group: Group) -> list[Candidate]:
        if group.owner is not None:
            return []
        owners = group.candidates or []
        if not owners and group.kind == Participant.Kind.PERSON and " " in group.name:
            owners = self.namesakes(group.name)
        return _as_candidates(owners)

    def _place(self, group: Group) -> PlaceFound:
        start, end = group.mentions[0]
        return PlaceFound(
            start, end, self.text[start:end], group.reason, name=group.name, id=group.owner.id if group.owner else None,
            mentions=tuple(group.mentions), candidates=tuple(_as_candidates(group.candidates or [])),
        )  # fmt: skip

    def _date(self, day: dates.DateMention) -> DateFound:
        reason = _("Reckoned from the day of publication.") if day.how == "reckoned" else _("Printed so.")
        return DateFound(day.start, day.end, day.text, reason, date=day.edtf)


def _as_candidates(owners: list[Owner]) -> list[Candidate]:
    return [Candidate(one.id, one.name, one.country, one.status) for one in owners[:_MOST_CANDIDATES]]


def _title(kind: str, who: list[str], place: str, title: str) -> str:
    """A title without the date, as the archive words them: “Talks between Lavrov and Aliyev”."""
    surnames = [name.split()[-1] for name in who]
    between = f"{', '.join(surnames[:-1])} and {surnames[-1]}" if len(surnames) > 1 else (surnames or [""])[0]
    if kind == Meeting.Kind.VISIT:
        return f"Visit of {(who or [''])[0]}" + (f" to {place}" if place else "")
    if kind == Meeting.Kind.CONFERENCE:
        return (f"Conference “{title}”" if title else f"Conference with {between}")[:250]
    if kind == Meeting.Kind.SIGNING:
        return f"Signing by {between}"
    if kind == Meeting.Kind.CALL:
        return f"Call between {between}"
    if kind == Meeting.Kind.SUMMIT:
        return f"Summit with {between}"
    return f"Talks between {between}"


def _reason(one: quoting.Quotation) -> str:
    who = one.speaker.text if one.speaker else ""
    sayings = {
        "verb first": _("Marks, and “%s” after them."),
        "after": _("Marks, and “%s” says so after them."),
        "before": _("“%s” says so before the marks."),
        "before, subject after": _("Said before the marks; “%s” stands after them."),
        "verb after, subject before": _("“%s” before the marks, the verb after them."),
        "source": _("“%s” is given as the source."),
        "words of": _("Called the words of “%s”."),
        "colon": _("“%s” and a colon before the marks."),
        "inside": _("“%s” says so inside the marks."),
        "followed": _("Goes on with the words of “%s”."),
        "same sentence": _("In one sentence with other words of “%s”."),
        "beside": _("A sentence in marks next to “%s”: check who speaks."),
        "around": _("Words in marks in a sentence about “%s”: check who speaks."),
        "passive": _("“%s” says so."),
    }
    if who and one.reason in sayings:
        return sayings[one.reason] % who
    return _("A sentence in marks that nobody is named for.") if not who else _("“%s” is named for it.") % who
