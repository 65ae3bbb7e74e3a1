"""The admin as a browser sends it: what a form shows is what a test posts, with the test's changes."""

from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from tests import factories


def staff(*groups: str) -> Any:
    """Somebody who may sign in to the admin, with the rights of the groups."""
    user = factories.UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def shown(response: Any) -> dict[str, Any]:
    """What a browser would send of the form on this page if the editor changed nothing: read from the page itself."""
    reader = FormReader()
    reader.feed(response.content.decode())
    return {name: values if len(values) > 1 else values[0] for name, values in reader.sent.items()}


class FormReader(HTMLParser):
    """The fields of the record's form as a browser sends them, line breaks included."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.inside = False
        self.field: str | None = None
        self.text = ""
        self.options: list[str] = []
        self.first: str | None = None
        self.is_multiple = False

    def send(self, name: str, value: str) -> None:
        if "__prefix__" not in name:
            self.sent.setdefault(name, []).append(value.replace("\r\n", "\n").replace("\n", "\r\n"))

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        found = dict(attributes)
        name = found.get("name")
        if tag == "form":
            self.inside = bool((found.get("id") or "").endswith("_form")) and found["id"] != "logout-form"
        if not self.inside:
            return
        if tag == "input" and name and found.get("type") not in ("submit", "button", "file"):
            is_box = found.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in found:
                self.send(name, found.get("value") or ("on" if is_box else ""))
        elif tag == "textarea":
            self.field, self.text = name, ""
        elif tag == "select":
            self.field, self.options, self.first, self.is_multiple = name, [], None, "multiple" in found
        elif tag == "option":
            self.first = found.get("value", "") if self.first is None else self.first
            if "selected" in found:
                self.options.append(found.get("value", ""))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.inside and self.field:
            # The first line break after the tag is not a part of the text.
            self.send(self.field, self.text.replace("\r\n", "\n").removeprefix("\n"))
        elif tag == "select" and self.inside and self.field:
            for value in self.options or ([] if self.is_multiple or self.first is None else [self.first]):
                self.send(self.field, value)


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


def preview(client: Client, action: str, *records: Any, **fields: Any) -> Any:
    """Choose an action of the list for the records, and what it asks for; the page that shows what it would change."""
    client.get("/admin/")  # shows what earlier steps had to say
    address = f"/admin/events/{records[0]._meta.model_name}/"
    data = {"action": action, "_selected_action": [record.pk for record in records]}
    page = client.post(address, data, follow=True)
    if fields and "preview" in page.context:
        page = client.post(f"{address}preview/", {**shown(page), **fields, "look": "1"})
    return page


def confirm(client: Client, page: Any, **fields: Any) -> list[str]:
    """Press the button of a preview; the report, with what the page itself refuses before."""
    told = [
        f"Refused: “{line.record}”. {' '.join(line.refusal)}"
        for line in page.context["preview"].lines["refused"]
    ]
    if not page.context["may_confirm"]:
        return told
    data = {**shown(page), **fields, "confirm": "1"}
    address = f"/admin/events/{page.context['opts'].model_name}/preview/"
    return told + [str(message) for message in client.post(address, data, follow=True).context["messages"]]


def act(client: Client, action: str, *records: Any, **fields: Any) -> list[str]:
    """Run an action of the list on the records and confirm what it shows; the report."""
    page = preview(client, action, *records, **fields)
    if "preview" in page.context:
        return confirm(client, page, **fields)
    return [str(message) for message in page.context["messages"]]
