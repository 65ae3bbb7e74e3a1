"""`manage.py load_sample`: the sample archive, as often as you like."""

from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from events.editing import history, importers
from events.models import Change, Meeting


class Command(BaseCommand):
    help = "Load the sample archive from sample/, published. Records that are there already are left as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="Do nothing where the archive holds any meeting."
        )

    @history.by(via=Change.Via.COMMAND, comment="manage.py load_sample")
    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and Meeting.objects.exists():
            self.stdout.write("The archive holds records already: the sample is not loaded.")
            return
        try:
            created = importers.load_tables(settings.BASE_DIR / "sample")
        except importers.ImportRefused as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from None
        if not created:
            self.stdout.write("Nothing new: every record of the sample is there already.")
            return
        counts = ", ".join(
            f"{count} {apps.get_model('events', noun)._meta.verbose_name_plural if count != 1 else noun}"
            for noun, count in created.items()
        )
        self.stdout.write(f"Loaded {counts}.")
