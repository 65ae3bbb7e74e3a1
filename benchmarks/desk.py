"""How long the desk's first page and its lists take in a large archive, which is made for this and dropped afterwards.

    python benchmarks/desk.py [PARTS]

20,000 participants with 60,000 names, 100,000 meetings with 300,000 attendances, 100,000 articles, 130,000 coverages and 100,000
quotations, most of them published; PARTS makes all of it so many hundredths (100). Prints tables as Markdown.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")

from caucasus import database

database.ensure(database.TESTING)

import django
from django.conf import settings

# Static files as they lie in the tree, without collectstatic.
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
settings.WHITENOISE_AUTOREFRESH = True
settings.OTP_REQUIRED = False  # nobody is there to type a code
django.setup()

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from benchmarks.suggest import ENDINGS, GIVEN, INFIXES, STEMS, VOWELS
from events import names
from events.editing import duplicates, worklists
from events.models.duplicate import NOUNS

ROUNDS = 5
STATUS = "(case when n % 50 = 0 then 'draft' when n % 97 = 0 then 'review' else 'published' end)"
COMMON = (
    "status, version, withdrawal_reason, import_key, created_at, updated_at, created_by_id, updated_by_id"
)
COMMON_OF = f"{STATUS}, 1, '', '', now(), now() - n * interval '1 minute', 1 + n % 5, 1 + n % 3"
# Made in the database; `n` is the number of the row, and what depends on chance depends on it alone.
FILL = f"""
insert into auth_user (id, username, password, is_superuser, is_staff, is_active, first_name, last_name, email, date_joined)
  select n, 'editor' || n, '', n = 1, true, true, '', '', '', now() from generate_series(1, 5) n;
insert into events_participant (id, name, sort_name, sort_key, kind, country, identifiers, description, {COMMON})
  select n, 'Participant ' || n, 'Participant ' || n, 'participant ' || n, case when n % 10 = 0 then 'organisation' else 'person' end,
    '', '{{}}', '', {COMMON_OF} from generate_series(1, 200 * %(parts)s) n;
insert into events_outlet (id, name, sort_key, kind, country, host, {COMMON})
  select n, 'Outlet ' || n, 'outlet ' || n, 'news', '', 'outlet' || n || '.example', {COMMON_OF} from generate_series(1, 3 * %(parts)s) n;
insert into events_topic (id, label, sort_key, description, {COMMON})
  select n, md5(n::text), md5(n::text), '', {COMMON_OF} from generate_series(1, 2 * %(parts)s) n;
insert into events_meeting (id, title, sort_key, kind, held_on, held_range, format, state, summary, {COMMON})
  select n, title, lower(title), (array['talks', 'talks', 'talks', 'visit', 'call', 'summit'])[1 + n % 6], day::text,
    daterange(day, day, '[]'), '', 'held', 'They spoke about the border.', {COMMON_OF}
  from (select n, 'Talks between ' || n % 200 || ' and ' || n % 331 as title, date '1992-01-01' + (n * 7919) % 12000 as day
    from generate_series(1, 1000 * %(parts)s) n) made;
insert into events_attendance (meeting_id, participant_id, role, title, note, position)
  select meeting, participant, '', '', '', min(position) from (
    select n as meeting, 1 + abs(hashint4(n * 3 + place)) %% (case when place < 2 then 2 else 200 end * %(parts)s) as participant, place as position
    from generate_series(1, 1000 * %(parts)s) n, generate_series(0, 2) place) made group by 1, 2;
insert into events_article (id, outlet_id, authors, title, sort_key, language, published_on, published_range, url, url_key, text, text_key,
    text_digest, rights, kind, {COMMON})
  select n, 1 + n % (3 * %(parts)s), '{{}}', title, lower(title), 'en', day::text, daterange(day, day, '[]'), '', '', 'Text ' || n, md5(n::text),
    md5(n::text), 'excerpts', 'report', {COMMON_OF}
  from (select n, 'Minister arrives ' || n % 20000 as title, date '1992-01-01' + (n * 7919) % 12000 as day
    from generate_series(1, 1000 * %(parts)s) n) made;
insert into events_coverage (article_id, meeting_id, stance, exact, prefix, suffix)
  select n, n, 'supports', '', '', '' from generate_series(1, 1000 * %(parts)s) n where n %% 1000 <> 0
  union all select n, 1 + n % (1000 * %(parts)s), 'supports', '', '', '' from generate_series(1, 300 * %(parts)s) n where n %% 1000 <> 999;
insert into events_quotation (id, article_id, speaker_id, attribution, start, "end", exact, prefix, suffix, form, language, rendering,
    translated_by, said_on, {COMMON})
  select n, n, case when n %% 400 <> 0 then 1 + n % (200 * %(parts)s) end, '', 0, 4, 'Text', '', '', 'direct', 'en', '', '', '',
    {COMMON_OF} from generate_series(1, 1000 * %(parts)s) n;
