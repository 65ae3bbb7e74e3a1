"""Conditions for words by themselves, for the lists of the desk: each word stands somewhere in one of the fields, or is like a name."""

from typing import Any

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value

from events.models.base import RecordQuerySet, visible

PRINTED_AUTHORS = Func(F("authors"), Value("; "), function="array_to_string", output_field=models.CharField())


def words_filter(rows: RecordQuerySet, text: str, *conditions: Any) -> RecordQuerySet:
    """The rows in which each word of `text` meets one of `conditions`, functions from a word to a Q."""
    for word in text.split()[:12]:
        found = Q()
        for condition in conditions:
            found |= condition(word)
        rows = rows.filter(found)
    return rows


def holds(*fields: str) -> Any:
    """A condition for `words_filter`: the word stands in one of the fields, whatever its case and accents."""

    def condition(word: str) -> Q:
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__unaccent__icontains": word})
        return found

    return condition


def is_named(owner: str, outer: str, user: Any = None) -> Any:
    """A condition for `words_filter`: the record at `outer`, if `user` may see it, has a name like the word, in any script."""

    def condition(word: str) -> Q:
        return Q(Exists(visible("Name", user).filter(**{owner: OuterRef(outer)}).like(word)))

    return condition


def attended_by_name(user: Any = None) -> Any:
    """A condition for `words_filter` on meetings: somebody whom `user` may see attended, with a name like the word."""

    def condition(word: str) -> Q:
        alike = visible("Name", user).filter(participant__isnull=False).like(word).order_by()
        attended = visible("Attendance", user).filter(
            meeting=OuterRef("pk"), participant__in=alike.values("participant")
        )
        return Q(Exists(attended))

    return condition
