"""What is typed at the desk, in a real browser that is killed, goes back, or is clicked twice; and pages beside the records' forms."""

import contextlib
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page

from events.models import Article, Meeting, Name, Topic
from tests import factories
from tests.browser.test_kept import account, address, desk, kept, meeting, save, sign_in, wait_until_kept
from tests.conftest import CHROMIUM_SWITCHES

pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["desk", "meeting"]  # fixtures


@pytest.mark.parametrize("button", ["Save", "Save and add another", "Save and continue editing"])
def test_a_double_click_makes_one_record(desk: Page, button):
    desk.goto("/admin/events/meeting/add/")
    desk.locator("#id_title").fill("Talks")
    desk.locator("#id_kind").select_option("talks")
    desk.get_by_role("button", name=button, exact=True).dblclick()
    desk.locator(".messagelist .success").wait_for()
    assert (Meeting.objects.count(), kept(desk)) == (1, 0)


def test_a_double_click_in_a_form_with_rows(desk: Page, meeting):
    version = Meeting.objects.get().version
    desk.goto(address(meeting))
    desk.locator("#id_summary").fill("Second.")
    desk.locator("[name=attendances-0-note]").fill("by video link")
    desk.get_by_role("button", name="Save and continue editing").dblclick()
    desk.locator(".messagelist .success").wait_for()
    assert desk.locator(".errornote").count() == 0
    meeting.refresh_from_db()
    assert (meeting.summary, meeting.version) == ("Second.", version + 1)


def test_going_back_shows_what_is_stored(desk: Page, meeting):
    """A browser puts what was typed into the form again, beside the version of today: a save of it would undo the other's work."""
    desk.goto("/admin/")
    desk.goto(address(meeting))
    desk.locator("#id_summary").fill("Mine.")
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.locator(".messagelist .success").wait_for()
    theirs = Meeting.objects.get()
    theirs.summary = "Theirs."
    theirs.save()
    desk.go_back()
    desk.locator("#id_summary").wait_for()
    desk.wait_for_timeout(300)
    assert desk.locator("#id_summary").input_value() == "Theirs."
    desk.locator("#id_title").fill("Our talks")
    save(desk)
    theirs.refresh_from_db()
    assert (theirs.title, theirs.summary) == ("Our talks", "Theirs.")


def test_boxes_and_deleted_rows_come_back(desk: Page):
    person = factories.ParticipantFactory(name="Ann", status="draft")
    for text, language in (("Anne", "fr"), ("Энн", "ru")):
        factories.NameFactory(participant=person, text=text, language=language, kind="alias")
    desk.goto(f"/admin/events/participant/{person.pk}/change/")
    desk.locator("[name=names-1-preferred]").check()
    desk.locator("[name=names-2-DELETE]").check()
    wait_until_kept(desk, "names-2-DELETE")
    Session.objects.all().delete()
    desk.reload()
    sign_in(desk, "ani")
    desk.get_by_role("status").get_by_text("You did not finish this form").wait_for()
    desk.get_by_role("button", name="Bring back").click()
    desk.get_by_text("What you typed is back.").wait_for()
    save(desk)
    assert list(Name.objects.order_by("pk").values_list("text", "preferred")) == [
        ("Ann", False),
        ("Anne", True),
    ]


def test_a_long_text_comes_back_whole(desk: Page):
    text = "\n".join(f"Paragraph {number}: “Əliyev”, «Алиев», ալիև." for number in range(2600))
    assert len(text.encode()) > 100_000
    article = factories.ArticleFactory(text="Short.", status="draft", rights="excerpts")
    desk.goto(f"/admin/events/article/{article.pk}/change/")
    desk.locator("#id_text").evaluate(
        "(field, text) => { field.value = text; }", text
    )  # typing it takes a minute
    desk.locator("#id_text").press("End")
    desk.locator("#id_text").dispatch_event("input")
    wait_until_kept(desk, "Paragraph 2599")
    desk.reload()
    desk.get_by_role("button", name="Bring back").click()
    desk.get_by_text("What you typed is back.").wait_for()
    assert desk.locator("#id_text").input_value() == text
    save(desk)
    desk.wait_for_load_state()
    article.refresh_from_db()
    assert (article.text, kept(desk)) == (text, 0)


def test_rows_pasted_for_an_import_come_back(desk: Page):
    rows = "label\tdescription\nBorders\tWhere they run.\n"
    desk.goto("/admin/import/")
    desk.get_by_label("What a row is").select_option("topics")
    desk.get_by_label("or pasted").fill(rows)
    Session.objects.all().delete()
    desk.get_by_role("button", name="Look what would be done").click()
    sign_in(desk, "ani")
    desk.get_by_role("button", name="Bring back").click()
    desk.get_by_text("What you typed is back.").wait_for()
    assert (
        desk.get_by_label("or pasted").input_value(),
        desk.get_by_label("What a row is").input_value(),
    ) == (
        rows,
        "topics",
    )
    desk.get_by_role("button", name="Look what would be done").click()
    desk.get_by_role("heading", name="Import topics: what would be done").wait_for()
    assert (kept(desk), Topic.objects.count(), "#" in desk.url) == (0, 0, False)


def test_a_pasted_article_comes_back(desk: Page):
    desk.goto("/admin/events/article/from-address/")
    desk.get_by_label("or its text").fill(
        "Talks in Tbilisi\n\nThe ministers of both countries met in Tbilisi on Monday."
    )
    Session.objects.all().delete()
    desk.get_by_role("button", name="Read", exact=True).click()
    sign_in(desk, "ani")
    desk.get_by_role("button", name="Bring back").click()
    desk.get_by_text("What you typed is back.").wait_for()
    desk.get_by_role("button", name="Read", exact=True).click()
    desk.locator("#article_form").wait_for()
    assert (desk.locator("#id_title").input_value(), kept(desk)) == ("Talks in Tbilisi", 0)
    assert not Article.objects.exists()


def test_a_browser_that_is_killed_has_kept_it(browser: Browser, live_server, meeting, tmp_path: Path):
    account("ani")

    def start() -> tuple[Any, Page]:
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path),
            executable_path=os.environ.get("CHROMIUM")
            or shutil.which("chromium")
            or shutil.which("google-chrome"),
            args=CHROMIUM_SWITCHES,
            base_url=live_server.url,
        )
        window = context.pages[0]
        window.goto(address(meeting))
        if window.locator("#login-form").count():
            sign_in(window, "ani")
        return context, window

    context, window = start()
    window.locator("#id_summary").fill("Before the power went.")
    wait_until_kept(window, "Before the power went.")
    window.wait_for_timeout(6000)  # the browser writes its storage to the disk within five seconds
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"--user-data-dir={tmp_path}" in (process / "cmdline").read_text():
                os.kill(int(process.name), signal.SIGKILL)
    context.wait_for_event("close")

    context, window = start()
    window.get_by_role("button", name="Bring back").click()
    window.get_by_text("What you typed is back.").wait_for()
    assert window.locator("#id_summary").input_value() == "Before the power went."
    context.close()
