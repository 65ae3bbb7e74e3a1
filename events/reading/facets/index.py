"""The answers from memory, by bitmaps: the same as the database gives, in a few milliseconds for any filter."""

import heapq
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from datetime import date
from itertools import chain

from pyroaring import BitMap

from events.models.base import visible
from events.reading import search
from events.reading.facets import paging, sql
from events.reading.facets.question import DATED, MANY, ORDERS, Answer, Chosen, Count, Facet, Question
from events.reading.facets.question import counted as listed
from events.reading.facets.records import Hits, Records

# Up to so many values all are counted; of more, those that could come among the first.
FEW_VALUES = 30
# Of so few records the values are counted one by one, where there are so many.
FEW_RECORDS = 5000
MANY_VALUES = 400


def needed(question: Question) -> tuple[str, ...]:
    """The nouns whose records have to be in memory for an answer."""
    return (question.noun, "meeting") if question.ordered == "-meetings" else (question.noun,)


def ask(
    nouns: Mapping[str, Records], question: Question, offset: int = 0, size: int = 25, longest: int = 10
) -> Answer:
    """What `sql.ask` answers. No query, but for words."""
    records = nouns[question.noun]
    narrowed = Narrowed(records, question)
    hits = narrowed.hits()
    counted = {
        facet.name: tally(records, narrowed.hits_for(facet), facet, question.values(facet.name), longest)
        for facet in listed(question.noun)
    }
    return Answer(
        total=hits.total,
        numbers=shown(nouns, question, hits, offset, size),
        facets={name: found for name, (found, _different) in counted.items()},
        different={name: different for name, (_found, different) in counted.items()},
        years=years(records, narrowed.hits_for_years()),
    )


def total(nouns: Mapping[str, Records], question: Question) -> int:
    """What `sql.total` answers."""
    return Narrowed(nouns[question.noun], question).hits().total


def page(nouns: Mapping[str, Records], question: Question, offset: int, size: int) -> list[int]:
    """What `sql.page` answers."""
    return shown(nouns, question, Narrowed(nouns[question.noun], question).hits(), offset, size)


def shown(nouns: Mapping[str, Records], question: Question, hits: Hits, offset: int, size: int) -> list[int]:
    """The numbers of a page of the hits; by relevance with a query that orders the first ones."""
    records, order = nouns[question.noun], question.ordered
    if order != "relevance" or question.words is None:
        return paging.page(records, hits, order, offset, size, nouns.get("meeting"))
    order = ORDERS[question.noun][0]
    if offset >= search.RANKED or not size:
        return paging.page(records, hits, order, offset, size)
    first = paging.page(records, hits, order, 0, search.RANKED)
    closest = search.ranked(question.noun, question.words, first)
    found = closest[offset : offset + size]
    missing = size - len(found) if len(closest) == search.RANKED else 0
    return found + paging.page(records, hits, order, search.RANKED, missing)


class Narrowed:
    """The hits of a question, and of the question without one of its filters."""

    def __init__(self, records: Records, question: Question) -> None:
        self.records = records
        self.question = question
        self.filters: dict[str, Hits] = {}
        for name, values in question.chosen:
            if values:
                facet = question.facet(name)
                self.filters[name] = (
                    self._valued(name, values, facet.every and question.every)
                    if facet.counted
                    else self._numbered(sql.rows(question.only(name)).values_list("pk", flat=True))
                )
        if question.first or question.last:
            self.filters["days"] = self._between(question.first, question.last)
        if question.words:
            self.filters["words"] = self._found(question.words)

    def _found(self, words: search.Words) -> Hits:
        """What the words find. The database finds the words, the bitmaps what names and days mean."""
        found = self._none()
        for terms in words.alternatives:
            every = self.records.everything
            for term in terms:
                holding = self._holding(term)
                every = every - holding if term.excluded else every & holding
            found = found | every
        return found

    def _none(self) -> Hits:
        return Hits(BitMap(), BitMap())

    def _holding(self, term: search.Term) -> Hits:
        """The records that a term holds for, by `MEANS`."""
        means, found = search.MEANS[self.records.noun], self._none()
        queries = [term.query, term.beginning if means.get("beginning") else ""]
        for query in filter(None, queries):
            found = found | self._numbered(
                visible(self.records.noun)
                .filter(search.Holding(query))
                .order_by()
                .values_list("pk", flat=True)
            )
        for name, numbers in (
            (means.get("participants"), term.participants),
            (means.get("places"), term.places),
        ):
            if name and numbers:
                found = found | (self._numbered(numbers) if name == "self" else self._valued(name, numbers))
        if means.get("reporters") and term.participants:
            parts = (self.records.base, self.records.delta)
            reported = (
                BitMap.union(
                    BitMap(),
                    *(part.segment.facets["reported"].get(one, BitMap()) for one in term.participants),
                )
                for part in parts
            )
            found = found | Hits(*reported)
        if means.get("days") and term.days:
            found = found | self._between(*term.days)
        return found

    def _numbered(self, numbers: Iterable[int]) -> Hits:
        numbers = list(numbers)
        return Hits(
            self.records.base.segment.positions(numbers), self.records.delta.segment.positions(numbers)
        )

    def _valued(self, name: str, values: Iterable[Chosen], every: bool = False) -> Hits:
        records = self.records
        return Hits(records.base.having(name, values, every), records.delta.having(name, values, every))

    def _between(self, first: date | None, last: date | None) -> Hits:
        records = self.records
        return Hits(
            records.base.segment.days.between(first, last), records.delta.segment.days.between(first, last)
        )

    def hits(self, without: str = "") -> Hits:
        found = self.records.everything
        for name, hits in self.filters.items():
            if name != without:
                found = found & hits
        return found

    def hits_for(self, facet: Facet) -> Hits:
        """What the values of the facet are counted among: see `Question.counted_for`."""
        return self.hits("" if facet.every and self.question.every else facet.name)

    def hits_for_years(self) -> Hits:
        return self.hits("days")


