"""Versions of records: what differs between two of them, in an editor's words, and how one is restored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events import anchoring, differences
from events.editing import history
from events.models import Article, Change, Coverage, Status, Tenure, Version
from events.models.base import Passage, Record
from events.models.fields import DerivedField, TextField
from events.models.history import instance_of

# What says who wrote when, and not what the record says; and what follows from other columns.
_PASSING = frozenset(
    "id version created_at created_by updated_at updated_by published_at import_key start end prefix suffix".split()
)
# What a restored record keeps: where it stands on its way to readers is decided by people, not by a version.
STAYS = frozenset({"status", "withdrawal_reason", "merged_into"})
# Fields in the language that the row says; all others are the archive's own words.
_PRINTED = frozenset({"exact", "text", "title"})
_KEPT = _PASSING - {"start", "end", "prefix", "suffix"} | STAYS


@dataclass(frozen=True)
class Difference:
    """What differs between two versions: a field (`row` is ""), or a field of a row, or a row that is there in one of them only.

    Long texts come as `pieces`, the changed words with a little of what stands around them. `name` is that of the field in the code,
    `lang` the language of words that a source prints.
    """

    label: str
    old: str
    new: str
    row: str = ""
    pieces: tuple[differences.Piece, ...] = ()
    name: str = ""
    lang: str = field(default="", compare=False)


@dataclass
class Restored:
    """A restored record, and in words what could not be restored with it."""

    record: Any
    notes: list[str] = field(default_factory=list)


def compare(pairs: Sequence[tuple[Version | None, Version]]) -> list[list[Difference]]:
    """For each pair what the second version has otherwise than the first; None in place of the first: all that the second has.

    Names of other records are those of today. One query for each noun that is named, however many pairs there are.
    """
    named = _Named(version for pair in pairs for version in pair if version is not None)
    return [list(_differences(old, new, named)) for old, new in pairs]


@dataclass(frozen=True)
class Step:
    """What somebody did to a record: the version that they left, `told` as `step()` says, and the number of the one before."""

    version: Version
    told: str
    before: int


def since(record: Any, user: Any, most: int = 5) -> list[Step]:
    """What others did to the record after `user` changed it last, the latest first; nothing where `user` never did. One query."""
    own = Version.objects.of(record).filter(change__user=user).values("number")[:1]
    found = Version.objects.of(record).filter(number__gte=models.Subquery(own)).defer("data")
    rows = list(found.select_related("change")[: most + 1])
    return [
        Step(later, step(earlier.status, later.status), earlier.number) for later, earlier in pairwise(rows)
    ]


def step(before: str, after: str) -> str:
    """What was done to a record whose status was and is then this: "sent back to draft"; "" stands for one that is not there."""
    if not after:
        return _("deleted")
    if not before:
        return _("added")
    if before == after:
        return _("changed")
    if after == Status.DRAFT:
        return _("sent back to draft") if before == Status.REVIEW else _("taken back to draft")
    if after == Status.REVIEW:
        return _("sent to review")
    return _("published") if after == Status.PUBLISHED else _("withdrawn")


def last_public(record: Any) -> Version | None:
    """The version that readers saw last; None for what was never public. One query."""
    return Version.objects.of(record).filter(status=Status.PUBLISHED).first()


def newest(record: Any) -> Version:
    """The version that says what the record says now; its number may be lower than the record's. One query."""
    return Version.objects.of(record).latest("number")


