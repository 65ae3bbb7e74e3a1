"""Two editors with one record open: the second save stores nothing, and nothing of the first is lost by a third."""

from typing import Any

import psycopg
import pytest
from django.db import OperationalError

from events.admin.conflicts import Difference
from events.models import Attendance, Meeting, Name, Quotation
from tests import factories
from tests.admin.desk import change, errors, rows, shown, staff

pytestmark = pytest.mark.django_db

TEXT = "One. “First words”, said she.\nTwo. “Second words”, said he."


@pytest.fixture
def meeting():
    record = factories.MeetingFactory(title="Talks", summary="First.\nSecond line.", held_on="2023")
    for position, name in enumerate(("Ann", "Ben"), 1):
        factories.AttendanceFactory(
            meeting=record, participant=factories.ParticipantFactory(name=name), position=position
        )
    return record


class Opened:
    """A record's form as one editor has it open."""

    def __init__(self, client: Any, record: Any) -> None:
        self.client = client
        self.address = f"/admin/events/{record._meta.model_name}/{record.pk}/change/"
        self.response = client.get(self.address)

    def save(self, **changes: Any) -> Any:
        """Send what the form shows with these changes. True when stored; else what stands in the table of both."""
        self.response = self.client.post(self.address, {**shown(self.response), **changes})
        return self.response.status_code == 302 or self.response.context["conflict"]


def test_the_second_save_changes_nothing_and_shows_both(editor, client, meeting):
    mine = Opened(editor, meeting)
    theirs = staff("Editor")
    client.force_login(theirs)
    change(client, meeting, summary="Theirs.")
    assert mine.save(summary="Mine.") == [Difference("Summary", "Mine.", "Theirs.")]
    assert errors(mine.response) == {
        "__all__": [
            f"{theirs} saved this record after you opened it. Nothing of yours is stored yet. The form now shows their"
            " changes beside yours; where you both changed the same, it keeps yours. Look it through and save again."
        ]
    }
    meeting.refresh_from_db()
    assert meeting.summary == "Theirs."
    assert mine.save() is True
    meeting.refresh_from_db()
    assert meeting.summary == "Mine."


def test_fields_that_only_the_other_changed_are_kept(editor, meeting):
    mine = Opened(editor, meeting)
    topic = factories.TopicFactory()
    change(editor, meeting, held_on="2024", summary="Theirs.", topics=[topic.pk])
    assert mine.save(title="Mine") == []
    assert mine.save() is True
    meeting.refresh_from_db()
    found = (meeting.title, meeting.held_on, meeting.summary, list(meeting.topics.all()))
    assert found == ("Mine", "2024", "Theirs.", [topic])


def test_three_saves_in_a_row_each_meet_the_one_before(editor, meeting):
    first, second, third = (Opened(editor, meeting) for _ in range(3))
    assert first.save(title="First") is True
    assert second.save(summary="Second") == []
    assert third.save(kind="visit") == []
    assert second.save() is True
    assert third.save() == []
    assert third.save() is True
    meeting.refresh_from_db()
    assert (meeting.title, meeting.summary, meeting.kind) == ("First", "Second", "visit")


def test_rows_that_only_the_other_changed_are_kept(editor, meeting):
    mine = Opened(editor, meeting)
    change(editor, meeting, **{"attendances-0-note": "by video link"})
    assert mine.save(title="Mine") == []
    assert mine.save() is True
    assert list(meeting.attendances.order_by("pk").values_list("note", flat=True)) == ["by video link", ""]


def test_rows_of_both_are_kept_or_shown(editor, meeting):
    mine = Opened(editor, meeting)
    change(editor, meeting, **{"attendances-0-note": "theirs", "attendances-1-note": "theirs"})
    assert mine.save(**{"attendances-0-title": "mine", "attendances-1-note": "mine"}) == [
        Difference("Attendance “Ben”: Note", "mine", "theirs")
    ]
    assert mine.save() is True
    assert list(meeting.attendances.values_list("title", "note").order_by("position")) == [
        ("mine", "theirs"),
        ("", "mine"),
    ]


