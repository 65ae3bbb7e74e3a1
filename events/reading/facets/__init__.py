"""Lists of public records with the counts of their facets: a question in, an answer out.

`sql` asks the database and is the truth; `index` answers the same from memory, where `freshness` has the records there.
"""

import logging
import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings

from events.models.databases import to_read
from events.reading.facets import freshness, index, sql
from events.reading.facets.dimensions import Value
from events.reading.facets.question import (
    DATED,
    FACETS,
    MANY,
    ORDERS,
    Answer,
    Chosen,
    Count,
    Facet,
    Question,
    counted,
)
from events.reading.facets.sql import counts
from events.reading.facets.sql import rows as narrowed
from events.reading.role import reading

__all__ = [
    "DATED",
    "FACETS",
    "MANY",
    "ORDERS",
    "Answer",
    "Chosen",
    "Count",
    "Facet",
    "Question",
    "ask",
    "counted",
    "counts",
    "labels",
    "narrowed",
    "page",
    "tallies",
    "total",
    "values",
]

log = logging.getLogger(__name__)


def ask(question: Question, offset: int = 0, size: int = 25, longest: int = 10) -> Answer:
    """The answer as the transaction that is under way sees the archive, or as readers do where there is none.

    One query and a few milliseconds; where the records are not in memory a query for each part of the answer.
    """
    with _snapshot():
        nouns = freshness.current(index.needed(question)) if settings.FACETS_INDEX else None
        if nouns is None:
            return sql.ask(question, offset, size, longest)
        answer = index.ask(nouns, question, offset, size, longest)
        if settings.FACETS_PROOF and random.random() < settings.FACETS_PROOF:
            return _proven(answer, question, offset, size, longest)
        return answer


def total(question: Question) -> int:
    """How many records fit. Costs as `ask` does."""
    with _snapshot():
        nouns = freshness.current((question.noun,)) if settings.FACETS_INDEX else None
        return sql.total(question) if nouns is None else index.total(nouns, question)


def page(question: Question, offset: int, size: int) -> list[int]:
    """The numbers at the positions that were asked for. Costs as `ask` does."""
    with _snapshot():
        nouns = freshness.current(index.needed(question)) if settings.FACETS_INDEX else None
        return (
            sql.page(question, offset, size) if nouns is None else index.page(nouns, question, offset, size)
        )


def values(
    question: Question, name: str, find: str = "", offset: int = 0, size: int | None = None
) -> tuple[list[Count], int]:
    """The values of one facet from `offset` on, counted and in the order as in answers, and how many there are in all (exact).

    With `find` those of them with a name like it, in any script; facets of codes are short, and it is ignored there. KeyError for what
    is no facet of the noun. Two queries at most, or as slow as the database.
    """
    facet = question.facet(name)
    with _snapshot():
        among = sql.named(facet, find) if find.strip() and facet.of else None
        nouns = freshness.current((question.noun,)) if settings.FACETS_INDEX else None
        if nouns is None:
            found = [one for one in sql.counts(question, facet) if among is None or one.value in among]
        else:
            found = index.values(nouns, question, facet, among)
    return found[offset : None if size is None else offset + size], len(found)


def tallies(noun: str, name: str, numbers: Iterable[Chosen]) -> dict[Chosen, int]:
    """How many public records of a noun there are at each of some values of one of its facets. Costs as `ask` does."""
    facet, wanted = Question(noun).facet(name), list(numbers)
    with _snapshot():
        nouns = freshness.current((noun,)) if settings.FACETS_INDEX else None
        return sql.tallies(noun, name, wanted) if nouns is None else index.tallies(nouns[noun], facet, wanted)


def labels(facet: Facet, numbers: Iterable[Chosen]) -> dict[Chosen, str]:
    """The names of the public ones of these values of a facet of records. No query after an answer in the same transaction of a
    reader."""
    with _snapshot():
        known = freshness.dimensions() if settings.FACETS_INDEX else None
        if known is None:
            return sql.labels(facet, numbers)
    public: Mapping[Chosen, Value] = known.values[facet.of]  # type: ignore[assignment]
    return {number: public[number].label for number in numbers if number in public}


def _proven(answer: Answer, question: Question, *asked: int) -> Answer:
    """What the database says; an error in the log where the index said something else."""
    truth = sql.ask(question, *asked)
    if truth != answer:
        log.error(
            "The index of the lists is wrong: %r, %r. It says %r, the database %r.",
            question,
            asked,
            answer,
            truth,
        )
    return truth


@contextmanager
def _snapshot() -> Iterator[None]:
    """One snapshot for an answer, whoever asks."""
    if to_read().in_atomic_block:
        yield
    else:
        with reading():
            yield
