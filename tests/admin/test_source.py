"""Editors see what became of sources, check one now, and take captures away as files."""

import re
import threading

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client

from events.editing import visiting
from events.models import Article, Quotation, SourceCheck
from tests import factories
from tests.admin.desk import shown, staff
from tests.press import answer

pytestmark = pytest.mark.django_db
BODY = "<title>Talks</title><article><p>They met in Baku. “We signed it all”, he said, and left the room.</p></article>"
STORED = b"\x1f\x8b<script>alert(1)</script>"


@pytest.fixture
def editor():
    client = Client()
    client.force_login(staff("Editor"))
    return client


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(visiting, "DELAY", 0.0)


@pytest.fixture
def article(press):
    press.pages["/a"] = answer(BODY)
    return factories.ArticleFactory(title="Talks", url=press.url("/a"), status="draft")


@pytest.fixture
def quotation(article):
    return factories.QuotationFactory(article=article, exact="“We signed it all”", status="draft")


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


class TestCheckNow:
    def press_action(self, client, *articles):
        data = {
            "action": "check_source",
            "_selected_action": [article.pk for article in articles],
            "index": "0",
        }
        return client.post("/admin/events/article/", data, follow=True)

    def test_from_the_list(self, editor, article, quotation, press):
        lost = factories.ArticleFactory(title="Lost", url=press.url("/lost"))
        bare = factories.ArticleFactory(title="Bare")
        press.pages["/broken"] = b""
        broken = factories.ArticleFactory(title="Broken", url=press.url("/broken"))
        assert said(self.press_action(editor, article, lost, bare, broken)) == [
            "“Talks”: the page is there; 1 quotation: in the source; a new snapshot is stored.",
            "“Lost”: the page is gone; a new snapshot is stored.",
            "“Bare” has no address to ask.",
            "“Broken”: The server broke off, or its answer could not be understood.",
        ]

    def test_of_few_at_once(self, editor, press):
        articles = [factories.ArticleFactory(url=press.url(f"/{n}")) for n in range(6)]
        assert said(self.press_action(editor, *articles)) == [
            "Choose at most 5 articles: you wait for their servers. The nightly run checks all others."
        ]
        assert press.asked == []

    def test_from_the_article(self, editor, article, quotation):
        page = f"/admin/events/article/{article.pk}/"
        assert f'action="{page}check/"' in editor.get(f"{page}change/").content.decode()
        assert editor.get(f"{page}check/").status_code == 405
        response = editor.post(f"{page}check/", follow=True)
        assert (response.redirect_chain, said(response)) == (
            [(f"{page}change/", 302)],
            ["“Talks”: the page is there; 1 quotation: in the source; a new snapshot is stored."],
        )
        body = response.content.decode()
        assert re.search(r"In the source on \w+\. \d+, 2\d{3}", body)
        assert f'/admin/events/snapshot/?article__id__exact={article.pk}">Snapshots</a>' in body
        assert said(editor.post(f"{page}check/", follow=True)) == [
            "“Talks”: the page is there; 1 quotation: in the source; nothing new to store."
        ]

    def test_asks_for_the_right_to_change_articles(self, article, press):
        for user in (staff(), factories.EditorFactory()):
            client = Client()
            client.force_login(user)
            assert client.post(f"/admin/events/article/{article.pk}/check/").status_code == 403
            self.press_action(client, article)
        assert Client().post(f"/admin/events/article/{article.pk}/check/").status_code == 302
        assert press.asked == []

    def test_is_a_form_that_no_other_site_can_send(self, article, press):
        client = Client(enforce_csrf_checks=True)
        client.force_login(staff("Editor"))
        assert client.post(f"/admin/events/article/{article.pk}/check/").status_code == 403
        assert press.asked == []

    @pytest.mark.parametrize("number", ["0", "999999999", "99999999999999999999999"])
    def test_of_an_article_that_is_not_there(self, editor, number):
        assert editor.post(f"/admin/events/article/{number}/check/").status_code == 404


