"""Days as pages print them: in figures, in stamps, in addresses, and in words of the region's languages."""

import datetime as dt
import itertools
import re
from functools import lru_cache
from urllib.parse import urlsplit

from babel import Locale

_DAY = re.compile(r"\s*((?:19|20)\d\d)-?([01]\d)-?([0-3]\d)(?!\d)(.*)", re.DOTALL)
_MONTH_LANGUAGES = ("en", "fr", "ru", "uk", "de", "tr", "az", "az_Cyrl", "hy", "ka", "es", "it")
_LONGEST_DAY = 120


def day_of_stamp(stamp: str) -> str:
    """The day of an ISO 8601 stamp as it is written, or one in words or figures; "" for no day that can be meant."""
    if found := _DAY.match(stamp):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    return day_in(stamp)


def _checked(year: int, month: int, day: int) -> str:
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return ""
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    return found.isoformat() if dt.date(1990, 1, 1) <= found <= tomorrow else ""


def day_of_address(url: str) -> str:
    """The day in an address such as /2023/02/28/talks; "" where there is none."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    found = re.search(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)", f"{path}/")
    return _checked(*map(int, found.groups())) if found else ""


def day_in(text: str) -> str:
    """The first day that a short line names: 28.02.2023, 2023-02-28, 28 février 2023, February 28, 2023, 2023-cü il 28 fevral …"""
    text = " ".join(text.split())[: _LONGEST_DAY + 1]
    if not 6 <= len(text) <= _LONGEST_DAY or not re.search(r"\d\d", text):
        return ""
    if found := re.search(r"(?<!\d)((?:19|20)\d\d)[-./]([01]?\d)[-./]([0-3]?\d)(?!\d)", text):
        return _checked(*map(int, found.groups()))
    if found := re.search(r"(?<!\d)([0-3]?\d)([./-])([01]?\d)\2((?:19|20)\d\d)(?!\d)", text):
        day, _mark, month, year = found.groups()
        if (
            found[2] == "/"
            and int(day) <= 12
            and int(month) <= 12
            and day != month
            and re.search(r"[AP]M\b", text)
        ):
            return ""  # the American order cannot be told from the others
        return _checked(int(year), int(month), int(day))
    months = _months()
    lower = text.replace("İ", "i").lower()
    for found in re.finditer(r"[^\W\d_]+", lower):
        month = months.get(found[0])
        if not month:
            continue
        before, after = lower[: found.start()], lower[found.end() :]
        year_after = re.match(r"\.?,?\s*(?:de |del )?((?:19|20)\d\d)(?!\d)", after)
        day_before = re.search(r"(?<!\d)([0-3]?\d)(?:er|\.|-\w+)?\s*(?:de\s+)?$", before)
        if day_before and year_after:
            return _checked(int(year_after[1]), month, int(day_before[1]))
        if day_after := re.match(r"\.?\s*([0-3]?\d)(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)(?!\d)", after):
            return _checked(int(day_after[2]), month, int(day_after[1]))
        year_before = re.search(r"((?:19|20)\d\d)\D{0,12}?(?:([0-3]?\d)\.?\s*)?$", before)
        if year_before and year_before[2]:
            return _checked(int(year_before[1]), month, int(year_before[2]))
        day_alone = re.match(r"\s*([0-3]?\d)(?!\d)", after)
        if year_before and day_alone:
            return _checked(int(year_before[1]), month, int(day_alone[1]))
    return ""


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """The names of months, in small letters without a final stop, in the languages of the region and of its press."""
    found: dict[str, int] = {}
    for language in _MONTH_LANGUAGES:
        months = Locale.parse(language).months
        for form, width in itertools.product(("format", "stand-alone"), ("wide", "abbreviated")):
            for number, name in months[form][width].items():
                found.setdefault(str(name).replace("İ", "i").lower().rstrip("."), number)
    return found
