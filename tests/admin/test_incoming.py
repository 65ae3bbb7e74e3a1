"""An editor brings an article in from an address, a file or a text, and stores it from the article's own form."""

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from events.models import Article, IncomingArticle, Snapshot
from tests import factories
from tests.admin.desk import errors, shown, staff
from tests.press import answer

pytestmark = pytest.mark.django_db

PAGES = project.BASE_DIR / "tests" / "data" / "pages"
START = "/admin/events/article/from-address/"
TEXT = "Talks in Port Aster\nBy Ada Lorne and Nino Beridze\nThe ministers met on Tuesday and spoke for two hours."


@pytest.fixture
def page(press):
    press.pages["/1"] = answer((PAGES / "press-fr.html").read_bytes())
    return press.url("/1")


def read(editor, **sent):
    """Send the first form; the address of the second."""
    response = editor.post(START, sent)
    assert response.status_code == 302, response.context["form"].errors
    return response.headers["Location"]


def messages(response):
    return [str(message) for message in response.context["messages"]]


def test_from_an_address_to_a_draft_with_its_snapshot(editor, press, page):
    outlet = factories.OutletFactory(host="127.0.0.1")
    form = read(editor, url=page)
    assert (Article.objects.count(), Snapshot.objects.count()) == (0, 0)
    opened = editor.get(form)
    sent = shown(opened)
    wanted = ("title", "authors", "published_on", "language", "outlet", "url", "text")
    assert {name: sent[name] for name in wanted} == {
        "title": "À Port-Aster, le pari du dialogue",
        "authors": "Claire Duval;AFP",
        "published_on": "2023-02-28",
        "language": "fr",
        "outlet": str(outlet.pk),
        "url": page,
        "text": (PAGES / "press-fr.txt").read_text().removesuffix("\n").replace("\n", "\r\n"),
    }
    said = " ".join(opened.content.decode().split())
    assert f"Read from <b>{page}</b>. <strong>Nothing is stored yet.</strong>" in said
    assert "Not found:" not in said

    response = editor.post(form, {**sent, "title": "Le pari du dialogue"})
    article = Article.objects.get()
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/admin/events/article/{article.pk}/change/",
    )
    snapshot = article.snapshots.get()
    assert (article.title, article.status, article.created_by, article.url) == (
        "Le pari du dialogue",
        "draft",
        article.updated_by,
        page,
    )
    assert (snapshot.final_url, snapshot.text + "\n", press.paths) == (
        page,
        (PAGES / "press-fr.txt").read_text(),
        ["/1"],
    )


def test_what_the_browser_sends_back_does_not_change_the_snapshot(editor, page):
    form = read(editor, url=page)
    editor.post(form, {**shown(editor.get(form)), "text": "Another text.\nOf two lines.", "url": ""})
    article = Article.objects.get()
    assert (article.text, article.snapshots.get().text + "\n") == (
        "Another text.\nOf two lines.",
        (PAGES / "press-fr.txt").read_text(),
    )


@pytest.mark.parametrize(
    ("name", "source"),
    [("a.html", "press-fr.html"), ("gov.pdf", "gov-hy.html")],  # the content says what it is, not the name
)
def test_from_a_file(editor, name, source):
    file = SimpleUploadedFile(name, (PAGES / source).read_bytes())
    form = read(editor, file=file, url="https://press.example/1", text="")
    opened = editor.get(form)
    assert f"Read from <b>{name}</b>." in " ".join(opened.content.decode().split())
    editor.post(form, shown(opened))
    article = Article.objects.get()
    assert (article.text + "\n", article.url, article.snapshots.count()) == (
        (PAGES / source).with_suffix(".txt").read_text(),
        "https://press.example/1",
        0,
    )


def test_from_a_pasted_text(editor):
    form = read(editor, text=TEXT)
    opened = editor.get(form)
    said = " ".join(opened.content.decode().split())
    assert "Read from the pasted text." in said
    assert "Not found: outlet, published. Leave empty what you do not know." in said
    assert "The byline “By Ada Lorne and Nino Beridze” was taken off the text." in said
    editor.post(form, shown(opened))
    article = Article.objects.get()
    assert (article.title, article.authors, article.language) == (
        "Talks in Port Aster",
        ["Ada Lorne", "Nino Beridze"],
        "en",
    )


