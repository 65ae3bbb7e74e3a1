"""A reader follows a quotation from a participant's page to the exact words, in the archive and on the publisher's page."""

import pytest
from playwright.sync_api import Locator, Page

from events import anchoring
from events.models import Article
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "« Nous avons parlé de [leurs] ports […] et de rien d’autre »"
INNER = "« les deux rives »"
FILLING = "\n\n".join(f"Paragraphe {n} : la mer était calme, et les ports fermés." for n in range(60))
TEXT = f"{FILLING}\n\nTalver a dit : {WORDS}, a-t-il souri devant la presse.\n\n{FILLING}"


@pytest.fixture
def said():
    """Words in the middle of a long article of which only excerpts may be shown."""
    article = factories.ArticleFactory(
        title="Visite", language="fr", text=TEXT, rights=Article.Rights.EXCERPTS, published_on="2018-03-14"
    )
    speaker = factories.ParticipantFactory(name="Miran Talver")
    factories.TenureFactory(person=speaker, title="Minister of Foreign Affairs", period="2015/2020")
    return factories.QuotationFactory(
        article=article,
        speaker=speaker,
        language="fr",
        exact='"Nous avons parlé de [leurs] ports [...] et de rien d\'autre"',
        said_on="2018-03-13",
    )


def in_sight(page: Page, place: Locator) -> bool:
    box = place.bounding_box()
    height = page.viewport_size["height"]
    return bool(box and box["y"] >= 0 and box["y"] + box["height"] <= height)


@pytest.mark.parametrize("width", [360, 1280])
def test_from_the_participant_to_the_words(page: Page, said, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/participants/?q=Талвер")
    page.get_by_role("link", name="Miran Talver").click()
    row = page.locator(".row.quotation")
    assert row.locator(".row__speaker").inner_text() == "Miran TalverMinister of Foreign Affairs"
    row.get_by_role("link", name="Nous avons parlé").click()
    assert page.locator(".words--large").inner_text() == WORDS
    assert page.locator(".words--large").get_attribute("lang") == "fr"
    assert page.locator("mark").inner_text() == WORDS
    assert page.locator(".excerpt").inner_text() == f"Talver a dit : {WORDS}, a-t-il souri devant la presse."
    page.get_by_role("link", name="The words in the article’s record").click()
    page.wait_for_url(f"**/articles/{said.article_id}/visite/#q{said.pk}")
    assert page.locator(":target mark").inner_text() == WORDS
    assert in_sight(page, page.locator(":target mark"))
    assert "la mer était calme" not in page.content()


def test_words_within_words_are_marked_apart(page: Page, said):
    Article.objects.filter(pk=said.article_id).update(rights=Article.Rights.FULL)
    outer = factories.QuotationFactory(
        article=said.article,
        speaker=said.speaker,
        exact=f"Talver a dit : {WORDS}, a-t-il souri",
    )
    said.refresh_from_db()
    said.within = outer
    said.save()
    page.goto(said.article.get_absolute_url())
    assert (page.locator("mark").count(), page.locator("mark.is-target").count()) == (3, 0)
    page.goto(f"{said.article.get_absolute_url()}#q{said.pk}")
    page.locator("mark.is-target").first.wait_for()
    assert page.locator("mark.is-target").all_inner_texts() == [WORDS]
    assert in_sight(page, page.locator("mark.is-target"))
    page.goto(f"{said.article.get_absolute_url()}#q{outer.pk}")
    page.reload()
    assert "".join(page.locator("mark.is-target").all_inner_texts()) == outer.exact


def test_reported_words_are_labelled_on_both_pages(page: Page, said):
    putin = factories.ParticipantFactory(name="Oren Halvard")
    factories.TenureFactory(person=putin, title="President", period="2015/2020")
    said.speaker, said.reported_by = putin, said.speaker
    said.save()
    page.goto(putin.get_absolute_url())
    assert (
        page.locator(".row.quotation .row__speaker").inner_text()
        == "Oren HalvardPresident, as reported by Miran Talver"
    )
    page.get_by_role("link", name="Miran Talver").first.click()
    section = page.locator("section", has=page.get_by_role("heading", name="Words of others"))
    assert section.locator("h2").inner_text() == "Words of others, as reported by Miran Talver"
    assert section.locator(".words").all_inner_texts() == [WORDS]


@pytest.mark.parametrize(
    ("words", "paragraph"),
    [
        (WORDS, "Talver a dit"),
        ("ports fermés", "Paragraphe 7 :"),
        (
            "calme, et les ports fermés.\n\nParagraphe 40 : la mer était calme",
            "Paragraphe 39 :",
        ),
    ],
)
def test_a_text_fragment_leads_a_real_browser_to_the_place(page: Page, live_server, words, paragraph):
    """The publisher's page is played by the archive's own, with the whole text on it."""
    text = TEXT.replace(FILLING, FILLING.replace("Paragraphe", "Chapitre"), 1)
    article = factories.ArticleFactory(title="Page", language="fr", text=text, rights=Article.Rights.FULL)
    start = text.index(words, text.index(paragraph))
    selector = anchoring.select(text, start, start + len(words))
    page.goto(anchoring.url_with_fragment(f"{live_server.url}{article.get_absolute_url()}", selector, text))
    place = page.locator("p", has_text=paragraph)
    for _ in range(100):  # not wait_for_function(): the policy forbids what it evaluates
        if in_sight(page, place):
            break
        page.wait_for_timeout(50)
    assert (page.evaluate("window.scrollY") > 0, in_sight(page, place)) == (True, True)
