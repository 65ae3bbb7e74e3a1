"""What a search box offers while somebody types."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Name, Status
from events.reading import role
from events.reading.suggestions import Suggestion, suggest
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive():
    georgia = factories.PlaceFactory(name="Georgia", kind="country", country="GE")
    factories.PlaceFactory(name="Tbilisi", country="GE", parent=georgia)
    ilham = factories.ParticipantFactory(name="Ilham Aliyev", country="AZ")
    Name.objects.create(participant=ilham, text="Ильхам Алиев", language="ru")
    Name.objects.create(participant=ilham, text="İlham Əliyev", language="az")
    factories.TenureFactory(person=ilham, title="Minister", period="1990/1991")
    factories.TenureFactory(person=ilham, title="President", period="2003/..")
    factories.ParticipantFactory(name="Ali Asadov", country="AZ")
    factories.ParticipantFactory(name="Armenia", kind="state", country="AM")
    factories.ParticipantFactory(name="Foreign Ministry", kind="organisation", country="AM")
    peace = factories.TopicFactory(label="Peace process")
    factories.TopicFactory(label="Border commissions", broader=peace)
    factories.AttendanceFactory(participant=ilham)


def told(text: str, **kwargs) -> list[tuple[str, str, str]]:
    with role.reading():
        return [(one.label, one.matched, one.note) for one in suggest(text, **kwargs)]


ILHAM, ALI = ("Ilham Aliyev", "", "President, Azerbaijan"), ("Ali Asadov", "", "Azerbaijan")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ali", [ALI, ILHAM]),
        ("aliye", [ILHAM]),
        (
            "Əli",
            [("Ali Asadov", "", "Azerbaijan"), ("Ilham Aliyev", "İlham Əliyev", "President, Azerbaijan")],
        ),
        ("Алие", [("Ilham Aliyev", "Ильхам Алиев", "President, Azerbaijan")]),
        ("ალიევ", [ILHAM]),
        ("aliyev ilham", [ILHAM]),
        ("Aliyef", [ILHAM]),
        ("tb", [("Tbilisi", "", "City, town or village, Georgia")]),
        ("Geor", [("Georgia", "", "Country")]),
        ("Arm", [("Armenia", "", "State")]),
        ("min", [("Foreign Ministry", "", "Organisation, Armenia")]),
        ("comm", [("Border commissions", "", "Topic, Peace process")]),
        ("peace", [("Peace process", "", "Topic")]),
        ("%", []),
        ("a", []),
        ("", []),
        ("😀😀", []),
        ("\\", []),
        ("_____", []),
        ("x" * 201, []),
    ],
)
def test_names_in_any_script_by_their_beginning(archive, text, found):
    assert told(text) == found


def test_only_the_nouns_that_were_asked_for(archive):
    assert [told("ge", nouns=[noun]) for noun in ("participant", "place", "topic", "outlet")] == [
        [],
        [("Georgia", "", "Country")],
        [],
        [],
    ]


def test_at_most_eight_the_best_known_first():
    people = [factories.ParticipantFactory(name=f"Nino Person {letter}") for letter in "abcdefghij"]
    for person in (people[9], people[9], people[4]):
        factories.AttendanceFactory(participant=person)
    assert [one.number for one in suggest("Nino")] == [people[place].pk for place in (9, 4, 0, 1, 2, 3, 5, 6)]


def test_a_suggestion_leads_to_the_record():
    place = factories.PlaceFactory(name="Tbilisi", kind="city")
    assert suggest("tbil") == [
        Suggestion("place", place.pk, "Tbilisi", "", "City, town or village", place.get_absolute_url())
    ]


@pytest.mark.parametrize("is_reader", [True, False])
def test_drafts_are_never_offered(is_reader):
    hidden = factories.ParticipantFactory(name="Canary Draft", status=Status.DRAFT)
    factories.PlaceFactory(name="Canary Town", status=Status.REVIEW)
    broader = factories.TopicFactory(label="Canary topic", status=Status.DRAFT)
    factories.TopicFactory(label="Public topic", broader=broader)
    shown = factories.ParticipantFactory(name="Public Person")
    factories.NameFactory(participant=hidden, text="Public Person")
    ask = told if is_reader else lambda text: [(one.label, one.matched, one.note) for one in suggest(text)]
    assert (ask("Canary"), ask("Public")) == (
        [],
        [("Public topic", "", "Topic"), (shown.name, "", "")],
    )


def test_one_query(archive):
    with CaptureQueriesContext(connection) as queries:
        suggest("ali")
    assert len(queries) == 1


class TestAddress:
    def test_answers_as_json_for_a_few_seconds(self, client):
        person = factories.ParticipantFactory(name="Ann Petrosyan")
        answer = client.get("/suggest/", {"q": "Петр", "noun": "participant"})
        assert (answer.status_code, answer.headers["Cache-Control"], answer.json()) == (
            200,
            "max-age=10",
            {
                "suggestions": [
                    {
                        "noun": "participant",
                        "number": person.pk,
                        "label": "Ann Petrosyan",
                        "matched": "",
                        "note": "",
                        "address": f"/participants/{person.pk}/ann-petrosyan/",
                    }
                ]
            },
        )

    @pytest.mark.parametrize(
        "query",
        ["", "q=", "q=%00", "q=%ff%fe", "q=a%00", "noun=x&q=ann", "noun=&q=ann", "q=" + "%F0%9F%95%8A" * 300],
    )
    def test_what_cannot_be_understood_is_offered_nothing(self, client, query):
        factories.ParticipantFactory(name="Ann Petrosyan")
        answer = client.get(f"/suggest/?{query}")
        assert (answer.status_code, answer.json()) == (200, {"suggestions": []})
