"""One step for many records: looked at first, then each by itself."""

import pytest
from django.test import Client

from events.admin import bulk
from events.models import Article, Meeting, Participant, Place, Quotation
from tests import factories
from tests.admin.desk import act, change, confirm, preview, shown, staff

pytestmark = pytest.mark.django_db

TEXT = "She said: “We are ready”, and left. “No”, said he."


@pytest.fixture
def reviewer(client):
    client.force_login(staff("Reviewer"))
    return client


def meetings(*titles, status="draft"):
    found = [factories.MeetingFactory(title=title, status=status) for title in titles]
    for one in found:
        factories.CoverageFactory(meeting=one)
    return found


def statuses(model=Meeting):
    return list(model.objects.order_by("pk").values_list("status", flat=True))


def lines(page, verdict):
    found = page.context["preview"].lines[verdict]
    return [(str(line.record), line.old, line.new, [*line.refusal, *line.notes]) for line in found]


def offers(page, group):
    """What may be published too, and what may not yet: name, status, by whom it is named, why not."""
    found = page.context[group]
    return [
        (one["name"], one["status"], one["names"], one["refusal"])
        for one in found["choices"] + found["refused"]
    ]


class TestPreview:
    def test_nothing_is_changed_before_the_button(self, reviewer):
        one, two = meetings("One", "Two")
        bare = factories.MeetingFactory(title="Bare", status="review")
        page = preview(reviewer, "publish", one, two, bare, *meetings("Public", status="published"))
        assert page.context["preview"].counts == {"refused": 1, "changed": 2, "same": 1}
        assert lines(page, "refused") == [
            ("Bare", "In review", "Published", ["No article supports it: add the one that reports it."])
        ]
        assert lines(page, "changed") == [
            ("One", "Draft", "Published", []),
            ("Two", "Draft", "Published", []),
        ]
        assert statuses() == ["draft", "draft", "review", "published"]
        assert confirm(reviewer, page)[1:] == ["2 records: Published."]
        assert statuses() == ["published", "published", "review", "published"]

    def test_what_somebody_changed_meanwhile_stays_and_the_others_go_on(self, reviewer):
        one, two = meetings("One", "Two")
        page = preview(reviewer, "publish", one, two)
        other = Client()
        other.force_login(staff("Editor"))
        change(other, one, summary="Theirs.")
        who = Meeting.objects.get(pk=one.pk).updated_by
        assert confirm(reviewer, page) == [
            "1 record: Published.",
            f"Not “Published”: “One”. {who} changed it after you looked. Look at it again.",
        ]
        assert statuses() == ["draft", "published"]

    def test_the_second_click_changes_nothing(self, reviewer):
        [one] = meetings("One")
        page = preview(reviewer, "publish", one)
        data = {**shown(page), "confirm": "1"}
        for _ in range(2):
            reviewer.post("/admin/events/meeting/preview/", data)
        one.refresh_from_db()
        assert (one.status, one.version) == ("published", 2)

    def test_the_comment_stands_in_the_history(self, reviewer):
        from events.models import Version

        [one] = meetings("One")
        act(reviewer, "publish", one, comment="Read against the paper.")
        change = Version.objects.filter(noun="meeting", record=one.pk).latest("number").change
        assert (change.comment, change.via) == ("Read against the paper.", "action")

    def test_what_readers_lose(self, reviewer):
        said = factories.QuotationFactory(
            article=factories.ArticleFactory(title="A", text=TEXT), exact="“No”"
        )
        page = preview(reviewer, "withdraw", said.article)
        assert lines(page, "changed") == [
            ("A", "Published", "Withdrawn", ["Readers lose with it: 1 quotation."])
        ]
        assert confirm(reviewer, page) == []  # no reason yet: the page again
        assert Article.objects.get().status == "published"
        assert confirm(reviewer, page, reason="A hoax.") == ["1 record: Withdrawn."]
        assert Article.objects.get().withdrawal_reason == "A hoax."

    def test_what_a_reviewer_will_want(self, client):
        client.force_login(staff("Editor"))
        bare = factories.MeetingFactory(title="Bare", status="draft")
        page = preview(client, "send_to_review", bare)
        wanted = "Wanted before it is published: No article supports it: add the one that reports it."
        assert lines(page, "changed") == [("Bare", "Draft", "In review", [wanted])]

    def test_thousands_in_a_bounded_number_of_queries(self, reviewer, django_assert_max_num_queries):
        article = factories.ArticleFactory()
        Meeting.objects.bulk_create(Meeting(title=f"M{n}", kind="talks", status="draft") for n in range(1200))
        from events.models import Coverage

        Coverage.objects.bulk_create(Coverage(article=article, meeting=one) for one in Meeting.objects.all())
        first = Meeting.objects.first()
        data = {"action": "publish", "_selected_action": [first.pk], "select_across": "1"}
        with django_assert_max_num_queries(70):
            page = reviewer.post("/admin/events/meeting/?status__exact=draft", data)
        assert page.context["preview"].counts == {"refused": 0, "changed": 1200, "same": 0}
        assert (len(lines(page, "changed")), shown(page)["back"]) == (200, "status__exact=draft")
        assert len(shown(page)["records"].split(",")) == 1200

    def test_what_there_was_no_time_for_comes_back(self, reviewer, monkeypatch):
        monkeypatch.setattr(bulk, "SECONDS", -1.0)
        one, two, three = meetings("One", "Two", "Three")
        page = preview(reviewer, "publish", one, two, three)
        left = "%s records are left: there was no time for them. Go on with the same button."
        assert confirm(reviewer, page) == ["1 record: Published.", left % 2]
        assert statuses() == ["published", "draft", "draft"]

    @pytest.mark.parametrize("records", ["", "x", "1", "1.1,,2.1", "1.1;drop", "9" * 30 + ".1"])
    def test_a_selection_that_no_page_makes(self, reviewer, records):
        data = {"action": "publish", "records": records, "confirm": "1"}
        answer = reviewer.post("/admin/events/meeting/preview/", data, follow=True)
        told = [str(one) for one in answer.context["messages"]]
        assert told == ["This selection could not be understood. Choose the records again."]

    def test_addresses_that_no_page_makes(self, reviewer):
        base = "/admin/events/meeting/preview/"
        [one] = meetings("One")
        found = [
            reviewer.get(base + query).status_code
            for query in ("", "?action=explode&record=1", f"?action=set_rights&record={one.pk}", "?action=publish",
                          "?action=publish&record=x", f"?action=publish&record={one.pk}", f"?action=publish&record={2**70}")
        ]  # fmt: skip
        assert found == [404, 404, 404, 302, 302, 200, 302]

    @pytest.mark.parametrize(("groups", "expected"), [(["Editor"], 403), (["Administrator"], 403), ([], 403)])
    def test_who_may_not_publish_sees_no_preview_of_it(self, client, groups, expected):
        [one] = meetings("One")
        client.force_login(staff(*groups))
        query = {"action": "publish", "record": one.pk}
        data = {"action": "publish", "records": f"{one.pk}.1", "confirm": "1", "shown": ""}
        found = [
            client.get("/admin/events/meeting/preview/", query),
            client.post("/admin/events/meeting/preview/", data),
        ]
        assert [answer.status_code for answer in found] == [expected, expected]
        assert statuses() == ["draft"]


