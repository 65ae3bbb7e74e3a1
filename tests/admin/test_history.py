"""The pages of a record's versions, as an editor uses them; and that every way to write leaves a version with its author."""

import io
import re

import pytest
from django.core.management import call_command

from events.editing import history
from events.models import Change, Meeting, Participant, Version
from tests import factories
from tests.admin.desk import act, add, change, shown, staff

pytestmark = pytest.mark.django_db


def keep() -> None:
    with history.by():
        pass


def told(record) -> list[tuple[int, str, str, str]]:
    """Of each version, the earliest first: number, who, by which way, why."""
    versions = Version.objects.of(record).select_related("change").order_by("number")
    return [(one.number, one.change.who, one.change.via, one.change.comment) for one in versions]


class TestEachWayLeavesAVersion:
    def test_forms(self, client):
        user = staff("Editor")
        client.force_login(user)
        add(client, "topic", label="Borders")
        topic = Version.objects.get(noun="topic").model.objects.get()
        change(client, topic, label="Prisoners")
        assert told(topic) == [(1, user.username, "form", ""), (2, user.username, "form", "")]

    def test_an_import(self, client):
        user = staff("Editor")
        client.force_login(user)
        table = "name,kind\nAnn,person\nBen,person\n"
        plan = client.post("/admin/import/", {"noun": "participants", "text": table}, follow=True)
        client.post(plan.request["PATH_INFO"], {**shown(plan), "store": "1"})
        found = [told(person) for person in Participant.objects.order_by("name")]
        assert [[(number, who, via) for number, who, via, _why in one] for one in found] == [
            [(1, user.username, "import")],
            [(1, user.username, "import")],
        ]
        assert Change.objects.filter(via="import").count() == 1

    def test_commands(self, tmp_path):
        path = tmp_path / "people.csv"
        path.write_text("name,kind\nAnn,person\n")
        call_command("import_records", str(path), noun="participants", stdout=io.StringIO())
        ((number, _who, via, why),) = told(Participant.objects.get())
        assert (number, via, why) == (1, "import", "manage.py import_records people.csv")


@pytest.fixture
def meeting(client):
    """A meeting in two versions, the second by the editor who is signed in."""
    record = factories.MeetingFactory(title="Talks", status="draft")
    keep()
    user = staff("Editor", "Reviewer")
    user.username = "ani"
    user.save()
    client.force_login(user)
    change(client, record, title="Visit")
    return record


def page(client, record, end: str = "") -> str:
    return f"/admin/events/{record._meta.model_name}/{record.pk}/history/{end}"


