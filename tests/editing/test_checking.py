"""Checks of sources against a web server on this machine: what is asked, noted, stored, and left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.editing import checking, fetching
from events.editing.checking import Report, check, due, run
from events.editing.visiting import Visitor
from events.models import Article, PageCheck, Quotation, Snapshot, SourceCheck
from tests import factories
from tests.editing.test_standing import EXACT, PARTS, TEXT
from tests.editing.test_visiting import Clock, rules
from tests.press import answer, moved

pytestmark = pytest.mark.django_db


def page_of(*parts: str, title: str = "Talks in Baku", more: str = "") -> str:
    body = "".join(f"<p>{part}</p>" for part in parts)
    return f"<!doctype html><title>{title}</title><h1>{title}</h1><article>{body}</article>{more}"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def visitor(clock):
    return Visitor(clock=clock, sleep=clock.sleep)


@pytest.fixture
def article(press):
    press.pages["/a"] = answer(page_of(*PARTS))
    return factories.ArticleFactory(url=press.url("/a"), text=TEXT, title="Talks in Baku")


@pytest.fixture
def quotation(article):
    return factories.QuotationFactory(article=article, exact=EXACT)


def state(quotation: Quotation) -> str:
    return SourceCheck.objects.get(quotation=quotation).state


@pytest.fixture
def days(monkeypatch):
    """``days(3)``: from now on, requests are made three days later than the machine's clock says."""
    real = {"fetching": datetime, "timezone": timezone.now}
    shift = [timedelta()]

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return real["fetching"].now(tz) + shift[0]

    def move(number: float) -> None:
        shift[0] = timedelta(days=number)

    monkeypatch.setattr(fetching, "datetime", Later)
    monkeypatch.setattr(checking.timezone, "now", lambda: real["timezone"]() + shift[0])
    return move


