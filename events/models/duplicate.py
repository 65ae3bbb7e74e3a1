"""Pairs of records that may be one and the same, and those of which an editor said that they are not."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

NOUNS = ("article", "meeting", "outlet", "participant", "place", "topic")


class RecordPair(models.Model):
    """Two records of one noun, each pair once: the one with the lower number first. Never public.

    By number and noun rather than by relations, since all nouns share a table; the numbers of records are never used again.
    """

    noun = models.CharField(_("noun"), max_length=12, editable=False)
    first = models.BigIntegerField(_("first"), editable=False)
    second = models.BigIntegerField(_("second"), editable=False)

    class Meta:
        abstract = True
        default_permissions = ()  # who may change the noun may decide
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="%(class)s_lower_first"),
            models.CheckConstraint(condition=Q(noun__in=NOUNS), name="%(class)s_noun_known"),
            models.UniqueConstraint(fields=["noun", "first", "second"], name="%(class)s_once"),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.first}, {self.second}"


class CandidatePair(RecordPair):
    """Two records that look like one. What the last search found: `events/editing/duplicates.py` says when it replaces it."""

    class Reason(models.TextChoices):
        NAME = "name", _("The same name")
        LABEL = "label", _("Labels alike")
        HOST = "host", _("Addresses of one site")
        TITLE = "title", _("The same title on the same day")
        ENCOUNTER = "encounter", _("The same participants, kind and days")

    reason = models.CharField(_("reason"), max_length=10, choices=Reason, editable=False)

    class Meta(RecordPair.Meta):
        verbose_name = _("candidate pair")
        verbose_name_plural = _("candidate pairs")


class Distinction(RecordPair):
    """An editor's decision that two records are not the same, however alike. It can be taken back."""

    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), auto_now_add=True, editable=False)

    class Meta(RecordPair.Meta):
        verbose_name = _("distinction")
        verbose_name_plural = _("distinctions")


class DuplicateSearch(models.Model):
    """When all records of a noun were compared last."""

    noun = models.CharField(_("noun"), max_length=12, primary_key=True, editable=False)
    made_at = models.DateTimeField(_("made"), auto_now=True, editable=False)

    class Meta:
        verbose_name = _("search for duplicates")
        verbose_name_plural = _("searches for duplicates")
        default_permissions = ()

    def __str__(self) -> str:
        return self.noun
