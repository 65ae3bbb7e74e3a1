import hashlib

import pytest
from django.conf import settings as project
from django.core.exceptions import ValidationError

from events.anchoring import TextError
from events.editing import capture
from events.models import Article, Outlet, Snapshot, Status
from tests import factories
from tests.press import answer, moved

PAGES = project.BASE_DIR / "tests" / "data" / "pages"

BODY = "Les ministres se sont rencontrés mardi.\nIls ont parlé des frontières."


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Par Claire Duval", ("Claire Duval",)),
        ("Par Claire Duval et Anouk de la Tour", ("Claire Duval", "Anouk de la Tour")),
        ("par Claire Duval, à Tbilissi", ("Claire Duval",)),
        ("By Nino Beridze", ("Nino Beridze",)),
        (
            "By Nino Beridze, Aram Petrosyan and Leyla Aliyeva",
            ("Nino Beridze", "Aram Petrosyan", "Leyla Aliyeva"),
        ),
        ("By Nino O’Brien-Beridze | 28 February 2023", ("Nino O’Brien-Beridze",)),
        ("Von Jürgen von der Heide", ("Jürgen von der Heide",)),
        ("Автор: Анна Иванова", ("Анна Иванова",)),
        ("Авторы: Анна Иванова и Пётр Сидоров", ("Анна Иванова", "Пётр Сидоров")),
        ("Müəllif: Rəşad Əliyev", ("Rəşad Əliyev",)),
        ("Yazar: Ayşe Yılmaz", ("Ayşe Yılmaz",)),
        ("Հեղինակ՝ Անի Սարգսյան", ("Անի Սարգսյան",)),
        ("Հեղինակ: Անի Սարգսյան և Արամ Պետրոսյան", ("Անի Սարգսյան", "Արամ Պետրոսյան")),
        ("ავტორი: ნინო ბერიძე", ("ნინო ბერიძე",)),
        ("Por Juan Pérez", ("Juan Pérez",)),
        ("Di Marco Rossi", ("Marco Rossi",)),
    ],
)
def test_a_byline_is_taken_off(line, authors):
    reading = capture.read(f"Une rencontre à Tbilissi\n{line}\n\n{BODY}")
    assert reading == capture.Reading(
        f"Une rencontre à Tbilissi\n\n{BODY}", "Une rencontre à Tbilissi", authors, line
    )


@pytest.mark.parametrize(
    "line",
    [
        "Par ailleurs, les ministres ont signé.",
        "Par Ailleurs.",
        "By signing the document the ministers agreed.",
        "Von dort reiste er weiter.",
        "Parti de Bakou",
        "Automne à Bakou",
        "Par " + "Claire Duval, " * 40,
    ],
)
def test_a_sentence_is_no_byline(line):
    text = f"Une rencontre\n{line}\n{BODY}"
    assert capture.read(text) == capture.Reading(text.replace(", \n", ",\n"), "Une rencontre", (), "")


@pytest.mark.parametrize("headline", ["Di Maio Visits Baku", "Von Der Leyen Meets Aliyev", "Par Monts"])
def test_a_headline_is_no_byline(headline):
    text = f"{headline}\n{BODY}"
    assert capture.read(text) == capture.Reading(text, headline, (), "")


def test_a_name_far_from_the_head_is_no_byline():
    text = "Une rencontre\n" + "Une phrase.\n" * 10 + "Par Claire Duval\nUne phrase."
    assert capture.read(text).authors == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Talks in Yerevan\n\nThe ministers met.", "Talks in Yerevan"),
        ("Will they sign?\nThe ministers met.", "Will they sign?"),
        ("The ministers met in Yerevan.\nThen they left.", ""),
        ("One line alone", ""),
        ("x" * 201 + "\nThen.", ""),
    ],
)
def test_the_headline_is_a_short_first_line(text, title):
    assert capture.read(text).title == title


@pytest.mark.parametrize("text", ["", "  \n \n", "\ufeff", "Par Claire Duval"])
def test_an_empty_text_is_refused(text):
    with pytest.raises(TextError) as refused:
        capture.read(text)
    assert str(refused.value) == "There is no text. Paste the article’s words."


def test_only_line_ends_and_blank_lines_change():
    assert (
        capture.read("\ufeff\r\n\r\nTitle  \r\n\r\n\r\n\r\nIt\u00a0said “a  b”.\r\n").text
        == "Title\n\nIt\u00a0said “a  b”."
    )


