"""How long the suggestions of a search box take among 20,000 participants with 60,000 names and 300,000 attendances.

    python benchmarks/suggestions.py [PARTS]

The archive is that of desk.py, made for this and dropped afterwards. For what is typed, letter by letter: the request as the server
answers it; the suggestions alone, as the readers' role; as a floor the same rows fetched by their numbers; and as the naive way the
names that contain the typed text whatever its case. Prints a table as Markdown.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import os

from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases

from benchmarks import desk  # makes Django ready
from events.models import Name
from events.reading import role, suggestions

TYPED = (
    "al", "ali", "aliy", "aliyan", "Ал", "Али", "Алиян", "petr", "petros", "petrosyan", "Petrosian Davan", "Mamedzade", "Սամ",
    "გიორგ", "qwxyz", "Grigroyan", "border",
)  # fmt: skip
ROUNDS = 15


def main() -> None:
    parts = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        desk.fill(parts)
        client = Client(HTTP_HOST="localhost")
        print(
            "| typed | found | request, ms | suggestions, ms | floor, ms | suggestions to floor | naive, ms |"
        )
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        for text in TYPED:
            with role.reading():
                found = suggestions.suggest(text)
                numbers = [one.number for one in found]
                took = desk.measured(lambda: suggestions.suggest(text), ROUNDS)  # noqa: B023
                floor = desk.measured(lambda: rows(numbers), ROUNDS)  # noqa: B023
                naive = desk.measured(lambda: list(Name.objects.filter(text__icontains=text)[:8]), 3)  # noqa: B023
            request = desk.measured(lambda: client.get("/suggest/", {"q": text}, secure=True), ROUNDS)  # noqa: B023
            figures = f"{request:.1f} | {took:.1f} | {floor:.1f} | {took / floor:.0f} | {naive:.1f}"
            print(f"| {text} | {len(found)} | {figures} |", flush=True)
    finally:
        teardown_databases(made, verbosity=0)


def rows(numbers: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select id, name, kind, country from events_participant where id = any(%s)", [numbers])
        cursor.fetchall()


if __name__ == "__main__":
    main()
