"""The database keeps a version of each record with its rows, whoever writes, and says whose work it was."""

import re

import pytest
from django.db import connection, models, transaction

from events.editing import history, worklists
from events.models import Attendance, Change, Meeting, Merge, Name, Participant, Quotation, Version, published
from events.models.base import Record
from events.models.duplicate import NOUNS
from events.models.history import ROWS, instance_of
from tests import factories
from tests.models.test_base import RECORDS, broken_rule

pytestmark = pytest.mark.django_db


def keep() -> None:
    """Have the versions of what was written so far kept as one change, as the end of a transaction does."""
    with history.by():
        pass


def told(record: Record) -> list[tuple[int, str, str]]:
    """Of each version of a record, the earliest first: its number, its status, and the comment beside it."""
    versions = Version.objects.of(record).select_related("change")
    return [(one.number, one.status, one.change.comment) for one in reversed(versions)]


@pytest.mark.parametrize("factory", RECORDS.values(), ids=lambda f: f._meta.model.__name__)
class TestEachNoun:
    def test_a_version_holds_the_row_and_what_belongs_to_it(self, factory):
        record = factory()
        keep()
        version = Version.objects.of(record).get()
        assert set(version.rows) == set(ROWS.get(version.noun, ()))
        assert set(version.fields) == {field.column for field in record._meta.concrete_fields}
        stored = type(record).objects.get(pk=record.pk)
        again = version.instance()
        assert {f.attname: getattr(again, f.attname) for f in record._meta.concrete_fields} == {
            f.attname: getattr(stored, f.attname) for f in record._meta.concrete_fields
        }

    def test_a_save_that_changes_nothing_leaves_none(self, factory):
        record = factory()
        keep()
        record.save()
        keep()
        record.withdrawal_reason = "Other."
        record.save()
        keep()
        assert [number for number, *_rest in told(record)] == [1, 3]

    def test_a_deletion_is_the_last_version(self, factory):
        record = factory(status="draft")
        keep()
        number = record.pk
        record.delete()
        keep()
        record.pk = number
        assert told(record) == [(1, "draft", ""), (2, "", "")]
        assert [(one.noun, one.record) for one in Version.objects.deleted()] == [
            (record._meta.model_name, number)
        ]

    def test_a_number_is_never_used_again(self, factory):
        record = factory(status="draft")
        keep()
        fresh = type(record).objects.get(pk=record.pk)
        record.delete()
        keep()
        fresh._state.adding = True
        assert broken_rule(lambda: fresh.save(force_insert=True)) == "record_number_used_once"


def test_rows_are_those_that_the_models_have():
    """Whatever is edited on a record's form belongs to its versions: rows that would be deleted with it, and chosen records."""
    found = {}
    for model in RECORDS:
        rows = {
            relation.get_accessor_name()
            for relation in model._meta.related_objects
            if relation.on_delete is models.CASCADE
            and not issubclass(relation.related_model, Record)
            and relation.related_model._meta.default_permissions
            and relation.related_model._meta.model_name
            not in ("pagecheck", "sourcecheck", "survey", "proposal")
        }
        rows |= {field.name for field in model._meta.many_to_many}
        if rows:
            found[model._meta.model_name] = rows
    assert found == {noun: set(names) for noun, names in ROWS.items()}


def test_every_table_of_theirs_notes_what_is_written_and_is_not_emptied():
    """A relation that comes into `ROWS` needs triggers too: docs/adding-a-field.md."""
    wanted = {}
    for model in RECORDS:
        noun = model._meta.model_name
        wanted[model._meta.db_table] = {(noun,)}
        for name in ROWS.get(noun, ()):
            relation = model._meta.get_field(name)
            if relation.many_to_many:
                table, column = relation.remote_field.through._meta.db_table, relation.m2m_column_name()
            else:
                table, column = relation.related_model._meta.db_table, relation.field.column
            wanted.setdefault(table, set()).add((noun, column))
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger"
            " where tgname in ('version_noted', 'version_not_lost')"
        )
        triggers = {(table, name): definition for table, name, definition in cursor.fetchall()}
    noted = {}
    for (table, name), definition in triggers.items():
        if name == "version_noted":
            told = re.findall(r"'(\w+)'", definition)
            noted[table] = {tuple(told[at : at + 2]) for at in range(0, len(told), 2)}
    assert noted == wanted
    assert {table for table, name in triggers if name == "version_not_lost"} == set(wanted)


def test_lists_of_nouns_have_every_record():
    """What goes by noun has no relation that a new record could be seen by."""
    nouns = {model._meta.model_name for model in RECORDS}
    assert (set(published.NOUNS), set(worklists.NOUNS)) == (nouns, nouns)
    # A quotation is a passage of one article: the same words twice become one when their articles do.
    assert set(Merge.Noun.values) == nouns - {"quotation"}
    assert set(NOUNS) == set(Merge.Noun.values) - {"agreement"}
    known = {
        one.name: one.condition.children for one in Merge._meta.constraints if one.name == "merge_noun_known"
    }
    assert known == {"merge_noun_known": [("noun__in", Merge.Noun.values)]}


