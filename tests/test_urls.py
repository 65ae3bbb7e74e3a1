"""Addresses that the world has: none of them may ever change. Literal strings on purpose."""

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Meeting, Status
from tests import factories

PERMALINKS = {
    "home": "/",
    "meeting-list": "/meetings/",
    "participant-list": "/participants/",
    "quotation-list": "/quotations/",
    "article-list": "/articles/",
    "place-list": "/places/",
    "agreement-list": "/agreements/",
    "topic-list": "/topics/",
    "search": "/search/",
    "suggest": "/suggest/",
    "about": "/about/",
    "about-search": "/about/search/",
    "about-names": "/about/names/",
    "robots": "/robots.txt",
}


DATES = {
    "meeting-year": ([2023], "/meetings/2023/"),
    "meeting-month": ([2023, 2], "/meetings/2023/02/"),
    "meeting-day": ([2023, 2, 7], "/meetings/2023/02/07/"),
    "meeting-on-this-day": ([], "/meetings/on-this-day/"),
    "meeting-on-day": ([2, 7], "/meetings/on-this-day/02-07/"),
}
FACETS = {
    "meeting-facet": "/meetings/by/country/",
    "participant-facet": "/participants/by/country/",
    "quotation-facet": "/quotations/by/country/",
    "article-facet": "/articles/by/country/",
    "place-facet": "/places/by/country/",
    "agreement-facet": "/agreements/by/country/",
}


def test_lists():
    assert {name: reverse(f"events:{name}") for name in PERMALINKS} == PERMALINKS
    assert {name: reverse(f"events:{name}", args=["country"]) for name in FACETS} == FACETS


def test_dates():
    assert {
        name: (args, reverse(f"events:{name}", args=args)) for name, (args, _address) in DATES.items()
    } == DATES


