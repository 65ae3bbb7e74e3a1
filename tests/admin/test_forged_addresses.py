"""What no page of the desk asks for: numbers of other things in addresses, lookups through relations, choices that nobody offers. It is
refused with a message or a status, tells nothing, and changes nothing."""

from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from events.models import Article, IncomingArticle, Meeting, Merge, PendingImport, Place, Version
from tests import factories
from tests.admin.desk import change, preview, shown, staff

pytestmark = pytest.mark.django_db

STRANGE = ["\x00", "1\x00", "9" * 30, "9" * 5000, "-1", "0", "two", "1.5", "１２", "1,2", ""]


def signed_in(*groups: str) -> Client:
    client = Client()
    client.force_login(staff(*groups))
    return client


class TestSuggestions:
    """What a field offers while somebody types."""

    def found(self, client, **query):
        asked = {"app_label": "events", "model_name": "meeting", "field_name": "place", "term": "", **query}
        answer = client.get("/admin/autocomplete/", asked)
        if answer.status_code != 200:
            return answer.status_code
        return [one["text"] for one in answer.json()["results"]]

    def test_drafts_are_offered_to_those_who_may_see_them(self):
        factories.PlaceFactory(name="Port Aster", status="draft")
        viewer = Client()
        viewer.force_login(factories.EditorFactory())
        people = [Client(), signed_in(), signed_in("Administrator"), viewer, signed_in("Editor")]
        assert [self.found(one) for one in people] == [
            302,
            403,
            403,
            ["Port Aster – draft"],
            ["Port Aster – draft"],
        ]

    def test_people_are_offered_to_administrators_alone(self):
        asked = {"field_name": "created_by", "term": "root"}
        User.objects.create_superuser("root", password="password")
        people = [signed_in("Editor"), signed_in("Reviewer"), signed_in("Administrator")]
        assert [self.found(one, **asked) for one in people] == [403, 403, ["root"]]

    @pytest.mark.parametrize(
        "query",
        [
            {"field_name": "title"},
            {"field_name": "password", "app_label": "auth", "model_name": "user"},
            {"field_name": "nothing"},
            {"field_name": "user", "model_name": "pendingimport"},
            {"field_name": "user", "app_label": "otp_totp", "model_name": "totpdevice"},
            {"app_label": "nothing"},
            {"model_name": "nothing"},
            {"field_name": "place\x00"},
        ],
    )
    def test_other_fields_offer_nothing(self, query):
        User.objects.create_superuser("root", password="password")
        assert self.found(signed_in("Editor"), **query) in (403, 404)


class TestLookups:
    """A list can be asked by its own columns; what lies behind a relation it does not tell by how many rows are left."""

    @pytest.mark.parametrize(
        "path",
        [
            "events/meeting/?created_by__password__startswith=md5",
            "events/meeting/?created_by__email__contains=a",
            "events/article/?snapshots__text__contains=a",
            "events/snapshot/?article__text__contains=a",
            "events/tenure/?person__created_by__username=root",
            "events/meeting/?_to_field=summary",
            "events/place/?_to_field=created_by",
            "auth/user/?password__startswith=md5",
            "auth/user/?totpdevice__key__startswith=a",
            "auth/user/?staticdevice__token_set__token__startswith=1",
            "auth/user/?_to_field=password",
        ],
    )
    def test_through_relations(self, path):
        factories.MeetingFactory()
        assert signed_in("Editor", "Reviewer", "Administrator").get(f"/admin/{path}").status_code == 400

    @pytest.mark.parametrize(
        "path",
        [
            "events/article/?updated_at__year=" + "9" * 30,
            "events/snapshot/?outcome__exact=%00",
            "events/merge/?noun__exact=%00",
            "axes/accesslog/?attempt_time__year=" + "9" * 30,
            "auth/user/?username=%00",
            "auth/group/?name=%00",
        ],
    )
    def test_of_a_list_that_the_database_cannot_answer(self, path):
        answer = signed_in("Editor", "Reviewer", "Administrator").get(f"/admin/{path}", follow=True)
        assert (answer.status_code, answer.request["QUERY_STRING"]) == (200, "")
        told = [str(message) for message in answer.context["messages"]]
        assert told == ["This address could not be understood."]

    def test_a_window_that_names_no_field(self):
        record, user = factories.ArticleFactory(), staff("Editor")
        everybody = signed_in("Editor", "Reviewer", "Administrator")
        for path in (
            f"events/article/{record.pk}/change/",
            f"auth/user/{user.pk}/change/",
            "events/article/add/",
        ):
            assert everybody.get(f"/admin/{path}?_to_field=").status_code == 200

    def test_a_window_for_choosing_shows_no_more_than_the_list(self):
        factories.PlaceFactory(name="Port Aster", status="draft")
        people = [Client(), signed_in(), signed_in("Administrator"), signed_in("Editor")]
        pages = [one.get("/admin/events/place/?_popup=1&_to_field=id").status_code for one in people]
        forms = [one.get("/admin/events/place/add/?_popup=1&_to_field=id").status_code for one in people]
        assert (pages, forms) == ([302, 403, 403, 200], [302, 403, 403, 200])

    def test_a_form_in_a_window_stores_under_the_same_rules(self):
        form = {"name": "Port Aster", "kind": "city", "_popup": "1", "status": "published", "version": "7"}
        editor = signed_in("Editor")
        blank = shown(editor.get("/admin/events/place/add/?_popup=1"))
        found = [
            one.post("/admin/events/place/add/", {**blank, **form}).status_code
            for one in (signed_in(), editor)
        ]
        places = [(place.name, place.status, place.version) for place in Place.objects.all()]
        assert (found, places) == ([403, 200], [("Port Aster", "draft", 1)])


