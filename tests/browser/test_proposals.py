"""An editor decides proposals in a real browser: by keyboard, by mouse, without JavaScript; and axe looks at every state."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from events.editing import proposals
from events.editing.suggestions import Candidate
from events.models import Article, Participant, Quotation
from tests import factories
from tests.browser.test_desk import desk  # noqa: F401
from tests.editing.test_proposals import INNER, OUTER, TALKS, TEXT, everything, person, row

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article() -> Article:
    found = factories.ArticleFactory(
        title="Talks",
        text=TEXT + "\nA second line with 𝐞𝐢𝐠𝐡𝐭 words.",
        language="en",
        published_on="2023-02-28",
        status="draft",
    )
    proposals.refresh(found, everything())
    return found


@pytest.fixture
def address(article: Article) -> str:
    return f"/admin/events/article/{article.pk}/proposals/"


def active(page: Page) -> str:
    """The words of the card that the keys act on, which has the focus too."""
    return page.locator(".proposal.is-active:focus h3").inner_text()


def wait_for(page: Page, message: str) -> None:
    expect(page.locator("#proposals-announcement")).to_contain_text(message)


def expect_refusals(problems: list[str], status: str) -> None:
    """The browser notes each answer that is no success; this one was wanted."""
    assert [status in problem for problem in problems] == [True]
    problems.clear()


def test_the_key_that_undoes_finds_what_was_decided_last(desk: Page, article, address):  # noqa: F811
    desk.goto(address)
    desk.keyboard.press("u")  # nothing is decided, and nothing happens
    desk.keyboard.press("a")
    wait_for(desk, f"Next: {INNER}")
    desk.keyboard.press("x")
    wait_for(desk, f"Dismissed: {INNER}")
    assert active(desk) == "“No”"
    desk.keyboard.press("u")
    wait_for(desk, f"Waiting again: {INNER}")
    assert active(desk) == INNER
    desk.keyboard.press("u")
    wait_for(desk, f"Waiting again: {OUTER}")
    assert active(desk) == OUTER
    assert (Quotation.objects.count(), desk.locator("[data-group=quotation]").inner_text()) == (
        0,
        "3 waiting, 0 accepted, 0 dismissed",
    )


def test_the_keyboard_path(desk: Page, article, address):  # noqa: F811
    halvard = factories.ParticipantFactory(name="Oren Halvard")
    desk.goto(f"/admin/events/article/{article.pk}/change/")
    desk.get_by_role("link", name="Proposals", exact=True).click()
    assert active(desk) == OUTER
    assert "".join(desk.locator("mark.is-active").all_inner_texts()) == OUTER
    desk.keyboard.press("j")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("k")
    assert active(desk) == INNER
    desk.keyboard.press("ArrowUp")

    desk.keyboard.press("a")
    wait_for(desk, "It rests on these, which were accepted too: Mira Tal.")
    wait_for(desk, f"Next: {INNER}")
    assert active(desk) == INNER
    assert (
        desk.locator(f"#proposal-{row(article, 'Mira Tal', 'participant').pk}").get_attribute("data-decision")
        == "accepted"
    )
    assert desk.locator("[data-group=quotation]").inner_text() == "2 waiting, 1 accepted, 0 dismissed"

    # Correct the speaker of the words within: a name in another script.
    desk.keyboard.press("e")
    desk.locator(".proposal-form").wait_for()
    desk.locator(".proposal-field--speaker .select2-selection").focus()
    desk.keyboard.press("Enter")
    desk.locator(".select2-container--open .select2-search__field").press_sequentially("Халвард")
    desk.locator(".select2-results__option--highlighted", has_text="Oren Halvard").wait_for()
    desk.keyboard.press("Enter")
    attribution = desk.locator(".proposal-form [name=attribution]")
    attribution.fill("")
    attribution.press_sequentially("axu?")  # no keys of the page while typing
    desk.get_by_role("button", name="Accept as corrected").press("Enter")
    wait_for(desk, "Accepted as a draft: ‘we are ready’.")
    inner = Quotation.objects.get(exact=INNER)
    assert (inner.speaker, inner.attribution, inner.within.exact) == (halvard, "axu?", OUTER)

    assert active(desk) == "“No”"
    desk.keyboard.press("x")
    wait_for(desk, "Dismissed: “No”")
    assert active(desk) == TALKS
    desk.keyboard.press("k")
    assert active(desk) == "“No”"
    desk.keyboard.press("u")
    wait_for(desk, "Waiting again: “No”")
    assert active(desk) == "“No”"
    desk.keyboard.press("k")
    desk.keyboard.press("u")
    wait_for(desk, "Waiting again: ‘we are ready’")
    assert [one.exact for one in Quotation.objects.all()] == [OUTER]
    assert set(Quotation.objects.values_list("status", flat=True)) == {"draft"}

    desk.keyboard.press("?")
    assert desk.get_by_role("dialog").is_visible()
    desk.keyboard.press("x")
    desk.keyboard.press("Escape")
    assert not desk.get_by_role("dialog").is_visible()
    desk.keyboard.press("e")
    desk.locator(".proposal-form").wait_for()
    desk.keyboard.press("Escape")
    desk.locator(".proposal-form").wait_for(state="detached")
    assert active(desk) == INNER
    assert row(article, INNER).decision == "waiting"


def test_all_of_it_and_on_to_the_next_article(desk: Page, article, address):  # noqa: F811
    other = factories.ArticleFactory(title="Another one", text=TEXT + " Again.", language="en")
    proposals.refresh(other, everything())
    desk.goto(address)
    for words in (OUTER, INNER, "“No”", TALKS):
        assert active(desk) == words
        desk.keyboard.press("Enter")
        wait_for(desk, "Accepted as a draft")
        noun = "meeting" if words == TALKS else "quotation"
        expect(desk.locator(f"#proposal-{row(article, words, noun).pk}")).to_have_class(
            re.compile("is-accepted")
        )
    wait_for(desk, "Everything is decided.")
    assert (
        desk.evaluate("document.activeElement.textContent")
        == "Next article with waiting proposals: Another one (7)"
    )
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/article/{other.pk}/proposals/")
    assert (Quotation.objects.count(), Participant.objects.count()) == (3, 2)


def select(page: Page, first: str, last: str) -> None:
    """Select from the first words to the last ones, wherever marks and numbers stand between them."""
    page.evaluate(
        """([first, last]) => {
            const walker = document.createTreeWalker(document.getElementById("proposals-text"), NodeFilter.SHOW_TEXT);
            const range = document.createRange();
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                if (node.data.includes(first)) range.setStart(node, node.data.indexOf(first));
                if (node.data.includes(last)) range.setEnd(node, node.data.indexOf(last) + last.length);
            }
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }""",
        [first, last],
    )


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("what he told", "we are", "what he told us: ‘we are"),  # over the number of another proposal
        ("second line", "𝐞𝐢𝐠𝐡𝐭", "second line with 𝐞𝐢𝐠𝐡𝐭"),  # a character of two UTF-16 units
        ("forum", "second", "forum opens today.\nA second"),  # over a line break
    ],
)
def test_other_words_are_selected_in_the_text(desk: Page, article, address, first, last, words):  # noqa: F811
    desk.goto(address)
    desk.keyboard.press("e")
    desk.locator(".proposal-form").wait_for()
    select(desk, first, last)
    desk.get_by_role("button", name="Use the words selected in the text").click()
    desk.get_by_role("button", name="Accept as corrected").click()
    wait_for(desk, "Accepted as a draft")
    assert Quotation.objects.get().exact == words
    assert article.text.index(words) == Quotation.objects.get().start


def test_a_wrong_correction_is_told_in_its_card(desk: Page, article, address, browser_problems):  # noqa: F811
    desk.goto(address)
    desk.keyboard.press("e")
    desk.locator(".proposal-form [name=said_on]").fill("yesterday")
    desk.get_by_role("button", name="Accept as corrected").click()
    expect(desk.locator(".proposal-field--said_on .errorlist")).to_contain_text("yesterday")
    expect_refusals(browser_problems, "422")
    assert Quotation.objects.count() == 0


def test_a_mouse_leads_from_the_text_to_the_card(desk: Page, article, address):  # noqa: F811
    desk.goto(address)
    one = row(article, "Port Aster", "place")
    desk.locator(f"#words-{one.pk}").click()
    assert active(desk) == "Port Aster"
    desk.locator(f"#proposal-{one.pk}").get_by_role("button", name="Dismiss").click()
    wait_for(desk, "Dismissed: Port Aster")
    assert desk.locator("mark", has_text="Port Aster").get_attribute("class") == "place--dismissed"


def test_two_editors(desk: Page, article, address, browser_problems):  # noqa: F811
    desk.goto(address)
    other = factories.UserFactory(username="nino", is_superuser=True)
    proposals.accept(row(article, OUTER), other)
    desk.keyboard.press("x")
    wait_for(desk, "nino accepted this already. Nothing was changed.")
    assert desk.locator(f"#proposal-{row(article, OUTER).pk}").get_attribute("data-decision") == "accepted"

    changed = Article.objects.get()
    changed.text = changed.text.replace("Monday", "Friday")
    changed.save()
    proposals.refresh(changed, everything(quotations=(), participants=(), places=()))
    desk.locator(f"#proposal-{row(article, TALKS, 'meeting').pk}").focus()
    desk.keyboard.press("a")
    wait_for(desk, "The article’s text has changed since this page was opened")
    desk.get_by_role("button", name="Reload the page").click()
    expect(desk.locator("#proposals-text")).to_contain_text("Friday")
    expect_refusals(browser_problems, "409")


def test_a_number_chooses_one_of_several(desk: Page, article, address):  # noqa: F811
    several = [factories.ParticipantFactory(name="Oren Vesk") for _ in range(2)]
    found = tuple(Candidate(one.pk, one.name, f"number {one.pk}", one.status) for one in several)
    proposals.refresh(
        article, everything(participants=(person("Mira Tal"), person("Oren Vesk", candidates=found)))
    )
    desk.goto(f"{address}#proposal-{row(article, 'Oren Vesk', 'participant').pk}")
    desk.keyboard.press("2")
    wait_for(desk, "linked with what the archive has: Oren Vesk.")
    assert row(article, "Oren Vesk", "participant").participant == several[1]


def test_without_javascript(desk: Page, browser, live_server, article, address):  # noqa: F811
    state = desk.context.storage_state()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(address)
    card = page.locator(f"#proposal-{row(article, OUTER).pk}")
    card.get_by_role("button", name="Accept").click()
    assert page.url.endswith(f"#proposal-{row(article, INNER).pk}")
    assert page.locator(".messagelist .success").count() == 1
    page.locator(f"#proposal-{row(article, INNER).pk}").get_by_role("link", name="Correct").click()
    page.get_by_label("Speaker").select_option("Mira Tal")
    page.get_by_label("Reported by").select_option(value="")
    page.get_by_label("Words").fill("we are ready")
    page.get_by_role("button", name="Accept as corrected").click()
    assert page.locator(".messagelist .success").count() == 1
    page.locator(f"#proposal-{row(article, '“No”').pk}").get_by_role("button", name="Dismiss").click()
    page.locator(f"#proposal-{row(article, '“No”').pk}").get_by_role("button", name="Undo").click()
    assert row(article, "“No”").decision == "waiting"
    assert Quotation.objects.get(exact=INNER).speaker.name == "Mira Tal"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 900, 1280])
def test_axe_and_the_width(desk: Page, article, address, width, scheme, browser_problems):  # noqa: F811
    user = factories.UserFactory(username="nino", is_superuser=True)
    proposals.accept(row(article, OUTER), user)
    proposals.dismiss(row(article, "“No”"), user)
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 800})
    found = {}
    for name, where in {"list": address, "form": f"{address}?correct={row(article, INNER).pk}"}.items():
        desk.goto(where)
        if name == "list":
            desk.keyboard.press("?")
            desk.keyboard.press("Escape")
        assert browser_problems == []
        violations = Axe().run(desk).response["violations"]
        browser_problems.clear()  # axe itself tries inline styles, which the page's policy refuses
        serious = [
            (one["id"], node["target"])
            for one in violations
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]
        beyond = desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if serious or beyond:
            found[name] = (serious, beyond)
    assert found == {}
