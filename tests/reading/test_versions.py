"""Records as they were, on their pages: what was public of them then, and nothing that was a draft."""

import pytest

from events.editing import history, merging
from events.models import Meeting, Participant, Quotation, Status, Topic, Version, published
from tests import factories
from tests.models.test_base import RECORDS

pytestmark = pytest.mark.django_db

WORD = "Zyqxwort"


def keep() -> None:
    """Have what was written so far kept as one change, as the end of a transaction does."""
    with history.by():
        pass


def update(record, **fields) -> None:
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()
    keep()


def rename(record) -> None:
    """Have the record say something else."""
    (name,) = {"name", "title", "label", "attribution"} & {one.name for one in record._meta.fields}
    update(record, **{name: "Other"})


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def meeting():
    """Talks in three public versions, with a row that was taken out since."""
    record = factories.MeetingFactory(title="Talks", held_on="2023-02-27", summary="First summary.")
    factories.AttendanceFactory(
        meeting=record, participant=factories.ParticipantFactory(name="Ann"), role="host"
    )
    gone = factories.AttendanceFactory(meeting=record, participant=factories.ParticipantFactory(name="Ben"))
    record.topics.add(factories.TopicFactory(label="Borders"))
    factories.CoverageFactory(meeting=record, article=factories.ArticleFactory(title="Report"))
    keep()
    gone.delete()
    keep()
    record.refresh_from_db()
    update(record, title="Visit", summary="Second summary.")
    return record


class TestAVersion:
    def test_fields_and_rows_as_they_were(self, client, meeting):
        address = meeting.get_absolute_url()
        found = []
        for number in (1, 2):
            page = client.get(f"{address}?version={number}")
            record = page.context["record"]
            found.append((record.title, [str(row) for row in record.attendances.all()], page.status_code))
            assert ("First summary." in text_of(page), "Second summary." in text_of(page)) == (True, False)
            assert f"Version {number}, of " in text_of(page)
        assert found == [("Talks", ["Ann", "Ben"], 200), ("Talks", ["Ann"], 200)]

    def test_the_newest_is_the_page_of_today(self, client, meeting):
        today, newest = (client.get(meeting.get_absolute_url() + query) for query in ("", "?version=3"))
        assert text_of(today) == text_of(newest)
        assert [number for number, _moment in today.context["versions"]] == [3, 2, 1]

    def test_a_save_that_changed_nothing_is_none(self, client, meeting):
        update(meeting)
        answer = client.get(f"{meeting.get_absolute_url()}?version=4")
        assert (answer.status_code, answer["Location"]) == (302, f"{meeting.get_absolute_url()}?version=3")
        page = client.get(meeting.get_absolute_url())
        assert (page.context["version"], f'{meeting.get_absolute_url()}?version=3"' in text_of(page)) == (
            3,
            True,
        )

    def test_it_points_search_engines_at_today(self, client, meeting):
        page = text_of(client.get(f"{meeting.get_absolute_url()}?version=1"))
        assert f'<link rel="canonical" href="http://testserver{meeting.get_absolute_url()}">' in page
        assert '<meta name="robots" content="noindex">' in page

    def test_a_former_slug_leads_on_with_the_version(self, client, meeting):
        answer = client.get(f"/meetings/{meeting.pk}/talks/?version=1")
        assert (answer.status_code, answer["Location"]) == (301, f"{meeting.get_absolute_url()}?version=1")

    @pytest.mark.parametrize("asked", ["0", "x", "-1", "", "99999999999999999999", "1.0", "٣", "%00", "1 "])
    def test_there_is_no_such_version(self, client, meeting, asked):
        assert client.get(f"{meeting.get_absolute_url()}?version={asked}").status_code == 404

    @pytest.mark.parametrize(
        "factory",
        [f for m, f in RECORDS.items() if m.__name__ != "Outlet"],
        ids=lambda f: f._meta.model.__name__,
    )
    def test_every_noun(self, client, factory):
        record = factory()
        keep()
        before = str(record)
        rename(record)
        page = client.get(f"{record.get_absolute_url()}?version=1")
        assert (page.status_code, page.context["today"], str(page.context["record"])) == (200, record, before)

    def test_a_full_record_of_every_noun(self, client):
        records = factories.fill(2)
        keep()
        for record in records.values():
            record.refresh_from_db()
            rename(record)
        for noun, record in records.items():
            page = client.get(f"{record.get_absolute_url()}?version=1")
            assert (noun, page.status_code, page.context["today"]) == (noun, 200, record)

    def test_a_person_with_the_offices_and_names_of_then(self, client):
        person = factories.ParticipantFactory(name="Ann")
        factories.TenureFactory(person=person, title="Minister", period="2020/2022")
        name = factories.NameFactory(participant=person, text="Անի", language="hy")
        keep()
        name.delete()
        person.tenures.update(title="President")
        keep()
        person.refresh_from_db()
        then, now = (text_of(client.get(person.get_absolute_url() + query)) for query in ("?version=1", ""))
        assert ["Minister" in then, "Անի" in then, "President" in then] == [True, True, False]
        assert ["Minister" in now, "Անի" in now, "President" in now] == [False, False, True]

    def test_words_in_their_surroundings_of_then(self, client):
        article = factories.ArticleFactory(text="Before. “Yes”, she said.")
        quotation = factories.QuotationFactory(article=article, exact="“Yes”")
        keep()
        article.text = "Today. “Yes”, she said."
        article.save()
        keep()
        quotation.refresh_from_db()
        page = client.get(f"{quotation.get_absolute_url()}?version=1")
        excerpt = page.context["excerpt"]
        assert (excerpt.before, excerpt.exact, excerpt.after) == ("Before. ", "“Yes”", ", she said.")

    def test_an_old_text_is_shown_as_the_rights_of_today_allow(self, client):
        article = factories.ArticleFactory(text=f"{WORD} was here.", rights="full")
        keep()
        update(article, rights="full", title="Other")
        assert WORD in text_of(client.get(f"{article.get_absolute_url()}?version=1"))
        update(article, rights="excerpts")
        assert WORD not in text_of(client.get(f"{article.get_absolute_url()}?version=1"))