class TestWhatReadersSawBefore:
    def seen(self, client, record):
        found = preview(client, "publish", record).context["since_public"]
        return found if found is None else [(one.label, one.old, one.new) for one in found]

    def test_what_was_changed_since_readers_saw_it(self, reviewer):
        [one] = meetings("One")
        assert self.seen(reviewer, one) is None
        act(reviewer, "publish", one)
        act(reviewer, "back_to_draft", one)
        assert self.seen(reviewer, one) == []
        change(reviewer, one, title="Two")
        assert self.seen(reviewer, one) == [("Title", "One", "Two")]
        assert self.seen(reviewer, Meeting.objects.get()) == [("Title", "One", "Two")]
        state = reviewer.get(f"/admin/events/meeting/{one.pk}/change/").context["state"]
        page = reviewer.get(state["public_url"].partition("#")[0])
        assert [(one.label, one.old, one.new) for one in page.context["changed"]] == [
            ("Status", "Published", "Draft"),
            ("Title", "One", "Two"),
        ]


class TestTogether:
    @pytest.fixture
    def meeting(self):
        land = factories.PlaceFactory(name="Land", status="draft")
        town = factories.PlaceFactory(name="Town", parent=land, status="review")
        [found] = meetings("Talks")
        found.place = town
        found.save()
        factories.AttendanceFactory(meeting=found, participant__name="Jana", participant__status="draft")
        bare = factories.MeetingFactory(title="Visit", status="draft")
        Meeting.objects.filter(pk=found.pk).update(parent=bare)
        found.refresh_from_db()
        # It names the meeting, and is not named by it.
        factories.QuotationFactory(meeting=found, status="draft", speaker=None)
        return found

    def test_what_it_names_and_what_these_name(self, reviewer, meeting):
        page = preview(reviewer, "publish", meeting)
        wanted = "No article supports it: add the one that reports it."
        # The visit has its source by its part, the talks.
        assert offers(page, "rests") == [
            ("Visit", "draft", "“Talks”", ""),
            ("Jana", "draft", "“Talks”", ""),
            ("Town", "in review", "“Talks”", ""),
            ("Land", "draft", "“Town”", ""),
        ]
        assert wanted not in page.content.decode()

    def test_all_of_them(self, reviewer, meeting):
        page = preview(reviewer, "publish", meeting)
        assert confirm(reviewer, page, all_rests=["review", "draft"]) == ["5 records: Published."]
        assert (statuses(Place), statuses(Participant)) == (["published", "published"], ["published"])
        assert statuses(Quotation) == ["draft"]

    def test_all_in_review_leave_the_drafts_alone(self, reviewer, meeting):
        """What was sent back a minute ago is a draft: no tick that means what waits for review publishes it."""
        page = preview(reviewer, "publish", meeting)
        found = [
            (part["all"], [one["name"] for one in part["choices"]]) for part in page.context["rests"]["parts"]
        ]
        assert found == [
            ("This one, in review", ["Town"]),
            ("All 3 drafts, which nobody has sent to review", ["Visit", "Jana", "Land"]),
        ]
        assert confirm(reviewer, page, all_rests="review") == ["2 records: Published."]
        assert (statuses(Place), statuses(Participant)) == (["draft", "published"], ["draft"])

    def test_sent_to_review_with_what_it_names(self, client, meeting):
        client.force_login(staff("Editor"))
        page = preview(client, "send_to_review", meeting)
        [part] = page.context["rests"]["parts"]
        assert (part["all"], [one["name"] for one in part["choices"]]) == (
            "All 2 of these",
            ["Visit", "Jana"],
        )
        assert (lines(page, "changed"), confirm(client, page, all_rests="draft")) == (
            [("Talks", "Draft", "In review", [])],
            ["3 records: In review."],
        )
        assert (statuses(), statuses(Participant), statuses(Place)) == (
            ["review", "review"],
            ["review"],
            ["draft", "review"],
        )

    def test_an_article_is_sent_with_its_quotations(self, client):
        client.force_login(staff("Editor"))
        article = factories.ArticleFactory(title="A", text=TEXT, status="draft")
        factories.QuotationFactory(article=article, exact="“No”", status="draft", speaker=None)
        page = preview(client, "send_to_review", article)
        [part] = page.context["parts"]["parts"]
        nobody = "A published quotation needs a speaker or a printed attribution."
        assert [(one["name"], one["notes"]) for one in part["choices"]] == [
            ("“No”", [f"Wanted before it is published: {nobody}"])
        ]
        assert confirm(client, page, all_parts="draft") == ["2 records: In review."]
        assert (statuses(Article), statuses(Quotation)) == (["review"], ["review"])

    def test_some_of_them(self, reviewer, meeting):
        page = preview(reviewer, "publish", meeting)
        town = next(one["key"] for one in page.context["rests"]["choices"] if one["name"] == "Town")
        assert confirm(reviewer, page, rests=town) == ["2 records: Published."]
        assert statuses(Place) == ["draft", "published"]

    def test_none_unless_ticked(self, reviewer, meeting):
        assert act(reviewer, "publish", meeting) == ["1 record: Published."]
        assert (statuses(Place), statuses(Participant)) == (["draft", "review"], ["draft"])

    def test_an_article_with_its_quotations(self, reviewer):
        article = factories.ArticleFactory(title="A", text=TEXT, status="review")
        speaker = factories.ParticipantFactory(name="Jana", status="draft")
        factories.QuotationFactory(article=article, exact="“No”", status="review", speaker=speaker)
        factories.QuotationFactory(article=article, exact="“We are ready”", status="draft", speaker=None)
        page = preview(reviewer, "publish", article)
        nobody = "A published quotation needs a speaker or a printed attribution."
        assert (offers(page, "rests"), offers(page, "parts")) == (
            [],
            [
                ("“No”", "in review", "", ""),
                ("Jana", "draft", "““No””", ""),
                ("“We are ready”", "draft", "", nobody),
            ],
        )
        assert confirm(reviewer, page, all_parts=["review", "draft"]) == ["3 records: Published."]
        assert (statuses(Quotation), statuses(Participant)) == (["published", "draft"], ["published"])

    def test_others_need_the_right_of_their_noun(self, client, meeting):
        from django.contrib.auth.models import Permission

        user = staff("Editor")
        user.user_permissions.add(Permission.objects.get(codename="publish_meeting"))
        client.force_login(user)
        page = preview(client, "publish", meeting)
        told = "You cannot move it from “Draft” to “Published”."
        assert ("Jana", "draft", "“Talks”", told) in offers(page, "rests")
        person = Participant.objects.get()
        forged = f"participant:{person.pk}:{person.version}"
        assert confirm(client, page, rests=forged) == [
            "1 record: Published.",
            f"Not “Published”: “Jana”. {told}",
        ]
        for token in ("user:1:1", "nonsense", f"participant:{2**62}:1"):
            confirm(client, page, rests=token)
        assert statuses(Participant) == ["draft"]

    def test_a_hundred_at_most(self, reviewer):
        [one] = meetings("One")
        for _ in range(110):
            factories.AttendanceFactory(meeting=one, participant__status="draft")
        page = preview(reviewer, "publish", one)
        assert (len(offers(page, "rests")), page.context["preview"].is_cut) == (100, True)


