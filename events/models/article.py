"""Sources: outlets, their articles, captures of the articles' pages, and which meetings an article reports."""

import contextlib
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events import addresses, dates, names
from events.models.base import (
    Passage,
    Record,
    RecordQuerySet,
    Status,
    VisibleQuerySet,
    count_of,
    refuse_cycle,
    visible,
)
from events.models.fields import (
    AddressKeyField,
    CountryField,
    DigestField,
    EDTFField,
    EDTFRangeField,
    LanguageField,
    SortKeyField,
    TextField,
    TextKeyField,
    address_key,
    text_key,
    validate_address,
)
from events.models.meeting import MEETING_ROW
from events.models.pieces import Piece

# The meetings that an article reports, in their order in time.
REPORTED = Piece(
    "coverages",
    Piece("meeting", *MEETING_ROW),
    order=(F("meeting__held_range__startswith").asc(nulls_last=True), "meeting_id"),
)


class OutletQuerySet(RecordQuerySet):
    def by_host(self, hosts: Iterable[str]) -> dict[str, "Outlet"]:
        """The outlets that have one of the hosts, by host; the host of one that was merged leads to the one that it lives on in. One query."""
        rows: Any = self.filter(host__in=set(hosts) - {""}).select_related("merged_into")
        return {
            one.host: one.merged_into or one for one in rows.order_by(F("merged_into").desc(nulls_last=True))
        }


