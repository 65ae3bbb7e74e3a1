"""What an article's web page says: headline, authors, day, languages, address and body, without what stands around them."""

import copy
import datetime as dt
import html
import itertools
import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import lxml.etree
import lxml.html
import trafilatura
from trafilatura.settings import use_config

from events import addresses, names
from events.editing import days

# It warns of each page that holds no article; whoever asked is told so.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

LONGEST_PAGE = 10_000_000  # characters
MOST_ELEMENTS = 200_000
_LONGEST_DATA = 500_000  # characters of one JSON-LD block
_SHORT = 250  # characters of a text below which other ways of finding it are tried
_USUAL, _BRIEF = use_config(), use_config()
_BRIEF.set("DEFAULT", "MIN_EXTRACTED_SIZE", "40")

# trafilatura makes a blank of each of these. They stand for themselves again at the end, so that words stay as printed.
_KEPT = "\u00a0\u202f\u2009\u2007\u200a\u2002\u2003"
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_BLANKS = re.compile("[ \t\n]+")

_NEVER_TEXT = {
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "nav", "button", "select", "dialog",
    "audio", "video", "canvas", "map",
}  # fmt: skip
# Names that sites give to what stands around an article, as whole words of a class or id.
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletters?|subscri(?:be|ption)|related(?:posts?|news|articles?)?|recommend\w*|"
    r"(?:read|see|lire|voir)[_-]?(?:also|more|aussi)|also[_-]read|more[_-](?:news|stories|on)|share|sharing|social\w*|breadcrumbs?|"
    r"comments?|disqus|copyright|pagination|pager|sidebar|advert\w*|ads?|banners?|promo\w*|popular|trending|most[_-]read|latest[_-](?:news|posts)|"
    r"tags?|taglist|menu|navbar|navigation|skip[_-]?link|author[_-]?(?:bio|box|card)|teasers?|donat\w*|whatsapp|telegram)(?:$|[\s_-])",
    re.IGNORECASE,
)
_READ_ALSO = re.compile(
    r"\W*(?:(?:à )?lire (?:aussi|également)|voir aussi|sur le même sujet|(?:read|see) (?:also|more|next)|also read|more on this|related(?: news| stories)?|"
    r"recommended|читайте (?:также|ещё|еще)|смотрите также|по теме|подробнее|(?:читайте|дивіться) також|lesen sie (?:auch|mehr)|mehr zum thema|lesetipp|"
    r"ayrıca (?:oku|bak)\w*|ilgili haber\w*|bunu da oku\w*|(?:həmçinin|bunu da|bu barədə) oxu\w*|oxşar xəbər\w*|(?:կարդալ|կարդացեք|կարդա|տես|տե՛ս) նա[եև]\w*|"
    r"ասվածի շուրջ|(?:ასევე|აგრეთვე) (?:წაიკითხეთ|იხილეთ)|წაიკითხეთ (?:ასევე|აგრეთვე)|მსგავსი ამბები|lea también|leggi anche)\b",
    re.IGNORECASE,
)
_BOXES = ("div", "section", "aside", "td", "ul", "ol", "table")
_ENDS = (".", "!", "?", "…", "։", "»", "”", "“", '"')
_BLOCKS = {"p", "head", "quote", "list", "item", "table", "row", "cell", "code", "div", "body", "ab", "main"}

_ARTICLE_TYPES = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|PressRelease)")
_PUBLISHED_NAMES = {
    "article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished", "publish_date", "publish-date",
    "pubdate", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date", "date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
}  # fmt: skip
_IN_UTC = re.compile(r"(?:Z|[+-]00:?00)\s*$")
_DATE_NAMES = re.compile(r"date|time|publish|posted|meta|info|дата", re.IGNORECASE)
_NEAR_BEFORE, _NEAR_AFTER = 15, 40  # elements around the headline where a page prints its day