class TestTopicsOutletAndRights:
    def test_topics_are_added_and_the_others_stay(self, reviewer):
        peace, war = (factories.TopicFactory(label=label) for label in ("Peace", "War"))
        one, two, has = meetings("One", "Two", "Has")
        one.topics.add(war)
        has.topics.add(peace)
        page = preview(reviewer, "add_topics", one, two, has, topics=[peace.pk])
        assert lines(page, "changed") == [("One", "War", "Peace, War", []), ("Two", "", "Peace", [])]
        assert Meeting.topics.through.objects.count() == 2
        assert confirm(reviewer, page, topics=[peace.pk]) == ["2 records: Topics added."]
        assert [sorted(map(str, one.topics.all())) for one in (one, two, has)] == [
            ["Peace", "War"],
            ["Peace"],
            ["Peace"],
        ]
        assert act(reviewer, "remove_topics", one, two, has, topics=[peace.pk, war.pk]) == [
            "3 records: Topics removed."
        ]
        assert Meeting.topics.through.objects.count() == 0

    def test_what_was_chosen_since_is_shown_first(self, reviewer):
        peace, war = (factories.TopicFactory(label=label) for label in ("Peace", "War"))
        [one] = meetings("One")
        page = preview(reviewer, "add_topics", one, topics=[peace.pk])
        assert confirm(reviewer, page, topics=[war.pk]) == [
            "You have chosen something else. This is what would be changed now."
        ]
        assert one.topics.count() == 0

    def test_nothing_is_shown_before_something_is_chosen(self, reviewer):
        [one] = meetings("One")
        page = preview(reviewer, "add_topics", one)
        assert (page.context["may_confirm"], "Show what would change" in page.content.decode()) == (
            False,
            True,
        )
        data = {**shown(page), "confirm": "1"}
        page = reviewer.post("/admin/events/meeting/preview/", data)
        assert page.context["form"].errors == {"topics": ["Tick at least one topic."]}

    def test_what_is_public_stays_closed_to_an_editor(self, client):
        client.force_login(staff("Editor"))
        topic = factories.TopicFactory()
        draft, public = meetings("Draft") + meetings("Public", status="published")
        assert act(client, "add_topics", draft, public, topics=[topic.pk]) == [
            "Refused: “Public”. Readers see “Public”. Changing it needs the right to publish.",
            "1 record: Topics added.",
        ]
        assert (draft.topics.count(), public.topics.count()) == (1, 0)

    def test_an_outlet_and_rights(self, reviewer):
        old, new = (factories.OutletFactory(name=name) for name in ("Old", "New"))
        text = factories.ArticleFactory(title="A", text=TEXT, outlet=old)
        bare = factories.ArticleFactory(title="B", rights="metadata")
        page = preview(reviewer, "set_outlet", text, bare, outlet=new.pk)
        assert lines(page, "changed") == [("A", "Old", "New", []), ("B", "", "New", [])]
        assert confirm(reviewer, page, outlet=new.pk) == ["2 records: Outlet changed."]
        page = preview(reviewer, "set_rights", text, bare, rights="full")
        assert lines(page, "refused") == [
            ("B", "Metadata only", "Full text", ["It has no text, so its rights are “Metadata only”."])
        ]
        assert confirm(reviewer, page, rights="full")[1:] == ["1 record: Rights changed."]
        text.refresh_from_db()
        assert (text.rights, text.outlet, text.text) == ("full", new, TEXT)

    def test_rights_that_show_or_hide_a_text_say_so(self, reviewer):
        full = factories.ArticleFactory(title="Full", text=TEXT, rights="full")
        hidden = factories.ArticleFactory(title="Excerpts", text="Another.", rights="excerpts")
        draft = factories.ArticleFactory(title="Draft", text="A third.", status="draft")
        page = preview(reviewer, "set_rights", full, hidden, draft, rights="full")
        assert lines(page, "changed") == [
            ("Excerpts", "Excerpts only", "Full text", ["Readers will see its whole text."]),
            ("Draft", "Excerpts only", "Full text", ["Once it is published, readers see its whole text."]),
        ]
        page = preview(reviewer, "set_rights", full, hidden, draft, rights="metadata")
        assert lines(page, "changed") == [
            ("Full", "Full text", "Metadata only", ["Readers lose its text; quoted words stay."]),
            ("Excerpts", "Excerpts only", "Metadata only", []),
            ("Draft", "Excerpts only", "Metadata only", []),
        ]

    def test_each_noun_has_the_actions_that_fit(self, reviewer):
        found = {}
        for noun in ("meeting", "quotation", "article", "place"):
            getattr(factories, f"{noun.title()}Factory")()
            form = reviewer.get(f"/admin/events/{noun}/").context["action_form"]
            steps = [name for name, _label in form.fields["action"].choices if name in bulk.BULK_ACTIONS]
            found[noun] = steps[4:]
        assert found == {
            "meeting": ["add_topics", "remove_topics"],
            "quotation": ["add_topics", "remove_topics"],
            "article": ["set_outlet", "set_rights"],
            "place": [],
        }


