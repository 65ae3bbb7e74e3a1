"""What it costs to confirm a page that a browser or a cache keeps: prints a table as Markdown.

    python benchmarks/conditional.py [COPIES]

Loads the sample archive so many times over (20) into a database of its own and drops it afterwards. Asks for a list, a filtered list, a
record's page and the first page, first whole and then with the ETag (304): by the WSGI application alone, and over HTTP from granian
with one worker. Each figure is the median of many requests, the two kinds in turn, so that ratios hold on a busy machine too.
"""

import http.client
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")
os.environ.setdefault("DATABASE_POOL_SIZE", "4")
os.environ.setdefault("HTTPS", "false")
os.environ.setdefault("LOG_LEVEL", "ERROR")
FILES = tempfile.TemporaryDirectory()
os.environ["STATIC_ROOT"] = FILES.name

from caucasus import database

database.ensure(database.TESTING)

import django

django.setup()

import psycopg.conninfo
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from events.models import Meeting
from tests.test_project import free_port

ROUNDS = 25
HOST = "127.0.0.1"
Ask = Callable[[str, str], tuple[int, str]]


def fill(copies: int) -> None:
    """The sample, and copies of its meetings with who attended them."""
    call_command("load_sample", stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")  # triggers would keep a version of each
        for table, changed in (
            ("events_meeting", {"id": "id + {n}", "import_key": "''", "parent_id": "null"}),
            ("events_attendance", {"id": "id + {n}", "meeting_id": "meeting_id + {n}"}),
        ):
            cursor.execute(
                "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s"
                " and is_generated = 'NEVER'",
                [table],
            )
            names = [name for (name,) in cursor.fetchall()]
            told = ", ".join(changed.get(name, f'"{name}"') for name in names)
            columns = ", ".join(f'"{name}"' for name in names)
            rows = f"select {told} from {table} where id < 100000"
            for number in range(1, copies):
                cursor.execute(f"insert into {table} ({columns}) {rows.format(n=number * 100_000)}")
        cursor.execute("set session_replication_role = origin")
        cursor.execute("analyze")


def in_process() -> Ask:
    application = get_wsgi_application()

    def ask(path: str, tag: str) -> tuple[int, str]:
        known = {"HTTP_IF_NONE_MATCH": tag} if tag else {}
        address, _mark, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": query, "SERVER_NAME": HOST, "SERVER_PORT": "80",
            "HTTP_HOST": HOST, "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", **known,
        }  # fmt: skip
        told: list[Any] = []
        answer: Any = application(environ, lambda status, headers: told.extend((status, dict(headers))))
        b"".join(answer)
        answer.close()
        return int(told[0][:3]), told[1].get("ETag", "")

    return ask


def over_http(port: int) -> Ask:
    def ask(path: str, tag: str) -> tuple[int, str]:
        asking.request("GET", path, headers={"Host": HOST, **({"If-None-Match": tag} if tag else {})})
        answer = asking.getresponse()
        answer.read()
        return answer.status, answer.headers.get("ETag", "")

    asking = http.client.HTTPConnection(HOST, port, timeout=60)
    return ask


def measure(ask: Ask, path: str) -> tuple[float, float]:
    """The medians of a whole page and of its confirmation, in milliseconds."""
    times: dict[int, list[float]] = {200: [], 304: []}
    _status, tag = ask(path, "")
    for _round in range(ROUNDS):
        for expected, known in ((200, ""), (304, tag)):
            start = time.perf_counter()
            status, _tag = ask(path, known)
            times[expected].append((time.perf_counter() - start) * 1000)
            assert status == expected, (path, status)
    return statistics.median(times[200][5:]), statistics.median(times[304][5:])


def main() -> None:
    former = setup_databases(verbosity=0, interactive=False)
    port = free_port()
    call_command("collectstatic", interactive=False, verbosity=0)
    try:
        fill(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
        record = Meeting.objects.public().order_by("pk").first()
        assert record is not None
        paths = ["/meetings/", "/meetings/?kind=talks&from=2022", record.get_absolute_url(), "/"]
        address = psycopg.conninfo.make_conninfo(
            os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]
        )
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-ws"]
        web = subprocess.Popen(
            [*command, "--blocking-threads", "4", "caucasus.wsgi:application"],
            cwd=PROJECT,
            env={**os.environ, "DATABASE_URL": address},
            stderr=subprocess.DEVNULL,
        )
        try:
            for _time in range(600):
                with suppress(OSError):
                    over_http(port)("/about/", "")
                    break
                time.sleep(0.1)
            print(f"{Meeting.objects.count():,} meetings\n")
            print("| page | where | whole, ms | confirmed, ms | ratio |\n| --- | --- | --- | --- | --- |")
            for where, ask in (("in the process", in_process()), ("over HTTP", over_http(port))):
                for path in paths:
                    whole, confirmed = measure(ask, path)
                    print(
                        f"| `{path}` | {where} | {whole:.1f} | {confirmed:.2f} | {confirmed / whole:.3f} |",
                        flush=True,
                    )
        finally:
            web.terminate()
            web.wait(30)
    finally:
        connection.close()
        teardown_databases(former, verbosity=0)


if __name__ == "__main__":
    main()
