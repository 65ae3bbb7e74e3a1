"""What rows bring along of what they lead to: one query, and nothing that the user may not see."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.backends.postgresql.psycopg_any import DateRange

from events.models import Attendance, Meeting, Quotation, Status, pieces
from events.models.pieces import Piece
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    """Talks with two participants, one of them a draft, at a place and on a topic that are drafts."""
    hidden = {"status": Status.DRAFT}
    record = factories.MeetingFactory(title="Talks", place=factories.PlaceFactory(name="Baku", **hidden))
    for name, status in (("Ann", "published"), ("Ben", "draft")):
        person = factories.ParticipantFactory(name=name, status=status)
        factories.TenureFactory(person=person, title=f"Minister {name}", period="2020/2021")
        factories.AttendanceFactory(meeting=record, participant=person)
    record.topics.add(factories.TopicFactory(label="Open"), factories.TopicFactory(label="Closed", **hidden))
    return record


TREE = (
    Piece("place"),
    Piece("topics", order=("sort_key",)),
    Piece(
        "attendances",
        Piece("participant", Piece("tenures", "title", "period_range", to="held")),
        order=("position",),
    ),
)


def told(record) -> tuple:
    return (
        str(record.place),
        [str(topic) for topic in record.topics.all()],
        [
            (str(row.participant), [office.title for office in row.participant.held], row.meeting is record)
            for row in record.attendances.all()
        ],
    )


@pytest.mark.parametrize("user", [None, AnonymousUser()])
def test_readers_find_nothing_of_a_draft(meeting, user, django_assert_num_queries):
    with django_assert_num_queries(1):
        [record] = Meeting.objects.visible_to(user).bringing(user, *TREE)
        assert told(record) == ("None", ["Open"], [("Ann", ["Minister Ann"], True)])


def test_editors_find_the_drafts(meeting, django_assert_num_queries):
    editor = factories.EditorFactory()
    editor.get_all_permissions()
    with django_assert_num_queries(1):
        [record] = Meeting.objects.visible_to(editor).bringing(editor, *TREE)
        assert told(record) == (
            "Baku",
            ["Closed", "Open"],
            [("Ann", ["Minister Ann"], True), ("Ben", ["Minister Ben"], True)],
        )


def test_values_are_those_of_the_fields(django_assert_num_queries):
    day = datetime(2026, 5, 3, 12, tzinfo=UTC)
    place = factories.PlaceFactory(latitude="40.1776", longitude="44.5126")
    meeting = factories.MeetingFactory(held_on="2023-02-27/2023-02-28", place=place)
    article = factories.ArticleFactory(authors=["Ann, B.", 'C "D"'], published_on="2018/..", text="“Yes”")
    quotation = factories.QuotationFactory(article=article, meeting=meeting, exact="“Yes”")
    factories.SourceCheckFactory(quotation=quotation, checked_at=day)
    with django_assert_num_queries(1):
        row = Quotation.objects.bringing(
            None,
            Piece("meeting", "held_range", "source_count", Piece("place", "latitude")),
            Piece("article", "published_range"),
            Piece("source_check", "checked_at", to="check"),
            Piece("reported_by"),
        ).get()
        found = (
            row.meeting.held_range, row.meeting.source_count, row.meeting.place.latitude, row.article.authors,
            row.article.published_range, row.check.checked_at, row.reported_by,
        )  # fmt: skip
    place.refresh_from_db()
    assert found == (
        DateRange(date(2023, 2, 27), date(2023, 3, 1)), 0, place.latitude, ["Ann, B.", 'C "D"'],
        DateRange(date(2018, 1, 1), None), day, None,
    )  # fmt: skip


def test_a_column_that_was_not_named_is_read_when_asked_for(meeting, django_assert_num_queries):
    [record] = Meeting.objects.bringing(None, *TREE)
    with django_assert_num_queries(1):
        assert record.attendances.all()[0].role == ""


def test_clones_and_other_ways_to_read_them(meeting):
    rows = Meeting.objects.bringing(None, *TREE)
    assert told(rows.filter(title="Talks").order_by("pk")[:1][0]) == told(rows.first())
    assert (rows.count(), list(rows.values_list("title", flat=True))) == (1, ["Talks"])


def test_rows_that_are_not_stored(meeting, django_assert_num_queries):
    """As those of an old version: what they lead to is read by what they say themselves."""
    ann, ben = (row.participant_id for row in Attendance.objects.order_by("position"))
    rows = [Attendance(participant_id=ben), Attendance(participant_id=ann, claimed_by_id=ann)]
    with django_assert_num_queries(1):
        pieces.bring(rows, (Piece("participant"), Piece("claimed_by")))
        assert [(str(row.__dict__["_state"].fields_cache["participant"]), str(row.claimed_by)) for row in rows] == [
            ("None", "None"),
            ("Ann", "Ann"),
        ]  # fmt: skip
