"""What was read waits for its editor, and becomes a snapshot of just what was fetched."""

import dataclasses
import gzip
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.editing import capture, fetching, incoming
from events.models import IncomingArticle
from events.models.incoming import MOST_OF_ONE_EDITOR
from tests import factories
from tests.press import answer, moved

pytestmark = pytest.mark.django_db

DRAFT = capture.Draft(text="Talks\nThey met.", title="Talks", authors=("A", "B"), language="en")


def test_a_page_survives_as_it_was_fetched(press):
    press.pages["/old"] = moved("/new")
    press.pages["/new"] = answer(
        gzip.compress("<p>Привет \x00".encode("cp1251")),
        content_encoding="gzip",
        content_type="text/html; charset=windows-1251",
        x_odd="\xe9",
    )
    page = fetching.fetch(press.url("/old"))
    assert incoming.unpacked(incoming.packed(page)) == page
    assert page.body == "<p>Привет \x00".encode("cp1251")


def test_only_its_editor_finds_it():
    ani, giorgi = factories.UserFactory(), factories.UserFactory()
    held = incoming.hold(DRAFT, ani)
    found = [
        incoming.find(token, user)
        for token, user in ((str(held.pk), ani), (str(held.pk), giorgi), ("x", ani), ("", ani))
    ]
    assert found == [held, None, None, None]
    assert held.reading == {
        "title": "Talks",
        "authors": ["A", "B"],
        "published_on": "",
        "language": "en",
        "outlet": None,
        "url": "",
        "text": "Talks\nThey met.",
        "byline": "",
    }


def test_after_two_days_it_is_gone():
    user = factories.UserFactory()
    held = incoming.hold(DRAFT, user)
    IncomingArticle.objects.update(read_at=timezone.now() - timedelta(days=2, seconds=1))
    assert incoming.find(str(held.pk), user) is None
    new = incoming.hold(DRAFT, factories.UserFactory())
    assert list(IncomingArticle.objects.all()) == [new]


def test_one_editor_has_so_many_and_no_more():
    user, other = factories.UserFactory(), factories.UserFactory()
    kept = incoming.hold(DRAFT, other)
    _first, *rest = [incoming.hold(DRAFT, user) for _n in range(MOST_OF_ONE_EDITOR + 1)]
    assert set(IncomingArticle.objects.all()) == {kept, *rest}


def test_what_is_stored_is_forgotten_but_for_the_article(press):
    press.pages["/"] = answer("<p>x")
    user = factories.UserFactory()
    page = fetching.fetch(press.url("/"))
    held = incoming.hold(dataclasses.replace(DRAFT, page=page, page_text="Talks"), user)
    article = factories.ArticleFactory()
    incoming.settle(incoming.find(str(held.pk), user, lock=True), article)
    held.refresh_from_db()
    snapshot = article.snapshots.get()
    assert (held.article, held.page, held.page_text, held.reading) == (article, None, "", {})
    assert (snapshot.text, snapshot.final_url, snapshot.fetched_at) == (
        "Talks",
        page.final_url,
        page.fetched_at,
    )


def test_the_database_keeps_no_page_beside_an_article():
    held = incoming.hold(DRAFT, factories.UserFactory())
    with pytest.raises(IntegrityError, match="incomingarticle_page_until_stored"), transaction.atomic():
        IncomingArticle.objects.filter(pk=held.pk).update(article=factories.ArticleFactory(), page=b"x")
