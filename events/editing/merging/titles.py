"""What the page of a merge calls rows by, read for many of them at once."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import Truncator

from events.editing import workflow
from events.editing.merging.relations import is_record
from events.editing.merging.rows import Row, by_number, model_of
from events.models import Merge, Name, Proposal, Tenure

# A row by what it says, or by the records that it leads to: (model, number).
Title = str | tuple[tuple[Any, int], ...]


def title_of(table: Any, row: Row, columns: Iterable[str]) -> Title:
    """What tells a row from others that move along: a record's title, a name, or what it leads to on its other side, beside `columns`."""
    if is_record(table):
        return ((table, row["id"]),)
    for column in ("text", "title", "exact"):
        if table in (Name, Tenure, Proposal) and row.get(column):
            return Truncator(row[column]).chars(80)
    return tuple(
        (one.related_model, row[one.column])
        for one in table._meta.concrete_fields
        if one.is_relation
        and one.column not in columns
        and not one.null
        and one.related_model._meta.app_label == table._meta.app_label
    )


class Titles:
    """The titles of records by their numbers."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, int], str] = {}

    def name(self, model: Any, number: int | None) -> str:
        """The title of one record, "" for none; a query where nobody has asked for it yet."""
        if number is None:
            return ""
        self._learn([(model, number)])
        return self._known[model, number]

    def words(self, titles: Iterable[Title]) -> list[str]:
        """The titles in words, with one query for each model that they name."""
        listed = list(titles)
        self._learn([one for title in listed if not isinstance(title, str) for one in title])
        return [
            title if isinstance(title, str) else ", ".join(filter(None, (self._known[one] for one in title)))
            for title in listed
        ]

    def _learn(self, wanted: Iterable[tuple[Any, int]]) -> None:
        numbers: dict[Any, set[int]] = {}
        for model, number in wanted:
            if (model, number) not in self._known:
                self._known[model, number] = ""
                numbers.setdefault(model, set()).add(number)
        for model, asked in numbers.items():
            for record in workflow.light(model).filter(pk__in=asked):
                self._known[model, record.pk] = str(record)


def titles_of(merge: Merge, entries: Iterable[dict[str, Any]]) -> list[str]:
    """What the rows of these entries of a merge's journal are called today, "" for one that tells nothing. A query or two a table."""
    listed = list(entries)
    rows = {(entry["table"], entry["row"]): entry.get("deleted") or entry.get("inserted") for entry in listed}
    for table in {entry["table"] for entry in listed}:
        model = model_of(table)
        if model._meta.pk.column == "id":
            numbers = [number for label, number in rows if label == table]
            rows |= {(table, row["id"]): row for row in by_number(model, numbers, False)}
    found = []
    for entry in listed:
        model, row = model_of(entry["table"]), rows[entry["table"], entry["row"]]
        ends = [one.column for one in model._meta.concrete_fields if one.related_model is merge.model]
        found.append(title_of(model, row, ends) if row else "")
    return Titles().words(found)
