"""The admin as a browser sends it: what a form shows is what a test posts, with the test's changes."""

from typing import Any

from django.contrib.auth.models import Group
from django.forms import CheckboxInput, ModelMultipleChoiceField
from django.test import Client

from events.admin.conflicts import DigestInput
from tests import factories


def staff(*groups: str) -> Any:
    """Somebody who may sign in to the admin, with the rights of the groups."""
    user = factories.UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def shown(response: Any) -> dict[str, Any]:
    """What a browser would send of the form on this page if the editor changed nothing."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for field in form:
            data |= sent(field.html_name, field.field, field.value())
            if field.field.show_hidden_initial:
                opened = form.data.getlist(field.html_initial_name) if form.is_bound else None
                if opened is None:
                    hidden = field.field.hidden_widget()
                    is_digest = isinstance(hidden, DigestInput)
                    value = hidden.format_value(field.initial) if is_digest else field.initial
                    data |= sent(field.html_initial_name, field.field, value)
                elif opened:
                    data[field.html_initial_name] = [as_sent(value) for value in opened]
    return data


def sent(name: str, field: Any, value: Any) -> dict[str, Any]:
    """A field's part of a request; line breaks are sent as browsers send them."""
    if isinstance(field.widget, CheckboxInput):
        return {name: "on"} if value else {}
    if isinstance(field, ModelMultipleChoiceField) and not value:
        return {}
    prepared = field.prepare_value(value)
    if isinstance(prepared, list):
        return {name: prepared}
    return {name: "" if prepared is None else as_sent(str(prepared))}


def as_sent(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def rows(prefix: str, data: dict[str, Any], *changes: dict[str, Any]) -> dict[str, Any]:
    """`data` with new rows of an inline, after those that are there."""
    first = int(data[f"{prefix}-INITIAL_FORMS"])
    filled = dict(data)
    filled[f"{prefix}-TOTAL_FORMS"] = str(max(first + len(changes), int(data[f"{prefix}-TOTAL_FORMS"])))
    blank = {
        key.split("-", 2)[2]: value for key, value in data.items() if key.startswith(f"{prefix}-{first}-")
    }
    for number, change in enumerate(changes, first):
        filled |= {f"{prefix}-{number}-{name}": value for name, value in {**blank, **change}.items()}
    return filled


def errors(response: Any) -> dict[str, list[str]]:
    """The messages of a refused form: the record's own by field, those of rows by "prefix-number-field"."""
    form = response.context["adminform"].form
    found = {name: list(messages) for name, messages in form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        if inline.formset.non_form_errors():
            found[inline.formset.prefix] = list(inline.formset.non_form_errors())
        for row in inline.formset.forms:
            found |= {f"{row.prefix}-{name}": list(messages) for name, messages in row.errors.items()}
    return found


def add(client: Client, noun: str, **fields: Any) -> Any:
    """Send the form for a new record with these fields; the answer."""
    address = f"/admin/events/{noun}/add/"
    return client.post(address, {**shown(client.get(address)), **fields})


def change(client: Client, record: Any, **fields: Any) -> Any:
    """Open the record's form, change these fields and send it; the answer."""
    address = f"/admin/events/{record._meta.model_name}/{record.pk}/change/"
    return client.post(address, {**shown(client.get(address)), **fields})


def act(client: Client, action: str, *records: Any) -> list[str]:
    """Run an action of the list on the records; the report."""
    client.get("/admin/")  # shows what earlier steps had to say
    address = f"/admin/events/{records[0]._meta.model_name}/"
    data = {"action": action, "_selected_action": [record.pk for record in records]}
    return [str(message) for message in client.post(address, data, follow=True).context["messages"]]
