"""Strangers are answered by a real streaming replica, made by the embedded server's own pg_basebackup."""

import fcntl
import http.client
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection, connections

from caucasus import database
from events.models import Meeting
from events.reading import role
from events.reading.replicas import ReplicaRouter
from tests import factories
from tests.test_project import HOST, PATIENCE, free_port, get, manage, production, start_granian


class Servers:
    """A primary and a replica of it, each with a keeper, so that they end with the tests, also with those that are killed."""

    def __init__(self) -> None:
        name = f"postgres-of-replicas-{os.getpid()}"
        self.primary = database.Server(database.home_of(f"{name}-1"), {"fsync": "off"})
        self.replica = database.Server(database.home_of(f"{name}-2"), {"fsync": "off"})
        self.users: list[Any] = []

    def begin(self, server: database.Server) -> None:
        database._make_folders(server)
        self.users.append((server.home / "users.lock").open("a"))
        fcntl.flock(self.users[-1], fcntl.LOCK_SH)
        if server is self.replica:
            copy = (
                "-h",
                self.primary.sockets,
                "-p",
                5432,
                "-U",
                "postgres",
                "-D",
                server.data,
                "-R",
                "-c",
                "fast",
            )
            database._run("pg_basebackup", *copy, server=server)
        database._start(server)
        database._start_keeper(server)

    def stop(self, server: database.Server) -> None:
        database._run("pg_ctl", "stop", "-D", server.data, "-m", "immediate", "-w", server=server)

    def end(self) -> None:
        for users in self.users:
            users.close()
        for server in (self.replica, self.primary):
            if server.home.exists():
                until(lambda server=server: not database.is_running(server))
                shutil.rmtree(server.home, ignore_errors=True)  # the server may be taking away its own files


