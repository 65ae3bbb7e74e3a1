from django.contrib import admin

from events.admin.base import RecordAdmin
from events.models import Topic


@admin.register(Topic)
class TopicAdmin(RecordAdmin):
    fields = ("label", "broader", "description")
    autocomplete_fields = ("broader",)
    list_display = ("label", "status", "broader", "updated_at")
    list_select_related = ("broader",)
    list_filter = ("status",)
    search_words = ("label",)
