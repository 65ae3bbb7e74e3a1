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
        "how to search": "/about/search/",
        "search": "/search/",
        "found": "/search/?q=meeting+OR+word",
        "found in one kind": "/search/?q=meeting+OR+word&noun=quotation&exact=1",
        "found nothing": "/search/?q=nothing-like-it",
        "missing": "/no-such-page/",
        "withdrawn": withdrawn.get_absolute_url(),
        "empty list": "/meetings/?q=nothing-like-it",
        "narrowed list": f"/meetings/?participant={records['participants'].pk}&kind=talks&from=2023",
        "wrong list": "/meetings/?from=yesterday&participant=x",
        "second page": "/meetings/?page=2",
        "year": "/meetings/2022/",
        "month": "/meetings/2023/02/",
        "day": "/meetings/2023/02/27/",
        "empty day": "/meetings/1950/01/01/",
        "wrong date": "/meetings/2023/02/30/",
        "day of all years": "/meetings/on-this-day/02-27/",
        "too deep": "/meetings/?sort=date&page=402",
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
    """Chromium notes an answer of 403, 404 or 410 as an error of the console; these pages are meant to answer so."""
    meant = ("403 (Forbidden)", "404 (Not Found)", "410 (Gone)")
    refused = tuple(addresses[name] for name in ("missing", "withdrawn", "wrong date", "too deep"))
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


def test_from_a_year_to_a_meeting_and_back(page: Page):
    for title, held_on in {"Call": "2023-02-03", "Visit": "2023-02-27/2023-02-28", "Some": "2023-02"}.items():
        factories.MeetingFactory(title=title, held_on=held_on)
    page.goto("/meetings/2023/")
    assert titles(page) == ["Some", "Call", "Visit"]
    page.get_by_role("link", name="February 3 meetings").click()
    page.wait_for_url("**/meetings/2023/02/")
    assert titles(page) == ["Call", "Visit", "Some"]
    calendar = page.get_by_role("table", name="February 2023")
    links = "links => links.map(link => link.textContent.replace(/\\s+/g, ' '))"
    assert calendar.get_by_role("link").evaluate_all(links) == ["3 1 meeting", "27 1 meeting", "28 1 meeting"]
    calendar.get_by_role("link", name="3 1 meeting", exact=True).click()
    page.wait_for_url("**/meetings/2023/02/03/")
    assert titles(page) == ["Call"]
    assert page.get_by_role("link", name="3 1 meeting", exact=True).get_attribute("aria-current") == "page"
    page.get_by_role("navigation", name="Days with meetings").get_by_role("link").click()
    page.wait_for_url("**/meetings/2023/02/27/")
    page.get_by_role("link", name="Visit").click()
    page.get_by_role("link", name="27–28 February 2023").click()
    page.wait_for_url("**/meetings/2023/02/27/")
    page.go_back()
    page.go_back()
    assert page.get_by_role("heading", level=1).inner_text() == "Monday, 27 February 2023"
    crumbs = page.get_by_role("navigation", name="Breadcrumb")
    assert crumbs.get_by_role("listitem").all_inner_texts() == ["Meetings", "2023", "February", "27"]
    crumbs.get_by_role("link", name="February").click()
    page.wait_for_url("**/meetings/2023/02/")


@pytest.mark.viewport(360, 740)
def test_dates_without_javascript(browser: Browser, live_server):
    factories.MeetingFactory(title="Visit", held_on="2023-02-27/2023-02-28")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    window = context.new_page()
    window.goto("/meetings/2023/")
    window.get_by_role("link", name="February 1 meeting").click()
    window.get_by_role("link", name="28 1 meeting").click()
    assert titles(window) == ["Visit"]
    window.get_by_role("navigation", name="Days with meetings").get_by_role("link").click()
    assert window.url.endswith("/meetings/2023/02/27/")
    context.close()
