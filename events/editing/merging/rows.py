"""Rows as PostgreSQL writes them in JSON: read, changed and put back to the last digit, with a journal of what was written."""

import json
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection

from events.editing.merging.relations import is_record

Row = dict[str, Any]  # column → value
Key = tuple[str, int]  # the model's label and the row's number

MOST_AT_ONCE = 1_000
# Texts of whole articles, which are read only of the records that are merged: an outlet has thousands of them.
LONG = {"events.article": {"text", "text_key"}}


def key_of(model: Any, row: Row) -> Key:
    return model._meta.label_lower, row[model._meta.pk.column]


def model_of(label: str) -> Any:
    return apps.get_model(label)


def read(
    model: Any, columns: Iterable[str], values: Iterable[Any], lock: bool, whole: bool = False
) -> list[Row]:
    """The rows that have one of the values in one of the columns, by their numbers, locked until the end of the transaction where
    asked; without the texts of articles unless they are read `whole`. One query."""
    quote, options = connection.ops.quote_name, model._meta
    long = set() if whole else LONG.get(options.label_lower, set())
    kept = [
        str(field.column)
        for field in options.concrete_fields
        if not field.generated and field.column not in long
    ]
    given = ", ".join(f"one.{quote(column)}" for column in kept)
    wanted = " or ".join(f"one.{quote(column)} = any(%s)" for column in columns)
    sql = (
        f"select (select to_jsonb(given) from (select {given}) given) from {quote(options.db_table)} one"
        f" where {wanted} order by one.{quote(options.pk.column)}" + (" for update of one" if lock else "")
    )
    numbers = list(values)
    with connection.cursor() as cursor:
        cursor.execute(sql, [numbers for _column in columns])
        # The names of the columns are shared by all rows: they would take more memory than what the rows say.
        return [
            {column: row[column] for column in kept}
            for row in (json.loads(text) for (text,) in cursor.fetchall())
        ]


def by_number(model: Any, numbers: Iterable[int], lock: bool, whole: bool = False) -> list[Row]:
    return read(model, [model._meta.pk.column], numbers, lock, whole)


class Writer:
    """Writes rows in the given order, many of one kind at once, and keeps the journal. Records learn who wrote, and when."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.journal: list[dict[str, Any]] = []
        self._kind: tuple[Any, ...] = ()
        self._waiting: list[Row] = []
        self._numbers: set[int] = set()  # one statement changes a row once

    def update(self, model: Any, row: int, old: Row, new: Row) -> None:
        """Give columns of a row other values; `old` are those that it has."""
        self.journal.append({"table": model._meta.label_lower, "row": row, "old": old, "new": new})
        self._add(("update", model, *sorted(new)), {**new, model._meta.pk.column: row})

    def delete(self, model: Any, row: Row, into: int | None = None) -> None:
        number = row[model._meta.pk.column]
        entry = {"table": model._meta.label_lower, "row": number, "deleted": row, "into": into}
        self.journal.append(entry)
        self._add(("delete", model), row)

    def insert(self, model: Any, row: Row) -> None:
        number = row[model._meta.pk.column]
        self.journal.append({"table": model._meta.label_lower, "row": number, "inserted": row})
        self._add(("insert", model, *sorted(row)), row)

    def _add(self, kind: tuple[Any, ...], row: Row) -> None:
        number = row[kind[1]._meta.pk.column]
        if kind != self._kind or len(self._waiting) >= MOST_AT_ONCE or number in self._numbers:
            self.flush()
            self._kind = kind
        self._waiting.append(row)
        self._numbers.add(number)

    def flush(self) -> None:
        """Write what waits. Raises `django.db.IntegrityError` where the database refuses it."""
        rows, self._waiting, self._numbers = self._waiting, [], set()
        if not rows:
            return
        quote = connection.ops.quote_name
        action, model, *columns = self._kind
        table, number = quote(model._meta.db_table), quote(model._meta.pk.column)
        values = f"jsonb_populate_recordset(null::{table}, %s::jsonb) as given"
        parameters: list[Any] = [json.dumps(rows)]
        if action == "delete":
            sql = f"delete from {table} using {values} where {table}.{number} = given.{number}"
        elif action == "insert":
            names = ", ".join(map(quote, columns))
            given = ", ".join(f"given.{quote(name)}" for name in columns)
            sql = f"insert into {table} ({names}) select {given} from {values}"
        else:
            given = ", ".join(f"{quote(name)} = given.{quote(name)}" for name in columns)
            if is_record(model):
                given += ", updated_at = now(), updated_by_id = %s"
                parameters.insert(0, self.user.pk)
            sql = f"update {table} set {given} from {values} where {table}.{number} = given.{number}"
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)


def next_number(model: Any) -> int:
    """A number for a new row of the model."""
    with connection.cursor() as cursor:
        sequence = [model._meta.db_table, model._meta.pk.column]
        cursor.execute("select nextval(pg_get_serial_sequence(%s, %s))", sequence)
        return int(cursor.fetchone()[0])


def above(model: Any, number: int, column: str) -> int | None:
    """The number that a row has in a column that leads up among the rows of its table."""
    return model._base_manager.filter(pk=number).values_list(column, flat=True).first()
