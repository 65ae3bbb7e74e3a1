"""Which status may follow which, for whom; what is wanted for publication; what a record rests on, and what rests on it."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from events.editing import workflow
from events.models import Article, Coverage, Meeting, Quotation, Status
from tests import factories
from tests.admin.desk import change, shown, staff

pytestmark = pytest.mark.django_db

NOUNS = ["meeting", "participant", "quotation", "article", "place", "agreement", "topic", "outlet"]
TEXT = "She said: “We are ready”, and left. “No”, said he."


def make(noun, **fields):
    """A record of this noun to which nothing is missing."""
    if noun == "article":
        fields.setdefault("text", f"{TEXT} {Article.objects.count()}")
    elif noun == "agreement":
        fields.setdefault("url", "https://example.org/text")
    record = getattr(factories, f"{noun.title()}Factory")(**fields)
    if noun == "meeting":
        factories.CoverageFactory(meeting=record)
    return record


def signed_in(*groups):
    client = Client()
    client.force_login(staff(*groups))
    return client


class TestMoves:
    @pytest.mark.parametrize("noun", NOUNS)
    def test_who_may_give_which_status(self, noun):
        editor, reviewer, nobody = staff("Editor"), staff("Reviewer"), staff("Administrator")
        found = {}
        for status in Status.values:
            record = make(noun, status=status, withdrawal_reason="Twice." * (status == "withdrawn"))
            found[status] = [
                [str(one) for one in workflow.moves(user, record)] for user in (editor, reviewer, nobody)
            ]
        assert found == {
            "draft": [["review"], ["review", "published", "withdrawn"], []],
            "review": [["draft"], ["published", "withdrawn", "draft"], []],
            "published": [[], ["withdrawn", "draft"], []],
            "withdrawn": [[], ["published", "draft"], []],
        }

    def test_a_merged_record_stays(self):
        kept, gone = make("place"), make("place")
        gone.status, gone.merged_into = "withdrawn", kept
        gone.save()
        user = staff("Reviewer")
        assert workflow.moves(user, gone) == []
        assert workflow.refusal(user, gone, "draft") == "It was merged into another record."

    @pytest.mark.parametrize("noun", NOUNS)
    def test_all_the_way_and_back(self, noun):
        record, user = make(noun, status="draft"), staff("Reviewer")
        seen = []
        for status in ("review", "published", "withdrawn", "published", "draft"):
            record.refresh_from_db()
            workflow.move(
                type(record), record.pk, record.version, status, user, reason=" Twice. ", comment="Why"
            )
            record.refresh_from_db()
            seen.append((record.status, record.withdrawal_reason, record.updated_by))
        reasons = [
            ("review", ""),
            ("published", ""),
            ("withdrawn", "Twice."),
            ("published", ""),
            ("draft", ""),
        ]
        assert seen == [(*one, user) for one in reasons]

    def test_what_somebody_changed_meanwhile_stays(self):
        meeting, user = make("meeting", status="draft"), staff("Reviewer")
        seen = meeting.version
        meeting.updated_by = factories.UserFactory(username="ani")
        meeting.save()
        with pytest.raises(ValidationError) as refused:
            workflow.move(Meeting, meeting.pk, seen, "published", user)
        assert refused.value.messages == ["ani changed it after you looked. Look at it again."]
        with pytest.raises(ValidationError) as refused:
            workflow.move(Meeting, 10**9, 1, "published", user)
        assert refused.value.messages == ["It is not there any more."]
        meeting.refresh_from_db()
        assert meeting.status == "draft"

    def test_withdrawing_takes_a_reason(self):
        meeting = make("meeting")
        with pytest.raises(ValidationError) as refused:
            workflow.move(Meeting, meeting.pk, meeting.version, "withdrawn", staff("Reviewer"), reason="  ")
        assert refused.value.messages == ["A withdrawn record says why: write the reason."]

    def test_the_rules_of_the_database_are_told(self):
        """A withdrawn quotation needs no place in the text; one that comes back as a draft does."""
        article = factories.ArticleFactory(text=TEXT)
        said = factories.QuotationFactory(article=article, exact="“No”")
        Quotation.objects.filter(pk=said.pk).update(
            start=None, end=None, prefix="", suffix="", status="withdrawn", withdrawal_reason="Not said."
        )
        said.refresh_from_db()
        with pytest.raises(ValidationError) as refused:
            workflow.move(Quotation, said.pk, said.version, "draft", staff("Reviewer"))
        assert refused.value.messages == [
            "These words do not stand in the article at the recorded place: “No”"
        ]


class TestMissing:
    @pytest.mark.parametrize("noun", NOUNS)
    def test_nothing(self, noun):
        assert workflow.missing(make(noun, status="draft")) == []

    def test_a_quotation(self):
        text, bare = factories.ArticleFactory(text=TEXT), factories.ArticleFactory()
        good = factories.QuotationFactory(article=bare, speaker=None, attribution="said he", status="draft")
        bad = factories.QuotationFactory(article=text, speaker=None, exact="“No”", status="withdrawn",
                                         withdrawal_reason="No.")  # fmt: skip
        bad.release()
        bad.save()
        assert workflow.missing(good) == []
        assert workflow.missing(bad) == [
            "A published quotation needs a speaker or a printed attribution.",
            "Its words have no place in the text of the article.",
        ]

    def test_an_article(self):
        found = [
            workflow.missing(factories.ArticleFactory(status="draft", **fields))
            for fields in (
                {"rights": "excerpts"},
                {"rights": "metadata", "title": ""},
                {"rights": "metadata", "title": "", "url": "https://example.org/1"},
                {"rights": "metadata", "title": "Talks"},
            )
        ]
        assert found == [
            ["It has no text: paste it, or choose the rights “Metadata only”."],
            ["It has no text, no address and no title."],
            [],
            [],
        ]

    def test_a_meeting_and_an_agreement_have_a_source(self):
        bare, sourced, visit = (factories.MeetingFactory(status="draft") for _ in range(3))
        factories.CoverageFactory(meeting=sourced, article__status="draft")
        factories.CoverageFactory(meeting=factories.MeetingFactory(parent=visit))
        taken_back = factories.ArticleFactory(status="withdrawn", withdrawal_reason="False.")
        Coverage.objects.create(meeting=bare, article=taken_back)
        factories.CoverageFactory(meeting=bare, stance="contradicts")
        papers = [factories.AgreementFactory(meeting=one) for one in (bare, sourced, None)]
        papers.append(factories.AgreementFactory(url="https://example.org/text"))
        assert workflow.missing_of([bare, sourced, visit]) == {
            bare.pk: ["No article supports it: add the one that reports it."],
            sourced.pk: [],
            visit.pk: [],
        }
        wanted = ["No source: add the address of its text, or a meeting that has a source."]
        assert list(workflow.missing_of(papers).values()) == [wanted, [], wanted, []]

    def test_a_field_that_is_wrong_since_long_ago(self):
        meeting = make("meeting", status="draft")
        Meeting.objects.filter(pk=meeting.pk).update(title="")
        meeting.refresh_from_db()
        assert workflow.missing(meeting) == ["Title: This field cannot be blank."]

    def test_many_take_no_more_queries_than_one(self, django_assert_num_queries):
        for noun, queries in (
            ("meeting", 2),
            ("agreement", 0),
            ("quotation", 1),
            ("article", 0),
            ("place", 0),
        ):
            records = [make(noun, status="draft") for _ in range(3)]
            with django_assert_num_queries(queries):
                workflow.missing_of(records[:1])
            with django_assert_num_queries(queries):
                workflow.missing_of(records)


def seen(records):
    return [f"{record._meta.model_name} {record}" for record in records]


class TestHidden:
    def test_a_meeting_names_all_sorts(self):
        draft = {"status": "draft"}
        person, side, used = (factories.ParticipantFactory(name=name, **draft) for name in "PSU")
        meeting = factories.MeetingFactory(
            place=factories.PlaceFactory(name="Place", **draft),
            parent=factories.MeetingFactory(title="Visit", status="review"),
        )
        meeting.topics.add(factories.TopicFactory(label="Topic", **draft), factories.TopicFactory())
        factories.AttendanceFactory(meeting=meeting, participant=person, claimed_by=side)
        factories.AttendanceFactory(meeting=meeting)
        factories.CoverageFactory(meeting=meeting, article__title="Article", article__status="draft")
        factories.NameFactory(participant=person, used_by=used)
        expected = ["article Article", "meeting Visit", "participant P", "participant S", "place Place"]
        assert seen(workflow.hidden(meeting)) == [*expected, "topic Topic"]
        assert seen(workflow.hidden(person)) == ["participant U"]

    def test_a_quotation_and_its_article(self):
        article = factories.ArticleFactory(
            title="A", text=TEXT, status="draft", outlet=factories.OutletFactory(name="O", status="draft")
        )
        said = factories.QuotationFactory(article=article, exact="“No”", status="draft")
        assert seen(workflow.hidden(said)) == ["article A"]
        assert seen(workflow.hidden(article)) == ["outlet O"]
        assert seen(workflow.waiting_parts([article])) == ["quotation “No”"]

    def test_one_of_which_the_article_is_hidden_is_hidden(self):
        outer = factories.QuotationFactory(article__status="draft", exact="“One two”")
        other = factories.QuotationFactory(variant_of=outer)
        assert [workflow.described(one) for one in workflow.hidden(other)] == [
            "“One two” (published, but not what it belongs to)"
        ]

    def test_many_take_no_more_queries_than_one(self, django_assert_max_num_queries):
        meetings = []
        for _ in range(4):
            meetings.append(factories.MeetingFactory(place=factories.PlaceFactory(status="draft")))
            factories.AttendanceFactory(meeting=meetings[-1], participant__status="draft")
        with django_assert_max_num_queries(8):
            found = workflow.hidden_of(meetings)
        assert [len(one) for one in found.values()] == [2, 2, 2, 2]


class TestLosses:
    def test_what_vanishes_and_where_the_name_goes(self):
        article = factories.ArticleFactory(text=TEXT)
        factories.QuotationFactory(article=article, exact="“No”")
        factories.QuotationFactory(article=article, exact="“We are ready”", status="draft")
        factories.CoverageFactory(article=article)
        factories.CoverageFactory(article=article, meeting__status="draft")
        quiet = factories.ArticleFactory(text="Other.")
        assert workflow.losses_of([article, quiet]) == {
            article.pk: [
                "Readers lose with it: 1 quotation.",
                "Readers no longer find it on the pages of: 1 meeting.",
            ],
            quiet.pk: [],
        }

    def test_of_a_participant_each_record_counts_once(self):
        person = factories.ParticipantFactory()
        for other in (None, person):
            factories.AttendanceFactory(participant=person, claimed_by=other)
        factories.QuotationFactory(speaker=person)
        factories.AgreementFactory().parties.add(person)
        factories.NameFactory(place=factories.PlaceFactory(), used_by=person)
        assert workflow.losses_of([person])[person.pk] == [
            "Readers no longer find it on the pages of: 1 agreement, 2 meetings, 1 place, 1 quotation."
        ]


class TestPublicIsClosed:
    @pytest.mark.parametrize("noun", NOUNS)
    def test_on_the_form(self, noun):
        record = make(noun)
        address = f"/admin/events/{noun}/{record.pk}/change/"
        page = signed_in("Reviewer").get(address)
        sent = shown(page)
        editor = signed_in("Editor")
        said = "Readers see this record. A reviewer can change it or take it back to draft"
        assert said in editor.get(address).content.decode()
        assert [said in page.content.decode(), bool(sent)] == [False, True]
        before = type(record).objects.values().get(pk=record.pk)
        answer = editor.post(address, {**sent, "withdrawal_reason": "x"})
        assert (answer.status_code, "Nothing was saved" in answer.content.decode()) == (403, True)
        assert type(record).objects.values().get(pk=record.pk) == before

    def test_rows_stay_too(self):
        row = factories.AttendanceFactory()
        address = f"/admin/events/meeting/{row.meeting.pk}/change/"
        sent = shown(signed_in("Reviewer").get(address))
        answer = signed_in("Editor").post(address, {**sent, "attendances-0-DELETE": "on"})
        assert (answer.status_code, row.meeting.attendances.count()) == (403, 1)
        read = shown(signed_in("Editor").get(address))
        assert [name for name in read if "-participant" in name or "-DELETE" in name] == []

    def test_a_public_quotation_of_a_draft_article(self):
        article = factories.ArticleFactory(text=TEXT, status="draft")
        public = factories.QuotationFactory(article=article, exact="“No”", attribution="said he")
        draft = factories.QuotationFactory(article=article, exact="“We are ready”", status="draft")
        fields = {f"quotations-{n}-attribution": "changed" for n in (0, 1)}
        assert change(signed_in("Editor"), article, **fields).status_code == 302
        found = Quotation.objects.order_by("pk").values_list("attribution", flat=True)
        assert list(found) == ["said he", "changed"]
        assert change(signed_in("Reviewer"), article, **fields).status_code == 302
        public.refresh_from_db()
        assert (public.attribution, draft.status) == ("changed", "draft")

    def test_drafts_may_be_added_to_what_is_public(self):
        article = factories.ArticleFactory(text=TEXT)
        editor = signed_in("Editor")
        page = editor.get(f"/admin/events/article/{article.pk}/change/").content.decode()
        address = f"/admin/events/quotation/add/?article={article.pk}"
        assert address in page
        assert editor.post(address, {**shown(editor.get(address)), "exact": "“No”"}).status_code == 302
        meeting = factories.MeetingFactory(status="draft")
        data = {"coverages-0-article": article.pk, "coverages-0-exact": ""}
        assert change(editor, meeting, **data).status_code == 302
        assert (article.quotations.get().status, meeting.coverages.count()) == ("draft", 1)

    def test_a_row_is_open_as_long_as_one_of_its_owners_is(self):
        editor, reviewer = staff("Editor"), staff("Reviewer")
        public, draft = factories.ArticleFactory(title="A"), factories.MeetingFactory(status="draft")
        said = "Readers see “A”. Changing it needs the right to publish."
        assert [workflow.refusal_of_change(user, public) for user in (editor, reviewer, None)] == [
            said,
            "",
            said,
        ]
        assert workflow.refusal_of_change(editor, public, draft) == ""
        assert workflow.refusal_of_change(editor, public, factories.MeetingFactory()) == said


@pytest.mark.parametrize("noun", [noun for noun in NOUNS if noun != "outlet"])
def test_what_was_withdrawn_answers_410_with_its_reason(noun, client):
    record = make(noun)
    address = record.get_absolute_url()
    workflow.move(
        type(record), record.pk, record.version, "withdrawn", staff("Reviewer"), reason="Kept twice."
    )
    answer = client.get(address)
    assert (answer.status_code, "Kept twice." in answer.content.decode()) == (410, True)
    record.refresh_from_db()
    workflow.move(type(record), record.pk, record.version, "draft", staff("Reviewer"))
    answer = client.get(address)
    assert (answer.status_code, "Kept twice." in answer.content.decode()) == (410, False)


def test_quotations_go_with_their_article(client):
    said = factories.QuotationFactory(article=factories.ArticleFactory(text=TEXT), exact="“No”")
    article = said.article
    workflow.move(
        Article, article.pk, article.version, "withdrawn", staff("Reviewer"), reason="It was a hoax."
    )
    answer = client.get(said.get_absolute_url())
    assert (answer.status_code, "It was a hoax." in answer.content.decode()) == (410, True)