class TestSelections:
    """What is sent as the records of a step for many."""

    def test_an_action_that_somebody_may_not_choose(self):
        meetings = [factories.MeetingFactory(status="draft") for _n in range(3)]
        for action in ("publish", "withdraw", "merge_two", "delete_selected", "nothing", "log_deletions"):
            for rest in ({}, {"select_across": "1"}, {"select_across": "1", "index": "0"}):
                data = {"action": action, "_selected_action": [meetings[0].pk], "post": "yes", **rest}
                assert signed_in("Editor").post("/admin/events/meeting/", data).status_code in (200, 302)
        assert [meeting.status for meeting in Meeting.objects.all()] == ["draft"] * 3

    @pytest.mark.parametrize("number", STRANGE)
    def test_strange_numbers(self, number):
        meeting = factories.MeetingFactory(status="draft")
        editor = signed_in("Editor")
        for rest in ({}, {"select_across": "1"}):
            data = {"action": "send_to_review", "_selected_action": [number], **rest}
            assert editor.post("/admin/events/meeting/", data).status_code in (200, 302)
        assert (
            editor.get(
                "/admin/events/meeting/preview/", {"action": "send_to_review", "record": number}
            ).status_code
            == 302
        )
        sent = {"action": "send_to_review", "records": f"{number}.1", "confirm": "1"}
        answer = editor.post("/admin/events/meeting/preview/", sent)
        meeting.refresh_from_db()
        assert (answer.status_code, meeting.status) == (302, "draft")

    def test_the_numbers_of_another_noun_and_of_another_version(self):
        meeting = factories.MeetingFactory(status="draft")
        topic = factories.TopicFactory(pk=meeting.pk + 1000, status="draft")
        editor = signed_in("Editor")
        page = preview(editor, "send_to_review", meeting)
        for token in (f"{topic.pk}.1", f"{meeting.pk}.2", f"{meeting.pk}.0", f"{meeting.pk}.999999999"):
            sent = {**shown(page), "records": token, "confirm": "1"}
            assert editor.post("/admin/events/meeting/preview/", sent).status_code == 302
        meeting.refresh_from_db()
        topic.refresh_from_db()
        assert (meeting.status, topic.status) == ("draft", "draft")

    def test_what_is_ticked_beside_the_selection_needs_its_own_right(self):
        """Whoever may publish places alone publishes no meeting by writing it among what the place rests on."""
        place, meeting = factories.PlaceFactory(status="draft"), factories.MeetingFactory(status="draft")
        factories.CoverageFactory(meeting=meeting)
        user = staff("Editor")
        user.user_permissions.add(Permission.objects.get(codename="publish_place"))
        client = Client()
        client.force_login(user)
        page = preview(client, "publish", place)
        forged = f"meeting:{meeting.pk}:{meeting.version}"
        for extra in (
            {"rests": forged},
            {"all_parts": "1", "shown_parts": forged},
            {"parts": [forged, "user:1:1", "x"]},
        ):
            client.post("/admin/events/place/preview/", {**shown(page), **extra, "confirm": "1"})
        place.refresh_from_db()
        meeting.refresh_from_db()
        assert (place.status, meeting.status) == ("published", "draft")


