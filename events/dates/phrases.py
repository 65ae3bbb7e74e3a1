"""Dates in the reader's words."""

import re
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import parse_pattern

from events.dates.edtf import Edtf, Point, parse

# The words around a date, by language. A key may be narrowed, the narrowest wins: first by where the date stands
# (`decade_since`: the form that a decade takes after "since"), then by what it is (`since_day`). Languages that change
# the ends of words get whole forms or wordings that ask for none. Patterns of days and months are CLDR's unless given here:
# its Armenian, Azerbaijani and Georgian ones differ between a day and a span of days.

_PHRASES: dict[str, dict[str, str]] = {
    "en": {
        "season21": "spring {year}", "season22": "summer {year}", "season23": "autumn {year}",
        "season24": "winter {year}–{next}",
        "decade": "{decade}s", "decade_within": "the {decade}s",
        "century": "{ordinal} century", "century_within": "the {ordinal} century",
        "about": "about {}", "uncertain": "{} (uncertain)", "about uncertain": "about {} (uncertain)",
        "month unknown": "{} (month unknown)", "day unknown": "{} (day unknown)", "month and day unknown": "{} (month and day unknown)",
        "span": "{} – {}", "since": "since {}", "until": "until {}",
        "end unknown": "from {}, end unknown", "start unknown": "until {}, start unknown",
        "before": "{} or earlier", "after": "{} or later",
    },
    "fr": {
        "season21": "printemps {year}", "season22": "été {year}", "season23": "automne {year}",
        "season24": "hiver {year}–{next}",
        "decade": "années {decade}", "century": "{roman}e siècle", "century1": "Ier siècle",
        "about": "vers {}", "about_day": "vers le {}", "about_season21": "vers le {}", "about_season": "vers l’{}",
        "about_decade": "vers les {}", "about_century": "vers le {}",
        "uncertain": "{} (date incertaine)", "about uncertain": "{} (date approximative et incertaine)",
        "about_within": "{} (date approximative)",
        "month unknown": "{} (mois inconnu)", "day unknown": "{} (jour inconnu)", "month and day unknown": "{} (mois et jour inconnus)",
        "span": "{} – {}", "since": "depuis {}", "since_day": "depuis le {}", "since_season21": "depuis le {}",
        "since_season": "depuis l’{}", "since_decade": "depuis les {}", "since_century": "depuis le {}",
        "until": "jusqu’en {}", "until_day": "jusqu’au {}", "until_season21": "jusqu’au {}",
        "until_season": "jusqu’à l’{}", "until_decade": "jusqu’aux {}", "until_century": "jusqu’au {}",
        "end unknown": "{} – fin inconnue", "start unknown": "début inconnu – {}",
        "before": "{} ou avant", "after": "{} ou après",
    },
    "ru": {
        "year": "{year} г.", "years": "{first}–{last} гг.",
        "season21": "весна {year} г.", "season22": "лето {year} г.", "season23": "осень {year} г.",
        "season24": "зима {year}–{next} гг.",
        "season21_since": "весны {year} г.", "season22_since": "лета {year} г.", "season23_since": "осени {year} г.",
        "season24_since": "зимы {year}–{next} гг.", "season21_until": "весну {year} г.",
        "season24_until": "зиму {year}–{next} гг.",
        "decade": "{decade}-е гг.", "decade_since": "{decade}-х гг.", "century": "{roman} век",
        "century_since": "{roman} века", "month_since": "MMMM y 'г'.",
        "about": "{} (примерно)", "uncertain": "{} (под вопросом)", "about uncertain": "{} (примерно, под вопросом)",
        "month unknown": "{} (месяц неизвестен)", "day unknown": "{} (день неизвестен)", "month and day unknown": "{} (месяц и день неизвестны)",
        "span": "{} – {}", "since": "с {}", "until": "по {}",
        "end unknown": "{} – конец неизвестен", "start unknown": "начало неизвестно – {}",
        "before": "{} или ранее", "after": "{} или позднее",
    },
    "de": {
        "season21": "Frühling {year}", "season22": "Sommer {year}", "season23": "Herbst {year}",
        "season24": "Winter {year}/{next}",
        "decade": "{decade}er Jahre", "decade_since": "den {decade}er Jahren", "decade_until": "in die {decade}er Jahre",
        "century": "{n}. Jahrhundert", "century_since": "dem {n}. Jahrhundert", "century_until": "ins {n}. Jahrhundert",
        "about": "ca. {}", "uncertain": "{} (unsicher)", "about uncertain": "ca. {} (unsicher)",
        "month unknown": "{} (Monat unbekannt)", "day unknown": "{} (Tag unbekannt)", "month and day unknown": "{} (Monat und Tag unbekannt)",
        "span": "{} – {}", "since": "seit {}", "until": "bis {}",
        "end unknown": "{} – Ende unbekannt", "start unknown": "Anfang unbekannt – {}",
        "before": "{} oder früher", "after": "{} oder später",
    },
    "tr": {
        "season21": "{year} ilkbaharı", "season22": "{year} yazı", "season23": "{year} sonbaharı",
        "season24": "{year}–{next} kışı",
        "season21_since": "{year} ilkbaharından", "season22_since": "{year} yazından",
        "season23_since": "{year} sonbaharından", "season24_since": "{year}–{next} kışından",
        "season21_until": "{year} ilkbaharına", "season22_until": "{year} yazına",
        "season23_until": "{year} sonbaharına", "season24_until": "{year}–{next} kışına",
        "decade": "{decade}'{suffix} yıllar", "decade_since": "{decade}'{suffix} yıllardan",
        "decade_until": "{decade}'{suffix} yıllara", "suffixes": "lü lu li lu lı li lı li li lı", "thousand": "li",
        "century": "{n}. yüzyıl", "century_since": "{n}. yüzyıldan", "century_until": "{n}. yüzyıla",
        "about": "{} (yaklaşık)", "uncertain": "{} (kesin değil)", "about uncertain": "{} (yaklaşık, kesin değil)",
        "month unknown": "{} (ay bilinmiyor)", "day unknown": "{} (gün bilinmiyor)", "month and day unknown": "{} (ay ve gün bilinmiyor)",
        "span": "{} – {}", "since": "{} beri", "since_day": "{} tarihinden beri", "since_month": "{} ayından beri",
        "since_year": "{} yılından beri", "until": "{} kadar", "until_day": "{} tarihine kadar",
        "until_month": "{} ayına kadar", "until_year": "{} yılına kadar",
        "end unknown": "{} – bitişi bilinmiyor", "start unknown": "başlangıcı bilinmiyor – {}",
        "before": "{} veya daha önce", "after": "{} veya daha sonra",
    },
    "az": {
        "days_d": "d|–d MMMM y", "days_M": "d MMMM| – d MMMM y", "days_y": "d MMMM y| – d MMMM y",
        "season21": "{year} yazı", "season22": "{year} yayı", "season23": "{year} payızı", "season24": "{year}–{next} qışı",
        "season21_since": "{year} yazından", "season22_since": "{year} yayından",
        "season23_since": "{year} payızından", "season24_since": "{year}–{next} qışından",
        "season21_until": "{year} yazına", "season22_until": "{year} yayına",
        "season23_until": "{year} payızına", "season24_until": "{year}–{next} qışına",
        "decade": "{decade}-{suffix} illər", "decade_since": "{decade}-{suffix} illərdən",
        "decade_until": "{decade}-{suffix} illərə", "suffixes": "cü cu ci cu cı ci cı ci ci cı", "thousand": "ci",
        "century": "{roman} əsr", "century_since": "{roman} əsrdən", "century_until": "{roman} əsrə",
        "about": "{} (təxminən)", "uncertain": "{} (dəqiq deyil)", "about uncertain": "{} (təxminən, dəqiq deyil)",
        "month unknown": "{} (ayı məlum deyil)", "day unknown": "{} (günü məlum deyil)", "month and day unknown": "{} (ayı və günü məlum deyil)",
        "span": "{} – {}", "since": "{} bəri", "since_day": "{} tarixindən bəri", "since_month": "{} ayından bəri",
        "since_year": "{} ilindən bəri", "until": "{} qədər", "until_day": "{} tarixinə qədər",
        "until_month": "{} ayına qədər", "until_year": "{} ilinə qədər",
        "end unknown": "{} – sonu məlum deyil", "start unknown": "başlanğıcı məlum deyil – {}",
        "before": "{} və ya daha əvvəl", "after": "{} və ya daha sonra",
    },
    "hy": {
        "year": "{year} թ.", "years": "{first}–{last} թթ.", "month": "y թ. LLLL",
        "days_d": "d|–d MMMM, y թ.", "days_M": "d MMMM| – d MMMM, y թ.", "days_y": "d MMMM, y թ.| – d MMMM, y թ.",
        "months_M": "y թ. LLLL| – LLLL", "months_y": "y թ. LLLL| – y թ. LLLL",
        "season21": "{year} թ. գարուն", "season22": "{year} թ. ամառ", "season23": "{year} թ. աշուն",
        "season24": "{year}–{next} թթ. ձմեռ",
        "decade": "{decade}-ական թթ.", "century": "{n}-րդ դար", "century1": "1-ին դար",
        "about": "{} (մոտավորապես)", "uncertain": "{} (ենթադրաբար)",
        "about uncertain": "{} (մոտավորապես, ենթադրաբար)",
        "month unknown": "{} (ամիսն անհայտ է)", "day unknown": "{} (օրն անհայտ է)", "month and day unknown": "{} (ամիսն ու օրն անհայտ են)",
        "span": "{} – {}", "since": "{} – մինչ օրս", "until": "մինչև {}",
        "end unknown": "{} – ավարտն անհայտ է", "start unknown": "սկիզբն անհայտ է – {}",
        "before": "{} կամ ավելի վաղ", "after": "{} կամ ավելի ուշ",
    },
    "ka": {
        "days_d": "d|–d MMMM, y", "days_M": "d MMMM| – d MMMM, y", "days_y": "d MMMM, y| – d MMMM, y",
        "months_M": "LLLL| – LLLL, y", "months_y": "LLLL, y| – LLLL, y",
        "season21": "გაზაფხული, {year}", "season22": "ზაფხული, {year}", "season23": "შემოდგომა, {year}",
        "season24": "ზამთარი, {year}–{next}",
        "decade": "{decade}-იანი წლები", "century": "{roman} საუკუნე",
        "about": "{} (დაახლოებით)", "uncertain": "{} (სავარაუდოდ)", "about uncertain": "{} (დაახლოებით, სავარაუდოდ)",
        "month unknown": "{} (თვე უცნობია)", "day unknown": "{} (დღე უცნობია)", "month and day unknown": "{} (თვე და დღე უცნობია)",
        "span": "{} – {}", "since": "{} – დღემდე", "until": "დასასრული: {}",
        "end unknown": "{} – დასასრული უცნობია", "start unknown": "დასაწყისი უცნობია – {}",
        "before": "{} ან უფრო ადრე", "after": "{} ან უფრო გვიან",
    },
}  # fmt: skip


