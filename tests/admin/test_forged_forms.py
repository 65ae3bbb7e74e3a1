"""What no page of the desk sends: numbers of other people's rows, of other nouns, and of nothing. It is refused and changes nothing."""

from typing import Any

import pytest
from django.contrib import admin

from events.admin.base import RecordAdmin
from events.admin.rows import RowFormSet
from events.models import Attendance, Meeting
from tests import factories
from tests.admin.desk import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def meetings():
    """Two meetings with a row each; what a forger could exchange."""
    found = []
    for title in ("Talks", "Summit"):
        meeting = factories.MeetingFactory(title=title, summary="As it was.", status="draft")
        person = factories.ParticipantFactory(name=f"Guest of the {title.lower()}")
        factories.AttendanceFactory(meeting=meeting, participant=person, note="As it was.")
        found.append(meeting)
    return found


def everything() -> Any:
    return (
        list(Meeting.objects.order_by("pk").values_list("title", "summary", "version")),
        list(Attendance.objects.order_by("pk").values_list("pk", "meeting", "note")),
    )


NUMBERS = ["another row", "another noun", "-1", "0", "99999999", "9" * 30, "two", "1\x00", "", None]


@pytest.mark.parametrize("sent", NUMBERS)
@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_row_under_another_number(editor, meetings, sent, is_deleted):
    before = everything()
    address = f"/admin/events/meeting/{meetings[0].pk}/change/"
    number = {
        "another row": str(meetings[1].attendances.get().pk),
        "another noun": str(factories.TopicFactory(pk=777777).pk),
    }.get(str(sent), sent)
    form = {**shown(editor.get(address)), "summary": "Forged.", "attendances-0-note": "Forged."}
    form |= {"attendances-0-DELETE": "on"} if is_deleted else {}
    if number is None:
        del form["attendances-0-id"]
    else:
        form["attendances-0-id"] = number
    response = editor.post(address, form)
    assert (response.status_code, everything()) == (200, before)
    assert "Please correct the error" in response.content.decode()


@pytest.mark.parametrize("owner", ["another", "-1", "two", "1\x00", "9" * 30])
def test_a_row_for_another_owner(editor, meetings, owner):
    before = everything()
    address = f"/admin/events/meeting/{meetings[0].pk}/change/"
    form = shown(editor.get(address))
    form["attendances-0-meeting"] = str(meetings[1].pk) if owner == "another" else owner
    form["attendances-0-note"] = "Forged."
    response = editor.post(address, form)
    assert (response.status_code, everything()) == (200, before)


@pytest.mark.parametrize("number", ["99999999", "-1", "two", "1\x00", "9" * 30])
def test_a_record_under_another_number(editor, meetings, number):
    before = everything()
    form = shown(editor.get(f"/admin/events/meeting/{meetings[0].pk}/change/"))
    response = editor.post(f"/admin/events/meeting/{number}/change/", {**form, "title": "Forged."})
    assert (response.status_code in (302, 404), everything()) == (True, before)


def test_a_form_sent_to_another_record(editor, meetings):
    """Its rows and its version are those of the first: nothing of it is stored."""
    before = everything()
    meetings[1].save()
    form = shown(editor.get(f"/admin/events/meeting/{meetings[0].pk}/change/"))
    response = editor.post(f"/admin/events/meeting/{meetings[1].pk}/change/", {**form, "title": "Forged."})
    after = everything()
    assert (response.status_code, after[0][0], after[0][1][:2], after[1]) == (
        200,
        before[0][0],
        before[0][1][:2],
        before[1],
    )


@pytest.mark.parametrize("prefix", ["TOTAL_FORMS", "INITIAL_FORMS"])
@pytest.mark.parametrize("count", ["-1", "two", "99999999", None])
def test_rows_that_are_miscounted(editor, meetings, prefix, count):
    before = everything()
    address = f"/admin/events/meeting/{meetings[0].pk}/change/"
    form = {**shown(editor.get(address)), "title": "Forged."}
    if count is None:
        del form[f"attendances-{prefix}"]
    else:
        form[f"attendances-{prefix}"] = count
    response = editor.post(address, form)
    assert (response.status_code, everything()) == (200, before)


def test_the_rows_of_all_records_are_checked():
    inlines = {
        inline
        for one in admin.site._registry.values()
        if isinstance(one, RecordAdmin)
        for inline in {*one.inlines, *one.get_inlines(None, object())}
        if inline.can_delete or inline.extra
    }
    assert len(inlines) > 4
    assert {inline.__name__ for inline in inlines if not issubclass(inline.formset, RowFormSet)} == set()


def test_no_list_is_edited_in_place():
    """A list that is edited in place saves past the forms: without what a field was opened with, without a comment, and without the
    page that shows both. A selection is changed by the actions, which show first what they would do."""
    assert {type(one).__name__ for one in admin.site._registry.values() if one.list_editable} == set()


def test_a_list_takes_no_fields(editor, meetings):
    before = everything()
    form = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(meetings[0].pk),
        "form-0-title": "Forged.",
        "_save": "Save",
    }
    response = editor.post("/admin/events/meeting/", form)
    assert (response.status_code, everything()) == (200, before)
