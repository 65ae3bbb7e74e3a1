"""Judgments on pages: where words stand, and whether a page is there at all."""

import pytest

from events.editing import standing
from events.editing.fetching import fetch
from events.editing.standing import Shown, Words, is_alike, is_barred, is_home, is_missing, judge
from tests import press as presses

PARTS = [
    "The ministers met on Monday morning in the old town hall of Baku.",
    "They spoke for two hours about the railway that crosses the border.",
    "“We have agreed on the first three points”, said the guest after the talks.",
    "The host added that experts would meet again before the end of the month.",
    "A joint statement was promised for Friday but did not appear that day.",
]
TEXT = "\n\n".join(PARTS)
EXACT = "“We have agreed on the first three points”"


def words(exact: str = EXACT, text: str = TEXT) -> Words:
    start = text.index(exact)
    return Words(exact, text, start, start + len(exact))


def page(*parts: str, title: str = "", headings: tuple[str, ...] = (), whole: str = "") -> Shown:
    text = "\n\n".join(parts)
    return Shown(title, headings, text, whole or text)


class TestWords:
    @pytest.mark.parametrize(
        ("shown", "state"),
        [
            (page(*PARTS), "same"),
            (page("Headline", "By Ann", *PARTS, "Read also: other things that nobody asked for."), "same"),
            (page(*PARTS[1:4]), "same"),
            (
                page(*PARTS[:2], "«We have agreed on the first\u00a0three points», he said.", *PARTS[3:]),
                "same",
            ),
            (page("Something else stands here now, at some length.", whole=TEXT), "same"),
            (page(*PARTS[:2], *PARTS[3:], PARTS[2]), "moved"),
            (page(PARTS[2], *PARTS[:2], *PARTS[3:]), "moved"),
            (page("In another text somebody wrote " + EXACT + " as well."), "moved"),
            (page(*PARTS[:2], *PARTS[3:]), "changed"),
            (page(), "changed"),
        ],
    )
    def test_state(self, shown, state):
        assert judge(words(), shown)[0] == state

    def test_of_several_places_the_right_one_counts(self):
        assert judge(words(), page(PARTS[2], *PARTS))[0] == "same"

    def test_the_nearest_words_are_told(self):
        altered = PARTS[2].replace("three", "two")
        assert judge(words(), page(*PARTS[:2], altered, *PARTS[3:])) == (
            "changed",
            "We have agreed on the first two points",
        )

    def test_a_text_that_the_archive_does_not_hold(self):
        assert judge(Words(EXACT), page(PARTS[2]))[0] == "same"
        assert judge(Words(EXACT), page(PARTS[1]))[0] == "changed"

    def test_a_short_word_without_its_marks_counts_beside_its_neighbours_only(self):
        text = (
            "Would he come to the talks in Yerevan next week? “Yes”, answered the foreign minister at once.\n\n"
            + PARTS[0]
        )
        one = words("“Yes”", text)
        assert judge(one, page(text))[0] == "same"
        assert judge(one, page(text.replace("“Yes”", "Yes")))[0] == "same"
        assert judge(one, page("Yes, this is another text.", PARTS[0], PARTS[1]))[0] == "changed"

    def test_little_text_is_judged_by_what_stands_beside_the_words(self):
        text = f"Then he said: {EXACT}, and went home to sleep."
        assert judge(words(EXACT, text), page(f"Title. {text}"))[0] == "same"
        assert judge(words(EXACT, text), page(f"Nobody believes that {EXACT} was ever meant."))[0] == "moved"


MISSING = {
    "en": "Page not found",
    "en2": "404 - Oops",
    "en3": "Sorry, this page doesn’t exist",
    "fr": "Page introuvable",
    "fr2": "Cette page n’existe plus",
    "ru": "Страница не найдена",
    "ru2": "Материал удалён",
    "de": "Seite nicht gefunden",
    "tr": "Aradığınız sayfa bulunamadı",
    "az": "Səhifə tapılmadı",
    "hy": "Էջը չի գտնվել",
    "ka": "გვერდი ვერ მოიძებნა",
}
ASKED = "https://press.example/news/2023/02/talks"


