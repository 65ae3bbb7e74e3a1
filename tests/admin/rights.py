"""A small archive with a record of each noun in each state, the people who come to its desk, and what becomes of their requests.

It is made once, in a transaction that is never committed; what a request writes is taken back before the next one.
"""

import contextlib
import functools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLResolver
from django_otp.plugins.otp_totp.models import TOTPDevice

from events.admin import imports
from events.editing import duplicates, history, merging, proposals, workflow
from events.models import Change, IncomingArticle, PendingImport
from tests import factories
from tests.admin.desk import shown, staff

PEOPLE = "stranger reader staff viewer Editor Reviewer Administrator superuser".split()
ALIKE = (("stranger", "reader"), ("staff", "Administrator"), ("viewer", "Editor"), ("Reviewer", "superuser"))
NOUNS = "participant place topic meeting agreement outlet article quotation".split()
MERGED = [noun for noun in NOUNS if noun in merging.NOUNS]
LOGS = "accesslog accessfailurelog accessattempt".split()
STATES = "draft review published withdrawn merged".split()
NAMES = {
    "participant": "name",
    "place": "name",
    "outlet": "name",
    "topic": "label",
    "quotation": "attribution",
}
DOOR = "/admin/login/?next="
SAID = "“We are ready”"
NOBODYS = 99_999_999  # a number that nothing has


def name_of(noun: str) -> str:
    """The field by which a record of the noun is called."""
    return NAMES.get(noun, "title")


# The addresses of the desk

LISTED = ("events/NOUN/", "events/NOUN/preview/", "auth/user/")  # where a record is named beside the address


GROUPS = {"events/NOUN/": NOUNS, "axes/LOG/": LOGS}  # addresses that several models have alike


@functools.cache
def routes() -> dict[str, list[str]]:
    """The patterns of the desk's addresses, such as "events/NOUN/OBJECT_ID/change/", with the nouns or logs that have each; none where
    it is the address of one thing alone."""
    found = [*_walk(admin.site.urls[0])]
    shared = Counter(alike(route)[0] for route in found)
    listed: dict[str, list[str]] = {}
    for route in found:
        common, name = alike(route)
        if shared[common] > 1 and name:
            listed.setdefault(common, []).append(name)
        else:
            listed[route] = []
    return listed


def _walk(patterns: Any, prefix: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, prefix + str(one.pattern))
        else:
            # Without the types: "<path:object_id>/change/" is OBJECT_ID/change/.
            route = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", prefix + str(one.pattern)).strip("^$")
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found: found[1].upper(), route)


def alike(route: str) -> tuple[str, str]:
    """The pattern that several models have alike, and the name of this one; the pattern itself and "" for any other."""
    for common, names in GROUPS.items():
        app, placeholder, _end = common.split("/")
        if match := re.fullmatch(rf"{app}/({'|'.join(names)})/(.*)", route):
            return f"{app}/{placeholder}/{match[2]}", match[1]
    return route, ""


def filled(route: str, *values: Any) -> str:
    """The address with these values in the places of the pattern's names."""
    rest = iter(values)
    return "/admin/" + re.sub(r"[A-Z_]{2,}", lambda _found: str(next(rest)), route)


# What the database holds

# Sessions, and what is noted of sign-ins, change with whoever comes in; this is about what is done inside.
PASSING = {
    "django_session",
    "axes_accessattempt",
    "axes_accessfailurelog",
    "axes_accesslog",
    "django_migrations",
}


def make_digest() -> None:
    """A function of the database, for this session: a line for each table that differs where a row differs."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - PASSING)
        rows = " union all ".join(
            f"select '{table} ' || count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as said from {table} t"
            for table in tables
        )
        cursor.execute(
            "create function pg_temp.everything() returns text language plpgsql as"
            f" $$ begin return (select string_agg(said, e'\\n') from ({rows}) tables); end $$"
        )


def everything() -> list[str]:
    """All rows of all tables but `PASSING`, as a line for each table: its name, how many rows, and a digest over them."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_temp.everything()")
        return str(cursor.fetchone()[0]).splitlines()


@contextlib.contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is not there any more afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# People and records


