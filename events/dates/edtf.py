"""The part of EDTF (ISO 8601-2, levels 0 and 1, a little of 2) that editors need, read and compared."""

import re
import unicodedata
from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from babel import Locale

Precision = Literal["day", "month", "season", "year", "decade", "century"]
Form = Literal[
    "single", "interval", "either", "since", "until", "end unknown", "start unknown", "before", "after"
]

EXAMPLES = (
    "Write the year first: 2023-02-27, 2022-10, 1994, 2023-02-27/2023-02-28 (from, to), 2018-05-08/.. (still going on), "
    "1994-05~ (about), 1994? (uncertain), [..1994-05] (then or earlier), [2023-02-27,2023-02-28] (one of them), 199X (the 1990s), 2021-21 (spring 2021)."
)

# The longest right text has 23 characters; the rest is room for a guess at what was meant.
_LONGEST = 60
# Those that dates are worded in (events/dates/phrases.py), and whose names of months are understood.
LANGUAGES = ("en", "fr", "ru", "de", "tr", "az", "hy", "ka")
_COARSE: tuple[Precision, ...] = ("day", "month", "season", "year", "decade", "century")


class DateError(ValueError):
    """The text is no date that the archive can read; the message says why and shows right text."""


@dataclass(frozen=True)
class Point:
    """One date without its surroundings: a day, month, season, year, decade or century, and how sure it is.

    `year` is the first year of a decade or century. `season` is the EDTF number, 21 to 24. `unspecified` names the parts
    that were written as XX ("month", "day"). `lower` is the first day, `upper` the first day after (None where that
    day lies past the year 9999).
    """

    precision: Precision
    year: int
    month: int | None = None
    day: int | None = None
    season: int | None = None
    unspecified: tuple[str, ...] = ()
    approximate: bool = False
    uncertain: bool = False

    @property
    def lower(self) -> date:
        if self.season is not None:
            return date(self.year, (self.season - 20) * 3, 1)
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def upper(self) -> date | None:
        if self.day is not None:
            last = self.lower
            return None if last == date.max else last + timedelta(days=1)
        months = {"month": 1, "season": 3, "year": 12, "decade": 120, "century": 1200}[self.precision]
        year, month = divmod(self.lower.year * 12 + self.lower.month - 1 + months, 12)
        return date(year, month + 1, 1) if year <= date.max.year else None

    @property
    def text(self) -> str:
        mark = {(False, False): "", (True, False): "~", (False, True): "?", (True, True): "%"}
        return self._digits() + mark[self.approximate, self.uncertain]

    def _digits(self) -> str:
        year = f"{self.year:04}"
        if self.precision == "century":
            return f"{year[:2]}XX"
        if self.precision == "decade":
            return f"{year[:3]}X"
        if self.season is not None:
            return f"{year}-{self.season}"
        parts = [year]
        if self.month is not None:
            parts.append(f"{self.month:02}")
        if self.day is not None:
            parts.append(f"{self.day:02}")
        return "-".join(parts + ["XX"] * len(self.unspecified))


