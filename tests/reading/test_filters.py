import pytest
from django.http import QueryDict

from events.models import Name, Status
from events.reading import filters
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive():
    """Three meetings: a two-day visit, talks that are a part of it, and a summit elsewhere; and what readers do not see."""
    ann = factories.ParticipantFactory(name="Ann Petrosyan", country="AM")
    ben = factories.ParticipantFactory(name="Ben Aliyev", country="AZ")
    Name.objects.create(participant=ben, text="Бен Алиев", language="ru")
    azerbaijan = factories.PlaceFactory(name="Azerbaijan", country="AZ")
    baku = factories.PlaceFactory(name="Baku", country="AZ", parent=azerbaijan)
    tbilisi = factories.PlaceFactory(name="Tbilisi", country="GE")
    peace = factories.TopicFactory(label="Peace process")
    borders = factories.TopicFactory(label="Borders", broader=peace)
    visit = factories.MeetingFactory(title="Visit", kind="visit", held_on="2023-02-27/2023-02-28", place=baku)
    talks = factories.MeetingFactory(
        title="Entretien privé", kind="talks", held_on="2023-02-27", place=baku, state="announced"
    )
    summit = factories.MeetingFactory(
        title="Summit", kind="summit", held_on="2024", place=tbilisi, summary="A map was agreed."
    )
    talks.topics.add(borders)
    for meeting, person in ((visit, ann), (talks, ann), (talks, ben), (summit, ben)):
        factories.AttendanceFactory(meeting=meeting, participant=person)
    hidden = factories.MeetingFactory(
        title="Hidden visit", held_on="2023-02-27", place=baku, status=Status.DRAFT
    )
    factories.AttendanceFactory(meeting=hidden, participant=ann)
    return {
        record.title if hasattr(record, "title") else str(record): record
        for record in (ann, ben, azerbaijan, baku, tbilisi, peace, borders, visit, talks, summit, hidden)
    }


def titles(query: str, **numbers) -> list[str]:
    listing = filters.MeetingFilter(
        QueryDict(query.format(**{name: record.pk for name, record in numbers.items()}))
    )
    return [str(record) for record in listing.page]


