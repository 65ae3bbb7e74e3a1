"""A large invented archive, to see and to measure what the archive does at a size that nobody has typed in.

`records.py` and `articles.py` make the rows, `people.py`, `places.py`, `subjects.py`, `encounters.py` and `phrases/` have the words, `tables.py`
writes them by COPY, `databases.py` makes the database that they go to. The same quotations, seed and last day give the same rows on every machine.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from events.editing.generating import databases, history, tables
from events.editing.generating.articles import Articles
from events.editing.generating.databases import RefusedError, address
from events.editing.generating.records import HEAVY, MODELS, Records, Size
from events.models import Change, Version

__all__ = ["MODELS", "Generated", "RefusedError", "address", "generate"]


WRITTEN: list[Any] = [*MODELS, Change, Version]


@dataclass(frozen=True)
class Generated:
    """What was made, and how many seconds its steps took."""

    rows: int
    steps: dict[str, float]


def generate(
    name: str,
    quotations: int,
    seed: int,
    last: date,
    tell: Callable[[str, int, int], None],
    *,
    with_history: bool = True,
) -> Generated:
    """Fill the database `name` of the archive's server, which is made if there is none, with an archive of so many quotations.

    `tell` is called with what is made, how many of it are, and how many there will be (0 for a step that counts nothing). Linear in
    time and, but for what the largest tables lead to, constant in memory. RefusedError where the database holds records or cannot be
    written so; then, and where it fails, nothing is left of it.
    """
    is_new = databases.make(name)
    try:
        return _filled(name, quotations, seed, last, tell, with_history)
    except BaseException:
        if is_new:
            databases.drop(name)
        raise


def _filled(
    name: str,
    quotations: int,
    seed: int,
    last: date,
    tell: Callable[[str, int, int], None],
    with_history: bool,
) -> Generated:
    steps: dict[str, float] = {}
    begun = time.perf_counter()

    def done(step: str) -> None:
        nonlocal begun
        steps[step] = time.perf_counter() - begun
        begun = time.perf_counter()

    databases.refuse_foreign(name)
    tell("tables and views", 0, 0)
    databases.migrate(name)
    with databases.connect(name) as connection:
        if found := [model for model in WRITTEN if tables.has_rows(connection, model)]:
            raise RefusedError(
                f"The database “{name}” holds {found[0]._meta.verbose_name_plural} already, and only an empty one is filled."
                f" Name another one, or drop it first: dropdb {name}"
            )
        done("tables and views")
        try:
            with tables.indexes_put_aside(connection, MODELS):
                with tables.open_tables(
                    lambda: databases.connect(name, autocommit=False), MODELS, HEAVY
                ) as opened:
                    records = Records(Size(quotations), seed, last, opened, tell)
                    records.make()
                    Articles(records).make()
                    rows = opened.rows
                done("rows")
                tell("indexes", 0, 0)
            done("indexes")
            if with_history:  # finds the rows of a record by the indexes
                connection.execute("analyze")
                with tables.indexes_put_aside(connection, [Version]):
                    history.begin(lambda: databases.connect(name, autocommit=False), last, tell)
                done("history")
            tables.set_sequences(connection, WRITTEN)
            tell("checks", 0, 0)
            if broken := tables.broken_keys(connection):
                raise RuntimeError(f"Foreign keys lead nowhere: {', '.join(broken)}")
            done("checks")
        except BaseException:
            tables.empty(connection, WRITTEN)
            raise
        tell("vacuum", 0, 0)
        connection.execute("vacuum analyze")
        done("vacuum")
    return Generated(rows, steps)
