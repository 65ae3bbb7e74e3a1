"""`manage.py find_duplicates`: compare all records of the archive, for the desk's list of possible duplicates."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events.editing import duplicates
from events.models.duplicate import NOUNS


class Command(BaseCommand):
    help = (
        "Look for records that may be one and the same, and keep the pairs for the desk. Nothing is merged."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "nouns",
            nargs="*",
            metavar="NOUN",
            help=f"Only these: {', '.join(NOUNS)}. All, where none is named.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = sorted(set(options["nouns"]) - set(NOUNS))
        if unknown:
            raise CommandError(
                f"No noun with duplicates: {', '.join(unknown)}. There are: {', '.join(NOUNS)}.", returncode=2
            )
        nouns = options["nouns"] or list(NOUNS)
        duplicates.search(nouns)
        for noun in nouns:
            self.stdout.write(f"{noun}: {duplicates.pairs(noun).count()} waiting")
