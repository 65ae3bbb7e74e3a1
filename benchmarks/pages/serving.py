"""The production server on a port of its own, asked over HTTP, and what its processes hold in memory."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
PATIENCE = 300  # seconds, for a start that migrates a large archive first


class Server:
    """What `make run` starts, with the database that the address names."""

    def __init__(self, url: str, port: int) -> None:
        self.url, self.port = url, port
        self.process: subprocess.Popen | None = None

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        environment = {**os.environ, "DATABASE_URL": self.url, "PORT": str(self.port), "HTTPS": "false"}
        # Its signals as usual: what starts in the background of a shell ignores the one that stops it.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "caucasus.launcher"],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        try:
            self._await()
            yield
        finally:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _await(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"The server ended with {self.process.returncode}.")
            with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), 1):
                client = Client(self.port)
                if client.get("/healthz/").status == 200:
                    return
            time.sleep(0.1)
        raise SystemExit("The server does not answer.")

    def memory(self) -> list[float]:
        """The share of memory (PSS, MB) of each process of the server that serves."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, IndexError):
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == self.process.pid:
                    lines = (folder / "smaps_rollup").read_text().splitlines()
                    found += [int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")]
        return found


class Answer:
    def __init__(self, status: int, ms: float, headers: dict[str, str], length: int) -> None:
        self.status, self.ms, self.headers, self.length = status, ms, headers, length


class Client:
    """One connection that is kept, as a proxy keeps it."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=120)

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        begun = time.perf_counter()
        try:
            self._connection.request("GET", path, headers=headers or {})
            answer = self._connection.getresponse()
            body = answer.read()
        except (http.client.HTTPException, OSError):
            self._connection.close()
            return Answer(0, (time.perf_counter() - begun) * 1000, {}, 0)
        ms = (time.perf_counter() - begun) * 1000
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, ms, told, len(body))
