"""What stands between an empty database and an archive that can be read and edited. Every step may be repeated.

Run as a module by caucasus/launcher.py: ``python -m caucasus.preparation [--demo-editor]``.
"""

import hashlib
import io
import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from environs import EnvError

from caucasus import local

DEMO_EDITOR = "editor"
DEMO_GROUPS = ("Editor", "Reviewer")
PASSWORD_FILE = local.VAR_DIR / "demo-editor.txt"


def migrate() -> None:
    """Bring the tables to the state that the code needs."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    call_command("migrate", interactive=False, verbosity=0)
    local.say("Migrations", f"{missing} applied" if missing else "nothing to do")


def collect_static() -> None:
    """Lay the static files, with names that carry a digest, where whitenoise serves them from; 4 s, or 0.05 s if none has changed."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name} {storage.path(name)} {os.stat(storage.path(name)).st_mtime_ns}\n".encode())
    done = Path(settings.STATIC_ROOT) / ".collected"
    if done.exists() and done.read_text() == digest.hexdigest():
        local.say("Static files", "nothing to do")
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    done.write_text(digest.hexdigest())
    local.say("Static files", f"collected in {settings.STATIC_ROOT}")


def load_sample() -> None:
    """Load the sample archive, unless there are records already."""
    told = io.StringIO()
    call_command("load_sample", if_empty=True, stdout=told)
    local.say("Sample archive", told.getvalue().strip().replace("\n", "\n" + " " * 16))


def build_index() -> None:
    """What lists of a large archive are answered from, and the words that spellings are suggested from."""
    told = io.StringIO()
    call_command("build_index", if_needed=True, stdout=told)
    local.say("Index", told.getvalue().strip().replace("\n", "\n" + " " * 16))


def make_demo_editor() -> None:
    """An account to try the admin with. Its password is made at the first run and kept in a file that its owner alone can read.

    An account that is there already keeps its password, unless the file is gone.
    """
    known = PASSWORD_FILE.exists()
    password = local.keep_secret(PASSWORD_FILE, 12)
    with transaction.atomic():
        account, created = get_user_model().objects.get_or_create(
            username=DEMO_EDITOR, defaults={"is_staff": True}
        )
        if created or not known:
            account.set_password(password)
            account.save()
        account.groups.add(*apps.get_model("auth", "Group").objects.filter(name__in=DEMO_GROUPS))
    local.say("Demo editor", f'sign in at /admin/ as "{DEMO_EDITOR}" with the password in {PASSWORD_FILE}')


def main(words: list[str]) -> None:
    """All steps in order; ends the process with a message where one fails."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
    try:
        django.setup()
        migrate()
        collect_static()
        load_sample()
        build_index()
        if "--demo-editor" in words:
            make_demo_editor()
        else:
            local.say(
                "Sign in", "at /admin/ with an account of this database (manage.py createsuperuser makes one)"
            )
    except (EnvError, ImproperlyConfigured) as error:
        sys.exit(f"The settings are not right: {error}")
    except DatabaseError as error:
        sys.exit(f"The database refused: {str(error).strip()}")
    except CommandError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1:])
