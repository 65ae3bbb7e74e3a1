"""Where words stand in a text, and how they are compared: what the functions of migration 0015 do, for Python.

Results rest on the database alone. This tells a typed text apart into words, and finds the words of a text again by the places that
the database counts, so both must count alike; tests/reading/test_search_words.py compares them.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

_APOSTROPHES = "'`´‘’‚‛ʹʺʻʼʽˈ′ʾʿ＇ŉ"
_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f\u02c6\u02cb\u02d0"
# Letters and digits; other numbers (², ½) are none for the database.
_LETTER = rf"[^\W_²³¹¼-¾⁰-₉{_APOSTROPHES}{_INVISIBLE}]"
_WORD = re.compile(f"{_LETTER}(?:[{_INVISIBLE}{_APOSTROPHES}]*{_LETTER})*")
_ELIDED = re.compile(
    f"(?:l|d|c|j|m|n|s|qu|lorsqu|puisqu|jusqu|quoiqu|dell|all|dall|nell|sull|un|quest|quell)(?=[{_APOSTROPHES}]{_LETTER})",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(f"[{_APOSTROPHES}]s$", re.IGNORECASE)
_UNSEEN = re.compile(f"[{_INVISIBLE}{_APOSTROPHES}]")


@dataclass(frozen=True)
class Token:
    """A word at its place in a text in NFC."""

    start: int
    end: int
    text: str


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in NFC, in the order and number in which the database counts them. Lazy, and linear in what is taken."""
    for found in _WORD.finditer(text):
        start, end = found.span()
        while elided := _ELIDED.match(text, start, end):
            yield Token(start, elided.end(), elided[0])
            start = elided.end() + 1
        yield Token(start, end, text[start:end])


@lru_cache(maxsize=8192)
def bare(word: str) -> str:
    """A word as it is compared: small letters without accents and apostrophes."""
    word = _POSSESSIVE.sub("", unicodedata.normalize("NFC", word)).lower()
    return "".join(map(_plain, _UNSEEN.sub("", word)))


def _plain(char: str) -> str:
    if char in "əә":
        return "e"
    if char == "ё":
        return "е"
    if char == "և":
        return "եւ"
    if char.isascii() or not unicodedata.name(char, "").startswith("LATIN"):
        return char
    return anyascii(char).lower()
