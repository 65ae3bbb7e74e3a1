"""Records that may be one and the same: which are found, which are left out, and what editors decide."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from events import addresses
from events.editing import duplicates
from events.models import CandidatePair, Distinction, Place
from tests import factories

pytestmark = pytest.mark.django_db


def found(noun):
    """The pairs that wait after a search, as numbers with the reason."""
    duplicates.search([noun])
    return [(pair.first, pair.second, pair.reason) for pair in duplicates.pairs(noun)]


def pair(noun, **fields):
    factory = getattr(factories, f"{noun.capitalize()}Factory")
    one, other = factory(**fields), factory(**fields)
    return one, other


class TestNames:
    def test_participants_that_share_a_name_in_any_script(self):
        one = factories.ParticipantFactory(name="Ilham Aliyev")
        other = factories.ParticipantFactory(name="President of Azerbaijan")
        factories.NameFactory(participant=other, text="Ильхам Алиев", language="ru")
        factories.ParticipantFactory(name="Ilham Mammadov")
        factories.ParticipantFactory(name="Ilham Aliyev", kind="organisation")
        assert found("participant") == [(one.pk, other.pk, "name")]

    def test_several_names_in_common_are_one_pair(self):
        one, other = pair("participant", name="Mira Tal")
        for participant in (one, other):
            factories.NameFactory(participant=participant, text="Мира Тал", language="ru")
        assert found("participant") == [(one.pk, other.pk, "name")]

    def test_a_place_is_no_participant(self):
        factories.ParticipantFactory(name="Shusha")
        one, other = factories.PlaceFactory(name="Shusha"), factories.PlaceFactory(name="Şuşa")
        factories.PlaceFactory(name="Shusha", kind="region")
        assert found("place") == [(one.pk, other.pk, "name")]

    def test_places_far_from_each_other_only_sound_alike(self):
        one = factories.PlaceFactory(name="Shushi", latitude="39.7583", longitude="46.7483")
        other = factories.PlaceFactory(name="Şuşi", latitude="39.8", longitude="46.8")
        factories.PlaceFactory(name="Շուշի", latitude="43.5855", longitude="39.7231")
        nowhere = factories.PlaceFactory(name="Шуши")
        far = Place.objects.get(name="Շուշի").pk
        pairs = [(one.pk, other.pk), (one.pk, nowhere.pk), (other.pk, nowhere.pk), (far, nowhere.pk)]
        assert {(first, second) for first, second, _reason in found("place")} == set(pairs)

    @pytest.mark.parametrize("hidden", ["withdrawn", "merged"])
    def test_what_is_not_in_the_archive_any_more_is_left_out(self, hidden):
        one, other = pair("participant", name="Mira Tal")
        assert found("participant") == [(one.pk, other.pk, "name")]
        other.status, other.withdrawal_reason = "withdrawn", "Twice."
        if hidden == "merged":
            other.merged_into = one
        other.save()
        assert list(duplicates.pairs("participant")) == []  # at once
        assert found("participant") == []
        assert not CandidatePair.objects.exists()


class TestOthers:
    def test_topics_alike(self):
        one = factories.TopicFactory(label="Border commission")
        other = factories.TopicFactory(label="Border commissions")
        factories.TopicFactory(label="Peace process")
        assert found("topic") == [(one.pk, other.pk, "label")]

    def test_outlets_of_one_name_or_site(self):
        one = factories.OutletFactory(name="Armenpress", host="armenpress.am")
        english = factories.OutletFactory(name="Armenpress, English", host="en.armenpress.am")
        named = factories.OutletFactory(name="ARMENPRESS")
        factories.OutletFactory(name="Foreign Ministry", host="mfa.gov.am")
        factories.OutletFactory(name="Defence Ministry", host="mod.gov.am")
        assert found("outlet") == [(one.pk, english.pk, "host"), (one.pk, named.pk, "name")]

    @pytest.mark.parametrize(
        "host",
        ["armenpress.am", "en.armenpress.am", "mfa.gov.am", "a.mfa.gov.am", "gov.am", "bbc.co.uk", "x.com"],
    )
    def test_the_database_says_as_the_archive_what_a_site_is(self, host):
        with connection.cursor() as cursor:
            cursor.execute(f"select {duplicates.SITE.format('o')} from (select %s::text as host) o", [host])
            assert cursor.fetchone()[0] == addresses.site(f"https://{host}")

    def test_articles_of_one_title_outlet_and_day(self):
        outlet = factories.OutletFactory()
        same = {"title": "Talks in Baku", "outlet": outlet, "published_on": "2023-02-28"}
        one, other = pair("article", **same)
        factories.ArticleFactory(**{**same, "published_on": "2023-03-01"})
        factories.ArticleFactory(**{**same, "outlet": factories.OutletFactory()})
        factories.ArticleFactory(**{**same, "title": "Talks in Yerevan"})
        factories.ArticleFactory(**{**same, "title": ""})
        factories.ArticleFactory(**{**same, "title": ""})
        assert found("article") == [(one.pk, other.pk, "title")]


class TestMeetings:
    def meet(self, *people, **fields):
        meeting = factories.MeetingFactory(**{"held_on": "2023-02-27", **fields})
        for person in people:
            factories.AttendanceFactory(meeting=meeting, participant=person)
        return meeting

    def test_two_in_common_on_the_same_days(self):
        ann, ben, eve = (factories.ParticipantFactory() for _number in range(3))
        one = self.meet(ann, ben)
        other = self.meet(ann, ben, eve)
        self.meet(ann, eve)
        self.meet(ann, ben, held_on="2023-02-28")
        self.meet(ann, ben, kind="call")
        expected = [(one.pk, other.pk, "encounter")]
        third = other.pk + 1  # shares ann with one, ann and eve with other
        assert found("meeting") == [*expected, (other.pk, third, "encounter")]

    def test_a_part_is_no_duplicate_of_the_whole(self):
        ann, ben = (factories.ParticipantFactory() for _number in range(2))
        whole = self.meet(ann, ben)
        self.meet(ann, ben, parent=whole)
        assert found("meeting") == []

    def test_one_title_on_days_that_overlap(self):
        one = self.meet(title="Visit to Baku", held_on="2023-02-27/2023-02-28")
        other = self.meet(title="Visit to Báku", held_on="2023-02-28")
        self.meet(title="Visit to Baku", held_on="2023-03-01")
        self.meet(title="Visit to Baku", held_on="")
        assert found("meeting") == [(one.pk, other.pk, "title")]


class TestSearch:
    def test_again_keeps_what_is_there_and_takes_out_what_is_not(self):
        one, other = pair("participant", name="Mira Tal")
        gone, _gone = pair("participant", name="Oren Vesk")
        found("participant")
        kept = CandidatePair.objects.get(first=one.pk)
        gone.names.all().delete()
        assert found("participant") == [(one.pk, other.pk, "name")]
        assert CandidatePair.objects.get() == kept

    def test_one_noun_leaves_the_others_alone(self):
        pair("participant", name="Mira Tal")
        duplicates.search()
        duplicates.search(["place"])
        assert CandidatePair.objects.count() == 1
        assert duplicates.searched_at("place") > duplicates.searched_at("participant")

    def test_only_so_many_are_kept(self, monkeypatch):
        monkeypatch.setattr(duplicates, "MOST", 2)
        people = [factories.ParticipantFactory(name="Mira Tal") for _number in range(3)]
        first, second, third = (person.pk for person in people)
        assert found("participant") == [(first, second, "name"), (first, third, "name")]

    def test_a_small_archive_is_searched_whenever_somebody_looks(self, monkeypatch):
        one, other = pair("participant", name="Mira Tal")
        monkeypatch.setattr(duplicates, "SMALL", 1)
        duplicates.refresh(["participant", "place"])
        assert (duplicates.searched_at("participant"), duplicates.pairs("participant").count()) == (None, 0)
        assert duplicates.searched_at("place") is not None
        monkeypatch.setattr(duplicates, "SMALL", 2)
        duplicates.refresh(["participant"])
        assert [(row.first, row.second) for row in duplicates.pairs("participant")] == [(one.pk, other.pk)]

    def test_the_command(self, capsys):
        pair("participant", name="Mira Tal")
        call_command("find_duplicates", "participant", "topic")
        assert capsys.readouterr().out == "participant: 1 waiting\ntopic: 0 waiting\n"
        with pytest.raises(CommandError) as refused:
            call_command("find_duplicates", "agreement")
        assert (str(refused.value), refused.value.returncode) == (
            "No noun with duplicates: agreement. There are: article, meeting, outlet, participant, place, topic.",
            2,
        )


class TestDecisions:
    def test_two_that_are_not_the_same_are_listed_no_more_until_it_is_taken_back(self):
        user = factories.UserFactory()
        one, other = pair("participant", name="Mira Tal")
        assert found("participant") == [(one.pk, other.pk, "name")]
        assert duplicates.distinguish("participant", other.pk, one.pk, user) is True
        assert list(duplicates.pairs("participant")) == []
        assert found("participant") == []
        assert duplicates.distinguish("participant", one.pk, other.pk, factories.UserFactory()) is False
        decided = duplicates.told_apart("participant").get()
        assert (decided.first, decided.second, decided.decided_by) == (one.pk, other.pk, user)
        assert duplicates.take_back("participant", other.pk, one.pk) is True
        assert duplicates.take_back("participant", other.pk, one.pk) is False
        assert found("participant") == [(one.pk, other.pk, "name")]

    def test_only_two_records_of_the_noun(self):
        one = factories.ParticipantFactory()
        place = factories.PlaceFactory(pk=one.pk + 1000)
        for other in (one.pk, place.pk):
            with pytest.raises(ValidationError):
                duplicates.distinguish("participant", one.pk, other, None)
        assert not Distinction.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ({"first": 2, "second": 1}, "distinction_lower_first"),
            ({"first": 1, "second": 1}, "distinction_lower_first"),
            ({"noun": "quotation"}, "distinction_noun_known"),
            ({}, "distinction_once"),
        ],
    )
    def test_the_database_keeps_each_pair_once(self, fields, rule):
        Distinction.objects.create(noun="place", first=1, second=2)
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Distinction.objects.bulk_create(
                [Distinction(**{"noun": "place", "first": 1, "second": 2, **fields})]
            )

    @pytest.mark.parametrize("noun", ["article", "meeting", "outlet", "participant", "place", "topic"])
    def test_a_page_reads_as_much_for_one_pair_as_for_three(self, noun):
        def asked(count):
            listed = [
                Distinction(noun=noun, first=numbers[0], second=other) for other in numbers[1 : count + 1]
            ]
            with CaptureQueriesContext(connection) as queries:
                duplicates.records(noun, listed)
            return len(queries)

        factories.fill(3)
        numbers = sorted(duplicates.model_of(noun).objects.values_list("pk", flat=True))[:4]
        assert asked(1) == asked(len(numbers) - 1)