ALL = ["Summit", "Visit", "Entretien privé"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Summit", "Entretien privé", "Visit"]),
        ("sort=date", ["Visit", "Entretien privé", "Summit"]),
        ("sort=title", ["Entretien privé", "Summit", "Visit"]),
        ("participant={ann}", ["Entretien privé", "Visit"]),
        ("participant={ann}&participant={ben}", ["Entretien privé"]),
        ("participant={ann}&participant={ben}&match=all", ["Entretien privé"]),
        ("participant={ann}&participant={ben}&match=any", ["Summit", "Entretien privé", "Visit"]),
        ("match=any", ["Summit", "Entretien privé", "Visit"]),
        ("country=AM", ["Entretien privé", "Visit"]),
        ("country=AZ", ["Summit", "Entretien privé", "Visit"]),
        ("country=GE&country=AM", ["Summit", "Entretien privé", "Visit"]),
        ("kind=visit", ["Visit"]),
        ("kind=visit&kind=summit", ["Summit", "Visit"]),
        ("state=announced", ["Entretien privé"]),
        ("place={baku}", ["Entretien privé", "Visit"]),
        ("place={azerbaijan}", ["Entretien privé", "Visit"]),
        ("place={azerbaijan}&place={tbilisi}", ["Summit", "Entretien privé", "Visit"]),
        ("topic={borders}", ["Entretien privé"]),
        ("topic={peace}", ["Entretien privé"]),
        ("from=2023-02-28", ["Summit", "Visit"]),
        ("from=2023-02-28&to=2023-02-28", ["Visit"]),
        ("to=2023-02-27", ["Entretien privé", "Visit"]),
        ("from=2023&to=2023", ["Entretien privé", "Visit"]),
        ("from=2023-03&to=2023-12", []),
        ("from=2024-06-01&to=2024-06-01", ["Summit"]),
        ("q=prive", ["Entretien privé"]),
        ("q=PRIVÉ entretien", ["Entretien privé"]),
        ("q=map", ["Summit"]),
        ("q=Алиев", ["Summit", "Entretien privé"]),
        ("q=алиев entretien", ["Entretien privé"]),
        ("q=Baku", ["Entretien privé", "Visit"]),
        ("q=%25", []),
        ("q=   ", ["Summit", "Entretien privé", "Visit"]),
        ("kind=&place=&q=&from=&page=&sort=", ["Summit", "Entretien privé", "Visit"]),
        ("unknown=1&kind=talks", ["Entretien privé"]),
        ("page=1", ["Summit", "Entretien privé", "Visit"]),
        ("q=2023", ["Entretien privé", "Visit"]),
        ("to=9999-12-31&from=2024", ["Summit"]),
        ("from=1900&from=2024", ["Summit"]),
        ("from=2024&from=1900", ["Summit", "Entretien privé", "Visit"]),
    ],
)
def test_meetings(archive, query, found):
    numbers = {
        "ann": archive["Ann Petrosyan"],
        "ben": archive["Ben Aliyev"],
        "baku": archive["Baku"],
        "azerbaijan": archive["Azerbaijan"],
        "tbilisi": archive["Tbilisi"],
        "peace": archive["Peace process"],
        "borders": archive["Borders"],
    }
    assert titles(query, **numbers) == found


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        (
            "participant=x",
            {"participant": ["“x” is no number of a record. Choose from the list, or leave this out."]},
        ),
        (
            "participant=99999999",
            {
                "participant": [
                    "There is no such record: “99999999”. Choose from the list, or leave this out."
                ]
            },
        ),
        (
            "place=99999999999999999999999",
            {
                "place": [
                    "There is no such record: “99999999999999999999999”. Choose from the list, or leave this out."
                ]
            },
        ),
        (
            "country=XX",
            {"country": ["“XX” is not one of the choices. Choose from the list, or leave this out."]},
        ),
        (
            "kind=talks&kind=<b>",
            {"kind": ["“<b>” is not one of the choices. Choose from the list, or leave this out."]},
        ),
        ("match=some", {"match": ["“some” is neither “all” nor “any”."]}),
        ("from=yesterday", {"from": ["“yesterday” is no day. Write 2023-02-27, 2023-02 or 2023."]}),
        ("to=2023-02-30", {"to": ["“2023-02-30” is no day. Write 2023-02-27, 2023-02 or 2023."]}),
        (
            "to=2023-02-27/2023-02-28",
            {"to": ["“2023-02-27/2023-02-28” is no day. Write 2023-02-27, 2023-02 or 2023."]},
        ),
        ("from=..", {"from": ["“..” is no day. Write 2023-02-27, 2023-02 or 2023."]}),
        (
            "from=2024&to=2023",
            {"to": ["This lies before the first day. Exchange the two, or leave one out."]},
        ),
        ("sort=random", {"sort": ["“random” is not one of the orders. Choose from the list."]}),
        ("page=two", {"page": ["Write the number of a page: 2."]}),
        ("page=0", {"page": ["The first page is 1."]}),
        ("page=2", {"page": ["There is no page 2. The last one is 1."]}),
        (f"page={10**18}", {"page": [f"There is no page {10**18}. The last one is 1."]}),
        (
            f"participant={'9' * 5000}",
            {
                "participant": [
                    f"There is no such record: “{'9' * 40}”. Choose from the list, or leave this out."
                ]
            },
        ),
        ("q=%00", {"q": ["Null characters are not allowed."]}),
        ("q=" + "x" * 201, {"q": ["Ensure this value has at most 200 characters (it has 201)."]}),
    ],
)
def test_a_wrong_value_is_said_and_finds_nothing(archive, query, errors):
    listing = filters.MeetingFilter(QueryDict(query))
    assert (list(listing.page), dict(listing.form.errors)) == ([], errors)


@pytest.mark.parametrize("word", ["\x01", "'", "\\", "%", "_", "()", "😀", "xyz" * 60])
@pytest.mark.parametrize(
    "filter_class",
    [
        filters.MeetingFilter,
        filters.QuotationFilter,
        filters.ArticleFilter,
        filters.ParticipantFilter,
        filters.PlaceFilter,
        filters.AgreementFilter,
        filters.TopicFilter,
    ],
)
def test_any_words_can_be_asked(archive, filter_class, word):
    query = QueryDict(mutable=True)
    query["q"] = word
    assert [str(record) for record in filter_class(query).page] == []


