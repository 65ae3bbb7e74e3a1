"""Two processes, as two workers of the server are, change one record at the same moment, again and again: nothing is lost."""

import itertools
import json
import multiprocessing
import queue
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction

from events.editing import proposals
from events.models import Article, Change, Meeting, Merge, Participant, Quotation, Version
from tests import factories, writers
from tests.ways import PAIRS_OF_ARTICLE, PAIRS_OF_MEETING, after, words_of

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 700
ROUNDS_OF_MODELS = 300

# The first quotation is recorded by hand, the second one accepted and taken back as a proposal.
TEXT = "Miran Talver said: “We shall open the border.” Nobody answered.\nIlyas Korrend said: “We agree with the plan of the ministers.”"


def run_both(work: Any, records: Any, rounds: int) -> dict[str, Any]:
    """Do the work in two processes that wait for each other in each round; what each answers."""
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(2), context.Queue()
    database = connection.settings_dict["NAME"]
    processes = [
        context.Process(target=work, args=(database, barrier, answers, me, records, rounds), daemon=True)
        for me in "ab"
    ]
    for process in processes:
        process.start()
    try:
        # Before they are waited for: a process ends only when its answer was taken.
        found = dict(_answer(processes, answers) for _process in processes)
        for process in processes:
            process.join(60)
        assert [process.exitcode for process in processes] == [0, 0]
    finally:
        for process in processes:
            process.kill()
            process.join()
            process.close()
        answers.close()
        answers.join_thread()
    return found


def _answer(processes: list[Any], answers: Any) -> Any:
    """The next answer. A process that failed has said why on stderr, and the other one then waits for nobody."""
    while True:
        try:
            return answers.get(timeout=1)
        except queue.Empty:
            assert not any(process.exitcode for process in processes), "a process failed"


def numbers_of_versions(meeting: Meeting) -> list[int]:
    return [version.number for version in Version.objects.of(meeting).order_by("number")]


def test_saves_of_the_model_lose_nothing():
    meeting = factories.MeetingFactory(status="draft")
    rounds = ROUNDS_OF_MODELS
    refused = run_both(writers.save_by_the_model, meeting.pk, rounds)
    meeting.refresh_from_db()
    words = [*meeting.summary.split(), *meeting.withdrawal_reason.split()]
    marks = {f"{me}{number}" for me in "ab" for number in range(rounds)}
    assert (set(words), len(words), meeting.version) == (marks, 2 * rounds, 1 + 2 * rounds)
    assert numbers_of_versions(meeting) == list(range(1, 2 + 2 * rounds))
    # Both had read the same version: in each round one of them was refused.
    assert sum(refused.values()) == rounds


@pytest.fixture
def records():
    for name in "ab":
        factories.UserFactory(username=name, is_staff=True, is_superuser=True)
    for _topic in range(4):
        factories.TopicFactory()
    with transaction.atomic():  # one version: none that could be restored is without its guests
        meeting = factories.MeetingFactory(status="draft")
        for _guest in range(2):
            factories.AttendanceFactory(meeting=meeting)
    people = [factories.ParticipantFactory(status="draft", description="Known.") for _person in range(2)]
    for person in people:
        factories.AttendanceFactory(meeting=factories.MeetingFactory(status="draft"), participant=person)
    article = factories.ArticleFactory(text=TEXT, rights="excerpts", status="draft")
    factories.QuotationFactory(
        article=article,
        exact="“We shall open the border.”",
        speaker=people[0],
        status="draft",
        attribution="",
    )
    proposals.refresh(article)
    return {"meeting": meeting.pk, "article": article.pk, "people": [person.pk for person in people]}


def test_a_thousand_rounds_by_all_ways_lose_nothing(records):
    """Whoever was told that it is stored finds it in the history, under their name, as a change of what stood there before and of
    nothing else; whoever was refused has left nothing."""
    answers = run_both(writers.go_all_ways, records, ROUNDS)
    done = {mark: (me, *rest) for me, answer in answers.items() for mark, *rest in answer}
    stored = {mark: rest for mark, rest in done.items() if rest[-1]}

    ways = {way for pair in (*PAIRS_OF_MEETING, *PAIRS_OF_ARTICLE) for way in pair} | {
        "merge",
        "undo",
        "person",
    }
    assert {way for _me, way, *_rest in done.values()} == ways
    # Both had looked at the same version of the meeting: in each round one of them was refused, by whichever way. Only a table of
    # attendances minds no more than the rows that it names.
    rounds = [[done[f"{me}{number}"] for me in "ab"] for number in range(ROUNDS)]
    assert {
        sum(is_stored for *_rest, is_stored in pair)
        for pair in rounds
        if pair[0][2] == "meeting" and "table_of_rows" not in (pair[0][1], pair[1][1])
    } == {1}

    # The history names just the writes that were stored, with their authors.
    commented = {mark: rest[0] for mark, rest in stored.items() if rest[1] not in ("proposal", "undo")}
    changes = Change.objects.filter(who__in="ab")
    assert {
        change.comment.removesuffix(".csv"): change.who
        for change in changes.exclude(via="proposal").exclude(comment__startswith="Merge undone")
    } == commented
    for way, found in (
        ("proposal", changes.filter(via="proposal").values_list("who", flat=True)),
        ("undo", Merge.objects.exclude(undone_by=None).values_list("undone_by__username", flat=True)),
        ("merge", Merge.objects.values_list("by__username", flat=True)),
    ):
        assert Counter(found) == Counter(rest[0] for rest in stored.values() if rest[1] == way)

    # Each version is the one before with what its write says, and nothing else; the last one is what is stored.
    effects = {mark: (rest[2:4], rest[4]) for mark, rest in stored.items()}
    quotation = Quotation.objects.earliest("pk")
    for record in (
        Meeting.objects.get(pk=records["meeting"]),
        Article.objects.get(),
        quotation,
        *Participant.objects.filter(pk__in=records["people"]),
    ):
        replay(record, effects)


def replay(record: Any, effects: dict[str, Any]) -> None:
    noun = (record._meta.model_name, record.pk)
    versions = list(Version.objects.of(record).select_related("change").order_by("number"))
    seen = {versions[0].number: words_of(versions[0])}
    expected = dict(seen)
    for before, version in itertools.pairwise(versions):
        written, effect = effects.get(version.change.comment.removesuffix(".csv"), (noun, ("none",)))
        seen[version.number] = words_of(version)
        is_own = written == noun and effect[0] != "none"
        status = {f"status:{version.status}"} if noun[0] == "participant" else set()
        words = after(seen[before.number], effect if is_own else ("none",), seen)
        # A merge withdraws the one that goes.
        expected[version.number] = (
            frozenset(one for one in words if not one.startswith("status:")) | status if status else words
        )
    wrong = {
        number: (sorted(words - expected[number]), sorted(expected[number] - words))
        for number, words in seen.items()
        if words != expected[number]
    }
    assert wrong == {}  # version: what it should not say, what it should
    numbers = [version.number for version in versions]
    assert numbers == sorted(set(numbers))
    assert (numbers[-1] <= record.version, words_of(versions[-1])) == (True, now(record))


def now(record: Any) -> frozenset[str]:
    """The words of the stored record, not of its history."""
    with connection.cursor() as cursor:
        cursor.execute("select archive_state(%s, %s)::text", [record._meta.model_name, record.pk])
        (state,) = cursor.fetchone()
    return words_of(
        Version(noun=record._meta.model_name, record=record.pk, status=record.status, data=json.loads(state))
    )