class Outlet(Record):
    """Who publishes: a newspaper, an agency, an official site that speaks for a state or body."""

    NAMED = ("name",)

    class Kind(models.TextChoices):
        NEWS = "news", _("News")
        OFFICIAL = "official", _("Official")
        AGENCY = "agency", _("News agency")

    name = models.CharField(
        _("name"), max_length=200, help_text=_("As it calls itself: Civil Georgia, Le Monde, president.az.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        default=Kind.NEWS,
        help_text=_("Official: a government, a parliament, an international organisation."),
    )
    country = CountryField(_("country"), help_text=_("Where it is published; empty where that is unclear."))
    speaks_for = models.ForeignKey(
        "Participant",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outlets",
        verbose_name=_("speaks for"),
        help_text=_("For official sites: the state or body whose readouts it publishes."),
    )
    host = models.CharField(
        _("host"),
        max_length=200,
        blank=True,
        default="",
        help_text=_(
            "The name in its addresses, without www: civil.ge. Articles from there find their outlet by it."
        ),
    )
    sort_key = SortKeyField(source="name")

    objects = OutletQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        ordering: ClassVar = ["sort_key", "pk"]
        constraints: ClassVar = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["host"],
                condition=~Q(host="") & Q(merged_into=None),
                name="outlet_host_once",
                violation_error_message=_("Another outlet has this host already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list of its articles: an outlet has no page of its own."""
        return f"{reverse('events:article-list')}?outlet={self.pk}"

    def clean(self) -> None:
        typed = self.host.strip()
        try:
            self.host = addresses.host(typed if "//" in typed else f"https://{typed}") if typed else ""
            addresses.address_key(f"https://{self.host}" if typed else "")
        except addresses.AddressError:
            raise ValidationError(
                {"host": _("“%s” is no name of a host. Write it alone: civil.ge") % typed}
            ) from None


class ArticleQuerySet(RecordQuerySet):
    def for_list(self, user: Any = None) -> Self:
        """What a list row prints, the latest first, without the texts."""
        counted = self.defer("text").annotate(
            meeting_count=count_of(visible("Coverage"), "article"),
            quotation_count=count_of(visible("Quotation"), "article"),
        )
        return counted.bringing(user, Piece("outlet")).order_by(
            F("published_range__startswith").desc(nulls_last=True), "-pk"
        )

    def for_detail(self, user: Any = None) -> Self:
        """All that an article's own page prints beside the words that are quoted from it, as far as `user` may see it."""
        return self.bringing(
            user,
            Piece("outlet", Piece("speaks_for")),
            Piece("derived_from"),
            Piece("page_check", "tried_at", "checked_at", "is_gone", "failures", "failing_since", to="check"),
            REPORTED,
        )

    def between(self, first: Any, last: Any) -> Self:
        """Those published on any day from `first` to `last`, both inclusive."""
        return self.filter(published_range__overlap=DateRange(first, last, "[]")) if first or last else self


class Article(Record):
    """One published source text.

    `text` is the body as printed, in NFC, and every passage in the archive counts from its beginning; it is shown in public only
    as `rights` allow. It may be empty: then the archive knows where the article stands, not what it says. No two articles have
    the same text or the same address.
    """

    NAMED = ("title", "url", "authors", "published_on", "language")

    class Rights(models.TextChoices):
        FULL = "full", _("Full text")
        EXCERPTS = "excerpts", _("Excerpts only")
        METADATA = "metadata", _("Metadata only")

    class Kind(models.TextChoices):
        REPORT = "report", _("Report")
        READOUT = "readout", _("Official readout")
        INTERVIEW = "interview", _("Interview")
        TRANSCRIPT = "transcript", _("Transcript")

    outlet = models.ForeignKey(
        Outlet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("outlet"),
        help_text=_("Who published it. Empty where you do not know: do not guess."),
    )
    authors = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("authors"),
        blank=True,
        default=list,
        help_text=_(
            "As printed, without “By”; several are parted by semicolons: Anna Petrosyan; Giorgi Beridze"
        ),
    )
    title = models.CharField(
        _("title"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("The headline as printed, in its own language."),
    )
    language = LanguageField(
        _("language"),
        help_text=_("The language of the text: fr, ru, hy; with a script where needed: az-Cyrl"),
    )
    published_on = EDTFField(
        _("published"), help_text=_("The day it was published: 2023-02-28. Empty where you do not know.")
    )
    url = models.CharField(
        _("address"),
        max_length=2000,
        blank=True,
        default="",
        validators=[validate_address],
        help_text=_("Where readers find it: https://… Empty where you do not know."),
    )
    text = TextField(
        _("text"),
        blank=True,
        default="",
        help_text=_("Paste the whole article. It is kept as printed and shown only as the rights allow."),
    )
    rights = models.CharField(
        _("rights"),
        max_length=10,
        choices=Rights,
        default=Rights.EXCERPTS,
        help_text=_(
            "“Excerpts only” shows the quoted words with a little context; “Full text” needs a permission or a free licence."
        ),
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind,
        default=Kind.REPORT,
        help_text=_("A readout is what one side says about a meeting."),
    )
    derived_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="derivatives",
        verbose_name=_("derived from"),
        help_text=_("The agency report or the original that this one repeats or translates."),
    )
    published_range = EDTFRangeField(source="published_on")
    url_key = AddressKeyField(source="url")
    text_digest = DigestField(source="text")
    text_key = TextKeyField(source="text")
    sort_key = SortKeyField(source="title")

    objects = ArticleQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints: ClassVar = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["text_key"],
                condition=~Q(text_key="") & Q(merged_into=None),
                name="article_text_once",
            ),
            models.UniqueConstraint(
                fields=["url_key"],
                condition=~Q(url_key="") & Q(merged_into=None),
                name="article_address_once",
            ),
        ]
        indexes: ClassVar = [
            *Record.Meta.indexes,
            GistIndex(fields=["published_range"], name="article_by_day"),
        ]

    def __str__(self) -> str:
        """The title; where there is none the address, else who wrote it and when."""
        return self.title or addresses.short(self.url) or self._byline() or str(_("Untitled article"))

    @property
    def slug(self) -> str:
        return names.slug(self.title or addresses.host(self.url) or "article")

    def _byline(self) -> str:
        published = ""
        with contextlib.suppress(dates.DateError):  # of a form that was refused
            published = dates.wording(self.published_on) if self.published_on else ""
        return ", ".join(filter(None, [*self.authors, published]))

    def clean(self) -> None:
        refuse_cycle(self, "derived_from")
        if twin := self.twin():
            message = _("The archive has this article already: number %(number)s, “%(title)s” (%(status)s).")
            field = "text" if self.text and twin.text_key == text_key(self.text) else "url"
            values = {"number": twin.pk, "title": twin, "status": twin.get_status_display().lower()}
            raise ValidationError({field: message % values}, code="twin")

    def twin(self) -> "Article | None":
        """The article that has the same text, blanks and marks aside, or the same address in whatever spelling; of one that was merged
        the one that it lives on in. One query."""
        same = Q()
        if self.text:
            same |= Q(text_key=text_key(self.text))
        with contextlib.suppress(addresses.AddressError):  # its field says so
            if key := address_key(self.url):
                same |= Q(url_key=key)
        if not same:
            return None
        rows = Article.objects.filter(same).exclude(pk=self.pk)
        if self.pk:  # what was merged into this one is this one's
            rows = rows.filter(~Q(merged_into=self.pk) | Q(merged_into=None))
        found = rows.select_related("merged_into").order_by(F("merged_into").asc(nulls_first=True), "pk")
        twin: Any = found.defer("text", "merged_into__text").first()
        return (twin.merged_into or twin) if twin else None

    def save(self, *args: Any, reanchor: bool = True, **kwargs: Any) -> None:
        """Write the article and, where its text has changed, move its passages with their words.

        `ValidationError` names the passages whose words the new text no longer holds, and nothing is written. A form that asks
        the editor about them itself gives `reanchor=False`; the database still refuses a passage that does not stand in the text.
        """
        with transaction.atomic():
            old = self.stored_text() if reanchor and "text" not in self.get_deferred_fields() else self.text
            super().save(*args, **kwargs)
            if old != self.text:
                self._reanchor(old)

    def stored_text(self) -> str:
        """The text that the database holds; "" for an article that is not stored yet."""
        return Article.objects.filter(pk=self.pk).values_list("text", flat=True).first() or ""

    def _reanchor(self, old: str) -> None:
        lost = []
        for rows in (self.coverages.exclude(exact=""), self.quotations.all()):
            for passage in rows:
                before = passage.selector
                if not passage.follow(old, self.text):
                    if getattr(passage, "status", None) != Status.WITHDRAWN:
                        lost.append(passage)
                        continue
                    passage.release()
                if passage.selector != before:
                    passage.save()
        if lost:
            raise ValidationError(
                {
                    "text": [
                        _(
                            "The new text does not hold these recorded words any more: “%s”. Correct them first."
                        )
                        % passage.exact
                        for passage in lost
                    ]
                },
                code="lost",
            )


