"""What readers were told of a record holds no longer: the log that pages, lists and copies kept elsewhere are renewed by."""

from typing import ClassVar

from django.db import connection, models
from django.utils.translation import gettext_lazy as _


class CurrentTransaction(models.Func):
    """The number of the transaction, which begins to count with it."""

    template = "pg_current_xact_id()::text::bigint"
    arity = 0
    output_field = models.BigIntegerField()


class Invalidation(models.Model):
    """A row of a record that readers see, or of what belongs to it, was written, or the record has become public or ceased to be.

    The database writes them (migration 0014), one for a record and statement. They are read by transactions and not by their numbers,
    since one with a lower number may be committed later: what a snapshot of the database did not see yet is
    `not pg_visible_in_snapshot(transaction::text::xid8, snapshot)`. Old ones may be deleted once what is made from them is made anew;
    the latest one always stays.
    """

    transaction = models.BigIntegerField(_("transaction"), db_default=CurrentTransaction(), editable=False)
    noun = models.CharField(_("noun"), max_length=20, editable=False)
    record = models.BigIntegerField(_("record"), editable=False)

    class Meta:
        verbose_name = _("invalidation")
        verbose_name_plural = _("invalidations")
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["transaction"], name="invalidation_by_transaction")]

    def __str__(self) -> str:
        return f"{self.noun} {self.record}"


def archive_version() -> str:
    """Different after each change of what readers may be told, equal as long as there is none; for readers too. One cheap query.

    The rows that can be seen say it, and not the last number alone: one with a lower number may be committed later.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(min(id), 0) || '-' || count(*) || '-' || coalesce(max(id), 0) from events_invalidation"
        )
        (version,) = cursor.fetchone()
    return str(version)
