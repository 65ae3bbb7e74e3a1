"""Lists of public records with the counts of their facets: a question in, an answer out.

`sql` asks the database and is the truth; `index` answers the same from memory, where `freshness` has the records there.
"""

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from events.reading.facets import freshness, index, sql
from events.reading.facets.question import DATED, FACETS, MANY, ORDERS, Answer, Chosen, Count, Facet, Question
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
    "counts",
    "narrowed",
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
    if connection.in_atomic_block:
        yield
    else:
        with reading():
            yield
