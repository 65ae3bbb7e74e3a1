"""What a reader means by what they type: words, names, days, "exact words", what shall not stand there, and OR."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models.expressions import RawSQL

from events import dates, names
from events.models.base import visible
from events.models.databases import to_read
from events.models.name import SHORTEST_BEGINNING
from events.reading.search.letters import bare, tokens

LONGEST_QUERY = 200
MOST_TERMS = 12
LONGEST_NAME = 5  # words
MOST_SPELLINGS = 30  # of one word
MOST_ALIKE = 200  # names that are like a word which is none

# The languages whose stems a word can have, by its script; others are compared as they are written.
LANGUAGES = {
    "Latn": ("en", "fr", "de", "tr", "az"),
    "Cyrl": ("ru",),
    "Armn": ("hy",),
    "Geor": ("ka",),
}
# Words that say nothing in languages for which PostgreSQL has no list of them: "and".
AND = frozenset(("և", "եվ", "და", "və", "та", "і"))
# Stemmers of languages with many endings leave too little of a short word of another one.
SHORTEST_STEM = {"tr": 4, "az": 4}
STEMS = """
    select word.text, word.language, tsvector_to_array(archive_words(word.text, word.language)),
      coalesce(cardinality(ts_lexize(case word.language when 'en' then 'pg_catalog.english_stem'::regdictionary
        when 'fr' then 'pg_catalog.french_stem' when 'ru' then 'pg_catalog.russian_stem' when 'de' then 'pg_catalog.german_stem'
        when 'tr' then 'pg_catalog.turkish_stem' end, archive_plain(word.text))) = 0, false)
    from unnest(%s::text[], %s::text[]) with ordinality as word(text, language, place) order by word.place
"""
# Names that begin like a word or are spelt almost so, for words that the archive does not know.
ALIKE = """
    with word as (
      select key, typed from unnest(%s::text[], %s::text[]) as given(key, typed)
      where not exists (select from events_word known where known.text = archive_bare(archive_plain(given.typed)))
    )
    select found.id from word, lateral (
      select id from events_name where folded like word.key || '%%' or folded like '%% ' || word.key || '%%'
      order by char_length(folded), id limit %s) found
    union select found.id from word, lateral (
      select id from events_name where word.key <<%% folded and strict_word_similarity(word.key, folded) >= %s
      order by strict_word_similarity(word.key, folded) desc, id limit %s) found
"""
_PIECE = re.compile(r"""(?P<without>(?<!\S)[-–−])?(?:["“”„«»](?P<words>[^"“”„«»]*)["“”„«»]|(?P<word>[^\s"“”„«»]+))|["“”„«»]""")  # fmt: skip
_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_MONTH = re.compile(r"(\d{1,2})[./](\d{4})")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Term:
    """One word or phrase of a query, and all by which it is found.

    `query` is a tsquery ("" where no words are looked for). Where `lexemes` has some, any one of them makes the term stand in a
    record, and `query` says the same. `participants` and `places` are the public ones that have a name like it; `days` are the
    first and the last that it names. `beginning` is a tsquery of what begins so, for lists of names. `also` are the spellings that are
    looked for besides.
    """

    text: str
    query: str = ""
    lexemes: tuple[str, ...] = ()
    participants: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    days: tuple[date, date] | None = None
    also: tuple[str, ...] = ()
    excluded: bool = False
    beginning: str = ""


@dataclass(frozen=True)
class Words:
    """A query as it was understood: a record is found by one of the alternatives, if each of its terms holds.

    `left_out` are the words that say nothing ("the", "и") and those beyond the most that are looked for.
    """

    text: str
    exact: bool = False
    alternatives: tuple[tuple[Term, ...], ...] = ()
    left_out: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def wanted(self) -> list[Term]:
        """The terms that shall stand there, each once."""
        return list(dict.fromkeys(t for terms in self.alternatives for t in terms if not t.excluded))

    @property
    def also(self) -> list[str]:
        """The spellings that are looked for besides what was typed."""
        return list(dict.fromkeys(spelling for term in self.wanted for spelling in term.also))


@dataclass
class _Typed:
    """A term as it was typed, and what is found out about it."""

    text: str
    words: tuple[str, ...]
    quoted: bool = False
    excluded: bool = False
    days: tuple[date, date] | None = None
    key: str = ""
    names: list[Any] = field(default_factory=list)
    spellings: Counter[str] = field(default_factory=Counter)
    is_whole_name: bool = False

    @property
    def is_phrase(self) -> bool:
        return self.quoted or len(self.words) > 1


