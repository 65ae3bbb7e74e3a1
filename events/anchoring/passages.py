"""Words of a source at their place: found however an editor typed them, moved when the text changes, shown and marked.

A place is a W3C Web Annotation selector: offsets in Unicode code points of the normalised text, `end` exclusive, with the exact words
and what stands around them. All functions are pure and linear in the length of the text, unless they say otherwise.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

MAX_LENGTH = 2_000_000
CONTEXT = 32  # code points of prefix and suffix
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_REFUSED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class TextError(ValueError):
    """The text cannot be kept; the message says where and why."""


class NotFound(LookupError):
    """The words do not stand in the text; `hint` says what stands there instead, or is "", and `nearest` is that alone."""

    def __init__(self, message: str, hint: str = "", nearest: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.hint, self.nearest = hint, nearest


class Ambiguous(LookupError):
    """The words stand in the text more than once, at `places`, in their order."""

    def __init__(self, text: str, places: list["Selector"]) -> None:
        self.places = places
        listed = "; ".join(
            f"{number}: …{one_line(text[max(0, place.start - 40) : place.start])}"
            f"[{one_line(_shorten(place.exact))}]{one_line(text[place.end : place.end + 40])}…"
            for number, place in enumerate(places[:9], 1)
        )
        super().__init__(
            f"These words stand in the text {len(places)} times. Give the number of the one you mean as the occurrence. {listed}"
        )


@dataclass(frozen=True)
class Selector:
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def decode(raw: bytes) -> str:
    """The text of a file in UTF-8, with or without a byte order mark, normalised. Raises `TextError`."""
    try:
        return normalise(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise TextError(
            f"This is no text in UTF-8: line {line} holds the byte {raw[error.start]:#04x}. Save the file as UTF-8 and try again."
        ) from None


def normalise(raw: str) -> str:
    """The text as the archive keeps it: NFC, each line end one newline, no byte order mark; everything else as printed.

    Soft hyphens, no-break spaces and direction marks stay. Normalising twice changes nothing. Raises `TextError` for control
    characters, halves of surrogate pairs and noncharacters, and beyond `MAX_LENGTH` code points.
    """
    if len(raw) > MAX_LENGTH:
        raise TextError(
            f"The text has {len(raw):,} characters; the archive takes up to {MAX_LENGTH:,}. Split it into several articles."
        )
    text = _LINE_ENDS.sub("\n", raw.lstrip("\ufeff"))
    if refused := _REFUSED.search(text):
        line = text.count("\n", 0, refused.start()) + 1
        raise TextError(
            f"Line {line} holds the character U+{ord(refused[0]):04X}, which no text can hold. Take it out and try again."
        )
    return unicodedata.normalize("NFC", text)


def clean(raw: str) -> str:
    """The text of a source that nobody can correct, as `normalise` gives it: what that refuses is left out, the rest beyond
    `MAX_LENGTH` code points too."""
    return normalise(_REFUSED.sub("", raw[:MAX_LENGTH]))[:MAX_LENGTH]


def select(text: str, start: int, end: int) -> Selector:
    """The selector of ``text[start:end]``."""
    return Selector(
        start, end, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    )


# How words are compared. Each character of the text becomes none, one or several of the key; an offset map leads back.
_DOUBLE = '«»“”„‟"″〝〞＂❝❞《》'
_SINGLE = "‘’‚‛'`´′‹›ʼʹʻ՚＇"
_DASHES = "-‐‑‒–—―−﹣－֊"
_IGNORED = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
_CLASS_OF = {
    **dict.fromkeys(_DOUBLE, '"'),
    **dict.fromkeys(_SINGLE, "'"),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_IGNORED, ""),
    "…": "...",
    "ﬁ": "fi",
    "ﬂ": "fl",
}
_CLASSES = str.maketrans(_CLASS_OF)
_QUOTES = frozenset("\"'")
_STOPS = frozenset(":;!?.,")
# The same for `comparable`: \x01 is a double mark made of two single ones, \x02 what is passed over; no text can hold either.
_PARTED = re.compile(rf"\u00ad[\s{_IGNORED}]*")
_REPLACED = {char: put or "\x02" for char, put in _CLASS_OF.items()}


def _key(text: str) -> tuple[str, list[int]]:
    """`text` as it is compared, and for each character of that the offset of the one it came from.

    A run of spaces is one space; none counts beside a double quotation mark, on whose inner side French prints one and English none,
    nor before a stop, where French prints one too; and none after a soft hyphen, which parts a word at the end of a line.
    """
    characters: list[str] = []
    offsets: list[int] = []
    is_parted = False
    for offset, character in enumerate(text):
        if character.isspace():
            if not is_parted and characters and characters[-1] != " ":
                characters.append(" ")
                offsets.append(offset)
            continue
        kept = character.translate(_CLASSES)
        is_parted = character == "\u00ad" or (is_parted and not kept)
        characters.extend(kept)
        offsets.extend([offset] * len(kept))
    key: list[str] = []
    places: list[int] = []
    position, last = 0, len(characters) - 1
    while position <= last:
        one = characters[position]
        following = characters[position + 1] if position < last else ""
        # Two single marks, or two angle brackets, are a double mark in typewriter habits.
        if one in "'<>" and following == one and offsets[position + 1] == offsets[position] + 1:
            key.append('"')
            places.append(offsets[position])
            position += 2
            continue
        if not (one == " " and (following in _STOPS or following == '"' or (key and key[-1] == '"'))):
            key.append(one)
            places.append(offsets[position])
        position += 1
    return "".join(key), places


@lru_cache(maxsize=2)
def _text_key(text: str) -> tuple[str, list[int]]:
    return _key(text)


def comparable(text: str) -> str:
    """The text as `find` compares it: equal for two texts that differ in blanks, marks, dashes and invisible characters only.

    What `_key` gives, without the offsets and in a tenth of the time: every article that is stored is compared whole.
    """
    if "\u00ad" in text:
        text = _PARTED.sub("\x02", text)
    for char in set(text):
        if char in _REPLACED:
            text = text.replace(char, _REPLACED[char])
        elif char != " " and char.isspace():
            text = text.replace(char, " ")
    for pair in ("''", "<<", ">>"):
        text = text.replace(pair, "\x01")
    text = text.replace("\x02", "")
    while "  " in text:
        text = text.replace("  ", " ")
    for mark in ('"', *_STOPS):
        text = text.replace(f" {mark}", mark)
    return text.replace('" ', '"').replace("\x01 ", "\x01").replace("\x01", '"').strip()


def find(text: str, words: str) -> list[Selector]:
    """Every place where the words stand in the text, as printed there, in order, without overlaps.

    Quotation marks of one kind, apostrophes, hyphens and dashes count as equal; so do all spaces and line breaks, and a space beside
    a quotation mark or before a stop does not count. Soft hyphens and invisible characters are passed over; "..." is "…". Case,
    accents, brackets and everything else count. Marks typed around the words belong to the place if they stand there; if they stand
    nowhere, the words inside them are looked for. Places inside longer words count only where there are no others.
    """
    wanted = _key(normalise(words).strip())[0].strip()
    places = _occurrences(text, wanted)
    while not places and len(wanted) > 2 and wanted[0] in _QUOTES and wanted[-1] in _QUOTES:
        wanted = wanted[1:-1].strip()
        places = _occurrences(text, wanted)
    return places


def _occurrences(text: str, wanted: str) -> list[Selector]:
    if not wanted:
        return []
    key, offsets = _text_key(text)
    places = []
    at = key.find(wanted)
    while at >= 0:
        after = at + len(wanted)
        # The key of one character ("…" is three) is found whole or not at all.
        bounds = [bound for bound in (at, after) if 0 < bound < len(key)]
        if any(offsets[bound] == offsets[bound - 1] for bound in bounds):
            at = key.find(wanted, at + 1)
            continue
        places.append(select(text, offsets[at], _end(text, key, offsets, after - 1)))
        at = key.find(wanted, after)
    whole = [
        place for place in places if not (splits_word(text, place.start) or splits_word(text, place.end))
    ]
    return whole or places


_ENCLOSING = {
    "«": "»",
    "»": "«",
    "“": "”",
    "„": "“”",
    "”": "”",
    "‟": "”",
    '"': '"',
    "‹": "›",
    "‘": "’",
    "‚": "‘",
}


def with_marks(text: str, selector: Selector) -> Selector:
    """The place with the quotation marks that enclose it directly, if any do; blanks inside the marks belong to it too."""
    start, end = selector.start, selector.end
    while start > 0 and text[start - 1].isspace():
        start -= 1
    while end < len(text) and text[end].isspace():
        end += 1
    opening, closing = text[start - 1 : start], text[end : end + 1]
    is_enclosed = bool(closing) and closing in _ENCLOSING.get(opening, "")
    return select(text, start - 1, end + 1) if is_enclosed else selector


def _end(text: str, key: str, offsets: list[int], last: int) -> int:
    """The offset after the character of the text that gave the key its character at `last`; a doubled mark is two of them."""
    end = offsets[last] + 1
    doubled = key[last] == '"' and text[end - 1] in _SINGLE + "<>" and end < len(text)
    return end + 1 if doubled else end


def locate(text: str, words: str, occurrence: int | None = None) -> Selector:
    """The place of the words, however typed (see `find`). `occurrence` counts from 1 where they stand more than once.

    Raises `NotFound`, with a hint, and `Ambiguous`, with all places.
    """
    if not words.strip():
        raise NotFound("No words are given. Paste them from the text.")
    try:
        places = find(text, words)
    except TextError as error:
        raise NotFound(str(error)) from None
    if not places:
        raise NotFound("These words do not stand in the text.", *_nearest(text, words))
    if occurrence is not None:
        if not 1 <= occurrence <= len(places):
            times = "once" if len(places) == 1 else f"{len(places)} times"
            raise NotFound(f"There is no place number {occurrence}: these words stand in the text {times}.")
        return places[occurrence - 1]
    if len(places) > 1:
        raise Ambiguous(text, places)
    return places[0]


def _nearest(text: str, words: str) -> tuple[str, str]:
    """Where most of the words stand near each other, case and accents aside: how the text and they part, in words, and what the text
    has there; both "" where there is no such place."""
    wanted = [_plain_word(word) for word in _WORD.findall(words)]
    found = [(_plain_word(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]
    count = len(wanted)
    if count < 2 or not found:
        return "", ""
    missing = Counter(wanted)
    hits, best, first = 0, 0, 0
    for number, (word, _start, _end) in enumerate(found):
        hits += missing[word] > 0
        missing[word] -= 1
        if number >= count:
            left = found[number - count][0]
            missing[left] += 1
            hits -= missing[left] > 0
        if hits > best:
            best, first = hits, max(0, number - count + 1)
    if best * 2 < count + 1:
        return "", ""
    first = _aligned(wanted, [word for word, _start, _end in found], first)
    there = found[first : first + count]
    parted = next(
        (n for n, (one, other) in enumerate(zip(wanted, there, strict=False)) if one != other[0]), 0
    )
    start = there[max(0, min(parted, len(there) - 1) - 6)][1]
    until = there[min(len(there) - 1, parted + 6)][2]
    typed = list(_WORD.finditer(words))
    own = words[typed[max(0, parted - 6)].start() : typed[min(count - 1, parted + 6)].end()]
    there_now = _shorten(one_line(text[start:until]), 160)
    return f"The text has “{there_now}”, you typed “{_shorten(one_line(own), 160)}”.", there_now


def _aligned(wanted: list[str], found: list[str], first: int) -> int:
    """Where the likest place begins: `first`, or a little later at one of the first words wanted, if more words then stand in their order."""
    starts = [first]
    starts += [at for at in range(first, min(first + len(wanted), len(found))) if found[at] == wanted[0]][:5]
    return max(
        starts,
        key=lambda start: sum(one == other for one, other in zip(wanted, found[start:], strict=False)),
    )


_WORD = re.compile(r"\w+")


def _plain_word(word: str) -> str:
    return "".join(
        char for char in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(char)
    )


def move(selector: Selector, old: str, text: str) -> Selector | None:
    """The same words in `text`, which has taken the place of `old`, or None where they are lost.

    Words in the unchanged beginning or end of the text go with it. Elsewhere only exactly the same words count: where they stand once
    in both texts, some of what stood around them must stand there too; where they stand more often, all of it, at one place alone.
    """
    if not selector.exact:
        return None
    head, tail = _unchanged(old, text)
    shift = len(text) - len(old)
    if selector.end <= head:
        places = [select(text, selector.start, selector.end)]
    elif selector.start >= len(old) - tail:
        places = [select(text, selector.start + shift, selector.end + shift)]
    else:
        places = _places(text, selector.exact)
        if len(places) == 1 and old.count(selector.exact) == 1:
            places = places if _shares_context(selector, places[0]) else []
        else:
            around = (selector.prefix, selector.suffix)
            places = [place for place in places if (place.prefix, place.suffix) == around]
    bounds = [splits_word(old, selector.start), splits_word(old, selector.end)]
    places = [p for p in places if [splits_word(text, p.start), splits_word(text, p.end)] == bounds]
    return places[0] if len(places) == 1 else None


@lru_cache(maxsize=2)
def _unchanged(old: str, text: str) -> tuple[int, int]:
    """How many code points at the beginning and at the end of two texts are the same, none counted twice."""
    shortest = min(len(old), len(text))
    head = next((at for at in range(shortest) if old[at] != text[at]), shortest)
    tail = next((n for n in range(shortest - head) if old[-1 - n] != text[-1 - n]), shortest - head)
    return head, tail


def _places(text: str, words: str) -> list[Selector]:
    """Every place where exactly these characters stand, overlaps included."""
    found = []
    at = text.find(words)
    while at >= 0:
        found.append(select(text, at, at + len(words)))
        at = text.find(words, at + 1)
    return found


def _shares_context(old: Selector, new: Selector) -> bool:
    """Whether what stood nearest to the words on either side still stands there."""
    near = 8
    before = old.prefix[-near:] == new.prefix[-len(old.prefix[-near:]) :] if old.prefix else not new.prefix
    after = new.suffix.startswith(old.suffix[:near]) if old.suffix else not new.suffix
    long_enough = len(old.exact) >= 40  # a sentence that stands once is itself
    return before or after or long_enough


@dataclass(frozen=True)
class Excerpt:
    """Words with a little of what stands around them; `cut_before` and `cut_after` say that there is more."""

    before: str
    exact: str
    after: str
    cut_before: bool
    cut_after: bool


SHOWN = 60  # code points of an article's prose on either side of quoted words


def excerpt(text: str, selector: Selector, others: Iterable[Selector] = ()) -> Excerpt:
    """The words in up to `SHOWN` code points of their paragraph on each side, cut between words.

    Where `others` are shown on the same page, a third of what stands between two of them is shown with each at most, so that the
    page never adds up to the text.
    """
    opening = text.rfind("\n", 0, selector.start) + 1
    closing = text.find("\n", selector.end)
    closing = len(text) if closing < 0 else closing
    gap_before = min(
        (selector.start - other.end for other in others if other.end <= selector.start), default=3 * SHOWN
    )
    gap_after = min(
        (other.start - selector.end for other in others if other.start >= selector.end), default=3 * SHOWN
    )
    first, last = selector.start - min(SHOWN, gap_before // 3), selector.end + min(SHOWN, gap_after // 3)
    before = text[max(opening, first) : selector.start]
    after = text[selector.end : min(closing, last)]
    cut_before, cut_after = first > opening, last < closing
    if cut_before:
        before = before.partition(" ")[2] if " " in before else ""
    if cut_after:
        after = after.rpartition(" ")[0] if " " in after else ""
    return Excerpt(before, selector.exact, after, cut_before, cut_after)


@dataclass(frozen=True)
class Segment:
    """A stretch of text that the same passages cover: their keys, the outermost first, and those that start and end here."""

    text: str
    keys: tuple[Hashable, ...]
    starts: tuple[Hashable, ...]
    ends: tuple[Hashable, ...]


def mark(text: str, spans: Iterable[tuple[Hashable, int, int]]) -> list[Segment]:
    """The text cut at every bound of the spans (key, start, end), which may overlap; the segments together are the text."""
    ordered = sorted(
        ((key, start, end) for key, start, end in spans if 0 <= start < end <= len(text)),
        key=lambda span: (span[1], -span[2]),
    )
    bounds = sorted({0, len(text), *(start for _k, start, _e in ordered), *(end for _k, _s, end in ordered)})
    segments: list[Segment] = []
    current: list[tuple[Hashable, int, int]] = []
    upcoming = iter(ordered)
    following = next(upcoming, None)
    for left, right in pairwise(bounds):
        current = [span for span in current if span[2] > left]
        while following is not None and following[1] <= left:
            current.append(following)
            following = next(upcoming, None)
        segments.append(
            Segment(
                text[left:right],
                tuple(key for key, _start, _end in current),
                tuple(key for key, start, _end in current if start == left),
                tuple(key for key, _start, end in current if end == right),
            )
        )
    return segments


def paragraphs(segments: Iterable[Segment]) -> list[list[Segment]]:
    """The segments by paragraph, parted at line breaks; blank ones are left out. A key starts and ends in one piece only."""
    found: list[list[Segment]] = [[]]
    for segment in segments:
        lines = segment.text.split("\n")
        filled = [number for number, line in enumerate(lines) if line.strip()]
        for number, line in enumerate(lines):
            if number:
                found.append([])
            if not line:
                continue
            first = not filled or number == filled[0]
            last = not filled or number == filled[-1]
            found[-1].append(
                Segment(line, segment.keys, segment.starts if first else (), segment.ends if last else ())
            )
    return [pieces for pieces in found if "".join(piece.text for piece in pieces).strip()]


def splits_word(key: str, at: int) -> bool:
    """Whether the place before this character lies inside a word."""
    return 0 < at < len(key) and key[at - 1].isalnum() and key[at].isalnum()


def one_line(text: str) -> str:
    """The text with each run of blanks and line breaks as one blank."""
    return " ".join(text.split())


def _shorten(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
