"""`manage.py check_sources`: ask the sources whether they still say what the archive quotes."""

import contextlib
import dataclasses
import json
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from events.editing import checking
from events.editing.checking import Report
from events.editing.visiting import Visitor

_LOCK = "archive check_sources"
_UNITS = {"d": "days", "h": "hours", "w": "weeks"}


def period(text: str) -> timedelta:
    """The time that an editor writes as 30d, 12h or 2w."""
    found = re.fullmatch(r"(\d{1,5})([dhw])", text.strip())
    if not found:
        raise ArgumentTypeError(f"“{text}” is no time. Write days, hours or weeks: 30d, 12h, 2w.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:9]) > 0):
        raise ArgumentTypeError(f"“{text}” is no number of articles. Write 1 or more.")
    return int(text[:9])


class Command(BaseCommand):
    help = (
        "Ask the pages of published articles, those first that were asked the longest ago, whether the quoted words still stand there."
        " Stores a snapshot where something has changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than",
            type=period,
            default=timedelta(days=30),
            metavar="TIME",
            help="Only pages that were not checked within this time: 30d (the default), 12h, 2w; 0d for all.",
        )
        parser.add_argument("--limit", type=positive, metavar="N", help="At most this many articles.")
        parser.add_argument(
            "--json", action="store_true", help="Print the reports and their sum as one JSON object."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with self._alone():
            articles = checking.due(options["older_than"]).values_list("pk", "url")[: options["limit"]]
            reports = []
            for report in checking.run(list(articles), Visitor()):
                reports.append(report)
                if not options["json"]:
                    self.stdout.write(self._line(report))
        counts = summary(reports)
        if options["json"]:
            rows = [dataclasses.asdict(report) for report in reports]
            self.stdout.write(json.dumps({**counts, "articles": rows}, ensure_ascii=False))
        else:
            self.stdout.write(
                ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items())
            )
        asked = [report for report in reports if not (report.is_put_off or report.is_refused)]
        if asked and all(report.failure for report in asked):
            raise CommandError("No page could be checked. Is the network there?")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Two runs at once would ask each host twice; the database lets one in, and lets go of it even if that is killed."""
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(hashtext(%s))", [_LOCK])
            if not cursor.fetchone()[0]:
                raise CommandError("Another check_sources is running. Let it finish.")
            try:
                yield
            finally:
                cursor.execute("select pg_advisory_unlock(hashtext(%s))", [_LOCK])

    def _line(self, report: Report) -> str:
        found = report.failure or ", ".join(
            [
                "gone" if report.is_gone else "there",
                *(f"{count} {state}" for state, count in sorted(report.states.items())),
                *(["new snapshot"] if report.is_stored else []),
            ]
        )
        return f"{report.article}  {report.url}  {found}"


def summary(reports: list[Report]) -> dict[str, int]:
    """How many articles were checked, failed and so on, and how many quotations are in each state."""
    states: Counter[str] = Counter()
    for report in reports:
        states.update(report.states)
    return {
        "checked": sum(not report.failure for report in reports),
        "gone_pages": sum(report.is_gone for report in reports),
        "snapshots": sum(report.is_stored for report in reports),
        "failed": sum(
            bool(report.failure) and not (report.is_put_off or report.is_refused) for report in reports
        ),
        "not_allowed": sum(report.is_refused for report in reports),
        "put_off": sum(report.is_put_off for report in reports),
        **{state: states[state] for state in ("same", "moved", "changed", "gone", "failing")},
    }
