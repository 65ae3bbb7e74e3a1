"""What a second and a third process do in tests/test_lost_updates.py: each begins as a server's process does, with connections of its own.

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


def save_by_the_form(database: str, barrier: Any, answers: Any, me: str, record: int, rounds: int) -> None:
    """The same with the admin's form, sent as a browser sends it: on the page that shows both, the editor writes both marks."""
    set_up(database)
    from django.contrib.auth import get_user_model
    from django.test import Client

    from events.models import Meeting
    from tests.admin.desk import shown

    client = Client()
    client.force_login(get_user_model().objects.get(username=me))
    address = f"/admin/events/meeting/{record}/change/"
    refused = 0
    for number in range(rounds):
        mark = f"{me}{number}"
        barrier.wait(60)
        sent = shown(client.get(address))
        sent["summary"] = f"{sent['summary']} {mark}".strip()
        barrier.wait(60)
        for _miss in range(MISSES):
            answer = client.post(address, sent)
            if answer.status_code == 302:
                break
            refused += 1
            (conflict,) = answer.context["conflict"].both
            sent = {**shown(answer), "summary": f"{conflict.theirs} {mark}"}
        else:
            raise AssertionError("saved by nobody")
        assert mark in Meeting.objects.get(pk=record).summary.split()
    answers.put((me, refused))
