"""When somebody else saved a record while its form was open: nothing is stored, and the form catches up with the record.

A form carries the values that it was opened with (Django's hidden initial values). After a refused save, a field that the
editor has not touched takes the stored value, one that was touched keeps the editor's, and a table shows what both have changed.
What the next save would store is then what the form shows, and nothing of the other editor is lost unseen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
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
    """Bring a refused form and the rows below it up to the stored state; what both editors changed.

    `inlines` are the `InlineAdminFormSet`s of the page. Where nothing was saved by others, only the opened values are kept. A table in
    which the editor changed nothing is shown as it is stored; a row that somebody else deleted is taken out.
    """
    if not form.is_bound:
        return []
    data: QueryDict = QueryDict(mutable=True)
    data.update(form.data)
    found = _take_stored(form, data) if form.is_stale else []
    _keep_opened(form, data)
    for inline in inlines:
        formset = inline.formset
        orphans = [row for row in formset.initial_forms if row.instance.pk is None]
        if (form.is_stale or orphans) and not _is_touched(formset):
            inline.formset = _again(formset)
            continue
        for row in formset.forms:
            if row.instance.pk and (form.is_stale or row.is_stale):
                found += _take_stored(row, data, _row_label(formset, row))
                if form.is_stale:
                    row._errors = ErrorDict()  # they are about what stood here before
            _keep_opened(row, data)
            row.data = data
        if form.is_stale:
            found += _rows_of_others(formset)
        formset.data = data
        if orphans:
            found += [
                Difference(_row_label(formset, row), _("changed by you"), _("deleted"))
                for row in orphans
                if _is_row_touched(formset, row)
            ]
            _take_out(formset, orphans, data)
            inline.formset = _again(formset, data=data)
    form.data = data
    return found


def _again(formset: Any, **kwargs: Any) -> Any:
    return type(formset)(
        instance=formset.instance, prefix=formset.prefix, queryset=formset.queryset, **kwargs
    )


def _take_stored(form: OpenedForm, data: QueryDict, row: str = "") -> list[Difference]:
    """Put the stored values into `data` where the editor changed nothing; what both changed."""
    found = []
    for name, field in form.fields.items():
        if name == OPENED_VERSION:
            data[form.add_prefix(name)] = str(form.instance.version)
        if not field.show_hidden_initial:
            continue
        stored = form.get_initial_for_field(field, name)
        hidden: Any = field.hidden_widget()
        if name in form.changed_data:
            opened = hidden.value_from_datadict(form.data, form.files, form.add_initial_prefix(name))
            mine, theirs = shown(form[name].value(), field), shown(stored, field)
            if mine != theirs and _is_other(field, opened, stored):
                label = str(form[name].label)
                found.append(Difference(f"{row}: {label}" if row else label, mine, theirs))
        else:
            _write(data, form.add_prefix(name), field, stored)
        is_digest = isinstance(hidden, DigestInput)
        _write(
            data, form.add_initial_prefix(name), field, hidden.format_value(stored) if is_digest else stored
        )
    return found


def _is_other(field: forms.Field, opened: Any, stored: Any) -> bool:
    """Whether the stored value is another one than the form was opened with, as it came back from the browser."""
    if isinstance(field, LongTextField):
        return field.has_changed(opened, stored)
    try:
        return shown(field.to_python(opened), field) != shown(stored, field)
    except ValidationError:
        return True


def _keep_opened(form: OpenedForm, data: QueryDict) -> None:
    """A browser sends nothing of an empty choice of several; written down, it does not turn into what was chosen since."""
    for name, field in form.fields.items():
        key = form.add_initial_prefix(name)
        if field.show_hidden_initial and key not in data:
            data.setlist(key, [])


def _write(data: QueryDict, name: str, field: forms.Field, value: Any) -> None:
    """Put a value where a browser would send it."""
    prepared = field.prepare_value(value)
    if isinstance(prepared, list | tuple):
        data.setlist(name, [str(one) for one in prepared])
    elif isinstance(field, forms.BooleanField) and not prepared and not name.startswith("initial-"):
        data.pop(name, None)
    else:
        data[name] = "" if prepared is None else str(prepared)


def _is_touched(formset: Any) -> bool:
    return any(_is_row_touched(formset, row) for row in formset.forms if row.instance.pk or row.has_changed())


def _is_row_touched(formset: Any, row: Any) -> bool:
    """Whether the editor changed the row. Of one that is there no more only the opened values can tell."""
    if row in formset.initial_forms and row.instance.pk is None:
        return any(
            row.data.getlist(row.add_prefix(name)) != row.data.getlist(row.add_initial_prefix(name))
            for name in row.fields
            if row.add_initial_prefix(name) in row.data
        )
    return bool(set(row.changed_data) - {formset.model._meta.pk.name, OPENED_VERSION})


def _rows_of_others(formset: Any) -> list[Difference]:
    """The stored rows that the form does not show: somebody added them since."""
    opened = {row.instance.pk for row in formset.initial_forms}
    name = capfirst(formset.model._meta.verbose_name)
    return [
        Difference(f"{name} “{row}”", "", _("added"))
        for row in formset.queryset.filter(**{formset.fk.name: formset.instance})
        if row.pk not in opened
    ]


def _take_out(formset: Any, orphans: list[Any], data: QueryDict) -> None:
    """Leave rows out of `data` and number the others anew."""
    kept = [row for row in formset.forms if row not in orphans]
    prefixes = {row.prefix: f"{formset.prefix}-{number}" for number, row in enumerate(kept)}
    moved: list[tuple[str, list[str]]] = []
    for key in [key for key in data if key.removeprefix("initial-").startswith(f"{formset.prefix}-")]:
        beginning = "initial-" if key.startswith("initial-") else ""
        number, _dash, name = key.removeprefix(f"{beginning}{formset.prefix}-").partition("-")
        if number.isdecimal():
            values = data.pop(key)
            prefix = prefixes.get(f"{formset.prefix}-{number}")
            if prefix:
                moved.append((f"{beginning}{prefix}-{name}", values))
    for key, values in moved:
        data.setlist(key, values)
    data[f"{formset.prefix}-TOTAL_FORMS"] = str(len(kept))
    data[f"{formset.prefix}-INITIAL_FORMS"] = str(len(formset.initial_forms) - len(orphans))


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
