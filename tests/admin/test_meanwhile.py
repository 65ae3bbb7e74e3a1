"""What became of a record while its form was open: moved, merged, deleted, changed by other ways than its form, or by the same form sent twice."""

import io
from typing import Any

import pytest
from django.db import connection

from events.admin.conflicts import Difference
from events.editing import bulk, importers, merging, versions, workflow
from events.models import Meeting, Quotation, Version
from tests import factories
from tests.admin.desk import change, errors, rows, shown, staff
from tests.admin.test_conflicts import TEXT, Opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return staff("Editor", "Reviewer")


@pytest.fixture
def meeting():
    record = factories.MeetingFactory(title="Talks", summary="First.", status="draft")
    for position, name in enumerate(("Ann", "Ben"), 1):
        factories.AttendanceFactory(
            meeting=record, participant=factories.ParticipantFactory(name=name), position=position
        )
    return record


@pytest.fixture
def quotation():
    article = factories.ArticleFactory(text=TEXT, rights="excerpts")
    return factories.QuotationFactory(
        article=article, exact="“First words”", attribution="said", speaker=None
    )


# Ways of changing a quotation that leave the version of its article as it is.


def by_the_shell(quotation: Quotation, user: Any) -> None:
    quotation.attribution = "theirs"
    quotation.save()


def by_an_action(quotation: Quotation, user: Any) -> None:
    step = bulk.Tag([factories.TopicFactory()], add=True)
    assert bulk.store(step, [(Quotation, quotation.pk, quotation.version)], user).refused == []


def by_a_move(quotation: Quotation, user: Any) -> None:
    workflow.move(Quotation, quotation.pk, quotation.version, "withdrawn", user, "Recorded twice.")


def by_restoring(quotation: Quotation, user: Any) -> None:
    connection.check_constraints()
    quotation.attribution = "newer"
    quotation.save()
    connection.check_constraints()
    versions.restore(Version.objects.of(quotation).last(), user, opened=quotation.version)


def by_a_merge(quotation: Quotation, user: Any) -> None:
    one, other = (factories.ParticipantFactory() for _ in range(2))
    Quotation.objects.filter(pk=quotation.pk).update(speaker=other)
    merging.merge(one, other, {}, user)


def by_a_table(quotation: Quotation, user: Any) -> None:
    table = (
        f"record,article,words,attribution\n#{quotation.pk},#{quotation.article_id},“First words”,theirs\n"
    )
    sheet = importers.read(io.BytesIO(table.encode()), "quotations.csv")
    assert importers.import_table(sheet, "quotations", importers.Options(user=user)).stored


WAYS = (by_the_shell, by_an_action, by_a_move, by_restoring, by_a_merge, by_a_table)


def said(quotation: Quotation) -> tuple[Any, ...]:
    stored = Quotation.objects.get(pk=quotation.pk)
    return stored.attribution, stored.speaker, stored.status, stored.exact, set(stored.topics.all())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", [None, f"Zero.\n{TEXT}"])
def test_a_quotation_changed_by_any_way_is_not_written_with_the_article(
    editor, reviewer, quotation, way, text
):
    """Its row on the article's form was opened with older values. Left alone, it must not come back with them."""
    mine = Opened(editor, quotation.article)
    way(quotation, reviewer)
    connection.check_constraints()
    theirs = said(quotation)
    changes = {"title": "Mine"} if text is None else {"title": "Mine", "text": text}
    if mine.save(**changes) is not True:
        assert said(quotation) == theirs
        assert mine.save() is True
    quotation.article.refresh_from_db()
    assert (quotation.article.title, said(quotation)) == ("Mine", theirs)
    quotation.refresh_from_db()
    assert quotation.article.text[quotation.start : quotation.end] == "“First words”"


def test_a_row_of_an_article_that_both_changed_is_asked(editor, reviewer, quotation):
    mine = Opened(editor, quotation.article)
    by_the_shell(quotation, reviewer)
    both = [Difference("Quotation ““First words””: Attribution", "said", "mine", "theirs")]
    assert mine.save(**{"quotations-0-attribution": "mine"}) == both
    assert mine.choose("theirs") is True
    assert said(quotation)[0] == "theirs"


def test_the_status_is_told(editor, reviewer, meeting):
    connection.check_constraints()
    mine = Opened(editor, meeting)
    workflow.move(Meeting, meeting.pk, meeting.version, "withdrawn", reviewer, "Recorded twice.")
    assert mine.save(summary="Mine.") == []
    assert (mine.conflict.theirs, mine.conflict.mine) == (
        [Difference("Status", "Draft", "Draft", "Withdrawn")],
        ["Summary"],
    )
    assert mine.save() is True
    meeting.refresh_from_db()
    assert (meeting.status, meeting.withdrawal_reason, meeting.summary) == (
        "withdrawn",
        "Recorded twice.",
        "Mine.",
    )


