"""Every way in which the desk changes a record, as an editor goes it: look first, then send. For tests/writers.py.

Each way gives what its write would do to the record (its effect) and a function that sends it. An effect is ("put", new word, words
that go), ("status", status), ("as", number of a version) or ("none",).
"""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve

from events.admin.conflicts import DigestInput, LongTextField
from events.admin.imports import _run
from events.editing import merging, proposals
from events.editing.history import HistoryMiddleware
from events.models import Article, Meeting, Merge, Participant, PendingImport, Proposal, Topic, Version

LONGEST = 150  # code points of a field that collects words; then it begins anew
Effect = tuple[Any, ...]
Way = tuple[
    Any, Effect, Callable[[], bool]
]  # the record, what would be done to it, and doing it: whether it was stored


def words_of(version: Version) -> frozenset[str]:
    """What the writes of the test can change of a record, as a set of words."""
    fields, rows = version.fields, version.rows
    text = {
        "meeting": "summary",
        "article": "title",
        "quotation": "attribution",
        "participant": "description",
    }
    words = str(fields[text[version.noun]]).split()
    for row in rows.get("attendances", ()):
        words += row["note"].split()
    topics = [f"topic:{number}" for number in rows.get("topics", ())]
    return frozenset([*words, *topics, f"status:{fields['status']}"])


def after(words: frozenset[str], effect: Effect, versions: dict[int, frozenset[str]]) -> frozenset[str]:
    """The words of a record after a write with this effect."""
    kind, *what = effect
    if kind == "put":
        return words - {*what[1:]} | {what[0]} - {""}
    status = {word for word in words if word.startswith("status:")}
    if kind == "status":
        return words - status | {f"status:{what[0]}"}
    if kind == "as":
        return frozenset(one for one in versions[what[0]] if not one.startswith("status:")) | status
    return words