@dataclass(frozen=True)
class Edtf:
    """A date as the archive holds it. `text` is the canonical EDTF: parsing it gives an equal value.

    `lower` is the first day that it may lie on and `upper` the first day after the last one; None on either side means
    that the side is open, unknown, or past the year 9999. `form` says how `start` and `end` are meant: one date
    ("single", in `start`), a span ("interval"), one of two ("either"), still going on ("since"), going on before anyone noted it ("until"), a
    span with one end not known, or one day at or before `end` ("before") or at or after `start` ("after").
    """

    text: str
    lower: date | None
    upper: date | None
    form: Form
    start: Point | None = None
    end: Point | None = None

    @property
    def range(self) -> tuple[date | None, date | None]:
        """`(lower, upper)`: half-open, as PostgreSQL's daterange has it. "About" does not widen it."""
        return self.lower, self.upper

    @property
    def points(self) -> tuple[Point, ...]:
        """The dates that stand in the text: one or two."""
        return tuple(point for point in (self.start, self.end) if point is not None)

    @property
    def precision(self) -> Precision:
        """How fine the date is: the coarser of its two ends."""
        return max((point.precision for point in self.points), key=_COARSE.index)

    @property
    def approximate(self) -> bool:
        """Whether any part is marked "about" (`~` or `%`)."""
        return any(point.approximate for point in self.points)

    @property
    def uncertain(self) -> bool:
        """Whether any part is marked as uncertain (`?` or `%`)."""
        return any(point.uncertain for point in self.points)

    def overlaps(self, lower: date | None, upper: date | None) -> bool:
        """Whether it may lie on a day of the half-open range from `lower` to before `upper`; None is open."""
        starts_in_time = self.lower is None or upper is None or self.lower < upper
        ends_in_time = self.upper is None or lower is None or lower < self.upper
        return starts_in_time and ends_in_time and (lower is None or upper is None or lower < upper)

    def __str__(self) -> str:
        return self.text


def parse(text: str) -> Edtf:
    """Read an editor's date; raises `DateError`, whose message an editor can act on, for all other text.

    Read are: day, month, year, season (`2021-21` spring to `2021-24` winter), decade `199X`, century `19XX`, unknown
    parts `1994-XX` and `1994-05-XX`, each with `?` uncertain, `~` about or `%` both; spans `a/b`, open `a/..` and `../b`,
    with an unknown end `a/` and `/b`; `[..b]` at b or earlier, `[a..]` at a or later, `[a,b]` at one of the two. Seasons are those of the northern
    hemisphere by whole months: spring March to May, summer June to August, autumn September to November, winter
    December to February of the next year. A span from a date to the same date becomes that date. Blanks around the text
    and the slash are dropped. Years are 0001 to 9999. Linear in the length of the text, and cut short over 60 characters.
    """
    typed = re.sub("[\u00a0\u202f]", " ", unicodedata.normalize("NFC", text[: _LONGEST + 1])).strip()
    if len(text) > _LONGEST:
        raise _refusal(typed, "It is too long.")
    if not typed.isprintable():
        raise _refusal(typed, "It holds characters that cannot be seen; type it anew.")
    try:
        return _read(re.sub("[\u2010\u2011\u2212]", "-", typed))
    except _ReadingError as reason:
        if guesses := _guesses(typed):
            asked = f"Did you mean {' or '.join(guesses)}?"
            raise _refusal(typed, f"{reason} {asked}".strip()) from None
        raise _refusal(typed, str(reason)) from None


class _ReadingError(Exception):
    """Why a text was not read; empty where there is no more to say than that it is no date."""


def _refusal(typed: str, reason: str) -> DateError:
    shown = "".join(char if char.isprintable() else "\ufffd" for char in typed)
    return DateError(
        " ".join(
            f'"{shown[:40]}{"…" if len(shown) > 40 else ""}" is not a date the archive can read. {reason} {EXAMPLES}'.split()
        )
    )


_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ] ?[0-9]{1,2}([:.][0-9]{2}.{0,20}|[Zz]?)")
_POINT = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?(?P<mark>[?~%]?)"
)


def _read(typed: str) -> Edtf:
    text = typed.replace("x", "X")
    if _TIME.fullmatch(text):
        raise _ReadingError("The time of day is not kept; write the day alone.")
    if text.startswith("[") and text.endswith("]"):
        return _one_of_a_set(text[1:-1].strip())
    if text.count("/") > 1:
        raise _ReadingError("A span has one slash, between its first and its last day.")
    if "/" not in text:
        return _single(_point(text))
    before, after = (side.strip() for side in text.split("/"))
    if not (before.strip(".") or after.strip(".")):
        raise _ReadingError("A span needs at least one date.")
    return _span(before, after)


def _single(point: Point) -> Edtf:
    return Edtf(point.text, point.lower, point.upper, "single", start=point)


