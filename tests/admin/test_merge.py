"""Merging at the desk: who may, what the page shows and sends, and what it refuses."""

import pytest

from events.models import Attendance, Merge, Participant
from tests import factories
from tests.admin.desk import act, shown, staff
from tests.editing.archives import dump

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(client):
    client.force_login(staff("Reviewer"))
    return client


@pytest.fixture
def pair():
    return factories.ParticipantFactory(name="Miran Talver"), factories.ParticipantFactory(
        name="M. Talver", country="AM"
    )


def page(kept, gone):
    return f"/admin/events/{kept._meta.model_name}/merge/?first={kept.pk}&second={gone.pk}"


def send(client, kept, gone, **changes):
    """Open the page and press its button, with these changes of what it shows."""
    address = page(kept, gone)
    return client.post(address, {**sent(client.get(address)), "merge": "1", **changes})


def sent(response):
    """The fields of the form as a browser sends them: of the radio buttons of a name the one that is chosen."""
    fields = {name: value for name, value in shown(response).items() if not name.startswith("pick:")}
    plan = response.context["plan"]
    open_ones = [*plan.differences, *(one for folding in plan.foldings for one in folding.differences)]
    return fields | {f"pick:{one.key}": one.choice for one in open_ones if one.is_open}


def said(response):
    return [str(message) for message in response.context["messages"]]


