"""Which records wait for whom, and how they are counted."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.editing import workflow, worklists
from events.editing.worklists import NAMED, Count
from events.models import Article, Meeting, Quotation
from tests import factories
from tests.admin.desk import staff
from tests.editing.test_proposals import TEXT, everything

pytestmark = pytest.mark.django_db


def listed(name, user, noun="meeting"):
    """The names of those on the list, in its order."""
    worklist = NAMED[name]
    return [str(one) for one in worklist.rows(noun, user).order_by(*worklist.order)]


def meeting(title, status="draft", **fields):
    return factories.MeetingFactory(title=title, status=status, **fields)


def totals(user):
    """What the first page counts: (label, noun, count) of what is not empty."""
    return [
        (str(heap.label), stack.noun, stack.count.number)
        for heap in worklists.desk(user)
        for stack in heap.stacks
    ]


class TestMine:
    def test_what_i_made_or_changed_last(self):
        me, other = staff("Editor"), staff("Editor")
        meeting("Made", created_by=me)
        meeting("Changed", created_by=other, updated_by=me)
        meeting("Made, and corrected", created_by=me, updated_by=other)
        meeting("Of another", created_by=other, updated_by=other)
        meeting("Of nobody")
        meeting("In review", status="review", created_by=me, updated_by=me)
        meeting("Public", status="published", created_by=me, updated_by=me)
        assert listed("drafts", me) == ["Made, and corrected", "Changed", "Made"]
        assert listed("sent", me) == ["In review"]
        assert listed("returned", me) == ["Made, and corrected"]
        assert listed("returned", other) == ["Changed"]

    def test_only_reviewers_have_something_to_review(self):
        editor, reviewer = staff("Editor"), staff("Reviewer")
        meeting("First", status="review", created_by=editor)
        meeting("Second", status="review", created_by=reviewer)
        meeting("Draft")
        assert listed("review", reviewer) == ["First", "Second"]
        assert ("To review", "meeting", 2) in totals(reviewer)
        assert totals(editor) == [
            ("Sent to review", "meeting", 1),
            ("Unsourced facts", "meeting", 3),
            ("Drafts left behind", "meeting", 1),
        ]

    def test_who_sees_nothing_gets_no_list(self):
        meeting("Draft")
        assert worklists.desk(factories.UserFactory(is_staff=True)) == []
        assert worklists.worklists_of("meeting", factories.UserFactory(is_staff=True)) == []

    def test_the_lists_of_a_noun(self):
        names = [one.name for one in worklists.worklists_of("article", staff("Reviewer"))]
        assert names == ["drafts", "sent", "returned", "review", "proposals", "changed", "left"]
        assert [one.name for one in worklists.worklists_of("topic", staff("Editor"))] == [
            "drafts",
            "sent",
            "returned",
            "left",
        ]

    def test_drafts_on_nobodys_desk(self):
        me, gone = staff("Editor"), factories.UserFactory(is_active=False)
        meeting("Of nobody")
        meeting("Of one who left", created_by=gone, updated_by=gone)
        meeting("Of one who left, and mine", created_by=gone, updated_by=me)
        meeting("Mine", created_by=me)
        meeting("Sent", status="review", created_by=gone)
        assert listed("left", me) == ["Of nobody", "Of one who left"]


class TestUnsourced:
    def test_meetings_that_no_article_supports_the_public_ones_first(self):
        me = staff("Editor")
        meeting("Draft without")
        meeting("Public without", status="published")
        meeting("Withdrawn", status="withdrawn", withdrawal_reason="Twice.")
        factories.CoverageFactory(meeting=meeting("With"))
        factories.CoverageFactory(meeting=meeting("Only contradicted"), stance="contradicts")
        assert listed("unsourced", me) == ["Public without", "Only contradicted", "Draft without"]

    def test_a_source_that_went_is_none(self):
        """Publication asks for a source; what loses it afterwards is found here."""
        me = staff("Editor")
        gone = factories.ArticleFactory(status="withdrawn", withdrawal_reason="A hoax.")
        waits = factories.ArticleFactory(status="draft")
        for title, status, article in [
            ("Public, withdrawn", "published", gone),
            ("Public, back in draft", "published", waits),
            ("Draft, withdrawn", "draft", gone),
            ("Draft, in draft", "draft", waits),
        ]:
            factories.CoverageFactory(meeting=meeting(title, status=status), article=article)
        assert sorted(listed("unsourced", me)) == [
            "Draft, withdrawn",
            "Public, back in draft",
            "Public, withdrawn",
        ]

    def test_a_visit_has_the_sources_of_its_talks(self):
        me = staff("Editor")
        visit, other = meeting("Visit", status="published"), meeting("Other visit", status="published")
        factories.CoverageFactory(meeting=meeting("Talks", status="published", parent=visit))
        factories.CoverageFactory(meeting=meeting("Draft of talks", parent=other))
        assert listed("unsourced", me) == ["Other visit"]
        workflow.move(Meeting, visit.pk, visit.version, "draft", staff("Reviewer"))
        assert workflow.missing(visit) == []

    def test_agreements_with_neither_meeting_nor_address(self):
        factories.AgreementFactory(title="Without")
        at = factories.AgreementFactory(title="At a meeting", meeting=factories.MeetingFactory())
        factories.CoverageFactory(meeting=at.meeting)
        factories.AgreementFactory(title="At a bare one", meeting=factories.MeetingFactory())
        factories.AgreementFactory(title="With its text", url="https://example.org/a")
        assert sorted(listed("unsourced", staff("Editor"), "agreement")) == ["At a bare one", "Without"]

    def test_quotations_of_nobody(self):
        factories.QuotationFactory(exact="“Whose?”", speaker=None, status="draft")
        factories.QuotationFactory(exact="“His”", speaker=None, attribution="he said")
        factories.QuotationFactory(exact="“Hers”")
        assert listed("unsourced", staff("Editor"), "quotation") == ["“Whose?”"]


class TestSources:
    def test_public_words_of_an_article_that_is_not(self):
        for status in ("draft", "withdrawn", "published"):
            article = factories.ArticleFactory(status=status, withdrawal_reason="A hoax.")
            factories.QuotationFactory(exact=f"“{status}”", article=article)
        factories.QuotationFactory(
            exact="“no more”", article=article, status="withdrawn", withdrawal_reason="Never said."
        )
        found = listed("hidden", staff("Editor"), "quotation")
        assert sorted(found) == ["“draft”", "“withdrawn”"]

    def test_words_that_the_text_holds_no_more(self):
        article = factories.ArticleFactory(text="He said “yes” and “no”.")
        lost = factories.QuotationFactory(
            article=article, exact="“no”", status="withdrawn", withdrawal_reason="Taken off the page."
        )
        factories.QuotationFactory(article=article, exact="“yes”")
        factories.QuotationFactory(exact="“Of an article without a text”")
        article.text = "He said “yes”."
        article.save()
        assert Quotation.objects.get(pk=lost.pk).start is None
        assert listed("lost", staff("Editor"), "quotation") == ["“no”"]

    def test_sources_that_changed_or_went(self):
        for state in ("same", "moved", "changed", "gone", "failing"):
            quotation = factories.QuotationFactory(exact=f"“{state}”")
            factories.SourceCheckFactory(quotation=quotation, state=state)
        withdrawn = factories.QuotationFactory(
            exact="“x”", status="withdrawn", withdrawal_reason="Never said."
        )
        factories.SourceCheckFactory(quotation=withdrawn, state="gone")
        factories.PageCheckFactory(article=factories.ArticleFactory(title="Gone"), is_gone=True)
        factories.PageCheckFactory(article=factories.ArticleFactory(title="There"))
        me = staff("Editor")
        assert sorted(listed("changed", me, "quotation")) == ["“changed”", "“failing”", "“gone”"]
        assert listed("changed", me, "article") == ["Gone"]

    def test_articles_with_proposals(self):
        from events.editing import proposals

        article = factories.ArticleFactory(title="Read", text=TEXT, language="en", status="draft")
        proposals.refresh(article, everything())
        factories.ArticleFactory(title="Not read", text="It rained.")
        assert listed("proposals", staff("Editor"), "article") == ["Read"]


class TestCount:
    def test_it_stops(self, monkeypatch):
        monkeypatch.setattr(worklists, "LIMIT", 2)
        for _number in range(3):
            factories.MeetingFactory(status="draft")
        counts = worklists.count(
            {
                "all": Meeting.objects.all(),
                "two": Meeting.objects.filter(pk__in=Meeting.objects.values("pk")[:2]),
                "none": Meeting.objects.none(),
            }
        )
        assert {key: str(found) for key, found in counts.items()} == {"all": "2+", "two": "2", "none": "0"}
        assert str(Count(1_234_567)) == "2+"

    def test_thousands_are_parted(self):
        assert [str(Count(number)) for number in (0, 999, 1000, 1001)] == ["0", "999", "1,000", "1,000+"]

    def test_the_oldest_of_those_that_are_asked_for(self):
        moments = [datetime(2026, 5, day, tzinfo=UTC) for day in (3, 2)]
        for moment in moments:
            record = factories.MeetingFactory(status="draft")
            Meeting.objects.filter(pk=record.pk).update(updated_at=moment)
        rows = {"dated": Meeting.objects.all(), "other": Meeting.objects.all(), "none": Article.objects.all()}
        assert worklists.count(rows, {"dated", "none"}) == {
            "dated": Count(2, moments[1]),
            "other": Count(2),
            "none": Count(0),
        }

    def test_nothing_to_count_asks_nothing(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert worklists.count({}) == {}

    def test_the_desk_asks_as_much_whatever_there_is(self):
        def asked():
            me = type(user).objects.get(pk=user.pk)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                worklists.desk(me)
            return len(queries)

        user = staff("Reviewer")
        empty = asked()
        factories.fill(3)
        for status in ("draft", "review"):
            meeting("Talks", status=status, created_by=user)
        assert (empty, asked()) == (8, 8)
