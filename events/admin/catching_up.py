"""A form that was refused catches up with the record: its fields, and the rows below it one by one."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.admin.conflicts import (
    CHOICE,
    DELETE,
    DIFFERS,
    Comparison,
    Difference,
    Marker,
    OpenedForm,
    is_carried,
    is_other,
    keep_chosen_rows,
    keep_opened,
    read,
    rows_not_decided,
    shown,
    take_stored,
    write,
)
from events.models import Status, Version


def catch_up(form: OpenedForm, inlines: Iterable[Any]) -> Comparison | None:
    """Bring a refused form and the rows below it up to the stored state; what both editors did, or None where nobody else did anything.

    `inlines` are the `InlineAdminFormSet`s of the page. Where nothing was saved by others, only the opened values are kept. A table in
    which the editor changed nothing is shown as it is stored. In the others a row that somebody else added is put in, one that they
    deleted is taken out, and one that both added stands there once.
    """
    if not form.is_bound:
        return None
    inlines = [inline for inline in inlines if inline.has_change_permission]
    forms_of_rows = [row for inline in inlines for row in inline.formset.initial_forms if row.instance.pk]
    data: Any = keep_chosen_rows(form.take_decided(form.data))
    for row in forms_of_rows:
        data = row.take_decided(data)
    orphans = [row for inline in inlines for row in inline.formset.initial_forms if row.instance.pk is None]
    is_undecided = bool(rows_not_decided(data)) or any(one.undecided for one in (form, *forms_of_rows))
    is_concerned = form.is_stale or is_undecided or orphans or any(row.is_stale for row in forms_of_rows)
    found = Comparison()
    if form.is_stale:
        found.theirs += _status_of(form)
    if form.is_stale or form.undecided:
        take_stored(form, data, found)
    keep_opened(form, data)
    for inline in inlines:
        _catch_up_rows(inline, data, found, form.is_stale)
    form.data = data
    return found if is_concerned else None


def _status_of(form: OpenedForm) -> list[Difference]:
    """The record's status, where somebody has moved it since the form was opened: no field of the form shows it."""
    record, number = form.instance, form.opened_number
    opened = Version.objects.at(record, number) if number else None
    if opened is None or opened.status in ("", record.status):
        return []
    was = str(Status(opened.status).label)
    return [
        Difference(
            capfirst(str(record._meta.get_field("status").verbose_name)),
            was,
            was,
            record.get_status_display(),
        )
    ]


def _catch_up_rows(inline: Any, data: QueryDict, found: Comparison, is_stale: bool) -> None:
    formset = inline.formset
    orphans = [row for row in formset.initial_forms if row.instance.pk is None]
    waiting = rows_not_decided(data)
    is_touched = _is_touched(formset)
    for row in formset.forms:
        # The values of a row that is to be deleted stay as they were opened, so that the page can say once more what was changed.
        if row.instance.pk and (is_stale or row.is_stale or row.undecided or row.prefix in waiting):
            if row.prefix in waiting or (is_stale and data.get(row.add_prefix(DELETE))):
                _compare_deleted(formset, row, data, found)
            else:
                take_stored(row, data, found, _row_label(formset, row))
            if is_stale:
                row._errors = ErrorDict()  # they are about what stood here before
        keep_opened(row, data)
    added = _rows_of_others(formset) if is_stale else []
    for row in added:
        label = f"{capfirst(formset.model._meta.verbose_name)} “{row.instance}”"
        found.theirs.append(Difference(label, None, "", _("added")))
    for row in orphans:
        label = _row_label(formset, row)
        if changes := _changes_of(row):
            found.both.append(Difference(label, None, changes, _("deleted")))
        else:
            found.theirs.append(Difference(label, None, "", _("deleted")))
    if (is_stale or orphans) and not is_touched:
        inline.formset = _again(formset)
        return
    for row in formset.forms:
        row.data = data
    formset.data = data
    if orphans or added:
        again = {row for row in formset.extra_forms if any(_says_no_more(row, other) for other in added)}
        numbered = _number_anew(formset, data, added, again)
        found.both = [replace(one, name=_renumbered(one.name, numbered)) for one in found.both]
        inline.formset = _again(formset, data=data)


def _again(formset: Any, **kwargs: Any) -> Any:
    return type(formset)(
        instance=formset.instance, prefix=formset.prefix, queryset=formset.queryset, **kwargs
    )


def _compare_deleted(formset: Any, row: Any, data: QueryDict, found: Comparison) -> None:
    """A row that the editor wants to delete: what somebody else has changed in it must be seen first."""
    theirs = []
    for name, one in row.fields.items():
        opened_key = row.add_initial_prefix(name)
        if not one.show_hidden_initial or not is_carried(row, name, one):
            continue
        stored = row.get_initial_for_field(one, name)
        if is_other(one, read(row.data, opened_key), stored):
            theirs.append(f"{row[name].label}: {shown(stored, one)}")
            write(data, row.add_prefix(name), one, stored)
    label = _row_label(formset, row)
    if theirs:
        key = row.add_prefix(DELETE)
        found.both.append(
            Difference(label, None, _("deleted"), "\n".join(theirs), key, str(Marker(0, "", "")))
        )
    else:
        found.mine.append(label)