class TestMerging:
    def test_a_reviewer_picks_merges_and_undoes(self, reviewer, pair):
        kept, gone = pair
        meeting = factories.MeetingFactory(title="Talks")
        factories.AttendanceFactory(meeting=meeting, participant=kept, role="guest")
        row = factories.AttendanceFactory(meeting=meeting, participant=gone, role="host")
        before = dump()
        answer = reviewer.get(page(kept, gone))
        plan = answer.context["plan"]
        assert [one.label for one in plan.differences] == ["Name", "Sort name", "Country"]
        content = answer.content.decode()
        assert [
            content.count(f'name="pick:{key}"') for key in ("name", "country", f"attendance-{row.pk}-role")
        ] == [2, 2, 2]

        answer = send(
            reviewer,
            kept,
            gone,
            **{"pick:name": "gone", f"pick:attendance-{row.pk}-role": "gone", "comment": "Twice."},
        )
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            f"/admin/events/participant/{kept.pk}/change/",
        )
        kept.refresh_from_db()
        assert (kept.name, kept.country) == ("M. Talver", "AM")
        assert list(Attendance.objects.values_list("participant", "role")) == [(kept.pk, "host")]
        merge = Merge.objects.get()
        assert (merge.comment, merge.kept, merge.gone, merge.by) == (
            "Twice.",
            kept.pk,
            gone.pk,
            answer.wsgi_request.user,
        )
        told = said(reviewer.get(answer.headers["Location"]))
        assert told == [
            "“M. Talver” was merged into “Miran Talver”; its address leads there now."
            f' <a href="/admin/events/merge/{merge.pk}/change/">Look at the merge, or undo it</a>'
        ]

        shown_merge = reviewer.get(f"/admin/events/merge/{merge.pk}/change/")
        assert [(one["table"], one["title"], one["done"]) for one in shown_merge.context["written"]][:1] == [
            ("Attendance", "Talks", "became one with that of the kept record")
        ]
        assert "Undo this merge" in shown_merge.content.decode()
        answer = reviewer.post(f"/admin/events/merge/{merge.pk}/undo/", follow=True)
        assert said(answer) == ["The merge was undone: “M. Talver” is a record of its own again."]
        assert dump() == before
        answer = reviewer.post(f"/admin/events/merge/{merge.pk}/undo/", follow=True)
        assert said(answer) == ["The merge was not undone. This merge was undone already."]

    def test_of_very_many_rows_the_page_offers_the_first(self, reviewer, pair):
        kept, gone = pair
        for number in range(102):
            meeting = factories.MeetingFactory(title=f"Talks {number}")
            factories.AttendanceFactory(meeting=meeting, participant=kept, role="guest")
            factories.AttendanceFactory(meeting=meeting, participant=gone, role="host", note="by telephone")
        answer = reviewer.get(page(kept, gone))
        content = answer.content.decode()
        assert (content.count("<legend>Role</legend>"), content.count("2 more differ. There what")) == (
            100,
            1,
        )
        fields = {name: value for name, value in shown(answer).items() if not name.startswith("pick:")}
        reviewer.post(page(kept, gone), {**fields, "merge": "1"})
        rows = Attendance.objects.values_list("participant", "role", "note")
        assert list(rows) == [(kept.pk, "guest", "by telephone")] * 102
        answer = reviewer.get(f"/admin/events/merge/{Merge.objects.get().pk}/change/")
        # 102 rows that ended, 102 that took their note, a name and the two records.
        assert (len(answer.context["written"]), answer.context["unlisted"]) == (200, 7)

    def test_newer_work_is_told(self, reviewer, pair):
        kept, gone = pair
        send(reviewer, kept, gone)
        Participant.objects.filter(pk=kept.pk).update(country="GE")
        merge = Merge.objects.get()
        answer = reviewer.post(f"/admin/events/merge/{merge.pk}/undo/", follow=True)
        assert (
            said(answer)[-1] == "1 place was changed since and keeps the newer work: “Miran Talver” – country"
        )

    def test_looking_again_merges_nothing_and_keeps_what_was_picked(self, reviewer, pair):
        before = dump()
        address = page(*pair)
        data = {**sent(reviewer.get(address)), "look": "1", "pick:name": "gone", "comment": "Twice."}
        answer = reviewer.post(address, data)
        first = answer.context["plan"].differences[0]
        assert (first.key, first.choice) == ("name", "gone")
        assert (answer.context["comment"], dump()) == ("Twice.", before)

    def test_what_somebody_changed_meanwhile_is_seen_first(self, reviewer, pair):
        kept, gone = pair
        data = {**sent(reviewer.get(page(kept, gone))), "merge": "1", "pick:name": "gone"}
        Participant.objects.filter(pk=gone.pk).update(description="New.")
        before = dump()
        answer = reviewer.post(page(kept, gone), data)
        assert answer.context["obstacles"] == [
            "Somebody has changed one of the two, or what belongs to them, since you looked. Nothing was merged."
        ]
        assert (answer.context["plan"].differences[0].choice, dump()) == ("gone", before)
        data = {**sent(answer), "merge": "1"}
        assert reviewer.post(page(kept, gone), data).status_code == 302
        kept.refresh_from_db()
        assert (kept.name, kept.description) == ("M. Talver", "New.")

    def test_what_stands_in_the_way(self, reviewer):
        kept, gone = factories.PlaceFactory(name="Kept", status="draft"), factories.PlaceFactory(name="Gone")
        why = (
            "“Gone” has been public, and its address must lead readers to something that they see."
            " Publish “Kept” first, or keep “Gone”."
        )
        assert reviewer.get(page(kept, gone)).context["obstacles"] == [why]
        before = dump()
        assert send(reviewer, kept, gone).context["obstacles"] == [why]
        assert dump() == before

    @pytest.mark.parametrize(
        "noun", ["participant", "place", "topic", "meeting", "agreement", "outlet", "article"]
    )
    def test_of_every_noun(self, reviewer, noun):
        kept, gone = (getattr(factories, f"{noun.title()}Factory")() for _ in range(2))
        assert send(reviewer, kept, gone).status_code == 302
        gone.refresh_from_db()
        assert gone.merged_into == kept


