from typing import Any

from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.forms import URLField
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.admin.base import RecordAdmin, RecordForm
from events.models import Name, Participant, Tenure


class NameFormSet(BaseInlineFormSet):
    """A record keeps its own English name by itself; typing it again is no error and makes no second row."""

    def save_new(self, form: Any, commit: bool = True) -> Any:
        typed = form.save(commit=False)
        same = Name.objects.filter(
            **{self.fk.name: self.instance}, language=typed.language, text=typed.text
        ).first()
        if same is not None:
            form.instance.pk, form.instance._state.adding = same.pk, False
        return super().save_new(form, commit)


class NameInline(admin.TabularInline):
    model = Name
    formset = NameFormSet
    fields = ("text", "language", "kind", "used_by", "valid", "preferred")
    autocomplete_fields = ("used_by",)
    extra = 1


class NamesOfParticipantInline(NameInline):
    fk_name = "participant"


class TenureInline(admin.TabularInline):
    model = Tenure
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
    list_filter = ("status", "kind", ("country", admin.AllValuesFieldListFilter))

    def search(self, queryset: Any, term: str, user: Any) -> Any:
        return queryset.named(term)


@admin.register(Tenure)
class TenureAdmin(admin.ModelAdmin):
    """For choosing an office in other forms; offices are edited with their person."""

    search_fields = ("title",)
    autocomplete_fields = ("person", "body", "on_behalf_of")
    list_display = ("person", "title", "on_behalf_of", "period")
    list_select_related = ("person", "on_behalf_of")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.replace("\x00", "").strip()
        if not term:
            return queryset, False
        people = Participant.objects.named(term).order_by().values("pk")
        return queryset.filter(title__icontains=term) | queryset.filter(person__in=people), False
