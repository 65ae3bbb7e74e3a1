"""What the panel beside a list offers: the values of each facet with their counts, and the years as a histogram.

All of it follows from the list's answer. A query for each noun whose records are values, for their labels.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events import codes, names
from events.models.published import LARGEST_NUMBER
from events.reading import facets, search
from events.reading.filters import ListFilter

PAGE_SIZE = 100
# Nouns that /suggest/ knows: their facets get a box to search by name.
SUGGESTED = ("participant", "place", "topic")

ALL = {
    "participant": (_("All %(n)s participants"), _("All participants")),
    "speaker": (_("All %(n)s speakers"), _("All speakers")),
    "reporter": (_("All %(n)s who report others"), _("All who report others")),
    "country": (_("All %(n)s countries"), _("All countries")),
    "kind": (_("All %(n)s kinds"), _("All kinds")),
    "place": (_("All %(n)s places"), _("All places")),
    "topic": (_("All %(n)s topics"), _("All topics")),
    "language": (_("All %(n)s languages"), _("All languages")),
    "outlet": (_("All %(n)s outlets"), _("All outlets")),
}
ALL_VALUES = (_("All %(n)s values"), _("All values"))


@dataclass(frozen=True)
class Value:
    """A value of a facet as the panel offers it; `count` is None where nothing was counted, as the list was asked wrongly."""

    value: str
    label: str
    count: int | None
    is_chosen: bool
    address: str  # the parameters of the list with this value added, or taken away


@dataclass(frozen=True)
class Offered:
    """A facet with the values that the panel shows of it: the chosen ones first, then the most frequent."""

    name: str
    label: str
    field: Any
    values: Sequence[Value]
    chosen: int
    different: int
    of: str
    is_single: bool

    @property
    def has_more(self) -> bool:
        return self.different > len(self.values)

    @property
    def all_label(self) -> Any:
        """With their number, where that is told (`facets.MANY`)."""
        return ALL.get(self.name, ALL_VALUES)[self.different > facets.MANY]

    @property
    def is_suggested(self) -> bool:
        return self.has_more and self.of in SUGGESTED


def offered(listing: ListFilter) -> list[Offered]:
    """The facets of the list in the order of its form, as far as there is something to choose or to mend."""
    told = {facet.name: _told(listing, facet) for facet in listing.faceted}
    labels = _labels(listing, told)
    found = []
    for facet in listing.faceted:
        chosen = set(listing.chosen(facet.name))
        values = [
            _value(listing, facet, one, labels[facet.name][one.value], one.value in chosen)
            for one in told[facet.name]
            if one.value in labels[facet.name]
        ]
        field = listing.form[facet.name]
        if not values and not field.errors:
            continue
        found.append(
            Offered(
                name=facet.name,
                label=str(field.label),
                field=field,
                values=sorted(values, key=lambda one: not one.is_chosen),
                chosen=sum(one.is_chosen for one in values),
                different=listing.answer.different.get(facet.name, 0),
                of=facet.of,
                is_single=listing.takes_one(facet.name),
            )
        )
    return found


def _told(listing: ListFilter, facet: facets.Facet) -> Sequence[Any]:
    """What the answer tells of a facet; where nothing could be asked, what was chosen."""
    told: Sequence[Any] | None = listing.answer.facets.get(facet.name)
    return [_Uncounted(value) for value in listing.chosen(facet.name)] if told is None else told


@dataclass(frozen=True)
class _Uncounted:
    value: facets.Chosen
    count: None = None


def _value(listing: ListFilter, facet: facets.Facet, one: Any, label: str, is_chosen: bool) -> Value:
    return Value(
        value=str(one.value),
        label=label,
        count=one.count,
        is_chosen=is_chosen,
        address=listing.toggled(facet.name, str(one.value)),
    )


def _labels(listing: ListFilter, told: Mapping[str, Iterable[Any]]) -> dict[str, dict[facets.Chosen, str]]:
    """The labels of the values of each facet; of a value that is none (a typed one that is wrong) there is no label."""
    found: dict[str, dict[facets.Chosen, str]] = {}
    for facet in listing.faceted:
        if facet.of:
            found[facet.name] = facets.labels(facet, [one.value for one in told.get(facet.name, ())])
        else:
            pairs = [(one.value, _coded(listing, facet.name, one.value)) for one in told.get(facet.name, ())]
            found[facet.name] = {code: label for code, label in pairs if label}
    return found


def _coded(listing: ListFilter, name: str, code: Any) -> str:
    """What a code says in the reader's words; "" for one that says nothing."""
    reader = get_language() or "en"
    if name == "country":
        return codes.country_name(code, reader)
    if name == "language":
        return codes.language_name(code, reader)
    fields: dict[str, Any] = listing.form.fields
    return str(dict(fields[name].choices).get(code, ""))


class FindForm(forms.Form):
    """What the page of all values takes beside the parameters of the list."""

    find = forms.CharField(required=False, max_length=search.LONGEST_QUERY, label=_("Find a name"))
    page = forms.IntegerField(required=False, min_value=1, label=_("Page"))


