"""The page of proposals: what it shows, what it takes, and what it refuses."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from events.editing import proposals
from events.editing.suggestions import Candidate, Suggestions
from events.models import Article, Meeting, Participant, Proposal, Quotation
from tests import factories
from tests.admin.desk import add, change, staff
from tests.editing.test_proposals import (
    INNER,
    OUTER,
    TALKS,
    TEXT,
    everything,
    meeting,
    person,
    row,
    said,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(db):
    found = factories.ArticleFactory(
        title="Talks", text=TEXT, language="en", published_on="2023-02-28", status="draft"
    )
    proposals.refresh(found, everything())
    return found


@pytest.fixture
def editor(client):
    client.force_login(staff("Editor"))
    return client


def address(article: Article) -> str:
    return f"/admin/events/article/{article.pk}/proposals/"


def decide(client: Client, article: Article, what: str, **fields):
    """Send a decision as the page's forms do; the page that follows."""
    article.refresh_from_db()
    data = {"decide": what, "source": proposals.source_key(article), **fields}
    return client.post(address(article), data, follow=True)


def ask(client: Client, article: Article, what: str, **fields):
    """Send a decision as the page's script does; the answer."""
    article.refresh_from_db()
    data = {"decide": what, "source": proposals.source_key(article), **fields}
    return client.post(address(article), data, headers={"Accept": "application/json"})


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


class TestThePage:
    def test_shows_the_text_and_a_card_for_each(self, editor, article, django_assert_num_queries):
        with django_assert_num_queries(9):
            response = editor.get(address(article))
        groups = {group.noun: (len(group.cards), group.state) for group in response.context["groups"]}
        assert groups == {
            "quotation": (3, "3 waiting, 0 accepted, 0 dismissed"),
            "meeting": (1, "1 waiting, 0 accepted, 0 dismissed"),
            "participant": (2, "2 waiting, 0 accepted, 0 dismissed"),
            "place": (1, "1 waiting, 0 accepted, 0 dismissed"),
        }
        page = response.content.decode()
        assert page.count('<article class="proposal ') == 7
        marked = "".join(piece.text for _start, pieces in response.context["paragraphs"] for piece in pieces)
        assert marked == TEXT

    def test_each_paragraph_says_where_it_begins(self, editor):
        text = "Line.\n\n  “One\nline 𝐱 more”, said A.\n"
        article = factories.ArticleFactory(text=text, language="en")
        spans = [text[start:].split("\n")[0] for start, _pieces in self.paragraphs(editor, article)]
        assert spans == ["Line.", "  “One", "line 𝐱 more”, said A."]

    def paragraphs(self, editor, article):
        return editor.get(address(article)).context["paragraphs"]

    def test_three_hundred_proposals_cost_as_many_queries(self, editor, django_assert_num_queries):
        words = [f"“Number {n} of what was said”" for n in range(300)]
        article = factories.ArticleFactory(
            text=" ".join(f"{one}, said Tal, {'word ' * 30}" for one in words), language="en"
        )
        quoted = [
            said("“No”", speaker="Tal", attribution="said Tal").__class__(
                **{
                    **said("“No”", speaker="Tal", attribution="said Tal").__dict__,
                    "start": article.text.index(one),
                    "end": article.text.index(one) + len(one),
                    "text": one,
                }
            )
            for one in words
        ]
        proposals.refresh(article, Suggestions("en", quotations=tuple(quoted)))
        with django_assert_num_queries(9):
            page = editor.get(address(article)).content
        assert page.count(b'<article class="proposal ') == 300
        assert len(page) < 900_000

    def test_reads_the_text_when_it_is_opened(self, editor):
        article = factories.ArticleFactory(text="“We are ready to talk again”, said Mira Tal.", language="en")
        editor.get(address(article))
        assert [one.exact for one in article.proposals.filter(noun="quotation")] == [
            "“We are ready to talk again”"
        ]

    def test_says_what_readers_would_see_at_once(self, editor, article):
        note = "this record is public: a reviewer can add them"
        tal = factories.ParticipantFactory(name="Mira Tal")
        proposals.refresh(
            article, everything(participants=(person("Mira Tal", id=tal.pk, names=("Ms Tal",)),))
        )
        assert editor.get(address(article)).content.decode().count(note) == 1
        reviewer = Client()
        reviewer.force_login(staff("Reviewer"))
        at_once = "this record is public: readers see at once what you add"
        assert reviewer.get(address(article)).content.decode().count(at_once) == 1
        tal.status = "draft"
        tal.save()
        assert editor.get(address(article)).content.decode().count(note) == 0

    def test_without_a_text(self, editor):
        article = factories.ArticleFactory(text="", rights="metadata")
        assert "The archive holds no text of this article" in editor.get(address(article)).content.decode()

    def test_with_nothing_found(self, editor):
        article = factories.ArticleFactory(text="It rained.", language="en")
        page = editor.get(address(article)).content.decode()
        assert "The archive finds nothing to propose in this text." in page
        assert "No other article has proposals that wait." in page

    def test_with_all_decided_leads_to_the_next_article(self, editor, article):
        other = factories.ArticleFactory(title="Another one", text=TEXT + " Again.", language="en")
        proposals.refresh(other, everything())
        for one in article.proposals.all():
            decide(editor, article, f"dismiss {one.pk}")
        response = editor.get(address(article))
        assert response.context["following"] == other
        assert "Next article with waiting proposals: Another one (7)" in response.content.decode()

    @pytest.mark.parametrize("number", ["999999", "x", "1" * 30, "1/2"])
    def test_of_no_article(self, editor, number):
        response = editor.get(f"/admin/events/article/{number}/proposals/")
        assert (response.status_code, response.url) == (302, "/admin/")

    @pytest.mark.parametrize(
        "query", ["correct=x", "correct=9" + "9" * 30, "correct=", "show=%00", "correct=1&correct=2"]
    )
    def test_strange_addresses(self, editor, article, query):
        assert editor.get(f"{address(article)}?{query}").status_code == 200
        got = editor.get(f"{address(article)}?{query}", headers={"Accept": "application/json"})
        assert got.json()["cards"] == {}

    def test_readers_and_others_do_not_come_in(self, client, article):
        assert client.get(address(article)).status_code == 302
        client.force_login(factories.UserFactory())
        assert client.get(address(article)).status_code == 302
        helper = factories.UserFactory(is_staff=True)
        client.force_login(helper)
        assert client.get(address(article)).status_code == 403
        assert (
            client.post(address(article), {"decide": f"accept {row(article, OUTER).pk}"}).status_code == 403
        )
        assert Quotation.objects.count() == 0

    def test_a_token_is_needed(self, article):
        client = Client(enforce_csrf_checks=True)
        client.force_login(staff("Editor"))
        assert (
            client.post(address(article), {"decide": f"accept {row(article, OUTER).pk}"}).status_code == 403
        )

    def test_who_may_only_look_sees_why(self, client, article):
        helper = factories.UserFactory(is_staff=True)
        helper.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "add_quotation"]))
        client.force_login(helper)
        page = client.get(address(article)).content.decode()
        assert page.count('value="accept ') == 3
        assert "it needs the right “add participant”" in page
        one = row(article, TALKS, "meeting")
        assert told(decide(client, article, f"accept {one.pk}")) == [
            "You need the right “add coverage” for this; ask who looks after the accounts."
        ]
        assert ask(client, article, f"dismiss {one.pk}").status_code == 403
        assert row(article, TALKS, "meeting").decision == "waiting"


