"""What readers find by what they type, on lists and on the search page."""

import re
from datetime import date
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.db import OperationalError, connection
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from events.models import Meeting, Status, Word
from events.models.base import visible
from events.reading import facets, search
from events.reading.facets import Question
from events.reading.search import MEANS, Term, finding
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive():
    """Two meetings, in Prague and in Baku; what was said and printed of them in eight languages; names in four scripts; a draft."""
    aliyev = factories.ParticipantFactory(name="Ilham Aliyev")
    for language, text in (
        ("az", "İlham Əliyev"), ("ru", "Ильхам Алиев"), ("hy", "Իլհամ Ալիև"), ("ka", "ილჰამ ალიევი"),
    ):  # fmt: skip
        factories.NameFactory(participant=aliyev, text=text, language=language)
    namesake = factories.ParticipantFactory(name="Natig Aliyev")
    pashinyan = factories.ParticipantFactory(name="Nikol Pashinyan")
    factories.NameFactory(participant=pashinyan, text="Нікол Пашинян", language="uk")
    armenia = factories.ParticipantFactory(name="Armenia", kind="state")
    azerbaijan = factories.ParticipantFactory(name="Azerbaijan", kind="state")
    czechia = factories.PlaceFactory(name="Czechia", kind="country")
    prague = factories.PlaceFactory(name="Prague", parent=czechia)
    factories.NameFactory(place=prague, text="Прага", language="ru")
    castle = factories.PlaceFactory(name="Castle", parent=prague)
    border = factories.PlaceFactory(name="Armenia–Azerbaijan border", kind="border")
    baku = factories.PlaceFactory(name="Baku")
    summit = factories.MeetingFactory(
        title="Quadrilateral summit", summary="A border commission was agreed.", held_on="2022-10-06", place=castle
    )  # fmt: skip
    visit = factories.MeetingFactory(title="Visit to the border", held_on="2023-02-27/2023-02-28", place=baku)
    talks = factories.MeetingFactory(title="Border talks", held_on="2022", place=border)
    for meeting, people in (
        (summit, (aliyev, pashinyan)),
        (visit, (namesake, armenia)),
        (talks, (armenia, azerbaijan)),
    ):
        for person in people:
            factories.AttendanceFactory(meeting=meeting, participant=person)
    said = {
        language: factories.QuotationFactory(
            article=factories.ArticleFactory(title=language, language=language),
            speaker=factories.ParticipantFactory(name=f"Speaker {language}"),
            exact=exact,
            said_on="2021",
        )
        for language, exact in {
            "en": "“We negotiated with Aliyev’s envoys at length”",
            "fr": "« L’accord négocié aujourd’hui à Érévan »",
            "ru": "«Переговоры Ильхама Алиева продолжены»",
            "hy": "«Բանակցությունների մասին»",
            "tr": "“Bakü’deki görüşmeler sürüyor”",
            "az": "“Nazirlərin danışıqları davam edir”",
            "ka": "„მინისტრმა თბილისში განაცხადა“",
            "de": "„Die Verhandlungen über den Frieden“",
        }.items()
    }
    reported = factories.QuotationFactory(
        exact="“Nothing was signed”", speaker=pashinyan, reported_by=aliyev, said_on="2020-05-01"
    )
    hidden = factories.ParticipantFactory(name="Canary Hiddenman", status=Status.DRAFT)
    secret = factories.MeetingFactory(title="Zebrafinch", status=Status.DRAFT)
    factories.AttendanceFactory(meeting=summit, participant=hidden)
    factories.AgreementFactory(title="Declaration on peace", signed_on="2022-02-22").parties.add(azerbaijan)
    factories.TopicFactory(label="Peace process", description="Talks on a treaty.")
    return SimpleNamespace(**locals())


def found(noun: str, text: str, exact: bool = False) -> list[str]:
    numbers = facets.ask(Question(noun, words=search.parse(text, exact))).numbers
    rows = {row.pk: str(row) for row in visible(noun).filter(pk__in=numbers)}
    return [rows[number] for number in numbers]


