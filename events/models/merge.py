"""That two records turned out to be one, and all that this changed."""

from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.base import Record


class Merge(models.Model):
    """Two records of one noun became one: `gone` lives on in `kept`, and its address leads there.

    `journal` lists in order what was written: {"table", "row", "old", "new"} for columns of a row that was there,
    {"table", "row", "deleted", "into"} for a row that was folded into another one, and {"table", "row", "inserted"} for a new one;
    values as PostgreSQL writes them in JSON. It is all that undoing needs. A merge is never edited or deleted; it is undone once.
    """

    class Noun(models.TextChoices):
        PARTICIPANT = "participant", _("Participant")
        PLACE = "place", _("Place")
        TOPIC = "topic", _("Topic")
        MEETING = "meeting", _("Meeting")
        AGREEMENT = "agreement", _("Agreement")
        OUTLET = "outlet", _("Outlet")
        ARTICLE = "article", _("Article")

    noun = models.CharField(_("noun"), max_length=12, choices=Noun, editable=False)
    kept = models.PositiveBigIntegerField(_("number of the record that was kept"), editable=False)
    gone = models.PositiveBigIntegerField(_("number of the record that went into it"), editable=False)
    kept_name = models.TextField(_("kept"), editable=False)
    gone_name = models.TextField(_("merged into it"), editable=False)
    comment = models.TextField(_("comment"), blank=True, default="", editable=False)
    journal = models.JSONField(_("what was written"), default=list, editable=False)
    at = models.DateTimeField(_("merged"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("by"),
    )
    undone_at = models.DateTimeField(_("undone"), null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("undone by"),
    )

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        default_permissions = ()  # who may publish the noun may merge it
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    noun__in=["participant", "place", "topic", "meeting", "agreement", "outlet", "article"]
                ),
                name="merge_noun_known",
            ),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two_records"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__gte=F("at")),
                name="merge_undone_after_it",
            ),
            models.UniqueConstraint(
                fields=["noun", "gone"],
                condition=Q(undone_at=None),
                name="merge_once_of_a_record",
                violation_error_message=_("This record was merged into another one already."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["noun", "kept"], name="merge_by_kept")]

    def __str__(self) -> str:
        return f"{self.gone_name} → {self.kept_name}"

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None

    @property
    def model(self) -> type[Record]:
        return apps.get_model("events", self.noun)

    def record(self, number: int) -> Any:
        """The record of this number as it is now; None once it was deleted, as a draft can be."""
        return self.model._default_manager.filter(pk=number).first()
