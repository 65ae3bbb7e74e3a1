"""What a language's lexicon holds."""

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

_NOTHING = re.compile(r"(?!)")


def _pattern(words: str) -> re.Pattern[str]:
    """One pattern of words parted by blanks; each may be a pattern itself, for its endings."""
    return re.compile("|".join(words.split())) if words.split() else _NOTHING


def _phrases(lines: str) -> dict[str, list[tuple[str, ...]]]:
    """Phrases parted by semicolons, as tuples of words by their first one, the longest first."""
    phrases = (tuple(phrase.split()) for phrase in lines.split(";"))
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(filter(None, phrases), key=len, reverse=True):
        found.setdefault(phrase[0], []).append(phrase)
    return found


@dataclass(frozen=True)
class Lexicon:
    """Each field is words parted by blanks, each a pattern that a whole word in small letters must match; phrases are parted
    by semicolons. What a field of words means is said where `attribution` and `mentions` use it."""

    said: str  # verbs of speech in their finite forms
    saying: str = ""  # their participles, gerunds and infinitives, which have the subject of another verb
    participle: str = ""  # forms that speak only behind an auxiliary: "affirmé"
    auxiliary: str = ""
    doubtful: str = ""  # forms of `said` that are nouns behind a determiner: "la note"
    labelling: str = ""  # verbs that take one quoted word for what they say: "called it “historic”"
    passive: str = ""  # verbs whose subject is a text, in a sentence without a speaker: "говорится"
    source: str = ""  # phrases before whoever says it: "according to"
    source_own: str = ""  # phrases with a possessive at the star: "in * words"
    possessives: str = ""
    weighing: str = (
        ""  # prepositions that mean "in the view of", only at the beginning of a clause: "pour elle,"
    )
    source_after: str = ""  # words behind whoever says it: "zufolge", "göre"
    words: str = ""  # nouns for what was said, with whose it is: "les propos du président"
    of: str = ""  # what stands between such a noun and whose it is
    texts: str = ""  # nouns for what is read or heard: "communiqué", "interview"
    persons: str = ""  # nouns for a person by office or trade
    bodies: str = ""  # nouns for those who speak as one: "ministère"
    pronouns: str = ""
    own: str = ""  # pronouns that speak only within words of somebody: "I", and those that a preposition asks for: "lui"
    citing: str = ""  # verbs whose object is whose words they are: "citer"
    calling: str = ""  # verbs that give a thing its name: "what Armenia calls"
    inside: str = ""  # prepositions before a body that speaks: "в МИД сообщили"
    clitics: str = ""  # pronouns that hang on the verb: "-t-il"
    plural_or_vague: str = ""  # pronouns that stand for nobody in particular: "on"
    determiners: str = ""
    contracted: str = ""  # prepositions with an article in them: "du"
    genitive: str = ""  # prepositions that carry on the name of an office: "de"
    complements: str = ""  # prepositions that do so before a name: "en", "pour"
    prepositions: str = ""  # prepositions before somebody who is not the one that speaks
    relatives: str = ""
    conjunctions: str = ""  # that, que
    light: str = ""  # adverbs and the like that may stand between a verb and its subject
    listeners: str = ""  # to whom it was said: "reporters"
    common: str = ""  # words with a capital at the beginning of a sentence that name nobody
    particles: str = ""  # small words inside names
    naming: str = ""  # nouns and verbs before the marks around a name or a title
    naming_after: str = ""
    soft: str = ""  # words before the marks around words that the writer keeps at a distance
    adjectives: str = ""  # small words within the name of an office
    countries: dict[str, str] = field(default_factory=dict)  # beginnings of words to ISO 3166-1 codes
    cases: str = ""  # endings that the language's cases put on names, the longest first
    roles: dict[str, str] = field(
        default_factory=dict
    )  # offices by what they are called everywhere, to patterns of their names
    oblique: str = ""  # endings of names that are not in the nominative
    verb_last: bool = False  # the verb stands at the end of the sentence, its subject at the beginning
    capital_nouns: bool = False
    has_articles: bool = True
    point_opens: bool = False  # a point stands where others print a colon: "ասել է. «"

    def __post_init__(self) -> None:
        # A frozen class that computes: the patterns are made once, here.
        for name in _WORDS:
            object.__setattr__(self, f"_{name}", _pattern(getattr(self, name)))
        object.__setattr__(self, "_known", lru_cache(maxsize=16384)(self._kinds))

    def _kinds(self, word: str) -> frozenset[str]:
        return frozenset(name for name in _WORDS if getattr(self, f"_{name}").fullmatch(word))

    def kinds(self, word: str) -> frozenset[str]:
        """The names of the fields that a word in small letters belongs to. Remembered."""
        known: frozenset[str] = self._known(word)  # type: ignore[attr-defined]
        return known

    def country(self, word: str) -> str:
        """The country that a word in small letters comes from, "" for none."""
        return next((code for stem, code in self._stems if word.startswith(stem)), "")

    def bases(self, word: str) -> tuple[str, ...]:
        """What a name in small letters may be in the nominative: as it is, and without the endings of cases."""
        found = [word]
        plain = re.sub(r"['’]\w*$", "", word)
        if plain and plain != word:
            found.append(plain)
        for ending, instead in self._cases:
            if plain.endswith(ending) and len(plain) - len(ending) >= 3:
                found.append(plain[: len(plain) - len(ending)] + instead)
        return tuple(dict.fromkeys(found))

    def stem(self, word: str) -> str:
        """What is left when no ending of a case can be taken off any more: equal for the cases of one name."""
        while (shorter := min(self.bases(word), key=len)) != word:
            word = shorter
        return word

    def role(self, office: str) -> str:
        """Which of the offices that every country has a phrase names: "president", "foreign-minister" ..., "" for none of them."""
        lower = office.lower()
        return next((role for role, pattern in self.roles.items() if re.search(pattern, lower)), "")

    @cached_property
    def _cases(self) -> list[tuple[str, str]]:
        """Endings, and what takes their place: "ой>а" makes Захарова of Захаровой."""
        pairs = (part.partition(">") for part in self.cases.split())
        return [(ending, instead) for ending, _arrow, instead in pairs]

    @cached_property
    def _stems(self) -> list[tuple[str, str]]:
        return sorted(
            ((stem, code) for stems, code in self.countries.items() for stem in stems.split()),
            key=lambda pair: -len(pair[0]),
        )

    @cached_property
    def source_phrases(self) -> dict[str, list[tuple[str, ...]]]:
        return _phrases(self.source)

    @cached_property
    def own_phrases(self) -> dict[str, list[tuple[str, ...]]]:
        return _phrases(self.source_own)

    @cached_property
    def oblique_ending(self) -> re.Pattern[str]:
        return re.compile(f"(?:{self.oblique})$") if self.oblique else _NOTHING


_WORDS = tuple(
    name
    for name, kind in Lexicon.__annotations__.items()
    if kind in ("str", str) and name not in ("source", "source_own", "oblique", "cases")
)