def test_a_draft_is_no_choice(archive):
    draft = factories.ParticipantFactory(name="Canary", status=Status.DRAFT)
    listing = filters.MeetingFilter(QueryDict(f"participant={draft.pk}"))
    assert list(listing.page) == []
    assert listing.form.errors == {
        "participant": [f"There is no such record: “{draft.pk}”. Choose from the list, or leave this out."]
    }
    assert "Canary" not in str(listing.form)


def test_active_filters_can_be_taken_away(archive):
    ann, ben = archive["Ann Petrosyan"].pk, archive["Ben Aliyev"].pk
    listing = filters.MeetingFilter(
        QueryDict(
            f"page=1&kind=visit&participant={ann}&participant={ben}&match=any&sort=title&from=2023&x=y&kind=visit"
        )
    )
    assert [(str(one.label), one.value, one.without) for one in listing.active] == [
        ("Participants", "Ann Petrosyan", f"?participant={ben}&kind=visit&from=2023&sort=title"),
        ("Participants", "Ben Aliyev", f"?participant={ann}&kind=visit&from=2023&sort=title"),
        ("Kind", "Visit", f"?participant={ann}&participant={ben}&match=any&from=2023&sort=title"),
        ("From", "2023", f"?participant={ann}&participant={ben}&match=any&kind=visit&sort=title"),
    ]
    assert (
        listing.address(page=3, sort=None)
        == f"?participant={ann}&participant={ben}&match=any&kind=visit&from=2023&page=3"
    )


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("q=&kind=&from=&page=&sort=&participant=", ""),
        ("page=1&sort=-date&match=all&utm_source=x&nothing=1", ""),
        ("sort=date&page=02", "?sort=date&page=2"),
        ("page=2&kind=visit&kind=talks&kind=visit&q= a  b ", "?q=a++b&kind=talks&kind=visit&page=2"),
        ("participant=12&participant=007&participant=7&match=any", "?participant=7&participant=12&match=any"),
        ("participant=12&match=any", "?participant=12"),
        ("participant=12&participant=7&match=all", "?participant=7&participant=12"),
        ("to= 2024 &from=2023-02-27", "?from=2023-02-27&to=2024"),
        ("from=1900&from=2000", "?from=2000"),
        ("q=x&sort=-date", "?q=x&sort=-date"),  # by relevance without it
        ("participant=x&participant=12&participant=7", "?participant=7&participant=12&participant=x"),
        ("kind=x&match=none&page=0&to=yesterday", "?match=none&kind=x&to=yesterday&page=0"),
        ("page=" + "9" * 30, "?page=" + "9" * 30),
    ],
)
def test_a_list_has_one_address(query, canonical):
    listing = filters.MeetingFilter(QueryDict(query))
    assert listing.canonical() == canonical
    assert filters.MeetingFilter(QueryDict(canonical.removeprefix("?"))).canonical() == canonical


def test_links_lead_to_it_at_once():
    listing = filters.MeetingFilter(
        QueryDict("kind=visit&participant=12&participant=7&match=any&page=3&sort=date")
    )
    assert [
        listing.address(kind=["visit", "call"], sort="-date"),
        listing.address(participant=[7]),
        listing.address(page=2),
        listing.address(kind=None, participant=None, sort=None),
    ] == [
        "?participant=7&participant=12&match=any&kind=call&kind=visit",
        "?participant=7&kind=visit&sort=date",
        "?participant=7&participant=12&match=any&kind=visit&sort=date&page=2",
        "?",
    ]


def test_a_wrong_filter_can_be_taken_away_too(archive):
    listing = filters.MeetingFilter(QueryDict("kind=x&from=2023"))
    assert [(str(one.label), one.value, one.without) for one in listing.active] == [
        ("Kind", "x", "?from=2023"),
        ("From", "2023", "?kind=x"),
    ]


def test_paging_shows_each_row_once():
    expected = [factories.MeetingFactory(held_on="2023").pk for _ in range(60)]
    seen = []
    for number in (1, 2, 3):
        page = filters.MeetingFilter(QueryDict(f"page={number}")).page
        assert (page.paginator.num_pages, page.paginator.count) == (3, 60)
        seen += [meeting.pk for meeting in page]
    assert sorted(seen) == expected


