"""Lists of public records with the counts of their facets: a question in, an answer out.

`sql` is the truth, and the only way there is so far.
"""

from events.reading.facets.question import DATED, FACETS, ORDERS, Answer, Chosen, Count, Facet, Question
from events.reading.facets.sql import ask, counts
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
    "counts",
    "narrowed",
]