_OR = {
    "en": "or",
    "fr": "ou",
    "ru": "или",
    "de": "oder",
    "tr": "veya",
    "az": "və ya",
    "hy": "կամ",
    "ka": "ან",
}


def wording(value: Edtf | str, language: str = "en") -> str:
    """The date in words: "27–28 February 2023", "about May 1994", "vers le 1er mars 2023", "май 1994 г. (примерно)".

    `language` is a BCP 47 tag of which the first part counts; one without phrases of its own reads as English (in British
    order). Days, months and spans of them follow CLDR. Winter names both its years. Text that is no date of the archive
    raises `DateError`. Each answer is kept, so asking again costs a look-up.
    """
    edtf = _parsed(value) if isinstance(value, str) else value
    primary = language.replace("_", "-").partition("-")[0].lower()
    return _worded(edtf, primary if primary in _PHRASES else "en")


_parsed = lru_cache(maxsize=4096)(parse)


@lru_cache(maxsize=4096)
def _worded(edtf: Edtf, language: str) -> str:
    if edtf.start and edtf.end:
        span = _joined(edtf.start, edtf.end, language) or _PHRASES[language]["span"].format(
            _doubted(edtf.start, language, "span", "{}"), _doubted(edtf.end, language, "span", "{}")
        )
        return span if edtf.form == "interval" else re.sub(r"\s*–\s*", f" {_OR[language]} ", span, count=1)
    point = edtf.points[0]
    around = "{}" if edtf.form == "single" else _phrase(language, edtf.form, point)
    return _doubted(point, language, "" if edtf.form == "single" else edtf.form, around)


