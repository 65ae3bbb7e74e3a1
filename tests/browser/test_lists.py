"""A list in a real Chromium: filters that change it in place, the address as its saved state, and the same without JavaScript."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from events.models import Name
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def archive() -> dict[str, Any]:
    """Thirty talks with Ann Petrosyan in 2021 and 2022, a visit with her and Ben Aliyev in 2023, and twelve people beside them."""
    ann = factories.ParticipantFactory(name="Ann Petrosyan", country="AM")
    ben = factories.ParticipantFactory(name="Ben Aliyev", country="AZ")
    for text, language in (("Бен Алиев", "ru"), ("ბენ ალიევი", "ka"), ("Բեն Ալիև", "hy")):
        Name.objects.create(participant=ben, text=text, language=language)
    for number in range(30):
        meeting = factories.MeetingFactory(
            title=f"Talks {number:02}", kind="talks", held_on=f"202{1 + number % 2}-05-{number % 28 + 1:02}"
        )
        factories.AttendanceFactory(meeting=meeting, participant=ann)
    visit = factories.MeetingFactory(title="Visit", kind="visit", held_on="2023-02-27")
    for person in (ann, ben, *(factories.ParticipantFactory(name=f"Guest {n:02}") for n in range(12))):
        factories.AttendanceFactory(meeting=visit, participant=person)
    return {"ann": ann, "ben": ben}


def count(page: Page) -> Locator:
    return page.locator("#results")


def titles(page: Page) -> list[str]:
    return page.locator(".rows .row__title").all_inner_texts()


def expect_list(page: Page, query: str, counted: str) -> None:
    """The list of this address is shown, with so many records."""
    expect(page).to_have_url(re.compile(re.escape(f"/meetings/{query}") + "$"))
    expect(count(page)).to_have_text(counted)
    expect(page.locator("#found")).not_to_have_attribute("aria-busy", "true")


def values(page: Page, facet: str) -> list[str]:
    """What a facet offers, with the counts."""
    return [" ".join(text.split()) for text in page.locator(f"#facet_{facet} .choice").all_text_contents()]


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


def aborted(problems: list[str]) -> None:
    """htmx writes requests that a newer one has replaced into the console as errors."""
    problems[:] = [one for one in problems if "htmx:afterRequest" not in one and "htmx:sendAbort" not in one]


class TestInPlace:
    def test_filters_and_unfilters(self, page: Page, archive):
        page.goto("/meetings/")
        page.locator("#id_kind_visit").check()
        expect_list(page, "?kind=visit", "1 meeting")
        assert (titles(page), focused(page)) == (["Visit"], "id_kind_visit")
        expect(page.locator("#announced")).to_have_text("1 meeting")
        expect(page).to_have_title("Meetings: Visit · South Caucasus Diplomatic Archive")
        page.keyboard.press("Space")
        expect_list(page, "", "31 meetings")
        assert focused(page) == "id_kind_visit"
        expect(page).to_have_title("Meetings · South Caucasus Diplomatic Archive")

    def test_counts_follow_the_other_filters(self, page: Page, archive):
        page.goto("/meetings/?from=2023")
        assert values(page, "kind") == ["Visit (1)"]
        page.get_by_role("link", name="From: 2023").click()
        expect_list(page, "", "31 meetings")
        assert values(page, "kind") == ["Talks (30)", "Visit (1)"]
        assert page.locator("#id_from").input_value() == ""

    def test_pages_and_goes_back_and_forward(self, page: Page, archive):
        page.goto("/meetings/")
        page.locator("#id_kind_talks").check()
        expect_list(page, "?kind=talks", "30 meetings")
        page.get_by_role("link", name="Page 2").click()
        expect_list(page, "?kind=talks&page=2", "30 meetings")
        assert (len(titles(page)), focused(page)) == (5, "results")
        expect(page.locator("#results")).to_be_in_viewport()
        page.go_back()
        expect_list(page, "?kind=talks", "30 meetings")
        assert (len(titles(page)), page.locator("#id_kind_talks").is_checked()) == (25, True)
        page.go_back()
        expect_list(page, "", "31 meetings")
        assert page.locator("#id_kind_talks").is_checked() is False
        page.go_forward()
        expect_list(page, "?kind=talks", "30 meetings")
        page.locator("#id_kind_talks").uncheck()  # the panel that came back works
        expect_list(page, "", "31 meetings")

    def test_comes_back_whole_from_a_record(self, page: Page, archive):
        page.goto("/meetings/")
        page.locator("#id_kind_visit").check()
        expect_list(page, "?kind=visit", "1 meeting")
        page.get_by_role("link", name="Visit", exact=True).click()
        expect(page.locator("h1")).to_have_text("Visit")
        page.go_back()
        expect_list(page, "?kind=visit", "1 meeting")
        assert page.locator(".masthead").count() == 1

    def test_words_are_asked_while_they_are_typed(self, page: Page, archive, browser_problems):
        page.goto("/meetings/")
        page.locator("#id_q").press_sequentially("Алиев", delay=20)
        expect_list(page, "?q=%D0%90%D0%BB%D0%B8%D0%B5%D0%B2", "1 meeting")
        assert (page.locator("#id_q").input_value(), focused(page)) == ("Алиев", "id_q")
        steps = page.evaluate("history.length")
        page.locator("#id_q").press_sequentially(" visit", delay=20)
        expect(page).to_have_url(re.compile("visit$"))
        assert page.evaluate("history.length") == steps
        aborted(browser_problems)

    def test_a_late_answer_does_not_replace_a_newer_one(self, page: Page, archive, browser_problems):
        page.goto("/meetings/")
        held: list[Route] = []

        def hold_the_first(route: Route) -> None:
            if held:
                route.continue_()
            else:
                held.append(route)

        page.route("**/meetings/?*", hold_the_first)
        with page.expect_request("**/meetings/?*kind=visit*"):
            page.locator("#id_kind_visit").check()
        page.locator("#id_kind_visit").uncheck()
        page.locator("#id_kind_talks").check()
        expect_list(page, "?kind=talks", "30 meetings")
        assert len(held) == 1  # the answer that was replaced; htmx takes none of it any more
        aborted(browser_problems)

    def test_years_are_a_range(self, page: Page, archive):
        page.goto("/meetings/")
        page.locator("#year_2021").click()
        expect_list(page, "?from=2021&to=2021", "15 meetings")
        page.locator("#year_2022").click(modifiers=["Shift"])
        expect_list(page, "?from=2021&to=2022", "30 meetings")
        assert [page.locator(f"#id_{name}").input_value() for name in ("from", "to")] == ["2021", "2022"]
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect_list(page, "?from=2023&to=2023", "1 meeting")
        assert focused(page) == "year_2023"
        page.keyboard.press("Enter")
        expect_list(page, "", "31 meetings")

    def test_a_wrong_day_is_said_at_its_field(self, page: Page, archive):
        page.goto("/meetings/?kind=visit")
        page.locator("#id_from").fill("soon")
        page.locator("#id_from").press("Tab")
        expect_list(page, "?kind=visit&from=soon", "No results")
        said = "“soon” is no day. Write 2023-02-27, 2023-02 or 2023."
        expect(page.locator("#id_from_error")).to_have_text(said)
        expect(page.locator("#found [role=alert]")).to_contain_text(said)
        page.locator("#id_from").fill("2023")
        page.locator("#id_from").press("Tab")
        expect_list(page, "?kind=visit&from=2023", "1 meeting")
        expect(page.locator("#id_from_error")).to_be_empty()

    def test_what_the_reader_folds_stays_folded(self, page: Page, archive):
        page.goto("/meetings/")
        page.locator("#facet_state > summary").click()
        page.locator("#id_kind_visit").check()
        expect_list(page, "?kind=visit", "1 meeting")
        assert page.locator("#facet_state").get_attribute("open") is None
        assert page.locator("#facet_kind").get_attribute("open") is not None


class TestTrouble:
    @pytest.mark.parametrize(
        ("fails", "said"),
        [
            (
                lambda route: route.abort(),
                "The archive cannot be reached. You still see the list from before.",
            ),
            (
                lambda route: route.fulfill(status=503, body="<h1>Busy</h1>"),
                "The archive could not answer this. You still see the list from before.",
            ),
        ],
    )
    def test_is_said_and_leaves_the_list(self, page: Page, archive, browser_problems, fails, said):
        page.goto("/meetings/")
        page.route("**/meetings/?*", fails)
        page.locator("#id_kind_visit").check()
        expect(page.locator("#trouble p").first).to_have_text(said)
        assert (len(titles(page)), page.locator("#found").get_attribute("aria-busy")) == (25, None)
        page.unroute("**/meetings/?*")
        page.get_by_role("link", name="Try again").click()
        expect(count(page)).to_have_text("1 meeting")
        expect(page.locator("#trouble")).to_be_hidden()
        browser_problems.clear()

    def test_goes_with_the_next_answer(self, page: Page, archive, browser_problems):
        page.goto("/meetings/")
        page.route("**/meetings/?*", lambda route: route.abort())
        page.locator("#id_kind_visit").check()
        expect(page.locator("#trouble")).to_be_visible()
        page.unroute("**/meetings/?*")
        page.locator("#id_kind_talks").check()
        expect_list(page, "?kind=talks&kind=visit", "31 meetings")
        expect(page.locator("#trouble")).to_be_hidden()
        browser_problems.clear()

    def test_text_becomes_markup_only_as_an_answer(self, page: Page, archive, browser_problems):
        page.goto("/meetings/")
        tried = page.evaluate(
            """() => [
                () => { document.body.innerHTML = "<b>x</b>"; },
                () => new DOMParser().parseFromString("<b>x</b>", "text/html"),
                () => Document.parseHTMLUnsafe("<b>x</b>"),
                () => document.body.insertAdjacentHTML("beforeend", "<b>x</b>"),
                () => trustedTypes.createPolicy("another", {}),
                () => trustedTypes.createPolicy("default", {}),
            ].map((attempt) => { try { attempt(); return "done"; } catch (error) { return error.name; } })"""
        )
        assert tried == ["TypeError"] * 6
        browser_problems.clear()


class TestSuggestions:
    @pytest.mark.parametrize("typed", ["aliy", "Алие", "ალიე", "Ալիև"])
    def test_a_name_in_any_script_becomes_a_filter(self, page: Page, archive, typed):
        page.goto("/meetings/")
        box = page.locator("#find_participant")
        box.fill(typed)
        option = page.locator(".suggest__option")
        expect(option).to_have_count(1)
        expect(page.get_by_text("1 suggestion", exact=True)).to_be_attached()
        box.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        assert (
            page.locator("#find_participant").get_attribute("aria-activedescendant")
            == "find_participant_list_0"
        )
        box.press("Enter")
        expect_list(page, f"?participant={archive['ben'].pk}", "1 meeting")
        assert values(page, "participant")[0] == "Ben Aliyev (1)"

    def test_are_closed_by_escape_and_chosen_by_a_click(self, page: Page, archive):
        page.goto("/meetings/")
        box = page.locator("#find_participant")
        box.fill("guest")
        expect(page.locator(".suggest__option")).to_have_count(8)
        box.press("Escape")
        expect(page.locator(".suggest")).to_be_hidden()
        assert (box.get_attribute("aria-expanded"), box.input_value()) == ("false", "guest")
        box.press("Enter")
        expect_list(page, "", "31 meetings")
        box.fill("guest 0")
        page.locator(".suggest__option", has_text="Guest 07").click()
        expect(count(page)).to_have_text("1 meeting")

    def test_without_an_answer_there_are_none(self, page: Page, archive, browser_problems):
        page.goto("/meetings/")
        page.route("**/suggest/?*", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            page.locator("#find_participant").fill("aliyev")
        expect(page.locator(".suggest__option")).to_have_count(0)
        browser_problems.clear()


@pytest.mark.viewport(360, 740)
def test_a_narrow_window_has_the_filters_folded(page: Page, archive):
    page.goto("/meetings/?kind=visit")
    summary = page.locator("details.filters > summary")
    assert (summary.inner_text(), page.locator("#id_q").is_visible()) == ("Filters (1)", False)
    summary.click()
    page.locator("#facet_participant > summary").click()
    page.get_by_label("Guest 05 (1)").check()
    expect(page.locator("#chosen")).to_have_text("(2)")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#id_q")).to_be_hidden()
    expect(page.locator("#results")).to_be_focused()
    expect(page.locator("#results")).to_be_in_viewport()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


@pytest.fixture(params=[360, 1280])
def plain(browser: Browser, live_server, request) -> Iterator[Page]:
    """A window without JavaScript."""
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": request.param, "height": 800}
    )
    window = context.new_page()
    yield window
    context.close()


def test_all_of_it_works_without_javascript(plain: Page, archive):
    plain.goto("/meetings/")
    if not plain.locator("#id_q").is_visible():
        plain.locator("details.filters > summary").click()
    assert plain.locator("#find_participant").is_visible() is False
    plain.locator("#id_kind_talks").check()
    plain.locator("#id_from").fill("2022")
    plain.get_by_role("button", name="Show").click()
    expect(count(plain)).to_have_text("15 meetings")
    assert len(titles(plain)) == 15
    plain.get_by_role("link", name="Kind: Talks").click()
    expect(count(plain)).to_have_text("16 meetings")
    if not plain.locator("#id_q").is_visible():
        plain.locator("details.filters > summary").click()
    plain.locator("#year_2023").click()
    expect(count(plain)).to_have_text("1 meeting")
    assert titles(plain) == ["Visit"]
    if not plain.locator("#id_q").is_visible():
        plain.locator("details.filters > summary").click()
    plain.get_by_role("link", name="All 14 participants").click()
    plain.get_by_label("Find a name, in any script").fill("ალიევი")
    plain.get_by_role("button", name="Find").click()
    expect(count(plain)).to_have_text("1 value")
    plain.locator(".values a").click()
    plain.wait_for_url(f"**/meetings/?participant={archive['ben'].pk}&from=2023&to=2023")
    assert titles(plain) == ["Visit"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_any_state(page: Page, archive, width, scheme):
    page.emulate_media(color_scheme=scheme)
    # So high that the bar with the button, which stays in sight, lies over nothing.
    page.set_viewport_size({"width": width, "height": 3000})
    found = {}

    def look(state: str) -> None:
        violations = (
            Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
        )
        if bad := [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations]:
            found[state] = bad

    page.goto("/meetings/?kind=talks&kind=visit")
    look("as it comes")
    if width == 360:
        page.locator("details.filters > summary").click()
    page.locator("#facet_participant").evaluate("part => { part.open = true; }")
    page.locator("#years_table > summary").click()
    look("all open")
    page.locator("#find_participant").fill("guest")
    expect(page.locator(".suggest__option")).to_have_count(8)
    page.locator("#find_participant").press("ArrowDown")
    look("suggestions")
    page.locator("#find_participant").press("Escape")
    page.locator("#id_kind_talks").uncheck()
    expect_list(page, "?kind=visit", "1 meeting")
    look("after a swap")
    page.goto("/meetings/by/participant/?find=guest&kind=visit")
    look("all values")
    assert found == {}
