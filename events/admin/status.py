"""A record's status on its form: who may change it as it stands, and the buttons that lead on."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.admin.conflicts import OPENED_VERSION
from events.admin.desk import RelationsByName
from events.admin.history import compared_url
from events.admin.rows import RowFormSet
from events.editing import versions, workflow
from events.models import Status

MOVE = "_move"  # the buttons' name: which action the form is followed by
UNCHANGED = "archive_unchanged"  # on a request: the form that came is as it was opened
# The action that gives each status, and what its button says.
ACTIONS = {
    Status.DRAFT: ("back_to_draft", gettext_lazy("Back to draft…")),
    Status.REVIEW: ("send_to_review", gettext_lazy("Send to review…")),
    Status.PUBLISHED: ("publish", gettext_lazy("Publish…")),
    Status.WITHDRAWN: ("withdraw", gettext_lazy("Withdraw…")),
}


TYPED = (OPENED_VERSION, "occurrence")  # fields of forms that no record has


def as_read(fields: Any) -> list[Any]:
    """The fields of a form that is only read: without those that only take what is typed."""
    lines = [tuple(as_read(name)) if isinstance(name, list | tuple) else name for name in fields]
    return [name for name in lines if name not in TYPED]


def is_open(request: HttpRequest, record: Any) -> bool:
    return record is None or not workflow.refusal_of_change(request.user, record)


class RowsOfRecord(RelationsByName):
    """Rows on a record's form: they change with the record, so what is public stays closed to those who may not publish."""

    formset: Any = RowFormSet

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and is_open(request, obj)  # type: ignore[call-arg]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and is_open(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and is_open(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        return fields if obj is None or self.has_change_permission(request, obj) else as_read(fields)


class StatusOnForm:
    """For the admin of a noun: the form of what is public is read-only for those who may not publish, and says so; the moves that a
    person may make now stand below the form as buttons, each saves what was changed and leads to the preview."""

    def has_publish_permission(self: Any, request: HttpRequest) -> bool:
        return workflow.has_right(request.user, "publish", self.model)

    def has_change_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)  # type: ignore[misc]
        return bool(may and not (obj is not None and workflow.refusal_of_change(request.user, obj)))

    def changeform_view(
        self: Any, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        record = self.get_object(request, object_id) if request.method == "POST" and object_id else None
        if record is not None and workflow.refusal_of_change(request.user, record):
            return self._closed_meanwhile(request, record)
        return super().changeform_view(request, object_id, *args, **kwargs)  # type: ignore[misc]

    def _closed_meanwhile(self: Any, request: HttpRequest, record: Any) -> HttpResponse:
        """The answer to a save of what has become public since the form was opened: the record, to be read, and why."""
        message = _(
            "Nothing was saved: “%s” is public now. A reviewer can change it, or take it back to draft for you to change."
        )
        self.message_user(request, message % str(record)[:80], messages.ERROR)
        request.method = "GET"
        response: HttpResponse = super().changeform_view(request, str(record.pk))  # type: ignore[misc]
        response.status_code = 403
        return response

    def _create_formsets(self: Any, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        if change and MOVE in request.POST and all(one.is_valid() for one in formsets):
            setattr(request, UNCHANGED, not any(one.has_changed() for one in formsets))
        return formsets, inlines

    def is_left_alone(self, request: HttpRequest, form: Any) -> bool:
        """Whether a button that leads on was used on a form in which nothing was changed: there is nothing to save."""
        return bool(getattr(request, UNCHANGED, False)) and not form.has_changed()

    def save_related(self: Any, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if not self.is_left_alone(request, form):
            super().save_related(request, form, formsets, change)  # type: ignore[misc]

    def construct_change_message(
        self: Any, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        if self.is_left_alone(request, form):
            return []
        return super().construct_change_message(request, form, formsets, add)  # type: ignore[misc]

    def log_change(self: Any, request: HttpRequest, obj: Any, message: Any) -> Any:
        if message or MOVE not in request.POST:
            return super().log_change(request, obj, message)  # type: ignore[misc]
        return None

    def response_change(self: Any, request: HttpRequest, obj: Any) -> HttpResponse:
        action = request.POST.get(MOVE)
        if action in dict(ACTIONS.values()):
            return HttpResponseRedirect(self.preview_address(request, action, obj))
        return super().response_change(request, obj)  # type: ignore[misc]

    def preview_address(self: Any, request: HttpRequest, action: str, record: Any) -> str:
        """The page of the step, which leads back to the list from which the form was opened, as saving does."""
        address = reverse(f"admin:events_{self.opts.model_name}_preview")
        asked = {"action": action, "record": record.pk}
        if came_from := request.GET.get("_changelist_filters", ""):
            asked["back"] = came_from
        return f"{address}?{urlencode(asked)}"

    def render_change_form(
        self: Any, request: HttpRequest, context: Any, add: bool = False, change: bool = False,
        form_url: str = "", obj: Any = None,
    ) -> Any:  # fmt: skip
        if obj is not None:
            context["state"] = self._state(request, obj, context)
            is_checked = self.opts.model_name == "article" and obj.url
            context["may_check_source"] = bool(is_checked and self.has_change_permission(request))
        return super().render_change_form(request, context, add, change, form_url, obj)  # type: ignore[misc]

    def _state(self: Any, request: HttpRequest, record: Any, context: Any) -> dict[str, Any]:
        """What the form says of the record's status."""
        may_change = self.has_change_permission(request, record)
        found = workflow.moves(request.user, record) if may_change and not context.get("is_popup") else []
        adds = record._meta.model_name == "article" and request.user.has_perm("events.add_quotation")
        return {
            "status": record.status,
            "label": record.get_status_display(),
            "reason": record.withdrawal_reason if record.status == Status.WITHDRAWN else "",
            "is_closed": not may_change and super().has_change_permission(request, record),  # type: ignore[misc]
            "add_quotation": f"{reverse('admin:events_quotation_add')}?article={record.pk}" if adds else "",
            "buttons": [ACTIONS[status] for status in found],
            **self._what_others_did(request, record),
        }

    def _what_others_did(self: Any, request: HttpRequest, record: Any) -> dict[str, Any]:
        """For a record that readers do not see: what came of it since this person changed it, and since readers saw it."""
        if record.status == Status.PUBLISHED:
            return {}
        since = versions.since(record, request.user)
        public = versions.last_public(record) if record.published_at else None
        return {
            "since": since,
            "since_url": compared_url(since[0].version, since[-1].before) if since else "",
            "public_url": compared_url(versions.newest(record), public.number) if public else "",
        }


def close_if_public(form: Any, user: Any) -> None:
    """Close the form of a row that is a record of its own and that `user` may not change, such as a public quotation of a draft."""
    if form.instance.pk and workflow.refusal_of_change(user, form.instance):
        for field in form.fields.values():
            field.disabled = True
