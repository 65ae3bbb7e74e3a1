"""What the database shows to readers: the schema `published` with a view for each table, of public rows only.

Readers' requests run as the role `archive_reader` (events/reading/role.py), which may read these views and no table. A view has
its table's name, so that the same query reads the table for editors and the view for readers. What is public is said here once more,
in SQL and on purpose: a filter that is forgotten in Python, or wrong there, still shows no draft.

The views do not have `security_barrier`, which would keep the indexes of ranges, trigrams and words from being used: see
benchmarks/reader_role.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.apps import apps
from django.db import ProgrammingError, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

from events.models.databases import to_read
from events.models.history import ROWS, Version

SCHEMA = "published"
ROLE = "archive_reader"


@dataclass(frozen=True)
class View:
    """The public rows of a table, there called `it`; `hidden` names columns that readers get empty, with what stands there instead."""

    joins: str = ""
    condition: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)


def where(**owners: str) -> str:
    """Joins that leave rows of which all owners are public: the column, and the table that it leads to."""
    return "".join(
        f" join {SCHEMA}.events_{table} {column}_row on {column}_row.id = it.{column}_id"
        for column, table in owners.items()
    )


def seen_at(table: str, number: str) -> str:
    """SQL of the number at which readers find a record: its own, that of the record that it was merged into since, or null."""
    view = f"{SCHEMA}.{table}"
    kept = f"(select former.number from {SCHEMA}.archive_former('{table}', {number}) former)"
    return f"coalesce((select id from {view} where id = {number}), (select id from {view} where id = {kept}))"


PUBLIC = "it.status = 'published' and it.merged_into_id is null"
WORK = {"created_by_id": "null", "updated_by_id": "null", "import_key": "''", "withdrawal_reason": "''"}
ANSWER = {"etag": "''", "last_modified": "''"}
RECORD = View(condition=PUBLIC, hidden=WORK)

NOUNS = ("participant", "place", "topic", "meeting", "agreement", "outlet", "article", "quotation")
STANDS = " ".join(
    f"when '{noun}' then exists (select from {SCHEMA}.events_{noun} record where record.id = it.record)"
    for noun in NOUNS
)

ARTICLE_THEN = seen_at("events_article", "(it.data -> 'fields' ->> 'article_id')::bigint")

# In this order: a view stands on those above it.
VIEWS: dict[str, View] = {
    "events_participant": RECORD,
    "events_place": RECORD,
    "events_topic": RECORD,
    "events_meeting": RECORD,
    "events_agreement": RECORD,
    "events_outlet": RECORD,
    "events_article": RECORD,
    "events_quotation": View(where(article="article"), PUBLIC, WORK),
    "events_name": View(
        f" left join {SCHEMA}.events_participant participant_row on participant_row.id = it.participant_id"
        f" left join {SCHEMA}.events_place place_row on place_row.id = it.place_id",
        "(participant_row.id is not null or place_row.id is not null)",
    ),
    "events_tenure": View(where(person="participant")),
    "events_attendance": View(where(meeting="meeting", participant="participant")),
    "events_coverage": View(where(article="article", meeting="meeting")),
    "events_snapshot": View(where(article="article"), hidden={**ANSWER, "text": "''", "file": "''"}),
    "events_pagecheck": View(where(article="article"), hidden={**ANSWER, "failure": "''"}),
    "events_sourcecheck": View(where(quotation="quotation")),
    "events_meeting_topics": View(where(meeting="meeting", topic="topic")),
    "events_quotation_topics": View(where(quotation="quotation", topic="topic")),
    "events_agreement_topics": View(where(agreement="agreement", topic="topic")),
    "events_agreement_parties": View(where(agreement="agreement", participant="participant")),
    # What was public of a record that is public still; `archive_shown` takes out what leads to records that are not.
    "events_version": View(
        "",
        f"it.status = 'published' and case it.noun {STANDS} end and (it.noun <> 'quotation' or"
        f" {ARTICLE_THEN} is not null)",
        {"data": f"{SCHEMA}.archive_shown(it.noun, it.data)"},
    ),
    "events_change": View(
        "",
        f"exists (select from {SCHEMA}.events_version version where version.change_id = it.id)",
        {"user_id": "null", "who": "''", "via": "''", "comment": "''", "transaction": "0"},
    ),
    # Numbers of records that are public or were, and nothing of them.
    "events_invalidation": View(),
    "events_edition": View(),
    # Bitmaps of public records: numbers, codes, days and sort keys.
    "events_storedindex": View(),
    # Words of records that were public when the table was made last.
    "events_word": View(),
}

# What no page for readers needs. A new table of the archive stands here or above.
PRIVATE = {
    "events_candidatepair",
    "events_distinction",
    "events_duplicatesearch",
    "events_incomingarticle",
    "events_merge",
    "events_pendingimport",
    "events_proposal",
    "events_survey",
}

UNDEFINED = ("42P01", "42703", "42883")  # table, column, function
COLUMNS = """
    select attname, format_type(atttypid, atttypmod) from pg_attribute
    where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum
