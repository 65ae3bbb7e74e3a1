"""The desk's first page and the possible duplicates in a real browser, empty and full; and axe looks at both."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from events.editing import duplicates
from events.models import Distinction
from tests import factories
from tests.browser.test_desk import desk  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def fill() -> None:
    """Something on each list for the user of `desk`."""
    from django.contrib.auth import get_user_model

    me = get_user_model().objects.get(username="ani")
    other = factories.UserFactory(username="nino")
    factories.ArticleFactory(title="Talks in Port-Aster", status="draft", created_by=me, updated_by=me)
    factories.QuotationFactory(status="review", created_by=me, updated_by=me)
    for number in range(3):
        factories.MeetingFactory(title=f"Talks {number}", status="draft", created_by=me, updated_by=other)
        factories.AgreementFactory(status="review", created_by=other, updated_by=other)
    article = factories.ArticleFactory(text="Somewhere", title="Read", language="en")
    article.proposals.create(noun="place", start=0, end=4, exact="Some")
    factories.QuotationFactory(
        article=factories.ArticleFactory(), status="withdrawn", withdrawal_reason="Twice.", exact="“x”"
    )
    gone = factories.QuotationFactory(exact="“gone”")
    factories.SourceCheckFactory(quotation=gone, state="gone")
    for country in ("AM", "GE"):
        factories.ParticipantFactory(
            name="Mira Tal", country=country, description=f"A minister of {country}, for some years."
        )


def test_from_the_desk_to_a_list_and_to_a_decision(desk: Page):  # noqa: F811
    fill()
    desk.goto("/admin/")
    desk.get_by_role("link", name="3 agreements", exact=True).first.click()
    expect(desk.locator("#result_list tbody tr")).to_have_count(3)
    assert desk.url.endswith("/admin/events/agreement/?desk=review")
    desk.goto("/admin/")
    desk.get_by_role("link", name="1 pair of participants", exact=True).click()
    desk.get_by_role("button", name="Not the same").click()
    desk.get_by_text("Noted: they are not the same.").wait_for()
    desk.get_by_text("No two records look like one and the same.").wait_for()
    assert Distinction.objects.count() == 1
    desk.get_by_role("link", name="1 pair that is not the same").click()
    desk.get_by_role("button", name="Take back").click()
    desk.get_by_text("The pair is listed again where it looks alike.").wait_for()
    assert duplicates.pairs("participant").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_and_the_width(desk: Page, width, scheme, browser_problems):  # noqa: F811
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 800})
    found = {}
    for state in ("empty", "full"):
        if state == "full":
            fill()
        for address in (
            "/admin/",
            "/admin/events/participant/duplicates/",
            "/admin/events/meeting/?desk=drafts",
        ):
            desk.goto(address)
            assert browser_problems == []
            violations = Axe().run(desk).response["violations"]
            browser_problems.clear()  # axe itself tries inline styles, which the page's policy refuses
            serious = [
                (one["id"], node["target"])
                for one in violations
                if one["impact"] in {"serious", "critical"}
                for node in one["nodes"]
            ]
            beyond = desk.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if serious or (beyond and "desk=" not in address):
                found[state, address] = (serious, beyond)
    assert found == {}
