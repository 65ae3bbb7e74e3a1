"""The index answers what each transaction sees: neither less, nor what is not committed, nor anything of a draft."""

import logging
import os
import threading

import psycopg
import pytest
from django.conf import settings as of_django
from django.core.management import call_command
from django.db import connection, transaction

from events.models import Invalidation, Meeting, Status, StoredIndex
from events.reading import facets
from events.reading.facets import Count, Question, freshness, sql, storing
from events.reading.role import reading
from tests import factories

MEETINGS = Question("meeting")


def answered(question: Question = MEETINGS) -> facets.Answer:
    """From memory, and equal to what the database says."""
    nouns = freshness.current((question.noun,))
    assert nouns is not None
    answer = facets.index.ask(nouns, question)
    assert answer == sql.ask(question)
    return answer


def titles() -> list[str]:
    with reading():
        numbers = answered().numbers
    found = Meeting.objects.in_bulk(numbers)
    return [found[number].title for number in numbers]


def other() -> psycopg.Connection:
    """A connection as another process has it."""
    return psycopg.connect(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])


@pytest.mark.django_db
def test_what_the_transaction_itself_has_written_counts():
    assert titles() == []
    meeting = factories.MeetingFactory(title="Talks")
    assert titles() == ["Talks"]
    Meeting.objects.filter(pk=meeting.pk).update(status=Status.DRAFT)
    assert titles() == []


@pytest.mark.django_db
def test_what_is_taken_back_counts_no_more():
    factories.MeetingFactory(title="Talks")
    with transaction.atomic():
        factories.MeetingFactory(title="Visit")
        assert titles() == ["Visit", "Talks"]
        transaction.set_rollback(True)
    assert titles() == ["Talks"]
    factories.MeetingFactory(title="Summit")
    assert titles() == ["Summit", "Talks"]


@pytest.mark.django_db(transaction=True)
def test_what_was_never_committed_is_kept_for_nobody():
    factories.MeetingFactory(title="Talks")
    assert titles() == ["Talks"]
    with transaction.atomic():
        factories.MeetingFactory(title="Visit")
        assert titles() == ["Visit", "Talks"]
        transaction.set_rollback(True)
    assert titles() == ["Talks"]


@pytest.mark.django_db(transaction=True)
def test_a_late_commit_is_not_missed():
    """The first to write commits last, when others with higher numbers were seen long since."""
    first, second = (factories.MeetingFactory(title=title) for title in ("First", "Second"))
    assert titles() == ["Second", "First"]
    change = "update events_meeting set title = title || %s where id = %s"
    with other() as late, other() as early:
        late.execute(change, [" late", first.pk])
        early.execute(change, [" early", second.pk])
        early.commit()
        assert titles() == ["Second early", "First"]
        factories.MeetingFactory(title="Third")
        assert titles() == ["Third", "Second early", "First"]
        late.execute("update events_meeting set status = 'draft' where id = %s", [first.pk])
        late.commit()
    assert titles() == ["Third", "Second early"]


@pytest.mark.django_db(transaction=True)
def test_a_request_sees_its_own_moment_when_another_one_has_moved_on():
    factories.MeetingFactory(title="Talks")
    before = answered()
    found = []

    def elsewhere() -> None:
        factories.MeetingFactory(title="Visit")
        with reading():
            found.append(answered().total)
        connection.close()

    with reading():
        assert answered() == before
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert (found, answered()) == ([2], before)
    assert answered().total == 2


@pytest.mark.django_db(transaction=True)
def test_what_becomes_public_is_found_by_what_leads_to_it():
    """The readers' role does not see a row that leads to a draft, so the records are read again."""
    person = factories.ParticipantFactory(name="Ann", country="AM", status=Status.DRAFT)
    meeting = factories.MeetingFactory()
    factories.AttendanceFactory(meeting=meeting, participant=person)
    with reading():
        assert answered().facets["participant"] == []
    type(person).objects.filter(pk=person.pk).update(status=Status.PUBLISHED)
    with reading():
        answer = answered()
    assert (answer.facets["participant"], answer.facets["country"]) == (
        [Count(person.pk, 1)],
        [Count("AM", 1)],
    )


@pytest.fixture
def large(monkeypatch):
    """An archive that is too large for a process to make an index of its own."""
    monkeypatch.setattr(storing, "SMALL", 0)


@pytest.mark.django_db(transaction=True)
def test_the_database_answers_until_an_index_is_stored(large):
    factories.MeetingFactory(title="Talks")
    assert freshness.current(("meeting",)) is None
    assert facets.ask(MEETINGS) == sql.ask(MEETINGS)
    call_command("build_index")
    assert titles() == ["Talks"]
    factories.MeetingFactory(title="Visit")
    assert titles() == ["Visit", "Talks"]
    freshness.forget()
    assert titles() == ["Visit", "Talks"]


@pytest.mark.django_db(transaction=True)
def test_a_newer_index_is_loaded_in_the_background(large):
    factories.MeetingFactory(title="Talks")
    call_command("build_index")
    assert titles() == ["Talks"]
    factories.MeetingFactory(title="Visit")
    call_command("build_index")
    assert titles() == ["Visit", "Talks"]
    for thread in threading.enumerate():
        if thread.name == "facets":
            thread.join()
    assert titles() == ["Visit", "Talks"]
    (records,) = freshness.current(("meeting",)).values()
    newest = StoredIndex.objects.filter(noun="meeting").latest("pk").pk
    assert (records.base.segment.number, len(records.base.segment)) == (newest, 2)


