"""How fast `manage.py generate_archive` writes, beside a bare COPY of the same rows from files into the same tables with their indexes.

    python benchmarks/generate.py [QUOTATIONS]

Makes two databases on the embedded server (100,000 quotations) and drops them afterwards. Prints a table as Markdown.
"""

import os
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")

from caucasus import database

database.ensure()

import django

django.setup()

from psycopg.sql import SQL, Identifier

from events.editing import generating
from events.editing.generating import databases, tables

BLOCK = 1 << 20


def quiet(_step: str, _done: int, _total: int) -> None:
    pass


def dump(name: str, folder: Path) -> int:
    """The rows of each table in a file of its own; how many bytes they have."""
    total = 0
    with databases.connect(name) as connection:
        for model in generating.MODELS:
            columns = SQL(", ").join(Identifier(field.column) for field in tables.writable(model))
            query = SQL("copy (select {} from {} order by id) to stdout").format(
                columns, Identifier(model._meta.db_table)
            )
            with connection.cursor().copy(query) as copy, (folder / model._meta.db_table).open("wb") as file:
                for block in copy:
                    total += file.write(block)
    return total


def load(name: str, folder: Path) -> float:
    """Seconds that a bare COPY of all files takes, one table after another, with indexes and without triggers."""
    databases.make(name)
    databases.migrate(name)
    with databases.connect(name) as connection:
        connection.execute(tables.WITHOUT_TRIGGERS)
        begun = time.perf_counter()
        for model in generating.MODELS:
            with (
                connection.cursor().copy(tables.copy_in(model)) as copy,
                (folder / model._meta.db_table).open("rb") as file,
            ):
                while block := file.read(BLOCK):
                    copy.write(block)
        return time.perf_counter() - begun


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    first, second = f"bench_{os.getpid()}_made", f"bench_{os.getpid()}_copied"
    try:
        databases.make(first)
        databases.migrate(first)
        processor = time.process_time()
        made = generating.generate(first, count, 1, date(2026, 5, 31), quiet)
        processor = time.process_time() - processor
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with tempfile.TemporaryDirectory() as folder:
            size = dump(first, Path(folder)) / 1e6
            bare = load(second, Path(folder))
    finally:
        databases.drop(first)
        databases.drop(second)
    own = made.steps["rows"] + made.steps["indexes"]
    print(
        f"{made.rows:,} rows, {size:,.0f} MB as COPY has them; the maker's memory at most {memory:.0f} MB.\n"
    )
    print("| step | s | rows a second |\n| --- | ---: | ---: |")
    print(f"| made and written, with the indexes | {own:.1f} | {made.rows / own:,.0f} |")
    print(
        f"| bare COPY from files into the same tables with their indexes | {bare:.1f} | {made.rows / bare:,.0f} |"
    )
    print(f"| seconds of the processor in Python, all steps | {processor:.1f} | |")
    for step, seconds in made.steps.items():
        if step not in ("rows", "indexes"):
            print(f"| {step} | {seconds:.1f} | |")
    print(f"\nOf the rate of a bare COPY: {bare / own:.2f}")


if __name__ == "__main__":
    main()
