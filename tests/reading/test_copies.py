"""Strangers' pages carry an ETag that holds as long as the page does, and not longer."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.utils import translation

from events.models import Meeting, Status, published
from events.models.invalidation import archive_version
from events.reading import copies
from tests import factories
from tests.reading.test_versions import keep
from tests.test_privacy import LISTS, plant, publish_beside

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true", "HX-History-Restore-Request": "true", "HX-Target": "results"}


@pytest.fixture
def meeting() -> Meeting:
    return factories.MeetingFactory(title="Lachin road", held_on="2023-02-27")


def etag(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == 200
    return answer.headers["ETag"]


class TestAPageThatHolds:
    @pytest.fixture(params=["/", "/meetings/?state=held", "record", "record?version=1", "/about/"])
    def address(self, request, meeting) -> str:
        keep()
        return request.param.replace("record", meeting.get_absolute_url())

    def test_is_not_sent_again(self, client, address):
        page = client.get(address)
        again = client.get(address, headers={"If-None-Match": page.headers["ETag"]})
        assert (page.status_code, again.status_code, again.content) == (200, 304, b"")
        kept = dict(page.headers)
        del kept["Content-Type"], kept["Content-Length"]
        assert dict(again.headers) == kept
        assert page.headers["Cache-Control"] == "public, no-cache"
        assert page.headers["Vary"] == "Cookie, HX-Request, HX-History-Restore-Request, HX-Target"

    def test_costs_one_query_and_no_transaction(self, client, address, django_assert_num_queries):
        tag = etag(client, address)
        with django_assert_num_queries(1):
            assert client.get(address, headers={"If-None-Match": f'"other", {tag}'}).status_code == 304

    def test_is_the_same_for_head(self, client, address):
        page, head = client.get(address), client.head(address)
        assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(page.headers))
        assert client.head(address, headers={"If-None-Match": page.headers["ETag"]}).status_code == 304

    def test_is_sent_where_the_copy_is_another(self, client, address):
        for tag in ('"other"', "*", "nonsense", ""):
            assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_the_tag_says_all_that_makes_the_page(client, meeting, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["testserver", "archive.example"]
    tags = [etag(client, "/meetings/")]
    tags += [etag(client, address) for address in ("/meetings/?kind=talks", "/participants/")]
    tags += [etag(client, "/meetings/", **{name: value}) for name, value in HX.items()]
    tags.append(etag(client, "/meetings/", Host="archive.example"))
    tags.append(client.get("/meetings/", secure=True).headers["ETag"])
    with translation.override("fr"):
        tags.append(etag(client, "/meetings/"))
    monkeypatch.setattr(copies.timezone, "now", lambda: datetime(2031, 1, 1, tzinfo=UTC))
    tags.append(etag(client, "/meetings/"))
    monkeypatch.undo()
    monkeypatch.setattr(copies, "release", lambda *folders: "another")
    tags.append(etag(Client(), "/meetings/"))
    monkeypatch.undo()
    Meeting.objects.update(title="Other talks")
    tags.append(etag(client, "/meetings/"))
    assert len(set(tags)) == len(tags) == 12


def test_it_can_be_older_than_its_page_and_never_newer(client, meeting, monkeypatch):
    """Somebody publishes between the look at the version and the page's snapshot."""
    known, version = etag(client, "/meetings/"), copies.archive_version

    def meanwhile() -> str:
        found = version()
        factories.MeetingFactory(title="In between")
        return found

    monkeypatch.setattr(copies, "archive_version", meanwhile)
    page = client.get("/meetings/")
    monkeypatch.undo()
    assert (page.headers["ETag"], "In between" in page.content.decode()) == (known, True)
    assert client.get("/meetings/", headers={"If-None-Match": known}).status_code == 200


