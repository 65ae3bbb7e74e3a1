"""What a list answers: total, page, and the counts of each facet under the other filters."""

from datetime import date

import pytest

from events.models import Status
from events.reading import facets
from events.reading.facets import Answer, Count, Question
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive():
    """Three meetings: a visit with talks in it in Baku, a summit in Tbilisi; a draft, and a draft of a participant."""
    ann = factories.ParticipantFactory(name="Ann Petrosyan", country="AM")
    ben = factories.ParticipantFactory(name="Ben Aliyev", country="AZ")
    ghost = factories.ParticipantFactory(name="Ghost", country="FR", status=Status.DRAFT)
    azerbaijan = factories.PlaceFactory(name="Azerbaijan", country="AZ")
    baku = factories.PlaceFactory(name="Baku", country="AZ", parent=azerbaijan)
    tbilisi = factories.PlaceFactory(name="Tbilisi", country="GE")
    peace = factories.TopicFactory(label="Peace process")
    borders = factories.TopicFactory(label="Borders", broader=peace)
    visit = factories.MeetingFactory(title="Visit", kind="visit", held_on="2022-12-31/2023-01-02", place=baku)
    talks = factories.MeetingFactory(title="Talks", kind="talks", held_on="2023-01-01", place=baku)
    summit = factories.MeetingFactory(title="Summit", kind="summit", held_on="2024", place=tbilisi)
    undated = factories.MeetingFactory(title="Undated", kind="talks", state="announced")
    talks.topics.add(borders)
    summit.topics.add(peace, borders)
    for meeting, person in ((visit, ann), (talks, ann), (talks, ben), (summit, ben), (summit, ghost)):
        factories.AttendanceFactory(meeting=meeting, participant=person)
    hidden = factories.MeetingFactory(
        title="Hidden", kind="call", held_on="1999", place=baku, status=Status.DRAFT
    )
    hidden.topics.add(borders)
    factories.AttendanceFactory(meeting=hidden, participant=ann)
    return {
        str(record): record.pk
        for record in (
            ann,
            ben,
            ghost,
            azerbaijan,
            baku,
            tbilisi,
            peace,
            borders,
            visit,
            talks,
            summit,
            undated,
        )
    }


def test_all_meetings(archive):
    it = archive
    assert facets.ask(Question("meeting")) == Answer(
        total=4,
        numbers=[it["Summit"], it["Talks"], it["Visit"], it["Undated"]],
        facets={
            "participant": [Count(it["Ann Petrosyan"], 2), Count(it["Ben Aliyev"], 2)],
            "country": [Count("AZ", 3), Count("AM", 2), Count("GE", 1)],
            "kind": [Count("talks", 2), Count("summit", 1), Count("visit", 1)],
            "state": [Count("held", 3), Count("announced", 1)],
            "place": [Count(it["Azerbaijan"], 2), Count(it["Baku"], 2), Count(it["Tbilisi"], 1)],
            "topic": [Count(it["Peace process"], 2), Count(it["Borders"], 2)],
        },
        different={"participant": 2, "country": 3, "kind": 3, "state": 2, "place": 3, "topic": 2},
        years=[(2022, 1), (2023, 2), (2024, 1)],
    )


def test_each_facet_is_counted_under_the_others(archive):
    it = archive
    question = Question(
        "meeting",
        chosen=(("participant", (it["Ben Aliyev"],)), ("kind", ("talks",))),
        last=date(2023, 12, 31),
    )
    assert facets.ask(question) == Answer(
        total=1,
        numbers=[it["Talks"]],
        facets={
            "participant": [Count(it["Ann Petrosyan"], 1), Count(it["Ben Aliyev"], 1)],
            "country": [Count("AM", 1), Count("AZ", 1)],
            "kind": [Count("talks", 1)],
            "state": [Count("held", 1)],
            "place": [Count(it["Azerbaijan"], 1), Count(it["Baku"], 1)],
            "topic": [Count(it["Peace process"], 1), Count(it["Borders"], 1)],
        },
        different={"participant": 2, "country": 2, "kind": 1, "state": 1, "place": 2, "topic": 2},
        years=[(2023, 1)],
    )


def test_participants_together_narrow_and_any_of_them_widen(archive):
    it = archive
    both = (("participant", (it["Ann Petrosyan"], it["Ben Aliyev"])),)
    found = {every: facets.ask(Question("meeting", both, every=every)) for every in (True, False)}
    assert {every: (one.numbers, one.facets["participant"]) for every, one in found.items()} == {
        True: ([it["Talks"]], [Count(it["Ann Petrosyan"], 1), Count(it["Ben Aliyev"], 1)]),
        False: (
            [it["Summit"], it["Talks"], it["Visit"]],
            [Count(it["Ann Petrosyan"], 2), Count(it["Ben Aliyev"], 2)],
        ),
    }


def test_what_is_chosen_is_told_also_beyond_the_first_and_without_a_record(archive):
    question = Question("meeting", chosen=(("kind", ("call", "visit")),), first=date(2023, 1, 1))
    found = facets.ask(question, longest=1)
    assert (found.facets["kind"], found.different["kind"]) == (
        [Count("summit", 1), Count("visit", 1), Count("call", 0)],
        3,
    )


def test_what_has_no_end_counts_in_all_years_after(archive):
    factories.MeetingFactory(held_on="2023-06/..")
    assert facets.ask(Question("meeting")).years == [(2022, 1), (2023, 3), (2024, 2)]


