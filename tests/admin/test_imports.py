"""The desk's page for tables: what an editor sends, sees and stores, and what a stranger cannot."""

import io

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from events.admin import imports
from events.models import Meeting, Participant, PendingImport, Topic
from events.models.pending_import import KEPT
from tests import factories
from tests.admin.desk import staff

pytestmark = pytest.mark.django_db

TABLE = "title\tkind\tparticipants\nTalks\ttalks\tJeyhun Bayramov\n"


def send(client, noun="meetings", text="", **more):
    return client.post("/admin/import/", {"noun": noun, "text": text, **more}, follow=True)


def store(client, page, **more):
    """What the button of the page sends that is shown."""
    return client.post(
        page.request["PATH_INFO"], {"store": "1", "plan": page.context["pending"].plan}, follow=True
    )


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def shown(response) -> dict[str, int]:
    return response.context["counts"]


class TestPath:
    def test_from_pasted_rows_to_drafts(self, editor):
        page = send(editor, text=TABLE)
        address = page.request["PATH_INFO"]
        assert shown(page) == {"created": 0, "changed": 0, "unchanged": 0, "refused": 1}
        assert [one["name"] for one in page.context["unknown"]] == ["Jeyhun Bayramov"]
        assert "There is no participant “Jeyhun Bayramov”." in page.content.decode()
        page = editor.post(address, {"unknown": "1"}, follow=True)
        assert shown(page) == {"created": 1, "changed": 0, "unchanged": 0, "refused": 0}
        assert (Meeting.objects.count(), Participant.objects.count()) == (0, 0)
        page = store(editor, page)
        assert said(page) == ["Stored meetings: 1 created as drafts, 0 changed."]
        assert page.request["PATH_INFO"] == "/admin/events/meeting/"
        meeting = Meeting.objects.get()
        assert (meeting.status, meeting.created_by.username, str(meeting.attendances.get().participant)) == (
            "draft", page.context["user"].username, "Jeyhun Bayramov",
        )  # fmt: skip
        assert PendingImport.objects.count() == 0
        page = editor.post(address, {"store": "1"}, follow=True)
        assert said(page) == ["This table was stored, or is older than a day. Send it again."]
        assert page.request["PATH_INFO"] == "/admin/import/"

    def test_a_workbook(self, editor):
        book = openpyxl.Workbook()
        book.active.append(["Label", "Description"])
        book.active.append(["Peace process", "=1"])
        file = io.BytesIO()
        book.save(file)
        page = send(editor, "topics", file=SimpleUploadedFile("topics.xlsx", file.getvalue()))
        assert "This formula has no value stored." in page.content.decode()
        book.active["B2"] = "Negotiations."
        file = io.BytesIO()
        book.save(file)
        page = send(editor, "topics", file=SimpleUploadedFile("topics.xlsx", file.getvalue()))
        assert shown(page)["created"] == 1
        store(editor, page)
        assert Topic.objects.get().description == "Negotiations."

    def test_differences_are_shown_and_a_stale_plan_is_not_stored(self, editor):
        topic = factories.TopicFactory(label="Peace process", description="Old.", status="draft")
        page = send(editor, "topics", "label\tdescription\nPeace process\tNew.\n")
        assert shown(page)["changed"] == 1
        assert f'<a href="/admin/events/topic/{topic.pk}/change/">#{topic.pk}</a>' in page.content.decode()
        topic.description = "Somebody else’s."
        topic.save()
        page = store(editor, page)
        assert said(page) == [
            "Nothing was stored: the archive has changed since you looked. Below is what would be done now."
        ]
        topic.refresh_from_db()
        assert topic.description == "Somebody else’s."
        assert (
            'data-label="Now">Somebody else’s.</td><td data-label="Then">New.</td>' in page.content.decode()
        )
        store(editor, page)
        topic.refresh_from_db()
        assert (topic.description, topic.status) == ("New.", "draft")

    def test_a_click_stores_only_what_its_own_page_has_shown(self, editor):
        topic = factories.TopicFactory(label="Peace process", description="Old.", status="draft")
        seen = send(editor, "topics", "label\tdescription\nPeace process\tNew.\n")
        topic.description = "Somebody else’s."
        topic.save()
        store(editor, seen)
        store(editor, seen)  # a second click, or another tab
        editor.post(seen.request["PATH_INFO"], {"store": "1"})
        topic.refresh_from_db()
        assert topic.description == "Somebody else’s."
        store(editor, editor.get(seen.request["PATH_INFO"]))
        topic.refresh_from_db()
        assert topic.description == "New."

    def test_who_is_meant_is_shown_and_a_sheet_that_was_not_read(self, editor):
        lavrov = factories.ParticipantFactory(name="Sergey Lavrov")
        book = openpyxl.Workbook()
        book.active.title = "2023"
        book.active.append(["title", "kind", "participants"])
        book.active.append(["Talks", "talks", "Сергей Лавров (guest)"])
        book.create_sheet("2024").append(["title"])
        file = io.BytesIO()
        book.save(file)
        page = send(editor, file=SimpleUploadedFile("all.xlsx", file.getvalue())).content.decode()
        assert f"<td>participants: Sergey Lavrov #{lavrov.pk} (guest)</td>" in page
        assert "Only the sheet “2023” was read, not “2024”." in page

    def test_a_published_record_needs_a_reviewer(self, editor):
        editor.force_login(staff("Editor"))
        factories.TopicFactory(label="Peace", description="Old.")
        page = send(editor, "topics", "label\tdescription\nPeace\tNew.\n")
        assert (shown(page)["refused"], page.context["may_store"]) == (1, False)

    def test_nothing_to_do(self, editor):
        factories.TopicFactory(label="Peace", status="draft")
        page = send(editor, "topics", "label\nPeace\n")
        assert "The archive holds all this already: there is nothing to do." in page.content.decode()

    def test_all_rows_as_csv(self, editor):
        page = send(editor, "topics", "label\n@x\n")
        answer = editor.get(page.request["PATH_INFO"] + "report.csv")
        assert answer["Content-Disposition"] == 'attachment; filename="report.csv"'
        assert answer.content.decode("utf-8-sig").splitlines()[1] == "2,created,,'@x,,,,"

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_an_empty_sheet_filled_in(self, editor, kind):
        answer = editor.get(f"/admin/import/sheets/topics.{kind}")
        assert answer["Content-Disposition"] == f'attachment; filename="topics.{kind}"'
        if kind == "csv":
            data = answer.content + b",,Peace process,,\r\n"
        else:
            book = openpyxl.load_workbook(io.BytesIO(answer.content))
            assert book.sheetnames == ["topics", "Columns"]
            book["topics"].append(["", "", "Peace process"])
            file = io.BytesIO()
            book.save(file)
            data = file.getvalue()
        page = send(editor, "topics", file=SimpleUploadedFile(f"topics.{kind}", data))
        assert shown(page) == {"created": 1, "changed": 0, "unchanged": 0, "refused": 0}


