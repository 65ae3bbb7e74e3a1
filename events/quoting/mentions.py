"""Who is named in a text, and as what: names, offices, those who speak as one, pronouns."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from events.quoting.lexicon.base import Lexicon
from events.quoting.splitting import split

_SENTENCE_END = re.compile(r"[.!?…։]|\n|:\s*\n")
_ABBREVIATION = re.compile(
    r"(?:[^\W\d_]|mm?e?s?|dr|prof|mr|mrs|ms|st|gen|col|lt|sen|rep|gov|no|vs|mgr|me|г|гг|т|им|ул|ст|тов|проф|акад|ген|др|нем|bn|etc|av|dipl)",
    re.IGNORECASE,
)
_GEORGIAN_SURNAME = re.compile(
    r"\w{2,}(?:შვილ(?:ი|მა|ის|ს|თან)|ძ(?:ე|ემ|ის|ეს)|იან(?:ი|მა|ის)|ოვ(?:ი|მა|ის|ა|ამ)|ევ(?:ი|მა|ის|ა|ამ)|ავა(?:მ|ს)?|უა(?:მ|ს)?|აია(?:მ|ს)?|სკი(?:მ)?)"
)
_LONGEST_OFFICE = 9


@dataclass(frozen=True)
class Mention:
    """Somebody named at [start, end) of the text.

    `kind` is "name", "office" ("le ministre russe"), "body" (a ministry, a capital that speaks) or "pronoun". `office` is what a
    name is printed with, `country` the ISO code that name or office point to, "" where they do not. `oblique` says that another
    word governs it: "avec X", "of X", "X's".
    """

    start: int
    end: int
    text: str
    kind: str
    office: str = ""
    country: str = ""
    oblique: bool = False
    first: int = field(default=0, compare=False)  # places in the list of words
    last: int = field(default=0, compare=False)


class Words:
    """A text as words, with what its language knows of each, and the mentions among them. Linear in the text's length."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        self.words = split(text, elided=bool(lexicon.clitics))
        self.starts = [word.start for word in self.words]
        self.kinds = [lexicon.kinds(word.lower) for word in self.words]
        self._stops: dict[int, bool] = {}

    def between(self, start: int, end: int) -> range:
        """The places of the words that begin in [start, end)."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def gap(self, place: int) -> str:
        """What stands between the word at `place` and the one before it."""
        before = self.words[place - 1].end if place else 0
        return self.text[before : self.words[place].start]

    def is_stop(self, place: int) -> bool:
        """Whether a sentence ends before the word at `place`."""
        if place not in self._stops:
            self._stops[place] = self._stop(place)
        return self._stops[place]

    def _stop(self, place: int) -> bool:
        if place == 0:
            return True
        gap = self.gap(place)
        if not _SENTENCE_END.search(gap):
            return False
        if "\n" in gap:
            return True
        if (
            gap.startswith(".")
            and _ABBREVIATION.fullmatch(self.words[place - 1].text)
            and not gap[1:].strip()
        ):
            return False
        return not (gap.strip() in (".", "...", "…") and self.words[place].text[0].islower())

    def is_(self, place: int, *kinds: str) -> bool:
        return 0 <= place < len(self.words) and not self.kinds[place].isdisjoint(kinds)

    @cached_property
    def mentions(self) -> list[Mention]:
        """In the order of the text; an office directly before a name is a part of the name's mention, not one of its own."""
        return _Finder(self).found

    @cached_property
    def _firsts(self) -> list[int]:
        return [mention.first for mention in self.mentions]

    def mention_at(self, place: int) -> Mention | None:
        """The mention that begins at the word, its office included."""
        number = bisect_left(self._firsts, place)
        if number < len(self.mentions) and self.mentions[number].first == place:
            return self.mentions[number]
        return None

    def mention_over(self, start: int) -> Mention | None:
        """The mention that the character at `start` belongs to."""
        number = bisect_right(self._mention_starts, start) - 1
        return self.mentions[number] if number >= 0 and start < self.mentions[number].end else None

    @cached_property
    def _mention_starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    def mentions_within(self, first: int, last: int) -> list[Mention]:
        """Those that lie within the words from `first` to `last`, both inclusive."""
        low, high = bisect_left(self._firsts, first), bisect_right(self._firsts, last)
        return [mention for mention in self.mentions[low:high] if mention.last <= last]