def restore(version: Version, user: Any, *, comment: str = "", opened: int | None = None) -> Restored:
    """Give the record the fields and rows of `version` again, as a new version. Its status stays; a deleted record comes back as
    a draft, with its number.

    `opened` is the version that the person saw before: ValidationError, and no change, where it is not the stored one any more, or
    where a rule does not let the old content stand today. IntegrityError where only the database can tell.
    """
    if version.is_deletion:
        raise ValidationError(_("This version says that the record was deleted. Restore the one before it."))
    with transaction.atomic(), history.by(user, via=Change.Via.RESTORE, comment=comment):
        stored = version.model.objects.select_for_update(of=("self",)).filter(pk=version.record).first()
        if (stored.version if stored else None) != opened:
            raise ValidationError(
                _("Somebody changed this record meanwhile. Nothing was restored; look at it again."),
                code="conflict",
            )
        if stored is not None and stored.merged_into_id:
            raise ValidationError(_("This record was merged into another one. Take the merge back first."))
        restored = Restored(None)
        record = (
            _revived(version, restored, user) if stored is None else _changed(stored, version, restored, user)
        )
        restored.record = record
        for name, rows in version.rows.items():
            relation = getattr(record, name)
            if record._meta.get_field(name).many_to_many:
                _restore_chosen(relation, rows, restored)
            else:
                _restore_rows(relation, rows, restored)
        # Now, so that the new version is kept, and refused, here.
        connection.check_constraints()
        record.refresh_from_db()
        return restored


# Restoring


def _changed(record: Any, version: Version, restored: Restored, user: Any) -> Any:
    """The stored record with the fields of the version."""
    old = version.instance()
    for one in record._meta.concrete_fields:
        if one.name not in _KEPT and not isinstance(one, DerivedField):
            setattr(record, one.attname, getattr(old, one.attname))
    record.updated_by = user
    _drop_dead_ends(record, restored)
    _find_place(record, restored)
    record.full_clean(validate_constraints=False)  # the database says those, once
    record.save()
    return record


def _revived(version: Version, restored: Restored, user: Any) -> Any:
    """A deleted record, stored again under its number."""
    record = version.instance()
    record._state.adding = True
    record.status, record.merged_into_id, record.published_at = Status.DRAFT, None, None
    record.updated_by = user
    _drop_dead_ends(record, restored)
    _find_place(record, restored)
    record.full_clean(validate_constraints=False)  # the database says those, once
    record.updated_at = timezone.now()
    # Raw: an ordinary save would say that the record was created today.
    record.save_base(raw=True, force_insert=True)
    record.refresh_from_db()
    return record


def _restore_rows(manager: Any, rows: list[dict[str, Any]], restored: Restored) -> None:
    """Make the rows that belong to the record those of the version: numbers are kept, others are taken out."""
    there = {row.pk: row for row in manager.all()}
    wanted = {row["id"]: instance_of(manager.model, row) for row in rows}
    for number in there.keys() & wanted.keys():
        if _columns(there[number]) == _columns(wanted[number]):
            del there[number], wanted[number]
    # What one row gives up, another may take: a name, a participant. So those that changed are gone before they come back, except
    # rows that others lead to (offices), which hold nothing that is there once only.
    stays = wanted.keys() if manager.model._meta.related_objects else set()
    for number, row in there.items():
        if number not in stays:
            row.delete()
    left, moved = {number: row for number, row in there.items() if number in stays}, set()
    for number, row in list(wanted.items()):
        ends = _ends(row)
        if not _drop_dead_ends(row, restored, _row_label(row)):
            _take_out(number, wanted, left)
        elif _ends(row) != ends:
            moved.add(number)
    # What names a merged record comes after what names the one that it lives on in.
    for number, row in sorted(wanted.items(), key=lambda item: (item[0] in moved, item[0])):
        if number in moved and _is_said(row):
            restored.notes.append(_("%s is left out: two that it names are one now.") % _row_label(row))
            _take_out(number, wanted, left)
            continue
        _find_place(row, restored, _row_label(row))
        row._state.adding = number not in left
        row.save(force_insert=row._state.adding)


def _take_out(number: int, wanted: dict[int, Any], left: dict[int, Any]) -> None:
    del wanted[number]
    if number in left:
        left.pop(number).delete()


def _row_label(row: Any) -> str:
    return f"{capfirst(row._meta.verbose_name)} “{_title(row)}”"


def _columns(row: Any) -> list[Any]:
    return [getattr(row, one.attname) for one in row._meta.concrete_fields]


def _ends(row: Any) -> list[Any]:
    """The numbers of the records that a row names."""
    return [getattr(row, one.attname) for one in row._meta.concrete_fields if one.is_relation]


def _is_said(row: Any) -> bool:
    """Whether another row, which is stored, says what only one may."""
    for rule in row._meta.constraints:
        if isinstance(rule, models.UniqueConstraint):
            try:
                rule.validate(type(row), row)
            except ValidationError:
                return True
    return False