class TestWhoGetsNone:
    def test_whoever_has_a_session_or_a_message(self, client, meeting):
        tag = etag(client, "/meetings/")
        for cookie in ("sessionid", "messages"):
            client.cookies.clear()
            client.cookies[cookie] = "1"
            answer = client.get("/meetings/", headers={"If-None-Match": tag})
            assert (answer.status_code, "ETag" in answer.headers, "Cookie" in answer.headers["Vary"]) == (
                200,
                False,
                True,
            )

    @pytest.mark.parametrize("asked", ["/admin/login/", "/healthz/", "/static/css/base.css"])
    def test_the_admin_health_and_files(self, client, asked):
        answer = client.get(asked)
        answer.close()
        assert "W/" not in answer.headers.get("ETag", "")

    def test_what_is_no_page(self, client, meeting):
        withdrawn = factories.MeetingFactory()
        Meeting.objects.filter(pk=withdrawn.pk).update(status=Status.WITHDRAWN, withdrawal_reason="Twice.")
        asked = {
            "/no-such-page/": 404,
            factories.MeetingFactory(status=Status.DRAFT).get_absolute_url(): 404,
            withdrawn.get_absolute_url(): 410,
            f"/meetings/{meeting.pk}/": 301,
            "/meetings": 301,
        }
        answers = {address: client.get(address) for address in asked}
        assert {address: answer.status_code for address, answer in answers.items()} == asked
        assert {(one.headers.get("ETag"), one.headers["Cache-Control"]) for one in answers.values()} == {
            (None, "no-cache")
        }
        answer = client.post("/meetings/")
        assert (answer.status_code, answer.headers.get("ETag")) == (405, None)

    def test_a_page_that_says_itself_how_it_may_be_kept(self, rf):
        def answering(**headers: str) -> Any:
            from django.http import HttpResponse

            return copies.CopiesMiddleware(lambda request: HttpResponse("page", headers=headers))(rf.get("/"))

        given = [
            answering(**headers)
            for headers in ({}, {"Cache-Control": "no-store"}, {"Vary": "Accept-Language"}, {"ETag": '"own"'})
        ]
        assert [one.headers.get("ETag", "")[:3] for one in given] == ['W/"', "", "", '"ow']
        assert [one.headers["Cache-Control"] for one in given] == [
            "public, no-cache",
            "no-store",
            "no-cache",
            "no-cache",
        ]


def test_a_withdrawn_record_is_not_confirmed(client, meeting):
    addresses = [meeting.get_absolute_url(), "/meetings/", "/"]
    tags = [etag(client, address) for address in addresses]
    Meeting.objects.filter(pk=meeting.pk).update(status=Status.WITHDRAWN, withdrawal_reason="Twice.")
    answers = [
        client.get(address, headers={"If-None-Match": tag})
        for address, tag in zip(addresses, tags, strict=True)
    ]
    assert [answer.status_code for answer in answers] == [410, 200, 200]
    assert ["Lachin" in answer.content.decode() for answer in answers] == [False, False, False]


def test_another_release_is_another_page(tmp_path):
    (tmp_path / "events").mkdir()
    (tmp_path / "templates").mkdir()
    told = [copies.release(tmp_path, tmp_path)]
    for name in ("events/urls.py", "templates/base.html", "staticfiles.json"):
        for text in ("one", "two"):
            (tmp_path / name).write_text(text)
            told.append(copies.release(tmp_path, tmp_path))
    (tmp_path / "events" / "notes.txt").write_text("no part of it")
    assert (len(set(told)), copies.release(tmp_path, tmp_path)) == (7, told[-1])


# Of what readers see, all that is no record and no row of one, with the reason why it needs no trigger of its own.
WITHOUT_TRIGGERS = {
    "events_version": "kept in the transaction that changes a record or its rows, and never changed",
    "events_change": "as the versions",
    "events_invalidation": "what the triggers write",
    "events_edition": "what the triggers write",
    "events_storedindex": "what lists are answered from, and no answer differs by it",
    "events_word": "made anew by a command, which says so itself",
}


def test_all_that_readers_see_has_the_triggers():
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgrelid::regclass::text, array_agg(tgname::text order by tgname) from pg_trigger"
            " where tgname like 'invalidated_by_%' group by 1"
        )
        found = dict(cursor.fetchall())
    ways = [f"invalidated_by_{way}" for way in ("delete", "insert", "update")]
    assert found == {table: ways for table in published.VIEWS if table not in WITHOUT_TRIGGERS}


