"""One PostgreSQL for the whole session, the settings of production without HTTPS, and a browser that overlooks nothing."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

# Before anything reads the settings. Workers of xdist inherit all this from the process that starts them.
SETTINGS_OF_THE_MACHINE = (
    "ALLOWED_",
    "CSRF_",
    "DATABASE_POOL_",
    "EDGE_",
    "FACETS_",
    "FETCH_",
    "LOG_",
    "MEDIA_",
    "OTP_",
    "READER_",
    "REPLICA_",
    "SECRET_",
    "SECURE_",
    "STATIC_",
    "TRUST",
)
for name in [name for name in os.environ if name.startswith(SETTINGS_OF_THE_MACHINE)]:
    del os.environ[name]
os.environ["DJANGO_SETTINGS_MODULE"] = "caucasus.settings"
os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["HTTPS"] = "false"
os.environ["DEBUG"] = "false"
# The machine that runs the tests may be slow.
os.environ["READER_QUERY_SECONDS"] = "60"
# Playwright keeps an event loop in the main thread, and Django would refuse to query beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import django
import hypothesis
import psycopg
import psycopg.sql
import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from caucasus import database
from tests.press import Press, start

database.ensure(database.TESTING)

# Each session has databases of its own, named after the process that began it, so that two sessions can share a server.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["TEST_SESSION"] = str(os.getpid())
# In place: Django's connections may hold these settings already.
settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_archive_{os.environ['TEST_SESSION']}"
# Tests of transactions empty the tables afterwards, which the archive does not let anybody else do.
settings.DATABASES["default"]["OPTIONS"]["options"] = "-c archive.may_truncate=on"


def drop_databases_of_the_dead() -> None:
    """Drop what sessions that were killed have left on the embedded server."""
    pattern = r"^test_archive_\d+"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for (name,) in connection.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [pattern]):
            if not is_alive(int(name.removeprefix("test_archive_").partition("_")[0])):
                drop = psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(drop.format(psycopg.sql.Identifier(name)))


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


if database.users_lock(database.TESTING) and "PYTEST_XDIST_WORKER" not in os.environ:
    drop_databases_of_the_dead()

# Static files as they lie in the tree, without collectstatic; uploads in memory; sign-ins that cost nothing.
settings.STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
settings.WHITENOISE_AUTOREFRESH = True
settings.WHITENOISE_USE_FINDERS = True
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()

# The same examples in each run, and no limit of time: the machine that runs the tests may be slow.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("ci")

CHROMIUM_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def nothing_in_memory() -> None:
    """What a process holds in memory of one test's archive is nothing to the next."""
    from events.reading.facets import freshness  # models can be read only now

    freshness.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Meetings get numbers that no address takes for a year, however many tests have made some before."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("select setval(pg_get_serial_sequence('events_meeting', 'id'), 9999)")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the program that ``CHROMIUM`` names, or the one on the path. Its absence is a failure, not a skip."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.fail(
            "No Chromium here. Install it (apt-get install chromium), or name it: CHROMIUM=/path/to/chromium"
        )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture
def browser_problems() -> list[str]:
    """What `page` has noticed so far. A test that expects some of it takes it out of the list."""
    return []


@pytest.fixture
def page(
    browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest, browser_problems: list[str]
) -> Iterator[Page]:
    """A fresh window on the live server: ``page.goto("/meetings/")``.

    1280 by 800, or as ``@pytest.mark.viewport(360, 740)`` says. The test fails on any error in the console (a breach of the
    Content-Security-Policy is one), any uncaught exception, and any request to another server.
    """

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            browser_problems.append(f"console: {message.text} ({message.location['url']})")

    def note_request(sent: Request) -> None:
        if not sent.url.startswith((live_server.url, "data:", "blob:")):
            browser_problems.append(f"request to another server: {sent.url}")

    marker = request.node.get_closest_marker("viewport")
    width, height = marker.args if marker else (1280, 800)
    context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": height})
    window = context.new_page()
    window.on("console", note_message)
    window.on("pageerror", lambda error: browser_problems.append(f"exception: {error}"))
    window.on("request", note_request)
    yield window
    context.close()
    assert browser_problems == []


@pytest.fixture
def press(settings: Any) -> Iterator[Press]:
    """A web server on this machine that the archive may fetch from."""
    server, stop = start()
    settings.FETCH_ALLOWED_HOSTS = [server.host]
    yield server
    stop()
