"""What else could have been meant by a word that finds nothing."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import mogrify

from events import names
from events.models.base import visible
from events.models.databases import to_read
from events.models.invalidation import another_edition
from events.reading.search.finding import MEANS, Holding
from events.reading.search.letters import bare
from events.reading.search.terms import Words

CLOSE = 0.3  # share of equal trigrams; two letters exchanged in a word of nine leave as many
CLOSE_ENOUGH = 0.7  # share of equal letters in their order
MOST_LIKE = 20
MOST_TRIED = 3

LIKE = """
    with asked as (select given, archive_bare(archive_plain(given)) as word from unnest(%s::text[]) given)
    select asked.given, found.text from asked, lateral (
      select text from events_word where text %% asked.word and text <> asked.word and similarity(text, asked.word) >= %s
      order by similarity(text, asked.word) desc, records desc, text limit %s) found
"""
# Words that only look like some (numbers, single letters, what is longer than words are) are not suggested.
COUNTED = """
    insert into events_word (text, records)
    select word, sum(records) from ({counts}) counted where word ~ '^[[:alpha:]]{{3,40}}$' group by word
"""


@dataclass(frozen=True)
class Meant:
    """A word of the archive that is close to one that finds nothing, and the query with it."""

    typed: str
    word: str
    query: str


def meant(words: Words) -> list[Meant]:
    """For each word that no public record holds the closest one that some does; one query, and a few for each such word.

    The list of words may be older than what is public: whatever it suggests is looked for before it is told.
    """
    missing = [
        term.text
        for term in words.wanted
        if term.lexemes and not (term.participants or term.places or term.days) and not _stands(term.query)
    ]
    if not missing:
        return []
    with to_read().cursor() as cursor:
        cursor.execute(LIKE, [missing, CLOSE, MOST_LIKE])
        found = cursor.fetchall()
    suggested = []
    for typed in missing:
        alike = {
            word: SequenceMatcher(None, bare(typed), word, autojunk=False).ratio()
            for given, word in found
            if given == typed
        }
        close = [word for word, ratio in alike.items() if ratio >= CLOSE_ENOUGH]
        close.sort(key=lambda word: -alike[word])
        for word in close[:MOST_TRIED]:
            if _stands(f"'{word}'") or visible("Name").holding([names.fold(word)]).exists():
                query = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", word, words.text, count=1)
                suggested.append(Meant(typed, word, query))
                break
    return suggested


def _stands(query: str) -> bool:
    """Whether some public record holds it. One query for all nouns."""
    nouns = [visible(noun).filter(Holding(query)).order_by().values("pk")[:1] for noun in MEANS]
    return bool(nouns[0].union(*nouns[1:], all=True).exists())


def renew_words() -> int:
    """Make the list of the archive's words anew from what is public now; how many there are. Reads all of it: for the night, or
    after a large import."""
    counts, parameters = [], []
    with transaction.atomic(), connection.cursor() as cursor:
        for noun in MEANS:
            numbers, given = visible(noun).order_by().values("pk").query.sql_with_params()
            counts.append("select word, ndoc as records from ts_stat(%s)")
            parameters.append(
                mogrify(f"select words from events_{noun} where id in ({numbers})", given, connection)
            )
        named, given = visible("Name").order_by().values("text").query.sql_with_params()
        counts.append(
            f"select word, 1 from ({named}) named(text),"
            " lateral regexp_split_to_table(archive_bare(archive_plain(named.text)), ' ') word"
        )
        cursor.execute("delete from events_word")
        cursor.execute(COUNTED.format(counts=" union all ".join(counts)), [*parameters, *given])
        count = int(cursor.rowcount)
    another_edition()
    return count
