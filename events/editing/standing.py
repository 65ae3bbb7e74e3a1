"""Whether words still stand on a page, and whether the page is there at all: pages and texts in, a judgment out."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import lxml.etree
import lxml.html

from events import anchoring
from events.editing import extraction
from events.editing.fetching import Page

SAME, MOVED, CHANGED = "same", "moved", "changed"

_SENTENCE_END = re.compile(r"(?<=[.!?։؟])\s+|\n+")
_SHORTEST_SENTENCE = 20  # characters as compared; shorter ones stand anywhere
_MOST_SENTENCES = 20  # on each side of the words
_NEAR = 10_000  # characters on each side of the words
_KEEPS_PLACE = 0.75
_IS_THERE = 0.3
_TELLING = 12  # characters of words that do not stand together by chance
_SHORT_PAGE = 600  # characters that a reader sees
_EMPTY_PAGE = 40
_ALIKE = 0.9
_NEVER_SEEN = {"title", "script", "style", "noscript", "template", "svg", "math"}

# What a site says in the title or headline of a page that is not there: English, French, Russian, German, Turkish, Azerbaijani,
# Armenian, Georgian; and Ukrainian, Spanish and Italian, as sites of the region are read there too.
_MISSING = re.compile(
    r"\b404\b|\bnot found\b|can['’]?t be found|cannot be found|could not be found|no longer (?:available|exists)|does(?:n['’]t| not) exist"
    r"|introuvable|non trouvée?|n['’]existe (?:pas|plus)|n['’]est plus disponible"
    r"|не найден|не существует|не обнаружен|удал[её]н[аоы]?\b|больше не доступн"
    r"|nicht gefunden|existiert nicht|nicht (?:mehr )?verfügbar"
    r"|bulunamad[ıi]|mevcut değil|yayından kaldırıl"
    r"|tapılmad[ıi]|mövcud deyil|tapilmadi"
    r"|չի գտնվել|չգտնվեց|չի գտնվում|գոյություն չունի|չի գտնուել"
    r"|ვერ მოიძებნა|არ მოიძებნა|ვერ იქნა ნაპოვნი|არ არსებობს"
    r"|не знайдено|no encontrad[ao]|non trovata",
    re.IGNORECASE,
)
# What stands where a page would be if we were a browser, or a subscriber.
_BARRED = re.compile(
    r"javascript|captcha|cloudflare|just a moment|verify (?:that )?you are|checking your browser|access denied|are you a robot"
    r"|доступ (?:ограничен|запрещ)|accès refusé|zugriff verweigert|erişim engel",
    re.IGNORECASE,
)
_HOMES = re.compile(
    r"(?:/(?:[a-z]{2}(?:[-_][a-z]{2})?))?/?(?:(?:index|home|default|main|accueil)(?:\.\w{2,5})?)?/?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Shown:
    """What a reader sees of a page: `text` is the article as far as it can be told from what stands around it, `whole` all of it."""

    title: str
    headings: tuple[str, ...]
    text: str
    whole: str

    @property
    def texts(self) -> tuple[str, ...]:
        """Where words are looked for, the article first."""
        return tuple(text for text in dict.fromkeys([self.text, self.whole]) if text)


def shown(page: Page) -> Shown:
    """Read a page; what cannot be read is empty. Takes some 50 ms for a page of usual size, longer for a PDF."""
    try:
        text = extraction.extract(page.body, page.media_type, page.charset, page.final_url).text
    except extraction.ExtractionError:
        text = ""
    if page.body and extraction.is_html(page.body, page.media_type):
        title, headings, whole = _of_html(extraction.decoded(page.body, page.charset))
        return Shown(title, headings, anchoring.clean(text), anchoring.clean(whole))
    return Shown("", (), anchoring.clean(text), anchoring.clean(text))


def _of_html(source: str) -> tuple[str, tuple[str, ...], str]:
    source = anchoring.clean(source)
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return "", (), ""
    title = anchoring.normalise(" ".join((tree.findtext(".//title") or "").split()))
    for element in list(tree.iter(*_NEVER_SEEN)):
        element.drop_tree()
    headings = tuple(" ".join(one.text_content().split()) for one in tree.iter("h1", "h2"))
    for element in tree.iter(
        "p", "div", "li", "br", "h1", "h2", "h3", "h4", "td", "tr", "blockquote", "section", "article"
    ):
        element.tail = "\n" + (element.tail or "")
    whole = tree.text_content()
    return title, headings, "\n".join(line.strip() for line in whole.splitlines() if line.strip())


@dataclass(frozen=True)
class Words:
    """Words as the archive holds them, with the text in which it found them; "" where it holds none."""

    exact: str
    text: str = ""
    start: int | None = None
    end: int | None = None


def judge(words: Words, page: Shown) -> tuple[str, str]:
    """`SAME`, `MOVED` or `CHANGED`, and for the last the nearest words that the page has, or "".

    Words stand there if `anchoring.find` finds them: marks, blanks and dashes may differ. They stand at the same place if three
    quarters of the sentences that stood before or after them, as far as the page still has these, stand on the same side of them; new
    and lost sentences do not count. A few short words without their quotation marks, which might stand anywhere, count only beside
    what stood beside them.
    """
    best = CHANGED
    for text in page.texts:
        for place in anchoring.find(text, words.exact):
            kept = _keeps_place(words, text, place)
            if kept:
                return SAME, ""
            if kept is not None:
                best = MOVED
    if best == MOVED:
        return MOVED, ""
    for text in page.texts:
        try:
            anchoring.locate(text, words.exact)
        except anchoring.NotFound as error:
            if error.nearest:
                return CHANGED, error.nearest
        except anchoring.Ambiguous:
            pass
    return CHANGED, ""


def _keeps_place(words: Words, text: str, place: anchoring.Selector) -> bool | None:
    """Whether this place of the words is theirs; None where they may stand there by chance."""
    if not words.text or words.start is None or words.end is None:
        return True
    beside = _neighbours(words, text, place)
    bare, printed = anchoring.comparable(words.exact), anchoring.comparable(place.exact)
    if len(bare.strip("\"'")) < _TELLING and bare != printed and not beside:
        return None
    before = [
        (one, True)
        for one in _sentences(words.text[max(0, words.start - _NEAR) : words.start])[-_MOST_SENTENCES:]
    ]
    after = [(one, False) for one in _sentences(words.text[words.end : words.end + _NEAR])[:_MOST_SENTENCES]]
    sides = [
        (found[0].start < place.start) == is_before
        for sentence, is_before in before + after
        if (found := anchoring.find(text, sentence))
    ]
    if len(sides) < 2:
        return True if beside is None else beside
    return sum(sides) >= _KEEPS_PLACE * len(sides)


def _neighbours(words: Words, text: str, place: anchoring.Selector) -> bool | None:
    """Whether what stood directly before or after the words stands there still; None where that would say nothing."""
    assert words.start is not None
    assert words.end is not None
    old = (
        _edge(words.text[max(0, words.start - 80) : words.start])[-20:],
        _edge(words.text[words.end : words.end + 80])[:20],
    )
    new = (_edge(text[max(0, place.start - 80) : place.start]), _edge(text[place.end : place.end + 80]))
    telling = [len(one) >= 8 for one in old]
    if not any(telling):
        return None
    return (telling[0] and new[0].endswith(old[0])) or (telling[1] and new[1].startswith(old[1]))


def _edge(text: str) -> str:
    return anchoring.comparable(text).strip(" \"'.,;:!?")


def _sentences(text: str) -> list[str]:
    """Sentences and lines long enough to be known again, without those that stand twice."""
    found = Counter(one.strip() for one in _SENTENCE_END.split(text) if one)
    return [
        one
        for one, times in found.items()
        if times == 1 and len(anchoring.comparable(one)) >= _SHORTEST_SENTENCE
    ]


def likeness(text: str, page: Shown) -> float | None:
    """How many of the first sentences of a text the page shows, from 0 to 1; None for a text of fewer than two."""
    sentences = _sentences(text[:20_000])[: 2 * _MOST_SENTENCES]
    if len(sentences) < 2:
        return None
    return max(
        (
            sum(bool(anchoring.find(one, sentence)) for sentence in sentences) / len(sentences)
            for one in page.texts
        ),
        default=0.0,
    )


def is_barred(page: Shown) -> bool:
    """Whether the page shows nothing that could be judged: it is empty, or made for browsers or subscribers only."""
    seen = max(page.texts, key=len, default="")
    return (len(seen) < _EMPTY_PAGE and not _says_missing([page.title, *page.headings], "")) or (
        len(seen) < _SHORT_PAGE and bool(_BARRED.search(f"{page.title}\n{seen}"))
    )


def is_missing(
    page: Shown, asked: str, answered: str, title: str, words: Iterable[str], text: str = ""
) -> bool | None:
    """Whether a page that shows none of the quoted words, from an answer of 200, is not the article's at all.

    It is not where its title or headline says so in one of the region's languages; where the address leads on to the home page; or
    where it is short and has none of the words of title and quotations. It is where it shows a good part of `text`. None where neither
    can be told: then `is_alike` to the answer to an address that does not exist decides.
    """
    if (likeness(text, page) or 0.0) >= _IS_THERE:
        return False
    if _says_missing([page.title, *page.headings], title):
        return True
    if is_home(answered) and not is_home(asked):
        return True
    seen = max(page.texts, key=len, default="")
    quoted = list(words)
    known = _known_words([title, *quoted])
    if quoted and known and len(seen) < _SHORT_PAGE and not known & _known_words([page.title, seen]):
        return True
    return None


def _says_missing(headings: Sequence[str], title: str) -> bool:
    return any(
        len(one) < 120 and _MISSING.search(one) is not None for one in headings
    ) and not _MISSING.search(title)


def is_home(url: str) -> bool:
    """Whether the address is that of a site's first page, in one of its languages."""
    parts = urlsplit(url)
    return not parts.query and bool(_HOMES.fullmatch(parts.path))


def is_alike(page: Shown, other: Shown) -> bool:
    """Whether two pages show nearly the same words."""
    one, two = (_known_words([shown.title, *shown.texts], shortest=1) for shown in (page, other))
    return bool(one) and len(one & two) >= _ALIKE * len(one | two)


def _known_words(texts: Iterable[str], shortest: int = 4) -> set[str]:
    return {
        word
        for text in texts
        for word in re.findall(r"\w+", anchoring.comparable(text[:100_000]).casefold())
        if len(word) >= shortest and not word.isdecimal()
    }
