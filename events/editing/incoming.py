"""From a reading to a stored article, with an editor in between: what was read waits on the server under a token."""

import base64
import json
import uuid
import zlib
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from events.editing import capture, fetching, snapshots
from events.models import Article, IncomingArticle

FIELDS = ("title", "authors", "published_on", "language", "outlet", "url", "text")


def hold(draft: capture.Draft, user: Any) -> IncomingArticle:
    """Keep a draft for the editor until it is saved, for two days at most; too old ones go."""
    reading = {
        "title": draft.title,
        "authors": list(draft.authors),
        "published_on": draft.published_on,
        "language": draft.language,
        "outlet": draft.outlet.pk if draft.outlet else None,
        "url": draft.url,
        "text": draft.text,
        "byline": draft.byline,
    }
    with transaction.atomic():
        held = IncomingArticle.objects.create(
            user=user,
            source=draft.source,
            reading=reading,
            page=None if draft.page is None else packed(draft.page),
            page_text=draft.page_text,
        )
        IncomingArticle.objects.all().sweep(user)
    return held


def find(token: str, user: Any, *, lock: bool = False) -> IncomingArticle | None:
    """The editor's own incoming article with this token; None for one that is unknown, too old, or another editor's.

    With `lock` whoever asks second waits for the first one's transaction, and then sees the article that was stored.
    """
    try:
        number = uuid.UUID(token)
    except ValueError:
        return None
    rows = IncomingArticle.objects.alive().filter(user=user)
    if lock:
        rows = rows.select_for_update(of=("self",))
    return rows.defer("page", "page_text").filter(pk=number).first()


def settle(held: IncomingArticle, article: Article) -> None:
    """The article was stored: what was fetched becomes its snapshot, in the same transaction."""
    if held.page is not None:
        snapshots.store(article, unpacked(bytes(held.page)), held.page_text)
    held.article, held.page, held.page_text, held.reading = article, None, "", {}
    held.save()


def packed(page: fetching.Page) -> bytes:
    """A fetched page as bytes: the exchanges, from which the rest follows."""
    kept = {"url": page.url, "media_type": page.media_type, "charset": page.charset}
    exchanges = [asdict(exchange) for exchange in page.exchanges]
    return zlib.compress(json.dumps({**kept, "exchanges": exchanges}, default=_plain).encode(), 1)


def unpacked(kept: bytes) -> fetching.Page:
    """The page that `packed` has kept."""
    data = json.loads(zlib.decompress(kept))
    exchanges = tuple(
        fetching.Exchange(
            **{
                **one,
                "request_headers": tuple(map(tuple, one["request_headers"])),
                "headers": tuple(map(tuple, one["headers"])),
                "raw": base64.b64decode(one["raw"]),
                "fetched_at": datetime.fromisoformat(one["fetched_at"]),
            }
        )
        for one in data["exchanges"]
    )
    last = exchanges[-1]
    return fetching.Page(
        url=data["url"],
        final_url=last.url,
        status=last.status,
        headers=last.headers,
        media_type=data["media_type"],
        charset=data["charset"],
        body=fetching.unpack(last.raw, last.header("Content-Encoding")),
        raw=last.raw,
        fetched_at=last.fetched_at,
        exchanges=exchanges,
    )


def _plain(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value.isoformat())
