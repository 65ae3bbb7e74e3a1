"""Words of a source at their place: found however an editor typed them, moved when the text changes, shown, and linked to."""

from events.anchoring.fragments import text_fragment, url_with_fragment
from events.anchoring.passages import (
    Ambiguous,
    Excerpt,
    NotFound,
    Segment,
    Selector,
    TextError,
    comparable,
    decode,
    excerpt,
    find,
    locate,
    mark,
    move,
    normalise,
    paragraphs,
    select,
    with_marks,
)

__all__ = [
    "Ambiguous",
    "Excerpt",
    "NotFound",
    "Segment",
    "Selector",
    "TextError",
    "comparable",
    "decode",
    "excerpt",
    "find",
    "locate",
    "mark",
    "move",
    "normalise",
    "paragraphs",
    "select",
    "text_fragment",
    "url_with_fragment",
    "with_marks",
]
