"""A web server on this machine that says byte for byte what a test tells it to, over TLS too."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Made for these tests, valid for a hundred years for press.example alone; the key protects nothing.
CERTIFICATE = Path(__file__).parent / "data" / "press.example.pem"


@dataclass(frozen=True)
class Asked:
    path: str
    headers: dict[str, str]


Answer = bytes | Iterable[bytes]


def answer(body: bytes | str = b"", status: str = "200 OK", *, close: bool = True, **headers: str) -> bytes:
    """A whole answer; ``content_type="text/plain"`` becomes a header."""
    body = body.encode() if isinstance(body, str) else body
    headers = {"content_type": "text/html; charset=utf-8", "content_length": str(len(body)), **headers}
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def moved(location: str, status: str = "302 Found") -> bytes:
    return answer(b"moved", status, location=location)


@dataclass
class Press:
    """``press.pages["/a"] = answer("…")``; a page may also be a function of what was asked, or pieces of bytes sent one by one."""

    port: int
    scheme: str = "http"
    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"{self.scheme}://{self.host}{path}"

    @property
    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    def drip(self, pieces: Iterable[bytes], seconds: float = 0.05) -> Callable[[Asked], Iterable[bytes]]:
        """The pieces with a pause after each, until the client has gone."""

        def send(_asked: Asked) -> Iterable[bytes]:
            for piece in pieces:
                yield piece
                if self.stopping.wait(seconds):
                    return

        return send

    def _serve(self, sock: socket.socket) -> None:
        try:
            sock.settimeout(20)
            head = b""
            while b"\r\n\r\n" not in head:
                if not (piece := sock.recv(65536)):
                    return
                head += piece
                if head.startswith(b"\x16"):  # a client that would encrypt
                    sock.sendall(answer(status="400 Bad Request"))
                    return
            first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
            path = first.split(" ")[1]
            asked = Asked(
                path, {n.lower(): v for n, v in (re.split(r":\s*", line, maxsplit=1) for line in lines)}
            )
            self.asked.append(asked)
            page = self.pages.get(path, answer("<h1>Not Found</h1>", "404 Not Found"))
            page = page(asked) if callable(page) else page
            for piece in [page] if isinstance(page, bytes) else page:
                sock.sendall(piece)
        except OSError:
            pass  # the client has hung up, which is what some tests are about
        finally:
            sock.close()

    def _accept(self, listening: socket.socket, context: ssl.SSLContext | None) -> None:
        while not self.stopping.is_set():
            try:
                sock, _address = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._greet, args=(sock, context), daemon=True).start()

    def _greet(self, sock: socket.socket, context: ssl.SSLContext | None) -> None:
        try:
            self._serve(context.wrap_socket(sock, server_side=True) if context else sock)
        except OSError:  # of a handshake that the client broke off
            sock.close()


def start(*, tls: bool = False) -> tuple[Press, Callable[[], None]]:
    """A server, and what stops it."""
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
    listening = socket.create_server(("127.0.0.1", 0))
    press = Press(listening.getsockname()[1], "https" if tls else "http")
    thread = threading.Thread(target=press._accept, args=(listening, context), daemon=True)
    thread.start()

    def stop() -> None:
        press.stopping.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)

    return press, stop
