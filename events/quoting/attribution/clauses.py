"""The pieces of a clause that attributes words: verbs of speech, phrases like "according to", noun phrases."""

import re
from dataclasses import replace

from events.quoting.attribution.levels import Attribution, Levels, Unit
from events.quoting.mentions import Mention

# How far back, in words, a verb of speech reaches.
REACH = 60
PAUSE = re.compile(r"[,;()—–]| - ")
AND = frozenset("et and и und ve və և եւ და puis but mais а но".split())
_FRENCH_WHOLE = frozenset("savoir valoir remarquer observer noter état part en à hommage entendre".split())
_FOR_ONES_PART = frozenset("pour sa son leur part côté tour de".split())
_HALVES = frozenset("mis fait tenu rendu laissé voulu tient rend met parti".split())


class Clauses(Levels):
    """Reads units one by one; each method looks at a bounded number of them."""

    def _beginning(self, units: list[Unit], at: int) -> int:
        """Where the sentence that holds the unit at `at` begins, or how far back its words may reach."""
        first = at
        while first > 0 and not units[first].stop and at - first < REACH:
            first -= 1
        return first

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
                if "," in units[at].gap or self._lower(units, back) in _FOR_ONES_PART:
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
        for phrase in self.lexicon.source_phrases.get(self._lower(units, at), ()):
            if all(self._lower(units, at + n) == word for n, word in enumerate(phrase)):
                if any(units[at + n].stop for n in range(1, len(phrase))):
                    continue
                return len(phrase)
        return 0

    def _own_phrase_at(self, units: list[Unit], at: int) -> tuple[int, Mention] | None:
        """ "in his words" at `at`: how many units it takes, and the possessive as the mention."""
        first = "*" if self._is_word(units, at, "possessives") else self._lower(units, at)
        for phrase in self.lexicon.own_phrases.get(first, ()):
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
        if self.lexicon.has_articles and not (
            self._is_word(units, at, "determiners", "persons", "bodies")
            or self.w.words[units[at].word or 0].is_capital
        ):
            return None
        end = at + 1
        while end < min(at + limit, len(units)):
            unit = units[end]
            if unit.word is None or unit.stop or PAUSE.search(unit.gap) or self._verb(units, end):
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

    def _text_owner(self, units: list[Unit], first: int, end: int) -> Mention | None:
        """Whose the text is that says something: "в заявлении МИД говорится", "в его письме"; the text itself where nobody's."""
        for near in range(first, min(end, len(units))):
            word = units[near].word
            if word is None or not self.w.is_(word, "texts"):
                continue
            owner = self._mention_from(units, near + 1)
            if owner is not None and near + 1 < end:
                return replace(owner, oblique=False)
            if self._is_word(units, near - 1, "possessives"):
                return self._made(units, near - 1, near)
            return self._made(units, max(near - 1, first), near + 1)
        return None

    def _nearer_name(self, units: list[Unit], who: Mention | None) -> Mention | None:
        """The name that stands in apposition directly behind an office: "the minister, Levan X,"."""
        if who is None or who.kind not in ("office", "body"):
            return who
        after = self.w.mention_at(who.last + 1)
        if after is not None and after.kind == "name" and not after.oblique:
            gap = self.text[who.end : after.start]
            if re.fullmatch(r",?[ \u00a0]", gap) and (self.lexicon.has_articles or "," not in gap):
                return after
        return who

    def _named_before(self, who: Mention) -> Mention | None:
        """The name that an office stands behind: "Robert X, the American envoy,"."""
        for named in self.w.mentions_within(max(who.first - 5, 0), who.first - 1):
            apposed = re.fullmatch(r",[ \u00a0](?:the |an? )?", self.text[named.end : who.start])
            if apposed and named.kind == "name" and not named.oblique and not named.country:
                return named
        return None

    def _last_mention(self, units: list[Unit], first: int, near: int) -> Mention | None:
        for back in range(near - 1, first - 1, -1):
            word = units[back].word
            if word is None:
                continue
            for who in self.w.mentions_within(max(word - 6, 0), word):
                if who.last == word:
                    return who
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