@pytest.mark.django_db
class TestCapture:
    def test_stores_a_draft(self):
        outlet = factories.OutletFactory(host="example.org")
        article = capture.capture(
            f"Une rencontre\nPar Claire Duval\n{BODY}",
            language="FR",
            published_on="2023-02-28",
            url="https://www.example.org/a",
        )
        article.refresh_from_db()
        stored = {
            name: getattr(article, name)
            for name in ("status", "title", "authors", "language", "published_on", "outlet", "rights", "text")
        }
        assert stored == {
            "status": Status.DRAFT,
            "title": "Une rencontre",
            "authors": ["Claire Duval"],
            "language": "fr",
            "published_on": "2023-02-28",
            "outlet": outlet,
            "rights": "excerpts",
            "text": f"Une rencontre\n{BODY}",
        }

    def test_an_unknown_outlet_becomes_a_draft(self):
        known = factories.OutletFactory(name="Civil Georgia", host="civil.ge")
        articles = [
            capture.capture(f"Title\n{n} words.", outlet=name)
            for n, name in enumerate(["civil georgia", "www.civil.ge", "Новая газета", "Novaya Gazeta"])
        ]
        new = Outlet.objects.get(name="Новая газета")
        assert [article.outlet for article in articles] == [known, known, new, new]
        assert new.status == Status.DRAFT

    def test_the_same_text_again_is_refused_by_name(self):
        first = capture.capture(f"Une rencontre\n{BODY}")
        with pytest.raises(capture.Twin) as refused:
            capture.capture(f"\ufeffUne rencontre\r\nPar Claire Duval\r\n{BODY}\r\n")
        assert (refused.value.article, refused.value.messages) == (
            first,
            [f"The archive has this article already: number {first.pk}, “Une rencontre” (draft)."],
        )
        assert Article.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "messages"),
        [
            (
                {"language": "francais"},
                {"language"},
            ),
            ({"published_on": "yesterday"}, {"published_on"}),
            ({"published_on": "2023-02-28/2023-02-01"}, {"published_on"}),
            ({"url": "javascript:alert(1)"}, {"url"}),
            ({"rights": "all"}, {"rights"}),
            ({"outlet": "x" * 300}, {"outlet"}),
        ],
    )
    def test_bad_values_are_refused_and_nothing_is_stored(self, fields, messages):
        with pytest.raises(ValidationError) as refused:
            capture.capture(BODY, **fields)
        assert set(refused.value.message_dict) == messages
        assert (Article.objects.count(), Outlet.objects.count()) == (0, 0)


