import pytest

from tests import factories
from tests.browser.test_import import *  # noqa
from tests.browser.test_import import TABLE

pytestmark = pytest.mark.django_db(transaction=True)


def test_shots(desk, browser):
    factories.ParticipantFactory(name="Sergey Lavrov")
    factories.MeetingFactory(
        title="Visit of Lavrov",
        kind="visit",
        held_on="2023-02-27/2023-02-28",
        status="draft",
        summary="Old words about the visit.",
    )
    factories.MeetingFactory(title="Same", kind="talks", held_on="2023", status="draft")
    factories.ParticipantFactory(name="Jeyhun Bayramli", country="AZ")
    table = TABLE + "Visit of Lavrov\tvisit\t2023-02-27/2023-02-28\t\nSame\ttalks\t2023\t\n"
    table = (
        table.replace("participants\n", "participants\tsummary\n")
        .replace("02-28\t\n", "02-28\t\tNew words about the visit, in two sentences.\n")
        .replace("2023\t\n", "2023\t\t\n")
        .replace("(host)\n", "(host)\t\n")
        .replace("Байрамов\n", "Байрамов\t\n")
    )
    bad = table + "Wrong\tmeeting\t30.11.2025\tSergey\tx\n"
    for dark in (False, True):
        for width in (1280, 360):
            desk.set_viewport_size({"width": width, "height": 900})
            desk.emulate_media(color_scheme="dark" if dark else "light")
            tag = f"{width}{'d' if dark else 'l'}"
            desk.goto("/admin/import/")
            desk.screenshot(path=f"/tmp/shot_form_{tag}.png", full_page=True)
            for name, text in (("bad", bad), ("good", table)):
                desk.goto("/admin/import/")
                desk.get_by_label("or pasted").fill(text)
                if name == "good":
                    desk.get_by_label("Make drafts").check()
                desk.get_by_role("button", name="Look what would be done").click()
                desk.locator(".desk-counts").wait_for()
                desk.screenshot(path=f"/tmp/shot_{name}_{tag}.png", full_page=True)
    desk.set_viewport_size({"width": 1280, "height": 900})
    desk.goto("/admin/")
    desk.screenshot(path="/tmp/shot_index.png")
    desk.goto("/admin/events/meeting/")
    desk.screenshot(path="/tmp/shot_list.png")
