from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.admin.base import PassageForm, RecordAdmin, RecordForm, WholeRecordForm
from events.admin.conflicts import VersionField
from events.admin.desk import ValuesFilter, is_number
from events.admin.snapshot import SourceStateFilter, WithSourceState
from events.admin.status import close_if_public
from events.models import Article, Quotation
from events.reading.search import holds, is_named, words_filter


class QuotationForm(WholeRecordForm, PassageForm):
    """A quotation among others of its article. Like a record's own form it carries its version."""

    user: Any = None  # who has the form open
    opened_version = VersionField()

    class Meta:
        model = Quotation
        fields = "__all__"
        widgets = {
            "exact": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField words"}),
            "attribution": forms.TextInput(attrs={"class": "vTextField wide"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened_version"] = self.instance.version if self.instance.pk else None
        close_if_public(self, self.user)

    def clean(self) -> dict[str, Any]:
        is_current = self.check_version()
        cleaned = super().clean()
        # A stale row is not written, also where only its place has moved with the text: it would be written with its opened values.
        if not is_current and self.has_changed():
            raise ValidationError(
                _(
                    "%s saved this quotation after you opened the page. The fields that you left alone now show it as it is stored;"
                    " where you both changed the same, choose above. Then save again."
                )
                % (self.instance.updated_by or _("Somebody else")),
                code="conflict",
            )
        return cleaned


class QuotationPageForm(RecordForm, PassageForm):
    class Meta(QuotationForm.Meta):
        pass


@admin.register(Quotation)
class QuotationAdmin(WithSourceState, RecordAdmin):
    form = QuotationPageForm
    fields = (
        "article",
        "exact",
        ("speaker", "attribution"),
        ("form", "reported_by", "occurrence"),
        ("meeting", "said_on"),
        ("within", "variant_of"),
        ("language", "rendering", "translated_by"),
        "topics",
    )
    autocomplete_fields = ("article", "speaker", "reported_by", "meeting", "within", "variant_of", "topics")
    list_display = (
        "__str__",
        "status",
        "speaker",
        "said_on",
        "article",
        "language",
        "source_mark",
        "updated_at",
    )
    list_select_related = ("speaker", "article", "source_check")
    ordering = ("-said_range", "-pk")
    list_filter = (
        "status",
        SourceStateFilter,
        "form",
        ("language", ValuesFilter),
        ("topics", admin.RelatedOnlyFieldListFilter),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        match = request.resolver_match
        is_page = match is not None and match.url_name == "events_quotation_change"
        return rows if is_page else rows.defer("article__text")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if request.method == "POST" and connection.in_atomic_block and is_number(object_id):
            # The article first, as its own page and a check of its source do: two who lock in another order block each other.
            owner = Quotation.objects.filter(pk=object_id).values("article")
            list(
                Article.objects.select_for_update(of=("self",), no_key=True)
                .filter(pk__in=owner)
                .values_list("pk")
            )
        return super().get_object(request, object_id, from_field)

    def told_apart_by(self, obj: Quotation) -> Iterable[Any]:
        return obj.speaker or obj.attribution, obj.article

    def save_record(self, obj: Quotation) -> None:
        """Whoever has the article open must notice: its form shows the quotations too."""
        super().save_record(obj)
        Article.objects.filter(pk=obj.article_id).update(updated_at=timezone.now())

    def search(self, queryset: Any, term: str, user: Any) -> Any:
        return words_filter(
            queryset, term, holds("exact", "attribution"), is_named("participant", "speaker", user)
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None:
            fieldsets.insert(
                1, (_("Text of the article"), {"fields": ["article_text"], "classes": ["collapse"]})
            )
            fieldsets.insert(1, (_("At the publisher’s"), {"fields": ["source_state"]}))
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "article_text", "source_state"]

    @admin.display(description=gettext_lazy("text"))
    def article_text(self, obj: Quotation) -> str:
        return obj.article.text
