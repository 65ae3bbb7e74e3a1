import pytest
from django.db import IntegrityError, transaction

from events.models import Attendance
from events.models.base import rule_broken_by
from tests import factories

pytestmark = pytest.mark.django_db


def refused(write) -> bool:
    """Whether the database refuses what `write` does, by the rule on offices."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return "An office at a meeting is one of the participant's own." in rule_broken_by(error.value)


def test_the_database_refuses_an_office_of_somebody_else():
    meeting = factories.MeetingFactory()
    ann, ben = factories.ParticipantFactory(name="Ann"), factories.ParticipantFactory(name="Ben")
    hers, his = factories.TenureFactory(person=ann), factories.TenureFactory(person=ben)
    assert refused(lambda: Attendance.objects.create(meeting=meeting, participant=ann, tenure=his))
    row = Attendance.objects.create(meeting=meeting, participant=ann, tenure=hers)
    rows = Attendance.objects.filter(pk=row.pk)
    assert refused(lambda: rows.update(tenure=his))
    assert refused(lambda: rows.update(participant=ben))
    assert refused(lambda: type(hers).objects.filter(pk=hers.pk).update(person=ben))
    type(his).objects.filter(pk=his.pk).update(person=ann)
    assert rows.update(tenure=his) == 1
