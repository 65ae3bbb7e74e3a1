"""Rows become records: new ones filled and checked, known ones compared field by field, and all of them written."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from events import addresses
from events.editing.importers.cells import EMPTIED
from events.editing.importers.identity import Entry
from events.editing.importers.report import Difference, Problem, cut
from events.editing.importers.tables import Column, Table
from events.models import Article, Attendance, Coverage, Name, Participant, Place, Quotation
from events.models.base import Record

# These complete themselves when they are saved, so they are saved one by one.
_SAVED_SINGLY = (Participant, Place, Quotation)
_PLAIN = ("text", "choice", "flag", "list")
# What a record is known by.
_CALLED = ("name", "label", "title", "host", "url", "text")


class Objects:
    """The records that the rows of a batch refer to, read at once."""

    def __init__(self, table: Table, entries: Iterable[Entry], with_texts: bool) -> None:
        numbers: dict[str, set[int]] = defaultdict(set)
        for entry in entries:
            for column in table.columns:
                if column.kind == "reference" and entry.links.get(column.header):
                    numbers[column.to].add(entry.links[column.header])
                elif column.kind == "references":
                    numbers[column.to].update(entry.links.get(column.header) or ())
                elif column.kind in ("attendees", "sources"):
                    numbers[column.to].update(number for number, _role in entry.links.get(column.header, ()))
        self._read = {}
        for noun, wanted in numbers.items():
            model = apps.get_model("events", noun)
            rows = model.objects.defer("text") if model is Article and not with_texts else model.objects
            self._read[noun] = rows.in_bulk(wanted)

    def __call__(self, noun: str, number: int | None) -> Any:
        return None if number is None else self._read[noun].get(number)

    def labels(self, noun: str, numbers: Iterable[int]) -> str:
        return "; ".join(str(self(noun, number) or f"#{number}") for number in numbers)


def meant(table: Table, entry: Entry, objects: Objects, new: set[tuple[Any, int]]) -> str:
    """Which records the row's references lead to, for the editor to check: "place: Baku #12; participants: …"."""
    told = []
    for column in table.columns:
        links = entry.links.get(column.header) if column.to else None
        if not links:
            continue
        shown = []
        for link in [links] if isinstance(links, int) else links:
            number, role = link if isinstance(link, tuple) else (link, "")
            one = objects(column.to, number)
            # A new one has another number when the table is stored.
            sign = _(" (new)") if (type(one), number) in new else f" #{number}"
            shown.append(f"{cut(str(one))}{sign}" + (f" ({role})" if role else ""))
        told.append(f"{column.header}: {', '.join(shown)}")
    return "; ".join(told)


def fill(table: Table, entry: Entry, objects: Objects) -> None:
    """Put the row's values on its record. What the fields refuse comes to light in `check`."""
    record = entry.record
    for column in table.columns:
        value = entry.values.get(column.header)
        if value is None:
            continue
        if column.kind in _PLAIN:
            field = record._meta.get_field(column.attribute)
            setattr(record, column.attribute, field.get_default() if value is EMPTIED else value)
        elif column.kind == "reference":
            setattr(record, column.attribute, objects(column.to, entry.links.get(column.header)))
        elif column.kind == "key" and record._state.adding:
            record.import_key = value


def anchor(table: Table, entry: Entry, record: Any) -> None:
    """Look for the row's words in the text of its article."""
    column = next((column for column in table.columns if column.kind == "words"), None)
    words = entry.get(column.header) if column else ""
    if not column:
        return
    if entry.values.get(column.header) is EMPTIED:
        record.exact = ""
        record.release()
    if not words or entry.problems or record.article_id is None:
        return
    try:
        record.anchor(record.article.text, words, entry.values.get("occurrence"))
    except LookupError as error:
        entry.problems.append(Problem(str(error), column.header, cut(words)))
    except ValueError as error:
        entry.problems.append(Problem(str(error), column.header, cut(words)))


