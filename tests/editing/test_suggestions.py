"""What the archive proposes about invented press texts: whom it knows, whom it does not, and which meetings it holds."""

import pytest
from django.db import connection

from events.editing.suggestions import Candidate, Suggestions, suggest
from events.models import Meeting, Participant, Status
from tests import factories
from tests.editing.test_recognition import people, person, speakers

pytestmark = pytest.mark.django_db


def met(found: Suggestions) -> list[tuple]:
    """Each meeting: title, number, kind, date, state, parent, numbers of the candidates."""
    return [
        (one.title, one.id, one.kind, one.date, one.state, one.parent, [candidate.id for candidate in one.candidates])
        for one in found.meetings
    ]  # fmt: skip


class TestMeetings:
    TEXT = "Levan Beridze met Nino Lomidze in Batumi on 6 October 2022."

    @pytest.fixture
    def pair(self):
        return person("Levan Beridze"), person("Nino Lomidze")

    @pytest.fixture
    def batumi(self):
        return factories.PlaceFactory(name="Batumi")

    def meeting(self, *attending: Participant, held_on: str = "2022-10-06", **fields) -> Meeting:
        made = factories.MeetingFactory(title="Talks in Batumi", held_on=held_on, **fields)
        for one in attending:
            factories.AttendanceFactory(meeting=made, participant=one)
        return made

    NEW = ("Talks between Beridze and Lomidze", None, "talks", "2022-10-06", "held", None)

    def test_the_same_people_day_and_place_are_the_same_meeting(self, pair, batumi):
        known = self.meeting(*pair, place=batumi)
        assert met(suggest(self.TEXT, "en")) == [
            ("Talks in Batumi", known.pk, "talks", "2022-10-06", "held", None, [])
        ]

    def test_an_empty_archive_has_none(self, pair):
        assert met(suggest(self.TEXT, "en")) == [(*self.NEW, [])]

    @pytest.mark.parametrize(("held_on", "kind"), [("2022-10-07", "talks"), ("2022-10-05", "talks")])
    def test_one_of_another_day_may_be_it(self, pair, batumi, held_on, kind):
        known = self.meeting(*pair, place=batumi, held_on=held_on, kind=kind)
        assert met(suggest(self.TEXT, "en")) == [(*self.NEW, [known.pk])]

    def test_one_of_another_week_is_not_it(self, pair, batumi):
        self.meeting(*pair, place=batumi, held_on="2022-10-13")
        assert met(suggest(self.TEXT, "en")) == [(*self.NEW, [])]

    def test_one_in_another_place_may_be_it(self, pair, batumi):
        known = self.meeting(*pair, place=factories.PlaceFactory(name="Tbilisi"))
        assert met(suggest(self.TEXT, "en")) == [(*self.NEW, [known.pk])]

    def test_one_of_fewer_people_may_be_it(self, pair, batumi):
        third = person("Anna Petrosyan")
        known = self.meeting(*pair, place=batumi)
        text = "Levan Beridze met Nino Lomidze and Anna Petrosyan in Batumi on 6 October 2022."
        found = met(suggest(text, "en"))
        assert [(one[1], one[-1]) for one in found] == [(None, [known.pk])]
        assert third.pk

    def test_of_two_the_one_of_exactly_these_people(self, pair, batumi):
        self.meeting(*pair, person("Anna Petrosyan"), place=batumi)
        known = self.meeting(*pair, place=batumi)
        assert [(one[1], one[-1]) for one in met(suggest(self.TEXT, "en"))] == [(known.pk, [])]

    def test_of_two_alike_none_is_chosen(self, pair, batumi):
        alike = [self.meeting(*pair, place=batumi).pk for _time in range(2)]
        assert met(suggest(self.TEXT, "en")) == [(*self.NEW, alike)]

    def test_withdrawn_and_merged_meetings_are_never_offered(self, pair, batumi):
        self.meeting(*pair, place=batumi, status=Status.WITHDRAWN, withdrawal_reason="A slip.")
        kept = self.meeting(*pair, place=batumi, held_on="2019-01-01")
        merged = self.meeting(*pair, place=batumi)
        merged.attendances.all().delete()  # as merging leaves it
        merged.merged_into, merged.status = kept, Status.WITHDRAWN
        merged.save()
        assert met(suggest(self.TEXT, "en")) == [(*self.NEW, [])]

    def test_a_draft_is_offered_with_its_state(self, pair, batumi):
        known = self.meeting(*pair, place=batumi, status=Status.DRAFT, held_on="2022-10-07")
        found = suggest(self.TEXT, "en").meetings[0].candidates
        assert found == (Candidate(known.pk, "Talks in Batumi", "7 October 2022, Batumi", "draft"),)


