"""Who is the subject of a verb of speech."""

import re
from collections.abc import Iterator
from dataclasses import replace

from events.quoting.attribution.clauses import AND, PAUSE, Clauses
from events.quoting.attribution.levels import Unit
from events.quoting.mentions import Mention


class Subjects(Clauses):
    """Looks for the subject before a verb, or behind it."""

    def _subject_before(
        self, units: list[Unit], first: int, near: int, phrases: bool = True
    ) -> Mention | None:
        """The nearest mention before the verb that can be its subject, in the same sentence."""
        if first == near:
            first = self._beginning(units, near)
        if near <= first:
            return None
        first_word = next((units[n].word for n in range(first, near) if units[n].word is not None), None)
        last_word = next(
            (units[n].word for n in range(near - 1, first - 1, -1) if units[n].word is not None), None
        )
        if first_word is None or last_word is None:
            return None
        inside = {units[n].word for n in range(first, near)}
        mentions = [m for m in self.w.mentions_within(first_word, last_word) if m.first in inside]
        antecedent = self._antecedent(units, first, near)
        if antecedent is not None:
            return antecedent
        phrase = self._phrase_before_verb(units, first, near) if phrases else None
        fallback: Mention | None = None
        collective: Mention | None = None
        order = list(reversed(mentions))
        back = near < len(units) and units[near].word is not None and self._goes_back(units, first, near)
        if back:
            order = mentions
        for who in order:
            if (
                who.kind == "pronoun"
                and last_word - who.last > 10
                and not back
                and not self.w.is_stop(who.first)
                and not self.lexicon.verb_last
            ):
                continue
            if self.w.is_(who.last, "own") and (
                last_word - who.last > 2
                or (self.w.words[who.last].lower in ("lui", "eux") and not self.w.is_stop(who.first))
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
        while (at > first and self._is_word(units, at, "auxiliary", "light")) or self._lower(units, at) in (
            "se",
            "s'",
            "y",
            "en",
            "lui",
            "n'",
            "ne",
            "has",
            "had",
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
            and not PAUSE.search(units[at].gap)
        ):
            at -= 1
        if self._lower(units, at - 1) in AND and not any(units[n].stop for n in range(at - 1, at)):
            return not self._mention_from(units, at)
        if PAUSE.search(units[at].gap) and not units[at].stop:
            return True
        return self._is_word(units, near, "saying") and not self._is_word(units, near, "said")

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
        if self._lower(units, back) in ("de", "à", "pour", "to", "d'", "en", "sans") or PAUSE.search(
            units[near].gap
        ):
            return None
        end = near
        while end > first and (
            (
                self._is_word(units, end - 1, "auxiliary", "light")
                and not self._is_word(units, end - 1, "determiners")
            )
            or self._lower(units, end - 1) in ("s'", "se", "n'", "ne", "l'", "y", "lui", "leur")
        ):
            end -= 1
        if end < len(units) and (PAUSE.search(units[end].gap) or self._lower(units, end - 1) in AND):
            return None
        for start in range(end - 1, max(first - 1, end - 7), -1):
            unit = units[start]
            if unit.word is None:
                return None
            if start < end - 1 and (PAUSE.search(units[start + 1].gap)):
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
                opens = PAUSE.search(self.w.gap(place - 1))
                closes = any(
                    PAUSE.search(self.w.gap(n))
                    for n in range(who.last + 1, min(last_word + 2, len(self.w.words)))
                )
                return bool(closes or not opens)
            if PAUSE.search(self.w.gap(place)):
                return False
        return False

    def _subject_after(self, units: list[Unit], at: int) -> Mention | None:
        """The first mention in the nominative behind a verb, before the next pause; in Russian else a body that it was said in ("в МИД
        сообщили"), or the first bare noun. A name with its office goes before, a short name in marks does not stop the search."""
        first: Mention | None = None
        inside: Mention | None = None
        for near in self._up_to_pause(units, at, 14):
            if self.w.mention_at(units[near].word or 0) is None:
                continue
            who = self._mention_from(units, near)
            if who is None or (who.kind == "name" and who.country and self.lexicon.verb_last):
                continue
            if who.oblique:
                if self._is_word(units, near - 1, "inside") and who.kind != "pronoun":
                    inside = inside or replace(who, oblique=False)
                continue
            if first is None:
                first = who
            elif (
                who.kind == "name" and " " in who.text and not self._is_word(units, near - 1, "prepositions")
            ):
                # "посол по особым поручениям МИД РФ X", not "дипломат в интервью РИА Новости".
                between = [n for n in range(at, near) if (units[n].word or 0) > first.last]
                if not any(
                    self._is_word(units, n, "prepositions") and self._lower(units, n) != "по" for n in between
                ):
                    first = who
            if first.kind == "name" and " " in first.text:
                return first
        if first is not None:
            return self._nearer_name(units, first)
        if self.lexicon.verb_last or inside is not None:
            return inside
        for near in self._up_to_pause(units, at, 8):
            governed = self._is_word(units, near - 1, "prepositions")
            if governed or self._is_word(
                units, near, "prepositions", "conjunctions", "relatives", "light", "listeners"
            ):
                continue
            if not self.lexicon.oblique_ending.search(self._lower(units, near)):
                return self._bare_noun(units, near)
        return None

    def _up_to_pause(self, units: list[Unit], at: int, most: int) -> Iterator[int]:
        """The places of the words from `at` on, up to the next pause; short words in marks are passed over."""
        for near in range(at, min(at + most, len(units))):
            unit = units[near]
            if unit.stop or (near > at and re.search(r"[,;:(—–՝]", unit.gap)):
                return
            if unit.word is not None:
                yield near
            elif unit.span is None or len(self.inner_words(unit.span)) > 5:
                return

    def _bare_noun(self, units: list[Unit], at: int) -> Mention | None:
        if not 0 <= at < len(units) or units[at].word is None or len(self._lower(units, at)) < 4:
            return None
        end = at + 1
        while (
            end < min(at + 3, len(units))
            and units[end].word is not None
            and not units[end].stop
            and not PAUSE.search(units[end].gap)
            and not self._is_word(units, end, "prepositions", "conjunctions", "light", "relatives")
        ):
            end += 1
        return self._made(units, at, end)