def check(table: Table, entry: Entry, record: Any, only: Iterable[str] | None = None) -> None:
    """The rules of the model, all but those that the database keeps itself; `only` these fields of a known record."""
    exclude = {field.name for field in record._meta.get_fields() if field.is_relation}
    exclude |= {"exact"} if entry.problems else set()  # it was not looked for
    if only is not None:
        exclude |= {field.name for field in record._meta.concrete_fields} - set(only)
    try:
        record.clean_fields(exclude=exclude)
        if not entry.problems:
            record.clean()
    except ValidationError as error:
        entry.problems.extend(problems_of(table, entry, error))


def check_rest(table: Table, entry: Entry) -> None:
    """What else is wrong with a row that is refused already, so that it need not be mended twice."""
    wrong = {problem.column for problem in entry.problems}
    plain = [column for column in table.columns if column.kind in _PLAIN and column.header not in wrong]
    given = [column for column in plain if entry.values.get(column.header) is not None]
    record = table.model()
    for column in given:
        value = entry.values[column.header]
        if value is not EMPTIED:
            setattr(record, column.attribute, value)
    missing = [column for column in plain if column.required and not (entry.key or "record" in entry.values)]
    check(table, entry, record, only={column.attribute for column in (*given, *missing)})


def problems_of(table: Table, entry: Entry, error: ValidationError) -> list[Problem]:
    """The messages of a form, each at its column with the value that stands there."""
    if not hasattr(error, "error_dict"):
        return [Problem(message) for message in error.messages]
    headers = {column.attribute: column.header for column in table.columns}
    found = []
    for field, messages in error.message_dict.items():
        header = headers.get(field, "" if field == "__all__" else field)
        value = entry.values.get(header)
        found += [Problem(message, header, cut(str(value or ""))) for message in messages]
    return found


def compare(table: Table, entry: Entry, objects: Objects, known_rows: "KnownRows") -> None:
    """Put the row's values on the known record and note what differs. The record is not written."""
    record = entry.record
    plain = [
        column
        for column in table.columns
        if column.kind in (*_PLAIN, "reference") and entry.values.get(column.header) is not None
    ]
    plain = [column for column in plain if column.header not in table.owners]
    if entry.is_known_by_name:
        # Known by another of its names: the row does not say that it should be called so.
        plain = [column for column in plain if column.header != "name"]
        entry.values.pop("name", None)
    if entry.is_known_by_merged:
        # Known by what one was called or had that was merged into it: the row does not say that it should be so again.
        plain = [column for column in plain if column.header not in _CALLED]
        for header in _CALLED:
            entry.values.pop(header, None)
    before = {column: _shown(record, column) for column in plain if column.kind != "reference"}
    raw = {column: getattr(record, _stored(record, column)) for column in plain}
    words = next((column for column in table.columns if column.kind == "words"), None)
    old_words = record.exact if words else ""
    fill(table, entry, objects)
    if (words and entry.get(words.header) and not _stands_already(record, entry, words)) or (
        words and entry.values.get(words.header) is EMPTIED
    ):
        anchor(table, entry, record)
    check(table, entry, record, only=[column.attribute for column in plain if column.kind in _PLAIN])
    if "url" in entry.values and _is_same_page(raw, record):
        record.url = next(old for column, old in raw.items() if column.header == "url")
    for column in plain:
        if getattr(record, _stored(record, column)) != raw[column]:
            old = before[column] if column in before else _label(column, raw[column])
            entry.differences.append(Difference(column.header, old, _shown(record, column)))
    if words and record.exact != old_words:
        entry.differences.append(Difference(words.header, cut(old_words), cut(record.exact)))
    for column in table.columns:
        if column.kind == "references" and column.header in entry.values:
            _compare_related(entry, column, objects, known_rows)
        elif column.kind in ("attendees", "names", "sources") and entry.values.get(column.header):
            added = add_rows(entry, column, objects, known_rows)
            if added:
                entry.differences.append(Difference(column.header, "", "; ".join(added)))


