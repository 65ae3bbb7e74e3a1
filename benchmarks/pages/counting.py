"""How many queries a page asks and how many rows of tables they read, in a process of its own:

python -m benchmarks.pages.counting < paths.json > counts.json
"""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")
os.environ.setdefault("HTTPS", "false")

import django
from django.conf import settings

settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
settings.WHITENOISE_AUTOREFRESH = True
django.setup()

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

# Of this transaction alone, so that others may use the database meanwhile.
READ = (
    "select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint from pg_stat_xact_user_tables"
)
OVERHEAD = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT", "ROLLBACK")


def main() -> None:
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    found = {}
    for path in json.load(sys.stdin):
        client.get(path)
        with transaction.atomic():
            before = rows()
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            found[path] = [sum(not one["sql"].startswith(OVERHEAD) for one in queries), rows() - before]
            transaction.set_rollback(True)
    json.dump(found, sys.stdout)


def rows() -> int:
    return connection.connection.execute(READ).fetchone()[0]


if __name__ == "__main__":
    main()
