"""The public records of a noun as they are now: a segment that was built some time ago, and a small one of what has changed since."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from pyroaring import BitMap

from events.models.base import visible
from events.reading.facets.dimensions import READ, Dimensions
from events.reading.facets.question import DATED, FACETS, Chosen
from events.reading.facets.segments import FOLLOWED, TABLES, Segment, Source, read

# So many records may have changed since the segment was built. More are not worth reading at each change.
MOST_CHANGED = 2000


class Hits(NamedTuple):
    """Positions in the segment, and in that of the changed records."""

    base: BitMap
    delta: BitMap

    def __and__(self, other: Any) -> "Hits":
        return Hits(self.base & other.base, self.delta & other.delta)

    def __or__(self, other: Any) -> "Hits":
        return Hits(self.base | other.base, self.delta | other.delta)

    def __sub__(self, other: Any) -> "Hits":
        return Hits(self.base - other.base, self.delta - other.delta)

    @property
    def total(self) -> int:
        return len(self.base) + len(self.delta)


class Part:
    """A segment with its facets as readers see them. Facets are worked out when they are first asked for, and kept."""

    def __init__(self, segment: Segment, dimensions: Dimensions) -> None:
        self.segment = segment
        self.dimensions = dimensions
        self.kept: dict[str, Any] = {}
        self._facets: dict[str, Mapping[Chosen, BitMap]] = {}
        self._rankings: dict[str, Sequence[tuple[int, Chosen, BitMap]]] = {}

    def facet(self, name: str) -> Mapping[Chosen, BitMap]:
        """The positions of each public value that has some."""
        if name not in self._facets:
            made = DERIVED.get((self.segment.noun, name))
            self._facets[name] = made(self) if made else self.segment.facets[name]
        return self._facets[name]

    def ranking(self, name: str) -> Sequence[tuple[int, Chosen, BitMap]]:
        """The values with their positions, the most frequent first."""
        if name not in self._rankings:
            found = [(len(positions), value, positions) for value, positions in self.facet(name).items()]
            self._rankings[name] = sorted(found, key=lambda one: -one[0])
        return self._rankings[name]

    def forward(self, name: str) -> tuple[array, array]:
        """The values of each record, as places in the ranking: where those of a position begin, and all of them in a row."""
        kept: tuple[array, array] | None = self.kept.get(f"forward {name}")
        if kept is None:
            ranking = self.ranking(name)
            counts = [0] * (len(self.segment) + 1)
            for _total, _value, positions in ranking:
                for position in positions:
                    counts[position + 1] += 1
            starts = array("I", accumulate(counts))
            following, values = array("I", starts), array("I", bytes(4 * starts[-1]))
            for place, (_total, _value, positions) in enumerate(ranking):
                for position in positions:
                    values[following[position]] = place
                    following[position] += 1
            kept = self.kept[f"forward {name}"] = (starts, values)
        return kept

    def having(self, name: str, values: Iterable[Chosen], every: bool) -> BitMap:
        """The positions that have any of the values, or all of them."""
        facet, none = self.facet(name), BitMap()
        found = [facet.get(value, none) for value in values]
        return BitMap.intersection(*found) if every else BitMap.union(*found)


def _public(noun: str) -> Any:
    def made(part: Part) -> Mapping[Chosen, BitMap]:
        public = part.dimensions.values[noun]
        return {value: found for value, found in _raw(part, noun) if value in public}

    return made


def _raw(part: Part, noun: str) -> Iterable[tuple[Any, BitMap]]:
    name = next(facet.name for facet in FACETS[part.segment.noun] if facet.of == noun)
    return part.segment.facets[name].items()


def _tree(noun: str) -> Any:
    """At each value what is at it or at one below it."""

    def made(part: Part) -> Mapping[Chosen, BitMap]:
        found: dict[Chosen, list[BitMap]] = defaultdict(list)
        for value, positions in _raw(part, noun):
            for above in part.dimensions.up(noun, value):
                found[above].append(positions)
        return {value: BitMap.union(*several) for value, several in found.items()}

    return made


def _countries(part: Part) -> Mapping[Chosen, BitMap]:
    """Those of public participants that attended, and of public places."""
    found: dict[Chosen, list[BitMap]] = defaultdict(list)
    for noun in ("participant", "place"):
        public = part.dimensions.values[noun]
        for value, positions in _raw(part, noun):
            if value in public and public[value].country:
                found[public[value].country].append(positions)
    return {value: BitMap.union(*several) for value, several in found.items()}


def _reported(part: Part) -> Mapping[Chosen, BitMap]:
    public = part.dimensions.values["participant"]
    reported = BitMap.union(
        BitMap(), *(found for value, found in part.segment.facets["reported"].items() if value in public)
    )
    found: dict[Chosen, BitMap] = {"yes": reported, "no": part.segment.everything - reported}
    return {value: positions for value, positions in found.items() if positions}


def _reporters(part: Part) -> Mapping[Chosen, BitMap]:
    public = part.dimensions.values["participant"]
    return {value: found for value, found in part.segment.facets["reported"].items() if value in public}


DERIVED = {
    ("meeting", "participant"): _public("participant"),
    ("meeting", "country"): _countries,
    ("meeting", "place"): _tree("place"),
    ("meeting", "topic"): _tree("topic"),
    ("quotation", "speaker"): _public("participant"),
    ("quotation", "reporter"): _reporters,
    ("quotation", "topic"): _tree("topic"),
    ("quotation", "outlet"): _public("outlet"),
    ("quotation", "reported"): _reported,
    ("article", "outlet"): _public("outlet"),
    ("agreement", "participant"): _public("participant"),
    ("agreement", "topic"): _tree("topic"),
}


@dataclass(frozen=True)
class Records:
    """`base` without what has changed since, which `hidden` holds the positions of, and with `delta`: these records as they are now.

    `changed` are their numbers. Immutable; what is worked out of it is kept with it.
    """

    base: Part
    delta: Part
    hidden: BitMap
    changed: frozenset[int] = frozenset()
    kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def noun(self) -> str:
        return self.base.segment.noun

    @cached_property
    def everything(self) -> Hits:
        return Hits(self.base.segment.everything - self.hidden, self.delta.segment.everything)

    def count(self, hits: Hits, positions: BitMap) -> int:
        """How many hits in the base are at the positions. Of all records it is known but for what is hidden."""
        if hits is not self.everything:
            return hits.base.intersection_cardinality(positions)
        return len(positions) - (positions.intersection_cardinality(self.hidden) if self.hidden else 0)

    @cached_property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year that a record begins or ends in."""
        found = self.base.segment.days.bounds(self.hidden) + self.delta.segment.days.bounds(BitMap())
        return (min(found), max(found)) if found else None

    @cached_property
    def places(self) -> list[int]:
        """For each position of the delta, how many of the base's records stand before it in the usual order."""
        base, delta = self.base.segment, self.delta.segment
        if self.noun not in DATED:
            return [
                bisect_left(
                    range(len(base)),
                    (delta.keys[position], number),
                    key=lambda one: (base.keys[one], base.ids[one]),
                )
                for position, number in enumerate(delta.ids)
            ]
        return [
            bisect_left(
                range(base.dated),
                (-delta.begins[position], -number),
                key=lambda one: (-base.begins[one], -base.ids[one]),
            )
            if position < delta.dated
            else base.dated
            + bisect_left(range(base.dated, len(base)), -number, key=lambda one: -base.ids[one])
            for position, number in enumerate(delta.ids)
        ]

    @cached_property
    def title_places(self) -> list[int]:
        """The same in the order of titles."""
        base, delta = self.base.segment, self.delta.segment
        found = [0] * len(delta)
        for rank, position in enumerate(delta.titles):
            found[position] = bisect_left(
                range(len(base)),
                (delta.keys[rank], delta.ids[position]),
                key=lambda one: (base.keys[one], base.ids[base.titles[one]]),
            )
        return found

    def renewed(
        self, changes: Mapping[str, set[int]], shown: Mapping[str, set[int]], dimensions: Dimensions
    ) -> "Records | None":
        """With the changes since. `shown` holds the numbers of what others are found by and has become public. None where too much has
        changed. Reads what has changed, and nothing else."""
        if sum(len(numbers) for noun, numbers in changes.items() if self._depends_on(noun)) > MOST_CHANGED:
            return None
        base = self.base if self.base.dimensions is dimensions else Part(self.base.segment, dimensions)
        again = changes.get(self.noun, set()) | self._followers(changes)
        if not base.segment.whole:
            again |= self._linked(shown)
        changed = self.changed | again
        if len(changed) > MOST_CHANGED:
            return None
        # What has become public was perhaps not to be seen when the delta was read.
        if again or (changed and any(shown.values())):
            delta = Part(read(Source(self.noun, changed)), dimensions)
            return Records(base, delta, base.segment.positions(changed), changed)
        if base is self.base:
            return self
        return Records(base, Part(self.delta.segment, dimensions), self.hidden, changed)

    def _depends_on(self, noun: str) -> bool:
        return noun == self.noun or noun in FOLLOWED.get(self.noun, ())

    def _followers(self, changes: Mapping[str, set[int]]) -> set[int]:
        """The numbers of the records that are read through a changed one, as it was or is."""
        found: set[int] = set()
        for noun in FOLLOWED.get(self.noun, ()):
            numbers = changes.get(noun)
            if not numbers:
                continue
            for part in (self.base, self.delta):
                ids, links = part.segment.ids, part.segment.links[noun]
                found.update(ids[position] for number in numbers for position in links.of(number))
            found.update(visible(self.noun).filter(**{f"{noun}__in": numbers}).values_list("pk", flat=True))
        return found

    def _linked(self, shown: Mapping[str, set[int]]) -> set[int]:
        """The numbers of the records with a row that leads to what has become public."""
        found: set[int] = set()
        model = visible(self.noun).model
        for name, (table, owner, value) in TABLES.get(self.noun, {}).items():
            numbers = shown.get(next(facet.of for facet in FACETS[self.noun] if facet.name == name))
            if numbers:
                through = next(
                    one
                    for one in model._meta.apps.get_models(include_auto_created=True)
                    if one._meta.db_table == table
                )
                rows = through._default_manager.filter(**{f"{value}__in": numbers}).values_list(
                    owner, flat=True
                )
                found.update(rows)
        return found


def newly_shown(before: Dimensions, after: Dimensions) -> dict[str, set[int]]:
    """What has become public, by noun."""
    return {noun: set(after.values[noun]) - set(before.values[noun]) for noun in READ}


def unchanged(segment: Segment, dimensions: Dimensions) -> Records:
    """The records of a segment as it was built. No query."""
    empty = Segment(
        noun=segment.noun,
        ids=segment.ids[:0],
        dated=0,
        begins=segment.begins[:0],
        facets={facet.name: {} for facet in FACETS[segment.noun]},
        days=type(segment.days)(()),
        titles=segment.titles[:0],
        keys=type(segment.keys)(),
        links={
            name: type(links)(links.numbers[:0], links.positions[:0]) for name, links in segment.links.items()
        },
    )
    return Records(Part(segment, dimensions), Part(empty, dimensions), BitMap())
