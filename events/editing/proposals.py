"""What an article's text proposes, kept until an editor decides: made anew when the text changes, accepted as drafts, dismissed, taken back."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events import names
from events.editing import drafting, history, suggestions
from events.editing.suggestions import Found, Suggestions
from events.models import Article, Change, Proposal, Status, Survey
from events.models.fields import digest

Noun, Decision = Proposal.Noun, Proposal.Decision

# More than a page can show and an editor decide; the rest of a longer text is found when these are decided and it is read again.
MOST = 400
# Two spans are about the same words when they share this part of what either covers.
SAME_WORDS = 0.5


class Stale(ValidationError):
    """The article's text is another one than the proposals were made from."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The article’s text has changed since this page was opened, and the proposals are made anew. Nothing of yours is stored."
            ),
            code="stale",
        )


class Kept(ValidationError):
    """A decision that cannot be taken back; the message says why."""


@dataclass(frozen=True)
class Counts:
    """How many proposals about an article are undecided, accepted (or in the archive already) and dismissed; `left_out` did not fit."""

    waiting: int = 0
    accepted: int = 0
    dismissed: int = 0
    left_out: int = 0

    @property
    def decided(self) -> int:
        return self.accepted + self.dismissed

    @property
    def total(self) -> int:
        return self.waiting + self.decided


@dataclass(frozen=True)
class Outcome:
    """A proposal after a request to decide it. `already`: it was decided before, and nothing was changed. `also`: the proposals that
    were accepted with it because it rests on them. `made`: the records that were written, drafts all of them. `linked`: quotations
    accepted earlier that now name this meeting."""

    proposal: Proposal
    already: bool = False
    also: tuple[Proposal, ...] = ()
    made: tuple[models.Model, ...] = ()
    linked: tuple[Proposal, ...] = ()


def source_key(article: Article) -> str:
    """Equal as long as the same proposals would be made: of the text, its language and its day."""
    return digest("\n".join((article.language, article.published_on, digest(article.text))))


def is_fresh(article: Article) -> bool:
    """Whether the article was read for proposals as it stands now. One query."""
    return Survey.objects.filter(article=article, source_key=source_key(article)).exists()


def count(rows: Iterable[Proposal], left_out: int = 0) -> Counts:
    """The counts of these rows, without a query."""
    decisions = [row.decision for row in rows]
    waiting, dismissed = decisions.count(Decision.WAITING), decisions.count(Decision.DISMISSED)
    return Counts(waiting, len(decisions) - waiting - dismissed, dismissed, left_out)


def articles_waiting() -> models.QuerySet[Article]:
    """The articles that have undecided proposals, the one that waits longest first, as `waiting_count` says how many."""
    return (
        Article.objects.filter(merged_into=None, proposals__decision=Decision.WAITING)
        .exclude(status=Status.WITHDRAWN)
        .annotate(waiting_count=Count("proposals", filter=Q(proposals__decision=Decision.WAITING)))
        .defer("text")
        .order_by("pk")
    )


# Reading the text


@dataclass
class _Wanted:
    """A proposal that should stand about the article, and the row that holds it once there is one."""

    noun: str
    place: int
    found: Found
    details: dict[str, Any]
    record: Any = None
    row: Proposal | None = None
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = names.fold(self.details.get("name") or "")


