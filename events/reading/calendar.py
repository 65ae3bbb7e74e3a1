"""The meetings of a year, a month and a day, what stands next to them, and the meetings of one day in all years.

A meeting stands where its date leads: one that is dated to the day on each of its days, one that is known to the month, or to be on one of
two days, on its months, and one that is known to the season, the year or less on its years. So no day fills with what may have happened on any
other, and nothing is left out.
"""

import re
from bisect import bisect_right
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any, Literal, Self

from django.contrib.postgres.fields import DateRangeField
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, F, Func, Max, Min, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.urls import reverse
from django.utils.functional import cached_property

from events.models import Meeting, Quotation
from events.models.meeting import MeetingQuerySet

# Four digits between these are a year in an address, not a meeting's number: see "Decisions" in docs/architecture.md.
FIRST_YEAR, LAST_YEAR = 1900, 2099

Unit = Literal["year", "month", "day"]

# How fine an EDTF text is, told from its spelling, so that the database can tell it as well. A date that is open at one end is known to neither.
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}[?~%]?"
_MONTH = "[0-9]{4}-(0[1-9]|1[0-2])(-([0-9]{2}|XX))?[?~%]?"
TO_THE_DAY = rf"^{_DAY}(/{_DAY})?$"
TO_THE_MONTH = rf"^\[?{_MONTH}([/,]{_MONTH})?\]?$"


def known_to(held_on: str) -> Unit:
    """How fine a date is: to the day, to the month, or to the year or less."""
    if re.match(TO_THE_DAY, held_on):
        return "day"
    return "month" if re.match(TO_THE_MONTH, held_on) else "year"


def today() -> date:
    """The day by Universal Time: readers live in many zones, and the archive has one answer for all of them."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Period:
    """A year, a month or a day that has a page."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """ValueError where the calendar has no such day, or the archive no such page."""
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"{self.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def holding(cls, day: date, unit: Unit) -> Self:
        """The year, month or day in which `day` lies."""
        depth = {"year": 1, "month": 2, "day": 3}[unit]
        return cls(*(day.year, day.month, day.day)[:depth])

    @classmethod
    def nearest(cls, year: int, month: int | None = None, day: int | None = None) -> Self:
        """The period itself, or the nearest one that the calendar has: December for a 13th month, 28 February for a 30th."""
        year = min(max(year, FIRST_YEAR), LAST_YEAR)
        if month is None:
            return cls(year)
        known = min(max(month, 1), 12)
        if day is None:
            return cls(year, known)
        if month != known:
            return cls(year, known)
        return cls(year, known, min(max(day, 1), monthrange(year, known)[1]))

    @property
    def unit(self) -> Unit:
        return "day" if self.day else "month" if self.month else "year"

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def text(self) -> str:
        """As EDTF, which pages word in the reader's language: "2023-02"."""
        return self.first.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.unit]]

    @property
    def around(self) -> list["Period"]:
        """The periods in which this one lies, the year first."""
        wider = [Period(self.year)] if self.month else []
        return [*wider, Period(self.year, self.month)] if self.day else wider

    def get_absolute_url(self) -> str:
        numbers = [number for number in (self.year, self.month, self.day) if number is not None]
        return reverse(f"events:meeting-{self.unit}", args=numbers)


def page_of(held_on: str, first: date | None) -> Period | None:
    """The page on which a meeting of this date stands, that of its first day, where there is one."""
    if first is None or not FIRST_YEAR <= first.year <= LAST_YEAR:
        return None
    return Period.holding(first, known_to(held_on))


def meetings(numbers: list[int]) -> list[Meeting]:
    """The public meetings of these numbers in their order, with what a list prints of them. Four queries, none for no number."""
    records = Meeting.objects.public().filter(pk__in=numbers).for_list().in_bulk() if numbers else {}
    return [records[number] for number in numbers if number in records]


@dataclass(frozen=True)
class Dated:
    """How many public meetings have one date, and the days that it covers: from `first` to before `after`, None where it is open."""

    held_on: str
    days: DateRange
    count: int

    @cached_property
    def known_to(self) -> Unit:
        return known_to(self.held_on)

    def cut(self, first: date, last: date) -> tuple[date, date]:
        """Its own first and last day of those from `first` to `last`; of what lies outside, the last one comes before the first."""
        return (
            max(self.days.lower or first, first),
            min(self.days.upper - timedelta(days=1), last) if self.days.upper else last,
        )

    def meets(self, first: date, last: date) -> bool:
        """Whether one of its days is among those from `first` to `last`."""
        begin, end = self.cut(first, last)
        return begin <= end

    @property
    def place(self) -> tuple[Any, ...]:
        """Where it stands among others: by its first day, a short one before a long one."""
        return (self.days.lower or date.min, self.days.upper or date.max, self.held_on)


