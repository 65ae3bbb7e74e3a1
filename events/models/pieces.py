"""What a row brings along: the rows that it leads to, read in the same query.

A page prints of the rows that its own rows lead to no more than a name and a link. So a queryset says which relations its rows bring
along, as a tree of `Piece`, and PostgreSQL sends them beside each row, as JSON, by a subquery for each relation that begins at
`visible_to(user)`: what the user may not see is nothing there. However many rows a list has and wherever they lead, it is one query.

Subqueries and not joins: they are worked out for the rows of the page alone, by the keys of what they look for, and they are planned
each by itself, where a dozen joined views would take longer to plan than to read.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Func, OuterRef, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable

from events.models.databases import to_read


class Piece:
    """A relation that rows bring along: `Piece("speaker", "country", Piece("tenures", "title"))`.

    Of the rows that it leads to it has the number, the columns that their model is named by (`NAMED`), and those given here; a column
    that is no field is one that `counted()` of their queryset adds. `order` is that of a relation to many. `to` names an attribute that
    holds what was found: a list, where it shall not stand for the whole relation; a row or None, where there may be none of them, as the
    relation itself raises an error then, which costs a template more than all the rest of a row.
    """

    def __init__(self, relation: str, *parts: "str | Piece", order: Iterable[Any] = (), to: str = "") -> None:
        self.relation = relation
        self.columns = tuple(part for part in parts if isinstance(part, str))
        self.pieces = tuple(part for part in parts if isinstance(part, Piece))
        self.order = tuple(order)
        self.to = to
        self._key = (relation, parts, self.order, to)
        self._hash = hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Piece) and self._key == other._key

    def __hash__(self) -> int:
        return self._hash


class BringingQuerySet(models.QuerySet):
    """Rows that bring along what they lead to."""

    pieces: tuple[Piece, ...] = ()

    def _bringing(self, pieces: tuple[Piece, ...], user: Any, kind: Any) -> Any:
        """These rows with the pieces, as far as `user` may see them. `kind` is equal for users who may see the same: the SQL is made
        once for each, as to make it takes Django longer than PostgreSQL to answer."""
        sql, parameters = _sql(self.model, pieces, user, kind)
        rows = self.annotate(brought=RawSQL(sql, parameters, output_field=models.JSONField()))
        rows.pieces, rows._iterable_class = pieces, _Bringing
        return rows

    def _clone(self) -> Any:
        clone = cast(Any, super())._clone()
        clone.pieces = self.pieces
        return clone


class _Bringing(ModelIterable):
    def __iter__(self) -> Iterator[Any]:
        rows = cast(Any, self).queryset
        readers = _readers(rows.model, rows.pieces)
        for row in super().__iter__():
            _fill(row, readers, row.__dict__.pop("brought"))
            yield row


Reader = Callable[[Any, Any], None]
_made: dict[Any, tuple[str, tuple[Any, ...]]] = {}


def _sql(model: Any, pieces: tuple[Piece, ...], user: Any, kind: Any) -> tuple[str, tuple[Any, ...]]:
    """SQL of the pieces of a row of the model's table, and its parameters."""
    key = (model, pieces, kind)
    if key not in _made:
        rows = model._base_manager.annotate(brought=_array(*(_told(model, piece, user) for piece in pieces)))
        compiler = rows.values_list("brought").query.get_compiler(to_read().alias)
        compiler.pre_sql_setup()
        [(_expression, (sql, parameters), _alias)] = compiler.select
        _made[key] = sql, tuple(parameters)
    return _made[key]


def _array(*parts: Any) -> Func:
    return Func(*parts, function="jsonb_build_array", output_field=models.JSONField())


def _told(model: Any, piece: Piece, user: Any) -> Any:
    """The expression of what a relation leads to: an array of values, or one of such arrays."""
    field = model._meta.get_field(piece.relation)
    target = field.related_model
    rows = target.objects.visible_to(user)
    columns = _columns(target, piece)
    if not {one.attname for one in target._meta.concrete_fields}.issuperset(columns):
        rows = rows.counted()
    if field.concrete and not field.many_to_many:
        rows = rows.filter(pk=OuterRef(field.attname))
    else:
        back = field.related_query_name() if field.concrete else field.field.name
        rows = rows.filter(**{back: OuterRef("pk")}).order_by(*piece.order)
    told = _array(*columns, *(_told(target, inner, user) for inner in piece.pieces))
    rows = rows.annotate(told=told).values("told")
    return ArraySubquery(rows) if _is_many(field) else Subquery(rows.order_by())


