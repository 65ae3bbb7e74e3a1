"""Twice the text is no more than twice the work, also for texts that are made to be hard. Work is counted, not timed."""

import cProfile
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.quotations import PRESS
from events import dates, quoting
from events.editing.suggestions import suggest

LENGTH = 8_000  # twice what a quotation without its closing mark may take, so that this bound does not look like growth
MOST = 2.6
LANGUAGES = quoting.lexicon.LANGUAGES

SIGNS = [
    "« ", '" ', '"a ', "'x ", "« a » ", "“a\n", "«“„‘", "»”“’", "a, b; ", "« a\n", "«a ", "«a «b «c» ", "'a b c d' ", "dogs' ", ",,a ",
    "``a ", "<<a b c d e>> ", "\n", " ", ".", "A.", "a-", "a'", "l'", "a", "Ա", "\x00", "“A b c d.”", "(", "1 ", "2023 ", "1.1.",
]  # fmt: skip
CLAUSES = [
    ("fr", "a dit que "), ("fr", "le ministre de la "), ("fr", "selon "), ("fr", "les propos du "), ("fr", "Anna Petit a dit « oui à la paix » "),
    ("fr", "en rappelant les propos du président russe : « a b c d » "), ("fr", "27 février "), ("fr", "lundi "), ("fr", "visite de "),
    ("fr", "Anna Petit a rencontré Luc Bon lundi à Bakou. "), ("fr", "Par Anna Petit "), ("fr", "« a » Ali "),
    ("en", "he said, "), ("en", "Aa Bb "), ("en", "S. "), ("en", "the minister of the "), ("en", "monday 27 "), ("en", "Ann B{}y met Luc Bon. "),
    ("en", "“We want it,” Ann B{}y said. "), ("en", "Ann B{}y signed with "), ("en", "“We want peace now,” "), ("en", "according to "),
    ("ru", "«Мы, — сказал он, — "), ("ru", "по словам "), ("ru", "Иванов "), ("ru", "президент "), ("ru", "Анна Петрова заявила: «Мир» "),
    ("de", "der "), ("de", "„a“ "), ("de", "laut Minister "), ("de", "Anna Klein traf "), ("de", "»a« "),
    ("tr", 'Fidan, "barış" dedi. '), ("tr", "dedi "), ("tr", "Bakan Fidan "), ("tr", "Əliyev dedi: «sülh» "),
    ("az", "Əliyev dedi: «sülh» "), ("az", "sözlərinə görə "), ("az", "Anna ilə görüş "),
    ("hy", "ասել է Փաշինյանը "), ("hy", "նախարար "), ("hy", "«խաղաղություն»,- ասել է նա։ "),
    ("ka", "თქვა კობახიძემ "), ("ka", "მინისტრი "), ("ka", "„მშვიდობა“, - თქვა მან. "),
]  # fmt: skip


class Text(str):
    """A text that counts the characters that are cut from it or searched in it."""

    __slots__ = ("looked_at",)

    def __new__(cls, text: str) -> "Text":
        made = super().__new__(cls, text)
        made.looked_at = 0
        return made

    def __getitem__(self, key: Any) -> str:
        piece = super().__getitem__(key)
        self.looked_at += len(piece)
        return piece

    def rfind(self, sub: str, start: int = 0, end: int | None = None) -> int:
        end = len(self) if end is None else end
        found = super().rfind(sub, start, end)
        self.looked_at += end - max(found, start)
        return found

    def find(self, sub: str, start: int = 0, end: int | None = None) -> int:
        end = len(self) if end is None else end
        found = super().find(sub, start, end)
        self.looked_at += (end if found < 0 else found) - start
        return found


def work(function: Callable[[Text], Any], text: str) -> int:
    """The calls that a function makes, and the characters that it looks at."""
    counted = Text(text)
    profile = cProfile.Profile()
    profile.runcall(function, counted)
    return sum(entry.callcount for entry in profile.getstats()) + counted.looked_at


def repeated(unit: str, length: int) -> str:
    """The unit again and again, each with another letter at its braces."""
    if "{}" not in unit:
        return (unit * (length // len(unit) + 1))[:length]
    made = (
        unit.format(f"a{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}") for n in range(length)
    )
    pieces, total = [], 0
    while total < length:
        pieces.append(next(made))
        total += len(pieces[-1])
    return "".join(pieces)[:length]


def growth(function: Callable[[Text], Any], unit: str) -> float:
    function(Text(repeated(unit, 500)))  # the patterns of the language are made here, once
    return work(function, repeated(unit, 2 * LENGTH)) / work(function, repeated(unit, LENGTH))


def everything(language: str) -> Callable[[Text], Any]:
    """All that is read without the archive: quotations, people, places, dates, encounters."""
    return lambda text: suggest(text, language, "2023-02-28", ask=False)


@pytest.mark.parametrize("unit", SIGNS, ids=repr)
@pytest.mark.parametrize("language", ["fr", "ru", "tr"])
def test_signs_again_and_again(language, unit):
    assert growth(everything(language), unit) < MOST


@pytest.mark.parametrize(("language", "unit"), CLAUSES)
def test_clauses_again_and_again(language, unit):
    assert growth(everything(language), unit) < MOST


@pytest.mark.parametrize("language", LANGUAGES)
def test_press_texts(language):
    assert growth(everything(language), (PRESS / "plain" / f"{language}-01.txt").read_text() + "\n") < MOST


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", ["1 ", "1.1.", "2023-", "27 ", "2023 ", "1/2/", "1–2 "])
def test_numbers_that_are_no_dates(language, unit):
    assert growth(lambda text: dates.find(text, language, "2023-02-28"), unit) < MOST


def test_the_count_shows_what_is_not_linear():
    assert growth(lambda text: [text[place:] for place in range(len(text))], "a") > 3.9
