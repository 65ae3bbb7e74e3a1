"""How long lists with all counts of their facets take: from the index in memory, from the database, and the floor.

    DATABASE_URL=postgresql:///a_copy python benchmarks/facets.py

On a large archive that was generated, or a copy of it (`create database a_copy template …`): the index is built in it, and
a quotation is written once more. The floor is what nobody can go below: the 25 rows of the page, by their numbers. Prints tables as
Markdown; times are in milliseconds, the median of 20 calls after the first, of the database the only one.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")

import django

django.setup()

from django.conf import settings
from django.db import connection

from events.models import Quotation
from events.models.base import visible
from events.reading import facets
from events.reading.facets import FACETS, Question, freshness, sql
from events.reading.role import reading

ROUNDS = 20


def resident() -> float:
    """The memory of this process, in MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def taken(call: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    found = call()
    return (time.perf_counter() - begin) * 1000, found


def median(call: Callable[[], Any]) -> tuple[float, Any]:
    call()
    times, found = [], None
    for _round in range(ROUNDS):
        took, found = taken(call)
        times.append(took)
    return statistics.median(times), found


def asked(question: Question, offset: int) -> facets.Answer:
    """As at the beginning of a request, which looks first whether something has changed."""
    freshness._memory.own.request = (None, None)
    return facets.ask(question, offset)


def questions() -> list[tuple[str, Question, int]]:
    """What is asked, and where its page begins. The values are the most frequent ones."""
    said, met = facets.ask(Question("quotation")), facets.ask(Question("meeting"))

    def first(answer: facets.Answer, name: str, place: int = 0) -> tuple[str, tuple[facets.Chosen, ...]]:
        return name, (answer.facets[name][place].value,)

    people = tuple(one.value for one in met.facets["participant"][:2])
    return [
        ("quotations", Question("quotation"), 0),
        ("the same, in the middle", Question("quotation"), said.total // 2),
        ("the same, by speaker", Question("quotation", order="speaker"), said.total // 2),
        ("of a speaker", Question("quotation", (first(said, "speaker"),)), 0),
        ("on a topic", Question("quotation", (first(said, "topic", 1),)), 0),
        ("language and outlet", Question("quotation", (first(said, "language", 1), first(said, "outlet"))), 0),
        ("reported, 16 months", Question("quotation", (("reported", ("yes",)),), first=date(2021, 3, 5), last=date(2022, 7, 9)), 0),
        ("of one day", Question("quotation", first=date(2022, 2, 27), last=date(2022, 2, 27)), 0),
        ("meetings of two", Question("meeting", (("participant", people),)), 0),
        ("meetings by country and place, by title", Question("meeting", (first(met, "country"), first(met, "place")), order="title"), 0),
    ]  # fmt: skip


def main() -> None:
    # In a process of its own, which has its memory for itself.
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "build_index"]
    took, _none = taken(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
    print(
        f"Built in {took / 1000:.1f} s. A process before it has loaded anything: {resident():.0f} MiB.\n",
        flush=True,
    )
    print("| noun | records | stored, MiB | loaded in, ms | process, MiB |\n|---|---|---|---|---|")
    for noun in FACETS:
        with reading():
            took, found = taken(lambda noun=noun: freshness.current((noun,)))
            with connection.cursor() as cursor:
                cursor.execute(
                    "select octet_length(data) from events_storedindex where noun = %s order by id desc limit 1",
                    [noun],
                )
                (size,) = cursor.fetchone()
        print(
            f"| {noun} | {len(found[noun].base.segment):,} | {size / 2**20:.1f} | {took:.0f} | {resident():.0f} |"
        )
    print(
        "\n| question | records | index | floor | database | index : floor | database : index |"
        "\n|---|---|---|---|---|---|---|"
    )
    for name, question, offset in questions():
        model = visible(question.noun).model
        with reading():
            fast, answer = median(lambda question=question, offset=offset: asked(question, offset))
            rows = model.objects.filter(pk__in=answer.numbers)
            floor, _rows = median(lambda rows=rows: list(rows.values_list()))
            slow, truth = taken(lambda question=question, offset=offset: sql.ask(question, offset))
        assert answer == truth, (question, answer, truth)
        print(
            f"| {name} | {answer.total:,} | {fast:.1f} | {floor:.1f} | {slow:,.0f} | {fast / floor:.1f} | {slow / fast:,.0f} |",
            flush=True,
        )
    print(f"\nThe process in the end: {resident():.0f} MiB.\n")
    newest = Question("quotation")
    number = facets.ask(newest).numbers[0]
    for again in ("After a publication the next answer takes", "After the second one"):
        Quotation.objects.filter(pk=number).update(attribution=again)
        with reading():
            took, _answer = taken(lambda: facets.ask(newest))
            usual, _answer = taken(lambda: asked(newest, 0))
        print(f"{again} {took:.1f} ms, the one after it {usual:.1f} ms.")


if __name__ == "__main__":
    main()
