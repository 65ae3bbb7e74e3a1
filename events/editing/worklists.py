"""What waits for an editor: lists of records of which something is to be done, and how many there are.

A worklist says which records of which nouns stand on it for whom; the desk's first page counts them (`count`), and the list page of
a noun shows them (`narrow`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from events.editing import duplicates
from events.models import Article, Coverage, Meeting, PageCheck, Proposal, SourceCheck, Status
from events.models.duplicate import NOUNS as COMPARED

LIMIT = 1_000  # a count goes no further: whoever has more to do need not know how much
# In the order in which an article becomes records.
NOUNS = ("article", "quotation", "meeting", "agreement", "participant", "place", "topic", "outlet")

Condition = Callable[[str, Any], Any]  # for a noun and a user, as `filter()` takes it

_IN_ARCHIVE = Q(merged_into=None) & ~Q(status=Status.WITHDRAWN)
_PUBLISHED_FIRST = (Case(When(status=Status.PUBLISHED, then=0), default=1), F("updated_at").desc(), F("pk"))
_OLDEST_FIRST = (F("updated_at").asc(), F("pk"))
_NEWEST_FIRST = (F("updated_at").desc(), F("pk"))


@dataclass(frozen=True)
class Worklist:
    """Records of which the same is to be done. `name` stands in addresses; `task` says what is on it and what to do."""

    name: str
    group: str
    label: Any
    task: Any
    nouns: tuple[str, ...]
    condition: Condition
    order: tuple[Any, ...] = _PUBLISHED_FIRST
    right: str = "view"  # to the noun: who has it sees the list
    is_dated: bool = False  # the page says since when the oldest one waits

    def is_for(self, user: Any, noun: str) -> bool:
        return noun in self.nouns and user.has_perm(f"events.{self.right}_{noun}")

    def narrow(self, rows: models.QuerySet, user: Any) -> models.QuerySet:
        """Those of the rows of a noun that stand on the list for the user, in no other order than they were."""
        return rows.filter(self.condition(str(rows.model._meta.model_name), user))

    def rows(self, noun: str, user: Any) -> models.QuerySet:
        return self.narrow(apps.get_model("events", noun).objects.all(), user)


@dataclass(frozen=True)
class Count:
    """How many there are, as far as they were counted, and when the one that waits longest was changed last."""

    number: int
    oldest: datetime | None = None

    def __str__(self) -> str:
        return (
            f"{number_format(LIMIT, force_grouping=True)}+"
            if self.number > LIMIT
            else number_format(self.number, force_grouping=True)
        )


def _mine(status: str) -> Condition:
    return lambda _noun, user: Q(merged_into=None, status=status) & (Q(created_by=user) | Q(updated_by=user))


def _came_back(_noun: str, user: Any) -> Any:
    return Q(merged_into=None, status=Status.DRAFT, created_by=user, updated_by__isnull=False) & ~Q(
        updated_by=user
    )


def _for_review(_noun: str, _user: Any) -> Any:
    return Q(merged_into=None, status=Status.REVIEW)


def _unsourced(noun: str, _user: Any) -> Any:
    """As `workflow.missing()` asks it, and of what is public also that readers see the source."""
    if noun == "meeting":
        return _IN_ARCHIVE & Q(pk__in=_suspects()) & _without_source("pk")
    if noun == "agreement":
        return _IN_ARCHIVE & Q(url="") & _without_source("meeting")
    return _IN_ARCHIVE & Q(speaker=None, attribution="")


def _suspects() -> models.QuerySet:
    """The meetings that have no source of their own, or one that readers do not see: few, and found by indexes."""
    supporting = Coverage.objects.filter(stance=Coverage.Stance.SUPPORTS)
    bare = Meeting.objects.filter(_IN_ARCHIVE & ~Exists(supporting.filter(meeting=OuterRef("pk"))))
    unseen = supporting.filter(article__in=Article.objects.exclude(status=Status.PUBLISHED).values("pk"))
    unseen = unseen.filter(Q(article__status=Status.WITHDRAWN) | Q(meeting__status=Status.PUBLISHED))
    return bare.order_by().values("pk").union(unseen.values("meeting"))


def _without_source(meeting: str) -> Any:
    """That the meeting which a record names by this field has no source: of a public record readers see it, of another one it was not
    withdrawn; nor has a part of the meeting."""
    supporting = Coverage.objects.filter(stance=Coverage.Stance.SUPPORTS)
    own = supporting.filter(meeting=OuterRef(meeting))
    of_parts = supporting.filter(meeting__parent=OuterRef(meeting))
    is_seen, is_fit = Q(article__status=Status.PUBLISHED), ~Q(article__status=Status.WITHDRAWN)
    seen = Exists(own.filter(is_seen)) | Exists(of_parts.filter(is_seen, meeting__status=Status.PUBLISHED))
    fit = Exists(own.filter(is_fit)) | Exists(
        of_parts.filter(is_fit).exclude(meeting__status=Status.WITHDRAWN)
    )
    return Q(status=Status.PUBLISHED) & ~seen | ~Q(status=Status.PUBLISHED) & ~fit


def _hidden(_noun: str, _user: Any) -> Any:
    unseen = Article.objects.exclude(status=Status.PUBLISHED).values("pk")
    return Q(merged_into=None, status=Status.PUBLISHED, article__in=unseen)


def _left_behind(_noun: str, _user: Any) -> Any:
    """Drafts on no list of anybody who can sign in: of accounts that were closed or deleted, and of commands."""
    gone = Q(created_by=None) | Q(created_by__is_active=False)
    return (
        Q(merged_into=None, status=Status.DRAFT)
        & gone
        & (Q(updated_by=None) | Q(updated_by__is_active=False))
    )


def _lost(_noun: str, _user: Any) -> Any:
    return Q(merged_into=None, start=None) & ~Q(exact="") & ~Q(article__text_digest="")


def _source_changed(noun: str, _user: Any) -> Any:
    if noun == "article":
        return _IN_ARCHIVE & Exists(PageCheck.objects.filter(article=OuterRef("pk"), is_gone=True))
    lost = [SourceCheck.State.CHANGED, SourceCheck.State.GONE, SourceCheck.State.UNREACHABLE]
    return _IN_ARCHIVE & Exists(SourceCheck.objects.filter(quotation=OuterRef("pk"), state__in=lost))


def _with_proposals(_noun: str, _user: Any) -> Any:
    return _IN_ARCHIVE & Exists(Proposal.objects.waiting().filter(article=OuterRef("pk")))


GROUPS: Mapping[str, Any] = {
    "waiting": _("Waiting for me"),
    "mine": _("Mine"),
    "archive": _("What the archive lacks"),
}

# An office held has no field for its source, so none can be missing; its sources are those of the meetings.
WORKLISTS = (
    Worklist(
        "drafts",
        "mine",
        _("My drafts"),
        _("Drafts that you made or changed last. Finish them, then send them to review."),
        NOUNS,
        _mine(Status.DRAFT),
        _NEWEST_FIRST,
        is_dated=True,
    ),
    Worklist(
        "sent",
        "mine",
        _("Sent to review"),
        _("Records of yours that a reviewer will look at. Nothing to do but wait."),
        NOUNS,
        _mine(Status.REVIEW),
        _OLDEST_FIRST,
        is_dated=True,
    ),
    Worklist(
        "returned",
        "waiting",
        _("Came back to me"),
        _(
            "Drafts that you made and a colleague changed last: sent back by a reviewer, or corrected. See what they did, and go on."
        ),
        NOUNS,
        _came_back,
        _OLDEST_FIRST,
        is_dated=True,
    ),
    Worklist(
        "review",
        "waiting",
        _("To review"),
        _(
            "Records in review. Compare each one with its sources, then publish it or send it back; leave your own to a colleague."
        ),
        NOUNS,
        _for_review,
        _OLDEST_FIRST,
        right="publish",
        is_dated=True,
    ),
    Worklist(
        "proposals",
        "archive",
        _("Unfinished proposals"),
        _(
            "Articles about which the archive proposes something. Accept, correct or dismiss it beside the text."
        ),
        ("article",),
        _with_proposals,
        _OLDEST_FIRST,
    ),
    Worklist(
        "unsourced",
        "archive",
        _("Unsourced facts"),
        _(
            "Meetings that no article supports, agreements with neither an address nor a meeting that has a source, quotations with neither"
            " speaker nor attribution. An article that was withdrawn is no source, and for readers none that they do not see. Published ones"
            " come first. Add the source, or withdraw the record."
        ),
        ("meeting", "agreement", "quotation"),
        _unsourced,
    ),
    Worklist(
        "hidden",
        "archive",
        _("Hidden with their article"),
        _(
            "Published quotations that readers do not see, since their article is not public. Publish the article again, or take the"
            " quotations back too."
        ),
        ("quotation",),
        _hidden,
    ),
    Worklist(
        "lost",
        "archive",
        _("Lost passages"),
        _(
            "Quotations whose words the article’s text no longer holds. Take the words from the text as it is now, or leave them withdrawn."
        ),
        ("quotation",),
        _lost,
    ),
    Worklist(
        "changed",
        "archive",
        _("Changed sources"),
        _(
            "Quotations whose words are not on the publisher’s page any more, and articles whose page is gone. Compare the snapshots, then"
            " correct the record, or give the page’s new address."
        ),
        ("quotation", "article"),
        _source_changed,
    ),
    Worklist(
        "left",
        "archive",
        _("Drafts left behind"),
        _(
            "Drafts of people who have left, and of commands: on nobody’s desk. Finish them, and they are yours; or send them to review."
        ),
        NOUNS,
        _left_behind,
        _OLDEST_FIRST,
        is_dated=True,
    ),
)
NAMED = {worklist.name: worklist for worklist in WORKLISTS}


def worklists_of(noun: str, user: Any) -> list[Worklist]:
    """The lists on which records of the noun can stand, as far as the user may see them, in the order of the desk."""
    return [worklist for worklist in WORKLISTS if worklist.is_for(user, noun)]


@dataclass(frozen=True)
class Stack:
    """The records of one noun on one list: for the desk's first page. Empty ones are left out of it."""

    noun: str
    count: Count


