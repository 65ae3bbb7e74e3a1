import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from events.editing import importers
from events.models import Article, Meeting
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "Une rencontre\nPar Claire Duval\nIls ont parlé."


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


class TestImportArticle:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_a_file(self, tmp_path, encoding):
        path = tmp_path / "a b.txt"
        path.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
        out = run("import_article", str(path), "--language", "fr", "--published", "2023-02-28", "--json")
        article = Article.objects.get()
        assert json.loads(out) == {
            "id": article.pk,
            "address": f"/articles/{article.pk}/une-rencontre/",
            "status": "draft",
            "title": "Une rencontre",
            "authors": ["Claire Duval"],
            "outlet": None,
            "language": "fr",
            "published_on": "2023-02-28",
            "url": "",
            "rights": "excerpts",
            "kind": "report",
            "characters": 28,
            "text_digest": hashlib.sha256("Une rencontre\nIls ont parlé.".encode()).hexdigest(),
        }

    def test_a_text(self):
        out = run("import_article", TEXT, "--author", "A", "--author", "B", "--outlet", "Le Soir")
        article = Article.objects.get()
        assert out == (
            f"Stored as draft article {article.pk}: Une rencontre\n"
            "  authors:   A; B\n"
            "  outlet:    Le Soir\n"
            "  language:  not known\n"
            "  published: not known\n"
            "  address:   not known\n"
            "  rights:    Excerpts only\n"
            f"  text:      28 characters, SHA-256 {article.text_digest}\n"
            f"  edit:      /admin/events/article/{article.pk}/change/\n"
        )

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"%PDF-1.7 ...", "is a PDF or a web page. Copy its text into a text file and import that."),
            (
                b"<!DOCTYPE html><p>x",
                "is a PDF or a web page. Copy its text into a text file and import that.",
            ),
            ("Été à Bakou".encode("latin-1"), "UTF-8"),
            (b"a\0b c", "U+0000"),
            (b"", "There is no text. Paste the article\u2019s words."),
            (b"x y " * 1_300_000, "2,000,000"),
        ],
        ids=["pdf", "html", "latin-1", "nul", "empty", "long"],
    )
    def test_a_bad_file_is_refused(self, tmp_path, content, message):
        path = tmp_path / "bad"
        path.write_bytes(content)
        with pytest.raises(CommandError) as refused:
            run("import_article", str(path))
        assert message in str(refused.value)
        assert Article.objects.count() == 0

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (
                ["missing.txt"],
                "There is no file missing.txt. Give the path of a text file, or the text itself.",
            ),
            (
                ["visit notes.txt"],
                "There is no file visit notes.txt. Give the path of a text file, or the text itself.",
            ),
            (["/"], "/ is a folder. Give the path of a text file, or the text itself."),
            ([TEXT, "--language", "klingonish"], "--language: "),
            ([TEXT, "--outlet", "x" * 300], "--outlet: "),
            (
                [TEXT, "--title", "\udcff"],
                "--title: this is no text in UTF-8. Set the terminal to UTF-8 and try again.",
            ),
            ([TEXT, "--published", "28/02/2023"], "--published: "),
            (
                [TEXT, "--url", "www.example.org"],
                "--url: “www.example.org” is not the address of a web page.",
            ),
        ],
    )
    def test_bad_words_are_refused(self, words, message):
        with pytest.raises(CommandError) as refused:
            run("import_article", *words)
        assert str(refused.value).startswith(message)
        assert Article.objects.count() == 0

    def test_the_same_article_is_named(self):
        factories.ArticleFactory(title="Known", url="https://example.org/a")
        with pytest.raises(CommandError) as refused:
            run("import_article", TEXT, "--url", "http://www.example.org/a/?utm_campaign=x")
        number = Article.objects.get().pk
        assert (
            str(refused.value)
            == f"--url: The archive has this article already: number {number}, “Known” (published)."
        )


class TestLoadSample:
    def test_says_what_it_did(self):
        first = run("load_sample")
        assert (first[:7], "91 meetings" in first) == ("Loaded ", True)
        assert run("load_sample") == "Nothing new: every record of the sample is there already.\n"

    def test_leaves_an_archive_with_records_alone(self):
        factories.MeetingFactory()
        out = run("load_sample", "--if-empty")
        assert out == "The archive holds records already: the sample is not loaded.\n"
        assert Meeting.objects.count() == 1

    def test_a_refused_table_is_a_clear_failure(self, monkeypatch):
        def refuse(folder):
            raise importers.ImportRefused(["topics.csv, line 3: label: This field cannot be blank."])

        monkeypatch.setattr(importers, "load_tables", refuse)
        with pytest.raises(CommandError) as refused:
            run("load_sample")
        assert (
            str(refused.value)
            == "Nothing was loaded.\ntopics.csv, line 3: label: This field cannot be blank."
        )


