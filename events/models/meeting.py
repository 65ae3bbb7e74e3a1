"""Encounters and who was at them."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from events.models.base import (
    Record,
    RecordQuerySet,
    Status,
    VisibleQuerySet,
    count_of,
    refuse_cycle,
    visible,
)
from events.models.fields import EDTFField, EDTFRangeField, SortKeyField, TextField
from events.models.name import NAMES
from events.models.participant import OFFICES, Participant, Tenure, offices_on
from events.models.pieces import Piece
from events.models.topic import TOPICS

# The sources of a meeting, the earliest first.
SOURCES = Piece(
    "coverages", "stance", "exact", Piece("article", "status", Piece("outlet", "kind")),
    order=(F("article__published_range__startswith").asc(nulls_last=True), "article_id"),
)  # fmt: skip
IN_ORDER = ("position", "pk")
PLACE_AND_PARTICIPANTS = (Piece("place"), Piece("attendances", Piece("participant"), order=IN_ORDER))
# All that the row of a list prints, for meetings that another record brings along.
MEETING_ROW = (
    "status", "kind", "held_on", "state", "source_count", "quotation_count", *PLACE_AND_PARTICIPANTS
)  # fmt: skip
OFFICE = Piece("tenure", "title", Piece("on_behalf_of"))


class MeetingQuerySet(RecordQuerySet):
    def for_list(self, user: Any = None) -> Self:
        """What a list row prints, newest first: place, who attended, how many sources and quotations."""
        rows = self.counted().bringing(user, *PLACE_AND_PARTICIPANTS)
        return rows.order_by(F("held_range__startswith").desc(nulls_last=True), "-pk")

    def counted(self) -> Self:
        """With the numbers of public sources and quotations."""
        return self.annotate(
            source_count=count_of(visible("Coverage"), "meeting"),
            quotation_count=count_of(visible("Quotation"), "meeting"),
        )

    def for_detail(self, user: Any = None) -> Self:
        """All that a meeting's own page prints beside the lists of its parts, agreements and quotations, as far as `user` may see it."""
        return self.bringing(
            user,
            Piece("place", "contested", NAMES),
            Piece("parent"),
            TOPICS,
            Piece(
                "attendances", "role", "title", "note", "position", Piece("participant", "status", OFFICES), OFFICE, Piece("claimed_by"),
                order=IN_ORDER,
            ),
            SOURCES,
        )  # fmt: skip

    def between(self, first: date | None, last: date | None) -> Self:
        """Those that fell on any day from `first` to `last`, both inclusive; a visit of two days is found by either."""
        return self.filter(held_range__overlap=DateRange(first, last, "[]")) if first or last else self

    def attended_by(self, participants: Iterable[Participant], every: bool = True) -> Self:
        """Those that all of `participants` attended, or any of them."""
        meetings = self
        if every:
            for participant in participants:
                meetings = meetings.filter(
                    Exists(visible("Attendance").filter(meeting=OuterRef("pk"), participant=participant))
                )
            return meetings
        return meetings.filter(
            Exists(visible("Attendance").filter(meeting=OuterRef("pk"), participant__in=list(participants)))
        )

    def involving(self, countries: Iterable[str]) -> Self:
        """Those at which one of `countries` took part, or that took place there."""
        acted = visible("Attendance").filter(meeting=OuterRef("pk"), participant__country__in=countries)
        hosted = visible("Place").filter(pk=OuterRef("place"), country__in=countries)
        return self.filter(Exists(acted) | Exists(hosted))


