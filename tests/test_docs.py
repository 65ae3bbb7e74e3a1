"""What the pages for people say exists: links, files, commands, options, rules."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.db import connection

PROJECT = Path(__file__).resolve().parent.parent
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob("sample/*.md")])
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))


def anchors(page: Path) -> set[str]:
    """The anchors that a forge makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def code(page: Path) -> list[str]:
    """What stands in backquotes or in blocks of code."""
    text = page.read_text()
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", rest)


def test_there_are_pages():
    assert {str(page.relative_to(PROJECT)) for page in PAGES} == {
        "CHANGELOG.md",
        "README.md",
        "docs/adding-a-field.md",
        "docs/architecture.md",
        "docs/data-model.md",
        "docs/editing.md",
        "docs/operations.md",
        "docs/performance.md",
        "sample/README.md",
    }


@EACH_PAGE
def test_links_lead_somewhere(page):
    broken = []
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        if target.startswith(("http://", "https://")):
            continue
        name, _hash, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


@EACH_PAGE
def test_files_that_are_named_exist(page):
    named = {
        word.rstrip(".,;:")
        for piece in code(page)
        for word in piece.split()
        if re.fullmatch(r"(?:\.?[a-z_]+/)+[a-z_0-9.-]*\.(?:py|html|css|js|md|csv|txt|yml)", word)
        and not word.startswith(("var/", "src/"))
    }
    bases = [PROJECT, PROJECT / "events", PROJECT / "sample"]
    assert [name for name in sorted(named) if not any((base / name).exists() for base in bases)] == []


@EACH_PAGE
def test_commands_that_are_named_exist(page):
    known = get_commands()
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    wrong = []
    for line in code(page):
        for name, words in re.findall(r"manage\.py (\w+)([^|;&]*)", line):
            if name not in known:
                wrong.append(name)
                continue
            owner = known[name] if isinstance(known[name], str) else known[name].name
            parser = load_command_class(owner, name).create_parser("manage.py", name)
            options = {option for action in parser._actions for option in action.option_strings}
            wrong += [word for word in re.findall(r"(?<=\s)--[a-z-]+", words) if word not in options]
        wrong += [name for name in re.findall(r"(?:^|\s)make ([a-z]+)\b", line) if name not in targets]
    assert wrong == []


@pytest.mark.django_db
def test_the_rules_that_the_data_model_names_are_the_databases():
    page = (PROJECT / "docs" / "data-model.md").read_text()
    table = page.partition("## Rules that the database keeps")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z_…]+)`", table))
    with connection.cursor() as cursor:
        cursor.execute(
            "select conname from pg_constraint union select tgname from pg_trigger union select indexname from pg_indexes"
            " union select m[1]"
            " from pg_proc, regexp_matches(prosrc, $$constraint = '(\\w+)'$$, 'g') as m"
        )
        known = {name for (name,) in cursor.fetchall()}
    missing = [
        name
        for name in sorted(named)
        if not any(re.fullmatch(name.replace("…", r"\w+"), one) for one in known)
    ]
    assert (missing, len(named) > 15) == ([], True)
