"""Clauses before the words: X a dit que «…»; according to X, “…”; les propos de X : «…»."""

import re

from events.quoting.attribution.clauses import PAUSE
from events.quoting.attribution.levels import Attribution, Level, Unit
from events.quoting.attribution.subjects import Subjects
from events.quoting.mentions import Mention

_PERSONS = frozenset("he she il elle он она er sie".split())


class Before(Subjects):
    def _left(self, level: Level, at: int) -> Attribution | None:
        units = level.units
        if at == 0 or units[at].stop:
            return None
        colon = bool(re.search(r"[:՝]", units[at].gap)) or (self.lexicon.point_opens and "." in units[at].gap)
        first = self._beginning(units, at)
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
                        or (who.kind == "name" and not who.country)
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
            who.kind == "office"
            and self.lexicon.genitive == "of"
            and word.endswith("s")
            and not word.endswith(("ss", "'s"))
        ) or who.text.lower().startswith(("ses ", "leurs ", "certains ", "les "))

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
                person = (
                    before.kind == "office"
                    or (before.kind == "name" and not before.country)
                    or before.text.lower() in _PERSONS
                )
                found.naming = (
                    opening >= 0
                    and not person
                    and (
                        self.w.is_(opening, "relatives", "conjunctions")
                        or self.w.words[opening].lower in ("what", "which", "que", "qu'", "was")
                    )
                )
            return found
        if (
            kind in ("saying", "said")
            and at + 1 < len(units)
            and units[at + 1].word is not None
            and not units[at + 1].stop
        ):
            after = at + 1
            if PAUSE.search(units[after].gap):
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
            text = self._text_owner(units, first, near) or self._last_mention(units, first, near)
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
        apart = PAUSE.search(units[near].gap) and not units[near].stop
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
                if PAUSE.search(units[closes].gap):
                    return named
        if lexicon.clitics and not (
            (self._lower(units, near - 1) in ("l'", "a", "ont", "qu'", "que", "comme") and before is None)
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
                elif (
                    not lexicon.of
                    and of == near + 1
                    and not lexicon.verb_last
                    and not PAUSE.search(units[of].gap)
                ):
                    owner = self._mention_from(units, of)
                    owner = owner if owner and (owner.oblique or owner.kind != "pronoun") else None
                if (
                    owner is None
                    or owner.kind == "pronoun"
                    or (owner.kind == "name" and owner.country and not owner.office)
                ):
                    continue
                rest = (units[at - 1].word or 0) - owner.last
                pauses = any(PAUSE.search(units[n].gap) for n in range(max(of + 2, at - rest), at))
                if rest > 1 and (rest > 10 or pauses or not lexicon.of):
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
