"""Pages of public web servers, fetched through a guard: public addresses only, within limits of time and size."""

import contextlib
import http.client
import io
import ipaddress
import re
import socket
import ssl
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import urllib3
from django.conf import settings
from django.utils.translation import gettext as _
from urllib3.connection import HTTPConnection, HTTPSConnection

CONNECT_TIMEOUT = 10  # seconds for each address that is tried
DEADLINE = 30  # seconds for the whole exchange: names, redirects, headers and body
REDIRECTS = 8
BODY_LIMIT = 20 * 1024 * 1024  # bytes, as sent and again when unpacked
HEADER_LIMIT = 64 * 1024  # bytes of one answer's headers
REDIRECT_BODY_LIMIT = 64 * 1024  # bytes that are kept of the body of a redirect
LONGEST_ADDRESS = 8000
PRODUCT = "SouthCaucasusDiplomaticArchive"  # also the name by which robots.txt may speak to us
ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,*/*;q=0.5"
ENCODINGS = [name for name in ("gzip", "deflate", "br") if name in urllib3.HTTPResponse.CONTENT_DECODERS]
PORTS = {"http": 80, "https": 443}
_MOVED = (301, 302, 303, 307, 308)

# Beside what `ipaddress` calls global: ways to write an IPv4 address as IPv6, ranges that the older Pythons do not know as
# special (RFC 6890 and its registry), and an address of a cloud's own servers that lies among public ones.
_REFUSED_NETWORKS = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8 100.64.0.0/10 168.63.129.16/32 192.0.0.0/24 192.88.99.0/24 198.18.0.0/15 224.0.0.0/3"
        " 2001::/23 2001:db8::/32 2002::/16 3fff::/20"
    ).split()
]
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class FetchError(Exception):
    """Why there is no page, in words for an editor, without a body or an inner address.

    `is_temporary` where the same request may well succeed later: a server that cannot be reached, takes too long or breaks off.
    """

    def __init__(self, message: str, *, is_temporary: bool = False) -> None:
        super().__init__(message)
        self.is_temporary = is_temporary


@dataclass(frozen=True)
class Exchange:
    """One request with its answer, as they went over the wire, but without the framing of chunks."""

    url: str
    request_headers: tuple[tuple[str, str], ...]
    http_version: str  # "HTTP/1.1"
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    raw: bytes
    is_cut: bool  # the body of a redirect beyond its limit
    server: str  # the address that answered
    fetched_at: datetime

    def header(self, name: str) -> str:
        """The value of a header, several joined by a comma; "" where there is none."""
        return ", ".join(value for one, value in self.headers if one.lower() == name.lower())


@dataclass(frozen=True)
class Page:
    """One answer of a public web server, as it came; an answer of 404 or 503 is a page too."""

    url: str  # as asked
    final_url: str  # after redirects
    status: int
    headers: tuple[tuple[str, str], ...]  # of the last answer
    media_type: str  # "text/html" in lower case, "" where the server does not say
    charset: str  # as the header says, "" where it does not
    body: bytes  # unpacked
    raw: bytes  # as sent, still packed
    fetched_at: datetime  # in UTC
    exchanges: tuple[Exchange, ...] = field(repr=False)  # each redirect, and the last answer

    def header(self, name: str) -> str:
        """The value of a header of the last answer; "" where there is none."""
        return self.exchanges[-1].header(name)


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    limit: int = BODY_LIMIT,
    seconds: float | None = None,
    admit: Callable[["Target"], None] | None = None,
) -> Page:
    """The page at `url`, redirects followed, of at most `limit` bytes, within `seconds` in all, by default `DEADLINE`.

    With `etag` or `last_modified` of an earlier answer the server may answer 304 without a body. An answer of whatever status is a
    page. A redirect may lead from https to http, as a reader's browser would go; each address that it leads to is checked anew, and
    `admit`, called with each before it is asked, may refuse it by a `FetchError` of its own. Raises `FetchError`.
    """
    deadline = _Deadline(DEADLINE if seconds is None else seconds)
    headers = [
        ("User-Agent", user_agent()),
        ("Accept", ACCEPT),
        ("Accept-Encoding", ", ".join(ENCODINGS)),
        *(
            (name, value)
            for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified))
            if value and value.isascii() and value.isprintable()
        ),
        ("Connection", "close"),
    ]
    exchanges: list[Exchange] = []
    target = Target.parse(url)
    seen = {target}
    while True:
        if admit:
            admit(target)
        exchange = _exchange(target, headers, deadline, limit)
        exchanges.append(exchange)
        location = exchange.header("Location")
        if exchange.status not in _MOVED or not location:
            return _page(url, tuple(exchanges), limit)
        target = target.follow(location)
        if target in seen:
            raise FetchError(_("The address leads in a circle: each page sends on to the next."))
        if len(exchanges) > REDIRECTS:
            raise FetchError(_("The address is sent on more than %s times.") % REDIRECTS)
        seen.add(target)


def user_agent() -> str:
    """How we present ourselves to a server: who asks, for what, and where to complain if the settings say so."""
    contact = settings.FETCH_CONTACT
    return f"{PRODUCT}/1.0 ({f'{contact}; ' if contact else ''}checks the sources of quotations)"


@dataclass(frozen=True)
class Target:
    """An address that may be asked, taken apart: a public host's, or one that the settings allow by name."""

    scheme: str
    host: str  # in ASCII; of an IPv6 address without brackets
    port: int
    path: str  # with the query, percent-encoded
    is_allowed: bool  # by the settings, whatever it resolves to

    @property
    def origin(self) -> str:
        """Scheme, host and port: "https://example.org"."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    @property
    def url(self) -> str:
        return self.origin + self.path

    @classmethod
    def parse(cls, url: str) -> "Target":
        """The address as it will be asked; `FetchError` where it is none of a page on the public web. No query to a name server."""
        parts = _split(url)
        name, port = (parts.hostname or "").lower(), parts.port or PORTS[parts.scheme]
        is_allowed = _is_allowed(name, port, PORTS[parts.scheme])
        if not is_allowed:
            if port not in PORTS.values():
                raise FetchError(_("Only the ordinary ports of the web, 80 and 443, are asked."))
            name = _public_host(name, "[" in parts.netloc)
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
        query = quote(parts.query, safe="/%:@!$&'()*+,;=~?[]")
        return cls(parts.scheme, name, port, f"{path}?{query}" if query else path, is_allowed)

    def follow(self, location: str) -> "Target":
        """Where a redirect from here leads."""
        # http.client reads headers as Latin-1; what servers send is mostly ASCII and else UTF-8.
        with contextlib.suppress(UnicodeError):
            location = location.encode("latin-1").decode("utf-8")
        try:
            return Target.parse(urljoin(self.url, location.strip()))
        except ValueError:
            raise FetchError(_("The page sends on to something that is no address.")) from None
        except FetchError as error:
            raise FetchError(_("The page sends on to another address. %s") % error) from None


def _split(url: str) -> SplitResult:
    message = _("This is not the address of a web page. Write it whole: https://www.example.org/news/1234")
    if len(url) > LONGEST_ADDRESS:
        raise FetchError(_("The address is longer than %s characters.") % LONGEST_ADDRESS)
    if not url or "\\" in url or any(char.isspace() or not char.isprintable() for char in url.strip()):
        raise FetchError(message)
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise FetchError(message) from None
    if parts.scheme not in PORTS:
        raise FetchError(_("Only addresses that begin with http:// or https:// are asked."))
    if "@" in parts.netloc:
        raise FetchError(_("An address with a user name or password is not asked."))
    if not parts.hostname or port == 0:
        raise FetchError(message)
    return parts


def _is_allowed(name: str, port: int, usual: int) -> bool:
    """Whether the settings allow this very host: by "host" at its usual port, by "host:port" at that one."""
    shown = f"[{name}]" if ":" in name else name
    allowed = {one.strip().lower() for one in settings.FETCH_ALLOWED_HOSTS}
    return f"{shown}:{port}" in allowed or (port == usual and shown in allowed)


def _public_host(name: str, is_bracketed: bool) -> str:
    """The host in ASCII, in the one usual spelling; every other spelling is refused, as programs read it differently."""
    refusal = FetchError(_("The host of this address is not a name on the public web."))
    if is_bracketed:
        try:
            _check_address(name)
        except ValueError:
            raise refusal from None
        return str(ipaddress.ip_address(name))
    if not name.isascii():
        # What only looks like a digit or a dot would become one.
        usual = all(unicodedata.category(char)[0] in "LMN" or char in "-." for char in name)
        if not usual or unicodedata.normalize("NFKC", name) != name:
            raise refusal
        try:
            name = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            raise refusal from None
    labels = name.split(".")
    if len(name) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise refusal
    if _NUMBER.fullmatch(labels[-1]):  # then it is read as a number, not as a name
        try:
            _check_address(name)
        except ValueError:
            raise refusal from None
    return name


def _check_address(text: str) -> None:
    """`FetchError` where a server at this address would not be one of the public web; `ValueError` where it is none."""
    address = ipaddress.ip_address(text)
    is_public = address.is_global and not address.is_multicast
    if isinstance(address, ipaddress.IPv6Address):
        is_public = is_public and address in _GLOBAL_UNICAST and not address.scope_id
    if not is_public or any(address in network for network in _REFUSED_NETWORKS):
        raise FetchError(_("This address does not lead to the public web, and is not asked."))


class _Deadline:
    """What is left of the time for an exchange."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.end = seconds, time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until the deadline; `FetchError` when it has passed."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> FetchError:
        return FetchError(
            _("The server did not answer within %s seconds.") % f"{self.seconds:.3g}", is_temporary=True
        )


def _too_large() -> FetchError:
    return FetchError(_("The page is larger than the archive takes."))


def _resolve(target: Target, deadline: _Deadline) -> list[tuple[int, Any]]:
    """Family and socket address of each server of the host; all of them must be public."""
    found: list[Any] = []
    failed: list[OSError | UnicodeError] = []

    def look_up() -> None:
        try:
            found.extend(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    # The C library knows no deadline; a thread that hangs in it ends by itself.
    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if thread.is_alive():
        raise FetchError(_("The name of the host could not be looked up within the time."), is_temporary=True)
    if failed or not found:
        is_temporary = any(getattr(error, "errno", None) != socket.EAI_NONAME for error in failed)
        raise FetchError(_("There is no host of this name."), is_temporary=is_temporary)
    servers = []
    for family, _type, _protocol, _name, address in found:
        if not target.is_allowed:
            if family not in (socket.AF_INET, socket.AF_INET6) or (len(address) == 4 and address[3]):
                raise FetchError(_("This address does not lead to the public web, and is not asked."))
            _check_address(address[0])
        servers.append((family, address))
    return list(dict.fromkeys(servers))


class _Reading(io.RawIOBase):
    """What a server sends, as long as time and bytes are left."""

    def __init__(self, sock: socket.socket, watch: "_Watch") -> None:
        self.sock, self.watch = sock, watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.sock.settimeout(self.watch.deadline.left())
        count = self.sock.recv_into(buffer)
        self.watch.take(count)
        return count


class _Watch:
    """A socket whose every read keeps to the deadline and to a budget of bytes: first that of headers, then that of the body."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._sock, self.deadline = sock, deadline
        self.budget, self.is_body = HEADER_LIMIT, False

    def take(self, count: int) -> None:
        self.budget -= count
        if self.budget < 0:
            raise _too_large() if self.is_body else _too_many_headers()

    def expect_body(self, limit: int) -> None:
        # What frames chunks counts too; no honest server needs more than this for it.
        self.budget, self.is_body = limit + limit // 4 + HEADER_LIMIT, True

    def makefile(self, *args: Any, **kwargs: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._sock, self))

    def close(self) -> None:
        """Not yet: http.client closes a socket before it reads the body. `hang_up` closes."""

    def hang_up(self) -> None:
        self._sock.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _Pinned:
    """A connection to the addresses that were checked, and to no other: the name is not looked up again."""

    servers: list[tuple[int, Any]]
    deadline: _Deadline
    server = ""
    watch: _Watch | None = None

    def _new_conn(self) -> socket.socket:
        for family, address in self.servers:
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.settimeout(min(CONNECT_TIMEOUT, self.deadline.left()))
                sock.connect(address)
                sock.settimeout(self.deadline.left())
            except OSError:
                sock.close()
            except FetchError:
                sock.close()
                raise
            else:
                self.server = address[0]
                self.opened = sock
                return sock
        raise FetchError(_("The server could not be reached."), is_temporary=True)

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.sock = self.watch = _Watch(self.sock, self.deadline)  # type: ignore[has-type]

    def hang_up(self) -> None:
        if self.watch:
            self.watch.hang_up()
        elif hasattr(self, "opened"):
            self.opened.close()


class _PinnedHTTP(_Pinned, HTTPConnection):  # type: ignore[misc]
    pass


class _PinnedHTTPS(_Pinned, HTTPSConnection):  # type: ignore[misc]
    pass


def _connection(target: Target, deadline: _Deadline) -> Any:
    connection: Any
    if target.scheme == "https":
        connection = _PinnedHTTPS(target.host, target.port, ssl_context=ssl.create_default_context())
    else:
        connection = _PinnedHTTP(target.host, target.port)
    connection.servers, connection.deadline = _resolve(target, deadline), deadline
    return connection


def _exchange(target: Target, headers: list[tuple[str, str]], deadline: _Deadline, limit: int) -> Exchange:
    """Ask once. No cause goes along with an error: it would name the address behind the host."""
    connection = _connection(target, deadline)
    try:
        connection.timeout = deadline.left()
        connection.request(
            "GET", target.path, headers=dict(headers), preload_content=False, decode_content=False
        )
        response = connection.getresponse()
        is_redirect = response.status in _MOVED and "Location" in response.headers
        raw, is_cut = _read(
            response, connection.watch, min(limit, REDIRECT_BODY_LIMIT) if is_redirect else limit, is_redirect
        )
        version = "HTTP/1.0" if response.version == 10 else "HTTP/1.1"
        return Exchange(
            target.url, (("Host", target.origin.partition("://")[2]), *headers), version, response.status,
            response.reason or "", tuple(response.headers.items()), raw, is_cut, connection.server, datetime.now(UTC),
        )  # fmt: skip
    except ssl.SSLCertVerificationError:
        raise FetchError(_("The server cannot prove that it is the host of this address.")) from None
    except ssl.SSLError:
        raise FetchError(
            _("No encrypted connection could be made to the server."), is_temporary=True
        ) from None
    except (TimeoutError, urllib3.exceptions.TimeoutError):
        raise deadline.passed() from None
    except (http.client.LineTooLong, urllib3.exceptions.HeaderParsingError):
        raise _too_many_headers() from None
    except (http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError) as error:
        if type(error) is http.client.HTTPException:  # "got more than 100 headers"
            raise _too_many_headers() from None
        raise FetchError(
            _("The server broke off, or its answer could not be understood."), is_temporary=True
        ) from None
    except OSError:
        raise FetchError(_("The connection to the server was lost."), is_temporary=True) from None
    finally:
        connection.hang_up()


def _too_many_headers() -> FetchError:
    return FetchError(_("The server sends more headers than a page can have."))


def _read(response: Any, watch: _Watch, limit: int, may_cut: bool) -> tuple[bytes, bool]:
    """The body as sent, and whether it was cut at the limit."""
    length = response.headers.get("Content-Length", "")
    if not may_cut and length.isascii() and length.isdecimal() and int(length[:20]) > limit:
        raise _too_large()
    watch.expect_body(limit)
    pieces, size = [], 0
    while piece := response.read(min(64 * 1024, limit - size + 1), decode_content=False):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            if may_cut:
                return b"".join(pieces)[:limit], True
            raise _too_large()
    return b"".join(pieces), False


def _page(url: str, exchanges: tuple[Exchange, ...], limit: int) -> Page:
    last = exchanges[-1]
    kind = last.header("Content-Type")
    media_type = kind.partition(";")[0].strip().lower()
    charset = re.search(r"""charset\s*=\s*["']?([\w.:-]+)""", kind, re.IGNORECASE)
    return Page(
        url=url,
        final_url=last.url,
        status=last.status,
        headers=last.headers,
        media_type=media_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type, re.ASCII) else "",
        charset=charset[1] if charset else "",
        body=unpack(last.raw, last.header("Content-Encoding"), limit),
        raw=last.raw,
        fetched_at=last.fetched_at,
        exchanges=exchanges,
    )


def unpack(raw: bytes, content_encoding: str, limit: int = BODY_LIMIT) -> bytes:
    """The body as its `Content-Encoding` says it was packed, at most twice; `FetchError` beyond `limit` bytes, and where it was not.

    Unpacks piece by piece, so that a body that would fill the memory costs no more than the limit.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in ("", "identity", "none", "utf-8")]
    if not names or not raw:
        return _within(raw, limit)
    if len(names) > 2 or not set(names) <= {*ENCODINGS, "x-gzip"}:
        raise FetchError(_("The page is packed in a way that the archive does not undo."))
    packed = urllib3.HTTPResponse(
        io.BytesIO(raw), {"Content-Encoding": ", ".join(names)}, preload_content=False
    )
    try:
        return _within(b"".join(_pieces(packed, limit)), limit)
    except (urllib3.exceptions.HTTPError, ValueError):
        raise FetchError(_("The page came damaged: it is not packed as its server says.")) from None


def _pieces(packed: Any, limit: int) -> Iterator[bytes]:
    size = 0
    while size <= limit and (piece := packed.read(64 * 1024, decode_content=True)):
        size += len(piece)
        yield piece


def _within(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise _too_large()
    return body