class _Finder:
    def __init__(self, words: Words) -> None:
        self.w = words
        self.lexicon = words.lexicon
        self.found: list[Mention] = []
        self.surnames: set[str] = set()
        self.seen = {
            word.lower
            for place, word in enumerate(words.words)
            if word.is_capital and place and not words.is_stop(place)
        }
        self.cased = any(word.is_capital for word in words.words)
        self._find()

    def _find(self) -> None:
        w, place = self.w, 0
        if self.lexicon.capital_nouns:
            self._learn_surnames()
        while place < len(w.words):
            if self.lexicon.verb_last and self._head(place) is not None:
                mention = self._office(place)
            else:
                mention = self._name(place) or self._office(place) or self._pronoun(place)
            if mention is None:
                place += 1
                continue
            self.found.append(mention)
            place = mention.last + 1

    def _is_joined(self, place: int) -> bool:
        """Whether only a blank, or the point of an initial, parts the word from the one before."""
        gap = self.w.gap(place)
        if gap in (" ", "\u00a0", "\u202f", ""):
            return True
        return (
            gap in (". ", ".\u00a0", ".")
            and len(self.w.words[place - 1].text) == 1
            and self.w.words[place - 1].is_capital
        )

    def _run(self, place: int) -> int:
        """The end (exclusive) of the words with capitals that begin at `place`."""
        w = self.w
        end = place + 1
        while end < len(w.words) and self._is_joined(end):
            if (
                w.words[end].is_capital
                and (not w.is_(end - 1, "light") or self._is_initial(end - 1))
                and not w.words[end - 1].lower.endswith("'s")
            ):
                end += 1
            elif (
                w.is_(end, "particles")
                and end + 1 < len(w.words)
                and w.words[end + 1].is_capital
                and self._is_joined(end + 1)
                and not w.is_(end + 1, "common")
                and not w.is_(end, "genitive", "contracted")
            ):
                end += 2
            else:
                break
        return end

    def _name(self, place: int) -> Mention | None:
        w = self.w
        if not self.cased:
            return self._caseless_name(place)
        if not w.words[place].is_capital or w.words[place].text.isdigit():
            return None
        first, end = place, self._run(place)
        while (
            first < end
            and (w.is_(first, "common", "light") or self._is_verb(first))
            and not self._is_initial(first)
        ):
            first += 1  # "After", "Le", "Мы" at the head of a sentence
        if first > place and first < end:
            return None  # begins at a later word, and will be found there
        offices = [number for number in range(first, end) if w.is_(number, "persons")]
        cut = offices[-1] + 1 if offices else first
        if not offices and any(w.is_(number, "bodies") for number in range(first, end)):
            return None
        if cut >= end:
            return None  # an office alone
        while (
            cut < end
            and cut > first
            and (w.is_(cut, "adjectives") or self.lexicon.country(w.words[cut].lower))
        ):
            cut += 1
        if cut >= end or w.is_(end - 1, "common"):
            end = next((n for n in range(first, end) if w.is_(n, "common")), end)
            if cut >= end:
                return None
        if self.lexicon.capital_nouns and not offices and not self._is_german_name(cut, end):
            return None
        if end - cut == 1 and len(w.words[cut].text) == 1:
            return None
        if end - cut == 1 and not offices and (self._only_begins(cut) or self._is_demonym(cut)):
            return None
        return self._named(first, cut, end)

    def _is_demonym(self, place: int) -> bool:
        """English gives "Georgian" in "the Georgian anthropologist" its capital too."""
        w = self.w
        lower = w.words[place].lower
        if (
            self.lexicon.genitive != "of"
            or not self.lexicon.country(lower)
            or not re.search(r"(?:n|i|sh|ese|ch|ek|ss)$", lower)
            or lower in ("azerbaijan", "iran", "berlin")
        ):
            return False
        after = place + 1
        return (
            after < len(w.words)
            and self._is_joined(after)
            and not w.words[after].is_capital
            and not w.kinds[after]
            & {"said", "auxiliary", "prepositions", "conjunctions", "light", "relatives"}
        )

    def _only_begins(self, place: int) -> bool:
        """Whether a single word may have its capital only for beginning a sentence: the text has it nowhere else with one."""
        w = self.w
        word = w.words[place]
        if not w.is_stop(place) and not re.search(r"[«“\"„‘]\s?$|[—–:-]\s?$", w.gap(place)):
            return False
        if word.lower in self.seen or self.lexicon.country(word.lower) or word.text.isupper():
            return False
        return not w.is_(place + 1, "said", "auxiliary", "source_after") and not re.match(
            r"['’]s$", word.text[-2:]
        )

    def _is_initial(self, place: int) -> bool:
        w = self.w
        return (
            len(w.words[place].text) == 1
            and place + 1 < len(w.words)
            and w.gap(place + 1).startswith(".")
            and w.words[place + 1].is_capital
        )

    def _named(self, first: int, cut: int, end: int) -> Mention:
        """A name at [cut, end), after the capitalised office [first, cut) and whatever of an office stands before."""
        w = self.w
        start_place = self._office_start(first)
        office = w.text[w.words[start_place].start : w.words[cut - 1].end] if start_place < cut else ""
        start, stop = w.words[cut].start, w.words[end - 1].end
        text = w.text[start:stop]
        possessive = (
            bool(re.search(r"['’]s?$", text)) and self.lexicon.verb_last is False and not self.lexicon.clitics
        )
        if possessive:
            text = re.sub(r"['’]s?$", "", text)
        if self.lexicon.verb_last:
            text = re.sub(r"['’]\w+$", "", text)  # Turkish parts the case from a name: Karahanlı'dan
        country = self._country(office or text)
        return Mention(
            start,
            start + len(text),
            text,
            "name",
            office,
            country,
            possessive or self._is_governed(start_place) or self._has_oblique_ending(end - 1),
            start_place,
            end - 1,
        )

    def _office_start(self, place: int) -> int:
        """Where an office before the word at `place` begins: "le ministre russe des Affaires étrangères | Sergueï Lavrov"."""
        if not self.found:
            return place
        last = self.found[-1]
        if last.kind in ("office", "body") and last.last == place - 1 and self._is_joined(place):
            self.found.pop()
            return last.first
        return place

    def _country(self, text: str) -> str:
        return next(
            filter(
                None, (self.lexicon.country(word) for word in re.findall(r"[^\W\d_][\w'’.-]*", text.lower()))
            ),
            "",
        )

    def _is_governed(self, place: int) -> bool:
        w = self.w
        if (
            w.is_(place - 1, "determiners")
            and not w.is_stop(place - 1)
            and not w.is_stop(place)
            and w.is_(place - 2, "prepositions", "contracted", "genitive")
        ):
            return True  # "sur le rôle de la Turquie", "on the Araks"
        return self.w.is_(place - 1, "prepositions", "contracted") and not self.w.is_stop(place)

    def _has_oblique_ending(self, place: int) -> bool:
        word = self.w.words[place]
        if self.lexicon.oblique == "":
            return False
        if word.text.isupper() or word.lower.endswith(("дзе", "швили", "ко", "заде")):
            return False
        return bool(self.lexicon.oblique_ending.search(word.lower))

    def _learn_surnames(self) -> None:
        """German gives all nouns capitals: a name is what follows an office, or two capitals in a row, or repeats one of these."""
        w = self.w
        for place in range(len(w.words) - 1):
            if (
                w.words[place].is_capital
                and w.words[place + 1].is_capital
                and self._is_joined(place + 1)
                and not w.is_(place + 1, "common", "persons", "bodies")
            ):
                self.surnames.add(w.words[place + 1].lower.removesuffix("s"))

    def _is_german_name(self, first: int, end: int) -> bool:
        w = self.w
        after_office = w.is_(first - 1, "persons") and self._is_joined(first)
        if after_office or end - first >= 2:
            return not w.is_(first - 1, "determiners", "contracted") or after_office
        return w.words[first].lower.removesuffix("s") in self.surnames

    def _caseless_name(self, place: int) -> Mention | None:
        w = self.w
        previous = self.found[-1] if self.found else None
        after_office = (
            previous is not None
            and previous.kind == "office"
            and previous.last == place - 1
            and self._is_joined(place)
        )
        end = place
        if after_office:
            while end < min(place + 2, len(w.words)) and (end == place or self._is_joined(end)) and not w.kinds[end] & {
                "said", "common", "light", "persons", "bodies", "conjunctions", "texts", "source_after",
            } and not w.words[end].text[0].isdigit():  # fmt: skip
                end += 1
        elif _GEORGIAN_SURNAME.fullmatch(w.words[place].text) and not w.kinds[place]:
            end = place + 1
        elif (
            place + 1 < len(w.words)
            and self._is_joined(place + 1)
            and not w.kinds[place]
            and _GEORGIAN_SURNAME.fullmatch(w.words[place + 1].text)
            and not w.kinds[place + 1]
            and not w.is_stop(place + 1)
        ):
            end = place + 2
        return self._named(place, place, end) if end > place else None

    def _office(self, place: int) -> Mention | None:
        """An office begins at its determiner: "the Azerbaijani foreign minister", "le chef de la diplomatie russe"."""
        w = self.w
        head = self._head(place)
        if head is None:
            return None
        end = self._office_end(head)
        kind = "office" if w.is_(head, "persons") else "body"
        start, stop = w.words[place].start, w.words[end - 1].end
        text = (
            re.sub(r"['’]s?$", "", w.text[start:stop])
            if self.lexicon.genitive == "of"
            else w.text[start:stop]
        )
        oblique = self._is_governed(place) or len(text) < stop - start or self._is_oblique_office(head)
        return Mention(
            start, start + len(text), text, kind, text, self._country(text), oblique, place, end - 1
        )

    def _head(self, place: int) -> int | None:
        """The noun of an office that the words from `place` on lead to."""
        w = self.w
        if w.is_(place, "contracted", "light") and not w.is_(place, "persons", "bodies", "determiners"):
            return None
        head = place
        while head < min(place + 6, len(w.words)):
            if head > place and (not self._is_joined(head) or w.is_stop(head)):
                return None
            if w.is_(head, "persons", "bodies") and not self._is_verb(head):
                while (  # "foreign minister | spokesperson"
                    head + 1 < len(w.words)
                    and self._is_joined(head + 1)
                    and w.is_(head + 1, "persons")
                    and self.lexicon.genitive == "of"
                ):
                    head += 1
                return head
            if head == place and w.is_(head, "determiners"):
                head += 1
                continue
            if w.is_(
                head,
                "determiners",
                "prepositions",
                "conjunctions",
                "relatives",
                "said",
                "auxiliary",
                "pronouns",
            ) and not w.is_(head, "adjectives"):
                return None
            modifies = (
                w.is_(head, "adjectives")
                or self.lexicon.country(w.words[head].lower)
                or (
                    self.lexicon.genitive == "of"
                    and (
                        w.is_(place, "determiners")
                        or w.words[head].is_capital
                        or w.words[place].lower.endswith("'s")
                    )
                )
                or (
                    self.lexicon.verb_last
                    and w.words[head].is_capital
                    and w.is_(head + 1, "adjectives", "persons", "bodies")
                )
            )
            if not modifies:
                return None
            head += 1
        return None

    def _is_verb(self, place: int) -> bool:
        return self.w.is_(place, "said", "auxiliary") and not self.w.is_(place, "doubtful")

    def _office_end(self, head: int) -> int:
        """Where the name of an office ends (exclusive): over its adjectives and what it is for."""
        w, lexicon = self.w, self.lexicon
        end = head + 1
        while end < min(head + _LONGEST_OFFICE, len(w.words)) and self._is_joined(end):
            lower = w.words[end].lower
            if self._is_verb(end) and not w.is_(end, "adjectives"):
                break
            if w.is_(end, "genitive", "complements") and not w.is_(end, "persons"):
                after = self._complement(end)
                if after == end:
                    break
                end = after
                continue
            if lexicon.verb_last:
                break
            if w.words[end].is_capital and lexicon.genitive and not lexicon.country(lower):
                break  # a name
            if lexicon.genitive == "of" and lexicon.country(lower) and w.words[end - 1].lower != "of":
                break
            if (
                w.is_(end, "adjectives")
                or lexicon.country(lower)
                or self._is_russian_genitive(end)
                or (not lexicon.has_articles and w.is_(end, "bodies"))
            ):
                end += 1
                continue
            if not lexicon.has_articles and w.words[end].text.isupper() and len(lower) > 1:
                end += 1
                continue
            break
        return end

    def _is_russian_genitive(self, place: int) -> bool:
        if self.lexicon.has_articles or self.lexicon.verb_last:
            return False
        return (
            not self.w.words[place].is_capital
            and bool(
                re.search(r"(?:[иы]х|ого|его|ов|ии|ства|ции|дел|ей|ой|ики|ета)$", self.w.words[place].lower)
            )
            and not self.w.kinds[place] & {"light", "prepositions", "said"}
        )

    def _complement(self, place: int) -> int:
        """The end of "of the European Council", "des Affaires étrangères" that begins at the preposition; `place` for none."""
        w = self.w
        at = place + 1
        while (
            at < len(w.words)
            and self._is_joined(at)
            and w.is_(at, "determiners", "contracted", "genitive")
            and at < place + 3
        ):
            at += 1
        if (
            at >= len(w.words)
            or not self._is_joined(at)
            or w.is_(at, "relatives", "pronouns", "prepositions")
        ):
            return place
        plain = w.is_(place, "genitive")
        if not plain and not (
            w.words[at].is_capital
            or w.is_(at, "adjectives", "bodies")
            or self.lexicon.country(w.words[at].lower)
        ):
            return place
        if self._is_verb(at) and not w.words[at].is_capital:
            return place
        at += 1
        while (
            at < len(w.words)
            and self._is_joined(at)
            and at < place + 7
            and (
                (w.words[at].is_capital and not w.is_(at, "common"))
                or w.is_(at, "adjectives")
                or (w.is_(at, "bodies", "persons") and w.is_(at - 1, "adjectives") and not self._is_verb(at))
                or (self.lexicon.country(w.words[at].lower) and not self._is_verb(at))
                or (
                    w.words[at].lower in ("and", "et")
                    and at + 1 < len(w.words)
                    and w.words[at + 1].is_capital
                )
            )
        ):
            at += 1
        return at

    def _is_oblique_office(self, head: int) -> bool:
        lexicon = self.lexicon
        if lexicon.has_articles or lexicon.verb_last:
            return False
        lower = self.w.words[head].lower
        if not self.w.is_(head, "persons"):
            return bool(re.search(r"(?:ства|ству|ции|ией|ой)$", lower))
        return lower not in ("коллега", "глава", "замминистра", "замглавы") and bool(
            re.search(
                r"(?:[рнткглс](?:а|у|ом|ов|ам|ами|ах)|[лр](?:я|ю|ем|ём)|главы|главе|главу|главой|ства|ству)$",
                lower,
            )
        )

    def _pronoun(self, place: int) -> Mention | None:
        w = self.w
        if not w.is_(place, "pronouns", "clitics"):
            return None
        word = w.words[place]
        start = word.start + len(word.text) - len(re.sub(r"^-(?:t-)?", "", word.text, flags=re.IGNORECASE))
        return Mention(
            start,
            word.end,
            w.text[start : word.end],
            "pronoun",
            oblique=self._is_governed(place),
            first=place,
            last=place,
        )
