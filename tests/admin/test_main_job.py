"""An editor records one article through the real forms: byline, quotations in any typography, meetings, attendances."""

import pytest

from events.editing import history
from events.models import Article, Attendance, Coverage, Meeting, Quotation
from tests import factories
from tests.admin.conftest import TEXT
from tests.admin.desk import add, change, errors, rows, shown

pytestmark = pytest.mark.django_db


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
    with history.by():  # its version is kept now, and not at the end of the test
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
