import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import codes
from events.codes import CodeError

USE_LANGUAGE = "Use a BCP 47 code such as fr, ru, hy or az-Latn."
USE_COUNTRY = "Use a code of two letters such as AM, AZ, GE or FR (EU and UN are codes too)."


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("fr", "fr"),
        (" FR ", "fr"),
        ("hy", "hy"),
        ("AZ_latn", "az-Latn"),
        ("az-cyrl-az", "az-Cyrl-AZ"),
        ("de-ch", "de-CH"),
        ("es-419", "es-419"),
        ("zh-hant", "zh-Hant"),
        ("frr", "frr"),
        ("rus", "ru"),
        ("fra", "fr"),
        ("iw", "he"),
    ],
)
def test_language_tag_is_canonical(text, tag):
    assert codes.language_tag(text) == tag


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "xq",
            f'"xq" is not a language code the archive knows. There is no language code "xq". {USE_LANGUAGE}',
        ),
        (
            "frr-xx",
            f'"frr-xx" is not a language code the archive knows. There is no region code "XX", as in fr-CH or en-GB. {USE_LANGUAGE}',
        ),
        (
            "az-Qqqq",
            '"az-Qqqq" is not a language code the archive knows. There is no script code "Qqqq", as in az-Latn or az-Cyrl. '
            + USE_LANGUAGE,
        ),
        ("Armenian", f'"Armenian" is not a language code the archive knows. Did you mean hy? {USE_LANGUAGE}'),
        ("Français", f'"Français" is not a language code the archive knows. Did you mean fr? {USE_LANGUAGE}'),
        ("ka-x-private", f'"ka-x-private" is not a language code the archive knows. {USE_LANGUAGE}'),
        ("", f'"" is not a language code the archive knows. {USE_LANGUAGE}'),
        ("fr\x00", f'"fr\ufffd" is not a language code the archive knows. {USE_LANGUAGE}'),
        (
            "f" * 10**6,
            f'"{"f" * 40}" is not a language code the archive knows. It is too long. {USE_LANGUAGE}',
        ),
    ],
)
def test_language_tag_refuses_in_the_editors_words(text, message):
    with pytest.raises(CodeError) as refusal:
        codes.language_tag(text)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("tag", "language", "name"),
    [
        ("hy", "en", "Armenian"),
        ("hy", "fr", "arménien"),
        ("az-Latn", "en", "Azerbaijani (Latin)"),
        ("az-Cyrl-AZ", "fr", "azerbaïdjanais (cyrillique, Azerbaïdjan)"),
        ("zh-Hant", "en", "Traditional Chinese"),
        ("ru", "ka", "რუსული"),
        ("ru", "fr-CH", "russe"),
        ("ru", "xx", "Russian"),
        ("qqq", "en", "qqq"),
        ("", "en", ""),
    ],
)
def test_language_name(tag, language, name):
    assert codes.language_name(tag, language) == name


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("fr", "ltr"),
        ("hy", "ltr"),
        ("fa", "rtl"),
        ("ar-EG", "rtl"),
        ("he", "rtl"),
        ("ckb", "rtl"),
        ("az", "ltr"),
        ("az-Arab", "rtl"),
        ("az-IR", "rtl"),
        ("ku", "ltr"),
        ("fa-Latn", "ltr"),
        ("xq", "ltr"),
        ("", "ltr"),
    ],
)
def test_text_direction(tag, direction):
    assert codes.text_direction(tag) == direction


@pytest.mark.parametrize(
    ("text", "code"), [("AM", "AM"), (" am ", "AM"), ("eu", "EU"), ("UN", "UN"), ("GB", "GB"), ("ps", "PS")]
)
def test_country_code(text, code):
    assert codes.country_code(text) == code


@pytest.mark.parametrize(
    ("text", "shown", "reason"),
    [
        ("UK", "UK", "There is no such country code. Did you mean GB?"),
        ("ARM", "ARM", "There is no such country code. Did you mean AM?"),
        ("Armenia", "Armenia", "There is no such country code. Did you mean AM?"),
        ("turkey", "turkey", "There is no such country code. Did you mean TR?"),
        ("XK", "XK", "There is no such country code."),
        ("ZZ", "ZZ", "There is no such country code."),
        ("SU", "SU", "There is no such country code."),
        ("001", "001", "There is no such country code."),
        ("", "", "There is no such country code."),
        ("A\x00", "A\ufffd", "There is no such country code."),
        ("A" * 10**6, "A" * 40, "It is too long."),
    ],
)
def test_country_code_refuses_in_the_editors_words(text, shown, reason):
    with pytest.raises(CodeError) as refusal:
        codes.country_code(text)
    assert str(refusal.value) == f'"{shown}" is not a country code the archive knows. {reason} {USE_COUNTRY}'


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("AM", "en", "Armenia"),
        ("AZ", "fr", "Azerbaïdjan"),
        ("GE", "ka", "საქართველო"),
        ("EU", "ru", "Европейский союз"),
        ("GE", "xx", "Georgia"),
        ("Q9", "en", "Q9"),
    ],
)
def test_country_name(code, language, name):
    assert codes.country_name(code, language) == name


def test_countries_are_those_of_iso_3166_with_eu_and_un():
    listed = {code for code, _ in codes.countries()}
    # ISO 3166-1 assigns 249 codes.
    assert len(listed) == 249 + 2
    assert {"AM", "AZ", "GE", "EU", "UN", "TW", "PS"} <= listed
    assert listed & {"XK", "ZZ", "IC", "EZ", "UK", "AC", "XA"} == set()


def test_countries_stand_in_the_order_of_their_names_without_accents():
    assert codes.countries()[:3] == [("AF", "Afghanistan"), ("AX", "Åland Islands"), ("AL", "Albania")]
    assert codes.countries("fr")[:4] == [
        ("AF", "Afghanistan"),
        ("ZA", "Afrique du Sud"),
        ("AL", "Albanie"),
        ("DZ", "Algérie"),
    ]
    assert codes.countries("ru")[-2:] == [("JM", "Ямайка"), ("JP", "Япония")]


def test_languages_is_a_short_list_of_canonical_tags_by_name():
    listed = codes.languages()
    assert listed[:4] == [("ab", "Abkhazian"), ("ar", "Arabic"), ("hy", "Armenian"), ("az", "Azerbaijani")]
    assert sorted(tag for tag, _ in listed) == list(codes.PRESS_LANGUAGES)
    assert [codes.language_tag(tag) for tag in codes.PRESS_LANGUAGES] == list(codes.PRESS_LANGUAGES)
    assert dict(codes.languages("fr"))["hy"] == "arménien"


def test_a_list_is_the_callers_own():
    codes.countries().clear()
    codes.languages().clear()
    assert len(codes.countries()) == 251
    assert len(codes.languages()) == len(codes.PRESS_LANGUAGES)


def read(text: str) -> tuple[str, str]:
    try:
        return codes.language_tag(text), ""
    except CodeError as refusal:
        return "", str(refusal)


@given(st.text(max_size=30) | st.from_regex(r"\A[a-zA-Z]{2,3}([-_][a-zA-Z]{4})?([-_][a-zA-Z]{2})?\Z"))
def test_any_text_is_a_stable_tag_with_a_name_or_refused(text):
    tag, refusal = read(text)
    if tag:
        assert codes.language_tag(tag) == tag
        assert codes.language_name(tag) != ""
        assert codes.text_direction(tag) in ("ltr", "rtl")
    else:
        assert refusal.endswith(USE_LANGUAGE)
        assert refusal.isprintable()