SUMMIT, VISIT, TALKS = "Quadrilateral summit", "Visit to the border", "Border talks"


@pytest.mark.parametrize(
    ("text", "meetings"),
    [
        ("Алиев Прага 2022", [SUMMIT]),
        ("алиев", [VISIT, SUMMIT]),
        ("Ильхам Алиев", [SUMMIT]),
        ("aliyev ilham", [SUMMIT]),
        ("ալիև", [VISIT, SUMMIT]),
        ("ალიევი Пашинян", [SUMMIT]),
        ("Pachinian", [SUMMIT]),
        ("Pashiniam", [SUMMIT]),
        ("Yerevan", []),
        ("Armenia Azerbaijan", [TALKS]),
        ("Armenia-Azerbaijan", [TALKS]),
        ("Armenia Azerbaijan border", [TALKS]),
        ("Czechia", [SUMMIT]),
        ("border", [TALKS, VISIT, SUMMIT]),
        ("borders", [TALKS, VISIT, SUMMIT]),
        ("the border", [TALKS, VISIT, SUMMIT]),
        ("Azerbaijan və Armenia", [TALKS]),
        ("Azerbaijan და Armenia", [TALKS]),
        ("BORDER commission", [SUMMIT]),
        ("border -commission", [TALKS, VISIT]),
        ("-border", []),
        ("-talks", [VISIT, SUMMIT]),
        ("border -Aliyev", [TALKS]),
        ('border -"visit to"', [TALKS, SUMMIT]),
        ('"border commission"', [SUMMIT]),
        ('"commission border"', []),
        ("«border» “talks”", [TALKS]),
        ('"borders"', []),
        ("commission OR visit", [VISIT, SUMMIT]),
        ("commission OR Baku 2023", [VISIT, SUMMIT]),
        ("commission or visit", []),
        ("OR", []),
        ("OR visit OR", [VISIT]),
        ("2023", [VISIT]),
        ("2022", [TALKS, SUMMIT]),
        ("2022-10", [SUMMIT, TALKS]),
        ("06.10.2022", [SUMMIT, TALKS]),
        ("28.02.2023", [VISIT]),
        ("02.2023", [VISIT]),
        ("30.02.2023", []),
        ("border -2022", [VISIT]),
        ("quadri", []),
        ("Canary", []),
        ("Hiddenman", []),
        ("Zebrafinch", []),
        ("!!&|:*", []),
        ('"', []),
        ("-", []),
        ("\0", [TALKS, VISIT, SUMMIT]),
    ],
)
def test_meetings(archive, text, meetings):
    assert sorted(found("meeting", text)) == sorted(meetings)


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("negotiations", ["en"]),
        ("négociation", ["fr"]),
        ("negocie erevan", ["fr"]),
        ("l'accord", ["fr"]),
        ("accord d’Erevan", ["fr"]),
        ("aujourdhui", ["fr"]),
        ("переговоров", ["ru"]),
        ("բանակցություններ", ["hy"]),
        ("görüşme", ["tr"]),
        ("gorusmeler", ["tr"]),
        ("Bakü", ["tr"]),
        ("nazir", ["az"]),
        ("nazirlər", ["az"]),
        ("NAZIRLERIN danisiq", ["az"]),
        ("მინისტრი", ["ka"]),
        ("თბილისი მინისტრთან", ["ka"]),
        ("Verhandlung", ["de"]),
        ("Алиев", ["en", "ru", "reported"]),
        ("Aliyev", ["en", "ru", "reported"]),
        ("Ильхам Алиев", ["ru", "reported"]),
        ("Пашинян", ["reported"]),
        ("2020", ["reported"]),
        ("Aliyev\u00a0envoys", ["en"]),
    ],
)
def test_quotations(archive, text, languages):
    every = {**{str(said): language for language, said in archive.said.items()}, str(archive.reported): "reported"}  # fmt: skip
    assert sorted(every[one] for one in found("quotation", text)) == sorted(languages)