def tally(
    records: Records, hits: Hits, facet: Facet, chosen: Iterable[Chosen], longest: int
) -> tuple[list[Count], int]:
    """The first values of a facet by their counts, with the chosen ones after them, and how many values there are (up to `MANY`)."""
    base, delta = records.base.facet(facet.name), records.delta.facet(facet.name)
    counts: dict[Chosen, int] = {}
    if hits.delta:
        for value, positions in delta.items():
            if count := hits.delta.intersection_cardinality(positions):
                counts[value] = count
    changed = dict(counts)
    others = 0
    if len(base) <= FEW_VALUES:
        for value, positions in base.items():
            if count := records.count(hits, positions):
                counts[value] = counts.get(value, 0) + count
    elif len(base) > MANY_VALUES and len(hits.base) <= FEW_RECORDS:
        for value, count in _one_by_one(records, hits.base, facet).items():
            counts[value] = counts.get(value, 0) + count
    else:
        others = _most_frequent(records, hits, facet, counts, longest)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    told = [Count(*one) for one in ordered[:longest]]
    missing = set(chosen) - {one.value for one in told}
    rest = []
    for value in missing:
        of_base = records.count(hits, base[value]) if value in base else 0
        rest.append(Count(value, changed.get(value, 0) + of_base))
    told += sorted(rest, key=lambda one: (-one.count, one.value))
    return told, min(len(counts) + others, MANY + 1)


def tallies(records: Records, facet: Facet, values: Iterable[Chosen]) -> dict[Chosen, int]:
    """What `sql.tallies` answers."""
    base, delta, none = records.base.facet(facet.name), records.delta.facet(facet.name), BitMap()
    return {
        value: records.count(records.everything, base.get(value, none)) + len(delta.get(value, none))
        for value in values
    }


def values(
    nouns: Mapping[str, Records], question: Question, facet: Facet, among: Container[Chosen] | None
) -> list[Count]:
    """What `sql.counts` answers; with `among` of those values only."""
    records = nouns[question.noun]
    hits = Narrowed(records, question).hits_for(facet)
    base, delta = records.base.facet(facet.name), records.delta.facet(facet.name)
    counts: Counter[Chosen] = Counter()
    if among is None and len(base) > MANY_VALUES and len(hits.base) <= FEW_RECORDS:
        counts.update(_one_by_one(records, hits.base, facet))
    else:
        for value, positions in base.items():
            if among is None or value in among:
                counts[value] = records.count(hits, positions)
    for value, positions in delta.items():
        if among is None or value in among:
            counts[value] += hits.delta.intersection_cardinality(positions)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [Count(value, count) for value, count in ordered if count]


def _most_frequent(
    records: Records, hits: Hits, facet: Facet, counts: dict[Chosen, int], longest: int
) -> int:
    """Count the values that can be among the first: the most frequent of all come first, and no value has more hits than records.
    How many others have hits, until they are many."""
    base = records.base.facet(facet.name)
    for value in counts:
        if value in base:
            counts[value] += records.count(hits, base[value])
    known = set(counts)
    best = heapq.nlargest(longest, counts.values())
    heapq.heapify(best)
    others = 0
    for total, value, positions in records.base.ranking(facet.name):
        if value in known:
            continue
        if len(best) == longest and (not best or total < best[0]):
            if len(counts) + others > MANY:
                break
            others += hits.base.intersect(positions)
            continue
        if count := records.count(hits, positions):
            counts[value] = count
            if len(best) < longest:
                heapq.heappush(best, count)
            else:
                heapq.heappushpop(best, count)
    return others


def _one_by_one(records: Records, hits: BitMap, facet: Facet) -> Counter[Chosen]:
    """The counts of all values, from the values of each record."""
    base = records.base
    starts, values = base.forward(facet.name)
    found = Counter(
        chain.from_iterable([values[starts[position] : starts[position + 1]] for position in hits])
    )
    ranking = base.ranking(facet.name)
    return Counter({ranking[place][1]: count for place, count in found.items()})


def years(records: Records, hits: Hits) -> list[tuple[int, int]]:
    """What `sql.years` answers."""
    if records.noun not in DATED:
        return []
    base, delta, bounds = records.base.segment.days, records.delta.segment.days, records.years
    if bounds is None:
        return []
    if hits is records.everything:
        found = base.of_all(*bounds)
        found.subtract(base.by_year(records.hidden, *bounds))
    else:
        found = base.by_year(hits.base, *bounds)
    found.update(delta.by_year(hits.delta, *bounds))
    return sorted((year, count) for year, count in found.items() if count)