class TestPages:
    def test_the_history_of_a_record(self, client, meeting):
        response = client.get(page(client, meeting))
        assert [
            (
                entry["version"].number,
                entry["version"].change.who,
                [one.label for one in entry["differences"]],
            )
            for entry in response.context["entries"]
        ] == [(2, "ani", ["Title"]), (1, "postgres", ["Title", "Kind"])]
        assert "<del>Talks</del>" in response.content.decode()
        assert "<ins>Visit</ins>" in response.content.decode()

    def test_a_version_and_its_restoring(self, client, meeting):
        response = client.get(page(client, meeting, "1/"))
        assert [(one.label, one.old, one.new) for one in response.context["wanted"]] == [
            ("Title", "Visit", "Talks")
        ]
        answer = client.post(
            page(client, meeting, "1/"), {**shown(response), "comment": "It was talks."}, follow=True
        )
        assert [str(one) for one in answer.context["messages"]] == [
            "Version 1 of “Talks” was restored, as version 3."
        ]
        assert told(meeting)[-1] == (3, "ani", "restore", "It was talks.")

    def test_what_restoring_leaves_alone_is_not_promised(self, client, meeting):
        """A status is given by a step of its own: a version says it, and restoring does not bring it back."""
        act(client, "send_to_review", meeting)
        response = client.get(page(client, meeting, "2/"))
        assert "The record says just this today." in response.content.decode()
        response = client.get(page(client, meeting, "1/"))
        assert [(one.label, one.old, one.new) for one in response.context["wanted"]] == [
            ("Title", "Visit", "Talks")
        ]

    def test_the_newest_says_so_and_offers_nothing(self, client, meeting):
        response = client.get(page(client, meeting, "2/"))
        assert "The record says just this today." in response.content.decode()
        assert shown(response) == {}

    def test_the_status_is_not_among_what_would_be_restored(self, client, meeting):
        Meeting.objects.update(status="published")
        keep()
        response = client.get(page(client, meeting, "1/"))
        assert [one.label for one in response.context["wanted"]] == ["Title"]
        assert [one.label for one in response.context["changed"]] == ["Status", "Title"]
        only_status = client.get(page(client, meeting, "2/"))
        assert (only_status.context["wanted"], shown(only_status)) == ([], {})

    def test_a_long_text_is_told_in_full_on_its_version_alone(self, client, meeting):
        Meeting.objects.update(summary="They spoke. " * 100 + "The end.")
        keep()
        number = Version.objects.of(meeting).first().number
        pages = [client.get(page(client, meeting, end)) for end in ("", f"{number}/")]
        assert ["The end." in one.content.decode() for one in pages] == [False, True]

    def test_words_of_a_source_say_their_language(self, client, meeting):
        article = factories.ArticleFactory(
            title="Les pourparlers", language="fr", status="draft", text="Ils se sont vus."
        )
        keep()
        change(client, article, title="Les entretiens")
        text = client.get(page(client, article, "2/")).text
        assert re.findall(r'<dd lang="fr">(.*?)</dd>', text) == ["Les entretiens", "Ils se sont vus."]
        text = client.get(page(client, article)).text
        assert re.findall(r'lang="fr"><(?:del|ins)>(.*?)</', text) == [
            "Les pourparlers",
            "Les entretiens",
            "Les pourparlers",
            "Ils se sont vus.",
        ]

    def test_two_versions_beside_each_other(self, client, meeting):
        change(client, meeting, title="Summit")
        response = client.get(page(client, meeting, "2/?with=1"))
        assert [(one.old, one.new) for one in response.context["changed"]] == [("Talks", "Visit")]

    def test_a_stale_page_restores_nothing(self, client, meeting):
        opened = shown(client.get(page(client, meeting, "1/")))
        Meeting.objects.update(title="Summit")
        answer = client.post(page(client, meeting, "1/"), opened, follow=True)
        assert [str(one) for one in answer.context["messages"]] == [
            "Somebody changed this record meanwhile. Nothing was restored; look at it again."
        ]
        assert Meeting.objects.get().title == "Summit"

    @pytest.mark.parametrize(
        ("factory", "fields", "said"),
        [
            (factories.TopicFactory, {"label": "Borders"}, "Topic with this Label already exists."),
            (factories.OutletFactory, {"host": "civil.ge"}, "Nothing was restored. Another outlet has this host already."),
            (factories.ArticleFactory, {"url": "https://civil.ge/1"}, "The archive has this article already: number %s, “Report” (published)."),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("is_deleted", [False, True])
    def test_what_another_record_has_taken_is_not_restored(
        self, client, meeting, factory, fields, said, is_deleted
    ):
        record = factory(status="draft", **fields)
        number, model = record.pk, type(record)
        keep()
        if is_deleted:
            record.delete()
        else:
            for name in fields:
                setattr(record, name, "https://other.ge/2" if name == "url" else "other.ge")
            record.save()
        keep()
        other = factory(**fields, **({"title": "Report"} if "url" in fields else {}))
        record.pk = number
        address = page(client, record, "1/")
        answer = client.post(address, shown(client.get(address)), follow=True)
        assert [str(one) for one in answer.context["messages"]] == [said.replace("%s", str(other.pk))]
        assert Version.objects.of(record).count() == 2
        assert list(model.objects.filter(**fields)) == [other]

    def test_an_editor_does_not_restore_what_is_public(self, client, meeting):
        Meeting.objects.update(status="published")
        keep()
        client.force_login(staff("Editor"))
        response = client.get(page(client, meeting, "1/"))
        assert (response.status_code, shown(response)) == (200, {})
        number = Version.objects.of(meeting).first().number
        assert client.post(page(client, meeting, "1/"), {"opened": number}).status_code == 403
        assert (Meeting.objects.get().title, Version.objects.of(meeting).first().number) == ("Visit", number)

    def test_a_deleted_record(self, client, meeting):
        number = meeting.pk
        meeting.delete()
        keep()
        meeting.pk = number
        assert client.get(page(client, meeting)).status_code == 200
        response = client.get("/admin/events/meeting/deleted/")
        assert [(entry["title"], entry["last"].number) for entry in response.context["entries"]] == [
            ("Visit", 2)
        ]
        client.post(page(client, meeting, "2/"), shown(client.get(page(client, meeting, "2/"))))
        assert [(one.pk, one.title, one.status, one.version) for one in Meeting.objects.all()] == [
            (number, "Visit", "draft", 4)
        ]
        assert client.get("/admin/events/meeting/deleted/").context["entries"] == []

    @pytest.mark.parametrize(
        "end",
        [
            "0/history/",
            "x/history/",
            "99999999999999999999/history/",
            "-1/history/",
            "٣/history/",
            "1/history/9/",
        ],
    )
    def test_addresses_of_nothing(self, client, meeting, end):
        assert (
            client.get(
                f"/admin/events/meeting/{end}".replace("1/history/9", f"{meeting.pk}/history/9")
            ).status_code
            == 404
        )

    @pytest.mark.parametrize("opened", ["", "x", "-1", "99999999999", "1", "\x00"])
    def test_forged_versions_restore_nothing(self, client, meeting, opened):
        client.post(page(client, meeting, "1/"), {"opened": opened})
        assert Meeting.objects.get().title == "Visit"

    @pytest.mark.parametrize("query", ["?with=x", "?with=999", "?with=99999999999999", "?with=%00"])
    def test_forged_comparisons_fall_back_to_the_newest(self, client, meeting, query):
        assert client.get(page(client, meeting, f"1/{query}")).context["other"].number == 2

    def test_who_may(self, client, meeting):
        client.force_login(staff())
        assert client.get(page(client, meeting)).status_code == 403
        viewer = factories.EditorFactory()
        client.force_login(viewer)
        assert client.get(page(client, meeting, "1/")).status_code == 200
        assert client.post(page(client, meeting, "1/"), {"opened": meeting.version}).status_code == 403
        assert Meeting.objects.get().title == "Visit"

    def test_pages_of_many_versions(self, client, meeting, django_assert_max_num_queries):
        for n in range(25):
            Meeting.objects.update(summary=str(n))
            keep()
        with django_assert_max_num_queries(16):
            first = client.get(page(client, meeting))
        second = client.get(page(client, meeting) + "?p=2")
        assert [[entry["version"].number for entry in one.context["entries"]] for one in (first, second)] == [
            list(range(27, 7, -1)),
            list(range(7, 0, -1)),
        ]
        assert [one.label for one in second.context["entries"][0]["differences"]] == ["Summary"]

    def test_a_merged_record_is_not_restored(self, client, meeting):
        Meeting.objects.filter(pk=meeting.pk).update(
            status="withdrawn", merged_into=factories.MeetingFactory()
        )
        keep()
        number = Version.objects.of(meeting).first().number
        answer = client.post(page(client, meeting, "1/"), {"opened": number})
        assert (answer.status_code, Meeting.objects.get(pk=meeting.pk).title) == (403, "Visit")
