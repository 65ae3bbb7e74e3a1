"""What differs between versions, in words, and restoring one with its rows."""

import pytest
from django.core.exceptions import ValidationError

from events.differences import Piece
from events.editing import history
from events.editing.versions import Difference, compare, restore
from events.models import Attendance, Meeting, Name, Participant, Quotation, Status, Tenure, Version
from tests import factories
from tests.models.test_base import RECORDS

pytestmark = pytest.mark.django_db


def keep() -> None:
    """Have what was written so far kept as one change, as the end of a transaction does."""
    with history.by():
        pass


def versions(record) -> list[Version]:
    """The versions of a record, the earliest first."""
    return list(Version.objects.of(record).order_by("number"))


@pytest.fixture
def meeting():
    """A meeting with rows of each kind, in its first version."""
    record = factories.MeetingFactory(title="Talks", held_on="2023-02-27", status="draft")
    factories.AttendanceFactory(
        meeting=record, participant=factories.ParticipantFactory(name="Ann"), role="host"
    )
    factories.AttendanceFactory(meeting=record, participant=factories.ParticipantFactory(name="Ben"))
    factories.CoverageFactory(meeting=record, article=factories.ArticleFactory(title="Report"))
    record.topics.add(factories.TopicFactory(label="Borders"))
    keep()
    return record


class TestCompare:
    def test_fields_in_words(self, meeting):
        meeting.title, meeting.kind, meeting.place = "Visit", "visit", factories.PlaceFactory(name="Baku")
        meeting.summary = "Short."
        meeting.save()
        keep()
        assert compare([tuple(versions(meeting))]) == [
            [
                Difference("Title", "Talks", "Visit", name="title"),
                Difference("Kind", "Talks", "Visit", name="kind"),
                Difference("Place", "", "Baku", name="place"),
                Difference("Summary", "", "Short.", name="summary"),
            ]
        ]

    def test_rows_and_chosen_records(self, meeting):
        ann, ben = meeting.attendances.order_by("pk")
        Attendance.objects.filter(pk=ann.pk).update(note="by video link", role="guest")
        ben.delete()
        factories.AttendanceFactory(meeting=meeting, participant=factories.ParticipantFactory(name="Cem"))
        meeting.topics.add(factories.TopicFactory(label="Prisoners"))
        keep()
        assert compare([tuple(versions(meeting))]) == [
            [
                Difference("Role", "Host", "Guest", row="Attendance “Ann”"),
                Difference("Note", "", "by video link", row="Attendance “Ann”"),
                Difference("Attendance “Ben”", "participant: Ben; order: 2", "", row="taken out"),
                Difference("Attendance “Cem”", "", "participant: Cem; order: 2", row="added"),
                Difference("Topics", "Borders", "Borders; Prisoners"),
            ]
        ]

    def test_long_texts_word_by_word(self):
        article = factories.ArticleFactory(text="He said yes to all of it.")
        keep()
        article.text = "He said no to all of it."
        article.save()
        keep()
        (found,) = compare([tuple(versions(article))])[0]
        assert (found.label, found.pieces) == (
            "Text",
            (
                Piece("same", "He said "),
                Piece("deleted", "yes"),
                Piece("inserted", "no"),
                Piece("same", " to all of it."),
            ),
        )

    def test_what_a_first_version_says(self):
        outlet = factories.OutletFactory(name="Civil Georgia", country="GE", host="civil.ge")
        keep()
        assert compare([(None, versions(outlet)[0])]) == [
            [
                Difference("Status", "", "Published", name="status"),
                Difference("Name", "", "Civil Georgia", name="name"),
                Difference("Country", "", "Georgia", name="country"),
                Difference("Host", "", "civil.ge", name="host"),
            ]
        ]

    def test_a_passage_that_moved_with_its_text(self):
        article = factories.ArticleFactory(text="“Yes”, she said.")
        quotation = factories.QuotationFactory(article=article, exact="“Yes”")
        keep()
        article.text = "Today. “Yes”, she said."
        article.save()
        keep()
        assert compare([tuple(versions(quotation))]) == [[Difference("Place in the text", "0–5", "7–12")]]

    def test_records_that_were_deleted_since(self):
        person = factories.ParticipantFactory(name="Ann", status="draft")
        meeting = factories.MeetingFactory(status="draft")
        row = factories.AttendanceFactory(meeting=meeting, participant=person)
        keep()
        number = person.pk
        row.delete()
        person.delete()
        keep()
        name = f"number {number}, deleted since"
        assert compare([tuple(versions(meeting))]) == [
            [Difference(f"Attendance “{name}”", f"participant: {name}; order: 1", "", row="taken out")]
        ]

    def test_many_pairs_cost_no_more_queries(self, meeting, django_assert_num_queries):
        for n in range(5):
            Meeting.objects.filter(pk=meeting.pk).update(summary=str(n))
            keep()
        found = versions(meeting)
        with django_assert_num_queries(
            4
        ):  # participants, articles, topics; the place is never given, offices neither
            compare([(None, found[0])])
        with django_assert_num_queries(4):
            compare(list(zip([None, *found[:-1]], found, strict=True)))


