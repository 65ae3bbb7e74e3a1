"""A generated archive breaks no rule of models or database, and the same seed makes the same one."""

import hashlib
import os
import re
from datetime import date
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from events import anchoring, dates, names
from events.editing import generating
from events.editing.generating import databases, tables
from events.editing.generating.chance import Chance
from events.editing.generating.days import Days
from events.editing.generating.people import people
from events.editing.generating.places import places
from events.editing.generating.records import Size
from events.editing.generating.subjects import topics
from events.management.commands.generate_archive import Progress
from events.models import Article, Change, Coverage, Meeting, Name, Participant, Quotation, Version, published
from events.models.fields import DerivedField

LAST = date(2026, 5, 31)
SIZE = Size(400)


def name(seed: int) -> str:
    """Of the session, so that what a killed one leaves is dropped by the next."""
    return f"test_archive_{os.environ['TEST_SESSION']}_generated_{seed}_{os.environ.get('PYTEST_XDIST_WORKER', '')}"


def make(database: str, seed: int, **options) -> generating.Generated:
    databases.drop(database)
    return generating.generate(database, SIZE.quotations, seed, LAST, lambda *_told: None, **options)


@pytest.fixture(scope="module")
def archive(django_db_blocker):
    """An archive of 400 quotations, to which Django's connection leads for the tests of this module."""
    with django_db_blocker.unblock():
        make(name(1), 1)
        with databases.in_place_of_the_archive(name(1)):
            yield name(1)
        databases.drop(name(1))


@pytest.fixture
def server(django_db_blocker):
    with django_db_blocker.unblock():
        yield
        connection.close()


def rows_of(model):
    return model.objects.order_by("pk")


@pytest.mark.parametrize("model", generating.MODELS, ids=lambda model: model._meta.db_table)
class TestEachTable:
    def test_its_rows_are_what_its_forms_would_take(self, archive, model):
        for row in rows_of(model):
            row.full_clean()
        assert rows_of(model).exists()

    def test_what_is_derived_is_what_a_save_would_write(self, archive, model):
        derived = [field for field in model._meta.concrete_fields if isinstance(field, DerivedField)]
        wrong = [
            (row.pk, field.name)
            for row in rows_of(model)
            for field in derived
            if getattr(row, field.attname) != field.derive(getattr(row, field.source))
        ]
        assert wrong == []

    def test_the_next_row_gets_the_next_number(self, archive, model):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
            assert cursor.fetchone() == (rows_of(model).last().pk + 1,)
            cursor.execute(
                "select setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [model._meta.db_table, rows_of(model).last().pk],
            )


def test_the_database_takes_each_row_again(archive):
    """Every trigger sees every row, and as nothing has changed the history keeps no new version."""
    with connection.cursor() as cursor, transaction.atomic():
        before = Version.objects.count()
        for model in generating.MODELS:
            columns = [field.column for field in tables.writable(model) if field.column != "id"]
            same = ", ".join(f'"{column}" = "{column}"' for column in columns)
            cursor.execute(f"update {model._meta.db_table} set {same}")
        connection.check_constraints()
        cursor.execute("select archive_passages_stand(id, null, null) from events_article")
        assert (Version.objects.count(), Change.objects.get().via) == (before, "beginning")
        transaction.set_rollback(True)


def test_each_record_has_one_version(archive):
    records = {
        noun: model for model in generating.MODELS if (noun := model._meta.model_name) in published.NOUNS
    }
    found = {
        noun: list(Version.objects.filter(noun=noun).order_by("pk").values_list("record", "number"))
        for noun in records
    }
    assert found == {noun: [(row.pk, 1) for row in rows_of(model)] for noun, model in records.items()}


def test_how_many_there_are(archive):
    counts = {
        model._meta.model_name: model.objects.count() for model in (Quotation, Article, Meeting, Participant)
    }
    assert counts == {"quotation": 400, "article": 100, "meeting": 40, "participant": 60}
    assert (Size(1_000_000).articles, Size(1_000_000).meetings, Size(1_000_000).participants) == (
        250_000,
        100_000,
        20_000,
    )
    assert (Size(1_000_000).agreements, Size(1_000_000).outlets) == (5_000, 300)
    assert (len(places()), len(topics())) == (444, 201)


