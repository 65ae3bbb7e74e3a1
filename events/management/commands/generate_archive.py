"""`manage.py generate_archive`: a large invented archive in a database of its own."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from psycopg import Error

from events.editing import generating

BAR = 30  # characters
LINES = 10  # of each step, where the output is no terminal


def number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= 20_000_000:
        raise ArgumentTypeError(f"“{text}” is no number from 1 to 20,000,000: --quotations 100000")
    return int(text)


def day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no day: 2026-05-31") from None
    if not date(2020, 1, 1) <= found <= date(2100, 1, 1):
        raise ArgumentTypeError("The last day lies from 2020 to 2100.")
    return found


class Command(BaseCommand):
    help = (
        "Make a large invented archive in a database of its own, to try and to measure with: for each million quotations 250,000"
        " articles, 100,000 meetings and 20,000 participants. The archive's own database is not touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quotations", type=number, required=True, metavar="N", help="how many")
        parser.add_argument("--seed", type=int, default=1, help="another seed gives another archive (1)")
        parser.add_argument(
            "--database",
            metavar="NAME",
            help="where to: made on the archive's server if there is none of this name, otherwise empty (archive_generated_N)",
        )
        parser.add_argument(
            "--until",
            type=day,
            metavar="DAY",
            help="the last day of the archive (today): with it the seed gives the same another day",
        )
        parser.add_argument(
            "--no-history",
            action="store_true",
            help="without a first version of each record; saves half of the time and room",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["database"] or f"archive_generated_{options['quotations']}"
        progress = Progress(self.stdout)
        begun = time.monotonic()
        try:
            made = generating.generate(
                name,
                options["quotations"],
                options["seed"],
                options["until"] or timezone.localdate(),
                progress,
                with_history=not options["no_history"],
            )
        except generating.RefusedError as error:
            raise CommandError(str(error)) from error
        except (Error, DatabaseError) as error:
            raise CommandError(f"The database refused, and nothing was kept: {str(error).strip()}") from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; nothing was kept.", returncode=130) from None
        finally:
            progress.close()
        took = time.monotonic() - begun
        for step, seconds in made.steps.items():
            self.stdout.write(f"{step:<20}{seconds:8.1f} s")
        self.stdout.write(
            f"{made.rows:,} rows in {took:.0f} s, {made.rows / made.steps['rows']:,.0f} rows a second while they were made."
        )
        self.stdout.write(f"Serve it: DATABASE_URL='{generating.address(name)}' make run")


class Progress:
    """What is made and how long it will take: a bar on a terminal, some plain lines otherwise."""

    def __init__(self, stdout: Any) -> None:
        self._stdout = stdout
        self._is_terminal = bool(getattr(stdout, "isatty", None) and stdout.isatty())
        self._step, self._begun, self._shown = "", 0.0, -1
        self._is_open = False

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step != self._step:
            self.close()
            self._step, self._begun, self._shown = step, now, -1
        seconds = max(now - self._begun, 0.001)
        rate = done / seconds
        left = f"{(total - done) / rate:,.0f} s left" if rate and done < total else ""
        told = f"{done:,} of {total:,}, {rate:,.0f} a second  {left}".rstrip() if total else ""
        if self._is_terminal:
            filled = BAR * done // total if total else 0
            bar = f"[{'#' * filled}{'.' * (BAR - filled)}] " if total else ""
            self._stdout.write(f"\r\x1b[K{step}  {bar}{told}", ending="")
            self._stdout.flush()
            self._is_open = True
        elif (part := LINES * done // total if total else 0) > self._shown:
            self._shown = part
            self._stdout.write(f"{step}  {told}".rstrip())

    def close(self) -> None:
        if self._is_open:
            self._stdout.write("")
            self._is_open = False