class TestStates:
    def test_the_first_check(self, article, quotation, visitor, press):
        before = (article.version, Article.objects.get().text, Quotation.objects.get().version)
        assert check(article, visitor) == Report(article.pk, article.url, is_stored=True, states={"same": 1})
        row, snapshot = SourceCheck.objects.get(), Snapshot.objects.get()
        assert (row.state, row.since, row.seen_at, row.checked_at, row.seen_in, row.nearest) == (
            "same",
            snapshot.fetched_at,
            snapshot.fetched_at,
            snapshot.fetched_at,
            snapshot,
            "",
        )
        assert (snapshot.outcome, snapshot.text) == ("first", f"Talks in Baku\n\n{TEXT}")
        assert (
            Article.objects.get().version,
            Article.objects.get().text,
            Quotation.objects.get().version,
        ) == before

    def test_a_page_that_stays_is_stored_once(self, article, quotation, visitor, days):
        check(article, visitor)
        days(30)
        assert check(article, visitor) == Report(article.pk, article.url, states={"same": 1})
        row = SourceCheck.objects.get()
        assert (Snapshot.objects.count(), (row.checked_at - row.since).days, row.seen_at) == (
            1,
            30,
            row.checked_at,
        )

    def test_moved_changed_and_back(self, article, quotation, visitor, press, days):
        found = []
        steps = [
            PARTS,
            [*PARTS[:2], *PARTS[3:], PARTS[2]],
            [*PARTS[:2], PARTS[2].replace("three", "two"), *PARTS[3:]],
            PARTS,
        ]
        for day, parts in enumerate(steps):
            days(day)
            press.pages["/a"] = answer(page_of(*parts))
            report = check(article, visitor)
            row = SourceCheck.objects.get()
            found.append((row.state, row.nearest, report.is_stored, (row.checked_at - row.seen_at).days))
        assert found == [
            ("same", "", True, 0),
            ("moved", "", True, 0),
            ("changed", "We have agreed on the first two points", True, 1),
            ("same", "", True, 0),
        ]
        assert list(Snapshot.objects.order_by("pk").values_list("outcome", flat=True)) == [
            "first", "changed", "changed", "changed",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "lost",
        [
            answer("no", "404 Not Found"),
            answer("no", "410 Gone"),
            answer(page_of("Read our other news. " * 60, title="Страница не найдена")),
            answer("<title>Press</title><p>Our site has a new look. Use the menu to find what you want."),
            moved("/"),
        ],
    )
    def test_gone(self, article, quotation, visitor, press, days, lost):
        press.pages["/"] = answer(page_of("News of today. " * 100, title="Press"))
        check(article, visitor)
        first = Snapshot.objects.get()
        days(30)
        press.pages["/a"] = lost
        report = check(article, visitor)
        assert report == Report(article.pk, article.url, is_gone=True, is_stored=True, states={"gone": 1})
        row = SourceCheck.objects.get()
        assert (row.state, row.seen_at, row.seen_in, (row.since - row.seen_at).days) == (
            "gone",
            first.fetched_at,
            first,
            30,
        )
        days(60)
        assert check(article, visitor).is_stored is False
        assert (Snapshot.objects.count(), PageCheck.objects.get().is_gone) == (2, True)
        press.pages["/a"] = answer(page_of(*PARTS))
        assert (check(article, visitor).states, PageCheck.objects.get().is_gone) == ({"same": 1}, False)

    def test_gone_where_any_address_is_answered_alike(self, article, quotation, visitor, press):
        shell = page_of(
            "The portal of the region, with politics, economy, culture, sport and weather for everybody. "
            * 9,
            title="Portal",
        )

        class Everything(dict):
            def get(self, path, default=None):
                return super().get(path, answer(shell))

        press.pages = Everything({"/robots.txt": answer("", "404 Not Found"), "/a": answer(shell)})
        assert check(article, visitor).states == {"gone": 1}
        # The same page of a site that says so where there is nothing is another text.
        press.pages = {"/a": answer(shell)}
        assert check(article, Visitor(clock=visitor.clock, sleep=visitor.sleep)).states == {"changed": 1}

    def test_words_on_a_page_that_calls_itself_missing_are_there(self, article, quotation, visitor, press):
        press.pages["/a"] = answer(page_of(*PARTS, title="404 days of talks"))
        assert check(article, visitor).states == {"same": 1}

    def test_a_page_without_words_to_look_for(self, press, visitor):
        press.pages |= {"/b": answer(page_of(*PARTS)), "/c": answer(page_of("x" * 700, title="Not found"))}
        there, lost = (factories.ArticleFactory(url=press.url(path)) for path in ("/b", "/c"))
        assert [check(one, visitor).is_gone for one in (there, lost)] == [False, True]

    def test_drafts_are_judged_too_and_withdrawn_words_are_not(self, article, quotation, visitor):
        draft = factories.QuotationFactory(article=article, exact="three points", status="draft")
        factories.QuotationFactory(
            article=article, exact="the talks", status="withdrawn", withdrawal_reason="Not said."
        )
        check(article, visitor)
        assert set(SourceCheck.objects.values_list("quotation", flat=True)) == {quotation.pk, draft.pk}
        assert list(SourceCheck.objects.public().values_list("quotation", flat=True)) == [quotation.pk]

    def test_a_long_text_with_many_quotations_costs_few_queries(self, article, visitor):
        for number in range(4):
            factories.QuotationFactory(article=article, exact=PARTS[number][3:30])
        with CaptureQueriesContext(connection) as captured:
            check(article, visitor)
        # 18, and one for each quotation
        assert len(captured) == 22


class TestConditions:
    def test_an_unmodified_page_is_not_sent_again(self, article, quotation, visitor, press, days):
        press.pages["/a"] = lambda asked: (
            answer("", "304 Not Modified")
            if asked.headers.get("if-none-match") == '"1"'
            else answer(page_of(*PARTS), etag='"1"')
        )
        check(article, visitor)
        days(30)
        assert check(article, visitor) == Report(article.pk, article.url, states={"same": 1})
        row = SourceCheck.objects.get()
        assert ((row.checked_at - row.since).days, row.seen_at, Snapshot.objects.count()) == (
            30,
            row.checked_at,
            1,
        )
        assert [one.headers.get("if-none-match") for one in press.asked if one.path == "/a"] == [None, '"1"']

    def test_new_words_need_the_whole_page(self, article, quotation, visitor, press):
        press.pages["/a"] = answer(page_of(*PARTS), etag='"1"', last_modified="Tue, 28 Feb 2023 10:00:00 GMT")
        check(article, visitor)
        factories.QuotationFactory(article=article, exact="three points")
        check(article, visitor)
        check(article, visitor)
        assert [(one.headers.get("if-none-match"), "if-modified-since" in one.headers) for one in press.asked if one.path == "/a"] == [
            (None, False), (None, False), ('"1"', True),
        ]  # fmt: skip

    def test_not_modified_of_another_page_is_not_believed(self, article, quotation, visitor, press):
        press.pages["/a"] = answer(page_of(*PARTS), etag='"1"')
        check(article, visitor)
        press.pages |= {
            "/a": moved("/b"),
            "/b": lambda asked: answer("", "304 Not Modified") if "if-none-match" in asked.headers else answer(page_of(PARTS[0])),
        }  # fmt: skip
        assert check(article, visitor).states == {"changed": 1}

    def test_not_modified_that_nobody_asked_for_is_a_failure(self, article, quotation, visitor, press):
        press.pages["/a"] = answer("", "304 Not Modified")
        assert check(article, visitor).failure == "The server answers that it does not give the page (304)."


