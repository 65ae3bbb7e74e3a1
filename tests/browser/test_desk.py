"""An editor takes an article in and records words of it in a real browser; a reviewer publishes; a reader sees it."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from playwright.sync_api import Page

from events.models import Article, Quotation
from tests import factories
from tests.press import answer

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = settings.BASE_DIR / "tests" / "data" / "pages"
TEXT = (settings.BASE_DIR / "tests" / "data" / "visit.txt").read_text()


@pytest.fixture
def desk(page: Page) -> Page:
    """The admin, with somebody signed in who has the rights of both groups."""
    user = factories.UserFactory(username="ani", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="events"))
    page.goto("/admin/")
    page.get_by_label("Username").fill("ani")
    page.get_by_label("Password").fill("password")
    page.keyboard.press("Enter")
    page.get_by_text("ani", exact=True).wait_for()
    return page


def test_from_a_pasted_text_to_public_words(desk: Page, browser, live_server):
    speaker = factories.ParticipantFactory(name="Miran Talver")
    reader = browser.new_context(base_url=live_server.url).new_page()

    desk.goto("/admin/events/article/add/")
    assert desk.evaluate("document.activeElement.name") == "text"  # ready to paste
    desk.keyboard.insert_text(TEXT)
    desk.get_by_label("Published").fill("2018-03-14")
    desk.locator("#id_language").fill("fr")
    desk.keyboard.press("Enter")
    desk.get_by_text("The byline “Par Claire Duval” was taken off the text.").wait_for()

    desk.locator("#id_quotations-0-exact").fill('"deux ports"')
    desk.locator("#id_quotations-0-speaker + .select2 .select2-selection").focus()
    desk.keyboard.press("Enter")
    desk.locator(".select2-container--open .select2-search__field").press_sequentially("Талвер")
    desk.locator(".select2-results__option--highlighted", has_text="Miran Talver").wait_for()
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Save and continue editing").click()
    desk.locator(".errornote").wait_for()
    assert desk.locator(".field-exact .errorlist").all_inner_texts() == [
        "These words do not stand in the text."
    ]
    assert Quotation.objects.count() == 0

    desk.locator("#id_quotations-0-exact").fill(
        '"Beaucoup d\'amis, même lointains, souhaitent\nrapprocher les deux rives"'
    )
    desk.get_by_role("button", name="Save and continue editing").click()
    desk.locator(".messagelist .success").wait_for()
    quotation = Quotation.objects.get()
    words = "« Beaucoup d’amis, même lointains, souhaitent rapprocher les deux rives »"
    assert (quotation.exact, quotation.speaker, quotation.status) == (words, speaker, "draft")
    assert desk.locator("#id_quotations-0-exact").input_value() == words

    address = quotation.get_absolute_url()
    assert reader.goto(address).status == 404
    desk.goto(address)
    assert desk.locator(".notice--draft").inner_text() == (
        "Draft. You see this as an editor: readers do not see this page."
    )
    publish(desk, "article")
    publish(desk, "quotation")
    assert reader.goto(address).status == 200
    assert reader.locator("mark").inner_text() == words
    assert reader.locator(".notice--draft").count() == 0
    reader.context.close()


def test_from_an_address_to_a_draft_by_the_keyboard(desk: Page, press):
    """The server of the article stands on this machine; the browser itself asks it for nothing."""
    press.pages["/1"] = answer((PAGES / "press-fr.html").read_bytes())
    factories.OutletFactory(name="Le Courrier des deux rives", host="127.0.0.1")

    desk.goto("/admin/")
    desk.get_by_role("link", name="Add article from address").press("Enter")
    desk.get_by_role("heading", name="Add article from address").wait_for()
    desk.locator("#id_url:focus").wait_for()
    desk.keyboard.insert_text(press.url("/none"))
    desk.keyboard.press("Enter")
    desk.locator(".errornote").wait_for()
    assert desk.locator(".field-url .errorlist").inner_text() == (
        "The server says that there is no such page (404 Not Found). Look the address up again, or paste the text."
    )

    desk.get_by_label("Address:").fill(press.url("/1"))
    desk.keyboard.press("Enter")
    desk.get_by_text("Nothing is stored yet.").wait_for()
    assert (desk.locator("#id_text").input_value() + "\n", Article.objects.count()) == (
        (PAGES / "press-fr.txt").read_text(),
        0,
    )
    assert desk.locator("#id_outlet option:checked").inner_text() == "Le Courrier des deux rives"
    desk.locator("#id_authors").fill("Claire Duval")
    desk.keyboard.press("Enter")
    desk.locator(".messagelist .success").wait_for()
    article = Article.objects.get()
    assert (
        article.title,
        article.authors,
        article.published_on,
        article.snapshots.count(),
        article.status,
    ) == (
        "À Port-Aster, le pari du dialogue",
        ["Claire Duval"],
        "2023-02-28",
        1,
        "draft",
    )

    desk.go_back()  # to the form that was sent, which is asked for again
    desk.get_by_text("This was stored already").wait_for()
    assert desk.url.endswith(f"/admin/events/article/{article.pk}/change/")

    desk.goto("/admin/events/article/")
    desk.get_by_role("link", name="Add from address").press("Enter")
    desk.get_by_label("Address:").fill(press.url("/1?utm_source=newsletter"))
    desk.keyboard.press("Enter")
    desk.get_by_role("alert").get_by_role("link", name="Open it").press("Enter")
    desk.get_by_role("heading", name="Change article").wait_for()
    assert (press.paths, Article.objects.count()) == (["/none", "/1"], 1)


@pytest.mark.viewport(360, 740)
def test_from_a_file_on_a_telephone(desk: Page):
    desk.goto("/admin/events/article/from-address/")
    assert desk.evaluate("document.documentElement.scrollWidth") == 360
    desk.get_by_label("or a file").set_input_files(PAGES / "gov-ka.html")
    desk.get_by_role("button", name="Read").click()
    desk.get_by_text("Read from gov-ka.html").wait_for()
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.locator(".messagelist .success").wait_for()
    assert Article.objects.get().text + "\n" == (PAGES / "gov-ka.txt").read_text()


def publish(desk: Page, noun: str) -> None:
    """Publish all records of the noun by the action of their list, with the keyboard."""
    desk.goto(f"/admin/events/{noun}/")
    desk.locator("#action-toggle").focus()
    desk.keyboard.press("Space")
    desk.locator("select[name=action]").select_option("publish")
    desk.get_by_role("button", name="Go").press("Enter")
    desk.locator("button[name=confirm]").press("Enter")
    desk.locator(".messagelist .success").wait_for()
    assert desk.locator(".messagelist .success").inner_text() == "1 record: Published."


def test_the_save_button_stays_in_sight(desk: Page):
    article = factories.ArticleFactory(text=TEXT, status="draft")
    desk.goto(f"/admin/events/article/{article.pk}/change/")
    desk.evaluate("window.scrollTo(0, document.body.scrollHeight / 3)")
    box = desk.get_by_role("button", name="Save", exact=True).bounding_box()
    assert (box["y"] > 0, box["y"] + box["height"] <= 800) == (True, True)
    assert Quotation.objects.count() == 0


def test_two_windows_with_one_article_lose_nothing(desk: Page):
    """What a browser sends of the values that a form was opened with: line breaks, digests, boxes and chosen records."""
    article = factories.ArticleFactory(title="Visite", text=TEXT, status="draft")
    quotation = factories.QuotationFactory(article=article, exact="« les textes adoptés »", status="draft")
    quotation.topics.add(factories.TopicFactory(label="Peace"))
    quotation.refresh_from_db()
    opened = quotation.version
    meeting = factories.MeetingFactory(summary="One line.\nAnother.")
    factories.CoverageFactory(article=article, meeting=meeting)
    address = f"/admin/events/article/{article.pk}/change/"
    other = desk.context.new_page()
    for window in (desk, other):
        window.goto(address)

    def save(window: Page, outcome: str) -> None:
        window.get_by_role("button", name="Save and continue editing").click()
        window.locator(outcome).wait_for()

    save(other, ".messagelist .success")  # nothing changed: no quotation has a new version
    quotation.refresh_from_db()
    assert quotation.version == opened
    other.locator("#id_text").fill("Un chapeau.\n" + TEXT)
    other.locator("#id_coverages-0-stance").select_option("contradicts")
    save(other, ".messagelist .success")

    desk.locator("#id_title").fill("Visite de deux jours")
    desk.locator("#id_quotations-0-attribution").fill("s’est borné à répondre")
    save(desk, "#conflict-heading")
    assert (
        desk.locator("#conflict-heading").inner_text() == "Put together: look it through"
    )  # no field was changed by both
    save(desk, ".messagelist .success")
    article.refresh_from_db()
    quotation.refresh_from_db()
    assert (article.title, article.text) == ("Visite de deux jours", "Un chapeau.\n" + TEXT.strip("\n"))
    assert article.text[quotation.start : quotation.end] == quotation.exact == "« les textes adoptés »"
    assert quotation.attribution == "s’est borné à répondre"
    assert [str(topic) for topic in quotation.topics.all()] == ["Peace"]
    assert article.coverages.get().stance == "contradicts"
