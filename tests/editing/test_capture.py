import pytest
from django.core.exceptions import ValidationError

from events.anchoring import TextError
from events.editing import capture
from events.models import Article, Outlet, Status
from tests import factories

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
