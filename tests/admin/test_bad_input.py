"""What an editor may send by mistake or on purpose: a clear message, nothing changed."""

import pytest

from events.models import Article, Participant
from tests import factories
from tests.admin.conftest import TEXT
from tests.admin.desk import add, change, errors, rows, shown

pytestmark = pytest.mark.django_db


class TestBadInput:
    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            (
                {"text": ""},
                {
                    "text": [
                        "Paste the text; or, for an article whose text is not kept, choose the rights “Metadata only” and give its address or title."
                    ]
                },
            ),
            ({"text": "Par Claire Duval"}, {"text": ["There is no text. Paste the article’s words."]}),
            ({"language": "francais"}, {"language"}),
            ({"published_on": "14/03/2018"}, {"published_on"}),
            ({"published_on": "2018-03-14/2018-03-01"}, {"published_on"}),
            ({"url": "javascript:alert(1)"}, {"url"}),
            ({"text": "a\x07b"}, {"text"}),
            ({"text": "a\x00b"}, {"text": ["Null characters are not allowed."]}),
            ({"text": "é" * 2_000_001}, {"text"}),
            ({"authors": "x" * 201}, {"authors"}),
        ],
    )
    def test_of_an_article(self, editor, fields, message):
        response = add(editor, "article", **{"text": TEXT, "language": "fr", **fields})
        assert response.status_code == 200
        found = errors(response)
        assert (found if isinstance(message, dict) else set(found)) == message
        assert Article.objects.count() == 0

    def test_the_same_text_names_the_article(self, editor, article):
        response = add(editor, "article", text=TEXT, language="fr")
        assert errors(response) == {
            "text": [
                f"The archive has this article already: number {article.pk}, “Claire Duval, 14 March 2018” (draft)."
            ]
        }

    def test_a_duplicate_attendance(self, editor, people):
        meeting = factories.MeetingFactory()
        row = {"participant": people["Jana Vesk"].pk, "position": 1}
        address = f"/admin/events/meeting/{meeting.pk}/change/"
        response = editor.post(address, rows("attendances", shown(editor.get(address)), row, row))
        assert errors(response)["attendances"] == ["Please correct the duplicate data for participant."]
        factories.AttendanceFactory(meeting=meeting, participant=people["Jana Vesk"])
        response = editor.post(address, rows("attendances", shown(editor.get(address)), row))
        assert (response.status_code, meeting.attendances.count()) == (200, 1)

    def test_a_circle(self, editor):
        top = factories.TopicFactory(label="Top")
        below = factories.TopicFactory(label="Below", broader=top)
        response = change(editor, top, broader=below.pk)
        assert errors(response) == {
            "broader": ["This would go round in a circle: “Below” already stands below this record."]
        }

    def test_a_label_that_is_there(self, editor):
        factories.TopicFactory(label="Peace")
        assert errors(add(editor, "topic", label="Peace")) == {
            "label": ["Topic with this Label already exists."]
        }

    def test_a_participant_keeps_one_row_of_its_own_name(self, editor):
        blank = shown(editor.get("/admin/events/participant/add/"))
        data = rows(
            "names",
            {**blank, "name": "Jana Vesk", "kind": "person"},
            {"text": "Jana Vesk", "language": "en", "kind": "alias", "preferred": "on"},
            {"text": "Яна Веск", "language": "ru"},
        )
        assert editor.post("/admin/events/participant/add/", data).status_code == 302
        person = Participant.objects.get()
        assert list(person.names.order_by("pk").values_list("text", "language", "kind", "preferred")) == [
            ("Jana Vesk", "en", "alias", True),
            ("Яна Веск", "ru", "official", False),
        ]

    @pytest.mark.parametrize(
        "noun", ["meeting", "participant", "quotation", "article", "place", "agreement", "topic", "outlet"]
    )
    @pytest.mark.parametrize("words", ["ალიევი", "%00", "'\"\\%", "%F0%9F%95%8A", "x" * 500])
    def test_of_a_search(self, editor, noun, words):
        getattr(factories, f"{noun.title()}Factory")()
        page = editor.get(f"/admin/events/{noun}/?q={words}", follow=True)
        # A NUL is dropped, and nothing is left to look for.
        assert page.context["cl"].result_count == (1 if words == "%00" else 0)
        query = f"app_label=events&model_name=attendance&field_name=participant&term={words}"
        factories.ParticipantFactory()
        found = editor.get(f"/admin/autocomplete/?{query}").json()["results"]
        assert bool(found) == (words == "%00")

    @pytest.mark.parametrize("query", ["status__exact=%00", "language=%00", "p=x", "nothing=1", "e=1"])
    def test_of_a_list(self, editor, article, query):
        page = editor.get(f"/admin/events/article/?{query}", follow=True)
        assert (page.status_code, page.context["cl"].result_count) == (200, 1)

    def test_of_an_action(self, editor, article):
        editor.get("/admin/")  # shows what earlier steps had to say
        data = {"action": "send_to_review", "_selected_action": ["abc", "1" * 50]}
        page = editor.post("/admin/events/article/", data, follow=True)
        assert [str(message) for message in page.context["messages"]] == [
            "This address could not be understood."
        ]
        article.refresh_from_db()
        assert article.status == "draft"

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"host": "https://www.civil.ge/news"}, "Another outlet has this host already."),
            ({"host": "<b>"}, "“<b>” is no name of a host. Write it alone: civil.ge"),
        ],
    )
    def test_of_an_outlet(self, editor, fields, message):
        factories.OutletFactory(host="civil.ge")
        response = add(editor, "outlet", name="Civil", **fields)
        assert [said for messages in errors(response).values() for said in messages] == [message]

    def test_of_an_office(self, editor):
        ann, ben = factories.ParticipantFactory(name="Ann"), factories.ParticipantFactory(name="Ben")
        meeting = factories.MeetingFactory()
        factories.AttendanceFactory(meeting=meeting, participant=ann)
        office = factories.TenureFactory(person=ben, title="President", period="2023")
        response = change(editor, meeting, **{"attendances-0-tenure": office.pk})
        assert errors(response) == {"attendances-0-tenure": ["“President, Ben, 2023” is no office of Ann."]}
        state = factories.ParticipantFactory(name="Armenia", kind="state")
        data = rows(
            "tenures", shown(editor.get(f"/admin/events/participant/{state.pk}/change/")), {"title": "King"}
        )
        response = editor.post(f"/admin/events/participant/{state.pk}/change/", data)
        assert errors(response) == {
            "tenures-0-__all__": ["Only a person holds an office; “Armenia” is none."]
        }

    def test_of_two_preferred_names(self, editor):
        person = factories.ParticipantFactory(name="Ann")
        address = f"/admin/events/participant/{person.pk}/change/"
        new = [{"text": text, "language": "hy", "preferred": "on"} for text in ("Անի", "Աննա")]
        response = editor.post(address, rows("names", shown(editor.get(address)), *new))
        assert errors(response) == {
            "names-2-preferred": ["Another name is the preferred one in this language already."]
        }

    def test_of_words_that_were_emptied(self, editor, article):
        quotation = factories.QuotationFactory(article=article, exact="les textes adoptés", status="draft")
        assert errors(change(editor, quotation, exact="")) == {
            "__all__": ["A quotation has words: type or paste them."]
        }

    def test_what_only_the_database_sees_keeps_what_was_typed(self, editor, monkeypatch):
        factories.OutletFactory(host="civil.ge")
        monkeypatch.setattr("events.models.Outlet.validate_constraints", lambda self, exclude=None: None)
        response = add(editor, "outlet", name="Civil Georgia", host="civil.ge")
        assert errors(response) == {"__all__": ["Nothing was saved. Another outlet has this host already."]}
        assert response.context["adminform"].form["name"].value() == "Civil Georgia"

    @pytest.mark.parametrize("field", ["published_on", "language", "url"])
    def test_of_a_field_of_a_stored_article(self, editor, article, field):
        response = change(editor, article, title="Visite", **{field: "28.02.2023"})
        assert set(errors(response)) == {field}

    @pytest.mark.parametrize("value", ["abc", "1" * 30, "-1", "1.5", "\x00"])
    def test_of_forged_numbers(self, editor, article, value):
        meeting = factories.MeetingFactory()
        factories.AttendanceFactory(meeting=meeting)
        forged = {
            "place": value,
            "topics": [value],
            "attendances-0-participant": value,
            "attendances-0-tenure": value,
        }
        found = errors(change(editor, meeting, **forged))
        assert set(found) == set(forged)

    def test_of_words_where_no_text_is_held(self, editor):
        article = factories.ArticleFactory(status="draft")
        quotation = factories.QuotationFactory(article=article, status="draft")
        assert set(errors(change(editor, quotation, exact="abc\x07"))) == {"exact"}

    def test_of_a_language_beside_a_preferred_name(self, editor):
        person = factories.ParticipantFactory(name="Ann")
        response = change(editor, person, **{"names-0-language": "bogus-language", "names-0-preferred": "on"})
        assert set(errors(response)) == {"names-0-language"}


