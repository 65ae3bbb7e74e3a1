"""The admin site: the editors' desk."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Suggestions(AutocompleteJsonView):
    """What a field offers while an editor types, with what tells a record from others of its name."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        suggestion = getattr(self.model_admin, "suggestion", str)
        return {**super().serialize_result(obj, to_field_name), "text": suggestion(obj)}


class NumbersOnly:
    """A value that is no number of a record is an error of its field; the widget itself would fail at it."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        numbers = [one for one in value if not one or (str(one).isdecimal() and len(str(one)) < 19)]
        return super().optgroups(name, numbers, attrs)  # type: ignore[misc]


class RecordSelect(NumbersOnly, AutocompleteSelect):
    pass


class RecordSelectMultiple(NumbersOnly, AutocompleteSelectMultiple):
    pass


class RelationsByName:
    """For the admin of a noun and for rows: every relation is chosen by typing a name."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:  # type: ignore[attr-defined]
            kwargs["widget"] = RecordSelect(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:  # type: ignore[attr-defined]
            kwargs["widget"] = RecordSelectMultiple(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class Desk(AdminSite):
    site_header = _("South Caucasus Diplomatic Archive: the desk")
    site_title = _("The desk")
    index_title = _("Records")

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Suggestions.as_view(admin_site=self)(request)
