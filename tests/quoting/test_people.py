import pytest

from events import quoting


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Foreign Minister Ann Brady came. “We want a lasting peace,” the minister said. “It is late,” Brady said. “We go now,” she added.", [("the minister", "Ann Brady"), ("Brady", "Ann Brady"), ("she", "Ann Brady")]),
        ("en", "Ann Brady came. Tom Hall left. “We want a lasting peace,” Brady said. “It is late for us all,” Hall said.", [("Brady", "Ann Brady"), ("Hall", "Tom Hall")]),
        ("fr", "La ministre géorgienne Anna Petit et le ministre arménien Luc Bon parlent. « Nous voulons une paix durable », a dit la ministre géorgienne. « Il est tard pour tous », a dit le ministre arménien.", [("la ministre géorgienne", "Anna Petit"), ("le ministre arménien", "Luc Bon")]),
        ("ru", "Анна Петрова приехала. «Мы хотим прочного мира», — сказала Петрова. «Уже поздно для всех», — добавила она.", [("Петрова", "Анна Петрова"), ("она", "Анна Петрова")]),
    ],
)  # fmt: skip
def test_who_is_meant(language, text, expected):
    assert [(one.speaker.text, one.who.text) for one in quoting.read(text, language).quotations] == expected


@pytest.mark.parametrize(("who", "text"), [("he", "he said."), ("the minister", "the minister said.")])
def test_nobody_where_nobody_was_named(who, text):
    found = quoting.read(f"“We want a lasting peace,” {text}", "en").quotations
    assert [(one.speaker.text, one.who.text) for one in found] == [(who, who)]


def test_a_pronoun_far_from_any_name_stays_a_pronoun():
    text = "Ann Brady came.\n" + "It rained on and on. " * 100 + "\n“We want a lasting peace,” she said."
    assert [(one.speaker.text, one.who.text) for one in quoting.read(text, "en").quotations] == [
        ("she", "she")
    ]


def test_two_of_one_surname_are_told_apart_by_their_first_names():
    text = "Ann Brady met Tom Brady. “We want a lasting peace,” Tom Brady said. “It is late for us all,” Ann Brady said."
    assert [one.who.text for one in quoting.read(text, "en").quotations] == ["Tom Brady", "Ann Brady"]