_BY = re.compile(
    r"(?:(?:text|texte|author|auteur|autor|автор(?:ы)?|текст|подготовил[аи]?|müəllif|yazar|հեղինակ|ավտոր|ავტორი)\s*[:՝]\s*|(?:par|by|von|por|di|от|yazan)\s+)+",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"\s*[;,|/•·]\s*|\s+[–—-]\s+|\s+(?:et|and|und|y|e|и|та|və|ve|եւ|և|და|avec|with|mit)\s+", re.IGNORECASE
)
_MAIL = re.compile(r"[<(\[]?\s*(?:mailto:)?[\w.+-]+@[\w-]+\.[\w.-]+\s*[>)\]]?")
_NO_AUTHOR = re.compile(
    r"admin\w*|(?:super)?user\d*|root|guest|staff(?: writer| reporter)?|web ?master|(?:the )?(?:news ?)?editors?|(?:news ?|web ?)?(?:desk|room|team)|author|unknown|anonymous|"
    r"(?:la |notre )?r[ée]daction(?: web)?|редакция|админ\w*|пресс-служба|redaktion|redaksiya|editör|խմբագրություն|რედაქცია",
    re.IGNORECASE,
)


class NoArticle(Exception):
    """No text of an article stands on the page."""


@dataclass(frozen=True)
class WebPage:
    """What a page says of its article. `languages` are the codes that it declares, the most telling first; "" where nothing is said."""

    title: str
    authors: tuple[str, ...]
    published_on: str
    languages: tuple[str, ...]
    url: str
    text: str


def read(source: str, url: str = "") -> WebPage:
    """Take a page apart; `url` is where it came from, if that is known.

    The body keeps its paragraphs, parted by a blank line, with the headline as the first, since words of a headline can be quoted.
    Characters stay as printed. Raises `NoArticle`. About linear; a page of usual size takes some 50 ms.
    """
    tree = _parse(source)
    said = _Said(tree, url)
    title = said.title()
    authors, day = said.authors(), said.day()  # before the parts around the article go
    _prune(tree)
    marks = _marks(source)
    _replace(tree, marks)
    source_tree = copy.deepcopy(tree)
    body = _body(tree, url, _BRIEF)
    if _length(body) < _SHORT:
        # The short text may be a side box. What the other ways find counts only where it is much more: they lose the paragraphs.
        other = _body(source_tree, url, _USUAL)
        if _length(other) > 3 * _length(body):
            body = other
    back = {ord(mark): character for character, mark in marks.items()}
    blocks = [block.translate(back) for block in _blocks(body)] if body is not None else []
    blocks = [block for block in blocks if block.strip()]
    if not blocks:
        blocks = [line.strip() for line in said.data("articleBody").splitlines() if line.strip()]
    if not blocks:
        raise NoArticle
    # The line of the day between headline and text is none of its words.
    blocks = [
        block for n, block in enumerate(blocks) if n > 3 or len(block) > 40 or not days.day_in(block)
    ] or blocks
    head = [names.fold(block) for block in blocks[:4]]
    key = names.fold(title)
    if title and key in head:
        # What stands above the headline is a rubric or a place, unless it is a sentence.
        above = head.index(key)
        title = blocks[above].strip()
        blocks = [one for one in blocks[:above] if len(one) > 60 or one.endswith(_ENDS)] + blocks[above + 1 :]
    text = "\n\n".join([title, *blocks] if title else blocks)
    return WebPage(title, _without_places(authors, text), day, said.languages(), said.address(), text)


def _body(tree: Any, url: str, config: Any) -> Any:
    """The article's part of the tree, or None. The tree is used up."""
    found: Any = trafilatura.bare_extraction(
        tree,
        url=url or None,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        with_metadata=False,
        config=config,
    )
    return None if found is None else found.body


def _length(body: Any) -> int:
    return 0 if body is None else sum(map(len, body.itertext()))


def _parse(source: str) -> Any:
    source = _CONTROLS.sub("", re.sub("\r\n?", "\n", source))
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        raise NoArticle from None
    if sum(1 for _one in itertools.islice(tree.iter(), MOST_ELEMENTS + 1)) > MOST_ELEMENTS:
        raise NoArticle
    return tree


