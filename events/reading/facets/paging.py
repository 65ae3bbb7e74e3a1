"""A page of hits in any order of a list, without looking at the hits before it one by one."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pyroaring import BitMap

from events.reading.facets import segments
from events.reading.facets.records import Hits, Part, Records

# A block of an order: where it begins (a key that any record's can be compared with), its positions in the base, and how its members
# are told by their keys: given hits of the base that lie in it, pairs of key and position.
Block = tuple[Any, BitMap, Callable[[BitMap], Iterable[tuple[Any, int]]]]

LARGEST_BLOCK = 8192


def page(
    records: Records,
    hits: Hits,
    order: str,
    offset: int,
    size: int,
    meetings: Records | None = None,
) -> list[int]:
    """The numbers of `size` hits from `offset` on. `meetings` are needed for the order by how many there are."""
    if offset >= hits.total or size <= 0:
        return []
    size = min(size, hits.total - offset)
    if order == "date":
        return _oldest_first(records, hits, offset, size)
    if order == "title":
        return _by_blocks(records, hits, offset, size, _titles(records), _title_keys(records))
    if order == "speaker":
        return _by_blocks(records, hits, offset, size, _speakers(records), _speaker_keys(records))
    if order == "-meetings":
        assert meetings is not None
        return _most_met_first(records, hits, offset, size, meetings)
    return _usual(records, hits, offset, size)


def _usual(records: Records, hits: Hits, offset: int, size: int) -> list[int]:
    base, delta = records.base.segment.ids, records.delta.segment.ids
    places = records.places
    placed = [
        count + (hits.base.rank(places[one] - 1) if places[one] else 0)
        for count, one in enumerate(hits.delta)
    ]
    begin, end = bisect_left(placed, offset), bisect_left(placed, offset + size)
    found = [base[position] for position in hits.base[offset - begin : offset + size - end]]
    for place, position in zip(placed[begin:end], hits.delta[begin:end], strict=True):
        found.insert(place - offset, delta[position])
    return found


def _oldest_first(records: Records, hits: Hits, offset: int, size: int) -> list[int]:
    """What has a first day stands reversed, and after it what has none, reversed too."""
    dated = hits.base.range_cardinality(0, records.base.segment.dated)
    dated += hits.delta.range_cardinality(0, records.delta.segment.dated)
    total = hits.total
    found = []
    if offset < dated:
        end = min(offset + size, dated)
        found += _usual(records, hits, dated - end, end - offset)[::-1]
    if offset + size > dated:
        begin, end = max(offset, dated), offset + size
        found += _usual(records, hits, total + dated - end, end - begin)[::-1]
    return found


def _by_blocks(
    records: Records,
    hits: Hits,
    offset: int,
    size: int,
    blocks: Sequence[Block],
    keys: Sequence[Any],
) -> list[int]:
    """Blocks are counted until the page begins; only those that it lies in are looked into. `keys` are those of the delta."""
    base, delta = records.base.segment.ids, records.delta.segment.ids
    changed: dict[int, list[tuple[Any, int]]] = {}
    for position in hits.delta:
        place = max(bisect_right(blocks, keys[position], key=lambda block: block[0]) - 1, 0)
        changed.setdefault(place, []).append((keys[position], delta[position]))
    found: list[int] = []
    for place, (_begin, positions, members) in enumerate(blocks):
        more = changed.get(place, [])
        count = records.count(hits, positions) + len(more)
        if offset >= count:
            offset -= count
            continue
        pairs = [(key, base[position]) for key, position in members(hits.base & positions)]
        ordered = sorted(pairs + more)
        found += [number for _key, number in ordered[offset : offset + size - len(found)]]
        offset = 0
        if len(found) >= size:
            break
    return found


def _titles(records: Records) -> Sequence[Block]:
    segment = records.base.segment
    blocks = segment.title_blocks

    def members(begin: int, count: int) -> Callable[[BitMap], Iterable[tuple[Any, int]]]:
        return lambda hits: [
            ((rank, 1), position)
            for rank, position in enumerate(segment.titles[begin : begin + count], begin)
            if position in hits
        ]

    return [((begin, 0), positions, members(begin, len(positions))) for begin, positions in blocks] or [
        ((0, 0), BitMap(), lambda hits: ())
    ]


def _title_keys(records: Records) -> Sequence[Any]:
    ranks = {position: rank for rank, position in enumerate(records.delta.segment.titles)}
    return [(place, 0, ranks[position]) for position, place in enumerate(records.title_places)]


def _speakers(records: Records) -> Sequence[Block]:
    """By the speaker's sort key, then by number; quotations without a public speaker stand last."""
    part = records.base
    if "speakers" not in part.kept:
        part.kept["speakers"] = _speaker_blocks(part)
    blocks: Sequence[Block] = part.kept["speakers"]
    return blocks


