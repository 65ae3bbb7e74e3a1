"""What is asked of a list, and what is answered: the same for every way of answering."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from events.reading.search import Words


@dataclass(frozen=True)
class Facet:
    """A filter whose values are counted.

    `of` names the noun that its values are numbers of; values of others are codes. Records at a value of a tree (`within`) are
    those at the values below it too. Of several chosen values a record has any, or with `every` and unless the question says
    otherwise all. One that only links lead to is not `counted`.
    """

    name: str
    of: str = ""
    within: bool = False
    every: bool = False
    counted: bool = True


TOPIC = Facet("topic", of="topic", within=True)
OUTLET = Facet("outlet", of="outlet")

# By noun, in the order of the pages. Nouns that are not named have no facets, and all have their order.
FACETS: Mapping[str, tuple[Facet, ...]] = {
    "meeting": (
        Facet("participant", of="participant", every=True),
        Facet("country"),
        Facet("kind"),
        Facet("state"),
        Facet("place", of="place", within=True),
        TOPIC,
    ),
    "quotation": (
        Facet("speaker", of="participant"),
        Facet("reporter", of="participant"),
        Facet("meeting", of="meeting", counted=False),
        TOPIC,
        Facet("language"),
        OUTLET,
        Facet("reported"),
    ),
    "article": (OUTLET, Facet("language"), Facet("kind")),
    "participant": (Facet("kind"), Facet("country")),
    "place": (Facet("kind"), Facet("country")),
    "agreement": (Facet("participant", of="participant"), Facet("kind"), TOPIC),
    "topic": (),
}
# The lists that a range of days narrows, and that tell how many records there are of each year.
DATED = ("meeting", "quotation", "article", "agreement")
# The orders of each list; the first is the usual one. Queries have one more, "relevance".
ORDERS: Mapping[str, tuple[str, ...]] = {
    "meeting": ("-date", "date", "title"),
    "quotation": ("-date", "date", "speaker"),
    "article": ("-date", "date", "title"),
    "participant": ("name", "-meetings"),
    "place": ("name", "-meetings"),
    "agreement": ("-date", "date", "title"),
    "topic": ("name", "-meetings"),
}

# Of a facet with more values than these nobody is told how many there are, only that there are more.
MANY = 100


def counted(noun: str) -> tuple[Facet, ...]:
    """The facets of a list whose values are counted."""
    return tuple(facet for facet in FACETS[noun] if facet.counted)


# A value of a facet: a number of a record, or a code.
Chosen = int | str


@dataclass(frozen=True)
class Question:
    """A list of public records as a reader asks for it; hashable, and checked already: each chosen record is public.

    `chosen` holds by the name of a facet the values that the reader chose; `first` and `last` are days, both inclusive.
    """

    noun: str
    chosen: tuple[tuple[str, tuple[Chosen, ...]], ...] = ()
    every: bool = True
    first: date | None = None
    last: date | None = None
    words: Words | None = None
    order: str = ""

    def values(self, name: str) -> tuple[Chosen, ...]:
        return dict(self.chosen).get(name, ())

    def facet(self, name: str) -> Facet:
        """Raises KeyError for what is no facet of the noun."""
        return {facet.name: facet for facet in FACETS[self.noun]}[name]

    def counted_for(self, facet: Facet) -> Self:
        """The question whose records the values of `facet` are counted among: under the other filters, and where a further value
        would narrow the list more, under its own too."""
        if facet.every and self.every:
            return self
        return replace(self, chosen=tuple(pair for pair in self.chosen if pair[0] != facet.name))

    def only(self, name: str) -> Self:
        """The question with this filter alone."""
        return type(self)(self.noun, tuple(pair for pair in self.chosen if pair[0] == name), self.every)

    def counted_for_years(self) -> Self:
        return replace(self, first=None, last=None)

    @property
    def ordered(self) -> str:
        """The order in force: the one that was asked for, else by relevance where there are words, else the noun's usual one."""
        if self.order in ("", "relevance"):
            return "relevance" if self.words else ORDERS[self.noun][0]
        return self.order


@dataclass(frozen=True)
class Count:
    """A value of a facet, and how many records it would leave."""

    value: Chosen
    count: int


@dataclass(frozen=True)
class Answer:
    """The records at the positions that were asked for, by their numbers in order; how many there are in all; for each facet its values,
    the most frequent first and those of equal counts by value; and for dated nouns by year how many records fall into it.

    Of a facet with many values only so many are told as were asked for (`longest`), and the chosen ones in any case, after them where
    they come later; `different` says how many there are, `MANY` + 1 where there are more than `MANY`. Values with no record are told only where they are chosen.
    """

    total: int
    numbers: Sequence[int]
    facets: Mapping[str, Sequence[Count]] = field(default_factory=dict)
    different: Mapping[str, int] = field(default_factory=dict)
    years: Sequence[tuple[int, int]] = ()
