"""Whole imports: an editor's table, or a folder of tables, all or nothing."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from events.editing import history
from events.editing.importers import files
from events.editing.importers.loading import Loader, Options, Progress
from events.editing.importers.report import ImportRefused, Report, Sink
from events.editing.importers.tables import TABLES
from events.models import Change, Status

# A row may refer to rows of the tables before its own.
FOLDER = (
    "participants", "places", "names", "tenures", "topics", "outlets", "articles", "meetings", "attendances", "agreements",
    "coverages", "quotations",
)  # fmt: skip


class _TakenBack(Exception):
    """Ends a transaction without a trace."""


def import_table(
    sheet: files.Sheet,
    noun: str,
    options: Options,
    *,
    dry_run: bool = False,
    update: bool = True,
    plan: str = "",
    sink: Sink | None = None,
    progress: Progress | None = None,
) -> Report:
    """Take the rows of `sheet` in as records of `noun` and return what became of each; `Report.stored` says whether it stays.

    Everything is done in one transaction, with all rules of models and database. It is taken back for a dry run, where a row is
    refused, where a known record would change and `update` is false, and where the outcome is not the `plan` (the digest of an
    earlier report), since somebody has changed a record meanwhile. About a millisecond a row; the memory does not grow with the
    number of rows, but for their numbers.
    """
    report = Report(noun, sink=sink, notes=list(sheet.notes))
    try:
        with transaction.atomic(), history.by(options.user, via=Change.Via.IMPORT):
            if not dry_run:
                _wait_for_others()
            Loader(TABLES[noun], options, report, progress=progress).load(sheet)
            held_back = report.counts["changed"] and not update
            if dry_run or report.is_refused or held_back or (plan and plan != report.digest):
                raise _TakenBack
    except _TakenBack:
        return report
    report.stored = True
    return report


def _wait_for_others() -> None:
    """One import stores at a time, so that two of them do not make the same draft of one unknown name."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('import_table'))")


def load_tables(folder: Path, status: str = Status.PUBLISHED) -> Counter[str]:
    """Load every table of `folder` in one transaction and return how many records of each noun were created.

    A record is known again by its key: it is left as it is, edited or not, and so are the rows that belong to it. The same tables
    a second time create nothing. Raises `ImportRefused`, with nothing stored, for a missing table or column, a value that its
    field refuses, or a reference to no record.
    """
    options = Options(status=status, keep_known=True, folder=folder)
    created: Counter[str] = Counter()
    new: set[tuple[Any, int]] = set()
    with transaction.atomic():
        for noun in FOLDER:
            problems: list[str] = []
            report = Report(noun)
            report.sink = lambda outcome, noun=noun, problems=problems: problems.extend(
                f"{noun}.csv, line {outcome.line}: {problem}" for problem in outcome.problems
            )
            path = folder / f"{noun}.csv"
            try:
                with path.open("rb") as file:
                    Loader(TABLES[noun], options, report, new).load(files.read(file, path.name))
            except FileNotFoundError:
                raise ImportRefused([_("There is no table %s.") % path.name]) from None
            except files.FileError as error:
                raise ImportRefused([f"{path.name}: {error}"]) from None
            if problems:
                raise ImportRefused(problems)
            if TABLES[noun].owners == () and report.counts["created"]:
                created[TABLES[noun].model_name] = report.counts["created"]
    return created