class TestWhatWasMergedSince:
    """A page that was cited names the record in which the one that it named lives on, for as long as that holds."""

    def named(self, client, address) -> list[str]:
        page = text_of(client.get(address))
        return [name for name in ("Ann", "Anne", "Borders", "Frontiers") if f">{name}</a>" in page]

    def test_is_named_as_the_kept_one_until_it_is_undone(self, client, meeting):
        reviewer = factories.UserFactory(is_superuser=True)
        kept = factories.ParticipantFactory(name="Anne")
        topic = factories.TopicFactory(label="Frontiers")
        address = f"{meeting.get_absolute_url()}?version=1"
        assert self.named(client, address) == ["Ann", "Borders"]
        merges = [
            merging.merge(kept, Participant.objects.get(name="Ann"), {}, reviewer),
            merging.merge(topic, Topic.objects.get(label="Borders"), {}, reviewer),
        ]
        assert self.named(client, address) == ["Anne", "Frontiers"]
        for merge in merges:
            merging.undo(merge, reviewer)
        assert self.named(client, address) == ["Ann", "Borders"]

    def test_a_quotation_of_an_article_that_was_merged(self, client):
        gone = factories.ArticleFactory(text="“Yes”, she said.", title="Copy")
        quotation = factories.QuotationFactory(article=gone, exact="“Yes”", attribution="she said")
        keep()
        update(quotation, attribution="she said at last")
        kept = factories.ArticleFactory(text="“Yes”, she said. More.", title="Whole")
        merging.merge(kept, gone, {"text": "kept"}, factories.UserFactory(is_superuser=True))
        quotation.refresh_from_db()
        page = text_of(client.get(f"{quotation.get_absolute_url()}?version=1"))
        assert ("“Yes”" in page, "Whole" in page, "she said at last" in page) == (True, True, False)


