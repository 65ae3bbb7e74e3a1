"""Who may move a record from draft to public and back, and what the report says."""

import pytest

from events.models import Meeting
from tests import factories
from tests.admin.desk import act, change, preview, staff

pytestmark = pytest.mark.django_db


class TestStatus:
    def test_an_editor_sends_to_review_and_a_reviewer_publishes(self, client):
        meetings = [factories.MeetingFactory(status="draft", title=title) for title in ("One", "Two")]
        for meeting in meetings:
            factories.CoverageFactory(meeting=meeting)
        client.force_login(staff("Editor"))
        assert act(client, "send_to_review", *meetings) == ["2 records: In review."]
        assert act(client, "publish", *meetings) == ["No action selected."]
        assert set(Meeting.objects.values_list("status", flat=True)) == {"review"}
        client.force_login(staff("Reviewer"))
        assert act(client, "publish", *meetings) == ["2 records: Published."]
        assert act(client, "publish", meetings[0]) == []  # there is nothing to confirm
        assert act(client, "withdraw", meetings[0], reason="Twice.") == ["1 record: Withdrawn."]
        meetings[0].refresh_from_db()
        assert (meetings[0].status, meetings[0].withdrawal_reason) == ("withdrawn", "Twice.")
        client.force_login(staff("Editor"))
        assert act(client, "back_to_draft", meetings[1]) == [
            "Refused: “Two”. You cannot move it from “Published” to “Draft”."
        ]

    def test_a_quotation_without_anybody_is_not_published(self, client):
        client.force_login(staff("Reviewer"))
        good = factories.QuotationFactory(status="draft")
        bad = factories.QuotationFactory(status="draft", speaker=None, exact="“Whose?”")
        assert act(client, "publish", good, bad) == [
            "Refused: ““Whose?””. A published quotation needs a speaker or a printed attribution.",
            "1 record: Published.",
        ]
        bad.refresh_from_db()
        assert bad.status == "draft"

    def test_what_is_named_and_hidden_is_said(self, client):
        client.force_login(staff("Reviewer"))
        place = factories.PlaceFactory(name="Port-Aster", status="draft")
        meeting = factories.MeetingFactory(title="Talks", place=place, status="draft")
        factories.CoverageFactory(meeting=meeting)
        factories.AttendanceFactory(
            meeting=meeting, participant=factories.ParticipantFactory(name="Jana", status="review")
        )
        [line] = preview(client, "publish", meeting).context["preview"].lines["changed"]
        assert line.notes == ["Readers do not see what it names: Jana (in review); Port-Aster (draft)."]

    def test_whoever_made_it_reads_why_it_came_back(self, client):
        ani, levan = staff("Editor"), staff("Reviewer")
        client.force_login(ani)
        meeting = factories.MeetingFactory(title="Talks", status="draft")
        change(client, meeting, summary="They spoke.")
        act(client, "send_to_review", meeting)
        address = f"/admin/events/meeting/{meeting.pk}/change/"
        assert client.get(address).context["state"]["since"] == []
        client.force_login(levan)
        act(client, "back_to_draft", meeting, comment="Who was there?")
        change(client, meeting, title="Talks in Port-Aster")
        client.force_login(ani)
        state = client.get(address).context["state"]
        assert [
            (str(one.version.change.user), one.told, one.version.change.comment) for one in state["since"]
        ] == [
            (str(levan), "changed", ""),
            (str(levan), "sent back to draft", "Who was there?"),
        ]
        page = client.get(state["since_url"].partition("#")[0])
        assert [(one.label, one.old, one.new) for one in page.context["changed"]] == [
            ("Status", "In review", "Draft"),
            ("Title", "Talks", "Talks in Port-Aster"),
        ]
        change(client, meeting, summary="They spoke for an hour.")
        assert client.get(address).context["state"]["since"] == []

    def test_a_form_never_publishes(self, editor):
        meeting = factories.MeetingFactory(status="draft")
        change(editor, meeting, status="published")
        meeting.refresh_from_db()
        assert meeting.status == "draft"

    def test_what_was_public_is_not_deleted(self, client, admin_user):
        client.force_login(admin_user)
        public, draft = factories.MeetingFactory(), factories.MeetingFactory(status="draft")
        assert client.post(f"/admin/events/meeting/{public.pk}/delete/", {"post": "yes"}).status_code == 403
        act(client, "delete_selected", public)
        client.post(
            "/admin/events/meeting/",
            {"action": "delete_selected", "_selected_action": [public.pk], "post": "yes"},
        )
        assert client.post(f"/admin/events/meeting/{draft.pk}/delete/", {"post": "yes"}).status_code == 302
        assert list(Meeting.objects.all()) == [public]

    @pytest.mark.parametrize(
        "noun", ["meeting", "participant", "quotation", "article", "place", "agreement", "topic", "outlet"]
    )
    def test_editors_do_not_delete(self, editor, noun):
        record = getattr(factories, f"{noun.title()}Factory")(status="draft")
        assert editor.post(f"/admin/events/{noun}/{record.pk}/delete/", {"post": "yes"}).status_code == 403
        assert type(record).objects.filter(pk=record.pk).exists()