class Snapshot(models.Model):
    """A capture of an article's page, never edited: what stood there at that moment.

    `outcome` compares it with the capture before: the first one; the same text; another text; no page any more. The file is a WARC
    with the request and the answer, redirects included, and `sha256` is that of the body, unpacked.
    """

    class Outcome(models.TextChoices):
        FIRST = "first", _("First")
        SAME = "same", _("Same")
        CHANGED = "changed", _("Changed")
        GONE = "gone", _("Gone")

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="snapshots", verbose_name=_("article"), editable=False
    )
    fetched_at = models.DateTimeField(_("fetched"), editable=False)
    http_status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True, editable=False)
    media_type = models.CharField(_("media type"), max_length=100, blank=True, default="", editable=False)
    final_url = models.TextField(_("final address"), blank=True, default="", editable=False)
    etag = models.CharField(_("ETag"), max_length=500, blank=True, default="", editable=False)
    last_modified = models.CharField(
        _("Last-Modified"), max_length=100, blank=True, default="", editable=False
    )
    file = models.FileField(_("file"), upload_to="snapshots/%Y/%m/", blank=True, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, default="", editable=False)
    text = models.TextField(_("extracted text"), blank=True, default="", editable=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering: ClassVar = ["-fetched_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=["first", "same", "changed", "gone"]), name="snapshot_outcome_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fetched_at:%Y-%m-%d %H:%M} {self.get_outcome_display()}"

    @classmethod
    def visibility(cls, user: Any = None, path: str = "") -> Q:
        return Article.visibility(user, f"{path}article__")


class Coverage(Passage):
    """An article reports a meeting, in the passage that says so, where the editor has marked it."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("Supports the record")
        CONTRADICTS = "contradicts", _("Contradicts the record")

    article = models.ForeignKey(
        Article,
        models.CASCADE,
        related_name="coverages",
        verbose_name=_("article"),
        help_text=_("The source."),
    )
    meeting = models.ForeignKey(
        "Meeting",
        models.CASCADE,
        related_name="coverages",
        verbose_name=_("meeting"),
        help_text=_("The meeting that the article reports; type words of its title."),
    )
    stance = models.CharField(
        _("stance"),
        max_length=12,
        choices=Stance,
        default=Stance.SUPPORTS,
        help_text=_("“Contradicts” where the article gives another day, place or list of participants."),
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        constraints: ClassVar = [
            *Passage.Meta.constraints,
            models.UniqueConstraint(
                fields=["article", "meeting"],
                name="coverage_once",
                violation_error_message=_("This article is already listed as a source of this meeting."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["meeting"], condition=Q(stance="supports"), name="coverage_supporting"),
        ]

    def __str__(self) -> str:
        return self.exact or str(_("the whole article"))

    @classmethod
    def visibility(cls, user: Any = None, path: str = "") -> Q:
        return Record.visibility(user, f"{path}article__") & Record.visibility(user, f"{path}meeting__")
