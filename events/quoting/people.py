"""Whom a mention stands for: the name behind "he", "the minister", "le représentant du Kremlin", where the text makes it clear."""

import re
from bisect import bisect_left, bisect_right
from functools import cached_property

from events.quoting.mentions import Mention, Words

# How far back, in characters, a pronoun or an epithet is understood.
_MEMORY = 1_500
_MOST_OFFICES = 60
_BYLINE = re.compile(
    r"\s*(?:par|by|von|di|автор|текст|müəllif|yazan|հեղինակ|ავტორი)\b[:՝]?\s*", re.IGNORECASE
)


class People:
    """Follows who speaks through a text, in its order: ask `behind` for each quotation as it comes."""

    def __init__(self, words: Words) -> None:
        self.w = words
        self.last: tuple[int, Mention] | None = None

    @cached_property
    def names(self) -> list[Mention]:
        return [mention for mention in self.w.mentions if mention.kind == "name"]

    @cached_property
    def persons(self) -> dict[str, Mention]:
        """Those who are named in full, by surname, at their first mention; the author of a byline is left out."""
        found: dict[str, Mention] = {}
        for mention in self.names:
            start = self.w.text.rfind("\n", 0, mention.start) + 1
            is_byline = _BYLINE.fullmatch(self.w.text[start : mention.start]) is not None
            is_place = mention.country and not mention.office
            if (
                2 <= len(mention.text.split()) <= 4
                and not is_place
                and not is_byline
                and not self.w.is_(mention.first - 1, "determiners")
            ):
                found.setdefault(self.surname(mention), mention)
        return found

    @cached_property
    def _by_surname(self) -> dict[tuple[str, str], list[Mention]]:
        """The names of several words by the last one: what its cases share, and how it begins."""
        found: dict[tuple[str, str], list[Mention]] = {}
        for mention in self.names:
            if " " in mention.text:
                found.setdefault((self.surname(mention), mention.text.split()[-1][:3].lower()), []).append(
                    mention
                )
        return found

    @cached_property
    def _offices(self) -> list[tuple[Mention, str, str]]:
        """Each name that is printed with an office, beside it or in apposition: the name, the office's noun and country."""
        found = []
        mentions = self.w.mentions
        for number, mention in enumerate(mentions):
            if mention.kind != "name":
                continue
            offices = [mention.office] if mention.office else []
            for beside in (number - 1, number + 1):
                if 0 <= beside < len(mentions) and mentions[beside].kind == "office":
                    first, second = sorted((mention, mentions[beside]), key=lambda one: one.start)
                    if re.fullmatch(
                        r",[ \u00a0](?:the |an? |le |la |l['’])?", self.w.text[first.end : second.start]
                    ):
                        offices.append(mentions[beside].text)
            for office in offices:
                found.append((mention, self._noun(office), self._country(office)))
        return found

    def surname(self, mention: Mention) -> str:
        """What the spellings of one name in one text share: the last word without what a case adds."""
        word = re.sub(r"['’]\w*$", "", mention.text.split()[-1].lower())
        return self.w.lexicon.stem(word)

    def full(self, mention: Mention) -> Mention:
        """The fullest form of a name in the text, the nearest before the mention among equals."""
        if " " in mention.text:
            return mention
        longer = self._by_surname.get((self.surname(mention), mention.text[:3].lower()), [])
        if not longer:
            return mention
        before = bisect_right(longer, mention.start, key=lambda one: one.start)
        return longer[max(before - 1, 0)]

    def behind(self, mention: Mention | None, at: int, reporter: Mention | None = None) -> Mention | None:
        """The mention with the name that `mention` stands for, for words at `at`; `mention` itself where that is not clear. Without
        a mention, whoever spoke last nearby."""
        who = self._behind(mention, at, reporter)
        if who is not None and reporter is None:
            self.last = (at, who)
        return who

    def _behind(self, mention: Mention | None, at: int, reporter: Mention | None) -> Mention | None:
        recent = self.last[1] if self.last and at - self.last[0] < _MEMORY else None
        if mention is None:
            return recent
        if mention.kind == "name":
            return self.full(mention)
        if mention.kind == "pronoun":
            sayer = self._sayer_before(mention)
            if sayer is not None and (recent is None or self.last is None or sayer.start > self.last[0]):
                return self.full(sayer)
            return recent or self._subject_before(mention) or mention
        noun, country = self._noun(mention.text), mention.country or self._country(mention.text)
        printed = [
            (name, of)
            for name, of in self._offices_called.get(noun, [])[-_MOST_OFFICES:]
            if name.start < at and (not country or not of or of == country)
        ]
        if printed:
            exact = [name for name, of in printed if of == country]
            return self.full((exact or [name for name, _of in printed])[-1])
        if reporter is not None:
            return mention
        same_country = recent is not None and (not country or self.country_of(recent) in ("", country))
        definite = (
            re.match(r"(?:the|le|la|l['’]|ce|cette|this|that|der|die)\b", mention.text, re.IGNORECASE)
            or not self.w.lexicon.has_articles
        )
        if (
            recent is not None
            and same_country
            and definite
            and mention.kind == "office"
            and self._one_paragraph(at)
        ):
            return recent
        if recent is None and definite and country and mention.kind == "office":
            return self._topic(mention) or mention
        return mention

    def _topic(self, mention: Mention) -> Mention | None:
        """Whom the paragraph is about, before anybody has spoken: its first name, if no office of another country is printed with it."""
        start = self.w.text.rfind("\n", 0, mention.start) + 1
        last = bisect_left(self.names, mention.start, key=lambda one: one.start)
        here = [
            one
            for one in self.names[max(last - 40, 0) : last]
            if start <= one.start < mention.start and not one.oblique and not one.country and " " in one.text
        ]
        return here[0] if here and self.country_of(here[0]) == "" else None

    def _one_paragraph(self, at: int) -> bool:
        return self.last is not None and "\n" not in self.w.text[self.last[0] : at].strip("\n")[-400:]

    @cached_property
    def _sayers(self) -> list[Mention]:
        """The names beside a verb of speech, words in marks or not: "Çavuşoğlu said following talks"."""
        w = self.w
        return [
            name
            for name in self.names
            if not name.oblique
            and (name.office or not name.country)
            and not name.text.isupper()
            and (w.is_(name.last + 1, "said") or w.is_(name.first - 1, "said"))
        ]

    def _sayer_before(self, mention: Mention) -> Mention | None:
        number = bisect_left(self._sayers, mention.start, key=lambda one: one.start) - 1
        sayer = self._sayers[number] if number >= 0 else None
        return sayer if sayer is not None and mention.start - sayer.end < _MEMORY else None

    def _subject_before(self, mention: Mention) -> Mention | None:
        last = bisect_left(self.names, mention.start, key=lambda one: one.start)
        before = [
            one
            for one in self.names[max(last - 40, 0) : last]
            if mention.start - one.end < _MEMORY and not one.oblique and not one.country
        ]
        return self.full(before[-1]) if before else None

    def country_of(self, name: Mention) -> str:
        """The country of the last office that is printed with somebody of this surname, "" where none is."""
        return self._countries.get(self.surname(name), name.country)

    @cached_property
    def _countries(self) -> dict[str, str]:
        """By surname, the country of the last office that is printed with it."""
        return {self.surname(name): of for name, _noun, of in self._offices if of}

    @cached_property
    def _offices_called(self) -> dict[str, list[tuple[Mention, str]]]:
        found: dict[str, list[tuple[Mention, str]]] = {}
        for name, noun, of in self._offices:
            found.setdefault(noun, []).append((name, of))
        return found

    def _noun(self, office: str) -> str:
        """The noun of an office, without its ending: "ministre" of "le ministre russe des Affaires étrangères"."""
        for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", office.lower()):
            if "persons" in self.w.lexicon.kinds(word):
                return word[:6]
        return office.lower()[:6]

    def _country(self, text: str) -> str:
        words = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", text.lower())
        return next(filter(None, map(self.w.lexicon.country, words)), "")
