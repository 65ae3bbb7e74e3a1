"""What a web page, a PDF or a text file says of an article: headline, authors, day, language, address and text."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from events import anchoring, codes, languages
from events.editing import pdf, webpages

LARGEST = 20 * 1024 * 1024  # bytes of a file

_BOMS = [
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
]
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|script|link|main|article|section|div|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
# Names under which browsers read another encoding than the name says (the Encoding Standard of the WHATWG).
_READ_AS = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-9": "cp1254",
    "latin5": "cp1254", "x-user-defined": "cp1252", "windows-1251": "cp1251", "x-cp1251": "cp1251", "utf8": "utf-8", "unicode": "utf-8",
    "utf-16": "utf-16-le",
}  # fmt: skip
_TEXT_ENCODINGS = re.compile(
    r"utf-(?:8|16-[bl]e|32-[bl]e)|cp\d+|windows-\d+|iso-?8859-\d+|koi8-[ru]|mac\w*|gb\w+|big5\w*|euc\w+|shift\w+"
)


class ExtractionError(Exception):
    """Why there is no article in a page or file, in words for an editor."""


@dataclass(frozen=True)
class Extract:
    """An article as its page or file gives it; what that does not say is "" or ()."""

    title: str
    authors: tuple[str, ...]
    published_on: str  # an EDTF day
    language: str  # BCP 47
    url: str  # the address that the page calls its own
    text: str  # NFC, with the headline first where there is one


def extract(body: bytes, media_type: str = "", charset: str = "", url: str = "") -> Extract:
    """The article in a page or file. What kind of file it is, its content says; `media_type` helps where that leaves it open.

    `charset` is what the server's header says, `url` where the page came from; both may be "". Raises `ExtractionError`. A web page of
    usual size takes some 50 ms, a PDF a second.
    """
    if len(body) > LARGEST:
        raise ExtractionError(_("The file is larger than %d MB.") % (LARGEST // 1024 // 1024))
    if not body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise ExtractionError(_("There is no text. Paste the article’s words."))
    try:
        if body[:1024].lstrip().startswith(b"%PDF-") or b"%PDF-" in body[:256]:
            return _of_pdf(body)
        if is_html(body):
            return _of_html(decoded(body, charset), url)
        if refusal := _refused_kind(body, media_type):
            raise ExtractionError(refusal)
        if is_html(body, media_type):
            return _of_html(decoded(body, charset), url)
        return _of_text(body, charset)
    except anchoring.TextError as error:
        raise ExtractionError(str(error)) from None


def is_html(body: bytes, media_type: str = "") -> bool:
    """Whether the content is a web page; its declared kind decides only where it does not begin like one."""
    head = body[:4096]
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            head = head[len(bom) :].decode(encoding, "ignore").encode()
            break
    return bool(_HTML.match(head)) or (
        media_type in ("text/html", "application/xhtml+xml") and b"<" in body[:100_000]
    )


def _refused_kind(body: bytes, media_type: str) -> str:
    """Why a file of this kind is not read; "" for a page or a text."""
    if body.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        return _(
            "This is a document of Word or of another office program, or a packed file. Save it as PDF or as plain text and take that."
        )
    if body.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")):
        return _(
            "This is a picture. The archive takes text: a web page, a PDF with text in it, or a plain text."
        )
    known = media_type.startswith("text/") or media_type in (
        "", "application/xhtml+xml", "application/pdf", "application/octet-stream", "application/xml",
    )  # fmt: skip
    if not known or body.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\x7fELF", b"MZ\x90")):
        return _(
            "This is no kind of file that the archive reads. It takes web pages (HTML), PDF and plain text."
        )
    return ""


def decoded(body: bytes, charset: str = "") -> str:
    """The characters of a web page: by its byte order mark, by being UTF-8, by the header, by its own head, and else by a guess.

    Text that is valid UTF-8 beyond ASCII is UTF-8, whatever a template declares: no text of the other encodings looks so by chance.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = error.start
    head = body[:4096]
    inner = [
        found[1].decode("ascii") for found in (_META_CHARSET.search(head), _XML_CHARSET.match(head)) if found
    ]
    declared = [one for one in (_encoding(name) for name in [charset, *inner]) if one]
    for encoding in declared:
        if encoding != "utf-8" and _fits(body, encoding):
            return body.decode(encoding, "replace")
    # A page that was cut, or holds a few wrong bytes, remains what it says it is.
    if "utf-8" in declared and (broken > 0.5 * len(body) or _mostly_utf8(body)):
        return body.decode("utf-8", "replace")
    return body.decode(_guessed(body), "replace")


def _encoding(name: str) -> str:
    """Python's name of an encoding of text; "" for one that is none or that could be used to hide bytes."""
    name = name.strip().lower().strip("\"'")
    name = _READ_AS.get(name, name)
    if not _TEXT_ENCODINGS.fullmatch(name):
        return ""
    try:
        "".encode(name)
    except LookupError:
        return ""
    return name


