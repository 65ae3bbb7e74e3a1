"""Which records words find, and which of them are the closest."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import BooleanField, Case, F, FloatField, Func, Max, Q, Value, When
from django.db.models.expressions import RawSQL

from events import names
from events.models import SourceCheck
from events.models.base import count_of, visible
from events.reading.search.terms import Term, Words

# How many of the records that were found are ordered by relevance: the first in the usual order of their noun.
RANKED = 500

# By noun, beside its words, what makes a term hold for a record: the facet that the term's participants or places are values of
# ("self" where they are the record), whether its days count, whether who reports the words counts as who says them, and whether a
# word is found by its beginning.
MEANS: Mapping[str, Mapping[str, Any]] = {
    "meeting": {"participants": "participant", "places": "place", "days": True},
    "quotation": {"participants": "speaker", "reporters": True, "days": True},
    "article": {"days": True},
    "agreement": {"participants": "participant", "days": True},
    "participant": {"participants": "self", "beginning": True},
    "place": {"places": "self", "beginning": True},
    "topic": {"beginning": True},
}


class _OfWords(Func):
    """SQL of the words of a row and a tsquery. The column is not one of the model's: see migration 0015."""

    sql = ""

    def __init__(self, query: str) -> None:
        super().__init__(F("pk"))
        self.query = query

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, Any]:
        number: Any = self.get_source_expressions()[0]
        return self.sql.format(compiler.quote_name_unless_alias(number.alias)), [self.query]


class Holding(_OfWords):
    """Whether the words of a row are found by a tsquery."""

    sql = '{}."words" @@ %s::tsquery'
    output_field = BooleanField()
    conditional = True


class Rank(_OfWords):
    """How well the words of a row fit a tsquery: often, close together, and in a title rather than in a text; 0 and more."""

    sql = 'ts_rank_cd({}."words", %s::tsquery, 1)'
    output_field = FloatField()


def matching(rows: Any, words: Words) -> Any:
    """The rows, of any noun that has a list, that the words find; the truth that any faster way is measured by."""
    if not words.alternatives:
        return rows.none()
    model, noun = rows.model, rows.model._meta.model_name
    found = Q()
    for terms in words.alternatives:
        every = Q()
        for term in terms:
            holds = _holding(model, noun, term)
            every &= ~holds if term.excluded else holds
        found |= every
    return rows.filter(found)


def _holding(model: Any, noun: str, term: Term) -> Q:
    """The condition that a term holds. Each way by itself, as one condition with "or" would use no index."""
    every = model.objects.order_by()
    ways = [rows for means, wanted in MEANS[noun].items() for rows in WAYS[means](every, wanted, term)]
    if not ways:
        return Q(Holding(term.query)) if term.query else Q(pk__in=[])
    if term.query:
        ways.append(every.filter(Holding(term.query)))
    numbers = [rows.values("pk") for rows in ways]
    return Q(pk__in=numbers[0].union(*numbers[1:]) if len(numbers) > 1 else numbers[0])


def _any(numbers: Sequence[int]) -> RawSQL:
    return RawSQL("select unnest(%s::bigint[])", [list(numbers)])


def _by_participants(every: Any, facet: str, term: Term) -> list[Any]:
    if not term.participants:
        return []
    if facet == "self":
        return [every.filter(pk__in=_any(term.participants))]
    if facet == "speaker":
        return [every.filter(speaker__in=_any(term.participants))]
    relation = {"meeting": "attendances__participant", "agreement": "parties"}[every.model._meta.model_name]
    return [every.filter(**{f"{relation}__in": _any(term.participants)})]


def _by_places(every: Any, facet: str, term: Term) -> list[Any]:
    if not term.places:
        return []
    if facet == "self":
        return [every.filter(pk__in=_any(term.places))]
    return [every.filter(place__in=visible("Place").within(term.places))]


WAYS: Mapping[str, Callable[[Any, Any, Term], list[Any]]] = {
    "participants": _by_participants,
    "places": _by_places,
    "days": lambda every, wanted, term: [every.between(*term.days)] if term.days else [],
    "reporters": lambda every, wanted, term: (
        [every.filter(reported_by__in=_any(term.participants))] if term.participants else []
    ),
    "beginning": lambda every, wanted, term: (
        [every.filter(Holding(term.beginning))] if term.beginning else []
    ),
}


def ranked(noun: str, words: Words, numbers: Sequence[int]) -> list[int]:
    """The first `RANKED` of the numbers, the closest first; what is equally close stays in the order given.

    How well the words fit decides, with a mild preference for what is recent and well sourced; of participants and places how close
    their names are comes first. One query for at most `RANKED` rows, however many were found.
    """
    places = {number: place for place, number in enumerate(numbers[:RANKED])}
    queries = [f"({term.query})" for term in words.wanted if term.query]
    fit: Any = Rank(" | ".join(queries)) if queries else Value(0.0)
    rows = apps.get_model("events", noun).objects.filter(pk__in=_any([*places])).order_by()
    rows = rows.annotate(
        fit=fit, sourced=SOURCED.get(noun, lambda: Value(0))(), closeness=_closeness(noun, words)
    ).values_list("pk", "fit", "sourced", "closeness", DAYS.get(noun, "fit"))
    found = {number: rest for number, *rest in rows}
    days = {number: rest[3] for number, rest in found.items() if isinstance(rest[3], date)}
    newest = max(days.values(), default=None)

    def score(number: int) -> float:
        fit, sourced, closeness, _day = found[number]
        years = (newest - days[number]).days / 365 if newest and number in days else 0
        return float(10 * closeness + (fit + 0.1) * (1 + 0.1 * min(sourced, 5)) / (1 + years / 40))

    return sorted(found, key=lambda number: (-score(number), places[number]))


def _closeness(noun: str, words: Words) -> Any:
    """How alike the closest name is to what was typed, 0 to 1; 0 for what has no names."""
    key = names.fold(" ".join(term.text for term in words.wanted))
    return Max(TrigramSimilarity("names__folded", key)) if noun in ("participant", "place") else Value(0.0)


DAYS = {
    "meeting": "held_range__startswith",
    "quotation": "said_range__startswith",
    "article": "published_range__startswith",
    "agreement": "signed_range__startswith",
}
# How well it is sourced: articles that report it; words that were found in the article's text, and seen at their source.
SOURCED: Mapping[str, Callable[[], Any]] = {
    "meeting": lambda: count_of(visible("Coverage"), "meeting"),
    "quotation": lambda: (
        Case(When(start=None, then=0), default=1)
        + Case(When(source_check__state__in=SourceCheck.SEEN, then=1), default=0)
    ),
}