@dataclass(frozen=True)
class Heap:
    """A worklist with all its nouns, or, where `worklist` is None, the possible duplicates."""

    group: str
    label: Any
    task: Any
    worklist: Worklist | None
    stacks: tuple[Stack, ...]

    @property
    def oldest(self) -> datetime | None:
        return min((stack.count.oldest for stack in self.stacks if stack.count.oldest), default=None)


DUPLICATES_TASK = _(
    "Records that look like one and the same. Compare the two side by side: merge them, or say that they are not the same."
)


def desk(user: Any) -> list[Heap]:
    """All that waits for the user, in the order of `GROUPS`, with what is empty too; only lists and nouns that they may see.

    One query counts all lists, each with an index that holds little but their rows, up to `LIMIT`; three more look for
    duplicates where the archive is small. Some 0.2 s with 100,000 meetings, two fifths of it for the
    meetings without a source.
    """
    compared = [noun for noun in COMPARED if user.has_perm(f"events.view_{noun}")]
    duplicates.refresh(compared)
    asked: dict[tuple[str, str], models.QuerySet] = {}
    dated = set()
    for worklist in WORKLISTS:
        for noun in worklist.nouns:
            if worklist.is_for(user, noun):
                asked[worklist.name, noun] = worklist.rows(noun, user)
                if worklist.is_dated:
                    dated.add((worklist.name, noun))
    for noun in compared:
        asked["duplicates", noun] = duplicates.pairs(noun)
    counts = count(asked, dated)

    def stacks(name: str, nouns: Iterable[str]) -> tuple[Stack, ...]:
        found = (Stack(noun, counts[name, noun]) for noun in nouns if (name, noun) in counts)
        return tuple(stack for stack in found if stack.count.number)

    heaps = [
        Heap(one.group, one.label, one.task, one, stacks(one.name, one.nouns))
        for one in WORKLISTS
        if any((one.name, noun) in counts for noun in one.nouns)
    ]
    if compared:
        listed = stacks("duplicates", [noun for noun in NOUNS if noun in compared])
        heaps.append(Heap("archive", _("Possible duplicates"), DUPLICATES_TASK, None, listed))
    order = list(GROUPS)
    return sorted(heaps, key=lambda heap: order.index(heap.group))


def count(rows: Mapping[Any, models.QuerySet], dated: Iterable[Any] = ()) -> dict[Any, Count]:
    """How many rows each queryset holds, counted up to one more than `LIMIT`, and the oldest change of those under the keys of
    `dated`. One query for all of them; none where `rows` is empty."""
    dated = set(dated)
    columns: list[str] = []
    parameters: list[Any] = []
    for key, queryset in rows.items():
        try:
            bounded, values = queryset.order_by().values("pk")[: LIMIT + 1].query.sql_with_params()
            columns.append(f"(select count(*) from ({bounded}) counted)")
            parameters += values
            if key in dated:
                oldest, values = (
                    queryset.order_by("updated_at").values("updated_at")[:1].query.sql_with_params()
                )
                columns.append(f"({oldest})")
                parameters += values
            else:
                columns.append("null")
        except EmptyResultSet:
            columns += ["0", "null"]
    if not columns:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(columns)}", parameters)
        row = cursor.fetchone()
    return {key: Count(row[2 * at], row[2 * at + 1]) for at, key in enumerate(rows)}
