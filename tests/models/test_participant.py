import pytest
from django.core.exceptions import ValidationError

from events.models import Meeting, Name, Participant, Place
from events.models.participant import offices_on
from tests import factories
from tests.models.test_base import broken_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    spelt = {
        "Ilham Aliyev": [
            ("ru", "Ильхам Алиев"),
            ("ka", "ილჰამ ალიევი"),
            ("hy", "Իլհամ Ալիև"),
            ("az", "İlham Əliyev"),
        ],
        "Nikol Pashinyan": [("hy", "Նիկոլ Փաշինյան"), ("ru", "Никол Пашинян")],
        "Irakli Garibashvili": [("ka", "ირაკლი ღარიბაშვილი")],
        "Sergey Lavrov": [("ru", "Сергей Лавров")],
    }
    for name, others in spelt.items():
        person = factories.ParticipantFactory(name=name)
        for language, text in others:
            factories.NameFactory(participant=person, language=language, text=text)
    return spelt


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Əliyev", "Ilham Aliyev"),
        ("ალიევი", "Ilham Aliyev"),
        ("Ալիև", "Ilham Aliyev"),
        ("Алиев", "Ilham Aliyev"),
        ("Alijew", "Ilham Aliyev"),
        ("Paschinjan", "Nikol Pashinyan"),
        ("Pachinian", "Nikol Pashinyan"),
        ("Qaribaşvili", "Irakli Garibashvili"),
        ("Sergueï Lavrov", "Sergey Lavrov"),
        ("lavr", "Sergey Lavrov"),
    ],
)
def test_found_in_any_script(people, typed, found):
    assert [person.name for person in Participant.objects.named(typed)] == [found]


@pytest.mark.parametrize("typed", ["", "…", "   ", "%", "'"])
def test_no_letters_find_nobody(people, typed):
    assert set(Participant.objects.named(typed).values_list("name", flat=True)) == set()


def test_a_name_of_its_own_is_kept_and_a_former_one_stays():
    person = factories.ParticipantFactory(name="Salome Zurabishvili")
    person.name = "Salome Zourabichvili"
    person.save()
    person.save()
    names = list(person.names.order_by("pk").values_list("text", "language", "kind"))
    assert names == [("Salome Zurabishvili", "en", "official"), ("Salome Zourabichvili", "en", "official")]


def test_a_name_belongs_to_one_owner_and_stands_once():
    person, place = factories.ParticipantFactory(), factories.PlaceFactory()
    Name.objects.create(participant=person, text="Ա", language="hy", preferred=True)
    rules = [
        broken_rule(lambda: Name.objects.create(text="x", participant=person, place=place)),
        broken_rule(lambda: Name.objects.create(text="x")),
        broken_rule(lambda: Name.objects.create(participant=person, text="Ա", language="hy")),
        broken_rule(lambda: Name.objects.create(participant=person, text="Բ", language="hy", preferred=True)),
    ]
    assert rules == [
        "name_of_one_owner",
        "name_of_one_owner",
        "name_once_for_participant",
        "name_one_preferred_for_participant",
    ]


def test_offices_on_a_day():
    person = factories.ParticipantFactory()
    held = [
        factories.TenureFactory(person=person, period=period)
        for period in ("2018-05-08/..", "2021-02-22/2024-01-29", "../2019", "", "1994-05~")
    ]
    days = factories.MeetingFactory(held_on="2023-02-27/2023-02-28").held_range
    assert offices_on(person, days) == [held[1], held[0]]
    assert offices_on(person, None) == []


def test_only_a_person_holds_an_office():
    tenure = factories.TenureFactory.build(person=factories.ParticipantFactory(kind="state", name="Armenia"))
    with pytest.raises(ValidationError) as refused:
        tenure.clean()
    assert refused.value.messages == ["Only a person holds an office; “Armenia” is none."]


def test_whom_they_met_most():
    ann, ben, cem, dan = (factories.ParticipantFactory(name=name) for name in ("Ann", "Ben", "Cem", "Dan"))
    for people, status in (((ann, ben), "published"), ((ann, ben, cem), "published"), ((ann, dan), "draft")):
        meeting = factories.MeetingFactory(status=status)
        for person in people:
            factories.AttendanceFactory(meeting=meeting, participant=person)
    met = Participant.objects.public().met_most(ann)
    assert [(one.name, one.meetings_shared) for one in met] == [("Ben", 2), ("Cem", 1)]


def test_meetings_of_all_or_any_of_several():
    ann, ben = factories.ParticipantFactory(), factories.ParticipantFactory()
    both, one = factories.MeetingFactory(), factories.MeetingFactory()
    for meeting, person in ((both, ann), (both, ben), (one, ann)):
        factories.AttendanceFactory(meeting=meeting, participant=person)
    rows = Meeting.objects.order_by("pk")
    assert list(rows.attended_by([ann, ben])) == [both]
    assert list(rows.attended_by([ann, ben], every=False)) == [both, one]


def test_places_within_a_place():
    country = factories.PlaceFactory(name="Georgia")
    city = factories.PlaceFactory(name="Tbilisi", parent=country)
    house = factories.PlaceFactory(name="Orbeliani Palace", parent=city)
    factories.PlaceFactory(name="Baku")
    assert set(Place.objects.within([country.pk])) == {country, city, house}
    assert set(Place.objects.within([city.pk, house.pk])) == {city, house}


def test_coordinates_come_together_and_lie_on_earth():
    place = factories.PlaceFactory.build(latitude="40.1776")
    with pytest.raises(ValidationError) as refused:
        place.clean()
    assert refused.value.message_dict == {
        "longitude": ["Latitude and longitude come together: 40.1776 and 44.5126."]
    }
    assert (
        broken_rule(lambda: factories.PlaceFactory(latitude=91, longitude=0)) == "place_coordinates_on_earth"
    )
