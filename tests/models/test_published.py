"""What the database itself shows to the readers' role: rows, columns, rights, and how migrations renew it."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import ProgrammingError, connection, transaction
from django.db.migrations.state import ProjectState
from django.db.models import Q
from django.utils import timezone

from events import models
from events.editing import history
from events.models import Status, published
from events.models.history import ROWS
from tests import factories
from tests.models.test_base import RECORDS
from tests.test_privacy import plant, publish_beside

pytestmark = pytest.mark.django_db


def rows(query: str, *parameters: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def as_reader(*rights: str) -> Iterator[None]:
    """The role alone, without the transaction that takes no changes: what is refused here is refused for want of a right."""
    with transaction.atomic(), connection.cursor() as cursor:
        for right in rights:
            cursor.execute(right)
        cursor.execute("set local role archive_reader")
        yield
        transaction.set_rollback(True)


TABLES = {
    model._meta.db_table: model for model in apps.get_app_config("events").get_models(include_auto_created=True)
}  # fmt: skip


def test_every_table_is_shown_or_private():
    assert (set(TABLES) - set(published.VIEWS) - published.PRIVATE, published.PRIVATE - set(TABLES)) == (
        set(),
        set(),
    )
    assert (set(published.VIEWS) - set(TABLES), set(published.VIEWS) & published.PRIVATE) == (set(), set())


def test_every_view_has_the_columns_of_its_table():
    """A migration that adds a column ends with `CreateViews()`: docs/adding-a-field.md."""
    found = rows(
        "select table_schema, table_name, column_name, udt_name from information_schema.columns"
        " where table_schema in ('public', 'published')"
    )
    columns = {
        (schema, table): {(column, kind) for _s, _t, column, kind in found if (_s, _t) == (schema, table)}
        for schema, table, _column, _kind in found
    }
    views = {table: columns["published", table] for table in published.VIEWS}
    assert views == {table: columns["public", table] for table in published.VIEWS}
    assert {table for schema, table in columns if schema == "published"} == set(published.VIEWS)


OWNERS = {
    "events_snapshot": {"article": models.Article},
    "events_pagecheck": {"article": models.Article},
    "events_meeting_topics": {"meeting": models.Meeting, "topic": models.Topic},
    "events_quotation_topics": {"quotation": models.Quotation, "topic": models.Topic},
    "events_agreement_topics": {"agreement": models.Agreement, "topic": models.Topic},
    "events_agreement_parties": {"agreement": models.Agreement, "participant": models.Participant},
}


def versions() -> Any:
    """What was public, of records that are public now."""
    standing = Q()
    for noun in published.NOUNS:
        public = apps.get_model("events", noun).objects.public()
        standing |= Q(noun=noun, record__in=public.values("pk"))
    return models.Version.objects.filter(standing, status=Status.PUBLISHED)


def expected(table: str) -> Any:
    """The rows that Python calls public."""
    model = TABLES[table]
    if model is models.Version:
        return versions()
    if model is models.Change:
        return models.Change.objects.filter(versions__in=versions()).distinct()
    if model in (models.Edition, models.Invalidation, models.StoredIndex, models.Word):
        # Numbers of records that are or were public, bitmaps of public ones, words of records that were, and a number of the whole.
        return model.objects.all()
    if table not in OWNERS:
        return model.objects.public()
    return model.objects.filter(
        **{f"{name}__in": owner.objects.public() for name, owner in OWNERS[table].items()}
    )


@pytest.fixture
def archive() -> None:
    """Rows of each table, public ones and others."""
    factories.fill(2)
    publish_beside(plant(Status.DRAFT))
    for noun in (factories.MeetingFactory, factories.ParticipantFactory):
        merged = noun()
        type(merged).objects.filter(pk=merged.pk).update(merged_into=noun(), status=Status.WITHDRAWN)
    connection.check_constraints()  # the versions are kept
    models.Word.objects.create(text="peace", records=1)
    # All of it is one transaction here, and so one change; another one made nothing that readers may see.
    models.Change.objects.create(who="somebody", made_at=timezone.now(), transaction=0)


def test_every_view_has_the_public_rows(archive):
    public = {table: sorted(expected(table).values_list("pk", flat=True)) for table in published.VIEWS}
    stored = {table: TABLES[table].objects.count() for table in published.VIEWS}
    with as_reader("set local search_path to published, public"):
        found = {table: sorted(pk for (pk,) in rows(f"select id from {table}")) for table in published.VIEWS}
    assert found == public
    assert [table for table in public if not 0 < len(public[table]) < stored[table]] == [
        "events_invalidation",
        "events_edition",
        "events_storedindex",
        "events_word",
    ]


def test_what_editors_note_for_themselves_is_empty():
    editor = factories.UserFactory()
    check = factories.SourceCheckFactory()
    snapshot, article = check.seen_in, check.quotation.article
    factories.PageCheckFactory(article=article, failure="secret", etag="secret", last_modified="secret")
    models.Article.objects.filter(pk=article.pk).update(
        created_by=editor, updated_by=editor, import_key="secret", withdrawal_reason="secret"
    )
    other = factories.SnapshotFactory(article=article, text="secret", etag="secret", last_modified="secret")
    with as_reader("set local search_path to published, public"):
        seen = models.Article.objects.get()
        assert (seen.created_by_id, seen.updated_by_id, seen.import_key, seen.withdrawal_reason) == (
            None,
            None,
            "",
            "",
        )
        page = models.PageCheck.objects.get()
        assert (page.failure, page.etag, page.last_modified, page.checked_at) == (
            "",
            "",
            "",
            page.tried_at,
        )
        captures = models.Snapshot.objects.order_by("pk").values_list(
            "pk", "text", "file", "etag", "last_modified"
        )
        assert list(captures) == [(snapshot.pk, "", "", "", ""), (other.pk, "", "", "", "")]


def test_versions_are_shown_without_what_is_not_public():
    """What a version says of rows that lead to a hidden record, and of who made it and why, is not there."""
    editor = factories.UserFactory()
    seen, draft = factories.ParticipantFactory(), factories.ParticipantFactory(status=Status.DRAFT)
    meeting = factories.MeetingFactory(import_key="secret", created_by=editor, updated_by=editor)
    shown = factories.AttendanceFactory(meeting=meeting, participant=seen, title="Minister")
    factories.AttendanceFactory(meeting=meeting, participant=draft, title="secret")
    cover = factories.CoverageFactory(meeting=meeting)
    factories.CoverageFactory(
        meeting=meeting, article=factories.ArticleFactory(status=Status.DRAFT), exact="secret"
    )
    topic = factories.TopicFactory()
    meeting.topics.add(topic, factories.TopicFactory(status=Status.REVIEW))
    agreement = factories.AgreementFactory()
    agreement.parties.add(seen, draft)
    with history.by(editor, comment="secret"):
        connection.check_constraints()
    with as_reader("set local search_path to published, public"):
        (version,) = models.Version.objects.filter(noun="meeting", record=meeting.pk)
        assert "secret" not in str(version.data)
        assert (
            [row["id"] for row in version.rows["attendances"]],
            [row["id"] for row in version.rows["coverages"]],
            version.rows["topics"],
        ) == ([shown.pk], [cover.pk], [topic.pk])
        assert version.instance().title == meeting.title
        hidden = {
            "created_by_id",
            "updated_by_id",
            "import_key",
            "withdrawal_reason",
            "version",
            "updated_at",
        }
        columns = {field.attname for field in models.Meeting._meta.concrete_fields}
        assert set(version.fields) == columns - hidden
        other = models.Version.objects.get(noun="agreement", record=agreement.pk)
        assert other.rows == {"parties": [seen.pk], "topics": []}
        change = version.change
        assert (change.user_id, change.who, change.via, change.comment, change.transaction) == (
            None,
            "",
            "",
            "",
            0,
        )


FACTORIES = {factory._meta.model._meta.model_name: factory for factory in RECORDS.values()}
LINKS = {
    noun: [
        one
        for one in apps.get_model("events", noun)._meta.concrete_fields
        if one.many_to_one and one.related_model is not get_user_model() and one.name != "merged_into"
    ]
    for noun in FACTORIES
}
ROW_FACTORIES = {
    "names": factories.NameFactory,
    "tenures": factories.TenureFactory,
    "attendances": factories.AttendanceFactory,
    "coverages": factories.CoverageFactory,
}


class TestLinksOfVersions:
    """By the models, so that a relation that is new is tested too."""

    def data(self, noun: str, number: int) -> Any:
        connection.check_constraints()
        with as_reader("set local search_path to published, public"):
            return [one.data for one in models.Version.objects.filter(noun=noun, record=number)]

    @pytest.mark.parametrize(
        ("noun", "link"),
        [(noun, one.name) for noun, links in LINKS.items() for one in links if one.null],
    )
    def test_that_lead_to_what_is_hidden_are_empty(self, noun, link):
        model = apps.get_model("events", noun)
        other = FACTORIES[model._meta.get_field(link).related_model._meta.model_name]()
        inside = {"article": other.article, "exact": other.exact} if link == "within" else {}
        record = FACTORIES[noun](**inside, **{link: other})
        column = f"{link}_id"
        assert [one["fields"][column] for one in self.data(noun, record.pk)] == [other.pk]
        type(other).objects.filter(pk=other.pk).update(status=Status.DRAFT)
        assert [one["fields"][column] for one in self.data(noun, record.pk)] == [None]

    @pytest.mark.parametrize(
        ("noun", "link"),
        [(noun, one.name) for noun, links in LINKS.items() for one in links if not one.null],
    )
    def test_that_cannot_be_empty_hide_the_version(self, noun, link):
        record = FACTORIES[noun]()
        assert len(self.data(noun, record.pk)) == 1
        owner = getattr(record, link)
        connection.cursor().execute(
            "set local session_replication_role = replica"
        )  # the record itself stays public
        type(owner).objects.filter(pk=owner.pk).update(status=Status.DRAFT)
        assert self.data(noun, record.pk) == []

    @pytest.mark.parametrize(
        ("noun", "name", "link"),
        [
            (noun, name, one.name)
            for noun, names in ROWS.items()
            for name in names
            if name in ROW_FACTORIES
            for one in ROW_FACTORIES[name]._meta.model._meta.concrete_fields
            if one.many_to_one and one.related_model is not get_user_model()
        ],
    )
    def test_of_rows_that_lead_to_what_is_hidden(self, noun, name, link):
        """They are empty, or the row is left out where it cannot be without."""
        relation = apps.get_model("events", noun)._meta.get_field(name)
        record = FACTORIES[noun]()
        field = relation.related_model._meta.get_field(link)
        if field.name == relation.field.name or (name == "names" and link in ("participant", "place")):
            return  # the record itself
        own = {relation.field.name: record}
        if link == "tenure":
            person = factories.ParticipantFactory()
            own["participant"] = person
            other = factories.TenureFactory(person=person)
        else:
            other = FACTORIES[field.related_model._meta.model_name]()
        row = ROW_FACTORIES[name](**own, **{link: other})

        def told() -> list[Any]:
            (data,) = self.data(noun, record.pk)
            return [one[field.attname] for one in data["rows"][name] if one["id"] == row.pk]

        assert told() == [other.pk]
        if link == "tenure":
            other.delete()
        else:
            type(other).objects.filter(pk=other.pk).update(status=Status.DRAFT)
        assert told() == ([None] if field.null else [])

    @pytest.mark.parametrize(
        ("noun", "name"),
        [(noun, name) for noun, names in ROWS.items() for name in names if name not in ROW_FACTORIES],
    )
    def test_of_chosen_records_that_are_hidden(self, noun, name):
        record = FACTORIES[noun]()
        relation = record._meta.get_field(name)
        other, seen = (FACTORIES[relation.related_model._meta.model_name]() for _ in range(2))
        getattr(record, name).add(other, seen)
        (data,) = self.data(noun, record.pk)
        assert data["rows"][name] == sorted([other.pk, seen.pk])
        type(other).objects.filter(pk=other.pk).update(status=Status.DRAFT)
        (data,) = self.data(noun, record.pk)
        assert data["rows"][name] == [seen.pk]


class TestRole:
    def test_is_no_account_and_has_no_powers(self):
        found = rows(
            "select rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,"
            " (select count(*) from pg_auth_members where member = pg_roles.oid)"
            " from pg_roles where rolname = 'archive_reader'"
        )
        assert found == [(False, False, False, False, False, False, 0)]

    def test_has_no_right_on_anything_but_the_views(self):
        rights = rows(
            "select n.nspname, c.relname, r.name from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " cross join unnest('{select,insert,update,delete,truncate,references,trigger}'::text[]) as r(name)"
            " where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'v', 'm', 'f')"
            " and (has_table_privilege('archive_reader', c.oid, r.name) or"
            " r.name in ('select', 'insert', 'update', 'references') and has_any_column_privilege('archive_reader', c.oid, r.name))"
        )
        assert sorted(rights) == sorted(("published", table, "select") for table in published.VIEWS)
        sequences = rows(
            "select relname from pg_class where case when relkind = 'S'"
            " then has_sequence_privilege('archive_reader', oid, 'usage,select,update') end"
        )
        assert sequences == []

    def test_runs_no_function_with_the_rights_of_another_but_one(self):
        functions = rows(
            "select proname from pg_proc where prosecdef and has_function_privilege('archive_reader', oid, 'execute')"
        )
        schemas = rows(
            "select nspname from pg_namespace where has_schema_privilege('archive_reader', oid, 'create')"
        )
        assert (functions, schemas) == ([("archive_former",)], [])

    def test_is_refused_every_table(self):
        tables = [table for (table,) in rows("select tablename from pg_tables where schemaname = 'public'")]
        allowed = []
        for table in tables:
            try:
                with as_reader():
                    rows(f"select 1 from public.{table} limit 1")
                answer = "allowed"
            except ProgrammingError as error:
                answer = str(error)
            if answer != f"permission denied for table {table}":
                allowed.append((table, answer))
        assert (allowed, {"events_meeting", "auth_user", "django_session"} - set(tables)) == ([], set())

    @pytest.mark.parametrize(
        "statement",
        [
            "update published.events_topic set label = 'x'",
            "delete from published.events_topic",
            "insert into published.events_topic (label) values ('x')",
            "truncate public.events_topic",
            "create table public.mine (id int)",
            "create view published.mine as select 1",
            "create function public.mine() returns int language sql as 'select 1'",
            "set local role postgres; select * from public.events_topic; reset role; drop view published.events_topic",
        ],
    )
    def test_writes_and_makes_nothing(self, statement):
        """As an account of its own, which `set role` cannot leave; a request's connection could: docs/operations.md."""
        account = (
            "create role stranger login in role archive_reader",
            "set local session authorization stranger",
        )
        with pytest.raises(ProgrammingError, match="permission denied"), as_reader(*account):
            rows(statement)


