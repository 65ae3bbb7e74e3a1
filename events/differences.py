"""What two texts have not in common, in words, and two changes of one text put together.

All functions are pure. Lines and words are matched as Bram Cohen's patience diff does it: first by what stands once in both, then
piece by piece between; so that the time is near n log n, and a long text costs what its changed part costs.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, INSERTED, DELETED, LEFT_OUT = "same", "inserted", "deleted", "left out"
CONTEXT = 60  # code points shown around a change
_LONGEST = 10  # times the context: what is longer is shown by its beginning and its end
_MOST = 400  # pieces

# A word with its accents, a line break, a run of blanks, or any other character.
_PIECES = re.compile(r"[\w\u0300-\u036f]+|\n|[^\S\n]+|.")
_LARGEST = 400 * 400  # pairs that are compared one by one where nothing stands once in both


@dataclass(frozen=True)
class Piece:
    """A part of a shown difference: `kind` is one of "same", "inserted", "deleted" and "left out" (without a text)."""

    kind: str
    text: str = ""


def difference(old: str, new: str, context: int = CONTEXT) -> list[Piece]:
    """How `new` differs from `old`, word by word: what is deleted, what is inserted, and some `context` code points around it.

    What lies further away from a change is left out, and of long changes the middle. Equal texts give no pieces.
    """
    if old == new:
        return []
    return _shorten(list(_by_words(old, new)), context)


def merge(ancestor: str, mine: str, theirs: str) -> str | None:
    """`ancestor` with what `mine` and what `theirs` changed in it, line by line (three-way merge).

    Lines that both changed alike are changed once. Where both changed the same lines differently, or one inserted at the edge of
    what the other changed, the answer is None: nobody can say which is meant, or in which order.
    """
    lines = ancestor.split("\n")
    edits = sorted({*_edits(lines, mine.split("\n")), *_edits(lines, theirs.split("\n"))})
    found: list[str] = []
    done = 0
    for number, (start, end, new) in enumerate(edits):
        if number:
            before = edits[number - 1]
            is_insertion = start == end or before[0] == before[1]
            if start < before[1] or (is_insertion and start == before[1]):
                return None
        found += lines[done:start]
        found += new
        done = end
    return "\n".join([*found, *lines[done:]])


def _edits(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The spans of `old` that `new` has other lines for."""
    for start, end, first, last in _changes(old, new):
        yield start, end, tuple(new[first:last])


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """The spans of `old` and of `new` that stand in each other's place, in order."""
    at_old = at_new = 0
    for start, first, length in [*_matches(old, new), (len(old), len(new), 0)]:
        if (at_old, at_new) != (start, first):
            yield at_old, start, at_new, first
        at_old, at_new = start + length, first + length


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where both have the same, as (place in `old`, place in `new`, length), in order and without neighbours that touch."""
    found: list[tuple[int, int, int]] = []
    todo = [(0, len(old), 0, len(new))]
    while todo:
        start, end, first, last = todo.pop()
        ends = 0
        while start < end and first < last and old[start] == new[first]:
            found.append((start, first, 1))
            start, first = start + 1, first + 1
        while start < end - ends and first < last - ends and old[end - ends - 1] == new[last - ends - 1]:
            ends += 1
            found.append((end - ends, last - ends, 1))
        end, last = end - ends, last - ends
        if start == end or first == last:
            continue
        if anchors := _anchors(old, new, start, end, first, last):
            for place, other in anchors:
                found.append((place, other, 1))
                todo.append((start, place, first, other))
                start, first = place + 1, other + 1
            todo.append((start, end, first, last))
        elif (end - start) * (last - first) <= _LARGEST:
            matcher = SequenceMatcher(None, old[start:end], new[first:last], autojunk=False)
            found += [(start + a, first + b, size) for a, b, size in matcher.get_matching_blocks() if size]
    return _joined(sorted(found))


def _anchors(
    old: Sequence[str], new: Sequence[str], start: int, end: int, first: int, last: int
) -> list[tuple[int, int]]:
    """What stands once in both spans, in the same order in both: the longest such row."""
    once_old = {one for one, times in Counter(old[start:end]).items() if times == 1}
    once_new = {one for one, times in Counter(new[first:last]).items() if times == 1}
    places = {new[at]: at for at in range(first, last) if new[at] in once_new}
    pairs = [(at, places[old[at]]) for at in range(start, end) if old[at] in once_old and old[at] in places]
    # The longest rising row of the second numbers.
    tails: list[int] = []
    tail_of: list[int] = []
    before: list[int] = []
    for number, (_at, other) in enumerate(pairs):
        length = bisect_left(tails, other)
        if length == len(tails):
            tails.append(other)
            tail_of.append(number)
        else:
            tails[length], tail_of[length] = other, number
        before.append(tail_of[length - 1] if length else -1)
    row = []
    number = tail_of[-1] if tail_of else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _joined(matches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for start, first, length in matches:
        if found and (found[-1][0] + found[-1][2], found[-1][1] + found[-1][2]) == (start, first):
            found[-1] = (found[-1][0], found[-1][1], found[-1][2] + length)
        else:
            found.append((start, first, length))
    return found


def _by_words(old: str, new: str) -> Iterator[Piece]:
    """The whole of both texts: lines that differ are compared word by word, the others taken as they are."""
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    done = 0
    for start, end, first, last in _changes(old_lines, new_lines):
        yield from _pieces("".join(old_lines[done:start]), SAME)
        words, others = (
            _PIECES.findall("".join(lines)) for lines in (old_lines[start:end], new_lines[first:last])
        )
        at = 0
        for begin, stop, other, until in _readable(words, others):
            yield from _pieces("".join(words[at:begin]), SAME)
            yield from _pieces("".join(words[begin:stop]), DELETED)
            yield from _pieces("".join(others[other:until]), INSERTED)
            at = stop
        yield from _pieces("".join(words[at:]), SAME)
        done = end
    yield from _pieces("".join(old_lines[done:]), SAME)


def _readable(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """`_changes`, with changes put together that only blanks and marks part: "a b" for "c d" is one change, not two."""
    kept: tuple[int, int, int, int] | None = None
    for change in _changes(old, new):
        if kept is not None:
            between = "".join(old[kept[1] : change[0]])
            replaces = all(one[0] < one[1] and one[2] < one[3] for one in (kept, change))
            if replaces and not any(character.isalnum() or character == "\n" for character in between):
                kept = (kept[0], change[1], kept[2], change[3])
                continue
            yield kept
        kept = change
    if kept is not None:
        yield kept


def _pieces(text: str, kind: str) -> Iterator[Piece]:
    if text:
        yield Piece(kind, text)


def _shorten(pieces: list[Piece], context: int) -> list[Piece]:
    """Pieces that are the same, cut to whole words around the changes."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    shown: list[Piece] = []
    for number, piece in enumerate(joined):
        is_first, is_last = number == 0, number == len(joined) - 1
        kept = context * (2 - is_first - is_last)
        if piece.kind != SAME and len(piece.text) > _LONGEST * context:
            half = _LONGEST * context // 2
            shown += [
                Piece(piece.kind, piece.text[:half]),
                Piece(LEFT_OUT),
                Piece(piece.kind, piece.text[-half:]),
            ]
            continue
        if piece.kind != SAME or len(piece.text) <= kept + context:
            shown.append(piece)
            continue
        if not is_first:
            shown.append(Piece(SAME, _cut(piece.text[:context], at_end=True)))
        shown.append(Piece(LEFT_OUT))
        if not is_last:
            shown.append(Piece(SAME, _cut(piece.text[-context:], at_end=False)))
    return shown if len(shown) <= _MOST else [*shown[:_MOST], Piece(LEFT_OUT)]


def _cut(text: str, at_end: bool) -> str:
    """The text without the part of a word at its cut end, where it has several."""
    head, blank, tail = text.rpartition(" ") if at_end else text.partition(" ")
    if not blank:
        return text
    return head + blank if at_end else blank + tail
