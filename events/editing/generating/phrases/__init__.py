"""The words of the generated archive: pieces of sentences by language, put together so that grammar holds.

Of each list the first pieces are taken most often, so that some words stand in nearly every text and others are rare.
"""

from events.editing.generating.phrases import az, en, fr, hy, ru
from events.editing.generating.phrases.writer import Phrases, Writer

PHRASES: dict[str, Phrases] = {
    "en": en.PHRASES,
    "ru": ru.PHRASES,
    "fr": fr.PHRASES,
    "az": az.PHRASES,
    "hy": hy.PHRASES,
}

__all__ = ["PHRASES", "Phrases", "Writer"]