class LeftBlank:
    """Middleware that leaves the pages blank, which is most of their time: who may see them is asked here, not what they say."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        return self.get_response(request)

    def process_template_response(self, request: Any, response: Any) -> Any:
        response.content = b""
        return response


class World:
    """`users` and `clients` by name, `records` by noun and state: numbers all of them, since each try is taken back."""

    def __init__(self) -> None:
        self.users: dict[str, Any] = {"stranger": None}
        self.clients: dict[str, Client] = {}
        self.records: dict[str, dict[str, int]] = {noun: {} for noun in NOUNS}
        self.merges: dict[str, int] = {}
        self._forms: dict[str, dict[str, Any]] = {}
        self._make_people()
        self.root, self.writer = self.users["superuser"], staff("Editor")
        self.clients["writer"] = Client()
        self.clients["writer"].force_login(self.writer)
        self.desk = Client()  # where a page is read for what it would send
        self.desk.force_login(self.root)
        for noun in NOUNS:
            self._make_records(noun)
        for noun in MERGED:
            self._merge(noun)
        self._tag()
        self._make_what_waits()
        self._make_rows()
        make_digest()
        self.before = everything()

    def _make_people(self) -> None:
        # A right that is left from better times opens no door to who is not staff any more.
        self.users["reader"] = factories.UserFactory(username="reader")
        self.users["reader"].groups.set(Group.objects.all())
        self.users["staff"] = factories.UserFactory(username="staff", is_staff=True)
        self.users["viewer"] = factories.EditorFactory(username="viewer")
        for name in ("Editor", "Reviewer", "Administrator"):
            self.users[name] = staff(name)
        self.users["superuser"] = User.objects.create_superuser("root", password="password")
        for name, user in self.users.items():
            self.clients[name] = Client()
            with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, f"{__name__}.LeftBlank"]):
                self.clients[name].handler.load_middleware()
            if user is not None:
                self.clients[name].force_login(user)
        self.chief = User.objects.create_superuser("chief", password="password").pk
        self.colleague = staff("Editor").pk
        TOTPDevice.objects.bulk_create([TOTPDevice(user_id=one) for one in (self.chief, self.colleague)])
        self.group = Group.objects.get(name="Editor").pk

    def _make_records(self, noun: str) -> None:
        for state in (*STATES, "spare", "deleted", "kept"):
            if state in ("merged", "kept") and noun not in MERGED:
                continue
            with history.by(self.writer, via=Change.Via.FORM):
                record = self._make(noun, state)
            with history.by(self.writer, via=Change.Via.FORM):
                setattr(record, name_of(noun), f"{noun} {state}")
                record.save()
            self.records[noun][state] = record.pk
            for status in {
                "review": ["review"], "published": ["published"], "withdrawn": ["published", "withdrawn"],
                "merged": ["published"], "kept": ["published"],
            }.get(state, []):  # fmt: skip
                record.refresh_from_db()
                workflow.move(type(record), record.pk, record.version, status, self.root, reason="Twice.")
            if state == "deleted":
                with history.by(self.root, via=Change.Via.FORM):
                    record.delete()

    def _make(self, noun: str, state: str) -> Any:
        fields: dict[str, Any] = {"status": "draft", "created_by": self.writer, "updated_by": self.writer}
        fields[name_of(noun)] = f"{noun} {state}, as it was first"
        if noun == "article":
            fields["url"] = f"http://127.0.0.1/{state}"  # which the archive does not ask
            text = f"{SAID}, said Mira Tal in Port Aster. “No”, said {state.title()} Vesk."
            fields |= {"text": text, "language": "en"}
        elif noun == "quotation":
            article = factories.ArticleFactory(
                text=f"{SAID}, said somebody on the {state} day.", language="en"
            )
            fields |= {"article": article, "exact": SAID}
        elif noun == "agreement":
            fields["url"] = "https://example.org/text"
        record = getattr(factories, f"{noun.title()}Factory")(**fields)
        if noun == "meeting":
            factories.CoverageFactory(meeting=record)
        return record

    def _tag(self) -> None:
        topic = self.record("topic", "published")
        for noun in ("meeting", "agreement", "quotation"):
            for state in ("draft", "published"):
                with history.by(self.root):
                    self.record(noun, state).topics.add(topic)

    def record(self, noun: str, state: str) -> Any:
        return apps.get_model("events", noun).objects.get(pk=self.records[noun][state])

    def number(self, noun: str, state: str) -> int:
        """The number of the record in this state; of "none" one that nothing has."""
        return NOBODYS if state == "none" else self.records[noun][state]

    def _merge(self, noun: str) -> None:
        kept, gone = self.record(noun, "kept"), self.record(noun, "merged")
        self.merges[noun] = merging.merge(kept, gone, {}, self.root).pk

    def _make_what_waits(self) -> None:
        # Everybody has what only some can make: from the time when they had the right.
        self.incoming, self.imports = {}, {}
        for name, user in self.users.items():
            owner = self.writer if user is None else user
            reading = {"title": f"Read by {name}", "text": f"The talks of {name} went on.", "language": "en"}
            self.incoming[name] = str(IncomingArticle.objects.create(user=owner, reading=reading).pk)
            pending = PendingImport(user=owner, noun="topics", filename="topics.csv")
            pending.data = f"label\nTopic of {name}\n".encode()
            imports._run(pending, dry_run=True)
            pending.save()
            self.imports[name] = pending

    def _make_rows(self) -> None:
        draft = self.record("article", "draft")
        file = ContentFile(b"WARC", name="page.warc.gz")
        self.snapshot = factories.SnapshotFactory(article=draft, file=file).pk
        self.tenure = factories.TenureFactory(person=self.record("participant", "draft")).pk
        tried = {"username": "mher", "ip_address": "192.0.2.1", "path_info": "/admin/login/"}
        self.sign_ins = {
            "accesslog": AccessLog.objects.create(**tried).pk,
            "accessfailurelog": AccessFailureLog.objects.create(**tried).pk,
            "accessattempt": AccessAttempt.objects.create(**tried, failures_since_start=1).pk,
        }
        proposals.refresh(draft)
        self.source = proposals.source_key(draft)
        self.waiting, self.accepted, *_more = draft.proposals.filter(noun="participant").order_by("start")
        proposals.accept(self.accepted, self.writer)
        duplicates.refresh(MERGED)

    # Addresses

    def tries(self, route: str, of: str, wanted: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        """Who tries a row of a table, and where: the noun or log ("" where it is the address of one thing alone), the person, the address.

        Of several states each noun has another one; of two people who are answered alike each noun is tried by one.
        """
        route, mark, query = route.partition("?")
        names = routes()[route]
        for place, name in enumerate(names or [""]):
            states = [
                one
                for one in of.split("|")
                if name not in NOUNS or one not in STATES or one in self.records[name]
            ]
            if not states:
                continue  # quotations are not merged
            left_out = {
                pair[(place // len(states)) % 2]
                for pair in ALIKE
                if names and wanted[pair[0]] == wanted[pair[1]]
            }
            for person in PEOPLE:
                if person not in left_out:
                    values, more = self._values(route, states[place % len(states)], name, person)
                    address = filled(route, *([name] if names else []), *values)
                    yield name, person, address + (mark and f"?{query}{more}")

    def _values(self, route: str, of: str, name: str, person: str) -> tuple[list[Any], str]:
        """What stands in the places of a pattern's names, and at the end of its query."""
        if name in NOUNS or route.startswith("events/article/"):
            noun = name or "article"
            if of == "pair":
                return [], f"first={self.number(noun, 'published')}&second={self.number(noun, 'draft')}"
            if of == "-":
                return [], ""
            number = self.number(noun, of)
            return ([], f"&record={number}") if route in LISTED else ([number, 1], "")
        if name in LOGS:
            return [self.sign_ins[name]], ""
        app, _slash, rest = route.partition("/")
        if app == "import":
            own = {"own": person, "another’s": "superuser"}.get(of, "")
            return [self.imports[own].token] if own else ["topics", "csv"], ""
        if app == "r":
            kind = ContentType.objects.get_by_natural_key("events", "meeting")
            return [kind.pk, self.number("meeting", of)], ""
        if rest.startswith("merge/"):
            return [self.merges["participant"]], ""
        if rest.startswith("snapshot/"):
            return [self.snapshot], ""
        if rest.startswith("tenure/"):
            return [self.tenure], ""
        if rest.startswith("group/"):
            return [self.group], ""
        if rest.startswith("user/"):
            user = self.users[person] or self.writer
            number = {"Editor": self.colleague, "superuser": self.chief, "own": user.pk}.get(of, 0)
            return ([], f"record={number}") if route in LISTED else ([number], "")
        return [of], ""

    # What a page would send

    def form(self, address: str) -> dict[str, Any]:
        """What the form at this address sends when nothing is changed in it, as a superuser is shown it."""
        if address not in self._forms:
            page = self.desk.get(address)
            assert page.status_code == 200, address
            self._forms[address] = shown(page)
        return self._forms[address]

    def preview(self, address: str, fields: dict[str, Any]) -> dict[str, Any]:
        """What the button sends of the page that shows what an action would do, with what was chosen there."""
        sent = self.form(address)
        if fields and fields.keys() - {"reason"}:
            sent = shown(self.desk.post(address.partition("?")[0], {**sent, **fields, "look": "1"}))
        return {**sent, **fields, "confirm": "1"}

    # Trying

    def send(self, person: str, address: str, data: Any = None, **more: Any) -> Any:
        """The answer to a request of this person, who has come and gone before: a POST of `data`, a GET where there are none."""
        client = self.clients[person]
        cookies = client.cookies.output(header="", sep=";")
        try:
            return client.get(address, **more) if data is None else client.post(address, data, **more)
        finally:
            client.cookies = SimpleCookie(cookies)

    def seen(self, person: str, address: str) -> str:
        """What becomes of a look at an address: "page", "door", "on" (to another page of the desk), or the status that refuses."""
        response = self.send(person, address)
        if response.streaming:
            list(response.streaming_content)
        if response.status_code == 200:
            return "page"
        return where_to(response)

    def done(self, person: str, address: str, data: Any, is_done: Callable[[], bool] | None = None) -> str:
        """What becomes of a deed: "done", "part" (something else was written), or nothing was: "kept" (and the page tells why), "door",
        or the status that refuses, where the caller asks whether nothing was written."""
        mark = transaction.savepoint()
        response = self.send(person, address, data)
        outcome = "kept" if response.status_code == 200 else where_to(response).replace("on", "kept")
        if outcome == "kept" and everything() != self.before:
            outcome = "done" if is_done is None or is_done() else "part"
        if outcome in ("done", "part"):
            transaction.savepoint_rollback(mark)
        else:
            transaction.savepoint_commit(mark)
        return outcome


def where_to(response: Any) -> str:
    if response.status_code in (301, 302):
        return "door" if response.headers["Location"].startswith(DOOR) else "on"
    return str(response.status_code)
