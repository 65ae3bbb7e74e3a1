"""Clauses inside the words: « Nous sommes prêts, a-t-il dit, à signer »."""

import re

from events.quoting.attribution.after import After
from events.quoting.attribution.clauses import PAUSE
from events.quoting.attribution.levels import Attribution, Level, Unit


class Inside(After):
    def _inside(self, number: int) -> Attribution | None:
        """« Nous sommes prêts, a-t-il dit, à signer »; «Мы готовы, — заявил он, — подписать»."""
        inner = self.inner_words(number)
        for place in inner[1:200]:
            gap = self.w.gap(place)
            if not re.search(r",|[—–]|[!?]", gap):
                continue
            dashed = bool(re.search(r"[—–]|,-", gap))
            if self.lexicon.has_articles and not self.lexicon.clitics:
                return None
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
            if near and (units[near].stop or PAUSE.search(units[near].gap)):
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
