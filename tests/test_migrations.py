import importlib
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

FOLDER = Path(settings.BASE_DIR / "events" / "migrations")
LATEST = max(path.stem for path in FOLDER.glob("0*.py"))


@pytest.mark.django_db
def test_no_change_of_a_model_waits_for_its_migration():
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert out.getvalue() == "No changes detected\n"


def test_migrations_are_numbered_and_named_by_verb_and_noun():
    names = sorted(path.stem for path in FOLDER.glob("0*.py"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    assert [name for name in names if not re.fullmatch(r"\d{4}_[a-z]+_[a-z_]+", name) or "auto" in name] == []


def tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename from pg_tables where tablename like 'events_%' union"
            " select proname from pg_proc where proname like 'archive_%'"
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_all_of_it_can_be_taken_back_and_made_again():
    before = tables()
    try:
        MigrationExecutor(connection).migrate([("events", None)])
        assert tables() == set()
    finally:
        MigrationExecutor(connection).migrate([("events", LATEST)])
    assert tables() == before


@pytest.mark.django_db(transaction=True)
def test_records_that_had_no_history_get_their_first_versions(client):
    """Landed archives stand at 0008: what is there becomes the first version, whatever its number, and pages of it can be cited."""
    from events.models import Article, Change, Meeting, Version
    from tests import factories
    from tests.models.test_base import RECORDS

    factories.fill(2)
    meeting = factories.MeetingFactory(title="Talks")
    meeting.save()
    factories.ArticleFactory(status="draft")
    numbers = {model: sorted(model.objects.values_list("pk", "version")) for model in RECORDS}
    try:
        MigrationExecutor(connection).migrate([("events", "0008_keep_proposals")])
        assert {model: sorted(model.objects.values_list("pk", "version")) for model in RECORDS} == numbers
    finally:
        MigrationExecutor(connection).migrate([("events", LATEST)])
    versions = {
        model: sorted(Version.objects.filter(noun=model._meta.model_name).values_list("record", "number"))
        for model in RECORDS
    }
    assert (versions, versions[Article] != []) == (numbers, True)
    assert set(Change.objects.values_list("via", "comment", "user")) == {("beginning", "", None)}
    meeting.refresh_from_db()
    meeting.title = "Visit"
    meeting.save()
    assert list(Version.objects.of(meeting).values_list("number", "change__via")) == [
        (3, "other"),
        (2, "beginning"),
    ]
    pages = [client.get(f"{meeting.get_absolute_url()}?version={number}") for number in (2, 3)]
    assert [(page.status_code, str(page.context["record"])) for page in pages] == [
        (200, "Talks"),
        (200, "Visit"),
    ]
    assert Meeting.objects.get(pk=meeting.pk).version == 3


@pytest.mark.django_db
def test_groups_hold_exactly_their_rights():
    from django.contrib.auth.models import Group

    records = ("participant", "place", "topic", "meeting", "agreement", "outlet", "article", "quotation")
    rows = ("name", "tenure", "attendance", "coverage")
    editor = {f"{action}_{noun}" for noun in records for action in ("add", "change", "view")}
    editor |= {f"{action}_{noun}" for noun in rows for action in ("add", "change", "view", "delete")}
    editor |= {"view_snapshot"}
    held = {
        group.name: {right.codename for right in group.permissions.all()}
        for group in Group.objects.prefetch_related("permissions")
    }
    assert held == {
        "Editor": editor,
        "Reviewer": editor | {f"publish_{noun}" for noun in records},
        "Administrator": {
            "add_user",
            "change_user",
            "view_user",
            "view_group",
            "view_accesslog",
            "view_accessfailurelog",
            "view_accessattempt",
        },
    }


@pytest.mark.django_db
def test_addresses_get_their_new_keys_unless_another_article_has_them():
    from django.apps import apps

    from events.models import Article
    from tests import factories

    step = importlib.import_module("events.migrations.0005_hold_incoming_articles")
    moved, taken = (factories.ArticleFactory(url=f"https://m.civil.ge/{n}") for n in (1, 2))
    for old in (moved, taken):
        Article.objects.filter(pk=old.pk).update(url_key=f"old {old.pk}")
    other = factories.ArticleFactory(url="https://civil.ge/2")
    step.renew_keys(apps, None)
    keys = list(Article.objects.order_by("pk").values_list("url_key", flat=True))
    assert keys == [moved.url_key, f"old {taken.pk}", other.url_key]
