"""What the rows of a list take to render, and what they would without what is kept between rows: prints a table as Markdown.

    python benchmarks/rendering.py

Makes a small archive in a database of its own and drops it afterwards. Each row template renders 25 rows that have been read
already, in turn as it is and "plain": each address reversed, each name for an address and each date made anew, and the piece that
marks drafts included in each row. The least of many rounds is given.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")

from caucasus import database

database.ensure(database.TESTING)

import django

django.setup()

from django.conf import settings
from django.template import engines
from django.test.utils import setup_databases, teardown_databases
from django.urls import reverse

from events import dates, models, names
from events.dates import phrases
from events.models.base import Record
from tests import factories

ROWS = 25
ROUNDS = 200
NOUNS = ("Meeting", "Participant", "Quotation", "Article", "Place", "Agreement", "Topic")
MARK = '{% include "_status.html" %}'
GUARDED = f'{{% if record.status != "published" %}}{MARK}{{% endif %}}'


@contextmanager
def plain() -> Iterator[None]:
    def address(record: Any) -> str:
        return reverse(f"events:{record._meta.model_name}-detail", args=[record.pk, record.slug])

    with (
        patch.object(Record, "get_absolute_url", address),
        patch.object(names, "slug", names.slug.__wrapped__),
        patch.object(phrases, "_parsed", dates.parse),
    ):
        yield


def measured(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    for _ in range(ROWS // 3):
        factories.fill(3)
    templates = settings.BASE_DIR / "templates" / "events"
    print("| 25 rows of | plain, ms | now, ms | ratio |\n| --- | ---: | ---: | ---: |")
    for noun in NOUNS:
        rows = list(getattr(models, noun).objects.public().for_list()[:ROWS])
        row = (templates / f"_{noun.lower()}_row.html").read_text()
        now, before = (
            engines["django"].from_string(f"{{% for record in rows %}}{source}{{% endfor %}}")
            for source in (row, row.replace(GUARDED, MARK))
        )
        taken: dict[str, list[float]] = {"plain": [], "now": []}
        for _round in range(ROUNDS):
            with plain():
                taken["plain"].append(measured(lambda: before.render({"rows": rows})))  # noqa: B023
            taken["now"].append(measured(lambda: now.render({"rows": rows})))  # noqa: B023
        least = {way: min(times) for way, times in taken.items()}
        print(
            f"| {noun.lower()}s | {least['plain']:.2f} | {least['now']:.2f} | {least['plain'] / least['now']:.1f} |"
        )


if __name__ == "__main__":
    old = setup_databases(verbosity=0, interactive=False)
    try:
        main()
    finally:
        teardown_databases(old, verbosity=0)
