import csv
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.names import SIMILAR, fold, script, similarity, slug, sort_key

with (Path(__file__).parent / "data" / "names.csv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table))

SPELLINGS = {
    kind: {row["name"]: row["spellings"].split("; ") for row in ROWS if row["kind"] == kind}
    for kind in ("person", "place")
}


def pairs_of_one(kind: str) -> list[tuple[str, str]]:
    return [pair for spellings in SPELLINGS[kind].values() for pair in combinations(spellings, 2)]


def alike(a: str, b: str) -> float:
    return similarity(fold(a), fold(b))


def closest_two(kind: str) -> list[tuple[float, str, str]]:
    """Each two different ones of a kind with their most alike spellings, the most alike first."""
    two = combinations(SPELLINGS[kind].items(), 2)
    found = [(max(alike(x, y) for x in xs for y in ys), a, b) for (a, xs), (b, ys) in two]
    return sorted(found, reverse=True)


def test_table_holds_enough_to_measure_by():
    assert {kind: len(names) for kind, names in SPELLINGS.items()} == {"person": 48, "place": 16}
    spellings = [spelling for names in SPELLINGS.values() for forms in names.values() for spelling in forms]
    assert {3 <= len(row["spellings"].split("; ")) <= 8 for row in ROWS} == {True}
    assert {script(spelling) for spelling in spellings} == {"Latn", "Cyrl", "Armn", "Geor"}
    assert sorted(spellings) == sorted(set(spellings))


def measured(kind: str) -> dict[str, int]:
    pairs = pairs_of_one(kind)
    return {
        "pairs": len(pairs),
        "equal keys": sum(fold(a) == fold(b) for a, b in pairs),
        "similar": sum(alike(a, b) >= SIMILAR for a, b in pairs),
    }


def test_measured_spellings_of_one_person():
    assert measured("person") == {"pairs": 735, "equal keys": 688, "similar": 735}
    assert round(min(alike(a, b) for a, b in pairs_of_one("person")), 3) == 0.615


def test_measured_spellings_of_one_place():
    # The rest are other words for the place (Tiflis, Haut-Karabagh, İrəvan): an editor stores each as a name of it.
    assert measured("place") == {"pairs": 273, "equal keys": 194, "similar": 205}


def test_measured_different_persons_stay_apart():
    closest = closest_two("person")
    assert [(round(share, 3), a, b) for share, a, b in closest[:4]] == [
        (0.474, "Armen Grigoryan", "Mher Grigoryan"),
        (0.455, "Mikheil Kavelashvili", "Mikheil Saakashvili"),
        (0.417, "Zohrab Mnatsakanyan", "Mnatsakan Safaryan"),
        (0.333, "Hikmet Hajiyev", "Bashir Hajiyev"),
    ]
    assert closest[0][0] < SIMILAR


def test_measured_different_places_stay_apart():
    assert [(round(share, 3), a, b) for share, a, b in closest_two("place")[:2]] == [
        (0.3, "Khankendi", "Ganja"),
        (0.25, "Shusha", "Sukhumi"),
    ]


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("pasinan", "Pashinyan Pashinian Pachinian Pachinyan Paschinjan Пашинян Փաշինյան ფაშინიანი"),
        ("alav", "Aliyev Aliev Alijew Əliyev Алиев Алієв Ալիև ალიევი ALİYEV Əliyev"),
        ("karibasvil", "Garibashvili Gharibashvili Garibachvili Qaribaşvili Гарибашвили ღარიბაშვილი"),
        ("bairamuv", "Bayramov Bairamov Baïramov Байрамов Բայրամով ბაირამოვი"),
        ("lavruv", "Lavrov Lawrow Lavroff Лавров Լավրով ლავროვი"),
        ("sarkai", "Sergey Sergei Sergueï Sergeï Sergej Сергей Սերգեյ სერგეი"),
        ("putin", "Putin Poutine Путин Պուտին პუტინი"),
        ("surabisvil", "Zourabichvili Zurabishvili Zurabişvili Зурабишвили ზურაბიშვილი"),
        ("kilis", "Kılıç Kilic Kylych Кылыч Քըլըչ ქილიჩი"),
        ("kasav", "Hajiyev Hacıyev Hadjiev Гаджиев Հաջիև ჰაჯიევი"),
        ("ilkam", "Ilham İlham Ильхам Իլհամ ილჰამ"),
        ("arsak", "Artsakh Artsax Арцах Արցախ არცახი"),
        ("sukum", "Sukhumi Sokhumi Soukhoumi Сухуми Сухум სოხუმი"),
        ("kasaturan", "Khachaturyan Khatchatourian Xaçaturyan Хачатурян Խաչատուրյան"),
        ("makrun", "Macron Makron Макрон Մակրոն მაკრონი"),
    ],
)
def test_spellings_of_one_word_have_one_key(key, spellings):
    assert {fold(spelling) for spelling in spellings.split()} == {key}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", ""),
        ("…—«»!?'’", ""),
        ("\u200b\u00ad", ""),
        ("😀 © €", ""),
        ("№ 5, 1994", "5 1994"),
        ("Meeting no. 007", "mitink nu 007"),
        ("  Aliyev,\tİlham  ", "alav ilkam"),
        ("Amir-Abdollahian", "amir abdulakan"),
        ("T’bilisi", "tbilis"),
        ("l’Arménie", "l armana"),
        ("O'Brien", "ubran"),
        ("Na\u00adgor\u200bno", "nakurnu"),
        ("Лаvrov", "lavruv"),
        ("Ուրարտու Որոտան ով", "urartu vurutan uv"),
        ("北京", "baisink"),
        ("پزشکیان", "pskin"),
        ("Ali", "ali"),
        ("Gori", "kur"),
    ],
)
def test_fold_of_hard_cases(text, key):
    assert fold(text) == key