def parse(text: str, exact: bool = False) -> Words:
    """What a reader means by `text`; false where there is nothing to look for. At most three queries.

    "Quoted words" stand as they are and one after the other, a word after - does not stand there, and OR parts alternatives; all
    else has to stand there. Words are looked for by their stems, names by all spellings that the archive has of them; with `exact`
    both only as typed. Names are those of public records.
    """
    text = unicodedata.normalize("NFC", text.replace("\0", " ")).strip()[:LONGEST_QUERY]
    typed, beyond = _typed(text)
    every = [one for terms in typed for one in terms]
    _find_names(typed, exact)
    if not exact:
        _find_alike([one for one in every if one.key and not one.names and not one.is_whole_name])
    stems, silent = _stems(every, exact)
    left_out = list(beyond)
    alternatives = []
    for terms in typed:
        speaking = [one for one in terms if not _is_silent(one, silent)]
        kept = speaking if any(not one.excluded for one in speaking) else terms
        left_out += [one.text for one in terms if one not in kept]
        alternatives.append(tuple(_term(one, stems, exact) for one in kept))
    return Words(
        text, exact, tuple(dict.fromkeys(filter(None, alternatives))), tuple(dict.fromkeys(left_out))
    )


def _typed(text: str) -> tuple[list[list[_Typed]], list[str]]:
    """The alternatives of what was typed, each with its terms; and what is beyond the most of them."""
    alternatives: list[list[_Typed]] = [[]]
    beyond: list[str] = []
    count = 0
    for piece in _PIECE.finditer(text):
        given = piece["words"] if piece["words"] is not None else piece["word"]
        quoted, excluded = piece["words"] is not None, piece["without"] is not None
        if given is None:
            continue
        if given == "OR" and not quoted and not excluded:
            alternatives.append([])
            continue
        found = [one.text for one in tokens(given)]
        days = None if quoted else _days(given.strip(",;:!?()[]"))
        if quoted or excluded or days:
            terms = [_Typed(given, tuple(found), quoted, excluded, days)] if found else []
        else:
            terms = [_Typed(word, (word,)) for word in found]
        for term in terms:
            count += 1
            if count > MOST_TERMS:
                beyond.append(term.text)
            else:
                alternatives[-1].append(term)
    return [terms for terms in alternatives if terms], beyond


def _days(word: str) -> tuple[date, date] | None:
    """The first and the last day of a year, month or day."""
    if found := _DAY.fullmatch(word):
        day, month, year = found.groups()
        word = f"{year}-{month:0>2}-{day:0>2}"
    elif found := _MONTH.fullmatch(word):
        month, year = found.groups()
        word = f"{year}-{month:0>2}"
    elif not (_YEAR.fullmatch(word) or re.fullmatch(r"\d{4}-\d\d(-\d\d)?", word)):
        return None
    try:
        first, after = dates.parse(word).range
    except dates.DateError:
        return None
    return (first, after - timedelta(days=1)) if first and after else None


def _find_names(alternatives: list[list[_Typed]], exact: bool) -> None:
    """Note the public names that the words are parts of. Words that follow on each other and fit one name together, all of it or a
    part of a person's, mean that name and no other. One query."""
    for terms in alternatives:
        for term in terms:
            # Of a phrase each word would name too many; it is found by its own words.
            if len(term.words) == 1:
                term.key = names.fold(term.words[0])
    wanted = {term.key for terms in alternatives for term in terms if term.key}
    if not wanted:
        return
    rows = (
        visible("Name")
        .holding(wanted)
        .values_list("participant", "place", "text", "folded", "participant__kind", "participant__name", "place__name")
        .order_by("pk")
    )  # fmt: skip
    found = [(*row, frozenset(row[3].split())) for row in rows]
    for terms in alternatives:
        place = 0
        while place < len(terms):
            length, fitting = _run(terms[place:], found)
            for term in terms[place : place + length]:
                term.names = fitting if length > 1 else [row for row in found if term.key in row[-1]]
                if exact or term.quoted:
                    term.names = [row for row in term.names if _is_printed(row, term)]
                term.is_whole_name = length > 1
                term.spellings = _spellings(term)
            place += length


def _run(terms: Sequence[_Typed], found: list[Any]) -> tuple[int, list[Any]]:
    """How many terms from the first one on make one name together, at least 1, and the names that they fit."""
    keys: list[str] = []
    for term in terms[:LONGEST_NAME]:
        if not term.key or term.excluded or term.days or term.quoted:
            break
        keys.append(term.key)
    for length in range(len(keys), 1, -1):
        run = frozenset(keys[:length])
        fitting = [
            row for row in found if run <= row[-1] and (len(run) == len(row[-1]) or row[4] == "person")
        ]
        if fitting and len(run) > 1:
            return length, fitting
    return 1, []


def _is_printed(row: Any, term: _Typed) -> bool:
    """Whether it is the name that pages print, and has the word as typed."""
    _participant, _place, text, _folded, _kind, participant_name, place_name, _words = row
    return text == (participant_name or place_name) and bare(term.words[0]) in {
        bare(one.text) for one in tokens(text)
    }


def _spellings(term: _Typed) -> Counter[str]:
    """How the names spell the word, with the number of names that do."""
    found: Counter[str] = Counter()
    for row in term.names[:500]:
        printed, folded = [one.text for one in tokens(row[2])], row[3].split()
        if len(printed) == len(folded):
            found.update(word for word, key in zip(printed, folded, strict=True) if key == term.key)
    return found