class TestImportRecords:
    TABLE = "title,kind,participants\nTalks in Baku,talks,Jeyhun Bayramov\n"

    @pytest.fixture
    def table(self, tmp_path):
        path = tmp_path / "meetings.csv"
        path.write_text(self.TABLE)
        return path

    def test_a_dry_run_then_exactly_that(self, table):
        with pytest.raises(CommandError) as refused:
            run("import_records", str(table), "--noun", "meetings")
        assert str(refused.value) == (
            "Nothing was stored: 1 row is refused. Mend it and run it again."
            " Or run it again with --create-unknown to make drafts of the unknown names."
        )
        words = ["import_records", str(table), "--noun", "meetings", "--create-unknown"]
        dry = run(*words, "--dry-run")
        plan = dry.rpartition("--plan ")[2].strip()
        assert dry == (
            "line 2: created Talks in Baku\n"
            "Names that the archive does not know:\n"
            "  participant “Jeyhun Bayramov”, 1×, first in line 2; a draft is made of it\n"
            "Dry run, nothing stored: 1 created, 0 changed, 0 unchanged, 0 refused.\n"
            f"To store exactly this: --plan {plan}\n"
        )
        assert Meeting.objects.count() == 0
        assert run(*words, "--plan", plan).endswith("Stored: 1 created, 0 changed, 0 unchanged, 0 refused.\n")
        assert (Meeting.objects.get().status, Meeting.objects.get().created_by) == ("draft", None)
        assert run(*words) == "Stored: 0 created, 0 changed, 1 unchanged, 0 refused.\n"
        with pytest.raises(CommandError) as refused:
            run(*words, "--plan", plan)
        assert str(refused.value) == (
            "Nothing was stored: this is not what the dry run has shown. Look at it again with --dry-run."
        )

    def test_known_records_are_changed_only_when_asked(self, tmp_path):
        topic = factories.TopicFactory(label="Peace", description="Old.", status="draft")
        user = factories.UserFactory(username="ani", is_superuser=True)
        path = tmp_path / "topics.jsonl"
        path.write_text('{"label": "Peace", "description": "New."}\n')
        out = StringIO()
        with pytest.raises(CommandError) as refused:
            call_command("import_records", str(path), "--noun", "topics", stdout=out)
        assert out.getvalue() == (
            f"line 1: changed #{topic.pk} Peace\n"
            "    description: “Old.” → “New.”\n"
            "Nothing stored: 0 created, 1 changed, 0 unchanged, 0 refused.\n"
        )
        assert str(refused.value) == (
            "Nothing was stored: known records differ from the table. Run it again with --update to change them."
        )
        run("import_records", str(path), "--noun", "topics", "--update", "--user", "ani")
        topic.refresh_from_db()
        assert (topic.description, topic.updated_by) == ("New.", user)

    def test_json_and_a_report(self, table, tmp_path):
        report = tmp_path / "report.csv"
        words = ["--noun", "meetings", "--dry-run", "--json", "--report", str(report)]
        row, whole = map(json.loads, run("import_records", str(table), *words).splitlines())
        problem = {
            "reason": "there is no participant “Jeyhun Bayramov”.",
            "column": "participants",
            "value": "Jeyhun Bayramov",
            "remedy": "",
        }
        assert row == {
            "line": 2, "verdict": "refused", "title": "Talks in Baku", "record": None, "version": None, "differences": [],
            "problems": [problem],
        }  # fmt: skip
        assert (whole["counts"], whole["stored"], [one["name"] for one in whole["unknown"]]) == (
            {"created": 0, "changed": 0, "unchanged": 0, "refused": 1},
            False,
            ["Jeyhun Bayramov"],
        )
        assert report.read_text("utf-8-sig").splitlines()[1] == (
            "2,refused,,Talks in Baku,participants,Jeyhun Bayramov,,there is no participant “Jeyhun Bayramov”."
        )

    def test_an_empty_sheet(self, tmp_path):
        path = tmp_path / "meetings.xlsx"
        assert run("import_records", "--noun", "meetings", "--sheet", str(path)) == f"Wrote {path}\n"
        with pytest.raises(CommandError) as refused:
            run("import_records", str(path), "--noun", "meetings")
        assert str(refused.value) == "Nothing was stored: 1 row is refused. Mend it and run it again."

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["missing.csv"], "missing.csv: No such file or directory"),
            (["/"], "/: Is a directory"),
            (["a\0b.csv"], "a\0b.csv: embedded null byte"),
            ([], "Name the table: import_records FILE --noun meetings"),
            (["--sheet", "a.ods"], "An empty sheet ends in .csv or .xlsx."),
            (["manage.py"], "Nothing was stored. manage.py: Tables are read from files that end in .csv, .xlsx or .jsonl"),
            (["manage.py", "--user", "nobody"], "There is no active user nobody."),
        ],
    )  # fmt: skip
    def test_bad_words_are_refused(self, words, message):
        with pytest.raises(CommandError) as refused:
            run("import_records", "--noun", "meetings", *words)
        assert str(refused.value)[: len(message)] == message

    def test_progress_on_a_terminal_only(self, table, monkeypatch):
        class Terminal(StringIO):
            def isatty(self) -> bool:
                return True

        for stream, drawn in ((Terminal(), True), (StringIO(), False)):
            monkeypatch.setattr("sys.stderr", stream)
            run("import_records", str(table), "--noun", "meetings", "--dry-run")
            assert ("100%         1 rows" in stream.getvalue(), bool(stream.getvalue())) == (drawn, drawn)
        monkeypatch.setattr("sys.stderr", terminal := Terminal())
        run("import_records", str(table), "--noun", "meetings", "--dry-run", "--json")
        assert terminal.getvalue() == ""
