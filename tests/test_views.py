"""What the public pages read and show. The words of pages belong to templates; these tests ask for facts."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import robots
from events.models import (
    Agreement,
    Article,
    Attendance,
    Coverage,
    Meeting,
    Participant,
    Place,
    Quotation,
    Topic,
)
from tests import factories

pytestmark = pytest.mark.django_db

LISTS = {
    "meetings": factories.MeetingFactory,
    "participants": factories.ParticipantFactory,
    "quotations": factories.QuotationFactory,
    "articles": factories.ArticleFactory,
    "places": factories.PlaceFactory,
    "agreements": factories.AgreementFactory,
    "topics": factories.TopicFactory,
}


def queries(client, address: str) -> int:
    """How many queries a page takes once the process has the lists in memory (events/reading/facets/freshness.py)."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# The archive's version (events/reading/copies.py), a savepoint, and the savepoint taken back and released (events/reading/role.py);
# taking the role is not counted by Django.
ROLE = 4
LIST_QUERIES = 2  # what has changed since the last request, and the rows
PAGE_QUERIES = {
    "meetings": 5, "participants": 7, "quotations": 4, "articles": 3, "places": 5, "agreements": 2, "topics": 6,
}  # fmt: skip


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("noun", LISTS)
def test_queries_of_a_list(client, noun, times):
    for _ in range(times):
        factories.fill(times)
    client.get(f"/{noun}/")  # what lists are answered from is in memory then
    assert queries(client, f"/{noun}/") == ROLE + LIST_QUERIES


@pytest.mark.parametrize("times", [1, 3, 30])
def test_queries_of_a_page(client, times):
    """The same however much a record leads to, and no more than twelve with what every request reads."""
    records = factories.fill(times)
    found = {noun: queries(client, record.get_absolute_url()) - ROLE for noun, record in records.items()}
    assert (found, ROLE + max(found.values())) == (PAGE_QUERIES, 11)


# The session, the account and its second factor, and its rights, its own and those of its groups.
ACCOUNT = 5


@pytest.mark.parametrize("times", [1, 3, 30])
def test_queries_of_a_page_with_drafts(client, times):
    records = factories.fill(times)
    client.force_login(factories.EditorFactory())
    for model in (Participant, Meeting, Article, Place, Topic, Agreement, Quotation):
        kept = [record.pk for record in records.values() if isinstance(record, model)]
        drafts = model.objects.exclude(pk__in=kept).values_list("pk", flat=True)[::2]
        model.objects.filter(pk__in=drafts).update(status="draft")
    found = {noun: queries(client, record.get_absolute_url()) - ACCOUNT for noun, record in records.items()}
    # Outside of the readers' one snapshot each look at the lists in memory asks what has changed.
    assert (found, ACCOUNT + max(found.values())) == ({**PAGE_QUERIES, "topics": 7}, 12)


def test_queries_of_other_pages(client):
    for _ in range(3):
        factories.fill(3)
    assert {address: queries(client, address) - ROLE for address in ("/", "/about/", "/about/names/")} == {
        "/": 4, "/about/": 0, "/about/names/": 1,
    }  # fmt: skip


@pytest.mark.parametrize("noun", LISTS)
def test_an_empty_list_says_so(client, noun):
    response = client.get(f"/{noun}/")
    assert (response.status_code, response.context["total"], list(response.context["page"])) == (200, 0, [])


@pytest.mark.parametrize("noun", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "page=1000000000000000000",
        "from=yesterday",
        "to=2023-13",
        "participant=x",
        "speaker=1.5",
        "place=x&place=y",
        "topic=99999999999999999999",
        "sort=&sort=x",
        "kind=<script>alert(1)</script>",
        "q=%00",
        "q=%ff%fe",
        "q=" + "%F0%9F%95%8A" * 300,
        "page=%D9%A3x",
        "match=none",
        "country=AM%00",
        "language=klingon",
        "reported=maybe",
        "outlet=-9223372036854775809",
    ],
)
def test_wrong_parameters_are_answered_with_a_page(client, noun, query):
    response = client.get(f"/{noun}/?{query}", follow=True)  # another list may not know the parameter
    assert response.status_code == 200
    body = response.content.decode()
    assert "<script>alert(1)</script>" not in body
    wrong = bool(response.context["form"].errors)
    assert (response.context["is_wrong"], 'name="robots" content="noindex"' in body) == (wrong, True)
    assert wrong != bool(response.redirect_chain) or query.startswith("q=")
    for messages in response.context["form"].errors.values():
        for message in messages:
            assert message.partition("<")[0].replace("’", "&#x27;") in body.replace("’", "&#x27;")


