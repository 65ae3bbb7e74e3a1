"""Editors and a reviewer lead a record to its readers and back, side by side and by the keyboard; and axe looks at their pages."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Permission
from playwright.sync_api import Browser, Page, expect

from events.models import Meeting, Participant, Place, Version
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
    page.locator("#bulk_form :focus").wait_for()
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
    desk.locator("#all_rests_draft:focus").wait_for()  # what may go along is seen before the button
    assert desk.locator(".desk-others label").all_inner_texts() == [
        "All 2 drafts, which nobody has sent to review",
        "Jana Vesk",
        "Port-Aster",
    ]
    desk.keyboard.press("Space")
    desk.get_by_label("Why").focus()
    desk.keyboard.type("Both sides report it.")
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


def step(page: Page, label: str) -> None:
    """Press a button below the form, which leads to its preview; the browser sets the focus there only after it has drawn the page."""
    page.get_by_role("button", name=label).press("Enter")
    page.get_by_role("heading", name=label.removesuffix("…")).first.wait_for()
    page.locator("#bulk_form :focus").wait_for()


def told(page: Page) -> list[str]:
    page.locator(".messagelist li").first.wait_for()
    return page.locator(".messagelist li").all_inner_texts()


def test_sent_back_with_a_reason_then_public_then_withdrawn(page: Page, browser: Browser, live_server, talks):
    ani = staff("ani", "add", "change", "view")
    staff("levan", "add", "change", "view", "publish")
    for model in (Meeting, Participant, Place):
        model.objects.update(created_by=ani, updated_by=ani)
    desk = browser.new_context(base_url=live_server.url).new_page()
    reader = browser.new_context(base_url=live_server.url).new_page()
    form, public = f"/admin/events/meeting/{talks.pk}/change/", talks.get_absolute_url()
    sign_in(page, "ani")
    sign_in(desk, "levan")

    page.goto(form)
    step(page, "Send to review…")
    page.get_by_label("All 2 of these").check()
    page.locator("button[name=confirm]").press("Enter")
    assert told(page) == ["3 records: In review."]

    desk.goto("/admin/")
    desk.get_by_role("link", name="1 meeting").press("Enter")
    desk.locator("#result_list").get_by_role("link", name="Talks").press("Enter")
    step(desk, "Back to draft…")
    desk.locator("#id_comment:focus").wait_for()
    desk.keyboard.type("Who received whom?")
    desk.keyboard.press("Enter")
    assert (told(desk), desk.url) == (
        ["1 record: Draft."],
        f"{live_server.url}/admin/events/meeting/?desk=review",
    )
    desk.get_by_text("There are no meetings on it now.").wait_for()

    page.goto("/admin/")
    page.locator(".desk-list", has_text="Came back to me").get_by_role("link").press("Enter")
    expect(page.locator("td.field-said_last")).to_have_text(["levan: Who received whom?"])
    page.locator("#result_list").get_by_role("link", name="Talks").press("Enter")
    expect(page.locator(".desk-since .desk-said-why")).to_have_text(["Who received whom?"])
    page.locator("#id_summary").fill("Jana Vesk received them.")
    step(page, "Send to review…")
    page.keyboard.press("Enter")
    assert told(page)[-1] == "1 record: In review."

    desk.goto("/admin/events/meeting/?desk=review")
    desk.locator("#result_list").get_by_role("link", name="Talks").press("Enter")
    desk.get_by_role("link", name="What was changed since then").press("Enter")
    desk.locator("#compare ins", has_text="Jana Vesk received them.").wait_for()
    desk.goto("/admin/events/meeting/?desk=review")
    desk.locator("#result_list").get_by_role("link", name="Talks").press("Enter")
    step(desk, "Publish…")
    desk.get_by_label("All 2 in review").check()
    desk.locator("button[name=confirm]").press("Enter")
    assert told(desk) == ["3 records: Published."]
    answer = reader.goto(public)
    assert (answer and answer.status, reader.get_by_text("Port-Aster").count() > 0) == (200, True)

    desk.goto(form)
    step(desk, "Withdraw…")
    desk.keyboard.type("Announced, and never held.")
    desk.locator("button[name=confirm]").press("Enter")
    assert told(desk) == ["1 record: Withdrawn."]
    answer = reader.goto(public)
    assert (answer and answer.status) == 410
    assert reader.locator(".notice").inner_text() == "It was withdrawn: Announced, and never held."
    for context in (desk.context, reader.context):
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_and_the_width(page: Page, width, scheme, talks, browser_problems):
    """The list, the form, the preview, the history and a version of it; what select2 draws inside a box of several is its own."""
    staff("levan", "add", "change", "view", "publish")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, "levan")
    base = f"/admin/events/meeting/{talks.pk}"
    page.goto(f"{base}/change/")
    page.locator("#id_summary").fill("They spoke.")
    page.get_by_role("button", name="Save and continue editing").click()
    page.locator(".messagelist .success").wait_for()
    versions = Version.objects.filter(noun="meeting", record=talks.pk).order_by("number")
    first, last = versions.first(), versions.last()
    found = {}
    for address in (
        "/admin/events/meeting/",
        f"{base}/change/",
        "/admin/events/article/add/",
        f"/admin/events/meeting/preview/?action=publish&record={talks.pk}",
        f"/admin/events/meeting/preview/?action=withdraw&record={talks.pk}",
        f"{base}/history/",
        f"{base}/history/{first.number}/?with={last.number}",
    ):
        page.goto(address)
        page.locator("#content-main").wait_for()
        assert browser_problems == []
        answer = Axe().run(page, {"exclude": [["ul.select2-selection__rendered"]]}).response
        browser_problems.clear()  # axe itself tries inline styles, which the page's policy refuses
        bad = [
            (one["id"], node["target"])
            for one in answer["violations"]
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]
        beyond = page.evaluate("document.documentElement.scrollWidth") - width
        if bad or beyond > 0:
            found[address] = (bad, beyond)
    assert found == {}


def test_topics_for_many_by_the_keyboard_alone(page: Page):
    """What would change, what stays, and back to the list as it was filtered."""
    peace, ports = factories.TopicFactory(label="Peace"), factories.TopicFactory(label="Ports")
    first, second = (
        factories.MeetingFactory(title=f"Talks {name}", status="draft") for name in ("one", "two")
    )
    factories.MeetingFactory(title="A visit", status="draft")
    second.topics.set([ports])
    staff("ani", "add", "change", "view")
    sign_in(page, "ani")
    page.goto("/admin/events/meeting/?q=talks")
    page.locator("#action-toggle").press("Space")
    page.locator("select[name=action]").focus()
    page.keyboard.type("Add topics")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Peace").and_(page.locator(":focus")).wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("Tick at least one topic.").wait_for()
    page.get_by_role("checkbox", name="Peace").and_(page.locator(":focus")).wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.locator("button[name=confirm]:focus").wait_for()
    assert page.locator(".desk-count").all_inner_texts() == [
        "0 refused",
        "1 would change",
        "1 nothing to change",
    ]
    page.keyboard.press("Enter")
    assert told(page) == ["1 record: Topics added."]
    assert page.url.endswith("/admin/events/meeting/?q=talks")
    assert [list(one.topics.all()) for one in (first, second)] == [[ports], [ports]]
    assert peace.meetings.count() == 0


@pytest.mark.viewport(360, 740)
def test_a_window_of_its_own_on_a_telephone(page: Page):
    """Django's fields are as wide there as in a page that is padded less."""
    staff("ani", "add", "change", "view")
    sign_in(page, "ani")
    page.goto("/admin/events/participant/add/?_popup=1")
    ends = "id => Math.round(document.querySelector(id).getBoundingClientRect().right)"
    assert (page.evaluate(ends, "#id_name"), page.evaluate(ends, ".field-name")) == (345, 345)


@pytest.mark.viewport(360, 740)
def test_a_refusal_on_a_telephone(page: Page):
    bare = factories.MeetingFactory(title="Talks", status="review")
    staff("levan", "change", "view", "publish")
    sign_in(page, "levan")
    page.goto(f"/admin/events/meeting/{bare.pk}/change/")
    page.get_by_role("button", name="Publish…").click()
    page.get_by_text("No article supports it: add the one that reports it.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("button[name=confirm]").count() == 0
    page.get_by_role("link", name="Back to the record").click()
    page.get_by_role("heading", name="Change meeting").wait_for()
