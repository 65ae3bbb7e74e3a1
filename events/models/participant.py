"""Who acts: persons, organisations and states, and their offices through time."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from events.models.base import VisibleQuerySet, count_of, visible
from events.models.fields import CountryField, EDTFField, EDTFRangeField, SortKeyField, TextField
from events.models.name import NAMES, Named, NamedQuerySet
from events.models.pieces import Piece

# The offices of a person, the latest first.
LATEST = (F("period_range").desc(nulls_last=True), "pk")
OFFICES = Piece(
    "tenures", "title", "period", "period_range", Piece("on_behalf_of"), order=LATEST, to="offices"
)


# Meetings of a participant by which those are found who were met most: to go through 20,000 takes a second.
RECENT = 1_000


class ParticipantQuerySet(NamedQuerySet):
    def for_list(self, user: Any = None) -> Self:
        """What a list row prints beside the numbers of meetings and quotations (events/reading/tallies.py)."""
        return self.bringing(user, OFFICES)

    def counted(self) -> Self:
        """With the number of public meetings, to sort by."""
        return self.annotate(meeting_count=count_of(visible("Attendance"), "participant"))

    def for_detail(self, user: Any = None) -> Self:
        """All that a participant's own page prints beside the lists of meetings and quotations."""
        return self.bringing(
            user,
            NAMES,
            Piece(
                "tenures", "title", "period", "period_range", "attested", Piece("body"), Piece("on_behalf_of"), order=LATEST, to="offices",
            ),
            Piece("officers", "title", "period", Piece("person"), order=LATEST),
        )  # fmt: skip

    def met_most(self, participant: "Participant", most: int = 10) -> list["Participant"]:
        """Those of these rows who attended public meetings together with `participant`, with `meetings_shared`, the most first. Counted
        are the `RECENT` meetings of the participant that were recorded last. One query, whose cost is bounded by that."""
        attended = visible("Attendance").filter(participant=participant).order_by("-meeting")
        together = (
            visible("Attendance")
            .filter(meeting__in=attended.values("meeting")[:RECENT], participant__in=self.order_by())
            .exclude(participant=participant)
            .values_list("participant", "participant__name")
            .annotate(shared=Count("pk"), key=F("participant__sort_key"))
            .order_by("-shared", "key", "participant")
        )
        found = []
        for number, name, shared, _key in together[:most]:
            one = self.model.from_db(self.db, ["id", "name"], [number, name])
            one.meetings_shared = shared
            found.append(one)
        return found


class Participant(Named):
    """A person, organisation or state that acts: attends, signs, speaks, mediates. A journalist is an author, no participant."""

    NAMED = ("name",)

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")
        STATE = "state", _("State")

    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind,
        default=Kind.PERSON,
        help_text=_("A ministry or a delegation is an organisation."),
    )
    sort_name = models.CharField(
        _("sort name"),
        max_length=250,
        blank=True,
        default="",
        help_text=_("Family name first, for lists: “Zourabichvili, Salome”. Empty: as the name."),
    )
    country = CountryField(
        _("country"), help_text=_("The country it acts for; European Union and United Nations count as one.")
    )
    identifiers = ArrayField(
        models.URLField(max_length=300),
        verbose_name=_("identifiers"),
        blank=True,
        default=list,
        help_text=_(
            "Addresses of the same one elsewhere, separated by commas: https://www.wikidata.org/wiki/Q42"
        ),
    )
    description = TextField(
        _("description"),
        blank=True,
        default="",
        help_text=_(
            "One or two neutral sentences: “Prime Minister of Georgia, 2013 to 2015 and 2021 to 2024.”"
        ),
    )
    sort_key = SortKeyField(source="sort_name")

    objects = ParticipantQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering: ClassVar = ["sort_key", "pk"]
        indexes: ClassVar = [
            *Named.Meta.indexes,
            models.Index(fields=["sort_key", "id"], name="participant_by_name"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = self.sort_name or self.name
        super().save(*args, **kwargs)


class TenureQuerySet(VisibleQuerySet):
    def for_list(self, user: Any = None) -> Self:
        """Offices, the latest first, with the bodies they belong to."""
        return self.bringing(user, Piece("body"), Piece("on_behalf_of")).order_by(*LATEST)


class Tenure(models.Model):
    """An office that a person held. `attested` ones are known from the sources of the archive for those days at least; the
    others state when the office began and ended."""

    person = models.ForeignKey(
        Participant,
        models.CASCADE,
        related_name="tenures",
        verbose_name=_("person"),
        limit_choices_to={"kind": Participant.Kind.PERSON},
        help_text=_("Who held the office."),
    )
    title = models.CharField(_("office"), max_length=250, help_text=_("Minister of Foreign Affairs"))
    body = models.ForeignKey(
        Participant,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="officers",
        verbose_name=_("body"),
        help_text=_("The organisation the office belongs to, where it is in the archive."),
    )
    on_behalf_of = models.ForeignKey(
        Participant,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="envoys",
        verbose_name=_("on behalf of"),
        help_text=_("The state or body that the person acts for in this office: Armenia."),
    )
    period = EDTFField(
        _("period"),
        help_text=_("2018-05-08/.. for an office still held; 2021-02-22/2024-01-29 for one that ended."),
    )
    attested = models.BooleanField(
        _("at least"),
        default=False,
        help_text=_("The sources show the office on these days; when it began and ended is not recorded."),
    )
    period_range = EDTFRangeField(source="period")

    objects = TenureQuerySet.as_manager()

    class Meta:
        verbose_name = _("office held")
        verbose_name_plural = _("offices held")
        indexes: ClassVar = [GistIndex(fields=["period_range"], name="tenure_by_period")]

    def __str__(self) -> str:
        """With person and period, so that an editor can tell one minister from another."""
        return ", ".join(filter(None, [self.title, str(self.person), self.period]))

    @classmethod
    def visibility(cls, user: Any = None, path: str = "") -> Q:
        return Participant.visibility(user, f"{path}person__")

    def clean(self) -> None:
        if self.person_id and self.person.kind != Participant.Kind.PERSON:
            raise ValidationError(_("Only a person holds an office; “%s” is none.") % self.person)

    def covers(self, days: DateRange | None) -> bool:
        """Whether the office was held on any of `days`; an office of unknown dates never counts."""
        held = self.period_range
        if held is None or days is None:
            return False
        starts_in_time = held.lower is None or days.upper is None or held.lower < days.upper
        ends_in_time = held.upper is None or days.lower is None or days.lower < held.upper
        return starts_in_time and ends_in_time


def offices_on(participant: Participant, days: DateRange | None) -> list[Tenure]:
    """The offices that `participant` held on any of `days`, from its `offices` where a page has read them, else by a query."""
    read: Iterable[Tenure] | None = getattr(participant, "offices", None)
    tenures = participant.tenures.for_list() if read is None else read
    return [tenure for tenure in tenures if tenure.covers(days)]
