"""Names in any script, and what has them: participants and places."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db import models, transaction
from django.db.models import Exists, F, Func, Max, OuterRef, Q, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from events import names
from events.models.base import Record, RecordQuerySet, VisibleQuerySet
from events.models.fields import EDTFField, FoldedField, LanguageField
from events.models.pieces import Piece


def folded_words() -> Func:
    """The words of `folded` as an array, for the index; `HOLDING` has the same expression, or the index would not be used."""
    return Func(
        F("folded"), Value(" "), function="string_to_array", output_field=ArrayField(models.TextField())
    )


# One look into the index a word: for a whole array at once PostgreSQL would rather read the table, and compare each name with all.
HOLDING = """
    select name.id from unnest(%s::text[]) as word
    join events_name as name on string_to_array(name.folded, ' ') && array[word]
"""
# A key leaves out the vowels at the end of words, so the beginning of another one says little where it is short.
SHORTEST_BEGINNING = 4


# The names of a record by language, each with the participant that uses it.
NAMES = Piece(
    "names", "text", "language", "kind", "valid", "preferred", Piece("used_by", "sort_key"), order=("language", "-preferred", "pk")
)  # fmt: skip


class NameQuerySet(VisibleQuerySet):
    def like(self, text: str) -> Self:
        """Names of which some words sound like `text`, or begin so, in whatever script; none where `text` holds no letter.

        One condition: the trigram index of `folded`, and the letters as typed.
        """
        key, typed = names.fold(text), text.strip()
        if not key:
            return self.none()
        found = Q(folded__trigram_strict_word_similar=key, alike__gte=names.SIMILAR)
        found |= Q(text__unaccent__istartswith=typed) | Q(text__unaccent__icontains=f" {typed}")
        if len(key) >= SHORTEST_BEGINNING:
            found |= Q(folded__startswith=key) | Q(folded__contains=f" {key}")
        return self.alias(alike=TrigramStrictWordSimilarity(key, "folded")).filter(found)

    def holding(self, words: Iterable[str]) -> Self:
        """Names that have one of these folded words, by the index of the words of `folded`. Linear in the number of words."""
        return self.filter(pk__in=RawSQL(HOLDING, [list(words)]))


class Name(models.Model):
    """One name of a participant or of a place, in one language and script."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("Official")
        ALIAS = "alias", _("Other spelling or alias")
        TRANSLITERATION = "transliteration", _("Transliteration")
        FORMER = "former", _("Former")
        EXONYM = "exonym", _("Name used by others")

    participant = models.ForeignKey(
        "Participant",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="names",
        verbose_name=_("participant"),
        help_text=_("Whose name it is."),
    )
    place = models.ForeignKey(
        "Place",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="names",
        verbose_name=_("place"),
        help_text=_("Which place’s name it is."),
    )
    text = models.CharField(
        _("name"), max_length=250, help_text=_("As it is written: Երևան, თბილისი, Bakı, Эребуни.")
    )
    language = LanguageField(
        _("language"), help_text=_("hy, az, ka, ru …; with a script where it is not the usual one: ru-Latn")
    )
    kind = models.CharField(
        _("kind"), max_length=16, choices=Kind, default=Kind.OFFICIAL, help_text=_("What sort of name it is.")
    )
    used_by = models.ForeignKey(
        "Participant",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("used by"),
        help_text=_("For contested places: the state or body that uses this name."),
    )
    valid = EDTFField(_("valid"), help_text=_("When the name was in use, if known: 1936/1991"))
    preferred = models.BooleanField(
        _("preferred"), default=False, help_text=_("The one to print in this language; one a language.")
    )
    folded = FoldedField(source="text")

    objects = NameQuerySet.as_manager()

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(participant__isnull=True, place__isnull=False)
                | Q(participant__isnull=False, place__isnull=True),
                name="name_of_one_owner",
            ),
            models.UniqueConstraint(
                fields=["participant", "language", "text"],
                name="name_once_for_participant",
                violation_error_message=_("This name is listed already."),
            ),
            models.UniqueConstraint(
                fields=["place", "language", "text"],
                name="name_once_for_place",
                violation_error_message=_("This name is listed already."),
            ),
            models.UniqueConstraint(
                fields=["participant", "language"],
                condition=Q(preferred=True),
                name="name_one_preferred_for_participant",
                violation_error_message=_("Another name is the preferred one in this language already."),
            ),
            models.UniqueConstraint(
                fields=["place", "language"],
                condition=Q(preferred=True),
                name="name_one_preferred_for_place",
                violation_error_message=_("Another name is the preferred one in this language already."),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="name_folded_trigrams"),
            GinIndex(folded_words(), name="name_folded_words"),
        ]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def visibility(cls, user: Any = None, path: str = "") -> Q:
        return Record.visibility(user, f"{path}participant__") | Record.visibility(user, f"{path}place__")


class NamedQuerySet(RecordQuerySet):
    """Records that have names in several scripts."""

    def named(self, text: str) -> Self:
        """Those with a name like `text`, in whatever script or spelling, the closest first; none where it holds no letter.

        One indexed query over `Name.folded`; several names of one record count as one hit.
        """
        key = names.fold(text)
        if not key:
            return self.none()
        owner = str(self.model._meta.model_name)
        alike = Name.objects.filter(**{owner: OuterRef("pk")}).like(text)
        closeness = (
            Name.objects.filter(**{owner: OuterRef("pk")})
            .order_by()
            .values(owner)
            .annotate(closest=Max(TrigramStrictWordSimilarity(key, "folded")))
            .values("closest")
        )
        return (
            self.filter(Exists(alike))
            .annotate(closeness=models.Subquery(closeness))
            .order_by("-closeness", "sort_key", "pk")
        )


class Named(Record):
    """A record that is found by any of its names; `name` is the one that English pages print."""

    name = models.CharField(
        _("name"),
        max_length=250,
        help_text=_(
            "As English pages print it: “Salome Zourabichvili”. Other spellings and scripts go below."
        ),
    )

    class Meta(Record.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        owner = {str(self._meta.model_name): self}
        with transaction.atomic():
            super().save(*args, **kwargs)
            Name.objects.bulk_create(
                [Name(text=self.name, language="en", kind=Name.Kind.OFFICIAL, **owner)], ignore_conflicts=True
            )
