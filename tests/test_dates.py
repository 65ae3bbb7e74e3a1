from datetime import date

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from events.dates import EXAMPLES, DateError, Edtf, parse, wording

LANGUAGES = ("en", "fr", "ru", "de", "tr", "az", "hy", "ka")

RANGES = {
    "2023-02-27": (date(2023, 2, 27), date(2023, 2, 28), "day"),
    "2024-02-29": (date(2024, 2, 29), date(2024, 3, 1), "day"),
    "1994-05": (date(1994, 5, 1), date(1994, 6, 1), "month"),
    "1994-12": (date(1994, 12, 1), date(1995, 1, 1), "month"),
    "1994": (date(1994, 1, 1), date(1995, 1, 1), "year"),
    "2021-21": (date(2021, 3, 1), date(2021, 6, 1), "season"),
    "2021-22": (date(2021, 6, 1), date(2021, 9, 1), "season"),
    "2021-23": (date(2021, 9, 1), date(2021, 12, 1), "season"),
    "2021-24": (date(2021, 12, 1), date(2022, 3, 1), "season"),
    "199X": (date(1990, 1, 1), date(2000, 1, 1), "decade"),
    "19XX": (date(1900, 1, 1), date(2000, 1, 1), "century"),
    "1994-XX": (date(1994, 1, 1), date(1995, 1, 1), "year"),
    "1994-XX-XX": (date(1994, 1, 1), date(1995, 1, 1), "year"),
    "1994-05-XX": (date(1994, 5, 1), date(1994, 6, 1), "month"),
    "1994-05~": (date(1994, 5, 1), date(1994, 6, 1), "month"),
    "1994?": (date(1994, 1, 1), date(1995, 1, 1), "year"),
    "199X%": (date(1990, 1, 1), date(2000, 1, 1), "decade"),
    "2023-02-27/2023-02-28": (date(2023, 2, 27), date(2023, 3, 1), "day"),
    "2023-02-27/2023-03": (date(2023, 2, 27), date(2023, 4, 1), "month"),
    "1994~/1996-05-12": (date(1994, 1, 1), date(1996, 5, 13), "year"),
    "2018-05-08/..": (date(2018, 5, 8), None, "day"),
    "2018-05-08/": (date(2018, 5, 8), None, "day"),
    "../1994-05": (None, date(1994, 6, 1), "month"),
    "/1994": (None, date(1995, 1, 1), "year"),
    "[..1994-05]": (None, date(1994, 6, 1), "month"),
    "[1994-05~..]": (date(1994, 5, 1), None, "month"),
    "0001": (date(1, 1, 1), date(2, 1, 1), "year"),
    "9998-24": (date(9998, 12, 1), date(9999, 3, 1), "season"),
    "9999-12-31": (date(9999, 12, 31), None, "day"),
    "9999-24": (date(9999, 12, 1), None, "season"),
    "99XX": (date(9900, 1, 1), None, "century"),
}