def refresh(article: Article, found: Suggestions | None = None) -> Counts:
    """Make the proposals about the article anew and return how they stand; `found` is what to propose, else what the engine reads.

    Waiting ones that are still found keep their numbers, the others go. Decided ones stay where their words still stand. What the
    archive has already, such as a quotation of the same words, is `recorded` and not proposed again. The article's row is locked
    meanwhile; the same text read again changes nothing. Some ten queries, and the time of `suggestions.suggest`.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        if not article.text.strip():
            found = Suggestions(article.language)
        if found is None:
            found = suggestions.suggest(article.text, article.language, article.published_on)
        stored = list(article.proposals.with_records())
        before = {row.pk: _state(row) for row in stored}
        rows = _follow(article, stored)
        wanted, left_out = _wanted(article, found)
        _leave_out_decided_names(rows, wanted)
        _match(rows, wanted)
        _recognise(article, rows, wanted)
        _store(article, rows, wanted, before)
        Survey.objects.update_or_create(
            article=article, defaults={"source_key": source_key(article), "left_out": left_out}
        )
        return count(article.proposals.all(), left_out)


def refresh_if_stale(article: Article) -> None:
    """`refresh` where the article changed since, or was never read. One query where it is fresh."""
    if not is_fresh(article):
        with transaction.atomic():
            locked = Article.objects.select_for_update().get(pk=article.pk)
            if not is_fresh(locked):  # another window was faster
                refresh(locked)


def _follow(article: Article, rows: list[Proposal]) -> list[Proposal]:
    """Give each decided row its place in the text as it is now; those whose words are gone are deleted."""
    text, kept, gone = article.text, [], []
    for row in rows:
        passage = row.quotation.selector if row.quotation else None
        if passage is not None and row.quotation and row.quotation.article_id == article.pk:
            row.start, row.end, row.exact = passage.start, passage.end, passage.exact
        elif text[row.start : row.end] != row.exact:
            places = [found.start() for found in re.finditer(re.escape(row.exact), text)]
            if not places:
                gone.append(row.pk)
                continue
            before = row.start
            row.start = min(places, key=lambda place: abs(place - before))
            row.end = row.start + len(row.exact)
        kept.append(row)
    Proposal.objects.filter(pk__in=gone).delete()
    return kept


def _wanted(article: Article, found: Suggestions) -> tuple[list[_Wanted], int]:
    """What is found, in order, with references to each other's places; and how many were left out."""
    text = article.text
    lists: dict[str, Sequence[Found]] = {
        Noun.QUOTATION: found.quotations,
        Noun.PARTICIPANT: found.participants,
        Noun.PLACE: found.places,
        Noun.MEETING: found.meetings,
    }
    wanted, left_out = [], 0
    seen: set[tuple[int, int]] = set()
    for noun, items in lists.items():
        left_out += max(0, len(items) - MOST)
        for place, one in enumerate(items[:MOST]):
            stands = 0 <= one.start < one.end <= len(text)
            if not stands or (noun == Noun.QUOTATION and (one.start, one.end) in seen):
                continue
            if noun == Noun.QUOTATION:
                seen.add((one.start, one.end))
            details = asdict(one)
            for name in ("start", "end", "text", "reason"):
                details.pop(name)
            if noun == Noun.QUOTATION:
                details["attribution"] = drafting.shortened(details["attribution"], 300)
                details["references"] = {
                    "speaker": _participant_place(found, details["speaker_id"], details["speaker"], one),
                    "reported_by": _participant_place(
                        found, details["reported_by_id"], details["reported_by"]
                    ),
                    "within": (Noun.QUOTATION, details.pop("within")),
                    "meeting": (Noun.MEETING, details.pop("meeting")),
                }
            elif noun == Noun.MEETING:
                details["references"] = {
                    "participants": [(Noun.PARTICIPANT, number) for number in details.pop("participants")],
                    "place": (Noun.PLACE, details.pop("place")),
                    "parent": (Noun.MEETING, details.pop("parent")),
                }
            wanted.append(_Wanted(noun, place, one, details))
    return wanted, left_out


def _participant_place(
    found: Suggestions, number: int | None, name: str | None, mention: Any = None
) -> tuple[str, int | None]:
    """The place in the list of participants of the one meant: by number, by the mention in the attribution, or by name."""
    span = (mention.speaker_start, mention.speaker_end) if mention is not None else None
    tests: list[Callable[[Any], bool]] = [
        lambda one: number is not None and one.id == number,
        lambda one: number is None and (span == (one.start, one.end) or span in one.mentions),
        lambda one: number is None and bool(name) and name in (one.name, one.text, *one.names),
    ]
    for fits in tests:
        for place, one in enumerate(found.participants):
            if fits(one):
                return Noun.PARTICIPANT, place
    return Noun.PARTICIPANT, None


def _leave_out_decided_names(rows: list[Proposal], wanted: list[_Wanted]) -> None:
    """Spellings that an editor took or refused for a participant are not offered again."""
    decided: dict[int, set[str]] = {}
    for row in rows:
        if row.noun == Noun.PARTICIPANT and row.decided_at and (number := _number(row)):
            told = {row.exact, row.details.get("name", ""), *row.details.get("names", ())}
            decided.setdefault(number, set()).update(told)
    for one in wanted:
        if one.noun == Noun.PARTICIPANT and one.details["id"] in decided:
            known = decided[one.details["id"]]
            one.details["names"] = [name for name in one.details["names"] if name not in known]


