"""Indexes of the lists, built by `manage.py build_index` and loaded by each process that answers readers."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredIndex(models.Model):
    """The public records of a noun as bitmaps, as they were when it was built; its number tells a newer one.

    It saw what all transactions before `oldest` had written. Of the invalidations those of transactions before `pruned` may have been
    deleted since. Readers may read it: it holds numbers, codes, days and sort keys of public records, and nothing of drafts but the
    numbers that public records point to.
    """

    noun = models.CharField(_("noun"), max_length=20, editable=False)
    form = models.PositiveSmallIntegerField(_("form"), editable=False)
    oldest = models.BigIntegerField(_("oldest transaction not seen"), editable=False)
    pruned = models.BigIntegerField(_("oldest transaction with all its invalidations"), editable=False)
    built_at = models.DateTimeField(_("built"), auto_now_add=True)
    data = models.BinaryField(_("data"), editable=False)

    class Meta:
        verbose_name = _("stored index")
        verbose_name_plural = _("stored indexes")
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["noun", "-id"], name="stored_index_newest")]

    def __str__(self) -> str:
        return f"{self.noun} {self.pk}"