def _one_of_a_set(inside: str) -> Edtf:
    if inside.startswith("..") and not inside.endswith(".."):
        end = _point(inside[2:].strip())
        return Edtf(f"[..{end.text}]", None, end.upper, "before", end=end)
    if inside.endswith("..") and not inside.startswith(".."):
        start = _point(inside[:-2].strip())
        return Edtf(f"[{start.text}..]", start.lower, None, "after", start=start)
    if inside.count(",") == 1:
        one, other = (_point(side.strip()) for side in inside.split(","))
        if one == other:
            return _single(one)
        start, end = (one, other) if one.lower <= other.lower else (other, one)
        return Edtf(
            f"[{start.text},{end.text}]", start.lower, _latest(start, end), "either", start=start, end=end
        )
    raise _ReadingError(
        "Square brackets hold one date with two full stops at one side, [..1994-05] or [1994-05..], or two of which one is meant:"
        " [2023-02-27,2023-02-28]."
    )


def _latest(start: Point, end: Point) -> date | None:
    return None if start.upper is None or end.upper is None else max(start.upper, end.upper)


def _span(before: str, after: str) -> Edtf:
    if before in ("", ".."):
        end = _point(after)
        return Edtf(f"{before}/{end.text}", None, end.upper, "until" if before else "start unknown", end=end)
    start = _point(before)
    if after in ("", ".."):
        form: Form = "since" if after else "end unknown"
        return Edtf(f"{start.text}/{after}", start.lower, None, form, start=start)
    end = _point(after)
    if start == end:
        return _single(start)
    if end.upper is not None and end.upper <= start.lower:
        raise _ReadingError(f"The end, {end.text}, comes before the start, {start.text}.")
    return Edtf(f"{start.text}/{end.text}", start.lower, end.upper, "interval", start=start, end=end)


def _point(text: str) -> Point:
    found = _POINT.fullmatch(text)
    if not found:
        raise _ReadingError("")
    year, month, day, mark = found.group("year", "month", "day", "mark")
    if year in ("0000", "000X", "00XX"):
        raise _ReadingError("Years run from 0001 to 9999.")
    if year.endswith("X"):
        if month:
            raise _ReadingError("A decade or a century has no month.")
        point = Point("century" if year.endswith("XX") else "decade", int(year.replace("X", "0")))
    else:
        point = _within_year(int(year), month, day)
    return replace(point, approximate=mark in ("~", "%"), uncertain=mark in ("?", "%"))


def _within_year(year: int, month: str | None, day: str | None) -> Point:
    if month is None:
        return Point("year", year)
    if month == "XX":
        if day not in (None, "XX"):
            raise _ReadingError("A day needs its month.")
        return Point("year", year, unspecified=("month", "day") if day else ("month",))
    number = int(month)
    if 21 <= number <= 24 and day is None:
        return Point("season", year, season=number)
    if not 1 <= number <= 12:
        seasons = "Months run from 01 to 12; seasons are 21 spring, 22 summer, 23 autumn and 24 winter."
        raise _ReadingError(f"There is no month {month}. {seasons}")
    if day is None or day == "XX":
        return Point("month", year, number, unspecified=("day",) if day else ())
    length = monthrange(year, number)[1]
    if not 1 <= int(day) <= length:
        raise _ReadingError(f"There is no day {day} in {year:04}-{month}: it has {length} days.")
    return Point("day", year, number, int(day))


# What people type instead. Each guess is shown only when it is itself a date that the archive can read.

