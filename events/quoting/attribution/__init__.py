"""Whose words stand between marks: by the clause that says so before, between, after or inside them."""

import re
from itertools import pairwise

from events.quoting.attribution.before import Before
from events.quoting.attribution.inside import Inside
from events.quoting.attribution.levels import Attribution, Level

__all__ = ["Attribution", "Attributor"]


class Attributor(Before, Inside):
    """Reads one text. All decisions look at a bounded number of words, so that the whole is linear in the text's length."""

    def attribute(self) -> dict[int, Attribution]:
        """For each span that somebody says, who: kept in `attributions` too."""
        self.attributions: dict[int, Attribution] = {}
        for parent in [None, *(parent for parent in self.children if parent is not None)]:
            level = self._read_level(parent)
            for number, at in level.place.items():
                found = self._attribution(level, at)
                if found is not None:
                    self.attributions[number] = found
            self._share(level)
        return self.attributions

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

    def _share(self, level: Level) -> None:
        """Words that follow an attribution, or stand in one sentence with attributed ones, are the same person's."""
        units = level.units
        order = sorted(level.place.items(), key=lambda pair: pair[1])
        for (before, at_before), (number, at) in pairwise(order):
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
                and (self.is_sentence(number) or self.begins(number))
            ):
                self.attributions[number] = Attribution(
                    given.mention, given.start, given.end, 2, "followed", given.reporter, given.verb
                )
        for (number, at), (after, at_after) in reversed(list(pairwise(order))):
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
        first = self._beginning(units, at)
        who = self._subject_before(units, first, at, phrases=False)
        return self._found(units, who, first, at, 1, "around", "") if who else None

    def beside(self, number: int) -> Attribution | None:
        """For a sentence in marks that no clause attributes: the subject of the sentence before it in its paragraph, or of the one
        behind it where it begins the paragraph. "One official was blunter. “…”"; "“…” He shrugs."."""
        level = self.levels[self.spans[number].parent]
        units, at = level.units, level.place[number]
        if at > 0 and "\n" not in units[at].gap and units[at - 1].word is not None:
            first = self._beginning(units, at - 1)
            words = [word for word in (units[n].word for n in range(first, at)) if word is not None]
            for mention in self.w.mentions_within(words[0], words[-1]):
                country = mention.kind == "name" and mention.country
                if not mention.oblique and not country and not self.w.is_(mention.last, "own"):
                    named = self._nearer_name(units, mention) or mention
                    return self._found(units, named, first, at, 1, "beside", "")
        after = at + 1
        if after >= len(units) or units[after].word is None or "\n" in units[after].gap:
            return None
        pattern = zip(("determiners", "words", "of"), range(after, after + 3), strict=True)
        if all(self._is_word(units, place, kind) for kind, place in pattern):  # "La réplique de Mme X"
            owner = self._noun_phrase(units, after + 3)
            return self._found(units, owner, after, after + 3, 1, "beside", "") if owner else None
        who = self._noun_phrase(units, after)
        if (
            who is None
            or who.oblique
            or not (who.kind == "pronoun" or (who.kind == "name" and not who.country))
        ):
            return None
        return self._found(units, who, after, after + 1, 1, "beside", "")
