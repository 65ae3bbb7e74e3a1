"""SQL that is written by hand for readers asks the database that the routers name: a replica's stranger would ask the primary otherwise."""

import ast

from django.conf import settings

# Written to, or read while nobody waits for a page.
FOR_EDITORS = {
    "models/merge.py",
    "models/history.py",
    "models/base.py",
    "models/duplicate.py",
    "models/name.py",
}


def test_nothing_that_readers_run_names_the_default_connection():
    found = {}
    for folder in ("reading", "models"):
        for path in (settings.BASE_DIR / "events" / folder).rglob("*.py"):
            name = str(path.relative_to(settings.BASE_DIR / "events"))
            lines = [
                node.lineno
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and (node.value.id, node.attr) == ("connection", "cursor")
            ]
            if lines and name not in FOR_EDITORS:
                found[name] = len(lines)
    # What commands make: the archive's words, and the index of the lists.
    assert found == {"reading/search/spelling.py": 1, "reading/facets/storing.py": 1}
