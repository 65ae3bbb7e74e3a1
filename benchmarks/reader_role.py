"""What it costs that readers' requests run as a role that sees public rows only: prints tables as Markdown.

    python benchmarks/reader_role.py [ROWS]

Makes a database with so many meetings and names (200,000), one in ten of them a draft, and drops it afterwards. First single
queries that need an index: plain, with the condition that Python adds; over the views of the schema `published`; over the same views with
`security_barrier`; and with row-level security. Then whole pages, by the WSGI application with a pool of connections, in turn
with the role and without it. The least of several rounds is given.
"""

import io
import os
import random
import re
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")
os.environ.setdefault("DATABASE_POOL_SIZE", "4")
os.environ.setdefault("HTTPS", "false")
os.environ.setdefault("LOG_LEVEL", "ERROR")

from caucasus import database

database.ensure(database.TESTING)

import django
from django.conf import settings

settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases

from benchmarks.suggest import ENDINGS, GIVEN, INFIXES, STEMS, VOWELS
from events.models import Article, Attendance, Coverage, Meeting, Name, Participant, Quotation
from events.models.published import ROLE, VIEWS
from events.reading import role

ROUNDS = 15
BATCH = 5_000
PAGE_ROUNDS = 6  # the first one warms up


def fill(count: int) -> None:
    """People with two names each, their meetings, and an article with a quotation for every tenth of them."""
    chance = random.Random(1)
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")  # triggers would keep a version of each

    def status() -> str:
        return "draft" if chance.random() < 0.1 else "published"

    people, other = [], []
    for number in range(count // 2):
        latin, written = chance.choice(GIVEN)
        rest = chance.choice(VOWELS)
        surname = "".join(chance.choice(part) for part in (STEMS, INFIXES, INFIXES, ENDINGS))
        name = f"{latin}{rest} {surname}"
        people.append(Participant(name=name, sort_name=f"{surname}, {latin}{rest} {number}", status=status()))
        other.append(f"{written}{rest} {surname}")
    Participant.objects.bulk_create(people, BATCH)
    Name.objects.bulk_create(
        [
            Name(participant=person, text=text, language=language)
            for person, second in zip(people, other, strict=True)
            for text, language in ((person.name, "en"), (second, "ru"))
        ],
        BATCH,
    )
    days = [str(date(1988, 1, 1) + timedelta(days=chance.randrange(13_800))) for _ in range(count)]
    meetings = [
        Meeting(title=f"Talks {n}", kind="talks", held_on=day, status=status()) for n, day in enumerate(days)
    ]
    Meeting.objects.bulk_create(meetings, BATCH)
    busy = people[:2_000]
    Attendance.objects.bulk_create(
        [
            Attendance(meeting=meeting, participant=person, position=position)
            for meeting in meetings
            for position, person in enumerate(chance.sample(busy, 2), 1)
        ],
        BATCH,
    )
    reported = meetings[::10]
    articles = [
        Article(
            title=f"Report {n}",
            text=f"{n} “We agreed on point {n}”, she said.",
            language="en",
            status=status(),
        )
        for n, _meeting in enumerate(reported)
    ]
    Article.objects.bulk_create(articles, BATCH)
    Coverage.objects.bulk_create(
        [
            Coverage(article=article, meeting=meeting)
            for article, meeting in zip(articles, reported, strict=True)
        ],
        BATCH,
    )
    quotations = []
    for article, meeting in zip(articles, reported, strict=True):
        quotation = Quotation(
            article=article,
            meeting=meeting,
            speaker=chance.choice(busy),
            language="en",
            said_on=meeting.held_on,
            status=status(),
        )
        quotation.anchor(article.text, article.text.partition(" ")[2].partition(",")[0])
        quotations.append(quotation)
    Quotation.objects.bulk_create(quotations, BATCH)
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = origin")
        cursor.execute("vacuum analyze")


def least(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds of the clock: other work on the machine only adds to them."""
    found = []
    for _round in range(rounds):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return min(found) * 1000


QUERIES = {
    "meetings of a week (`&&`)": "select count(*) from events_meeting it where it.held_range && '[2010-03-01,2010-03-08)'",
    "names like a word (`%>>`)": "select count(*) from events_name it where it.folded %>> 'akopian'",
    "names with a word (array `&&`)": "select count(*) from events_name it"
    " where string_to_array(it.folded, ' ') && array['sarkadov']",
}
OWNER = "exists (select from public.events_participant owner where owner.id = it.participant_id and owner.status = 'published' and owner.merged_into_id is null)"
PYTHON = {"events_meeting": "it.status = 'published' and it.merged_into_id is null", "events_name": OWNER}

BARRIER = """
create schema barrier;
grant usage on schema barrier to archive_reader;
"""
SECURITY = """
create role archive_measured nologin;
grant usage on schema public to archive_measured;
grant select on all tables in schema public to archive_measured;
alter table events_meeting enable row level security;
alter table events_name enable row level security;
alter table events_participant enable row level security;
create policy public_rows on events_meeting for select to archive_measured using (status = 'published' and merged_into_id is null);
create policy public_rows on events_participant for select to archive_measured using (status = 'published' and merged_into_id is null);
create policy public_rows on events_name for select to archive_measured
  using (exists (select from events_participant owner where owner.id = participant_id));
"""


def scan(query: str) -> str:
    """How PostgreSQL comes to the rows that the query is about."""
    with connection.cursor() as cursor:
        cursor.execute(f"explain {query}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    found = re.search(r"Index Scan (?:on|using) (meeting_by_day|name_folded_\w+)", plan)
    return found[1] if found else "reads the whole table"


def measure(ways: dict[str, tuple[str, dict[str, str]]], name: str, query: str) -> list[str]:
    table = "events_meeting" if "events_meeting" in query else "events_name"
    cells, plain, counts = [], 0.0, set()
    for way, (enter, conditions) in ways.items():
        asked = f"{query} and {conditions[table]}" if table in conditions else query

        def work() -> None:
            with connection.cursor() as cursor:
                cursor.execute(asked)  # noqa: B023
                counts.add(cursor.fetchone()[0])

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(enter)
            taken = least(work)
            cells.append((way, taken, scan(asked)))
            transaction.set_rollback(True)
    plain = cells[0][1]
    assert len(counts) == 1, counts
    return [
        f"| {name} | {way} | {taken:.2f} | {taken / plain:.1f} | {how if how[0] == 'r' else f'`{how}`'} |"
        for way, taken, how in cells
    ]


def queries() -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARRIER)
        for table in ("events_participant", "events_place", "events_meeting", "events_name"):
            cursor.execute("select pg_get_viewdef(%s::regclass)", [f"published.{table}"])
            body = cursor.fetchone()[0].replace("published.", "barrier.")
            cursor.execute(f"create view barrier.{table} with (security_barrier) as {body}")
            cursor.execute(f"grant select on barrier.{table} to {ROLE}")
    ways = {
        "plain, condition by Python": ("select 1", PYTHON),
        "view": (role.ENTER + role.PLAN, {}),
        "view and condition by Python": (role.ENTER + role.PLAN, {}),
        "view with `security_barrier`": (
            f"set local role {ROLE}; set local search_path to barrier, public",
            {},
        ),
    }
    ways["view and condition by Python"] = (
        role.ENTER + role.PLAN,
        {table: text.replace("public.", "") for table, text in PYTHON.items()},
    )
    print("| query | way | ms | times plain | the rows are found by |")
    print("| --- | --- | ---: | ---: | --- |")
    lines = {name: measure(ways, name, query) for name, query in QUERIES.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SECURITY)
        cursor.execute("select 1")
        secured = {
            "plain": ("select 1", PYTHON),
            "row-level security": ("set local role archive_measured", {}),
        }
        for name, query in QUERIES.items():
            # The least plain time of both runs would flatter nobody: each ratio is to the plain query beside it.
            print("\n".join([*lines[name], measure(secured, name, query)[1]]), flush=True)
        transaction.set_rollback(True)


def pages() -> None:
    application: Any = get_wsgi_application()

    def get(address: str) -> bytes:
        path, _mark, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
        }  # fmt: skip
        told: list[str] = []
        answer = application(environ, lambda status, headers: told.append(status))
        body = b"".join(answer)
        answer.close()
        assert told == ["200 OK"], (address, told)
        return body

    with_role = role.reading
    meeting = Meeting.objects.public().filter(coverages__isnull=False).first()
    person = Participant.objects.public().filter(quotations__isnull=False).order_by("pk").first()
    quotation = Quotation.objects.public().order_by("pk").first()
    article = Article.objects.public().order_by("pk").first()
    addresses = {
        "`/about/`, which reads nothing": "/about/",
        "`/`": "/",
        "`/meetings/`": "/meetings/",
        "`/meetings/` of a week": "/meetings/?from=2010-03-01&to=2010-03-08",
        "`/meetings/` by a name": "/meetings/?q=Sarkadov",
        "`/participants/`": "/participants/",
        "`/participants/` by a name": "/participants/?q=Sarkadov",
        "`/quotations/`": "/quotations/",
        "`/articles/`": "/articles/",
        "a meeting": meeting.get_absolute_url(),
        "a participant": person.get_absolute_url(),
        "a quotation": quotation.get_absolute_url(),
        "an article": article.get_absolute_url(),
    }
    print("\n| page | without the role, ms | with it, ms | times | more, ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, address in addresses.items():
        bare, guarded = [], []
        seen = set()
        for number in range(PAGE_ROUNDS):
            for times, way in ((bare, nullcontext), (guarded, with_role)):
                role.reading = way  # type: ignore[assignment]
                started = time.perf_counter()
                seen.add(get(address))
                times.append(time.perf_counter() - started)
                if number == 0:
                    times.clear()
        assert len(seen) == 1, address
        one, two = min(bare) * 1000, min(guarded) * 1000
        print(f"| {name} | {one:.1f} | {two:.1f} | {two / one:.2f} | {two - one:.1f} |", flush=True)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        fill(count)
        print(
            f"{Meeting.objects.count():,} meetings, {Name.objects.count():,} names, {Attendance.objects.count():,} attendances,"
            f" {Quotation.objects.count():,} quotations; {len(VIEWS)} views.\n"
        )
        queries()
        pages()
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
