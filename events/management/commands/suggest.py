"""`manage.py suggest`: what the archive would propose about press texts; nothing is stored."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from events import anchoring, codes, dates
from events.editing import suggestions
from events.models import Name

_TEXTS = (".txt", ".text", ".md")


class Command(BaseCommand):
    help = (
        "Print what the archive proposes about a press text, or about each text of a folder. Stores nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source", metavar="FILE_OR_FOLDER", help="A text file in UTF-8, or a folder of such files (.txt)."
        )
        parser.add_argument(
            "--language",
            default="",
            help="The language as a BCP 47 code: fr, en, ru. Default: told by the words.",
        )
        parser.add_argument(
            "--published",
            default="",
            help="The day of publication, from which “Monday” is reckoned: 2023-02-28.",
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help="Print one JSON object; for a folder one a line, with the file's name.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._check(options)
        self.ask = Name._meta.db_table in connection.introspection.table_names()
        if not self.ask:
            self.stderr.write(
                "The archive has no tables yet (manage.py migrate makes them): by the text alone."
            )
        source = Path(options["source"])
        if source.is_dir():
            files = sorted(
                path for path in source.iterdir() if path.suffix.lower() in _TEXTS and path.is_file()
            )
            if not files:
                raise CommandError(f"{source} holds no text files (.txt).")
            failed = 0
            for path in files:
                failed += not self._print(path, options, named=True)
            if failed:
                raise CommandError(f"{failed} of {len(files)} files could not be read.")
            return
        if not source.is_file():
            raise CommandError(f"There is no file or folder {source}.")
        if not self._print(source, options, named=False):
            raise CommandError(f"{source} could not be read.")

    def _check(self, options: dict[str, Any]) -> None:
        try:
            if options["language"]:
                options["language"] = codes.language_tag(options["language"])
            if options["published"]:
                options["published"] = dates.parse(options["published"]).text
        except codes.CodeError as error:
            raise CommandError(f"--language: {error}") from None
        except dates.DateError as error:
            raise CommandError(f"--published: {error}") from None

    def _print(self, path: Path, options: dict[str, Any], named: bool) -> bool:
        """False, with a line on standard error, where the file is no text; the others are read all the same."""
        try:
            text = anchoring.decode(path.read_bytes())
        except (OSError, anchoring.TextError) as error:
            self.stderr.write(f"{path}: {error}")
            return False
        found = suggestions.suggest(text, options["language"], options["published"], self.ask)
        if options["json"]:
            row = {"file": path.name, **found.as_json()} if named else found.as_json()
            self.stdout.write(json.dumps(row, ensure_ascii=False))
            return True
        self._report(path, found)
        return True

    def _report(self, path: Path, found: suggestions.Suggestions) -> None:
        self.stdout.write(f"{path.name} ({found.language or 'language not known'})")
        for quotation in found.quotations:
            self.stdout.write(
                f"  quotation   {quotation.start}–{quotation.end}  {quotation.speaker or 'nobody named'}: {_shortened(quotation.text)}"
            )
        for one in found.participants:
            known = (
                f"no. {one.id}"
                if one.id
                else f"new{', or one of ' + str(len(one.candidates)) if one.candidates else ''}"
            )
            self.stdout.write(f"  participant {one.start}–{one.end}  {one.name} ({known})")
        for place in found.places:
            self.stdout.write(
                f"  place       {place.start}–{place.end}  {place.name} ({f'no. {place.id}' if place.id else 'new'})"
            )
        for day in found.dates:
            self.stdout.write(f"  date        {day.start}–{day.end}  {day.text}: {day.date}")
        for meeting in found.meetings:
            known = f"no. {meeting.id}" if meeting.id else "new"
            self.stdout.write(
                f"  meeting     {meeting.start}–{meeting.end}  {meeting.title}, {meeting.date or 'day not known'} ({known})"
            )


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else line[:89] + "…"