def test_quotations(archive):
    it = archive
    outlet, secret = factories.OutletFactory(), factories.OutletFactory(status=Status.DRAFT)
    first = factories.QuotationFactory(
        article=factories.ArticleFactory(outlet=outlet, language="fr"),
        speaker_id=it["Ann Petrosyan"],
        said_on="2020-01-01",
    )
    second = factories.QuotationFactory(
        article=factories.ArticleFactory(outlet=secret),
        speaker_id=it["Ben Aliyev"],
        reported_by_id=it["Ann Petrosyan"],
        meeting_id=it["Talks"],
    )
    third = factories.QuotationFactory(
        article=factories.ArticleFactory(outlet=outlet),
        speaker_id=it["Ghost"],
        attribution="somebody",
        said_on="2021",
    )
    third.topics.add(it["Borders"])
    factories.QuotationFactory(article=factories.ArticleFactory(status=Status.DRAFT, outlet=outlet))
    assert facets.ask(Question("quotation")) == Answer(
        total=3,
        numbers=[third.pk, first.pk, second.pk],
        facets={
            "speaker": [Count(it["Ann Petrosyan"], 1), Count(it["Ben Aliyev"], 1)],
            "reporter": [Count(it["Ann Petrosyan"], 1)],
            "topic": [Count(it["Peace process"], 1), Count(it["Borders"], 1)],
            "language": [Count("en", 2), Count("fr", 1)],
            "outlet": [Count(outlet.pk, 2)],
            "reported": [Count("no", 2), Count("yes", 1)],
        },
        different={
            "speaker": 2,
            "reporter": 1,
            "topic": 2,
            "language": 2,
            "outlet": 1,
            "reported": 2,
        },
        years=[(2020, 1), (2021, 1), (2023, 1)],
    )


@pytest.mark.parametrize("is_in_memory", [True, False])
def test_the_values_of_one_facet(archive, settings, is_in_memory):
    settings.FACETS_INDEX = is_in_memory
    it = archive
    factories.NameFactory(participant_id=it["Ben Aliyev"], text="Əliyev", language="az")
    question = Question("meeting", chosen=(("country", ("AZ",)),))
    ann, ben = Count(it["Ann Petrosyan"], 2), Count(it["Ben Aliyev"], 2)
    assert facets.values(question, "participant") == ([ann, ben], 2)
    assert facets.values(question, "participant", offset=1, size=1) == ([ben], 2)
    assert facets.values(question, "participant", find="Алиев") == ([ben], 1)
    assert facets.values(question, "participant", find="Ghost") == ([], 0)
    assert facets.values(question, "topic", find="bórder") == ([Count(it["Borders"], 2)], 1)
    assert facets.values(question, "topic", find="…") == ([], 0)
    assert facets.values(question, "country") == (
        [Count("AZ", 3), Count("AM", 2), Count("GE", 1)],
        3,
    )
    with pytest.raises(KeyError):
        facets.values(question, "speaker")


@pytest.mark.parametrize("is_in_memory", [True, False])
def test_the_names_of_values(archive, settings, is_in_memory):
    settings.FACETS_INDEX = is_in_memory
    numbers = [archive["Ben Aliyev"], archive["Ghost"], 0]
    assert facets.labels(Question("meeting").facet("participant"), numbers) == {
        archive["Ben Aliyev"]: "Ben Aliyev"
    }


def test_of_very_many_values_only_that_they_are_many(archive):
    for _number in range(facets.MANY):
        factories.AttendanceFactory(meeting_id=archive["Talks"])
    answer = facets.ask(Question("meeting"), longest=2)
    assert answer.different["participant"] == facets.MANY + 1
    assert answer.facets["participant"] == [
        Count(archive["Ann Petrosyan"], 2),
        Count(archive["Ben Aliyev"], 2),
    ]


class TestAllValues:
    """What the page of a facet reads."""

    def test_a_part_and_how_many_there_are(self, archive):
        it = archive
        question = Question("meeting")
        assert facets.values(question, "kind", size=2) == ([Count("talks", 2), Count("summit", 1)], 3)
        assert facets.values(question, "kind", offset=2) == ([Count("visit", 1)], 3)
        assert facets.values(question, "place", offset=1, size=1) == ([Count(it["Baku"], 2)], 3)

    @pytest.mark.parametrize(
        ("name", "find", "found"),
        [
            ("participant", "Алиев", [("Ben Aliyev", 2)]),
            ("participant", "ალიევი", [("Ben Aliyev", 2)]),
            ("participant", "Ghost", []),
            ("participant", "Baku", []),
            ("place", "Bakou", [("Baku", 2)]),
            ("topic", "proc", [("Peace process", 2)]),
            ("topic", "order", []),
            ("topic", "%", []),
        ],
    )
    def test_those_with_a_name_like_it(self, archive, name, find, found):
        values, total = facets.values(Question("meeting"), name, find)
        assert (values, total) == ([Count(archive[label], count) for label, count in found], len(found))

    def test_under_the_other_filters(self, archive):
        question = Question("meeting", chosen=(("kind", ("visit",)), ("place", (archive["Baku"],))))
        assert facets.values(question, "participant") == ([Count(archive["Ann Petrosyan"], 1)], 1)

    def test_of_what_is_no_facet(self, archive):
        with pytest.raises(KeyError):
            facets.values(Question("meeting"), "speaker")
