import hashlib
import json
import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from events.editing import importers, visiting
from events.models import Article, Meeting, Outlet, Participant, Snapshot, SourceCheck
from tests import factories
from tests.press import answer

pytestmark = pytest.mark.django_db

PAGES = settings.BASE_DIR / "tests" / "data" / "pages"
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
            "proposals": 0,
            "source": "a b.txt",
            "byline": "Par Claire Duval",
            "snapshot": None,
        }

    def test_an_address(self, press):
        body = (PAGES / "press-fr.html").read_bytes()
        press.pages["/1"] = answer(body)
        out = run("import_article", press.url("/1"), "--json", "--title", "Le pari", "--author", "C. Duval")
        article = Article.objects.get()
        snapshot = article.snapshots.get()
        text = (PAGES / "press-fr.txt").read_text().removesuffix("\n")
        assert json.loads(out) == {
            "id": article.pk,
            "address": f"/articles/{article.pk}/le-pari/",
            "status": "draft",
            "title": "Le pari",
            "authors": ["C. Duval"],
            "outlet": None,
            "language": "fr",
            "published_on": "2023-02-28",
            "url": press.url("/1"),
            "rights": "excerpts",
            "kind": "report",
            "characters": len(text),
            "text_digest": hashlib.sha256(text.encode()).hexdigest(),
            "proposals": article.proposals.waiting().count(),
            "source": press.url("/1"),
            "byline": "",
            "snapshot": {
                "id": snapshot.pk,
                "fetched_at": snapshot.fetched_at.isoformat(),
                "media_type": "text/html",
                "sha256": hashlib.sha256(body).hexdigest(),
            },
        }
        with pytest.raises(CommandError) as refused:
            run("import_article", press.url("/1?fbclid=1"))
        assert (
            str(refused.value)
            == f"--url: The archive has this article already: number {article.pk}, “Le pari” (draft)."
        )
        assert press.paths == ["/1"]

    def test_a_page_that_is_not_there_stores_nothing(self, press):
        with pytest.raises(CommandError) as refused:
            run("import_article", press.url("/2"))
        assert str(refused.value) == (
            "The server says that there is no such page (404 Not Found). Look the address up again, or paste the text."
        )
        assert (Article.objects.count(), Snapshot.objects.count()) == (0, 0)

    def test_bad_options_store_no_snapshot(self, press):
        press.pages["/1"] = answer((PAGES / "press-fr.html").read_bytes())
        with pytest.raises(CommandError, match=r"^--published: "):
            run("import_article", press.url("/1"), "--published", "yesterday", "--outlet", "New Outlet")
        assert (Article.objects.count(), Snapshot.objects.count(), Outlet.objects.count()) == (0, 0, 0)

    def test_a_saved_page_with_its_address(self):
        outlet = factories.OutletFactory(host="strait.example")
        path = str(PAGES / "agency-en.html")
        run("import_article", path, "--url", "https://en.strait.example/other", "--published", "2024-07")
        article = Article.objects.get()
        assert (article.title, article.url, article.outlet, article.published_on, article.language) == (
            "Ministers discuss border road",
            "https://en.strait.example/other",
            outlet,
            "2024-07",
            "en",
        )

    def test_standard_input(self, monkeypatch):
        with (PAGES / "gov-ka.html").open() as file:
            monkeypatch.setattr("sys.stdin", file)
            out = run("import_article", "-")
        article = Article.objects.get()
        assert out == (
            f"Stored as draft article {article.pk}: მინისტრის შეხვედრა პორტ-ასტერში\n"
            "  authors:   not known\n"
            "  outlet:    not known\n"
            "  language:  ka\n"
            "  published: 28 February 2023\n"
            "  address:   not known\n"
            "  rights:    Excerpts only\n"
            f"  text:      {len(article.text)} characters, SHA-256 {article.text_digest}\n"
            f"  edit:      /admin/events/article/{article.pk}/change/\n"
            f"  proposals: {article.proposals.waiting().count()} waiting at /admin/events/article/{article.pk}/proposals/\n"
        )
        assert article.proposals.waiting().count() > 0

    def test_a_text(self):
        out = run("import_article", TEXT, "--author", "A", "--author", "B", "--outlet", "Le Soir")
        article = Article.objects.get()
        assert out == (
            f"Stored as draft article {article.pk}: Une rencontre\n"
            "  authors:   A; B\n"
            "  outlet:    Le Soir\n"
            "  language:  fr\n"
            "  published: not known\n"
            "  address:   not known\n"
            "  rights:    Excerpts only\n"
            f"  text:      28 characters, SHA-256 {article.text_digest}\n"
            f"  edit:      /admin/events/article/{article.pk}/change/\n"
            "  proposals: none\n"
            "  byline:    “Par Claire Duval” was taken off the text\n"
        )

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"%PDF-1.7 ...", "This PDF cannot be read: it is damaged or incomplete."),
            (b"<!DOCTYPE html><nav>x", "There is no text of an article on this page."),
            (b"PK\x03\x04", "Save it as PDF or as plain text and take that."),
            ("Été à Bakou".encode("latin-1"), "UTF-8"),
            (b"a\0b c", "U+0000"),
            (b"", "There is no text. Paste the article\u2019s words."),
            (b"x y " * 1_300_000, "2,000,000"),
        ],
        ids=["pdf", "html", "word", "latin-1", "nul", "empty", "long"],
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
                "There is no file missing.txt. Give an address with https://, the path of a file (a web page, a PDF or a text), or the text itself.",
            ),
            (
                ["visit notes.txt"],
                "There is no file visit notes.txt. Give an address with https://, the path of a file (a web page, a PDF or a text), or the text itself.",
            ),
            (
                ["/"],
                "/ is a folder. Give an address with https://, the path of a file (a web page, a PDF or a text), or the text itself.",
            ),
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


