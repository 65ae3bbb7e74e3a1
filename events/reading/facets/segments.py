"""Public records of a noun as bitmaps of their positions in the noun's usual order: what the answers of the index are made from."""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

from django.db.models import F
from pyroaring import BitMap

from events.models.base import visible
from events.models.databases import to_read
from events.reading.facets.days import Days
from events.reading.facets.question import DATED, FACETS, ORDERS, Chosen
from events.reading.facets.sql import DAYS

# The columns that hold the values of a facet; "" and null are none. What leads to records is taken whatever their status: which of
# them are public is looked up when a question is answered, so that publishing a participant changes no segment.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "meeting": {"kind": "kind", "state": "state", "place": "place"},
    "quotation": {
        "speaker": "speaker",
        "language": "language",
        "outlet": "article__outlet",
        "reported": "reported_by",
    },
    "article": {"outlet": "outlet", "language": "language", "kind": "kind"},
    "participant": {"kind": "kind", "country": "country"},
    "place": {"kind": "kind", "country": "country"},
    "agreement": {"kind": "kind"},
    "topic": {},
}
# The tables that hold those of which a record has several: table, column of the record, column of the value.
TABLES: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "meeting": {
        "participant": ("events_attendance", "meeting_id", "participant_id"),
        "topic": ("events_meeting_topics", "meeting_id", "topic_id"),
    },
    "quotation": {"topic": ("events_quotation_topics", "quotation_id", "topic_id")},
    "agreement": {
        "participant": ("events_agreement_parties", "agreement_id", "participant_id"),
        "topic": ("events_agreement_topics", "agreement_id", "topic_id"),
    },
}
CODES = ("kind", "state", "language", "country")  # values that are no numbers
# What else a record is read anew for when it changes: the column of a quotation by noun, and where it matters.
FOLLOWED: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "quotation": {"article": ("article", "true"), "meeting": ("meeting", "begin is null")}
}
RANGES = {
    "meeting": "held_range",
    "quotation": "said_range",
    "article": "published_range",
    "agreement": "signed_range",
}
BLOCKS = 256
SMALLEST_BLOCK = 64
NOWHERE = 0xFFFFFFFF


class Keys(Sequence[bytes]):
    """Sort keys one after the other, in the order of a list; a quarter of what so many strings would take."""

    def __init__(self, text: bytes = b"", lengths: Iterable[int] = ()) -> None:
        self.text = text
        self.lengths = array("I", lengths)
        self.ends = array("I", [0])
        for length in self.lengths:
            self.ends.append(self.ends[-1] + length)

    def __len__(self) -> int:
        return len(self.lengths)

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[bytes]: ...
    def __getitem__(self, place: Any) -> Any:
        return self.text[self.ends[place] : self.ends[place + 1]]


@dataclass(frozen=True)
class Links:
    """Which positions point to a record: the records' numbers in order, and beside them the positions."""

    numbers: array
    positions: array

    def of(self, number: int) -> array:
        begin = bisect_left(self.numbers, number)
        return self.positions[begin : bisect_left(self.numbers, number + 1)]