class TestWhateverChanges:
    """Each field of each row that readers may see, and of those that they may not, is changed by itself, and each row is deleted:
    where no new version is told, no public page differs by a byte."""

    @pytest.fixture
    def archive(self) -> None:
        publish_beside(plant(Status.DRAFT))
        withdrawn = plant(Status.WITHDRAWN)
        for record in withdrawn.values():
            type(record).objects.filter(pk=record.pk).update(status=Status.PUBLISHED, withdrawal_reason="")
        seen = factories.MeetingFactory(title="Both", held_on="2024")
        factories.AttendanceFactory(meeting=seen, participant=withdrawn["participant"])
        merged, draft = factories.ParticipantFactory(), factories.ParticipantFactory(status=Status.DRAFT)
        attended = factories.AttendanceFactory(meeting=seen, participant=merged)
        keep()
        attended.delete()
        type(merged).objects.filter(pk=merged.pk).update(status=Status.WITHDRAWN, merged_into=draft)
        for record in withdrawn.values():
            type(record).objects.filter(pk=record.pk).update(
                status=Status.WITHDRAWN, withdrawal_reason="Twice."
            )
        keep()
        connection.check_constraints()

    def addresses(self) -> list[str]:
        found = ["/", "/about/", "/about/names/", *(f"/{name}/" for name in LISTS)]
        found += [
            f"/meetings/?participant={record.pk}"
            for record in apps.get_model("events", "participant").objects.all()
        ]
        for noun in published.NOUNS:
            if noun == "outlet":
                continue
            for record in apps.get_model("events", noun).objects.public():
                found += [record.get_absolute_url() + query for query in ("", "?version=1", "?version=9")]
        return found

    def pages(self, addresses: list[str]) -> dict[str, bytes]:
        """Those that are answered with 200; other answers are asked for anew each time."""
        answers = {address: Client().get(address) for address in addresses}
        return {address: answer.content for address, answer in answers.items() if answer.status_code == 200}

    def test_pages_change_with_the_version_only(self, archive):
        before, version = self.pages(self.addresses()), archive_version()
        silent, told = [], 0
        for what, statement in self.deeds():
            try:
                with transaction.atomic():
                    statement()
                    connection.check_constraints()  # as at the end of a transaction
                    if archive_version() != version:
                        told += 1
                        transaction.set_rollback(True)
                    else:
                        silent.append(what)
            except DatabaseError:
                continue  # the rules of the archive forbid it
        # What told no new version is done, all of it together.
        after = self.pages(list(before))
        assert [address for address in before if after.get(address) != before[address]] == [], silent
        assert (told > 100, len(silent) > 100) == (True, True)

    def deeds(self) -> Iterator[tuple[str, Any]]:
        """Of a row of each table in each status: what is done, and the function that does it. Rows are deleted last."""
        chosen = []
        for model in apps.get_app_config("events").get_models(include_auto_created=True):
            if model._meta.db_table in published.VIEWS and model._meta.db_table not in WITHOUT_TRIGGERS:
                rows = {getattr(row, "status", "any"): row for row in model._default_manager.order_by("pk")}
                chosen += [(model._default_manager.filter(pk=row.pk), row) for row in rows.values()]
        for found, row in chosen:
            for field in row._meta.concrete_fields:
                for value in self.others(field, row):
                    name = f"{row._meta.label}.{field.attname} of {row.pk} to {value!r}"
                    yield (
                        name,
                        lambda found=found, field=field, value=value: found.update(**{field.attname: value}),
                    )
        for found, row in chosen:
            yield f"delete {row._meta.label} {row.pk}", found.delete

    def others(self, field: Any, row: Any) -> list[Any]:
        """Other values that the column can hold."""
        now = getattr(row, field.attname)
        if field.primary_key or field.generated:
            return []
        if isinstance(field, models.ForeignKey):
            some = (
                field.related_model._default_manager.exclude(pk=now)
                .order_by("-pk")
                .values_list("pk", flat=True)[:2]
            )
            return [*some, *([None] if field.null and now is not None else [])]
        if field.choices:
            return [value for value, _label in field.flatchoices if value != now]
        if isinstance(field, models.BooleanField):
            return [not now]
        if isinstance(field, ArrayField):
            return [["Somebody else"]]
        if isinstance(field, DateRangeField):
            return [(date(2001, 1, 1), date(2001, 1, 2))]
        if isinstance(field, models.DateTimeField):
            return [datetime(2001, 2, 3, tzinfo=UTC) + timedelta(days=row.pk)]
        if isinstance(field, models.DateField):
            return [date(2001, 2, 3)]
        if isinstance(field, models.DecimalField | models.FloatField | models.IntegerField):
            return [(now or 0) + 1]
        if isinstance(field, models.JSONField):
            return [{"other": 1}]
        return ["", "2001", "other words"]