@pytest.fixture
def words():
    ann = factories.ParticipantFactory(name="Ann Petrosyan")
    ben = factories.ParticipantFactory(name="Ben Aliyev")
    outlet = factories.OutletFactory(name="Civil Georgia")
    article = factories.ArticleFactory(
        title="On borders",
        language="fr",
        outlet=outlet,
        published_on="2023-03-01",
        authors=["Claire Duval"],
        kind="interview",
    )
    said = factories.QuotationFactory(article=article, speaker=ann, exact="« Déjà vu »", said_on="2023-02-28")
    reported = factories.QuotationFactory(
        speaker=ben, reported_by=ann, exact="“We agreed”", said_on="2022-10-06"
    )
    said.topics.add(factories.TopicFactory(label="Borders"))
    hidden = factories.ArticleFactory(title="Hidden", status=Status.DRAFT, language="ru")
    factories.QuotationFactory(article=hidden, speaker=ann, exact="“Hidden”", language="ru")
    return {
        "ann": ann,
        "ben": ben,
        "outlet": outlet,
        "topic": said.topics.get(),
        "said": said,
        "reported": reported,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["« Déjà vu »", "“We agreed”"]),
        ("sort=date", ["“We agreed”", "« Déjà vu »"]),
        ("sort=speaker", ["« Déjà vu »", "“We agreed”"]),
        ("speaker={ann}", ["« Déjà vu »"]),
        ("speaker={ann}&speaker={ben}", ["« Déjà vu »", "“We agreed”"]),
        ("topic={topic}", ["« Déjà vu »"]),
        ("language=fr", ["« Déjà vu »"]),
        ("language=fr&language=en", ["« Déjà vu »", "“We agreed”"]),
        ("outlet={outlet}", ["« Déjà vu »"]),
        ("reported=no", ["« Déjà vu »"]),
        ("reported=yes", ["“We agreed”"]),
        ("reported=", ["« Déjà vu »", "“We agreed”"]),
        ("from=2023", ["« Déjà vu »"]),
        ("to=2022", ["“We agreed”"]),
        ("q=deja", ["« Déjà vu »"]),
        ("q=Алиев", ["“We agreed”"]),
        ("q=hidden", []),
    ],
)
def test_quotations(words, query, found):
    numbers = {name: record.pk for name, record in words.items()}
    listing = filters.QuotationFilter(QueryDict(query.format(**numbers)))
    assert [str(record) for record in listing.page] == found


def test_a_language_of_drafts_is_no_choice(words):
    listing = filters.QuotationFilter(QueryDict("language=ru"))
    assert (list(listing.page), dict(listing.form.errors)) == (
        [],
        {"language": ["“ru” is not one of the choices. Choose from the list, or leave this out."]},
    )
    assert list(listing.form.fields["language"].choices) == [("en", "English"), ("fr", "French")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("outlet={outlet}", ["On borders"]),
        ("language=fr", ["On borders"]),
        ("kind=interview", ["On borders"]),
        ("from=2023-03-01&to=2023-03-01", ["On borders"]),
        ("to=2022", []),
        ("q=duval", ["On borders"]),
        ("q=border", ["On borders"]),
        ("q=hidden", []),
    ],
)
def test_articles(words, query, found):
    numbers = {name: record.pk for name, record in words.items()}
    listing = filters.ArticleFilter(QueryDict(query.format(**numbers)))
    assert [str(record) for record in listing.page] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ann Petrosyan", "Ben Aliyev"]),
        ("q=алиев", ["Ben Aliyev"]),
        ("kind=person&country=AM", ["Ann Petrosyan"]),
        ("kind=state", []),
        ("sort=-meetings", ["Ann Petrosyan", "Ben Aliyev"]),
    ],
)
def test_participants(archive, query, found):
    assert [str(one) for one in filters.ParticipantFilter(QueryDict(query)).page] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Azerbaijan", "Baku", "Tbilisi"]),
        ("q=Bakou", ["Baku"]),
        ("country=GE", ["Tbilisi"]),
        ("sort=-meetings", ["Azerbaijan", "Baku", "Tbilisi"]),
    ],
)
def test_places(archive, query, found):
    assert [str(one) for one in filters.PlaceFilter(QueryDict(query)).page] == found


