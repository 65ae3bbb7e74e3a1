"""Two processes, as two workers of the server are, save one record at the same moment, again and again: nothing is lost."""

import multiprocessing
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from events.models import Meeting, Version
from tests import factories, writers

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 1000
ROUNDS_OF_FORMS = 20


def run_both(work: Any, record: int, rounds: int) -> dict[str, int]:
    """Do the work in two processes that wait for each other in each round; what each answers."""
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(2), context.Queue()
    database = connection.settings_dict["NAME"]
    processes = [
        context.Process(target=work, args=(database, barrier, answers, me, record, rounds), daemon=True)
        for me in "ab"
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    ends = [process.exitcode for process in processes]
    for process in processes:
        process.kill()
        process.join()
        process.close()
    assert ends == [0, 0]
    found = dict(answers.get() for _process in processes)
    answers.close()
    answers.join_thread()
    return found


def numbers_of_versions(meeting: Meeting) -> list[int]:
    return [version.number for version in Version.objects.of(meeting).order_by("number")]


def marks(rounds: int) -> set[str]:
    return {f"{me}{number}" for me in "ab" for number in range(rounds)}


def test_a_thousand_rounds_of_saves_lose_nothing():
    meeting = factories.MeetingFactory(status="draft")
    refused = run_both(writers.save_by_the_model, meeting.pk, ROUNDS)
    meeting.refresh_from_db()
    words = [*meeting.summary.split(), *meeting.withdrawal_reason.split()]
    assert (set(words), len(words), meeting.version) == (marks(ROUNDS), 2 * ROUNDS, 1 + 2 * ROUNDS)
    assert numbers_of_versions(meeting) == list(range(1, 2 + 2 * ROUNDS))
    # Both had read the same version: in each round one of them was refused.
    assert sum(refused.values()) == ROUNDS


def test_forms_that_are_sent_at_once_lose_nothing():
    for name in "ab":
        user = factories.UserFactory(username=name, is_staff=True)
        user.user_permissions.set(Permission.objects.filter(content_type__app_label="events"))
    meeting = factories.MeetingFactory(status="draft")
    refused = run_both(writers.save_by_the_form, meeting.pk, ROUNDS_OF_FORMS)
    meeting.refresh_from_db()
    words = meeting.summary.split()
    assert (set(words), len(words)) == (marks(ROUNDS_OF_FORMS), 2 * ROUNDS_OF_FORMS)
    assert numbers_of_versions(meeting) == list(range(1, 2 + 2 * ROUNDS_OF_FORMS))
    assert sum(refused.values()) == ROUNDS_OF_FORMS