"""

# Columns of which a version says nothing to readers: what editors note for themselves, and what each save writes.
UNTOLD = (*WORK, "version", "updated_at")


def _links(model: Any) -> dict[str, tuple[str, bool]]:
    """The columns that lead to other tables that readers see: the table, and whether a row can be without."""
    return {
        one.attname: (one.related_model._meta.db_table, one.null)
        for one in model._meta.concrete_fields
        if isinstance(one, models.ForeignKey) and one.related_model._meta.db_table in VIEWS
    }


def _row_as_seen(row: str, model: Any) -> tuple[str, str]:
    """SQL of a row whose links lead to what readers see, or nowhere; and whether it has all that it cannot be without."""
    links = {
        column: (seen_at(table, f"({row} ->> '{column}')::bigint"), null)
        for column, (table, null) in _links(model).items()
    }
    pairs = ", ".join(f"'{column}', {seen}" for column, (seen, _null) in links.items())
    needed = " and ".join(f"{seen} is not null" for seen, null in links.values() if not null)
    return f"{row} || jsonb_build_object({pairs})", needed or "true"


def _shown(noun: str) -> str:
    """SQL of what a version of this noun says to readers."""
    model: Any = apps.get_model("events", noun)
    untold = ", ".join(f"'{column}'" for column in UNTOLD)
    fields, _needed = _row_as_seen("(data -> 'fields')", model)
    rows = []
    for name in ROWS.get(noun, ()):
        relation = model._meta.get_field(name)
        held = f"jsonb_array_elements(data -> 'rows' -> '{name}')"
        if relation.many_to_many:
            seen = seen_at(relation.related_model._meta.db_table, "one::bigint")
            rows.append(
                f"'{name}', (select coalesce(jsonb_agg(distinct told.number), '[]')"
                f" from (select {seen} as number from {held} elements(one)) told where told.number is not null)"
            )
        else:
            one, needed = _row_as_seen("one", relation.related_model)
            rows.append(
                f"'{name}', (select coalesce(jsonb_agg({one} order by place), '[]')"
                f" from {held} with ordinality elements(one, place) where {needed})"
            )
    return f"jsonb_build_object('fields', ({fields}) - array[{untold}], 'rows', jsonb_build_object({', '.join(rows)}))"


def _archive_shown() -> str:
    """The function that says what a version tells readers, without what leads to records that they do not see; of what was merged since
    it names the record that was kept.

    Made from the models, so that a new relation cannot be forgotten. It runs with the rights of who asks. In PL/pgSQL, which keeps
    the plan of each noun apart: in one expression of SQL each call began those of all nouns, for ten times the time.
    """
    told = "\n".join(f"when '{noun}' then return {_shown(noun)};" for noun in NOUNS)
    return (
        f"create function {SCHEMA}.archive_shown(noun text, data jsonb) returns jsonb language plpgsql stable"
        f" set search_path = pg_catalog as $$ begin case noun\n{told}\nend case; end $$"
    )


def _drop(editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute("select viewname from pg_views where schemaname = %s order by viewname", [SCHEMA])
        found = [f'{SCHEMA}."{name}"' for (name,) in cursor.fetchall()]
    if found:
        editor.execute(f"drop view {', '.join(found)}", params=None)
    editor.execute(f"drop function if exists {SCHEMA}.archive_shown(text, jsonb)", params=None)


def _create(editor: BaseDatabaseSchemaEditor) -> None:
    """Make the views that the tables of this moment allow; what an older state of the archive lacks is passed over."""
    for table, view in VIEWS.items():
        with editor.connection.cursor() as cursor:
            cursor.execute(COLUMNS, [f"public.{table}"])
            columns = ", ".join(
                f'{view.hidden[name]}::{kind} as "{name}"' if name in view.hidden else f'it."{name}"'
                for name, kind in cursor.fetchall()
            )
        if not columns:
            continue
        rows = f"from public.{table} it{view.joins}" + (f" where {view.condition}" if view.condition else "")
        try:
            with transaction.atomic(editor.connection.alias):
                if table == Version._meta.db_table:
                    editor.execute(_archive_shown(), params=None)
                editor.execute(f"create view {SCHEMA}.{table} as select {columns} {rows}", params=None)
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", "") not in UNDEFINED:
                raise
    editor.execute(f"grant select on all tables in schema {SCHEMA} to {ROLE}", params=None)


class _ViewsOperation(Operation):
    reduces_to_sql = True
    category: ClassVar[Any] = OperationCategory.SQL

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass


class CreateViews(_ViewsOperation):
    """The last operation of a migration that changes tables: make the readers' views anew."""

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        _drop(editor)
        _create(editor)

    def database_backwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        _drop(editor)

    def describe(self) -> str:
        return "Make the readers' views"


