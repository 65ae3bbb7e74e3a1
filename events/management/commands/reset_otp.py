"""`manage.py reset_otp anna`: somebody has lost the device that makes their codes."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django_otp import devices_for_user


class Command(BaseCommand):
    help = (
        "Take the device of the second factor and the back-up codes off an account. Sessions that were signed in with them end,"
        " and the next sign-in asks for a new device where one is required."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="The name that the person signs in with.")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["username"]
        if "\0" in name:
            raise CommandError("A name holds no NUL.")
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account “{name}”.")
        with transaction.atomic():
            taken = [device.delete() for device in devices_for_user(user, confirmed=None, for_verify=True)]
        self.stdout.write(
            f"“{name}” has no second factor any more." if taken else f"“{name}” had no second factor."
        )
