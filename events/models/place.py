"""Where it happens: a tree of countries, regions, cities and buildings, some of them with contested names."""

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.base import Record, refuse_cycle, visible
from events.models.fields import CountryField, SortKeyField
from events.models.name import NAMES, Named, NamedQuerySet
from events.models.pieces import Piece


class PlaceQuerySet(NamedQuerySet):
    def for_list(self, user: Any = None) -> Self:
        """What a list row prints beside the number of meetings (events/reading/tallies.py): the place it lies in, its names."""
        return self.bringing(user, Piece("parent"), NAMES)

    def counted(self) -> Self:
        """With the number of public meetings there or in places of it, to sort by."""
        return self.annotate(meeting_count=visible("Place").count_within(visible("Meeting"), "place"))

    def for_detail(self, user: Any = None) -> Self:
        """All that a place's own page prints beside the lists of places in it and of meetings."""
        return self.for_list(user)


class Place(Named):
    """Where something happens. A contested place keeps the name that each side uses (`Name.used_by`), shown by the rule of
    the page on names."""

    NAMED = ("name",)

    class Kind(models.TextChoices):
        COUNTRY = "country", _("Country")
        REGION = "region", _("Region")
        CITY = "city", _("City, town or village")
        BUILDING = "building", _("Building or venue")
        BORDER = "border", _("Border")
        CROSSING = "border_crossing", _("Border crossing")
        WATER = "water", _("River, lake or sea")

    class Precision(models.TextChoices):
        EXACT = "exact", _("Exact")
        CITY = "city", _("Middle of the town")
        REGION = "region", _("Middle of the region")
        COUNTRY = "country", _("Middle of the country")
        APPROXIMATE = "approximate", _("Approximate")

    kind = models.CharField(
        _("kind"), max_length=16, choices=Kind, default=Kind.CITY, help_text=_("What sort of place it is.")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The place it lies in: a city’s country, a building’s city."),
    )
    country = CountryField(
        _("country"), help_text=_("As the sources and ISO 3166 name it; says nothing about claims.")
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Degrees north: 40.1776"),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Degrees east: 44.5126"),
    )
    precision = models.CharField(
        _("precision"),
        max_length=12,
        choices=Precision,
        blank=True,
        default="",
        help_text=_("What the coordinates point at."),
    )
    contested = models.BooleanField(
        _("contested"),
        default=False,
        help_text=_("Two sides use different names or claim the place: the page shows every side’s name."),
    )
    sort_key = SortKeyField(source="name")

    parent_field = "parent"
    objects = PlaceQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering: ClassVar = ["sort_key", "pk"]
        indexes: ClassVar = [
            *Record.Meta.indexes,
            models.Index(fields=["sort_key", "id"], name="place_by_name"),
        ]
        constraints: ClassVar = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="place_coordinates_on_earth",
                violation_error_message=_(
                    "Latitudes run from -90 to 90 and longitudes from -180 to 180: 40.1776 and 44.5126."
                ),
            ),
        ]

    def clean(self) -> None:
        refuse_cycle(self, "parent")
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError(
                {"longitude": _("Latitude and longitude come together: 40.1776 and 44.5126.")}
            )