class _Said:
    """What the page says of itself: in its head, in JSON-LD, and beside the headline."""

    def __init__(self, tree: Any, url: str) -> None:
        self.tree, self.url = tree, url
        self.meta: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop") or ""
            value = _one_line(element.get("content") or "")
            if name and value:
                self.meta.setdefault(name.strip().lower(), []).append(value)
        self.headlines = [text for one in tree.iter("h1") if 2 < len(text := _words(one)) < 400]
        self.article = self._article()
        names_of_site = [*self.meta.get("og:site_name", ()), *self.meta.get("application-name", ())]
        names_of_site += _named(self.article.get("publisher"))
        host = addresses.host(url)
        self.site = {names.fold(name) for name in [*names_of_site, host, host.rpartition(".")[0]]} - {""}

    def first(self, *wanted: str) -> str:
        return next((self.meta[name][0] for name in wanted if self.meta.get(name)), "")

    def data(self, key: str) -> str:
        """A text of the article's JSON-LD; "" where there is none."""
        value = self.article.get(key)
        if isinstance(value, list):
            value = value[0] if value else ""
        return html.unescape(_CONTROLS.sub("", value)).strip() if isinstance(value, str) else ""

    def _article(self) -> dict[str, Any]:
        """The article among the page's JSON-LD: the one with its address, else with its headline, else the first."""
        found = []
        for script in itertools.islice(self.tree.iter("script"), 200):
            if (script.get("type") or "").partition(";")[0].strip().lower() != "application/ld+json":
                continue
            source = (script.text or "").strip().removeprefix("<!--").removesuffix("-->")
            try:
                found += [
                    one
                    for one in _objects(json.loads(source[:_LONGEST_DATA], strict=False))
                    if _is_article(one)
                ]
            except (ValueError, RecursionError):
                continue
        here = {unquote(urlsplit(one).path).rstrip("/") for one in (self.url, self._canonical()) if one}
        for one in found:
            where = one.get("mainEntityOfPage") or one.get("url") or one.get("@id")
            where = where.get("@id") if isinstance(where, dict) else where
            if isinstance(where, str) and here and _path(where) in here - {""}:
                return one
        titles = {names.fold(one) for one in self.headlines}
        fitting = (one for one in found if names.fold(html.unescape(str(one.get("headline", "")))) in titles)
        return next(fitting, found[0] if found else {})

    def title(self) -> str:
        """The headline as printed: the page's first heading where its head says the same, else what the head says."""
        head = [
            self.data("headline"),
            self.first("og:title"),
            self.first("twitter:title"),
            self.first("dc.title", "title"),
        ]
        head.append(_words(next(self.tree.iter("title"), None)))
        declared = [self._without_site(one) for one in map(_one_line, head) if one]
        keys = [names.fold(one) for one in declared]
        for headline in self.headlines:
            key = names.fold(headline)
            if any(
                key == one or (len(key) > 15 and key in one) or (len(one) > 15 and one in key) for one in keys
            ):
                return headline
        if len(self.headlines) == 1 and len(declared) <= 1 and len(self.headlines[0].split()) > 2:
            return self.headlines[0]  # there is nothing else but the window's title, which is no headline
        if not declared or names.fold(declared[0]) in self.site:
            outside = [one for one in self.headlines if names.fold(one) not in self.site]
            return outside[0] if outside else ""
        return declared[0]

    def _without_site(self, title: str) -> str:
        parts = re.split(r"(\s+[|–—-]\s+|\s*[|•»]\s+|\s+::\s+)", html.unescape(title))
        while len(parts) > 2 and names.fold(parts[-1]) in self.site:
            parts = parts[:-2]
        while len(parts) > 2 and names.fold(parts[0]) in self.site:
            parts = parts[2:]
        return "".join(parts).strip()

    def authors(self) -> tuple[str, ...]:
        printed = _named(self.article.get("author"))
        if not clean_authors(printed, self.site):
            printed = [
                one
                for name in ("author", "article:author", "dc.creator", "parsely-author", "byl")
                for one in self.meta.get(name, ())
            ]
        if not clean_authors(printed, self.site):
            xpath = "//*[@itemprop='author' or @rel='author' or contains(concat(' ', normalize-space(@class), ' '), ' author ') or contains(concat(' ', normalize-space(@class), ' '), ' byline ')]"
            printed = [
                text for one in self.tree.xpath(xpath)[:3] if (text := _words(one)) and len(text) < 150
            ][:1]
        return clean_authors(printed, self.site)

    def day(self) -> str:
        """The day of publication in the page's own time zone, as it prints it; "" where it does not say."""
        stamps = [self.data("datePublished"), self.data("dateCreated")]
        stamps += [
            value for name, values in self.meta.items() if name in _PUBLISHED_NAMES for value in values
        ]
        stamps += [
            one.get("datetime") or one.get("content") or ""
            for one in self.tree.xpath(
                "//*[@itemprop='datePublished']|//time[@pubdate]|//article//header//time|//article/time"
            )[:3]
        ]
        printed = self._printed_day()
        for stamp in stamps:
            if day := days.day_of_stamp(stamp):
                # A stamp in UTC says when it was, not what the page calls that day.
                is_near = (
                    printed and abs(dt.date.fromisoformat(printed) - dt.date.fromisoformat(day)).days == 1
                )
                return printed if is_near and _IN_UTC.search(stamp) else day
        return printed or days.day_of_address(self.url) or days.day_of_address(self._canonical())

    def _printed_day(self) -> str:
        """A day printed beside the headline, in figures or in words of the region's languages."""
        title = next((one for one in self.tree.iter("h1") if _words(one) in self.headlines[:1]), None)
        if title is None:
            return ""
        for element in itertools.islice(_following(title), _NEAR_AFTER):
            if day := days.day_in(_own(element)):
                return day
        for element in itertools.islice(_preceding(title), _NEAR_BEFORE):
            named = f"{element.get('class') or ''} {element.get('id') or ''}"
            if (element.tag == "time" or _DATE_NAMES.search(named)) and (day := days.day_in(_own(element))):
                return day
        return ""

    def languages(self) -> tuple[str, ...]:
        declared = [self.data("inLanguage")]
        declared += [one.get("lang") or "" for one in self.tree.xpath("//article[@lang]|//main[@lang]")[:1]]
        declared.append(
            self.tree.get("lang") or self.tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
        )
        declared += [
            one.get("content") or ""
            for one in self.tree.iter("meta")
            if (one.get("http-equiv") or "").lower() == "content-language"
        ]
        declared += [self.first("og:locale"), self.first("dc.language", "language")]
        return tuple(dict.fromkeys(one.strip() for one in declared if one.strip()))

    def _canonical(self) -> str:
        linked = [
            one.get("href") or ""
            for one in self.tree.iter("link")
            if "canonical" in (one.get("rel") or "").lower().split()
        ]
        for one in [*linked, self.first("og:url")]:
            try:
                whole = urljoin(self.url, one.strip())
                if one.strip() and addresses.address_key(whole):
                    return whole
            except ValueError:  # an AddressError among them
                continue
        return ""

    def address(self) -> str:
        """The address that the page calls its own: of the same site, and not that of the front page; "" where there is none."""
        canonical = self._canonical()
        if not canonical or (not _path(canonical) and not urlsplit(canonical).query):
            return ""
        return canonical if not self.url or addresses.is_same_site(canonical, self.url) else ""