def test_repeated_and_unknown_parameters(client):
    factories.MeetingFactory(title="One", kind="visit")
    factories.MeetingFactory(title="Two", kind="talks")
    response = client.get(
        "/meetings/?kind=visit&kind=visit&from=1900&from=2000&sort=title&sort=date&utm_source=x&page=1&page=1",
        follow=True,
    )
    assert response.redirect_chain == [("/meetings/?kind=visit&from=2000&sort=date", 301)]
    assert [str(one) for one in response.context["page"]] == []
    response = client.get("/meetings/?kind=visit&kind=visit&nothing=x", follow=True)
    assert response.redirect_chain == [("/meetings/?kind=visit", 301)]
    assert [str(one) for one in response.context["page"]] == ["One"]


class TestTheAddressOfAList:
    """It has one spelling, search engines know those of few filters, and for strangers there is an end to them."""

    def answer(self, client, address: str) -> tuple[int, str | None]:
        response = client.get(address)
        return response.status_code, response.headers.get("Location")

    def test_is_the_only_one(self, client):
        sent_by_a_browser = "q=&country=&from=&to=&sort=-date&match=all"
        assert self.answer(client, f"/meetings/?{sent_by_a_browser}") == (301, "/meetings/")
        assert self.answer(client, "/meetings/?to=2024&from=2023") == (301, "/meetings/?from=2023&to=2024")
        assert self.answer(client, "/meetings/?from=2023&to=2024") == (200, None)
        assert self.answer(client, "/meetings/?utm_source=x") == (301, "/meetings/")
        response = client.get("/meetings/?page=1")
        assert (response.headers["Location"], response.headers["Cache-Control"]) == ("/meetings/", "no-cache")

    def test_is_the_same_in_any_percent_encoding(self, client):
        for query in ("q=%61", "q=a", "q=a'b", "q=a%27b", "q=a%20b", "q=a+b", "q=%C3%A9", "q=%ff"):
            assert self.answer(client, f"/meetings/?{query}") == (200, None)

    def test_with_something_wrong_is_not_left(self, client):
        for query in ("kind=x&utm_source=y", "sort=x&page=1", "match=none", "page=0&q="):
            assert self.answer(client, f"/meetings/?{query}") == (200, None)

    def test_of_a_merged_record_leads_to_the_one_spelling_at_once(self, client):
        kept, gone = factories.ParticipantFactory(), factories.ParticipantFactory()
        type(gone).objects.filter(pk=gone.pk).update(merged_into=kept, status="withdrawn")
        other = factories.ParticipantFactory()
        query = f"sort=-date&participant={other.pk}&participant={gone.pk}&match=all"
        assert self.answer(client, f"/meetings/?{query}") == (
            301,
            f"/meetings/?participant={kept.pk}&participant={other.pk}",
        )

    def test_is_for_search_engines_where_few_filters_narrow_it(self, client):
        person, place = factories.ParticipantFactory(), factories.PlaceFactory()
        for _ in range(30):
            factories.AttendanceFactory(
                participant=person,
                meeting=factories.MeetingFactory(held_on="2023", place=place, kind="visit"),
            )
        known = {
            query: 'name="robots"' not in client.get(f"/meetings/{query}").content.decode()
            for query in (
                "",
                "?page=2",
                f"?participant={person.pk}",
                f"?participant={person.pk}&place={place.pk}",
                f"?participant={person.pk}&from=2023&to=2023",
                f"?participant={person.pk}&kind=visit&place={place.pk}",
                f"?kind=visit&place={place.pk}&from=2023&to=2023",
                "?kind=visit&page=2",
                "?kind=talks",
                "?kind=x",
                "?q=Meeting",
                "?sort=date",
                "?page=3",
            )
        }
        assert [known[query] for query in known] == [True] * 5 + [False] * 8
        body = client.get("/meetings/?kind=visit&page=2").content.decode()
        assert '<link rel="canonical" href="http://testserver/meetings/?kind=visit&amp;page=2">' in body

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("country=AM&country=AZ&country=GE&kind=call&kind=talks&kind=visit&from=2020&to=2021", 200),
            (
                "country=AM&country=AZ&country=GE&kind=call&kind=summit&kind=talks&kind=visit&from=2020&to=2021",
                403,
            ),
            ("&".join(f"participant={number}" for number in range(1, 10)), 403),
            ("kind=talks&page=400", 200),
            ("kind=talks&page=401", 403),
            ("sort=date&page=401", 403),
            ("q=x&page=99999999999", 403),
            ("page=401", 200),
            ("page=99999999", 200),
        ],
    )
    def test_has_an_end_for_strangers(self, client, query, status):
        for code in ("AM", "AZ", "GE"):
            factories.ParticipantFactory(country=code)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(f"/meetings/?{query}")
        body = response.content.decode()
        assert (response.status_code, len(captured) == ROLE) == (status, status == 403)
        if status == 403:
            assert '<meta name="robots" content="noindex">' in body
            assert "/admin/login/?next=/meetings/%3F" in body
            client.force_login(factories.UserFactory())
            assert client.get(f"/meetings/?{query}").status_code == 200

    def test_that_is_too_deep_leads_back(self, client):
        kinds = [kind for kind, _label in Meeting.Kind.choices][:9]
        query = "&".join(f"kind={kind}" for kind in sorted(kinds))
        body = client.get(f"/meetings/?{query}").content.decode()
        without = query.replace("kind=call&", "").replace("&", "&amp;")
        assert f'<a rel="nofollow" href="/meetings/?{without}">Kind: call</a>' in body


