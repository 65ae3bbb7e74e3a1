"""Proposals from hand-made findings to drafts and back, with two editors at once."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, close_old_connections, connection, transaction

from events.editing import proposals
from events.editing.proposals import Counts, Kept, Stale, accept, dismiss, refresh, reopen
from events.editing.suggestions import (
    Candidate,
    MeetingFound,
    ParticipantFound,
    PlaceFound,
    QuotationFound,
    Suggestions,
)
from events.models import (
    Article,
    Coverage,
    Meeting,
    Name,
    Participant,
    Place,
    Proposal,
    Quotation,
)
from tests import factories

TEXT = (
    "Mira Tal arrived in Port Aster on Monday. “We trust what he told us: ‘we are ready’, and so are we”, "
    "said Ms Tal after talks with Oren Vesk. “No”, said Vesk. The “Two Shores” forum opens today."
)


def at(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def person(words: str, **fields: Any) -> ParticipantFound:
    given = {
        "name": words, "id": None, "kind": "person", "country": "", "office": "", "mentions": (), "reason": "Named here.",
    }  # fmt: skip
    return ParticipantFound(**{**at(words), **given, **fields})


def said(words: str, **fields: Any) -> QuotationFound:
    given = {
        "speaker": None, "speaker_id": None, "speaker_start": None, "speaker_end": None, "attribution": "", "form": "direct",
        "within": None, "reported_by": None, "reported_by_id": None, "language": "en", "reason": "In quotation marks.",
    }  # fmt: skip
    return QuotationFound(**{**at(words), **given, **fields})


def place(words: str, **fields: Any) -> PlaceFound:
    given = {"name": words, "id": None, "mentions": (), "reason": "Named here."}
    return PlaceFound(**{**at(words), **given, **fields})


def meeting(words: str, **fields: Any) -> MeetingFound:
    given = {
        "title": "Talks between Tal and Vesk", "id": None, "kind": "talks", "date": "2023-02-27", "state": "held",
        "participants": (), "place": None, "reason": "“talks with”.",
    }  # fmt: skip
    return MeetingFound(**{**at(words), **given, **fields})


OUTER = "“We trust what he told us: ‘we are ready’, and so are we”"
INNER = "‘we are ready’"
TALKS = "talks with Oren Vesk"


def everything(**fields: Any) -> Suggestions:
    """An outer quotation with one in it, two unknown people, a place and talks."""
    given: dict[str, Any] = {
        "quotations": (
            said(OUTER, speaker="Mira Tal", attribution="said Ms Tal", said_on="2023-02-27", meeting=0),
            said(INNER, speaker="Oren Vesk", within=0, reported_by="Mira Tal"),
            said("“No”", speaker="Oren Vesk", attribution="said Vesk", form="partial"),
        ),
        "participants": (person("Mira Tal", names=("Ms Tal",)), person("Oren Vesk")),
        "places": (place("Port Aster"),),
        "meetings": (meeting(TALKS, participants=(0, 1), place=0),),
    }
    return Suggestions("en", **{**given, **fields})


@pytest.fixture
def user(db):
    user = factories.UserFactory(username="ani", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="events"))
    return user


@pytest.fixture
def article(db):
    return factories.ArticleFactory(text=TEXT, language="en", published_on="2023-02-28", status="draft")


def row(article: Article, words: str, noun: str = "quotation") -> Proposal:
    return article.proposals.get(exact=words, noun=noun)


def told(article: Article) -> list[tuple[str, str, str]]:
    return [(one.noun, one.exact, one.decision) for one in article.proposals.order_by("start", "-end", "pk")]


class TestRefresh:
    def test_keeps_what_is_found_with_references_as_numbers(self, article):
        assert refresh(article, everything()) == Counts(waiting=7)
        outer, talks = row(article, OUTER), row(article, TALKS, "meeting")
        tal, vesk = row(article, "Mira Tal", "participant"), row(article, "Oren Vesk", "participant")
        assert (outer.start, outer.end, outer.reason) == (
            *(at(OUTER)[key] for key in ("start", "end")),
            "In quotation marks.",
        )
        assert outer.details["references"] == {
            "speaker": tal.pk, "reported_by": None, "within": None, "meeting": talks.pk,
        }  # fmt: skip
        assert row(article, INNER).details["references"] == {
            "speaker": vesk.pk, "reported_by": tal.pk, "within": outer.pk, "meeting": None,
        }  # fmt: skip
        assert talks.details["references"] == {
            "participants": [tal.pk, vesk.pk], "place": row(article, "Port Aster", "place").pk, "parent": None,
        }  # fmt: skip
        assert (Quotation.objects.count(), Participant.objects.count()) == (0, 0)

    def test_the_same_again_changes_nothing(self, article, django_assert_num_queries):
        refresh(article, everything())
        before = list(article.proposals.order_by("pk").values())
        with django_assert_num_queries(11):
            refresh(article, everything())
        assert list(article.proposals.order_by("pk").values()) == before

    def test_what_is_found_no_more_goes_and_the_rest_keeps_its_number(self, article):
        refresh(article, everything())
        kept = row(article, OUTER).pk
        assert refresh(article, everything(quotations=everything().quotations[:1], meetings=())) == Counts(4)
        assert row(article, OUTER).pk == kept

    def test_a_recorded_quotation_is_not_proposed_again(self, article):
        outer = factories.QuotationFactory(article=article, exact=OUTER)
        part = factories.QuotationFactory(article=article, exact="we are ready", within=outer)
        assert refresh(article, everything()) == Counts(waiting=5, accepted=2)
        assert [(one.decision, one.quotation) for one in (row(article, OUTER), row(article, INNER))] == [
            ("recorded", outer),
            ("recorded", part),
        ]

    def test_a_withdrawn_quotation_does_not_count(self, article):
        factories.QuotationFactory(article=article, exact=OUTER, status="withdrawn", withdrawal_reason="No.")
        assert refresh(article, everything()) == Counts(waiting=7)

    def test_known_records_are_recorded_and_new_spellings_wait(self, article):
        tal, vesk = factories.ParticipantFactory(), factories.ParticipantFactory()
        known = everything(
            participants=(
                person("Mira Tal", id=tal.pk, names=("Ms Tal",)),
                person("Oren Vesk", id=vesk.pk),
            ),
            places=(place("Port Aster", id=factories.PlaceFactory().pk),),
            quotations=(),
            meetings=(meeting(TALKS, id=(held := factories.MeetingFactory()).pk),),
        )
        refresh(article, known)
        assert told(article) == [
            ("participant", "Mira Tal", "waiting"),
            ("place", "Port Aster", "recorded"),
            ("meeting", TALKS, "waiting"),
            ("participant", "Oren Vesk", "recorded"),
        ]
        factories.CoverageFactory(article=article, meeting=held)
        assert refresh(article, known) == Counts(waiting=1, accepted=3)

    def test_decided_ones_stay_where_their_words_stand(self, article, user):
        refresh(article, everything())
        for words in ("“No”", INNER):
            dismiss(row(article, words), user)
        accept(row(article, OUTER), user, speaker=None)
        article.refresh_from_db()
        article.text = "New. " + TEXT.replace("“No”", "“Yes”")
        article.save()
        refresh(article, Suggestions("en"))
        assert told(article) == [("quotation", OUTER, "accepted"), ("quotation", INNER, "dismissed")]
        assert row(article, INNER).start == article.text.index(INNER)
        assert row(article, OUTER).start == row(article, OUTER).quotation.start == article.text.index(OUTER)

    def test_dismissed_ones_do_not_come_back(self, article, user):
        refresh(article, everything())
        dismissed = [
            row(article, "“No”"),
            row(article, "Oren Vesk", "participant"),
            row(article, TALKS, "meeting"),
        ]
        for one in dismissed:
            dismiss(one, user)
        assert refresh(article, everything()) == Counts(waiting=4, dismissed=3)

    def test_an_accepted_participant_is_known_the_next_time(self, article, user):
        refresh(article, everything())
        made = accept(row(article, "Mira Tal", "participant"), user).proposal.participant
        known = (person("Mira Tal", id=made.pk, names=("Ms Tal",)), person("Oren Vesk"))
        assert refresh(article, everything(participants=known)) == Counts(waiting=6, accepted=1)
        known = (person("Mira Tal", id=made.pk, names=("Ms Tal", "Tal")), person("Oren Vesk"))
        assert refresh(article, everything(participants=known)) == Counts(waiting=7, accepted=1)
        waiting = article.proposals.get(participant=None, exact="Mira Tal")
        assert waiting.details["names"] == ["Tal"]
        refresh(article, everything(participants=known))
        dismiss(waiting, user)
        assert refresh(article, everything(participants=known)) == Counts(waiting=6, accepted=1, dismissed=1)

    def test_two_of_one_name_are_kept_apart(self, article, user):
        one, other = (
            factories.ParticipantFactory(name="Oren Vesk"),
            factories.ParticipantFactory(name="Oren Vesk"),
        )
        refresh(article, Suggestions("en", participants=(person("Oren Vesk", id=one.pk, names=("Vesk",)),)))
        dismiss(article.proposals.get(), user)
        both = (
            person("Oren Vesk", id=one.pk, names=("Vesk",)),
            person("Oren Vesk", id=other.pk, names=("Vesk",)),
        )
        assert refresh(article, Suggestions("en", participants=both)) == Counts(waiting=1, dismissed=1)

    def test_findings_beyond_the_text_are_left_out(self, article):
        beyond = QuotationFound(**{**said("“No”").__dict__, "start": 10_000, "end": 10_004})
        assert refresh(article, Suggestions("en", quotations=(beyond, said("“No”"), said("“No”")))) == Counts(
            1
        )

    def test_more_than_a_page_can_show_are_counted(self, article, monkeypatch):
        monkeypatch.setattr(proposals, "MOST", 2)
        assert refresh(article, everything()) == Counts(waiting=6, left_out=1)
        assert article.survey.left_out == 1

    def test_the_engine_is_asked_once_a_text(self, article):
        assert not proposals.is_fresh(article)
        proposals.refresh_if_stale(article)
        assert proposals.is_fresh(article)
        article.language = "fr"
        article.save()
        assert not proposals.is_fresh(article)

    def test_articles_that_wait(self, article, user):
        refresh(article, everything())
        assert [(one.pk, one.waiting_count) for one in proposals.articles_waiting()] == [(article.pk, 7)]
        for one in article.proposals.all():
            dismiss(one, user)
        assert list(proposals.articles_waiting()) == []


def stored(record: Any, *names: str) -> dict[str, Any]:
    record.refresh_from_db()
    return {name: getattr(record, name) for name in names}


class TestAccept:
    def test_a_quotation_with_its_new_speaker(self, article, user):
        refresh(article, everything())
        outcome = accept(row(article, OUTER), user)
        tal = Participant.objects.get()
        quotation = outcome.proposal.quotation
        assert [one.exact for one in outcome.also] == ["Mira Tal"]
        assert stored(
            quotation, "status", "speaker", "start", "end", "exact", "attribution", "form", "language", "said_on", "meeting",
            "within", "reported_by", "created_by", "updated_by",
        ) == {
            "status": "draft", "speaker": tal, **{key: at(OUTER)[key] for key in ("start", "end")}, "exact": OUTER,
            "attribution": "said Ms Tal", "form": "direct", "language": "en", "said_on": "2023-02-27", "meeting": None,
            "within": None, "reported_by": None, "created_by": user, "updated_by": user,
        }  # fmt: skip
        assert stored(tal, "status", "name", "kind", "created_by", "updated_by") == {
            "status": "draft", "name": "Mira Tal", "kind": "person", "created_by": user, "updated_by": user,
        }  # fmt: skip
        assert sorted(tal.names.values_list("text", "language")) == [("Mira Tal", "en"), ("Ms Tal", "en")]
        assert row(article, "Mira Tal", "participant").decision == "accepted"

    def test_words_within_words_take_the_outer_ones_along(self, article, user):
        refresh(article, everything())
        outcome = accept(row(article, INNER), user)
        inner, outer = outcome.proposal.quotation, row(article, OUTER).quotation
        assert {one.exact for one in outcome.also} == {"Oren Vesk", OUTER, "Mira Tal"}
        assert (inner.within, inner.reported_by, inner.speaker.name) == (outer, outer.speaker, "Oren Vesk")

    def test_words_that_another_only_reports(self, article, user):
        found = everything().quotations
        apart = said("“No”", speaker="Oren Vesk", within=0, reported_by="Mira Tal")
        refresh(article, everything(quotations=(found[0], apart)))
        quotation = accept(row(article, "“No”"), user).proposal.quotation
        assert (quotation.within, quotation.reported_by.name) == (None, "Mira Tal")
        assert row(article, OUTER).decision == "waiting"

    def test_a_dismissed_outer_quotation_and_speaker_are_left_out(self, article, user):
        refresh(article, everything())
        dismiss(row(article, OUTER), user)
        dismiss(row(article, "Oren Vesk", "participant"), user)
        quotation = accept(row(article, INNER), user).proposal.quotation
        assert (quotation.within, quotation.speaker, quotation.reported_by.name) == (None, None, "Mira Tal")

    def test_a_known_speaker_and_what_it_was_merged_into(self, article, user):
        right = factories.ParticipantFactory()
        wrong = factories.ParticipantFactory(status="withdrawn", merged_into=right)
        refresh(article, Suggestions("en", quotations=(said("“No”", speaker="Vesk", speaker_id=wrong.pk),)))
        outcome = accept(row(article, "“No”"), user)
        assert (outcome.proposal.quotation.speaker, outcome.also) == (right, ())

    def test_an_ambiguous_speaker_is_asked_for(self, article, user):
        one = factories.ParticipantFactory(name="Oren Vesk")
        several = (Candidate(one.pk, "Oren Vesk", "", "published"), Candidate(99, "Other", "", "draft"))
        people = (person("Oren Vesk", candidates=several),)
        found = (said("“No”", speaker="Oren Vesk", attribution="said Vesk"),)
        refresh(article, Suggestions("en", quotations=found, participants=people))
        with pytest.raises(ValidationError) as refused:
            accept(row(article, "“No”"), user)
        assert refused.value.message_dict == {
            "speaker": [
                "“Oren Vesk” may be several. Say first who or what is meant: choose it here, or on its own card."
            ]
        }
        with pytest.raises(ValidationError) as refused:
            accept(row(article, "Oren Vesk", "participant"), user)
        assert refused.value.message_dict == {
            "record": ["Several may be meant. Choose one, or make a new one."]
        }
        assert (Quotation.objects.count(), article.proposals.waiting().count()) == (0, 2)
        accept(row(article, "Oren Vesk", "participant"), user, record=one)
        assert accept(row(article, "“No”"), user).proposal.quotation.speaker == one
        assert Participant.objects.count() == 1

    def test_corrections(self, article, user):
        speaker, other = factories.ParticipantFactory(), factories.ParticipantFactory()
        held = factories.MeetingFactory()
        refresh(article, everything())
        outer = accept(row(article, OUTER), user, speaker=other).proposal.quotation
        words = at("we are ready")
        quotation = accept(
            row(article, INNER), user, start=words["start"], end=words["end"], speaker=speaker, attribution="he told us",
            form="partial", said_on="2023-02", language="fr", meeting=held, within=outer, reported_by=other,
        ).proposal.quotation  # fmt: skip
        assert stored(
            quotation, "exact", "speaker", "attribution", "form", "said_on", "language", "meeting", "within", "reported_by",
        ) == {
            "exact": INNER, "speaker": speaker, "attribution": "he told us", "form": "partial", "said_on": "2023-02",
            "language": "fr", "meeting": held, "within": outer, "reported_by": other,
        }  # fmt: skip
        assert Participant.objects.count() == 2

    @pytest.mark.parametrize(
        ("corrections", "field"),
        [
            ({"start": 5, "end": 5}, "words"),
            ({"start": -1, "end": 5}, "words"),
            ({"start": 0, "end": 10_000}, "words"),
            ({"start": 8, "end": 9}, "words"),
            ({"words": "not printed here"}, "words"),
            ({"words": "a"}, "words"),
            ({"said_on": "yesterday"}, "said_on"),
            ({"form": "sung"}, "form"),
            ({"language": "francais"}, "language"),
            ({"attribution": "x" * 301}, "attribution"),
        ],
    )
    def test_wrong_corrections_change_nothing(self, article, user, corrections, field):
        refresh(article, everything())
        with pytest.raises(ValidationError) as refused:
            accept(row(article, "“No”"), user, speaker=None, **corrections)
        assert set(refused.value.message_dict) == {field}
        assert (Quotation.objects.count(), Participant.objects.count()) == (0, 0)
        assert row(article, "“No”").decision == "waiting"

    def test_typed_words_are_found_where_the_proposal_stands(self, article, user):
        refresh(article, everything())
        quotation = accept(row(article, INNER), user, words="we  are ready", within=None).proposal.quotation
        assert (quotation.exact, quotation.start) == (INNER, at(INNER)["start"])

    def test_a_meeting_with_who_and_where(self, article, user):
        refresh(article, everything())
        early = accept(row(article, OUTER), user).proposal.quotation
        outcome = accept(row(article, TALKS, "meeting"), user)
        made = Meeting.objects.get()
        assert stored(made, "status", "title", "kind", "held_on", "state", "created_by") == {
            "status": "draft", "title": "Talks between Tal and Vesk", "kind": "talks", "held_on": "2023-02-27",
            "state": "held", "created_by": user,
        }  # fmt: skip
        assert (made.place.name, made.place.status) == ("Port Aster", "draft")
        assert [one.participant.name for one in made.attendances.order_by("position")] == [
            "Mira Tal",
            "Oren Vesk",
        ]
        coverage = Coverage.objects.get()
        assert (coverage.article, coverage.meeting, coverage.exact) == (article, made, TALKS)
        assert {one.exact for one in outcome.also} == {"Oren Vesk", "Port Aster"}
        assert [one.quotation for one in outcome.linked] == [early]
        early.refresh_from_db()
        assert early.meeting == made
        assert accept(row(article, "“No”"), user).proposal.quotation.meeting is None

    def test_a_meeting_that_is_there_is_reported_once_more(self, article, user):
        held = factories.MeetingFactory(title="Talks")
        refresh(article, everything(meetings=(meeting(TALKS, id=held.pk, participants=(0,)),)))
        outcome = accept(row(article, TALKS, "meeting"), user)
        assert (Meeting.objects.count(), Participant.objects.count(), outcome.also) == (1, 0, ())
        assert (held.coverages.get().exact, outcome.proposal.meeting) == (TALKS, held)
        assert accept(row(article, OUTER), user).proposal.quotation.meeting == held

    def test_a_part_of_a_visit_takes_the_visit_along(self, article, user):
        visit = meeting("Mira Tal arrived in Port Aster", title="Visit of Tal", kind="visit")
        talks = meeting(TALKS, parent=0)
        refresh(article, everything(meetings=(visit, talks), quotations=()))
        outcome = accept(row(article, TALKS, "meeting"), user)
        assert outcome.proposal.meeting.parent.title == "Visit of Tal"
        assert [one.exact for one in outcome.also] == ["Mira Tal arrived in Port Aster"]

    def test_meetings_that_are_parts_of_each_other_end(self, article, user):
        pair = (meeting(TALKS, parent=1), meeting("talks", parent=0, title="Other"))
        refresh(article, everything(meetings=pair, quotations=()))
        first = accept(row(article, TALKS, "meeting"), user).proposal.meeting
        assert (first.parent.title, first.parent.parent) == ("Other", None)

    def test_a_new_spelling_of_a_known_participant(self, article, user):
        tal = factories.ParticipantFactory(name="Mira Tal")
        refresh(article, Suggestions("en", participants=(person("Mira Tal", id=tal.pk, names=("Ms Tal",)),)))
        version = tal.version
        accept(article.proposals.get(), user)
        tal.refresh_from_db()
        assert (tal.version, tal.updated_by, tal.status) == (version + 1, user, "published")
        assert sorted(tal.names.values_list("text", "kind")) == [
            ("Mira Tal", "official"),
            ("Ms Tal", "alias"),
        ]

    def test_what_somebody_recorded_meanwhile_is_linked(self, article, user):
        refresh(article, everything())
        by_hand = factories.QuotationFactory(article=article, exact="“No”", status="draft")
        outcome = accept(row(article, "“No”"), user)
        assert (outcome.proposal.quotation, outcome.made, Quotation.objects.count()) == (by_hand, (), 1)

    def test_a_second_time_changes_nothing(self, article, user):
        refresh(article, everything())
        first = accept(row(article, OUTER), user)
        again = accept(first.proposal, user, attribution="other")
        assert (again.already, again.proposal.quotation, again.made) == (True, first.proposal.quotation, ())
        assert (Quotation.objects.get().attribution, dismiss(first.proposal, user).already) == (
            "said Ms Tal",
            True,
        )

    def test_a_changed_text_is_said(self, article, user):
        refresh(article, everything())
        waiting = row(article, OUTER)
        article.text = TEXT + " More."
        article.save()
        for decide in (accept, dismiss, reopen):
            with pytest.raises(Stale):
                decide(waiting, user)
        refresh(article, Suggestions("en"))
        with pytest.raises(Stale):
            accept(waiting, user)
        assert Quotation.objects.count() == 0

    def test_each_noun_needs_its_right(self, article, db):
        refresh(article, everything())
        helper = factories.UserFactory(is_staff=True)
        helper.user_permissions.set(Permission.objects.filter(codename="add_quotation"))
        for words, noun in [("Mira Tal", "participant"), ("Port Aster", "place"), (TALKS, "meeting")]:
            for decide in (accept, dismiss, reopen):
                with pytest.raises(PermissionDenied):
                    decide(row(article, words, noun), helper)
        with pytest.raises(PermissionDenied) as refused:
            accept(row(article, OUTER), helper)
        assert (
            str(refused.value)
            == "You need the right “add participant” for this; ask who looks after the accounts."
        )
        assert (Participant.objects.count(), Quotation.objects.count()) == (0, 0)
        assert accept(row(article, OUTER), helper, speaker=None).proposal.decision == "accepted"


class TestReopen:
    def test_a_dismissal(self, article, user):
        refresh(article, everything())
        one = dismiss(row(article, OUTER), user).proposal
        assert (one.decision, one.decided_by) == ("dismissed", user)
        again = reopen(one, user).proposal
        assert (again.decision, again.decided_by, again.decided_at) == ("waiting", None, None)
        assert reopen(one, user).already

    def test_an_acceptance_takes_its_draft_away_and_leaves_what_it_rests_on(self, article, user):
        refresh(article, everything())
        one = accept(row(article, OUTER), user).proposal
        reopen(one, user)
        assert (Quotation.objects.count(), Participant.objects.get().name) == (0, "Mira Tal")
        assert stored(one, "decision", "quotation", "made") == {
            "decision": "waiting",
            "quotation": None,
            "made": [],
        }
        reopen(row(article, "Mira Tal", "participant"), user)
        assert (Participant.objects.count(), Name.objects.count()) == (0, 0)
        accept(one, user)
        assert (Quotation.objects.count(), Participant.objects.count()) == (1, 1)

    def test_a_meeting_with_its_rows(self, article, user):
        refresh(article, everything())
        accept(row(article, TALKS, "meeting"), user)
        reopen(row(article, TALKS, "meeting"), user)
        assert (Meeting.objects.count(), Coverage.objects.count(), Place.objects.count()) == (0, 0, 1)

    def test_a_meeting_that_quotations_name_stays(self, article, user):
        refresh(article, everything())
        accept(row(article, OUTER), user)
        accept(row(article, TALKS, "meeting"), user)
        with pytest.raises(Kept) as kept:
            reopen(row(article, TALKS, "meeting"), user)
        assert kept.value.messages == [
            "“Talks between Tal and Vesk” is named by ““We trust what he told us: ‘we are ready’, and so are we””."
            " Take that back first."
        ]
        reopen(row(article, OUTER), user)
        reopen(row(article, TALKS, "meeting"), user)
        assert Meeting.objects.count() == 0

    def test_a_draft_that_was_changed_stays(self, article, user):
        refresh(article, everything())
        quotation = accept(row(article, OUTER), user).proposal.quotation
        quotation.refresh_from_db()
        quotation.attribution = "Ms Tal said"
        quotation.save()
        with pytest.raises(Kept) as kept:
            reopen(row(article, OUTER), user)
        assert kept.value.messages == [
            "““We trust what he told us: ‘we are ready’, and so are we”” was changed since by ani."
            " Delete or correct it on its own page."
        ]
        assert row(article, OUTER).decision == "accepted"

    def test_spellings_and_coverage_of_known_records(self, article, user):
        tal, held = factories.ParticipantFactory(name="Mira Tal"), factories.MeetingFactory()
        found = Suggestions(
            "en",
            participants=(person("Mira Tal", id=tal.pk, names=("Ms Tal",)),),
            meetings=(meeting(TALKS, id=held.pk),),
        )
        refresh(article, found)
        for one in article.proposals.all():
            accept(one, user)
        for one in article.proposals.all():
            reopen(one, user)
        assert list(tal.names.values_list("text", flat=True)) == ["Mira Tal"]
        assert (Coverage.objects.count(), Meeting.objects.get(), Participant.objects.get()) == (0, held, tal)
        assert article.proposals.waiting().count() == 2

    def test_what_was_there_before_cannot_be_taken_back(self, article, user):
        quotation = factories.QuotationFactory(article=article, exact=OUTER, status="draft")
        refresh(article, everything())
        with pytest.raises(Kept) as kept:
            reopen(row(article, OUTER), user)
        assert kept.value.messages == ["The archive had it already; there is nothing to take back."]
        assert Quotation.objects.get() == quotation

    def test_a_record_that_was_deleted_since(self, article, user):
        refresh(article, everything())
        accept(row(article, OUTER), user).proposal.quotation.delete()
        assert row(article, OUTER).record is None
        assert reopen(row(article, OUTER), user).proposal.decision == "waiting"

    def test_other_articles_that_know_the_draft_are_read_again(self, article, user):
        refresh(article, everything())
        tal = accept(row(article, "Mira Tal", "participant"), user).proposal.participant
        other = factories.ArticleFactory(text=TEXT + " Again.", language="en")
        refresh(other, Suggestions("en", participants=(person("Mira Tal", id=tal.pk),)))
        assert other.proposals.get().decision == "recorded"
        reopen(row(article, "Mira Tal", "participant"), user)
        assert (proposals.is_fresh(other), proposals.is_fresh(article)) == (False, True)


def broken_rule(write: Any) -> str:
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return str(error.__cause__.diag.constraint_name)
    return ""


class TestRules:
    """The database itself refuses, whoever writes."""

    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ({"noun": "treaty"}, "proposal_noun_known"),
            ({"decision": "perhaps"}, "proposal_decided_at_some_time"),
            ({"decision": "accepted"}, "proposal_decided_at_some_time"),
            ({"end": 0}, "proposal_start_before_end"),
            ({"exact": ""}, "proposal_start_before_end"),
        ],
    )
    def test_of_a_proposal(self, article, fields, rule):
        refresh(article, everything())
        rows = Proposal.objects.filter(pk=row(article, OUTER).pk)
        assert broken_rule(lambda: rows.update(**fields)) == rule

    def test_a_record_belongs_to_its_noun_and_to_an_accepted_proposal(self, article, user):
        refresh(article, everything())
        rows = Proposal.objects.filter(pk=row(article, OUTER).pk)
        place, quotation = factories.PlaceFactory(), factories.QuotationFactory(article=article, exact=OUTER)
        assert (
            broken_rule(lambda: rows.update(place=place, decision="recorded"))
            == "proposal_record_of_its_noun"
        )
        assert broken_rule(lambda: rows.update(quotation=quotation)) == "proposal_record_once_accepted"
        assert broken_rule(lambda: rows.update(quotation=quotation, decision="recorded")) == ""
        rows = Proposal.objects.filter(pk=row(article, INNER).pk)
        assert (
            broken_rule(lambda: rows.update(quotation=quotation, decision="recorded"))
            == "proposal_quotation_once"
        )


@pytest.mark.django_db(transaction=True)
class TestTwoEditors:
    def at_once(self, *works: Any) -> list[Any]:
        """Run each in a connection of its own, begun together; what they gave, errors included."""
        ready = threading.Barrier(len(works))
        found: list[Any] = [None] * len(works)

        def run(number: int) -> None:
            try:
                ready.wait()
                found[number] = works[number]()
            except Exception as error:
                found[number] = error
            finally:
                connection.close()
                close_old_connections()

        threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def test_make_one_quotation(self, article, user):
        refresh(article, everything())
        one = row(article, OUTER)
        outcomes = self.at_once(*[lambda: accept(one, user)] * 4)
        assert sorted(outcome.already for outcome in outcomes) == [False, True, True, True]
        assert (Quotation.objects.count(), Participant.objects.count()) == (1, 1)

    def test_make_one_speaker_of_two_quotations(self, article, user):
        refresh(article, everything())
        both = [row(article, OUTER), row(article, INNER)]
        outcomes = self.at_once(*[lambda one=one: accept(one, user) for one in both])
        assert [type(outcome).__name__ for outcome in outcomes] == ["Outcome", "Outcome"]
        assert (Quotation.objects.count(), Participant.objects.count()) == (2, 2)

    def test_accept_and_dismiss(self, article, user):
        refresh(article, everything())
        one = row(article, OUTER)
        first, second = self.at_once(lambda: accept(one, user), lambda: dismiss(one, user))
        assert sorted([first.already, second.already]) == [False, True]
        assert Quotation.objects.count() == (0 if first.already else 1)
        assert first.proposal.decision == second.proposal.decision == row(article, OUTER).decision

    def test_read_a_text_at_once(self, article):
        self.at_once(*[lambda: refresh(article, everything())] * 3)
        assert article.proposals.count() == 7

    def test_accept_while_the_text_changes(self, article, user):
        refresh(article, everything())
        one = row(article, OUTER)

        def change() -> None:
            with transaction.atomic():
                changed = Article.objects.select_for_update().get(pk=article.pk)
                changed.text = TEXT.replace("Monday", "Tuesday")
                changed.save()

        accepted, _changed = self.at_once(lambda: accept(one, user), change)
        article.refresh_from_db()
        assert "Tuesday" in article.text
        assert isinstance(accepted, Stale) or Quotation.objects.get().exact == OUTER
