"""Clauses behind the words: «…», a dit X; “…,” X said."""

import re

from events.quoting.attribution.clauses import AND, PAUSE
from events.quoting.attribution.levels import Attribution, Level, Unit
from events.quoting.attribution.subjects import Subjects
from events.quoting.mentions import Mention

# How many words may stand before the verb.
_NEAR = 6
_SENTENCE = 40  # how far behind the words the last clause of their sentence is looked for
_ENGLISH_VERB = re.compile(r"(?:ed|s)$|^(?:began|went|put|spat|let|swore|sang|read|ran)$")


class After(Subjects):
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
            infinitive = (
                kind == "saying"
                and bool(lexicon.clitics)
                and self._lower(units, verb_at).endswith(("er", "re", "ir"))
            )
            if kind in ("said", "passive") or infinitive or (kind and lexicon.verb_last):
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
                    "à",
                    "de",
                    "d'",
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
            or self._clause_at_end(level, at, start)
        )

    def _clause_at_end(self, level: Level, at: int, start: int) -> Attribution | None:
        """X “ordered talks” in Brussels, the ministry said in a statement; …, сообщили в МИД: the last clause of the sentence."""
        units = level.units
        if self.lexicon.verb_last or units[start].stop:
            return None
        for near in range(start + 1, min(start + _SENTENCE, len(units))):
            if units[near].word is None or units[near].stop:
                return None
            if "," not in units[near].gap:
                continue
            if self._verb(units, near) == "said":
                who = (
                    self._subject_after(units, near + 1)
                    if not self.lexicon.has_articles
                    else self._noun_phrase(units, self._skip_light(units, near + 1))
                )
                named = self._nearer_name(units, who)
                if named is not None and not named.oblique:
                    behind = next(
                        (unit for unit in units[near:] if unit.word is None or unit.word > named.last), None
                    )
                    if (
                        self.lexicon.genitive == "of"
                        and behind is not None
                        and not (behind.stop or PAUSE.search(behind.gap))
                    ):
                        return None  # ", said the vote showed"
                    return self._found(units, named, near, near + 1, 2, "after", self._lower(units, near))
            who = self._noun_phrase(units, near)
            if who is None or who.oblique or (who.kind == "name" and who.country):
                continue
            last = near + who.last - (units[near].word or 0)
            for verb_at in range(last + 1, min(last + 5, len(units))):
                if units[verb_at].word is None or units[verb_at].stop or PAUSE.search(units[verb_at].gap):
                    break
                if self._verb(units, verb_at) == "said":
                    return self._found(units, who, near, verb_at + 1, 2, "after", self._lower(units, verb_at))
        return None

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
        inner = self._inner_end(number)
        if units[start].stop and inner not in "!?…":
            return None
        for near in range(start, min(start + 4, len(units))):
            if units[near].word is None or (units[near].stop and near > start):
                break
            clitic = self._mention_from(units, near) if self._is_word(units, near, "clitics") else None
            if clitic is not None:
                return self._found(
                    units, clitic, start, near + 1, 3, "verb first", self._lower(units, near - 1)
                )
        gap = units[start].gap
        direct = bool(re.match(r"\s*[,—–-]", gap)) or inner in ",!?…"
        if not direct or not self.is_sentence(number):
            return None
        if not lexicon.has_articles:
            if not re.search(r"[—–-]", gap):
                return None
            return (
                self._verb_behind_dash(units, start)
                if not lexicon.verb_last
                else self._verb_of_unknown_case(units, start)
            )
        return self._plain_verb(units, start) or (
            self._past_tense(units, start) if lexicon.genitive == "of" and inner in ",!?" else None
        )

    def _verb_behind_dash(self, units: list[Unit], start: int) -> Attribution | None:
        """Russian: what follows «…», — says who speaks, whatever the verb."""
        first = self.w.words[units[start].word or 0]
        if not first.text[0].islower() or self._is_word(
            units, start, "prepositions", "conjunctions", "relatives"
        ):
            return None
        for near in range(start, min(start + 12, len(units))):
            if units[near].word is None or (
                near > start and (units[near].stop or re.search(r"[;:—–(]", units[near].gap))
            ):
                break
            who = self._mention_from(units, near)
            if who and not who.oblique and (near > start or who.kind == "pronoun"):
                named = self._nearer_name(units, who) or who
                return self._found(units, named, start, near + 1, 3, "verb first", first.lower)
        last = start
        while (
            last + 1 < min(start + 5, len(units))
            and units[last + 1].word is not None
            and not units[last + 1].stop
        ):
            if re.search(r"[,;:—–.]", units[last + 1].gap) or self._is_word(units, last + 1, "prepositions"):
                break
            last += 1
        if last == start:
            return None
        return self._found(
            units, self._made(units, last, last + 1), start, last + 1, 3, "verb first", first.lower
        )

    def _verb_of_unknown_case(self, units: list[Unit], start: int) -> Attribution | None:
        who = self._subject_after(units, start + 1)
        return (
            self._found(units, who, start, start + 2, 3, "verb first", self._lower(units, start))
            if who
            else None
        )

    def _plain_verb(self, units: list[Unit], start: int) -> Attribution | None:
        """French and German: "scandaient les manifestants"; English: "political scientist Oksana X said"."""
        lexicon = self.lexicon
        first = self.w.words[units[start].word or 0]
        if not first.text[0].islower() or self._is_word(
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
            return None
        at = self._skip_light(units, start + 1, 4)
        while (
            lexicon.clitics
            and at < min(start + 5, len(units))
            and units[at].word is not None
            and not units[at].stop
        ):
            if (
                self._is_word(units, at, "determiners")
                or self._mention_from(units, at)
                or PAUSE.search(units[at].gap)
            ):
                break
            at += 1
        if at < len(units) and not units[at].stop and not PAUSE.search(units[at].gap):
            who = self._nearer_name(units, self._noun_phrase(units, at))
            if (
                who
                and not (who.oblique and who.kind != "name")
                and not self._is_word(units, at, "prepositions")
            ):
                return self._found(units, who, start, at + 1, 3, "verb first", first.lower)
        if lexicon.genitive != "of":
            return None
        for near in range(start + 1, min(start + 6, len(units))):
            word = units[near].word
            if units[near].stop or word is None or PAUSE.search(units[near].gap):
                break
            who = self._mention_from(units, near)
            if who and who.kind == "name" and self._verb(units, near + who.last - word + 1):
                return self._found(units, who, start, near + 1, 3, "after", "")
        return None

    def _past_tense(self, units: list[Unit], start: int) -> Attribution | None:
        """English: "she laughed", "the old man begins"."""
        who = self._noun_phrase(units, start)
        if who is None or (who.oblique and who.kind != "name"):
            return None
        verb_at = start + who.last - (units[start].word or 0) + 1
        verb = self._lower(units, verb_at)
        if verb_at < len(units) and not units[verb_at].stop and _ENGLISH_VERB.search(verb):
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
        cited = self._cited(units, verb_at)
        if cited is not None:
            return self._found(units, cited, start, verb_at + 2, 3, "verb first", verb)
        if self._verb(units, verb_at) == "passive":
            owner = self._text_owner(units, verb_at + 1, min(verb_at + 7, len(units)))
            if owner is not None:
                return self._found(units, owner, start, verb_at + 2, 3, "verb first", verb)
        subject_at = self._skip_light(units, subject_at)
        span = units[subject_at].span if subject_at < len(units) else None
        if span is not None and len(self.inner_words(span)) <= 5:
            subject_at += 1  # "рассказал «Эху» …": the paper that it was said to
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
            if who is None and self.lexicon.genitive == "of":
                for ahead in range(subject_at + 1, min(subject_at + 6, len(units))):
                    if (
                        units[ahead].word is None
                        or units[ahead].stop
                        or re.search(r"[,;:(—–]", units[ahead].gap)
                    ):
                        break
                    named = self._mention_from(units, ahead)
                    if (
                        named is not None
                        and named.kind == "name"
                        and not self._is_word(units, ahead - 1, "prepositions")
                    ):
                        who = named
                        break
            who = self._nearer_name(units, who)
        if who is not None and (not who.oblique or (who.kind == "name" and self.lexicon.has_articles)):
            comma = PAUSE.search(units[subject_at].gap) and self.lexicon.verb_last
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

    def _cited(self, units: list[Unit], verb_at: int) -> Mention | None:
        """цитирует его РИА Новости; приводит его слова: the words are those of whom the verb has for its object."""
        after = verb_at + 1
        if not self._is_word(units, verb_at, "citing") or not self._is_word(units, after, "possessives"):
            return None
        return self._made(units, after, after + 1)

    def _subject_first(self, level: Level, at: int, start: int) -> Attribution | None:
        """«…», the minister told reporters."""
        units = level.units
        if self._lower(units, start) in ("is", "was") and self._lower(units, start + 1) == "how":
            how = self._noun_phrase(units, start + 2)
            if how:
                return self._found(
                    units, self._nearer_name(units, how) or how, start, start + 2, 3, "after", ""
                )
        if self._lower(units, start) in AND and not units[start].stop:
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
                commas = sum(bool(PAUSE.search(units[n].gap)) for n in [*between, at_verb])
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
