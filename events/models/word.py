"""The words of the archive, for suggestions to whoever has misspelt one."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Word(models.Model):
    """A word of public records as search compares it: small letters without accents; and in how many of them it stood when
    the table was made last. What is suggested is looked for anew, so that no word of a record that was withdrawn since is told."""

    text = models.CharField(_("word"), max_length=40, unique=True, editable=False)
    records = models.PositiveIntegerField(_("records"), editable=False)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        default_permissions = ()
        indexes: ClassVar = [GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="word_trigrams")]

    def __str__(self) -> str:
        return self.text