class TestFailures:
    @pytest.mark.parametrize(
        "broken", [answer("", "503 Busy"), answer("", "500 Wrong"), answer("", "403 Forbidden"), b""]
    )
    def test_one_changes_nothing_that_was_known(self, article, quotation, visitor, press, broken):
        check(article, visitor)
        before = SourceCheck.objects.values().get()
        press.pages["/a"] = broken
        report = check(article, visitor)
        page = PageCheck.objects.get()
        assert (report.states, page.failures, page.failure, SourceCheck.objects.values().get()) == (
            {},
            1,
            report.failure,
            before,
        )
        assert (Snapshot.objects.count(), page.checked_at < page.tried_at) == (1, True)

    def test_several_on_several_days_are_told(self, article, quotation, visitor, press, days):
        check(article, visitor)
        press.pages["/a"] = answer("", "503 Busy")
        states = []
        for day in (1, 1.1, 1.2, 2, 3.5):
            days(day)
            check(article, visitor)
            states.append(state(quotation))
        row = SourceCheck.objects.get()
        assert (states, (row.since - row.seen_at).days) == (["same", "same", "same", "same", "failing"], 1)
        press.pages["/a"] = answer(page_of(*PARTS))
        days(4)
        check(article, visitor)
        assert (state(quotation), PageCheck.objects.get().failures) == ("same", 0)

    def test_a_source_that_was_gone_stays_so(self, article, quotation, visitor, press, days):
        press.pages["/a"] = answer("", "404 Not Found")
        check(article, visitor)
        press.pages["/a"] = b""
        for day in (1, 3, 5):
            days(day)
            check(article, visitor)
        assert (state(quotation), PageCheck.objects.get().failures) == ("gone", 3)

    def test_words_never_seen_are_out_of_reach(self, article, quotation, visitor, press, days):
        press.pages["/a"] = b""
        for day in (1, 3, 5):
            days(day)
            check(article, visitor)
        row = SourceCheck.objects.get()
        assert (row.state, row.seen_at, row.seen_in) == ("failing", None, None)

    @pytest.mark.parametrize(
        ("page", "failure"),
        [
            (answer("<title>Just a moment...</title><p>Verify you are human."), "No text could be read on the page: it may be a picture, made by scripts, or for subscribers."),
            (answer("", "429 Too Many Requests"), "The server answers that it does not give the page (429)."),
        ],
    )  # fmt: skip
    def test_what_says_nothing_of_the_source_does_not_count(
        self, article, quotation, visitor, press, page, failure
    ):
        press.pages["/a"] = page
        assert check(article, visitor).failure == failure
        assert (PageCheck.objects.get().failures, SourceCheck.objects.count()) == (0, 0)

    def test_what_robots_forbid_is_not_asked_for(self, article, quotation, visitor, press):
        press.pages["/robots.txt"] = rules("User-agent: *\nDisallow: /a")
        report = check(article, visitor)
        assert (report.is_refused, report.failure, press.paths) == (
            True,
            "The site does not allow programs to read this page (robots.txt).",
            ["/robots.txt"],
        )
        assert (PageCheck.objects.get().failures, SourceCheck.objects.count()) == (0, 0)

    def test_an_inner_address_is_a_failure(self, quotation, visitor):
        article = factories.ArticleFactory(url="http://10.0.0.1/a")
        assert (
            check(article, visitor).failure
            == "This address does not lead to the public web, and is not asked."
        )

    def test_an_address_that_was_changed_meanwhile(self, article, quotation, visitor, press):
        def change(asked):
            Article.objects.filter(pk=article.pk).update(
                url="https://other.example/b", url_key="other.example/b"
            )
            return answer(page_of(*PARTS))

        press.pages["/a"] = lambda asked: answer(page_of(*PARTS))
        visitor.fetch(press.url("/a"))
        Article.objects.filter(pk=article.pk).update(url="https://other.example/b", url_key="other.example/b")
        assert check(article, visitor).failure == "The article was changed meanwhile."
        assert (SourceCheck.objects.count(), Snapshot.objects.count()) == (0, 0)


