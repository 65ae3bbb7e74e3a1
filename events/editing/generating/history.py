"""The beginning of the history of a generated archive: one version of each record, as the database itself would keep it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from psycopg.sql import SQL, Identifier, Literal

from events.editing.generating.tables import WITHOUT_TRIGGERS, Connect
from events.models import Change, published

PARTS = 2  # at a time; more than processors help nobody
STEP = 20_000  # records of one statement


def begin(connect: Connect, last: date, tell: Callable[[str, int, int], None]) -> None:
    """Write the versions by what the triggers call (`archive_state`), without what they need for one record at a time."""
    with connect() as connection:
        (change,) = connection.execute(
            "insert into events_change (who, via, comment, made_at, transaction) values"
            " ('generate_archive', %s, '', %s, pg_current_xact_id()::text::bigint) returning id",
            [Change.Via.BEGINNING, last],
        ).fetchone() or (0,)
        counts = {}
        for noun in published.NOUNS:
            table = Identifier(f"events_{noun}")
            (counts[noun],) = connection.execute(SQL("select count(*) from {}").format(table)).fetchone() or (
                0,
            )
    jobs = [
        (noun, first, first + STEP - 1)
        for noun, count in counts.items()
        for first in range(1, count + 1, STEP)
    ]
    total, done = sum(counts.values()), 0
    # Numbers are given beforehand, so that they are the same in whatever order the parts end.
    firsts, before = {}, 0
    for noun, count in counts.items():
        firsts[noun] = before
        before += count

    def write(job: tuple[str, int, int]) -> int:
        noun, first, end = job
        with connect() as connection:
            connection.execute(WITHOUT_TRIGGERS)
            cursor = connection.execute(
                SQL(
                    "insert into events_version (id, change_id, noun, record, number, status, data)"
                    " select {before} + id, {change}, {noun}, id, version, status, archive_state({noun}, id)"
                    " from {table} where id between {first} and {end} order by id"
                ).format(
                    before=Literal(firsts[noun]),
                    change=Literal(change),
                    noun=Literal(noun),
                    table=Identifier(f"events_{noun}"),
                    first=Literal(first),
                    end=Literal(end),
                )
            )
            return cursor.rowcount

    tell("history", 0, total)
    with ThreadPoolExecutor(PARTS) as workers:
        waiting: Any = workers.map(write, jobs)
        for count in waiting:
            done += count
            tell("history", done, total)
