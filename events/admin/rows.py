"""Rows below a record's form: each belongs to the record, or nothing of the form is stored."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _


class RowFormSet(BaseInlineFormSet):
    """The rows of one kind of a record. Django passes over a row that is sent under another record's number, or miscounted; here
    the whole form is refused, since what it shows is not what would be stored."""

    model: Any

    def add_fields(self, form: Any, index: int | None) -> None:
        """In a table the label stands above the column, where no field is tied to it: each says its own, to those who hear the page."""
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)
            if field.label and not widget.is_hidden:
                widget.attrs.setdefault("aria-label", str(field.label))

    def clean(self) -> None:
        super().clean()
        if not self.instance.pk:
            return
        pk = self.model._meta.pk.name
        is_strange = any(
            # A row that is only looked at is shown without its number, and sends nothing.
            row.instance.pk is None and (row.add_prefix(pk) in self.data or row in self.deleted_forms)
            for row in self.initial_forms
        )
        is_miscounted = (
            self.total_form_count() < 0
            or self.initial_form_count() < 0
            or any(self.data.get(row.add_prefix(pk)) for row in self.extra_forms)
        )
        if is_strange or is_miscounted:
            raise ValidationError(
                _("A row of this form is not a row of this record, or not any more. Nothing was stored."),
                code="row",
            )