def _kinds(point: Point) -> list[str]:
    if point.season is not None:
        return [f"season{point.season}", "season"]
    if point.precision == "century":
        return [f"century{point.year // 100 + 1}", "century"]
    return [point.precision]


def _phrase(language: str, name: str, point: Point) -> str:
    phrases = _PHRASES[language]
    keys = [*(f"{name}_{kind}" for kind in _kinds(point)), name]
    return next(phrases[key] for key in keys if key in phrases)


def _doubted(point: Point, language: str, place: str, around: str) -> str:
    """The point in words with `around` and what is unknown or doubtful; `place` names `around`, empty for none.

    A mark in front of the date stays at it ("since about May 1994"), one behind it follows the whole phrase, since the
    words of some languages belong right after the date; but not where a dash parts the date from the rest.
    """
    phrases = _PHRASES[language]
    doubt = " ".join(["about"] * point.approximate + ["uncertain"] * point.uncertain)
    before, after = "", ""
    if point.unspecified:
        after = phrases[f"{' and '.join(point.unspecified)} unknown"].removeprefix("{}")
    if doubt:
        within = phrases.get(f"{doubt}_within") if place else None
        before, _, mark = (within or _phrase(language, doubt, point)).partition("{}")
        after += mark
    bare = before + _bare(point, language, "about" if before and place in ("", "span") else place)
    return around.format(bare + after) if "–" in around else around.format(bare) + after


