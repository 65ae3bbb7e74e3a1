"""Who may move a record from draft to public and back, and what the report says."""

import pytest

from events.models import Meeting
from tests import factories
from tests.admin.desk import act, change, staff

pytestmark = pytest.mark.django_db


class TestStatus:
    def test_an_editor_sends_to_review_and_a_reviewer_publishes(self, client):
        meetings = [factories.MeetingFactory(status="draft", title=title) for title in ("One", "Two")]
        client.force_login(staff("Editor"))
        assert act(client, "send_to_review", *meetings) == ["2 records: In review."]
        assert act(client, "publish", *meetings) == ["No action selected."]
        assert set(Meeting.objects.values_list("status", flat=True)) == {"review"}
        client.force_login(staff("Reviewer"))
        assert act(client, "publish", *meetings) == ["2 records: Published."]
        assert act(client, "publish", meetings[0]) == ["Not “Published”: “One”. It has this status already."]
        assert act(client, "withdraw", meetings[0]) == [
            "Not “Withdrawn”: “One”. Write the reason on its page first; readers are told it."
        ]
        change(client, meetings[0], withdrawal_reason="Twice.")
        assert act(client, "withdraw", meetings[0]) == ["1 record: Withdrawn."]
        client.force_login(staff("Editor"))
        assert act(client, "back_to_draft", meetings[1]) == [
            "Not “Draft”: “Two”. You cannot move it from “Published” to “Draft”."
        ]

    def test_a_quotation_without_anybody_is_not_published(self, client):
        client.force_login(staff("Reviewer"))
        good = factories.QuotationFactory(status="draft")
        bad = factories.QuotationFactory(status="draft", speaker=None, exact="“Whose?”")
        assert act(client, "publish", good, bad) == [
            "Not “Published”: “““Whose?””. A published quotation needs a speaker or a printed attribution.".replace(
                "“““", "““"
            ),
            "1 record: Published.",
        ]
        bad.refresh_from_db()
        assert bad.status == "draft"

    def test_what_is_named_and_hidden_is_said(self, client):
        client.force_login(staff("Reviewer"))
        place = factories.PlaceFactory(name="Port-Aster", status="draft")
        meeting = factories.MeetingFactory(title="Talks", place=place, status="draft")
        factories.AttendanceFactory(
            meeting=meeting, participant=factories.ParticipantFactory(name="Jana", status="review")
        )
        assert act(client, "publish", meeting) == [
            "1 record: Published.",
            "“Talks” is public now, but readers do not see what it names: Port-Aster (draft); Jana (in review).",
        ]

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
