import csv
import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from events.editing import importers
from events.models import Coverage, Meeting, Name, Participant, Quotation

SAMPLE = settings.BASE_DIR / "sample"
NOUNS = [
    "participant", "name", "tenure", "place", "topic", "meeting", "attendance", "agreement", "outlet", "article", "coverage",
    "quotation",
]  # fmt: skip

pytestmark = pytest.mark.django_db


def count() -> dict[str, int]:
    return {noun: apps.get_model("events", noun).objects.count() for noun in NOUNS}


@pytest.fixture
def tables(tmp_path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "sample"))


def change(tables: Path, table: str, old: str, new: str) -> None:
    path = tables / f"{table}.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_again_changes_nothing():
    importers.load_tables(SAMPLE)
    before = count()
    assert importers.load_tables(SAMPLE) == {}
    assert count() == before


def test_what_an_editor_changed_stays(tables):
    importers.load_tables(tables)
    person = Participant.objects.get(import_key="sergey-lavrov")
    person.name = "S. Lavrov"
    person.save()
    person.tenures.all().delete()
    meeting = Meeting.objects.exclude(attendances=None).order_by("pk").first()
    meeting.attendances.all().delete()
    importers.load_tables(tables)
    person.refresh_from_db()
    assert (person.name, person.tenures.count(), meeting.attendances.count()) == ("S. Lavrov", 0, 0)


def test_a_new_row_joins_what_is_there(tables):
    importers.load_tables(tables)
    before = count()
    with (tables / "topics.csv").open("a") as file:
        file.write("fishing,Fishing,\n")
    assert importers.load_tables(tables) == {"topic": 1}
    assert count() == before | {"topic": before["topic"] + 1}


@pytest.mark.parametrize(
    ("table", "old", "new", "problem"),
    [
        (
            "participants",
            "sergey-lavrov,person",
            "sergey-lavrov,human",
            "kind: Value 'human' is not a valid choice.",
        ),
        ("quotations", ",sergey-lavrov,", ",sergei,", "there is no participant “sergei”."),
        ("meetings", ",decision,2025-11-30,", ",decision,30.11.2025,", "held_on: "),
    ],
)
def test_one_wrong_row_and_nothing_is_loaded(tables, table, old, new, problem):
    change(tables, table, old, new)
    with pytest.raises(importers.ImportRefused) as refused:
        importers.load_tables(tables)
    assert refused.value.problems[0].startswith(f"{table}.csv, line ")
    assert problem in refused.value.problems[0]
    assert set(count().values()) == {0}


def test_a_row_that_stands_twice_is_refused(tables):
    path = tables / "attendances.csv"
    path.write_text(path.read_text() + path.read_text().splitlines()[1] + "\n")
    with pytest.raises(importers.ImportRefused) as refused:
        importers.load_tables(tables)
    line = len(path.read_text().splitlines())
    assert refused.value.problems == [
        f"attendances.csv, line {line}: This row means the same as line 2. Keep one of them."
    ]


def test_words_that_do_not_stand_in_the_text_are_refused(tables):
    text = next((tables / "texts").iterdir())
    text.write_text("Nothing of it.")
    with pytest.raises(importers.ImportRefused) as refused:
        importers.load_tables(tables)
    assert {problem.partition(",")[0] for problem in refused.value.problems} == {"quotations.csv"}
    assert set(count().values()) == {0}


def test_a_missing_table_or_column_is_named(tables):
    change(tables, "topics", "label", "name")
    with pytest.raises(importers.ImportRefused) as refused:
        importers.load_tables(tables)
    assert refused.value.problems == [
        "topics.csv, line 1: There is no column “name”.",
        "topics.csv, line 1: the column label is missing.",
    ]
    (tables / "participants.csv").unlink()
    with pytest.raises(importers.ImportRefused) as refused:
        importers.load_tables(tables)
    assert refused.value.problems == ["There is no table participants.csv."]


def test_a_text_outside_the_folder_is_refused(tables):
    change(tables, "articles", "texts/", "../../texts/")
    with pytest.raises(importers.ImportRefused) as refused:
        importers.load_tables(tables)
    assert "does not lie in the folder of the tables" in refused.value.problems[0]


def test_a_circle_is_refused(tables):
    with (tables / "topics.csv").open("a") as file:
        file.write("a,A,b\nb,B,a\n")
    with pytest.raises(importers.ImportRefused) as refused:
        importers.load_tables(tables)
    assert [problem.partition(": ")[2] for problem in refused.value.problems] == [
        "broader: there is no topic “b”.",
        "broader: there is no topic “a”.",
    ]


class TestSample:
    """The sample archive holds what its README says."""

    @pytest.fixture(autouse=True)
    def load(self):
        importers.load_tables(SAMPLE)

    def test_meetings(self):
        assert Meeting.objects.public().count() == 91
        single = [
            meeting
            for meeting in Meeting.objects.all()
            if Coverage.objects.filter(meeting=meeting).count() == 1
            and not meeting.coverages.filter(article__import_key__startswith="seed")
        ]
        assert len(single) == 13

    def test_nobody_stands_twice(self):
        keys = [
            name.folded
            for name in Name.objects.filter(participant__isnull=False).distinct("participant", "folded")
        ]
        twice = {key for key in keys if keys.count(key) > 1}
        owners = {
            key: set(Name.objects.filter(folded=key).values_list("participant__name", flat=True))
            for key in twice
        }
        assert owners == {}

    def test_the_quotations_stand_in_the_held_text(self):
        quotations = list(
            Quotation.objects.select_related("article", "speaker", "reported_by").order_by("start")
        )
        assert [
            (q.speaker.name, q.reported_by and q.reported_by.name, q.article.text[q.start : q.end] == q.exact)
            for q in quotations
        ] == [
            ("Sergey Lavrov", None, True),
            ("Sergey Lavrov", None, True),
            ("Sergey Lavrov", None, True),
            ("Vladimir Putin", "Sergey Lavrov", True),
            ("Ilham Aliyev", None, True),
            ("Ilham Aliyev", None, True),
        ]
        held = quotations[0].article.text
        rest = held
        for quotation in quotations:
            rest = rest.replace(quotation.exact, "", 1)
        assert set(rest.split()) == {"[…]"}


@pytest.mark.parametrize("noun", [noun for noun in importers.TABLES if noun != "articles"])
def test_the_tables_as_an_editor_would_send_them_change_nothing(noun):
    importers.load_tables(SAMPLE)
    with (SAMPLE / f"{noun}.csv").open("rb") as file:
        report = importers.import_table(importers.read(file, file.name), noun, importers.Options())
    lines = len((SAMPLE / f"{noun}.csv").read_text().splitlines()) - 1
    assert (report.rows["refused"], report.rows["changed"]) == ([], [])
    assert dict(report.counts) == {"unchanged": lines}


@pytest.mark.parametrize(
    "noun", ["participants", "places", "topics", "outlets", "meetings", "agreements", "quotations"]
)
def test_records_are_known_by_what_their_rows_say(noun):
    """Without the keys: names, hosts, titles with days, words at their place."""
    importers.load_tables(SAMPLE)
    with (SAMPLE / f"{noun}.csv").open(newline="") as file:
        headers, *rows = [row[1:] for row in csv.reader(file)]
    cells = ((line, list(row)) for line, row in enumerate(rows, 2))
    report = importers.import_table(importers.Sheet(headers, cells), noun, importers.Options(), dry_run=True)
    assert [str(problem) for row in report.rows["refused"] for problem in row.problems] == []
    assert dict(report.counts) == {"unchanged": len(rows)}