def _speaker_blocks(part: Part) -> list[Block]:
    segment, facet = part.segment, part.facet("speaker")
    blocks: list[Block] = []
    waiting: list[tuple[str, BitMap]] = []
    size, largest = 0, max(len(segment) // segments.BLOCKS, segments.SMALLEST_BLOCK)

    def several(groups: list[tuple[str, BitMap]]) -> Callable[[BitMap], Iterable[tuple[Any, int]]]:
        return lambda hits: [
            ((0, key, segment.ids[position]), position) for key, found in groups for position in hits & found
        ]

    def close() -> None:
        if waiting:
            union = BitMap.union(*(found for _key, found in waiting))
            blocks.append(((0, waiting[0][0], 0), union, several(list(waiting))))
            waiting.clear()

    def cut(kind: int, key: str, found: BitMap) -> None:
        """Blocks of one key, by number."""

        def members(hits: BitMap) -> Iterable[tuple[Any, int]]:
            return [((kind, key, segment.ids[position]), position) for position in hits]

        if len(found) <= LARGEST_BLOCK:
            blocks.append(((kind, key, 0), found, members))
            return
        for place, (number, positions) in enumerate(segment.number_blocks):
            blocks.append(((kind, key, number if place else 0), found & positions, members))

    for key, numbers in part.dimensions.speakers:
        found = [facet[number] for number in numbers if number in facet]
        if not found:
            continue
        union = BitMap.union(*found)
        if len(union) > largest:
            close()
            size = 0
            cut(0, key, union)
            continue
        waiting.append((key, union))
        size += len(union)
        if size > largest:
            close()
            size = 0
    close()
    cut(1, "", segment.everything - BitMap.union(BitMap(), *facet.values()))
    return blocks


def _speaker_keys(records: Records) -> Sequence[Any]:
    part = records.delta
    public = part.dimensions.values["participant"]
    keys: list[Any] = [(1, "", number) for number in part.segment.ids]
    for number, found in part.facet("speaker").items():
        for position in found:
            keys[position] = (0, public[int(number)].sort_key, part.segment.ids[position])
    return keys


def _most_met_first(records: Records, hits: Hits, offset: int, size: int, meetings: Records) -> list[int]:
    kept = records.kept.get("most met")
    if kept is None or kept[0] is not meetings:
        kept = records.kept["most met"] = (meetings, *_ranks(records, meetings))
    _meetings, ordered, of_base, of_delta = kept
    found = BitMap(array("I", map(of_base.__getitem__, hits.base)))
    found.update(of_delta[position] for position in hits.delta)
    return [ordered[rank] for rank in found[offset : offset + size]]


def _ranks(records: Records, meetings: Records) -> tuple[list[int], array, list[int]]:
    """The numbers of all records in the order, and the rank of each position of the base and of the delta."""
    name = records.noun
    base, delta = meetings.base.facet(name), meetings.delta.facet(name)
    none = BitMap()

    def count(number: int) -> int:
        found = base.get(number, none)
        hidden = found.intersection_cardinality(meetings.hidden) if meetings.hidden else 0
        return len(found) - hidden + len(delta.get(number, none))

    keyed = [
        (-count(number), position, 1, 0, number) for position, number in enumerate(records.base.segment.ids)
    ]
    keyed += [
        (-count(number), records.places[position], 0, position, number)
        for position, number in enumerate(records.delta.segment.ids)
    ]
    keyed.sort()
    of_base, of_delta = array("I", bytes(4 * len(records.base.segment))), [0] * len(records.delta.segment)
    for rank, (_count, position, is_base, changed, _number) in enumerate(keyed):
        if is_base:
            of_base[position] = rank
        else:
            of_delta[changed] = rank
    return [number for *_key, number in keyed], of_base, of_delta
