"""What became of a source, from the editor's button to the reader's page and to paper."""

import re

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from events.editing import visiting
from events.models import Snapshot
from tests import factories
from tests.press import answer

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "They met in Baku.\n\n“We signed it all”, he said, and left the room."
BODY = "<title>Talks</title><article><p>They met in Baku.</p><p>“We signed it all”, he said, and left the room.</p></article>"


@pytest.fixture
def quotation(press, monkeypatch):
    monkeypatch.setattr(visiting, "DELAY", 0.0)
    press.pages["/a"] = answer(BODY)
    article = factories.ArticleFactory(title="Talks", url=press.url("/a"), text=TEXT)
    return factories.QuotationFactory(article=article, exact="“We signed it all”")


def test_from_the_button_to_the_reader(page: Page, quotation, press, browser_problems):
    page.goto(quotation.get_absolute_url())
    state = page.locator("p.state")
    assert (
        state.inner_text()
        == "Not checked yet: the archive has not asked the publisher’s page for these words."
    )

    user = factories.UserFactory(username="ani", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="events"))
    page.goto("/admin/")
    page.get_by_label("Username").fill("ani")
    page.get_by_label("Password").fill("password")
    page.keyboard.press("Enter")
    page.get_by_text("ani", exact=True).wait_for()
    page.goto(f"/admin/events/article/{quotation.article_id}/change/")
    page.locator("#id_title").fill("Typed and not saved yet")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Check the source now").click()
    result = opened.value
    expect(result.locator(".messagelist .success")).to_have_text(
        "“Talks”: the page is there; 1 quotation: in the source; a new snapshot is stored."
    )
    assert page.locator("#id_title").input_value() == "Typed and not saved yet"
    with result.expect_download() as download:
        result.goto(f"/admin/events/snapshot/{Snapshot.objects.get().pk}/change/")
        result.get_by_role("link", name="Download the WARC file").click()
    assert re.fullmatch(rf"{quotation.article_id}-\w+\.warc\.gz", download.value.suggested_filename)

    reader = result
    reader.goto(quotation.get_absolute_url())
    assert reader.locator("p.state").inner_text().startswith("Stood in the source on ")
    press.pages["/a"] = answer("<h1>Not found</h1>", "404 Not Found")
    reader.goto(f"/admin/events/article/{quotation.article_id}/change/")
    with reader.context.expect_page() as opened:
        reader.get_by_role("button", name="Check the source now").click()
    expect(opened.value.locator(".messagelist .warning")).to_contain_text("the page is gone")
    reader.goto(quotation.get_absolute_url())
    assert re.fullmatch(
        r"The source is gone: these words were last seen there on .+, and the page was not found on .+\."
        r" The archive keeps a record of the page of .+\.",
        reader.locator("p.state").inner_text(),
    )
    page.goto("/quotations/")
    assert page.locator(".row .state--gone").inner_text().startswith("source gone, last seen ")


@pytest.mark.viewport(320, 700)
@pytest.mark.parametrize("state", ["same", "moved", "changed", "gone", "failing"])
def test_is_told_by_a_sign_and_words_on_paper_and_small_screens(page: Page, quotation, state):
    factories.SourceCheckFactory(
        quotation=quotation, state=state, nearest="We sign" if state == "changed" else ""
    )
    signs = {"same": "✓", "moved": "↕", "changed": "≠", "gone": "✕", "failing": "?"}
    page.goto(quotation.get_absolute_url())
    mark = page.locator("p.state")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        assert mark.is_visible()
        sign = mark.evaluate("element => getComputedStyle(element, '::before').content")
        assert sign.startswith(f'"{signs[state]}')
    page.emulate_media(media="screen")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
