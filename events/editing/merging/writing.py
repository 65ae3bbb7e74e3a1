"""A plan, carried out: in an order in which the database's rules hold at each step."""

from typing import Any

from events.editing.merging import relations
from events.editing.merging.planning import Planner
from events.editing.merging.rows import Key, Row, Writer, model_of
from events.models import Attendance, Tenure

# What others are checked against stands first.
FIRST = (Tenure._meta.label_lower,)
LAST = (Attendance._meta.label_lower,)


def write(planner: Planner, writer: Writer) -> None:
    """Write all rows that the plan changes. Raises `django.db.IntegrityError` where the database refuses one."""
    changed = {
        key: difference for key, row in planner.planned.items() if (difference := _changes(planner, key, row))
    }
    released = _release(planner, writer, changed)
    for key, into in sorted(planner.folded.items()):
        writer.delete(model_of(key[0]), planner.before[key], into)
    taken = _step_down(planner, writer, changed)
    root = planner.model._meta.label_lower, planner.kept.pk

    def order(key: Key) -> tuple[Any, ...]:
        return key != root, key[0] not in FIRST, key[0] in LAST, key[0], *_kind(changed[key][1]), key[1]

    for key in sorted(changed, key=order):
        old, new = changed[key]
        if key in released:
            old = {**old, "tenure_id": None}
            new = {**new, "tenure_id": planner.planned[key]["tenure_id"]}
        writer.update(model_of(key[0]), key[1], old, new)
    for key, (old, new) in taken.items():
        writer.update(model_of(key[0]), key[1], old, new)
    for model, row in planner.inserted:
        writer.insert(model, row)
    writer.flush()


def _changes(planner: Planner, key: Key, row: Row) -> tuple[Row, Row] | None:
    """The columns of a row that stays, as they are and as they will be."""
    before = planner.before[key]
    names = {name for name in row if row[name] != before[name]}
    if not names or key in planner.folded:
        return None
    if relations.is_passage(model_of(key[0])) and names & relations.PLACE:
        names |= relations.PLACE - {"article_id"}  # undoing looks whether these are still the same words
    return {name: before[name] for name in names}, {name: row[name] for name in names}


def _kind(new: Row) -> list[str]:
    return [",".join(sorted(new))]  # rows that change alike are written at once


def _release(planner: Planner, writer: Writer, changed: dict[Key, Any]) -> set[Key]:
    """Take the offices off the attendances that move: neither can go first, since an office there is one of the participant's own."""
    moving = {
        key
        for key in changed
        if key[0] == Attendance._meta.label_lower
        and "participant_id" in changed[key][1]
        and planner.before[key]["tenure_id"] is not None
    }
    for key in sorted(moving):
        writer.update(
            Attendance, key[1], {"tenure_id": planner.before[key]["tenure_id"]}, {"tenure_id": None}
        )
        changed[key][0].pop("tenure_id", None)
    return moving


def _step_down(planner: Planner, writer: Writer, changed: dict[Key, Any]) -> dict[Key, tuple[Row, Row]]:
    """Mark the records that live on in others, which gives free what only one may have; what they take in exchange comes later."""
    later = {}
    for key in sorted(planner.merged, key=lambda key: (key[1] != planner.gone.pk, key)):
        old, new = changed.pop(key)
        model = model_of(key[0])
        swapped = [
            field.column
            for field in model._meta.concrete_fields
            if field.unique and field.column in new and not field.primary_key
        ]
        if swapped:
            later[key] = dict.fromkeys(swapped, f"#{key[1]}"), {name: new[name] for name in swapped}
            new = {**new, **later[key][0]}
        writer.update(model, key[1], old, new)
    return later