def _number(row: Proposal) -> int | None:
    """The number of the record that a row is about, where it is known."""
    record = row.record
    return record.pk if record is not None else row.details.get("id")


def overlap(start: int, end: int, other_start: int | None, other_end: int | None) -> float:
    """What two spans share, as a part of all that they cover, 0 to 1."""
    if other_start is None or other_end is None:
        return 0.0
    shared = min(end, other_end) - max(start, other_start)
    return max(0.0, shared / (max(end, other_end) - min(start, other_start)))


def _likeness(row: Proposal, key: str, one: _Wanted) -> float:
    """How surely a row is about what is found, 0 to 1."""
    if row.noun == Noun.QUOTATION:
        shared = overlap(row.start, row.end, one.found.start, one.found.end)
        return shared if shared >= SAME_WORDS else 0.0
    number, wanted = _number(row), one.details["id"]
    if number and wanted:
        if number != wanted:
            return 0.0
        # What was decided stays decided; a new spelling of the same one waits beside it.
        return 0.0 if row.decided_at and one.details.get("names") else 1.0
    if row.noun == Noun.MEETING:
        same = row.details.get("title") == one.details["title"]
        shared = overlap(row.start, row.end, one.found.start, one.found.end)
        alike = row.details.get("kind") == one.details["kind"] and shared >= SAME_WORDS
        return 0.9 if same and shared else shared * 0.8 if alike else 0.0
    return 0.9 if key and key == one.key else 0.0


def _match(rows: list[Proposal], wanted: list[_Wanted]) -> None:
    """Find for each thing found the row that is about it, the surest pairs first; one row is about one thing."""
    keys = [names.fold(row.details.get("name") or "") for row in rows]
    pairs = [
        (-likeness, first, second)
        for first, row in enumerate(rows)
        for second, one in enumerate(wanted)
        if row.noun == one.noun and (likeness := _likeness(row, keys[first], one))
    ]
    taken: set[int] = set()
    for _likely, first, second in sorted(pairs):
        if first not in taken and wanted[second].row is None:
            wanted[second].row = rows[first]
            taken.add(first)


def _recognise(article: Article, rows: list[Proposal], wanted: list[_Wanted]) -> None:
    """Note the record where the archive has all of it already and there is nothing to accept."""
    linked = {row.quotation_id for row in rows if row.decided_at}
    standing = [
        quotation
        for quotation in article.quotations.filter(merged_into=None, start__isnull=False).exclude(
            status=Status.WITHDRAWN
        )
        if quotation.pk not in linked
    ]
    undecided = [one for one in wanted if one.row is None or one.row.decided_at is None]
    quoted = [one for one in undecided if one.noun == Noun.QUOTATION]
    pairs = sorted(
        (-shared, first, second)
        for first, quotation in enumerate(standing)
        for second, one in enumerate(quoted)
        if (shared := overlap(one.found.start, one.found.end, quotation.start, quotation.end)) >= SAME_WORDS
    )
    taken: set[int] = set()
    for _shared, first, second in pairs:
        if first not in taken and quoted[second].record is None:
            quoted[second].record = standing[first]
            taken.add(first)
    reported = {coverage.meeting_id for coverage in article.coverages.all()}
    for noun, model in drafting.MODELS.items():
        if noun == Noun.QUOTATION:
            continue
        complete = [
            one
            for one in undecided
            if one.noun == noun
            and one.details["id"]
            and not one.details.get("names")
            and (noun != Noun.MEETING or one.details["id"] in reported)
        ]
        known = model._default_manager.in_bulk([one.details["id"] for one in complete]) if complete else {}
        for one in complete:
            one.record = known.get(one.details["id"])


def _store(article: Article, rows: list[Proposal], wanted: list[_Wanted], before: dict[int, Any]) -> None:
    """Write what differs from the stored rows; references become numbers of proposals."""
    matched = {one.row.pk for one in wanted if one.row is not None}
    gone = {row.pk for row in rows if row.decided_at is None and row.pk not in matched}
    Proposal.objects.filter(pk__in=gone).delete()
    new = []
    for one in wanted:
        if one.row is None:
            one.row = Proposal(article=article, noun=one.noun)
            new.append(one.row)
        if one.row.decided_at is None:
            one.row.start, one.row.end = one.found.start, one.found.end
            one.row.exact = article.text[one.found.start : one.found.end]
            one.row.reason, one.row.record = one.found.reason, one.record
            one.row.decision = Decision.WAITING if one.record is None else Decision.RECORDED
    Proposal.objects.bulk_create(new)
    numbers = {(one.noun, one.place): one.row.pk for one in wanted if one.row is not None}

    def number(reference: tuple[str, int | None]) -> int | None:
        return numbers.get((reference[0], reference[1])) if reference[1] is not None else None

    for one in wanted:
        if one.row is None or one.row.decided_at is not None:
            continue
        references = one.details.get("references", {})
        for name, reference in references.items():
            if isinstance(reference, list):
                references[name] = [pk for pk in map(number, reference) if pk]
            else:
                references[name] = number(reference)
        one.row.details = _plain(one.details)
    for row in [*(row for row in rows if row.pk not in gone), *new]:
        if before.get(row.pk) != _state(row):
            row.save()


