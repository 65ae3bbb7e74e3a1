"""`manage.py build_index`: build the index that lists of a large archive are answered from."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from events.reading import search
from events.reading.facets import storing


class Command(BaseCommand):
    help = (
        "Build the index that lists and their counts are answered from, and the list of the archive's words that spellings are suggested "
        "from, and delete notes of changes that it makes needless. Servers load it by themselves. A small archive needs the words only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="Only where a large archive has none of today's form, or much has changed since: for a timer.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_needed"] and not storing.is_needed():
            self.stdout.write("The index is fresh enough.")
            if storing.is_small():
                self.stdout.write(f"words: {search.renew_words()}")
            return
        begin = monotonic()
        built = False
        for noun, count, size in storing.build():
            built = True
            self.stdout.write(f"{noun}: {count} records, {size / 2**20:.1f} MiB, {monotonic() - begin:.1f} s")
            self.stdout.flush()
        if not built:
            self.stdout.write("Another process is building the index: nothing was done.")
            return
        self.stdout.write(f"words: {search.renew_words()}, {monotonic() - begin:.1f} s")