def clean_authors(printed: Iterable[str], site: Iterable[str] = ()) -> tuple[str, ...]:
    """The people and agencies that bylines name, each once: without "By", addresses, functions, and the site's own name (folded)."""
    site = set(site)
    found: dict[str, str] = {}
    for line in printed:
        for part in _PARTS.split(_MAIL.sub(" ; ", _one_line(html.unescape(line)))[:500]):
            name = _BY.sub("", part, count=1).strip(' .:()[]<>*\u00a0"“”«»')
            key = names.fold(name)
            if (
                not key
                or key in site
                or len(name) > 100
                or len(name.split()) > 6
                or re.search(r"\d|://|www\.|@", name)
            ):
                continue
            if name[0].islower() and names.script(name) != "Geor":
                continue  # "special correspondent", "à Tbilissi"
            if not _NO_AUTHOR.fullmatch(name):
                found.setdefault(key, name)
    return tuple(found.values())


def _without_places(authors: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The authors without a town or an office after the first name: the body names those too, and seldom its authors."""
    body = "\n".join(line for line in text.casefold().split("\n") if len(line) > 60)
    return authors[:1] + tuple(name for name in authors[1:] if name.casefold() not in body)


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    waiting = [data]
    seen = 0
    while waiting and seen < 1000:
        one = waiting.pop(0)
        seen += 1
        if isinstance(one, list):
            waiting += one[:100]
        elif isinstance(one, dict):
            yield one
            waiting += [
                one[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage")
                if isinstance(one.get(key), dict | list)
            ]


def _is_article(one: dict[str, Any]) -> bool:
    kinds = one.get("@type")
    return any(
        isinstance(kind, str) and _ARTICLE_TYPES.fullmatch(kind.rpartition("/")[2])
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _named(value: Any) -> list[str]:
    """The names of persons or bodies as JSON-LD gives them: a text, an object with a name, or a list of such."""
    found = []
    for one in (value if isinstance(value, list) else [value])[:20]:
        name = one.get("name") if isinstance(one, dict) else one
        found += [part for part in (name if isinstance(name, list) else [name]) if isinstance(part, str)]
    return [_one_line(_CONTROLS.sub("", name)) for name in found]


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url).path).rstrip("/")
    except ValueError:
        return ""


# The tree.


def _following(element: Any) -> Iterator[Any]:
    """The elements after this one in the order of the document."""
    while element is not None:
        for sibling in element.itersiblings():
            yield from sibling.iter(lxml.etree.Element)
        element = element.getparent()


def _preceding(element: Any) -> Iterator[Any]:
    """The elements before this one, the nearest first; not those that it stands in."""
    while element is not None:
        for sibling in element.itersiblings(preceding=True):
            yield from reversed(list(itertools.islice(sibling.iter(lxml.etree.Element), 200)))
        element = element.getparent()


def _own(element: Any) -> str:
    """The text of an element's own and of what stands between its children; for a `time` also what it holds."""
    if element.tag in _NEVER_TEXT:
        return ""
    parts = [element.text or "", *(child.tail or "" for child in element)]
    return " ".join(parts)[:1000]


def _words(element: Any) -> str:
    return "" if element is None else _one_line("".join(element.itertext()))


def _one_line(text: str) -> str:
    """The text in one line; no-break spaces stay."""
    return _BLANKS.sub(" ", _CONTROLS.sub("", text.replace("\r", "\n"))).strip()


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _prune(tree: Any) -> None:
    """Take out what is never an article's text: navigation, boxes of links, banners, "read also"."""
    for element in list(tree.iter(*_NEVER_TEXT)):
        _drop(element)
    body = next(tree.iter("body"), tree)
    sizes = _sizes(body)
    whole = sum(sizes[one][0] for one in body.iter("p")) or sizes[body][0]
    for element in list(body.iter(*_BOXES, "p", "span", "header", "footer", "figure", "form")):
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        # Some makers of sites put the whole page into a form, or "sidebar" into the name of its frame.
        is_around = element.tag == "form" or (1 < len(named) < 1000 and _AROUND.search(named))
        if is_around and sizes[element][0] < 0.4 * whole:
            _drop(element)
    sizes = _sizes(body)
    for element in list(body.iter(*_BOXES, "p", "li", "h2", "h3", "h4", "h5", "h6", "strong", "blockquote")):
        size, linked, links = sizes[element]
        if not 0 < size < 2000:
            continue
        words = _words(element)
        opening = _READ_ALSO.match(words)
        after = len(words) - opening.end() if opening else 0
        is_pointer = opening and (after < 3 or linked >= 0.5 * after)
        most = 1 if element.tag in ("ul", "ol", "table") else 2
        if is_pointer or (element.tag in _BOXES and links > most and linked > 0.8 * size):
            _drop(element)


def _sizes(body: Any) -> dict[Any, tuple[int, int, int]]:
    """For each element how many letters it holds, how many of them in links, and how many links. One pass."""
    sizes: dict[Any, tuple[int, int, int]] = {}
    for element in reversed(list(body.iter())):
        if not isinstance(element.tag, str):
            continue
        size, linked, links = len("".join((element.text or "").split())), 0, 0
        for child in element:
            inner = sizes.get(child, (0, 0, 0))
            size += inner[0] + len("".join((child.tail or "").split()))
            linked, links = linked + inner[1], links + inner[2]
        sizes[element] = (size, size, 1) if element.tag == "a" else (size, linked, links)
    return sizes


def _marks(source: str) -> dict[str, str]:
    """For each blank that has to survive a letter that the page does not hold."""
    free = (chr(code) for code in range(0x13000, 0x13400))
    return {character: next(mark for mark in free if mark not in source) for character in _KEPT}


def _replace(tree: Any, marks: dict[str, str]) -> None:
    table = str.maketrans(marks)
    for element in tree.iter():
        if isinstance(element.tag, str):
            element.text = element.text.translate(table) if element.text else element.text
            element.tail = element.tail.translate(table) if element.tail else element.tail


def _blocks(body: Any) -> list[str]:
    """The paragraphs of an extracted body, each one line, but for line breaks that the page prints."""
    blocks = [""]

    def write(text: str | None) -> None:
        blocks[-1] += _BLANKS.sub(" ", text or "")

    def walk(element: Any) -> None:
        is_block = element.tag in _BLOCKS
        if is_block:
            blocks.append("")
        elif element.tag == "lb":
            blocks[-1] += "\n"
        write(element.text)
        for child in element:
            walk(child)
            write(child.tail)
        if is_block:
            blocks.append("")

    walk(body)
    return [re.sub(" *\n *", "\n", block).strip(" \n") for block in blocks]
