"""An editor brings a table in with the keyboard: refused, mended by drafts of unknown names, looked at, stored."""

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Page

from events.models import Meeting, Participant
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = (
    "title\tkind\theld_on\tparticipants\n"
    "Talks in Baku\ttalks\t2023-02-27\tSergey Lavrov (guest); Jeyhun Bayramov (host)\n"
    "Talks in Sochi\ttalks\t2022-10-31\tДжейхун Байрамов\n"
)


@pytest.fixture
def desk(page: Page) -> Page:
    user = factories.UserFactory(username="ani", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="events"))
    page.goto("/admin/")
    page.get_by_label("Username").fill("ani")
    page.get_by_label("Password").fill("password")
    page.keyboard.press("Enter")
    page.get_by_text("ani", exact=True).wait_for()
    return page


def press(page: Page, role: str, name: str) -> None:
    """Reach a control by the tabulator alone, and use it."""
    wanted = page.get_by_role(role, name=name, exact=True).element_handle()
    page.evaluate("document.activeElement.blur()")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("one => one === document.activeElement", wanted):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"The keyboard does not reach {name}.")


def test_from_a_pasted_table_to_drafts(desk: Page):
    factories.ParticipantFactory(name="Sergey Lavrov")
    press(desk, "link", "Import a table")
    desk.get_by_label("or pasted").fill(TABLE)
    press(desk, "button", "Look what would be done")
    desk.get_by_text("A row is refused, so nothing can be stored.").wait_for()
    counts = ".desk-counts"
    assert desk.locator(counts).inner_text().split() == "2 refused 0 changed 0 created 0 unchanged".split()
    unknown = desk.locator(".desk-import table").first.locator("tbody tr")
    assert [" ".join(row.split()) for row in unknown.all_inner_texts()] == [
        "Jeyhun Bayramov participant 2 2 –"
    ]

    press(desk, "button", "Make drafts of unknown names, and look again")
    desk.get_by_text("Nothing is stored yet.").wait_for()
    assert desk.locator(counts).inner_text().split() == "0 refused 0 changed 2 created 0 unchanged".split()
    assert Meeting.objects.count() == 0

    press(desk, "button", "Import")
    desk.locator(".messagelist .success").wait_for()
    assert (
        desk.locator(".messagelist .success").inner_text()
        == "Stored meetings: 2 created as drafts, 0 changed."
    )
    assert [
        (meeting.title, meeting.status, [str(one) for one in meeting.attendances.order_by("position")])
        for meeting in Meeting.objects.order_by("held_on")
    ] == [
        ("Talks in Sochi", "draft", ["Jeyhun Bayramov"]),
        ("Talks in Baku", "draft", ["Sergey Lavrov", "Jeyhun Bayramov"]),
    ]
    assert Participant.objects.count() == 2


@pytest.mark.viewport(360, 740)
def test_the_page_fits_a_telephone(desk: Page):
    factories.ParticipantFactory(name="Sergey Lavrov")
    desk.goto("/admin/import/?noun=meetings")
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    desk.get_by_label("or pasted").fill(TABLE)
    desk.get_by_role("button", name="Look what would be done").click()
    desk.locator(".desk-counts").wait_for()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
