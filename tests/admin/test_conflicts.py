"""Two editors with one record open: the second save stores nothing, and nothing of the first is lost by a third."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client

from events.admin.conflicts import Comparison, Difference
from events.differences import Piece
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
        return self.response.status_code == 302 or (self.conflict.both if self.conflict else [])

    @property
    def conflict(self) -> Comparison | None:
        return self.response.context["conflict"]

    def choose(self, *sides: str, **changes: Any) -> Any:
        """Choose for each field that both changed, in the order of the page, and send the form."""
        names = [one.name for one in self.conflict.open]
        chosen = zip(names, sides, strict=True)
        return self.save(**{f"choose-{name}": side for name, side in chosen}, **changes)


def test_the_second_save_changes_nothing_and_shows_all_three(editor, meeting):
    mine = Opened(editor, meeting)
    theirs, other = staff("Editor", "Reviewer"), Client()
    other.force_login(theirs)
    change(other, meeting, title="Their title", summary="Theirs.", state="cancelled")
    assert mine.save(title="My title", summary="Mine.", held_on="2024") == [
        Difference("Title", "Talks", "My title", "Their title"),
        Difference("Summary", "First.\nSecond line.", "Mine.", "Theirs."),
    ]
    assert (mine.conflict.theirs, mine.conflict.merged, mine.conflict.mine) == (
        [Difference("State", "Held", "Held", "Cancelled")],
        [],
        ["Date"],
    )
    assert errors(mine.response) == {
        "__all__": [
            f"{theirs} saved this record after you opened it. Nothing of this form is stored yet. What one of the two alone changed"
            " is put together below; look it through, choose where both changed the same, and save again."
        ]
    }
    assert stored(meeting) == ("Their title", "2023", "Theirs.", "cancelled")
    assert mine.choose("mine", "theirs") is True
    assert stored(meeting) == ("My title", "2024", "Theirs.", "cancelled")


def stored(meeting: Meeting) -> tuple[Any, ...]:
    return Meeting.objects.values_list("title", "held_on", "summary", "state").get(pk=meeting.pk)


def test_nothing_is_chosen_for_the_editor(editor, meeting):
    mine = Opened(editor, meeting)
    change(editor, meeting, title="Their title", summary="Theirs.")
    both = mine.save(title="My title", summary="Mine.")
    assert 'type="radio" name="choose-title" value="mine">' in mine.response.content.decode()
    assert mine.save() == both
    assert errors(mine.response) == {
        name: ["You both changed this. Choose above whose it shall be, or change it."]
        for name in ("title", "summary")
    }
    assert mine.save(**{"choose-title": "theirs"}) == both[1:]  # one is decided, the other waits
    assert shown(mine.response)["title"] == "Their title"
    assert mine.save(**{"choose-summary": "nobody"}) == both[1:]
    assert stored(meeting)[::2] == ("Their title", "Theirs.")
    assert mine.choose("mine") is True
    assert stored(meeting)[::2] == ("Their title", "Mine.")


def test_changing_the_field_decides_too(editor, meeting):
    mine = Opened(editor, meeting)
    change(editor, meeting, title="Their title", summary="Theirs.")
    both = mine.save(title="My title", summary="Mine.")
    assert mine.choose("theirs", "theirs", title="Our title") == [replace(both[0], mine="Our title")]
    assert errors(mine.response) == {
        "title": ["You chose theirs and changed the field, too. Choose “yours” to keep what it says now."]
    }
    assert mine.save(title="Ours") is True
    assert stored(meeting)[::2] == ("Ours", "Theirs.")


def test_what_changes_again_is_asked_again(editor, meeting):
    mine = Opened(editor, meeting)
    change(editor, meeting, title="Second", summary="Second.")
    assert mine.save(title="Mine", summary="Mine.") != []
    change(editor, meeting, title="Third")
    assert mine.choose("theirs", "theirs") == [Difference("Title", "Talks", "Mine", "Third")]
    assert mine.conflict.theirs == []
    assert mine.choose("theirs") is True
    assert stored(meeting)[::2] == ("Third", "Second.")


def test_lines_that_each_changed_alone_are_put_together(editor, meeting):
    mine = Opened(editor, meeting)
    change(editor, meeting, summary="First.\nTheir second line.\nTheir third.")
    assert mine.save(summary="My first.\nSecond line.") == []
    merged = "My first.\nTheir second line.\nTheir third."
    assert mine.conflict.merged == [
        Difference("Summary", "First.\nSecond line.", merged, "First.\nTheir second line.\nTheir third.")
    ]
    assert stored(meeting)[2] == "First.\nTheir second line.\nTheir third."
    assert mine.save() is True
    assert stored(meeting)[2] == merged


def test_relations_and_choices_are_shown_in_words(editor, meeting):
    places = [factories.PlaceFactory(name=name) for name in ("Baku", "Tbilisi", "Yerevan")]
    topics = [factories.TopicFactory(label=label) for label in ("Borders", "Peace", "Trade")]
    change(editor, meeting, place=places[0].pk, topics=[topics[0].pk])
    mine = Opened(editor, meeting)
    change(editor, meeting, place=places[1].pk, topics=[topics[0].pk, topics[1].pk], kind="summit")
    assert mine.save(place=places[2].pk, topics=[topics[2].pk], kind="visit") == [
        Difference("Kind", "Talks", "Visit", "Summit"),
        Difference("Place", "Baku", "Yerevan", "Tbilisi"),
        Difference("Topics", "Borders", "Trade", "Borders, Peace"),
    ]
    assert mine.choose("theirs", "mine", "theirs") is True
    meeting.refresh_from_db()
    found = (meeting.kind, meeting.place, list(meeting.topics.order_by("pk")))
    assert found == ("summit", places[2], topics[:2])


@pytest.mark.parametrize("sent", [None, "", "0", "-1", "99999", "9" * 40, "two", "1\x00", "1.5"])
def test_a_form_that_does_not_say_its_version_changes_nothing(editor, meeting, sent):
    mine = Opened(editor, meeting)
    sending = {**shown(mine.response), "summary": "Mine.", "opened_version": sent}
    if sent is None:
        del sending["opened_version"]
    mine.response = editor.post(mine.address, sending)
    assert errors(mine.response) == {
        "__all__": [
            "This form does not say which version of the record it was opened with. Nothing of yours is stored yet. Look it"
            " through and save again."
        ]
    }
    assert stored(meeting)[2] == "First.\nSecond line."
    assert mine.save() is True
    assert stored(meeting)[2] == "Mine."


def test_a_form_without_what_it_was_opened_with_is_asked_field_by_field(editor, meeting):
    mine = Opened(editor, meeting)
    sending = {name: value for name, value in shown(mine.response).items() if not name.startswith("initial-")}
    change(editor, meeting, summary="Theirs.")
    mine.response = editor.post(mine.address, {**sending, "title": "Mine"})
    assert mine.conflict.both == [
        Difference("Title", None, "Mine", "Talks"),
        Difference("Summary", None, "First.\nSecond line.", "Theirs."),
    ]
    assert stored(meeting)[::2] == ("Talks", "Theirs.")


@pytest.mark.parametrize("marker", ["", "x", "1", "-1.a.b", "99999999999.a.b", "1.a.b\x00", "."])
def test_a_forged_marker_is_no_choice(editor, meeting, marker):
    mine = Opened(editor, meeting)
    change(editor, meeting, title="Theirs")
    assert mine.save(title="Mine") != []
    mine.save(**{"differs-title": marker, "choose-title": "theirs"})
    # Either it is no marker, and the form says what it says; or it is one of something else, and is asked again.
    assert stored(meeting)[0] in ("Mine", "Theirs")
    if mine.response.status_code == 200:
        assert errors(mine.response) == {
            "title": ["It was changed once more meanwhile. Look again, and choose."]
        }


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
    both = [Difference("Attendance “Ben”: Note", "", "mine", "theirs")]
    assert mine.save(**{"attendances-0-title": "mine", "attendances-1-note": "mine"}) == both
    assert mine.conflict.theirs == [Difference("Attendance “Ann”: Note", "", "", "theirs")]
    assert mine.save() == both
    assert errors(mine.response) == {
        "attendances-1-note": ["You both changed this. Choose above whose it shall be, or change it."]
    }
    assert mine.choose("mine") is True
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
    assert mine.save(**new[1]) == []
    assert mine.conflict.theirs == [Difference("Attendance “Cem”", None, "", "added")]
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
    assert untouched.conflict.theirs == [Difference("Attendance “Ann”", None, "", "deleted")]
    assert untouched.save() is True
    assert touched.save(**{"attendances-0-note": "mine", "attendances-1-note": "mine"}) == [
        Difference("Attendance “Ann”", None, "Note: mine", "deleted")
    ]
    assert touched.save() is True
    assert [(str(row), row.note) for row in Attendance.objects.all()] == [("Ben", "mine")]
    assert Meeting.objects.get().title == "Mine"


@pytest.mark.parametrize(("side", "kept"), [("mine", ["Ben"]), ("theirs", ["Ann", "Ben"])])
def test_a_row_that_the_other_changed_is_not_deleted_unseen(editor, meeting, side, kept):
    mine = Opened(editor, meeting)
    change(editor, meeting, **{"attendances-0-note": "by video link"})
    both = [Difference("Attendance “Ann”", None, "deleted", "Note: by video link")]
    assert mine.save(**{"attendances-0-DELETE": "on"}) == both
    assert mine.save(**{"attendances-0-DELETE": "on"}) == both
    assert errors(mine.response) == {
        "__all__": [
            "You want to delete a row that somebody else has changed. Choose above whether it shall go."
        ]
    }
    assert mine.choose(side, **{"attendances-0-DELETE": "on"}) is True
    assert [str(row) for row in meeting.attendances.order_by("position")] == kept
    assert [row.note for row in meeting.attendances.filter(position=1)] == ["by video link"][: len(kept) - 1]


def test_a_row_whose_number_changes_keeps_its_choice(editor, meeting):
    mine = Opened(editor, meeting)
    change(editor, meeting, **{"attendances-0-DELETE": "on", "attendances-1-note": "theirs"})
    assert mine.save(**{"attendances-0-note": "mine", "attendances-1-note": "mine"}) == [
        Difference("Attendance “Ben”: Note", "", "mine", "theirs"),
        Difference("Attendance “Ann”", None, "Note: mine", "deleted"),
    ]
    assert mine.choose("theirs") is True
    assert [(str(row), row.note) for row in meeting.attendances.all()] == [("Ben", "theirs")]


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


LONG = "\n".join(
    f"Paragraph {number} of a text that is long enough to be told by its words." for number in range(9)
)


def test_both_changed_a_text_in_different_paragraphs(editor):
    """Of a text the page carries a digest alone: what it was opened with comes from the history."""
    article = factories.ArticleFactory(text=LONG)
    factories.QuotationFactory(article=article, exact="Paragraph 7")
    mine = Opened(editor, article)
    change(editor, article, text=LONG.replace("Paragraph 8", "Absatz 8"))
    assert mine.save(text=LONG.replace("Paragraph 0", "Zero\nParagraph 0")) == []
    merged = LONG.replace("Paragraph 0", "Zero\nParagraph 0").replace("Paragraph 8", "Absatz 8")
    assert [one.mine for one in mine.conflict.merged] == [merged]
    assert mine.conflict.merged[0].against_theirs == [
        Piece("inserted", "Zero\n"),
        Piece("same", "Paragraph 0 of a text that is long enough to be told by its "),
        Piece("left out"),
    ]
    assert mine.save() is True
    article.refresh_from_db()
    assert (article.text, article.quotations.get().exact) == (merged, "Paragraph 7")


def test_both_changed_one_paragraph_of_a_text(editor):
    article = factories.ArticleFactory(text=LONG)
    mine = Opened(editor, article)
    change(editor, article, text=LONG.replace("Paragraph 4", "Absatz 4"))
    texts = [LONG.replace("Paragraph 4", word) for word in ("Paragraph 4", "Four", "Absatz 4")]
    assert mine.save(text=texts[1]) == [Difference("Text", *texts)]
    (one,) = mine.conflict.both
    assert [piece for piece in one.changed_by_me if piece.kind in ("inserted", "deleted")] == [
        Piece("deleted", "Paragraph 4"),
        Piece("inserted", "Four"),
    ]
    assert [piece for piece in one.changed_by_them if piece.kind in ("inserted", "deleted")] == [
        Piece("deleted", "Paragraph"),
        Piece("inserted", "Absatz"),
    ]
    change(editor, article, title="Changed meanwhile")
    assert mine.choose("theirs") == []  # what was chosen has not changed since
    assert mine.save() is True
    article.refresh_from_db()
    assert (article.text, article.title) == (texts[2], "Changed meanwhile")


def test_a_text_that_the_history_does_not_know(editor):
    article = factories.ArticleFactory(text=LONG)
    mine = Opened(editor, article)
    change(editor, article, text=LONG.replace("Paragraph 4", "Absatz 4"))
    sent = LONG.replace("Paragraph 0", "Null")
    assert mine.save(text=sent, **{"initial-text": "sha256:0"}) == [
        Difference("Text", None, sent, LONG.replace("Paragraph 4", "Absatz 4"))
    ]
    assert mine.choose("theirs") is True
    article.refresh_from_db()
    assert article.text == LONG.replace("Paragraph 4", "Absatz 4")


def test_words_that_do_not_stand_in_a_chosen_text_are_refused(editor, article):
    mine = Opened(editor, article)
    change(editor, article, text=TEXT.replace("said he", "he said"))
    assert len(mine.save(text=TEXT.replace("Two. “Second words”, said he.", "Two."))) == 1
    assert mine.choose("mine") == []
    assert errors(mine.response) == {
        "quotations-1-exact": [
            "These words no longer stand in the text. Correct them, or withdraw the quotation."
        ]
    }
    article.refresh_from_db()
    assert article.text == TEXT.replace("said he", "he said")


def test_a_quotation_changed_on_its_own_page_is_not_overwritten(editor, article):
    mine = Opened(editor, article)
    quotation = Quotation.objects.get(exact="“First words”")
    change(editor, quotation, attribution="theirs", form="partial")
    assert mine.save(**{"quotations-0-attribution": "mine"}) == [
        Difference("Quotation ““First words””: Attribution", "said", "mine", "theirs")
    ]
    assert Quotation.objects.get(pk=quotation.pk).attribution == "theirs"
    assert mine.choose("mine") is True
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
    assert mine.conflict is None
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
        Difference("Name “Ann”: Valid", "", "2024", "2023")
    ]
    assert mine.choose("mine") is True
    name = person.names.get()
    assert (name.preferred, name.kind, name.valid) == (True, "alias", "2024")


@pytest.mark.parametrize("touched", [False, True])
def test_a_quotation_that_is_there_no_more(editor, article, touched):
    Quotation.objects.filter(exact="“First words”").update(status="draft")
    gone = factories.QuotationFactory(article=article, exact="said she", status="draft")
    mine = Opened(editor, article)
    Quotation.objects.filter(pk=gone.pk).delete()
    changes = {"quotations-1-attribution": "mine", "quotations-2-attribution": "mine"} if touched else {}
    expected = [Difference("Quotation “said she”", None, "Attribution: mine", "deleted")] if touched else []
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