def _restore_chosen(manager: Any, numbers: list[int], restored: Restored) -> None:
    found = _lives_on(manager.model, numbers)
    for number in numbers:
        if number not in found:
            restored.notes.append(
                _("Left out: %(noun)s %(number)s, which is there no more.")
                % {"noun": manager.model._meta.verbose_name, "number": number}
            )
    manager.set(set(found.values()))


def _lives_on(model: Any, numbers: Iterable[int]) -> dict[int, int]:
    """Those of the numbers that are there, each with that of the record that it was merged into, else its own. One query."""
    is_record = issubclass(model, Record)
    names = ("pk", "merged_into" if is_record else "pk")
    rows = model._default_manager.filter(pk__in=numbers).values_list(*names)
    return {number: into or number for number, into in rows}


def _drop_dead_ends(row: Any, restored: Restored, label: str = "") -> bool:
    """Empty the fields that name what was deleted since, and let those that name what was merged name what it lives on in. False, with a
    note, where a row cannot be without one of them; ValidationError where the record itself cannot."""
    for one in row._meta.concrete_fields:
        number = getattr(row, one.attname)
        if not isinstance(one, models.ForeignKey) or number is None:
            continue
        found = _lives_on(one.related_model, [number])
        if number in found:
            is_itself = found[number] == row.pk and one.related_model is type(row)
            setattr(row, one.attname, None if is_itself else found[number])
            continue
        values = {"row": label, "field": one.verbose_name, "number": number}
        if one.null:
            setattr(row, one.attname, None)
            if one.name not in ("created_by", "updated_by"):
                restored.notes.append(
                    (_("%(row)s: " if label else "") % values)
                    + _("“%(field)s” is left empty: number %(number)s is there no more.") % values
                )
        elif label:
            restored.notes.append(_("%(row)s is left out: its %(field)s is there no more.") % values)
            return False
        else:
            raise ValidationError(
                _("Its %(field)s, number %(number)s, is there no more: restore it first.") % values
            )
    return True


def _find_place(row: Any, restored: Restored, label: str = "") -> None:
    """Passages stand where the article's text of today has their words: there, or nowhere."""
    if not issubclass(type(row), Passage) or not row.exact:
        return
    text = row.article.text
    selector = row.selector
    if text and selector is not None and anchoring.select(text, selector.start, selector.end) == selector:
        return
    row.release()
    if row.follow("", text):
        return
    if isinstance(row, Coverage):
        row.exact = ""
        restored.notes.append(_("%(row)s: its words do not stand in the article any more.") % {"row": label})
    elif row.status != Status.WITHDRAWN:
        raise ValidationError(
            _(
                "The words of this version do not stand in the text of the article any more. Restore the article’s text first."
            )
        )


# Comparing


class _Named:
    """The names of the records that some versions mention, each noun read once."""

    def __init__(self, versions: Iterable[Version]) -> None:
        numbers: dict[Any, set[int]] = {}
        for version in versions:
            model = version.model
            _collect(model, version.fields, numbers)
            for name, rows in version.rows.items():
                relation = model._meta.get_field(name)
                if relation.many_to_many:
                    numbers.setdefault(relation.related_model, set()).update(rows)
                else:
                    for row in rows:
                        _collect(relation.related_model, row, numbers)
        self.names: dict[tuple[Any, int], str] = {}
        for model, wanted in numbers.items():
            for one in _rows_to_name(model).filter(pk__in=wanted):
                self.names[model, one.pk] = str(one)

    def __call__(self, model: Any, number: int) -> str:
        return self.names.get((model, number)) or _("number %s, deleted since") % number


def _rows_to_name(model: Any) -> Any:
    rows = model._default_manager.all()
    if model is Article:
        return rows.defer("text")
    return rows.select_related("person") if model is Tenure else rows


def _collect(model: Any, columns: dict[str, Any], numbers: dict[Any, set[int]]) -> None:
    for one in _fields(model):
        if isinstance(one, models.ForeignKey) and columns.get(one.attname) is not None:
            numbers.setdefault(one.related_model, set()).add(columns[one.attname])


