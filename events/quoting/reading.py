"""The quotations of a text, decided: which spans are somebody's words, whose, and why."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from events.quoting import lexicon as lexicons
from events.quoting.attribution import Attribution, Attributor
from events.quoting.marks import Span, spans
from events.quoting.mentions import Mention, Words
from events.quoting.people import People

_FEW = 2
_BEHIND = ("verb first", "after", "followed")  # attributions that stand behind the words
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
    """`spans` are all that stands between marks, quotations or not."""

    quotations: tuple[Quotation, ...]
    words: Words
    spans: tuple[Span, ...]

    @property
    def mentions(self) -> list[Mention]:
        return self.words.mentions

    @cached_property
    def people(self) -> People:
        return People(self.words)

    def full_name(self, mention: Mention) -> Mention:
        """The fullest printed form of a name in the text, the nearest before it among equals; the mention itself where there is none."""
        return self.people.full(mention)

    def surname(self, mention: Mention) -> str:
        """What all cases of a name's last word share in the text."""
        return self.people.surname(mention)

    def reporter_of(self, quotation: Quotation) -> Mention | None:
        """Whom the reporter of somebody else's words stands for."""
        if quotation.reporter is None:
            return None
        if quotation.within is not None:
            outer = self.quotations[quotation.within]
            if outer.speaker is not None and outer.speaker.start == quotation.reporter.start:
                return outer.who
        return self.full_name(quotation.reporter) if quotation.reporter.kind == "name" else quotation.reporter


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
            if self._is_quotation(number, given, last_in_paragraph):
                if given is None:
                    given = self.attributor.around(number) or self.attributor.beside(number)
                kept[number] = given
                if given is not None and span.parent is None:
                    last_in_paragraph = (span.end, given)
        places = {number: place for place, number in enumerate(kept)}
        people = People(self.words)
        made = [self._made(number, given, places, people) for number, given in kept.items()]
        made = self._by_elimination(self._reported(made), people)
        return Reading(tuple(made), self.words, tuple(self.spans))

    def _by_elimination(self, made: list[Quotation], people: People) -> list[Quotation]:
        """ "Le président russe", where all but one of those whom the text names hold other offices, or report these words."""
        held = {
            people.surname(one.who): one.speaker.country
            for one in made
            if one.who is not None
            and one.speaker is not None
            and one.who.kind == "name"
            and one.speaker.kind == "office"
        }
        for place, one in enumerate(made):
            office = one.who
            if (
                office is None
                or office.kind != "office"
                or not office.country
                or not self.lexicon.role(office.text)
            ):
                continue
            outer = made[one.within].who if one.within is not None else one.reporter
            reporter = people.surname(outer) if outer is not None and outer.kind == "name" else ""
            left = [
                name
                for surname, name in people.persons.items()
                if people.country_of(name) in ("", office.country)
                if surname != reporter
                and name.start < one.start
                and held.get(surname, office.country) == office.country
            ]
            if len(left) == 1:
                made[place] = replace(one, who=left[0])
        return made

    def _reported(self, made: list[Quotation]) -> list[Quotation]:
        """Words whose reporter is quoted in the same sentence are within that quotation's utterance."""
        for place, quotation in enumerate(made):
            if quotation.within is not None or quotation.reporter is None:
                continue
            for before in range(place - 1, max(place - 4, -1), -1):
                speaker = made[before].speaker
                beside = "\n" not in self.text[made[before].end : quotation.start]
                if (
                    beside
                    and speaker is not None
                    and quotation.reporter.start <= speaker.start < quotation.start
                ):
                    made[place] = replace(quotation, within=before)
                    break
        return made

    def _is_quotation(
        self,
        number: int,
        given: Attribution | None,
        last: tuple[int, Attribution] | None,
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
        name = attributor.looks_like_name(number)
        first = self.words.words[inner[0]].text
        piece = first[0].islower() and not name
        colon = ":" in self.text[max(span.start - 3, 0) : span.start]
        if given is not None:
            if given.naming and count <= 5:
                return False
            if given.why == "before" and given.strength >= 3 and colon and not name:
                return True
            if count <= _FEW and given.why in ("before", "same sentence", "passive") and not sentence:
                # One or two words: said only where the verb takes them for what it says, and somebody does.
                return (
                    given.strength >= 2
                    and (given.labelled or count == _FEW)
                    and not attributor.is_vague(given.mention)
                    and not name
                )
            if given.strength >= 3:
                return (
                    (count >= 3 and (sentence or not name or given.why != "before"))
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
            return colon and sentence and not name
        if piece:
            return count >= 4
        level = attributor.levels[None]
        at = level.place[number]
        if sentence and count >= 5:
            return not name and (level.units[at].stop or ":" in level.units[at].gap)
        # A short sentence of its own: "“We wait.”"
        own = level.units[at].stop and (at + 1 >= len(level.units) or level.units[at + 1].stop)
        return own and not name and count >= 2 and last is not None and span.start - last[0] < 600

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
                return not verbal or self.attributor.looks_like_name(number)
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
                and self.attributor.looks_like_name(number)
                and not self.words.is_(near, "said")
            ):
                return True
        after = self.words.between(span.end, span.end + 30)
        beside = bool(after) and self.words.starts[after[0]] - span.end <= 2
        return beside and self.words.is_(after[0], "naming_after") and count <= 12

    def _is_direct(self, number: int, given: Attribution | None) -> bool:
        """Whether whole sentences are quoted: the span is one, stands before the verb, follows a colon, or holds the beginning of
        a sentence."""
        span = self.spans[number]
        after_colon = ":" in self.text[max(span.start - 3, 0) : span.start]
        count = len(self.attributor.inner_words(number))
        begins_inside = re.search(
            r"[.!?…]\s+(?:[\[(](?:…|\.\.\.)[\])]\s+)?[^\W\d_a-zà-ÿа-я]",
            self.text[span.start + 1 : span.end - 1],
        )
        before_verb = given is not None and given.why in _BEHIND and self.attributor.begins(number)
        whole = self.attributor.is_sentence(number) or before_verb
        return whole or (after_colon and count >= 4) or bool(begins_inside)

    def _printed(self, given: Attribution, start: int, end: int) -> str:
        """The clause as printed, with "…" in the place of the words themselves."""
        if given.start < end and start < given.end and not (start <= given.start and given.end <= end):
            before, after = (
                self.text[given.start : start].strip(" ,:\n\u00a0"),
                self.text[end : given.end].strip(" ,\n\u00a0"),
            )
            return " … ".join(filter(None, (before, after)))
        return self.text[given.start : given.end].strip()

    def _made(
        self, number: int, given: Attribution | None, places: dict[int, int], people: People
    ) -> Quotation:
        span = self.spans[number]
        speaker = given.mention if given else None
        parent = span.parent
        while parent is not None and parent not in places:
            parent = self.spans[parent].parent
        within = places[parent] if parent is not None else None
        who = people.behind(speaker, span.start, given.reporter if given else None)
        form = "direct" if self._is_direct(number, given) else "partial"
        return Quotation(
            span.start, span.end, self.text[span.start : span.end], form, speaker, who,
            self._printed(given, span.start, span.end) if given else "", within, given.reporter if given else None, given.why if given else "alone",
        )  # fmt: skip
