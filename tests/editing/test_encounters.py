"""Meetings that sentences report, read on Tuesday 28 February 2023 by the text alone."""

import pytest

from events.editing import encounters
from events.editing.suggestions import suggest


def told(text: str, language: str) -> list[tuple]:
    """Each encounter: kind, names of who, name of where, date, state, the place of what it belongs to."""
    found = suggest(text, language, "2023-02-28", ask=False)
    return [
        (
            one.kind,
            [found.participants[number].name for number in one.participants],
            found.places[one.place].name if one.place is not None else None,
            one.date,
            one.state,
            one.parent,
        )
        for one in found.meetings
    ]


def test_talks_a_signing_and_a_conference_around_a_visit_of_two_days():
    text = (
        "En visite de deux jours à Bakou, Anna Petit a rencontré, lundi 27 février, Luc Bon. Anna Petit et Luc Bon avaient signé un"
        " accord le 6 octobre 2019. Anna Petit participera mardi à une conférence intitulée « Le Caucase demain » avec Luc Bon."
    )
    both = ["Anna Petit", "Luc Bon"]
    assert told(text, "fr") == [
        ("visit", ["Anna Petit"], "Bakou", "2023-02-27/2023-02-28", "held", None),
        ("talks", both, "Bakou", "2023-02-27", "held", 0),
        ("signing", both, None, "2019-10-06", "held", None),
        ("conference", ["Anna Petit"], "Bakou", "2023-02-28", "announced", 0),
    ]
    titles = [one.title for one in suggest(text, "fr", "2023-02-28", ask=False).meetings]
    assert titles == [
        "Visit of Anna Petit to Bakou",
        "Talks between Petit and Bon",
        "Signing by Petit and Bon",
        "Conference “Le Caucase demain”",
    ]


@pytest.mark.parametrize(
    ("language", "text", "people"),
    [
        ("fr", "Anna Petit a rencontré Luc Bon lundi.", ["Anna Petit", "Luc Bon"]),
        ("en", "Ann Brady met Luc Bonnet on Monday.", ["Ann Brady", "Luc Bonnet"]),
        ("ru", "Анна Петрова встретилась с Леваном Беридзе в понедельник.", ["Анна Петрова", "Леваном Беридзе"]),
        ("de", "Anna Klein traf Levan Beridse am Montag.", ["Anna Klein", "Levan Beridse"]),
        ("tr", "Anna Kaya ile Levan Demir pazartesi günü görüştü.", ["Anna Kaya", "Levan Demir"]),
        ("az", "Anna Quliyeva dünən Levan Həsənov ilə görüşüb.", ["Anna Quliyeva", "Levan Həsənov"]),
        ("hy", "Աննա Պետրոսյանը երեկ հանդիպել է Լևան Ասլանյանի հետ։", ["Աննա Պետրոսյանը", "Լևան Ասլանյանի"]),
        ("ka", "ანა ბერიძე გუშინ ლევან ლომიძეს შეხვდა.", ["ანა ბერიძე", "ლევან ლომიძეს"]),
    ],
)  # fmt: skip
def test_talks_in_eight_languages(language, text, people):
    assert told(text, language) == [("talks", people, None, "2023-02-27", "held", None)]


def test_a_call():
    text = "Ann Brady spoke with Luc Bonnet by phone on Monday."
    assert told(text, "en") == [("call", ["Ann Brady", "Luc Bonnet"], None, "2023-02-27", "held", None)]


def test_what_is_announced():
    text = "Ann Brady will meet Luc Bonnet on 3 March."
    assert told(text, "en") == [("talks", ["Ann Brady", "Luc Bonnet"], None, "2023-03-03", "announced", None)]


def test_a_day_to_come_is_announced_whatever_the_tense():
    text = "Ann Brady meets Luc Bonnet on 3 March."
    assert told(text, "en") == [("talks", ["Ann Brady", "Luc Bonnet"], None, "2023-03-03", "announced", None)]


def test_a_later_sentence_adds_what_the_first_left_out():
    text = "Ann Brady met Luc Bonnet.\nOn Monday, Ann Brady met Luc Bonnet in Tbilisi."
    assert told(text, "en") == [("talks", ["Ann Brady", "Luc Bonnet"], "Tbilisi", "2023-02-27", "held", None)]


def test_two_days_are_two_meetings():
    text = "Ann Brady met Luc Bonnet on 20 February. Ann Brady met Luc Bonnet on 27 February."
    assert [(kind, day) for kind, _who, _where, day, *_rest in told(text, "en")] == [
        ("talks", "2023-02-20"),
        ("talks", "2023-02-27"),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Ann Brady met the press."),
        ("en", "“Ann Brady met Luc Bonnet on Monday,” Tom Hall said."),
        ("fr", "Anna Petit a tenu une conférence de presse."),
        ("en", ""),
        ("zh", "Ann Brady met Luc Bonnet on Monday."),
    ],
)
def test_what_tells_of_no_meeting(language, text):
    assert told(text, language) == []


def test_a_list_of_meetings_is_cut():
    names = [f"Ann B{chr(97 + number // 26)}{chr(97 + number % 26)}x" for number in range(150)]
    text = " ".join(f"{name} met Luc Bonnet on 27 February." for name in names)
    assert len(told(text, "en")) == encounters.MOST


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "Ann Brady will meet Luc Bonnet on Friday.", "2023-03-03"),
        ("fr", "Anna Petit rencontrera Luc Bon vendredi.", "2023-03-03"),
        ("en", "Ann Brady will meet Luc Bonnet, it was said yesterday.", "2023-02-27"),
    ],
)
def test_a_weekday_that_is_foretold_is_the_next_one(language, text, day):
    assert [(kind, date, state) for kind, _who, _where, date, state, _parent in told(text, language)] == [
        ("talks", day, "announced")
    ]
