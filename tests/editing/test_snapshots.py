"""What is kept of a page: files that the tools of web archives read, and no more of them than there are changes."""

import gzip
import hashlib
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from events.editing import snapshots
from events.editing.fetching import fetch
from events.models import PageCheck, Snapshot
from tests import factories
from tests.press import answer, moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(press):
    return factories.ArticleFactory(url=press.url("/a"))


def records(data: bytes) -> list[tuple]:
    return [
        (
            record.rec_type,
            record.rec_headers["WARC-Target-URI"],
            record.http_headers.statusline if record.http_headers else "",
            record.raw_stream.read() if record.rec_type != "warcinfo" else b"",
        )
        for record in ArchiveIterator(io.BytesIO(data), no_record_parse=False)
    ]


class TestFile:
    def test_holds_each_request_and_answer_as_they_were_sent(self, press, tmp_path, capsys):
        sent = gzip.compress("<p>Сказал «да».".encode())
        press.pages |= {
            "/a": moved("/b?c=%C3%A9"),
            "/b?c=%C3%A9": b"HTTP/1.1 200 Tr\xe8s bien\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\nX-Odd: caf\xe9\r\n\r\n"
            + f"{len(sent):x}\r\n".encode() + sent + b"\r\n0\r\n\r\n",
        }  # fmt: skip
        page = fetch(press.url("/a"))
        data = snapshots.warc(page, "one.warc.gz")
        assert records(data) == [
            ("warcinfo", None, "", b""),
            ("response", press.url("/a"), "302 Found", b"moved"),
            ("request", press.url("/a"), "/a HTTP/1.1", b""),
            ("response", press.url("/b?c=%C3%A9"), "200 Tres bien", sent),
            ("request", press.url("/b?c=%C3%A9"), "/b?c=%C3%A9 HTTP/1.1", b""),
        ]
        last = [r for r in ArchiveIterator(io.BytesIO(data)) if r.rec_type == "response"][-1]
        assert (
            last.http_headers.get_header("Transfer-Encoding"),
            last.http_headers.get_header("X-Archive-Orig-Transfer-Encoding"),
            last.rec_headers["WARC-IP-Address"],
            last.rec_headers["WARC-Payload-Digest"][:5],
        ) == (None, "chunked", "127.0.0.1", "sha1:")
        file = tmp_path / "one.warc.gz"
        file.write_bytes(data)

        class Asked:
            inputs, verbose, quiet = [str(file)], True, False

        checker = Checker(Asked)
        checker.process_all()
        said = capsys.readouterr().out
        assert (checker.exit_value, said.count("digest pass"), "failed" in said) == (0, 5, False)

    def test_says_that_a_body_was_cut(self, press):
        press.pages |= {"/a": answer(b"x" * 70_000, "302 Found", location="/b"), "/b": answer("end")}
        data = snapshots.warc(fetch(press.url("/a")), "one.warc.gz")
        cut = [
            r.rec_headers["WARC-Truncated"]
            for r in ArchiveIterator(io.BytesIO(data))
            if r.rec_type == "response"
        ]
        assert cut == ["length", None]