def test_a_merged_record_takes_nothing_any_more(editor, reviewer, meeting):
    kept = factories.MeetingFactory(title="The talks", status="draft")
    mine = Opened(editor, meeting)
    merging.merge(kept, meeting, {}, reviewer)
    told = (
        f'This record was merged into <a href="/admin/events/meeting/{kept.pk}/change/">The talks</a>. Nothing was saved: make your'
        " change there."
    )
    for _time in range(2):
        mine.save(summary="Mine.")
        assert errors(mine.response) == {"__all__": [told]}
        assert shown(mine.response)["summary"] == "Mine."
    meeting.refresh_from_db()
    assert meeting.summary == "First."


def test_a_deleted_record_leads_to_where_it_can_be_restored(editor, meeting):
    mine = Opened(editor, meeting)
    connection.check_constraints()
    number = meeting.pk
    meeting.delete()
    connection.check_constraints()
    answer = editor.post(mine.address, {**shown(mine.response), "summary": "Mine."}, follow=True)
    assert answer.redirect_chain == [(f"/admin/events/meeting/{number}/history/1/", 302)]
    (message,) = map(str, answer.context["messages"])
    assert message.endswith(
        "deleted “Talks” meanwhile. Here it can be restored; its form then offers what you have typed."
    )
    assert not Meeting.objects.exists()


def test_a_form_that_is_sent_twice(editor, meeting):
    """A double click: the browser shows the answer to the second of two equal requests."""
    opened = Opened(editor, meeting)
    new = rows(
        "attendances", shown(opened.response), {"participant": factories.ParticipantFactory(name="Cem").pk}
    )
    for _time in range(2):
        answer = editor.post(opened.address, {**new, "summary": "Mine."})
    opened.response = answer
    assert errors(answer)["__all__"] == [
        "You saved this record after you opened this form, in another window or with a second click. Nothing of this form is stored"
        " yet. What one of the two alone changed is put together below; look it through, choose where both changed the same, and save"
        " again."
    ]
    assert (opened.conflict.both, opened.conflict.mine, opened.conflict.theirs) == (
        [],
        [],
        [Difference("Attendance “Cem”", None, "", "added")],
    )
    version = Meeting.objects.get().version
    assert opened.save() is True
    assert [str(row) for row in meeting.attendances.order_by("position")] == ["Ann", "Ben", "Cem"]
    assert (meeting.summary, Meeting.objects.get().summary, version) == ("First.", "Mine.", 2)


def test_a_quotation_that_both_added_stands_there_once(editor, quotation):
    article = quotation.article
    first, second = Opened(editor, article), Opened(editor, article)
    new = rows("quotations", shown(first.response), {"exact": "Second words", "attribution": "said he"})
    assert first.save(**new) is True
    assert second.save(**{**new, "title": "Mine"}) == []
    assert second.save() is True
    article.refresh_from_db()
    assert (article.title, [one.exact for one in article.quotations.order_by("start")]) == (
        "Mine",
        ["“First words”", "“Second words”"],
    )


def test_a_row_of_the_other_comes_into_the_form_where_it_stands(editor, meeting):
    """Also into a table in which the editor is at work: below the others, and what was typed keeps its row."""
    mine = Opened(editor, meeting)
    cem, dan = (factories.ParticipantFactory(name=name) for name in ("Cem", "Dan"))
    change(
        editor,
        meeting,
        **rows(
            "attendances",
            shown(Opened(editor, meeting).response),
            {"participant": cem.pk, "position": "0", "note": "theirs"},
        ),
    )
    new = rows("attendances", shown(mine.response), {"participant": dan.pk, "note": "mine"})
    assert mine.save(**{**new, "attendances-1-note": "Ben’s"}) == []
    data = shown(mine.response)
    assert data["attendances-INITIAL_FORMS"] == "3"
    names = {
        str(one.pk): one.name for one in (cem, dan, *(row.participant for row in meeting.attendances.all()))
    }
    found = [
        (names[data[f"attendances-{number}-participant"]], data[f"attendances-{number}-note"])
        for number in range(4)
    ]
    assert found == [("Ann", ""), ("Ben", "Ben’s"), ("Cem", "theirs"), ("Dan", "mine")]
    titles = [form.original for form in mine.response.context["inline_admin_formsets"][0] if form.original]
    assert list(map(str, titles)) == ["Ann", "Ben", "Cem"]
    assert mine.save(**{"attendances-2-note": "ours"}) is True
    assert {str(row): row.note for row in meeting.attendances.all()} == {
        "Ann": "",
        "Ben": "Ben’s",
        "Cem": "ours",
        "Dan": "mine",
    }