class Meeting(Record):
    """One encounter of participants: a visit, talks, a summit, a signing … Talks during a visit are parts of the visit."""

    NAMED = ("title",)

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit")
        TALKS = "talks", _("Talks")
        SUMMIT = "summit", _("Summit")
        CALL = "call", _("Telephone or video call")
        SIGNING = "signing", _("Signing")
        CONFERENCE = "conference", _("Conference")
        MEDIATION = "mediation", _("Mediation")
        STATEMENT = "statement", _("Joint statement")
        DECISION = "decision", _("Decision of an institution")
        EXCHANGE = "exchange", _("Exchange of prisoners or maps")
        CEREMONY = "ceremony", _("Ceremony or launch")

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")
        POSTPONED = "postponed", _("Postponed")
        UNCONFIRMED = "unconfirmed", _("Unconfirmed")

    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        VIDEO = "video", _("By video link")
        TELEPHONE = "telephone", _("By telephone")
        HYBRID = "hybrid", _("In person and by video link")
        WRITTEN = "written", _("In writing")

    title = models.CharField(
        _("title"),
        max_length=250,
        help_text=_("Who and what, without the date: “Talks between Lavrov and Aliyev”."),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, help_text=_("What sort of encounter it was.")
    )
    held_on = EDTFField(
        _("date"),
        help_text=_(
            "2023-02-27, 2023-02-27/2023-02-28 for two days, 2022-10 for a month, 1994-05~ for “about”. Empty: unknown."
        ),
    )
    place = models.ForeignKey(
        "Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("place"),
        help_text=_("As exact as the source says: a building, else the town."),
    )
    format = models.CharField(
        _("format"),
        max_length=12,
        choices=Format,
        blank=True,
        default="",
        help_text=_("Empty where no source says."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The visit or summit that this was a part of."),
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=State,
        default=State.HELD,
        help_text=_("“Announced” until a source reports that it took place."),
    )
    summary = TextField(
        _("summary"),
        blank=True,
        default="",
        help_text=_("What happened, in two or three neutral sentences in the archive’s own words."),
    )
    topics: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Topic",
        blank=True,
        related_name="meetings",
        verbose_name=_("topics"),
        help_text=_("What it was about."),
    )
    held_range = EDTFRangeField(source="held_on")
    sort_key = SortKeyField(source="title")

    objects = MeetingQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes: ClassVar = [
            *Record.Meta.indexes,
            models.Index(
                fields=["id"],
                condition=~Q(status=Status.WITHDRAWN) & Q(merged_into=None),
                name="meeting_in_archive",
            ),
            GistIndex(fields=["held_range"], name="meeting_by_day"),
            models.Index(
                F("held_range__startswith").desc(nulls_last=True), F("id").desc(), name="meeting_newest_first"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        refuse_cycle(self, "parent")

    @property
    def slug(self) -> str:
        """As of every record, but never two digits alone: /meetings/2023/02/ is a month."""
        slug = super().slug
        return f"meeting-{slug}" if len(slug) == 2 and slug.isdecimal() else slug


class AttendanceQuerySet(VisibleQuerySet):
    def for_list(self, user: Any = None) -> Self:
        """With the participants, in the editor's order."""
        return self.bringing(user, Piece("participant")).order_by(*IN_ORDER)


class Attendance(models.Model):
    """A participant at a meeting, in an office; claimed by all sides, or by one of them only."""

    class Role(models.TextChoices):
        HOST = "host", _("Host")
        GUEST = "guest", _("Guest")
        MEDIATOR = "mediator", _("Mediator")
        SIGNATORY = "signatory", _("Signatory")
        OBSERVER = "observer", _("Observer")

    meeting = models.ForeignKey(
        Meeting,
        models.CASCADE,
        related_name="attendances",
        verbose_name=_("meeting"),
        help_text=_("The encounter."),
    )
    participant = models.ForeignKey(
        Participant,
        models.PROTECT,
        related_name="attendances",
        verbose_name=_("participant"),
        help_text=_("Who was there; type a name in any script."),
    )
    role = models.CharField(
        _("role"),
        max_length=10,
        choices=Role,
        blank=True,
        default="",
        help_text=_("Empty where the source gives none."),
    )
    tenure = models.ForeignKey(
        Tenure,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name=_("office"),
        help_text=_("Only where the office on that day is not the one to show."),
    )
    title = models.CharField(
        _("title as printed"),
        max_length=250,
        blank=True,
        default="",
        help_text=_("As the source puts it: “son homologue azéri”."),
    )
    note = models.CharField(
        _("note"),
        max_length=250,
        blank=True,
        default="",
        help_text=_("What is particular: “by video link”, “27 February only”."),
    )
    claimed_by = models.ForeignKey(
        Participant,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("claimed by"),
        help_text=_("The only side that says so; empty where nobody disputes it."),
    )
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Lower ones stand first: 1, 2, 3. A new one with 0 comes last.")
    )

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "participant"],
                name="attendance_once_a_meeting",
                violation_error_message=_("This participant is already listed at this meeting."),
            )
        ]

    def __str__(self) -> str:
        return str(self.participant)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.position:
            last = Attendance.objects.filter(meeting=self.meeting_id).aggregate(last=Max("position"))["last"]
            self.position = (last or 0) + 1
        super().save(*args, **kwargs)

    @classmethod
    def visibility(cls, user: Any = None, path: str = "") -> Q:
        return Meeting.visibility(user, f"{path}meeting__") & Participant.visibility(
            user, f"{path}participant__"
        )

    def clean(self) -> None:
        if self.tenure and self.participant_id and self.tenure.person_id != self.participant_id:
            message = _("“%(office)s” is no office of %(participant)s.")
            values = {"office": self.tenure, "participant": self.participant}
            raise ValidationError({"tenure": message % values})

    @property
    def offices(self) -> list[Tenure]:
        """The office chosen by the editor, else those that the participant held on the day of the meeting."""
        return [self.tenure] if self.tenure else offices_on(self.participant, self.meeting.held_range)
