"""Two editors who change one record at random: each change of one alone is kept, each that meets another one is asked, and nothing else."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.models import Meeting
from tests import factories
from tests.admin.desk import rows, shown
from tests.admin.test_conflicts import Opened

pytestmark = pytest.mark.django_db

EXAMPLES = settings(max_examples=20, suppress_health_check=list(HealthCheck))
ROWS = ("Ann", "Ben", "Cem")
GUESTS = ("Dan", "Eve")
FIELDS = {"title": "Title", "summary": "Summary", "state": "State", "held_on": "Date"}
VALUES = {
    "title": ("Talks", "Summit", "Visit"),
    "summary": ("", "They met.", "They parted."),
    "state": ("held", "cancelled", "postponed"),
    "held_on": ("2023", "2024-05", ""),
}
KEPT, DELETED = "kept", "deleted"

# What one editor makes of the record: fields, rows (kept, deleted, or the note that they get), and guests to add.
work = st.fixed_dictionaries(
    {
        "fields": st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}),
        "rows": st.tuples(*(st.sampled_from((KEPT, KEPT, DELETED, "early", "late")) for _row in ROWS)),
        "guests": st.sets(st.sampled_from(GUESTS), max_size=2),
    }
)


def typed(opened: Opened, said: dict[str, Any], guests: dict[str, Any]) -> dict[str, Any]:
    """What the editor sends besides what the form shows."""
    new = [{"participant": guests[name].pk} for name in sorted(said["guests"])]
    data = rows("attendances", shown(opened.response), *new) if new else {}
    data |= said["fields"]
    for number, row in enumerate(said["rows"]):
        if row == DELETED:
            data[f"attendances-{number}-DELETE"] = "on"
        elif row != KEPT:
            data[f"attendances-{number}-note"] = row
    return data


def expected(mine: Any, theirs: Any, side: str) -> tuple[set[str], dict[str, str], dict[str, str]]:
    """What has to be asked, and the fields and notes by row that are stored where `side` is chosen for all of it."""
    asked, fields, notes = set(), {}, {}
    for name, (opened, *_others) in VALUES.items():
        ours, others = mine["fields"][name], theirs["fields"][name]
        if opened not in (ours, others) and ours != others:
            asked.add(FIELDS[name])
            fields[name] = ours if side == "mine" else others
        else:
            fields[name] = others if ours == opened else ours
    for name, ours, others in zip(ROWS, mine["rows"], theirs["rows"], strict=True):
        if others == DELETED or (ours == DELETED and others == KEPT):
            continue
        if ours == DELETED:
            asked.add(f"Attendance “{name}”")
            if side == "theirs":
                notes[name] = others
        elif KEPT not in (ours, others) and ours != others:
            asked.add(f"Attendance “{name}”: Note")
            notes[name] = ours if side == "mine" else others
        else:
            changed = [one for one in (ours, others) if one != KEPT]
            notes[name] = changed[0] if changed else ""
    return asked, fields, notes | dict.fromkeys(mine["guests"] | theirs["guests"], "")


@EXAMPLES
@given(mine=work, theirs=work, side=st.sampled_from(("mine", "theirs")))
def test_what_one_alone_changed_is_kept_and_what_both_changed_is_asked(editor, mine, theirs, side):
    with transaction.atomic():
        meeting = factories.MeetingFactory(
            status="draft", **{name: values[0] for name, values in VALUES.items()}
        )
        for position, name in enumerate(ROWS, 1):
            person = factories.ParticipantFactory(name=name)
            factories.AttendanceFactory(meeting=meeting, participant=person, position=position)
        guests = {name: factories.ParticipantFactory(name=name) for name in GUESTS}
        my_form, their_form = Opened(editor, meeting), Opened(editor, meeting)
        assert their_form.save(**typed(their_form, theirs, guests)) is True
        found = my_form.save(**typed(my_form, mine, guests))
        assert found is not True
        asked, fields, notes = expected(mine, theirs, side)
        assert {one.label for one in found if one.name} == asked
        assert my_form.choose(*[side] * len(asked)) is True
        stored = Meeting.objects.get(pk=meeting.pk)
        assert {name: getattr(stored, name) for name in FIELDS} == fields
        assert {str(row): row.note for row in stored.attendances.all()} == notes
        transaction.set_rollback(True)