def test_order_of_words_is_kept():
    assert fold("Aliyev Ilham") == "alav ilkam"
    assert similarity(fold("Aliyev Ilham"), fold("Ilham Aliyev")) == 1.0


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [
        # The first is the example of PostgreSQL's manual, the rest are counted by hand.
        ("word", "two words", 4 / 11),
        ("word", "word", 1.0),
        ("word", "words", 4 / 7),
        ("a", "b", 0.0),
        ("", "", 0.0),
        ("", "word", 0.0),
        ("a b", "b a", 1.0),
        ("aaaa", "aaa", 1.0),
    ],
)
def test_similarity_is_that_of_postgresql(a, b, share):
    assert similarity(a, b) == share


def test_lists_sort_alike_on_any_server():
    ordered = [
        "…",
        "Əliyev",
        "Алиев",
        "ალიევი",
        "Çavuşoğlu",
        "Erdoğan",
        "Թբիլիսի",
        "Meeting 2",
        "Meeting 10",
        "meeting 010 b",
        "The Hague",
        "Յերևան",
        "Жданов",
    ]
    assert sorted(sorted(ordered), key=sort_key) == [
        "…",
        "Алиев",
        "ალიევი",
        "Əliyev",
        "Çavuşoğlu",
        "Erdoğan",
        "Meeting 2",
        "Meeting 10",
        "meeting 010 b",
        "Թբիլիսի",
        "The Hague",
        "Յերևան",
        "Жданов",
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", ""),
        ("Éric ÉRIC", "eric eric"),
        ("Meeting 2", "meeting 0000000002"),
        ("3+3 platform", "0000000003 0000000003 platform"),
        ("COP29", "cop0000000029"),
        ("000", "0000000000"),
        ("The 12345678901", "the 12345678901"),
        ("Пашинян", "pashinyan"),
        ("Հայաստան", "hayastan"),
    ],
)
def test_sort_key(text, key):
    assert sort_key(text) == key


@pytest.mark.parametrize(
    ("text", "limit", "address"),
    [
        ("Lavrov–Aliyev: Baku", 80, "lavrov-aliyev-baku"),
        ("Əliyev və Paşinyan", 80, "aliyev-va-pasinyan"),
        ("Никол Пашинян", 80, "nikol-pashinyan"),
        ("თბილისი", 80, "tbilisi"),
        ("l’Arménie d’aujourd’hui", 80, "l-armenie-d-aujourdhui"),
        ("../../etc/passwd", 80, "etc-passwd"),
        ("<script>", 80, "script"),
        ("", 80, "record"),
        ("!?", 80, "record"),
        ("lavrov aliyev baku", 13, "lavrov-aliyev"),
        ("lavrov aliyev baku", 12, "lavrov"),
        ("lavrov aliyev baku", 7, "lavrov"),
        ("lavrov aliyev baku", 6, "lavrov"),
        ("lavrov aliyev baku", 3, "lav"),
    ],
)
def test_slug(text, limit, address):
    assert slug(text, limit) == address


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Əliyev", "Latn"),
        ("Пашинян (Pashinyan, PM)", "Latn"),
        ("Никол Пашинян (PM)", "Cyrl"),
        ("Արցախ", "Armn"),
        ("თბილისი", "Geor"),
        ("پزشکیان", "Arab"),
        ("Ἀθῆναι", "Grek"),
        ("ירושלים", "Hebr"),
        ("北京", "Hani"),
        ("ab вг", "Latn"),
        ("вг ab", "Cyrl"),
        ("ᚠᚢᚦ", "Zzzz"),
        ("1994 — …", "Zyyy"),
        ("", "Zyyy"),
    ],
)
def test_script(text, code):
    assert script(text) == code


@given(st.text(max_size=60), st.integers(6, 80))
def test_any_text_has_its_keys(text, limit):
    key = fold(text)
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert key == " ".join(key.split())
    assert len(key.split()) == len(sort_key(text).split())
    address = slug(text, limit)
    assert 0 < len(address) <= limit
    assert address == slug(address, limit)
    assert len(script(text)) == 4
    assert similarity(key, key) == (1.0 if key else 0.0)


@given(st.text("abcdeəğıçşАлиевԱլիևალიე' -", max_size=20), st.text("abcdeəğıçşАлиевԱլիևალიე' -", max_size=20))
def test_similarity_is_a_share_and_goes_both_ways(a, b):
    assert 0.0 <= alike(a, b) <= 1.0
    assert alike(a, b) == alike(b, a)
