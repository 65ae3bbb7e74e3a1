"""The admin site: the editors' desk."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AllValuesFieldListFilter
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.admin import imports, worklist
from events.admin.sign_in import TwoFactorSite


class Suggestions(AutocompleteJsonView):
    """What a field offers while an editor types, with what tells a record from others of its name."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        suggestion = getattr(self.model_admin, "suggestion", str)
        return {**super().serialize_result(obj, to_field_name), "text": suggestion(obj)}


def is_number(value: Any) -> bool:
    """Whether this can be the number of a record: one that a column of PostgreSQL's `bigint` holds."""
    return str(value).isdecimal() and len(str(value)) < 19


def is_version(value: Any) -> bool:
    """Whether this can be the number of a version, which is an `integer`."""
    return str(value).isdecimal() and len(str(value)) < 10


def numbers(values: Iterable[Any]) -> list[Any]:
    """The values that can be numbers of records; the widgets of Django fail at any other, which the field then refuses."""
    return [value for value in values if not value or is_number(value)]


class AnyAddress(admin.ModelAdmin):
    """Answers addresses that no page of the desk makes, at which Django's own views fail."""

    slow_actions: tuple[str, ...] = ()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        # An action that waits for other servers holds no locks meanwhile.
        is_slow = request.POST.get("action") in self.slow_actions
        try:
            with contextlib.nullcontext() if is_slow else transaction.atomic():
                return super().changelist_view(request, extra_context)
        except (ValueError, OverflowError, DataError):
            self.message_user(request, _("This address could not be understood."), messages.ERROR)
            return HttpResponseRedirect(request.path)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return super().get_object(request, object_id, from_field or None)


class RecordSelect(AutocompleteSelect):
    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, numbers(value), attr)


class RecordSelectMultiple(AutocompleteSelectMultiple):
    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, numbers(value), attr)


class RelationsByName(BaseModelAdmin):
    """For the admin of a noun and for rows: every relation is chosen by typing a name."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RecordSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RecordSelectMultiple(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class ValuesFilter(AllValuesFieldListFilter):
    """The values that a field has in the archive, each by its name; the empty one has a name, too."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        names = dict(self.field.flatchoices)
        for choice in super().choices(changelist):
            shown = names.get(choice["display"], choice["display"])
            yield {**choice, "display": shown if str(shown).strip() else _("not given")}


class Desk(TwoFactorSite):
    site_header = gettext_lazy("South Caucasus Diplomatic Archive: the desk")
    site_title = gettext_lazy("The desk")
    index_title = gettext_lazy("The desk")

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().index(request, {**worklist.home(request.user), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        return worklist.in_order(super().get_app_list(request, app_label))

    def get_urls(self) -> list[Any]:
        # Without Django's way from a number to the public page: it tells the title of a draft to whoever is staff.
        own = [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]
        return [*imports.urls(self.admin_view), *own]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "may_import": bool(imports.importable(request.user))}

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Suggestions.as_view(admin_site=self)(request)
