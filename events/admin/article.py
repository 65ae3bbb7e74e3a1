from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import anchoring, dates
from events.admin.base import PassageFormSet, RecordAdmin, RecordForm, tidy
from events.admin.conflicts import LongTextField
from events.admin.desk import ValuesFilter
from events.admin.incoming import HELD, IncomingArticles
from events.admin.meeting import CoverageForm
from events.admin.proposal import ProposalPages
from events.admin.quotation import QuotationForm
from events.admin.snapshot import ChecksSources, WithSourceState
from events.admin.status import RowsOfRecord
from events.editing import capture
from events.models import Article, Coverage, Outlet, Quotation
from events.reading.search import PRINTED_AUTHORS, holds, words_filter


@admin.register(Outlet)
class OutletAdmin(RecordAdmin):
    fields = ("name", "kind", "country", "speaks_for", "host")
    autocomplete_fields = ("speaks_for",)
    list_display = ("name", "status", "kind", "country", "host", "updated_at")
    list_filter = ("status", "kind", ("country", ValuesFilter))
    search_words = ("name", "host")


class ArticleForm(RecordForm):
    authors = SimpleArrayField(
        forms.CharField(),
        label=gettext_lazy("Authors"),
        delimiter=";",
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField wide"}),
        help_text=Article._meta.get_field("authors").help_text,
    )

    byline = ""

    class Meta:
        field_classes = {"text": LongTextField}
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField wide"}),
            "url": forms.TextInput(attrs={"class": "vTextField wide"}),
            "text": forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField source"}),
        }

    def is_multipart(self) -> bool:
        return True  # other encodings make six bytes of each letter that is not Latin

    def clean_authors(self) -> list[str]:
        return tidy(self.cleaned_data["authors"])

    def clean_text(self) -> str:
        text = self.cleaned_data.get("text") or ""
        if not text.strip():
            return ""
        try:
            if self.instance.pk:
                return anchoring.normalise(text).strip("\n")
            reading = capture.read(text)
        except anchoring.TextError as error:
            raise ValidationError(str(error), code="text") from None
        self.byline = reading.byline
        self.read_title, self.read_authors = reading.title, list(reading.authors)
        return reading.text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.byline or cleaned.get("text"):
            if not self.instance.pk:
                cleaned["title"] = cleaned.get("title") or getattr(self, "read_title", "")
                cleaned["authors"] = cleaned.get("authors") or getattr(self, "read_authors", [])
        elif "text" not in self.errors:
            known = cleaned.get("url") or cleaned.get("title")
            if cleaned.get("rights") != Article.Rights.METADATA or not known:
                self.add_error(
                    "text",
                    _(
                        "Paste the text; or, for an article whose text is not kept, choose the rights “Metadata only” and give its address or title."
                    ),
                )
        if not cleaned.get("outlet") and cleaned.get("url") and "url" not in self.errors:
            cleaned["outlet"] = capture.outlet_of(cleaned["url"])
        return cleaned


class CoverageOfArticleInline(RowsOfRecord, admin.TabularInline):
    model = Coverage
    form = CoverageForm
    formset = PassageFormSet
    fields = ("meeting", "stance", "exact", "occurrence")
    autocomplete_fields = ("meeting",)
    extra = 1


class QuotationOfArticleInline(WithSourceState, RowsOfRecord, admin.StackedInline):
    model = Quotation
    form = QuotationForm
    formset = PassageFormSet
    fk_name = "article"
    fields = (
        "exact",
        ("speaker", "attribution"),
        ("form", "reported_by", "occurrence"),
        ("meeting", "said_on"),
        ("within", "variant_of"),
        ("language", "rendering", "translated_by"),
        "topics",
        ("status", "source_state"),
        "opened_version",
    )
    readonly_fields = ("status", "source_state")
    autocomplete_fields = ("speaker", "reported_by", "meeting", "within", "variant_of", "topics")
    extra = 1
    show_change_link = True
    ordering = ("start", "pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("source_check")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.user = request.user
        return formset

    def view_on_site(self, obj: Any) -> str:
        return obj.get_absolute_url()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # on its own page, where its own rules hold


@admin.register(Article)
class ArticleAdmin(ChecksSources, ProposalPages, IncomingArticles):
    form = ArticleForm
    change_form_template = "admin/events/article/change_form.html"
    fields = (
        "text",
        "title",
        "authors",
        "outlet",
        "url",
        "published_on",
        "language",
        "kind",
        "rights",
        "derived_from",
    )
    autocomplete_fields = ("outlet", "derived_from")
    list_display = (
        "__str__",
        "status",
        "published_on",
        "language",
        "outlet",
        "rights",
        "updated_at",
        "proposals_link",
    )
    actions = (*RecordAdmin.actions, "check_source")
    list_select_related = ("outlet",)
    ordering = ("-published_range", "-pk")
    list_filter = (
        "status",
        "kind",
        "rights",
        ("language", ValuesFilter),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """An empty form begins with the text to paste; where there is one, it stands last, above the rows that quote it."""
        fields = [*super().get_fields(request, obj)]
        if obj is not None or getattr(request, HELD, None) is not None:
            fields.remove("text")
            fields.append("text")
        return fields

    def search(self, queryset: Any, term: str, user: Any) -> Any:
        rows = queryset.alias(printed_authors=PRINTED_AUTHORS)
        return words_filter(
            rows, term, holds("title", "url", "outlet__name", "published_on", "printed_authors")
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        whole = (
            request.resolver_match is not None and request.resolver_match.url_name == "events_article_change"
        )
        return rows if whole else self.with_waiting(rows.defer("text"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and obj.url:
            fieldsets.insert(1, (_("At the publisher’s"), {"fields": ["page_state"]}))
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "page_state"]

    def told_apart_by(self, obj: Article) -> Iterable[Any]:
        return obj.outlet, dates.wording(obj.published_on) if obj.published_on and (
            obj.title or obj.url
        ) else ""

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [CoverageOfArticleInline, QuotationOfArticleInline] if obj else []

    def save_record(self, obj: Article) -> None:
        # The rows on the same page have looked for their words in the new text already.
        obj.save(reanchor=False)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.byline:
            self.message_user(
                request, _("The byline “%s” was taken off the text.") % form.byline, messages.INFO
            )

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to the quotations: the article's own page is where they are added."""
        if not {"_addanother", "_popup"} & set(request.POST):
            posted: Any = request.POST.copy()
            posted["_continue"] = "1"
            request.POST = posted
        return super().response_add(request, obj, post_url_continue)
