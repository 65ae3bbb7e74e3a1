"""The words by which eight languages' press says who speaks. One module a language; `of(tag)` gives it."""

from functools import cache
from importlib import import_module

from events.quoting.lexicon.base import Lexicon

LANGUAGES = ("fr", "en", "ru", "de", "tr", "az", "hy", "ka")


@cache
def of(tag: str) -> Lexicon:
    """The lexicon of a BCP 47 tag ("az-Cyrl"), English for a language that has none here."""
    language = tag.partition("-")[0].lower()
    module = import_module(f"events.quoting.lexicon.{language if language in LANGUAGES else 'en'}")
    lexicon: Lexicon = module.LEXICON
    return lexicon
