"""A half-written form outlives the end of a session, in a real browser; and two editors meet on one record."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page

from events.models import Meeting
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting():
    record = factories.MeetingFactory(title="Talks", summary="First.", status="draft")
    factories.AttendanceFactory(meeting=record, participant=factories.ParticipantFactory(name="Ann"))
    return record


@pytest.fixture
def desk(page: Page) -> Page:
    account("ani")
    page.goto("/admin/")
    sign_in(page, "ani")
    return page


def account(name: str) -> None:
    user = factories.UserFactory(username=name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="events"))


def sign_in(window: Page, name: str) -> None:
    window.get_by_label("Username").fill(name)
    window.get_by_label("Password").fill("password")
    window.get_by_role("button", name="Log in").click()
    window.locator("#logout-form").wait_for()


def address(record: Meeting) -> str:
    return f"/admin/events/meeting/{record.pk}/change/"


def save(window: Page, outcome: str = ".messagelist .success") -> None:
    window.get_by_role("button", name="Save and continue editing").click()
    window.locator(outcome).wait_for()


def kept(window: Page) -> int:
    """How many forms the browser keeps."""
    return int(
        window.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('desk:kept:')).length")
    )


def wait_until_kept(window: Page, words: str) -> None:
    window.wait_for_function(
        "words => Object.values(localStorage).some((text) => text.includes(words))", arg=words
    )


def test_a_session_that_ends_loses_nothing(desk: Page, meeting):
    place = factories.PlaceFactory(name="Tbilisi")
    factories.ParticipantFactory(name="Ben")
    desk.goto(address(meeting))
    desk.locator("#id_summary").fill("What took\nan hour.")
    desk.locator("#id_place + .select2 .select2-selection").click()
    desk.locator(".select2-container--open .select2-search__field").press_sequentially("Tbil")
    desk.locator(".select2-results__option--highlighted", has_text="Tbilisi").click()
    for _row in range(2):  # beyond the rows that the page has by itself
        desk.get_by_role("button", name="Add another Attendance").click()
    row = desk.locator("#attendances-4")
    row.locator(".field-participant .select2-selection").click()
    desk.locator(".select2-container--open .select2-search__field").press_sequentially("Ben")
    desk.locator(".select2-results__option--highlighted", has_text="Ben").click()
    row.locator("[name=attendances-4-note]").fill("by video link")
    Session.objects.all().delete()

    desk.get_by_role("button", name="Save", exact=True).click()
    desk.get_by_text("What was typed on that page is kept in this browser.").wait_for()
    sign_in(desk, "ani")
    assert desk.url.endswith(address(meeting))
    offer = desk.locator(".kept-offer")
    offer.wait_for()
    assert desk.locator("#id_summary").input_value() == "First."  # nothing is put in unasked
    offer.get_by_text("What differs").click()
    told = offer.locator("dl > div").all_inner_texts()
    assert [re.sub(r"\s+", " ", one) for one in told] == [
        "Place Tbilisi",
        "Summary First. What took an hour.",
        "Attendances 5 Ben · by video link",
    ]
    offer.get_by_role("button", name="Bring back").click()
    desk.get_by_text("What you typed is back. Nothing of it is stored yet").wait_for()
    assert (Meeting.objects.get().summary, desk.locator("#id_place option:checked").inner_text()) == (
        "First.",
        "Tbilisi",
    )
    save(desk)
    meeting.refresh_from_db()
    rows = [(str(one), one.note) for one in meeting.attendances.order_by("pk")]
    assert (meeting.summary, meeting.place, rows) == (
        "What took\nan hour.",
        place,
        [("Ann", ""), ("Ben", "by video link")],
    )
    assert (kept(desk), "#" in desk.url) == (0, False)


def test_what_others_saved_meanwhile_is_not_overwritten(desk: Page, meeting):
    desk.goto(address(meeting))
    desk.locator("#id_title").fill("My title")
    desk.locator("#id_summary").fill("Mine.")
    wait_until_kept(desk, "Mine.")
    desk.goto("/admin/")
    stored = Meeting.objects.get()
    stored.summary, stored.held_on = "Theirs.", "2024"
    stored.save()

    desk.goto(address(meeting))
    offer = desk.locator(".kept-offer")
    offer.get_by_text("The record has been saved since.").wait_for()
    offer.get_by_role("button", name="Bring back").click()
    desk.get_by_role("heading", name="One thing was changed by both: choose").wait_for()
    assert desk.locator("#id_held_on").input_value() == "2024"
    assert desk.locator(".kept-offer").count() == 0
    assert Meeting.objects.get().summary == "Theirs."
    desk.get_by_role("radio", name="Theirs").check()
    save(desk)
    stored.refresh_from_db()
    assert (stored.title, stored.summary, stored.held_on, kept(desk)) == ("My title", "Theirs.", "2024", 0)


def test_two_windows_and_what_is_thrown_away(desk: Page, meeting):
    other = desk.context.new_page()
    for window, words in ((desk, "One."), (other, "Two.")):
        window.goto(address(meeting))
        window.locator("#id_summary").fill(words)
        wait_until_kept(window, words)
    assert kept(desk) == 2
    third = desk.context.new_page()
    third.goto(address(meeting))
    third.wait_for_timeout(400)  # what could be offered is offered by then
    assert third.locator(".kept-offer").count() == 0  # both are being typed elsewhere
    other.close()
    third.reload()
    offer = third.locator(".kept-offer")
    offer.wait_for()
    offer.get_by_text("What differs").click()
    assert re.sub(r"\s+", " ", offer.locator("dl").inner_text()) == "Summary First. Two."
    third.locator("#id_summary").fill("Three.")
    offer.get_by_role("button", name="Bring back").click()
    offer.get_by_text("You have typed in this form as well.").wait_for()
    assert third.locator("#id_summary").input_value() == "Three."
    offer.get_by_role("button", name="Throw away").click()
    assert (third.locator(".kept-offer").count(), Meeting.objects.get().summary) == (0, "First.")
    wait_until_kept(third, "Three.")
    assert kept(third) == 2


def test_signing_out_clears_and_nobody_else_is_offered_anything(desk: Page, meeting):
    desk.goto(address(meeting))
    desk.locator("#id_summary").fill("For my eyes only.")
    wait_until_kept(desk, "For my eyes only.")
    account("ben")
    Session.objects.all().delete()
    desk.goto(address(meeting))
    sign_in(desk, "ben")
    desk.locator("#id_title").fill("Ben's")
    wait_until_kept(desk, "Ben's")
    assert (desk.locator(".kept-offer").count(), kept(desk)) == (0, 2)

    other = desk.context.new_page()
    other.goto("/admin/")
    other.get_by_role("button", name="Log out").click()
    other.get_by_role("heading", name="Logged out").wait_for()
    desk.get_by_text("You signed out in another window.").wait_for()
    desk.locator("#id_title").fill("Typed after that")
    desk.wait_for_timeout(1000)
    assert kept(desk) == 1  # the one of the first, who has not signed out

    other.goto(address(meeting))
    sign_in(other, "ani")
    other.locator(".kept-offer").wait_for()
    other.get_by_role("button", name="Log out").click()
    other.get_by_role("heading", name="Logged out").wait_for()
    assert kept(other) == 0


def test_a_form_that_the_browser_has_no_room_for(desk: Page, meeting):
    desk.goto(address(meeting))
    desk.evaluate("localStorage.setItem('full', 'x'.repeat(5 * 1024 * 1024 - 200))")
    desk.locator("#id_summary").fill("Too long. " * 100)
    desk.get_by_text("This form is too large for what this browser can keep").wait_for()
    save(desk)
    assert Meeting.objects.get().summary == ("Too long. " * 100).strip()


def test_old_forms_are_forgotten(desk: Page, meeting):
    desk.goto(address(meeting))
    desk.locator("#id_summary").fill("Last week.")
    wait_until_kept(desk, "Last week.")
    desk.goto("/admin/")
    desk.evaluate(
        """() => {
            for (const key of Object.keys(localStorage).filter((one) => one.startsWith("desk:kept:"))) {
              const kept = JSON.parse(localStorage.getItem(key));
              localStorage.setItem(key, JSON.stringify({...kept, at: kept.at - 4 * 24 * 3600 * 1000}));
            }
        }"""
    )
    desk.reload()
    assert kept(desk) == 0


def test_a_new_record_is_kept_too(desk: Page):
    desk.goto("/admin/events/topic/add/")
    desk.locator("#id_label").fill("Border commissions")
    desk.reload()
    desk.get_by_role("button", name="Bring back").click()
    desk.get_by_text("What you typed is back.").wait_for()
    assert desk.locator("#id_label").input_value() == "Border commissions"
    save(desk)
    assert kept(desk) == 0


def test_a_form_of_another_sign_in(desk: Page, meeting, browser_problems: list[str]):
    """Signing in anew in another window makes the form's token invalid: the page that says so leads back to the words."""
    desk.goto(address(meeting))
    desk.locator("#id_summary").fill("Still here.")
    other = desk.context.new_page()
    Session.objects.all().delete()
    other.goto("/admin/")
    sign_in(other, "ani")
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.get_by_role("heading", name="Please send the form again").wait_for()
    assert [problem for problem in browser_problems if "403" in problem] == browser_problems
    browser_problems.clear()
    desk.get_by_role("link", name="Open the form again").click()
    desk.get_by_role("button", name="Bring back").click()
    desk.get_by_text("What you typed is back.").wait_for()
    assert desk.locator("#id_summary").input_value() == "Still here."