def test_crawlers_are_told_which_lists_are_for_them(client):
    response = client.get("/robots.txt")
    rules = robots.read(response.content.decode(), "ExampleBot")
    allowed = {
        address: rules.allow(address)
        for address in (
            "/", "/meetings/", "/meetings/?page=400", "/meetings/?participant=5&kind=talks", "/meetings/2023/02/27/",
            "/meetings/?participant=5&from=2023&to=2023", "/articles/?outlet=12", "/static/css/base.css",
            "/admin/", "/meetings/?q=x", "/meetings/?sort=date", "/meetings/?kind=talks&sort=date",
            "/meetings/?participant=5&participant=6&match=any", "/meetings/?kind=talks&place=4&from=2023&to=2023",
            "/search/?q=x",
        )
    }  # fmt: skip
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert list(allowed.values()) == [True] * 8 + [False] * 7


SCRIPT = "<script>alert(1)</script><b>&amp;"


def test_markup_in_any_text_is_shown_as_text(client):
    person = factories.ParticipantFactory(name=SCRIPT, description=SCRIPT)
    factories.NameFactory(participant=person, text=SCRIPT + "x", language="hy")
    factories.TenureFactory(person=person, title=SCRIPT, period="2023")
    place = factories.PlaceFactory(name=SCRIPT, contested=True)
    topic = factories.TopicFactory(label=SCRIPT, description=SCRIPT)
    meeting = factories.MeetingFactory(title=SCRIPT, summary=SCRIPT, place=place, held_on="2023")
    meeting.topics.add(topic)
    factories.AttendanceFactory(meeting=meeting, participant=person, title=SCRIPT, note=SCRIPT)
    outlet = factories.OutletFactory(name=SCRIPT)
    article = factories.ArticleFactory(
        title=SCRIPT, authors=[SCRIPT], outlet=outlet, text=f"a {SCRIPT} b “{SCRIPT}” c", rights="full"
    )
    factories.CoverageFactory(article=article, meeting=meeting)
    quotation = factories.QuotationFactory(
        article=article,
        speaker=person,
        exact=f"“{SCRIPT}”",
        attribution=SCRIPT,
        translated_by=SCRIPT,
        rendering="translation",
        meeting=meeting,
    )
    quotation.topics.add(topic)
    agreement = factories.AgreementFactory(title=SCRIPT, meeting=meeting)
    agreement.parties.add(person)
    pages = [
        record.get_absolute_url() for record in (person, place, topic, meeting, article, quotation, agreement)
    ]
    pages += [
        "/",
        "/about/names/",
        *(f"/{noun}/" for noun in LISTS),
        "/meetings/?q=<script>alert(1)</script><b>%26amp;",
    ]
    bodies = {address: client.get(address).content.decode() for address in pages}
    assert {
        address for address, body in bodies.items() if "<script>alert" in body or "<b>&amp;" in body
    } == set()
    silent = {
        address for address, body in bodies.items() if "&lt;script&gt;alert(1)&lt;/script&gt;" not in body
    }
    assert silent == set()