@pytest.mark.parametrize(
    ("factory", "fields", "address"),
    [
        (
            factories.MeetingFactory,
            {"title": "Talks between Lavrov and Aliyev"},
            "/meetings/412/talks-between-lavrov-and-aliyev/",
        ),
        (factories.MeetingFactory, {"title": "Встреча в Баку"}, "/meetings/412/vstrecha-v-baku/"),
        (factories.MeetingFactory, {"title": "…"}, "/meetings/412/record/"),
        (factories.MeetingFactory, {"title": "«02»"}, "/meetings/412/meeting-02/"),
        (factories.ParticipantFactory, {"name": "Serdar Kılıç"}, "/participants/412/serdar-kilic/"),
        (
            factories.ParticipantFactory,
            {"name": "სალომე ზურაბიშვილი"},
            "/participants/412/salome-zurabishvili/",
        ),
        (
            factories.QuotationFactory,
            {"exact": "« Nous n’avons rien signé »"},
            "/quotations/412/nous-navons-rien-signe/",
        ),
        (
            factories.ArticleFactory,
            {"title": "", "url": "https://www.example.org/a"},
            "/articles/412/example-org/",
        ),
        (factories.PlaceFactory, {"name": "Yerevan"}, "/places/412/yerevan/"),
        (factories.AgreementFactory, {"title": "Sochi statement"}, "/agreements/412/sochi-statement/"),
        (factories.TopicFactory, {"label": "Border delimitation"}, "/topics/412/border-delimitation/"),
        (factories.OutletFactory, {}, "/articles/?outlet=412"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.django_db
def test_records(factory, fields, address):
    assert factory(pk=412, **fields).get_absolute_url() == address


NOUNS = {
    "meetings": factories.MeetingFactory,
    "participants": factories.ParticipantFactory,
    "quotations": factories.QuotationFactory,
    "articles": factories.ArticleFactory,
    "places": factories.PlaceFactory,
    "agreements": factories.AgreementFactory,
    "topics": factories.TopicFactory,
}
nouns = pytest.mark.parametrize("noun", NOUNS)


@pytest.mark.django_db
class TestARecordAtItsAddress:
    def answer(self, client: Client, address: str) -> tuple[int, str | None]:
        response = client.get(address)
        return response.status_code, response.headers.get("Location")

    @nouns
    def test_is_found_by_its_number(self, client, noun):
        record = NOUNS[noun]()
        address = record.get_absolute_url()
        asked = (
            address,
            f"/{noun}/{record.pk}/",
            f"/{noun}/{record.pk}/from-elsewhere/?a=1",
            f"/{noun}/{record.pk}/{'x' * 500}/",
        )
        assert [self.answer(client, one) for one in asked] == [
            (200, None),
            (301, address),
            (301, f"{address}?a=1"),
            (301, address),
        ]

    @nouns
    def test_of_a_merged_record_leads_to_the_other(self, client, noun):
        kept, gone, first = (NOUNS[noun]() for _ in range(3))
        rows = type(kept).objects
        rows.filter(pk=gone.pk).update(merged_into=kept, status=Status.WITHDRAWN)
        rows.filter(pk=first.pk).update(merged_into=gone, status=Status.WITHDRAWN)
        asked = (gone.get_absolute_url(), f"/{noun}/{first.pk}/", f"/{noun}/{first.pk}/x/")
        assert {self.answer(client, one) for one in asked} == {(301, kept.get_absolute_url())}

    @nouns
    def test_of_a_withdrawn_record_says_why(self, client, noun):
        record = NOUNS[noun]()
        record.status, record.withdrawal_reason = Status.WITHDRAWN, "Recorded twice <b>by mistake</b>."
        record.save()
        response = client.get(record.get_absolute_url())
        assert (response.status_code, response.headers["Cache-Control"]) == (410, "no-cache")
        assert "Recorded twice &lt;b&gt;by mistake&lt;/b&gt;." in response.content.decode()

    @nouns
    def test_of_a_record_that_became_a_draft_again_is_gone(self, client, noun):
        record = NOUNS[noun]()
        record.status = Status.DRAFT
        record.save()
        response = client.get(record.get_absolute_url())
        assert (response.status_code, "it may come back to this address" in response.content.decode()) == (
            410,
            True,
        )

    def test_of_a_record_with_another_title_is_asked_for_anew(self, client):
        record = factories.MeetingFactory()
        response = client.get(f"/meetings/{record.pk}/former/")
        assert (response.status_code, response.headers["Cache-Control"]) == (301, "no-cache")

    @nouns
    def test_of_a_draft_or_of_nothing_is_not_found(self, client, noun):
        draft = NOUNS[noun](status=Status.DRAFT)
        never = NOUNS[noun](status=Status.WITHDRAWN, withdrawal_reason="Canary")
        numbers = (draft.pk, never.pk, 0, draft.pk + 1000, 10**30)
        answers = {self.answer(client, f"/{noun}/{number}/x/") for number in numbers}
        answers |= {self.answer(client, f"/{noun}/{number}/") for number in ("x", "-1", "1.5", "٣x")}
        assert answers == {(404, None)}

    @nouns
    def test_of_a_draft_is_seen_by_editors_with_a_banner(self, client, noun):
        draft = NOUNS[noun](status=Status.DRAFT)
        client.force_login(factories.EditorFactory())
        response = client.get(draft.get_absolute_url())
        assert (response.status_code, "readers do not see this page" in response.content.decode()) == (
            200,
            True,
        )
        client.force_login(factories.UserFactory())
        assert client.get(draft.get_absolute_url()).status_code == 404

    def test_of_a_quotation_is_gone_with_its_article(self, client):
        quotation = factories.QuotationFactory()
        article = quotation.article
        article.status, article.withdrawal_reason = Status.WITHDRAWN, "The publisher asked for it."
        article.save()
        response = client.get(quotation.get_absolute_url())
        assert (response.status_code, "The publisher asked for it." in response.content.decode()) == (
            410,
            True,
        )

    def test_of_a_record_merged_into_a_draft_is_not_found(self, client):
        gone, draft = (
            factories.MeetingFactory(),
            factories.MeetingFactory(status=Status.DRAFT, title="Canary"),
        )
        Meeting.objects.filter(pk=gone.pk).update(merged_into=draft, status=Status.WITHDRAWN)
        assert self.answer(client, gone.get_absolute_url()) == (404, None)