class TestDue:
    MONTH = timedelta(days=30)
    NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)

    def page(self, path: str, **fields: object) -> Article:
        article = factories.ArticleFactory(url=f"https://press.example/{path}", **fields.pop("article", {}))
        if fields:
            PageCheck.objects.create(article=article, **fields)
        return article

    def test_whose_turn_it_is(self):
        old, new = self.NOW - timedelta(days=31), self.NOW - timedelta(days=3)
        hour = self.NOW - timedelta(hours=1)
        self.page("new", tried_at=new, checked_at=new)
        second = self.page("old", tried_at=old, checked_at=old)
        third = self.page("failed", tried_at=new, checked_at=old, failures=1, failing_since=new, failure="x")
        self.page("failed-today", tried_at=hour, checked_at=old, failures=1, failing_since=new, failure="x")
        self.page("unreadable", tried_at=new, failure="Not allowed.")
        self.page("draft", article={"status": "draft"})
        factories.ArticleFactory(url="")
        first = self.page("never")
        assert list(due(self.MONTH, self.NOW)) == [first, second, third]
        assert len(due(timedelta(), self.NOW)) == 6

    def test_new_words_make_a_page_due(self):
        new = timezone.now() - timedelta(days=3)
        article = self.page("new", tried_at=new, checked_at=new)
        assert list(due(self.MONTH)) == []
        quotation = factories.QuotationFactory(article=article, status="draft")
        assert list(due(self.MONTH)) == []
        quotation.status = "published"
        quotation.save()
        assert list(due(self.MONTH)) == [article]
        factories.SourceCheckFactory(quotation=quotation)
        assert list(due(self.MONTH)) == []

    def test_costs_one_query(self, django_assert_num_queries):
        for number in range(3):
            self.page(str(number))
        with django_assert_num_queries(1):
            assert len(list(due(self.MONTH).values_list("pk", "url")[:2])) == 2


class TestRun:
    @pytest.fixture(autouse=True)
    def _hosts(self, settings, press):
        settings.FETCH_ALLOWED_HOSTS = [f"{host}:{press.port}" for host in ("127.0.0.1", "localhost")]

    def articles(self, press, *places: tuple[str, str]) -> list[tuple[int, str]]:
        rows = []
        for host, path in places:
            press.pages[path] = answer(page_of(*PARTS))
            url = f"http://{host}:{press.port}{path}"
            rows.append((factories.ArticleFactory(url=url).pk, url))
        return rows

    def test_one_host_is_asked_while_another_rests(self, press, visitor, clock):
        a, b = "127.0.0.1", "localhost"
        rows = self.articles(press, (a, "/1"), (a, "/2"), (a, "/3"), (b, "/4"), (b, "/5"))
        done = list(run(rows, visitor))
        assert [path for path in press.paths if path != "/robots.txt"] == ["/1", "/4", "/2", "/5", "/3"]
        assert (clock.slept, [report.failure for report in done]) == ([5.0, 5.0], [""] * 5)

    def test_a_host_that_asks_for_long_is_left_for_another_run(self, press, visitor):
        rows = self.articles(press, ("127.0.0.1", "/1"), ("127.0.0.1", "/2"), ("localhost", "/3"))
        press.pages["/1"] = answer("", "503 Busy", retry_after="86400")
        done = {
            report.url.rpartition("/")[2]: (bool(report.failure), report.is_put_off)
            for report in run(rows, visitor)
        }
        assert done == {"1": (True, False), "2": (True, True), "3": (False, False)}
        assert PageCheck.objects.count() == 2

    def test_one_that_fails_stops_no_other(self, press, visitor, monkeypatch, caplog):
        rows = self.articles(press, ("127.0.0.1", "/1"), ("127.0.0.1", "/2"), ("127.0.0.1", "/3"))
        rows[2] = (10**9, rows[2][1])
        judge = checking.standing.shown

        def fail(page):
            if page.url.endswith("/1"):
                raise RuntimeError("unforeseen")
            return judge(page)

        monkeypatch.setattr(checking.standing, "shown", fail)
        assert [report.failure for report in run(rows, visitor)] == [
            "An unexpected error; the log says more.",
            "",
            "The article is not there any more.",
        ]
        assert [record.exc_info[1].args for record in caplog.records] == [("unforeseen",)]

    def test_a_run_that_was_stopped_goes_on_with_the_others(self, press, visitor):
        self.articles(press, ("127.0.0.1", "/1"), ("127.0.0.1", "/2"), ("127.0.0.1", "/3"))
        month = timedelta(days=30)
        running = run(list(due(month).values_list("pk", "url")), visitor)
        next(running)
        running.close()
        assert [
            report.url.rpartition("/")[2]
            for report in run(list(due(month).values_list("pk", "url")), visitor)
        ] == ["2", "3"]
