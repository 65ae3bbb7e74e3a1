"""Whatever was done to a record and its rows, restoring a version gives what it held, row by row."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.editing import history
from events.editing.versions import restore
from events.models import Meeting, Participant, Version
from tests import factories

pytestmark = pytest.mark.django_db

TEXTS = ("Անի", "Анна", "Ani")
LANGUAGES = ("hy", "ru")
NOTES = ("", "by video link", "one day only")
PLACES = range(3)  # of a text, a language, a row, a person

names = st.lists(
    st.tuples(st.sampled_from(TEXTS), st.sampled_from(LANGUAGES), st.booleans()),
    max_size=4,
    unique_by=lambda name: name[:2],
).filter(lambda them: all(sum(is_preferred for _t, lang, is_preferred in them if lang == one) <= 1 for one in LANGUAGES))  # fmt: skip
offices = st.lists(
    st.tuples(st.sampled_from(("Minister", "President")), st.sampled_from(("", "2020/.."))), max_size=2
)
people = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(NOTES)), max_size=3, unique_by=lambda one: one[0]
)
topics = st.sets(st.sampled_from(PLACES))
# One state of a record is one version. Rows are kept as far as there are as many, so that they trade what they hold.
persons = st.lists(st.tuples(st.sampled_from(("Ann", "Anna")), names, offices), min_size=2, max_size=4)
meetings = st.lists(st.tuples(st.sampled_from(("Talks", "Visit")), people, topics), min_size=2, max_size=4)


def keep() -> None:
    with history.by():
        pass


def write(manager: Any, rows: list[dict[str, Any]]) -> None:
    """Have the rows be these: by new values in the old rows where there are some, told by numbers that trade places freely."""
    old = [row.pk for row in manager.order_by("pk")]
    manager.all().delete()
    owner = {manager.field.name: manager.instance}
    for place, fields in enumerate(rows):
        number = {"pk": old[place]} if place < len(old) else {}
        row = manager.model(**owner, **fields, **number)
        row.save(force_insert=True)


def check(record: Any, order: list[int], deleted: bool) -> None:
    """Restore the versions in the order given, one after another; each says what it said."""
    versions = list(Version.objects.of(record).order_by("number"))
    model, number = type(record), record.pk
    kept = ("version", "updated_at", "updated_by_id", "published_at")
    if deleted:
        record.delete()
        keep()
    for place in order:
        version = versions[place % len(versions)]
        stored = model.objects.filter(pk=number).first()
        restored = restore(version, None, opened=stored.version if stored else None)
        last = Version.objects.of(restored.record).first()
        assert (last.rows, restored.notes) == (version.rows, [])
        said = [
            {name: value for name, value in one.fields.items() if name not in kept} for one in (last, version)
        ]
        assert said[0] == said[1]


orders = st.lists(st.integers(0, 3), min_size=1, max_size=4)
relaxed = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])


@relaxed
@given(states=persons, order=orders, deleted=st.booleans())
def test_participants(states, order, deleted):
    with transaction.atomic():
        person = factories.ParticipantFactory(name="Ann", status="draft")
        for name, held, served in states:
            person.refresh_from_db()
            person.name = name
            person.save()
            write(
                person.names,
                [
                    {"text": text, "language": language, "preferred": preferred}
                    for text, language, preferred in held
                ],
            )
            write(person.tenures, [{"title": title, "period": period} for title, period in served])
            keep()
        check(Participant.objects.get(pk=person.pk), order, deleted)
        transaction.set_rollback(True)


@relaxed
@given(states=meetings, order=orders, deleted=st.booleans())
def test_meetings(states, order, deleted):
    with transaction.atomic():
        present = [factories.ParticipantFactory() for _place in PLACES]
        subjects = [factories.TopicFactory() for _place in PLACES]
        meeting = factories.MeetingFactory(title="Talks", status="draft")
        for title, there, about in states:
            meeting.refresh_from_db()
            meeting.title = title
            meeting.save()
            write(
                meeting.attendances, [{"participant": present[place], "note": note} for place, note in there]
            )
            meeting.topics.set([subjects[place] for place in about])
            keep()
        check(Meeting.objects.get(pk=meeting.pk), order, deleted)
        transaction.set_rollback(True)