def test_a_new_row_of_each(editor, meeting):
    people = [factories.ParticipantFactory(name=name) for name in ("Cem", "Dan")]
    mine = Opened(editor, meeting)
    theirs = Opened(editor, meeting)
    new = [rows("attendances", shown(mine.response), {"participant": person.pk}) for person in people]
    assert theirs.save(**new[0]) is True
    assert mine.save(**new[1]) == [Difference("Attendance “Cem”", "", "added")]
    assert mine.save() is True
    assert [(str(row), row.position) for row in meeting.attendances.for_list()] == [
        ("Ann", 1),
        ("Ben", 2),
        ("Cem", 3),
        ("Dan", 4),
    ]


def test_a_row_that_the_other_deleted_stays_deleted(editor, meeting):
    untouched, touched = Opened(editor, meeting), Opened(editor, meeting)
    change(editor, meeting, **{"attendances-0-DELETE": "on"})
    assert untouched.save(title="Mine") == []
    assert untouched.save() is True
    assert touched.save(**{"attendances-0-note": "mine", "attendances-1-note": "mine"}) == [
        Difference("Attendance “row 1”", "changed by you", "deleted")
    ]
    assert touched.save() is True
    assert [(str(row), row.note) for row in Attendance.objects.all()] == [("Ben", "mine")]
    assert Meeting.objects.get().title == "Mine"


def test_names_of_a_participant(editor):
    person = factories.ParticipantFactory(name="Ann")
    mine = Opened(editor, person)
    change(editor, person, **{"names-0-language": "fr"})
    assert mine.save(description="Mine.") == []
    assert mine.save() is True
    assert Name.objects.get(participant=person, language="fr").text == "Ann"


def test_a_source_added_on_one_page_is_noticed_on_the_other(editor, meeting):
    article = factories.ArticleFactory(text=TEXT)
    mine = Opened(editor, article)
    theirs = Opened(editor, meeting)
    assert theirs.save(**rows("coverages", shown(theirs.response), {"article": article.pk})) is True
    assert mine.save(title="Mine") == []
    assert mine.save() is True
    assert [str(one.meeting) for one in article.coverages.all()] == ["Talks"]


@pytest.fixture
def article():
    record = factories.ArticleFactory(text=TEXT, rights="excerpts")
    for words in ("“First words”", "“Second words”"):
        factories.QuotationFactory(article=record, exact=words, attribution="said")
    return record


def test_a_text_that_only_the_other_changed_is_kept_with_its_passages(editor, article):
    mine = Opened(editor, article)
    change(editor, article, text=f"Zero.\n{TEXT}")
    assert mine.save(title="Mine") == []
    assert mine.save() is True
    article.refresh_from_db()
    assert (article.title, article.text) == ("Mine", f"Zero.\n{TEXT}")
    assert [(one.start, one.exact) for one in article.quotations.order_by("start")] == [
        (11, "“First words”"),
        (41, "“Second words”"),
    ]


def test_a_quotation_changed_on_its_own_page_is_not_overwritten(editor, article):
    mine = Opened(editor, article)
    quotation = Quotation.objects.get(exact="“First words”")
    change(editor, quotation, attribution="theirs", form="partial")
    assert mine.save(**{"quotations-0-attribution": "mine"}) == [
        Difference("Quotation ““First words””: Attribution", "mine", "theirs")
    ]
    assert Quotation.objects.get(pk=quotation.pk).attribution == "theirs"
    assert mine.save() is True
    quotation.refresh_from_db()
    assert (quotation.attribution, quotation.form) == ("mine", "partial")


def test_an_unchanged_form_changes_nothing(editor, article, meeting):
    factories.QuotationFactory(article=article, exact="said she.\nTwo.")
    versions = {record.pk: record.version for record in Quotation.objects.all()}
    for record in (article, meeting):
        assert Opened(editor, record).save() is True
    assert {record.pk: record.version for record in Quotation.objects.all()} == versions
    article.refresh_from_db()
    meeting.refresh_from_db()
    assert (article.text, meeting.summary) == (TEXT, "First.\nSecond line.")


