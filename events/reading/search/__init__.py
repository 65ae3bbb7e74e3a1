"""Words that a reader types, and which records they find.

`terms` understands what was typed, `finding` says which records it finds and in which order, `marks` where it stands in them, and
`spelling` what else could have been meant. `conditions` is the simpler search of the desk, where drafts are looked for too.
"""

from events.reading.search.conditions import PRINTED_AUTHORS, attended_by_name, holds, is_named, words_filter
from events.reading.search.finding import MEANS, RANKED, Holding, matching, ranked
from events.reading.search.marks import mark
from events.reading.search.spelling import Meant, meant, renew_words
from events.reading.search.terms import LONGEST_QUERY, MOST_TERMS, Term, Words, parse

__all__ = [
    "LONGEST_QUERY",
    "MEANS",
    "MOST_TERMS",
    "PRINTED_AUTHORS",
    "RANKED",
    "Holding",
    "Meant",
    "Term",
    "Words",
    "attended_by_name",
    "holds",
    "is_named",
    "mark",
    "matching",
    "meant",
    "parse",
    "ranked",
    "renew_words",
    "words_filter",
]