def _fits(body: bytes, encoding: str) -> bool:
    """Whether the bytes can be text in this encoding; a Cyrillic page with the header of a western server is none."""
    text = body.decode(encoding, "replace")
    if text.count("\ufffd") > max(3, 0.001 * len(text)):
        return False
    return encoding not in ("cp1252", "iso-8859-15") or _guessed(body) in ("cp1252", encoding)


def _mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    return text.count("\ufffd") < 0.1 * sum(1 for byte in body if byte >= 0x80)


def _guessed(body: bytes) -> str:
    """The likeliest of the region's old encodings: in Cyrillic ones letters beyond ASCII stand side by side, in western ones alone."""
    high = re.findall(rb"[\x80-\xff]+", body[:500_000])
    letters = sum(map(len, high))
    if not letters:
        return "cp1252"
    if sum(len(run) for run in high if len(run) > 2) > 0.5 * letters:
        bytes_ = b"".join(high)
        small_koi8 = sum(0xC0 <= byte <= 0xDF for byte in bytes_)
        small_cp1251 = sum(0xE0 <= byte <= 0xFF for byte in bytes_)
        return "koi8-r" if small_koi8 > 2 * small_cp1251 else "cp1251"
    # ğ, ı and ş of Turkish stand where western languages have letters that only Icelandic uses.
    turkish = sum(byte in b"\xf0\xfd\xfe\xdd\xde\xd0" for run in high for byte in run)
    return "cp1254" if turkish > 0.3 * letters else "cp1252"


def _of_html(source: str, url: str) -> Extract:
    if len(source) > webpages.LONGEST_PAGE:
        raise ExtractionError(
            _("The page has more than %d million characters.") % (webpages.LONGEST_PAGE // 1_000_000)
        )
    try:
        page = webpages.read(source, url)
    except webpages.NoArticle:
        raise ExtractionError(
            _(
                "There is no text of an article on this page. It may be made by scripts or ask readers to sign in: copy the text and paste it."
            )
        ) from None
    text = anchoring.normalise(page.text)
    return Extract(
        title=anchoring.normalise(page.title),
        authors=tuple(map(anchoring.normalise, page.authors)),
        published_on=page.published_on,
        language=_language(text, page.languages),
        url=page.url,
        text=text,
    )


def _language(text: str, declared: tuple[str, ...] = ()) -> str:
    """The language that the text is in; where that leaves it open, the one that the page declares.

    The languages of a template (an English one around a Russian text) lose against the text.
    """
    tags = []
    for one in declared:
        try:
            tag = codes.language_tag(one)
        except codes.CodeError:
            continue
        # A region tells where the site is, not what the text is in; a script does.
        tags.append("-".join(part for part in tag.split("-") if len(part) != 2 or part.islower()))
    found = languages.detect(text)
    if not found:
        return tags[0] if tags else ""
    return next((tag for tag in tags if tag.partition("-")[0] == found), found)


def _of_pdf(body: bytes) -> Extract:
    try:
        named, text = pdf.read(body)
    except pdf.PdfError as error:
        raise ExtractionError(_pdf_refusal(str(error))) from None
    text = anchoring.clean(text).strip()
    first = text.partition("\n")[0].strip()
    named = " ".join(named.split())
    head = " ".join(text[:1000].split())
    title = named if len(named) > 5 and named.casefold() in head.casefold() else ""
    if not title and len(first) <= 200 and not first.endswith((".", "!", "…", ":", ";", ",", "։")):
        title = first
    return Extract(title[:300], (), "", _language(text), "", text)


def _pdf_refusal(reason: str) -> str:
    return {
        "encrypted": _(
            "The PDF is protected by a password. Save it without one, or copy its text and paste it."
        ),
        "scanned": _(
            "The PDF holds pictures of pages, no text. Run a text recognition on it first, or type the words that you need."
        ),
        "long": _(
            "The PDF has more than %d pages or two million characters. Take out the pages that you need."
        )
        % pdf.MOST_PAGES,
        "slow": _("The PDF takes too much time or memory to read. Copy its text and paste it."),
    }.get(reason, _("This PDF cannot be read: it is damaged or incomplete."))


def _of_text(body: bytes, charset: str) -> Extract:
    encoding = _encoding(charset)
    bom = next(((mark, name) for mark, name in _BOMS[1:] if body.startswith(mark)), None)
    if bom:
        text = anchoring.normalise(body[len(bom[0]) :].decode(bom[1], "replace"))
    elif encoding and encoding != "utf-8" and _fits(body, encoding):
        try:
            text = anchoring.decode(body)
        except anchoring.TextError:
            text = anchoring.normalise(body.decode(encoding, "replace"))
    else:
        text = anchoring.decode(body)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip(" \t") for line in text.split("\n"))).strip("\n")
    if not text.strip():
        raise ExtractionError(_("There is no text. Paste the article’s words."))
    return Extract("", (), "", _language(text), "", text)
