"""What is sent to the desk to change something: the fields of each deed, and where it matters how to tell that it was done.

What a form sends is read from the page that a superuser is shown, so that all of it would be done if it were allowed.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User

from events.admin.corrections import FORMS
from events.admin.proposal import form_data
from tests.admin.rights import World, name_of

# Address and fields; and how to tell that it was done, where anything that was written would not be enough.
Sent = tuple[Any, ...]
Deed = Callable[
    [World, str, str, str], Sent | None
]  # world, noun, address, person; None for a noun that has no such thing
PASSWORD = "a garden of forking paths"

DEEDS: dict[str, Deed] = {}


def deed(name: str) -> Callable[[Deed], Deed]:
    def note(function: Deed) -> Deed:
        DEEDS[name] = function
        return function

    return note


def parted(address: str) -> tuple[str, int]:
    """The page, and the number that the address names."""
    page, _mark, query = address.partition("?")
    return page, next(int(part) for part in (query or page).replace("=", "/").split("/") if part.isdecimal())


# Records


@deed("add it")
def add(world: World, noun: str, address: str, person: str) -> Sent:
    fields: dict[str, Any] = {name_of(noun): "New"}
    if noun == "article":
        fields |= {"text": "Nobody has written this before.", "language": "en"}
    elif noun in ("meeting", "agreement"):
        fields["kind"] = {"meeting": "talks", "agreement": "treaty"}[noun]
    elif noun == "quotation":
        fields |= {"article": world.number("article", "review"), "exact": "“No”"}
    return address, {**world.form(address), **fields}


@deed("change it")
def change(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {**world.form(address), name_of(noun): "Changed"}


@deed("delete it")
def delete(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"post": "yes"}


@deed("restore it")
def restore(world: World, noun: str, address: str, person: str) -> Sent:
    _page, number = parted(address)
    stored = apps.get_model("events", noun).objects.filter(pk=number).first()
    return address, {"opened": stored.version if stored else ""}


def action(name: str) -> Deed:
    """Choose an action of a list that shows nothing first."""

    def send(world: World, noun: str, address: str, person: str) -> Sent:
        page, number = parted(address)
        return page, {"action": name, "_selected_action": [number], "post": "yes"}

    return send


def step(action: str, nouns: tuple[str, ...] = (), **fields: Any) -> Deed:
    """Press the button of the page that shows what an action of the list would do."""

    def send(world: World, noun: str, address: str, person: str) -> Sent | None:
        if nouns and noun not in nouns:
            return None
        chosen = {name: value(world) if callable(value) else value for name, value in fields.items()}
        page, number = parted(address)
        return page, world.preview(f"{page}?action={action}&record={number}", chosen)

    return send


TAGGED = ("meeting", "agreement", "quotation")
DEEDS |= {
    "send to review": step("send_to_review"),
    "publish": step("publish"),
    "back to draft": step("back_to_draft"),
    "withdraw": step("withdraw", reason="Not so."),
    "add topics": step("add_topics", TAGGED, topics=lambda world: [world.number("topic", "draft")]),
    "remove topics": step("remove_topics", TAGGED, topics=lambda world: [world.number("topic", "published")]),
    "change the outlet": step(
        "set_outlet", ("article",), outlet=lambda world: world.number("outlet", "published")
    ),
    "delete it by the list": action("delete_selected"),
    "delete accounts": action("delete_selected"),
    "take the device off": action("take_device_off"),
    "change the rights": step("set_rights", ("article",), rights="full"),
}


@deed("merge")
def merge(world: World, noun: str, address: str, person: str) -> Sent:
    fields = {name: value for name, value in world.form(address).items() if not name.startswith("pick:")}
    return address, {**fields, "merge": "1"}


@deed("undo the merge")
def undo(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {}


@deed("tell apart")
def tell_apart(world: World, noun: str, address: str, person: str) -> Sent:
    one, other = sorted(world.number(noun, state) for state in ("draft", "published"))
    return address, {"decide": f"apart {one} {other}"}


@deed("search for duplicates")
def search(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"search": "1"}


# Articles and tables that come in


@deed("read an article")
def read(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"text": "Talks in Port Aster\nThe ministers met on Tuesday and spoke for two hours."}


@deed("store what was read")
def store_read(world: World, noun: str, address: str, person: str) -> Sent | None:
    if noun != "article":
        return None
    sent = {**world.form(f"{address}incoming={world.incoming['superuser']}"), "text": f"{person} said it."}
    return f"{address}incoming={world.incoming[person]}", sent


@deed("check the source")
def check(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {}


def decide(what: str, **fields: Any) -> Deed:
    def send(world: World, noun: str, address: str, person: str) -> Sent:
        row = world.accepted if what == "reopen" else world.waiting
        form = form_data(FORMS[row.noun](row, {row.pk: row})) if what == "correct" else {}
        sent = {name: value for name, value in form.items() if value is not None} | fields
        return address, {**sent, "decide": f"{what} {row.pk}", "source": world.source}

    return send


DEEDS |= {
    "accept a proposal": decide("accept"),
    "correct a proposal": decide("correct", name="Mira Tall"),
    "dismiss a proposal": decide("dismiss"),
    "take a proposal back": decide("reopen"),
}


@deed("read for proposals")
def read_again(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"again": "1"}


@deed("send a table")
def send_table(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"noun": "topics", "text": "label\nPeace process\n"}


@deed("make unknown names")
def make_unknown(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"unknown": "1"}


@deed("store a table")
def store_table(world: World, noun: str, address: str, person: str) -> Sent:
    [pending] = [one for one in world.imports.values() if one.token in address]
    return address, {"store": "1", "plan": pending.plan}


# People


@deed("add an account")
def add_account(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {
        "username": "new",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }


def change_account(is_done: Callable[[User], bool], **fields: Any) -> Deed:
    def send(world: World, noun: str, address: str, person: str) -> Sent:
        _page, number = parted(address)
        chosen = {name: value() if callable(value) else value for name, value in fields.items()}
        sent = {name: value for name, value in {**world.form(address), **chosen}.items() if value is not None}
        return address, sent, lambda: is_done(User.objects.get(pk=number))

    return send


DEEDS |= {
    "change an account": change_account(lambda user: user.first_name == "New", first_name="New"),
    "give all groups": change_account(
        lambda user: user.groups.count() == Group.objects.count(),
        groups=lambda: [group.pk for group in Group.objects.all()],
    ),
    "make a superuser": change_account(lambda user: user.is_superuser, is_superuser="on"),
    "shut out": change_account(lambda user: not user.is_active, is_active=None),
}


@deed("set a password")
def set_password(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}


@deed("change the password")
def change_password(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"old_password": "password", "new_password1": PASSWORD, "new_password2": PASSWORD}


@deed("delete an account")
def delete_account(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"post": "yes"}


@deed("add a group")
def add_group(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"name": "New"}


@deed("change a group")
def change_group(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"name": "Changed"}


@deed("delete a group")
def delete_group(world: World, noun: str, address: str, person: str) -> Sent:
    return address, {"post": "yes"}