class TestMeeting:
    def test_offices_are_those_of_the_day(self, client):
        person = factories.ParticipantFactory()
        factories.TenureFactory(person=person, title="Foreign Minister", period="2020/2022")
        factories.TenureFactory(person=person, title="Prime Minister", period="2023/..")
        meeting = factories.MeetingFactory(held_on="2021-05-06")
        factories.AttendanceFactory(meeting=meeting, participant=person)
        body = client.get(meeting.get_absolute_url()).content.decode()
        assert ("Foreign Minister" in body, "Prime Minister" in body) == (True, False)

    def test_a_two_day_visit_is_worded(self, client):
        meeting = factories.MeetingFactory(held_on="2023-02-27/2023-02-28")
        assert "27–28 February 2023" in client.get(meeting.get_absolute_url()).content.decode()
        meeting.held_on = "1994-05~"
        meeting.save()
        assert "about May 1994" in client.get(meeting.get_absolute_url()).content.decode()

    def test_hosts_stand_in_their_order(self, client):
        meeting = factories.MeetingFactory()
        second = factories.AttendanceFactory(meeting=meeting, position=2)
        first = factories.AttendanceFactory(meeting=meeting, position=1)
        response = client.get(meeting.get_absolute_url())
        assert list(response.context["meeting"].attendances.all()) == [first, second]


class TestQuotation:
    TEXT = (
        "It was late. “We signed”, he said in Baku, and left. "
        + "More prose of the author follows here. " * 20
    )

    @pytest.fixture
    def quotation(self):
        article = factories.ArticleFactory(
            text=self.TEXT, rights="excerpts", url="https://www.example.org/a", published_on="2023"
        )
        return factories.QuotationFactory(article=article, exact="“We signed”")

    def test_leads_to_the_words_here_and_at_the_publisher(self, client, quotation):
        body = client.get(quotation.get_absolute_url()).content.decode()
        assert f'href="{quotation.article.get_absolute_url()}#q{quotation.pk}"' in body
        assert 'href="https://www.example.org/a#:~:text=%E2%80%9CWe%20signed%E2%80%9D"' in body

    @pytest.mark.parametrize("rights", ["excerpts", "metadata"])
    def test_only_a_little_context_is_shown_without_the_rights(self, client, quotation, rights):
        article = quotation.article
        article.rights = rights
        article.save()
        for address in (article.get_absolute_url(), quotation.get_absolute_url()):
            body = client.get(address).content.decode()
            shown = (
                "It was late. <mark>“We signed”</mark>, he said in Baku, and left. More prose of the author …"
            )
            assert (shown in body, body.count("More prose of the author")) == (True, 1)
        assert f'id="q{quotation.pk}"' in client.get(article.get_absolute_url()).content.decode()

    def test_the_whole_text_with_marks_is_shown_with_the_rights(self, client, quotation):
        article = quotation.article
        article.rights = "full"
        article.save()
        body = client.get(article.get_absolute_url()).content.decode()
        assert body.count("More prose of the author follows here.") == 20
        assert body.count(f'id="q{quotation.pk}"') == 1

    def test_words_that_no_text_vouches_for_are_looked_for_on_the_page(self, client):
        article = factories.ArticleFactory(url="https://www.example.org/b")
        quotation = factories.QuotationFactory(article=article, exact="“We signed it all in Baku”")
        body = client.get(quotation.get_absolute_url()).content.decode()
        assert (
            "https://www.example.org/b#:~:text=%E2%80%9CWe%20signed%20it%20all%20in%20Baku%E2%80%9D" in body
        )

    def test_words_that_were_not_checked_say_so(self, client):
        quotation = factories.QuotationFactory()
        assert (
            "not checked against the source"
            in client.get(quotation.get_absolute_url()).content.decode().lower()
        )

    def test_reported_words_stand_on_both_pages(self, client):
        putin, lavrov = (
            factories.ParticipantFactory(name="Vladimir Putin"),
            factories.ParticipantFactory(name="Sergey Lavrov"),
        )
        quotation = factories.QuotationFactory(speaker=putin, reported_by=lavrov, exact="“Strategic”")
        bodies = [client.get(person.get_absolute_url()).content.decode() for person in (putin, lavrov)]
        assert [quotation.get_absolute_url() in body for body in bodies] == [True, True]
        assert "as reported by" in bodies[0]


