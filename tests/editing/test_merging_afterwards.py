"""What comes to the archive after a merge and still says the old record: it finds the one that was kept, or is told of it."""

import re

import pytest
from django.db import IntegrityError, connection

from events.editing import capture, merging, versions
from events.editing.merging import relations
from events.models import (
    Agreement,
    Article,
    Attendance,
    Coverage,
    Meeting,
    Outlet,
    Participant,
    Place,
    Quotation,
    Topic,
    Version,
)
from tests import factories
from tests.admin.desk import rows, shown, staff
from tests.editing.test_import_table import counts, problems, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return staff("Reviewer")


def merged(reviewer, make, **fields):
    """Two records of which the second was merged into the first; the fields are those of the second."""
    kept, gone = make(), make(**fields)
    merging.merge(kept, gone, {}, reviewer)
    return kept, gone


def settle():
    """Have the versions kept and the rules asked, as at the end of a transaction."""
    connection.check_constraints()


class TestTheDatabase:
    def test_asks_of_each_relation_whether_it_names_a_merged_record(self):
        """But for what stays with a merged record, what is worked out anew, and a record's own names."""
        apart = {"snapshot", "pagecheck", "sourcecheck", "proposal", "survey", "incomingarticle"}
        wanted = {
            (one.model._meta.db_table, one.column)
            for noun in (Participant, Place, Topic, Meeting, Agreement, Outlet, Article, Quotation)
            for one in relations.references(noun)
            if one.model._meta.model_name not in apart
            and one.field.name != "merged_into"
            and (one.model._meta.model_name, one.field.name)
            not in {("name", "participant"), ("name", "place")}
        }
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_get_triggerdef(oid) from pg_trigger where tgname = 'merged_takes_nothing'"
            )
            found = [re.search(r"UPDATE OF (.+) ON public\.(\w+)", text) for (text,) in cursor.fetchall()]
        assert {(one[2], column) for one in found for column in one[1].split(", ")} == wanted

    def test_refuses_a_row_that_names_one(self, reviewer):
        kept, gone = merged(reviewer, factories.ParticipantFactory)
        factories.AttendanceFactory(participant=gone)
        with pytest.raises(IntegrityError) as refused:
            settle()
        told = str(refused.value).partition("\n")[0]
        assert told == f"“{gone}” was merged into “{kept}”: choose that one."

    def test_and_so_does_a_form_that_was_filled_in_before(self, client, reviewer):
        client.force_login(reviewer)
        kept, gone = factories.ParticipantFactory(name="Kept"), factories.ParticipantFactory(name="Gone")
        meeting = factories.MeetingFactory()
        address = f"/admin/events/meeting/{meeting.pk}/change/"
        data = shown(client.get(address))
        merging.merge(kept, gone, {}, reviewer)
        answer = client.post(address, rows("attendances", data, {"participant": str(gone.pk)}))
        assert "Nothing was saved. “Gone” was merged into “Kept”: choose that one." in answer.content.decode()
        assert Attendance.objects.count() == 0


class TestRestoring:
    def test_an_older_version_names_what_the_merged_one_lives_on_in(self, reviewer):
        kept, gone = factories.ParticipantFactory(), factories.ParticipantFactory()
        topics = factories.TopicFactory(), factories.TopicFactory()
        meeting = factories.MeetingFactory()
        meeting.topics.set(topics)
        row = factories.AttendanceFactory(meeting=meeting, participant=gone, role="host")
        quotation = factories.QuotationFactory(speaker=gone)
        settle()
        merging.merge(kept, gone, {}, reviewer)
        merging.merge(*topics, {}, reviewer)
        for record in (meeting, quotation):
            record.refresh_from_db()
            first = Version.objects.filter(noun=record._meta.model_name, record=record.pk).earliest("number")
            assert versions.restore(first, reviewer, opened=record.version).notes == []
            record.refresh_from_db()
        found = meeting.attendances.values_list("pk", "participant", "role")
        assert list(found) == [(row.pk, kept.pk, "host")]
        assert (list(meeting.topics.all()), quotation.speaker) == ([topics[0]], kept)

    def test_rows_of_both_are_one(self, reviewer):
        kept, gone = factories.ParticipantFactory(name="Kept"), factories.ParticipantFactory(name="Gone")
        meeting = factories.MeetingFactory()
        row = factories.AttendanceFactory(meeting=meeting, participant=kept, role="host")
        factories.AttendanceFactory(meeting=meeting, participant=gone)
        settle()
        first = Version.objects.filter(noun="meeting", record=meeting.pk).latest("number")
        merging.merge(kept, gone, {}, reviewer)
        meeting.refresh_from_db()
        restored = versions.restore(first, reviewer, opened=meeting.version)
        assert restored.notes == ["Attendance “Kept” is left out: two that it names are one now."]
        assert list(meeting.attendances.values_list("pk", "participant")) == [(row.pk, kept.pk)]