class TestRestore:
    @pytest.fixture
    def user(self):
        return factories.UserFactory(username="ani")

    @pytest.mark.parametrize("factory", RECORDS.values(), ids=lambda f: f._meta.model.__name__)
    def test_every_noun_gets_its_first_version_back(self, factory, user):
        record = factory()
        keep()
        first = versions(record)[0]
        record.withdrawal_reason = "kept"
        for name in ("name", "title", "label", "attribution"):
            if hasattr(record, name):
                setattr(record, name, "Other")
        record.save()
        keep()
        opened = versions(record)[-1].number
        restored = restore(first, user, opened=opened)
        assert (restored.record, restored.notes) == (record, [])
        last = Version.objects.of(record).select_related("change").first()
        passing = ("version", "updated_at", "updated_by_id", "withdrawal_reason")
        said = [{k: v for k, v in one.fields.items() if k not in passing} for one in (first, last)]
        assert said[0] == said[1]
        assert (last.number, last.change.via, last.change.who, last.fields["withdrawal_reason"]) == (
            opened + 1,
            "restore",
            "ani",
            "kept",
        )

    def test_rows_come_back_under_their_numbers(self, meeting, user):
        first = versions(meeting)[0]
        Attendance.objects.filter(meeting=meeting).first().delete()
        Attendance.objects.filter(meeting=meeting).update(note="changed")
        factories.AttendanceFactory(meeting=meeting, participant=factories.ParticipantFactory(name="Cem"))
        meeting.coverages.all().delete()
        meeting.topics.set([factories.TopicFactory()])
        keep()
        meeting.refresh_from_db()
        restored = restore(first, user, opened=meeting.version, comment="Ben was there.")
        assert restored.notes == []
        last = Version.objects.of(meeting).select_related("change").first()
        assert (last.rows, last.change.comment) == (first.rows, "Ben was there.")

    def test_the_status_stays(self, meeting, user):
        first = versions(meeting)[0]
        meeting.status, meeting.title = Status.PUBLISHED, "Other"
        meeting.save()
        keep()
        restored = restore(first, user, opened=meeting.version)
        assert (restored.record.title, restored.record.status) == ("Talks", "published")

    def test_a_stale_one_changes_nothing(self, meeting, user):
        first = versions(meeting)[0]
        for title in ("Mine", "Theirs"):
            meeting.title = title
            meeting.save()
            keep()
        with pytest.raises(ValidationError) as caught:
            restore(first, user, opened=meeting.version - 1)
        assert caught.value.messages == [
            "Somebody changed this record meanwhile. Nothing was restored; look at it again."
        ]
        meeting.refresh_from_db()
        assert (meeting.title, len(versions(meeting))) == ("Theirs", 3)

    def test_a_deleted_record_comes_back_with_its_rows(self, meeting, user):
        number, first = meeting.pk, versions(meeting)[0]
        meeting.delete()
        keep()
        gone = Version.objects.deleted().get()
        with pytest.raises(ValidationError) as caught:
            restore(gone, user)
        assert caught.value.messages == [
            "This version says that the record was deleted. Restore the one before it."
        ]
        restored = restore(first, user)
        assert (restored.record.pk, restored.record.status, restored.record.version, restored.notes) == (
            number,
            "draft",
            3,
            [],
        )
        last = Version.objects.of(restored.record).first()
        assert (last.number, last.rows) == (3, first.rows)
        assert not Version.objects.deleted().exists()
        restored.record.title = "Goes on"
        restored.record.save()
        assert Meeting.objects.get(pk=number).version == 4

    def test_a_deleted_record_keeps_when_and_by_whom_it_was_created(self, meeting, user):
        author = factories.UserFactory(username="gia")
        Meeting.objects.filter(pk=meeting.pk).update(created_by=author)
        keep()
        created, last = meeting.created_at, versions(meeting)[-1]
        meeting.delete()
        keep()
        record = restore(last, user).record
        assert (record.created_at, record.created_by, record.updated_by) == (created, author, user)
        assert record.updated_at > created

    def test_names_that_traded_places(self, user):
        """What one row holds, the other one held; a name stands once, and so does the preferred one of a language."""
        person = factories.ParticipantFactory()
        first = factories.NameFactory(participant=person, text="Անի", language="hy", preferred=True)
        second = factories.NameFactory(participant=person, text="Աննա", language="hy")
        keep()
        first.text, first.preferred = "x", False
        first.save()
        second.text, second.preferred = "Անի", True
        second.save()
        first.text = "Աննա"
        first.save()
        keep()
        before, after = versions(person)
        for wanted in (before, after):
            opened = versions(person)[-1].number
            restore(wanted, user, opened=opened)
            assert versions(person)[-1].rows == wanted.rows

    def test_a_person_with_names_and_offices(self, user):
        person = factories.ParticipantFactory(name="Ann", status="draft")
        factories.NameFactory(participant=person, text="Անի", language="hy", preferred=True)
        factories.TenureFactory(person=person, period="2020/..")
        keep()
        first = versions(person)[0]
        person.delete()
        keep()
        assert (Name.objects.count(), Tenure.objects.count()) == (0, 0)
        restored = restore(first, user)
        assert Version.objects.of(restored.record).first().rows == first.rows
        assert list(Participant.objects.named("Անի")) == [restored.record]

    def test_what_it_names_may_be_there_no_more(self, user):
        place = factories.PlaceFactory(status="draft")
        meeting = factories.MeetingFactory(place=place, status="draft")
        ann = factories.ParticipantFactory(name="Ann", status="draft")
        row = factories.AttendanceFactory(meeting=meeting, participant=ann)
        topic = factories.TopicFactory(status="draft")
        meeting.topics.add(topic)
        keep()
        first = versions(meeting)[0]
        meeting.place = None
        meeting.save()
        numbers = [place.pk, row.pk, topic.pk]
        row.delete()
        for one in (place, ann, topic):
            one.delete()
        keep()
        meeting.refresh_from_db()
        restored = restore(first, user, opened=meeting.version)
        assert restored.notes == [
            f"“place” is left empty: number {numbers[0]} is there no more.",
            f"Attendance “{numbers[1]}” is left out: its participant is there no more.",
            f"Left out: topic {numbers[2]}, which is there no more.",
        ]
        assert (restored.record.place, restored.record.attendances.count()) == (None, 0)

    def test_a_quotation_needs_its_article(self, user):
        quotation = factories.QuotationFactory(
            status="draft", article=factories.ArticleFactory(status="draft")
        )
        keep()
        first, article = versions(quotation)[0], quotation.article
        quotation.delete()
        article.delete()
        keep()
        with pytest.raises(ValidationError) as caught:
            restore(first, user)
        assert caught.value.messages == [
            f"Its article, number {article.pk or first.fields['article_id']}, is there no more: restore it first."
        ]
        assert not Quotation.objects.exists()

    def test_an_older_text_takes_its_quotations_along(self, user):
        article = factories.ArticleFactory(text="“Yes”, she said.")
        quotation = factories.QuotationFactory(article=article, exact="“Yes”")
        keep()
        first = versions(article)[0]
        article.text = "Today. “Yes”, she said."
        article.save()
        keep()
        restore(first, user, opened=article.version)
        quotation.refresh_from_db()
        assert (quotation.start, quotation.exact) == (0, "“Yes”")

    def test_an_older_text_that_lost_words_is_refused(self, user):
        article = factories.ArticleFactory(text="“Yes”, she said.")
        keep()
        first = versions(article)[0]
        article.text = "“No”, she said."
        article.save()
        factories.QuotationFactory(article=article, exact="“No”")
        keep()
        article.refresh_from_db()
        with pytest.raises(ValidationError) as caught:
            restore(first, user, opened=article.version)
        assert caught.value.messages == [
            "The new text does not hold these recorded words any more: ““No””. Correct them first."
        ]

    def test_words_find_their_place_in_the_text_of_today(self, user):
        article = factories.ArticleFactory(text="“Yes”, she said. “No”, said he.")
        quotation = factories.QuotationFactory(article=article, exact="“Yes”")
        keep()
        first = versions(quotation)[0]
        article.text = f"Today. {article.text}"
        article.save()
        quotation.refresh_from_db()
        quotation.anchor(article.text, "“No”")
        quotation.save()
        keep()
        restored = restore(first, user, opened=quotation.version)
        assert (restored.record.exact, restored.record.start) == ("“Yes”", 7)

    def test_words_that_the_text_of_today_has_not(self, user):
        article = factories.ArticleFactory(text="“Yes”, she said.")
        quotation = factories.QuotationFactory(article=article, exact="“Yes”")
        keep()
        first = versions(quotation)[0]
        quotation.exact, article.text = "“No”", "“No”, she said."
        quotation.start = quotation.end = None
        Quotation.objects.filter(pk=quotation.pk).update(
            exact="“No”", start=0, end=4, prefix="", suffix=", she said."
        )
        type(article).objects.filter(pk=article.pk).update(text="“No”, she said.")
        keep()
        quotation.refresh_from_db()
        with pytest.raises(ValidationError) as caught:
            restore(first, user, opened=quotation.version)
        assert caught.value.messages == [
            "The words of this version do not stand in the text of the article any more."
            " Restore the article’s text first."
        ]