class TestRows:
    @pytest.fixture
    def meeting(self):
        record = factories.MeetingFactory(status="draft")
        keep()
        return record

    def test_a_row_alone_is_a_version_and_whoever_has_the_record_open_notices(self, meeting):
        row = factories.AttendanceFactory(meeting=meeting)
        keep()
        assert told(meeting) == [(1, "draft", ""), (2, "draft", "")]
        meeting.refresh_from_db()
        assert meeting.version == 2
        Attendance.objects.filter(pk=row.pk).update(note="by video link")
        keep()
        row.delete()
        keep()
        notes = [
            [one["note"] for one in version.rows["attendances"]] for version in Version.objects.of(meeting)
        ]
        assert notes == [[], ["by video link"], [""], []]

    def test_chosen_topics(self, meeting):
        topic = factories.TopicFactory()
        meeting.topics.add(topic)
        keep()
        meeting.topics.clear()
        keep()
        assert [version.rows["topics"] for version in Version.objects.of(meeting)] == [[], [topic.pk], []]

    def test_a_row_that_goes_to_another_record_is_seen_on_both(self, meeting):
        other = factories.MeetingFactory()
        row = factories.AttendanceFactory(meeting=meeting)
        keep()
        Attendance.objects.filter(pk=row.pk).update(meeting=other)
        keep()
        assert [len(one.rows["attendances"]) for one in Version.objects.of(meeting)] == [0, 1, 0]
        assert [len(one.rows["attendances"]) for one in Version.objects.of(other)] == [1, 0]

    def test_a_source_belongs_to_its_meeting_and_its_article(self, meeting):
        article = factories.ArticleFactory()
        keep()
        factories.CoverageFactory(article=article, meeting=meeting)
        keep()
        assert [len(one.rows["coverages"]) for one in Version.objects.of(meeting)] == [1, 0]
        assert [len(one.rows["coverages"]) for one in Version.objects.of(article)] == [1, 0]

    def test_a_row_as_it_was(self):
        person = factories.ParticipantFactory(name="Ann")
        name = factories.NameFactory(participant=person, text="Անի", language="hy", valid="2020/..")
        keep()
        held = Version.objects.of(person).get().rows["names"]
        assert [instance_of(Name, row).text for row in held] == ["Ann", "Անի"]
        again = instance_of(Name, held[1])
        assert (again.pk, again.folded, again.valid) == (name.pk, name.folded, "2020/..")


class TestOneTransactionIsOneVersion:
    def test_however_many_statements(self):
        meeting = factories.MeetingFactory(status="draft")
        for _ in range(3):
            factories.AttendanceFactory(meeting=meeting)
        meeting.title = "Other"
        meeting.save()
        keep()
        version = Version.objects.of(meeting).get()
        assert (version.number, len(version.rows["attendances"])) == (2, 3)

    def test_what_is_taken_back_leaves_nothing(self):
        meeting = factories.MeetingFactory(status="draft")
        keep()
        before = Change.objects.count()
        with transaction.atomic():
            Meeting.objects.update(title="Other")
            keep()
            transaction.set_rollback(True)
        assert (told(meeting), Change.objects.count()) == ([(1, "draft", "")], before)


class TestWhoeverWrites:
    """Each way of writing leaves a version: one by one, in bulk, by an update, by COPY and by SQL."""

    def test_bulk_and_update(self):
        people = Participant.objects.bulk_create(
            [Participant(name=f"P{n}", sort_name=f"P{n}") for n in range(3)]
        )
        keep()
        Participant.objects.filter(pk__in=[one.pk for one in people]).update(country="AM")
        keep()
        assert [[one.fields["country"] for one in Version.objects.of(person)] for person in people] == [
            ["AM", ""]
        ] * 3

    def test_copy_and_sql(self):
        columns = "text, language, kind, valid, preferred, folded, participant_id"
        person = factories.ParticipantFactory(name="Ann")
        keep()
        user = factories.UserFactory(username="ani")
        with history.by(user, via=Change.Via.IMPORT, comment="names.csv"), connection.cursor() as cursor:
            with cursor.copy(f"copy events_name ({columns}) from stdin") as copy:
                for text in ("Анна", "Անի"):
                    copy.write_row(
                        (text, "ru" if text == "Анна" else "hy", "official", "", False, "ana", person.pk)
                    )
            cursor.execute(
                "delete from events_name where participant_id = %s and language = 'en'", [person.pk]
            )
        version = Version.objects.of(person).select_related("change").first()
        assert sorted(row["text"] for row in version.rows["names"]) == ["Анна", "Անի"]
        assert (version.change.who, version.change.user, version.change.via, version.change.comment) == (
            "ani",
            user,
            "import",
            "names.csv",
        )


