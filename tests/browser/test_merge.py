"""A reviewer merges two records by the keyboard alone, in a real browser, and undoes it."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page

from events.models import Attendance, Merge, Participant
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(page: Page) -> Page:
    # A flush takes the groups of the migration with it.
    user = factories.UserFactory(username="reviewer", is_staff=True, is_superuser=not Group.objects.exists())
    user.groups.set(Group.objects.filter(name="Reviewer"))
    page.goto("/admin/")
    page.get_by_label("Username").fill("reviewer")
    page.get_by_label("Password").fill("password")
    page.keyboard.press("Enter")
    page.get_by_text("reviewer", exact=True).wait_for()
    return page


def test_by_the_keyboard_alone(desk: Page):
    kept = factories.ParticipantFactory(name="Miran Talver", description="Minister.")
    gone = factories.ParticipantFactory(name="Талвер, Миран", country="AM")
    meeting = factories.MeetingFactory(title="Talks in Port-Aster")
    factories.AttendanceFactory(meeting=meeting, participant=kept, role="guest")
    factories.AttendanceFactory(meeting=meeting, participant=gone, role="host")
    old = gone.get_absolute_url()

    desk.goto(f"/admin/events/participant/{kept.pk}/change/")
    desk.get_by_role("link", name="Merge", exact=True).press("Enter")
    desk.get_by_role("heading", name="Merge “Miran Talver” with another one").wait_for()
    desk.locator("#id_second + .select2 .select2-selection").focus()
    desk.keyboard.press("Enter")
    desk.locator(".select2-container--open .select2-search__field").press_sequentially("Миран")
    # The record itself sounds the same and stands first, or second.
    desk.locator(".select2-results__option", has_text="Талвер").wait_for()
    if "Талвер" not in desk.locator(".select2-results__option--highlighted").inner_text():
        desk.keyboard.press("ArrowDown")
    desk.locator(".select2-results__option--highlighted", has_text="Талвер").wait_for()
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Look at both").press("Enter")

    role = desk.get_by_role("group", name="Role")
    role.get_by_role("radio", checked=True).focus()
    desk.keyboard.press("ArrowDown")
    assert role.get_by_role("radio", name="Host").is_checked()
    desk.get_by_label("Why").focus()
    desk.keyboard.type("The same minister.")
    desk.keyboard.press("Enter")  # the first button of the form, as browsers do
    desk.get_by_text("was merged into “Miran Talver”").wait_for()
    assert list(Attendance.objects.values_list("participant", "role")) == [(kept.pk, "host")]
    assert Participant.objects.get(pk=kept.pk).country == "AM"
    assert Merge.objects.get().comment == "The same minister."
    desk.get_by_role("link", name="Look at the merge, or undo it").press("Enter")
    undo = desk.get_by_role("button", name="Undo this merge")
    undo.wait_for()
    merge = desk.url
    desk.goto(old)
    assert desk.url.endswith(kept.get_absolute_url())

    desk.goto(merge)
    undo.press("Enter")
    desk.get_by_text("is a record of its own again").wait_for()
    assert sorted(Attendance.objects.values_list("participant", "role")) == [
        (kept.pk, "guest"),
        (gone.pk, "host"),
    ]
    desk.goto(old)
    assert desk.url.endswith(old)


@pytest.mark.viewport(360, 740)
def test_nothing_stands_beyond_the_edge_of_a_telephone(desk: Page):
    kept = factories.ArticleFactory(title="A headline " * 12, url=f"https://www.example.org/{'long' * 40}")
    gone = factories.ArticleFactory(title="Another", text="“Two ports”, he said. " * 30)
    for number in range(3):
        factories.CoverageFactory(
            article=gone, meeting=factories.MeetingFactory(title=f"Talks {number} " * 8)
        )
    for address in (
        f"/admin/events/article/merge/?first={kept.pk}",
        f"/admin/events/article/merge/?first={kept.pk}&second={gone.pk}",
    ):
        desk.goto(address)
        assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    desk.get_by_role("button", name="Merge").click()
    desk.get_by_role("link", name="Look at the merge, or undo it").click()
    desk.get_by_role("button", name="Undo this merge").wait_for()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
