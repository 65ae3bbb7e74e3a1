"""When somebody else saved a record while its form was open: nothing is stored, and the form catches up with the record.

A form carries the values that it was opened with (Django's hidden initial values). After a refused save, a field that the
editor has not touched takes the stored value, one that was touched keeps the editor's, and a table shows what both have changed.
What the next save would store is then what the form shows, and nothing of the other editor is lost unseen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.models.fields import digest

OPENED_VERSION = "opened_version"


@dataclass(frozen=True)
class Difference:
    """A field that both changed since the form was opened, in the words that the form shows."""

    label: str
    mine: str
    stored: str


class DigestInput(forms.HiddenInput):
    """Remembers a long text by its digest."""

    def format_value(self, value: Any) -> str:
        return digest(str(value or "").replace("\r\n", "\n"))


class LongTextField(forms.CharField):
    """A text, blanks at its ends included. The form remembers what it was opened with by a digest alone."""

    hidden_widget = DigestInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "strip": False})

    def has_changed(self, initial: Any, data: Any) -> bool:
        sent = str(data or "").replace("\r\n", "\n")
        return str(initial or "") not in (sent, digest(sent))


class OpenedForm(forms.ModelForm):
    """A form that knows what it was opened with. `is_stale` says that the record has changed since."""

    is_stale = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name, field in self.fields.items():
                field.show_hidden_initial = name != OPENED_VERSION

    def check_version(self) -> bool:
        """Whether the form was opened with the version that is stored; else it is stale."""
        opened = self.cleaned_data.get(OPENED_VERSION)
        self.is_stale = bool(self.instance.pk) and opened != self.instance.version
        return not self.is_stale


def catch_up(form: OpenedForm, inlines: Iterable[Any]) -> list[Difference]:
    """Bring a stale form and the rows below it up to the stored state; what both editors changed.

    `inlines` are the `InlineAdminFormSet`s of the page. A table in which the editor changed nothing is shown as it is stored; a row
    that somebody else deleted is marked for deletion.
    """
    if not form.is_bound:
        return []
    data: QueryDict = QueryDict(mutable=True)
    data.update(form.data)
    found = _take_stored(form, data) if form.is_stale else []
    for inline in inlines:
        formset = inline.formset
        if form.is_stale and not _is_touched(formset):
            inline.formset = type(formset)(
                instance=formset.instance, prefix=formset.prefix, queryset=formset.queryset
            )
            continue
        for row in formset.forms:
            if form.is_stale and _is_orphan(formset, row):
                found.append(Difference(_row_label(formset, row), _("changed by you"), _("deleted")))
                data[row.add_prefix(DELETION_FIELD_NAME)] = "on"
                row._errors = None
            elif row.instance.pk and (form.is_stale or row.is_stale):
                found += _take_stored(row, data, _row_label(formset, row))
            row.data = data
        # The page pairs rows with records by their order.
        formset._queryset = [row.instance for row in formset.initial_forms]
        formset.data = data
    form.data = data
    return found


def _take_stored(form: OpenedForm, data: QueryDict, row: str = "") -> list[Difference]:
    found = []
    for name, field in form.fields.items():
        if name == OPENED_VERSION:
            data[form.add_prefix(name)] = str(form.instance.version)
        if not field.show_hidden_initial:
            continue
        stored = form.get_initial_for_field(field, name)
        if name in form.changed_data:
            opened = field.hidden_widget().value_from_datadict(
                data, form.files, form.add_initial_prefix(name)
            )
            mine, theirs = shown(form[name].value(), field), shown(stored, field)
            is_digest = isinstance(field, LongTextField)
            they_changed = field.has_changed(opened, stored) if is_digest else shown(opened, field) != theirs
            if they_changed and mine != theirs:
                label = str(form[name].label)
                found.append(Difference(f"{row}: {label}" if row else label, mine, theirs))
        else:
            _write(data, form.add_prefix(name), field, stored)
        hidden: Any = field.hidden_widget()
        remembered = hidden.format_value(stored) if isinstance(hidden, DigestInput) else stored
        _write(data, form.add_initial_prefix(name), field, remembered)
    return found


def _write(data: QueryDict, name: str, field: forms.Field, value: Any) -> None:
    """Put a value where a browser would send it."""
    prepared = field.prepare_value(value)
    if isinstance(prepared, list | tuple):
        data.setlist(name, [str(one) for one in prepared])
    elif isinstance(field, forms.BooleanField) and not prepared:
        data.pop(name, None)
    else:
        data[name] = "" if prepared is None else str(prepared)


def _is_touched(formset: Any) -> bool:
    return any(
        bool(set(row.changed_data) - {formset.model._meta.pk.name}) and not _is_orphan(formset, row)
        for row in formset.forms
    )


def _is_orphan(formset: Any, row: Any) -> bool:
    """Whether the record of a row that was opened is there no more."""
    return row.instance.pk is None and row in formset.initial_forms


def _row_label(formset: Any, row: Any) -> str:
    named = str(row.instance) if row.instance.pk else _("row %d") % (formset.forms.index(row) + 1)
    return f"{capfirst(formset.model._meta.verbose_name)} “{named}”"


def shown(value: Any, field: Any) -> str:
    """A form's value in the words that its widget shows."""
    if isinstance(field, forms.ModelChoiceField):
        known: Any = field.queryset
        numbers = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
        numbers = [str(getattr(one, "pk", one)) for one in numbers if one]
        rows = known.filter(pk__in=[number for number in numbers if number.isdecimal()])
        return ", ".join(map(str, rows))
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ChoiceField):
        options: Any = field.choices
        return str(dict(options).get(value, value or ""))
    prepared = field.prepare_value(value)
    return "" if prepared is None else str(prepared).replace("\r\n", "\n")