WORDINGS = {
    "en": {
        "2023-02-27": "27 February 2023",
        "1994-05": "May 1994",
        "1994": "1994",
        "2021-21": "spring 2021",
        "2021-24": "winter 2021–2022",
        "199X": "1990s",
        "19XX": "20th century",
        "1994-XX": "1994 (month unknown)",
        "1994-05-XX": "May 1994 (day unknown)",
        "1994-XX-XX": "1994 (month and day unknown)",
        "1994-05~": "about May 1994",
        "2023-03-01~": "about 1 March 2023",
        "2023-02-27?": "27 February 2023 (uncertain)",
        "1994%": "about 1994 (uncertain)",
        "2023-02-27/2023-02-28": "27–28 February 2023",
        "2023-02-28/2023-03-03": "28 February – 3 March 2023",
        "2022-12-30/2023-01-02": "30 December 2022 – 2 January 2023",
        "2022-12/2023-01": "December 2022 – January 2023",
        "1994-05/1994-08": "May – August 1994",
        "1994/1996": "1994–1996",
        "1994-05~/1996": "about May 1994 – 1996",
        "2018-05-08/..": "since 8 May 2018",
        "2021-22/..": "since summer 2021",
        "199X/..": "since the 1990s",
        "../1994-05": "until May 1994",
        "../2021-21": "until spring 2021",
        "1994/": "from 1994, end unknown",
        "/1994-05": "until May 1994, start unknown",
        "[..1994-05]": "May 1994 or earlier",
        "[1994-05..]": "May 1994 or later",
        "[..199X]": "the 1990s or earlier",
    },
    "fr": {
        "2023-02-27": "27 février 2023",
        "1994-05": "mai 1994",
        "1994": "1994",
        "2021-21": "printemps 2021",
        "2021-24": "hiver 2021–2022",
        "199X": "années 1990",
        "19XX": "XXe siècle",
        "1994-XX": "1994 (mois inconnu)",
        "1994-05-XX": "mai 1994 (jour inconnu)",
        "1994-XX-XX": "1994 (mois et jour inconnus)",
        "1994-05~": "vers mai 1994",
        "2023-03-01~": "vers le 1er mars 2023",
        "2023-02-27?": "27 février 2023 (date incertaine)",
        "1994%": "1994 (date approximative et incertaine)",
        "2023-02-27/2023-02-28": "27–28 février 2023",
        "2023-02-28/2023-03-03": "28 février – 3 mars 2023",
        "2022-12-30/2023-01-02": "30 décembre 2022 – 2 janvier 2023",
        "2022-12/2023-01": "décembre 2022 – janvier 2023",
        "1994-05/1994-08": "mai – août 1994",
        "1994/1996": "1994–1996",
        "1994-05~/1996": "mai 1994 (date approximative) – 1996",
        "2018-05-08/..": "depuis le 8 mai 2018",
        "2021-22/..": "depuis l’été 2021",
        "199X/..": "depuis les années 1990",
        "../1994-05": "jusqu’en mai 1994",
        "../2021-21": "jusqu’au printemps 2021",
        "1994/": "1994 – fin inconnue",
        "/1994-05": "début inconnu – mai 1994",
        "[..1994-05]": "mai 1994 ou avant",
        "[1994-05..]": "mai 1994 ou après",
        "[..199X]": "années 1990 ou avant",
    },
    "ru": {
        "2023-02-27": "27 февраля 2023 г.",
        "1994-05": "май 1994 г.",
        "1994": "1994 г.",
        "2021-21": "весна 2021 г.",
        "2021-24": "зима 2021–2022 гг.",
        "199X": "1990-е гг.",
        "19XX": "XX век",
        "1994-XX": "1994 г. (месяц неизвестен)",
        "1994-05-XX": "май 1994 г. (день неизвестен)",
        "1994-XX-XX": "1994 г. (месяц и день неизвестны)",
        "1994-05~": "май 1994 г. (примерно)",
        "2023-03-01~": "1 марта 2023 г. (примерно)",
        "2023-02-27?": "27 февраля 2023 г. (под вопросом)",
        "1994%": "1994 г. (примерно, под вопросом)",
        "2023-02-27/2023-02-28": "27–28 февраля 2023 г.",
        "2023-02-28/2023-03-03": "28 февраля – 3 марта 2023 г.",
        "2022-12-30/2023-01-02": "30 декабря 2022 г. – 2 января 2023 г.",
        "2022-12/2023-01": "декабрь 2022 г. – январь 2023 г.",
        "1994-05/1994-08": "май – август 1994 г.",
        "1994/1996": "1994–1996 гг.",
        "1994-05~/1996": "май 1994 г. (примерно) – 1996 г.",
        "2018-05-08/..": "с 8 мая 2018 г.",
        "2021-22/..": "с лета 2021 г.",
        "199X/..": "с 1990-х гг.",
        "../1994-05": "по май 1994 г.",
        "../2021-21": "по весну 2021 г.",
        "1994/": "1994 г. – конец неизвестен",
        "/1994-05": "начало неизвестно – май 1994 г.",
        "[..1994-05]": "май 1994 г. или ранее",
        "[1994-05..]": "май 1994 г. или позднее",
        "[..199X]": "1990-е гг. или ранее",
    },
    "de": {
        "2023-02-27": "27. Februar 2023",
        "1994-05": "Mai 1994",
        "1994": "1994",
        "2021-24": "Winter 2021/2022",
        "200X": "2000er Jahre",
        "1994-05~": "ca. Mai 1994",
        "2022-12-30/2023-01-02": "30. Dezember 2022 – 2. Januar 2023",
        "2023-02-27/2023-02-28": "27.–28. Februar 2023",
        "1994/1996": "1994–1996",
        "1994-05~/..": "seit ca. Mai 1994",
        "../1994": "bis 1994",
        "[..1994-05]": "Mai 1994 oder früher",
    },
    "tr": {
        "2023-02-27": "27 Şubat 2023",
        "1994-05": "Mayıs 1994",
        "1994": "1994",
        "2021-24": "2021–2022 kışı",
        "200X": "2000'li yıllar",
        "1994-05~": "Mayıs 1994 (yaklaşık)",
        "2022-12-30/2023-01-02": "30 Aralık 2022 – 2 Ocak 2023",
        "2023-02-27/2023-02-28": "27–28 Şubat 2023",
        "1994/1996": "1994–1996",
        "1994-05~/..": "Mayıs 1994 ayından beri (yaklaşık)",
        "../1994": "1994 yılına kadar",
        "[..1994-05]": "Mayıs 1994 veya daha önce",
    },
    "az": {
        "2023-02-27": "27 fevral 2023",
        "1994-05": "may 1994",
        "1994": "1994",
        "2021-24": "2021–2022 qışı",
        "200X": "2000-ci illər",
        "1994-05~": "may 1994 (təxminən)",
        "2022-12-30/2023-01-02": "30 dekabr 2022 – 2 yanvar 2023",
        "2023-02-27/2023-02-28": "27–28 fevral 2023",
        "1994/1996": "1994–1996",
        "1994-05~/..": "may 1994 ayından bəri (təxminən)",
        "../1994": "1994 ilinə qədər",
        "[..1994-05]": "may 1994 və ya daha əvvəl",
    },
    "hy": {
        "2023-02-27": "27 փետրվարի, 2023 թ.",
        "1994-05": "1994 թ. մայիս",
        "1994": "1994 թ.",
        "2021-24": "2021–2022 թթ. ձմեռ",
        "200X": "2000-ական թթ.",
        "1994-05~": "1994 թ. մայիս (մոտավորապես)",
        "2022-12-30/2023-01-02": "30 դեկտեմբերի, 2022 թ. – 2 հունվարի, 2023 թ.",
        "2023-02-27/2023-02-28": "27–28 փետրվարի, 2023 թ.",
        "1994/1996": "1994–1996 թթ.",
        "1994-05~/..": "1994 թ. մայիս (մոտավորապես) – մինչ օրս",
        "../1994": "մինչև 1994 թ.",
        "[..1994-05]": "1994 թ. մայիս կամ ավելի վաղ",
    },
    "ka": {
        "2023-02-27": "27 თებერვალი, 2023",
        "1994-05": "მაისი, 1994",
        "1994": "1994",
        "2021-24": "ზამთარი, 2021–2022",
        "200X": "2000-იანი წლები",
        "1994-05~": "მაისი, 1994 (დაახლოებით)",
        "2022-12-30/2023-01-02": "30 დეკემბერი, 2022 – 2 იანვარი, 2023",
        "2023-02-27/2023-02-28": "27–28 თებერვალი, 2023",
        "1994/1996": "1994–1996",
        "1994-05~/..": "მაისი, 1994 (დაახლოებით) – დღემდე",
        "../1994": "დასასრული: 1994",
        "[..1994-05]": "მაისი, 1994 ან უფრო ადრე",
    },
}