class Desk:
    """One editor. `mark` names the write that comes next, in the history too."""

    def __init__(self, name: str) -> None:
        self.user = get_user_model().objects.get(username=name)
        self.mark = ""

    def request(self, request: HttpRequest) -> Any:
        request.user = self.user
        request.session = {}  # type: ignore[assignment]
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return request

    def send(self, address: str, data: dict[str, Any]) -> tuple[Any, set[int]]:
        """The answer of the page's view, and the levels of what it tells. It is not made into HTML, which costs more than all else."""
        request = self.request(RequestFactory().post(address, data))
        request.resolver_match = view, args, kwargs = resolve(request.path)
        request._messages = told = CookieStorage(request)
        answer = HistoryMiddleware(lambda request: view(request, *args, **kwargs))(request)
        assert answer.status_code < 500, answer
        return answer, {message.level for message in told._queued_messages}

    def is_told_success(self, address: str, data: dict[str, Any]) -> bool:
        return messages.SUCCESS in self.send(address, data)[1]

    def marked(self, text: str) -> tuple[str, Effect]:
        """A field's text with the mark, and what that does."""
        if len(text) > LONGEST:
            return self.mark, ("put", self.mark, *text.split())
        return f"{text} {self.mark}".strip(), ("put", self.mark)

    # Forms

    def opened(self, record: Any) -> dict[str, Any]:
        """What a browser would send of the record's form. Without the page around it, whose making is not what is tested."""
        request = self.request(RequestFactory().get("/"))
        noun = admin.site.get_model_admin(type(record))
        form = noun.get_form(request, record, change=True)(instance=record)
        formsets, _inlines = noun._create_formsets(request, record, change=True)
        data: dict[str, Any] = {"comment": self.mark}
        for one in (form, *(row for formset in formsets for row in formset.initial_forms)):
            data |= dict(as_sent(one))
        for formset in formsets:
            counts = {"TOTAL_FORMS": len(formset.initial_forms), "INITIAL_FORMS": len(formset.initial_forms)}
            data |= {f"{formset.prefix}-{name}": number for name, number in counts.items()}
        return data | {"comment": self.mark}

    def by_form(self, record: Any, field: str, owner: Any = None) -> Way:
        """The mark is added to a field of the form; `owner` is the record whose form shows it, if it is another one."""
        shown = owner or record
        data = self.opened(shown)
        key = field
        if owner is not None:
            number = next(
                (
                    key.split("-")[1]
                    for key, value in data.items()
                    if key.endswith("-id") and value == str(record.pk)
                ),
                "",
            )
            key = f"quotations-{number}-{field}"
        data[key], effect = self.marked(data.get(key, ""))
        address = f"/admin/events/{shown._meta.model_name}/{shown.pk}/change/"
        return record, effect, lambda: self.send(address, data)[0].status_code == 302

    def form(self, meeting: Meeting, random: Random) -> Way:
        return self.by_form(meeting, "summary")

    def row(self, meeting: Meeting, random: Random) -> Way:
        return self.by_form(meeting, "attendances-0-note")

    def article(self, article: Article, random: Random) -> Way:
        return self.by_form(article, "title")

    def quotation(self, article: Article, random: Random) -> Way:
        return self.by_form(article.quotations.earliest("pk"), "attribution")

    def quotation_row(self, article: Article, random: Random) -> Way:
        return self.by_form(article.quotations.earliest("pk"), "attribution", article)

    def person(self, person: Participant, random: Random) -> Way:
        return self.by_form(person, "description")

    # Actions of lists

    def by_action(self, action: str, record: Any, effect: Effect, **fields: Any) -> Way:
        chosen = [str(number) for number in fields.get("topics", ())]
        data = {
            "action": action,
            "records": f"{record.pk}.{record.version}",
            "shown": ",".join(chosen),
            "confirm": "1",
            "comment": self.mark,
            **fields,
        }
        address = f"/admin/events/{record._meta.model_name}/preview/"
        return record, effect, lambda: self.is_told_success(address, data)

    def topic(self, meeting: Meeting, random: Random) -> Way:
        topic = random.choice(list(Topic.objects.order_by("pk")))
        has_it = meeting.topics.filter(pk=topic.pk).exists()
        word, action = f"topic:{topic.pk}", "remove_topics" if has_it else "add_topics"
        return self.by_action(
            action, meeting, ("put", "", word) if has_it else ("put", word), topics=[topic.pk]
        )

    def status(self, meeting: Meeting, random: Random) -> Way:
        is_draft = meeting.status == "draft"
        action, status = ("send_to_review", "review") if is_draft else ("back_to_draft", "draft")
        return self.by_action(action, meeting, ("status", status))

    # Tables

    def by_table(self, noun: str, record: Any, effect: Effect, *cells: tuple[str, str]) -> Way:
        table = "\n".join("\t".join(row) for row in zip(*cells, strict=True))
        PendingImport.objects.filter(user=self.user).delete()
        pending = PendingImport(user=self.user, noun=noun, filename=f"{self.mark}.csv", data=table.encode())
        report = _run(pending, dry_run=True)
        assert report.counts["changed"] == 1, report
        pending.save()
        address = f"/admin/import/{pending.token}/"
        return record, effect, lambda: self.is_told_success(address, {"plan": pending.plan})

    def table(self, meeting: Meeting, random: Random) -> Way:
        summary, effect = self.marked(meeting.summary)
        return self.by_table("meetings", meeting, effect, ("record", f"#{meeting.pk}"), ("summary", summary))

    def table_of_rows(self, meeting: Meeting, random: Random) -> Way:
        row = random.choice(list(meeting.attendances.order_by("pk")))
        note, effect = self.marked(row.note)
        cells = (
            ("meeting", f"#{meeting.pk}"),
            ("participant", f"#{row.participant_id}"),
            ("note", note),
        )
        return self.by_table("attendances", meeting, effect, *cells)

    # The history

    def restore(self, meeting: Meeting, random: Random) -> Way:
        """One of the last versions that says something else than the stored record."""
        newest, *older = Version.objects.of(meeting)[:8]
        content = words_of(newest) - {f"status:{newest.status}"}
        others = [one for one in older if words_of(one) - {f"status:{one.status}"} != content]
        if not others:
            return self.form(meeting, random)
        number = random.choice(others).number
        address = f"/admin/events/meeting/{meeting.pk}/history/{number}/"
        data = {"opened": str(meeting.version), "comment": self.mark}
        return meeting, ("as", number), lambda: self.is_told_success(address, data)

    # Proposals and merges

    def proposal(self, article: Article, random: Random) -> Way:
        row = article.proposals.filter(noun="quotation").latest("start")
        action = "accept" if row.decision == Proposal.Decision.WAITING else "reopen"
        address = f"/admin/events/article/{article.pk}/proposals/"
        data = {"decide": f"{action} {row.pk}", "source": proposals.source_key(article)}
        return article, ("none",), lambda: self.is_told_success(address, data)

    def merge(self, kept: Participant, gone: Participant) -> Way:
        plan = merging.plan(kept, gone)
        address = f"/admin/events/participant/merge/?first={kept.pk}&second={gone.pk}"
        data = {
            "merge": "1",
            "digest": plan.digest,
            "kept_version": plan.versions[0],
            "gone_version": plan.versions[1],
            "comment": self.mark,
        }
        return kept, ("none",), lambda: self.is_told_success(address, data)

    def undo(self, merge: Merge) -> Way:
        address = f"/admin/events/merge/{merge.pk}/undo/"
        kept = Participant.objects.get(pk=merge.kept)
        return kept, ("none",), lambda: self.is_told_success(address, {})


