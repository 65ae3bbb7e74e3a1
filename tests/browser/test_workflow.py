"""An editor sends a record to review and a reviewer publishes it with what it rests on, by the keyboard alone."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Browser, Page

from events.models import Meeting, Participant, Place
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def staff(name: str, *actions: str) -> Any:
    """Somebody with these rights for all records; the groups are gone where a test empties the tables."""
    user = factories.UserFactory(username=name, is_staff=True)
    rights = Permission.objects.filter(content_type__app_label="events")
    for action in actions:
        user.user_permissions.add(*rights.filter(codename__startswith=f"{action}_"))
    return user


def sign_in(page: Page, name: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("password")
    page.keyboard.press("Enter")
    page.get_by_text(name, exact=True).wait_for()


def reach(page: Page, role: str, name: str) -> None:
    """Reach a control by a few steps of the tabulator."""
    wanted = page.get_by_role(role, name=name, exact=True).element_handle()
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("one => one === document.activeElement", wanted):
            return
    raise AssertionError(f"The keyboard does not reach {name}.")


@pytest.fixture
def talks():
    meeting = factories.MeetingFactory(
        title="Talks", status="draft", place=factories.PlaceFactory(name="Port-Aster", status="draft")
    )
    person = factories.ParticipantFactory(name="Jana Vesk", status="draft")
    factories.AttendanceFactory(meeting=meeting, participant=person)
    factories.CoverageFactory(meeting=meeting)
    return meeting


def test_from_a_draft_to_the_readers(page: Page, browser: Browser, live_server, talks):
    staff("ani", "add", "change", "view")
    staff("levan", "add", "change", "view", "publish")
    address = f"/admin/events/meeting/{talks.pk}/change/"
    sign_in(page, "ani")
    page.goto(address)
    page.locator("#id_title").fill("Talks in Port-Aster")
    page.keyboard.press("Enter")  # the form's own button is Save: nothing is moved by it
    page.locator(".messagelist .success").wait_for()
    assert list(Meeting.objects.values_list("title", "status")) == [("Talks in Port-Aster", "draft")]

    page.goto(address)
    page.locator("#id_summary").fill("They spoke.")
    page.get_by_role("link", name="What comes next").press("Enter")
    reach(page, "button", "Send to review…")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Send to review: Talks in Port-Aster").wait_for()
    assert list(Meeting.objects.values_list("summary", "status")) == [("They spoke.", "draft")]
    page.keyboard.press("Enter")
    page.get_by_text("1 record: In review.").wait_for()
    assert page.get_by_role("button", name="Publish…").count() == 0

    desk = browser.new_context(base_url=live_server.url).new_page()
    sign_in(desk, "levan")
    desk.goto(address)
    desk.get_by_role("link", name="What comes next").press("Enter")
    reach(desk, "button", "Publish…")
    desk.keyboard.press("Enter")
    desk.locator("button[name=confirm]:focus").wait_for()
    assert desk.locator(".desk-others label").all_inner_texts() == [
        "All 2 of these",
        "Jana Vesk",
        "Port-Aster",
    ]
    desk.keyboard.press("Shift+Tab")  # why, and before it what may be published too
    desk.keyboard.type("Both sides report it.")
    desk.get_by_label("All 2 of these").focus()
    desk.keyboard.press("Space")
    desk.locator("button[name=confirm]").focus()
    desk.keyboard.press("Enter")
    desk.get_by_text("3 records: Published.").wait_for()
    found = [set(model.objects.values_list("status", flat=True)) for model in (Meeting, Place)]
    assert (found, Participant.objects.get().status) == ([{"published"}, {"published"}], "published")

    page.reload()
    said = "Readers see this record. A reviewer can change it or take it back to draft; here you can read it."
    assert page.locator(".desk-state--public").inner_text() == said
    assert page.locator("#id_title").count() == 0
    desk.context.close()


@pytest.mark.viewport(360, 740)
def test_a_refusal_on_a_telephone(page: Page):
    bare = factories.MeetingFactory(title="Talks", status="review")
    staff("levan", "change", "view", "publish")
    sign_in(page, "levan")
    page.goto(f"/admin/events/meeting/{bare.pk}/change/")
    page.get_by_role("button", name="Publish…").click()
    page.get_by_text("No source: add the article that reports it.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("button[name=confirm]").count() == 0
    page.get_by_role("link", name="Back to the record").click()
    page.get_by_role("heading", name="Change meeting").wait_for()