REFUSED = {
    "27.02.2023": "Did you mean 2023-02-27?",
    "27/02/2023": "A span has one slash, between its first and its last day. Did you mean 2023-02-27?",
    "03/04/2023": "A span has one slash, between its first and its last day. Did you mean 2023-04-03 or 2023-03-04?",
    "27 Feb 2023": "Did you mean 2023-02-27?",
    "Monday, February 27th, 2023": "Did you mean 2023-02-27?",
    "27\u00a0février 2023": "Did you mean 2023-02-27?",
    "1er mars 2023": "Did you mean 2023-03-01?",
    "27 февраля 2023 г.": "Did you mean 2023-02-27?",
    "27 փետրվարի 2023": "Did you mean 2023-02-27?",
    "May 1994": "Did you mean 1994-05?",
    "2023-2-7": "Did you mean 2023-02-07?",
    "2023.02.27": "Did you mean 2023-02-27?",
    "20230227": "Did you mean 2023-02-27?",
    "2023-02-27 - 2023-02-28": "Did you mean 2023-02-27/2023-02-28?",
    "2023-02-27–2023-02-28": "Did you mean 2023-02-27/2023-02-28?",
    "2023-02-27/28": "Did you mean 2023-02-27/2023-02-28?",
    "27–28 February 2023": "Did you mean 2023-02-27/2023-02-28?",
    "c. 1994": "Did you mean 1994~?",
    "before May 1994": "Did you mean [..1994-05]?",
    "after 1994": "Did you mean [1994..]?",
    "since 8 May 2018": "Did you mean 2018-05-08/..?",
    "until 1994": "Did you mean ../1994?",
    "the 1990s": "Did you mean 199X?",
    "Spring 2021": "Did you mean 2021-21?",
    "1994~?": "Did you mean 1994%?",
    "2023-02-27T10:00:00Z": "The time of day is not kept; write the day alone. Did you mean 2023-02-27?",
    "2023-02-27 10:00": "The time of day is not kept; write the day alone. Did you mean 2023-02-27?",
    "2023-27-02": "There is no month 27. Months run from 01 to 12; seasons are 21 spring, 22 summer, 23 autumn and 24 winter. "
    "Did you mean 2023-02-27?",
    "2023-13": "There is no month 13. Months run from 01 to 12; seasons are 21 spring, 22 summer, 23 autumn and 24 winter.",
    "2021-25": "There is no month 25. Months run from 01 to 12; seasons are 21 spring, 22 summer, 23 autumn and 24 winter.",
    "2021-41": "There is no month 41. Months run from 01 to 12; seasons are 21 spring, 22 summer, 23 autumn and 24 winter.",
    "2023-02-30": "There is no day 30 in 2023-02: it has 28 days.",
    "2023-02-00": "There is no day 00 in 2023-02: it has 28 days.",
    "2023-02-28/2023-02-27": "The end, 2023-02-27, comes before the start, 2023-02-28.",
    "1994/1993~": "The end, 1993~, comes before the start, 1994.",
    "1994/1995/1996": "A span has one slash, between its first and its last day.",
    "/": "A span needs at least one date.",
    "../..": "A span needs at least one date.",
    "../": "A span needs at least one date.",
    "[..]": "Square brackets hold one date with two full stops at one side, [..1994-05] or [1994-05..], or two of which one is meant: [2023-02-27,2023-02-28].",
    "[1994]": "Square brackets hold one date with two full stops at one side, [..1994-05] or [1994-05..], or two of which one is meant: [2023-02-27,2023-02-28].",
    "199X-05": "A decade or a century has no month.",
    "1994-XX-27": "A day needs its month.",
    "0000": "Years run from 0001 to 9999.",
    "000X": "Years run from 0001 to 9999.",
    "00XX": "Years run from 0001 to 9999.",
    "1994\x0005": "It holds characters that cannot be seen; type it anew.",
    "1994\n05": "It holds characters that cannot be seen; type it anew.",
    "1" * 61: "It is too long.",
    "10000": "",
    "-0044": "",
    "XXXX": "",
    "١٩٩٤": "",
    "² May 2021": "Did you mean 2021-05?",
    "yesterday": "",
    "Tuesday": "",
    "..": "",
    "[1994": "",
    "{1994,1995}": "",
    "<script>": "",
    "": "",
}