class TestNumbers:
    @pytest.mark.parametrize("number", STRANGE)
    def test_of_records_to_be_merged(self, number):
        meeting = factories.MeetingFactory()
        reviewer = signed_in("Reviewer")
        for query in (
            {"first": number},
            {"first": meeting.pk, "second": number},
            {"first": number, "second": meeting.pk},
        ):
            address = f"/admin/events/meeting/merge/?{urlencode(query)}"
            found = [reviewer.get(address).status_code, reviewer.post(address, {"merge": "1"}).status_code]
            assert set(found) <= {200, 302}
        assert Merge.objects.count() == 0

    def test_of_one_record_twice_or_of_another_noun(self):
        meeting = factories.MeetingFactory()
        topic = factories.TopicFactory(pk=meeting.pk + 1000)
        reviewer = signed_in("Reviewer")
        for second in (meeting.pk, topic.pk):
            address = f"/admin/events/meeting/merge/?first={meeting.pk}&second={second}"
            assert reviewer.post(address, {"merge": "1"}).status_code in (200, 302)
        assert Merge.objects.count() == 0

    @pytest.mark.parametrize("number", [one for one in STRANGE if one])
    def test_of_versions(self, number):
        editor = signed_in("Editor")
        meeting = factories.MeetingFactory(status="draft")
        change(editor, meeting, title="Changed")
        base, strange = f"/admin/events/meeting/{meeting.pk}/history/", quote(number, safe="")
        page = editor.get(base)
        [newest] = [page.context["entries"][0]["version"].number]
        assert editor.get(f"{base}?{urlencode({'p': number})}").status_code == 200
        assert editor.get(f"{base}{newest}/?{urlencode({'with': number})}").status_code == 200
        assert editor.get(f"/admin/events/meeting/{strange}/history/").status_code == 404
        for method in (editor.get, editor.post):
            assert method(f"{base}{strange}/").status_code in (302, 404)
            assert method(f"/admin/events/meeting/{strange}/history/{newest}/").status_code == 404
        assert editor.post(f"{base}{newest}/", {"opened": number}).status_code == 302
        meeting.refresh_from_db()
        assert (meeting.title, Version.objects.of(meeting).first().number) == ("Changed", newest)

    def test_a_version_of_another_record_is_not_found(self):
        editor = signed_in("Editor")
        meeting = factories.MeetingFactory(status="draft", title="First")
        for title in ("Second", "Third"):
            change(editor, meeting, title=title)
        topic = factories.TopicFactory(pk=meeting.pk + 1000, status="draft")
        number = Version.objects.of(meeting).first().number
        for address in (
            f"/admin/events/meeting/{topic.pk}/history/{number}/",
            f"/admin/events/topic/{meeting.pk}/history/{number}/",
            f"/admin/events/topic/{topic.pk}/history/{number}/",
        ):
            assert (editor.get(address).status_code, editor.post(address, {"opened": "1"}).status_code) == (
                404,
                404,
            )

    @pytest.mark.parametrize("number", STRANGE)
    def test_of_public_versions(self, number):
        meeting = factories.MeetingFactory()
        assert (
            Client().get(f"{meeting.get_absolute_url()}?{urlencode({'version': number})}").status_code == 404
        )

    @pytest.mark.parametrize("number", [one for one in STRANGE if one])
    @pytest.mark.parametrize("noun", ["meeting", "article", "quotation"])
    def test_of_records(self, noun, number):
        """Whatever stands in the place of the number: another page or a status, and never an error of ours."""
        reviewer, strange = signed_in("Reviewer"), quote(number, safe="")
        ends = ["", "change/", "delete/", "history/"] + ["proposals/", "check/"] * (noun == "article")
        for end in ends:
            address = f"/admin/events/{noun}/{strange}/{end}"
            assert reviewer.get(address).status_code in (302, 403, 404, 405), address
            assert reviewer.post(address, {"title": "Forged"}).status_code in (302, 403, 404, 405), address


class TestWhatWaits:
    """Articles and tables that an editor has not stored yet are theirs alone."""

    def test_an_article_that_another_editor_reads(self):
        owner = staff("Editor")
        held = IncomingArticle.objects.create(user=owner, reading={"title": "Secret", "text": "Not yet."})
        other = signed_in("Editor", "Reviewer")
        address = f"/admin/events/article/add/?incoming={held.pk}"
        page = other.get(address, follow=True)
        assert (page.request["PATH_INFO"], b"Secret" in page.content) == (
            "/admin/events/article/from-address/",
            False,
        )
        # What is sent is stored as the sender's own; what waits for the owner goes on waiting.
        form = {
            **shown(other.get("/admin/events/article/add/")),
            "text": "Words of my own.",
            "language": "en",
        }
        other.post(address, form)
        held.refresh_from_db()
        assert (held.article, Article.objects.get().text) == (None, "Words of my own.")

    @pytest.mark.parametrize("token", [*STRANGE, "7e57ed00-0000-4000-8000-000000000000"])
    def test_strange_tokens(self, token):
        editor = signed_in("Editor")
        query = urlencode({"incoming": token})
        assert editor.get(f"/admin/events/article/add/?{query}").status_code == (302 if token else 200)
        if token and "/" not in token:
            strange = quote(token, safe="")
            found = [
                editor.get(f"/admin/import/{strange}/"),
                editor.post(f"/admin/import/{strange}/", {"store": "1"}),
            ]
            found.append(editor.get(f"/admin/import/{strange}/report.csv"))
            assert [one.status_code for one in found] == [302, 302, 404]
        assert PendingImport.objects.count() == 0
