"""nginx with the project's own configuration, in front of the real application: what it keeps, for whom, and until when."""

import gzip
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import psycopg.conninfo
import pytest
from django.conf import settings as settings_of_django
from django.db import connection
from django.test import Client

from events.editing import history
from events.models import Meeting, Status
from tests import factories
from tests.admin.desk import preview, shown
from tests.test_project import PATIENCE, PROJECT, free_port, manage, production

pytestmark = pytest.mark.django_db(transaction=True)

DEPLOY = PROJECT / "deploy"
HOST = "archive.example"
# An application that counts the pages that it is asked for, beside the real one.
COUNTING = """
import os, time
from caucasus.wsgi import application as archive

def application(environ, start):
    with open(os.environ["ASKED"], "a") as file:
        file.write(environ["REQUEST_METHOD"] + " " + environ["PATH_INFO"] + "\\n")
    time.sleep(float(os.environ["PAUSE"]))
    return archive(environ, start)
"""


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.given = [(name.lower(), value) for name, value in response.getheaders()]
        self.headers = dict(self.given)
        self.body = response.read()

    @property
    def cache(self) -> str:
        return self.headers.get("x-cache", "")

    @property
    def text(self) -> str:
        return self.body.decode()


class Edge:
    """nginx and the archive, each of which can be stopped and started."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port, self.upstream = free_port(), free_port()
        self.asked = folder / "asked"
        self.asked.touch()
        (folder / "counting.py").write_text(COUNTING)
        self.environment = {
            **production(
                folder,
                EDGE_DIR=str(folder / "edge"),
                TRUSTED_PROXIES="1",
                HTTPS="false",
                OTP_REQUIRED="false",
            ),
            "DATABASE_URL": psycopg.conninfo.make_conninfo(
                os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]
            ),
            "SECRET_KEY": settings_of_django.SECRET_KEY,  # so that sessions of the test are sessions there
            "ASKED": str(self.asked),
            "PAUSE": "0",
            "PYTHONPATH": str(folder),
            **settings,
        }
        self.archive: subprocess.Popen[bytes] | None = None

    def configuration(self) -> Path:
        """The project's own, with the places of this test."""
        for name in ("nginx", "edge"):
            (self.folder / name).mkdir(exist_ok=True)
        text = (DEPLOY / "nginx.conf").read_text()
        places = {
            "listen 8080;": f"listen 127.0.0.1:{self.port};",
            "web:8000": f"127.0.0.1:{self.upstream}",
            "/etc/nginx/archive": str(DEPLOY),
            "/srv/archive": str(self.folder),
            "/tmp/": f"{self.folder}/nginx/",
        }
        for place, here in sorted(places.items(), key=lambda pair: pair[0] == "/tmp/", reverse=True):
            assert place in text
            text = text.replace(place, here)
        # nginx as root would have its workers run as somebody who may not enter the folder of the test.
        text = f"daemon off;\n{'user root;' if os.geteuid() == 0 else ''}\n{text}"
        path = self.folder / "nginx.conf"
        path.write_text(text)
        return path

    @contextmanager
    def running(self) -> Iterator[None]:
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        if not program:
            pytest.fail("No nginx here. Install it: apt-get install nginx-light")
        command = [program, "-c", str(self.configuration()), "-e", "stderr", "-p", str(self.folder)]
        log = (self.folder / "log").open("wb")
        with log, subprocess.Popen(command, stdout=log, stderr=log) as nginx:
            try:
                self.start()
                self.until(lambda: self.get("/healthz/").status == 200)
                yield
            finally:
                self.stop()
                nginx.terminate()
                nginx.wait(PATIENCE)

    def start(self) -> None:
        words = ["--interface", "wsgi", "--port", str(self.upstream), "--no-ws", "--blocking-threads", "4"]
        command = [
            sys.executable,
            "-m",
            "granian",
            *words,
            "--workers-kill-timeout",
            "5",
            "counting:application",
        ]
        self.archive = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        """As a machine that loses its power: nothing can be told any more."""
        if self.archive:
            os.killpg(self.archive.pid, signal.SIGKILL)
            self.archive.wait(PATIENCE)
            self.archive = None

    def until(self, holds: Callable[[], Any]) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if holds():
                    return
            except OSError:
                pass
            time.sleep(0.05)
        pytest.fail(f"It did not come about.\n{(self.folder / 'log').read_text()}")

    def get(self, path: str, method: str = "GET", body: str | bytes | None = None, **headers: str) -> Answer:
        given = {"Host": HOST} | {name.replace("__", "-"): value for name, value in headers.items()}
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            asking.request(method, path, body, given)
            return Answer(asking.getresponse())
        finally:
            asking.close()

    def count(self, path: str) -> int:
        return self.asked.read_text().splitlines().count(f"GET {path}")


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collected")
    done = manage("collectstatic", "--no-input", "--verbosity", "0", environment=production(folder))
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "static"


