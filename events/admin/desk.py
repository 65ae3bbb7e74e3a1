"""The admin site: the editors' desk."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Suggestions(AutocompleteJsonView):
    """What a field offers while an editor types, with what tells a record from others of its name."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        suggestion = getattr(self.model_admin, "suggestion", str)
        return {**super().serialize_result(obj, to_field_name), "text": suggestion(obj)}


class Desk(AdminSite):
    site_header = _("South Caucasus Diplomatic Archive: the desk")
    site_title = _("The desk")
    index_title = _("Records")

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Suggestions.as_view(admin_site=self)(request)
