"""A database of its own for a generated archive, beside the archive's on the same server."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg.sql import SQL, Identifier

LONGEST_NAME = 63  # bytes; PostgreSQL cuts what is longer


class RefusedError(Exception):
    """The database is not to be filled; the message says why and what to do."""


def connect(name: str, *, autocommit: bool = True) -> psycopg.Connection[Any]:
    """A connection to another database of the archive's server. RefusedError where there is none."""
    try:
        return psycopg.connect(**{**_parameters(), "dbname": name}, autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise RefusedError(f"The database “{name}” cannot be opened: {str(error).strip()}") from error


def address(name: str) -> str:
    """The `DATABASE_URL` of a database of the archive's server, without its password."""
    given = _parameters()
    user, host, port = (str(given.pop(key, "") or "") for key in ("user", "host", "port"))
    given.pop("password", None)
    is_socket = host.startswith("/")
    options = {**({"host": host, "port": port} if is_socket else {}), **given}
    place = "" if is_socket else host + (f":{port}" if port else "")
    query = (
        f"?{urlencode({k: v for k, v in options.items() if v}, quote_via=quote, safe='')}" if options else ""
    )
    return f"postgresql://{quote(user, safe='')}@{place}/{quote(name, safe='')}{query}"


def _parameters() -> dict[str, Any]:
    """What psycopg needs to reach the archive's server, without the name of the database."""
    given = connection.get_connection_params()
    return {
        key: value
        for key, value in given.items()
        if key in ("user", "password", "host", "port", "options") or key.startswith(("ssl", "channel_"))
    }


def make(name: str) -> bool:
    """Make the database if there is none of this name; whether it was made. RefusedError for the archive's own and for names that
    PostgreSQL would cut, and where the account may make none."""
    if not name or len(name.encode()) > LONGEST_NAME or "\x00" in name:
        raise RefusedError(f"A database's name has 1 to {LONGEST_NAME} bytes: archive_generated_10000.")
    if name == connection.settings_dict["NAME"]:
        raise RefusedError(f"“{name}” is the archive's own database, which is not touched. Name another one.")
    with connect("postgres") as server:
        if server.execute("select from pg_database where datname = %s", [name]).fetchone() is not None:
            return False
        try:
            # As the archive's: see docs/operations.md.
            server.execute(
                SQL(
                    "create database {} template template0 encoding 'UTF8' locale_provider builtin locale 'C.UTF-8'"
                ).format(Identifier(name))
            )
        except psycopg.errors.InsufficientPrivilege as error:
            raise RefusedError(f"The account may make no database: {str(error).strip()}") from error
    return True


def drop(name: str) -> None:
    with connect("postgres") as server:
        server.execute(SQL("drop database if exists {} with (force)").format(Identifier(name)))


def refuse_foreign(name: str) -> None:
    """RefusedError where the database has tables and is no archive: it belongs to something else."""
    with connect(name) as database:
        tables = {
            table
            for (table,) in database.execute("select tablename from pg_tables where schemaname = 'public'")
        }
    if tables and "django_migrations" not in tables:
        raise RefusedError(f"The database “{name}” holds tables of something else. Name another one.")


@contextmanager
def in_place_of_the_archive(name: str) -> Iterator[None]:
    """Django's own connection leads to the database inside, so that all that Django has can be used with it."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def migrate(name: str) -> None:
    with in_place_of_the_archive(name):
        call_command("migrate", interactive=False, verbosity=0)
