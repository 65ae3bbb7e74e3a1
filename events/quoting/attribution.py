"""Whether words between marks are a quotation, and of whom: by the clause that says so before, between, after or inside them."""

import re
from dataclasses import dataclass, field

from events.quoting.lexicon.base import Lexicon
from events.quoting.marks import Span
from events.quoting.mentions import Mention, Words

# How far, in words, a verb of speech reaches; and how many words each decision may look at.
_NEAR = 4
_REACH = 60
_SHORT = 3  # words in marks that are called, named or kept at a distance as often as said
_SENTENCE = 6  # words that make a sentence where nothing else does
_FRENCH_WHOLE = frozenset("savoir valoir remarquer observer noter état part en à hommage entendre".split())
_HALVES = frozenset("mis fait tenu rendu laissé voulu fait tient rend met parti".split())
_ENDS = ".!?…։"
_PAUSE = re.compile(r"[,;()—–]| - ")
_AND = frozenset("et and и und ve və և եւ და puis but mais а но".split())
_LABELS = frozenset("q question - – —".split())


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


class Attributor:
    """Reads one text. All decisions look at a bounded number of words, so that the whole is linear in the text's length."""

    def __init__(self, words: Words, spans: list[Span]) -> None:
        self.w = words
        self.text = words.text
        self.lexicon: Lexicon = words.lexicon
        self.spans = spans
        self.children: dict[int | None, list[int]] = {}
        for number, span in enumerate(spans):
            self.children.setdefault(span.parent, []).append(number)
        self.attributions: dict[int, Attribution] = {}
        self.levels: dict[int | None, Level] = {}

    def attribute(self) -> dict[int, Attribution]:
        """For each span that somebody says, who."""
        self._level(None, 0, len(self.text))
        for parent in list(self.children):
            if parent is not None:
                span = self.spans[parent]
                self._level(parent, span.start + 1, span.end - 1)
        return self.attributions

    # Levels

    def _level(self, parent: int | None, start: int, end: int) -> None:
        level = Level([])
        at = start
        for number in [*self.children.get(parent, []), None]:
            stop_at = end if number is None else self.spans[number].start
            for place in self.w.between(at, stop_at):
                level.units.append(self._word_unit(level, place, start))
            if number is not None:
                level.units.append(self._span_unit(level, number, start))
                level.place[number] = len(level.units) - 1
                at = self.spans[number].end
        self.levels[parent] = level
        for number in self.children.get(parent, []):
            found = self._attribution(level, level.place[number])
            if found:
                self.attributions[number] = found
        self._share(level)

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
            or (not word.text[0].isupper()
            and not self._caseless(word.text))
        )
        inner = self._inner_end(previous.span)
        stop = (
            "\n" in gap
            or (not goes_on and (inner in _ENDS or bool(re.search(r"[.!?…։]", gap))))
            or bool(re.match(r"\s*[.։]\s", gap) and not word.text[0].islower())
        )
        if self._caseless(word.text) and not re.match(r"\s*[,;—–-]", gap):
            stop = "\n" in gap or (inner in _ENDS and inner not in "!?") or bool(re.search(r"[.։]", gap))
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
            stop = "\n" in gap or self._inner_end(previous.span) in _ENDS or bool(re.search(r"[.!?…]", gap))
            return Unit(None, number, stop, gap)
        word = self.w.words[previous.word or 0]
        stop = bool(re.search(r"[.!?…։]\s|\n", gap)) and ":" not in gap and "՝" not in gap
        if stop and self.lexicon.point_opens and gap.strip() == "." and "\n" not in gap:
            stop = False
        if stop and "." in gap and "\n" not in gap and len(word.text) == 1 and word.is_capital:
            stop = False
        return Unit(None, number, stop, gap)

    # What a span is, by itself

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
            len(inner) >= _SENTENCE
            or (dashed and len(inner) >= 2)
            or (self._inner_end(number) in ".!?…։," and len(inner) >= 2)
        )

    def _begins(self, number: int) -> bool:
        inner = self.inner_words(number)
        return len(inner) > 1 and self.w.words[inner[0]].is_capital and not self._looks_like_name(number)

    def _looks_like_name(self, number: int) -> bool:
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

    # The clause

    def _attribution(self, level: Level, at: int) -> Attribution | None:
        units = level.units
        number = units[at].span
        assert number is not None
        inside = self._inside(number)
        if inside:
            return inside
        left = self._left(level, at)
        right = self._right(level, at)
        if left and right:
            colon = bool(re.search(r"[:՝]", units[at].gap)) or left.why == "words of"
            starts = at > 0 and not units[at].stop
            if colon and left.strength >= 3:
                return left
            if right.why == "verb first" or not starts:
                return right
            if left.strength >= 3 or (right.strength <= left.strength):
                return left
            return right
        return left or right

    def _is_word(self, units: list[Unit], at: int, *kinds: str) -> bool:
        if not 0 <= at < len(units):
            return False
        word = units[at].word
        return word is not None and self.w.is_(word, *kinds)

    def _lower(self, units: list[Unit], at: int) -> str:
        if not 0 <= at < len(units):
            return ""
        word = units[at].word
        return "" if word is None else self.w.words[word].lower

    def _mention_from(self, units: list[Unit], at: int) -> Mention | None:
        if not 0 <= at < len(units):
            return None
        word = units[at].word
        return None if word is None else self.w.mention_at(word)

    def _verb(self, units: list[Unit], at: int) -> str:
        """ "said", "saying" or "passive" where the unit is a verb of speech, else ""."""
        word = units[at].word
        if word is None:
            return ""
        kinds = self.w.kinds[word]
        lower = self.w.words[word].lower
        if "doubtful" in kinds and "participle" not in kinds and self._is_noun(units, at):
            return ""
        if lower in _HALVES and self.lexicon.clitics and self._lower(units, at + 1) not in _FRENCH_WHOLE:
            return ""
        if "passive" in kinds:
            return "passive"
        if "said" in kinds and "participle" not in kinds:
            return "said"
        if "participle" in kinds:
            for back in range(at - 1, max(at - 8, -1), -1):
                if units[back + 1].stop:
                    break
                if self._is_word(units, back, "auxiliary"):
                    return "said"
                if "," in units[at].gap and back > at - 8:
                    continue
                if not self._is_word(units, back, "light", "clitics", "said", "pronouns") and not self._lower(
                    units, back
                ).endswith(("ment", "é", "ly")):
                    break
            if "said" in kinds and not self._is_noun(units, at):
                return "said"
        if "saying" in kinds:
            return "saying"
        return ""

    def _is_noun(self, units: list[Unit], at: int) -> bool:
        if units[at].stop:
            return False
        before = self._lower(units, at - 1)
        return (
            (
                self._is_word(
                    units, at - 1, "determiners", "contracted", "genitive", "adjectives", "prepositions"
                )
                and not self._is_word(units, at - 1, "pronouns")
            )
            or before.endswith("'s")
            or before.isdigit()
            or before in ("par", "by", "any", "no", "sans", "each", "of")
        )

    def _phrase_at(self, units: list[Unit], at: int) -> int:
        """How many units a phrase like "according to" takes at `at`; 0 for none."""
        for phrase in self.lexicon.source_phrases:
            if all(self._lower(units, at + n) == word for n, word in enumerate(phrase)):
                if any(units[at + n].stop for n in range(1, len(phrase))):
                    continue
                return len(phrase)
        return 0

    def _own_phrase_at(self, units: list[Unit], at: int) -> tuple[int, Mention] | None:
        """ "in his words" at `at`: how many units it takes, and the possessive as the mention."""
        for phrase in self.lexicon.own_phrases:
            star = phrase.index("*")
            fits = all(
                self._is_word(units, at + n, "possessives")
                if word == "*"
                else self._lower(units, at + n) == word
                for n, word in enumerate(phrase)
            )
            if fits:
                word = units[at + star].word or 0
                owner = self.w.words[word]
                return len(phrase), Mention(
                    owner.start, owner.end, owner.text, "pronoun", first=word, last=word
                )
        return None

    def _noun_phrase(self, units: list[Unit], at: int, limit: int = 9) -> Mention | None:
        """The mention that begins at the unit, known as one or only by its determiner: "the 54-year-old", "une habitante"."""
        if not 0 <= at < len(units) or units[at].word is None:
            return None
        known = self._mention_from(units, at)
        if known and not (known.oblique and re.match(r"['’]", self.text[known.end : known.end + 1])):
            return known
        if not self._is_word(units, at, "determiners") and self.lexicon.has_articles:
            if (
                not self._is_word(units, at, "persons", "bodies")
                and not self.w.words[units[at].word or 0].is_capital
            ):
                return None
        end = at + 1
        while end < min(at + limit, len(units)):
            unit = units[end]
            if unit.word is None or unit.stop or _PAUSE.search(unit.gap) or self._verb(units, end):
                break
            if self._is_word(
                units, end, "relatives", "conjunctions", "auxiliary", "prepositions", "pronouns"
            ) and not self._is_word(units, end, "genitive", "adjectives", "contracted", "determiners"):
                break
            if (
                self._is_word(units, end, "light")
                and not self._is_word(units, end, "determiners", "genitive", "contracted")
                and end > at + 1
            ):
                break
            if not self.lexicon.has_articles and end > at + 3:
                break
            end += 1
        if end == at + 1 and self._is_word(units, at, "determiners"):
            return None
        return self._made(units, at, end)

    def _made(self, units: list[Unit], first: int, end: int) -> Mention:
        start = self._bounds(units[first])[0]
        stop = self._bounds(units[end - 1])[1]
        return Mention(
            start,
            stop,
            self.text[start:stop],
            "office",
            self.text[start:stop],
            "",
            False,
            units[first].word or 0,
            units[end - 1].word or 0,
        )

    def _skip_light(self, units: list[Unit], at: int, limit: int = 8) -> int:
        while at < len(units) and limit and units[at].word is not None and not units[at].stop:
            lower = self._lower(units, at)
            if self._is_word(units, at, "pronouns", "persons", "bodies"):
                break
            nominal = self._is_word(units, at, "determiners") and (
                self._mention_from(units, at) is not None
                or not self._is_word(units, at + 1, "light")
                or self._lower(units, at + 1) in ("même", "même", "autre", "premier")
            )
            if nominal and not self._is_word(units, at, "prepositions"):
                break
            if not (
                self._is_word(units, at, "light", "auxiliary", "listeners", "conjunctions")
                or lower.endswith(("ment", "ly"))
                or lower in _FRENCH_WHOLE
                or lower.isdigit()
            ):
                break
            at += 1
            limit -= 1
        return at

    # After the words

    def _right(self, level: Level, at: int) -> Attribution | None:
        units, lexicon = level.units, self.lexicon
        first = at + 1
        if first >= len(units) or units[first].word is None:
            return None
        number = units[at].span
        assert number is not None
        gap = units[first].gap
        asked = self._inner_end(number) in "!?…" and "\n" not in gap and not re.search(r"[.;]", gap)
        if units[first].stop and not asked:
            return None
        if gap.strip() in (";", ":", "(", ").") or gap.lstrip().startswith((";", ":", ").")):
            return None
        start = first
        length = self._phrase_at(units, start)
        if length and not units[start].stop:
            who = self._noun_phrase(units, start + length)
            if who:
                return self._found(units, who, start, start + length, 3, "source", "")
        own = self._own_phrase_at(units, start)
        if own and not units[start].stop:
            return self._found(units, own[1], start, start + own[0], 3, "source", "")
        # «…» X-in sözlərinə görə is rare after the words; dedi, deyə bildirib are not.
        verb_at = start
        while verb_at < min(start + _NEAR, len(units)) and units[verb_at].word is not None:
            if verb_at > start and units[verb_at].stop:
                break
            kind = self._verb(units, verb_at)
            if kind in ("said", "passive") or (kind and lexicon.verb_last):
                return self._verb_first(level, at, start, verb_at)
            if (
                not self._is_word(units, verb_at, "light", "auxiliary", "conjunctions", "clitics", "said")
                and not self._lower(units, verb_at).endswith(("ment", "ly"))
                and self._lower(units, verb_at)
                not in (
                    "se",
                    "s'",
                    "lui",
                    "leur",
                    "nous",
                    "me",
                    "m'",
                    "vous",
                    "l'",
                    "les",
                    "le",
                    "la",
                    "y",
                    "en",
                    "as",
                    "comme",
                    "как",
                    "wie",
                    "so",
                )
            ):
                break
            if self._mention_from(units, verb_at) and self._is_word(units, verb_at, "pronouns"):
                break
            verb_at += 1
        return (
            self._subject_first(level, at, start)
            or self._unknown_verb(level, at, start)
            or self._verb_at_end(level, at, start)
        )

    def _verb_at_end(self, level: Level, at: int, start: int) -> Attribution | None:
        """Fidan, havanın "ılık" olduğunu söyledi: the sentence ends with its verb, and began with its subject."""
        units = level.units
        if not self.lexicon.verb_last or units[start].stop:
            return None
        for near in range(start, min(start + 16, len(units))):
            if units[near].word is None or (near > start and units[near].stop):
                return None
            if self._verb(units, near) == "said" and not self._mention_from(units, near):
                who = self._subject_before(units, at, at)
                if who is None:
                    return None
                return self._found(
                    units, who, start, near + 1, 2, "verb after, subject before", self._lower(units, near)
                )
        return None

    def _unknown_verb(self, level: Level, at: int, start: int) -> Attribution | None:
        """«…», énumère-t-il; «…», scandaient les manifestants; «…», — разводит руками староста; “…,” she laughed: a verb that no
        lexicon holds, where only one of speech can stand."""
        units, lexicon = level.units, self.lexicon
        number = units[at].span or 0
        gap = units[start].gap
        if units[start].stop and self._inner_end(number) not in "!?…":
            return None
        inner = self._inner_end(number)
        direct = bool(re.match(r"\s*[,—–-]", gap)) or inner in ",!?…"
        for near in range(start, min(start + 4, len(units))):
            if units[near].word is None or (units[near].stop and near > start):
                break
            if self._is_word(units, near, "clitics") and self._mention_from(units, near):
                return self._found(
                    units,
                    self._mention_from(units, near),
                    start,
                    near + 1,
                    3,
                    "verb first",
                    self._lower(units, near - 1),
                )  # type: ignore[arg-type]
        if not direct or not self.is_sentence(number) or units[start].word is None:
            return None
        first = self.w.words[units[start].word or 0]
        if not lexicon.has_articles and not lexicon.verb_last:
            if not (re.search(r"[—–-]", gap) and first.text[0].islower()) or self._is_word(
                units, start, "prepositions", "conjunctions", "relatives"
            ):
                return None
            for near in range(start, min(start + 12, len(units))):
                if (
                    units[near].word is None
                    or (units[near].stop and near > start)
                    or (near > start and re.search(r"[;:—–(]", units[near].gap))
                ):
                    break
                who = self._mention_from(units, near)
                if who and not who.oblique and (near > start or who.kind == "pronoun"):
                    return self._found(
                        units,
                        self._nearer_name(units, who) or who,
                        start,
                        near + 1,
                        3,
                        "verb first",
                        first.lower,
                    )
            if start + 1 < len(units) and not units[start + 1].stop:
                last = start + 1
                while (
                    last + 1 < min(start + 5, len(units))
                    and units[last + 1].word is not None
                    and not units[last + 1].stop
                    and not re.search(r"[,;:—–.]", units[last + 1].gap)
                    and not self._is_word(units, last + 1, "prepositions")
                ):
                    last += 1
                if units[last].word is not None:
                    return self._found(
                        units,
                        self._made(units, last, last + 1),
                        start,
                        last + 1,
                        3,
                        "verb first",
                        first.lower,
                    )
            return None
        if not lexicon.has_articles:
            if re.match(r",?\s*[—–-]", gap):
                who = self._subject_after(units, start + 1)
                if who:
                    return self._found(units, who, start, start + 2, 3, "verb first", first.lower)
            return None
        if first.text[0].islower() and not self._is_word(
            units,
            start,
            "determiners",
            "prepositions",
            "contracted",
            "relatives",
            "conjunctions",
            "pronouns",
            "common",
            "genitive",
        ):
            subject_at = self._skip_light(units, start + 1, 4)
            while (
                lexicon.clitics
                and subject_at < min(start + 5, len(units))
                and units[subject_at].word is not None
                and not units[subject_at].stop
                and not self._is_word(units, subject_at, "determiners")
                and not self._mention_from(units, subject_at)
                and not _PAUSE.search(units[subject_at].gap)
            ):
                subject_at += 1
            if (
                subject_at < len(units)
                and not units[subject_at].stop
                and not _PAUSE.search(units[subject_at].gap)
            ):
                who = self._nearer_name(units, self._noun_phrase(units, subject_at))
                if (
                    who
                    and not (who.oblique and who.kind != "name")
                    and not self._is_word(units, subject_at, "prepositions")
                ):
                    return self._found(units, who, start, subject_at + 1, 3, "verb first", first.lower)
            if lexicon.genitive == "of":  # "political scientist Oksana X said"
                for near in range(start + 1, min(start + 6, len(units))):
                    if units[near].stop or units[near].word is None or _PAUSE.search(units[near].gap):
                        break
                    who = self._mention_from(units, near)
                    if (
                        who
                        and who.kind == "name"
                        and self._verb(units, near + who.last - (units[near].word or 0) + 1)
                    ):
                        return self._found(units, who, start, near + 1, 3, "after", "")
        if lexicon.genitive == "of" and inner in ",!?":
            who = self._noun_phrase(units, start)
            if who is not None and not (who.oblique and who.kind != "name"):
                verb_at = start + who.last - (units[start].word or 0) + 1
                verb = self._lower(units, verb_at)
                if (
                    verb_at < len(units)
                    and not units[verb_at].stop
                    and re.search(r"(?:ed|s)$|^(?:began|went|put|spat|let|swore|sang|read|ran)$", verb)
                ):
                    return self._found(units, who, start, verb_at + 1, 3, "after", verb)
        return None

    def _verb_first(self, level: Level, at: int, start: int, verb_at: int) -> Attribution | None:
        units = level.units
        verb = self._lower(units, verb_at)
        end = verb_at + 1
        if self._lower(units, end) in ("by", "par", "von") and self.lexicon.has_articles:
            return None
        number = units[at].span if units[at].span is not None else None
        loose = (
            number is not None
            and not re.match(r"\s*[,;—–.-]", units[start].gap)
            and self._inner_end(number) not in ",!?…."
        )
        if (
            loose
            and len(self.inner_words(number or 0)) < 5
            and not self.lexicon.verb_last
            and self.lexicon.has_articles
        ):
            return None
        clitic = None
        for near in range(start, min(verb_at + 3, len(units))):
            if self._is_word(units, near, "clitics"):
                clitic = self._mention_from(units, near)
                end = max(end, near + 1)
        if clitic is not None:
            return self._found(units, clitic, start, end, 3, "verb first", verb)
        subject_at = verb_at + 1
        while (
            subject_at < len(units)
            and units[subject_at].word is not None
            and self._verb(units, subject_at)
            and not units[subject_at].stop
            and not self._mention_from(units, subject_at)
        ):
            subject_at += 1  # "a fait | remarquer"; "deyə | bildirib"
        subject_at = self._skip_light(units, subject_at)
        who = None
        if (
            subject_at < len(units)
            and not units[subject_at].stop
            and units[subject_at].word is not None
            and not re.search(r"[;:(]", units[subject_at].gap)
        ):
            who = (
                self._noun_phrase(units, subject_at)
                if self.lexicon.has_articles
                else self._subject_after(units, subject_at)
            )
            if who is None and self.lexicon.clitics:
                for ahead in range(subject_at + 1, min(subject_at + 8, len(units))):
                    if (
                        units[ahead].word is None
                        or units[ahead].stop
                        or re.search(r"[,;:(—–]", units[ahead].gap)
                    ):
                        break
                    if self._is_word(
                        units, ahead - 1, "prepositions", "contracted", "genitive", "determiners"
                    ):
                        continue
                    if self._is_word(units, ahead, "determiners") or (
                        self._mention_from(units, ahead) and not self._is_word(units, ahead, "pronouns")
                    ):
                        who = self._noun_phrase(units, ahead)
                        break
            who = self._nearer_name(units, who)
        if who is not None and (not who.oblique or (who.kind == "name" and self.lexicon.has_articles)):
            comma = _PAUSE.search(units[subject_at].gap) and self.lexicon.verb_last
            if not comma:
                return self._found(units, who, start, subject_at + 1, 3, "verb first", verb)
        # Its subject stands before the words, in the same sentence, or nowhere.
        before = self._subject_before(units, at, at)
        if before is not None and (self.lexicon.verb_last or not units[at].stop):
            return self._found(units, before, start, end, 3, "verb after, subject before", verb)
        if self._is_word(units, verb_at, "doubtful") and not self.lexicon.verb_last:
            return None
        return Attribution(
            None, self._bounds(units[start])[0], self._bounds(units[end - 1])[1], 3, "verb first", verb=verb
        )

    def _subject_after(self, units: list[Unit], at: int) -> Mention | None:
        """The first mention in the nominative behind a verb, before the next pause; in Russian else the first bare noun."""
        first: Mention | None = None
        inside: Mention | None = None
        for near in range(at, min(at + 14, len(units))):
            if (
                units[near].word is None
                or units[near].stop
                or (near > at and re.search(r"[,;:(—–՝]", units[near].gap))
            ):
                break
            who = self._mention_from(units, near)
            if who is None or (who.kind == "name" and who.country and self.lexicon.verb_last):
                continue
            if who.oblique:
                if self._is_word(units, near - 1, "inside") and who.kind != "pronoun":
                    inside = inside or who
                continue
            if who.kind == "name" and who.office:
                return who
            first = first or who
        if first is not None:
            return self._nearer_name(units, first)
        if self.lexicon.verb_last:
            return None
        for near in range(at, min(at + 8, len(units))):
            if (
                units[near].word is None
                or units[near].stop
                or (near > at and re.search(r"[,;:(—–]", units[near].gap))
            ):
                break
            if self._is_word(
                units, near, "prepositions", "conjunctions", "relatives", "light", "listeners"
            ) or self._is_word(units, near - 1, "prepositions"):
                continue
            if not self.lexicon.oblique_ending.search(self._lower(units, near)):
                return self._bare_noun(units, near) if inside is None else inside
        return inside

    def _bare_noun(self, units: list[Unit], at: int) -> Mention | None:
        if not 0 <= at < len(units) or units[at].word is None or len(self._lower(units, at)) < 4:
            return None
        end = at + 1
        while (
            end < min(at + 3, len(units))
            and units[end].word is not None
            and not units[end].stop
            and not _PAUSE.search(units[end].gap)
            and not self._is_word(units, end, "prepositions", "conjunctions", "light", "relatives")
        ):
            end += 1
        return self._made(units, at, end)

    def _nearer_name(self, units: list[Unit], who: Mention | None) -> Mention | None:
        """The name that stands in apposition directly behind an office: "the minister, Levan X,"."""
        if who is None or who.kind not in ("office", "body"):
            return who
        after = self.w.mention_at(who.last + 1)
        if after is not None and after.kind == "name" and not after.oblique:
            gap = self.text[who.end : after.start]
            if re.fullmatch(r",?[ \u00a0]", gap):
                return after
        return who

    def _subject_first(self, level: Level, at: int, start: int) -> Attribution | None:
        """«…», the minister told reporters."""
        units = level.units
        if self._lower(units, start) in ("is", "was") and self._lower(units, start + 1) == "how":
            how = self._noun_phrase(units, start + 2)
            if how:
                return self._found(
                    units, self._nearer_name(units, how) or how, start, start + 2, 3, "after", ""
                )
        if self._lower(units, start) in _AND and not units[start].stop:
            return None
        if self._lower(units, start) in ("as", "comme", "как", "wie", "que"):
            start += 1
        who = self._noun_phrase(units, start)
        if who is None or (who.oblique and who.kind != "name"):
            return None
        if (
            self.lexicon.has_articles
            and self._is_word(units, start, "prepositions")
            and not self._is_word(units, start, "determiners")
        ):
            return None
        gap = units[start].gap
        direct = bool(re.search(r"[,—–-]", gap)) or self._inner_end(units[at].span or 0) in ",!?…—"
        at_verb = start + 1
        while (
            at_verb < min(start + 18, len(units))
            and units[at_verb].word is not None
            and not units[at_verb].stop
        ):
            kind = self._verb(units, at_verb)
            if kind in ("said", "passive") and (units[at_verb].word or 0) > who.last:
                between = [n for n in range(start, at_verb) if (units[n].word or 0) > who.last]
                commas = sum(bool(_PAUSE.search(units[n].gap)) for n in [*between, at_verb])
                if not direct and (len(between) > 3 or commas):
                    return None
                if not direct and not self.is_sentence(units[at].span or 0):
                    return None
                if (
                    len(between) > 2
                    and not commas
                    and not all(self._is_word(units, n, "light", "auxiliary", "listeners") for n in between)
                    and len(between) > 8
                ):
                    return None
                named = self._nearer_name(units, who) or who
                if self._is_word(units, at_verb, "citing"):
                    cited = self._noun_phrase(units, at_verb + 1)
                    as_said = any(
                        self._lower(units, n) in ("as", "saying")
                        for n in range(at_verb + 2, min(at_verb + 6, len(units)))
                    )
                    if cited and as_said:
                        return self._found(
                            units,
                            cited,
                            start,
                            at_verb + 2,
                            3,
                            "after",
                            self._lower(units, at_verb),
                            reporter=named,
                        )
                return self._found(
                    units,
                    named,
                    start,
                    at_verb + 1,
                    3 if direct and len(between) <= 6 else 2,
                    "after",
                    self._lower(units, at_verb),
                )
            at_verb += 1
        return None

    # Before the words

    def _left(self, level: Level, at: int) -> Attribution | None:
        units = level.units
        if at == 0 or units[at].stop:
            return None
        colon = bool(re.search(r"[:՝]", units[at].gap)) or (self.lexicon.point_opens and "." in units[at].gap)
        first = at
        while first > 0 and not units[first].stop and at - first < _REACH:
            first -= 1
        reported = self._words_of(units, first, at)
        if reported:
            return reported
        spans_between = 0
        for near in range(at - 1, first - 1, -1):
            unit = units[near]
            if unit.span is not None:
                spans_between += 1
                continue
            if ";" in units[near + 1].gap and not colon:
                break
            length = self._phrase_at(units, near)
            if length and near + length <= at:
                who = self._noun_phrase(units, near + length)
                if who and who.last < (units[at - 1].word or 10**9) + 1:
                    distance = at - near
                    return self._found(
                        units,
                        self._nearer_name(units, who) or who,
                        near,
                        near + length,
                        3 if colon or distance <= 12 else 2,
                        "source",
                        "",
                    )
            own = self._own_phrase_at(units, near)
            if own:
                return self._found(
                    units, own[1], near, near + own[0], 3 if colon or at - near <= 12 else 2, "source", ""
                )
            if (
                self._is_word(units, near, "weighing")
                and (units[near].stop or "," in units[near].gap)
                and near + 1 < at
            ):
                who = self._noun_phrase(units, near + 1)
                after = near + 2 + (who.last - (units[near + 1].word or 0)) if who else 0
                if (
                    who
                    and after < len(units)
                    and "," in units[after].gap
                    and (
                        who.kind == "pronoun"
                        or (who.kind == "name"
                        and not who.country)
                        or who.kind == "office"
                    )
                ):
                    return self._found(units, who, near, near + 1, 2, "source", "")
            if self._is_word(units, near, "source_after") and not self._verb(units, near):
                who = self._last_mention(units, first, near)
                if who:
                    return self._found(
                        units,
                        who,
                        near,
                        near + 1,
                        3 if at - near <= 2 else 2,
                        "source",
                        self._lower(units, near),
                    )
            kind = self._verb(units, near)
            if kind:
                found = self._by_verb(level, at, first, near, kind, colon)
                if found:
                    return found
        if colon:
            return self._by_colon(units, first, at)
        return self._headed(units, first, at)

    def _headed(self, units: list[Unit], first: int, at: int) -> Attribution | None:
        """A headline that begins with who speaks: "Plétniev: the rumours “are exaggerated”"."""
        word = units[first].word
        if word is None or not units[first].stop:
            return None
        who = self.w.mention_at(word)
        if (
            who is None
            or who.kind == "pronoun"
            or who.last + 1 >= len(self.w.words)
            or not re.match(r"\s?:\s", self.w.gap(who.last + 1))
        ):
            return None
        return self._found(units, who, first, first + 1, 3, "colon", "", labelled=True)

    def is_vague(self, who: Mention | None) -> bool:
        """Whether nobody in particular calls it so: "linguists", "on", "ses détracteurs"."""
        if who is None:
            return True
        word = self.w.words[who.last].lower
        if self.w.is_(who.last, "plural_or_vague"):
            return True
        return (
            (who.kind == "office"
            and self.lexicon.genitive == "of"
            and word.endswith("s")
            and not word.endswith(("ss", "'s")))
            or who.text.lower().startswith(("ses ", "leurs ", "certains ", "les "))
        )

    def _strength(self, units: list[Unit], at: int, near: int, colon: bool) -> int:
        distance = at - near - 1
        joined = self._is_word(units, at - 1, "conjunctions") or distance == 0
        return 3 if colon or joined or distance <= 2 else (2 if distance <= 16 else 1)

    def _by_verb(
        self, level: Level, at: int, first: int, near: int, kind: str, colon: bool
    ) -> Attribution | None:
        units, lexicon = level.units, self.lexicon
        verb = self._lower(units, near)
        strength = self._strength(units, at, near, colon)
        labelled = self._is_word(units, near, "labelling")
        for beside in (near + 1, near):
            if self._is_word(units, beside, "clitics"):
                clitic = self._mention_from(units, beside)
                if clitic:
                    return self._found(units, clitic, near, near + 1, strength, "before", verb, labelled)
        before = (
            self._subject_before(units, first, near) if not lexicon.verb_last or kind != "passive" else None
        )
        if self._is_word(units, near, "citing"):
            cited = self._last_mention(units, near, at)
            cited = cited or next(
                (
                    made
                    for n in range(near + 1, at)
                    if (made := self._noun_phrase(units, n)) and made.last == units[at - 1].word
                ),
                None,
            )
            if cited is not None and cited.last == units[at - 1].word and cited is not before:
                return self._found(units, cited, near, near + 1, 3, "words of", verb, reporter=before)
        inverted = self._inverted(units, near, at, before)
        if inverted is not None:
            return self._found(units, inverted, near, near + 1, strength, "before", verb, labelled)
        if before is not None:
            found = self._found(units, before, near, near + 1, strength, "before", verb, labelled)
            if self._is_word(units, near, "calling"):
                opening = before.first - 1
                found.naming = opening >= 0 and (
                    self.w.is_(opening, "relatives", "conjunctions")
                    or self.w.words[opening].lower in ("what", "which", "que", "qu'", "was")
                )
            return found
        if (
            kind in ("saying", "said")
            and at + 1 < len(units)
            and units[at + 1].word is not None
            and not units[at + 1].stop
        ):
            after = at + 1
            if _PAUSE.search(units[after].gap):
                who = self._noun_phrase(units, after)
                if who and not who.oblique:
                    return self._found(
                        units,
                        self._nearer_name(units, who) or who,
                        near,
                        near + 1,
                        strength,
                        "before, subject after",
                        verb,
                        labelled,
                    )
        if kind == "passive":
            text = self._last_mention(units, first, at)
            return (
                self._found(units, text, near, near + 1, strength, "passive", verb)
                if text
                else Attribution(None, *self._bounds(units[near]), strength, "passive", verb=verb)
            )
        start, end = self._bounds(units[near])
        return Attribution(None, start, end, strength, "before", verb=verb, labelled=labelled)

    def _inverted(self, units: list[Unit], near: int, at: int, before: Mention | None) -> Mention | None:
        """The subject behind its verb: "заявил Лавров:", "comme l'a rappelé le ministre, «"."""
        lexicon = self.lexicon
        if lexicon.genitive == "of" and before is not None:
            return None
        apart = _PAUSE.search(units[near].gap) and not units[near].stop
        if apart and not lexicon.verb_last:
            at_subject = self._skip_light(units, near + 1, 3)
            inserted = self._noun_phrase(units, at_subject) if at_subject < at else None
            if inserted and not inserted.oblique:
                named = self._nearer_name(units, inserted) or inserted
                closes = next(
                    (
                        n
                        for n in range(at_subject, at + 1)
                        if units[n].word is None or (units[n].word or 0) > named.last
                    ),
                    at,
                )
                if _PAUSE.search(units[closes].gap):
                    return named
        if lexicon.clitics and not (
            (self._lower(units, near - 1) in ("l'", "a", "ont", "qu'", "que", "comme")
            and before is None)
            or before is None
        ):
            return None
        subject_at = self._skip_light(units, near + 1)
        if subject_at >= at:
            return None
        if re.search(r"[,:;(]", units[subject_at].gap):
            return None
        who = self._mention_from(units, subject_at)
        if who is None and not lexicon.has_articles and not lexicon.verb_last and before is None:
            for ahead in range(subject_at, min(near + 12, at)):
                if ahead > near + 1 and re.search(r"[,;:—–]", units[ahead].gap):
                    break
                candidate = self._mention_from(units, ahead)
                if candidate and not candidate.oblique:
                    who = candidate
                    break
        if who is None and before is None:
            who = self._noun_phrase(units, subject_at) if lexicon.has_articles else None
        if (
            who is None
            or who.oblique
            or who.last >= (units[at - 1].word or 0) + 1
            or self._is_word(units, near + 1, "prepositions", "conjunctions")
        ):
            return None
        if before is not None and lexicon.has_articles:
            return None
        if before is not None and before.kind == "pronoun" and before.last == (units[near].word or 0) - 1:
            return None
        return self._nearer_name(units, who)

    def _subject_before(
        self, units: list[Unit], first: int, near: int, phrases: bool = True
    ) -> Mention | None:
        """The nearest mention before the verb that can be its subject, in the same sentence."""
        if near > 0 and first == near:
            first = near
            while first > 0 and not units[first].stop:
                first -= 1
        low, high = units[first], units[near - 1] if near else units[near]
        if near == 0 or (near <= first):
            return None
        first_word = next((units[n].word for n in range(first, near) if units[n].word is not None), None)
        last_word = next(
            (units[n].word for n in range(near - 1, first - 1, -1) if units[n].word is not None), None
        )
        if first_word is None or last_word is None:
            return None
        del low, high
        inside = {units[n].word for n in range(first, near)}
        mentions = [m for m in self.w.mentions_within(first_word, last_word) if m.first in inside]
        antecedent = self._antecedent(units, first, near)
        if antecedent is not None:
            return antecedent
        phrase = self._phrase_before_verb(units, first, near) if phrases else None
        fallback: Mention | None = None
        collective: Mention | None = None
        order = list(reversed(mentions))
        if near < len(units) and units[near].word is not None and self._goes_back(units, first, near):
            order = mentions
        for who in order:
            if (
                who.kind == "pronoun"
                and last_word - who.last > 10
                and not self.w.is_stop(who.first)
                and not self.lexicon.verb_last
            ):
                continue
            if self.w.is_(who.last, "own") and (
                last_word - who.last > 2
                or (self.w.words[who.last].lower in ("lui", "eux")
                and not self.w.is_stop(who.first))
            ):
                continue
            if who.oblique and self.w.is_(who.first - 1, "inside") and who.kind in ("body", "name"):
                collective = collective or who
            if who.oblique or self._is_listed(who):
                continue
            if self.lexicon.verb_last and who.kind == "name" and who.country:
                fallback = fallback or who
                continue
            if self._in_relative(who, last_word):
                fallback = fallback or who
                continue
            if phrase is not None and phrase.first > who.last:
                return phrase
            if who.kind != "pronoun" and (named := self._named_before(who)):
                return named
            if who.kind == "office" and not self.lexicon.has_articles:
                return self._nearer_name(units, who)
            return self._nearer_name(units, who) if who.kind != "name" else who
        return phrase or fallback or collective

    def _antecedent(self, units: list[Unit], first: int, near: int) -> Mention | None:
        """Whom "qui", "who" stands for, where the verb follows it: "les organisateurs, qui évoquent", "my wife, who said"."""
        at = near - 1
        while (
            (at > first
            and self._is_word(units, at, "auxiliary", "light"))
            or self._lower(units, at) in ("se", "s'", "y", "en", "lui", "n'", "ne", "has", "had")
        ):
            at -= 1
        if (
            at <= first
            or self._lower(units, at) not in ("qui", "who", "который", "которая", "die", "der")
            or self.lexicon.capital_nouns
        ):
            return None
        word = units[at - 1].word
        if word is None:
            return None
        for who in self.w.mentions_within(max(word - 8, 0), word):
            if who.last == word:
                return who if who.kind == "name" else (self._named_before(who) or who)
        for start in range(at - 1, max(first - 1, at - 6), -1):
            if units[start].word is None or self._is_word(units, start, "prepositions", "said", "auxiliary"):
                return None
            if self._is_word(units, start, "determiners"):
                return self._made(units, start, at)
        return None

    def _goes_back(self, units: list[Unit], first: int, near: int) -> bool:
        """Whether the verb's subject is the first of the sentence and not the nearest: behind "and", behind a parenthesis, or for a
        participle: "accused the opposition … and joked", "X, who came …, said", "told parliament, adding"."""
        if self.lexicon.verb_last or self.lexicon.capital_nouns:
            return False
        at = near
        while (
            at > first
            and self._is_word(units, at - 1, "auxiliary", "light")
            and not _PAUSE.search(units[at].gap)
        ):
            at -= 1
        if self._lower(units, at - 1) in _AND and not any(units[n].stop for n in range(at - 1, at)):
            return not self._mention_from(units, at)
        if _PAUSE.search(units[at].gap) and not units[at].stop:
            return True
        return self._is_word(units, near, "saying") and not self._is_word(units, near, "said")

    def _named_before(self, who: Mention) -> Mention | None:
        """The name that an office stands behind: "Robert X, the American envoy,"."""
        for named in self.w.mentions_within(max(who.first - 5, 0), who.first - 1):
            apposed = re.fullmatch(r",[ \u00a0](?:the |an? )?", self.text[named.end : who.start])
            if apposed and named.kind == "name" and not named.oblique and not named.country:
                return named
        return None

    def _is_listed(self, who: Mention) -> bool:
        """A country or a day that only qualifies another noun: "l'Azerbaïdjan" in "le conflit entre l'Arménie et l'Azerbaïdjan"."""
        previous = self.w.words[who.first - 1].lower if who.first else ""
        if previous not in ("et", "and", "und", "и", "l'", "la", "le", "the"):
            return False
        back = who.first - (2 if previous in ("l'", "la", "le", "the") else 1)
        for place in range(back, max(back - 7, -1), -1):
            if self.w.is_(place, "said", "auxiliary") or self.w.is_stop(place + 1):
                return False
            if self.w.words[place].lower in (
                "entre",
                "between",
                "de",
                "en",
                "avec",
                "with",
                "of",
                "от",
                "между",
                "zwischen",
                "vers",
                "sur",
                "dans",
            ):
                return previous in ("l'", "la", "le") or self.w.words[place].lower in (
                    "entre",
                    "between",
                    "между",
                    "zwischen",
                )
        return False

    def _phrase_before_verb(self, units: list[Unit], first: int, near: int) -> Mention | None:
        """ "the 54-year-old" directly before its verb, where no mention is known."""
        if not self.lexicon.has_articles:
            return None
        back = near - 1 - (self._lower(units, near - 1) in ("l'", "le", "la", "les", "y", "lui", "en"))
        if self._lower(units, back) in ("de", "à", "pour", "to", "d'", "en", "sans") or _PAUSE.search(
            units[near].gap
        ):
            return None
        end = near
        while end > first and (
            (self._is_word(units, end - 1, "auxiliary", "light")
            and not self._is_word(units, end - 1, "determiners"))
            or self._lower(units, end - 1) in ("s'", "se", "n'", "ne", "l'", "y", "lui", "leur")
        ):
            end -= 1
        if end < len(units) and (_PAUSE.search(units[end].gap) or self._lower(units, end - 1) in _AND):
            return None
        for start in range(end - 1, max(first - 1, end - 7), -1):
            unit = units[start]
            if unit.word is None:
                return None
            if start < end - 1 and (_PAUSE.search(units[start + 1].gap)):
                return None
            if self._is_word(units, start, "determiners") and start < end - 1:
                if (
                    self._is_word(
                        units, start - 1, "prepositions", "contracted", "said", "saying", "genitive"
                    )
                    and not units[start].stop
                ):
                    return None
                return self._made(units, start, end)
            if self._is_word(
                units, start, "prepositions", "contracted", "conjunctions", "relatives", "said"
            ) and not self._is_word(units, start, "genitive", "adjectives"):
                return None
        return None

    def _in_relative(self, who: Mention, last_word: int) -> bool:
        """Whether the mention stands in a clause like "who met Lavrov in Baku," that ends before the verb."""
        for place in range(who.first, max(who.first - 10, 0), -1):
            if self.w.is_stop(place):
                return False
            if self.w.is_(place - 1, "relatives") and place - 1 > 0:
                opens = _PAUSE.search(self.w.gap(place - 1))
                closes = any(
                    _PAUSE.search(self.w.gap(n))
                    for n in range(who.last + 1, min(last_word + 2, len(self.w.words)))
                )
                return bool(closes or not opens)
            if _PAUSE.search(self.w.gap(place)):
                return False
        return False

    def _last_mention(self, units: list[Unit], first: int, near: int) -> Mention | None:
        for back in range(near - 1, first - 1, -1):
            word = units[back].word
            if word is None:
                continue
            for who in self.w.mentions_within(max(word - 6, 0), word):
                if who.last == word:
                    return who
        return None

    def _words_of(self, units: list[Unit], first: int, at: int) -> Attribution | None:
        """ "en rappelant les propos … du président russe : «": the words are those of whom they are said to be."""
        lexicon = self.lexicon
        for near in range(at - 1, max(first - 1, at - 16), -1):
            if not self._is_word(units, near, "words") or units[near].word is None:
                continue
            if self._verb(units, near) and not self._is_noun(units, near) and lexicon.has_articles:
                continue
            for of in range(near + 1, min(near + 9, at)):
                owner: Mention | None = None
                if lexicon.of and self._is_word(units, of, "of"):
                    owner = self._noun_phrase(units, of + 1)
                elif not lexicon.of and of == near + 1 and not lexicon.verb_last:
                    owner = self._mention_from(units, of)
                    owner = owner if owner and (owner.oblique or owner.kind != "pronoun") else None
                if (
                    owner is None
                    or owner.kind == "pronoun"
                    or (owner.kind == "name" and owner.country and not owner.office)
                ):
                    continue
                if (units[at - 1].word or 0) - owner.last > 1:
                    continue
                reporter = self._subject_before(units, first, near)
                if reporter is not None and reporter.start >= owner.start:
                    reporter = None
                return self._found(
                    units, owner, near, of + 1, 3, "words of", self._lower(units, near), reporter=reporter
                )
        return None

    def _by_colon(self, units: list[Unit], first: int, at: int) -> Attribution | None:
        """ "Lavrov : «…»", "Dans un communiqué, le ministère : «…»"."""
        if at - first > 24:
            return None
        word = next((units[n].word for n in range(first, at) if units[n].word is not None), None)
        last = units[at - 1].word
        if word is None or last is None:
            return None
        for who in self.w.mentions_within(word, last):
            if not who.oblique and not self.w.is_(who.last, "own") and not self._in_relative(who, last):
                who = self._nearer_name(units, who) or who
                strength = 3 if who.last == last or at - first <= 6 else 1
                return self._found(units, who, first, at, strength, "colon", "")
        texts = any(self._is_word(units, n, "texts") for n in range(first, at))
        if texts:
            return Attribution(
                None, self._bounds(units[first])[0], self._bounds(units[at - 1])[1], 2, "colon"
            )
        return None

    # Inside the words

    def _inside(self, number: int) -> Attribution | None:
        """« Nous sommes prêts, a-t-il dit, à signer »; «Мы готовы, — заявил он, — подписать»."""
        span = self.spans[number]
        inner = self.inner_words(number)
        for place in inner[1:200]:
            gap = self.w.gap(place)
            if not re.search(r",|[—–]|[!?]", gap):
                continue
            dashed = bool(re.search(r"[—–]|,-", gap))
            if not dashed and not self.lexicon.clitics:
                continue
            end = min(place + 14, inner[-1] + 1)
            level = Level(
                [Unit(n, None, self.w.is_stop(n) and n > place, self.w.gap(n)) for n in range(place, end)]
            )
            found = self._inserted(level.units, dashed)
            if found is not None:
                return found
        return None

    def _inserted(self, units: list[Unit], dashed: bool) -> Attribution | None:
        """The clause that these units begin with inside somebody's words, if it is one: closed by a sign or by the end."""
        for near in range(min(5, len(units))):
            if near and (units[near].stop or _PAUSE.search(units[near].gap)):
                break
            clitic = self._mention_from(units, near) if self._is_word(units, near, "clitics") else None
            if clitic is not None and not self._is_word(units, near, "plural_or_vague"):
                return self._found(units, clitic, 0, near + 1, 3, "inside", self._lower(units, near - 1))
        first = self.w.words[units[0].word or 0]
        if not first.text[0].islower() and not self._caseless(first.text):
            return None
        verb_at = 0
        while (
            verb_at < min(4, len(units))
            and self._verb(units, verb_at) != "said"
            and self._is_word(units, verb_at, "auxiliary", "light", "pronouns")
        ):
            verb_at += 1
        known = verb_at < len(units) and self._verb(units, verb_at) == "said"
        if not known and not dashed:
            return None
        subject_at = self._skip_light(units, (verb_at if known else 0) + 1, 4)
        for near in range(subject_at, min(subject_at + (4 if dashed else 1), len(units))):
            if units[near].stop or (near > subject_at and re.search(r"[,;—–]", units[near].gap)):
                break
            who = (
                self._noun_phrase(units, near)
                if self.lexicon.has_articles
                else self._mention_from(units, near)
            )
            if who is None or who.oblique:
                continue
            close = who.last + 1
            closed = (
                close >= len(self.w.words)
                or bool(re.search(r"[,.!?—–]|\n|[»”\"]", self.w.gap(close)))
                or dashed
            )
            if closed:
                return self._found(
                    units,
                    self._nearer_name(units, who) or who,
                    0,
                    near + 1,
                    3,
                    "inside",
                    self._lower(units, verb_at),
                )
        if (
            dashed
            and known
            and not self.lexicon.has_articles
            and subject_at < len(units)
            and not units[subject_at].stop
        ):
            who = self._bare_noun(units, subject_at)
            if who:
                return self._found(units, who, 0, subject_at + 1, 3, "inside", self._lower(units, verb_at))
        if dashed and not known and len(units) > 1 and not self.lexicon.has_articles:
            last = 0
            while (
                last + 1 < len(units)
                and not units[last + 1].stop
                and not re.search(r"[,;:—–.-]", units[last + 1].gap.strip())
            ):
                last += 1
            ends = last + 1 < len(units) and re.search(r"[—–]|,-", units[last + 1].gap)
            if ends and 1 <= last <= 4:
                return self._found(
                    units, self._made(units, last, last + 1), 0, last + 1, 3, "inside", first.lower
                )
        return None

    # Sharing

    def _share(self, level: Level) -> None:
        """Words that follow an attribution, or stand in one sentence with attributed ones, are the same person's."""
        units = level.units
        order = sorted(level.place.items(), key=lambda pair: pair[1])
        for (before, at_before), (number, at) in zip(order, order[1:], strict=False):
            if number in self.attributions or before not in self.attributions:
                continue
            between = units[at_before + 1 : at]
            newline = any("\n" in unit.gap for unit in [*between, units[at]])
            given = self.attributions[before]
            same_sentence = not any(unit.stop for unit in [*between, units[at]])
            if newline:
                continue
            if same_sentence and given.strength >= 2 and len(between) <= 12:
                self.attributions[number] = Attribution(
                    given.mention,
                    given.start,
                    given.end,
                    2,
                    "same sentence",
                    given.reporter,
                    given.verb,
                    given.labelled,
                )
            elif (
                units[at].stop
                and not any(unit.stop for unit in between[1:])
                and given.why
                in ("verb first", "after", "source", "inside", "verb after, subject before", "followed")
                and (self.is_sentence(number) or self._begins(number))
            ):
                self.attributions[number] = Attribution(
                    given.mention, given.start, given.end, 2, "followed", given.reporter, given.verb
                )
        for (number, at), (after, at_after) in reversed(list(zip(order, order[1:], strict=False))):
            if number in self.attributions or after not in self.attributions:
                continue
            between = units[at + 1 : at_after]
            given = self.attributions[after]
            if any(unit.stop or "\n" in unit.gap for unit in [*between, units[at_after]]) or len(between) > 8:
                continue
            if given.why in ("verb first", "after", "same sentence", "source", "verb after, subject before"):
                self.attributions[number] = Attribution(
                    given.mention, given.start, given.end, 2, "same sentence", given.reporter, given.verb
                )

    def around(self, number: int) -> Attribution | None:
        """For a piece of a sentence that no verb of speech governs ("found in it “an attempt to …”"): the subject of its sentence."""
        level = self.levels[self.spans[number].parent]
        units, at = level.units, level.place[number]
        if at == 0 or units[at].stop:
            return None
        first = at
        while first > 0 and not units[first].stop and at - first < _REACH:
            first -= 1
        who = self._subject_before(units, first, at, phrases=False)
        return self._found(units, who, first, at, 1, "around", "") if who else None

    def beside(self, number: int) -> Attribution | None:
        """For a sentence in marks that no clause attributes: the subject of the sentence before it in its paragraph, or of the one
        behind it where it begins the paragraph. "One official was blunter. “…”"; "“…” He shrugs."."""
        level = self.levels[self.spans[number].parent]
        units, at = level.units, level.place[number]
        if at > 0 and "\n" not in units[at].gap and units[at - 1].word is not None:
            first = at - 1
            while first > 0 and not units[first].stop and at - first < _REACH:
                first -= 1
            words = [units[n].word for n in range(first, at) if units[n].word is not None]
            for who in self.w.mentions_within(words[0] or 0, words[-1] or 0):
                if (
                    not who.oblique
                    and not (who.kind == "name" and who.country)
                    and not self.w.is_(who.last, "own")
                ):
                    return self._found(
                        units, self._nearer_name(units, who) or who, first, at, 1, "beside", ""
                    )
        if at + 1 < len(units) and units[at + 1].word is not None and "\n" not in units[at + 1].gap:
            if (
                self._is_word(units, at + 1, "determiners")
                and self._is_word(units, at + 2, "words")
                and self._is_word(units, at + 3, "of")
            ):
                owner = self._noun_phrase(units, at + 4)
                if owner:
                    return self._found(units, owner, at + 1, at + 4, 1, "beside", "")
            who = self._noun_phrase(units, at + 1)
            if who and (who.kind == "pronoun" or (who.kind == "name" and not who.country)) and not who.oblique:
                return self._found(units, who, at + 1, at + 2, 1, "beside", "")
        return None

    def _found(
        self,
        units: list[Unit],
        who: Mention,
        first: int,
        end: int,
        strength: int,
        why: str,
        verb: str,
        labelled: bool = False,
        reporter: Mention | None = None,
    ) -> Attribution:
        start = min(self._bounds(units[first])[0], who.start)
        stop = max(self._bounds(units[min(end, len(units)) - 1])[1], who.end)
        return Attribution(who, start, stop, strength, why, reporter, verb, labelled)
