"""What it costs that the database keeps versions, in a database of its own that is dropped afterwards.

    python benchmarks/history.py [RECORDS]

Writes meetings with two attendances each, changes all of them, and does the same without the triggers of the history, each in one
transaction. Prints seconds of the processor that PostgreSQL took, which other work on the machine does not add to, and its memory.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")

from caucasus import database

database.ensure(database.TESTING)

import django

django.setup()

from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases

from events.models import Attendance, Meeting, Participant

TICKS = os.sysconf("SC_CLK_TCK")


def seconds(process: int) -> float:
    """What a process has taken of the processor so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def own_memory(process: int) -> float:
    """In MB, without what the processes of PostgreSQL share."""
    (line,) = [
        row for row in Path(f"/proc/{process}/status").read_text().splitlines() if row.startswith("RssAnon")
    ]
    return int(line.split()[1]) / 1024


def measure(step: str, has_history: bool, count: int, people: list[Participant]) -> None:
    connection.close()  # a process of its own for each
    with connection.cursor() as cursor:
        for table in ("events_meeting", "events_attendance"):
            cursor.execute(
                f"alter table {table} {'enable' if has_history else 'disable'} trigger version_noted"
            )
    process = connection.connection.info.backend_pid
    before, peak = seconds(process), 0.0
    with transaction.atomic():
        if step == "new":
            made = [
                Meeting(title=f"Talks {n}", kind="talks", held_on="2020-01-02", summary="They spoke.")
                for n in range(count)
            ]
            Meeting.objects.bulk_create(made, 2_000)
            rows = [
                Attendance(meeting=meeting, participant=people[(n + place) % len(people)], position=place)
                for n, meeting in enumerate(made)
                for place in (1, 2)
            ]
            Attendance.objects.bulk_create(rows, 2_000)
        else:
            Meeting.objects.update(summary=f"They spoke, {step}.")
        connection.check_constraints()
        peak = own_memory(process)
    taken = seconds(process) - before
    print(
        f"| {step} | {'yes' if has_history else 'no'} | {taken:.1f} | {taken / count * 1000:.2f} | {peak:.0f} |",
        flush=True,
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        people = Participant.objects.bulk_create(
            [Participant(name=f"P{n}", sort_name=f"P{n}") for n in range(1_000)]
        )
        print(
            "| step | history | processor, s | ms a record | memory, MB |\n| --- | --- | ---: | ---: | ---: |"
        )
        for has_history in (False, True):
            with connection.cursor() as cursor:
                cursor.execute("set archive.may_truncate = on; truncate events_meeting cascade")
            measure("new", has_history, count, people)
            measure("changed", has_history, count, people)
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_size_pretty(pg_total_relation_size('events_version')), count(*) from events_version"
            )
            print("\nVersions: {}, {:,} rows.".format(*cursor.fetchone()))
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