class TestBadInput:
    @pytest.mark.parametrize(
        ("sent", "message"),
        [
            ({}, "Choose a file or paste rows: one of the two."),
            ({"text": "label\nA\n", "file": ("a.csv", b"label\nA\n")}, "Choose a file or paste rows: one of the two."),
            ({"file": ("a.docx", b"label\nA\n")}, "a.docx: Tables are read from files that end in .csv, .xlsx or .jsonl"),
            ({"file": ("a.csv", b"PK\x03\x04xx")}, "a.csv: This is a workbook, whatever its name says."),
            ({"file": ("a.xlsx", b"label\nA\n")}, "a.xlsx: This is no Excel workbook, or it is damaged."),
            ({"file": ("a.csv", "метка\nА\n".encode("cp1251"))}, "a.csv: This line is no text in UTF-8 (0xec)."),
            ({"file": ("a.csv", b"x" * (5 * 1024 * 1024 + 1))}, "The table is larger than 5 MB."),
            ({"file": ("a.csv", b"")}, "The submitted file is empty."),
            ({"text": "a\x00b"}, "Null characters are not allowed."),
            ({"noun": "users", "text": "a"}, "Select a valid choice. users is not one of the available choices."),
        ],
    )  # fmt: skip
    def test_is_told_and_kept_nowhere(self, editor, sent, message):
        data = {"noun": "topics", **sent}
        if "file" in data:
            data["file"] = SimpleUploadedFile(*data["file"])
        page = editor.post("/admin/import/", data, follow=True)
        errors = [str(one) for messages in page.context["form"].errors.values() for one in messages]
        assert (page.status_code, len(errors), errors[0][: len(message)]) == (200, 1, message)
        assert PendingImport.objects.count() == 0

    def test_too_many_rows(self, editor, monkeypatch):
        monkeypatch.setattr(imports, "MOST_ROWS", 2)
        page = send(editor, "topics", "label\nA\nB\nC\n")
        assert "The table has more than 2 rows." in page.content.decode()

    def test_markup_is_text(self, editor):
        page = send(editor, "topics", "label\tbroader\n<b>x</b>\t<i>y</i>\n")
        assert "<b>x" not in page.content.decode()
        assert "<i>y" not in page.content.decode()


