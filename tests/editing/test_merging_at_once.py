"""Two reviewers merge the same two records at one moment, each into the other one."""

from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from events.editing import merging
from events.models import Attendance, Merge, Participant
from tests import factories

ROUNDS = 10


@pytest.mark.django_db(transaction=True)
def test_one_of_them_is_refused_and_nothing_is_lost():
    reviewer = factories.UserFactory(is_staff=True)
    reviewer.user_permissions.set(Permission.objects.filter(codename="publish_participant"))
    for _round in range(ROUNDS):
        pair = [factories.ParticipantFactory() for _ in range(2)]
        for one in pair:
            factories.AttendanceFactory(participant=one)
        barrier, outcomes = Barrier(2), []

        def work(kept, gone, barrier=barrier, outcomes=outcomes):
            try:
                barrier.wait(30)
                merging.merge(kept, gone, {}, reviewer, (1, 1))
                outcomes.append("merged")
            except merging.Refused:
                outcomes.append("refused")
            finally:
                connection.close()

        threads = [Thread(target=work, args=ends) for ends in (pair, pair[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["merged", "refused"]
        merge = Merge.objects.latest("pk")
        assert Attendance.objects.filter(participant=merge.kept).count() == 2
        assert Participant.objects.filter(merged_into=merge.kept).count() == 1