def _fields(model: Any) -> list[Any]:
    """The fields in which versions are compared."""
    return [
        one
        for one in model._meta.concrete_fields
        if one.name not in _PASSING and not isinstance(one, DerivedField)
    ]


def _differences(old: Version | None, new: Version, named: _Named) -> Iterable[Difference]:
    before = old.fields if old else {}
    if new.is_deletion:
        return
    yield from _of_fields(new.model, before, new.fields, named)
    for name, rows in new.rows.items():
        relation = new.model._meta.get_field(name)
        former = old.rows.get(name, []) if old else []
        if relation.many_to_many:
            if former != rows:
                model = relation.related_model
                were, are = (
                    "; ".join(sorted(named(model, number) for number in numbers))
                    for numbers in (former, rows)
                )
                yield Difference(capfirst(str(relation.verbose_name)), were, are)
        else:
            yield from _of_rows(relation, former, rows, named)


def _of_rows(
    relation: Any, former: list[dict[str, Any]], rows: list[dict[str, Any]], named: _Named
) -> Iterable[Difference]:
    model, owner = relation.related_model, relation.field.name
    before = {row["id"]: row for row in former}
    after = {row["id"]: row for row in rows}
    for number, row in {**before, **after}.items():
        title = f"{capfirst(str(model._meta.verbose_name))} “{_row_title(model, owner, row, named)}”"
        if number not in after:
            yield Difference(title, _summary(model, owner, row, named), "", row=_("taken out"))
        elif number not in before:
            yield Difference(title, "", _summary(model, owner, row, named), row=_("added"))
        else:
            for one in _of_fields(model, before[number], row, named, owner):
                yield Difference(one.label, one.old, one.new, row=title, pieces=one.pieces, lang=one.lang)


def _of_fields(
    model: Any, old: dict[str, Any], new: dict[str, Any], named: _Named, owner: str = ""
) -> Iterable[Difference]:
    for one in _fields(model):
        if one.name == owner or one.attname not in new:
            continue
        before, after = old.get(one.attname), new[one.attname]
        if before == after or (not old and after in (None, "", [], one.get_default())):
            continue
        said = _shown(one, before, named), _shown(one, after, named)
        pieces: list[differences.Piece] = []
        if isinstance(one, TextField) and before and after:
            pieces = differences.difference(before, after)
        lang = (new.get("language") or "") if one.name in _PRINTED else ""
        yield Difference(
            capfirst(str(one.verbose_name)), *said, pieces=tuple(pieces), name=one.name, lang=lang
        )
    if issubclass(model, Passage) and old.get("exact") == new.get("exact"):
        was, now = _place(old), _place(new)
        if old and was != now:
            yield Difference(_("Place in the text"), was, now)


def _place(columns: dict[str, Any]) -> str:
    return f"{columns['start']}–{columns['end']}" if columns.get("start") is not None else ""


def _shown(one: Any, value: Any, named: _Named) -> str:
    """A column's value in the words that a form shows."""
    if value is None or value == "":
        return ""
    if isinstance(one, models.ForeignKey):
        return named(one.related_model, value)
    if isinstance(one, models.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(one, ArrayField):
        return "; ".join(map(str, value))
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    return str(value)


def _row_title(model: Any, owner: str, row: dict[str, Any], named: _Named) -> str:
    """What a row of the record is called: the record that it names first, or its own words."""
    for one in _fields(model):
        if isinstance(one, models.ForeignKey) and one.name != owner and not one.null:
            return named(one.related_model, row[one.attname])
    return str(row.get("text") or row.get("title") or row["id"])


def _summary(model: Any, owner: str, row: dict[str, Any], named: _Named) -> str:
    """A row that is there in one version only, in a line."""
    said = []
    for one in _fields(model):
        value = row.get(one.attname)
        if one.name != owner and value not in (None, "", [], False):
            said.append(f"{one.verbose_name}: {_shown(one, value, named)}")
    return "; ".join(said)


def _title(row: Any) -> str:
    """A row to be restored, in words; what it names may be there no more."""
    try:
        return str(row)
    except models.ObjectDoesNotExist:
        return str(row.pk)
