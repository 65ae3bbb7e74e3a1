from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import Q
from django.forms import URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events import codes
from events.admin.base import ReadOnlyAdmin, RecordAdmin, RecordForm
from events.admin.conflicts import OpenedForm
from events.admin.desk import ValuesFilter
from events.admin.rows import RowFormSet
from events.admin.status import RowsOfRecord
from events.models import Name, Participant, Tenure


class NameFormSet(RowFormSet):
    """A record keeps its own English name by itself; typing it again is no error and makes no second row."""

    def clean(self) -> None:
        super().clean()
        preferred: set[str] = set()
        for row in self.forms:
            if row in self.deleted_forms or not row.cleaned_data.get("preferred"):
                continue
            language = row.cleaned_data.get("language", "")
            if language in preferred:
                row.add_error("preferred", _("Another name is the preferred one in this language already."))
            preferred.add(language)

    def save_new(self, form: Any, commit: bool = True) -> Any:
        typed = form.save(commit=False)
        shown = [row.instance.pk for row in self.initial_forms]
        same = (
            Name.objects.filter(**{self.fk.name: self.instance}, language=typed.language, text=typed.text)
            .exclude(pk__in=shown)
            .first()
        )
        if same is not None:
            form.instance.pk, form.instance._state.adding = same.pk, False
        return super().save_new(form, commit)


class NameInline(RowsOfRecord, admin.TabularInline):
    model = Name
    form = OpenedForm
    formset = NameFormSet
    fields = ("text", "language", "kind", "used_by", "valid", "preferred")
    autocomplete_fields = ("used_by",)
    extra = 1


class NamesOfParticipantInline(NameInline):
    fk_name = "participant"


class TenureInline(RowsOfRecord, admin.TabularInline):
    model = Tenure
    form = OpenedForm
    fk_name = "person"
    fields = ("title", "body", "on_behalf_of", "period", "attested")
    autocomplete_fields = ("body", "on_behalf_of")
    extra = 1


class ParticipantForm(RecordForm):
    identifiers = SimpleArrayField(
        URLField(assume_scheme="https"),
        label=_("Identifiers"),
        required=False,
        help_text=Participant._meta.get_field("identifiers").help_text,
    )


@admin.register(Participant)
class ParticipantAdmin(RecordAdmin):
    form = ParticipantForm
    fields = ("name", "sort_name", "kind", "country", "description", "identifiers")
    inlines = (NamesOfParticipantInline, TenureInline)
    list_display = ("sort_name", "status", "kind", "country", "updated_at")
    list_filter = ("status", "kind", ("country", ValuesFilter))

    def told_apart_by(self, obj: Participant) -> Iterable[Any]:
        country = (
            codes.country_name(obj.country) if obj.country and obj.kind != Participant.Kind.STATE else ""
        )
        return country, obj.description[:60]

    def search(self, queryset: Any, term: str, user: Any) -> Any:
        return queryset.named(term)


@admin.register(Tenure)
class TenureAdmin(ReadOnlyAdmin):
    """For choosing an office in other forms. Offices are edited with their person, whose version guards them."""

    search_fields = ("title",)
    ordering = ("title", "person__sort_key", "pk")
    list_select_related = ("person",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.replace("\x00", "").strip()
        queryset = queryset.select_related("person")
        if not term:
            return queryset, False
        people = Participant.objects.named(term).order_by().values("pk")
        return queryset.filter(Q(title__icontains=term) | Q(person__in=people)), False
