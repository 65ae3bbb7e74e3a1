"""Which record a row means, where it says neither number nor key: the same name, day and title, address, or words."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from events import addresses, dates, names
from events.editing.importers import resolving
from events.editing.importers.report import Difference, Problem
from events.models import (
    Article,
    Attendance,
    Coverage,
    Name,
    Outlet,
    Participant,
    Place,
    Quotation,
    Tenure,
    Topic,
)
from events.models.fields import address_key, text_key


@dataclass(eq=False)
class Entry:
    """A row on its way: what its cells were read as, the records that it refers to, and what becomes of it."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Any] = field(default_factory=dict)  # by header: a number, numbers, or numbers with roles
    problems: list[Problem] = field(default_factory=list)
    title: str = ""
    meant: str = ""
    is_known: bool = False
    is_waiting: bool = False
    is_known_by_name: bool = False
    is_known_by_merged: bool = False
    number: int | None = None
    version: int | None = None
    record: Any = None
    differences: list[Difference] = field(default_factory=list)
    related: dict[str, list[int]] = field(default_factory=dict)
    rows: list[Any] = field(default_factory=list)
    changed_rows: list[Any] = field(default_factory=list)

    def get(self, header: str) -> Any:
        """The cell's text, "" for an empty or emptied one."""
        value = self.values.get(header)
        return value if isinstance(value, str) else ""

    @property
    def key(self) -> str:
        return self.get("key")

    @property
    def is_new(self) -> bool:
        return self.values.get("record") == "new"


@dataclass
class Match:
    """The records that are what the row says, and those that may be."""

    same: set[int] = field(default_factory=set)
    similar: list[int] = field(default_factory=list)


Matches = dict[Entry, Match]


def days(text: str) -> DateRange | None:
    with suppress(dates.DateError):
        return DateRange(*dates.parse(text).range) if text else None
    return None


def fingerprint(noun: str, entry: Entry) -> tuple[Any, ...]:
    """Equal for two rows that mean the same thing; () where the row does not say enough."""
    links = entry.links
    match noun:
        case "participants" | "places":
            return names.fold(entry.get("name")), entry.get("kind") or _usual_kind(noun)
        case "topics":
            return (names.sort_key(entry.get("label")),)
        case "outlets":
            return _host(entry) or names.sort_key(entry.get("name")), bool(_host(entry))
        case "articles":
            key = _address(entry) or text_key(entry.get("text"))
            title = names.sort_key(entry.get("title")) or entry.line
            return (key,) if key else (title, str(days(entry.get("published_on"))), links.get("outlet"))
        case "meetings":
            return (
                str(days(entry.get("held_on"))),
                entry.get("kind"),
                names.sort_key(entry.get("title")),
                links.get("place"),
            )
        case "agreements":
            return str(days(entry.get("signed_on"))), entry.get("kind"), names.sort_key(entry.get("title"))
        case "attendances":
            return links.get("meeting"), links.get("participant")
        case "coverages":
            return links.get("article"), links.get("meeting")
        case "names":
            return links.get("participant"), links.get("place"), entry.get("language"), entry.get("text")
        case "quotations":
            one = entry.record
            return one.article_id, one.start, one.end, one.exact
        case "tenures":
            return (
                links.get("participant"),
                names.sort_key(entry.get("title")),
                str(days(entry.get("period"))),
            )
    return ()


def likeness(noun: str, entry: Entry) -> tuple[Any, ...] | None:
    """Equal for two rows that probably mean the same under different titles: who met on a day, at a place, for one kind of meeting."""
    there = frozenset(number for number, _role in entry.links.get("participants", ()))
    if noun != "meetings" or not (there and entry.links.get("place") and entry.get("held_on")):
        return None
    return str(days(entry.get("held_on"))), entry.get("kind"), entry.links["place"], there


def _usual_kind(noun: str) -> str:
    return str((Participant if noun == "participants" else Place)._meta.get_field("kind").default)


def are_apart(entry: Entry, other: Entry) -> bool:
    """Whether two rows that would mean the same say themselves that they do not, by key or by country."""
    given = ((entry.get(header), other.get(header)) for header in ("key", "country"))
    return any(one and two and one != two for one, two in given)


def find(noun: str, entries: list[Entry]) -> Matches:
    """The records that the rows mean by what they say. A handful of queries for all rows."""
    return _FINDERS[noun](entries) if entries else {}