class TestWho:
    def test_nobody_in_particular_is_the_role_of_the_database(self):
        meeting = factories.MeetingFactory()
        keep()
        change = Version.objects.of(meeting).get().change
        with connection.cursor() as cursor:
            cursor.execute("select session_user")
            assert (change.who, change.user, change.via) == (cursor.fetchone()[0], None, "other")

    def test_each_keeps_its_own_within_one_transaction(self):
        ani, gia = factories.UserFactory(username="ani"), factories.UserFactory(username="gia")
        with history.by(ani, via=Change.Via.FORM):
            first = factories.MeetingFactory()
            with history.by(gia, comment="inside"):
                second = factories.MeetingFactory()
            third = factories.MeetingFactory()
        told = [
            Version.objects.of(one).select_related("change").get().change for one in (first, second, third)
        ]
        assert [(one.who, one.via, one.comment) for one in told] == [
            ("ani", "form", ""),
            ("gia", "form", "inside"),
            ("ani", "form", ""),
        ]

    def test_an_account_that_is_deleted_keeps_its_name(self):
        user = factories.UserFactory(username="ani")
        with history.by(user):
            meeting = factories.MeetingFactory()
        user.delete()
        change = Version.objects.of(meeting).get().change
        assert (change.who, change.user) == ("ani", None)


@pytest.mark.django_db(transaction=True)
class TestOutsideOfATransaction:
    """Where each statement is a transaction of its own."""

    def test_each_statement_is_stamped(self):
        user = factories.UserFactory(username="ani")
        meeting = factories.MeetingFactory(status="draft")
        with history.by(user, via=Change.Via.ACTION, comment="All of them."):
            Meeting.objects.update(title="One")
            Meeting.objects.update(title="Two")
            assert Meeting.objects.get().title == "Two"
        Meeting.objects.update(title="Three")
        found = Version.objects.of(meeting).select_related("change")
        assert [(one.fields["title"], one.change.who, one.change.comment) for one in found][:3] == [
            ("Three", found[0].change.who, ""),
            ("Two", "ani", "All of them."),
            ("One", "ani", "All of them."),
        ]
        assert found[0].change.user is None

    def test_a_transaction_inside_is_stamped_and_a_failed_one_leaves_nothing(self):
        user = factories.UserFactory(username="ani")
        with history.by(user):
            with transaction.atomic():
                factories.MeetingFactory(title="lost")
                transaction.set_rollback(True)
            with transaction.atomic():
                meeting = factories.MeetingFactory()
                factories.AttendanceFactory(meeting=meeting)
        assert [(one.number, one.change.who) for one in Version.objects.of(meeting)] == [(1, "ani")]
        assert Version.objects.filter(noun="meeting").count() == 1


@pytest.mark.django_db(transaction=True)
class TestTheHistoryStays:
    @pytest.fixture
    def version(self):
        with history.by(factories.UserFactory()):
            meeting = factories.MeetingFactory()
        return Version.objects.of(meeting).get()

    def test_versions(self, version):
        rows = Version.objects.filter(pk=version.pk)
        assert broken_rule(rows.delete) == "history_stays"
        assert broken_rule(lambda: rows.update(status="draft")) == "history_stays"

    def test_changes(self, version):
        rows = Change.objects.filter(pk=version.change_id)
        assert broken_rule(lambda: rows._raw_delete(rows.db)) == "history_stays"
        assert broken_rule(lambda: rows.update(comment="no")) == "history_stays"
        assert broken_rule(lambda: rows.update(who="no", user=None)) == "history_stays"


@pytest.mark.parametrize(
    "table",
    ["version", "change", *(model._meta.model_name for model in RECORDS), "name", "tenure", "attendance", "coverage",
     "meeting_topics", "agreement_topics", "agreement_parties", "quotation_topics"],
)  # fmt: skip
def test_nothing_is_emptied(table):
    """Neither by SQL nor by `manage.py flush`: rows that go so would leave no version."""
    with connection.cursor() as cursor:
        cursor.execute("set local archive.may_truncate = off")
        assert broken_rule(lambda: cursor.execute(f"truncate events_{table} cascade")) == "history_stays"


def test_the_version_in_force():
    meeting = factories.MeetingFactory(title="One")
    keep()
    for _ in range(2):
        meeting.save()
        keep()
    meeting.title = "Two"
    meeting.save()
    keep()
    found = [Version.objects.at(meeting, number) for number in (0, 1, 3, 4, 9)]
    assert [one and one.fields["title"] for one in found] == [None, "One", "One", "Two", "Two"]


def test_a_quotation_in_its_article_is_a_record_of_its_own():
    article = factories.ArticleFactory(text="“Yes”, she said.")
    quotation = factories.QuotationFactory(article=article, exact="“Yes”")
    keep()
    Quotation.objects.filter(pk=quotation.pk).update(attribution="she said")
    keep()
    assert (len(told(article)), len(told(quotation))) == (1, 2)
