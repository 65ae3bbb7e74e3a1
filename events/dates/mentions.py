"""Days that a text names: "lundi 27 février", "on 6 October 2022", "вчера", reckoned from the day of publication."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from babel import Locale

from events.dates.edtf import DateError, Edtf, parse

LANGUAGES = ("fr", "en", "ru", "de", "tr", "az", "hy", "ka")

# Words for days beside the day of publication, in days; and the words before or behind a weekday that say which week's it is.
_NEAR = {
    "fr": {"aujourd'hui": 0, "hier": -1, "avant-hier": -2, "demain": 1, "après-demain": 2, "ce jour": 0, "ce matin": 0, "ce soir": 0},
    "en": {"today": 0, "yesterday": -1, "tomorrow": 1, "tonight": 0, "this morning": 0, "this evening": 0},
    "ru": {"сегодня": 0, "вчера": -1, "накануне": -1, "позавчера": -2, "завтра": 1, "послезавтра": 2},
    "de": {"heute": 0, "gestern": -1, "vorgestern": -2, "morgen": 1, "übermorgen": 2},
    "tr": {"bugün": 0, "dün": -1, "yarın": 1, "önceki gün": -2},
    "az": {"bu gün": 0, "bugün": 0, "dünən": -1, "sabah": 1},
    "hy": {"այսօր": 0, "երեկ": -1, "վաղը": 1, "նախօրեին": -1},
    "ka": {"დღეს": 0, "გუშინ": -1, "ხვალ": 1},
}  # fmt: skip
_NEXT = {
    "fr": ("prochain",), "en": ("next", "this coming"), "ru": ("следующий", "следующую", "следующее"), "de": ("nächsten", "kommenden"),
    "tr": ("önümüzdeki", "gelecek"), "az": ("gələn", "növbəti"), "hy": ("հաջորդ",), "ka": ("მომავალ",),
}  # fmt: skip
_LAST = {
    "fr": ("dernier",), "en": ("last",), "ru": ("прошлый", "прошлую", "прошлое"), "de": ("vergangenen", "letzten"),
    "tr": ("geçen",), "az": ("ötən", "keçən"), "hy": ("անցած",), "ka": ("გასულ",),
}  # fmt: skip
# Turkish, Azerbaijani, Armenian and Georgian put their cases on the month; Russian writes it in the genitive, as CLDR has it.
_ENDINGS = {"tr": r"(?:['’]?\w{1,6})?", "az": r"(?:['’]?\w{1,6})?", "hy": r"\w{0,4}", "ka": r"\w{0,4}"}
_AND = r"(?:-|–|—|/| - | – | et | au | and | to | и | по | und | bis | ve | və | և | და )"
_YEAR = r"(?:[,.]?\s+(?:de l'an )?(?P<year>(?:19|20)\d\d)(?!\d))?"
_ISO = re.compile(r"(?<![\d.-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])")
_NUMBERS = re.compile(
    r"(?<![\d./-])(?P<day>[0-3]?\d)(?P<sign>[./])(?P<month>[01]?\d)(?P=sign)(?P<year>(?:19|20)\d\d)(?![\d/]|\.\d)"
)


@dataclass(frozen=True)
class DateMention:
    """Words at [start, end) of the text that name a day, days or a month: `edtf`, and in `how` whether they say it ("printed"), or
    it was reckoned from the day of publication ("reckoned")."""

    start: int
    end: int
    text: str
    edtf: str
    how: str


def find(text: str, language: str, published_on: str = "") -> list[DateMention]:
    """The dates that `text` names, in their order, none within another.

    Where the text leaves out the year, or says "lundi" or "hier", the date is the one nearest to `published_on` (EDTF, a day; by
    the custom of the press a weekday is that of the seven days before). Without a day of publication such words are left out.
    Linear in the length of the text.
    """
    language = language.partition("-")[0]
    language = language if language in LANGUAGES else "en"
    published = _day(published_on)
    found: list[DateMention] = []
    taken = [False] * (len(text) + 1)
    for pattern in _patterns(language):
        for match in pattern.finditer(text):
            if taken[match.start()] or taken[match.end() - 1]:
                continue
            read = _read(match, language, published)
            if read is None:
                continue
            found.append(DateMention(match.start(), match.end(), match[0], *read))
            taken[match.start() : match.end()] = [True] * (match.end() - match.start())
    return sorted(found, key=lambda mention: mention.start)


def is_weekday(words: str, language: str) -> bool:
    """Whether words that `find` has found name a day of the week and no date: "lundi", "next Friday"."""
    language = language.partition("-")[0]
    lower = words.lower()
    names = _weekdays(language if language in LANGUAGES else "en")
    return not re.search(r"\d", words) and any(name in lower for name in names)


def _day(published_on: str) -> date | None:
    try:
        edtf = parse(published_on) if published_on else None
    except DateError:
        return None
    return edtf.range[0] if edtf and edtf.precision == "day" else None


def _read(match: re.Match[str], language: str, published: date | None) -> tuple[str, str] | None:
    """EDTF, and how it is known; None for what is no date, or cannot be reckoned."""
    named = match.groupdict()
    if named.get("near"):
        return _reckoned(published, _NEAR[language][_plain(named["near"])])
    if named.get("weekday") and not named.get("day"):
        return _weekday(match, language, published)
    if language == "en" and named["month"].islower():
        return None  # "may 5 people", "march 12 miles"
    month = int(named["month"]) if named["month"].isdigit() else _month(named["month"], language)
    if not month or month > 12:
        return None
    days = [int(day) for day in (named.get("day"), named.get("last")) if day]
    if named.get("year"):
        return _dated(int(named["year"]), month, days, "printed")
    if published is None or not days:
        return None
    # The year that brings the day nearest to the publication.
    years = [published.year - 1, published.year, published.year + 1]
    nearest = min(years, key=lambda year: abs((_first(year, month) - published).days))
    return _dated(nearest, month, days, "reckoned")


def _first(year: int, month: int) -> date:
    return date(year, month, 15)


def _dated(year: int, month: int, days: list[int], how: str) -> tuple[str, str] | None:
    texts = [f"{year:04}-{month:02}-{day:02}" for day in days] or [f"{year:04}-{month:02}"]
    try:
        read: Edtf = parse("/".join(texts))
    except DateError:
        return None
    return read.text, how


def _reckoned(published: date | None, days: int) -> tuple[str, str] | None:
    return ((published + timedelta(days=days)).isoformat(), "reckoned") if published else None


def _weekday(match: re.Match[str], language: str, published: date | None) -> tuple[str, str] | None:
    if published is None:
        return None
    number = _weekdays(language)[_stem(match["weekday"], language)]
    words = match[0].lower()
    back = (published.weekday() - number) % 7
    if any(word in words for word in _NEXT[language]):
        return _reckoned(published, (number - published.weekday()) % 7 or 7)
    if any(word in words for word in _LAST[language]):
        return _reckoned(published, -(back or 7))
    return _reckoned(published, -back)


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words.lower().replace("’", "'"))


def _stem(word: str, language: str) -> str:
    known = _weekdays(language)
    lower = word.lower()
    return next((name for name in sorted(known, key=len, reverse=True) if lower.startswith(name)), lower)


def _month(word: str, language: str) -> int:
    lower = word.lower().rstrip(".")
    return next((number for name, number in _months(language) if lower.startswith(name)), 0)


@cache
def _months(language: str) -> list[tuple[str, int]]:
    """The names of the months in small letters, the longest first."""
    months = Locale.parse(language).months
    names = {
        name.lower().rstrip("."): number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in months[context][width].items()
        if width == "wide" or (language in ("en", "fr", "de", "ru") and len(name) > 2)
    }
    if language == "ru":  # "в октябре"
        names |= {f"{name.rstrip('ьй')}е": number for number, name in months["stand-alone"]["wide"].items()}
    return sorted(
        ((_base(name, language), number) for name, number in names.items()), key=lambda pair: -len(pair[0])
    )


def _base(name: str, language: str) -> str:
    """Georgian puts its cases in the place of the nominative's -i."""
    return name.removesuffix("ი") if language == "ka" else name


