"""How many meetings and quotations the rows of a list have: what the facets of those nouns count."""

from collections.abc import Iterable
from typing import Any

from events.reading import facets

# By noun: the attribute of a row, and which facet of which noun counts it.
TALLIES = {
    "participant": {"meeting_count": ("meeting", "participant"), "quotation_count": ("quotation", "speaker")},
    "place": {"meeting_count": ("meeting", "place")},
    "topic": {"meeting_count": ("meeting", "topic"), "quotation_count": ("quotation", "topic")},
}


def tell(rows: Iterable[Any]) -> None:
    """Give rows of one noun their numbers of public meetings and quotations, those of rows below them included. A query for each
    of the two, over what is at these rows and not over the archive; none for nouns that are not told so."""
    rows = list(rows)
    if not rows:
        return
    numbers = [row.pk for row in rows]
    for attribute, (noun, facet) in TALLIES.get(rows[0]._meta.model_name, {}).items():
        found = facets.tallies(noun, facet, numbers)
        for row in rows:
            setattr(row, attribute, found[row.pk])
