"""Lists of public records with the counts of their facets: a question in, an answer out.

`sql` is the truth, and the only way there is so far.
"""

from events.reading.facets.question import (
    DATED,
    FACETS,
    ORDERS,
    Answer,
    Chosen,
    Count,
    Facet,
    Question,
    counted,
)
from events.reading.facets.sql import ask, counts, page, tallies, total, values
from events.reading.facets.sql import rows as narrowed

__all__ = [
    "DATED",
    "FACETS",
    "ORDERS",
    "Answer",
    "Chosen",
    "Count",
    "Facet",
    "Question",
    "ask",
    "counted",
    "counts",
    "narrowed",
    "page",
    "tallies",
    "total",
    "values",
]