def _is_many(field: Any) -> bool:
    return bool(field.one_to_many or field.many_to_many)


@cache
def _columns(model: Any, piece: Piece) -> list[str]:
    """Those of the model first, in its order; then what is counted."""
    asked = {model._meta.pk.attname, *getattr(model, "NAMED", ()), *piece.columns}
    own = [field.attname for field in model._meta.concrete_fields if field.attname in asked]
    return own + [name for name in piece.columns if name not in own]


def bring(rows: list[Any], pieces: tuple[Piece, ...]) -> None:
    """Have rows of one model that are not stored as they are, such as those of an old version, bring along what every reader may see
    of what they lead to. One query."""
    if not (rows and pieces):
        return
    model: Any = type(rows[0])
    links = [field.attname for field in model._meta.concrete_fields if field.is_relation or field.primary_key]
    table = to_read().ops.quote_name(model._meta.db_table)
    sql, parameters = _sql(model, pieces, None, False)
    values = json.dumps([{name: getattr(row, name) for name in links} for row in rows])
    with to_read().cursor() as cursor:
        cursor.execute(
            f"select {sql} from rows from (jsonb_populate_recordset(null::{table}, %s)) with ordinality {table} order by ordinality",
            [*parameters, values],
        )
        for row, (value,) in zip(rows, cursor.fetchall(), strict=True):
            _fill(row, _readers(model, pieces), json.loads(value))


def _fill(row: Any, readers: Iterable[Reader], values: Iterable[Any]) -> None:
    for reader, value in zip(readers, values, strict=True):
        reader(row, value)


@cache
def _readers(model: Any, pieces: tuple[Piece, ...]) -> list[Reader]:
    """For each piece a function that gives a row what was read of it."""
    return [_reader(model, piece) for piece in pieces]


def _reader(model: Any, piece: Piece) -> Reader:
    field = model._meta.get_field(piece.relation)
    target = field.related_model
    made = _maker(target, piece)
    if not _is_many(field):

        def give_one(row: Any, value: Any) -> None:
            found = None if value is None else made(value)
            if piece.to:
                setattr(row, piece.to, found)
            else:
                field.set_cached_value(row, found)

        return give_one
    back = None if field.many_to_many else field.field
    cache = field.name if field.concrete else field.get_accessor_name()

    def give_many(row: Any, values: list[Any]) -> None:
        found = [made(value) for value in values]
        if back:
            for one in found:
                back.set_cached_value(one, row)
        if piece.to:
            setattr(row, piece.to, found)
        else:
            hold(row, cache, target, found)

    return give_many


def hold(row: Any, relation: str, model: Any, found: list[Any]) -> None:
    """Have the rows that were read stand for the relation, as Django's own prefetching does."""
    rows = model._default_manager.get_queryset()
    rows._result_cache, rows._prefetch_done = found, True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = rows


def _maker(model: Any, piece: Piece) -> Callable[[list[Any]], Any]:
    """A function from the values of a row to the row, whose other columns are read if somebody asks for them."""
    columns = _columns(model, piece)
    known = {field.attname: field for field in model._meta.concrete_fields}
    own = [name for name in columns if name in known]
    further = columns[len(own) :]
    conversions = [
        (place, convert) for place, name in enumerate(own) if (convert := _conversion(known[name]))
    ]
    readers = _readers(model, piece.pieces)
    size, whole = len(own), len(columns)

    def made(values: list[Any]) -> Any:
        for place, convert in conversions:
            if values[place] is not None:
                values[place] = convert(values[place])
        row = model.from_db(to_read().alias, own, values[:size])
        for name, value in zip(further, values[size:whole], strict=True):
            setattr(row, name, value)
        _fill(row, readers, values[whole:])
        return row

    return made


def _conversion(field: models.Field) -> Callable[[Any], Any] | None:
    """What makes of a value in JSON the one that the field has."""
    if isinstance(field, DateRangeField):
        return _days
    if isinstance(field, models.DateTimeField):
        return datetime.fromisoformat
    if isinstance(field, models.DecimalField):
        return field.to_python
    return None


@lru_cache(maxsize=1024)
def _days(text: str) -> DateRange:
    """The range that PostgreSQL prints as "[2023-02-27,2023-03-01)"."""
    if text == "empty":
        return DateRange(empty=True)
    first, last = text[1:-1].split(",")
    return DateRange(
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
        text[0] + text[-1],
    )
