"""The settings and what docs/operations.md says of them; each case in a process of its own, as settings are read once."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
KEY = "x" * 60
READERS = {"bool", "float", "int", "list", "path", "str"}


def names_read(path: Path) -> set[str]:
    """The names that this module reads: ``env.str("NAME")``, ``os.environ.get("NAME")``, ``os.environ["NAME"]`` and so on."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner, argument = ast.unparse(node.func.value), node.args[0]
            reads = (owner == "env" and node.func.attr in READERS) or owner == "os.environ"
        elif isinstance(node, ast.Subscript):
            argument, reads = node.slice, ast.unparse(node.value) == "os.environ"
        else:
            continue
        if reads and isinstance(argument, ast.Constant):
            names.add(str(argument.value))
    return names


def read_settings(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    code = f"from django.conf import settings; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={"PATH": os.defpath, "DJANGO_SETTINGS_MODULE": "caucasus.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_operations_explains_every_setting_and_no_other():
    modules = sorted((PROJECT / "caucasus").glob("*.py"))
    read = set().union(*map(names_read, modules)) - {"DJANGO_SETTINGS_MODULE"}
    page = (PROJECT / "docs" / "operations.md").read_text()
    table = page.partition("\n## Settings\n")[2].partition("\n## ")[0]
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    # Files that hold a secret are explained above the table.
    assert {name for name in read if not name.endswith("_FILE")} == explained
    assert [name for name in read if name.endswith("_FILE") and f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, 'Environment variable "SECRET_KEY" not set'),
        ({"SECRET_KEY": KEY, "DEBUG": "maybe"}, 'Environment variable "DEBUG" invalid: Not a valid boolean.'),
        (
            {"SECRET_KEY": KEY, "SECURE_HSTS_SECONDS": "a year"},
            '"SECURE_HSTS_SECONDS" invalid: Not a valid integer.',
        ),
        (
            {"SECRET_KEY": KEY, "FETCH_CONTACT": "a\r\nHost: b"},
            'Environment variable "FETCH_CONTACT" invalid:',
        ),
        ({"SECRET_KEY": KEY, "TRUSTED_PROXIES": "-1"}, '"TRUSTED_PROXIES" invalid:'),
        (
            {"SECRET_KEY": KEY, "LOG_LEVEL": "chatty"},
            '"LOG_LEVEL" invalid: [\'Must be one of: DEBUG, INFO, WARNING,',
        ),
        (
            {"SECRET_KEY": KEY, "DATABASE_URL": "postgresql//archive:hidden@host"},
            "DATABASE_URL is not an address of PostgreSQL. Right would be postgresql://archive:secret@localhost:5432/archive",
        ),
    ],
)
def test_wrong_settings_are_named(environment, message):
    result = read_settings("settings.DEBUG", **environment)
    assert result.returncode == 1
    assert message in result.stderr.splitlines()[-1]
    assert "hidden" not in result.stderr


def test_addresses_with_sockets_and_options_are_understood():
    result = read_settings(
        "[settings.DATABASES['default'][name] for name in ('NAME', 'USER', 'PASSWORD', 'HOST', 'PORT', 'OPTIONS')]",
        SECRET_KEY=KEY,
        DATABASE_URL="postgresql://archive:a%40b@/records?host=%2Frun%2Fpg&port=5433&sslmode=require",
        DATABASE_POOL_SIZE="3",
    )
    pool = {"min_size": 1, "max_size": 3, "timeout": 10}
    expected = ["records", "archive", "a@b", "/run/pg", "5433", {"sslmode": "require", "pool": pool}]
    assert result.stdout == f"{expected}\n"


def test_a_secret_may_stand_in_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("from a file\n")
    assert read_settings("settings.SECRET_KEY", SECRET_KEY_FILE=str(file)).stdout == "from a file\n"


HTTPS = [True, True, 31536000, "__Host-sessionid", "__Host-csrftoken", True]
PLAIN = [False, False, 0, "sessionid", "csrftoken", False]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, [*HTTPS, None]),
        ({"HTTPS": "false"}, [*PLAIN, None]),
        ({"DEBUG": "true"}, [*PLAIN, None]),
        ({"OTP_REQUIRED": "false"}, [*HTTPS[:-1], False, None]),
        ({"HTTPS": "false", "OTP_REQUIRED": "true"}, [*PLAIN[:-1], True, None]),
        ({"TRUST_FORWARDED_PROTO": "true"}, [*HTTPS, ("HTTP_X_FORWARDED_PROTO", "https")]),
    ],
)
def test_https_decides_what_follows_from_it(environment, expected):
    names = (
        "SESSION_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "OTP_REQUIRED",
        "SECURE_PROXY_SSL_HEADER",
    )
    result = read_settings(f"[getattr(settings, name) for name in {names}]", SECRET_KEY=KEY, **environment)
    assert result.stdout == f"{expected}\n"
