"""The history of the records: each version of a record with its rows, and the work by which it came about."""

from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.base import Record, Status
from events.models.fields import DerivedField

# What belongs to a record and is kept, shown and restored with it: the names of its reverse relations and many-to-many fields.
# The database has the same list in `archive_state` (migration 0009), and tests/models/test_history.py compares them.
ROWS: dict[str, tuple[str, ...]] = {
    "participant": ("names", "tenures"),
    "place": ("names",),
    "meeting": ("attendances", "coverages", "topics"),
    "agreement": ("parties", "topics"),
    "article": ("coverages",),
    "quotation": ("topics",),
}


class Change(models.Model):
    """One piece of work that changed records: who did it, when, by which way, and why. One a transaction; never edited.

    `who` keeps the name of the account at that time, or the role of the database where nobody was signed in.
    """

    class Via(models.TextChoices):
        FORM = "form", _("Form")
        ACTION = "action", _("Step after a preview")
        PROPOSAL = "proposal", _("Proposal")
        IMPORT = "import", _("Import of a table")
        MERGE = "merge", _("Merge")
        RESTORE = "restore", _("Restored")
        COMMAND = "command", _("Command")
        BEGINNING = "beginning", _("Beginning of the history")
        OTHER = "other", _("Outside of the desk")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("account"),
    )
    who = models.CharField(_("who"), max_length=150, editable=False)
    via = models.CharField(_("by"), max_length=10, choices=Via, default=Via.OTHER, editable=False)
    comment = models.TextField(_("why"), blank=True, default="", editable=False)
    made_at = models.DateTimeField(_("when"), editable=False)
    transaction = models.BigIntegerField(_("transaction"), editable=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.who}"


class VersionQuerySet(models.QuerySet):
    def of(self, record: Record) -> Self:
        """The versions of a record, the latest first."""
        return self.filter(noun=record._meta.model_name, record=record.pk).order_by("-number")

    def at(self, record: Record, number: int) -> Any:
        """The version that was in force when the record's `version` was `number`: saves that change nothing make none."""
        return self.of(record).filter(number__lte=number).first()

    def deleted(self) -> Self:
        """The last words on records that are there no more: one for each deletion that was not taken back, the latest first."""
        later = models.Exists(
            Version.objects.filter(
                noun=models.OuterRef("noun"),
                record=models.OuterRef("record"),
                number__gt=models.OuterRef("number"),
            )
        )
        return self.filter(~later, status="").order_by("-pk")


class Version(models.Model):
    """A record as one piece of work left it, with the rows that belong to it. Written by the database alone, never edited.

    `number` is the record's `version` at the end of that work. `data` holds {"fields": the columns of its row, "rows": for each
    name in `ROWS` the list of rows, or of numbers for a many-to-many relation}; it is null, and `status` empty, for a deletion.
    """

    change = models.ForeignKey(
        Change, models.PROTECT, related_name="versions", editable=False, verbose_name=_("change")
    )
    noun = models.CharField(_("noun"), max_length=20, editable=False)
    record = models.BigIntegerField(_("record"), editable=False)
    number = models.PositiveIntegerField(_("number"), editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, editable=False)
    data = models.JSONField(_("content"), null=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["noun", "record", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=models.Q(data__isnull=True, status="")
                | models.Q(data__isnull=False) & ~models.Q(status=""),
                name="version_of_deletion_is_empty",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "-id"], condition=models.Q(status=""), name="version_of_deletions")
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.record}, {self.number}"

    @property
    def model(self) -> Any:
        """The class of the record."""
        return apps.get_model("events", self.noun)

    @property
    def is_deletion(self) -> bool:
        return self.data is None

    @property
    def fields(self) -> dict[str, Any]:
        """The columns of the record's row, as JSON holds them."""
        return self.data["fields"] if self.data else {}

    @property
    def rows(self) -> dict[str, list[Any]]:
        """The rows that belong to the record, by the names in `ROWS`."""
        held = self.data["rows"] if self.data else {}
        return {name: held[name] for name in ROWS.get(self.noun, ()) if name in held}

    def instance(self) -> Any:
        """The record as it was, without its rows; not stored and not to be saved."""
        return instance_of(self.model, self.fields)


def instance_of(model: Any, columns: dict[str, Any]) -> Any:
    """A row of `model` with the values that the history holds. Columns that the model has no more are left out; those that it has
    got since have their defaults."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    derived = [field for field in fields.values() if isinstance(field, DerivedField)]
    values = {name: value_of(fields[name], value) for name, value in columns.items() if name in fields}
    row = model(**{name: value for name, value in values.items() if fields[name] not in derived})
    for field in derived:
        setattr(row, field.attname, field.derive(getattr(row, field.source)))
    row._state.adding = False
    return row


def value_of(field: Any, value: Any) -> Any:
    """What the history holds of a column, as the model has it."""
    if value is None or isinstance(field, models.ForeignKey | DerivedField):
        return value
    if isinstance(field, models.DecimalField):
        return field.to_python(str(value))
    return field.to_python(value)