def _plain(value: Any) -> Any:
    """As JSON gives it back, so that a stored value equals a new one."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _state(row: Proposal) -> tuple[Any, ...]:
    return (row.start, row.end), row.exact, row.details, row.reason, row.decision, _record_number(row)


def _record_number(row: Proposal) -> int | None:
    return getattr(row, f"{row.noun}_id")


# Deciding


def accept(proposal: Proposal, user: Any, **corrections: Any) -> Outcome:
    """Turn a proposal into drafts, or link it to what the archive holds; with what it rests on.

    Corrections, for a quotation: `start`, `end`, `words`, `speaker`, `new_speaker` (make the proposed one), `attribution`, `form`,
    `language`, `said_on`, `reported_by`, `within`, `meeting`. For the others `record`: the record that is meant, None for a new one;
    for a participant or place also `name`, `kind`, `country`, `names`, `parent`; for a meeting `title`, `kind`, `held_on`, `state`,
    `place`, `participants`, `parent` and the passage. Records are given as objects. Nothing is published.

    Raises `ValidationError` with the fields' messages, `Stale`, or `PermissionDenied`, which names the missing right; nothing is
    changed then. One transaction, with the article's row locked: of two editors, the second one gets the first one's outcome.
    """
    with _locked(proposal, user) as (article, rows, row):
        if row.decision != Decision.WAITING:
            return Outcome(row, already=True)
        acceptance = drafting.Acceptance(article, rows, user)
        acceptance.accept(row, corrections)
        others = tuple(one for one in acceptance.accepted if one is not row)
        return Outcome(row, also=others, made=tuple(acceptance.made), linked=tuple(acceptance.linked))


def dismiss(proposal: Proposal, user: Any) -> Outcome:
    """Note that it is none, or is not wanted; it does not come back when the text is read again."""
    with _locked(proposal, user) as (_article, _rows, row):
        drafting.require(user, f"add_{row.noun}")
        if row.decision != Decision.WAITING:
            return Outcome(row, already=True)
        row.decision, row.decided_by, row.decided_at = Decision.DISMISSED, user, timezone.now()
        row.save()
        return Outcome(row)


def reopen(proposal: Proposal, user: Any) -> Outcome:
    """Take a decision back: the proposal waits again, and the drafts that accepting it made are deleted.

    Raises `Kept` where somebody has changed a draft since, or something else names it. What was accepted along with it stays.
    """
    with _locked(proposal, user) as (article, _rows, row):
        drafting.require(user, f"add_{row.noun}")
        if row.decision == Decision.WAITING:
            return Outcome(row, already=True)
        if row.decision == Decision.RECORDED:
            raise Kept(_("The archive had it already; there is nothing to take back."))
        made, row.made = row.made, []
        record, row.record = row.record, None
        row.decision, row.decided_by, row.decided_at = Decision.WAITING, None, None
        row.save()
        if why := drafting.take_back(article, record, made, user):
            raise Kept(why)
        if record is not None:
            Article.objects.filter(pk=article.pk).update(updated_at=timezone.now())
        return Outcome(row)


@contextmanager
def _locked(proposal: Proposal, user: Any) -> Iterator[tuple[Article, dict[int, Proposal], Proposal]]:
    """One transaction with the article locked: the article, its proposals by number, and the one in question as it is now."""
    with transaction.atomic(), history.by(user, via=Change.Via.PROPOSAL):
        article = Article.objects.select_for_update().filter(pk=proposal.article_id).first()
        rows = {row.pk: row for row in article.proposals.with_records()} if article else {}
        if article is None or proposal.pk not in rows or not is_fresh(article):
            raise Stale
        yield article, rows, rows[proposal.pk]
