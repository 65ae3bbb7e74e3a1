import pytest
from django.core.exceptions import ValidationError

from events.models import Article, Coverage, Quotation, Status
from tests import factories
from tests.models.test_base import broken_rule

pytestmark = pytest.mark.django_db

TEXT = "Le ministre a dit : « Nous avançons. » Il a ajouté : « Rien n’est signé. »\nPuis il est parti."


@pytest.fixture
def article():
    return factories.ArticleFactory(text=TEXT, language="fr", url="https://www.example.org/a/")


@pytest.fixture
def quotation(article):
    return factories.QuotationFactory(article=article, exact="« Rien n’est signé. »")


def test_a_quotation_follows_its_words_when_the_text_changes(article, quotation):
    article.text = "Bakou, lundi. " + TEXT
    article.save()
    quotation.refresh_from_db()
    assert (article.text[quotation.start : quotation.end], quotation.exact) == (
        quotation.exact,
        "« Rien n’est signé. »",
    )
    assert (quotation.start, quotation.prefix) == (
        TEXT.index("« Rien") + 14,
        "« Nous avançons. » Il a ajouté : "[-32:],
    )


def test_a_text_without_the_words_is_refused_and_nothing_changes(article, quotation):
    coverage = factories.CoverageFactory(article=article)
    coverage.anchor(TEXT, "Puis il est parti")
    coverage.save()
    before = Quotation.objects.values().get(pk=quotation.pk)
    article.text = TEXT.replace("signé", "conclu").replace("parti", "rentré")
    with pytest.raises(ValidationError) as refused:
        article.save()
    assert refused.value.message_dict == {
        "text": [
            "The new text does not hold these recorded words any more: “Puis il est parti”. Correct them first.",
            "The new text does not hold these recorded words any more: “« Rien n’est signé. »”. Correct them first.",
        ]
    }
    assert Article.objects.get(pk=article.pk).text == TEXT
    assert Quotation.objects.values().get(pk=quotation.pk) == before


def test_words_wait_without_place_while_there_is_no_text(article, quotation):
    article.text = ""
    article.save()
    quotation.refresh_from_db()
    assert (quotation.start, quotation.end, quotation.exact, quotation.checked) == (
        None,
        None,
        "« Rien n’est signé. »",
        False,
    )
    article.text = TEXT
    article.save()
    quotation.refresh_from_db()
    assert (TEXT[quotation.start : quotation.end], quotation.checked) == ("« Rien n’est signé. »", True)


def test_the_database_refuses_a_passage_that_does_not_stand_in_the_text(article, quotation):
    rows = Quotation.objects.filter(pk=quotation.pk)
    assert broken_rule(lambda: rows.update(start=0, end=5)) == "passage_equals_text"
    assert broken_rule(lambda: rows.update(exact="« Tout est signé. »")) == "passage_equals_text"
    assert broken_rule(lambda: rows.update(start=None, end=None)) == "passage_equals_text"
    assert broken_rule(lambda: rows.update(start=5, end=5)) == "quotation_start_before_end"
    assert broken_rule(lambda: rows.update(exact="")) == "quotation_has_words"
    assert (
        broken_rule(lambda: Article.objects.filter(pk=article.pk).update(text="x" + TEXT))
        == "passage_equals_text"
    )
    assert broken_rule(
        lambda: Coverage.objects.create(
            article=article, meeting=factories.MeetingFactory(), start=0, end=2, exact="La"
        )
    ) == ("passage_equals_text")
    withdrawn = {
        "start": None,
        "end": None,
        "status": Status.WITHDRAWN,
        "withdrawal_reason": "The article was corrected.",
    }
    assert broken_rule(lambda: rows.update(**withdrawn)) == ""


def test_offsets_count_code_points_in_python_and_in_the_database():
    article = factories.ArticleFactory(text="𝔄 — ՀԱՅԱՍՏԱՆ 🕊 «այո»։")
    quotation = factories.QuotationFactory(article=article, exact="«այո»")
    assert (quotation.start, quotation.end) == (15, 20)
    assert broken_rule(quotation.save) == ""


def test_the_same_text_or_address_is_one_article(article):
    same_text = Article(text=TEXT.replace("\n", "\r\n"), language="fr")
    same_text.clean_fields()
    with pytest.raises(ValidationError) as refused:
        same_text.clean()
    here = f"number {article.pk}, “{article.title}” (published)."
    assert refused.value.message_dict == {"text": [f"The archive has this article already: {here}"]}
    same_address = Article(url="http://example.org/a?utm_source=x#top")
    with pytest.raises(ValidationError) as refused:
        same_address.clean()
    assert refused.value.message_dict == {"url": [f"The archive has this article already: {here}"]}
    assert broken_rule(lambda: factories.ArticleFactory(text=TEXT)) == "article_text_once"
    assert broken_rule(lambda: factories.ArticleFactory(url="http://example.org/a")) == "article_address_once"
    assert factories.ArticleFactory(text="", url="").twin() is None


def test_text_is_kept_composed_and_with_plain_line_ends():
    article = factories.ArticleFactory(text="cafe\u0301\r\nnoir")
    assert article.text == "café\nnoir"
    assert (
        broken_rule(lambda: Article.objects.filter(pk=article.pk).update(text="cafe\u0301"))
        == "article_text_nfc"
    )


def test_a_snapshot_is_never_edited():
    snapshot = factories.SnapshotFactory()
    assert broken_rule(snapshot.save) == "snapshot_never_edited"


def test_an_article_reports_a_meeting_once(article):
    coverage = factories.CoverageFactory(article=article)
    assert (
        broken_rule(lambda: factories.CoverageFactory(article=article, meeting=coverage.meeting))
        == "coverage_once"
    )


def test_titles_are_never_empty(article):
    article.title = ""
    assert (str(article), article.slug) == ("example.org/a", "example-org")
    article.url = ""
    assert (str(article), article.slug) == ("Untitled article", "article")