insert into events_snapshot (id, article_id, fetched_at, media_type, final_url, etag, last_modified, file, sha256, text, outcome)
  values (1, 1, now(), '', '', '', '', '', '', '', 'first');
insert into events_sourcecheck (quotation_id, state, since, checked_at, seen_at, seen_in_id, nearest)
  select n, case when n %% 500 = 0 then 'gone' else 'same' end, now(), now(), now(), 1, '' from generate_series(1, 1000 * %(parts)s) n;
insert into events_pagecheck (article_id, tried_at, checked_at, is_gone, final_url, etag, last_modified, failures, failure)
  select n, now(), now(), n %% 500 = 0, '', '', '', 0, '' from generate_series(1, 1000 * %(parts)s) n;
insert into events_proposal (article_id, noun, start, "end", exact, details, reason, decision, decided_at, made)
  select n, 'quotation', 0, 4, 'Text', '{{}}', '', case when n %% 40 = 0 then 'waiting' else 'dismissed' end,
    case when n %% 40 <> 0 then now() end, '[]' from generate_series(1, 500 * %(parts)s) n;
"""


def fill(parts: int) -> None:
    """As COPY and SQL, without triggers: what the rows hold is not what is measured."""
    chance = random.Random(1)
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(FILL.replace(" % ", " %% "), {"parts": parts})
        with cursor.copy(
            "copy events_name (participant_id, text, language, kind, valid, preferred, folded) from stdin"
        ) as rows:
            for number in range(1, 200 * parts + 1):
                latin, other = chance.choice(GIVEN)
                rest = chance.choice(VOWELS)
                surname = (
                    chance.choice(STEMS)
                    + chance.choice(INFIXES)
                    + chance.choice(INFIXES)
                    + chance.choice(ENDINGS)
                )
                texts = (
                    f"{latin}{rest} {surname}",
                    f"{other}{rest} {surname}",
                    f"{surname}{number} {latin}{rest}",
                )
                for text, language in zip(texts, ("en", "ru", "fr"), strict=True):
                    rows.write_row((number, text, language, "official", "", False, names.fold(text)))
        cursor.execute("set session_replication_role = origin")
        cursor.execute("vacuum analyze")


def measured(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The least of the clock's milliseconds: other work on the machine only adds to them."""
    took = []
    for _round in range(rounds):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return min(took) * 1000


def counts(user: User) -> None:
    print("| worklist | noun | count | ms |\n| --- | --- | ---: | ---: |")
    for worklist in worklists.WORKLISTS:
        for noun in worklist.nouns:
            rows = {"it": worklist.rows(noun, user)}
            dated = {"it"} if worklist.is_dated else set()
            took = measured(lambda: worklists.count(rows, dated))  # noqa: B023
            print(f"| {worklist.name} | {noun} | {worklists.count(rows)['it']} | {took:.1f} |", flush=True)
    for noun in NOUNS:
        rows = {"it": duplicates.pairs(noun)}
        took = measured(lambda: worklists.count(rows))  # noqa: B023
        print(f"| duplicates | {noun} | {worklists.count(rows)['it']} | {took:.1f} |", flush=True)


def pages(user: User) -> None:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    addresses = ["/admin/"]
    addresses += [
        f"/admin/events/{noun}/?desk={one.name}" for one in worklists.WORKLISTS for noun in one.nouns[:3]
    ]
    addresses += [f"/admin/events/{noun}/duplicates/" for noun in NOUNS]
    print("\n| page | ms | queries |\n| --- | ---: | ---: |")
    for address in addresses:
        answer = client.get(address, secure=True)
        assert answer.status_code == 200, (address, answer.status_code)
        took = measured(lambda: client.get(address, secure=True), 3)  # noqa: B023
        with CaptureQueriesContext(connection) as queries:
            client.get(address, secure=True)
        print(f"| `{address}` | {took:.0f} | {len(queries)} |", flush=True)


def main() -> None:
    parts = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        fill(parts)
        print("| search for duplicates | pairs | ms |\n| --- | ---: | ---: |")
        for noun in NOUNS:
            took = measured(lambda: duplicates.search([noun]), 3)  # noqa: B023
            print(f"| {noun} | {duplicates.pairs(noun).count():,} | {took:.0f} |", flush=True)
        took = measured(duplicates.search, 3)
        print(f"| all | | {took:.0f} |\n")
        user = User.objects.get(pk=1)
        counts(user)
        print(f"\nAll counts of the first page: {measured(lambda: worklists.desk(user)):.0f} ms")
        other = User.objects.create(pk=6, username="nobody", is_superuser=True, is_staff=True)
        print(f"For somebody who has no drafts: {measured(lambda: worklists.desk(other)):.0f} ms")
        pages(user)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