def _named(model: Any) -> Callable[[list[Entry]], Matches]:
    def find_named(entries: list[Entry]) -> Matches:
        called = {
            entry: {entry.get("name"), *(name for _tag, name in _more_names(entry))} for entry in entries
        }
        owners = resolving.named(model, {names.fold(name) for these in called.values() for name in these})
        close = resolving.resembling(model, {entry.get("name") for entry in entries}, whole=True)
        numbers = {number for spelled in owners.values() for number in spelled}
        numbers |= {number for found in close.values() for number in found}
        rows = model.objects.filter(pk__in=numbers).values_list("pk", "kind", "country", "import_key")
        known = {number: (kind, country, key) for number, kind, country, key in rows}
        matches: Matches = {}
        for entry in entries:
            kind = entry.get("kind") or model._meta.get_field("kind").default

            def fits(number: int, entry: Entry = entry, kind: str = kind) -> bool:
                its_kind, country, key = known[number]
                apart = entry.get("country") and country and country != entry.get("country")
                return its_kind == kind and not apart and _may_have_key(entry, key)

            same = set(filter(fits, owners.get(names.fold(entry.get("name")), {})))
            similar = [number for name in called[entry] for number in owners.get(names.fold(name), {})]
            similar += close.get(entry.get("name"), [])
            matches[entry] = Match(same, [] if same else list(dict.fromkeys(filter(fits, similar))))
            entry.is_known_by_name = True
        return matches

    return find_named


def _more_names(entry: Entry) -> list[tuple[str, str]]:
    value = entry.values.get("names")
    return value if isinstance(value, list) else []


def _may_have_key(entry: Entry, key: str) -> bool:
    """Two different keys say that two things are meant."""
    return not key or not entry.key or key == entry.key


def _by_values(
    model: Any, column: str, wanted: dict[Entry, Any], condition: Q | None = None
) -> dict[Entry, set[int]]:
    """For each row the records whose column holds its value; of one that was merged the one that it lives on in."""
    values = {value for value in wanted.values() if value}
    rows = model.objects.filter(condition or Q(), resolving.FINDABLE, **{f"{column}__in": values})
    known: dict[Any, list[tuple[int, bool, str]]] = defaultdict(list)
    for value, number, merged, key in rows.values_list(column, "pk", "merged_into", "import_key"):
        known[value].append((merged or number, bool(merged), key))
    matches = {}
    for entry, value in wanted.items():
        ones = [one for one in known.get(value, ()) if _may_have_key(entry, one[2])]
        entry.is_known_by_merged |= bool(ones) and all(is_merged for _number, is_merged, _key in ones)
        matches[entry] = {number for number, _is_merged, _key in ones}
    return matches


def _topics(entries: list[Entry]) -> Matches:
    found = _by_values(
        Topic, "sort_key", {entry: names.sort_key(entry.get("label"))[:300] for entry in entries}
    )
    return {entry: Match(numbers) for entry, numbers in found.items()}


def _host(entry: Entry) -> str:
    typed = entry.get("host")
    return addresses.host(typed if "//" in typed else f"https://{typed}") if typed else ""


def _outlets(entries: list[Entry]) -> Matches:
    by_host = _by_values(Outlet, "host", {entry: _host(entry) for entry in entries})
    by_name = _by_values(
        Outlet, "sort_key", {entry: names.sort_key(entry.get("name"))[:300] for entry in entries}
    )
    hosts = dict(Outlet.objects.filter(pk__in=set().union(*by_name.values())).values_list("pk", "host"))
    return {
        entry: Match(by_host[entry] or {one for one in by_name[entry] if not (hosts[one] and _host(entry))})
        for entry in entries
    }


def _address(entry: Entry) -> str:
    with suppress(addresses.AddressError):
        return address_key(entry.get("url"))
    return ""


def _articles(entries: list[Entry]) -> Matches:
    by_address = _by_values(Article, "url_key", {entry: _address(entry) for entry in entries})
    by_text = _by_values(Article, "text_key", {entry: text_key(entry.get("text")) for entry in entries})
    bare = {
        entry: names.sort_key(entry.get("title"))[:300]
        for entry in entries
        if not _address(entry) and not entry.get("text")
    }
    by_title = _by_values(Article, "sort_key", bare)
    numbers = set().union(*by_title.values()) if by_title else set()
    rows = Article.objects.filter(pk__in=numbers).values_list("pk", "published_range", "outlet_id")
    told = {number: (published, outlet) for number, published, outlet in rows}
    return {
        entry: Match(
            by_address[entry]
            | by_text[entry]
            | {
                number
                for number in by_title.get(entry, ())
                if told[number] == (days(entry.get("published_on")), entry.links.get("outlet"))
            }
        )
        for entry in entries
    }