def _is_same_page(raw: dict[Column, Any], record: Any) -> bool:
    """Whether the address leads where the known one does, with other trimmings."""
    old = next((value for column, value in raw.items() if column.header == "url"), "")
    with contextlib.suppress(addresses.AddressError):
        return bool(old) and addresses.address_key(old) == addresses.address_key(record.url)
    return False


def _stands_already(record: Any, entry: Entry, column: Column) -> bool:
    """Whether the words are the record's own at their own place, however typed; then an occurrence need not say which."""
    if record.exact == entry.get(column.header) and "occurrence" not in entry.values:
        return True
    found = type(record)(article=record.article)
    try:
        found.anchor(record.article.text, entry.get(column.header), entry.values.get("occurrence"))
    except (LookupError, ValueError):
        return False
    return (found.start, found.exact) == (record.start, record.exact)


def _compare_related(entry: Entry, column: Column, objects: Objects, known_rows: "KnownRows") -> None:
    """The cell is the whole list."""
    wanted = list(dict.fromkeys(entry.links.get(column.header) or ()))
    now = known_rows.related[column.header].get(entry.number or 0, {})
    if set(wanted) != set(now):
        entry.related[column.header] = wanted
        shown = Difference(column.header, "; ".join(now.values()), objects.labels(column.to, wanted))
        entry.differences.append(shown)


def add_rows(entry: Entry, column: Column, objects: Objects, known_rows: "KnownRows | None") -> list[str]:
    """Note the rows that the cell adds to the record, or corrects; what they say in words."""
    there = known_rows.rows[column.header].get(entry.number or 0, {}) if known_rows else {}
    said = []
    if column.kind == "names":
        for language, text in entry.values[column.header]:
            if (language, text) not in there:
                entry.rows.append(Name(text=text, language=language))
                said.append(f"{language}: {text}")
        return said
    for position, (number, role) in enumerate(entry.links.get(column.header, ()), 1):
        label = str(objects(column.to, number))
        if column.kind == "sources":
            if number not in there:
                entry.rows.append(Coverage(article_id=number))
                said.append(label)
        elif number not in there:
            last = max((row.position for row in there.values()), default=0)
            entry.rows.append(Attendance(participant_id=number, role=role, position=last + position))
            said.append(f"{label} ({role})" if role else label)
        elif role and there[number].role != role:
            there[number].role = role
            entry.changed_rows.append(there[number])
            said.append(f"{label} ({role})")
    return said


class KnownRows:
    """What the known records of a batch have already: their links and their rows. One query a column."""

    def __init__(self, table: Table, entries: Iterable[Entry]) -> None:
        numbers = [entry.number for entry in entries if entry.number]
        given = {header for entry in entries for header in entry.values}
        self.related: dict[str, dict[int, dict[int, str]]] = {}
        self.rows: dict[str, dict[int, dict[Any, Any]]] = {}
        for column in table.columns:
            if column.header not in given:
                continue
            if column.kind == "references":
                links: dict[int, dict[int, str]] = defaultdict(dict)
                for record in (
                    table.model.objects.filter(pk__in=numbers).only("pk").prefetch_related(column.header)
                ):
                    links[record.pk] = {one.pk: str(one) for one in getattr(record, column.header).all()}
                self.related[column.header] = links
            elif column.kind in ("attendees", "names", "sources"):
                self.rows[column.header] = self._rows(table, column, numbers)

    def _rows(self, table: Table, column: Column, numbers: list[int]) -> dict[int, dict[Any, Any]]:
        found: dict[int, dict[Any, Any]] = defaultdict(dict)
        owner = table.model_name
        if column.kind == "names":
            for name in Name.objects.filter(**{f"{owner}__in": numbers}):
                found[getattr(name, f"{owner}_id")][name.language, name.text] = name
        elif column.kind == "sources":
            for meeting, article in Coverage.objects.filter(meeting__in=numbers).values_list(
                "meeting_id", "article_id"
            ):
                found[meeting][article] = True
        else:
            for row in Attendance.objects.filter(meeting__in=numbers):
                found[row.meeting_id][row.participant_id] = row
        return found