class TestNames:
    """What one row gives up, another one may take, on one page."""

    @pytest.fixture
    def person(self):
        person = factories.ParticipantFactory(name="Ann")
        factories.NameFactory(participant=person, text="Old", language="en")
        return person

    def names(self, person):
        return sorted(person.names.values_list("text", "preferred"))

    def save(self, editor, person, *new, **changes):
        address = f"/admin/events/participant/{person.pk}/change/"
        response = editor.post(address, rows("names", {**shown(editor.get(address)), **changes}, *new))
        return response.status_code == 302 or errors(response)

    def test_a_name_changed_and_typed_anew(self, editor, person):
        new = {"text": "Old", "language": "en"}
        assert self.save(editor, person, new, **{"names-1-text": "New"}) is True
        assert self.names(person) == [("Ann", False), ("New", False), ("Old", False)]

    def test_a_name_deleted_and_typed_anew(self, editor, person):
        new = {"text": "Old", "language": "en", "kind": "former"}
        assert self.save(editor, person, new, **{"names-1-DELETE": "on"}) is True
        assert self.names(person) == [("Ann", False), ("Old", False)]

    @pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0)])
    def test_another_one_is_preferred(self, editor, person, first, second):
        assert self.save(editor, person, **{f"names-{first}-preferred": "on"}) is True
        address = f"/admin/events/participant/{person.pk}/change/"
        data = {**shown(editor.get(address)), f"names-{second}-preferred": "on"}
        del data[f"names-{first}-preferred"]
        assert editor.post(address, data).status_code == 302
        assert person.names.get(preferred=True).text == ["Ann", "Old"][second]

    def test_an_attendance_deleted_and_added_anew(self, editor):
        meeting = factories.MeetingFactory()
        row = factories.AttendanceFactory(meeting=meeting, note="old")
        address = f"/admin/events/meeting/{meeting.pk}/change/"
        data = {**shown(editor.get(address)), "attendances-0-DELETE": "on"}
        new = {"participant": row.participant_id, "note": "new"}
        assert editor.post(address, rows("attendances", data, new)).status_code == 302
        assert [one.note for one in meeting.attendances.all()] == ["new"]