class TestFormer:
    def asked(self, record: Any) -> published.Former | None:
        with as_reader("set local search_path to published, public"):
            return published.former(type(record), record.pk)

    @pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW, Status.WITHDRAWN])
    def test_says_nothing_of_what_was_never_public(self, status):
        kept = factories.MeetingFactory()
        hidden = factories.MeetingFactory(status=status, withdrawal_reason="secret")
        assert self.asked(hidden) is None
        models.Meeting.objects.filter(pk=hidden.pk).update(merged_into=kept, status=Status.WITHDRAWN)
        assert self.asked(hidden) is None
        assert published.former(models.Meeting, 10**30) is None

    def test_says_where_merges_end_and_why_it_is_gone(self):
        kept, second, first = (factories.TopicFactory() for _ in range(3))
        rows = models.Topic.objects
        rows.filter(pk=second.pk).update(merged_into=kept, status=Status.WITHDRAWN)
        rows.filter(pk=first.pk).update(merged_into=second, status=Status.WITHDRAWN)
        assert self.asked(first) == published.Former(kept.pk, is_gone=False, reason="")
        rows.filter(pk=kept.pk).update(status=Status.WITHDRAWN, withdrawal_reason="Twice.")
        assert self.asked(first) == published.Former(kept.pk, is_gone=True, reason="Twice.")
        rows.filter(pk=kept.pk).update(status=Status.DRAFT)
        assert self.asked(kept) == published.Former(kept.pk, is_gone=True, reason="")

    def test_reads_the_tables_of_records_only(self):
        user = factories.UserFactory()
        assert rows("select * from published.archive_former('auth_user', %s)", user.pk) == []


