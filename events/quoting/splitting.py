"""A text as words."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"(?:[A-ZА-Я]\.){2,}|[^\W_]+(?:[-‑'’ʼ՚][^\W_]+)*")
_ELIDED = re.compile(r"(?:[ldsjnmtc]|qu|lorsqu|puisqu|jusqu|quelqu)['’](?=\w)", re.IGNORECASE)
_CLITIC = re.compile(r"-(?:t-)?(?:ils?|elles?|on|je|nous|vous)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word at [start, end) of the text, and the same in small letters with plain apostrophes."""

    start: int
    end: int
    text: str
    lower: str

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


def split(text: str, elided: bool) -> list[Word]:
    """The words in their order; `elided`: French parts "l’", "qu’" and "-t-il" from what they lean on. Linear."""
    words: list[Word] = []
    for found in _WORD.finditer(text):
        start, end = found.span()
        while elided and (small := _ELIDED.match(text, start, end)):
            words.append(_word(text, start, small.end()))
            start = small.end()
        if elided and (clitic := _CLITIC.search(text, start, end)) and clitic.start() > start:
            words.append(_word(text, start, clitic.start()))
            start = clitic.start()
        words.append(_word(text, start, end))
    return words


def _word(text: str, start: int, end: int) -> Word:
    piece = text[start:end]
    return Word(start, end, piece, piece.lower().replace("’", "'").replace("‑", "-"))
