"""Records that may be one and the same: found by what they share, decided by editors.

To compare all records of a large archive takes seconds, so the pairs of the last search are kept (`CandidatePair`), and a list or a
count reads these. Small archives are searched whenever somebody looks (`refresh`), large ones by `manage.py find_duplicates` and
by a button. What was merged or withdrawn since, and what an editor told apart (`Distinction`), is left out at once in both.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from events import addresses
from events.models import CandidatePair, Distinction, DuplicateSearch, Status
from events.models.base import Record
from events.models.duplicate import NOUNS

MOST = 5_000  # pairs of a noun that are kept, those with the lowest numbers: nobody reads more
SMALL = 2_000  # records of a noun that are compared whenever somebody looks
FEW_TOPICS = 100  # of topics, each of which is compared with each
LIKE = 0.6  # `similarity` of two topics: “Border commission” and “Border commissions” have 0.85
LOCK = 1_146_442_832  # of one search at a time

# The domain of an outlet's host, as `addresses.site` says it.
SITE = (
    r"substring({0}.host from '[^.]+\.(?:(?:"
    + "|".join(sorted(addresses.SHARED))
    + r")\.[a-z]{{2}}|[^.]+)$')"
)
_LIVE = "{0}.merged_into_id is null and {0}.status <> 'withdrawn'"
_BOTH = f"{_LIVE.format('a')} and {_LIVE.format('b')} and a.id < b.id"
_NAMED = f"""
    select a.id, b.id, 'name' from events_name n join events_name m on m.folded = n.folded and n.{{0}}_id < m.{{0}}_id
      join events_{{0}} a on a.id = n.{{0}}_id join events_{{0}} b on b.id = m.{{0}}_id and b.kind = a.kind
      where n.folded <> '' and {_BOTH} and {{1}}"""
# A folded name says how it sounds: Շուշի (Shusha) and Soçi (Sochi) share one. Where they lie tells them apart. The country
# does not: a participant may have acted for two, and places are contested.
_NEAR = "not (abs(a.latitude - b.latitude) > 1 or abs(a.longitude - b.longitude) > 1) is true"
# Who was where on the same days comes first: few share that, while many meetings of a day are of one kind.
RULES = {
    "participant": _NAMED.format("participant", "true"),
    "place": _NAMED.format("place", _NEAR),
    "topic": f"""
    select a.id, b.id, 'label' from events_topic a join events_topic b on a.sort_key %% b.sort_key where {_BOTH}""",
    "outlet": f"""
    select a.id, b.id, 'name' from events_outlet a join events_outlet b using (sort_key) where a.sort_key <> '' and {_BOTH}
    union all
    select a.id, b.id, 'host' from events_outlet a join events_outlet b on {SITE.format("a")} = {SITE.format("b")}
      where a.host <> '' and b.host <> '' and {_BOTH}""",
    "article": f"""
    select a.id, b.id, 'title' from events_article a join events_article b on b.sort_key = a.sort_key
        and b.published_range = a.published_range and coalesce(b.outlet_id, 0) = coalesce(a.outlet_id, 0)
      where a.sort_key <> '' and {_BOTH}""",
    "meeting": f"""
    select a.id, b.id, 'title' from events_meeting a join events_meeting b on b.sort_key = a.sort_key and b.held_range && a.held_range
      where a.sort_key <> '' and {_BOTH}
    union all
    select a.id, b.id, 'encounter' from (
      select x.id as first, y.id as second from seen x join seen y using (participant_id, held_range, kind)
        where x.id < y.id group by 1, 2 having count(*) > 1) pair
      join events_meeting a on a.id = pair.first join events_meeting b on b.id = pair.second
      where coalesce(a.parent_id, 0) <> b.id and coalesce(b.parent_id, 0) <> a.id""",
}
_SEEN = f"""seen as materialized (
    select a.id, a.held_range, a.kind, attendance.participant_id from events_attendance attendance
      join events_meeting a on a.id = attendance.meeting_id where a.held_range is not null and {_LIVE.format("a")})"""


def model_of(noun: str) -> Any:
    return apps.get_model("events", noun)


def search(nouns: Iterable[str] = NOUNS) -> None:
    """Compare all records of the nouns that are neither merged nor withdrawn, and keep the pairs that look alike.

    Participants and places of one kind that share a folded name, but for places more than a degree apart; topics whose labels are
    alike; outlets of one name or site; articles of one title, outlet and day; meetings of one title on overlapping days, and of one
    kind on the same days with two participants in common, unless one is a part of the other. Writes what is new or gone, in one transaction; does nothing where another
    search is at work. One statement; linear in the records, and in the pairs of those that share a key.
    """
    nouns = sorted(set(nouns))
    if not nouns:
        return
    found = " union all ".join(
        f"(select '{noun}', one.first, one.second, min(one.reason) from ({RULES[noun]}) one(first, second, reason)"
        f" group by 2, 3 order by 2, 3 limit {MOST})"
        for noun in nouns
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select pg_try_advisory_xact_lock(%s), set_config('pg_trgm.similarity_threshold', %s, true)",
            [LOCK, str(LIKE)],
        )
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            f"with {_SEEN}, found(noun, first, second, reason) as materialized ({found}),"
            " gone as (delete from events_candidatepair old where old.noun = any(%s) and not exists (select from found"
            "  where (found.noun, found.first, found.second) = (old.noun, old.first, old.second))),"
            " searched as (insert into events_duplicatesearch (noun, made_at) select unnest(%s::text[]), clock_timestamp()"
            "  on conflict (noun) do update set made_at = excluded.made_at)"
            " insert into events_candidatepair (noun, first, second, reason) select * from found"
            " on conflict (noun, first, second) do update set reason = excluded.reason"
            "  where events_candidatepair.reason <> excluded.reason",
            [nouns, nouns],
        )


def refresh(nouns: Iterable[str] = NOUNS) -> None:
    """Search those of the nouns that have so few records that nobody waits for it. Three queries, one of them a count that stops
    at `SMALL`; some 10 ms for a noun of that size."""
    nouns = sorted(set(nouns) & set(NOUNS))
    if not nouns:
        return
    enough = {noun: FEW_TOPICS if noun == "topic" else SMALL for noun in nouns}
    many = ", ".join(
        f"(select count(*) from (select from {model_of(noun)._meta.db_table} limit {most + 1}) one) > {most}"
        for noun, most in enough.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"select {many}")
        is_large = dict(zip(nouns, cursor.fetchone(), strict=True))
    search(noun for noun in nouns if not is_large[noun])


def searched_at(noun: str) -> datetime | None:
    """When the noun's records were compared last; None for never."""
    return DuplicateSearch.objects.filter(noun=noun).values_list("made_at", flat=True).first()


