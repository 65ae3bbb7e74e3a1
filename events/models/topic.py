"""What it is about: a small tree of topics."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.base import Record, RecordQuerySet, refuse_cycle, visible
from events.models.fields import SortKeyField, TextField
from events.models.pieces import Piece

# The topics of a record.
TOPICS = Piece("topics", order=("sort_key", "pk"))


class TopicQuerySet(RecordQuerySet):
    def for_list(self, user: Any = None) -> Self:
        """What a list row prints beside the numbers of meetings and quotations (events/reading/tallies.py): the broader topic."""
        return self.bringing(user, Piece("broader"))

    def counted(self) -> Self:
        """With the number of public meetings, those of narrower topics too, to sort by."""
        return self.annotate(meeting_count=visible("Topic").count_within(visible("Meeting"), "topics"))

    def for_detail(self, user: Any = None) -> Self:
        """All that a topic's own page prints beside the lists of narrower topics, of meetings and of quotations."""
        return self.for_list(user)


class Topic(Record):
    """A subject of meetings and quotations, with at most one broader topic."""

    NAMED = ("label",)

    label = models.CharField(
        _("label"),
        max_length=120,
        unique=True,
        help_text=_("A noun, in the plural where it can be: Border commissions."),
    )
    broader = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="narrower",
        verbose_name=_("broader topic"),
        help_text=_("The topic that this one is a part of: Peace process."),
    )
    description = TextField(
        _("description"),
        blank=True,
        default="",
        help_text=_("What belongs here and what does not, in a sentence."),
    )
    sort_key = SortKeyField(source="label")

    parent_field = "broader"
    objects = TopicQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering: ClassVar = ["sort_key", "pk"]
        indexes: ClassVar = [
            *Record.Meta.indexes,
            GinIndex(fields=["sort_key"], opclasses=["gin_trgm_ops"], name="topic_label_trigrams"),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        refuse_cycle(self, "broader")