@dataclass(frozen=True)
class Day:
    """A day of a calendar month, with how many meetings fell on it; no page where none did."""

    day: date
    count: int
    page: Period | None
    is_shown: bool


@dataclass(frozen=True)
class Month:
    """A month of a year, with how many meetings it has, and how that compares with the fullest one: 1 to 10, 0 for none."""

    page: Period
    count: int
    share: int


class Contents:
    """What readers find in a period, counted by one query that reads as much as the period holds (the month around a day)."""

    def __init__(self, period: Period) -> None:
        self.period = period
        counted = self.month
        found = (
            Meeting.objects.public()
            .between(counted.first, counted.last)
            .order_by()
            .values_list("held_on", "held_range")
            .annotate(n=Count("pk"))
        )
        self._counted = sorted((Dated(*row) for row in found), key=lambda dated: dated.place)

    @property
    def month(self) -> Period:
        """The month whose calendar stands beside the list, for a month and a day."""
        return self.period.around[-1] if self.period.day else self.period

    @cached_property
    def exact(self) -> list[Dated]:
        """The dates that are at least as fine as what the page lists: days for a month, days and months for a year."""
        fine: tuple[Unit, ...] = ("day", "month") if self.period.unit == "year" else ("day",)
        return [dated for dated in self._here if dated.known_to in fine]

    @cached_property
    def loose(self) -> list[Dated]:
        """The dates that are as coarse as the period itself, or for a year coarser."""
        if self.period.unit == "day":
            return []
        return [dated for dated in self._here if dated.known_to == self.period.unit]

    @property
    def coarser(self) -> list[tuple[Period, int]]:
        """The month and the year around, with how many may have fallen into this period but stand on their pages alone."""
        counted: Counter[Unit] = Counter()
        for dated in self._here:
            counted[dated.known_to] += dated.count
        wider = reversed(self.period.around)
        return [(period, counted[period.unit]) for period in wider if counted[period.unit]]

    @property
    def exact_count(self) -> int:
        return sum(dated.count for dated in self.exact)

    @property
    def loose_count(self) -> int:
        return sum(dated.count for dated in self.loose)

    @property
    def total(self) -> int:
        return self.exact_count + self.loose_count

    @cached_property
    def _here(self) -> list[Dated]:
        first, last = self.period.first, self.period.last
        return [dated for dated in self._counted if dated.meets(first, last)]

    def rows(self, start: int, stop: int) -> tuple[list[Meeting], list[Meeting]]:
        """The meetings from `start` to before `stop`, by date, those of exact dates and after them the others.

        Which dates they have is known from the counts, so that the last page of a full year reads no more than its first. Five queries.
        """
        dates = [*self.exact, *self.loose]
        ends = list(accumulate(dated.count for dated in dates))
        touched = dates[bisect_right(ends, start) : bisect_right(ends, stop - 1) + 1]
        if not touched:
            return [], []
        order = {dated.held_on: number for number, dated in enumerate(touched)}
        # The ranges are what the index knows.
        ranges = list(dict.fromkeys(dated.days for dated in touched))
        found = Meeting.objects.public().filter(held_range__in=ranges, held_on__in=list(order))
        numbers = sorted(
            found.order_by().values_list("pk", "held_on"), key=lambda row: (order[row[1]], row[0])
        )
        before = start - (ends[dates.index(touched[0])] - touched[0].count)
        chosen = [number for number, _held_on in numbers[before : before + stop - start]]
        shown = meetings(chosen)
        loose = {dated.held_on for dated in self.loose}
        return (
            [record for record in shown if record.held_on not in loose],
            [record for record in shown if record.held_on in loose],
        )

    def weeks(self) -> list[list[Day | None]]:
        """The weeks of the month, from Monday; None for the days of its neighbours."""
        month = self.month
        counts: Counter[int] = Counter()
        for dated in self._counted:
            if dated.known_to == "day":
                begin, end = dated.cut(month.first, month.last)
                for number in range(begin.day, end.day + 1):
                    counts[number] += dated.count
        cells: list[Day | None] = [None] * month.first.weekday()
        for number in range(1, month.last.day + 1):
            day = month.first.replace(day=number)
            page = Period.holding(day, "day") if counts[number] else None
            cells.append(Day(day, counts[number], page, is_shown=number == self.period.day))
        cells += [None] * (-len(cells) % 7)
        return [cells[n : n + 7] for n in range(0, len(cells), 7)]

    def months(self) -> list[Month]:
        """The months of the year, with what has a date in them that is known to the month at least."""
        first, last = self.period.first, self.period.last
        counts = [0] * 12
        for dated in self.exact:
            begin, end = dated.cut(first, last)
            for number in range(begin.month, end.month + 1):
                counts[number - 1] += dated.count
        most = max(counts)
        return [
            Month(Period(self.period.year, number), count, -(-10 * count // most) if count else 0)
            for number, count in enumerate(counts, start=1)
        ]


def neighbours(period: Period) -> tuple[Period | None, Period | None]:
    """The nearest year, month or day before and after this one that has records on its page. Two queries, each of a few rows by index.

    The one before is told by the latest meeting that began earlier: nothing ends between its start and the period but what overlaps that
    span. The one after likewise.
    """
    rows = Meeting.objects.public()
    if period.unit == "year":
        # What is open at one end lies in every year.
        rows = rows.filter(held_range__lower_inf=False, held_range__upper_inf=False)
    else:
        rows = rows.filter(held_on__regex=TO_THE_DAY if period.unit == "day" else TO_THE_MONTH)
    start, end = F("held_range__startswith"), F("held_range__endswith")
    first, after = period.first, period.last + timedelta(days=1)
    floor, ceiling = date(FIRST_YEAR, 1, 1), date(LAST_YEAR + 1, 1, 1)

    latest = (
        rows.filter(held_range__startswith__lt=first)
        .order_by(start.desc(nulls_last=True))
        .values("held_range__startswith")[:1]
    )
    since = _span(Coalesce(Subquery(latest), Value(first)), Value(first))
    ended = rows.filter(held_range__overlap=since).aggregate(day=Max(Least(end, Value(first))))["day"]

    next_one = (
        rows.filter(held_range__startswith__gte=after)
        .order_by(start.asc(nulls_first=True))
        .values("held_range__startswith")[:1]
    )
    until = _span(Value(after), Coalesce(Subquery(next_one), Value(after)), "[]")
    begun = rows.filter(held_range__overlap=until).aggregate(day=Min(Greatest(start, Value(after))))["day"]

    return (
        Period.holding(ended - timedelta(days=1), period.unit) if ended and ended > floor else None,
        Period.holding(begun, period.unit) if begun and begun < ceiling else None,
    )


def _span(lower: Any, upper: Any, bounds: str = "[)") -> Func:
    return Func(lower, upper, Value(bounds), function="daterange", output_field=DateRangeField())


def words_were_said(day: date) -> bool:
    """Whether readers find a quotation of this very day: said then, or at a meeting that is dated to it. One query of a few rows by index."""
    meetings = Meeting.objects.public().filter(
        held_range__overlap=DateRange(day, day, "[]"), held_on__regex=TO_THE_DAY
    )
    quotations = Quotation.objects.public().order_by().values_list("pk")
    # By equality: what overlaps the day is also all that is known to its year alone. And not one condition with "or", which no index answers.
    said = quotations.filter(said_range=DateRange(day, day + timedelta(days=1)))[:1]
    at_one = quotations.filter(said_range=None, meeting__in=meetings.order_by().values("pk"))[:1]
    return bool(said.union(at_one, all=True)[:1])


def on_this_day(month: int, day: int) -> list[int]:
    """The numbers of the meetings of this day in all years, the latest first. One query by index; it also meets what is known to the year
    alone, so that a hundred thousand meetings cost some 20 ms."""
    days = Func(
        Value("{" + ",".join(f"[{one},{one}]" for one in _in_all_years(month, day)) + "}"),
        template="(%(expressions)s)::datemultirange",
        output_field=DateRangeField(),
    )
    rows = Meeting.objects.public().filter(held_range__overlap=days, held_on__regex=TO_THE_DAY)
    return list(rows.order_by("-held_range", "-pk").values_list("pk", flat=True))


def begun_on_this_day(month: int, day: int) -> MeetingQuerySet:
    """The meetings that began on this day in any year, the latest first; the first few of them cost little in any archive."""
    return (
        Meeting.objects.public()
        .filter(held_range__startswith__in=_in_all_years(month, day), held_on__regex=TO_THE_DAY)
        .order_by(F("held_range__startswith").desc(nulls_last=True), "-pk")
    )


def _in_all_years(month: int, day: int) -> list[date]:
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return [date(year, month, day) for year in years if day <= monthrange(year, month)[1]]
