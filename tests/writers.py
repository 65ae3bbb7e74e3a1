"""What a second and a third process do in tests/test_lost_updates.py, by the ways of tests/ways.py: each begins as a server's process does, with connections of its own.

Nothing of the archive is imported before Django is set up, which a fresh process has to do by itself.
"""

import os
from typing import Any

MISSES = 60  # saves in a row that may meet somebody else's before something is wrong


def set_up(database: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "caucasus.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    # As in tests/conftest.py: no collected files are needed.
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = True
    django.setup()
    # The pages' contexts, and the name under which a test's client asks.
    from django.test.utils import setup_test_environment

    setup_test_environment()


def save_by_the_model(database: str, barrier: Any, answers: Any, me: str, record: int, rounds: int) -> None:
    """In each round read the record when the other one does, and save it with one's own mark; read it anew where the other was
    faster. Marks of even rounds go to a field that both write, those of odd rounds to a field of one's own. Answers with the
    number of refused saves."""
    set_up(database)
    from django.db import IntegrityError

    from events.models import Meeting

    own = {"a": "summary", "b": "withdrawal_reason"}[me]
    refused = 0
    for number in range(rounds):
        field = own if number % 2 else "summary"
        barrier.wait(60)
        meeting = Meeting.objects.get(pk=record)
        barrier.wait(60)
        for _miss in range(MISSES):
            setattr(meeting, field, f"{getattr(meeting, field)} {me}{number}".strip())
            try:
                meeting.save()
                break
            except IntegrityError as error:
                if error.__cause__.diag.constraint_name != "record_version_current":
                    raise
                refused += 1
                meeting = Meeting.objects.get(pk=record)
        else:
            raise AssertionError("saved by nobody")
    answers.put((me, refused))


def go_all_ways(
    database: str, barrier: Any, answers: Any, me: str, records: dict[str, Any], rounds: int
) -> None:
    """In each round look at a record when the other one does, and then write it when they do, each by a way of their own. Answers
    with what was done: (mark, way, noun and number of the record, effect, whether it was stored)."""
    set_up(database)
    from random import Random

    from tests import ways

    desk = ways.Desk(me)
    done = []
    for number in range(rounds):
        desk.mark = f"{me}{number}"
        barrier.wait(120)
        way, (record, effect, write) = ways.choose(desk, me, Random(number), records)
        barrier.wait(120)
        done.append((desk.mark, way, record._meta.model_name, record.pk, effect, write()))
    answers.put((me, done))
