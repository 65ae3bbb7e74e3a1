"""The desk's first page, the lists that it leads to, and the page of possible duplicates."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.editing import duplicates, workflow
from events.models import Distinction, Meeting
from tests import factories
from tests.admin.desk import add, staff

pytestmark = pytest.mark.django_db


def shown(client):
    """What the first page says is to be done: (group, list, links as (count, what, address))."""
    context = client.get("/admin/").context
    return [
        (
            str(group["label"]),
            str(one["heap"].label),
            [(str(link.count), link.label, link.url) for link in one["links"]],
        )
        for group in context["groups"]
        for one in group["lists"]
    ]


def reported(response):
    return [str(message) for message in response.context["messages"]]


class TestHome:
    def test_nothing_waits(self, client):
        client.force_login(staff("Editor"))
        page = client.get("/admin/")
        assert shown(client) == []
        assert "Nothing waits for you" in page.content.decode()
        assert [str(label) for label in page.context["nothing"]] == [
            "Came back to me", "My drafts", "Sent to review", "Unfinished proposals", "Unsourced facts",
            "Hidden with their article", "Lost passages", "Changed sources", "Drafts left behind", "Possible duplicates",
        ]  # fmt: skip

    def test_each_list_with_its_counts_and_where_it_leads(self, client):
        editor = staff("Editor")
        client.force_login(editor)
        for title in ("One", "Two"):
            factories.MeetingFactory(title=title, status="draft", created_by=editor, updated_by=editor)
        factories.TopicFactory(status="review", created_by=editor, updated_by=editor)
        for _number in range(2):
            factories.PlaceFactory(name="Sochi")
        assert shown(client) == [
            ("Mine", "My drafts", [("2", "meetings", "/admin/events/meeting/?desk=drafts")]),
            ("Mine", "Sent to review", [("1", "topic", "/admin/events/topic/?desk=sent")]),
            ("What the archive lacks", "Unsourced facts", [("2", "meetings", "/admin/events/meeting/?desk=unsourced")]),
            ("What the archive lacks", "Possible duplicates", [("1", "pair of places", "/admin/events/place/duplicates/")]),
        ]  # fmt: skip
        client.force_login(staff("Reviewer"))
        assert shown(client)[0] == (
            "Waiting for me",
            "To review",
            [("1", "topic", "/admin/events/topic/?desk=review")],
        )

    def test_each_count_is_that_of_the_list_to_which_it_leads(self, client):
        me, other = staff("Reviewer"), staff("Editor")
        gone = factories.ArticleFactory(status="withdrawn", withdrawal_reason="A hoax.", created_by=me)
        for status in ("draft", "review", "published"):
            for made, changed in [(me, me), (me, other), (other, me), (None, None)]:
                meeting = factories.MeetingFactory(status=status, created_by=made, updated_by=changed)
                factories.CoverageFactory(meeting=meeting, article=gone)
                factories.PlaceFactory(name="Sochi", status=status, created_by=made, updated_by=changed)
            factories.QuotationFactory(article=gone, status=status, exact=f"“{status}”")
            factories.AgreementFactory(status=status, meeting=meeting)
            factories.SourceCheckFactory(quotation__status=status, state="gone")
        client.force_login(me)
        found = {}
        for _group, label, links in shown(client):
            for count, what, address in links:
                page = client.get(address).context
                listed = page["cl"].result_count if "cl" in page else page["page"].paginator.count
                found[label, what] = (count, str(listed))
        assert {key: counts for key, counts in found.items() if counts[0] != counts[1]} == {}
        assert {label for label, _what in found} == {
            "Came back to me", "To review", "My drafts", "Sent to review", "Unsourced facts", "Hidden with their article",
            "Changed sources", "Drafts left behind", "Possible duplicates",
        }  # fmt: skip

    def test_each_person_sees_their_nouns_only(self, client):
        factories.PlaceFactory(name="Sochi", status="review")
        factories.PlaceFactory(name="Sochi", status="review")
        factories.MeetingFactory()
        user = factories.UserFactory(is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="view_meeting"))
        client.force_login(user)
        assert shown(client) == [
            (
                "What the archive lacks",
                "Unsourced facts",
                [("1", "meeting", "/admin/events/meeting/?desk=unsourced")],
            )
        ]
        assert client.get("/admin/events/place/duplicates/").status_code == 403

    def test_who_looks_after_people_sees_people_and_no_records(self, client):
        factories.MeetingFactory(title="Secret talks", status="draft")
        group = Group.objects.create(name="People")
        group.permissions.set(Permission.objects.filter(content_type__app_label="auth"))
        client.force_login(staff("People"))
        page = client.get("/admin/")
        assert [app["app_label"] for app in page.context["app_list"]] == ["auth"]
        assert (page.context["is_editor"], page.context["groups"], page.context["recent"]) == (False, [], [])
        assert "People</h2>" in page.content.decode()
        assert "Nothing waits" not in page.content.decode()

    def test_the_nouns_in_the_order_of_the_work(self, client):
        client.force_login(staff("Editor"))
        (app,) = client.get("/admin/").context["app_list"]
        assert [model["object_name"] for model in app["models"]] == [
            "Article", "Quotation", "Meeting", "Agreement", "Participant", "Place", "Topic", "Outlet", "Snapshot",
        ]  # fmt: skip

    def test_recent_changes_of_everybody(self, client):
        other = staff("Editor")
        client.force_login(other)
        add(client, "topic", label="Borders")
        client.force_login(staff("Editor"))
        recent = client.get("/admin/").context["recent"]
        assert [(entry.title, entry.what, entry.more, entry.change.user) for entry in recent] == [
            ("Borders", "added", "", other)
        ]
        assert client.get(recent[0].url).status_code == 200
        user = factories.UserFactory(is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="view_meeting"))
        client.force_login(user)
        assert client.get("/admin/").context["recent"] == []

    def test_the_page_asks_as_much_however_much_there_is(self, client):
        editor = staff("Reviewer")
        client.force_login(editor)

        def asked():
            with CaptureQueriesContext(connection) as queries:
                client.get("/admin/")
            return len(queries)

        add(client, "topic", label="Peace")
        client.get("/admin/")
        little = asked()
        factories.fill(3)
        for status in ("draft", "review"):
            factories.MeetingFactory(status=status, created_by=editor)
        for label in ("Borders", "Border"):
            add(client, "topic", label=label)
        client.get("/admin/")  # shows the messages
        assert (little, asked()) == (14, 14)


class TestLists:
    def test_a_list_is_narrowed_in_its_order_and_with_other_filters(self, client):
        client.force_login(staff("Editor"))
        for title, status, kind in (
            ("Draft", "draft", "talks"),
            ("Public", "published", "talks"),
            ("Call", "published", "call"),
        ):
            factories.MeetingFactory(title=title, status=status, kind=kind)
        factories.CoverageFactory(meeting=factories.MeetingFactory(title="With a source"))

        def titles(query):
            return [
                meeting.title
                for meeting in client.get(f"/admin/events/meeting/?{query}").context["cl"].queryset
            ]

        assert titles("desk=unsourced") == ["Call", "Public", "Draft"]
        assert titles("desk=unsourced&kind__exact=talks") == ["Public", "Draft"]
        assert titles("desk=unsourced&q=draft") == ["Draft"]
        assert titles("desk=unsourced&o=1") == ["Call", "Draft", "Public"]
        assert sorted(titles("desk=unknown")) == ["Call", "Draft", "Public", "With a source"]
        page = client.get("/admin/events/meeting/?desk=unsourced").content.decode()
        assert "<b>Unsourced facts.</b> Meetings that no article supports" in page

    def test_what_was_said_of_one_that_came_back(self, client):
        ani, levan = staff("Editor"), staff("Reviewer")
        meeting = factories.MeetingFactory(title="Talks", status="review", created_by=ani, updated_by=ani)
        workflow.move(Meeting, meeting.pk, meeting.version, "draft", levan, comment="Who was there?")
        client.force_login(ani)
        listed = client.get("/admin/events/meeting/?desk=returned").context["cl"]
        assert listed.list_display[1:4] == ["title", "whose", "said_last"]
        assert [listed.model_admin.said_last(one) for one in listed.result_list] == [
            f"{levan}: Who was there?"
        ]

    def test_a_reviewer_sees_whose_it_is(self, client):
        ani, nino = staff("Reviewer"), staff("Editor")
        client.force_login(ani)
        factories.MeetingFactory(title="Mine", status="review", created_by=ani, updated_by=ani)
        factories.MeetingFactory(title="Of both", status="review", created_by=nino, updated_by=ani)
        factories.MeetingFactory(title="Of nobody", status="review")
        page = client.get("/admin/events/meeting/?desk=review")
        listed = page.context["cl"]
        whose = {record.title: listed.model_admin.whose(record) for record in listed.result_list}
        assert whose == {"Mine": str(ani), "Of both": f"{nino}, {ani}", "Of nobody": "–"}
        assert f'<td class="field-whose">{nino}, {ani}</td>' in page.content.decode()
        assert "field-whose" not in client.get("/admin/events/meeting/").content.decode()

    def test_what_is_for_reviewers_is_no_list_of_an_editor(self, client):
        client.force_login(staff("Editor"))
        factories.MeetingFactory(title="In review", status="review")
        factories.MeetingFactory(title="Public")
        page = client.get("/admin/events/meeting/?desk=review")
        assert page.context["worklist"] is None
        assert page.context["cl"].queryset.count() == 2

    @pytest.mark.parametrize(
        ("noun", "name"), [("meeting", "unsourced"), ("quotation", "changed"), ("article", "proposals")]
    )
    def test_a_list_asks_as_much_for_one_as_for_three(self, client, noun, name):
        client.force_login(staff("Reviewer"))

        def asked():
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/admin/events/{noun}/?desk={name}")
            return len(queries)

        def some(count):
            for number in range(count):
                if noun == "meeting":
                    factories.MeetingFactory(
                        place=factories.PlaceFactory(),
                        created_by=factories.UserFactory(),
                        updated_by=factories.UserFactory(),
                    )
                else:
                    quotation = factories.QuotationFactory(exact=f"“{number} {count}”")
                    factories.SourceCheckFactory(quotation=quotation, state="gone")
                    quotation.article.proposals.create(noun="place", start=0, end=1, exact="x")

        some(1)
        asked()
        one = asked()
        some(2)
        assert asked() == one


class TestDuplicates:
    @pytest.fixture
    def pair(self):
        first = factories.ParticipantFactory(name="Mira Tal", country="AM")
        second = factories.ParticipantFactory(name="Mira Tal", country="GE", description="A minister.")
        factories.TenureFactory(person=second, title="Minister", period="2020")
        return first, second

    def test_both_side_by_side_with_what_tells_them_apart(self, client, pair):
        client.force_login(staff("Reviewer"))
        page = client.get("/admin/events/participant/duplicates/")
        (one,) = page.context["pairs"]
        rows = {row.label: (row.first, row.second) for row in one["rows"] if row.differs}
        assert rows == {
            "Country": ("Armenia", "Georgia"),
            "Offices": ("", "Minister 2020"),
            "Description": ("", "A minister."),
        }
        first, second = pair
        text = page.content.decode()
        assert f'href="/admin/events/participant/merge/?first={first.pk}&amp;second={second.pk}"' in text
        assert f'href="/admin/events/participant/{first.pk}/change/"' in text

    def test_an_editor_says_that_they_are_two_and_takes_it_back(self, client, pair):
        editor = staff("Editor")
        client.force_login(editor)
        address = "/admin/events/participant/duplicates/"
        page = client.get(address)
        assert "/merge/" not in page.content.decode()
        first, second = pair
        answer = client.post(address, {"decide": f"apart {first.pk} {second.pk}"}, follow=True)
        assert reported(answer) == ["Noted: they are not the same."]
        assert answer.context["pairs"] == []
        decided = Distinction.objects.get()
        assert (decided.noun, decided.first, decided.second, decided.decided_by) == (
            "participant", first.pk, second.pk, editor,
        )  # fmt: skip
        answer = client.post(address, {"decide": f"apart {second.pk} {first.pk}"}, follow=True)
        assert reported(answer) == ["Somebody told them apart already."]
        listed = client.get(f"{address}?decided=1")
        assert f"Not the same: {editor}" in listed.content.decode()
        answer = client.post(address, {"decide": f"back {first.pk} {second.pk}"}, follow=True)
        assert reported(answer) == ["The pair is listed again where it looks alike."]
        assert len(client.get(address).context["pairs"]) == 1

    @pytest.mark.parametrize(
        ("sent", "told"),
        [
            ({}, "There is no such pair. Reload the page."),
            ({"decide": "apart 1 x"}, "There is no such pair. Reload the page."),
            ({"decide": "apart 1 99999999999999999999"}, "There is no such pair. Reload the page."),
            (
                {"decide": "apart 999998 999999"},
                "The archive has no two such records any more. Reload the page.",
            ),
            ({"decide": "back 999998 999999"}, "It was taken back already."),
            ({"search": "1"}, "Searched: 1 pair waits."),
        ],
    )
    def test_what_is_sent_wrong_changes_nothing(self, client, pair, sent, told):
        client.force_login(staff("Editor"))
        answer = client.post("/admin/events/participant/duplicates/", sent, follow=True)
        assert reported(answer) == [told]
        assert Distinction.objects.count() == 0

    def test_who_may_only_look_decides_nothing(self, client, pair):
        user = factories.EditorFactory()
        client.force_login(user)
        address = "/admin/events/participant/duplicates/"
        assert "Not the same" not in client.get(address).content.decode()
        first, second = pair
        assert client.post(address, {"decide": f"apart {first.pk} {second.pk}"}).status_code == 403
        assert Distinction.objects.count() == 0

    def test_a_deleted_record_of_a_pair_that_was_told_apart(self, client, pair):
        client.force_login(staff("Reviewer"))
        draft = factories.ParticipantFactory(name="Mira Tal", status="draft")
        duplicates.distinguish("participant", pair[0].pk, draft.pk, None)
        draft.delete()
        page = client.get("/admin/events/participant/duplicates/?decided=1").content.decode()
        assert "is deleted" in page

    @pytest.mark.parametrize("noun", ["article", "meeting", "outlet", "participant", "place", "topic"])
    def test_every_noun_has_its_page(self, client, noun):
        client.force_login(staff("Reviewer"))
        factories.fill(2)
        model = duplicates.model_of(noun)
        first, second = sorted(model.objects.values_list("pk", flat=True))[:2]
        answer = client.post(
            f"/admin/events/{noun}/duplicates/", {"decide": f"apart {first} {second}"}, follow=True
        )
        assert reported(answer) == ["Noted: they are not the same."]
        for query in ("", "?decided=1", "?p=x", "?p=99&decided=1"):
            assert client.get(f"/admin/events/{noun}/duplicates/{query}").status_code == 200
        (one,) = client.get(f"/admin/events/{noun}/duplicates/?decided=1").context["pairs"]
        assert [side["number"] for side in one["sides"]] == [first, second]
        assert client.get("/admin/events/agreement/duplicates/").status_code == 302

    def test_the_lists_of_these_nouns_lead_there(self, client):
        client.force_login(staff("Editor"))
        assert (
            'href="/admin/events/meeting/duplicates/"'
            in client.get("/admin/events/meeting/").content.decode()
        )
        assert "duplicates/" not in client.get("/admin/events/agreement/").content.decode()
        assert Meeting.objects.count() == 0
