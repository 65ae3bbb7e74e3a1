"""Rows into their tables by COPY, many tables at a time, and what the database checks afterwards."""

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from django.db import models
from psycopg.sql import SQL, Composed, Identifier, Literal

from events.models.fields import DerivedField, EDTFRangeField

Connect = Callable[[], psycopg.Connection[Any]]

# No triggers: what they would refuse is not made, and the history is written at once for all. A superuser may say so, or who was
# granted it (`grant set on parameter session_replication_role to …`).
WITHOUT_TRIGGERS = "set session_replication_role = replica"
WITH_TRIGGERS = "set session_replication_role = origin"
STREAMS = 2  # to a table whose rows take the database long
TOGETHER = 64  # rows of such a table to one stream, before the next gets some
MEMORY_FOR_INDEXES = "set maintenance_work_mem = '256MB'"


class Table:
    """Takes rows of one model. What a row leaves out has the model's default; columns that follow from others are derived as the
    model does, and those that the database generates are left to it."""

    def __init__(self, model: Any, copies: list[Any]) -> None:
        self._copies = copies
        self.fields = writable(model)
        self._place = {field.column: place for place, field in enumerate(self.fields)}
        self._id = self._place["id"]
        self._default = [field.get_default() for field in self.fields]
        for place, field in enumerate(self.fields):
            if isinstance(self._default[place], list):
                self._default[place] = "{}"
            elif getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
                self._default[place] = None
        self._derived = [
            (place, self._place[field.source], _derivation(field))
            for place, field in enumerate(self.fields)
            if isinstance(field, DerivedField)
        ]
        self.count = 0

    def write(self, **values: Any) -> int:
        """The number of the row: one more than that of the row before."""
        self.count += 1
        row = self._default.copy()
        place = self._place
        for column, value in values.items():
            row[place[column]] = value
        row[self._id] = self.count
        for target, source, derive in self._derived:
            row[target] = derive(row[source])
        self._copies[self.count // TOGETHER % len(self._copies)].write_row(row)
        return self.count


class Tables:
    """A `Table` for each model, each with connections of its own, so that rows can be written in whatever order they are made, and
    the database takes them on several processors. All is committed at the end of `open_tables`, or nothing."""

    def __init__(self, tables: dict[Any, Table]) -> None:
        self._tables = tables

    def __getitem__(self, model: Any) -> Table:
        return self._tables[model]

    @property
    def rows(self) -> int:
        return sum(table.count for table in self._tables.values())


def writable(model: Any) -> list[Any]:
    """The model's fields that a COPY names."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def copy_in(model: Any) -> Composed:
    """The COPY that `Table` writes to."""
    columns = SQL(", ").join(Identifier(field.column) for field in writable(model))
    return SQL("copy {} ({}) from stdin").format(Identifier(model._meta.db_table), columns)


@contextmanager
def open_tables(connect: Connect, wanted: list[Any], heavy: Collection[Any] = ()) -> Iterator[Tables]:
    """Tables of these models to write to; the rows of `heavy` ones go to `STREAMS` connections by turns."""
    with ExitStack() as connections:
        opened: list[psycopg.Connection[Any]] = []
        with ExitStack() as copies:
            tables = {}
            for model in wanted:
                streams = []
                for _stream in range(STREAMS if model in heavy else 1):
                    opened.append(connections.enter_context(_transaction(connect)))
                    streams.append(copies.enter_context(opened[-1].cursor().copy(copy_in(model))))
                tables[model] = Table(model, streams)
            yield Tables(tables)
        for connection in opened:
            connection.commit()


@contextmanager
def _transaction(connect: Connect) -> Iterator[psycopg.Connection[Any]]:
    """A connection whose work is taken back unless it is committed inside."""
    connection = connect()
    try:
        connection.execute(WITHOUT_TRIGGERS)
        yield connection
    finally:
        connection.close()


def _derivation(field: Any) -> Callable[[Any], Any]:
    if not isinstance(field, EDTFRangeField):
        return field.derive

    @lru_cache(maxsize=100_000)
    def range_as_text(value: str) -> str | None:
        days = field.derive(value)
        return f"[{days.lower or ''},{days.upper or ''})" if days else None

    return range_as_text


@contextmanager
def indexes_put_aside(connection: psycopg.Connection[Any], wanted: list[Any]) -> Iterator[None]:
    """Without the indexes of the tables, except those of keys and constraints, inside; made anew at the end, in whatever way that comes.

    To make an index of all rows at once takes a fraction of what adding them one by one does. A unique index is checked as it is made.
    """
    tables = [model._meta.db_table for model in wanted]
    with connection.transaction():
        found = connection.execute(
            "select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index join pg_class on pg_class.oid = indrelid"
            " where relname = any(%s) and relnamespace = 'public'::regnamespace"
            " and not exists (select from pg_constraint where conindid = indexrelid) order by 1",
            [tables],
        ).fetchall()
        for name, _definition in found:
            connection.execute(SQL("drop index {}").format(SQL(name)))
    try:
        yield
    finally:
        connection.execute(MEMORY_FOR_INDEXES)
        for _name, definition in found:
            connection.execute(definition.encode())


def broken_keys(connection: psycopg.Connection[Any]) -> list[str]:
    """Foreign keys of the database by which some row leads nowhere; COPY without triggers does not look at them."""
    keys = connection.execute(
        "select conname, conrelid::regclass::text, confrelid::regclass::text, child.attname, parent.attname from pg_constraint"
        " join pg_attribute child on child.attrelid = conrelid and child.attnum = conkey[1]"
        " join pg_attribute parent on parent.attrelid = confrelid and parent.attnum = confkey[1]"
        " where contype = 'f' and connamespace = 'public'::regnamespace order by 1"
    ).fetchall()
    broken = []
    for name, table, target, column, key in keys:
        asked = SQL(
            "select exists (select from {table} one where one.{column} is not null"
            " and not exists (select from {target} other where other.{key} = one.{column}))"
        ).format(table=SQL(table), target=SQL(target), column=Identifier(column), key=Identifier(key))
        if connection.execute(asked).fetchone() == (True,):
            broken.append(name)
    return broken


def set_sequences(connection: psycopg.Connection[Any], wanted: list[Any]) -> None:
    """Let the next row of each table have the number after the last one."""
    for model in wanted:
        table = model._meta.db_table
        connection.execute(
            SQL(
                "select setval(pg_get_serial_sequence({name}, 'id'), coalesce(max(id), 1), max(id) is not null) from {table}"
            ).format(name=Literal(table), table=Identifier(table))
        )


def empty(connection: psycopg.Connection[Any], wanted: list[Any]) -> None:
    """Take all rows of the tables out again, past the rule that keeps the history."""
    connection.execute(WITHOUT_TRIGGERS)
    names = SQL(", ").join(Identifier(model._meta.db_table) for model in wanted)
    connection.execute(SQL("truncate {} restart identity cascade").format(names))
    connection.execute(WITH_TRIGGERS)


def has_rows(connection: psycopg.Connection[Any], model: type[models.Model]) -> bool:
    asked = SQL("select exists (select from {})").format(Identifier(model._meta.db_table))
    return connection.execute(asked).fetchone() == (True,)