class TestMigrations:
    STATE = ProjectState()

    def columns(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for table, column in rows(
            "select table_name, column_name from information_schema.columns where table_schema = 'published'"
            " order by table_name, ordinal_position"
        ):
            found.setdefault(table, []).append(column)
        return found

    def run(self, step: str, *operations: Any) -> None:
        for operation in operations:
            with connection.schema_editor(atomic=False) as editor:
                if isinstance(operation, str):
                    editor.execute(operation, params=None)
                else:
                    getattr(operation, f"database_{step}")("events", editor, self.STATE, self.STATE)

    def test_renew_the_views_and_take_that_back(self):
        before = self.columns()
        add = "alter table events_topic add note text, drop column sort_key"
        self.run("forwards", published.DropViews(), add, published.CreateViews())
        changed = [name for name in before["events_topic"] if name != "sort_key"] + ["note"]
        assert self.columns() == {**before, "events_topic": changed}
        remove = "alter table events_topic drop note, add sort_key text"
        self.run("backwards", published.CreateViews(), remove, published.DropViews())
        after = [*(name for name in before["events_topic"] if name != "sort_key"), "sort_key"]
        assert self.columns() == {**before, "events_topic": after}
        with as_reader("set local search_path to published, public"):
            assert rows("select * from events_topic") == []

    def test_pass_over_what_an_older_state_lacks(self):
        before = self.columns()
        older = "drop table events_pagecheck; alter table events_topic drop merged_into_id cascade"
        self.run("forwards", published.DropViews(), older, published.CreateViews())
        lacking = {
            "events_pagecheck", "events_topic", "events_meeting_topics", "events_quotation_topics", "events_agreement_topics",
            "events_version", "events_change",
        }  # fmt: skip
        assert set(before) - set(self.columns()) == lacking
        with (
            pytest.raises(ProgrammingError, match="permission denied for table events_topic"),
            as_reader("set local search_path to published, public"),
        ):
            rows("select * from events_topic")


class TestAccountThatMigrates:
    """Here PostgreSQL is asked by its superuser; elsewhere it may be an account that is none."""

    ROLE = import_module("events.migrations.0010_guard_drafts").ROLE

    def test_takes_the_role_that_it_makes(self):
        rows("alter role archive_reader rename to archive_reader_elsewhere")
        rows("create role maker createrole; set local session authorization maker")
        rows(f"{self.ROLE}")
        rows("set local role archive_reader")
        assert rows("select current_user::text, session_user::text") == [("archive_reader", "maker")]

    def test_is_told_what_the_administrator_shall_run(self):
        rows('create role "some one"; set local session authorization "some one"')
        with pytest.raises(ProgrammingError) as refusal:
            rows(f"{self.ROLE}")
        assert str(refusal.value).splitlines()[:2] == [
            'The account "some one" may not make or take the role archive_reader.',
            'HINT:  An administrator of the server runs: create role archive_reader nologin; grant archive_reader to "some one"'
            " with inherit false, set true; (the first only where there is no such role). Then migrate again: see docs/operations.md.",
        ]
