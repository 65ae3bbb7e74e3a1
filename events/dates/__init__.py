"""Dates as sources give them: the part of EDTF (ISO 8601-2, levels 0 and 1, a little of 2) that editors need.

A date is text that a person can type and a machine can compare: `2023-02-27`, `1994-05~`, `2023-02-27/2023-02-28`.
`parse` reads it, `Edtf.range` gives the days that it may lie on, and `wording` says it in the reader's language.
"""

from events.dates.edtf import EXAMPLES, DateError, Edtf, Form, Point, Precision, parse
from events.dates.mentions import DateMention, find, is_weekday
from events.dates.phrases import wording

__all__ = [
    "EXAMPLES",
    "DateError",
    "DateMention",
    "Edtf",
    "Form",
    "Point",
    "Precision",
    "find",
    "is_weekday",
    "parse",
    "wording",
]
