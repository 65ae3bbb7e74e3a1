"""Captures of articles' pages: the answer as it came in a WARC file, and the text that was read from it."""

import hashlib
import io
import unicodedata
import uuid
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from events import anchoring
from events.editing.fetching import Exchange, Page, user_agent
from events.models import Article, PageCheck, Snapshot

GONE = (404, 410)


def store(article: Article, page: Page, text: str, *, is_gone: bool | None = None) -> Snapshot:
    """The capture that holds this answer: a new one, or the latest where nothing has changed since.

    Something has changed where another text was read, where the page came, went, or is another kind of file, and where the address
    leads elsewhere. Where no text can be read, each other body counts; where the text is the same, another body does not: most pages
    differ each time in marks that no reader sees. `is_gone` where the page says in some other way than by its status that it is not
    there. The article's page counts as checked at the time of the answer.
    """
    gone = page.status in GONE if is_gone is None else is_gone
    with transaction.atomic():
        check = check_of(article, page.fetched_at)
        latest = check.snapshot
        snapshot = _capture(page, "" if gone else anchoring.clean(text), latest, gone)
        if snapshot is None:
            assert latest is not None
            snapshot = latest
        else:
            snapshot.article = article
            _write(snapshot, page)
        check.snapshot = snapshot
        check.final_url = page.final_url
        check.etag, check.last_modified = (
            _validator(page, "ETag", 500),
            _validator(page, "Last-Modified", 100),
        )
        check.succeed(page.fetched_at, is_gone=gone)
        check.save()
    return snapshot


def check_of(article: Article, moment: datetime) -> PageCheck:
    """The article's check, locked until the end of the transaction; made where there is none."""
    check, _is_new = (
        PageCheck.objects.select_for_update(of=("self",))
        .select_related("snapshot")
        .get_or_create(article=article, defaults={"tried_at": moment})
    )
    return check


def _capture(page: Page, text: str, latest: Snapshot | None, gone: bool) -> Snapshot | None:
    """A capture to be stored, or None where the latest one says the same."""
    digest = hashlib.sha256(page.body).hexdigest()
    if latest is None:
        outcome = Snapshot.Outcome.GONE if gone else Snapshot.Outcome.FIRST
    elif gone:
        if latest.outcome == Snapshot.Outcome.GONE:
            return None
        outcome = Snapshot.Outcome.GONE
    else:
        is_same_text = (latest.text == text) if text or latest.text else latest.sha256 == digest
        if latest.outcome == Snapshot.Outcome.GONE or not is_same_text:
            outcome = Snapshot.Outcome.CHANGED
        elif (latest.final_url, latest.media_type) == (page.final_url, page.media_type[:100]):
            return None
        else:
            outcome = Snapshot.Outcome.SAME
    return Snapshot(
        fetched_at=page.fetched_at,
        http_status=page.status,
        media_type=page.media_type[:100],
        final_url=page.final_url,
        etag=_validator(page, "ETag", 500),
        last_modified=_validator(page, "Last-Modified", 100),
        sha256=digest,
        text=text,
        outcome=outcome,
    )


def _write(snapshot: Snapshot, page: Page) -> None:
    """File and row, or neither."""
    name = f"{snapshot.article_id}-{page.fetched_at:%Y%m%dT%H%M%SZ}.warc.gz"
    snapshot.file.save(name, ContentFile(warc(page, name)), save=False)
    try:
        with transaction.atomic():
            snapshot.save()
    except BaseException:
        snapshot.file.storage.delete(snapshot.file.name or "")
        raise


def _validator(page: Page, name: str, longest: int) -> str:
    """A header that can go back in a conditional request; "" where it is longer than we keep, as half of it says nothing."""
    value = page.header(name)
    return value if len(value) <= longest and value.isascii() and value.isprintable() else ""


def warc(page: Page, name: str) -> bytes:
    """The request and the answer of each step, in WARC 1.1 (ISO 28500), each record compressed by itself."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True, warc_version="1.1")
    information = {"software": user_agent(), "format": "WARC File Format 1.1", "description": page.url}
    writer.write_record(writer.create_warcinfo_record(name, information))
    for exchange in page.exchanges:
        answer = _answer(writer, exchange)
        writer.write_request_response_pair(_request(writer, exchange), answer)
    return file.getvalue()


def _answer(writer: Any, exchange: Exchange) -> Any:
    # The chunks are joined already: the header that announced them would mislead who reads the record.
    headers = [
        ("X-Archive-Orig-Transfer-Encoding" if header.lower() == "transfer-encoding" else header, value)
        for header, value in exchange.headers
    ]
    described = {
        "WARC-Record-ID": _record_id(),
        "WARC-Date": exchange.fetched_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "WARC-IP-Address": exchange.server,
    }
    if exchange.is_cut:
        described["WARC-Truncated"] = "length"
    return writer.create_warc_record(
        exchange.url,
        "response",
        payload=io.BytesIO(exchange.raw),
        length=len(exchange.raw),
        warc_headers_dict=described,
        http_headers=StatusAndHeaders(
            f"{exchange.status} {_plain(exchange.reason)}".strip(), headers, protocol=exchange.http_version
        ),
    )


def _request(writer: Any, exchange: Exchange) -> Any:
    path = exchange.url.split("/", 3)[3]
    return writer.create_warc_record(
        exchange.url,
        "request",
        warc_headers_dict={"WARC-Record-ID": _record_id()},
        http_headers=StatusAndHeaders(
            f"GET /{path} HTTP/1.1", list(exchange.request_headers), is_http_request=True
        ),
    )


def _record_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _plain(reason: str) -> str:
    """The reason of a status line in ASCII, which is all that the records take there."""
    return unicodedata.normalize("NFKD", reason).encode("ascii", "ignore").decode()
