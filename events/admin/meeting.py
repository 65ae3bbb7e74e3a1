from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin

from events import dates
from events.admin.base import PassageForm, RecordAdmin
from events.admin.conflicts import OpenedForm
from events.admin.status import RowsOfRecord
from events.models import Attendance, Coverage, Meeting
from events.reading.search import attended_by_name, holds, is_named, words_filter


class AttendanceInline(RowsOfRecord, admin.TabularInline):
    model = Attendance
    form = OpenedForm
    fields = ("position", "participant", "role", "tenure", "title", "note", "claimed_by")
    autocomplete_fields = ("participant", "tenure", "claimed_by")
    extra = 2


class CoverageForm(PassageForm):
    class Meta:
        model = Coverage
        fields = ("article", "meeting", "stance", "exact")
        widgets = {"exact": forms.Textarea(attrs={"rows": 2, "class": "words"})}


class CoverageOfMeetingInline(RowsOfRecord, admin.TabularInline):
    model = Coverage
    form = CoverageForm
    fields = ("article", "stance", "exact", "occurrence")
    autocomplete_fields = ("article",)
    extra = 1


@admin.register(Meeting)
class MeetingAdmin(RecordAdmin):
    fields = ("title", "kind", "held_on", "place", "format", "state", "parent", "summary", "topics")
    autocomplete_fields = ("place", "parent", "topics")
    inlines = (AttendanceInline, CoverageOfMeetingInline)
    list_display = ("title", "status", "held_on", "kind", "place", "state", "updated_at")
    list_select_related = ("place",)
    list_filter = ("status", "kind", "state", ("topics", admin.RelatedOnlyFieldListFilter))
    ordering = ("-held_range", "-pk")

    def told_apart_by(self, obj: Meeting) -> Iterable[Any]:
        return dates.wording(obj.held_on) if obj.held_on else "", obj.place

    def search(self, queryset: Any, term: str, user: Any) -> Any:
        return words_filter(
            queryset,
            term,
            holds("title", "held_on"),
            attended_by_name(user),
            is_named("place", "place", user),
        )