class TestWaysThere:
    def test_from_a_form_and_from_a_list(self, reviewer, pair):
        kept, gone = pair
        form = reviewer.get(f"/admin/events/participant/{kept.pk}/change/").content.decode()
        assert f'<a href="/admin/events/participant/merge/?first={kept.pk}">Merge</a>' in form
        data = {"action": "merge_two", "_selected_action": [gone.pk, kept.pk]}
        answer = reviewer.post("/admin/events/participant/", data)
        assert (answer.status_code, answer.headers["Location"]) == (302, page(kept, gone))
        third = factories.ParticipantFactory()
        for records in ([kept], [kept, gone, third]):
            assert act(reviewer, "merge_two", *records) == ["Tick exactly two records that are the same one."]

    def test_the_other_one_is_chosen_by_name_or_number(self, reviewer, pair):
        kept, gone = pair
        address = f"/admin/events/participant/merge/?first={kept.pk}"
        assert "admin-autocomplete" in reviewer.get(address).content.decode()
        for given in (f"&second={gone.pk}", f"&second=&number={gone.pk}", f"&number={gone.pk}"):
            answer = reviewer.get(address + given, follow=True)
            assert answer.context["plan"].gone == gone
        for given, errors in (
            ("&number=999999", {"number": ["There is no other record of this number that could be merged."]}),
            (
                f"&number={kept.pk}",
                {"number": ["There is no other record of this number that could be merged."]},
            ),
            ("&second=", {"__all__": ["Choose the record that is the same one."]}),
            (
                "&number=99999999999999999999",
                {"number": ["Ensure this value is less than or equal to 9223372036854775807."]},
            ),
            ("&second=%00", {"second": ["Null characters are not allowed."]}),
        ):
            assert reviewer.get(address + given).context["form"].errors == errors

    def test_a_field_offers_no_record_that_lives_on_in_another_one(self, reviewer, pair):
        kept, gone = pair
        address = (
            "/admin/autocomplete/?app_label=events&model_name=participant&field_name=merged_into&term=Talver"
        )
        assert len(reviewer.get(address).json()["results"]) == 2
        send(reviewer, kept, gone)
        assert [row["id"] for row in reviewer.get(address).json()["results"]] == [str(kept.pk)]
        form = reviewer.get(f"/admin/events/participant/{gone.pk}/change/").content.decode()
        assert "/merge/?first=" not in form

    @pytest.mark.parametrize(
        "query", ["", "?first=x", "?first=0", "?first=99999999999999999999", "?first=%00&second=1"]
    )
    def test_an_address_that_names_no_record(self, reviewer, query):
        answer = reviewer.get(f"/admin/events/participant/merge/{query}", follow=True)
        assert said(answer) == ["Choose the record to be merged in the list."]

    def test_with_itself(self, reviewer, pair):
        answer = reviewer.get(page(pair[0], pair[0]), follow=True)
        assert said(answer) == ["A record cannot be merged with itself."]

    def test_quotations_are_not_merged(self, reviewer):
        one, other = factories.QuotationFactory(), factories.QuotationFactory()
        assert "/merge/?" not in reviewer.get(f"/admin/events/quotation/{one.pk}/change/").content.decode()
        assert act(reviewer, "merge_two", one, other) == ["No action selected."]


class TestRights:
    def test_editors_neither_see_nor_do_it(self, client, pair):
        kept, gone = pair
        client.force_login(staff("Reviewer"))
        data = {**sent(client.get(page(kept, gone))), "merge": "1"}
        client.force_login(staff("Editor"))
        before = dump()
        assert client.get(page(kept, gone)).status_code == 403
        assert client.post(page(kept, gone), data).status_code == 403
        assert "/merge/" not in client.get(f"/admin/events/participant/{kept.pk}/change/").content.decode()
        assert act(client, "merge_two", kept, gone) == ["No action selected."]
        assert (dump(), Merge.objects.count()) == (before, 0)

    def test_merges_are_seen_and_undone_by_reviewers(self, client, pair):
        client.force_login(staff("Reviewer"))
        send(client, *pair)
        merge = Merge.objects.get()
        addresses = ["/admin/events/merge/", f"/admin/events/merge/{merge.pk}/change/"]
        assert [client.get(address).status_code for address in addresses] == [200, 200]
        assert [client.get(f"/admin/events/merge/{number}/change/").status_code for number in (999, "x")] == [
            404,
            404,
        ]
        assert client.get(f"/admin/events/merge/{merge.pk}/undo/").status_code == 302
        assert client.post(f"/admin/events/merge/{merge.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.get("/admin/events/merge/add/").status_code == 403
        before = dump()
        client.force_login(staff("Editor"))
        assert [client.get(address).status_code for address in addresses] == [403, 403]
        assert client.post(f"/admin/events/merge/{merge.pk}/undo/").status_code == 403
        merge.refresh_from_db()
        assert (dump(), merge.undone_at) == (before, None)