class AllValues:
    """A page of all values of one facet of a list, those with a name like `find` where that is given; KeyError for what is no facet."""

    def __init__(self, listing: ListFilter, name: str, find: str = "", number: int = 1) -> None:
        self.listing, self.find, self.number = listing, find, number
        self.facet = {facet.name: facet for facet in listing.faceted}[name]
        self.label = str(listing.form[name].label)

    @cached_property
    def page(self) -> Page:
        """The values of the page that was asked for. Raises EmptyPage beyond the last one."""
        found, total = self._found()
        pages = Paginator(range(total), PAGE_SIZE)
        self.last = pages.num_pages
        pages.validate_number(self.number)
        labels = _labels(self.listing, {self.facet.name: found})[self.facet.name]
        chosen = set(self.listing.chosen(self.facet.name))
        return Page(
            [
                _value(self.listing, self.facet, one, labels[one.value], one.value in chosen)
                for one in found
                if one.value in labels
            ],
            self.number,
            pages,
        )

    def _found(self) -> tuple[Sequence[facets.Count], int]:
        question, name = self.listing.question, self.facet.name
        offset = min((self.number - 1) * PAGE_SIZE, LARGEST_NUMBER)
        if self.facet.of or not self.find:
            return facets.values(question, name, self.find, offset, PAGE_SIZE)
        # Codes have their names in Python, and there are not many.
        found, _total = facets.values(question, name)
        key = names.sort_key(self.find)
        found = [one for one in found if key and key in names.sort_key(_coded(self.listing, name, one.value))]
        return found[offset : offset + PAGE_SIZE], len(found)


# The histogram, in the units of its picture: wide enough for ten years that a finger can tell apart.
WIDTH, HEIGHT, AXIS = 240, 56, 24
LOWEST = 2  # what a year with a single record shows
# Beyond this a bar stands for ten years: a single year would be too thin to see.
LONGEST_IN_YEARS = 60
# What "1990" and "1990s" need.
ROOM_OF_YEAR, ROOM_OF_DECADE = 24, 32


@dataclass(frozen=True)
class Bar:
    """One or ten years with records; `address` are the parameters of the list of these years, or without any where it is shown now."""

    first: int
    last: int
    count: int
    is_chosen: bool
    address: str
    x: float
    y: float
    width: float
    height: float

    @property
    def years(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


class Years:
    """The years of a list's records: bars for those that have some, gaps for the others, and the decades below."""

    width, height, axis = WIDTH, HEIGHT, AXIS
    whole_height = HEIGHT + AXIS

    def __init__(self, listing: ListFilter) -> None:
        self.listing = listing
        self.counts = dict(listing.answer.years)
        self.first = min(self.counts, default=0)
        self.last = max(self.counts, default=0)
        if listing.is_valid():
            first, last = listing.question.first, listing.question.last
            self.chosen = (first.year if first else None, last.year if last else None)
        else:
            self.chosen = (None, None)

    def __bool__(self) -> bool:
        return len(self.counts) > 1

    @property
    def step(self) -> int:
        return 1 if self.last - self.first < LONGEST_IN_YEARS else 10

    @cached_property
    def bars(self) -> list[Bar]:
        step = self.step
        counted: dict[int, int] = {}
        for year, count in self.counts.items():
            begin = year - year % step
            counted[begin] = counted.get(begin, 0) + count
        most = max(counted.values(), default=1)
        return [self._bar(first, first + step - 1, count, most) for first, count in sorted(counted.items())]

    @cached_property
    def table(self) -> list[Bar]:
        """Each year that has records."""
        return [self._bar(year, year, count, 1) for year, count in sorted(self.counts.items())]

    @cached_property
    def named(self) -> list[Bar]:
        """What has its name below the bars: the years where there is room for each, else the decades where there is for them."""
        if self.step > 1 or self._x(self.first + 1) >= ROOM_OF_YEAR:
            return self.bars if self.step == 1 else []
        found = []
        for begin in range(self.first - self.first % 10, self.last + 1, 10):
            inside = range(max(begin, self.first), min(begin + 9, self.last) + 1)
            count = sum(self.counts.get(year, 0) for year in inside)
            left, right = self._x(inside[0]), self._x(inside[-1] + 1)
            if count and right - left >= ROOM_OF_DECADE:
                decade = self._bar(begin, begin + 9, count, count)
                found.append(replace(decade, x=left, width=round(right - left, 2)))
        return found

    @property
    def ends(self) -> tuple[Bar, ...]:
        """The first and the last bar, where nothing has its name below them."""
        return () if self.named else (self.bars[0], self.bars[-1])

    def _x(self, year: int) -> float:
        begin = self.first - self.first % self.step
        end = self.last - self.last % self.step + self.step
        return round((year - begin) * WIDTH / (end - begin), 2)

    def _bar(self, first: int, last: int, count: int, most: int) -> Bar:
        height = round(max(count * HEIGHT / most, LOWEST), 2)
        begin, end = self.chosen
        is_range = bool(begin or end)
        is_chosen = is_range and (begin is None or last >= begin) and (end is None or first <= end)
        is_it = (begin, end) == (first, last)
        return Bar(
            first=first,
            last=last,
            count=count,
            is_chosen=is_chosen,
            address=self.listing.address(
                **{"from": None if is_it else f"{first:04}", "to": None if is_it else f"{last:04}"}
            ),
            x=self._x(first),
            y=HEIGHT - height,
            width=round(self._x(last + 1) - self._x(first), 2),
            height=height,
        )
