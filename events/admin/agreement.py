from django.contrib import admin

from events.admin.base import RecordAdmin
from events.models import Agreement


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    fields = ("title", "kind", "signed_on", "parties", "meeting", "url", "topics")
    autocomplete_fields = ("parties", "meeting", "topics")
    list_display = ("title", "status", "signed_on", "kind", "updated_at")
    list_filter = ("status", "kind", ("topics", admin.RelatedOnlyFieldListFilter))
    ordering = ("-signed_range", "-pk")
    search_words = ("title",)
