"""How long proposals take, in an archive of 20,000 people that is made for this and dropped afterwards: prints tables as Markdown.

    python benchmarks/suggest.py [PEOPLE]

Measures the processor's time of this process and the clock's; the texts are the marked ones of `tests/data/press`, one after
another. Says too whether names are found by their index.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")

from caucasus import database

database.ensure(database.TESTING)

import django

django.setup()

from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from benchmarks.quotations import PRESS
from events import names, quoting
from events.editing.suggestions import suggest
from events.models import Name, Participant

GIVEN = [
    ("Ar", "Ար"), ("Lev", "Լև"), ("Dav", "Դավ"), ("Tigr", "Տիգր"), ("Hayk", "Հայկ"), ("Giorg", "გიორგ"), ("Nin", "ნინ"), ("Tam", "თამ"),
    ("Ilh", "Ильх"), ("Sam", "Сам"), ("Leyl", "Лейл"), ("Elch", "Эльч"), ("Serg", "Серг"), ("Mar", "Мар"), ("Vlad", "Влад"), ("Ol", "Ол"),
]  # fmt: skip
VOWELS = ("a", "i", "an", "am", "en", "in", "on", "ur", "ik", "ar", "es", "ina", "ane", "iya", "eta", "ush")
STEMS = ("Sark Grigor Petros Hakob Abash Kapan Lom Beri Gela Maisura Ali Mamed Husein Rza Iskander Orlov Petr Ivan Kuzn Zakhar".split())  # fmt: skip
INFIXES = ("", "i", "a", "ov", "ad", "el", "ur", "an", "em", "or", "is", "un", "ar", "et", "ik", "ol")
ENDINGS = ("yan", "ian", "shvili", "dze", "ov", "ev", "zade", "li", "enko", "skiy")
LENGTHS = (10_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
ARTICLE = 5_000
ROUNDS = 9


def fill(count: int) -> None:
    """People of the region with a name in Latin letters and one in another script."""
    chance = random.Random(1)
    people, written = [], []
    for _number in range(count):
        latin, other = chance.choice(GIVEN)
        surname = (
            chance.choice(STEMS) + chance.choice(INFIXES) + chance.choice(INFIXES) + chance.choice(ENDINGS)
        )
        rest = chance.choice(VOWELS)
        name = f"{latin}{rest} {surname}"
        people.append(Participant(name=name, sort_name=name, kind="person", status="published"))
        written.append((name, f"{other}{rest} {surname}"))
    Participant.objects.bulk_create(people, batch_size=5_000)
    Name.objects.bulk_create(
        [
            Name(participant=person, text=text, language=language)
            for person, texts in zip(people, written, strict=True)
            for text, language in zip(texts, ("en", "ru"), strict=True)
        ],
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze events_name, events_participant, events_place, events_tenure")


def article(language: str, length: int) -> str:
    """Marked press texts of the language one after another, as often as it takes."""
    texts = [path.read_text() for path in sorted(PRESS.glob(f"*/{language}-*.txt"))]
    joined = "\n".join(texts)
    return (joined * (length // len(joined) + 1))[:length]


def measured(work: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """The least of the clock's and of the processor's milliseconds: other work on the machine only adds to them."""
    clock, processor = [], []
    for _round in range(rounds):
        started, worked = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - worked)
    return min(clock) * 1000, min(processor) * 1000


def articles() -> None:
    print(f"### One article of {ARTICLE:,} characters\n")
    print("| language | suggest, ms | of it in Python, ms | reading alone in Python, ms |")
    print("| --- | ---: | ---: | ---: |")
    for language in quoting.lexicon.LANGUAGES:
        text = article(language, ARTICLE)
        clock, worked = measured(lambda: suggest(text, language, "2023-02-28"))  # noqa: B023
        _clock, alone = measured(lambda: quoting.read(text, language).mentions)  # noqa: B023
        print(f"| {language} | {clock:.0f} | {worked:.0f} | {alone:.0f} |", flush=True)


def lengths(language: str) -> None:
    print(f"\n### Longer texts ({language})\n")
    print("| characters | suggest, s | of it in Python, s | reading alone, s | µs a character in Python |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for length in LENGTHS:
        text = article(language, length)
        clock, worked = measured(lambda: suggest(text, language, "2023-02-28"), 2)  # noqa: B023
        _clock, alone = measured(lambda: quoting.read(text, language).mentions, 2)  # noqa: B023
        cells = (clock / 1000, worked / 1000, alone / 1000)
        each = f"{worked * 1000 / length:.0f}"
        print(f"| {length:,} | " + " | ".join(f"{cell:.2f}" for cell in cells) + f" | {each} |", flush=True)


def plan() -> str:
    """How PostgreSQL finds names by their words."""
    wanted = [names.fold(word) for word in ("Sarkisian", "Aliyev", "Lavrov", "Beridze")]
    return str(Name.objects.holding(wanted).explain())


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        fill(count)
        print(f"{Participant.objects.count():,} participants with {Name.objects.count():,} names.\n")
        articles()
        for language in ("fr", "ka"):
            lengths(language)
        print(f"\n```\n{plan()}\n```")
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
