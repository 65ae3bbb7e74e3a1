"""Manners towards servers, by a clock that the test turns itself."""

import email.utils
from datetime import UTC, datetime, timedelta

import pytest

from events.editing import visiting
from events.editing.fetching import FetchError
from events.editing.visiting import NotAllowed, PutOff, Visitor
from tests.press import answer, moved


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def visitor(clock):
    return Visitor(clock=clock, sleep=clock.sleep)


def rules(text: str, **headers: str) -> bytes:
    return answer(text, content_type="text/plain", **headers)


class TestRobots:
    def test_are_read_once_and_kept(self, press, visitor):
        press.pages |= {
            "/robots.txt": rules(
                "\ufeffUser-agent: *\nDisallow: /private/\n\nUser-agent: OtherBot\nDisallow: /"
            ),
            "/a": answer("one"),
            "/private/b": answer("two"),
            "/c": moved("/private/b"),
        }
        assert visitor.fetch(press.url("/a")).body == b"one"
        for path in ("/private/b", "/c"):
            with pytest.raises(NotAllowed) as refused:
                visitor.fetch(press.url(path))
            assert str(refused.value) == "The site does not allow programs to read this page (robots.txt)."
        assert press.paths == ["/robots.txt", "/a", "/c"]

    def test_may_speak_to_us_by_name(self, press, visitor):
        press.pages |= {
            "/robots.txt": rules(
                "User-agent: SouthCaucasusDiplomaticArchive\nDisallow: /\n\nUser-agent: *\nAllow: /"
            ),
            "/a": answer("one"),
        }
        with pytest.raises(NotAllowed):
            visitor.fetch(press.url("/a"))

    @pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "400 Bad Request"])
    def test_that_are_not_there_forbid_nothing(self, press, visitor, status):
        press.pages |= {"/robots.txt": answer("User-agent: *\nDisallow: /", status), "/a": answer("one")}
        assert visitor.fetch(press.url("/a")).status == 200

    @pytest.mark.parametrize("status", ["403 Forbidden", "401 Unauthorized"])
    def test_that_are_hidden_forbid_all(self, press, visitor, status):
        press.pages |= {"/robots.txt": answer("", status), "/a": answer("one")}
        with pytest.raises(NotAllowed):
            visitor.fetch(press.url("/a"))

    @pytest.mark.parametrize(
        "page", [answer("", "503 Busy"), answer("", "500 Wrong"), b"", answer("x" * 600_000)]
    )
    def test_that_cannot_be_read_forbid_all_for_now(self, press, visitor, page):
        press.pages |= {"/robots.txt": page, "/a": answer("one")}
        for _ in range(2):
            with pytest.raises(FetchError) as refused:
                visitor.fetch(press.url("/a"))
            assert not isinstance(refused.value, NotAllowed)
        assert press.paths == ["/robots.txt"]

    def test_are_read_at_the_host_that_a_redirect_leads_to(self, press, visitor, settings):
        settings.FETCH_ALLOWED_HOSTS = [press.host, f"localhost:{press.port}"]
        press.pages |= {
            "/robots.txt": lambda asked: rules(
                "User-agent: *\nDisallow: /" if "localhost" in asked.headers["host"] else ""
            ),
            "/a": moved(f"http://localhost:{press.port}/b"),
        }
        with pytest.raises(NotAllowed):
            visitor.fetch(press.url("/a"))
        assert press.paths == ["/robots.txt", "/a", "/robots.txt"]


class TestPauses:
    def test_between_two_requests_to_one_host(self, press, visitor, clock):
        for _ in range(3):
            visitor.fetch(press.url("/a"))
        assert (
            clock.slept,
            visitor.wait_for(press.url("/b")),
            visitor.wait_for("http://other.example/"),
        ) == (
            [5.0, 5.0],
            5.0,
            0.0,
        )

    @pytest.mark.parametrize(
        ("text", "pause"),
        [
            ("Crawl-delay: 12", 12.0),
            ("Crawl-delay: 1", 5.0),
            ("Crawl-delay: soon", 5.0),
            ("Request-rate: 1/20", 20.0),
        ],
    )
    def test_are_as_long_as_robots_ask(self, press, visitor, clock, text, pause):
        press.pages["/robots.txt"] = rules(f"User-agent: *\n{text}\nDisallow: /x")
        for _ in range(2):
            visitor.fetch(press.url("/a"))
        assert clock.slept == [pause]

    def test_after_a_failure_too(self, press, visitor, clock):
        press.pages["/a"] = b""
        for _ in range(2):
            with pytest.raises(FetchError):
                visitor.fetch(press.url("/a"))
        assert clock.slept == [5.0]

    @pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
    def test_are_as_long_as_a_busy_server_asks(self, press, visitor, clock, status):
        press.pages["/a"] = answer("", status, retry_after="90")
        for _ in range(2):
            visitor.fetch(press.url("/a"))
        assert clock.slept == [90.0]

    def test_too_long_ones_put_the_host_off(self, press, visitor, clock):
        press.pages["/a"] = answer("", "429 Too Many Requests", retry_after="3600")
        visitor.fetch(press.url("/a"))
        with pytest.raises(PutOff) as refused:
            visitor.fetch(press.url("/b"))
        assert (str(refused.value), clock.slept) == ("The site asks us to come back later.", [])
        clock.now += 3601
        assert visitor.fetch(press.url("/b")).status == 404

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            ("120", 120.0),
            ("0", 0.0),
            ("", 0.0),
            ("-5", 0.0),
            ("later", 0.0),
            ("٣", 0.0),
            ("9" * 40, 999999999.0),
        ],
    )
    def test_what_a_server_asks(self, value, seconds):
        class Page:
            def header(self, name):
                return value

        assert visiting._retry_after(Page()) == seconds

    def test_a_day_that_a_server_names(self, press, visitor):
        moment = datetime.now(UTC) + timedelta(minutes=5)
        press.pages["/a"] = answer(
            "", "503 Busy", retry_after=email.utils.format_datetime(moment, usegmt=True)
        )
        visitor.fetch(press.url("/a"))
        assert 290 < visitor.wait_for(press.url("/a")) <= 300

    def test_fit_into_the_seconds_for_one_article(self, press, clock):
        visitor = Visitor(seconds=7, clock=clock, sleep=clock.sleep)
        visitor.begin()
        visitor.fetch(press.url("/a"))
        visitor.fetch(press.url("/b"))
        with pytest.raises(PutOff):
            visitor.fetch(press.url("/c"))
        visitor.begin()
        assert visitor.fetch(press.url("/c")).status == 404


class TestNowhere:
    def test_is_asked_once_beside_the_page(self, press, visitor):
        first = visitor.nowhere(press.url("/news/2023/talks"))
        assert (first, visitor.nowhere(press.url("/other"))) == (first, first)
        assert (first.status, press.paths[1].startswith("/news/2023/"), len(press.paths)) == (404, True, 2)

    def test_that_does_not_answer_says_nothing(self, press, visitor):
        press.pages["/robots.txt"] = rules("User-agent: *\nDisallow: /")
        assert visitor.nowhere(press.url("/news/talks")) is None
