"""Somebody at the desk, with the text that the tests record."""

import pytest
from django.conf import settings

from events.models import Article
from tests import factories
from tests.admin.desk import add, staff

TEXT = (settings.BASE_DIR / "tests" / "data" / "visit.txt").read_text()


@pytest.fixture
def editor(client):
    """Somebody at the desk with the rights of both groups; what each group may is tests/editing/test_workflow.py's."""
    client.force_login(staff("Editor", "Reviewer"))
    return client


@pytest.fixture
def article(editor):
    add(editor, "article", text=TEXT, language="fr", published_on="2018-03-14")
    return Article.objects.get()


@pytest.fixture
def people():
    offices = {
        "Miran Talver": "Minister of Foreign Affairs",
        "Ilyas Korrend": "President",
        "Jana Vesk": "Minister of Foreign Affairs",
        "Oren Halvard": "President",
    }
    found = {}
    for name, office in offices.items():
        found[name] = factories.ParticipantFactory(name=name)
        factories.TenureFactory(person=found[name], title=office, period="2015/2020")
    return found
