import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from events.models import Quotation, Status
from tests import factories
from tests.models.test_base import broken_rule

pytestmark = pytest.mark.django_db

TEXT = "“We agree with what he told me: ‘we are ready’, and so are we”, said A. “No”, said B."


@pytest.fixture
def article():
    return factories.ArticleFactory(text=TEXT, language="en", published_on="2023-03-01")


def test_words_within_words_are_reported_by_the_outer_speaker(article):
    outer = factories.QuotationFactory(
        article=article, exact="“We agree with what he told me: ‘we are ready’, and so are we”"
    )
    inner = factories.QuotationFactory(article=article, exact="‘we are ready’", within=outer)
    inner.clean()
    assert inner.reported_by == outer.speaker
    assert (list(outer.speaker.reports.all()), list(inner.speaker.quotations.all())) == ([inner], [inner])


def test_words_within_others_stand_inside_them_in_the_same_article(article):
    outer = factories.QuotationFactory(article=article, exact="‘we are ready’")
    beside = factories.QuotationFactory(article=article, exact="“No”", within=None)
    beside.within = outer
    with pytest.raises(ValidationError) as refused:
        beside.clean()
    assert refused.value.message_dict == {"within": ["These words do not stand inside “‘we are ready’”."]}
    assert broken_rule(beside.save) == "quotation_within_span"
    elsewhere = factories.QuotationFactory()
    elsewhere.within = outer
    with pytest.raises(ValidationError) as refused:
        elsewhere.clean()
    assert refused.value.message_dict == {"within": ["The enclosing quotation stands in another article."]}
    assert broken_rule(elsewhere.save) == "quotation_within_span"


def test_a_published_quotation_has_a_speaker_or_an_attribution():
    draft = factories.QuotationFactory(speaker=None, attribution="", status=Status.DRAFT)
    rows = Quotation.objects.filter(pk=draft.pk)
    assert broken_rule(lambda: rows.update(status=Status.PUBLISHED)) == "quotation_published_with_speaker"
    assert broken_rule(lambda: rows.update(status=Status.PUBLISHED, attribution="a source said")) == ""
    draft.status = Status.PUBLISHED
    with pytest.raises(ValidationError) as refused:
        draft.full_clean()
    assert refused.value.message_dict == {
        "__all__": ["A published quotation needs a speaker or a printed attribution."]
    }


def test_nobody_reports_their_own_words():
    quotation = factories.QuotationFactory.build(
        article=factories.ArticleFactory(), speaker=factories.ParticipantFactory()
    )
    quotation.reported_by = quotation.speaker
    with pytest.raises(ValidationError) as refused:
        quotation.clean()
    assert refused.value.message_dict == {
        "reported_by": ["Nobody reports their own words: leave this empty, or choose another one."]
    }


def test_a_quotation_is_public_with_its_article():
    article = factories.ArticleFactory(status=Status.DRAFT)
    quotation = factories.QuotationFactory(article=article)
    assert list(Quotation.objects.public()) == []
    article.status = Status.PUBLISHED
    article.save()
    assert list(Quotation.objects.public()) == [quotation]


def test_the_office_is_that_of_the_day_it_was_said(article):
    speaker = factories.ParticipantFactory()
    offices = {
        period: factories.TenureFactory(person=speaker, title=period, period=period)
        for period in ("2020/2022", "2023-01/2023-02-20", "2023-02-21/..", "")
    }
    meeting = factories.MeetingFactory(held_on="2021-05")
    quotation = factories.QuotationFactory(article=article, exact="“No”", speaker=speaker)
    shown = []
    for said_on, at in (("2023-02-01", meeting), ("", meeting), ("", None), ("2019", None)):
        quotation.said_on, quotation.meeting = said_on, at
        quotation.save()
        shown.append(quotation.offices)
    assert shown == [[offices["2023-01/2023-02-20"]], [offices["2020/2022"]], [offices["2023-02-21/.."]], []]


def test_days_of_the_meeting_count_where_none_is_recorded():
    meeting = factories.MeetingFactory(held_on="2023-02-27/2023-02-28")
    said = factories.QuotationFactory(said_on="2023-02-28")
    at_meeting = factories.QuotationFactory(meeting=meeting)
    factories.QuotationFactory()
    hidden = factories.MeetingFactory(held_on="2023-02-27", status=Status.DRAFT)
    factories.QuotationFactory(meeting=hidden)
    rows = Quotation.objects.order_by("pk")
    assert [
        list(rows.between(*days))
        for days in [("2023-02-28", "2023-02-28"), ("2023-02-27", "2023-02-27"), (None, "2023-02-26")]
    ] == [
        [said, at_meeting],
        [at_meeting],
        [],
    ]


def test_the_language_is_that_of_the_article_unless_given(article):
    assert factories.QuotationFactory(article=article, exact="“No”").language == "en"
    assert factories.QuotationFactory(article=article, exact="‘we are ready’", language="ru").language == "ru"


def test_a_withdrawn_quotation_inside_need_not_stand_in_the_outer_one_any_more():
    article = factories.ArticleFactory(text="He said “A big house and a small garden”.")
    outer = factories.QuotationFactory(article=article, exact="“A big house and a small garden”")
    inner = factories.QuotationFactory(article=article, exact="small garden", within=outer)
    inner.status, inner.withdrawal_reason = "withdrawn", "Not said."
    inner.save()
    article.text = "He said “A big house and a tiny garden”."
    article.save(reanchor=False)
    for passage, words in ((outer, "“A big house and a tiny garden”"), (inner, None)):
        passage.refresh_from_db()
        passage.anchor(article.text, words) if words else passage.release()
        passage.save()
    connection.check_constraints()
    assert (outer.exact, inner.start) == ("“A big house and a tiny garden”", None)
