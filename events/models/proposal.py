"""What the archive proposes about an article, and what editors decided."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from events.models.base import Record


class ProposalQuerySet(models.QuerySet):
    def waiting(self) -> "ProposalQuerySet":
        """Those that no editor has decided; an index holds them."""
        return self.filter(decision=Proposal.Decision.WAITING)

    def with_records(self) -> "ProposalQuerySet":
        """With what was made or linked, and who decided, in the order of the text. One query."""
        return self.select_related(*Proposal.Noun.values, "decided_by").order_by("start", "-end", "pk")


class Proposal(models.Model):
    """Something that the archive reads in an article's text and an editor decides: a quotation, a participant, a place, a meeting.

    `details` are those of the class in `events/editing/suggestions.py`, with the numbers of other proposals where it names a place in
    a list. A proposal is never public and publishes nothing. A dismissed one is kept, so that it does not come back; an accepted
    one keeps the record that it became (`quotation`, `participant`, `place` or `meeting`, empty once that was deleted) and, in
    `made`, what accepting wrote, so that it can be taken back as long as nobody has changed it.
    """

    class Noun(models.TextChoices):
        QUOTATION = "quotation", _("Quotation")
        PARTICIPANT = "participant", _("Participant")
        PLACE = "place", _("Place")
        MEETING = "meeting", _("Meeting")

    class Decision(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Dismissed")
        RECORDED = "recorded", _("In the archive already")

    article = models.ForeignKey(
        "Article", models.CASCADE, related_name="proposals", verbose_name=_("article"), editable=False
    )
    noun = models.CharField(_("noun"), max_length=12, choices=Noun, editable=False)
    start = models.PositiveIntegerField(_("start"), editable=False)
    end = models.PositiveIntegerField(_("end"), editable=False)
    exact = models.TextField(_("words"), editable=False)
    details = models.JSONField(_("details"), default=dict, editable=False)
    reason = models.TextField(_("reason"), blank=True, default="", editable=False)
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision, default=Decision.WAITING, editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    quotation = models.ForeignKey(
        "Quotation", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("quotation")
    )
    participant = models.ForeignKey(
        "Participant",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("participant"),
    )
    place = models.ForeignKey(
        "Place", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("place")
    )
    meeting = models.ForeignKey(
        "Meeting", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("meeting")
    )
    made = models.JSONField(_("made"), default=list, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        default_permissions = ()  # who may add the noun may decide
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(noun__in=["quotation", "participant", "place", "meeting"]),
                name="proposal_noun_known",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["waiting", "recorded"], decided_at=None)
                | Q(decision__in=["accepted", "dismissed"], decided_at__isnull=False),
                name="proposal_decided_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(start__lt=models.F("end")) & ~Q(exact=""), name="proposal_start_before_end"
            ),
            models.CheckConstraint(
                condition=(Q(noun="quotation") | Q(quotation=None))
                & (Q(noun="participant") | Q(participant=None))
                & (Q(noun="place") | Q(place=None))
                & (Q(noun="meeting") | Q(meeting=None)),
                name="proposal_record_of_its_noun",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["accepted", "recorded"])
                | Q(quotation=None, participant=None, place=None, meeting=None),
                name="proposal_record_once_accepted",
            ),
            models.UniqueConstraint(
                fields=["quotation"], condition=Q(quotation__isnull=False), name="proposal_quotation_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["article"], condition=Q(decision="waiting"), name="proposal_waiting"),
        ]

    def __str__(self) -> str:
        return Truncator(self.exact).chars(80)

    @property
    def record(self) -> Any:
        """The record that it became or that the archive had already; None while it waits, or once that was deleted."""
        return getattr(self, self.noun)

    @record.setter
    def record(self, record: Record | None) -> None:
        setattr(self, self.noun, record)


class Survey(models.Model):
    """An article's text was read for proposals: from which text, and how many did not fit.

    Not a column of the article, whose every change counts as a new version.
    """

    article = models.OneToOneField(
        "Article",
        models.CASCADE,
        primary_key=True,
        editable=False,
        related_name="survey",
        verbose_name=_("article"),
    )
    source_key = models.CharField(_("source"), max_length=64, editable=False)
    made_at = models.DateTimeField(_("made"), auto_now=True)
    left_out = models.PositiveIntegerField(_("left out"), default=0, editable=False)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.article_id)