def _is_touched(formset: Any) -> bool:
    return any(_is_row_touched(formset, row) for row in formset.forms if row.instance.pk or row.has_changed())


def _is_row_touched(formset: Any, row: Any) -> bool:
    """Whether the editor changed the row. Of one that is there no more only the opened values can tell."""
    if row in formset.initial_forms and row.instance.pk is None:
        return bool(_changes_of(row))
    return bool(set(row.changed_data) - {formset.model._meta.pk.name})


def _changes_of(row: Any) -> str:
    """What the editor changed in a row that is there no more, a field a line."""
    found = []
    for name, one in row.fields.items():
        values, opened = (read(row.data, key) for key in (row.add_prefix(name), row.add_initial_prefix(name)))
        if isinstance(one, forms.BooleanField):
            values, opened = (
                [str(bool(one.to_python(part[0] if part else "")))] for part in (values, opened)
            )
        if row.add_initial_prefix(name) in row.data and values != opened:
            found.append(
                f"{row[name].label}: {shown(values if len(values) > 1 else values[0] if values else '', one)}"
            )
    return "\n".join(found)


def _rows_of_others(formset: Any) -> list[Any]:
    """The stored rows that the form does not show, since somebody added them; each as a form."""
    opened = {row.instance.pk for row in formset.initial_forms}
    return [row for row in _again(formset).initial_forms if row.instance.pk not in opened]


def _says_no_more(row: Any, other: Any) -> bool:
    """Whether the editor typed a row that somebody else has added, too: all that it says stands in `other`, which is stored. A form
    that is sent twice has such rows."""
    typed = [name for name in row.changed_data if name in other.initial]
    for name in typed:
        one, sent = row.fields[name], read(row.data, row.add_prefix(name))
        stored = other.get_initial_for_field(one, name)
        cleaned = getattr(row, "cleaned_data", {}).get(name)  # of typed words: as the article prints them
        if is_other(one, sent, stored) and cleaned != stored:
            return False
    return bool(typed)


def _number_anew(formset: Any, data: QueryDict, added: list[Any], left_out: set[Any]) -> dict[str, str]:
    """Bring the rows in `data` into the order in which they are stored, with those that were added, without those that are there no
    more and those to be left out; the new prefixes by the old ones. What was chosen of them is decided, and is taken out."""
    opened = {row.instance.pk: row for row in formset.initial_forms if row.instance.pk}
    others = {row.instance.pk: row for row in added}
    stored = [row.pk for row in formset.get_queryset()]
    order = [opened.get(pk) or others[pk] for pk in stored if pk in opened or pk in others]
    typed = [row for row in formset.extra_forms if row not in left_out]
    places = {id(row): f"{formset.prefix}-{number}" for number, row in enumerate([*order, *typed])}
    prefixes = {row.prefix: places[id(row)] for row in [*opened.values(), *typed] if id(row) in places}
    moved: list[tuple[str, list[str]]] = []
    for key in list(data):
        beginning = next((one for one in ("initial-", CHOICE, DIFFERS) if key.startswith(one)), "")
        number, _dash, name = key.removeprefix(f"{beginning}{formset.prefix}-").partition("-")
        if key.startswith(f"{beginning}{formset.prefix}-") and number.isdecimal():
            values = data.pop(key)
            prefix = prefixes.get(f"{formset.prefix}-{number}")
            if prefix and beginning in ("", "initial-"):
                moved.append((f"{beginning}{prefix}-{name}", values))
    for key, values in moved:
        data.setlist(key, values)
    for row in added:
        for name, one in row.fields.items():
            value = row.get_initial_for_field(one, name)
            write(data, f"{places[id(row)]}-{name}", one, value)
            if one.show_hidden_initial:
                write(data, f"initial-{places[id(row)]}-{name}", one, value)
    data[f"{formset.prefix}-TOTAL_FORMS"] = str(len(places))
    data[f"{formset.prefix}-INITIAL_FORMS"] = str(len(order))
    return prefixes


def _renumbered(name: str, prefixes: dict[str, str]) -> str:
    """The name of a row's field after its row has got another number."""
    prefix, dash, last = name.rpartition("-")
    return f"{prefixes.get(prefix, prefix)}{dash}{last}"


def _row_label(formset: Any, row: Any) -> str:
    noun = capfirst(formset.model._meta.verbose_name)
    named = str(row.instance) if row.instance.pk else _opened_name(row)
    return f"{noun} “{named or _('row %d') % (formset.forms.index(row) + 1)}”"


def _opened_name(row: Any) -> str:
    """What a row that is there no more was called: its words, or the first relation that it had."""
    for name, one in row.fields.items():
        opened = read(row.data, row.add_initial_prefix(name))
        is_name = name == "exact" or isinstance(one, forms.ModelChoiceField) or type(one) is forms.CharField
        if is_name and opened and (words := shown(opened[0], one)):
            return words
    return ""
