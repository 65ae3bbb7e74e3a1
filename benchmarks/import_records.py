"""How long a table of meetings takes and how much memory, in a database of its own that is dropped afterwards.

    python benchmarks/import_records.py [ROWS] [csv|xlsx|jsonl]

Writes a table with participants (some new, in two scripts), places, topics and sources, imports it as a dry run, stores it,
and imports it again. Prints seconds, rows a second and the peak of resident memory for each step.
"""

import csv
import json
import os
import random
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")

from caucasus import database

database.ensure(database.TESTING)

import django

django.setup()

from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from events.editing import importers
from events.models import Participant, Place, Topic

HEADERS = ["key", "title", "kind", "held_on", "place", "summary", "topics", "participants", "sources"]
PEOPLE = [
    ("Sergey Lavrov", "Сергей Лавров"),
    ("Ilham Aliyev", "Ильхам Алиев"),
    ("Nikol Pashinyan", "Никол Пашинян"),
]


def rows(count: int):
    chance = random.Random(1)
    first = date(1992, 1, 1)
    names = [
        f"{given} {family}yan"
        for given in ("Ara", "Levon", "Davit", "Tigran", "Hayk")
        for family in ("Sark", "Grigor", "Petros", "Hakob")
    ]
    for number in range(count):
        day = first + timedelta(days=number % 12_000)
        one, other = chance.sample(PEOPLE, 2)
        yield {
            "key": f"bench-{number}",
            "title": f"Talks number {number} between {one[0]} and {other[0]}",
            "kind": chance.choice(["talks", "visit", "call"]),
            "held_on": day.isoformat(),
            "place": chance.choice(["Baku", "Ереван", "Tbilisi", "Sochi"]),
            "summary": "They spoke about the peace treaty and about the border.",
            "topics": chance.choice(["Peace process", "Borders; Peace process"]),
            "participants": f"{one[0]} (host); {other[1]} (guest); {chance.choice(names)}",
            "sources": f"https://example.org/news/{number // 2}",
        }


def write(path: Path, count: int) -> None:
    if path.suffix == ".xlsx":
        import openpyxl

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("meetings")
        sheet.append(HEADERS)
        for row in rows(count):
            sheet.append([row[header] for header in HEADERS])
        book.save(path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".jsonl":
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(count))
            return
        writer = csv.DictWriter(file, HEADERS)
        writer.writeheader()
        writer.writerows(rows(count))


def take(label: str, path: Path, **options) -> None:
    started, worked = time.perf_counter(), time.process_time()
    with path.open("rb") as file:
        report = importers.import_table(
            importers.read(file, path.name), "meetings", importers.Options(create_unknown=True), **options
        )
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    count = sum(report.counts.values())
    print(
        f"{label:<10} {seconds:7.1f} s ({worked:.1f} s in Python)  {count / seconds:7,.0f} rows/s  peak {peak:6.0f} MB  {dict(report.counts)}",
        flush=True,
    )
    for outcome in report.rows["refused"][:3]:
        print("   ", outcome)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    kind = sys.argv[2] if len(sys.argv) > 2 else "csv"
    connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        for name, script in PEOPLE:
            Participant.objects.create(name=name).names.create(text=script, language="ru")
        for name in ("Baku", "Yerevan", "Tbilisi", "Sochi"):
            Place.objects.create(name=name)
        for label in ("Peace process", "Borders"):
            Topic.objects.create(label=label)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"meetings.{kind}"
            # In a process of its own, so that its memory is not counted.
            if os.fork() == 0:
                write(path, count)
                os._exit(0)
            os.wait()
            print(f"{count:,} meetings, {path.stat().st_size / 1e6:.1f} MB of {kind}", flush=True)
            take("dry run", path, dry_run=True)
            take("stored", path)
            take("again", path)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