@pytest.mark.parametrize(
    ("noun", "text", "everything", "exactly"),
    [
        ("quotation", "negotiations", 1, 0),
        ("quotation", "negotiated", 1, 1),
        ("quotation", "NÉGOCIÉ", 1, 1),
        ("quotation", "Алиев", 3, 0),
        ("quotation", "Алиева", 3, 1),
        ("quotation", "Aliyev", 3, 2),
        ("meeting", "Алиев", 2, 0),
        ("meeting", "Aliyev", 2, 2),
        ("meeting", "Ilham Aliyev", 1, 1),
        ("meeting", "the border", 3, 1),
        ("meeting", "Pashiniam", 1, 0),
        ("participant", "Aliye", 2, 0),
        ("participant", "Əliyev", 2, 0),
        ("place", "Prague", 1, 1),
        ("place", "Прага", 1, 0),
    ],
)
def test_only_what_was_typed(archive, noun, text, everything, exactly):
    assert [len(found(noun, text, exact)) for exact in (False, True)] == [everything, exactly]


@pytest.mark.parametrize(
    ("noun", "text", "records"),
    [
        ("participant", "Алиев", ["Ilham Aliyev", "Natig Aliyev"]),
        ("participant", "Ali", ["Ilham Aliyev", "Natig Aliyev"]),
        ("participant", "Пашин", ["Nikol Pashinyan"]),
        ("place", "Praha", ["Prague"]),
        ("place", "Pr", ["Prague"]),
        ("agreement", "Azerbaijan peace", ["Declaration on peace"]),
        ("agreement", "2022", ["Declaration on peace"]),
        ("topic", "treaties", ["Peace process"]),
        ("topic", "pea", ["Peace process"]),
        ("article", "fr", ["fr"]),
    ],
)
def test_other_nouns(archive, noun, text, records):
    assert found(noun, text) == records


def test_what_was_understood(archive):
    words = search.parse('the Алиев -Baku "peace treaty" 2022 OR 27.02.2023')
    told = [
        [(t.text, t.participants, t.places, t.days, t.also, t.excluded) for t in terms] for terms in words.alternatives
    ]  # fmt: skip
    people = (archive.aliyev.pk, archive.namesake.pk)
    assert told == [
        [
            ("Алиев", people, (), None, ("Aliyev", "Əliyev", "Ալիև", "ალიევი"), False),
            ("Baku", (), (archive.baku.pk,), None, (), True),
            ("peace treaty", (), (), None, (), False),
            ("2022", (), (), (date(2022, 1, 1), date(2022, 12, 31)), (), False),
        ],
        [("27.02.2023", (), (), (date(2023, 2, 27), date(2023, 2, 27)), (), False)],
    ]
    assert (words.left_out, words.also) == (("the",), ["Aliyev", "Əliyev", "Ալիև", "ალიევი"])
    assert hash(words) == hash(search.parse(words.text))


def test_a_term_is_data(archive):
    assert search.parse("talks").alternatives == (
        (Term(text="talks", query="'talks' | '=talks' | 'talk' | '=talk'", lexemes=("talks", "=talks", "talk", "=talk"), beginning="'talks':*"),),
    )  # fmt: skip
    assert search.parse('"border commission"').alternatives == (
        (Term(text="border commission", query="'border' <-> 'commission'"),),
    )


def test_twelve_terms_are_looked_for():
    words = search.parse(" ".join(f"word{n}" for n in range(20)))
    assert ([t.text for t in words.wanted], words.left_out) == (
        [f"word{n}" for n in range(12)],
        tuple(f"word{n}" for n in range(12, 20)),
    )