class TestSourceState:
    """What became of the words in their source stands beside them, with the day."""

    DAY = datetime(2026, 5, 3, 12, tzinfo=UTC)
    LATER = datetime(2026, 6, 9, 12, tzinfo=UTC)

    @pytest.fixture
    def quotation(self):
        article = factories.ArticleFactory(
            url="https://press.example/a", text="“We signed”, he said in Baku."
        )
        return factories.QuotationFactory(article=article, exact="“We signed”")

    def told(self, client, quotation) -> str:
        """The sentence on the quotation's page."""
        body = client.get(quotation.get_absolute_url()).content.decode()
        found = re.search(r'<p class="state state--(\w+)">(.*?)</p>', body, re.DOTALL)
        return f"{found[1]}: {' '.join(found[2].split())}" if found else ""

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({}, "same: Stood in the source on 3 May 2026."),
            (
                {"state": "moved"},
                "moved: Stood in the source on 3 May 2026, at another place than in the text that the archive holds.",
            ),
            (
                {"state": "changed", "checked_at": LATER, "seen_at": DAY},
                "changed: The source has changed since: these words were last seen there on 3 May 2026, and no more on 9 June 2026."
                " The archive keeps a record of the page of 3 May 2026.",
            ),
            (
                {"state": "changed", "seen_at": None, "seen_in": None},
                "changed: The source did not hold these words on 3 May 2026.",
            ),
            (
                {"state": "gone", "checked_at": LATER, "seen_at": DAY},
                "gone: The source is gone: these words were last seen there on 3 May 2026, and the page was not found on 9 June 2026."
                " The archive keeps a record of the page of 3 May 2026.",
            ),
            (
                {"state": "gone", "seen_at": None, "seen_in": None},
                "gone: The source is gone: its page was not found on 3 May 2026.",
            ),
            (
                {"state": "failing", "checked_at": LATER, "seen_at": DAY, "since": DAY},
                "failing: The source cannot be reached since 3 May 2026. These words were last seen there on 3 May 2026."
                " The archive keeps a record of the page of 3 May 2026.",
            ),
        ],
    )
    def test_is_told_in_words(self, client, quotation, fields, sentence):
        factories.SourceCheckFactory(quotation=quotation, **fields)
        assert self.told(client, quotation) == sentence

    def test_that_nothing_is_known_is_told_too(self, client, quotation):
        assert self.told(client, quotation) == (
            "unknown: Not checked yet: the archive has not asked the publisher’s page for these words."
        )
        assert self.told(client, factories.QuotationFactory()) == ""  # of an article without an address

    def test_the_nearest_words_are_shown_as_text(self, client, quotation):
        factories.SourceCheckFactory(quotation=quotation, state="changed", nearest=f"{SCRIPT} signed")
        body = client.get(quotation.get_absolute_url()).content.decode()
        assert '<q lang="en">&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;&amp;amp; signed</q>' in body

    def test_stands_in_lists_and_on_the_article(self, client, quotation):
        factories.SourceCheckFactory(
            quotation=quotation, state="gone", checked_at=self.LATER, seen_at=self.DAY
        )
        factories.PageCheckFactory(article=quotation.article, checked_at=self.LATER, is_gone=True)
        mark = '<span class="state state--gone">source gone, last seen 3 May 2026</span>'
        pages = ("/quotations/", quotation.article.get_absolute_url())
        bodies = [client.get(page).content.decode() for page in pages]
        assert [mark in body for body in bodies] == [True, True]
        assert '<span class="state state--gone">9 June 2026: the page was gone</span>' in bodies[1]

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({}, '<span class="state state--same">3 May 2026: the page was there</span>'),
            ({"checked_at": None, "tried_at": DAY}, "not yet"),
            (
                {"tried_at": LATER, "failures": 3, "failing_since": DAY, "failure": "x"},
                '<span class="state state--failing">out of reach since 3 May 2026</span>',
            ),
        ],
    )
    def test_of_the_page_is_told_on_the_article(self, client, quotation, fields, told):
        factories.PageCheckFactory(article=quotation.article, **fields)
        body = client.get(quotation.article.get_absolute_url()).content.decode()
        assert f"<dt>Address checked</dt><dd>{told}" in body