def as_sent(form: Any) -> Iterable[tuple[str, Any]]:
    """The fields of a form that nobody has changed, with what it was opened with."""
    for bound in form:
        value = bound.value()
        if value is not False:
            yield bound.html_name, _as_text(value)
        if bound.field.show_hidden_initial:
            is_long = isinstance(bound.field, LongTextField)
            yield bound.html_initial_name, DigestInput().format_value(value) if is_long else _as_text(value)


def _as_text(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [str(getattr(one, "pk", one)) for one in value]
    return "" if value is None else "on" if value is True else str(value)


PAIRS_OF_MEETING = [
    ("form", "form"), ("form", "row"), ("form", "topic"), ("form", "status"), ("form", "table"), ("form", "table_of_rows"),
    ("form", "restore"), ("row", "table_of_rows"), ("row", "restore"), ("topic", "topic"), ("topic", "table"), ("topic", "restore"),
    ("status", "table"), ("table", "table_of_rows"), ("table", "restore"), ("restore", "restore"),
]  # fmt: skip
PAIRS_OF_ARTICLE = [
    ("proposal", "article"), ("proposal", "quotation_row"), ("proposal", "proposal"), ("quotation", "quotation_row"),
    ("quotation", "article"), ("article", "quotation_row"),
]  # fmt: skip


def choose(desk: Desk, me: str, random: Random, records: dict[str, Any]) -> tuple[str, Way]:
    """What this editor does in a round, and its name; both processes ask with an equal `random`, and before anybody writes."""
    mine = ["a", "b"].index(me) ^ random.getrandbits(1)
    kind = random.choices(("meeting", "article", "people"), (6, 3, 2))[0]
    own = Random(f"{random.random()}{me}")
    if kind == "people":
        merge = Merge.objects.filter(undone_at=None).first()
        pair = random.choice([("merge", "person"), ("merge", "merge")])
        people = random.sample(records["people"], 2)
        if pair[mine] == "person":
            return "person", desk.person(Participant.objects.get(pk=random.choice(people)), own)
        if merge is not None:
            return "undo", desk.undo(merge)
        kept, gone = (
            Participant.objects.get(pk=number) for number in (people if me == "a" else people[::-1])
        )
        return "merge", desk.merge(kept, gone)
    model, pairs = (Meeting, PAIRS_OF_MEETING) if kind == "meeting" else (Article, PAIRS_OF_ARTICLE)
    way = random.choice(pairs)[mine]
    record: Any = model.objects.get(pk=records[kind])
    return way, getattr(desk, way)(record, own)
