"""Records as they were: a public version of a record, rebuilt for its page."""

from typing import Any

from events.models import Article, Version, pieces, published
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
    what others say of it (quotations at a meeting, parts of a visit) is left out. It is not to be saved. One query, and one for each relation
    that has rows.
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
    named = []
    for piece in type(past).objects.for_detail().pieces:
        field = past._meta.get_field(piece.relation)
        if field.concrete and not field.many_to_many:
            named.append(piece)
        elif field.one_to_one:  # a check of the source speaks of the words of today
            setattr(past, piece.to, None)
        else:
            rows = _rows(past, piece, field, version)
            if piece.to:
                setattr(past, piece.to, rows)
            else:
                pieces.hold(past, piece.relation, field.related_model, rows)
    pieces.bring([past], tuple(named))


def _rows(past: Any, piece: pieces.Piece, field: Any, version: Version) -> list[Any]:
    """The rows that the version has of a relation; none of a relation that is no part of it."""
    held = version.rows.get(piece.relation, [])
    if field.many_to_many:
        seen = field.related_model.objects.public().filter(pk__in=held).order_by(*piece.order)
        return list(seen) if held else []
    rows = sorted((instance_of(field.related_model, row) for row in held), key=_ORDER.get(piece.relation))
    for row in rows:
        field.field.set_cached_value(row, past)
    pieces.bring(rows, piece.pieces)
    return rows
