"""Links that lead a browser to the words on a publisher's page: text fragments, by the specification at
https://wicg.github.io/scroll-to-text-fragment/

All functions are pure and linear in the length of the text.
"""

import unicodedata
from bisect import bisect_left
from functools import lru_cache
from urllib.parse import quote

from events.anchoring.passages import CONTEXT, Selector, one_line, splits_word

_LONGEST_FRAGMENT = 300
# Words of a bound and code points of context, tried in this order until a browser's search ends at the right place.
_BOUNDS_AND_CONTEXTS = ((5, 0), (5, CONTEXT), (10, CONTEXT), (10, 3 * CONTEXT), (25, 10 * CONTEXT))


def text_fragment(selector: Selector, text: str | None = None) -> str:
    """The value of a text directive that leads a browser to the words: ``[prefix-,]start[,end][,-suffix]``, percent-encoded.

    Words longer than 300 code points, or over several paragraphs, are given by their first and last words. What stands before and
    after is added, and more words of the bounds, where a browser that searches `text` would otherwise come to another place first;
    without `text`, what the selector knows of it where the words are short. Linear in the text for each of five tries.
    """
    lines = [line for line in selector.exact.strip().split("\n") if line.strip()]
    whole = " ".join(lines)
    is_range = len(lines) > 1 or len(whole) > _LONGEST_FRAGMENT
    directive = ""
    for bounds, context in _BOUNDS_AND_CONTEXTS:
        start, end = whole, ""
        if is_range:
            start, end = " ".join(lines[0].split()[:bounds]), " ".join(lines[-1].split()[-bounds:])
        if text is None:
            is_telling = len(whole) >= 20 and len(whole.split()) >= 3
            before, after = ("", "") if is_telling else (selector.prefix, selector.suffix)
            before, after = before.rpartition("\n")[2], after.partition("\n")[0]
        else:
            before, after = _side(text, selector.start, -context), _side(text, selector.end, context)
        parts = [one_line(part) for part in (before, start, end, after)]
        directive = _directive(*parts)
        if text is None or _browser_finds(text, *parts) == _bounds_of_key(text, selector):
            break
    return directive


def _directive(before: str, start: str, end: str, after: str) -> str:
    return "".join(
        (
            f"{_encoded(before)}-," if before else "",
            _encoded(start),
            f",{_encoded(end)}" if end else "",
            f",-{_encoded(after)}" if after else "",
        )
    )


def _side(text: str, at: int, context: int) -> str:
    """Whole words of the paragraph next to an offset: up to `context` code points after it, or before it where negative."""
    if context < 0:
        side = text[max(0, at + context) : at].rpartition("\n")[2]
        first = at - len(side)
        is_cut = first > 0 and text[first - 1].isalnum() and side[:1].isalnum()
        return side.partition(" ")[2] if is_cut else side
    side = text[at : at + context].partition("\n")[0]
    last = at + len(side)
    is_cut = last < len(text) and text[last].isalnum() and side[-1:].isalnum()
    return side.rpartition(" ")[0] if is_cut else side


def _searched(text: str) -> tuple[str, list[int]]:
    """`text` as a browser's search compares it, without case and accents, and for each character the offset of its own.

    Blanks are one blank, a break between paragraphs is one newline, and what is not seen does not count.
    """
    key: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        if character.isspace():
            one = "\n" if character == "\n" else " "
            if not key or not key[-1].isspace():
                key.append(one)
                offsets.append(offset)
            elif one == "\n":
                key[-1] = one
            continue
        for part in unicodedata.normalize("NFD", character.casefold()):
            if unicodedata.category(part) not in ("Mn", "Cf"):
                key.append(part)
                offsets.append(offset)
    return "".join(key), offsets


# The text is the same for each of a directive's tries, and for all the quotations of an article; the parts are not.
_searched_text = lru_cache(maxsize=2)(_searched)


def _bounds_of_key(text: str, selector: Selector) -> tuple[int, int]:
    """Where the words begin and end in what `_searched` makes of the text."""
    stripped = selector.start + len(selector.exact) - len(selector.exact.lstrip())
    offsets = _searched_text(text)[1]
    return bisect_left(offsets, stripped), bisect_left(offsets, selector.start + len(selector.exact.rstrip()))


def _browser_finds(text: str, before: str, start: str, end: str, after: str) -> tuple[int, int] | None:
    """The first place in `_searched` that the directive of these parts matches, by the steps of the specification."""
    key = _searched_text(text)[0]
    wanted_before, wanted_start, wanted_end, wanted_after = (
        _searched(part)[0].strip() for part in (before, start, end, after)
    )
    at = 0
    while True:
        at = _next_words(key, wanted_before or wanted_start, at)
        if at < 0:
            return None
        first = _past_blanks(key, at + len(wanted_before)) if wanted_before else at
        at += 1
        if not key.startswith(wanted_start, first):
            continue
        last = first + len(wanted_start)
        if not wanted_end:
            if key.startswith(wanted_after, _past_blanks(key, last)):
                return first, last
            continue
        found = _next_words(key, wanted_end, last)
        while found >= 0:
            last = found + len(wanted_end)
            if key.startswith(wanted_after, _past_blanks(key, last)):
                return first, last
            found = _next_words(key, wanted_end, found + 1)
        return None  # no end after this start, so none after a later one


def _next_words(key: str, wanted: str, at: int) -> int:
    """Where `wanted` next stands, from `at` on, with no letter or digit of another word on either side; -1 where nowhere."""
    at = key.find(wanted, at)
    while at >= 0 and (splits_word(key, at) or splits_word(key, at + len(wanted))):
        at = key.find(wanted, at + 1)
    return at


def _past_blanks(key: str, at: int) -> int:
    while at < len(key) and key[at].isspace():
        at += 1
    return at


def url_with_fragment(url: str, selector: Selector, text: str | None = None) -> str:
    """The address of a page at the words; a fragment that it has already stays in front. "" for an empty address."""
    if not url:
        return ""
    joint = ":~:" if "#" in url else "#:~:"
    return f"{url}{joint}text={text_fragment(selector, text)}"


def _encoded(words: str) -> str:
    # quote() leaves the hyphen alone, which is a part of the directive's own syntax.
    return quote(words, safe="").replace("-", "%2D")
