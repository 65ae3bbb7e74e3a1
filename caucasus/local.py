"""What a run on one machine needs and production must bring itself: a secret key, plain HTTP, and a database."""

import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from caucasus import database

VAR_DIR = database.PROJECT_DIR / "var"
WITHOUT_DATABASE = {
    "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages", "version"
}  # fmt: skip


def say(step: str, text: str) -> None:
    """Write the line of one step, at once even where the output is a pipe."""
    sys.stdout.write(f"{step:<16}{text}\n")
    sys.stdout.flush()


def keep_secret(path: Path, length: int) -> str:
    """The secret that this file keeps (mode 0600), made at first use from ``length`` random bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(length)
        file.write(secret + "\n")
    return secret


def configure() -> None:
    """Without a ``SECRET_KEY`` in the environment this is a run on a machine of one's own: give it a key, and plain HTTP.

    To be called before the settings are read. The web server never calls it: there a missing key is an error.
    """
    if not (os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE")):
        os.environ["SECRET_KEY"] = keep_secret(VAR_DIR / "secret-key", 48)
        os.environ.setdefault("HTTPS", "false")


def prepare_command(argv: Sequence[str]) -> None:
    """Make ready what ``manage.py`` with these words needs; ends the process with a message where the database cannot start.

    ``makemigrations`` only compares the history with the database, so it goes on without one.
    """
    configure()
    command = argv[1] if len(argv) > 1 else "help"
    if command in WITHOUT_DATABASE or command.startswith("-") or {"-h", "--help"} & set(argv):
        return
    try:
        database.ensure()
    except database.DatabaseUnavailableError as error:
        if command != "makemigrations":
            sys.exit(str(error))
        sys.stderr.write(f"{error}\nThe history of migrations is not compared with a database.\n")