@pytest.mark.parametrize(("text", "expected"), RANGES.items())
def test_range_and_precision(text, expected):
    value = parse(text)
    assert (*value.range, value.precision) == expected
    assert value.text == text


@pytest.mark.parametrize(
    ("typed", "canonical"),
    {
        "  2023-02-27 / 2023-02-28 ": "2023-02-27/2023-02-28",
        "199x": "199X",
        "1994-05-xx~": "1994-05-XX~",
        "2023-02-27/2023-02-27": "2023-02-27",
        "1994?/1994?": "1994?",
        "1994?/1994": "1994?/1994",
        "[ ..1994 ]": "[..1994]",
        "2023\u201102\u201127": "2023-02-27",
        "\u00a01994\u00a0": "1994",
    }.items(),
)
def test_canonical_text(typed, canonical):
    assert parse(typed).text == canonical


@pytest.mark.parametrize(
    ("text", "form", "approximate", "uncertain"),
    [
        ("1994", "single", False, False),
        ("1994~", "single", True, False),
        ("1994?", "single", False, True),
        ("1994%", "single", True, True),
        ("1994/1995~", "interval", True, False),
        ("1994?/..", "since", False, True),
        ("../1994", "until", False, False),
        ("1994/", "end unknown", False, False),
        ("/1994", "start unknown", False, False),
        ("[..1994]", "before", False, False),
        ("[1994..]", "after", False, False),
    ],
)
def test_form_and_doubt(text, form, approximate, uncertain):
    value = parse(text)
    assert (value.form, value.approximate, value.uncertain, str(value)) == (
        form,
        approximate,
        uncertain,
        text,
    )


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_refusal_says_why_and_shows_right_text(text, reason):
    shown = text.replace("\u00a0", " ").replace("\x00", "\ufffd").replace("\n", "\ufffd")
    shown = f"{shown[:40]}…" if len(shown) > 40 else shown
    with pytest.raises(DateError) as refusal:
        parse(text)
    assert str(refusal.value) == " ".join(
        f'"{shown}" is not a date the archive can read. {reason} {EXAMPLES}'.split()
    )