_YEAR_LAST = re.compile(r"([0-9]{1,2})[-./ ]([0-9]{1,2})[-./ ]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-./ ]([0-9]{1,2})(?:[-./ ]([0-9]{1,2}))?")
_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DAYS_OF_MONTH = re.compile(r"([0-9]{1,2})\.? ?[-–—] ?([0-9]{1,2})\b(.*)")
_SHORT_END = re.compile(r"([0-9]{4}(?:-[0-9]{2})?)-([0-9]{2}) ?[/–—] ?([0-9]{2})")
_DECADE = re.compile(r"(?:the )?([0-9]{3})0'?s")
_WORDED = re.compile(r"[0-9]+|[^\W\d_]+")
_LEADS = {
    "about": "{}~", "around": "{}~", "approx": "{}~", "circa": "{}~", "ca": "{}~", "c": "{}~", "vers": "{}~",
    "около": "{}~", "before": "[..{}]", "avant": "[..{}]", "до": "[..{}]", "after": "[{}..]", "après": "[{}..]",
    "после": "[{}..]", "since": "{}/..", "from": "{}/..", "depuis": "{}/..", "until": "../{}", "till": "../{}",
}  # fmt: skip
_SEASONS = {
    "spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24, "printemps": 21, "été": 22, "automne": 23,
    "hiver": 24, "весна": 21, "лето": 22, "осень": 23, "зима": 24,
}  # fmt: skip


def _guesses(typed: str) -> list[str]:
    readable: dict[str, None] = {}
    for candidate in _candidates(typed.casefold()):
        with suppress(_ReadingError):
            readable[_read(candidate).text] = None
    return list(readable)


def _candidates(typed: str) -> list[str]:
    if found := _TIME.fullmatch(typed):
        return [found[1]]
    if found := _DECADE.fullmatch(typed):
        return [f"{found[1]}X"]
    lead, _, rest = typed.partition(" ")
    if rest and (pattern := _LEADS.get(lead.rstrip("."))):
        return [pattern.format(inner) for inner in _plain(rest)]
    if typed[:-1] and typed[-1] in "?~%" and typed[-2] in "?~%":
        return [typed.rstrip("?~%") + "%"]
    if plain := _plain(typed):
        return plain
    if (found := _DAYS_OF_MONTH.fullmatch(typed)) and (ends := _plain(found[2] + found[3])):
        return [f"{start}/{end}" for start in _plain(found[1] + found[3]) for end in ends]
    if found := _SHORT_END.fullmatch(typed):
        return [f"{found[1]}-{found[2]}/{found[1]}-{found[3]}"]
    for separator in (" - ", "–", "—", " to ", "/", "--"):
        before, found_separator, after = typed.partition(separator)
        if found_separator and (starts := _plain(before.strip())) and (ends := _plain(after.strip())):
            return [f"{starts[0]}/{ends[0]}"]
    return []


def _plain(typed: str) -> list[str]:
    """The readings of one date without words around it: the European order of day and month first."""
    with suppress(_ReadingError):
        return [_point(typed.replace("x", "X")).text]
    if found := _YEAR_LAST.fullmatch(typed):
        first, second, year = found.groups()
        return [f"{year}-{second:0>2}-{first:0>2}", f"{year}-{first:0>2}-{second:0>2}"]
    if found := _YEAR_FIRST.fullmatch(typed):
        year, month, day = found.groups()
        swapped = [f"{year}-{day:0>2}-{month:0>2}"] if day and int(month) > 12 else []
        return [f"{year}-{month:0>2}" + (f"-{day:0>2}" if day else ""), *swapped]
    if found := _TOGETHER.fullmatch(typed):
        return ["-".join(found.groups())]
    words = _WORDED.findall(typed)
    years = [word for word in words if len(word) == 4 and word.isascii() and word.isdigit()]
    days = [word for word in words if re.fullmatch("[0-9]{1,2}", word)]
    if len(years) != 1 or len(days) > 1 or len(words) > 6:
        return []
    names = _month_names()
    if months := [names[word] for word in words if word in names]:
        return ["-".join([years[0], f"{months[0]:02}", *(f"{int(day):02}" for day in days)])]
    return [f"{years[0]}-{_SEASONS[word]}" for word in words if word in _SEASONS and not days][:1]


@lru_cache(maxsize=1)
def _month_names() -> dict[str, int]:
    """Month by its name in any language of the wordings, in lower case and without full stops."""
    names: dict[str, int] = {}
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    names[name.casefold().rstrip(".")] = number
    return names