@dataclass(frozen=True)
class Segment:
    """Records at positions 0 to n - 1. Immutable.

    The usual order is by first day, the latest first, then by number, the greatest first; the first `dated` records have such a day
    (`begins`). Nouns without days stand by name. `titles` are the positions by sort key, whose keys in that order are `keys`. `whole` is
    false where links to records that are not public were not to be seen, as by readers. `number` is that of the stored index, 0 of one
    made here, and `oldest` the transaction before which it saw all.
    """

    noun: str
    ids: array
    dated: int
    begins: array
    facets: Mapping[str, Mapping[Chosen, BitMap]]
    days: Days
    titles: array
    keys: Keys
    links: Mapping[str, Links] = field(default_factory=dict)
    whole: bool = True
    number: int = 0
    oldest: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def everything(self) -> BitMap:
        return BitMap(range(len(self)))

    @cached_property
    def places(self) -> Any:
        """The position of each number: an array with gaps where numbers lie as close as a sequence makes them."""
        greatest = max(self.ids, default=0)
        if greatest > 8 * len(self.ids) + 100_000:
            return dict(zip(self.ids, range(len(self.ids)), strict=True))
        places = array("I", [NOWHERE]) * (greatest + 1)
        for position, number in enumerate(self.ids):
            places[number] = position
        return places

    def positions(self, numbers: Iterable[int]) -> BitMap:
        """The positions of those records of these numbers that are here."""
        places = self.places
        if isinstance(places, dict):
            return BitMap([places[number] for number in numbers if number in places])
        size = len(places)
        found = BitMap(array("I", [places[number] for number in numbers if 0 <= number < size]))
        found.discard(NOWHERE)
        return found

    @cached_property
    def title_blocks(self) -> list[tuple[int, BitMap]]:
        """The positions in the order of `titles`, in pieces: where each begins, and its positions."""
        step = max(len(self) // BLOCKS, SMALLEST_BLOCK)
        return [
            (begin, BitMap(self.titles[begin : begin + step])) for begin in range(0, len(self.titles), step)
        ]

    @cached_property
    def number_blocks(self) -> list[tuple[int, BitMap]]:
        """The positions in the order of numbers, in pieces: the first number of each, and its positions."""
        step = max(len(self) // BLOCKS, SMALLEST_BLOCK)
        if isinstance(self.places, dict):
            ordered = array("I", [position for _number, position in sorted(self.places.items())])
        else:
            ordered = array("I", [position for position in self.places if position != NOWHERE])
        return [
            (self.ids[ordered[begin]], BitMap(ordered[begin : begin + step]))
            for begin in range(0, len(ordered), step)
        ]


def numbers_of(content: Any, kind: str) -> array:
    """Numbers as PostgreSQL sends them (`int4send`, `int8send`)."""
    found = array(kind)
    found.frombytes(bytes(content or b""))
    if sys.byteorder == "little":
        found.byteswap()
    return found


POSITIONS = "string_agg(int4send(positions.position::int4), ''::bytea order by positions.position)"


class Source:
    """The public records of a noun with their positions, as SQL: of all of them, or of some numbers. Named `positions` in queries."""

    def __init__(self, noun: str, numbers: Iterable[int] | None = None) -> None:
        self.noun = noun
        self.columns = COLUMNS[noun]
        self.follows = FOLLOWED.get(noun, {})
        rows = visible(noun).order_by()
        if numbers is not None:
            rows = rows.filter(pk__in=list(numbers))
        is_dated = noun in DATED
        if is_dated:
            rows = rows.annotate(days_=DAYS[noun], begin_=F(f"{RANGES[noun]}__startswith"))
        named = "sort_key" if noun != "quotation" else "pk"
        selected = [
            "pk",
            *(("days_", "begin_") if is_dated else ("pk", "pk")),
            named,
            *self.columns.values(),
            *(column for column, _condition in self.follows.values()),
        ]
        expressions = {f"c{place}_": F(name) for place, name in enumerate(selected)}
        inner, self.parameters = (
            rows.annotate(**expressions).values_list(*expressions).query.sql_with_params()
        )
        names = [
            "id",
            "days",
            "begin",
            "sort_key",
            *(f"facet_{n}" for n in self.columns),
            *(f"link_{n}" for n in self.follows),
        ]
        order = "begin desc nulls last, id desc" if is_dated else "sort_key, id"
        self.select = f"select *, row_number() over (order by {order}) - 1 as position from ({inner}) shown({', '.join(names)})"
        self.is_stored = False

    def store(self) -> None:
        """Keep the positions for the queries that follow, until the transaction ends; for a large archive."""
        with to_read().cursor() as cursor:
            cursor.execute("drop table if exists pg_temp.positions")
            cursor.execute(f"create temp table positions on commit drop as {self.select}", self.parameters)
            cursor.execute("analyze positions")
        self.is_stored = True

    def rows(self, query: str) -> list[Any]:
        with to_read().cursor() as cursor:
            if self.is_stored:
                cursor.execute(query)
            else:
                cursor.execute(f"with positions as materialized ({self.select}) {query}", self.parameters)
            return cursor.fetchall()


def read(source: Source, whole: bool = True, number: int = 0, oldest: int = 0) -> Segment:
    """The segment of the records of the source. Some six queries; no work for each record but in the database and in C."""
    noun = source.noun
    is_dated = noun in DATED
    begins = "int4send(begin - date '0001-01-01' + 1)" if is_dated else "''::bytea"
    ((ids, dated, first_days),) = source.rows(
        f"select string_agg(int8send(id), ''::bytea order by position), count(begin),"
        f" string_agg({begins}, ''::bytea order by position) from positions where true"
    )
    titles, keys = array("I"), Keys()
    if "title" in ORDERS[noun] or not is_dated:
        ((places, lengths, text),) = source.rows(
            "select string_agg(int4send(position::int4), ''::bytea order by sort_key, id),"
            " string_agg(int4send(length(convert_to(sort_key, 'UTF8'))), ''::bytea order by sort_key, id),"
            " string_agg(convert_to(sort_key, 'UTF8'), ''::bytea order by sort_key, id) from positions"
        )
        titles, keys = numbers_of(places, "I"), Keys(bytes(text or b""), numbers_of(lengths, "I"))
    days: list[tuple[int | None, int | None, BitMap]] = []
    if is_dated:
        days = [
            (first, after, BitMap(numbers_of(found, "I")))
            for first, after, found in source.rows(
                "select lower(days) - date '0001-01-01' + 1, upper(days) - date '0001-01-01' + 1,"
                f" {POSITIONS} from positions where days is not null and not isempty(days) group by 1, 2"
            )
        ]
    numbers = numbers_of(ids, "q")
    return Segment(
        noun=noun,
        ids=array("I", numbers) if not numbers or max(numbers) < 2**32 else numbers,
        dated=dated if is_dated else len(numbers),
        begins=numbers_of(first_days, "i") if is_dated else array("i"),
        facets=_facets(source),
        days=Days(days),
        titles=titles,
        keys=keys,
        links=_links(source),
        whole=whole,
        number=number,
        oldest=oldest,
    )


def _facets(source: Source) -> dict[str, dict[Chosen, BitMap]]:
    parts = [
        f"select '{name}' as facet, facet_{name}::text as value, {POSITIONS} as found from positions"
        f" where facet_{name}::text <> '' group by 2"
        for name in source.columns
    ]
    parts += [
        f"select '{name}', link.{value}::text, {POSITIONS} from positions"
        f" join {table} link on link.{owner} = positions.id group by 2"
        for name, (table, owner, value) in TABLES.get(source.noun, {}).items()
    ]
    found: dict[str, dict[Chosen, BitMap]] = {facet.name: {} for facet in FACETS[source.noun]}
    if parts:
        for name, value, positions in source.rows(" union all ".join(parts)):
            found[name][value if name in CODES else int(value)] = BitMap(numbers_of(positions, "I"))
    return found


def _links(source: Source) -> dict[str, Links]:
    found = {}
    for name, (_column, condition) in source.follows.items():
        ((numbers, positions),) = source.rows(
            f"select string_agg(int8send(link_{name}), ''::bytea order by link_{name}, position),"
            f" string_agg(int4send(position::int4), ''::bytea order by link_{name}, position)"
            f" from positions where link_{name} is not null and {condition}"
        )
        found[name] = Links(numbers_of(numbers, "q"), numbers_of(positions, "I"))
    return found
