"""An editor records one article through the real forms: byline, quotations in any typography, meetings, attendances."""

import pytest
from django.conf import settings

from events.models import Article, Attendance, Coverage, Meeting, Participant, Quotation
from tests import factories
from tests.admin.desk import act, add, change, errors, rows, shown, staff

pytestmark = pytest.mark.django_db

TEXT = (settings.BASE_DIR / "tests" / "data" / "visit.txt").read_text()


@pytest.fixture
def editor(client):
    client.force_login(staff("Editor"))
    return client


@pytest.fixture
def article(editor):
    add(editor, "article", text=TEXT, language="fr", published_on="2018-03-14")
    return Article.objects.get()


@pytest.fixture
def people():
    offices = {
        "Miran Talver": "Minister of Foreign Affairs",
        "Ilyas Korrend": "President",
        "Jana Vesk": "Minister of Foreign Affairs",
        "Oren Halvard": "President",
    }
    found = {}
    for name, office in offices.items():
        found[name] = factories.ParticipantFactory(name=name)
        factories.TenureFactory(person=found[name], title=office, period="2015/2020")
    return found


def test_the_article_is_taken_in(editor):
    response = add(
        editor,
        "article",
        text="\ufeff" + TEXT.replace("\n", "\r\n"),
        language="FR",
        published_on="2018-03-14",
    )
    article = Article.objects.get()
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/admin/events/article/{article.pk}/change/",
    )
    page = editor.get(response.headers["Location"])
    assert "The byline “Par Claire Duval” was taken off the text." in [
        str(m) for m in page.context["messages"]
    ]
    stored = {
        name: getattr(article, name)
        for name in ("status", "authors", "title", "language", "published_on", "rights", "outlet", "text")
    }
    assert stored == {
        "status": "draft",
        "authors": ["Claire Duval"],
        "title": "",
        "language": "fr",
        "published_on": "2018-03-14",
        "rights": "excerpts",
        "outlet": None,
        "text": TEXT.replace("Par Claire Duval\n", "").strip("\n"),
    }
    assert article.created_by == article.updated_by