class DropViews(_ViewsOperation):
    """The first operation of a migration that changes tables: PostgreSQL refuses to change or drop a column that a view shows."""

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        _drop(editor)

    def database_backwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        _create(editor)

    def describe(self) -> str:
        return "Drop the readers' views"


@dataclass(frozen=True)
class Former:
    """What became of a record that was public and is not any more, or was merged into another.

    `number` is where following the merges ends, the record's own number where it was not merged. `is_gone` says that the record
    there was public once and is not any more, or that its article is; `reason` is that of its withdrawal.
    """

    number: int
    is_gone: bool
    reason: str


LARGEST_NUMBER = 2**63 - 1


def former(model: type[models.Model], number: int) -> Former | None:
    """What became of the record of this number; None where there is none, or it never was public. One query, for readers too: a
    function of the database answers it, which tells nothing else of rows that they may not see."""
    if number > LARGEST_NUMBER:
        return None
    with to_read().cursor() as cursor:
        cursor.execute(
            f"select number, is_gone, reason from {SCHEMA}.archive_former(%s, %s)",
            [model._meta.db_table, number],
        )
        row = cursor.fetchone()
    return Former(*row) if row else None


def versions(record: Any, most: int, upto: int = LARGEST_NUMBER) -> list[tuple[int, datetime]]:
    """The numbers and moments of the latest versions of a record that readers see, the latest first: as many as `most`, of those that
    are not above `upto`. One query, linear in the versions that it goes through.

    Of versions that follow on each other and say the same to readers only the first counts: they differ in what leads to drafts,
    which nobody shall notice. So it goes back from one to the next older one until so many differ from the one before them.
    """
    older = (
        f"select number, change_id, data from {SCHEMA}.events_version where noun = %(noun)s and record = %(record)s"
        " and number {} order by number desc limit 1"
    )
    with to_read().cursor() as cursor:
        cursor.execute(
            f"with recursive walk(number, change_id, data, told, told_change, found) as ("
            f"(select number, change_id, data, null::int, null::bigint, 0 from ({older.format('<= %(upto)s')}) newest)"
            " union all select older.number, older.change_id, older.data, case when differs then walk.number end, walk.change_id,"
            f" walk.found + differs::int from walk left join lateral ({older.format('< walk.number')}) older on true,"
            " lateral (select older.data is distinct from walk.data) compared(differs)"
            " where walk.number is not null and walk.found < %(most)s)"
            f" select told, made_at from walk join {SCHEMA}.events_change change on change.id = told_change where told is not null"
            " order by told desc",
            {"noun": record._meta.model_name, "record": record.pk, "upto": upto, "most": most},
        )
        return cursor.fetchall()


def version(record: Any, number: int) -> Version:
    """A version that `versions` gives, as readers see it."""
    query = f"select * from {SCHEMA}.events_version where noun = %s and record = %s and number = %s"
    return Version.objects.raw(query, [record._meta.model_name, record.pk, number])[0]