def _stored(record: Any, column: Column) -> str:
    return str(record._meta.get_field(column.attribute).attname)


def _label(column: Column, number: int | None) -> str:
    """What the record is called that the known one referred to before."""
    return cut(str(apps.get_model("events", column.to).objects.get(pk=number))) if number else ""


def _shown(record: Any, column: Column) -> str:
    value = getattr(record, column.attribute)
    if isinstance(value, list):
        return cut("; ".join(value))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else cut(str(value))


# Writing


def insert(entries: list[Entry]) -> None:
    """Write the new records of these rows and what belongs to them; the database's rules are asked before it returns."""
    if not entries:
        return
    model = type(entries[0].record)
    records = [entry.record for entry in entries]
    if model is Attendance:
        _give_positions(records)
    if model in _SAVED_SINGLY:
        for record in records:
            record.save()
    else:
        copy_in(records)
    _insert_rows(entries)
    for name in {name for entry in entries for name in entry.related}:
        through = getattr(model, name).through
        near, far = (
            f"{getattr(model, name).field.m2m_field_name()}_id",
            f"{getattr(model, name).field.m2m_reverse_field_name()}_id",
        )
        copy_in(
            [
                through(**{near: entry.record.pk, far: number})
                for entry in entries
                for number in entry.related.get(name, ())
            ]
        )
    connection.check_constraints()


def copy_in(records: list[Any]) -> None:
    """Write new rows of one model by COPY: what `bulk_create` does, without a statement of thousands of parameters to take apart."""
    if not records:
        return
    meta = records[0]._meta
    fields = [field for field in meta.local_concrete_fields if not field.generated]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in fields)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        sequence = "select nextval(pg_get_serial_sequence(%s, %s)) from generate_series(1, %s)"
        cursor.execute(sequence, [meta.db_table, meta.pk.column, len(records)])
        for record, (number,) in zip(records, cursor.fetchall(), strict=True):
            record.pk = number
        with cursor.copy(f"copy {quoted(meta.db_table)} ({columns}) from stdin") as copy:
            for record in records:
                values = [(field, field.pre_save(record, True)) for field in fields]
                copy.write_row([field.get_db_prep_save(value, connection) for field, value in values])
    for record in records:
        record._state.adding, record._state.db = False, connection.alias


def _give_positions(rows: list[Attendance]) -> None:
    meetings = {row.meeting_id for row in rows}
    found = Attendance.objects.filter(meeting__in=meetings).values_list("meeting").annotate(Max("position"))
    last = dict(found.values_list("meeting", "position__max"))
    for row in rows:
        row.position = last[row.meeting_id] = last.get(row.meeting_id, 0) + 1


def _insert_rows(entries: list[Entry]) -> None:
    rows: dict[Any, list[Any]] = defaultdict(list)
    for entry in entries:
        for row in entry.rows:
            setattr(row, str(entry.record._meta.model_name), entry.record)
            rows[type(row)].append(row)
    for model, ones in rows.items():
        # The English name of a record adds itself.
        if model is Name:
            model.objects.bulk_create(ones, ignore_conflicts=True)
        else:
            copy_in(ones)


def update(entry: Entry, user: Any) -> None:
    """Write a known record with its differences; `IntegrityError` where somebody has changed it since it was read."""
    record = entry.record
    if isinstance(record, Record):
        record.updated_by = user
    record.save()
    for name, numbers in entry.related.items():
        getattr(record, name).set(numbers)
    _insert_rows([entry])
    for row in entry.changed_rows:
        row.save()
    connection.check_constraints()


def touch_articles(numbers: Iterable[int], user: Any) -> None:
    """Let whoever has these articles open notice that quotations of theirs have changed."""
    Article.objects.filter(pk__in=numbers).update(updated_at=timezone.now(), updated_by=user)
