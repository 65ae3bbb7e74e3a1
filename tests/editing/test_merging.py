import pytest
from django.db import connection

from events.editing import merging
from events.models import *
from tests import factories

pytestmark = pytest.mark.django_db

@pytest.fixture
def reviewer():
    from tests.admin.desk import staff
    return staff("Reviewer")

def test_people(reviewer):
    one = factories.ParticipantFactory(name="Ilham Aliyev")
    two = factories.ParticipantFactory(name="İlham Əliyev", description="x")
    m = factories.MeetingFactory()
    m2 = factories.MeetingFactory()
    t1 = factories.TenureFactory(person=one, title="P"); t2 = factories.TenureFactory(person=two, title="P"); t3 = factories.TenureFactory(person=two, title="Q")
    factories.AttendanceFactory(meeting=m, participant=one, tenure=t1)
    factories.AttendanceFactory(meeting=m, participant=two, role="host", tenure=t2)
    a=factories.AttendanceFactory(meeting=m2, participant=two, role="host", tenure=t3)
    q=factories.QuotationFactory(speaker=two, reported_by=one)
    plan = merging.plan(one, two)
    print(plan)
    made = merging.merge(one, two, {}, reviewer, plan.versions, "same", plan.digest)
    import json; print(json.dumps(made.journal, indent=1))
    print(list(Name.objects.values()), list(Attendance.objects.values()))
    print(merging.undo(made, reviewer))
    assert 0
