"""`manage.py import_records`: an editor's table of records, whole or not at all."""

import contextlib
import json
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from events.editing import history, importers
from events.editing.importers import Outcome, Report, sheets
from events.models import Change
from events.models.base import is_deadlock

# How many rows of each outcome the report on the terminal shows.
SHOWN = 50


class Command(BaseCommand):
    help = "Store the rows of a table as draft records, all or none. The same table again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", nargs="?", help="A table: .csv, .xlsx or .jsonl.")
        parser.add_argument("--noun", required=True, choices=list(importers.TABLES), help="What a row is.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Store nothing; show what would become of each row."
        )
        parser.add_argument(
            "--update", action="store_true", help="Change known records whose fields differ from the table."
        )
        parser.add_argument(
            "--create-unknown",
            action="store_true",
            help="Make a draft of each unknown participant, place, topic, outlet or article that a cell names.",
        )
        parser.add_argument(
            "--user",
            default="",
            metavar="NAME",
            help="Whose records they become, within their rights. Without one no published record is changed.",
        )
        parser.add_argument(
            "--plan",
            default="",
            metavar="DIGEST",
            help="Store only what a dry run with this digest has shown.",
        )
        parser.add_argument(
            "--report", default="", metavar="CSV", help="Write what became of each row to this file."
        )
        parser.add_argument(
            "--json", action="store_true", help="Print a JSON object a row, and one of the whole."
        )
        parser.add_argument(
            "--sheet", default="", metavar="NEW", help="Write an empty sheet (.csv or .xlsx) and do no more."
        )

    @history.by(via=Change.Via.COMMAND, comment="manage.py import_records")
    def handle(self, *args: Any, **options: Any) -> None:
        if options["sheet"]:
            self._write_sheet(options["noun"], Path(options["sheet"]))
            return
        if not options["file"]:
            raise CommandError("Name the table: import_records FILE --noun meetings")
        report = self._import(Path(options["file"]), options)
        if options["json"]:
            self.stdout.write(json.dumps(report.summary(), ensure_ascii=False))
        else:
            self._print(report, options)
        if not report.stored and not options["dry_run"]:
            raise CommandError(self._why_not(report, options["plan"]))

    def _write_sheet(self, noun: str, path: Path) -> None:
        table = importers.TABLES[noun]
        made = {".csv": sheets.as_csv, ".xlsx": sheets.as_workbook}.get(path.suffix.lower())
        if made is None:
            raise CommandError("An empty sheet ends in .csv or .xlsx.")
        with self._opened(path, "xb") as file:
            file.write(made(table))
        self.stdout.write(f"Wrote {path}")

    def _import(self, path: Path, options: dict[str, Any]) -> Report:
        taken = importers.Options(user=self._user(options["user"]), create_unknown=options["create_unknown"])
        with contextlib.ExitStack() as stack:
            stack.enter_context(history.by(taken.user, comment=f"manage.py import_records {path.name}"))
            file = stack.enter_context(self._opened(path, "rb"))
            sinks: list[Any] = []
            if options["report"]:
                written = stack.enter_context(
                    self._opened(Path(options["report"]), "w", encoding="utf-8-sig", newline="")
                )
                sinks.append(importers.ReportWriter(written))
            if options["json"]:
                sinks.append(lambda outcome: self.stdout.write(outcome.as_json()))

            def deliver(outcome: Outcome) -> None:
                for sink in sinks:
                    sink(outcome)

            try:
                sheet = importers.read(file, path.name)
                with bar(quiet=options["json"]) as progress:
                    return importers.import_table(
                        sheet,
                        options["noun"],
                        taken,
                        dry_run=options["dry_run"],
                        update=options["update"],
                        plan=options["plan"],
                        sink=deliver,
                        progress=progress,
                    )
            except OperationalError as error:
                if not is_deadlock(error):
                    raise
                raise CommandError(
                    "Nothing was stored: an editor saved the same records. Run it again."
                ) from None
            except importers.FileError as error:
                raise CommandError(f"Nothing was stored. {path.name}: {error}") from None

    def _opened(self, path: Path, mode: str, **more: Any) -> Any:
        try:
            return path.open(mode, **more)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(f"{path}: {reason}") from None

    def _user(self, name: str) -> Any:
        if not name:
            return None
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {name}.")
        return user

    def _print(self, report: Report, options: dict[str, Any]) -> None:
        for verdict in ("created", "changed", "refused") if options["dry_run"] else ("changed", "refused"):
            rows = sorted(report.rows[verdict], key=lambda row: row.line)
            for outcome in rows[:SHOWN]:
                self.stdout.write(described(outcome))
            if report.counts[verdict] > len(rows[:SHOWN]):
                rest = report.counts[verdict] - len(rows[:SHOWN])
                self.stdout.write(f"… and {rest:,} more rows {verdict}. --report FILE.csv writes them all.")
        for note in report.notes:
            self.stdout.write(note)
        if report.unknown:
            self.stdout.write("Names that the archive does not know:")
            for one in list(report.unknown.values())[:SHOWN]:
                similar = f"; similar: {', '.join(one.candidates)}" if one.candidates else ""
                made = "; a draft is made of it" if one.created else ""
                kind = f" ({one.kind.lower()})" if one.kind else ""
                self.stdout.write(
                    f"  {one.noun}{kind} “{one.name}”, {one.times}×, first in line {one.line}{similar}{made}"
                )
            if len(report.unknown) > SHOWN:
                self.stdout.write(f"  … and {len(report.unknown) - SHOWN:,} more.")
        counts = ", ".join(f"{report.counts[verdict]:,} {verdict}" for verdict in importers.VERDICTS)
        lead = (
            "Stored"
            if report.stored
            else ("Dry run, nothing stored" if options["dry_run"] else "Nothing stored")
        )
        self.stdout.write(f"{lead}: {counts}.")
        if options["dry_run"] and not report.is_refused:
            self.stdout.write(f"To store exactly this: --plan {report.digest}")

    def _why_not(self, report: Report, plan: str) -> str:
        if refused := report.counts["refused"]:
            rows, them = ("1 row is", "it") if refused == 1 else (f"{refused:,} rows are", "them")
            said = f"Nothing was stored: {rows} refused. Mend {them} and run it again."
            if any(not one.created for one in report.unknown.values()):
                said += " Or run it again with --create-unknown to make drafts of the unknown names."
            return said
        if plan and plan != report.digest:
            return (
                "Nothing was stored: this is not what the dry run has shown. Look at it again with --dry-run."
            )
        return "Nothing was stored: known records differ from the table. Run it again with --update to change them."


def described(outcome: Outcome) -> str:
    """A row of the report on the terminal: its line, what becomes of it, and below it the differences and problems."""
    number = f" #{outcome.record}" if outcome.record else ""
    lines = [f"line {outcome.line}: {outcome.verdict}{number} {outcome.title}".rstrip()]
    lines += [f"    {outcome.meant}"] if outcome.meant else []
    lines += [f"    {one.column}: “{one.old}” → “{one.new}”" for one in outcome.differences]
    lines += [f"    {one}" for one in outcome.problems]
    return "\n".join(lines)


@contextlib.contextmanager
def bar(quiet: bool = False) -> Iterator[Any]:
    """A function that draws the progress on standard error, where that is a terminal; it goes when the work is done."""
    stream = sys.stderr
    if quiet or not stream.isatty():
        yield None
        return

    def draw(rows: int, share: float) -> None:
        width = max(10, min(40, shutil.get_terminal_size().columns - 40))
        filled = round(width * share)
        stream.write(f"\r[{'█' * filled}{'░' * (width - filled)}] {share:4.0%} {rows:>9,} rows")
        stream.flush()

    try:
        yield draw
    finally:
        stream.write("\r\033[K")
        stream.flush()
