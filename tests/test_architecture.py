"""Who may import whom: docs/architecture.md draws it, this test keeps it."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

EVENTS = settings.BASE_DIR / "events"
GROUND = {
    "addresses",
    "anchoring",
    "citations",
    "codes",
    "dates",
    "differences",
    "languages",
    "names",
    "quoting",
    "robots",
}
FLOORS = [
    GROUND,
    {"models"},
    {"editing", "reading"},
    {"admin", "views", "api", "templatetags", "management"},
    {"urls"},
]
FLOOR = {name: number for number, floor in enumerate(FLOORS) for name in floor}
FLOOR_OF_DJANGO = {"apps": 0, "migrations": 1}  # made and read by Django itself
MODULES = sorted(path for path in EVENTS.rglob("*.py") if path.name != "__init__.py" or path.parent != EVENTS)


def room(path: Path) -> str:
    """The module or package of the archive that a file belongs to."""
    return path.relative_to(EVENTS).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The dotted names that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_room_has_its_floor():
    assert {room(path) for path in MODULES} - set(FLOOR) - set(FLOOR_OF_DJANGO) == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(EVENTS)))
def test_imports_come_from_a_floor_below(path):
    floor = {**FLOOR, **FLOOR_OF_DJANGO}[room(path)]
    wrong = set()
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "caucasus":
            wrong.add(name)
        elif parts[0] == "events":
            below = {**FLOOR, **FLOOR_OF_DJANGO}[parts[1]]
            if not (below < floor or parts[1] == room(path) or room(path) == "migrations"):
                wrong.add(name)
        elif floor == 0 and parts[0] == "django" and room(path) in GROUND:
            wrong.add(name)
    assert wrong == set()


def test_the_project_meets_the_archive_in_one_file():
    meeting = {
        path.name
        for path in (settings.BASE_DIR / "caucasus").glob("*.py")
        if any(name.split(".")[0] == "events" for name in imported(path))
    }
    assert meeting == set()  # caucasus/urls.py and the settings name it by strings


def test_modules_stay_short():
    written = [path for path in MODULES if room(path) != "migrations"]
    assert {path.name for path in written if len(path.read_text().splitlines()) > 620} == set()