def _bare(point: Point, language: str, place: str) -> str:
    phrases = _PHRASES[language]
    keys = [f"{kind}_{place}" for kind in _kinds(point)]
    if place and place != "span":
        keys += [f"{kind}_within" for kind in _kinds(point)]
    template = next((phrases[key] for key in (*keys, *_kinds(point)) if key in phrases), None)
    if point.precision in ("day", "month"):
        locale = _locale(language)
        cldr = locale.date_formats["long"] if point.day else locale.datetime_skeletons["yMMMM"]
        return _applied(template or cldr.pattern, point.lower, language)
    if template is None:
        return str(point.year)
    suffixes = phrases.get("suffixes", "").split() or [""] * 10
    suffix = suffixes[point.year // 10 % 10] if point.year % 1000 else phrases.get("thousand", "")
    n = point.year // 100 + 1
    numerals = {"n": n, "ordinal": _english_ordinal(n), "roman": _roman(n)}
    return template.format(year=point.year, next=point.year + 1, decade=point.year, suffix=suffix, **numerals)


def _joined(start: Point, end: Point, language: str) -> str:
    """Two plain points of one precision as one span, or "" where they have to be said one by one."""
    doubtful = any(point.approximate or point.uncertain or point.unspecified for point in (start, end))
    if doubtful or start.precision != end.precision or start.precision not in ("day", "month", "year"):
        return ""
    phrases = _PHRASES[language]
    if start.precision == "year":
        return phrases.get("years", "{first}–{last}").format(first=start.year, last=end.year)
    difference = "y" if start.year != end.year else "M" if start.month != end.month else "d"
    own = phrases.get(f"{start.precision}s_{difference}")
    if own:
        first, last = own.split("|")
    else:
        skeleton = "yMMMd" if start.precision == "day" else "yMMMM"
        first, last = _locale(language).interval_formats[skeleton][difference]
        # CLDR gives spans of days with short months only; the long ones stand in the same order.
        if skeleton == "yMMMd":
            first, last = re.sub("M{3,}", "MMMM", first), re.sub("M{3,}", "MMMM", last)
    return _applied(first, start.lower, language) + _applied(last, end.lower, language)


def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)


def _applied(pattern: str, day: date, language: str) -> str:
    if language == "fr" and day.day == 1:
        pattern = re.sub(r"\bd\b", "d'er'", pattern)
    # CLDR parts some of its words with thin or narrow blanks, which few people can type into a search.
    return re.sub(r"\s", " ", parse_pattern(pattern.replace("dd", "d")).apply(day, _locale(language)))


def _english_ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _roman(number: int) -> str:
    tens = ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC", "C")
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return tens[number // 10] + ones[number % 10]