def test_every_kind_of_passage_is_there(archive):
    rows = Quotation.objects.all()
    assert set(rows.values_list("form", flat=True)) == {"direct", "partial", "indirect"}
    assert set(Article.objects.values_list("rights", flat=True)) == {"full", "excerpts", "metadata"}
    assert set(Article.objects.values_list("language", flat=True)) == {"en", "fr", "ru", "az", "hy"}
    assert [
        rows.filter(**condition).exists()
        for condition in (
            {"within__isnull": False, "reported_by__isnull": False},
            {"variant_of__isnull": False},
            {"speaker": None},
            {"start": None},
            {"status": "draft", "article__status": "published"},
            {"status": "published", "article__status": "draft"},
            {"status": "published", "meeting__status": "draft"},
            {"said_on": ""},
        )
    ] == [True] * 8
    assert Coverage.objects.exclude(start=None).exists()


def test_words_are_found_where_they_stand(archive):
    wrong = [
        quotation.pk
        for quotation in Quotation.objects.exclude(start=None).select_related("article")
        if quotation.selector not in anchoring.find(quotation.article.text, quotation.exact)
    ]
    assert wrong == []


def test_names_are_in_the_scripts_of_the_region(archive):
    scripts = {names.script(text) for text in Name.objects.values_list("text", flat=True)}
    assert scripts == {"Latn", "Cyrl", "Armn", "Geor"}


def test_a_word_is_common_or_rare(archive):
    texts = Quotation.objects.filter(language="en")
    shares = [
        texts.filter(exact__iregex=rf"\m{word}\M").count() / texts.count()
        for word in ("the", "region", "walnuts")
    ]
    assert (shares[0] > 0.9, 0.1 < shares[1] < 0.9, shares[2] < 0.1) == (True, True, True)


def test_the_same_seed_makes_the_same_archive(archive):
    def digests(database: str) -> dict[str, str]:
        found = {}
        with databases.connect(database) as connected:
            for model in [*generating.MODELS, Version]:
                table = model._meta.db_table
                with connected.cursor().copy(
                    SQL("copy (select * from {} order by id) to stdout").format(Identifier(table))
                ) as copy:
                    found[table] = hashlib.sha256(b"".join(copy)).hexdigest()
        return found

    first, again, other = digests(archive), name(2), name(3)
    make(again, 1)
    make(other, 2, with_history=False)
    same, different = digests(again), digests(other)
    databases.drop(again)
    databases.drop(other)
    assert same == first
    assert {table for table in first if first[table] == different[table]} == set()


@pytest.mark.parametrize(
    ("day", "season"),
    [
        (date(2023, 3, 1), "2023-21"),
        (date(2023, 8, 31), "2023-22"),
        (date(2023, 11, 30), "2023-23"),
        (date(2023, 12, 1), "2023-24"),
        (date(2024, 2, 29), "2023-24"),
        (date(2026, 5, 30), "2026-05"),  # not over yet
    ],
)
def test_a_day_lies_in_its_season(day, season):
    found = Days(Chance(1, "days"), LAST)._season(day)
    assert (found, dates.parse(found).overlaps(day, None)) == (season, True)


def test_persons_have_names_of_their_own():
    makers = people(Chance(1, "people"))
    found = [next(makers).name for _number in range(5_000)]
    assert len(set(found)) == 5_000


