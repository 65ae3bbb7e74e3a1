"""How long two large records take to become one, and to be two again, in an archive that is made for this and dropped afterwards.

    python benchmarks/merge.py [ATTENDANCES [QUOTATIONS]]

A participant with 20,000 attendances and 50,000 quotations goes into one that was at a quarter of the same meetings; then an outlet with a
fifth as many articles of 5,000 characters as there are quotations. Prints a table as Markdown: the page before it, merging, the page after
it, undoing; each measured once, with its queries and the most memory that the process has had so far. Fails where undoing leaves a row that is
not as it was.
"""

import os
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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

from events.models import Merge

COMMON = (
    "status, version, withdrawal_reason, import_key, created_at, updated_at, created_by_id, updated_by_id"
)
COMMON_OF = "'published', 1, '', '', now(), now(), 1, 1"
# Made in the database; `n` is the number of the row. Participant 1 is kept, participant 2 goes into it; so with the outlets.
FILL = f"""
insert into auth_user (id, username, password, is_superuser, is_staff, is_active, first_name, last_name, email, date_joined)
  values (1, 'reviewer', '', true, true, true, '', '', '', now());
insert into events_participant (id, name, sort_name, sort_key, kind, country, identifiers, description, {COMMON})
  select n, 'Participant ' || n, 'Participant ' || n, 'participant ' || n, 'person', '', '{{}}', '', {COMMON_OF} from generate_series(1, 50) n;
insert into events_name (participant_id, text, language, kind, valid, preferred, folded)
  select n, 'Participant ' || n, 'en', 'official', '', false, 'participant ' || n from generate_series(1, 50) n;
insert into events_outlet (id, name, sort_key, kind, country, host, {COMMON})
  select n, 'Outlet ' || n, 'outlet ' || n, 'news', '', 'outlet' || n || '.example', {COMMON_OF} from generate_series(1, 2) n;
insert into events_meeting (id, title, sort_key, kind, held_on, held_range, format, state, summary, {COMMON})
  select n, 'Talks ' || n, 'talks ' || n, 'talks', '2023-02-27', '[2023-02-27,2023-02-28)', '', 'held', 'They spoke about the border.', {COMMON_OF}
  from generate_series(1, %(attendances)s) n;
insert into events_attendance (meeting_id, participant_id, role, title, note, position)
  select n, 2, '', '', '', 1 from generate_series(1, %(attendances)s) n
  union all select n, 1, case when n %% 8 = 1 then 'host' else '' end, '', '', 2 from generate_series(1, %(attendances)s, 4) n
  union all select n, 3 + n %% 48, 'guest', '', '', 3 from generate_series(1, %(attendances)s) n;
insert into events_article (id, outlet_id, authors, title, sort_key, language, published_on, published_range, url, url_key, text, text_key,
    text_digest, rights, kind, {COMMON})
  select n, 2, '{{}}', 'Article ' || n, 'article ' || n, 'en', '2023-02-28', '[2023-02-28,2023-03-01)', '', '', text, md5(text), md5(text),
    'excerpts', 'report', {COMMON_OF}
  from (select n, 'Text ' || n || repeat(' and so they said about the border', 147) as text from generate_series(1, %(quotations)s / 5) n) made;
insert into events_quotation (id, article_id, speaker_id, attribution, start, "end", exact, prefix, suffix, form, language, rendering,
    translated_by, said_on, {COMMON})
  select n, 1 + n %% (%(quotations)s / 5), 2, '', 0, 4, 'Text', '', '', 'direct', 'en', '', '', '', {COMMON_OF}
  from generate_series(1, %(quotations)s) n;
do $$ declare one text; begin
  foreach one in array array['participant', 'outlet', 'meeting', 'article', 'quotation'] loop
    execute format('update events_%%1$s set published_at = now()', one);
    execute format('select setval(pg_get_serial_sequence(''events_%%1$s'', ''id''), max(id)) from events_%%1$s', one);
    execute format('select archive_keep_version(%%1$L, id) from events_%%1$s', one);
  end loop;
end $$;
"""
# What undoing must bring back; who wrote a row last, and when, is another matter.
DIGEST = " union all ".join(
    f"select '{one}', md5(string_agg(md5((to_jsonb(t) - '{{version,updated_at,updated_by_id}}'::text[])::text), '' order by id))"
    f" from events_{one} t"
    for one in ("participant", "name", "tenure", "attendance", "meeting", "outlet", "article", "quotation")
)


def fill(attendances: int, quotations: int) -> None:
    """As SQL, without triggers, but with a first version of each record, as the history holds it of one that was imported."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(FILL, {"attendances": attendances, "quotations": quotations})
        cursor.execute("set session_replication_role = origin")
        cursor.execute("vacuum analyze")


def digest() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(DIGEST)
        return list(cursor.fetchall())


def measured(what: str, work: Callable[[], Any]) -> Any:
    """What `work` returns; its row of the table is printed."""
    started, worked = time.perf_counter(), time.process_time()
    with CaptureQueriesContext(connection) as queries:
        answer = work()
    took, in_python = time.perf_counter() - started, time.process_time() - worked
    size = f"{len(answer.content) / 1000:,.0f}" if answer.content else ""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"| {what} | {took:.1f} | {in_python:.1f} | {len(queries)} | {most:.0f} | {size} |", flush=True)
    return answer


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return dict(
        re.findall(r'<input type="hidden" name="(digest|kept_version|gone_version)" value="([^"]*)"', page)
    )


def merged_and_undone(client: Client, noun: str) -> None:
    """Merge record 2 into record 1 by the desk's pages, look at it, and undo it there."""
    before = digest()
    address = f"/admin/events/{noun}/merge/?first=1&second=2"
    page = measured(f"{noun}: both side by side", lambda: client.get(address, secure=True))
    data = {**form_of(page.content.decode()), "merge": "1", "comment": "The same one."}
    answer = measured(f"{noun}: merged", lambda: client.post(address, data, secure=True))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    merge = Merge.objects.defer("journal").latest("pk")
    shown = f"/admin/events/merge/{merge.pk}/"
    measured(f"{noun}: its page", lambda: client.get(f"{shown}change/", secure=True))
    answer = measured(f"{noun}: undone", lambda: client.post(f"{shown}undo/", secure=True))
    assert Merge.objects.get(pk=merge.pk).is_undone, answer
    assert digest() == before


def main() -> None:
    attendances = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    quotations = int(sys.argv[2]) if len(sys.argv) > 2 else 50_000
    connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        fill(attendances, quotations)
        client = Client(HTTP_HOST="localhost")
        client.force_login(User.objects.get(pk=1), "django.contrib.auth.backends.ModelBackend")
        print("| step | seconds | of it in Python | queries | peak memory, MB | page, kB |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for noun in ("participant", "outlet"):
            merged_and_undone(client, noun)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
