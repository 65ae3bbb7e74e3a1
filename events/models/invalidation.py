"""What readers were told of a record holds no longer: the log that pages, lists and copies kept elsewhere are renewed by."""

import random
from typing import ClassVar

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from events.models.databases import to_read


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


class Edition(models.Model):
    """How often readers were told something new: the sum of all rows. Counted by the database (migration 0014).

    A sum and not one number, so that two who publish do not wait for each other. What a snapshot of the database sees of it is what
    it sees of the records, for both are committed together; the number of the last invalidation would not say that, since one with
    a lower number may be committed later. There are as many rows as there were ever transactions that published at once.
    """

    number = models.BigIntegerField(_("number"), editable=False)

    class Meta:
        verbose_name = _("part of the edition")
        verbose_name_plural = _("parts of the edition")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)


def another_edition() -> None:
    """Say that pages may tell something new, where no record has changed."""
    further = F("number") + random.randint(1, 1_000_000)  # as the database counts: see migration 0014
    if not Edition.objects.filter(pk__in=Edition.objects.order_by("pk").values("pk")[:1]).update(
        number=further
    ):
        Edition.objects.create(number=1)


def archive_version() -> str:
    """Different after each change of what readers may be told, equal as long as there is none; for readers too, and on a replica.

    One query over a handful of rows, however large the archive and its log are.
    """
    with to_read().cursor() as cursor:
        cursor.execute("select coalesce(sum(number), 0)::text from events_edition")
        (version,) = cursor.fetchone()
    return str(version)