def test_the_whole_article_is_recorded(editor, article, people):
    place = factories.PlaceFactory(name="Port-Aster")
    meetings = {}
    for title, kind, held_on, state, who in (
        ("Visit of Miran Talver", "visit", "2018-03-13/2018-03-14", "held", ["Miran Talver"]),
        (
            "Talks between Talver and Korrend",
            "talks",
            "2018-03-13",
            "held",
            ["Ilyas Korrend", "Miran Talver"],
        ),
        ("Talks between Talver and Vesk", "talks", "2018-03-14", "announced", ["Jana Vesk", "Miran Talver"]),
        (
            "Conference on the two shores",
            "conference",
            "2018-03-13/2018-03-14",
            "announced",
            ["Miran Talver"],
        ),
    ):
        blank = shown(editor.get("/admin/events/meeting/add/"))
        data = rows(
            "attendances",
            {
                **blank,
                "title": title,
                "kind": kind,
                "held_on": held_on,
                "state": state,
                "place": place.pk,
                "parent": meetings["Visit of Miran Talver"].pk if meetings else "",
            },
            *(
                {
                    "participant": people[name].pk,
                    "position": number,
                    "role": "host" if len(who) > number else "",
                }
                for number, name in enumerate(who, 1)
            ),
        )
        data = rows("coverages", data, {"article": article.pk})
        response = editor.post("/admin/events/meeting/add/", data)
        assert (response.status_code, errors(response) if response.context else {}) == (302, {})
        meetings[title] = Meeting.objects.get(title=title)
    talks = meetings["Talks between Talver and Korrend"]

    address = f"/admin/events/article/{article.pk}/change/"
    said = [
        # Typed as editors type: straight marks, plain spaces and apostrophes, three dots, or no marks at all.
        (
            '"rapprocher les deux rives"',
            "Miran Talver",
            "Le chef de la diplomatie valdène a salué",
            "partial",
            "",
        ),
        (
            "Beaucoup d'amis, même lointains, souhaitent rapprocher les deux rives",
            "Miran Talver",
            "a fait observer Miran Talver",
            "direct",
            "",
        ),
        (
            "“la sécurité du détroit demeure au cœur de [leurs] échanges, non seulement entre capitales mais aussi\nentre ports”",
            "Miran Talver",
            "l’envoyé de Valdène",
            "partial",
            "",
        ),
        (
            "« nous saluons tout effort qui permette aux pays ici présents de commercer librement, dans le respect de chacun »",
            "Oren Halvard",
            "en rappelant les propos … de son président",
            "direct",
            "Miran Talver",
        ),
        ("<<les textes adoptés>>", "Ilyas Korrend", "Ilyas Korrend s’est borné à répondre", "partial", ""),
        (
            "«\u00a0ont posé des fondations sur lesquelles un traité peut être bâti. [...] Nous voulons travailler avec l'autre rive,"
            " et tourner bientôt la page des querelles\u00a0»",
            "Ilyas Korrend",
            "a aussi assuré le président estérien",
            "direct",
            "",
        ),
    ]
    data = rows(
        "quotations",
        shown(editor.get(address)),
        *(
            {
                "exact": words,
                "speaker": people[speaker].pk,
                "attribution": attribution,
                "form": form,
                "reported_by": people[reporter].pk if reporter else "",
                "meeting": talks.pk,
                "said_on": "" if reporter else "2018-03-13",
                "occurrence": "",
            }
            for words, speaker, attribution, form, reporter in said
        ),
    )
    response = editor.post(address, data)
    assert (response.status_code, errors(response) if response.context else {}) == (302, {})

    text = Article.objects.get().text
    recorded = [
        (
            text[one.start : one.end] == one.exact,
            one.exact[:28],
            one.speaker.name,
            one.reported_by.name if one.reported_by else "",
            one.form,
            one.language,
            one.status,
            [office.title for office in one.offices],
        )
        for one in Quotation.objects.order_by("start")
    ]
    minister, president = ["Minister of Foreign Affairs"], ["President"]
    assert recorded == [
        (True, "« rapprocher les deux rives ", "Miran Talver", "", "partial", "fr", "draft", minister),
        (True, "« Beaucoup d’amis, même loin", "Miran Talver", "", "direct", "fr", "draft", minister),
        (True, "« la sécurité du détroit dem", "Miran Talver", "", "partial", "fr", "draft", minister),
        (
            True,
            "« nous saluons tout effort q",
            "Oren Halvard",
            "Miran Talver",
            "direct",
            "fr",
            "draft",
            president,
        ),
        (True, "« les textes adoptés »", "Ilyas Korrend", "", "partial", "fr", "draft", president),
        (True, "« ont posé des fondations su", "Ilyas Korrend", "", "direct", "fr", "draft", president),
    ]
    assert "[…]" in Quotation.objects.order_by("start").last().exact
    assert [
        (row.meeting.title, row.participant.name, row.role)
        for row in Attendance.objects.order_by("meeting", "position")
    ] == [
        ("Visit of Miran Talver", "Miran Talver", ""),
        ("Talks between Talver and Korrend", "Ilyas Korrend", "host"),
        ("Talks between Talver and Korrend", "Miran Talver", ""),
        ("Talks between Talver and Vesk", "Jana Vesk", "host"),
        ("Talks between Talver and Vesk", "Miran Talver", ""),
        ("Conference on the two shores", "Miran Talver", ""),
    ]
    assert Coverage.objects.filter(article=article).count() == 4
    assert {str(m.parent) for m in Meeting.objects.exclude(pk=meetings["Visit of Miran Talver"].pk)} == {
        "Visit of Miran Talver"
    }

    first, second = Quotation.objects.order_by("start")[:2]
    assert change(editor, first, variant_of=second.pk).status_code == 302
    first.refresh_from_db()
    assert (first.variant_of, first.exact) == (second, "« rapprocher les deux rives »")


class TestWords:
    def quote(self, client, article, **row):
        address = f"/admin/events/article/{article.pk}/change/"
        blank = {"exact": "", "occurrence": "", "attribution": "a said", "form": "direct"}
        return client.post(address, rows("quotations", shown(client.get(address)), {**blank, **row}))

    def test_twice_in_the_text_the_editor_chooses(self, editor, article):
        response = self.quote(editor, article, exact="rapprocher les deux rives")
        (message,) = errors(response)["quotations-0-exact"]
        assert message.startswith(
            "These words stand in the text 2 times. Give the number of the one you mean as the occurrence. 1: "
        )
        assert Quotation.objects.count() == 0
        assert (
            self.quote(editor, article, exact="rapprocher les deux rives", occurrence="2").status_code == 302
        )
        one = Quotation.objects.get()
        assert (one.start, article.text[: one.start].count("rapprocher")) == (
            article.text.rindex("rapprocher les deux"),
            1,
        )

    def test_not_in_the_text(self, editor, article):
        response = self.quote(editor, article, exact="Beaucoup d’amis, même proches, souhaitent")
        (message,) = errors(response)["quotations-0-exact"]
        assert message.startswith(
            "These words do not stand in the text. The text has “Beaucoup d’amis, même lointains"
        )
        response = self.quote(editor, article, exact="rapprocher les deux rives", occurrence="3")
        assert errors(response) == {
            "quotations-0-exact": ["There is no place number 3: these words stand in the text 2 times."]
        }
        assert Quotation.objects.count() == 0

    def test_move_with_the_text_and_are_never_lost(self, editor, article):
        self.quote(editor, article, exact="les textes adoptés")
        one = Quotation.objects.get()
        assert change(editor, article, text="Un chapeau.\n" + article.text).status_code == 302
        moved = Quotation.objects.get()
        assert (moved.start, moved.exact, moved.version) == (one.start + 12, one.exact, one.version + 1)
        article.refresh_from_db()
        response = change(editor, article, text=article.text.replace("textes adoptés", "textes signés"))
        assert errors(response) == {
            "quotations-0-exact": [
                "These words no longer stand in the text. Correct them, or withdraw the quotation."
            ]
        }
        assert (Article.objects.get().text, Quotation.objects.get().start) == (article.text, moved.start)
        fixed = {
            "text": article.text.replace("textes adoptés", "textes signés"),
            "quotations-0-exact": "« les textes signés »",
        }
        assert change(editor, article, **fixed).status_code == 302
        assert Quotation.objects.get().exact == "« les textes signés »"

    def test_a_withdrawn_quotation_may_lose_its_place(self, editor, article):
        self.quote(editor, article, exact="les textes adoptés")
        Quotation.objects.update(status="withdrawn", withdrawal_reason="Corrected by the paper.")
        text = Article.objects.get().text.replace("textes adoptés", "textes signés")
        assert change(editor, Article.objects.get(), text=text).status_code == 302
        one = Quotation.objects.get()
        assert (one.exact, one.start) == ("« les textes adoptés »", None)

    def test_of_an_article_without_text_wait_unchecked(self, editor):
        article = factories.ArticleFactory(rights="metadata", url="https://example.org/a")
        assert self.quote(editor, article, exact="“We agreed”").status_code == 302
        one = Quotation.objects.get()
        assert (one.exact, one.start) == ("“We agreed”", None)


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