def _dated(table: str, column: str, typed: str, place: bool) -> Callable[[list[Entry]], Matches]:
    """For meetings and agreements: the same title, kind and days. Similar is the same title on days that overlap, or, for
    meetings, the same days, kind, place and participants under another title."""
    place_column = "candidate.place_id" if place else "null::bigint"
    number = "coalesce(candidate.merged_into_id, candidate.id)"
    found = f"{number}, candidate.{column} is not distinct from wanted.days, candidate.sort_key = wanted.title, {place_column}, candidate.import_key, candidate.merged_into_id is not null"
    public = "candidate.kind = wanted.kind and (candidate.merged_into_id is not null or candidate.status <> 'withdrawn')"
    # By the index on days, row by row: without `offset 0` a planner that knows nothing yet of the rows just stored reads them all.
    query = f"""
        with wanted as (
            select * from unnest(%s::int[], %s::daterange[], %s::text[], %s::text[], %s::bigint[]) as w("row", days, kind, title, place)
        )
        select wanted.row, found.* from wanted cross join lateral (
            select {found} from {table} candidate
            where candidate.{column} && wanted.days and {public}
                and (candidate.sort_key = wanted.title or candidate.{column} = wanted.days and {place_column} = wanted.place)
            offset 0
        ) as found
        union all
        select wanted.row, {found} from wanted join {table} candidate on candidate.sort_key = wanted.title
        where wanted.days is null and candidate.{column} is null and {public}
    """

    def find_dated(entries: list[Entry]) -> Matches:
        matches = {entry: Match() for entry in entries}
        others: list[tuple[Entry, int]] = []
        parameters: list[Any] = [
            list(range(len(entries))),
            [days(entry.get(typed)) for entry in entries],
            [entry.get("kind") for entry in entries],
            [names.sort_key(entry.get("title"))[:300] for entry in entries],
            [entry.links.get("place") for entry in entries],
        ]
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            for row, number, same_days, same_title, where, key, is_merged in cursor.fetchall():
                entry = entries[row]
                if not _may_have_key(entry, key):
                    continue
                apart = where and entry.links.get("place") and where != entry.links["place"]
                if same_title and same_days and not apart:
                    matches[entry].same.add(number)
                    entry.is_known_by_merged |= is_merged
                elif same_title:
                    matches[entry].similar.append(number)
                else:
                    others.append((entry, number))
        attended = _attended({number for _entry, number in others})
        for entry, number in others:
            there = {participant for participant, _role in entry.links.get("participants", ())}
            if there and there == attended.get(number):
                matches[entry].similar.append(number)
        return matches

    return find_dated


def _attended(meetings: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Attendance.objects.filter(meeting__in=meetings).values_list("meeting_id", "participant_id")
    for meeting, participant in rows:
        found[meeting].add(participant)
    return found


def _pairs(model: Any, one: str, other: str) -> Callable[[list[Entry]], Matches]:
    """For rows that stand once between two records."""

    def find_pairs(entries: list[Entry]) -> Matches:
        rows = model.objects.filter(**{f"{one}__in": {entry.links.get(one) for entry in entries}})
        known = {(first, second): number for first, second, number in rows.values_list(one, other, "pk")}
        pairs = {entry: (entry.links.get(one), entry.links.get(other)) for entry in entries}
        return {entry: Match({known[pair]} if pair in known else set()) for entry, pair in pairs.items()}

    return find_pairs


def _names(entries: list[Entry]) -> Matches:
    people = {entry.links.get("participant") for entry in entries} - {None}
    places = {entry.links.get("place") for entry in entries} - {None}
    rows = Name.objects.filter(Q(participant__in=people) | Q(place__in=places))
    known = {
        tuple(row[:4]): row[4] for row in rows.values_list("participant", "place", "language", "text", "pk")
    }
    found = {entry: known.get(fingerprint("names", entry)) for entry in entries}
    return {entry: Match({number} if number else set()) for entry, number in found.items()}


def _tenures(entries: list[Entry]) -> Matches:
    """The same office of the same person, on days that overlap: a period may become known better."""
    known: dict[Any, list[Tenure]] = defaultdict(list)
    for tenure in Tenure.objects.filter(person__in={entry.links.get("participant") for entry in entries}):
        known[tenure.person_id, names.sort_key(tenure.title)].append(tenure)
    matches = {}
    for entry in entries:
        period = days(entry.get("period"))
        offices = known[entry.links.get("participant"), names.sort_key(entry.get("title"))]
        same = {one.pk for one in offices if one.period_range == period}
        if not same:
            same = {
                one.pk for one in offices if one.period_range is None or period is None or one.covers(period)
            }
        matches[entry] = Match(same)
    return matches


def _quotations(entries: list[Entry]) -> Matches:
    """The same words at the same place of the same article."""
    rows = Quotation.objects.filter(
        Q(merged_into=None) & ~Q(status="withdrawn"),
        article__in={entry.links.get("article") for entry in entries},
    )
    known: dict[Any, set[int]] = defaultdict(set)
    for number, article, start, end, exact in rows.values_list("pk", "article_id", "start", "end", "exact"):
        known[article, start, end, exact].add(number)
    return {
        entry: Match(set(known.get((one.article_id, one.start, one.end, one.exact), ())))
        for entry in entries
        if (one := entry.record) is not None
    }


_FINDERS: dict[str, Callable[[list[Entry]], Matches]] = {
    "participants": _named(Participant),
    "places": _named(Place),
    "topics": _topics,
    "outlets": _outlets,
    "articles": _articles,
    "meetings": _dated("events_meeting", "held_range", "held_on", place=True),
    "agreements": _dated("events_agreement", "signed_range", "signed_on", place=False),
    "attendances": _pairs(Attendance, "meeting", "participant"),
    "coverages": _pairs(Coverage, "article", "meeting"),
    "names": _names,
    "tenures": _tenures,
    "quotations": _quotations,
}
