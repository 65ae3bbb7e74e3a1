"""Every type of page in a real Chromium: accessible, inside its window, and right without JavaScript."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from events.models import Article, Status
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

SERIOUS = {"serious", "critical"}


@pytest.fixture
def addresses() -> dict[str, str]:
    """One address of each type of page and of each state that it can be in."""
    records = factories.fill(3)
    for _ in range(26):
        factories.MeetingFactory(held_on="2022")
    excerpts = factories.ArticleFactory(
        text="Before that she said “one thing” twice, and then “one thing” more.\nThe end.",
        rights=Article.Rights.EXCERPTS,
    )
    said = factories.QuotationFactory(article=excerpts, exact="“one thing” twice")
    unchecked = factories.QuotationFactory(article=factories.ArticleFactory(title=""))
    withdrawn = factories.MeetingFactory()
    withdrawn.status, withdrawn.withdrawal_reason = Status.WITHDRAWN, "Recorded twice."
    withdrawn.save()
    lists = ("meetings", "participants", "quotations", "articles", "places", "agreements", "topics")
    return {
        "home": "/",
        "about": "/about/",
        "names": "/about/names/",
        "missing": "/no-such-page/",
        "withdrawn": withdrawn.get_absolute_url(),
        "empty list": "/meetings/?q=nothing-like-it",
        "narrowed list": f"/meetings/?participant={records['participants'].pk}&kind=talks&from=2023",
        "wrong list": "/meetings/?from=yesterday&participant=x",
        "second page": "/meetings/?page=2",
        "all values": "/meetings/by/participant/",
        "no such value": "/meetings/by/participant/?find=nothing-like-it",
        "excerpts": excerpts.get_absolute_url(),
        "excerpt": said.get_absolute_url(),
        "unchecked": unchecked.get_absolute_url(),
        **{noun: f"/{noun}/" for noun in lists},
        **{f"one of {noun}": records[noun].get_absolute_url() for noun in lists},
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_serious(page: Page, addresses, browser_problems, width, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    found = {}
    for name, address in addresses.items():
        page.goto(address)
        for panel in page.locator("details:not([open]) > summary").all():
            if panel.is_visible():
                panel.click()
        violations = Axe().run(page).response["violations"]
        serious = [
            (one["id"], node["target"])
            for one in violations
            if one["impact"] in SERIOUS
            for node in one["nodes"]
        ]
        if serious:
            found[name] = serious
    expect_refusals(browser_problems, addresses)
    assert found == {}


@pytest.mark.viewport(320, 640)
def test_nothing_is_wider_than_the_window(page: Page, addresses, browser_problems):
    wide = {}
    for name, address in addresses.items():
        page.goto(address)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond:
            wide[name] = beyond
    expect_refusals(browser_problems, addresses)
    assert wide == {}


def expect_refusals(browser_problems: list[str], addresses: dict[str, str]) -> None:
    """Chromium notes an answer of 404 or 410 as an error of the console; these two pages are meant to answer so."""
    meant = ("404 (Not Found)", "410 (Gone)")
    refused = (addresses["missing"], addresses["withdrawn"])
    kept = [
        problem
        for problem in browser_problems
        if not (any(one in problem for one in meant) and problem.rstrip(")").endswith(refused))
    ]
    browser_problems[:] = kept


def test_paper_shows_the_record_and_where_its_sources_stand(page: Page, addresses):
    page.emulate_media(media="print")
    page.goto(addresses["one of meetings"])
    seen = {
        selector: page.locator(selector).first.is_visible()
        for selector in ("h1", ".record__foot", ".mainnav", ".colophon ul")
    }
    assert seen == {"h1": True, ".record__foot": True, ".mainnav": False, ".colophon ul": False}
    link = page.locator("a.external").first
    printed = link.evaluate("element => getComputedStyle(element, '::after').content")
    assert f"<{link.get_attribute('href')}>" in printed.replace('" "', "").replace('"', "").replace(" ", "")


def test_the_keyboard_skips_to_the_content(page: Page, addresses):
    page.goto("/meetings/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.fixture
def meetings() -> dict[str, Any]:
    people = {name: factories.ParticipantFactory(name=name) for name in ("Ann Petrosyan", "Ben Aliyev")}
    others = [factories.ParticipantFactory() for _ in range(8)]
    for title, who in {"Talks of two": ["Ann Petrosyan", "Ben Aliyev"], "Call": ["Ben Aliyev"]}.items():
        meeting = factories.MeetingFactory(title=title, held_on="2023-02-27")
        for name in who:
            factories.AttendanceFactory(meeting=meeting, participant=people[name])
    return {**people, "others": others}


def titles(page: Page) -> list[str]:
    return page.locator(".rows .row__title").all_inner_texts()


def test_filters_by_keyboard_and_back(page: Page, meetings):
    page.goto("/meetings/")
    assert titles(page) == ["Call", "Talks of two"]
    page.locator(f"#id_participant_{meetings['Ann Petrosyan'].pk}").focus()
    page.keyboard.press("Space")
    page.wait_for_url(f"**/meetings/?participant={meetings['Ann Petrosyan'].pk}")
    expect(page.locator("#results")).to_have_text("1 meeting")
    assert titles(page) == ["Talks of two"]
    page.get_by_role("link", name="Participants: Ann Petrosyan").press("Enter")
    page.wait_for_url("**/meetings/")
    expect(page.locator("#results")).to_have_text("2 meetings")
    assert titles(page) == ["Call", "Talks of two"]
    page.go_back()
    expect(page.locator("#results")).to_have_text("1 meeting")
    assert titles(page) == ["Talks of two"]


@pytest.mark.parametrize(("width", "folded"), [(360, True), (1280, False)])
def test_filters_without_javascript(browser: Browser, live_server, meetings, width, folded):
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": width, "height": 800}
    )
    window = context.new_page()
    window.goto("/meetings/")
    field = window.get_by_label("Words or names, in any script")
    assert field.is_visible() != folded
    if folded:
        window.get_by_text("Filters", exact=True).click()
    field.fill("Петросян")
    window.get_by_role("button", name="Show").click()
    assert titles(window) == ["Talks of two"]
    context.close()