class TestRights:
    def test_the_page_needs_the_right_to_add(self, client, editor):
        assert "Import a table" in editor.get("/admin/").content.decode()
        assert "/admin/import/?noun=meetings" in editor.get("/admin/events/meeting/").content.decode()
        client.force_login(staff())
        assert "Import a table" not in client.get("/admin/").content.decode()
        assert client.get("/admin/import/").status_code == 403
        assert client.get("/admin/import/sheets/topics.csv").status_code == 404
        client.logout()
        assert client.get("/admin/import/").status_code == 302

    def test_only_the_nouns_one_may_add(self, client):
        user = staff()
        user.user_permissions.set(Permission.objects.filter(codename="add_topic"))
        client.force_login(user)
        page = client.get("/admin/import/")
        assert page.context["form"].fields["noun"].choices == [("topics", "Topics")]

    def test_a_table_belongs_to_who_sent_it(self, client, editor):
        address = send(editor, "topics", "label\nA\n").request["PATH_INFO"]
        client.force_login(staff("Editor"))
        assert client.get(address + "report.csv").status_code == 404
        page = client.get(address, follow=True)
        assert (page.request["PATH_INFO"], "A</th>" in page.content.decode()) == ("/admin/import/", False)
        plan = PendingImport.objects.get().plan
        for data in ({"store": "1", "plan": plan}, {"unknown": "1"}):
            assert client.post(address, data).headers["Location"] == "/admin/import/"
        assert Topic.objects.count() == 0

    def test_a_table_runs_out_and_gives_way_to_the_next(self, client, editor):
        address = send(editor, "topics", "label\nA\n").request["PATH_INFO"]
        other = send(editor, "topics", "label\nB\n").request["PATH_INFO"]
        assert (editor.get(address).status_code, editor.get(other).status_code) == (302, 200)
        PendingImport.objects.update(created_at=timezone.now() - KEPT)
        assert editor.get(other).status_code == 302
        client.force_login(staff("Editor"))
        send(client, "topics", "label\nC\n")
        assert PendingImport.objects.count() == 1

    def test_rights_that_were_taken_away_meanwhile(self, client):
        user = staff("Editor")
        client.force_login(user)
        address = send(client, "topics", "label\nA\n").request["PATH_INFO"]
        user.groups.clear()
        assert client.post(address, {"store": "1"}).status_code == 403
        assert Topic.objects.count() == 0

    def test_forgery_is_refused(self, editor):
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)
        strict.force_login(staff("Editor"))
        assert strict.post("/admin/import/", {"noun": "topics", "text": "label\nA\n"}).status_code == 403