class TestCommand:
    def run(self, *words: str) -> str:
        out = StringIO()
        call_command("generate_archive", "--quotations=400", "--until=2026-05-31", *words, stdout=out)
        return out.getvalue()

    def test_it_says_how_to_serve_it_and_fills_nothing_twice(self, server):
        databases.drop(name(4))
        told = self.run(f"--database={name(4)}", "--no-history").splitlines()
        with databases.connect(name(4)) as connected:
            (count,) = connected.execute("select count(*) from events_quotation").fetchone()
        with pytest.raises(CommandError) as refusal:
            self.run(f"--database={name(4)}")
        databases.drop(name(4))
        assert told[-1] == f"Serve it: DATABASE_URL='{generating.address(name(4))}' make run"
        assert re.fullmatch(
            r"postgresql://postgres@/test_archive_\w+\?host=[^&]+&port=5432.*", generating.address(name(4))
        )
        assert count == 400
        assert str(refusal.value) == (
            f"The database “{name(4)}” holds places already, and only an empty one is filled."
            f" Name another one, or drop it first: dropdb {name(4)}"
        )

    def test_the_archives_own_is_not_touched(self, server):
        own = connection.settings_dict["NAME"]
        with pytest.raises(CommandError) as refusal:
            self.run(f"--database={own}")
        assert (
            str(refusal.value)
            == f"“{own}” is the archive's own database, which is not touched. Name another one."
        )

    def test_a_database_of_something_else_is_not_touched(self, server):
        databases.drop(name(5))
        databases.make(name(5))
        with databases.connect(name(5)) as connected:
            connected.execute("create table letters (id int)")
        with pytest.raises(CommandError) as refusal:
            self.run(f"--database={name(5)}")
        with databases.connect(name(5)) as connected:
            found = connected.execute(
                "select tablename from pg_tables where schemaname = 'public'"
            ).fetchall()
        databases.drop(name(5))
        assert (
            str(refusal.value)
            == f"The database “{name(5)}” holds tables of something else. Name another one."
        )
        assert found == [("letters",)]

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["--quotations=none"], "“none” is no number from 1 to 20,000,000: --quotations 100000"),
            (["--quotations=0"], "“0” is no number from 1 to 20,000,000: --quotations 100000"),
            (["--until=2026-02-30"], "“2026-02-30” is no day: 2026-05-31"),
            (["--until=1990-01-01"], "The last day lies from 2020 to 2100."),
        ],
    )
    def test_wrong_words_are_refused(self, words, message):
        with pytest.raises(CommandError) as refusal:
            call_command("generate_archive", "--quotations=400", *words)
        assert message in str(refusal.value)

    def test_a_name_that_postgresql_would_cut_is_refused(self, server):
        with pytest.raises(CommandError) as refusal:
            self.run("--database=" + "a" * 64)
        assert str(refusal.value) == "A database's name has 1 to 63 bytes: archive_generated_10000."

    def test_where_it_fails_nothing_is_left(self, server):
        databases.drop(name(6))

        def stop(step: str, _done: int, _total: int) -> None:
            if step == "articles and quotations":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            generating.generate(name(6), 400, 1, LAST, stop)
        with databases.connect("postgres") as connected:
            found = connected.execute("select from pg_database where datname = %s", [name(6)]).fetchone()
        assert found is None

    def test_a_database_that_was_there_stays_empty_and_whole_where_it_fails(self, server):
        def stop(step: str, _done: int, _total: int) -> None:
            if step == "history":
                raise KeyboardInterrupt

        def indexes() -> list[tuple[str]]:
            with databases.connect(name(7)) as connected:
                return connected.execute(
                    "select indexname from pg_indexes where schemaname = 'public' order by 1"
                ).fetchall()

        databases.drop(name(7))
        databases.make(name(7))
        databases.migrate(name(7))
        before = indexes()
        with pytest.raises(KeyboardInterrupt):
            generating.generate(name(7), 400, 1, LAST, stop)
        with databases.connect(name(7)) as connected:
            counts = [
                connected.execute(
                    SQL("select count(*) from {}").format(Identifier(model._meta.db_table))
                ).fetchone()
                for model in (*generating.MODELS, Version, Change)
            ]
        after = indexes()
        databases.drop(name(7))
        assert (set(counts), after) == ({(0,)}, before)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar():
    out = Terminal()
    progress = Progress(
        SimpleNamespace(
            isatty=out.isatty, flush=out.flush, write=lambda text, ending="\n": out.write(text + ending)
        )
    )
    progress("meetings", 0, 60)
    progress("meetings", 30, 60)
    progress.close()
    lines = [re.sub(r"[\d,]+ a second.*", "RATE", line) for line in out.getvalue().split("\r\x1b[K")]
    assert lines == [
        "",
        f"meetings  [{'.' * 30}] 0 of 60, RATE",
        f"meetings  [{'#' * 15}{'.' * 15}] 30 of 60, RATE\n",
    ]