def _find_alike(terms: list[_Typed]) -> None:
    """For words that the archive does not know, the names that begin so, else those that are spelt almost so. One query."""
    terms = [one for one in terms if len(one.key) >= SHORTEST_BEGINNING and not one.quoted and not one.days]
    if not terms:
        return
    keys, typed = [one.key for one in terms], [one.words[0] for one in terms]
    numbers = RawSQL(ALIKE, [keys, typed, MOST_ALIKE, names.SIMILAR, MOST_ALIKE])
    rows = (
        visible("Name").filter(pk__in=numbers).values_list("participant", "place", "text", "folded").order_by("pk")
    )  # fmt: skip
    found = [(*row, None, None, None, row[3].split()) for row in rows]
    for term in terms:
        term.names = [row for row in found if _begins(row, term)]
        if term.names:
            continue
        alike = [
            (row, word) for row in found for word in row[-1] if names.similarity(term.key, word) >= names.SIMILAR
        ]  # fmt: skip
        term.names = [row for row, _word in alike]
        keys_found = {word for _row, word in alike}
        for row in term.names:
            printed, folded = [one.text for one in tokens(row[2])], row[3].split()
            if len(printed) == len(folded):
                term.spellings.update(
                    word for word, key in zip(printed, folded, strict=True) if key in keys_found
                )


def _begins(row: Any, term: _Typed) -> bool:
    """Whether a name has a word that begins like the term. In Latin letters, which every name has, as it is written: the key of
    how it sounds tells "peace" and Pezeshkian apart too late."""
    if names.script(term.words[0]) == "Latn":
        return any(bare(one.text).startswith(bare(term.words[0])) for one in tokens(row[2]))
    return any(word.startswith(term.key) for word in row[-1])


def _stems(terms: Iterable[_Typed], exact: bool) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """By word what stands in the index for it, the word itself first; and the words that say nothing in some language. One query."""
    pairs: dict[tuple[str, str], None] = {}
    silent = set()
    for term in terms:
        spellings = (
            [] if exact or term.is_phrase else [s for s, _n in term.spellings.most_common(MOST_SPELLINGS)]
        )
        for word in (*term.words, *spellings):
            pairs[word, ""] = None
            if not (exact or term.is_phrase):
                if word.lower() in AND:
                    silent.add(word)
                pairs.update(((word, language), None) for language in LANGUAGES.get(names.script(word), ()))
    if not pairs:
        return {}, set()
    stems: dict[str, dict[str, None]] = {}
    with to_read().cursor() as cursor:
        cursor.execute(STEMS, [[word for word, _l in pairs], [language for _w, language in pairs]])
        for word, language, lexemes, says_nothing in cursor.fetchall():
            known = stems.setdefault(word, {})
            for lexeme in sorted(lexemes, key=lambda one: one.startswith("=")):
                stem = lexeme.removeprefix("=")
                if len(stem) >= SHORTEST_STEM.get(language, 3) or not lexeme.startswith("="):
                    # The stem of one word is another word as it stands.
                    known.update(dict.fromkeys((stem, f"={stem}") if language else (stem,)))
            if says_nothing:
                silent.add(word)
    return {word: tuple(known) for word, known in stems.items()}, silent


def _is_silent(term: _Typed, silent: set[str]) -> bool:
    return not term.is_phrase and not term.is_whole_name and term.words[0] in silent


def _term(typed: _Typed, stems: dict[str, tuple[str, ...]], exact: bool) -> Term:
    term = Term(
        typed.text,
        participants=tuple(sorted({row[0] for row in typed.names if row[0] is not None})),
        places=tuple(sorted({row[1] for row in typed.names if row[1] is not None})),
        days=typed.days,
        excluded=typed.excluded,
    )
    words = [stems[word][0] for word in typed.words if stems.get(word)]
    if not words:
        return term
    if typed.is_phrase and len(words) > 1:
        return replace(term, query=" <-> ".join(map(_quoted, words)))
    if typed.is_phrase or exact:
        return replace(term, query=_quoted(words[0]), lexemes=(words[0],))
    spellings = [spelling for spelling, _n in typed.spellings.most_common(MOST_SPELLINGS)]
    lexemes = dict.fromkeys(one for word in (typed.words[0], *spellings) for one in stems.get(word, ()))
    asked = bare(typed.words[0])
    also: dict[str, str] = {}
    for spelling in spellings:
        if bare(spelling) != asked:
            also.setdefault(bare(spelling), spelling)
    return replace(
        term,
        query=" | ".join(map(_quoted, lexemes)),
        lexemes=tuple(lexemes),
        also=tuple(also.values()),
        beginning="" if typed.days else f"{_quoted(words[0])}:*",
    )


def _quoted(lexeme: str) -> str:
    """A lexeme as a tsquery writes it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