@cache
def _weekdays(language: str) -> dict[str, int]:
    days = Locale.parse(language).days["stand-alone"]["wide"]
    names = {_base(name.lower(), language): number for number, name in days.items()}
    if language == "ru":
        names |= {"среду": 2, "пятницу": 4, "субботу": 5}
    return names


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    ending = _ENDINGS.get(language, r"\.?")
    month = (
        "(?P<month>(?:"
        + "|".join(re.escape(name) for name, _number in _months(language))
        + ")"
        + ending
        + r")(?!\w)"
    )
    weekday = (
        "(?P<weekday>"
        + "|".join(map(re.escape, sorted(_weekdays(language), key=len, reverse=True)))
        + ")"
        + (r"\w{0,4}" if language in ("tr", "az", "hy", "ka") else "")
    )
    of_week = rf"(?:(?<!\w){weekday.replace('?P<weekday>', '?:')}[,\s]\s*(?:le |the |den |dem )?)?"
    day = r"(?P<day>[0-3]?\d)"
    last = rf"(?:{_AND}(?P<last>[0-3]?\d))?"
    point = r"\.?(?:er|st|nd|rd|th|-го|-ին|-ի)?"
    year_first = r"(?:(?P<year>(?:19|20)\d\d)(?:-cı il|-ci il|-cu il|-cü il| թ\.| թվականի| թ| წლის| წელს|-ი)?[,\s]\s*)?"
    near = (
        "(?<!\\w)(?P<near>"
        + "|".join(
            re.escape(words).replace("'", "['’]").replace(r"\ ", r"\s")
            for words in sorted(_NEAR[language], key=len, reverse=True)
        )
        + r")(?!\w)"
    )
    nexts = "|".join(map(re.escape, (*_NEXT[language], *_LAST[language])))
    alone = rf"(?<!\w)(?:(?:{nexts})\s)?{weekday}(?!\w)(?:\s(?:{nexts})(?!\w))?"
    written = [rf"{of_week}(?<![\d.,]){day}{point}{last}{point}\s(?:de |of )?{month}{_YEAR}"]
    if language == "en":
        months = month
        written.append(rf"{of_week}(?<!\w){months}\s{day}{point}{last}{point}{_YEAR}(?!\d)")
    if language in ("az", "hy", "ka"):
        written.insert(0, rf"(?<![\d.,]){year_first}{day}{point}{last}{point}\s{month}")
        written.insert(0, rf"(?<![\d.,]){day}{point}{last}{point}\s{month},?\s(?P<year>(?:19|20)\d\d)(?!\d)")
        written.insert(2, rf"(?<![\d.,]){year_first}{month}\s{day}{point}{last}{point}(?!\d)")
    written.append(rf"(?<!\w){month}\s(?P<year>(?:19|20)\d\d)(?!\d)")
    return (
        *(re.compile(pattern, re.IGNORECASE) for pattern in written),
        _ISO,
        _NUMBERS,
        re.compile(near, re.IGNORECASE),
        re.compile(alone, re.IGNORECASE),
    )