def test_examples_in_the_refusal_are_right():
    examples = [
        word.strip(",.:") if not word.startswith("[") else word.strip(",") for word in EXAMPLES.split()
    ]
    dates = [
        word
        for word in examples
        if any(char.isdigit() for char in word) and not word.startswith("(") and not word.endswith(")")
    ]
    assert dates == [
        "2023-02-27", "2022-10", "1994", "2023-02-27/2023-02-28", "2018-05-08/", "1994-05~", "1994?", "[..1994-05]",
        "[2023-02-27,2023-02-28]", "199X", "2021-21",
    ]  # fmt: skip
    assert [parse(text).text for text in dates] == dates


@pytest.mark.parametrize(
    ("text", "lower", "upper", "expected"),
    [
        ("2023-02-27/2023-02-28", date(2023, 2, 28), date(2023, 3, 1), True),
        ("2023-02-27/2023-02-28", date(2023, 3, 1), date(2023, 3, 2), False),
        ("2023-02-27/2023-02-28", date(2023, 2, 26), date(2023, 2, 27), False),
        ("2023-02-27", None, date(2023, 2, 27), False),
        ("2023-02-27", None, date(2023, 2, 28), True),
        ("2023-02-27", date(2023, 2, 27), None, True),
        ("2023-02-27", date(2023, 2, 28), None, False),
        ("2023-02-27", None, None, True),
        ("2018/..", date(2030, 1, 1), None, True),
        ("2018/..", None, date(2018, 1, 1), False),
        ("../2018", date(2018, 12, 31), None, True),
        ("../2018", date(2019, 1, 1), None, False),
        ("2023", date(2023, 5, 2), date(2023, 5, 1), False),
        ("2023", date(2023, 5, 2), date(2023, 5, 2), False),
    ],
)
def test_overlaps(text, lower, upper, expected):
    assert parse(text).overlaps(lower, upper) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [(language, text, words) for language, wordings in WORDINGS.items() for text, words in wordings.items()],
)
def test_wording(language, text, expected):
    assert wording(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "2023-03-01/2023-03-03", "1–3 March 2023"),
        ("fr", "2023-03-01/2023-03-03", "1er–3 mars 2023"),
        ("fr", "2023-02-28/2023-03-01", "28 février – 1er mars 2023"),
        ("fr", "2023-03-11", "11 mars 2023"),
        ("fr", "2023-03-01/..", "depuis le 1er mars 2023"),
        ("fr", "../2023-03-01", "jusqu’au 1er mars 2023"),
        ("fr", "00XX/..", None),
        ("fr", "2021-23~", "vers l’automne 2021"),
        ("en", "01XX", "2nd century"),
        ("en", "20XX", "21st century"),
        ("en", "10XX", "11th century"),
        ("en", "199X~/200X", "about the 1990s – 2000s"),
        ("en", "1994-05?/..", "since May 1994 (uncertain)"),
        ("tr", "1994-05?/..", "Mayıs 1994 ayından beri (kesin değil)"),
        ("tr", "198X", "1980'li yıllar"),
        ("az", "192X/..", "1920-ci illərdən bəri"),
        ("ru", "../2021-24", "по зиму 2021–2022 гг."),
        ("de", "19XX/..", "seit dem 20. Jahrhundert"),
    ],
)
def test_wording_of_hard_cases(language, text, expected):
    if expected is None:
        with pytest.raises(DateError):
            wording(text, language)
    else:
        assert wording(text, language) == expected


@pytest.mark.parametrize("language", ["xx", "", "es", "zh-Hant", "../../etc", "en-US", "EN"])
def test_language_without_phrases_reads_as_english(language):
    assert wording("1994-05~", language) == "about May 1994"


@pytest.mark.parametrize("language", ["fr-CH", "fr_FR", "FR"])
def test_first_part_of_the_tag_counts(language):
    assert wording("1994-05~", language) == "vers mai 1994"