def test_two_editors_side_by_side(desk: Page, meeting, browser: Browser, live_server):
    """Both open the same record; the second sees all three states, chooses with the keyboard, and both changes are stored."""
    account("ben")
    theirs = browser.new_context(base_url=live_server.url).new_page()
    theirs.goto(address(meeting))
    sign_in(theirs, "ben")
    desk.goto(address(meeting))
    theirs.locator("#id_summary").fill("Ben’s summary.")
    theirs.locator("#id_held_on").fill("2024-05")
    theirs.locator("#id_comment").fill("The ministry corrected the day.")
    save(theirs)
    desk.locator("#id_summary").fill("Ani’s summary.")
    desk.locator("#id_title").fill("Talks in Tbilisi")
    save(desk, ".conflict")
    assert desk.get_by_text("ben saved this record after you opened it.").count() == 1
    field = desk.get_by_role("group", name="Summary")
    assert field.locator(".conflict-ancestor").inner_text() == "When you opened it: First."
    assert field.locator(".conflict-value").all_inner_texts() == ["Ani’s summary.", "Ben’s summary."]
    save(desk, ".conflict")
    desk.get_by_text("You both changed this. Choose above whose it shall be").wait_for()
    desk.get_by_role("radio", name="Yours").focus()
    desk.keyboard.press("ArrowRight")
    assert desk.get_by_role("radio", name="Theirs").is_checked()
    save(desk)
    meeting.refresh_from_db()
    assert (meeting.title, meeting.summary, meeting.held_on) == (
        "Talks in Tbilisi",
        "Ben’s summary.",
        "2024-05",
    )
    theirs.context.close()
