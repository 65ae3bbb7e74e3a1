"""Where in the records of a page the words stand that found them."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models.functions import Left

from events.models.base import visible
from events.reading.search.letters import bare, tokens
from events.reading.search.terms import Words

# By noun the fields in the order in which migration 0015 puts their words together. What a list prints whole is only marked; of the
# others a piece is shown.
FIELDS: Mapping[str, Sequence[tuple[str, str]]] = {
    "meeting": (("A", "title"), ("B", "summary")),
    "quotation": (("A", "exact"), ("C", "attribution")),
    "article": (("A", "title"), ("B", "authors"), ("C", "url"), ("D", "text")),
    "agreement": (("A", "title"),),
    "participant": (("A", "name"), ("D", "description")),
    "place": (("A", "name"),),
    "topic": (("A", "label"), ("D", "description")),
}
EXCERPTED = {"summary": "en", "description": "en", "text": ""}
LAST_PLACE = 16383  # the database counts no further
LONGEST_TEXT = 300_000  # letters, more than are searched
BEFORE, AFTER = 90, 190  # letters of a piece around its first word
MOST_MARKED = 40  # words of a field


@dataclass(frozen=True)
class Piece:
    """Some letters of a text, and whether they are a word that was looked for."""

    text: str
    is_found: bool = False


@dataclass(frozen=True)
class Found:
    """What a row of a list shows of the words in a record: by field its whole text in pieces, and a piece of the field that is not
    printed there, with its language."""

    fields: Mapping[str, list[Piece]]
    excerpt: Sequence[Piece] = ()
    language: str = ""


def mark(noun: str, words: Words, records: Iterable[Any]) -> None:
    """Give each record its `found`, from one query for all of them and one for the texts of articles, linear in what it opens.

    Of an article's text nothing is shown but what its rights allow: the words of others are not in the index.
    """
    records = list(records)
    lexemes = {lexeme for term in words.wanted for lexeme in (*term.lexemes, *_phrase(term.query))}
    places = _places(noun, [record.pk for record in records], lexemes)
    opened = [number for number, at in places.items() if noun == "article" and "D" in at]
    rows = visible("Article").filter(pk__in=opened).values_list("pk", Left("text", LONGEST_TEXT))
    texts = dict(rows) if opened else {}
    for record in records:
        record.found = _found(noun, record, places.get(record.pk, {}), texts.get(record.pk, ""))


def _phrase(query: str) -> list[str]:
    return query[1:-1].split("' <-> '") if " <-> " in query else []


def _places(noun: str, numbers: list[int], lexemes: set[str]) -> dict[int, dict[str, dict[int, str]]]:
    """By record and weight the places at which one of the lexemes stands, with it."""
    found: dict[int, dict[str, dict[int, str]]] = {}
    if not (numbers and lexemes):
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            f"select id, lexeme, positions, weights from events_{noun}, unnest(words)"
            " where id = any(%s) and lexeme = any(%s) order by lexeme",
            [numbers, list(lexemes)],
        )
        for number, lexeme, positions, weights in cursor.fetchall():
            for position, weight in zip(positions, weights, strict=True):
                found.setdefault(number, {}).setdefault(weight, {}).setdefault(
                    position, lexeme.removeprefix("=")
                )
    return found


def _found(noun: str, record: Any, places: Mapping[str, Mapping[int, str]], article: str) -> Found:
    fields: dict[str, list[Piece]] = {}
    excerpt: Sequence[Piece] = ()
    language = ""
    before = 0
    for weight, name in FIELDS[noun]:
        if not any(at for other, at in places.items() if other >= weight):
            break  # nothing more to find, and no text to count the words of
        text = unicodedata.normalize("NFC", article if name == "text" else _text(record, name))
        here = places.get(weight, {})
        wanted = {at - before: lexeme for at, lexeme in here.items() if at < LAST_PLACE}
        spans = _spans(text, wanted)
        if spans and name in EXCERPTED:
            if not excerpt:
                excerpt, language = _excerpt(text, spans), EXCERPTED[name] or record.language
        elif spans:
            fields[name] = _pieces(text, 0, len(text), spans)
        if any(other > weight for other in places):
            before += sum(1 for _token in tokens(text))
    return Found(fields, excerpt, language)


def _text(record: Any, name: str) -> str:
    if name == "url":
        return record.url[:300].partition("://")[2].partition("/")[0]
    value = getattr(record, name)
    return " ".join(value)[:2000] if isinstance(value, list) else value


def _spans(text: str, wanted: Mapping[int, str]) -> list[tuple[int, int]]:
    """Where the words of these numbers stand, from 1; none that does not begin like what the database found there."""
    last = max(wanted, default=0)
    return [
        (one.start, one.end)
        for number, one in enumerate(islice(tokens(text), last), 1)
        if number in wanted and bare(one.text)[:2] == wanted[number][:2]
    ][:MOST_MARKED]


def _pieces(text: str, start: int, end: int, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    pieces, place = [], start
    for first, after in spans:
        if start <= first and after <= end:
            pieces += [Piece(text[place:first]), Piece(text[first:after], True)]
            place = after
    return [piece for piece in (*pieces, Piece(text[place:end])) if piece.text]


def _excerpt(text: str, spans: list[tuple[int, int]]) -> list[Piece]:
    """A piece of the text around the first of the words, from one blank to another."""
    first, after = spans[0]
    start = text.find(" ", first - BEFORE, first) + 1 if first > BEFORE else 0
    end = text.rfind(" ", after, after + AFTER) if len(text) > after + AFTER else len(text)
    start, end = start or max(first - BEFORE, 0), end if end > after else min(after + AFTER, len(text))
    pieces = _pieces(text, start, end, spans)
    return [*([Piece("… ")] if start else []), *pieces, *([Piece(" …")] if end < len(text) else [])]
