"""The quotations of a text, decided: which spans are somebody's words, whose, and why."""

import re
from dataclasses import dataclass

from events.quoting import lexicon as lexicons
from events.quoting.attribution import Attribution, Attributor
from events.quoting.marks import spans
from events.quoting.mentions import Mention, Words

_FEW = 2
_LINKS = frozenset("as by of de des du d' la le les comme sous как als zu".split())


@dataclass(frozen=True)
class Quotation:
    """Words that somebody says at [start, end) of the text, their marks included.

    `speaker` is the mention in the clause that attributes them, None where there is none; `who` the one among the text's mentions
    that it stands for (the name behind "he"). `attribution` is that clause as printed. `within` is the place in the list of the
    quotation that holds these words, or whose speaker reports them; `reporter` that speaker's mention. `reason` says why.
    """

    start: int
    end: int
    text: str
    form: str
    speaker: Mention | None
    who: Mention | None
    attribution: str
    within: int | None
    reporter: Mention | None
    reason: str


@dataclass(frozen=True)
class Reading:
    quotations: tuple[Quotation, ...]
    mentions: tuple[Mention, ...]


def read(text: str, language: str = "") -> Reading:
    """Read a press text. Linear in its length; nothing is looked up anywhere."""
    return _Reader(text, language).read()


class _Reader:
    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.words = Words(text, lexicons.of(language))
        self.lexicon = self.words.lexicon
        self.spans = spans(text)
        self.attributor = Attributor(self.words, self.spans)

    def read(self) -> Reading:
        attributions = self.attributor.attribute()
        kept: dict[int, Attribution | None] = {}
        last_in_paragraph: tuple[int, Attribution] | None = None
        for number, span in enumerate(self.spans):
            given = attributions.get(number)
            if span.parent is not None and span.parent not in kept:
                outer_kept = False
            else:
                outer_kept = True
            if self._is_quotation(number, given, last_in_paragraph, outer_kept):
                if given is None:
                    given = self.attributor.around(number) or self.attributor.beside(number)
                kept[number] = given
                if given is not None and span.parent is None:
                    last_in_paragraph = (span.end, given)
        places = {number: place for place, number in enumerate(kept)}
        made = [self._made(number, given, places) for number, given in kept.items()]
        return Reading(tuple(made), tuple(self.words.mentions))

    def _is_quotation(
        self, number: int, given: Attribution | None, last: tuple[int, Attribution] | None, outer_kept: bool
    ) -> bool:
        span = self.spans[number]
        inner = self.attributor.inner_words(number)
        count = len(inner)
        if not count:
            return False
        if not span.closed and not (given is not None and given.strength >= 3 and count >= 4):
            return False
        if self._is_named_so(number, given):
            return False
        attributor = self.attributor
        sentence = attributor.is_sentence(number)
        name = attributor._looks_like_name(number)
        first = self.words.words[inner[0]].text
        piece = first[0].islower() and not name
        if given is not None:
            if given.naming and count <= 5:
                return False
            if count <= _FEW and given.why in ("before", "same sentence", "passive") and not sentence:
                # One or two words: said only where the verb takes them for what it says, and somebody does.
                return (
                    given.strength >= 2
                    and given.labelled
                    and not attributor.is_vague(given.mention)
                    and not name
                )
            if given.strength >= 3:
                return (
                    (count >= 3
                    and (sentence or not name or given.why != "before"))
                    or sentence
                    or not name
                    or given.why == "verb first"
                )
            if span.parent is not None:
                return given.strength >= 2 and count >= 4
            if given.strength == 2 and count >= 3 and not name:
                return True
            return count >= 4 and not name
        if span.parent is not None:
            return False
        if piece:
            return count >= 4
        if sentence and count >= 5:
            return not name
        # A short sentence of its own: "“We wait.”"
        level = attributor.levels[None]
        at = level.place[number]
        own = level.units[at].stop and (at + 1 >= len(level.units) or level.units[at + 1].stop)
        return own and not name and count >= 2 and last is not None and span.start - last[0] < 600

    def _around(self, number: int) -> tuple[str, str]:
        span = self.spans[number]
        before = self.text[max(span.start - 2, 0) : span.start].strip(" \t\u00a0")
        after = self.text[span.end : span.end + 2].strip(" \t\u00a0")
        return before[-1:], after[:1]

    def _is_named_so(self, number: int, given: Attribution | None) -> bool:
        """Whether the marks stand around a title, a name or words kept at a distance: by the words directly before or after."""
        span = self.spans[number]
        places = self.words.between(max(span.start - 60, 0), span.start)
        before = [place for place in places if place < (self.attributor.inner_words(number) or range(0))[0]][
            -3:
        ]
        colon = ":" in self.text[max(span.start - 3, 0) : span.start]
        count = len(self.attributor.inner_words(number))
        if before and not colon and "\n" not in self.text[self.words.words[before[-1]].end : span.start]:
            near = before[-1]
            gap = self.text[self.words.words[near].end : span.start]
            if self.words.is_(near, "naming", "soft") and not re.search(r"[,.;]", gap):
                verbal = self.words.is_(near, "said", "labelling") and given is not None
                return not verbal or self.attributor._looks_like_name(number)
            if (
                len(before) > 1
                and self.words.is_(before[-2], "naming", "soft")
                and not re.search(r"[,.;]", gap + self.words.gap(near))
                and self.words.words[near].lower in _LINKS
            ):
                return True
            if (
                len(before) > 1
                and self.words.is_(before[-2], "naming")
                and not re.search(r"[,.;]", gap)
                and count <= 8
                and self.attributor._looks_like_name(number)
                and not self.words.is_(near, "said")
            ):
                return True
        after = self.words.between(span.end, span.end + 30)
        if (
            after
            and self.words.is_(after[0], "naming_after")
            and self.words.starts[after[0]] - span.end <= 2
            and count <= 12
        ):
            return True
        return False

    def _made(self, number: int, given: Attribution | None, places: dict[int, int]) -> Quotation:
        span = self.spans[number]
        speaker = given.mention if given else None
        parent = span.parent
        while parent is not None and parent not in places:
            parent = self.spans[parent].parent
        within = places[parent] if parent is not None else None
        form = "direct" if self.attributor.is_sentence(number) else "partial"
        return Quotation(
            span.start, span.end, self.text[span.start : span.end], form, speaker, speaker,
            self.text[given.start : given.end] if given else "", within, given.reporter if given else None, given.why if given else "alone",
        )  # fmt: skip