@pytest.fixture
def meeting(transactional_db: None) -> Meeting:
    return factories.MeetingFactory(title="Lachin road", held_on="2023-02-27")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, static: Path, django_db_setup: None) -> Iterator[Edge]:
    folder = tmp_path_factory.mktemp("edge")
    (folder / "static").symlink_to(static)
    one = Edge(folder)
    with one.running():
        yield one


@pytest.fixture
def edge(running: Edge, meeting: Meeting) -> Edge:
    """With the archive at work, which has seen that each test has records of its own."""
    if running.archive is None:
        running.start()
    running.until(lambda: running.get("/healthz/").status == 200)
    return running


def test_fifty_who_ask_at_once_cost_one_page(tmp_path, static, meeting):
    (tmp_path / "static").symlink_to(static)
    edge = Edge(tmp_path, PAUSE="0.5")  # long enough that all are there
    with edge.running():
        answers: list[Answer] = []
        people = [
            threading.Thread(target=lambda: answers.append(edge.get("/meetings/"))) for _number in range(50)
        ]
        for one in people:
            one.start()
        for one in people:
            one.join(PATIENCE)
        assert edge.count("/meetings/") == 1
        assert {(one.status, one.body) for one in answers} == {(200, answers[0].body)}
        assert (len(answers), "Lachin road" in answers[0].text) == (50, True)


def test_a_page_is_kept_and_asked_for_anew(edge):
    first = edge.get("/meetings/")
    assert (first.status, first.cache, first.headers["cache-control"]) == (200, "MISS", "public, no-cache")
    edge.until(lambda: edge.get("/meetings/").cache == "HIT")
    # After its second it is confirmed by the archive with a 304, in the background: the page itself is not made again.
    asked = edge.count("/meetings/")
    edge.until(lambda: edge.get("/meetings/").body == first.body and edge.count("/meetings/") > asked)
    for name in ("content-security-policy", "x-frame-options", "referrer-policy", "etag", "cache-control"):
        again = edge.get("/meetings/")
        assert [key for key, _value in again.given].count(name) == 1
    # Something new is there for all as soon as the archive has seen it.
    Meeting.objects.update(title="Zangezur road")
    edge.until(lambda: "Zangezur road" in edge.get("/meetings/").text)
    edge.get("/participants/")
    assert "Lachin road" not in edge.get("/meetings/").text


def test_a_browser_gets_304_through_it(edge):
    page = edge.get("/meetings/", Accept__Encoding="gzip")
    assert (page.headers["content-encoding"], "Lachin road" in gzip.decompress(page.body).decode()) == (
        "gzip",
        True,
    )
    again = edge.get("/meetings/", Accept__Encoding="gzip", If__None__Match=page.headers["etag"])
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", page.headers["etag"])
    Meeting.objects.update(title="Zangezur road")
    edge.until(lambda: edge.get("/meetings/", If__None__Match=page.headers["etag"]).status == 200)


def test_each_kind_of_page_has_its_own_place(edge):
    def kept(**headers: str) -> bool:
        edge.get("/meetings/", **headers)
        return edge.get("/meetings/", **headers).cache in ("HIT", "STALE", "UPDATING")

    edge.until(kept)
    asked = [
        {"HX__Request": "true"},
        {"HX__Request": "true", "HX__History__Restore__Request": "true"},
        {"HX__Request": "true", "HX__Target": "results"},
        {"X__Forwarded__Proto": "https"},
    ]
    assert [edge.get("/meetings/", **headers).cache for headers in asked] == ["MISS"] * 4
    assert edge.get("/meetings/?kind=talks").cache == "MISS"


def test_whoever_is_known_is_answered_by_the_archive(edge):
    user = factories.EditorFactory()
    draft = factories.MeetingFactory(title="Secret talks", status=Status.DRAFT)
    client = Client()
    client.force_login(user)
    session = {"Cookie": f"theme=dark; sessionid={client.cookies['sessionid'].value}"}
    for _time in range(2):
        seen = edge.get(draft.get_absolute_url(), **session)
        assert (seen.status, seen.cache, seen.headers["cache-control"]) == (
            200,
            "BYPASS",
            "private, no-store",
        )
        assert edge.get(draft.get_absolute_url()).status == 404
        assert edge.get("/meetings/", Cookie="messages=x").cache == "BYPASS"
        assert edge.get("/meetings/", Authorization="Basic x").cache == "BYPASS"
        assert edge.get("/meetings/", "POST").status == 403  # without its token
        assert [edge.get("/admin/login/").cache, edge.get("/healthz/").cache] == ["", ""]
    assert edge.get("/meetings/").cache == "MISS"


def test_what_is_no_page_is_not_kept(edge, meeting):
    for path, status in (("/none/", 404), ("/meetings/x/", 404), (f"/meetings/{meeting.pk}/", 301)):
        assert [(one.status, one.cache) for one in (edge.get(path), edge.get(path))] == [(status, "MISS")] * 2


