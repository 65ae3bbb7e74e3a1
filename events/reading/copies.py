"""Copies of public pages that browsers and caches keep: whether one still holds, and who may keep one."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, router
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from events.models import Edition
from events.models.invalidation import archive_version
from events.reading.generation import Generation

# Whoever keeps a page may keep it for everybody, and asks each time whether it still holds. deploy/nginx.conf knows a page by this value.
FOR_EVERYBODY = "public, no-cache"
# The headers of a request that make another page of the same address.
VARIES = ("HX-Request", "HX-History-Restore-Request", "HX-Target")


def is_of_a_stranger(request: HttpRequest) -> bool:
    """Whether a page is asked for by somebody who is not signed in and is told nothing personal. Asks no database."""
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and CookieStorage.cookie_name not in request.COOKIES
        and not request.path.startswith((reverse("admin:index"), settings.STATIC_URL, settings.HEALTH_PATH))
    )


class CopiesMiddleware:
    """Gives strangers' pages an ETag and answers 304 while it holds, for one query, before sessions, views and the readers' role.

    A page is made of the rows that readers may see, the code, its address with scheme and host, the language, the headers in
    `VARIES` and the day; the ETag is a digest of the archive's version and the rest. All that changes a public row changes the
    version: tests/reading/test_copies.py holds the triggers to the views. The version is read before the page's snapshot is taken,
    so that of a change in between the page may tell already while its ETag does not yet: then it is asked for once more than it
    would have to be, and never taken for newer than it is.

    Only what is answered with 200 gets one. Left alone is a page that says itself how it may be kept, sets a cookie, is streamed, or
    depends on other headers: whatever is not made of the above must say so by its own Cache-Control. The ETag is weak, as a proxy
    may compress the page.

    Stands before all that knows sessions. Not used with DEBUG, where templates change while the server runs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.release = release(settings.BASE_DIR, settings.STATIC_ROOT)
        self.generation = Generation(Path(settings.EDGE_DIR), self.release) if settings.EDGE_DIR else None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_of_a_stranger(request):
            response = self.get_response(request)
            if (
                self.generation
                and response.status_code < 500
                and not request.path.startswith(settings.STATIC_URL)
            ):
                # Before an editor hears that a record is withdrawn. Health is asked for all the time, which finds what commands change.
                with suppress(Error):
                    self._version()
            return response
        etag = self._etag(request)
        known = parse_etags(request.headers.get("If-None-Match", ""))
        if etag in known or etag.removeprefix("W/") in known:
            response = HttpResponseNotModified()
        else:
            response = self.get_response(request)
            patch_vary_headers(response, ("Cookie", *VARIES))
            if not _is_made_of_the_archive(response):
                response.headers.setdefault("Cache-Control", "no-cache")
                return response
        response.headers["Cache-Control"], response.headers["ETag"] = FOR_EVERYBODY, etag
        response.headers["Vary"] = ", ".join(("Cookie", *VARIES))
        return response

    def _version(self) -> str:
        version = archive_version()
        if self.generation:
            self.generation.follow(version, router.db_for_read(Edition))
        return version

    def _etag(self, request: HttpRequest) -> str:
        parts = (
            self._version(),
            self.release,
            timezone.now().date().isoformat(),
            get_language() or "",
            f"{request.scheme}://{request.get_host()}{request.get_full_path()}",
            *(request.headers.get(name, "") for name in VARIES),
        )
        digest = hashlib.blake2b(digest_size=16)
        for part in parts:
            digest.update(f"{len(part)}:{part}".encode(errors="surrogatepass"))
        return f'W/"{digest.hexdigest()}"'


def _is_made_of_the_archive(response: HttpResponseBase) -> bool:
    varies = {name.strip().lower() for name in response.headers["Vary"].split(",")}
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not {"Cache-Control", "ETag"} & set(response.headers)
        and varies == {"cookie", *map(str.lower, VARIES)}
    )


def release(base: Path, static: Path) -> str:
    """A digest of all that pages are made of beside the database: the code, the templates, the words, the packages, and the names of
    the static files. Reads some 400 files, in 30 ms."""
    digest = hashlib.blake2b(digest_size=8)
    kinds = {
        "caucasus": ".py",
        "events": ".py",
        "templates": ".html",
        "locale": ".mo",
        "requirements": "run.txt",
    }
    files = [path for folder, kind in kinds.items() for path in sorted((base / folder).rglob(f"*{kind}"))]
    for path in [*files, static / "staticfiles.json"]:
        if path.exists():
            digest.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()