class TestManyVersions:
    """The foot of a page lists the latest ones; the others are read when somebody asks for them."""

    @pytest.fixture
    def often(self):
        """A record of 120 versions, of which each third says nothing new to readers."""
        record = factories.MeetingFactory(title="Talks 1")
        keep()
        for number in range(2, 121):
            if number % 3 == 0:
                record.topics.add(factories.TopicFactory(status="draft"))
                keep()
                record.refresh_from_db()
            else:
                update(record, title=f"Talks {number}")
        return record

    TOLD = [number for number in range(120, 0, -1) if number % 3]

    def test_the_foot_lists_the_latest_and_leads_to_the_others(self, client, often):
        address = often.get_absolute_url()
        page = client.get(address)
        assert [number for number, _moment in page.context["versions"]] == self.TOLD[:5]
        assert page.context["version"] == 119
        found, context = [*page.context["versions"]], page.context
        while context["earlier"]:
            assert f'href="{address}?versions={context["earlier"]}#versions"' in text_of(page)
            page = client.get(f"{address}?versions={context['earlier']}")
            context = page.context
            found += context["versions"]
            assert (context["version"], context["robots"]) == (119, "noindex")
        assert [number for number, _moment in found] == self.TOLD
        assert [moment for _number, moment in found] == sorted(
            (moment for _number, moment in found), reverse=True
        )

    def test_any_of_them_is_found_by_its_number(self, client, often):
        address = often.get_absolute_url()
        answers = {number: client.get(f"{address}?version={number}") for number in (1, 2, 3, 60, 118, 120)}
        assert {
            number: one.headers.get("Location") or one.context["record"].title
            for number, one in answers.items()
        } == {
            1: "Talks 1", 2: "Talks 2", 3: f"{address}?version=2", 60: f"{address}?version=59", 118: "Talks 118",
            120: f"{address}?version=119",
        }  # fmt: skip

    def test_what_leads_to_drafts_moves_nothing_however_often(self, client, meeting):
        """More of them than the foot lists."""
        address = meeting.get_absolute_url()
        before = text_of(client.get(address))
        for _ in range(12):
            meeting.topics.add(factories.TopicFactory(status="draft"))
            keep()
        assert Version.objects.of(meeting).first().number == 15
        assert text_of(client.get(address)) == before

    def test_one_query_lists_them(self, often, django_assert_num_queries):
        with django_assert_num_queries(1):
            told = published.versions(often, 6)
        assert [number for number, _moment in told] == self.TOLD[:6]
        assert [number for number, _moment in published.versions(often, 2, upto=9)] == [8, 7]
        assert published.versions(often, 2, upto=0) == []

    @pytest.mark.parametrize("asked", ["x", "-1", "1.5", "٣", "99999999999", "1%00"])
    def test_what_is_no_number(self, client, meeting, asked):
        assert client.get(f"{meeting.get_absolute_url()}?versions={asked}").status_code == 404


