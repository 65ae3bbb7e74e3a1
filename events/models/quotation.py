"""What was said: words of a participant, in one article, at their place."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from events import anchoring, names
from events.models.base import Passage, Record, RecordQuerySet, Status, refuse_cycle, visible
from events.models.fields import EDTFField, EDTFRangeField, LanguageField
from events.models.participant import OFFICES, Tenure, offices_on
from events.models.pieces import Piece
from events.models.topic import TOPICS

SAID_BY = (Piece("speaker", OFFICES), Piece("reported_by"))
MEETING = Piece("meeting", "held_range")
SOURCE = Piece("article", "published_range", Piece("outlet"))
CHECK = Piece("source_check", "state", "checked_at", "seen_at", to="check")
# All that the row of a list prints, for quotations that another one brings along.
QUOTATION_ROW = (
    "status", "exact", "language", "attribution", "said_on", "said_range", "start", *SAID_BY, MEETING, SOURCE, CHECK
)  # fmt: skip


class QuotationQuerySet(RecordQuerySet):
    def for_list(self, user: Any = None) -> Self:
        """What a list row prints, the latest said first: speaker with offices, who reports it, article, meeting."""
        speakers = visible("Participant", user).filter(pk=OuterRef("speaker")).order_by().values("sort_key")
        rows = self.annotate(speaker_key=Subquery(speakers)).bringing(user, *SAID_BY, MEETING, SOURCE, CHECK)
        return rows.order_by(F("said_range__startswith").desc(nulls_last=True), "-pk")

    def for_detail(self, user: Any = None) -> Self:
        """All that a quotation's own page prints beside the lists of words in it and of its variants, the article's text included."""
        return self.bringing(
            user,
            *SAID_BY,
            MEETING,
            Piece("article", "published_range", "text", Piece("outlet")),
            Piece("source_check", "state", "since", "checked_at", "seen_at", "nearest", Piece("seen_in", "fetched_at"), to="check"),
            Piece("within", *QUOTATION_ROW),
            Piece("variant_of", *QUOTATION_ROW),
            TOPICS,
        )  # fmt: skip

    def between(self, first: Any, last: Any) -> Self:
        """Those said on any day from `first` to `last`, both inclusive; where no day is recorded, that of the meeting counts."""
        if not (first or last):
            return self
        days = DateRange(first, last, "[]")
        return self.filter(
            Q(said_range__overlap=days)
            | Q(Record.visibility(None, "meeting__"), said_range=None, meeting__held_range__overlap=days)
        )


class Quotation(Record, Passage):
    """Words that a participant said, as one article prints them.

    The speaker is whose words they are. Where another participant reported them (“Putin said …”, said Lavrov), that one is
    `reported_by`; where the reporting words are a record too, the quotation lies `within` it.
    """

    class Form(models.TextChoices):
        DIRECT = "direct", _("Direct speech")
        PARTIAL = "partial", _("Fragment")
        INDIRECT = "indirect", _("Indirect speech")

    class Rendering(models.TextChoices):
        ORIGINAL = "original", _("In the language it was said in")
        TRANSLATION = "translation", _("Translated")

    article = models.ForeignKey(
        "Article",
        models.PROTECT,
        related_name="quotations",
        verbose_name=_("article"),
        help_text=_("The article that prints the words."),
    )
    speaker = models.ForeignKey(
        "Participant",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quotations",
        verbose_name=_("speaker"),
        help_text=_("Whose words they are, even where another one reports them. Type a name in any script."),
    )
    attribution = models.CharField(
        _("attribution"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("As printed: “a fait remarquer Sergei Lavrov”."),
    )
    form = models.CharField(
        _("form"),
        max_length=10,
        choices=Form,
        default=Form.DIRECT,
        help_text=_("Direct: whole sentences in quotation marks. Fragment: some words of a sentence."),
    )
    language = LanguageField(
        _("language"), help_text=_("The language of these words. Empty: that of the article.")
    )
    rendering = models.CharField(
        _("rendering"),
        max_length=12,
        choices=Rendering,
        blank=True,
        default="",
        help_text=_("Whether the article prints them in the language they were said in. Empty: unknown."),
    )
    translated_by = models.CharField(
        _("translated by"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Who translated them, where the article says so: “TASS”, “official interpreter”."),
    )
    within = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="holds",
        verbose_name=_("within"),
        help_text=_("The quotation whose words enclose these."),
    )
    variant_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="variants",
        verbose_name=_("variant of"),
        help_text=_("The fuller or earlier record of the same statement, here or in another article."),
    )
    reported_by = models.ForeignKey(
        "Participant",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("reported by"),
        help_text=_("Who repeats the speaker’s words, if it is another participant: Lavrov recalling Putin."),
    )
    meeting = models.ForeignKey(
        "Meeting",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quotations",
        verbose_name=_("meeting"),
        help_text=_("Where it was said."),
    )
    said_on = EDTFField(
        _("said on"), help_text=_("The day it was said: 2023-02-27. Empty where no source says.")
    )
    topics: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Topic",
        blank=True,
        related_name="quotations",
        verbose_name=_("topics"),
        help_text=_("What it is about."),
    )
    said_range = EDTFRangeField(source="said_on")

    objects = QuotationQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        constraints: ClassVar = [
            *Record.Meta.constraints,
            *Passage.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(speaker__isnull=False) | ~Q(attribution=""),
                name="quotation_published_with_speaker",
                violation_error_message=_("A published quotation needs a speaker or a printed attribution."),
            ),
            models.CheckConstraint(
                condition=~Q(exact=""),
                name="quotation_has_words",
                violation_error_message=_("A quotation has words: type or paste them."),
            ),
            models.CheckConstraint(
                condition=Q(reported_by=None) | Q(speaker=None) | ~Q(reported_by=F("speaker")),
                name="quotation_reported_by_another",
                violation_error_message=_("Nobody reports their own words."),
            ),
        ]
        indexes: ClassVar = [
            *Record.Meta.indexes,
            GistIndex(fields=["said_range"], name="quotation_by_day"),
            models.Index(
                fields=["id"], condition=Q(speaker=None, attribution=""), name="quotation_without_speaker"
            ),
            models.Index(fields=["article"], condition=Q(start=None), name="quotation_without_place"),
            models.Index(
                F("said_range__startswith").desc(nulls_last=True),
                F("id").desc(),
                name="quotation_newest_first",
            ),
        ]

    def __str__(self) -> str:
        return Truncator(self.exact).chars(80)

    @property
    def slug(self) -> str:
        return names.slug(self.exact, 60)

    @classmethod
    def visibility(cls, user: Any = None, path: str = "") -> Q:
        """A quotation is seen where its article is seen too."""
        return Record.visibility(user, path) & Record.visibility(user, f"{path}article__")

    @property
    def said_days(self) -> DateRange | None:
        """The days by which offices are shown: when it was said, else when the meeting was held, else when it was published."""
        if self.said_range is None and self.meeting and self.meeting.held_range:
            return self.meeting.held_range
        return self.said_range or self.article.published_range

    @property
    def offices(self) -> list[Tenure]:
        """The offices that the speaker held when it was said."""
        return offices_on(self.speaker, self.said_days) if self.speaker else []

    def anchor(self, text: str, words: str, occurrence: int | None = None) -> None:
        """As for every passage; the marks that enclose the words directly are a part of the quotation, typed or not."""
        super().anchor(text, words, occurrence)
        if self.selector:
            self.selector = anchoring.with_marks(text, self.selector)

    def clean(self) -> None:
        refuse_cycle(self, "within")
        refuse_cycle(self, "variant_of")
        if self.within and self.article_id:
            self._check_enclosure(self.within)
        if self.reported_by_id and self.reported_by_id == self.speaker_id:
            raise ValidationError(
                {"reported_by": _("Nobody reports their own words: leave this empty, or choose another one.")}
            )

    def _check_enclosure(self, outer: "Quotation") -> None:
        if outer.article_id != self.article_id:
            raise ValidationError({"within": _("The enclosing quotation stands in another article.")})
        if self.start is None or self.end is None or outer.start is None or outer.end is None:
            return
        if not outer.start <= self.start < self.end <= outer.end:
            raise ValidationError({"within": _("These words do not stand inside “%s”.") % outer})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.language:
            self.language = self.article.language
        if self.within and self.within.speaker_id != self.speaker_id and not self.reported_by_id:
            self.reported_by = self.within.speaker
        super().save(*args, **kwargs)