@pytest.mark.django_db(transaction=True)
def test_too_many_changes_are_left_to_the_database_until_the_next_index(large, monkeypatch):
    monkeypatch.setattr("events.reading.facets.records.MOST_CHANGED", 2)
    call_command("build_index")
    for number in range(3):
        factories.MeetingFactory(title=str(number))
        expected = None if number == 2 else [str(n) for n in range(number, -1, -1)]
        found = freshness.current(("meeting",)) and titles()
        assert found == expected
    assert facets.ask(MEETINGS).total == 3
    call_command("build_index")
    freshness.forget()
    assert titles() == ["2", "1", "0"]


@pytest.mark.django_db(transaction=True)
def test_building_deletes_the_notes_that_no_process_needs_but_never_the_latest(large):
    for title in ("Talks", "Visit", "Summit"):
        factories.MeetingFactory(title=title)
        call_command("build_index")
    assert StoredIndex.objects.filter(noun="meeting").count() == 2
    # Those of the last but one index are there still: a process may answer from it.
    assert Invalidation.objects.filter(noun="meeting").count() == 1
    call_command("build_index")
    call_command("build_index")
    assert Invalidation.objects.count() == 1
    assert titles() == ["Summit", "Visit", "Talks"]


@pytest.mark.django_db(transaction=True)
def test_a_process_that_slept_does_not_answer_from_what_was_pruned():
    factories.MeetingFactory(title="Talks")
    assert titles() == ["Talks"]
    factories.MeetingFactory(title="Visit")
    for _time in range(3):
        call_command("build_index")
    assert titles() == ["Visit", "Talks"]


@pytest.mark.django_db(transaction=True)
def test_one_builds_at_a_time(capsys):
    with other() as busy:
        busy.execute("select pg_advisory_xact_lock(%s)", [storing.LOCK])
        call_command("build_index")
    assert capsys.readouterr().out == "Another process is building the index: nothing was done.\n"
    assert StoredIndex.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_building_where_it_is_needed(large, monkeypatch, capsys):
    monkeypatch.setattr(storing, "MOST_WAITING", 2)
    factories.MeetingFactory()
    call_command("build_index", "--if-needed")
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        *facets.FACETS,
        "words",
    ]
    factories.MeetingFactory()
    call_command("build_index", "--if-needed")
    assert capsys.readouterr().out == "The index is fresh enough.\n"
    factories.MeetingFactory()
    call_command("build_index", "--if-needed")
    assert StoredIndex.objects.filter(noun="meeting").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_small_archive_needs_no_index(capsys):
    factories.MeetingFactory()
    call_command("build_index", "--if-needed")
    assert capsys.readouterr().out == "The index is fresh enough.\nwords: 1\n"


@pytest.mark.django_db(transaction=True)
def test_a_stored_index_holds_nothing_of_a_draft():
    secret = {"status": Status.DRAFT}
    factories.MeetingFactory(title="Canarybird", held_on="1907-03-04", kind="summit", **secret)
    person = factories.ParticipantFactory(name="Canarybird", country="XC", **secret)
    meeting = factories.MeetingFactory(
        place=factories.PlaceFactory(name="Canarybird", country="XC", **secret)
    )
    meeting.topics.add(factories.TopicFactory(label="Canarybird", **secret))
    factories.AttendanceFactory(meeting=meeting, participant=person)
    draft = factories.ArticleFactory(title="Canarybird", language="kl", **secret)
    factories.QuotationFactory(article=draft, speaker=person, said_on="1907", language="kl")
    call_command("build_index")
    with reading():
        stored = b"".join(bytes(one.data) for one in StoredIndex.objects.order_by("pk"))
        segments = {noun: storing.load(noun) for noun in facets.FACETS}
    assert [
        word for word in ("canarybird", "xc", "kl", "summit") if f'"{word}"'.encode() in stored.lower()
    ] == []
    assert b"canarybird" not in stored.lower()
    assert {noun: list(segment.ids) for noun, segment in segments.items()} == {
        noun: [meeting.pk] if noun == "meeting" else [] for noun in facets.FACETS
    }


@pytest.mark.django_db(transaction=True)
def test_a_wrong_answer_is_told_and_not_given(settings, caplog):
    settings.FACETS_PROOF = 1.0
    meeting = factories.MeetingFactory(title="Talks")
    with caplog.at_level(logging.ERROR):
        assert facets.ask(MEETINGS).total == 1
        assert caplog.records == []
        with other() as hand:  # as nothing in the archive can: without a note
            hand.execute("set session_replication_role to replica")
            hand.execute("update events_meeting set status = 'draft' where id = %s", [meeting.pk])
        assert facets.ask(MEETINGS).total == 0
    (record,) = caplog.records
    assert record.getMessage().startswith(
        f"The index of the lists is wrong: {MEETINGS!r}, (0, 25, 10). It says Answer(total=1,"
    )


@pytest.mark.django_db
def test_switched_off_the_database_answers(settings):
    settings.FACETS_INDEX = False
    factories.MeetingFactory()
    assert facets.ask(MEETINGS).total == 1
    assert freshness._memory.states == ()
    assert of_django.FACETS_PROOF == 0