def test_while_the_archive_is_away_the_last_pages_stand(edge, meeting):
    pages = {path: edge.get(path).body for path in ("/", "/meetings/", meeting.get_absolute_url())}
    edge.stop()
    for path, body in pages.items():
        edge.until(lambda path=path: edge.get(path).cache == "STALE")
        assert (edge.get(path).status, edge.get(path).body) == (200, body)
    for path in ("/participants/", "/admin/"):
        away = edge.get(path)
        assert (away.status, away.headers["retry-after"], away.headers["cache-control"]) == (
            503,
            "30",
            "no-store",
        )
        assert "<h1>The archive does not answer</h1>" in away.text
    edge.start()
    edge.until(lambda: edge.get("/participants/").status == 200)
    assert edge.get("/").body == pages["/"]


def test_a_withdrawn_record_is_shown_to_nobody_any_more(edge, meeting):
    """An editor withdraws it at the desk, and the archive dies in the same moment."""
    user = factories.UserFactory(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    address = meeting.get_absolute_url()
    for path in (address, "/meetings/", "/"):
        assert "Lachin road" in edge.get(path).text
    data = {**shown(preview(client, "withdraw", meeting)), "reason": "Twice.", "confirm": "1"}
    token = "a" * 32
    sent = edge.get(
        "/admin/events/meeting/preview/",
        "POST",
        urlencode({**data, "csrfmiddlewaretoken": token}, doseq=True),
        Content__Type="application/x-www-form-urlencoded",
        Cookie=f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}",
    )
    edge.stop()
    assert (sent.status, Meeting.objects.get().status) == (302, Status.WITHDRAWN)
    answers = [edge.get(path) for path in (address, "/meetings/", "/") for _time in range(3)]
    assert [("Lachin" in one.text, one.status) for one in answers] == [(False, 503)] * 9


def test_a_change_by_a_command_is_noticed_by_the_next_look_at_the_health(edge, meeting):
    assert "Lachin road" in edge.get("/meetings/").text
    with history.by(comment="By hand."):
        Meeting.objects.filter(pk=meeting.pk).update(status=Status.WITHDRAWN, withdrawal_reason="Twice.")
    edge.get("/healthz/")
    edge.stop()
    assert edge.get("/meetings/").status == 503


def test_files_are_given_by_nginx_as_the_archive_would(edge, static):
    assert edge.archive is not None
    (name,) = [
        path.name for path in (static / "css").glob("base.*.css") if re.search(r"\.[0-9a-f]{12}\.", path.name)
    ]
    paths = [f"/static/css/{name}", "/static/css/base.css", "/static/js/archive.js", "/static/img/mark.svg"]
    by_archive = http.client.HTTPConnection("127.0.0.1", edge.upstream, timeout=PATIENCE)
    told = {}
    for path in paths:
        by_archive.request("GET", path, headers={"Host": HOST, "Accept-Encoding": "gzip"})
        told[path] = Answer(by_archive.getresponse())
    by_archive.close()
    edge.stop()
    own = {
        "server",
        "date",
        "connection",
        "keep-alive",
        "etag",
        "last-modified",
        "accept-ranges",
        "transfer-encoding",
    }
    own |= {"cache-control", "content-length", "content-type", "vary"}
    for path, expected in told.items():
        given = edge.get(path, Accept__Encoding="gzip")
        assert (given.status, given.body) == (200, expected.body)
        assert {pair for pair in given.given if pair[0] not in own} == {
            pair for pair in expected.given if pair[0] not in own
        }
        assert given.headers["content-type"].partition(";")[0] in (
            expected.headers["content-type"].partition(";")[0], "application/javascript",
        )  # fmt: skip
        kept = "public, max-age=31536000, immutable" if path == paths[0] else "public, max-age=60"
        assert (given.headers["cache-control"], given.headers["vary"]) == (kept, "Accept-Encoding")
    plain = edge.get(paths[0])
    assert ("content-encoding" in plain.headers, plain.body) == (False, (static / "css" / name).read_bytes())
    assert edge.get("/static/none.css").status == 404


def test_nobody_chooses_the_address_that_sign_ins_are_counted_by(edge):
    """Five failures from one address lock it, whatever it writes into the headers that proxies write."""
    token = "b" * 32
    for number in range(6):
        answer = edge.get(
            "/admin/login/",
            "POST",
            f"csrfmiddlewaretoken={token}&username=ani&password=wrong&next=/admin/",
            Cookie=f"csrftoken={token}",
            Content__Type="application/x-www-form-urlencoded",
            X__Forwarded__For=f"192.0.2.{number}",
            X_Forwarded_For=f"192.0.2.{number}",
        )
    assert answer.status == 429


def test_what_is_too_large_is_refused_and_what_the_desk_takes_is_not(edge):
    # With the cookie Django reads all of it before it refuses; otherwise the answer may come while nginx is still sending.
    headers = {"Content__Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={'a' * 32}"}
    sizes = {"11": 11 * 1024 * 1024, "13": 13 * 1024 * 1024}
    told = {
        name: edge.get("/admin/login/", "POST", b"a" * size, **headers).status for name, size in sizes.items()
    }
    assert told == {"11": 403, "13": 413}