@pytest.mark.django_db
class TestFromAddress:
    @pytest.fixture
    def page(self, press):
        press.pages["/1"] = answer((PAGES / "agency-en.html").read_bytes())
        return press.url("/1")

    def test_reads_the_page(self, page):
        outlet = factories.OutletFactory(host="127.0.0.1")
        draft = capture.from_address(f" {page} ")
        text = (PAGES / "agency-en.txt").read_text()
        assert (draft.page.body, draft.page_text) == (
            (PAGES / "agency-en.html").read_bytes(),
            text.removesuffix("\n"),
        )
        assert draft == capture.Draft(
            text=text.removesuffix("\n"),
            title="Ministers discuss border road",
            published_on="2024-07-06",
            language="en",
            outlet=outlet,
            url=page,
            source=page,
            page=draft.page,
            page_text=draft.page_text,
        )
        assert (Article.objects.count(), Snapshot.objects.count()) == (0, 0)

    def test_stores_it_with_its_snapshot(self, page):
        article = capture.capture(capture.from_address(page), title="Another title", language="fr")
        snapshot = article.snapshots.get()
        assert (article.title, article.language, article.published_on, article.url) == (
            "Another title",
            "fr",
            "2024-07-06",
            page,
        )
        assert (snapshot.final_url, snapshot.sha256, snapshot.text) == (
            page,
            hashlib.sha256((PAGES / "agency-en.html").read_bytes()).hexdigest(),
            (PAGES / "agency-en.txt").read_text().removesuffix("\n"),
        )

    def test_the_address_that_answered_is_kept_without_what_tracks_readers(self, press, page):
        press.pages["/short"] = moved("/1?utm_campaign=spring")
        press.pages["/1?utm_campaign=spring"] = press.pages["/1"]
        draft = capture.from_address(press.url("/short"))
        assert (draft.url, draft.source) == (page, f"{page}?utm_campaign=spring")

    def test_the_address_that_the_page_calls_its_own_is_kept(self, press, page):
        body = (PAGES / "agency-en.html").read_bytes()
        body = body.replace(b"</head>", b'<link rel="canonical" href="/news/4711">\n</head>')
        press.pages["/1"] = answer(body)
        assert capture.from_address(page).url == press.url("/news/4711")

    def test_a_known_address_is_not_fetched(self, press, page):
        known = factories.ArticleFactory(title="Known", url=page)
        with pytest.raises(capture.Twin) as refused:
            capture.from_address(f"{page}/?fbclid=1#comments")
        assert (refused.value.article, press.paths) == (known, [])

    @pytest.mark.parametrize("same", ["text", "address"])
    def test_a_known_article_is_found_by_what_the_page_says(self, press, page, same):
        press.pages["/short"] = moved("/1")
        text = capture.from_address(page).text.replace("“", '"') if same == "text" else "Another text."
        known = factories.ArticleFactory(text=text, url=page if same == "address" else "")
        with pytest.raises(capture.Twin) as refused:
            capture.from_address(press.url("/short"))
        assert refused.value.article == known

    @pytest.mark.parametrize(
        ("status", "message"),
        [
            ("404 Not Found", "The server says that there is no such page (404 Not Found). Look the address up again, or paste the text."),
            ("410 Gone", "The server says that there is no such page (410 Gone). Look the address up again, or paste the text."),
            ("403 Forbidden", "The server does not let the archive read this page (403 Forbidden). Open it yourself, copy the text and paste it."),
            ("429 x", "The server has no time for us now (429 Too Many Requests). Try again in some minutes, or paste the text."),
            ("500 x", "The server has failed (500 Internal Server Error). Try again later, or paste the text."),
            ("204 x", "The server sent no page (204 No Content). Open the address yourself, copy the text and paste it."),
            ("299 x", "The server sent no page (299). Open the address yourself, copy the text and paste it."),
        ],
    )  # fmt: skip
    def test_any_other_answer_is_refused_in_words(self, press, status, message):
        press.pages["/1"] = answer((PAGES / "agency-en.html").read_bytes(), status)
        with pytest.raises(capture.Refused) as refused:
            capture.from_address(press.url("/1"))
        assert str(refused.value) == message

    @pytest.mark.parametrize(
        ("url", "message"),
        [
            ("", "This is not the address of a web page. Write it whole: https://www.example.org/news/1234"),
            ("civil.ge/1", "“civil.ge/1” is not the address of a web page. Write it whole: https://www.example.org/news/1234"),
            ("https://civil.ge/\x00", "“https://civil.ge/\x00” is not the address of a web page. Write it whole: https://www.example.org/news/1234"),
        ],
    )  # fmt: skip
    def test_what_is_no_address_is_refused(self, url, message):
        with pytest.raises(capture.Refused) as refused:
            capture.from_address(url)
        assert str(refused.value) == message

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (
                "<title>Страница не найдена</title><h1>Страница не найдена</h1><p>Возможно, она была удалена или перенесена в архив.</p>",
                "The page says that there is no such article. Look the address up again, or paste the text.",
            ),
            (
                "<title>Just a moment...</title><h1>strait.example</h1><p>Enable JavaScript and cookies to continue to the page.</p>",
                "The site shows this page to browsers or subscribers only. Open it yourself, copy the text and paste it.",
            ),
        ],
    )
    def test_a_notice_that_answers_200_is_no_article(self, press, body, message):
        press.pages["/1"] = answer(body)
        with pytest.raises(capture.Refused) as refused:
            capture.from_address(press.url("/1"))
        assert str(refused.value) == message

    def test_an_inner_address_is_refused(self, page, settings):
        settings.FETCH_ALLOWED_HOSTS = []
        with pytest.raises(capture.Refused):
            capture.from_address(page)


@pytest.mark.django_db
class TestFromFile:
    def test_a_page_with_its_address(self):
        outlet = factories.OutletFactory(host="strait.example")
        body = (PAGES / "agency-en.html").read_bytes()
        draft = capture.from_file(body, "a.html", url="https://en.strait.example/other")
        assert (draft.url, draft.outlet, draft.source, draft.page) == (
            "https://en.strait.example/other",
            outlet,
            "a.html",
            None,
        )

    def test_a_page_without_one_names_its_own(self):
        draft = capture.from_file((PAGES / "agency-en.html").read_bytes(), "a.html")
        assert draft.url == "https://en.strait.example/news/4711"

    def test_a_known_text_is_found(self):
        body = (PAGES / "gov-ka.html").read_bytes()
        known = capture.capture(capture.from_file(body))
        with pytest.raises(capture.Twin) as refused:
            capture.from_file(body)
        assert refused.value.article == known

    def test_the_language_of_a_text_is_told(self):
        assert capture.from_file("Министр прибыл в Порт-Астер.\nОн доволен.".encode()).language == "ru"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("host", "url", "found"),
    [
        ("armenpress.am", "https://en.armenpress.am/1", True),
        ("armenpress.am", "https://m.armenpress.am/1", True),
        ("en.armenpress.am", "https://armenpress.am/1", False),
        ("gov.am", "https://mfa.gov.am/1", False),
        ("am", "https://armenpress.am/1", False),
    ],
)
def test_an_outlet_is_known_by_its_domain(host, url, found):
    outlet = factories.OutletFactory(host=host)
    assert capture.outlet_of(url) == (outlet if found else None)


@pytest.mark.django_db
def test_the_nearest_outlet_is_taken():
    factories.OutletFactory(host="armenpress.am")
    nearest = factories.OutletFactory(host="en.armenpress.am")
    assert capture.outlet_of("https://en.armenpress.am/1") == nearest