def test_three_queries_understand_it(archive, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        search.parse('Алиев Prag xyzzy "a b" -c OR Пашинян nobody 2022 OR more')


SIGNS = st.sampled_from(["OR", '"', "«", "”", "-", "–", "(", "!!&|:*", "'", "\\", "\0", "😀" * 60, "%", "_", "2022", "the", "Aliyev", "алиев"])  # fmt: skip


@given(
    st.one_of(st.text(max_size=210), st.lists(SIGNS, max_size=14).map(" ".join), st.lists(SIGNS).map("".join))
)
@settings(max_examples=60)
def test_anything_can_be_typed(text):
    for exact in (False, True):
        words = search.parse(text, exact)
        assert [facets.total(Question(noun, words=words)) for noun in MEANS] == [0] * len(MEANS)


class TestByRelevance:
    def test_titles_first_then_recent_and_well_sourced(self):
        plain, summary, old, sourced = (
            factories.MeetingFactory(title=title, summary=summary, held_on=year)
            for title, summary, year in (
                ("Peace", "", "2020"), ("Talks", "On peace.", "2020"), ("Peace", "", "1994"), ("Peace", "", "2020"),
            )
        )  # fmt: skip
        for _ in range(2):
            factories.CoverageFactory(meeting=sourced)
        factories.CoverageFactory(meeting=plain, article=factories.ArticleFactory(status=Status.DRAFT))
        question = Question("meeting", words=search.parse("peace"))
        assert facets.ask(question).numbers == [sourced.pk, plain.pk, old.pk, summary.pk]
        by_date = Question("meeting", words=question.words, order="date")
        assert facets.ask(by_date).numbers == [old.pk, plain.pk, summary.pk, sourced.pk]

    def test_words_that_were_seen_at_their_source_come_first(self):
        unchecked = factories.QuotationFactory(exact="“peace”")
        article = factories.ArticleFactory(text="She said “peace” then.")
        checked = factories.QuotationFactory(article=article, exact="“peace”")
        seen = factories.QuotationFactory(
            article=factories.ArticleFactory(text="He said “peace” then."), exact="“peace”"
        )
        factories.SourceCheckFactory(quotation=seen)
        factories.QuotationFactory(exact="“war”")
        assert facets.ask(Question("quotation", words=search.parse("peace"))).numbers == [
            seen.pk, checked.pk, unchecked.pk,
        ]  # fmt: skip

    def test_the_closest_name_comes_first(self):
        for name in ("Baku Airport Hotel", "Baku", "Baku Airport"):
            factories.PlaceFactory(name=name)
        assert found("place", "Баку") == ["Baku", "Baku Airport", "Baku Airport Hotel"]

    def test_only_the_newest_are_ranked_and_none_is_told_twice(self, monkeypatch):
        monkeypatch.setattr(search, "RANKED", 4)
        monkeypatch.setattr(finding, "RANKED", 4)
        dull = [
            factories.MeetingFactory(title=f"A word and peace {n}", held_on=f"20{20 - n}").pk
            for n in range(8)
        ]
        best = factories.MeetingFactory(title="Peace", held_on="2018-06").pk
        beyond = factories.MeetingFactory(title="Peace peace", held_on="2001").pk
        question = Question("meeting", words=search.parse("peace"))
        pages = [facets.page(question, offset, 3) for offset in (0, 3, 6, 9, 12)]
        assert pages == [[best, *dull[:2]], [dull[2], *dull[3:5]], dull[5:8], [beyond], []]


class TestWhereItStands:
    def pieces(self, noun, text):
        words = search.parse(text)
        rows = list(visible(noun).order_by("pk"))
        search.mark(noun, words, rows)
        return [
            (
                {name: "".join(f"[{p.text}]" if p.is_found else p.text for p in told) for name, told in row.found.fields.items()},
                "".join(f"[{p.text}]" if p.is_found else p.text for p in row.found.excerpt),
                row.found.language,
            )
            for row in rows
        ]  # fmt: skip

    def test_title_and_summary(self):
        factories.MeetingFactory(
            title="The borders’ talks", summary="Nothing, then a bordering state; border\u00adless."
        )
        assert self.pieces("meeting", "border talks") == [
            (
                {"title": "The [borders]’ [talks]"},
                "Nothing, then a [bordering] state; border\u00adless.",
                "en",
            )
        ]

    def test_words_and_attribution_of_a_quotation(self):
        article = factories.ArticleFactory(language="fr")
        factories.QuotationFactory(
            article=article, exact="« L’accord d’aujourd’hui »", attribution="dit l’envoyée"
        )
        assert self.pieces("quotation", "accords aujourd'hui envoyee") == [
            ({"exact": "« L’[accord] d’[aujourd’hui] »", "attribution": "dit l’[envoyée]"}, "", "")
        ]

    def test_a_piece_of_a_text_that_may_be_shown_and_none_of_another(self):
        text = f"{'word ' * 60}négociations {'word ' * 60}"
        factories.ArticleFactory(title="Négociation", language="fr", text=text, rights="full")
        factories.ArticleFactory(title="Autre", language="fr", text=f"{text}2")
        whole, other = self.pieces("article", "négociation")
        listed, words = list(visible("article").for_list()), search.parse("négociation")
        with CaptureQueriesContext(connection) as captured:
            search.mark("article", words, listed)
        assert len(captured) == 2
        assert whole == (
            {"title": "[Négociation]"},
            f"… {'word ' * 17}[négociations]{' word' * 37} …",
            "fr",
        )
        assert other == ({}, "", "")

    def test_phrases(self):
        factories.TopicFactory(label="Peace treaty", description="A treaty.")
        assert self.pieces("topic", '"peace treaty"') == [
            ({"label": "[Peace] [treaty]"}, "A [treaty].", "en")
        ]


class TestDidYouMean:
    def meant(self, text):
        return [(one.typed, one.word, one.query) for one in search.meant(search.parse(text))]

    def test_the_closest_word_that_some_public_record_has(self, archive):
        assert search.renew_words() == Word.objects.count()
        told = {text: self.meant(text) for text in ("comission agreed", "quadrilaterl sumit", "перегворы", "border", "xyzzyx", "Zebrafinsh", "Canery")}  # fmt: skip
        assert told == {
            "comission agreed": [("comission", "commission", "commission agreed")],
            "quadrilaterl sumit": [
                ("quadrilaterl", "quadrilateral", "quadrilateral sumit"),
                ("sumit", "summit", "quadrilaterl summit"),
            ],
            "перегворы": [("перегворы", "переговоры", "переговоры")],
            "border": [], "xyzzyx": [], "Zebrafinsh": [], "Canery": [],
        }  # fmt: skip

    def test_no_word_of_a_draft_or_of_what_was_withdrawn_since(self, archive):
        search.renew_words()
        assert not Word.objects.filter(text__in=["zebrafinch", "canary", "hiddenman"]).exists()
        assert self.meant("quadrilaterl") != []
        Meeting.objects.filter(pk=archive.summit.pk).update(
            status=Status.WITHDRAWN, withdrawal_reason="Twice."
        )
        assert self.meant("quadrilaterl") == []

    def test_the_words_are_made_anew(self, archive):
        assert search.renew_words() == search.renew_words()


class TestThePage:
    def tabs(self, client, query):
        response = client.get(f"/search/?{query}")
        assert response.status_code == 200
        return {str(label): total for _noun, label, total, _address in response.context["tabs"]}

    def test_counts_by_noun(self, client, archive):
        nothing = dict.fromkeys(
            ["All", "Meetings", "Participants", "Quotations", "Sources", "Agreements", "Places", "Topics"], 0
        )
        assert self.tabs(client, f"q={quote('Алиев')}") == {
            **nothing, "All": 7, "Meetings": 2, "Participants": 2, "Quotations": 3,
        }  # fmt: skip
        assert self.tabs(client, "q=Zebrafinch") == self.tabs(client, "q=Canary") == nothing

    def test_rows_are_marked_and_other_spellings_told(self, client, archive):
        body = client.get(f"/search/?q={quote('Алиева envoys OR commission')}").content.decode()
        assert re.findall("<mark>(.*?)</mark>", body) == ["commission", "Aliyev’s", "envoys"]
        body = client.get(f"/search/?q={quote('Алиев')}").content.decode()
        assert re.findall("<bdi>(.*?)</bdi>", body) == ["Aliyev", "Əliyev", "Ալիև", "ალიევი"]
        assert 'content="noindex"' in body

    def test_one_kind(self, client, archive):
        response = client.get("/search/?q=border&noun=meeting")
        assert [(one["noun"], [str(row) for row in one["records"]], one["list"]) for one in response.context["groups"]] == [
            ("meeting", [TALKS, VISIT, SUMMIT], "/meetings/?q=border")
        ]  # fmt: skip

    def test_nothing_typed_and_nothing_found(self, client, archive):
        for query, words in (
            ("", "names in any script, places, years and days"),
            ("q=+", "names in any script"),
            ("q=nope", "Nothing was found."),
        ):
            response = client.get(f"/search/?{query}")
            assert (response.status_code, words in response.content.decode()) == (200, True)

    def test_did_you_mean_leads_to_the_corrected_query(self, client, archive):
        search.renew_words()
        for page in ("/search/", "/meetings/"):
            body = client.get(f"{page}?q=border+comission").content.decode()
            assert re.findall(r'Did you mean <a href="(.*?)">', body) == ["?q=border+commission"]

    @pytest.mark.parametrize(
        "query",
        ["q=%00", "q=" + "x" * 201, "noun=x&q=y", "exact=2&q=y", "q=%ff%fe", "q=<script>alert(1)</script>"],
    )
    def test_bad_input_is_answered_with_a_page(self, client, query):
        response = client.get(f"/search/?{query}")
        assert (response.status_code, "<script>alert" in response.content.decode()) == (200, False)

    def test_lists_say_the_same(self, client, archive):
        response = client.get(f"/meetings/?q={quote('Алиев')}&exact=1")
        assert (response.context["total"], [(str(a.label), a.value, a.without) for a in response.context["filter"].active]) == (
            0,
            [
                ("Words or names, in any script", "Алиев", "?exact=1"),
                ("Spelling", "Only what I typed", f"?q={quote('Алиев')}"),
            ],
        )  # fmt: skip


class TestWhatTakesTooLong:
    @pytest.fixture(autouse=True)
    def slow(self, settings, monkeypatch):
        factories.MeetingFactory(title="Talks")
        factories.QuotationFactory(exact="“Talks”")
        settings.READER_QUERY_SECONDS = 0.2
        settings.FACETS_INDEX = False  # what the database has to do alone
        matching = search.matching
        asleep = RawSQL("select pg_sleep(20)::text::bigint", [])
        monkeypatch.setattr(
            search, "matching", lambda rows, words: matching(rows, words).filter(pk__in=asleep)
        )

    @pytest.mark.parametrize("page", ["/search/", "/meetings/", "/quotations/"])
    def test_is_ended_with_a_page_that_says_how_to_ask_for_less(self, client, page):
        response = client.get(f"{page}?q=talks")
        body = response.content.decode()
        assert (response.status_code, "That was too much at once" in body, 'content="noindex"' in body) == (
            422,
            True,
            True,
        )
        assert "Retry-After" not in response.headers
        assert client.get("/about/").status_code == 200

    def test_another_failure_of_the_database_is_not_hidden(self, client, monkeypatch):
        def fail(rows, words):
            raise OperationalError("lost")

        monkeypatch.setattr(search, "matching", fail)
        with pytest.raises(OperationalError):
            client.get("/meetings/?q=talks")


def test_only_the_newest_hits_are_ranked(archive, settings):
    """A word may stand in every record: what is read to order them is bounded."""
    settings.FACETS_INDEX = False
    question = Question("meeting", words=search.parse("border"))
    with CaptureQueriesContext(connection) as captured:
        facets.page(question, 0, 25)
    newest, ranking = (query["sql"] for query in captured)
    assert (newest.endswith(f"LIMIT {search.RANKED}"), "ts_rank_cd" in ranking, "unnest('{" in ranking) == (
        True,
        True,
        True,
    )