def pairs(noun: str) -> models.QuerySet[CandidatePair]:
    """The pairs that wait for a decision, of the last search, by number. Both are in the archive, and nobody told them apart."""
    model = model_of(noun)
    live = model.objects.filter(merged_into=None).exclude(status=Status.WITHDRAWN)
    decided = Distinction.objects.filter(noun=noun, first=OuterRef("first"), second=OuterRef("second"))
    return CandidatePair.objects.filter(
        ~Exists(decided),
        Exists(live.filter(pk=OuterRef("first"))),
        Exists(live.filter(pk=OuterRef("second"))),
        noun=noun,
    ).order_by("first", "second")


def told_apart(noun: str) -> models.QuerySet[Distinction]:
    """The pairs of which somebody said that they are not the same, the latest first."""
    return Distinction.objects.filter(noun=noun).select_related("decided_by").order_by("-decided_at", "-pk")


def distinguish(noun: str, one: int, other: int, user: Any) -> bool:
    """Note that two records are not the same; False where that is noted already.

    `ValidationError` where they are one record, or one of them is none.
    """
    first, second = sorted((one, other))
    if model_of(noun).objects.filter(pk__in={first, second}).count() != 2:
        raise ValidationError(_("The archive has no two such records any more. Reload the page."))
    _distinction, is_new = Distinction.objects.get_or_create(
        noun=noun, first=first, second=second, defaults={"decided_by": user}
    )
    return is_new


def take_back(noun: str, one: int, other: int) -> bool:
    """Forget that two records were told apart, so that they are listed again; False where nobody had."""
    first, second = sorted((one, other))
    deleted, _by_model = Distinction.objects.filter(noun=noun, first=first, second=second).delete()
    return bool(deleted)


def records(noun: str, listed: Iterable[CandidatePair | Distinction]) -> dict[int, Record]:
    """The records of the pairs by number, with what tells them apart beside. Some five queries, however many pairs."""
    numbers = {number for pair in listed for number in (pair.first, pair.second)}
    rows = model_of(noun).objects.filter(pk__in=numbers)
    related = {
        "participant": (),
        "place": ("parent",),
        "topic": ("broader",),
        "outlet": ("speaks_for",),
        "article": ("outlet",),
        "meeting": ("place", "parent"),
    }[noun]
    rows = rows.select_related(*related)
    if noun in {"participant", "place"}:
        rows = rows.prefetch_related("names")
    if noun == "participant":
        rows = rows.prefetch_related("tenures")
    if noun == "meeting":
        rows = rows.prefetch_related("attendances__participant")
    if noun == "article":
        rows = rows.defer("text")
    return {row.pk: row for row in rows}