def test_agreements():
    ann, ben = factories.ParticipantFactory(), factories.ParticipantFactory()
    old = factories.AgreementFactory(title="Old treaty", kind="treaty", signed_on="1992-05")
    new = factories.AgreementFactory(title="New declaration", kind="declaration", signed_on="2022-02-22")
    old.parties.add(ann, ben)
    new.parties.add(ben)
    queries = [
        "",
        f"participant={ann.pk}",
        f"participant={ann.pk}&participant={ben.pk}",
        "kind=treaty",
        "from=2000",
        "q=treaty",
    ]
    found = [[str(one) for one in filters.AgreementFilter(QueryDict(query)).page] for query in queries]
    both = ["New declaration", "Old treaty"]
    assert found == [both, ["Old treaty"], both, ["Old treaty"], ["New declaration"], ["Old treaty"]]


def test_a_draft_between_two_places_leads_nowhere():
    country = factories.PlaceFactory(name="Azerbaijan")
    region = factories.PlaceFactory(name="Hidden region", parent=country, status=Status.DRAFT)
    town = factories.PlaceFactory(name="Town", parent=region)
    factories.MeetingFactory(title="Talks", place=town)
    asked = {
        place.name: [str(one) for one in filters.MeetingFilter(QueryDict(f"place={place.pk}")).page]
        for place in (country, town)
    }
    assert asked == {"Azerbaijan": [], "Town": ["Talks"]}


class TestHiddenPeople:
    """A draft that a public quotation names changes neither what a list finds nor its order."""

    @pytest.fixture
    def quotations(self):
        article = factories.ArticleFactory(text="“a” “b” “c”")
        ann = factories.ParticipantFactory(name="Mia")
        hidden = factories.ParticipantFactory(name="Zed", status=Status.DRAFT)
        factories.QuotationFactory(article=article, exact="“a”", speaker=ann)
        factories.QuotationFactory(article=article, exact="“b”", speaker=hidden, attribution="he said")
        factories.QuotationFactory(article=article, exact="“c”", speaker=ann, reported_by=hidden)
        return hidden

    def words(self, query):
        return [str(record) for record in filters.QuotationFilter(QueryDict(query)).page]

    def test_in_order(self, quotations):
        before = self.words("sort=speaker")
        quotations.name = quotations.sort_name = "Aaa"
        quotations.save()
        assert before == self.words("sort=speaker") == ["“a”", "“c”", "“b”"]

    def test_as_reporters(self, quotations):
        assert (self.words("reported=yes"), self.words("reported=no&sort=date")) == (
            [],
            ["“a”", "“b”", "“c”"],
        )

    def test_by_name(self, quotations):
        assert (self.words("q=Zed"), self.words("q=Mia&sort=date")) == ([], ["“a”", "“c”"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sochi", ["Sochi"]),
        ("Шуша", ["Shusha"]),
        ("Iran", ["Iran"]),
        ("Yerev", ["Yerevan"]),
        ("Ye", ["Yerevan"]),
        ("Ереван", ["Yerevan"]),
    ],
)
def test_short_names_do_not_answer_for_one_another(query, found):
    for name in ("Sochi", "Shusha", "Iran", "Yerevan"):
        factories.PlaceFactory(name=name)
    assert [place.name for place in filters.PlaceFilter(QueryDict(f"q={query}")).page] == found


def test_rows_count_what_lies_below_and_each_meeting_once():
    country = factories.PlaceFactory(name="Georgia")
    city = factories.PlaceFactory(name="Tbilisi", parent=country)
    hidden = factories.PlaceFactory(name="Hidden", parent=country, status=Status.DRAFT)
    broad = factories.TopicFactory(label="Peace process")
    narrow = factories.TopicFactory(label="Borders", broader=broad)
    for place, status in (
        (country, "published"),
        (city, "published"),
        (city, "draft"),
        (hidden, "published"),
    ):
        factories.MeetingFactory(place=place, status=status).topics.add(broad, narrow)
    factories.QuotationFactory().topics.add(narrow)
    places = {
        place.name: place.meeting_count for place in filters.PlaceFilter(QueryDict("sort=-meetings")).page
    }
    topics = {
        topic.label: (topic.meeting_count, topic.quotation_count)
        for topic in filters.TopicFilter(QueryDict()).page
    }
    assert places == {"Georgia": 2, "Tbilisi": 1}
    assert topics == {"Borders": (3, 1), "Peace process": (3, 1)}