def test_what_was_chosen_stays_after_any_refusal(editor, article):
    topic = factories.TopicFactory()
    mine = Opened(editor, article)
    assert mine.save(**{"quotations-0-topics": [topic.pk], "quotations-0-language": "bogus-bogus"}) == []
    assert mine.save(**{"quotations-0-language": "fr"}) is True
    quotation = Quotation.objects.get(exact="“First words”")
    assert (list(quotation.topics.all()), quotation.language) == ([topic], "fr")


def test_a_ticked_box_stays_after_a_conflict(editor):
    person = factories.ParticipantFactory(name="Ann")
    mine = Opened(editor, person)
    change(editor, person, description="Theirs.")
    assert mine.save(**{"names-0-preferred": "on"}) == []
    assert mine.save() is True
    person.refresh_from_db()
    assert (person.description, person.names.get().preferred) == ("Theirs.", True)


def test_a_box_that_both_ticked_or_not(editor):
    person = factories.ParticipantFactory(name="Ann")
    mine, theirs = Opened(editor, person), Opened(editor, person)
    assert theirs.save(**{"names-0-preferred": "on", "names-0-valid": "2023"}) is True
    assert mine.save(**{"names-0-kind": "alias", "names-0-valid": "2024"}) == [
        Difference("Name “Ann”: Valid", "2024", "2023")
    ]
    assert mine.save() is True
    name = person.names.get()
    assert (name.preferred, name.kind, name.valid) == (True, "alias", "2024")


@pytest.mark.parametrize("touched", [False, True])
def test_a_quotation_that_is_there_no_more(editor, article, touched):
    Quotation.objects.filter(exact="“First words”").update(status="draft")
    gone = factories.QuotationFactory(article=article, exact="said she", status="draft")
    mine = Opened(editor, article)
    Quotation.objects.filter(pk=gone.pk).delete()
    changes = {"quotations-1-attribution": "mine", "quotations-2-attribution": "mine"} if touched else {}
    expected = [Difference("Quotation “row 2”", "changed by you", "deleted")] if touched else []
    assert mine.save(title="Mine", **changes) == expected
    assert mine.save() is True
    article.refresh_from_db()
    attributions = list(article.quotations.order_by("start").values_list("exact", "attribution"))
    last = "mine" if touched else "said"
    assert (article.title, attributions) == (
        "Mine",
        [("“First words”", "said"), ("“Second words”", last)],
    )


def test_a_meeting_that_is_there_no_more(editor, article):
    kept = factories.CoverageFactory(article=article)
    draft = factories.MeetingFactory(status="draft")
    factories.CoverageFactory(article=article, meeting=draft)
    mine = Opened(editor, article)
    draft.delete()
    assert mine.save(title="Mine", **{"coverages-0-stance": "contradicts"}) == []
    assert mine.save() is True
    kept.refresh_from_db()
    assert (kept.stance, article.coverages.count()) == ("contradicts", 1)


def test_errors_about_a_text_that_was_replaced_are_gone(editor, article):
    mine = Opened(editor, article)
    change(editor, article, text=TEXT.replace("First", "Other"), **{"quotations-0-exact": "“Other words”"})
    assert mine.save(**{"quotations-1-attribution": "mine"}) == []
    assert set(errors(mine.response)) == {"__all__"}
    assert mine.save() is True
    found = [(one.exact, one.attribution) for one in article.quotations.order_by("start")]
    assert found == [("“Other words”", "said"), ("“Second words”", "mine")]


def test_a_deadlock_is_tried_once_more(editor, meeting, monkeypatch):
    save, failed = Meeting.save, []

    def fail_once(self, *args, **kwargs):
        if not failed:
            failed.append(True)
            raise OperationalError("deadlock detected") from psycopg.errors.DeadlockDetected()
        save(self, *args, **kwargs)

    monkeypatch.setattr(Meeting, "save", fail_once)
    assert Opened(editor, meeting).save(title="Mine") is True
    meeting.refresh_from_db()
    assert (meeting.title, failed) == ("Mine", [True])
