"""What an editor typed outlives a session that has ended and a window that was closed: the browser keeps it and offers it back.

The keeping is done by static/admin_desk/kept.js. Here is what the server does for it: it tells the page after a save that what the
browser has kept is stored now, and a form that is brought back is shown and not saved.
"""

import re
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

KEPT = "kept_id"  # the parameter by which a page says under which name the browser keeps what it sends
BRING_BACK = "_bring_back"  # the parameter of a form that was kept: show it again
SAVED = "archive_saved"  # on a request: what it sent is stored

_NAME = re.compile(r"[0-9a-f]{32}")


def refuse_kept(data: Any) -> None:
    """`ValidationError` where the form comes out of the browser's keeping: nobody has looked it through yet."""
    if BRING_BACK in data:
        raise ValidationError(
            _("What you typed is back. Nothing of it is stored yet: look it through and save."),
            code="brought",
        )


def stored_as(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The redirect after what the request sent was taken; its address tells the browser what need not be kept any more."""
    name = request.POST.get(KEPT, "")
    if response.status_code == 302 and _NAME.fullmatch(name):
        response["Location"] += f"#kept-{name}"
    return response


class KeepsTyped(ModelAdmin):
    """A noun whose form is kept by the browser while somebody types."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().changeform_view(request, *args, **kwargs)
        return stored_as(request, response) if getattr(request, SAVED, False) else response

    def save_related(self, request: HttpRequest, *args: Any) -> None:
        super().save_related(request, *args)
        setattr(request, SAVED, True)
