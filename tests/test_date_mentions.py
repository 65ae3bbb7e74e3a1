"""Days that texts name, read on Tuesday 28 February 2023."""

import pytest

from events import dates
from events.dates import DateMention

PUBLISHED = "2023-02-28"
RECKONED = [
    ("fr", "lundi 27 février", "2023-02-27"),
    ("fr", "27 et 28 février", "2023-02-27/2023-02-28"),
    ("fr", "30 décembre", "2022-12-30"),
    ("fr", "hier", "2023-02-27"),
    ("fr", "aujourd’hui", "2023-02-28"),
    ("fr", "aujourd'hui", "2023-02-28"),
    ("fr", "après-demain", "2023-03-02"),
    ("fr", "mardi", "2023-02-28"),
    ("fr", "mardi prochain", "2023-03-07"),
    ("fr", "lundi dernier", "2023-02-27"),
    ("en", "Monday", "2023-02-27"),
    ("en", "next Friday", "2023-03-03"),
    ("en", "last Tuesday", "2023-02-21"),
    ("en", "yesterday", "2023-02-27"),
    ("en", "February 27-28", "2023-02-27/2023-02-28"),
    ("ru", "понедельник", "2023-02-27"),
    ("ru", "прошлую среду", "2023-02-22"),
    ("ru", "27-28 февраля", "2023-02-27/2023-02-28"),
    ("ru", "вчера", "2023-02-27"),
    ("ru", "6 октября", "2022-10-06"),
    ("de", "Montag, den 27. Februar", "2023-02-27"),
    ("de", "27. bis 28. Februar", "2023-02-27/2023-02-28"),
    ("de", "nächsten Freitag", "2023-03-03"),
    ("de", "gestern", "2023-02-27"),
    ("tr", "27 Şubat'ta", "2023-02-27"),
    ("tr", "pazartesi", "2023-02-27"),
    ("tr", "dün", "2023-02-27"),
    ("az", "fevralın 27", "2023-02-27"),
    ("az", "bazar ertəsi", "2023-02-27"),
    ("az", "dünən", "2023-02-27"),
    ("hy", "փետրվարի 27-ին", "2023-02-27"),
    ("hy", "երկուշաբթի", "2023-02-27"),
    ("hy", "երեկ", "2023-02-27"),
    ("ka", "27 თებერვალს", "2023-02-27"),
    ("ka", "ორშაბათს", "2023-02-27"),
    ("ka", "გუშინ", "2023-02-27"),
]
PRINTED = [
    ("fr", "1er mars 2022", "2022-03-01"),
    ("fr", "27 au 28 février 2023", "2023-02-27/2023-02-28"),
    ("fr", "octobre 2022", "2022-10"),
    ("en", "6 October 2022", "2022-10-06"),
    ("en", "October 6, 2022", "2022-10-06"),
    ("en", "May 2021", "2021-05"),
    ("ru", "27 февраля 2023", "2023-02-27"),
    ("ru", "октябре 2022", "2022-10"),
    ("ru", "мае 2022", "2022-05"),
    ("de", "6. Oktober 2022", "2022-10-06"),
    ("tr", "27 Şubat 2023", "2023-02-27"),
    ("az", "27 fevral 2023", "2023-02-27"),
    ("az", "2023-cü il 27 fevral", "2023-02-27"),
    ("hy", "2023 թ. փետրվարի 27-ին", "2023-02-27"),
    ("ka", "2023 წლის 27 თებერვალს", "2023-02-27"),
    *[(language, "22.02.2022", "2022-02-22") for language in dates.mentions.LANGUAGES],
    *[(language, "2022-02-22", "2022-02-22") for language in dates.mentions.LANGUAGES],
]


@pytest.mark.parametrize(("language", "words", "edtf"), RECKONED)
def test_reckoned_from_the_day_of_publication(language, words, edtf):
    expected = DateMention(3, 3 + len(words), words, edtf, "reckoned")
    assert dates.find(f"– ({words}) –", language, PUBLISHED) == [expected]


@pytest.mark.parametrize(("language", "words", "edtf"), RECKONED)
@pytest.mark.parametrize("published", ["", "2023-02", "2023", "nonsense"])
def test_not_reckoned_without_that_day(language, words, edtf, published):
    assert dates.find(f"– ({words}) –", language, published) == []


@pytest.mark.parametrize(("language", "words", "edtf"), PRINTED)
@pytest.mark.parametrize("published", ["", PUBLISHED])
def test_printed(language, words, edtf, published):
    expected = DateMention(3, 3 + len(words), words, edtf, "printed")
    assert dates.find(f"– ({words}) –", language, published) == [expected]


def test_several_in_their_order_none_within_another():
    text = "Hier, le lundi 27 février, et le 6 octobre 2022."
    assert [(one.text, one.edtf) for one in dates.find(text, "fr", PUBLISHED)] == [
        ("Hier", "2023-02-27"),
        ("lundi 27 février", "2023-02-27"),
        ("6 octobre 2022", "2022-10-06"),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They may 5 times refuse; the march 12 miles long."),
        ("fr", "Le 45 février, le 0 mars."),
        ("fr", "31.02.2022, 2022-02-31 et 99/99/2022"),
        ("en", "version 1.2.2022.3"),
        ("en", ""),
        ("fr", "\x00"),
    ],
)
def test_what_is_no_date(language, text):
    assert dates.find(text, language, PUBLISHED) == []


@pytest.mark.parametrize("language", ["", "zh", "en-GB"])
def test_a_language_without_words_here_is_read_as_english(language):
    assert [one.edtf for one in dates.find("on Monday", language, PUBLISHED)] == ["2023-02-27"]