class TestDraftsAreNeverShown:
    @pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW, Status.WITHDRAWN])
    def test_versions_that_were_not_public(self, client, status):
        meeting = factories.MeetingFactory(title=f"{WORD} one", status="draft")
        keep()
        update(meeting, status=Status.PUBLISHED, title="Public")
        update(meeting, status=status, title=f"{WORD} two", withdrawal_reason="Why.")
        update(meeting, status=Status.PUBLISHED, title="Public again")
        address = meeting.get_absolute_url()
        for account in (None, factories.EditorFactory()):
            if account:
                client.force_login(account)
            answers = [client.get(f"{address}?version={number}") for number in range(1, 6)]
            assert [(one.status_code, one.headers.get("Location")) for one in answers] == [
                (404, None),
                (200, None),
                (302, f"{address}?version=2"),
                (200, None),
                (302, f"{address}?version=4"),
            ]
            assert [number for number, _moment in answers[3].context["versions"]] == [4, 2]
            assert [WORD in text_of(one) for one in answers] == [False] * 5

    def test_a_record_that_was_taken_back(self, client, meeting):
        update(meeting, status=Status.WITHDRAWN, withdrawal_reason="Twice.")
        assert [
            client.get(f"{meeting.get_absolute_url()}?version={n}").status_code for n in (1, 2, 3, 4)
        ] == [410] * 4

    def test_rows_that_lead_to_what_is_not_public(self, client, meeting):
        Participant.objects.filter(name="Ben").update(status="draft", name=WORD)
        Meeting.objects.filter(pk=meeting.pk).update(place=factories.PlaceFactory(name=WORD, status="draft"))
        keep()
        for number in (1, 2, 3):
            page = client.get(f"{meeting.get_absolute_url()}?version={number}", follow=True)
            assert (page.status_code, WORD in text_of(page)) == (200, False)

    def test_versions_that_differ_in_what_leads_to_drafts_are_not_noticed(self, client, meeting):
        address = meeting.get_absolute_url()
        before = text_of(client.get(address))
        draft = {"status": "draft"}
        steps = [
            lambda: factories.AttendanceFactory(
                meeting=meeting, participant=factories.ParticipantFactory(name=WORD, **draft)
            ),
            lambda: meeting.topics.add(factories.TopicFactory(**draft)),
            lambda: factories.CoverageFactory(meeting=meeting, article=factories.ArticleFactory(**draft)),
            lambda: meeting.attendances.update(claimed_by=factories.ParticipantFactory(**draft)),
            lambda: Meeting.objects.filter(pk=meeting.pk).update(place=factories.PlaceFactory(**draft)),
            lambda: Meeting.objects.filter(pk=meeting.pk).update(parent=factories.MeetingFactory(**draft)),
        ]
        for number, step in enumerate(steps, 4):
            step()
            keep()
            assert Version.objects.of(meeting).first().number == number
            assert text_of(client.get(address)) == before
            assert client.get(f"{address}?version={number}")["Location"] == f"{address}?version=3"

    def test_a_version_that_came_to_say_the_same_leads_to_the_one_before(self, client, meeting):
        """An address that somebody has cited stays: what made the difference was public then, and was withdrawn."""
        topic = factories.TopicFactory(label="Prisoners")
        meeting.topics.add(topic)
        keep()
        address = f"{meeting.get_absolute_url()}?version=4"
        assert "Prisoners" in text_of(client.get(address))
        update(topic, status=Status.WITHDRAWN, withdrawal_reason="Twice.")
        assert client.get(address)["Location"] == f"{meeting.get_absolute_url()}?version=3"

    def test_the_day_of_a_page_is_that_of_what_it_says(self, client, meeting):
        meeting.topics.add(factories.TopicFactory(status="draft"))
        keep()
        first = client.get(meeting.get_absolute_url())
        moments = dict(first.context["versions"])
        meeting.refresh_from_db()
        assert (first.context["changed"], meeting.updated_at > moments[3]) == (moments[3], True)
        page = client.get(f"{meeting.get_absolute_url()}?version=1")
        assert page.context["changed"] == moments[1]

    def test_words_of_an_article_that_is_not_public(self, client):
        """A quotation that was moved to another article: what it said of the first one is as hidden as that is."""
        hidden = factories.ArticleFactory(text=f"“{WORD}”, she said.")
        quotation = factories.QuotationFactory(article=hidden, exact=f"“{WORD}”")
        keep()
        article = factories.ArticleFactory(text="“Yes”, she said.")
        Quotation.objects.filter(pk=quotation.pk).update(
            article=article, exact="“Yes”", start=0, end=5, prefix="", suffix=", she said."
        )
        keep()
        quotation.refresh_from_db()
        address = quotation.get_absolute_url()
        assert WORD in text_of(client.get(f"{address}?version=1"))
        update(hidden, status=Status.WITHDRAWN, withdrawal_reason="Withdrawn by its publisher.")
        page = client.get(address)
        assert [number for number, _moment in page.context["versions"]] == [2]
        assert client.get(f"{address}?version=1").status_code == 404

    def test_a_quotation_of_an_article_that_was_taken_back(self, client):
        article = factories.ArticleFactory(text="“Yes”, she said.")
        quotation = factories.QuotationFactory(article=article, exact="“Yes”")
        keep()
        update(article, status=Status.DRAFT)
        assert client.get(f"{quotation.get_absolute_url()}?version=1").status_code == 410


def test_how_many_queries(client, django_assert_num_queries):
    """A savepoint and the way back are three of them; taking the role is not counted by Django."""
    meeting = factories.fill(3)["meetings"]
    keep()
    meeting.refresh_from_db()
    update(meeting, title="Other")
    with django_assert_num_queries(11):
        client.get(f"{meeting.get_absolute_url()}?version=1")
