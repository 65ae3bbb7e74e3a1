"""What the database notes of changes that readers may see, and what it does not."""

import pytest
from django.db import connection

from events.models import Attendance, Coverage, Invalidation, Meeting, Name, Quotation, Status
from events.models.invalidation import archive_version
from events.reading.role import reading
from tests import factories

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, int]]:
    """What was noted since the last call, each once."""
    found = sorted(set(Invalidation.objects.values_list("noun", "record")))
    Invalidation.objects.all().delete()
    return found


def test_a_record_is_noted_when_it_is_public_before_or_after():
    draft = factories.MeetingFactory(status=Status.DRAFT)
    assert told() == []
    Meeting.objects.filter(pk=draft.pk).update(title="Draft")
    assert told() == []
    Meeting.objects.filter(pk=draft.pk).update(status=Status.PUBLISHED)
    assert told() == [("meeting", draft.pk)]
    Meeting.objects.filter(pk=draft.pk).update(title="Public")
    assert told() == [("meeting", draft.pk)]
    Meeting.objects.filter(pk=draft.pk).update(status=Status.WITHDRAWN, withdrawal_reason="Twice.")
    assert told() == [("meeting", draft.pk)]
    Meeting.objects.filter(pk=draft.pk).update(withdrawal_reason="Recorded twice.")
    assert told() == []


def test_rows_are_noted_at_the_public_records_that_they_belong_to():
    meeting, other = factories.MeetingFactory(), factories.MeetingFactory(status=Status.DRAFT)
    person, article = factories.ParticipantFactory(), factories.ArticleFactory()
    topic, quotation = factories.TopicFactory(), factories.QuotationFactory(article=article)
    told()
    attendance = Attendance.objects.create(meeting=meeting, participant=person)
    assert told() == [("meeting", meeting.pk)]
    Attendance.objects.filter(pk=attendance.pk).update(meeting=other)
    assert told() == [("meeting", meeting.pk)]
    Attendance.objects.filter(pk=attendance.pk).delete()
    assert told() == []
    Coverage.objects.create(meeting=meeting, article=article)
    assert told() == [("article", article.pk), ("meeting", meeting.pk)]
    Name.objects.create(participant=person, text="Անի", language="hy")
    assert told() == [("participant", person.pk)]
    quotation.topics.add(topic)
    assert told() == [("quotation", quotation.pk)]
    factories.SnapshotFactory(article=article)
    assert told() == [("article", article.pk)]


def test_one_statement_notes_each_record_once():
    article = factories.ArticleFactory()
    quotations = [factories.QuotationFactory(article=article) for _number in range(3)]
    Invalidation.objects.all().delete()
    Quotation.objects.filter(article=article).update(attribution="he said")
    assert list(Invalidation.objects.order_by("record").values_list("noun", "record")) == [
        ("quotation", quotation.pk) for quotation in quotations
    ]


def test_the_version_of_the_archive_changes_with_what_readers_see_and_with_nothing_else():
    factories.MeetingFactory(status=Status.DRAFT)
    before = archive_version()
    draft = factories.MeetingFactory(status=Status.DRAFT)
    assert archive_version() == before
    Meeting.objects.filter(pk=draft.pk).update(status=Status.PUBLISHED)
    after = archive_version()
    assert after != before
    with reading():
        assert archive_version() == after


def test_the_version_differs_where_a_lower_number_is_seen_later():
    """As when the transaction that took it was committed after the one that took a higher number."""
    with connection.cursor() as cursor:
        cursor.execute("delete from events_invalidation")
        cursor.execute(
            "insert into events_invalidation (id, noun, record) values (900001, 'place', 1), (900003, 'place', 1)"
        )
        before = archive_version()
        cursor.execute("insert into events_invalidation (id, noun, record) values (900002, 'place', 2)")
    assert (before, archive_version()) == ("900001-2-900003", "900001-3-900003")