class TestStore:
    def test_a_first_capture(self, press, article):
        body = gzip.compress(b"<p>One.")
        press.pages["/a"] = answer(
            body, content_encoding="gzip", etag='"1"', last_modified="Tue, 28 Feb 2023 10:00:00 GMT"
        )
        page = fetch(article.url)
        snapshot = snapshots.store(article, page, "One.\x00\r\ne\u0301")
        stored = Snapshot.objects.get()
        assert snapshot == stored
        assert {name: getattr(stored, name) for name in ("http_status", "media_type", "final_url", "etag", "last_modified", "sha256", "text", "outcome")} == {
            "http_status": 200,
            "media_type": "text/html",
            "final_url": press.url("/a"),
            "etag": '"1"',
            "last_modified": "Tue, 28 Feb 2023 10:00:00 GMT",
            "sha256": hashlib.sha256(b"<p>One.").hexdigest(),
            "text": "One.\né",
            "outcome": "first",
        }  # fmt: skip
        with default_storage.open(stored.file.name) as file:
            assert [record[0] for record in records(file.read())] == ["warcinfo", "response", "request"]
        check = PageCheck.objects.get()
        assert (check.article, check.snapshot, check.checked_at, check.etag, check.is_gone) == (
            article,
            stored,
            page.fetched_at,
            '"1"',
            False,
        )

    def outcomes(self, article, press, *steps: tuple) -> list[str]:
        for body, text in steps:
            press.pages["/a"] = body if body.startswith(b"HTTP/") else answer(body)
            snapshots.store(article, fetch(article.url), text)
        return list(article.snapshots.order_by("pk").values_list("outcome", flat=True))

    def test_stores_changes_only(self, press, article):
        lost = answer("not here", "404 Not Found")
        assert self.outcomes(
            article, press,
            (b"<p>One.", "One."), (b"<p>One.", "One."), (b"<p class=x>One.", "One."),  # first
            (b"<p>Two.", "Two."), (b"<p>Two.", "Two."),  # changed
            (lost, ""), (answer("nor here", "410 Gone"), ""),  # gone
            (b"<p>Two.", "Two."),  # there again
        ) == ["first", "changed", "gone", "changed"]  # fmt: skip
        assert len(default_storage.listdir(f"snapshots/{datetime.now(UTC):%Y/%m}")[1]) >= 4

    def test_an_unchanged_page_remembers_the_day_and_what_to_ask_next_time(self, press, article):
        press.pages["/a"] = answer("<p>One.", etag='"1"')
        first = snapshots.store(article, fetch(article.url), "One.")
        press.pages["/a"] = answer("<p>One. ", etag='"2"')
        page = fetch(article.url)
        assert snapshots.store(article, page, "One.") == first
        check = PageCheck.objects.get()
        assert (check.etag, check.checked_at, first.etag) == ('"2"', page.fetched_at, '"1"')

    def test_bodies_without_a_text_are_compared_as_they_are(self, press, article):
        assert self.outcomes(article, press, (b"%PDF 1", ""), (b"%PDF 1", ""), (b"%PDF 2", "")) == [
            "first",
            "changed",
        ]

    def test_another_address_with_the_same_text(self, press, article):
        press.pages["/b"] = answer("<p>One.")
        assert self.outcomes(article, press, (b"<p>One.", "One."), (moved("/b"), "One.")) == ["first", "same"]

    def test_a_page_that_is_missing_from_the_beginning(self, press, article):
        assert self.outcomes(article, press, (answer("", "404 Not Found"), "")) == ["gone"]
        assert PageCheck.objects.get().is_gone

    def test_odd_headers_are_kept_in_the_file_alone(self, press, article):
        press.pages["/a"] = answer(
            "x", etag='"' + "x" * 600 + '"', last_modified="f\xe9vrier", content_type="x" * 500 + "/y"
        )
        snapshot = snapshots.store(article, fetch(article.url), "x")
        assert (snapshot.etag, snapshot.last_modified, len(snapshot.media_type)) == ("", "", 100)

    def test_no_file_stays_behind_where_the_row_is_refused(self, press, article, monkeypatch):
        press.pages["/a"] = answer("x")
        page = fetch(article.url)

        def files() -> set[str]:
            try:
                return set(default_storage.listdir(f"snapshots/{datetime.now(UTC):%Y/%m}")[1])
            except FileNotFoundError:
                return set()

        before = files()

        def refuse(*args, **kwargs):
            raise IntegrityError("refused")

        monkeypatch.setattr(Snapshot, "save", refuse)
        with pytest.raises(IntegrityError):
            snapshots.store(article, page, "x")
        assert (files(), PageCheck.objects.count(), Snapshot.objects.count()) == (before, 0, 0)


def test_moments_are_kept_to_the_microsecond(press, article):
    press.pages["/a"] = answer("x")
    page = fetch(article.url)
    data = snapshots.warc(page, "x")
    dates = {
        r.rec_headers["WARC-Date"] for r in ArchiveIterator(io.BytesIO(data)) if r.rec_type != "warcinfo"
    }
    assert dates == {page.fetched_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    assert abs(page.fetched_at - datetime.now(UTC)) < timedelta(minutes=5)
