"""Readers' requests run as a role that cannot see drafts: whatever Python asks for, with and without its own filters."""

import io
import urllib.request
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import resolve

from events import models, urls, views
from events.models import Status, pieces
from events.models.base import Record, VisibleQuerySet
from events.reading import filters, role
from tests import factories
from tests.reading.test_versions import keep
from tests.test_privacy import CANARY, LISTS, TYPED, pages, plant, publish_beside, surfaces

pytestmark = pytest.mark.django_db

FORMER = "former"  # published once, a draft again
FILTERS = {
    one._meta.model._meta.model_name: one
    for one in vars(filters).values()
    if isinstance(one, type) and issubclass(one, filters.ListFilter) and one._meta.model
}


def archive(status: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The records of `plant`, in a status that readers may not see, and those of `publish_beside`; each in two versions."""
    hidden: dict[str, Any] = plant(Status.PUBLISHED if status == FORMER else status)
    published: dict[str, Any] = publish_beside(hidden)
    # Public now, and it was a draft with other words.
    published["improved"] = factories.MeetingFactory(
        title=f"{CANARY} talks", summary=CANARY, status=Status.DRAFT
    )
    keep()
    if status == FORMER:
        for record in hidden.values():
            type(record).objects.filter(pk=record.pk).update(status=Status.DRAFT)
    for record in published.values():
        type(record).objects.filter(pk=record.pk).update(withdrawal_reason=f"{CANARY} note")
    improved = models.Meeting.objects.filter(pk=published["improved"].pk)
    improved.update(title="Improved talks", summary="", status=Status.PUBLISHED)
    published["improved"] = improved.get()
    keep()
    return hidden, published


def every_address(hidden: dict[str, Any], published: dict[str, Any]) -> list[str]:
    """Those of `surfaces`, and each list with each of its parameters, by choices, by days, and by hidden and public numbers."""
    addresses = surfaces(hidden, published)
    for noun, one in FILTERS.items():
        for name, filter_ in one.base_filters.items():
            if isinstance(filter_, filters.RecordFilter):
                model = filter_.extra["queryset"](None).model
                values: list[Any] = [
                    record.pk
                    for records in (hidden, published)
                    for record in records.values()
                    if isinstance(record, model)
                ]
            elif isinstance(filter_, filters.DayFilter):
                values = ["2023-02-27"]
            elif name in ("q", "page"):
                values = [f"{CANARY} Ann", f"{CANARY[:-1]}t", "Petrosyan"] if name == "q" else [1]
            else:
                choices = filter_.extra.get("choices", [])
                values = [value for value, _label in (choices() if callable(choices) else choices)]
            addresses += [f"/{noun}s/?{name}={value}" for value in values]
    addresses += [*former_versions(hidden), *former_versions(published)]
    return [*addresses, "/%00", "/meetings/x/", f"/{CANARY}/".lower()]


def former_versions(records: dict[str, Any]) -> list[str]:
    """Their first versions and one that there may not be."""
    return [
        f"{record.get_absolute_url()}?version={number}"
        for name, record in records.items()
        for number in (1, 2, 9)
        if name != "outlet"
    ]


def remove_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take out whatever hides a row in Python: each `visibility()`, `public()` and `visible_to()`."""
    for model in (Record, *apps.get_app_config("events").get_models()):
        if "visibility" in vars(model):
            monkeypatch.setattr(model, "visibility", classmethod(lambda cls, user=None, path="": Q()))
    monkeypatch.setattr(pieces, "_made", {})  # SQL that was made with them, which stands again afterwards
    monkeypatch.setattr(VisibleQuerySet, "public", lambda rows: rows.all())
    monkeypatch.setattr(VisibleQuerySet, "visible_to", lambda rows, user: rows.all())


def shown(answers: dict[str, str]) -> set[str]:
    """The addresses that answer with the canary word, beyond what a page repeats of the words typed."""
    return {
        address
        for address, body in answers.items()
        if body.lower().count(CANARY.lower()) > (TYPED if f"q={CANARY}" in address else 0)
    }


class TestWithoutTheFiltersOfPython:
    @pytest.mark.parametrize("status", [Status.REVIEW, Status.WITHDRAWN])
    def test_no_address_shows_a_hidden_record(self, client, monkeypatch, status):
        addresses = surfaces(*archive(status))
        remove_filters(monkeypatch)
        assert shown(pages(client, addresses)) == set()

    @pytest.mark.parametrize("status", [Status.DRAFT, FORMER])
    def test_every_address_answers_as_with_them(self, client, monkeypatch, status):
        addresses = every_address(*archive(status))
        before = pages(client, addresses)
        remove_filters(monkeypatch)
        answers = pages(client, addresses)
        assert shown(answers) == set()
        assert {address for address in addresses if answers[address] != before[address]} == set()

    def test_nothing_changes_with_more_drafts(self, client, monkeypatch):
        hidden, published = archive(Status.DRAFT)
        remove_filters(monkeypatch)
        addresses = [*surfaces(hidden, published), *former_versions(published)]
        before = pages(client, addresses)
        plant(Status.REVIEW)
        draft = factories.ParticipantFactory(name=f"{CANARY} more", status=Status.DRAFT)
        for record in (published["meeting"], published["part"]):
            factories.AttendanceFactory(meeting=record, participant=draft)
            factories.CoverageFactory(
                meeting=record, article=factories.ArticleFactory(status=Status.DRAFT, title=CANARY)
            )
            record.topics.add(factories.TopicFactory(label=f"{CANARY} {record.pk}", status=Status.DRAFT))
            factories.QuotationFactory(
                article=published["article"], exact="and", meeting=record, speaker=published["participant"],
                reported_by=draft, status=Status.DRAFT,
            )  # fmt: skip
        factories.TenureFactory(person=draft, body=published["participant"], title=f"{CANARY} office")
        published["agreement"].parties.add(draft)
        # What leads to one draft leads to another, or to none: versions that differ in that alone.
        rows = models.Meeting.objects.filter(pk=published["meeting"].pk)
        rows.update(place=factories.PlaceFactory(status=Status.DRAFT), parent=None)
        models.Quotation.objects.filter(pk=published["quotation"].pk).update(reported_by=draft, meeting=None)
        models.Tenure.objects.filter(person=published["participant"]).update(body=draft)
        models.Attendance.objects.filter(participant=published["participant"]).update(claimed_by=draft)
        keep()
        after = pages(client, addresses)
        assert {address for address in addresses if after[address] != before[address]} == set()

    def test_the_crawl_would_show_them_without_the_role(self, client, monkeypatch):
        """The control: what keeps the words from the pages above is the role and nothing else."""
        hidden, published = archive(Status.DRAFT)
        addresses = [*(f"/{noun}/" for noun in LISTS), "/", "/about/names/"]
        del published[
            "improved"
        ]  # a former version alone holds the word, and versions are read from the view in any case
        addresses += [
            record.get_absolute_url()
            for records in (hidden, published)
            for name, record in records.items()
            if name != "outlet"
        ]
        before = pages(client, addresses)
        remove_filters(monkeypatch)
        monkeypatch.setattr(role, "reading", nullcontext)
        assert (shown(before), set(addresses) - shown(pages(client, addresses))) == (set(), set())

    def test_the_crawl_comes_to_every_address(self):
        hidden = plant(Status.DRAFT)
        asked = [
            address.partition("?")[0]
            for address in every_address(hidden, publish_beside(hidden))
            if not address.startswith(("/no-such", "/healthz", "/%00", "/meetings/x/"))
            and CANARY.lower() not in address.partition("?")[0].strip("/").lower().split("/")
        ]
        assert {resolve(path).url_name for path in asked} == {pattern.name for pattern in urls.urlpatterns}

    @pytest.mark.django_db(transaction=True)
    def test_a_server_of_threads_shows_none_either(self, live_server, monkeypatch):
        hidden = plant(Status.DRAFT)
        published = publish_beside(hidden)
        remove_filters(monkeypatch)
        addresses = ["/", "/meetings/", "/participants/", published["meeting"].get_absolute_url()]
        bodies = {
            address: urllib.request.urlopen(live_server.url + address).read().decode()
            for address in addresses
        }
        assert shown(bodies) == set()
        monkeypatch.setattr(role, "reading", nullcontext)
        bodies = {
            address: urllib.request.urlopen(live_server.url + address).read().decode()
            for address in addresses
        }
        assert shown(bodies) == set(addresses)


def state() -> tuple[str, ...]:
    """What the connection stands at: user, path, whether it takes changes, isolation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, current_setting('search_path'), current_setting('transaction_read_only'),"
            " current_setting('transaction_isolation')"
        )
        return tuple(cursor.fetchone())


@pytest.fixture
def within(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the home page do something else."""

    def answer_with(work: Any) -> None:
        monkeypatch.setattr(views.HomeView, "get", lambda view, request: work())

    return answer_with


def tell() -> HttpResponse:
    return HttpResponse(" ".join(state()))


class TestRequest:
    READER = "archive_reader published, public on"

    @pytest.mark.parametrize(
        ("account", "is_reader"),
        [
            (None, True),
            (factories.UserFactory, True),
            (lambda: factories.UserFactory(is_staff=True), True),
            (lambda: factories.EditorFactory(is_staff=False), True),
            (factories.EditorFactory, False),
            (lambda: factories.UserFactory(is_staff=True, is_superuser=True), False),
        ],
        ids=["nobody", "account", "staff", "former editor", "editor", "superuser"],
    )
    def test_of_whom_reads_as_the_role(self, client, within, account, is_reader):
        if account:
            client.force_login(account())
        within(tell)
        assert client.get("/").content.decode().startswith(self.READER) == is_reader

    @pytest.mark.parametrize("rights", [False, True])
    def test_of_somebody_without_drafts_may_ask_for_rights(self, client, rights):
        account = factories.UserFactory(is_staff=True)
        if rights:
            account.user_permissions.add(
                *factories.Permission.objects.filter(codename="change_meeting").only("pk")
            )
        client.force_login(account)
        response = client.get(factories.MeetingFactory().get_absolute_url())
        assert (response.status_code, "/admin/events/meeting/" in response.content.decode()) == (200, rights)

    def test_in_the_admin_is_not_the_roles(self, client):
        account = factories.UserFactory(is_staff=True)
        client.force_login(account)
        assert client.get("/admin/").status_code == 200  # lists what the account did last
        client.logout()
        answer = client.post("/admin/login/?next=/admin/", {"username": account, "password": "password"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")

    def test_is_planned_with_all_that_views_join(self, client, within):
        """Eleven tables on a participant's page: with PostgreSQL's eight it took a plan that read whole tables."""
        with role.reading(), connection.cursor() as cursor:
            cursor.execute(
                "select current_setting('join_collapse_limit'), current_setting('from_collapse_limit')"
            )
            assert cursor.fetchone() == ("11", "11")

    def test_ends_as_it_began(self, client, within):
        before = state()
        client.get("/")
        client.get("/no-such-page/")
        assert state() == before

    @pytest.mark.parametrize("error", [ValueError, DatabaseError])
    def test_ends_as_it_began_after_an_error(self, client, within, error):
        def fail() -> None:
            if error is DatabaseError:
                with connection.cursor() as cursor:
                    cursor.execute("select 1 / 0")
            raise error

        before = state()
        client.raise_request_exception = False
        within(fail)
        assert (client.get("/").status_code, state()) == (500, before)
        within(tell)
        assert client.get("/").content.decode().startswith(self.READER)

    @pytest.mark.parametrize(
        "write",
        [
            lambda: models.Topic.objects.create(label="Written"),
            lambda: models.Meeting.objects.update(title="Written"),
            lambda: models.Name.objects.all().delete(),
            lambda: list(models.Meeting.objects.select_for_update()),
        ],
        ids=["insert", "update", "delete", "lock"],
    )
    def test_cannot_write(self, client, within, write):
        factories.fill(1)

        def stored() -> tuple[list[str], int, int]:
            titles = sorted(models.Meeting.objects.values_list("title", flat=True))
            return titles, models.Name.objects.count(), models.Topic.objects.count()

        before = stored()
        within(write)
        with pytest.raises(DatabaseError, match=r"permission denied|cannot (insert into|delete from)"):
            client.get("/")
        assert stored() == before

    def test_is_refused_where_the_role_cannot_be_taken(self, client, caplog):
        with connection.cursor() as cursor:
            cursor.execute("alter role archive_reader rename to archive_reader_elsewhere")
        client.raise_request_exception = False
        assert client.get("/meetings/").status_code == 500
        (record,) = (record for record in caplog.records if record.levelname == "ERROR")
        assert record.exc_info[0] is role.ReaderRoleError
        assert (
            'or see "Database roles" in docs/operations.md. The database says: role "archive_reader" does not exist'
            in str(record.exc_info[1])
        )

    def test_is_refused_where_the_views_are_missing(self, client):
        with connection.cursor() as cursor:
            cursor.execute("alter schema published rename to elsewhere")
        with pytest.raises(ProgrammingError, match="permission denied for table events_"):
            client.get("/meetings/")


@pytest.mark.django_db(transaction=True)
class TestTransaction:
    """Where no transaction is under way, as on a server."""

    def test_is_one_snapshot_that_takes_nothing(self, client, within):
        before = state()
        within(tell)
        assert client.get("/").content.decode() == "archive_reader published, public on repeatable read"
        assert (state(), connection.in_atomic_block) == (before, False)

    @pytest.mark.parametrize("account", [None, factories.UserFactory], ids=["nobody", "account"])
    def test_of_a_form_that_no_page_takes_is_answered(self, client, account):
        if account:
            client.force_login(account())
        assert client.post("/meetings/").status_code == 405

    def test_ends_after_an_error(self, client, within):
        def fail() -> None:
            models.Topic.objects.create(label="Written")

        before = state()
        client.raise_request_exception = False
        within(fail)
        assert (client.get("/").status_code, state(), connection.in_atomic_block) == (500, before, False)

    def test_a_page_and_its_counts_are_of_one_moment(self, client, within):
        def count() -> HttpResponse:
            first = models.Topic.objects.count()
            other = connection.copy()
            with other.cursor() as cursor:
                cursor.execute("update events_topic set status = 'draft'")
            other.close()
            return HttpResponse(f"{first} {models.Topic.objects.count()}")

        factories.TopicFactory()
        within(count)
        assert (client.get("/").content, models.Topic.objects.public().count()) == (b"1 1", 0)


class TestStream:
    def rows(self) -> Iterator[str]:
        """What a list in a file would be made of: read after the view has answered."""
        yield f"{state()[0]}\n"
        for label in models.Topic.objects.values_list("label", flat=True).iterator():
            yield f"{label}\n"

    @pytest.fixture
    def topics(self) -> None:
        factories.TopicFactory(label="Borders")
        factories.TopicFactory(label=CANARY, status=Status.DRAFT)

    def test_is_read_as_the_role(self, client, within, topics):
        before = state()
        within(lambda: StreamingHttpResponse(self.rows()))
        assert client.get("/").getvalue() == b"archive_reader\nBorders\n"
        assert state() == before

    @pytest.mark.django_db(transaction=True)
    def test_is_read_as_the_role_on_a_server(self, client, live_server, within, topics):
        within(lambda: StreamingHttpResponse(self.rows()))
        assert urllib.request.urlopen(live_server.url).read() == b"archive_reader\nBorders\n"

    @pytest.mark.django_db(transaction=True)
    def test_that_nobody_waits_for_ends_as_it_began(self, client, within, topics):
        before = state()
        within(lambda: StreamingHttpResponse(self.rows()))
        response = client.get("/")
        first = next(iter(response.streaming_content))
        assert (first, state()[0]) == (b"archive_reader\n", "archive_reader")
        response.close()
        assert state() == before

    def test_of_an_editor_is_not(self, client, within, topics):
        client.force_login(factories.EditorFactory())
        within(lambda: StreamingHttpResponse(self.rows()))
        assert sorted(client.get("/").getvalue().split()[1:]) == [b"Borders", CANARY.encode()]

    def test_of_a_file_is_left_to_the_server(self):
        file = io.BytesIO(b"page")
        request = HttpRequest()
        request.path, request.user = "/", factories.UserFactory()
        answer = role.reader_middleware(lambda request: FileResponse(file))(request)
        assert (answer.file_to_stream, answer.getvalue()) == (file, b"page")

    def test_that_is_asynchronous_is_refused(self):
        async def rows() -> Any:
            yield b"x"

        request = HttpRequest()
        request.path, request.user = "/", factories.UserFactory()
        with pytest.raises(TypeError, match="asynchronous stream"):
            role.reader_middleware(lambda request: StreamingHttpResponse(rows()))(request)