class TestRefused:
    @pytest.mark.parametrize(
        ("sent", "field", "message"),
        [
            ({}, "url", "Give an address, a file or a text."),
            ({"url": "civil.ge/1"}, "url", "“civil.ge/1” is not the address of a web page. Write it whole: https://www.example.org/news/1234"),
            ({"url": "http://\x00"}, "url", "Null characters are not allowed."),
            ({"url": "x" * 2001}, "url", "Ensure this value has at most 2000 characters (it has 2001)."),
            ({"text": "a\x00b"}, "text", "Null characters are not allowed."),
            ({"text": "a\x01b"}, "text", "Line 1 holds the character U+0001, which no text can hold. Take it out and try again."),
            ({"text": "x " * 1_000_001}, "text", "The text has 2,000,002 characters; the archive takes up to 2,000,000. Split it into several articles."),
            ({"file": SimpleUploadedFile("a.txt", b"")}, "file", "There is no text. Paste the article’s words."),
            ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")}, "file", "This PDF cannot be read: it is damaged or incomplete."),
            ({"file": SimpleUploadedFile("a.txt", b"x" * (20 * 1024 * 1024 + 1))}, "file", "The file is larger than 20 MB."),
            ({"file": SimpleUploadedFile("a.txt", b"x y"), "text": "x"}, "text", "There is a file and a text. Give one of them."),
        ],
        ids=range(11),
    )  # fmt: skip
    def test_what_gives_no_article(self, editor, sent, field, message):
        response = editor.post(START, sent)
        assert (response.status_code, dict(response.context["form"].errors)) == (200, {field: [message]})
        assert (Article.objects.count(), IncomingArticle.objects.count()) == (0, 0)

    def test_a_page_that_is_not_there(self, editor, press):
        response = editor.post(START, {"url": press.url("/none")})
        assert response.context["form"].errors["url"] == [
            "The server says that there is no such page (404 Not Found). Look the address up again, or paste the text."
        ]
        assert response.context["form"]["url"].value() == press.url("/none")

    def test_an_article_that_is_here_is_named_and_linked(self, editor, press, page):
        known = factories.ArticleFactory(title="Known <b>", url=page, status="draft")
        response = editor.post(START, {"url": f"{page}?utm_source=x"})
        said = " ".join(response.content.decode().split())
        assert f"number {known.pk}, “Known &lt;b&gt;” (draft). Nothing was stored." in said
        assert f'href="/admin/events/article/{known.pk}/change/"' in said
        assert (press.paths, IncomingArticle.objects.count()) == ([], 0)

    def test_whoever_may_not_add_articles(self, client):
        client.force_login(staff())
        assert [client.get(START).status_code, client.post(START, {"text": TEXT}).status_code] == [403, 403]

    def test_whoever_is_not_signed_in(self, client):
        response = client.get(START)
        assert (response.status_code, response.headers["Location"]) == (302, f"/admin/login/?next={START}")

    def test_a_form_of_another_site(self, editor):
        editor.handler.enforce_csrf_checks = True
        assert editor.post(START, {"text": TEXT}).status_code == 403


class TestLater:
    """The form opened again, in two windows, sent twice, or too late."""

    def test_sent_twice_it_is_stored_once(self, editor, page):
        form = read(editor, url=page)
        sent = shown(editor.get(form))
        editor.post(form, sent)
        article = Article.objects.get()
        for response in (editor.post(form, sent, follow=True), editor.get(form, follow=True)):
            assert response.redirect_chain == [(f"/admin/events/article/{article.pk}/change/", 302)]
            assert (
                f"This was stored already, as number {article.pk}. Nothing was stored a second time."
                in messages(response)
            )
        assert (Article.objects.count(), Snapshot.objects.count()) == (1, 1)

    def test_read_twice_the_second_is_refused_by_name(self, editor, page):
        first, second = read(editor, url=page), read(editor, url=page)
        sent = shown(editor.get(second))
        editor.post(first, shown(editor.get(first)))
        article = Article.objects.get()
        response = editor.post(second, sent)
        assert errors(response) == {
            "text": [f"The archive has this article already: number {article.pk}, “{article.title}” (draft)."]
        }
        assert "Nothing is stored yet." in response.content.decode()
        assert (Article.objects.count(), Snapshot.objects.count()) == (1, 1)

    def test_a_refused_form_keeps_what_was_fetched(self, editor, page):
        form = read(editor, url=page)
        refused = editor.post(form, {**shown(editor.get(form)), "published_on": "yesterday"})
        assert set(errors(refused)) == {"published_on"}
        editor.post(form, {**shown(refused), "published_on": "2023"})
        assert (Article.objects.get().published_on, Snapshot.objects.count()) == ("2023", 1)

    def test_opened_too_late_it_is_read_again(self, editor, page):
        form = read(editor, url=page)
        IncomingArticle.objects.update(read_at=timezone.now() - timedelta(days=3))
        response = editor.get(form, follow=True)
        assert response.redirect_chain == [(START, 302)]
        assert messages(response) == [
            "What was read is no longer kept, or was read by somebody else. Read it again here."
        ]

    def test_sent_too_late_the_words_are_stored_all_the_same(self, editor, page):
        form = read(editor, url=page)
        sent = shown(editor.get(form))
        IncomingArticle.objects.all().delete()
        response = editor.post(form, sent, follow=True)
        assert (Article.objects.get().title, Snapshot.objects.count()) == (
            "À Port-Aster, le pari du dialogue",
            0,
        )
        assert (
            "What was fetched is no longer kept, so the article has no snapshot yet. The next check of sources makes one."
            in messages(response)
        )

    def test_another_editor_sees_nothing_of_it(self, editor, page, client):
        form = read(editor, url=page)
        editor.force_login(staff("Editor"))
        assert editor.get(form).headers["Location"] == START

    @pytest.mark.parametrize("token", ["x", "", "%00", "00000000-0000-0000-0000-000000000000"])
    def test_a_token_that_nobody_made(self, editor, token):
        response = editor.get(f"/admin/events/article/add/?incoming={token}")
        assert response.status_code == (302 if token else 200)

    def test_after_another_one_comes_the_next_address(self, editor, page):
        form = read(editor, url=page)
        response = editor.post(form, {**shown(editor.get(form)), "_addanother": "1"})
        assert (response.headers["Location"], Article.objects.count()) == (START, 1)


@pytest.mark.parametrize("address", ["/admin/", "/admin/events/article/"])
def test_the_way_in_is_offered_to_those_who_may(editor, client, address):
    link = f'href="{START}"'
    assert link in editor.get(address).content.decode()
    viewer = staff()
    viewer.user_permissions.add(*viewer.user_permissions.model.objects.filter(codename="view_article"))
    client.force_login(viewer)
    assert link not in client.get(address).content.decode()


def test_an_address_can_come_with_the_link(editor):
    response = editor.get(START, {"url": "https://civil.ge/\x00" + "1" * 3000})
    assert response.context["form"]["url"].value() == ("https://civil.ge/" + "1" * 1982)
