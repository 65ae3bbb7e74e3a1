"""Records as they were: a public version of a record, rebuilt for its page."""

from typing import Any

from django.db import models
from django.db.models import prefetch_related_objects

from events.models import Article, Version, published
from events.models.history import instance_of

# In which order the pages print the rows of a record; those of a version come by their numbers.
_ORDER: dict[str, Any] = {
    "names": lambda row: (row.language, not row.preferred, row.pk),
    "tenures": lambda row: (row.period_range is None or row.period_range.lower is None, row.period, row.pk),
    "attendances": lambda row: (row.position, row.pk),
    "coverages": lambda row: row.pk,
}
# Readers see of an old text what they may see of the text today.
_STRICTNESS = (Article.Rights.METADATA, Article.Rights.EXCERPTS, Article.Rights.FULL)


def as_of(record: Any, number: int) -> Any:
    """The version `number` of a public record, which `published.versions` must have named.

    It has the fields and the rows of that version. The records that it names are those of today, as far as everybody sees them, and
    what others say of it (quotations at a meeting, parts of a visit) is left out. It is not to be saved. Some ten queries.
    """
    version = published.version(record, number)
    past = version.instance()
    past.version = version.number
    _read_relations(past, version)
    if isinstance(past, Article):
        past.rights = min(past.rights, record.rights, key=_STRICTNESS.index)
    return past


def _read_relations(past: Any, version: Version) -> None:
    """Fill in what the record's page prints, as its `for_detail` says."""
    past._prefetched_objects_cache = {}
    named = []
    for lookup in type(past).objects.for_detail()._prefetch_related_lookups:
        first = lookup.prefetch_through.partition("__")[0]
        field = past._meta.get_field(first)
        if field.concrete and not field.many_to_many:
            named.append(lookup)
        elif lookup.prefetch_through == first:
            rows = _rows(lookup, field, version)
            if lookup.to_attr:
                setattr(past, lookup.to_attr, rows)
            else:
                past._prefetched_objects_cache[first] = _read(field.related_model, rows)
    prefetch_related_objects([past], *named)
    for field in past._meta.related_objects:
        if field.one_to_one:  # a check of the source speaks of the words of today
            field.set_cached_value(past, None)


def _rows(lookup: Any, field: Any, version: Version) -> list[Any]:
    """The rows that the version has of a relation; none of a relation that is no part of it."""
    name = lookup.prefetch_through
    held = version.rows.get(name, [])
    if field.many_to_many:
        return list(lookup.queryset.filter(pk__in=held)) if held else []
    rows = sorted((instance_of(field.related_model, row) for row in held), key=_ORDER.get(name))
    if rows:
        prefetch_related_objects(rows, *lookup.queryset._prefetch_related_lookups)
    return rows


def _read(model: Any, rows: list[Any]) -> models.QuerySet:
    """The rows as a queryset that has been read."""
    found = model._default_manager.none()
    found._result_cache, found._prefetch_done = rows, True
    return found
