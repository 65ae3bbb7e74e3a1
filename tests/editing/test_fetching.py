"""What the guard lets through: real servers on this machine, and a stub where names are looked up."""

import gzip
import socket
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest

from events.editing import fetching
from events.editing.fetching import FetchError, fetch, unpack
from tests import press as presses
from tests.press import answer, moved

NOT_PUBLIC = "This address does not lead to the public web, and is not asked."
NO_HOST = "The host of this address is not a name on the public web."
NO_ADDRESS = "This is not the address of a web page. Write it whole: https://www.example.org/news/1234"
SCHEME = "Only addresses that begin with http:// or https:// are asked."
PORT = "Only the ordinary ports of the web, 80 and 443, are asked."
USER = "An address with a user name or password is not asked."
TOO_LARGE = "The page is larger than the archive takes."
DAMAGED = "The page came damaged: it is not packed as its server says."
HEADERS = "The server sends more headers than a page can have."
BROKEN = "The server broke off, or its answer could not be understood."


def refusal(url: str, **options: object) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(url, **options)
    return str(caught.value)


class Resolver:
    """Takes the place of the name servers, and of the sockets that would lead outside."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self.looked_up: list[str] = []
        self.connected: list[tuple[str, int]] = []

    def getaddrinfo(self, host: str, port: int, *args: object, **kwargs: object) -> list[tuple]:
        self.looked_up.append(host)
        if host not in self.answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        turns = self.answers[host]
        addresses = turns.pop(0) if len(turns) > 1 else turns[0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (one.partition("%")[0], port, 0, int(one.partition("%")[2] or 0)))
            if ":" in one
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]  # fmt: skip


@pytest.fixture
def resolver(monkeypatch):
    stub = Resolver()
    connect = socket.socket.connect

    class Socket(socket.socket):
        def connect(self, address):
            stub.connected.append(tuple(address[:2]))
            if not str(address[0]).startswith("127."):
                raise ConnectionRefusedError(f"secret inner detail {address}")
            return connect(self, address)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", stub.getaddrinfo)
    monkeypatch.setattr(fetching.socket, "socket", Socket)
    return stub


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", NO_ADDRESS),
        ("www.example.org/news", SCHEME),
        ("file:///etc/passwd", SCHEME),
        ("ftp://example.org/", SCHEME),
        ("gopher://example.org:80/", SCHEME),
        ("javascript:alert(1)", SCHEME),
        ("data:text/html,x", SCHEME),
        ("//example.org/", SCHEME),
        ("http:///path", NO_ADDRESS),
        ("http://", NO_ADDRESS),
        ("http://exa mple.org/", NO_ADDRESS),
        ("http://example.org/a b", NO_ADDRESS),
        ("http://example.org/\r\nHost: 127.0.0.1", NO_ADDRESS),
        ("http://example.org/\x00", NO_ADDRESS),
        ("http://example.org\\@127.0.0.1/", NO_ADDRESS),
        ("http:\\\\127.0.0.1/", NO_ADDRESS),
        ("http://example.org:99999/", NO_ADDRESS),
        ("http://example.org:0/", NO_ADDRESS),
        ("http://example.org:x/", NO_ADDRESS),
        ("http://[::1/", NO_ADDRESS),
        ("http://example.org/" + "a" * 8000, "The address is longer than 8000 characters."),
        ("http://user:pw@example.org/", USER),
        ("http://user@127.0.0.1/", USER),
        ("http://@example.org/", USER),
        ("http://example.org:22/", PORT),
        ("http://example.org:8080/", PORT),
        ("https://127.0.0.1:5432/", PORT),
        ("http://localhost/", NO_HOST),
        ("http://LOCALHOST/", NO_HOST),
        ("http://intranet/", NO_HOST),
        ("http://example.org./", NO_HOST),
        ("http://localhost./", NO_HOST),
        ("http://127.0.0.1./", NO_HOST),
        ("http://2130706433/", NO_HOST),
        ("http://017700000001/", NO_HOST),
        ("http://0x7f000001/", NO_HOST),
        ("http://0/", NO_HOST),
        ("http://127.1/", NO_HOST),
        ("http://127.0.1/", NO_HOST),
        ("http://0x7f.1/", NO_HOST),
        ("http://0x7f.0.0.0x1/", NO_HOST),
        ("http://0177.0.0.1/", NO_HOST),
        ("http://127.0.0.01/", NO_HOST),
        ("http://127.0.0.1.1/", NO_HOST),
        ("http://256.1.1.1/", NO_HOST),
        ("http://example.0x7f/", NO_HOST),
        ("http://example..org/", NO_HOST),
        ("http://.example.org/", NO_HOST),
        ("http://-example.org/", NO_HOST),
        ("http://%31%32%37.0.0.1/", NO_HOST),
        ("http://127%2e0%2e0%2e1/", NO_HOST),
        ("http://example.org%00.evil.example/", NO_HOST),
        ("http://１２７.0.0.1/", NO_HOST),
        ("http://127。0。0。1/", NO_HOST),
        ("http://127．0．0．1/", NO_HOST),
        ("http://①②⑦.⓪.⓪.①/", NO_HOST),
        ("http://ⓔxample.org/", NO_HOST),
        ("http://exam\u200bple.org/", NO_ADDRESS),
        ("http://[fe80::1%25eth0]/", NOT_PUBLIC),
        ("http://[2600:1406::1%eth0]/", NOT_PUBLIC),
        ("http://[v1.x]/", NO_ADDRESS),
        ("http://" + "a." * 130 + "org/", NO_HOST),
        ("http://" + "a" * 64 + ".org/", NO_HOST),
    ],
)  # fmt: skip
def test_odd_spellings_are_refused_before_a_name_is_looked_up(resolver, url, message):
    if "[v1" in url:  # what Python makes of it differs by its version
        assert refusal(url) in {NO_ADDRESS, NO_HOST}
    else:
        assert refusal(url) == message
    assert (resolver.looked_up, resolver.connected) == ([], [])


PRIVATE = (
    "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254 172.16.0.1"
    " 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1"
    " 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255"
    " :: ::1 ::127.0.0.1 ::5db8:d822 ::ffff:127.0.0.1 ::ffff:93.184.216.34 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::5db8:d822"
    " 64:ff9b:1::7f00:1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1"
    " 2002:7f00:1:: 2002:5db8:d822:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 ff0e::1"
).split()


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public_are_refused_written_and_looked_up(resolver, address):
    written = f"[{address}]" if ":" in address else address
    assert refusal(f"http://{written}/") == NOT_PUBLIC
    assert resolver.looked_up == []
    resolver.answers["press.example"] = [[address]]
    assert refusal("http://press.example/") == NOT_PUBLIC
    assert resolver.connected == []


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4001::1"]
)
def test_public_addresses_are_asked(resolver, address):
    resolver.answers["press.example"] = [[address]]
    assert refusal("https://press.example/") == "The server could not be reached."
    assert resolver.connected == [(address, 443)]


def test_one_inner_address_among_public_ones_refuses_all(resolver):
    resolver.answers["press.example"] = [["93.184.216.34", "10.0.0.1"]]
    assert refusal("http://press.example/") == NOT_PUBLIC
    resolver.answers["press.example"] = [["93.184.216.34", "2606:2800::1%3"]]
    assert refusal("http://press.example/") == NOT_PUBLIC
    assert resolver.connected == []


def test_a_name_that_changes_its_answer_is_connected_at_the_checked_one(resolver):
    resolver.answers["press.example"] = [["93.184.216.34", "93.184.216.35"], ["127.0.0.1"]]
    message = refusal("http://press.example/")
    assert message == "The server could not be reached."
    assert (resolver.looked_up, resolver.connected) == (
        ["press.example"],
        [("93.184.216.34", 80), ("93.184.216.35", 80)],
    )


def test_names_in_other_scripts_are_looked_up_as_name_servers_know_them(resolver):
    assert refusal("http://пример.рф/") == "There is no host of this name."
    assert refusal("http://bücher.example/") == "There is no host of this name."
    assert resolver.looked_up == ["xn--e1afmkfd.xn--p1ai", "xn--bcher-kva.example"]


def test_a_name_that_takes_too_long_to_look_up(monkeypatch):
    import threading

    release = threading.Event()
    monkeypatch.setattr(fetching, "DEADLINE", 0.2)
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *args, **kwargs: release.wait(20) and [])
    message = refusal("http://press.example/")
    release.set()
    assert message == "The name of the host could not be looked up within the time."


class TestErrors:
    def test_nothing_of_the_inside_is_told(self, resolver):
        resolver.answers["press.example"] = [["93.184.216.34"]]
        with pytest.raises(FetchError) as caught:
            fetch("http://press.example/")
        chain = [caught.value]
        while cause := chain[-1].__cause__ or (
            None if chain[-1].__suppress_context__ else chain[-1].__context__
        ):
            chain.append(cause)
        assert [str(one) for one in chain] == ["The server could not be reached."]

    @pytest.mark.parametrize(("code", "is_temporary"), [(socket.EAI_NONAME, False), (socket.EAI_AGAIN, True)])
    def test_what_may_pass_is_told_from_what_stays(self, monkeypatch, code, is_temporary):
        def fail(*args, **kwargs):
            raise socket.gaierror(code, "x")

        monkeypatch.setattr(fetching.socket, "getaddrinfo", fail)
        with pytest.raises(FetchError) as caught:
            fetch("http://press.example/")
        assert (str(caught.value), caught.value.is_temporary) == (
            "There is no host of this name.",
            is_temporary,
        )


class TestAllowedHosts:
    def test_only_the_very_host_and_port(self, settings, press):
        press.pages["/"] = answer("here")
        assert fetch(press.url("/")).body == b"here"
        assert refusal(f"http://127.0.0.1:{press.port + 1}/") == PORT
        assert refusal(f"http://localhost:{press.port}/") == PORT
        assert refusal("http://127.0.0.1/") == NOT_PUBLIC
        assert refusal(f"http://127.1:{press.port}/") == PORT
        settings.FETCH_ALLOWED_HOSTS = ["127.0.0.1", "[::1]:99", "intranet"]
        assert refusal(press.url("/")) == PORT
        assert refusal("http://127.0.0.1:443/") == NOT_PUBLIC
        assert refusal("http://x.intranet.example:8000/") == PORT

    def test_a_name_without_its_port_allows_the_ordinary_one(self, settings, resolver):
        settings.FETCH_ALLOWED_HOSTS = ["intranet"]
        resolver.answers["intranet"] = [["10.0.0.1"]]
        assert refusal("http://intranet/") == "The server could not be reached."
        assert resolver.connected == [("10.0.0.1", 80)]


class TestPage:
    def test_an_answer_as_it_came(self, press):
        press.pages["/a?b=%C3%A9%20c"] = answer(
            gzip.compress(b"<p>hello"), content_encoding="gzip", etag='"1"', content_type='Text/HTML; Charset="windows-1251"'
        )  # fmt: skip
        page = fetch(press.url("/a?b=é%20c#part"))
        sent = gzip.compress(b"<p>hello")
        assert (page.url, page.final_url, page.status) == (
            press.url("/a?b=é%20c#part"),
            press.url("/a?b=%C3%A9%20c"),
            200,
        )
        assert (page.media_type, page.charset, page.body, len(page.raw)) == (
            "text/html",
            "windows-1251",
            b"<p>hello",
            len(sent),
        )
        assert (page.header("ETag"), page.header("nothing"), page.fetched_at.tzname()) == ('"1"', "", "UTC")
        assert press.asked[0].headers == {
            "host": press.host,
            "user-agent": "SouthCaucasusDiplomaticArchive/1.0 (checks the sources of quotations)",
            "accept": fetching.ACCEPT,
            "accept-encoding": "gzip, deflate, br",
            "connection": "close",
        }

    def test_the_contact_of_the_settings_goes_along(self, press, settings):
        settings.FETCH_CONTACT = "https://archive.example/about/"
        fetch(press.url("/"))
        assert press.asked[0].headers["user-agent"] == (
            "SouthCaucasusDiplomaticArchive/1.0 (https://archive.example/about/; checks the sources of quotations)"
        )

    @pytest.mark.parametrize("status", [204, 304, 404, 410, 429, 500, 503])
    def test_answers_of_every_status_are_pages(self, press, status):
        body = b"" if status in (204, 304) else b"<h1>why</h1>"
        press.pages["/"] = answer(body, f"{status} Because", retry_after="120")
        page = fetch(press.url("/"))
        assert (page.status, page.body, page.header("Retry-After")) == (status, body, "120")

    def test_conditional_requests(self, press):
        press.pages["/"] = answer(b"", "304 Not Modified")
        fetch(press.url("/"), etag='W/"x"', last_modified="Tue, 28 Feb 2023 10:00:00 GMT")
        fetch(press.url("/"), etag='"x"\r\nHost: inner', last_modified="\u0442")
        assert [
            (one.headers.get("if-none-match"), one.headers.get("if-modified-since")) for one in press.asked
        ] == [('W/"x"', "Tue, 28 Feb 2023 10:00:00 GMT"), (None, None)]

    def test_chunks_are_joined_and_no_cookie_is_kept(self, press):
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b\r\n\r\n"
        press.pages["/"] = head + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        assert [fetch(press.url("/")).body for _ in range(2)] == [b"abcde", b"abcde"]
        assert [one.headers.get("cookie") for one in press.asked] == [None, None]

    def test_proxies_of_the_environment_are_not_used(self, press, monkeypatch):
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9/")
        press.pages["/"] = answer("straight")
        assert fetch(press.url("/")).body == b"straight"


class TestRedirects:
    def test_are_followed_and_recorded(self, press):
        press.pages |= {
            "/a": moved("/b", "301 Moved"),
            "/b": moved("c?d=ü".encode().decode("latin-1")),
            "/c?d=%C3%BC": answer("end"),
        }
        page = fetch(press.url("/a"), etag='"1"')
        assert (page.url, page.final_url, page.body) == (press.url("/a"), press.url("/c?d=%C3%BC"), b"end")
        assert [(one.url, one.status, one.raw, one.is_cut) for one in page.exchanges] == [
            (press.url("/a"), 301, b"moved", False),
            (press.url("/b"), 302, b"moved", False),
            (press.url("/c?d=%C3%BC"), 200, b"end", False),
        ]

    @pytest.mark.parametrize(
        ("location", "message"),
        [
            ("http://127.0.0.1/", NOT_PUBLIC),
            ("http://169.254.169.254/latest/meta-data/", NOT_PUBLIC),
            ("//[::1]/", NOT_PUBLIC),
            ("http://localhost:22/", PORT),
            ("http://2130706433/", NO_HOST),
            ("file:///etc/passwd", SCHEME),
            ("http://user:secret@example.org/", USER),
            ("http://inner.example/", NOT_PUBLIC),
        ],
    )
    def test_to_the_inside_are_refused(self, press, resolver, location, message):
        resolver.answers |= {"127.0.0.1": [["127.0.0.1"]], "inner.example": [["10.0.0.7"]]}
        press.pages |= {"/a": moved("/b"), "/b": moved(location)}
        shown = refusal(press.url("/a"))
        assert shown in {message, f"The page sends on to another address. {message}"}
        assert ("secret" in shown, resolver.connected) == (False, [("127.0.0.1", press.port)] * 2)

    def test_in_a_circle(self, press):
        press.pages |= {"/a": moved("/b"), "/b": moved("/a#x")}
        assert refusal(press.url("/a")) == "The address leads in a circle: each page sends on to the next."
        assert press.paths == ["/a", "/b"]

    def test_without_end(self, press):
        press.pages |= {f"/{n}": moved(f"/{n + 1}") for n in range(20)}
        assert refusal(press.url("/0")) == "The address is sent on more than 8 times."
        assert len(press.asked) == 9

    def test_of_the_most_that_are_followed(self, press):
        press.pages |= {f"/{n}": moved(f"/{n + 1}") for n in range(8)} | {"/8": answer("end")}
        assert fetch(press.url("/0")).body == b"end"

    def test_to_nowhere(self, press):
        press.pages |= {
            "/a": moved("http://[::1"),
            "/b": b"HTTP/1.1 302 Found\r\nContent-Length: 1\r\n\r\nx",
            "/c": answer("choose", "300 Multiple", location="/a"),
        }
        assert refusal(press.url("/a")).startswith("The page sends on to")
        assert [fetch(press.url(path)).status for path in ("/b", "/c")] == [302, 300]

    def test_a_long_body_of_a_redirect_is_cut(self, press):
        press.pages |= {"/a": answer(b"x" * 100_000, "302 Found", location="/b"), "/b": answer("end")}
        first = fetch(press.url("/a")).exchanges[0]
        assert (len(first.raw), first.is_cut) == (65536, True)


class TestLimits:
    """Each of these would go on for longer than the test may, or fill the memory, without its limit."""

    @pytest.fixture(autouse=True)
    def _short(self, monkeypatch):
        monkeypatch.setattr(fetching, "DEADLINE", 0.6)

    SLOW = "The server did not answer within 0.6 seconds."

    def test_a_drip_of_headers(self, press):
        press.pages["/"] = press.drip([b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 200])
        assert refusal(press.url("/")) == self.SLOW

    def test_a_drip_of_a_body(self, press):
        press.pages["/"] = press.drip([answer(b"", content_length="1000"), *[b"x"] * 1000])
        assert refusal(press.url("/")) == self.SLOW

    def test_a_drip_within_one_line(self, press):
        press.pages["/"] = press.drip([b"H"] * 200)
        assert refusal(press.url("/")) == self.SLOW

    def test_silence(self, press):
        press.pages["/"] = press.drip([b""] * 200)
        assert refusal(press.url("/")) == self.SLOW

    def test_redirects_that_each_take_a_while(self, press):
        press.pages |= {f"/{n}": press.drip([b"", b"", b"", moved(f"/{n + 1}")], 0.05) for n in range(8)}
        assert refusal(press.url("/0")) == self.SLOW
        assert len(press.asked) < 8

    def test_a_flood_of_headers(self, press, monkeypatch):
        monkeypatch.setattr(fetching, "DEADLINE", 20)
        head = b"HTTP/1.1 200 OK\r\n"
        press.pages |= {
            "/many": head + b"X: y\r\n" * 150 + b"\r\n",
            "/long": head + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
            "/large": head + (b"X: " + b"y" * 8000 + b"\r\n") * 50 + b"\r\n",
            "/first": b"HTTP/1.1 " + b"2" * 200_000,
            "/continue": b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
        }
        assert {refusal(press.url(path)) for path in press.pages} == {HEADERS}

    def test_a_body_beyond_the_limit(self, press, monkeypatch):
        monkeypatch.setattr(fetching, "DEADLINE", 20)
        press.pages |= {
            "/said": answer(b"", content_length=str(10**30)),
            "/unsaid": lambda asked: [b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 10_000] * 1000],
            "/chunks": lambda asked: [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 60_000],
            "/whole": answer(b"x" * 50_001),
        }  # fmt: skip
        assert {refusal(press.url(path), limit=50_000) for path in press.pages} == {TOO_LARGE}
        press.pages["/"] = answer(b"x" * 50_000)
        assert len(fetch(press.url("/"), limit=50_000).body) == 50_000

    @pytest.mark.parametrize(
        "answered",
        [
            b"",
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"HTTP/1.1 2x0 OK\r\n\r\n",
            answer(b"abc", content_length="100"),
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        ],
    )
    def test_an_answer_that_breaks_off_or_is_none(self, press, answered):
        press.pages["/"] = answered
        with pytest.raises(FetchError) as caught:
            fetch(press.url("/"))
        assert (str(caught.value), caught.value.is_temporary) == (BROKEN, True)


def twice(pack: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda body: pack(pack(body))


class TestUnpacking:
    @pytest.mark.parametrize(
        ("encoding", "pack"),
        [
            ("", bytes),
            ("identity", bytes),
            ("gzip", gzip.compress),
            ("X-GZip", gzip.compress),
            ("deflate", zlib.compress),
            ("deflate", lambda body: zlib.compress(body, wbits=-15)),
            ("br", brotli.compress),
            ("gzip, gzip", twice(gzip.compress)),
            ("br, gzip", lambda body: gzip.compress(brotli.compress(body))),
        ],
    )
    def test_gives_what_was_packed(self, encoding, pack):
        body = "Приветствие, სალამი. ".encode() * 5000
        assert unpack(pack(body), encoding) == body
        assert unpack(pack(b""), encoding) == b""

    BOMBS = {
        "gzip": gzip.compress(bytes(60_000_000)),
        "deflate": zlib.compress(bytes(60_000_000)),
        "br": brotli.compress(bytes(60_000_000)),
        "gzip, gzip": twice(gzip.compress)(bytes(60_000_000)),
        "gzip, br": brotli.compress(gzip.compress(bytes(60_000_000))),
    }

    @pytest.mark.parametrize("encoding", BOMBS)
    def test_a_bomb_costs_no_more_than_the_limit(self, press, encoding):
        press.pages["/"] = answer(self.BOMBS[encoding], content_encoding=encoding)
        tracemalloc.start()
        try:
            assert refusal(press.url("/"), limit=1_000_000) == TOO_LARGE
            assert tracemalloc.get_traced_memory()[1] < 8_000_000
        finally:
            tracemalloc.stop()

    @pytest.mark.parametrize(
        ("encoding", "body", "message"),
        [
            ("gzip", b"<p>plain", DAMAGED),
            ("br", b"<p>plain", DAMAGED),
            ("deflate", b"<p>plain", DAMAGED),
            ("zstd", b"x", "The page is packed in a way that the archive does not undo."),
            ("compress", b"x", "The page is packed in a way that the archive does not undo."),
            ("gzip, gzip, gzip", b"x", "The page is packed in a way that the archive does not undo."),
        ],
    )
    def test_what_is_not_packed_so(self, press, encoding, body, message):
        press.pages["/"] = answer(body, content_encoding=encoding)
        assert refusal(press.url("/")) == message


class TestEncryption:
    @pytest.fixture
    def secure(self, monkeypatch, settings, resolver):
        server, stop = presses.start(tls=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(presses.CERTIFICATE))
        settings.FETCH_ALLOWED_HOSTS = [
            f"{name}:{server.port}" for name in ("press.example", "other.example", "127.0.0.1")
        ]
        resolver.answers |= {
            name: [["127.0.0.1"]] for name in ("press.example", "other.example", "127.0.0.1")
        }
        server.pages["/"] = answer("secret")
        yield server
        stop()

    def test_the_host_is_proven_though_the_connection_goes_to_an_address(self, secure, resolver):
        page = fetch(f"https://press.example:{secure.port}/")
        assert (page.body, resolver.connected) == (b"secret", [("127.0.0.1", secure.port)])

    @pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
    def test_another_host_is_refused(self, secure, host):
        message = "The server cannot prove that it is the host of this address."
        assert (refusal(f"https://{host}:{secure.port}/"), secure.asked) == (message, [])

    def test_a_certificate_that_nobody_vouches_for_is_refused(self, secure, monkeypatch):
        monkeypatch.delenv("SSL_CERT_FILE")
        message = "The server cannot prove that it is the host of this address."
        assert (refusal(f"https://press.example:{secure.port}/"), secure.asked) == (message, [])

    def test_a_server_that_does_not_encrypt(self, press):
        press.pages["/"] = answer("plain")
        assert refusal(f"https://{press.host}/") == "No encrypted connection could be made to the server."

    def test_a_redirect_may_lead_to_plain_http(self, secure, press, settings):
        settings.FETCH_ALLOWED_HOSTS = [f"press.example:{secure.port}", press.host]
        press.pages["/"] = answer("plain")
        secure.pages["/"] = moved(press.url("/"))
        assert fetch(f"https://press.example:{secure.port}/").final_url == press.url("/")