class TestParticipant:
    def test_page(self, client):
        person = factories.fill(2)["participants"]
        context = client.get(person.get_absolute_url()).context
        attended = Attendance.objects.filter(participant=person).count()
        assert (
            context["meetings"]["total"],
            context["quotations"]["total"],
            context["reports"]["total"],
        ) == (attended, 3, 4)
        assert [met.meetings_shared for met in context["met_most"]] == [2, 2]


class TestLongLists:
    """A page shows the beginning, and leads to the list that has all of it."""

    @staticmethod
    def said(count: int, **fields) -> None:
        values = {"article": factories.ArticleFactory(), "attribution": "she said", **fields}
        Quotation.objects.bulk_create(
            Quotation(exact=f"“{n}”", status="published", **values) for n in range(count)
        )

    def test_what_was_said_at_a_meeting(self, client):
        meeting = factories.MeetingFactory()
        self.said(50, meeting=meeting)
        page = client.get(meeting.get_absolute_url())
        address = f"/quotations/?meeting={meeting.pk}"
        assert (len(page.context["quotations"]["rows"]), address in page.content.decode()) == (50, False)
        self.said(3, meeting=meeting)
        Quotation.objects.filter(exact="“0”").update(status="draft")
        page = client.get(meeting.get_absolute_url())
        link = f'<a href="{address}">All 51 quotations</a>'
        assert (len(page.context["quotations"]["rows"]), link in page.content.decode()) == (50, True)
        listed = client.get(address)
        assert (listed.context["total"], [one.value for one in listed.context["filter"].active]) == (
            51,
            [str(meeting)],
        )

    def test_words_of_others(self, client):
        person = factories.ParticipantFactory(name="Sergey Lavrov")
        self.said(26, reported_by=person)
        address = f"/quotations/?reporter={person.pk}"
        body = client.get(person.get_absolute_url()).content.decode()
        assert f'<a href="{address}">All 26 quotations</a>' in body
        assert client.get(address).context["total"] == 26

    def test_no_more_than_so_many_are_counted(self, client):
        person = factories.ParticipantFactory()
        self.said(1001, speaker=person)
        page = client.get(person.get_absolute_url())
        assert {name: page.context["quotations"][name] for name in ("total", "more", "uncounted")} == {
            "total": 1000, "more": True, "uncounted": True,
        }  # fmt: skip
        assert ">All quotations, more than 1000</a>" in page.content.decode()

    def test_an_article_that_is_quoted_often(self, client):
        article = factories.ArticleFactory()
        self.said(101, article=article)
        page = client.get(article.get_absolute_url())
        assert (
            len(page.context["excerpts"]),
            "The first 100 of 101 are shown." in page.content.decode(),
        ) == (
            100,
            True,
        )


class TestArticle:
    def test_page_lists_the_meetings_it_reports(self, client):
        article = factories.fill(3)["articles"]
        context = client.get(article.get_absolute_url()).context
        assert (
            len(context["article"].coverages.all()) == Coverage.objects.filter(article=article).count() == 4
        )


def test_home_counts_public_records(client):
    factories.fill(1)
    factories.MeetingFactory(status="draft")
    figures = {figure["address"]: figure["count"] for figure in client.get("/").context["figures"]}
    assert figures == {
        "/meetings/": 3,
        "/participants/": 3,
        "/quotations/": 4,
        "/articles/": 3,
        "/places/": 3,
        "/agreements/": 2,
    }