def missing(shown: Shown, answered: str = ASKED, title: str = "Talks in Baku", text: str = "") -> bool | None:
    return is_missing(shown, ASKED, answered, title, [EXACT], text)


class TestMissing:
    @pytest.mark.parametrize("language", MISSING)
    def test_says_so_in_its_title_or_headline(self, language):
        long = "Here are the most read reports of this week, one by one. " * 30
        said = MISSING[language]
        assert missing(page(long, title=f"{said} | Press")) is True
        assert missing(page(long, title="Press", headings=("Menu", said))) is True

    def test_a_title_that_the_article_has_says_nothing(self):
        shown = page("Long text. " * 100, title="Wreck of the ferry not found, says ministry")
        assert missing(shown, title="Wreck not found") is None

    def test_a_page_that_shows_the_text_is_there_whatever_it_says(self):
        assert missing(page(*PARTS[:2], title="404 days of talks"), text=TEXT) is False

    @pytest.mark.parametrize(
        ("url", "home"),
        [
            ("https://press.example", True),
            ("https://press.example/", True),
            ("https://press.example/en/", True),
            ("https://press.example/az-AZ", True),
            ("https://press.example/index.php", True),
            ("https://press.example/fr/home.html", True),
            ("https://press.example/?p=12", False),
            ("https://press.example/news", False),
            ("https://press.example/en/12", False),
        ],
    )
    def test_leads_to_the_home_page(self, url, home):
        assert is_home(url) is home
        assert missing(page("Long text of today. " * 100), answered=url) is (True if home else None)

    def test_is_short_and_about_nothing_of_it(self):
        assert missing(page("Our site has a new look. Use the menu to find what you want.")) is True
        assert missing(page("Talks were held, and nothing more can be said of them here.")) is None
        assert missing(page("Our site has a new look. " * 50)) is None

    def test_pages_are_alike(self):
        menu = "Politics Economy Culture Sport Weather Contact Imprint Privacy Jobs Archive"
        assert is_alike(page(f"{menu} Welcome at 10:01"), page(f"{menu} Welcome at 10:02")) is True
        assert is_alike(page(f"{menu} {TEXT}"), page(f"{menu} Welcome")) is False
        assert is_alike(page(), page()) is False


class TestBarred:
    @pytest.mark.parametrize(
        "shown",
        [
            page(),
            page("Loading…"),
            page("Please enable JavaScript to view this page, then try it again in your browser."),
            page(
                "Checking your browser before you can read the news on this site.", title="Just a moment..."
            ),
        ],
    )
    def test_nothing_can_be_judged(self, shown):
        assert is_barred(shown) is True

    @pytest.mark.parametrize(
        "shown", [page(*PARTS), page(title="404 Not Found"), page(TEXT + " JavaScript " + TEXT)]
    )
    def test_something_can(self, shown):
        assert is_barred(shown) is False


class TestShown:
    def test_a_web_page(self, press):
        body = f"""<!doctype html><title> Talks \n in Baku </title><nav>Menu</nav><script>var a = "hidden"</script><style>p {{}}</style>
            <h1>Talks</h1><article>{"".join(f"<p>{part}</p>" for part in PARTS)}</article><footer>Imprint</footer>"""
        press.pages["/"] = presses.answer(body)
        shown = standing.shown(fetch(press.url("/")))
        assert (shown.title, shown.headings, shown.text) == (
            "Talks in Baku",
            ("Talks",),
            f"Talks in Baku\n\n{TEXT}",
        )
        assert shown.whole.splitlines() == ["Menu", "Talks", *PARTS, "Imprint"]

    @pytest.mark.parametrize(
        "body",
        [b"", b"\x00\x01\x02", b"%PDF-1.4 broken", b"<html><body></body></html>", b"PK\x03\x04"],
    )
    def test_what_cannot_be_read_is_empty(self, press, body):
        press.pages["/"] = presses.answer(body)
        shown = standing.shown(fetch(press.url("/")))
        assert (shown.title, shown.headings, shown.text, standing.is_barred(shown)) == ("", (), "", True)

    def test_a_plain_text(self, press):
        press.pages["/"] = presses.answer(TEXT, content_type="text/plain")
        shown = standing.shown(fetch(press.url("/")))
        assert judge(words(), shown)[0] == "same"