class TestArticles:
    @pytest.fixture
    def pair(self, reviewer):
        kept = factories.ArticleFactory(url="https://a.example/1", text="One text.", title="One")
        gone = factories.ArticleFactory(url="https://a.example/2", text="Another text.", title="Other")
        merging.merge(kept, gone, {}, reviewer)
        return kept, gone

    @pytest.mark.parametrize(
        "fields", [{"url": "http://www.a.example/2?utm_source=x"}, {"text": "Another text."}]
    )
    def test_the_address_and_the_text_of_the_old_one_are_here(self, pair, fields):
        with pytest.raises(capture.Twin) as refused:
            capture.refuse_twin(Article(**fields))
        assert refused.value.article == pair[0]

    def test_the_kept_one_may_take_them(self, pair):
        kept, gone = pair
        kept.url = gone.url
        assert kept.twin() is None

    def test_a_table_finds_the_kept_one(self, pair):
        report = take("articles", "url,title,language\nhttps://a.example/2,Other,en\n")
        assert (counts(report), Article.objects.count()) == (({"unchanged": 1}, True), 2)
        take("meetings", "title,kind,sources\nTalks,talks,https://a.example/2\n")
        assert list(Coverage.objects.values_list("article", flat=True)) == [pair[0].pk]


class TestTables:
    def test_key_number_and_name_find_the_kept_one(self, reviewer):
        kept, gone = merged(reviewer, factories.ParticipantFactory, name="Old Name", import_key="old")
        table = f"participant,title\nold,Mayor\n#{gone.pk},Minister\nOld Name,President\n"
        report = take("tenures", table, user=reviewer)
        assert (counts(report), problems(report)) == (({"created": 3}, True), [])
        assert set(kept.tenures.values_list("title", flat=True)) == {"Mayor", "Minister", "President"}
        report = take("participants", "key,name,kind\nold,Old Name,person\n", user=reviewer)
        assert counts(report)[0] in ({"unchanged": 1}, {"changed": 1})

    @pytest.mark.parametrize(
        ("make", "fields", "table"),
        [
            (factories.TopicFactory, {"label": "Beta"}, "label\nBeta\n"),
            (factories.OutletFactory, {"name": "B", "host": "b.example"}, "name,host\nNew B,b.example\n"),
            (factories.MeetingFactory, {"title": "Other", "held_on": "2023-01-01"}, "title,kind,held_on\nOther,talks,2023-01-01\n"),
        ],
    )  # fmt: skip
    def test_what_the_old_one_was_called_is_no_new_record(self, reviewer, make, fields, table):
        own = {
            factories.MeetingFactory: {"held_on": "2023-01-01"},
            factories.OutletFactory: {"host": "a.example"},
        }
        kept, gone = make(**own.get(make, {})), make(**fields)
        merging.merge(kept, gone, {}, reviewer)
        report = take(f"{gone._meta.model_name}s", table)
        assert (counts(report), type(kept).objects.count()) == (({"unchanged": 1}, True), 2)


def test_articles_of_the_old_host_are_of_the_kept_outlet(reviewer):
    kept, gone = (
        factories.OutletFactory(host="a.example"),
        factories.OutletFactory(name="B", host="b.example"),
    )
    merging.merge(kept, gone, {}, reviewer)
    found = [
        capture.outlet_of("https://en.b.example/1"),
        capture.outlet_named("b.example"),
        capture.outlet_named("B"),
    ]
    assert found == [kept] * 3
    take("articles", "title,url\nT,https://b.example/1\n")
    assert Article.objects.get().outlet == kept


def test_a_list_that_is_narrowed_by_the_old_number_leads_to_the_kept_one(client, reviewer):
    kept, gone = merged(reviewer, factories.ParticipantFactory)
    answer = client.get(f"/meetings/?participant={gone.pk}&participant={kept.pk}&q=talks")
    assert (answer.status_code, answer.headers["Location"], answer.headers["Cache-Control"]) == (
        301,
        f"/meetings/?q=talks&participant={kept.pk}",
        "no-cache",
    )


def test_of_a_chain_the_first_address_leads_to_the_last_record_at_once(client, reviewer):
    second, first = merged(reviewer, factories.ParticipantFactory)
    last = factories.ParticipantFactory()
    merging.merge(last, second, {}, reviewer)
    answers = [client.get(first.get_absolute_url())]
    client.force_login(reviewer)
    answers.append(client.get(first.get_absolute_url()))
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [
        (301, last.get_absolute_url())
    ] * 2


def test_an_outlet_is_found_by_its_host_before_one_that_was_merged(reviewer):
    kept, gone = factories.OutletFactory(host="a.example"), factories.OutletFactory(host="b.example")
    merging.merge(kept, gone, {}, reviewer)
    other = factories.OutletFactory(host="b.example")
    assert Outlet.objects.by_host(["b.example", "", "none.example"]) == {"b.example": other}
    assert gone.host == "b.example"
