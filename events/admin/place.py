from collections.abc import Iterable
from typing import Any

from django.contrib import admin

from events.admin.base import RecordAdmin
from events.admin.desk import ValuesFilter
from events.admin.participant import NameInline
from events.models import Place


class NamesOfPlaceInline(NameInline):
    fk_name = "place"


@admin.register(Place)
class PlaceAdmin(RecordAdmin):
    fields = ("name", "kind", "parent", "country", ("latitude", "longitude"), "precision", "contested")
    autocomplete_fields = ("parent",)
    inlines = (NamesOfPlaceInline,)
    list_display = ("name", "status", "kind", "parent", "country", "contested", "updated_at")
    list_select_related = ("parent",)
    list_filter = ("status", "kind", "contested", ("country", ValuesFilter))

    def told_apart_by(self, obj: Place) -> Iterable[Any]:
        return (obj.parent,)

    def search(self, queryset: Any, term: str, user: Any) -> Any:
        return queryset.named(term)
