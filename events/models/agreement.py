"""What was signed or adopted."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.models.base import Record, RecordQuerySet
from events.models.fields import EDTFField, EDTFRangeField, SortKeyField, validate_address
from events.models.meeting import MEETING_ROW
from events.models.pieces import Piece
from events.models.topic import TOPICS

PARTIES = Piece("parties", order=("sort_key", "pk"))


class AgreementQuerySet(RecordQuerySet):
    def for_list(self, user: Any = None) -> Self:
        """With parties and meeting, the newest first."""
        rows = self.bringing(user, PARTIES, Piece("meeting"))
        return rows.order_by(F("signed_range__startswith").desc(nulls_last=True), "-pk")

    def for_detail(self, user: Any = None) -> Self:
        """All that an agreement's own page prints."""
        return self.bringing(user, PARTIES, Piece("meeting", *MEETING_ROW), TOPICS)

    def between(self, first: Any, last: Any) -> Self:
        """Those signed or adopted on any day from `first` to `last`, both inclusive."""
        return self.filter(signed_range__overlap=DateRange(first, last, "[]")) if first or last else self


class Agreement(Record):
    """A document that was signed or adopted: a treaty, a declaration, a joint statement, a decision."""

    NAMED = ("title",)

    class Kind(models.TextChoices):
        TREATY = "treaty", _("Treaty")
        AGREEMENT = "agreement", _("Agreement")
        DECLARATION = "declaration", _("Declaration")
        STATEMENT = "statement", _("Statement")
        MEMORANDUM = "memorandum", _("Memorandum")
        PROTOCOL = "protocol", _("Protocol")
        DECISION = "decision", _("Decision")
        COMMUNIQUE = "communique", _("Communiqué")
        CHARTER = "charter", _("Charter")
        CONTRACT = "contract", _("Contract")
        LETTER = "letter", _("Letter of intent")

    title = models.CharField(
        _("title"),
        max_length=300,
        help_text=_("Its own title in English: “Declaration on Allied Interaction”."),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, help_text=_("What the document calls itself.")
    )
    signed_on = EDTFField(
        _("signed or adopted on"), help_text=_("2022-02-22; 2022-10 where only the month is known.")
    )
    parties: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Participant",
        blank=True,
        related_name="agreements",
        verbose_name=_("parties"),
        help_text=_("The states, bodies or persons that are bound by it or adopted it."),
    )
    meeting = models.ForeignKey(
        "Meeting",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("meeting"),
        help_text=_("Where it was signed or adopted."),
    )
    url = models.CharField(
        _("address of the text"),
        max_length=2000,
        blank=True,
        default="",
        validators=[validate_address],
        help_text=_("Where its text can be read: https://…"),
    )
    topics: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Topic",
        blank=True,
        related_name="agreements",
        verbose_name=_("topics"),
        help_text=_("What it is about."),
    )
    signed_range = EDTFRangeField(source="signed_on")
    sort_key = SortKeyField(source="title")

    objects = AgreementQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        indexes: ClassVar = [
            *Record.Meta.indexes,
            GistIndex(fields=["signed_range"], name="agreement_by_day"),
            models.Index(fields=["id"], condition=Q(meeting=None, url=""), name="agreement_without_source"),
        ]

    def __str__(self) -> str:
        return self.title
