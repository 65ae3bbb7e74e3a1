"""Which records fall on which days, so that any range of days is a union of some dozens of bitmaps."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from pyroaring import BitMap

# A day is the number that `date.toordinal` gives. A range is its first day and the day after its last; None where it has no bound.
Range = tuple[int | None, int | None]
# A whole year, a whole month or a day: (2023,), (2023, 2), (2023, 2, 27).
Node = tuple[int, ...]

# Longer ranges, and those without a bound, are few: each is compared by itself. So is what falls into the last year that Python knows.
LONGEST = 24 * 366
LATEST = date(9999, 1, 1).toordinal()


def nodes(first: date, after: date) -> Iterator[Node]:
    """The years, months and days that the range consists of, as few as possible."""
    day = first
    while day < after:
        month = (day.replace(day=1) + timedelta(days=31)).replace(day=1) if day.day == 1 else after
        year = day.replace(year=day.year + 1) if (day.month, day.day) == (1, 1) else after
        if (day.month, day.day) == (1, 1) and year <= after:
            yield (day.year,)
            day = year
        elif day.day == 1 and month <= after:
            yield (day.year, day.month)
            day = month
        else:
            yield (day.year, day.month, day.day)
            day += timedelta(days=1)


class Days:
    """The positions of records by the days that they fall on. A range of a record is kept at its years, months and days; each of
    these knows what is kept at itself (`own`) and at or below itself (`below`)."""

    def __init__(self, ranges: Iterable[tuple[int | None, int | None, BitMap]]) -> None:
        self.ranges: dict[Range, BitMap] = {(first, after): found for first, after, found in ranges}
        self.long: dict[Range, BitMap] = {}
        own: dict[Node, list[BitMap]] = defaultdict(list)
        below: dict[Node, list[BitMap]] = defaultdict(list)
        bounds: list[int] = []
        for (first, after), found in self.ranges.items():
            if first is None or after is None or after - first > LONGEST or after > LATEST:
                self.long[first, after] = found
                continue
            bounds += first, after - 1
            for node in nodes(date.fromordinal(first), date.fromordinal(after)):
                own[node].append(found)
                for length in range(1, len(node) + 1):
                    below[node[:length]].append(found)
        self.first, self.last = min(bounds, default=0), max(bounds, default=-1)
        self.own = {node: BitMap.union(*found) for node, found in own.items()}
        self.below = {node: BitMap.union(*found) for node, found in below.items()}
        self.known: dict[tuple[int, int], Counter[int]] = {}
        self.whole_years = sorted(node[0] for node in self.below if len(node) == 1)

    def between(self, first: date | None, last: date | None) -> BitMap:
        """The positions of what falls on any day from `first` to `last`, both inclusive."""
        begin = first.toordinal() if first else None
        end = last.toordinal() if last else None
        found = [positions for range_, positions in self.long.items() if _touches(range_, begin, end)]
        begin = self.first if begin is None else max(begin, self.first)
        end = self.last if end is None else min(end, self.last)
        if begin <= end:
            above: set[Node] = set()
            for node in nodes(date.fromordinal(begin), date.fromordinal(end + 1)):
                above |= {node[:length] for length in range(1, len(node))}
                if node in self.below:
                    found.append(self.below[node])
            found += [self.own[node] for node in above if node in self.own]
        return BitMap.union(*found) if found else BitMap()

    def by_year(self, hits: BitMap, first: int, last: int) -> Counter[int]:
        """How many of the hits fall into each year from the first to the last; of two years in both."""
        found: Counter[int] = Counter()
        if not hits:
            return found
        for year in self.whole_years:
            if count := hits.intersection_cardinality(self.below[year,]):
                found[year] = count
        for (begin, after), positions in self.long.items():
            if count := hits.intersection_cardinality(positions):
                since = first if begin is None else date.fromordinal(begin).year
                until = last if after is None else date.fromordinal(after - 1).year
                for year in range(since, until + 1):
                    found[year] += count
        return found

    def of_all(self, first: int, last: int) -> Counter[int]:
        """The same of all records."""
        known = self.known.get((first, last))
        if known is None:
            known = self.by_year(BitMap.union(BitMap(), *self.ranges.values()), first, last)
            self.known = {(first, last): known}
        return Counter(known)

    def bounds(self, hidden: BitMap) -> list[int]:
        """The first and the last year that a record which is not hidden begins or ends in; nothing where there is none."""
        years = []
        for order in (self.whole_years, reversed(self.whole_years)):
            for year in order:
                if not self.below[year,].issubset(hidden):
                    years.append(year)
                    break
        for (first, after), positions in self.long.items():
            if not positions.issubset(hidden):
                years += [date.fromordinal(first).year] if first is not None else []
                years += [date.fromordinal(after - 1).year] if after is not None else []
        return [min(years), max(years)] if years else []


def _touches(range_: Range, begin: int | None, end: int | None) -> bool:
    first, after = range_
    return (first is None or end is None or first <= end) and (
        after is None or begin is None or after > begin
    )