def test_wording_takes_text_or_value_and_refuses_the_rest():
    assert wording(parse("1994-05"), "en") == wording("1994-05") == "May 1994"
    with pytest.raises(DateError):
        wording("May")


def test_each_month_of_cldr_is_understood_in_each_language():
    for language in LANGUAGES:
        for number, name in Locale.parse(language).months["format"]["wide"].items():
            with pytest.raises(DateError) as refusal:
                parse(f"7 {name} 1994")
            assert f"Did you mean 1994-{number:02}-07?" in str(refusal.value)


YEARS = st.integers(1, 9999)
MARKS = st.sampled_from(["", "?", "~", "%"])
POINTS = st.one_of(
    st.dates().map(lambda day: f"{day:%Y-%m-%d}".zfill(10)),
    st.builds("{:04}-{:02}".format, YEARS, st.integers(1, 12)),
    st.builds("{:04}-{:02}-XX".format, YEARS, st.integers(1, 12)),
    st.builds("{:04}-{}".format, YEARS, st.integers(21, 24)),
    st.builds("{:04}".format, YEARS),
    st.builds("{:04}-XX".format, YEARS),
    st.builds("{:04}-XX-XX".format, YEARS),
    st.builds("{:03}X".format, st.integers(1, 999)),
    st.builds("{:02}XX".format, st.integers(1, 99)),
)
MARKED = st.builds("{}{}".format, POINTS, MARKS)
FORMS = ("{}", "{}/..", "../{}", "{}/", "/{}", "[..{}]", "[{}..]")


def check(value: Edtf) -> None:
    assert parse(value.text) == value
    assert value.lower is None or value.upper is None or value.lower < value.upper
    assert all(wording(value, language).strip("– ") for language in LANGUAGES)
    assert [words for language in LANGUAGES if set("{}|") & set(words := wording(value, language))] == []


def read(text: str) -> tuple[Edtf | None, str]:
    try:
        return parse(text), ""
    except DateError as refusal:
        return None, str(refusal)


@given(MARKED, st.sampled_from(FORMS))
def test_each_date_and_form_is_read_and_worded(point, form):
    text = form.format(point)
    value = parse(text)
    assert value.text == text
    check(value)


@given(MARKED, MARKED)
def test_each_span_is_read_and_worded_or_ends_before_it_starts(first, second):
    start, end = parse(first), parse(second)
    if end.upper is not None and start.lower is not None and end.upper <= start.lower:
        with pytest.raises(DateError, match="comes before the start"):
            parse(f"{first}/{second}")
    else:
        value = parse(f"{first}/{second}")
        assert value.range == (start.lower, end.upper)
        check(value)


@given(st.text(max_size=80) | st.text("0123456789-/.~?%XT:[] MayFeb²", max_size=30))
def test_any_text_is_read_or_refused(text):
    value, refusal = read(text)
    if value:
        check(value)
    else:
        assert refusal.startswith('"')
        assert refusal.endswith(EXAMPLES)
        assert refusal.isprintable()


def test_a_million_characters_are_refused_at_once():
    for text in ("1" * 10**6, "[" * 10**6, " " * 10**6, "1994-05/" * 10**5):
        with pytest.raises(DateError, match="too long"):
            parse(text)


@pytest.mark.parametrize(
    ("typed", "text", "days", "english", "french"),
    [
        (
            "[2023-02-28, 2023-02-27]",
            "[2023-02-27,2023-02-28]",
            (date(2023, 2, 27), date(2023, 3, 1)),
            "27 or 28 February 2023",
            "27 ou 28 février 2023",
        ),
        (
            "[2023-12-31,2024-01-02]",
            "[2023-12-31,2024-01-02]",
            (date(2023, 12, 31), date(2024, 1, 3)),
            "31 December 2023 or 2 January 2024",
            "31 décembre 2023 ou 2 janvier 2024",
        ),
        (
            "[2023-05~,2024]",
            "[2023-05~,2024]",
            (date(2023, 5, 1), date(2025, 1, 1)),
            "about May 2023 or 2024",
            "mai 2023 (date approximative) ou 2024",
        ),
        ("[2023,2023]", "2023", (date(2023, 1, 1), date(2024, 1, 1)), "2023", "2023"),
    ],
)
def test_one_of_two(typed, text, days, english, french):
    edtf = parse(typed)
    assert (edtf.text, edtf.range, wording(edtf), wording(edtf, "fr")) == (text, days, english, french)
    assert parse(edtf.text) == edtf