class TestButtonsOfTheForm:
    def buttons(self, client, record):
        page = client.get(f"/admin/events/meeting/{record.pk}/change/").context["state"]
        return [action for action, _label in page["buttons"]]

    def test_only_what_this_person_may_do_now(self, client):
        draft, public = meetings("D") + meetings("P", status="published")
        client.force_login(staff("Editor"))
        assert (self.buttons(client, draft), self.buttons(client, public)) == (["send_to_review"], [])
        client.force_login(staff("Reviewer"))
        assert self.buttons(client, draft) == ["send_to_review", "publish", "withdraw"]
        assert self.buttons(client, public) == ["withdraw", "back_to_draft"]

    def test_a_button_saves_what_was_typed_and_leads_to_the_preview(self, reviewer):
        [one] = meetings("One")
        answer = change(reviewer, one, summary="New.", _move="publish")
        assert answer["Location"] == f"/admin/events/meeting/preview/?action=publish&record={one.pk}"
        one.refresh_from_db()
        assert (one.summary, one.status, one.version) == ("New.", "draft", 2)

    def test_it_stores_nothing_where_nothing_was_typed(self, reviewer):
        [one] = meetings("One")
        assert change(reviewer, one, _move="publish").status_code == 302
        one.refresh_from_db()
        assert (one.version, one.updated_by) == (1, None)

    def test_a_row_alone_is_saved_too(self, reviewer):
        [one] = meetings("One")
        person = factories.ParticipantFactory()
        change(reviewer, one, **{"attendances-0-participant": person.pk, "_move": "publish"})
        assert one.attendances.get().participant == person

    def test_a_refused_form_leads_nowhere(self, reviewer):
        [one] = meetings("One")
        answer = change(reviewer, one, title="", _move="publish")
        assert (answer.status_code, bool(answer.context["adminform"].form.errors)) == (200, True)

    def test_after_the_preview_back_to_the_list_from_which_it_was_opened(self, reviewer):
        [one] = meetings("One", status="review")
        form = f"/admin/events/meeting/{one.pk}/change/?_changelist_filters=desk%3Dreview"
        answer = reviewer.post(form, {**shown(reviewer.get(form)), "_move": "publish"})
        page = reviewer.get(answer["Location"])
        answer = reviewer.post("/admin/events/meeting/preview/", {**shown(page), "confirm": "1"})
        assert (answer["Location"], statuses()) == ("/admin/events/meeting/?desk=review", ["published"])

    def test_after_the_preview_back_to_the_form(self, reviewer):
        [one] = meetings("One")
        address = f"/admin/events/meeting/preview/?action=publish&record={one.pk}"
        data = {**shown(reviewer.get(address)), "confirm": "1"}
        answer = reviewer.post("/admin/events/meeting/preview/", data)
        assert answer["Location"] == f"/admin/events/meeting/{one.pk}/change/"
        assert statuses() == ["published"]