class TestDeciding:
    def test_accept_dismiss_and_undo_without_a_script(self, editor, article):
        response = decide(editor, article, f"accept {row(article, OUTER).pk}")
        assert response.redirect_chain == [(f"{address(article)}#proposal-{row(article, INNER).pk}", 302)]
        assert told(response) == [
            f"Accepted as a draft: {row(article, OUTER)}. It rests on these, which were accepted too: Mira Tal."
        ]
        assert told(decide(editor, article, f"dismiss {row(article, INNER).pk}")) == [
            "Dismissed: ‘we are ready’"
        ]
        response = decide(editor, article, f"reopen {row(article, OUTER).pk}")
        assert told(response) == [f"Waiting again: {row(article, OUTER)}"]
        assert response.redirect_chain == [(f"{address(article)}#proposal-{row(article, OUTER).pk}", 302)]
        assert (Quotation.objects.count(), Participant.objects.get().name) == (0, "Mira Tal")

    def test_the_answer_for_a_script(self, editor, article):
        outer, tal = row(article, OUTER), row(article, "Mira Tal", "participant")
        answer = ask(editor, article, f"accept {outer.pk}").json()
        assert {key: answer[key] for key in ("level", "done", "reload", "next", "groups")} == {
            "level": "success", "done": True, "reload": False, "next": row(article, INNER).pk,
            "groups": {
                "quotation": "2 waiting, 1 accepted, 0 dismissed", "meeting": "1 waiting, 0 accepted, 0 dismissed",
                "participant": "1 waiting, 1 accepted, 0 dismissed", "place": "1 waiting, 0 accepted, 0 dismissed",
            },
        }  # fmt: skip
        assert answer["decisions"] == {
            str(outer.pk): "accepted", str(tal.pk): "accepted", str(row(article, INNER).pk): "waiting",
            str(row(article, TALKS, "meeting").pk): "waiting",
        }  # fmt: skip
        assert set(answer["cards"]) == set(answer["decisions"])

    def test_is_written_down(self, editor, article):
        decide(editor, article, f"accept {row(article, OUTER).pk}")
        logged = LogEntry.objects.order_by("pk").values_list("content_type__model", "object_repr")
        assert list(logged) == [("participant", "Mira Tal"), ("quotation", str(Quotation.objects.get()))]

    def test_corrected(self, editor, article):
        vesk = factories.ParticipantFactory(name="Oren Vesk")
        one = row(article, "“No”")
        page = editor.get(f"{address(article)}?correct={one.pk}").content.decode()
        assert f'name="decide" value="correct {one.pk}"' in page
        fields = {"start": one.start, "end": one.end, "words": "“No”", "speaker": vesk.pk, "attribution": "so Vesk", "form": "direct",
                  "said_on": "2023-02-27", "language": "en", "new_speaker": "on"}  # fmt: skip
        decide(editor, article, f"correct {one.pk}", **fields)
        quotation = Quotation.objects.get()
        assert (quotation.speaker, quotation.attribution, quotation.form, quotation.said_on) == (
            vesk, "so Vesk", "direct", "2023-02-27",
        )  # fmt: skip
        assert (quotation.status, Participant.objects.count()) == ("draft", 1)

    def test_wrong_corrections_come_back_with_their_messages(self, editor, article):
        one = row(article, "“No”")
        fields = {"start": "x", "end": "9" * 30, "words": "nowhere\x00", "speaker": "999999", "form": "sung", "said_on": "soon",
                  "within": "abc", "attribution": "y" * 301}  # fmt: skip
        response = decide(editor, article, f"correct {one.pk}", **fields)
        form = response.context["groups"][0].cards[2].form
        assert set(form.errors) >= {"start", "words", "speaker", "form", "within", "attribution"}
        assert Quotation.objects.count() == 0
        answer = ask(
            editor, article, f"correct {one.pk}", words="not printed", form="partial", attribution="said Vesk"
        )
        assert (answer.status_code, answer.json()["done"]) == (422, False)
        assert answer.json()["message"].startswith("Not accepted. These words do not stand in the text.")
        assert "These words do not stand in the text." in answer.json()["cards"][str(one.pk)]
        answer = ask(editor, article, f"correct {one.pk}", words="“No”", said_on="soon", form="partial")
        assert answer.status_code == 422
        assert 'name="said_on" value="soon"' in answer.json()["cards"][str(one.pk)]

    def test_words_selected_in_the_text(self, editor, article):
        one = row(article, "“No”")
        start = TEXT.index("“No”, said Vesk")
        fields = {
            "start": start,
            "end": start + 15,
            "words": "“No”, said Vesk",
            "form": "indirect",
            "language": "en",
        }
        decide(editor, article, f"correct {one.pk}", **fields)
        assert (Quotation.objects.get().exact, Quotation.objects.get().speaker) == ("“No”, said Vesk", None)

    def test_one_of_several_by_a_click(self, editor, article):
        vesk = factories.ParticipantFactory(name="Oren Vesk")
        several = (
            Candidate(vesk.pk, "Oren Vesk", "President", "published"),
            Candidate(999, "Gone", "", "draft"),
        )
        people = (person("Mira Tal"), person("Oren Vesk", candidates=several))
        proposals.refresh(article, everything(participants=people))
        one = row(article, "Oren Vesk", "participant")
        answer = ask(editor, article, f"accept {row(article, '“No”').pk}")
        assert (answer.status_code, "may be several" in answer.json()["message"]) == (422, True)
        assert told(decide(editor, article, f"accept {one.pk} 999")) == [
            "The archive has no such record any more. Choose another one."
        ]
        assert told(decide(editor, article, f"accept {one.pk} {vesk.pk}")) == [
            "Accepted, and linked with what the archive has: Oren Vesk."
        ]
        decide(editor, article, f"reopen {one.pk}")
        decide(editor, article, f"accept {one.pk} new")
        assert Participant.objects.filter(name="Oren Vesk").count() == 2

    def test_a_meeting_corrected(self, editor, article):
        people = [factories.ParticipantFactory() for _ in range(2)]
        one = row(article, TALKS, "meeting")
        fields = {"start": one.start, "end": one.end, "words": TALKS, "record": "", "title": "Talks", "kind": "call", "held_on": "2023-02",
                  "state": "held", "participants": [str(person.pk) for person in people]}  # fmt: skip
        decide(editor, article, f"correct {one.pk}", **fields)
        made = Meeting.objects.get()
        assert (made.title, made.kind, made.held_on, made.status) == ("Talks", "call", "2023-02", "draft")
        assert [attendance.participant for attendance in made.attendances.order_by("position")] == people

    def test_what_another_editor_decided_is_said(self, editor, article):
        one = row(article, OUTER)
        proposals.accept(one, factories.UserFactory(username="nino", is_superuser=True))
        version = Quotation.objects.get().version
        for what in ("accept", "dismiss", "correct"):
            assert told(decide(editor, article, f"{what} {one.pk}", attribution="mine")) == [
                "nino accepted this already. Nothing was changed."
            ]
        answer = ask(editor, article, f"accept {one.pk}").json()
        assert (answer["level"], answer["decisions"][str(one.pk)]) == ("warning", "accepted")
        assert (Quotation.objects.get().version, Quotation.objects.get().attribution) == (
            version,
            "said Ms Tal",
        )

    def test_a_double_click_makes_one(self, editor, article):
        one = row(article, OUTER)
        decide(editor, article, f"accept {one.pk}")
        assert told(decide(editor, article, f"accept {one.pk}")) == [
            "You accepted this already. Nothing was changed."
        ]
        assert Quotation.objects.count() == 1

    def test_a_text_that_changed_meanwhile_is_said(self, editor, article):
        one, source = row(article, OUTER), proposals.source_key(article)
        article.text = "New. " + TEXT
        article.save()
        proposals.refresh(article, Suggestions("en", quotations=()))
        for what in (
            f"accept {one.pk}",
            f"dismiss {row(article, OUTER).pk if article.proposals.exists() else one.pk}",
        ):
            answer = editor.post(
                address(article), {"decide": what, "source": source}, headers={"Accept": "application/json"}
            )
            assert (answer.status_code, answer.json()["reload"]) == (409, True)
        assert Quotation.objects.count() == 0

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"decide": ""},
            {"decide": "publish 1"},
            {"decide": "accept"},
            {"decide": "accept -1"},
            {"decide": "accept " + "9" * 40},
            {"decide": "accept 1 1 1"},
            {"decide": "accept \x00"},
        ],
    )
    def test_what_no_page_sends(self, editor, article, data):
        answer = editor.post(address(article), data, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["message"]) == (
            409,
            "There is no such proposal about this article. Reload the page.",
        )
        assert article.proposals.waiting().count() == 7

    def test_another_articles_proposal(self, editor, article):
        other = factories.ArticleFactory(text=TEXT + " Again.", language="en")
        proposals.refresh(other, everything())
        foreign = row(other, OUTER)
        for what in ("accept", "correct", "dismiss", "reopen"):
            assert ask(editor, article, f"{what} {foreign.pk}").status_code == 409
        assert row(other, OUTER).decision == "waiting"
        inner = factories.QuotationFactory(article=other, exact=OUTER)
        response = decide(editor, article, f"correct {row(article, INNER).pk}", within=inner.pk, words=INNER)
        assert Quotation.objects.filter(article=article).count() == 0
        assert response.status_code == 200

    def test_reading_the_text_again(self, editor, article):
        article.refresh_from_db()
        editor.post(address(article), {"again": "1"}, follow=True)
        assert article.proposals.filter(exact="Port Aster", noun="place").count() <= 1
        assert proposals.is_fresh(article)

    def test_a_meeting_that_is_there(self, editor, article):
        held = factories.MeetingFactory(title="Talks in Port Aster")
        proposals.refresh(article, everything(meetings=(meeting(TALKS, id=held.pk),)))
        one = row(article, TALKS, "meeting")
        assert told(decide(editor, article, f"accept {one.pk}")) == [
            "Accepted, and linked with what the archive has: Talks in Port Aster."
        ]


class TestFromOtherPages:
    def test_a_new_article_leads_to_its_proposals(self, editor):
        response = add(
            editor, "article", text="“We are ready to talk again”, said Mira Tal.", language="en", title="T"
        )
        article = Article.objects.get()
        page = editor.get(response.url).content.decode()
        assert f'<a href="{address(article)}">Decide them beside the text</a>' in page
        assert article.proposals.waiting().count() > 0

    def test_a_changed_text_is_read_again(self, editor, article):
        change(editor, article, text=TEXT.replace("“No”", "“Never”"))
        assert not Proposal.objects.filter(exact="“No”").exists()
        assert proposals.is_fresh(Article.objects.get())

    def test_the_list_says_what_waits(self, editor, article):
        factories.ArticleFactory(title="Done", text="It rained.")
        response = editor.get("/admin/events/article/?desk=proposals")
        assert list(response.context["cl"].queryset) == [article]
        assert f'<a href="{address(article)}">7 waiting</a>' in response.content.decode()
        Proposal.objects.all().delete()
        assert list(editor.get("/admin/events/article/?desk=proposals").context["cl"].queryset) == []