class TestStates:
    @pytest.mark.parametrize(
        ("fields", "shown"),
        [
            ({}, "In the source on May 3, 2026"),
            ({"state": "changed", "nearest": "<b>We sign"}, "Source changed, last seen May 3, 2026. Nearest words there now: “&lt;b&gt;We sign”"),
            ({"state": "gone", "seen_at": None, "seen_in": None}, "Source gone since May 3, 2026, never seen there"),
        ],
    )  # fmt: skip
    def test_stand_on_the_pages_of_quotation_and_article(self, editor, quotation, fields, shown):
        factories.SourceCheckFactory(quotation=quotation, **fields)
        for page in (f"quotation/{quotation.pk}", f"article/{quotation.article.pk}"):
            assert shown in editor.get(f"/admin/events/{page}/change/").content.decode()

    def test_stand_in_the_list_in_short(self, editor, quotation):
        factories.SourceCheckFactory(quotation=quotation, state="changed", nearest="We sign")
        body = editor.get("/admin/events/quotation/").content.decode()
        assert '<td class="field-source_mark">Source changed, last seen May 3, 2026</td>' in body

    def test_narrow_the_list_of_quotations(self, editor, quotation):
        factories.SourceCheckFactory(quotation=factories.QuotationFactory(), state="gone")
        factories.SourceCheckFactory(quotation=factories.QuotationFactory())
        found = {
            value: list(editor.get(f"/admin/events/quotation/?source={value}").context["cl"].queryset.values_list("pk", flat=True))
            for value in ("gone", "none", "moved")
        }  # fmt: skip
        gone = SourceCheck.objects.get(state="gone").quotation_id
        assert found == {"gone": [gone], "none": [quotation.pk], "moved": []}
        assert editor.get("/admin/events/quotation/?source=%00x").status_code in (200, 302)

    def test_cost_no_query_for_each_row(self, editor, django_assert_num_queries):
        def rows(number: int) -> None:
            for _ in range(number):
                factories.SourceCheckFactory(quotation=factories.QuotationFactory())

        editor.get("/admin/events/quotation/")
        for _ in range(2):
            rows(2)
            with django_assert_num_queries(11):
                editor.get("/admin/events/quotation/")


class TestSnapshots:
    @pytest.fixture
    def snapshot(self, article):
        one = factories.SnapshotFactory.build(
            article=article, text="<script>alert(1)</script>\nline", media_type="text/html"
        )
        one.file.save("one.warc.gz", ContentFile(STORED), save=False)
        one.save()
        return one

    def test_are_downloaded_and_never_shown(self, editor, snapshot):
        answer = editor.get(f"/admin/events/snapshot/{snapshot.pk}/file/")
        assert b"".join(answer.streaming_content) == STORED
        headers = {
            name: answer.headers.get(name)
            for name in (
                "Content-Type",
                "Content-Disposition",
                "Content-Security-Policy",
                "X-Content-Type-Options",
                "Content-Encoding",
            )
        }
        name = snapshot.file.name.rpartition("/")[2]
        assert headers == {
            "Content-Type": "application/warc",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Content-Encoding": None,
        }  # fmt: skip

    def test_show_their_text_as_text(self, editor, snapshot):
        body = editor.get(f"/admin/events/snapshot/{snapshot.pk}/change/").content.decode()
        assert ("&lt;script&gt;alert(1)&lt;/script&gt;" in body, "<script>alert(1)" in body) == (True, False)
        assert f'<a href="/admin/events/snapshot/{snapshot.pk}/file/" download>' in body
        assert snapshot.file.name not in body
        assert [
            editor.get(f"/{folder}{snapshot.file.name}").status_code for folder in ("", "media/", "static/")
        ] == [404] * 3

    def test_are_for_those_who_may_see_them(self, snapshot):
        page = f"/admin/events/snapshot/{snapshot.pk}/file/"
        reader, outsider = Client(), Client()
        reader.force_login(factories.UserFactory())
        outsider.force_login(staff())
        assert [client.get(page).status_code for client in (Client(), reader, outsider)] == [302, 302, 403]

    def test_that_are_not_there(self, editor, snapshot):
        bare = factories.SnapshotFactory()
        snapshot.file.storage.delete(snapshot.file.name)
        pages = [f"/admin/events/snapshot/{number}/file/" for number in (0, 10**30, bare.pk, snapshot.pk)]
        assert [editor.get(page).status_code for page in pages] == [404] * 4
        assert editor.get(f"/admin/events/snapshot/{bare.pk}/change/").status_code == 200

    def test_of_one_article_are_listed(self, editor, snapshot):
        other = factories.SnapshotFactory()
        page = editor.get(f"/admin/events/snapshot/?article__id__exact={snapshot.article_id}")
        assert (list(page.context["cl"].queryset), other.article_id == snapshot.article_id) == (
            [snapshot],
            False,
        )


@pytest.mark.django_db(transaction=True)
def test_a_check_and_an_editor_who_saves_the_quotation_lock_in_one_order(article, quotation):
    client = Client()
    client.force_login(
        factories.UserFactory(is_staff=True, is_superuser=True)
    )  # groups are gone after a flush
    address = f"/admin/events/quotation/{quotation.pk}/change/"
    sent = shown(client.get(address)) | {"attribution": "he said"}
    answers = []

    def save() -> None:
        try:
            answers.append(client.post(address, sent).status_code)
        finally:
            connection.close()

    saving = threading.Thread(target=save)
    with transaction.atomic():
        list(Article.objects.select_for_update(no_key=True).filter(pk=article.pk))
        saving.start()
        waiting = "select exists (select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid)))"
        with connection.cursor() as cursor:
            while saving.is_alive():
                cursor.execute(waiting)
                if cursor.fetchone()[0]:
                    break
        # The editor waits for the article, and holds nothing that a check needs next.
        list(Quotation.objects.select_for_update(no_key=True, nowait=True).filter(article=article))
    saving.join()
    quotation.refresh_from_db()
    assert (answers, quotation.attribution) == ([302], "he said")