def until(holds: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("It did not come about.")


def ask(server: database.Server, query: str) -> Any:
    with psycopg.connect(server.url, autocommit=True) as asked:
        return asked.execute(query).fetchone()[0]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    found = Servers()
    environment = production(tmp_path_factory.mktemp("static"), DATABASE_URL=found.primary.url, HTTPS="false")
    environment |= {
        f"DJANGO_SUPERUSER_{name}": "ani@example.org" for name in ("USERNAME", "PASSWORD", "EMAIL")
    }
    try:
        found.begin(found.primary)
        for words in (
            ["migrate", "--verbosity", "0"],
            ["createsuperuser", "--no-input", "--verbosity", "0"],
            ["collectstatic", "--no-input", "--verbosity", "0"],
        ):
            done = manage(*words, environment=environment)
            assert (done.returncode, done.stderr) == (0, "")
        found.begin(found.replica)
        found.environment = environment  # type: ignore[attr-defined]
        yield found
    finally:
        found.end()


class Web:
    """The archive with one replica."""

    def __init__(self, servers: Servers) -> None:
        self.servers, self.port = servers, free_port()
        self.session = ""

    def page(self, path: str = "/meetings/", **headers: str) -> tuple[int, dict[str, str], str]:
        status, given, body = get(self.port, path, Host=HOST, **headers)
        return status, given, body.decode()

    def titles(self, **headers: str) -> list[str]:
        """Of the meetings that the list shows."""
        status, _headers, body = self.page("/meetings/", **headers)
        assert status == 200
        return sorted(set(re.findall(r"Talks [a-z]+", body)))

    def send(self, path: str, data: dict[str, str]) -> dict[str, str]:
        """As somebody at the desk; the headers of the answer, which is a redirect."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        token = "a" * 32
        cookie = f"csrftoken={token}; {self.session}"
        kind = "application/x-www-form-urlencoded"
        sent = urlencode({**data, "csrfmiddlewaretoken": token})
        asking.request("POST", path, sent, {"Host": HOST, "Cookie": cookie, "Content-Type": kind})
        answer = asking.getresponse()
        answer.read()
        asking.close()
        assert answer.status == 302
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("sessionid="):
                self.session = value.partition(";")[0]
        return dict(answer.getheaders())

    def sign_in(self) -> None:
        self.send(
            "/admin/login/", {"username": "ani@example.org", "password": "ani@example.org", "next": "/admin/"}
        )

    def publish(self, title: str) -> None:
        """By SQL, on the primary, with whatever the columns need."""
        with psycopg.connect(self.servers.primary.url, autocommit=True) as asked:
            needed = asked.execute(
                "select column_name, data_type from information_schema.columns where table_schema = 'public'"
                " and table_name = 'events_meeting' and is_nullable = 'NO' and column_default is null"
                " and is_identity = 'NO' and is_generated = 'NEVER'"
            ).fetchall()
            given = {
                "title": title,
                "kind": "talks",
                "status": "published",
                "state": "held",
                "held_on": "2023",
            }
            empty: dict[str, Any] = {"integer": 0, "boolean": False, "timestamp with time zone": "now"}
            row = {name: given.get(name, empty.get(kind, "")) for name, kind in needed} | given
            names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
            asked.execute(f"insert into events_meeting ({names}) values ({marks})", list(row.values()))


@contextmanager
def serving(servers: Any, lag: int) -> Iterator[Web]:
    found = Web(servers)
    environment = servers.environment | {
        "OTP_REQUIRED": "false",
        "REPLICA_URL": servers.replica.url,
        "REPLICA_MAX_LAG": str(lag),
    }
    with start_granian(found.port, environment) as process:
        try:
            until(lambda: answers(found.port))
            yield found
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def answers(port: int) -> bool:
    try:
        return get(port, "/healthz/")[0] == 200
    except OSError:
        return False


@contextmanager
def behind(servers: Servers) -> Iterator[None]:
    """Inside, the replica gets what the primary writes, and shows none of it."""
    ask(servers.replica, "select pg_wal_replay_pause()")
    until(lambda: ask(servers.replica, "select pg_get_wal_replay_pause_state()") == "paused")
    try:
        yield
    finally:
        ask(servers.replica, "select pg_wal_replay_resume()")


def test_strangers_are_answered_by_the_replica_and_editors_by_the_primary(servers):
    with serving(servers, lag=3600) as web:
        web.publish("Talks early")
        until(lambda: web.titles() == ["Talks early"])
        known = web.page()[1]["etag"]
        web.sign_in()
        with behind(servers):
            web.publish("Talks late")
            # Nobody but the replica can say that there is none.
            assert web.titles() == ["Talks early"]
            assert web.page(If_None_Match=known)[0] == 304
            assert web.titles(Cookie=web.session) == ["Talks early", "Talks late"]
            told = web.send("/admin/events/topic/add/", {"label": "Borders", "_save": "1"})
            assert told["location" if "location" in told else "Location"] == "/admin/events/topic/"
            assert "Borders" in web.page("/admin/events/topic/", Cookie=web.session)[2]
        until(lambda: web.titles() == ["Talks early", "Talks late"])
        assert web.page(If_None_Match=known)[0] == 200
        # A draft is on the replica and is shown there to nobody: the readers' role holds there too.
        until(lambda: ask(servers.replica, "select count(*) from events_topic") == 1)
        assert (web.page("/topics/")[0], "Borders" in web.page("/topics/")[2]) == (200, False)
        assert (
            ask(servers.replica, "select pg_is_in_recovery() and pg_current_snapshot() is not null") is True
        )


def test_a_replica_that_is_too_far_behind_is_left_out(servers):
    with serving(servers, lag=1) as web:
        with behind(servers):
            web.publish("Talks missed")
            until(lambda: "Talks missed" in web.titles())
        web.publish("Talks again")
        until(lambda: "Talks again" in web.titles())


def test_pages_go_on_without_the_replica_and_for_strangers_without_the_primary(servers):
    with serving(servers, lag=3600) as web:
        assert web.page()[0] == 200
        servers.stop(servers.replica)
        assert {web.page()[0] for _time in range(10)} == {200}
        web.publish("Talks alone")
        assert "Talks alone" in web.titles()
        database._start(servers.replica)
        until(lambda: ask(servers.replica, "select pg_last_wal_replay_lsn() is not null"))
        with behind(servers):
            web.publish("Talks unseen")
            until(lambda: "Talks unseen" not in web.titles())  # it is asked again
            servers.stop(servers.primary)
            assert ("Talks alone" in web.titles(), "Talks unseen" in web.titles()) == (True, False)
            assert get(web.port, "/healthz/")[0] == 503
        database._start(servers.primary)
        until(lambda: get(web.port, "/healthz/")[0] == 200)


def test_the_router_reads_where_the_request_was_sent_and_writes_to_the_primary():
    router = ReplicaRouter()
    told = [
        router.db_for_read(Meeting),
        router.db_for_write(Meeting),
        router.allow_relation(Meeting(), Meeting()),
    ]
    told += [router.allow_migrate(name, "events") for name in ("default", "replica1")]
    assert told == ["default", "default", True, True, False]


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_the_primary_past_the_router_is_refused(monkeypatch):
    """It would be asked with all rights, and tell of drafts."""
    factories.MeetingFactory(status="draft")
    connections["other"] = connection.copy("other")
    monkeypatch.setattr(role.router, "db_for_read", lambda model, **hints: "other")
    try:
        with role.reading():
            assert Meeting.objects.count() == 0
            with pytest.raises(role.ReaderRoleError), connection.cursor() as cursor:
                cursor.execute("select count(*) from events_meeting")
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from events_meeting")
            assert cursor.fetchone() == (1,)
    finally:
        connections["other"].close()
        del connections["other"]