class TestCheckSources:
    BODY = "<title>Talks</title><article><p>They met in Baku. “We signed it all”, he said, and left the room.</p></article>"

    @pytest.fixture(autouse=True)
    def _no_pause(self, monkeypatch):
        monkeypatch.setattr(visiting, "DELAY", 0.0)

    @pytest.fixture
    def article(self, press):
        press.pages["/a"] = answer(self.BODY)
        article = factories.ArticleFactory(url=press.url("/a"))
        factories.QuotationFactory(article=article, exact="“We signed it all”")
        factories.ArticleFactory(url=press.url("/draft"), status="draft")
        return article

    def test_reports_in_words(self, article):
        out = run("check_sources")
        assert out == (
            f"{article.pk}  {article.url}  there, 1 same, new snapshot\n"
            "checked: 1, gone pages: 0, snapshots: 1, failed: 0, not allowed: 0, put off: 0, "
            "same: 1, moved: 0, changed: 0, gone: 0, failing: 0\n"
        )
        assert SourceCheck.objects.get().state == "same"
        assert run("check_sources", "--older-than", "1d").startswith("checked: 0,")

    def test_reports_as_json(self, article, press):
        lost = factories.ArticleFactory(url=press.url("/lost"))
        press.pages["/broken"] = b""
        broken = factories.ArticleFactory(url=press.url("/broken"))
        report = json.loads(run("check_sources", "--json", "--older-than", "0d"))
        plain = {
            "failure": "",
            "is_put_off": False,
            "is_refused": False,
            "is_gone": False,
            "is_stored": True,
            "states": {},
        }
        assert report == {
            "checked": 2, "gone_pages": 1, "snapshots": 2, "failed": 1, "not_allowed": 0, "put_off": 0,
            "same": 1, "moved": 0, "changed": 0, "gone": 0, "failing": 0,
            "articles": [
                {**plain, "article": article.pk, "url": article.url, "states": {"same": 1}},
                {**plain, "article": lost.pk, "url": lost.url, "is_gone": True},
                {**plain, "article": broken.pk, "url": broken.url, "is_stored": False, "failure": "The server broke off, or its answer could not be understood."},
            ],
        }  # fmt: skip

    def test_takes_no_more_than_the_limit(self, article, press):
        factories.ArticleFactory(url=press.url("/b"))
        assert run("check_sources", "--limit", "1").count("there") == 1
        assert press.paths == ["/robots.txt", "/a"]

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["--older-than", "soon"], "“soon” is no time. Write days, hours or weeks: 30d, 12h, 2w."),
            (["--older-than", "-1d"], "expected one argument"),
            (["--limit", "0"], "“0” is no number of articles. Write 1 or more."),
            (["--limit", "many"], "“many” is no number of articles. Write 1 or more."),
        ],
    )
    def test_wrong_options(self, words, message):
        with pytest.raises(CommandError, match=re.escape(message)):
            run("check_sources", *words)

    def test_a_network_that_is_down_is_an_error(self, press):
        press.pages["/robots.txt"] = b""
        factories.ArticleFactory(url=press.url("/a"))
        with pytest.raises(CommandError, match=r"No page could be checked\. Is the network there\?"):
            run("check_sources")

    def test_two_runs_do_not_double(self, article, press):
        other = connections["default"].copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("select pg_advisory_lock(hashtext('archive check_sources'))")
            with pytest.raises(CommandError, match="Another check_sources is running"):
                run("check_sources")
            assert press.asked == []
        finally:
            with other.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock_all()")
            other.connection.close()
        assert run("check_sources").count("there") == 1


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
            "    participants: Jeyhun Bayramov (new)\n"
            "Names that the archive does not know:\n"
            "  participant (person) “Jeyhun Bayramov”, 1×, first in line 2; a draft is made of it\n"
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
            "remedy": "Correct it, or let a draft be made of it.",
        }
        assert row == {
            "line": 2, "verdict": "refused", "title": "Talks in Baku", "record": None, "version": None, "differences": [],
            "problems": [problem], "meant": "",
        }  # fmt: skip
        assert (whole["counts"], whole["stored"], [one["name"] for one in whole["unknown"]]) == (
            {"created": 0, "changed": 0, "unchanged": 0, "refused": 1},
            False,
            ["Jeyhun Bayramov"],
        )
        assert report.read_text("utf-8-sig").splitlines()[1] == (
            "2,refused,,Talks in Baku,participants,Jeyhun Bayramov,,"
            '"there is no participant “Jeyhun Bayramov”. Correct it, or let a draft be made of it."'
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


class TestSuggest:
    TEXT = "Levan Aslanov met Nino Lomidze on Monday. “We want a lasting peace,” Levan Aslanov said."

    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / "talks.txt"
        path.write_text(self.TEXT)
        return path

    def test_a_file_as_json(self, file):
        known = factories.ParticipantFactory(name="Levan Aslanov", kind="person")
        found = json.loads(
            run("suggest", str(file), "--language", "en", "--published", "2023-02-28", "--json")
        )
        assert list(found) == ["language", "quotations", "participants", "places", "dates", "meetings"]
        assert found["quotations"] == [
            {
                "start": 42,
                "end": 68,
                "text": "“We want a lasting peace,”",
                "reason": "Marks, and “Levan Aslanov” says so after them.",
                "speaker": "Levan Aslanov",
                "speaker_id": known.pk,
                "speaker_start": 69,
                "speaker_end": 82,
                "attribution": "Levan Aslanov said",
                "form": "direct",
                "within": None,
                "reported_by": None,
                "reported_by_id": None,
                "language": "en",
                "said_on": "2023-02-27",
                "meeting": 0,
            }
        ]
        assert [(one["name"], one["id"]) for one in found["participants"]] == [
            ("Levan Aslanov", known.pk),
            ("Nino Lomidze", None),
        ]
        assert [(one["text"], one["date"]) for one in found["dates"]] == [("Monday", "2023-02-27")]

    def test_a_file_for_reading(self, file):
        assert run("suggest", str(file), "--published", "2023-02-28").splitlines() == [
            "talks.txt (en)",
            "  quotation   42–68  Levan Aslanov: “We want a lasting peace,”",
            "  participant 0–13  Levan Aslanov (new)",
            "  participant 18–30  Nino Lomidze (new)",
            "  date        34–40  Monday: 2023-02-27",
            "  meeting     0–41  Talks between Aslanov and Lomidze, 2023-02-27 (new)",
        ]

    def test_nothing_is_stored(self, file):
        run("suggest", str(file), "--json")
        assert (Article.objects.count(), Meeting.objects.count(), Participant.objects.count()) == (0, 0, 0)

    def test_a_folder_gives_a_line_a_file_and_names_what_is_no_text(self, file):
        folder = file.parent
        (folder / "empty.txt").write_bytes(b"")
        (folder / "picture.txt").write_bytes(b"\xff\xfe\x00\xd8")
        (folder / "nul.txt").write_bytes(b"a\x00b")
        (folder / "notes.csv").write_text("no text of an article")
        out, err = StringIO(), StringIO()
        with pytest.raises(CommandError) as error:
            call_command("suggest", str(folder), "--json", stdout=out, stderr=err)
        rows = [json.loads(line) for line in out.getvalue().splitlines()]
        refused = [line.partition(":")[0] for line in err.getvalue().splitlines()]
        assert [(row["file"], len(row["quotations"])) for row in rows] == [("empty.txt", 0), ("talks.txt", 1)]
        assert refused == [str(folder / "nul.txt"), str(folder / "picture.txt")]
        assert str(error.value) == "2 of 4 files could not be read."

    def test_a_text_of_a_million_characters(self, tmp_path):
        path = tmp_path / "long.txt"
        path.write_text((self.TEXT + "\n") * 11_400)
        found = json.loads(run("suggest", str(path), "--language", "en", "--json"))
        assert (len(found["quotations"]), len(found["participants"])) == (11_400, 2)

    def test_an_archive_without_tables(self, file):
        out, err = StringIO(), StringIO()
        with connections["default"].cursor() as cursor:
            cursor.execute("set local search_path to pg_catalog")
        call_command("suggest", str(file), "--language", "en", "--json", stdout=out, stderr=err)
        found = json.loads(out.getvalue())
        note = "The archive has no tables yet (manage.py migrate makes them): by the text alone.\n"
        assert (err.getvalue(), [one["name"] for one in found["participants"]]) == (
            note,
            ["Levan Aslanov", "Nino Lomidze"],
        )
        assert [(one["speaker"], one["speaker_id"]) for one in found["quotations"]] == [
            ("Levan Aslanov", None)
        ]

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["--language", "klingon language"], "--language: "),
            (["--published", "Monday"], "--published: "),
            (["--published", "2023-02-31"], "--published: "),
        ],
    )
    def test_bad_options(self, file, words, message):
        with pytest.raises(CommandError) as error:
            run("suggest", str(file), *words)
        assert str(error.value).startswith(message)

    def test_no_such_file_and_an_empty_folder(self, tmp_path):
        with pytest.raises(CommandError) as missing:
            run("suggest", str(tmp_path / "nowhere.txt"))
        with pytest.raises(CommandError) as empty:
            run("suggest", str(tmp_path))
        assert (str(missing.value), str(empty.value)) == (
            f"There is no file or folder {tmp_path / 'nowhere.txt'}.",
            f"{tmp_path} holds no text files (.txt).",
        )