def test_autocomplete_finds_any_script(editor):
    person = factories.ParticipantFactory(name="Ilham Aliyev")
    factories.ParticipantFactory(name="Sergey Lavrov")
    factories.NameFactory(participant=person, text="Ильхам Алиев", language="ru")
    query = "app_label=events&model_name=attendance&field_name=participant&term="
    found = [
        editor.get(f"/admin/autocomplete/?{query}{word}").json()["results"]
        for word in ("ალიევი", "Əliyev", "Алиев")
    ]
    assert found == [[{"id": str(person.pk), "text": "Ilham Aliyev"}]] * 3


def test_autocomplete_tells_records_apart(editor):
    baku = factories.PlaceFactory(name="Baku", parent=factories.PlaceFactory(name="Azerbaijan"))
    factories.MeetingFactory(title="Talks", held_on="2023-02-27", place=baku)
    factories.MeetingFactory(title="Talks", status="draft")
    outlet = factories.OutletFactory(name="Gazette")
    article = factories.ArticleFactory(title="Visit", outlet=outlet, published_on="2023-02-28")
    factories.ArticleFactory(title="", authors=["Claire Duval"], published_on="2023")
    factories.ParticipantFactory(name="Ann Petrosyan", country="AM", description="Minister of X.")
    factories.QuotationFactory(article=article, attribution="said Ann", speaker=None, exact="“Yes”")
    fields = {
        "talks": ("quotation", "meeting"),
        "visit": ("coverage", "article"),
        "duval": ("coverage", "article"),
        "ann": ("quotation", "speaker"),
        "yes": ("quotation", "within"),
        "baku": ("meeting", "place"),
    }
    offered = {
        term: [
            found["text"]
            for found in editor.get(
                f"/admin/autocomplete/?app_label=events&model_name={model}&field_name={field}&term={term}"
            ).json()["results"]
        ]
        for term, (model, field) in fields.items()
    }
    assert offered == {
        "talks": ["Talks – draft", "Talks (27 February 2023, Baku)"],
        "visit": ["Visit (Gazette, 28 February 2023)"],
        "duval": ["Claire Duval, 2023"],
        "ann": ["Ann Petrosyan (Armenia, Minister of X.)"],
        "yes": ["“Yes” (said Ann, Visit)"],
        "baku": ["Baku (Azerbaijan)"],
    }


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


@pytest.mark.parametrize(
    "noun",
    [
        "meeting",
        "participant",
        "quotation",
        "article",
        "place",
        "agreement",
        "topic",
        "outlet",
        "tenure",
        "snapshot",
    ],
)
def test_every_list_and_form_opens(client, admin_user, noun):
    client.force_login(admin_user)
    record = getattr(factories, f"{noun.title()}Factory")()
    pages = [
        f"/admin/events/{noun}/",
        f"/admin/events/{noun}/{record.pk}/change/",
        f"/admin/events/{noun}/{record.pk}/history/",
    ]
    pages += [] if noun in ("snapshot", "tenure") else [f"/admin/events/{noun}/add/"]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)


def test_every_editable_field_has_a_help_text():
    from django.apps import apps

    silent = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("events").get_models()
        for field in model._meta.get_fields()
        if getattr(field, "editable", False)
        and not field.auto_created
        and not getattr(field, "help_text", "")
    }
    assert silent == set()