class TestWhole:
    def test_a_visit_in_an_empty_archive(self):
        text = (
            "En visite de deux jours à Batoumi, Levan Aslanov a rencontré, lundi 6 mars, Nino Lomidze. « Nous voulons une paix"
            " durable », a déclaré Levan Aslanov."
        )
        found = suggest(text, "fr", "2023-03-07")
        assert people(found) == [
            ("Levan Aslanov", "Levan Aslanov", None, 2),
            ("Nino Lomidze", "Nino Lomidze", None, 1),
        ]
        assert [(one.text, one.name, one.id) for one in found.places] == [("Batoumi", "Batoumi", None)]
        assert [(one.text, one.date, one.reason) for one in found.dates] == [
            ("lundi 6 mars", "2023-03-06", "Reckoned from the day of publication.")
        ]
        assert met(found) == [
            ("Visit of Levan Aslanov to Batoumi", None, "visit", "2023-03-06/2023-03-07", "held", None, []),
            ("Talks between Aslanov and Lomidze", None, "talks", "2023-03-06", "held", 0, []),
        ]
        assert [(one.text, one.speaker, one.meeting, one.said_on) for one in found.quotations] == [
            ("« Nous voulons une paix durable »", "Levan Aslanov", 1, "2023-03-06")
        ]
        for one in (*found.quotations, *found.participants, *found.places, *found.dates, *found.meetings):
            assert (text[one.start : one.end], bool(one.reason)) == (one.text, True)

    def test_words_of_others_are_within(self):
        text = (
            "Jugeant que « la sécurité reste une question ouverte », Nino Beridze a surpris en rappelant les propos de Levan Aslanov :"
            " « nous voulons que tous les pays coopèrent »."
        )
        found = suggest(text, "fr").quotations
        assert [(one.speaker, one.reported_by, one.within) for one in found] == [
            ("Nino Beridze", None, None),
            ("Levan Aslanov", "Nino Beridze", 0),
        ]

    @pytest.mark.parametrize("text", ["", "\n", "nothing", "\x00", "“", "«" * 50, "🙂" * 9], ids=repr)
    @pytest.mark.parametrize("language", ["", "fr", "zh"])
    def test_texts_of_nothing(self, text, language):
        found = suggest(text, language)
        assert (found.quotations, found.participants, found.places, found.dates, found.meetings) == ((),) * 5

    def test_the_language_is_told_by_the_words(self):
        text = "Levan Aslanov a déclaré : « Nous voulons une paix durable pour tous. » Il est parti hier avec le ministre."
        assert suggest(text).language == "fr"

    def test_without_asking_the_archive(self, django_assert_num_queries):
        person("Levan Aslanov")
        with django_assert_num_queries(0):
            found = suggest("“We want a lasting peace,” Levan Aslanov said.", "en", "2023-03-07", ask=False)
        assert (people(found), speakers(found)) == (
            [("Levan Aslanov", "Levan Aslanov", None, 1)],
            [("Levan Aslanov", None)],
        )

    @pytest.mark.parametrize("times", [1, 20])
    def test_the_queries_are_few_whatever_is_quoted(self, django_assert_num_queries, times):
        person("Nino Lomidze")
        text = "\n".join(
            f"“We want a lasting peace number {number},” Levan A{'bcdefghijklmnopqrstuvwxyz'[number]}slanov said. Nino Lomidze was there."
            for number in range(times)
        )
        with django_assert_num_queries(3):
            suggest(text, "en", "2023-03-07")

    def test_names_are_found_by_their_index(self):
        with connection.cursor() as cursor:
            # Of a table that is nearly empty PostgreSQL reads the whole, by whatever way.
            cursor.execute("set local enable_seqscan = off; set local enable_indexscan = off")
        plan = person("Levan Aslanov").names.model.objects.holding(["lavan", "aslanuv"]).explain()
        assert "name_folded_words" in plan
