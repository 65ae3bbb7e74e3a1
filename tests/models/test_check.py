"""What the database itself refuses of checks, and what it forgets by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from events.models import PageCheck, SourceCheck
from tests import factories
from tests.models.test_base import broken_rule

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
EARLIER = NOW - timedelta(days=30)


@pytest.fixture
def snapshot():
    return factories.SnapshotFactory(article=factories.ArticleFactory(url="https://press.example/a"))


@pytest.fixture
def quotation(snapshot):
    return factories.QuotationFactory(article=snapshot.article)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"state": "new"}, "sourcecheck_state_known"),
        ({"since": NOW + timedelta(1)}, "sourcecheck_since_before_check"),
        ({"seen_at": EARLIER}, "sourcecheck_seen_when_there"),
        ({"seen_at": None}, "sourcecheck_seen_when_there"),
        ({"seen_in": None}, "sourcecheck_seen_when_there"),
        ({"state": "gone", "seen_at": NOW + timedelta(1)}, "sourcecheck_seen_when_there"),
        ({"state": "gone", "seen_in": None}, "sourcecheck_seen_when_there"),
        ({"state": "gone", "seen_at": None}, "sourcecheck_seen_when_there"),
        ({"nearest": "words"}, "sourcecheck_nearest_when_changed"),
    ],
)
def test_states_that_cannot_be(quotation, snapshot, wrong, rule):
    right = {
        "quotation": quotation,
        "state": "same",
        "since": EARLIER,
        "checked_at": NOW,
        "seen_at": NOW,
        "seen_in": snapshot,
    }
    assert broken_rule(lambda: SourceCheck.objects.create(**{**right, **wrong})) == rule
    assert broken_rule(lambda: SourceCheck.objects.create(**right)) == ""
    assert [str(check) for check in SourceCheck.objects.all()] == ["In the source (2026-05-03)"]


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"checked_at": NOW + timedelta(1)}, "pagecheck_asked_when_checked"),
        ({"failures": 1}, "pagecheck_failing_with_reason"),
        ({"failures": 1, "failing_since": EARLIER}, "pagecheck_failing_with_reason"),
        ({"failures": 1, "failure": "x"}, "pagecheck_failing_with_reason"),
        ({"failing_since": EARLIER, "failure": "x"}, "pagecheck_failing_with_reason"),
    ],
)
def test_pages_that_cannot_be(snapshot, wrong, rule):
    right = {"article": snapshot.article, "tried_at": NOW, "checked_at": EARLIER, "snapshot": snapshot}
    assert broken_rule(lambda: PageCheck.objects.create(**{**right, **wrong})) == rule
    assert broken_rule(lambda: PageCheck.objects.create(**right)) == ""


def test_the_snapshot_is_one_of_the_same_article(quotation):
    other = factories.SnapshotFactory()
    seen = {"state": "same", "since": NOW, "checked_at": NOW, "seen_at": NOW, "seen_in": other}
    assert (
        broken_rule(lambda: SourceCheck.objects.create(quotation=quotation, **seen)) == "check_own_snapshot"
    )
    page = {"article": quotation.article, "tried_at": NOW, "snapshot": other}
    assert broken_rule(lambda: PageCheck.objects.create(**page)) == "check_own_snapshot"


class TestForgetting:
    """A state speaks of these words at this address; of others nothing is known."""

    @pytest.fixture(autouse=True)
    def _checks(self, quotation, snapshot):
        factories.SourceCheckFactory(quotation=quotation, seen_in=snapshot)
        PageCheck.objects.create(article=quotation.article, tried_at=NOW)

    def left(self) -> tuple[int, int]:
        return SourceCheck.objects.count(), PageCheck.objects.count()

    def test_other_words(self, quotation):
        quotation.exact = "“Others”"
        quotation.save()
        assert self.left() == (0, 1)

    def test_another_article(self, quotation):
        quotation.article = factories.ArticleFactory()
        quotation.save()
        assert self.left() == (0, 1)

    def test_another_address(self, quotation):
        article = quotation.article
        article.url = "https://www.press.example/a?utm_source=x"
        article.save()
        assert self.left() == (1, 1)
        article.url = "https://press.example/b"
        article.save()
        assert self.left() == (0, 0)

    def test_nothing_else(self, quotation):
        quotation.attribution, quotation.status = "said", "withdrawn"
        quotation.withdrawal_reason = "Twice."
        quotation.save()
        quotation.article.title = "Other"
        quotation.article.save()
        assert self.left() == (1, 1)

    def test_a_draft_can_be_deleted_with_its_state(self):
        draft = factories.QuotationFactory(status="draft")
        factories.SourceCheckFactory(quotation=draft)
        draft.delete()
        assert self.left() == (1, 1)


def test_a_page_is_out_of_reach_after_several_failures_on_several_days():
    check = PageCheck(tried_at=EARLIER)
    reached = []
    for hours in (0, 1, 2, 47, 48, 72):
        check.fail(NOW + timedelta(hours=hours), "The server could not be reached.")
        reached.append(check.is_unreachable)
    assert (reached, check.failing_since) == ([False, False, False, False, True, True], NOW)
    check.fail(NOW, "Not allowed.", counts=False)
    assert check.failures == 6
    check.succeed(NOW, is_gone=False)
    assert (check.is_unreachable, check.failures, check.failure) == (False, 0, "")
    check.fail(NOW, "x")
    check.fail(NOW + timedelta(days=9), "x")
    assert check.is_unreachable is False
