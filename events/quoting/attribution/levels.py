"""A text as clauses see it: words and the spans between marks, level by level."""

import re
from dataclasses import dataclass, field

from events.quoting.lexicon.base import Lexicon
from events.quoting.marks import Span
from events.quoting.mentions import Mention, Words

# Words in marks that make a sentence where no sign ends it.
SENTENCE = 6
ENDS = ".!?…։"


@dataclass
class Attribution:
    """Who says a span's words: `mention` in the clause [start, end) of the text; `strength` from 0 (nobody says them) to 3."""

    mention: Mention | None
    start: int
    end: int
    strength: int
    why: str
    reporter: Mention | None = None
    verb: str = ""
    labelled: bool = False
    naming: bool = False  # a relative clause that gives a thing its name: "what Armenia calls"


@dataclass
class Unit:
    """A word outside the marks of its level, or a span; `stop`: a sentence ends before it."""

    word: int | None
    span: int | None
    stop: bool
    gap: str


@dataclass
class Level:
    """A stretch of text with the spans directly in it."""

    units: list[Unit]
    place: dict[int, int] = field(default_factory=dict)  # span to its place among the units


class Levels:
    """The levels of one text: what stands outside all marks, and within each pair of them."""

    def __init__(self, words: Words, spans: list[Span]) -> None:
        self.w = words
        self.text = words.text
        self.lexicon: Lexicon = words.lexicon
        self.spans = spans
        self.children: dict[int | None, list[int]] = {}
        for number, span in enumerate(spans):
            self.children.setdefault(span.parent, []).append(number)
        self.levels: dict[int | None, Level] = {}

    def _read_level(self, parent: int | None) -> Level:
        """The level within the span `parent`, or outside of all: kept in `levels`."""
        start, end = (
            (0, len(self.text))
            if parent is None
            else (self.spans[parent].start + 1, self.spans[parent].end - 1)
        )
        level = self.levels[parent] = Level([])
        at = start
        for number in [*self.children.get(parent, []), None]:
            stop_at = end if number is None else self.spans[number].start
            for place in self.w.between(at, stop_at):
                level.units.append(self._word_unit(level, place, start))
            if number is not None:
                level.units.append(self._span_unit(level, number, start))
                level.place[number] = len(level.units) - 1
                at = self.spans[number].end
        return level

    def _bounds(self, unit: Unit) -> tuple[int, int]:
        if unit.span is not None:
            return self.spans[unit.span].start, self.spans[unit.span].end
        word = self.w.words[unit.word or 0]
        return word.start, word.end

    def _gap_before(self, level: Level, start: int, first: int) -> str:
        before = self._bounds(level.units[-1])[1] if level.units else first
        return self.text[before:start]

    def _word_unit(self, level: Level, place: int, first: int) -> Unit:
        word = self.w.words[place]
        gap = self._gap_before(level, word.start, first)
        if not level.units:
            return Unit(place, None, True, gap)
        previous = level.units[-1]
        if previous.span is None:
            return Unit(place, None, self.w.is_stop(place), gap)
        # Behind a span: its own last sign ends the sentence, unless what follows goes on with it.
        goes_on = (
            bool(re.match(r"\s*[,;—–-]", gap))
            or word.text[0].islower()
            or (not word.text[0].isupper() and not self._caseless(word.text))
        )
        inner = self._inner_end(previous.span)
        stop = (
            "\n" in gap
            or (not goes_on and (inner in ENDS or bool(re.search(r"[.!?…։]", gap))))
            or bool(re.match(r"\s*[.։]\s", gap) and not word.text[0].islower())
        )
        if self._caseless(word.text) and not re.match(r"\s*[,;—–-]", gap):
            stop = "\n" in gap or (inner in ENDS and inner not in "!?") or bool(re.search(r"[.։]", gap))
        return Unit(place, None, stop, gap)

    def _caseless(self, text: str) -> bool:
        return text[0].lower() == text[0].upper() or "ა" <= text[0] <= "ჿ"

    def _inner_end(self, number: int) -> str:
        """The last sign within the marks that is no blank and no other mark."""
        span = self.spans[number]
        inner = self.text[span.start + 1 : span.end - 1].rstrip("\u00a0\u202f \n»”“\"’'")
        return inner[-1:] or " "

    def _span_unit(self, level: Level, number: int, first: int) -> Unit:
        start = self.spans[number].start
        gap = self._gap_before(level, start, first)
        if not level.units:
            return Unit(None, number, True, gap)
        previous = level.units[-1]
        if previous.span is not None:
            stop = "\n" in gap or self._inner_end(previous.span) in ENDS or bool(re.search(r"[.!?…]", gap))
            return Unit(None, number, stop, gap)
        word = self.w.words[previous.word or 0]
        stop = bool(re.search(r"[.!?…։]\s|\n", gap)) and ":" not in gap and "՝" not in gap
        if stop and self.lexicon.point_opens and gap.strip() == "." and "\n" not in gap:
            stop = False
        if stop and "." in gap and "\n" not in gap and len(word.text) == 1 and word.is_capital:
            stop = False
        return Unit(None, number, stop, gap)

    def inner_words(self, number: int) -> range:
        span = self.spans[number]
        return self.w.between(span.start, span.end)

    def is_sentence(self, number: int) -> bool:
        """Whether the span reads as a whole sentence: it begins as one and is long enough, or ends as one."""
        inner = self.inner_words(number)
        if not len(inner):
            return False
        first = self.w.words[inner[0]].text
        begins = first[0].isupper() or self._caseless(first) or first[0].isdigit()
        dashed = bool(
            re.match(r",?\s*[—–-]\s", self.text[self.spans[number].end : self.spans[number].end + 4])
        )
        return begins and (
            len(inner) >= SENTENCE
            or (dashed and len(inner) >= 2)
            or (self._inner_end(number) in ".!?…։," and len(inner) >= 2)
            or self._inner_end(number) in "!?"
        )

    def begins(self, number: int) -> bool:
        inner = self.inner_words(number)
        return len(inner) > 1 and self.w.words[inner[0]].is_capital and not self.looks_like_name(number)

    def looks_like_name(self, number: int) -> bool:
        inner = self.inner_words(number)
        capitals = [
            place for place in inner if self.w.words[place].is_capital or len(self.w.words[place].text) < 4
        ]
        if self.lexicon.capital_nouns and len(inner) > 2:
            return False
        return (
            bool(len(inner))
            and len(capitals) == len(inner)
            and len(inner) <= 7
            and self._inner_end(number) not in ".!?…,"
        )
