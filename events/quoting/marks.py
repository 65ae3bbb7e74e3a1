"""What stands between quotation marks: pairs of the marks that eight languages' press prints, nested and over paragraphs."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice

# A quotation that goes on over paragraphs without its marks being repeated ends within these bounds, or its mark was a slip.
_MOST_PARAGRAPHS = 8
_MOST_CHARACTERS = 4_000

_MARK = re.compile(r"<<|>>|``|''|,,(?=\w)|[«»“”„‟″\"‹›‘’‚‛']")
_BEFORE_AN_OPENING = frozenset(" \t\u00a0\u202f\u2009\n([{—–-/:«“„‘‚\"'‹")
_DECADE = re.compile(r"['’‘]\d\ds?\b")
_CLIPPED = re.compile(r"['’‘](?:em|n|til|tis|twas|cause|round|bout)\b", re.IGNORECASE)

# The shape of a pair, whatever the direction: what one shape opens only the same shape closes.
_GUILLEMETS, _DOUBLE, _STRAIGHT, _SINGLE, _SMALL, _PLAIN = "«", "“", '"', "‘", "‹", "'"
_SHAPES = {
    "«": _GUILLEMETS, "»": _GUILLEMETS, "<<": _GUILLEMETS, ">>": _GUILLEMETS,
    "“": _DOUBLE, "”": _DOUBLE, "„": _DOUBLE, "‟": _DOUBLE, ",,": _DOUBLE, "``": _DOUBLE,
    '"': _STRAIGHT, "″": _STRAIGHT, "''": _STRAIGHT,
    "‘": _SINGLE, "’": _SINGLE, "‚": _SINGLE, "‛": _SINGLE,
    "‹": _SMALL, "›": _SMALL, "'": _PLAIN,
}  # fmt: skip
_MINOR = {_SINGLE, _PLAIN}  # shapes that are apostrophes too


@dataclass(frozen=True)
class Span:
    """Words between marks, marks included: code points of the text, `end` exclusive. `parent` is the place in the list of the
    span around it; `closed` is False where the closing mark is missing and the paragraph's end was taken for it."""

    start: int
    end: int
    parent: int | None
    closed: bool
    shape: str


@dataclass
class _Open:
    at: int
    shape: str
    mark: str
    inner: list["_Pair"]


@dataclass
class _Pair:
    start: int
    end: int
    closed: bool
    shape: str
    inner: list["_Pair"]


def spans(text: str) -> list[Span]:
    """The spans in the order of their beginnings, the outer before the inner. Linear in the length of the text."""
    return _numbered(_Reader(text).pairs())


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[_Pair] = []
        self.stack: list[_Open] = []
        self.reversed = self._is_reversed()
        self.marks = list(_MARK.finditer(text))
        self.line_ends = [*(found.start() for found in re.finditer("\n", text)), len(text)]
        self.singles = self._singles()

    def _is_reversed(self) -> bool:
        """Whether »these« are the guillemets of the text, as German books and papers set them."""
        outward = len(re.findall(r"(?:^|[\s(—–])»\w", self.text)) + len(
            re.findall(r"[\w.,!?]«(?:$|[\s).,;:])", self.text)
        )
        inward = len(re.findall(r"«\s?\w", self.text)) + len(re.findall(r"[\w.,!?]\s?»", self.text))
        return outward > inward

    def _singles(self) -> dict[int, str]:
        """Which of the single marks open ("(") and close (")"); those left out are apostrophes.

        A single mark opens only where one closes it in the same paragraph; of several that could, the first that stands after a
        sentence's or a clause's sign, else the first after which no word begins that a genitive could belong to.
        """
        roles: dict[int, str] = {}
        candidates: dict[str, tuple[int, list[int]] | None] = {}
        line_end = -1
        for found in self.marks:
            mark, at = found[0], found.start()
            shape = _SHAPES[mark]
            if shape not in _MINOR:
                continue
            if at > line_end:
                repeated = self._repeats_single(candidates, mark, at, line_end)
                if not repeated:
                    self._settle(candidates, roles)
                line_end = self._end_of_line(at)
                if repeated:
                    roles[at] = "("
                    continue
            before, after = self._around(at, at + 1)
            if mark == "‚":
                self._settle(candidates, roles, shape)
                candidates[shape] = (at, [])
            elif mark in "‘'‛" and self._may_open(at, before, after):
                waiting = candidates.get(shape)
                if waiting is None or waiting[1] or mark != "'":
                    self._settle(candidates, roles, shape)
                    candidates[shape] = (at, [])
                    continue
            if candidates.get(shape) and not before.isspace() and not (after.isalpha() or after.isdigit()):
                candidates[shape][1].append(at)  # type: ignore[index]
        self._settle(candidates, roles)
        return roles

    def _repeats_single(self, candidates: dict, mark: str, at: int, line_end: int) -> bool:
        """Whether the paragraph begins with the mark that the one before has left open."""
        waiting = candidates.get(_SHAPES[mark])
        if mark not in "‘'" or not waiting or waiting[1] or self.text[waiting[0]] != mark:
            return False
        return not self.text[line_end:at].strip()

    def _may_open(self, at: int, before: str, after: str) -> bool:
        if before not in _BEFORE_AN_OPENING or not (after.isalnum() or after in '[(…“"«'):
            return False
        return not _DECADE.match(self.text, at) and not _CLIPPED.match(self.text, at)

    def _settle(self, candidates: dict, roles: dict[int, str], shape: str | None = None) -> None:
        for one in [shape] if shape else list(candidates):
            candidate = candidates.pop(one, None)
            if candidate is None or not candidate[1]:
                continue
            opening, closings = candidate
            plain = [
                at
                for at in closings
                if self.text[at - 1] in ".,!?…;:)]"
                or self.text[at - 1] != "s"
                or self._around(at, at + 1)[1] in ".,!?;:)\n"
            ]
            roles[opening] = "("
            roles[(plain or closings)[0]] = ")"

    def _around(self, start: int, end: int) -> tuple[str, str]:
        before = self.text[start - 1] if start else "\n"
        after = self.text[end] if end < len(self.text) else "\n"
        return before, after

    def pairs(self) -> list[_Pair]:
        line_end = self._end_of_line(0)
        for found in self.marks:
            if found.start() > line_end:
                if self._pass_lines(line_end, found):
                    line_end = self._end_of_line(found.start())
                    continue  # the mark repeats the one that is open
                line_end = self._end_of_line(found.start())
            role = self._role(found)
            if role == "((":
                self.stack.append(_Open(found.start(), _SHAPES[found[0]], found[0], []))
            elif role == "(":
                self._open(found)
            elif role == ")":
                self._close(found)
        self._give_up(len(self.stack), self._end_of_line(self.stack[0].at) if self.stack else 0)
        return self.found

    def _end_of_line(self, at: int) -> int:
        return self.line_ends[bisect_left(self.line_ends, at)]

    def _role(self, found: re.Match[str]) -> str:
        mark, at, end = found[0], found.start(), found.end()
        shape = _SHAPES[mark]
        if shape in _MINOR:
            return self.singles.get(at, "")
        before, after = self._around(at, end)
        is_open = any(one.shape == shape for one in self.stack)
        if shape in (_GUILLEMETS, _SMALL):
            opens = (mark in "»>>›") if self.reversed else (mark in "«<<‹")
            return "(" if opens else ")"
        if shape == _DOUBLE:
            if mark in ("„", ",,", "``", "‟"):
                return "("
            if not is_open:
                return (
                    "("
                    if before in _BEFORE_AN_OPENING and not after.isspace()
                    else ("(" if mark == "“" else "")
                )
            opener = next(one for one in reversed(self.stack) if one.shape == shape)
            if mark == "“" and opener.mark == "“":
                return "(" if before in _BEFORE_AN_OPENING and not after.isspace() else ")"
            return "(" if mark == "“" and before.isspace() and not after.isspace() else ")"
        if is_open:
            starts_word = (
                before in _BEFORE_AN_OPENING and before != "\n" and (after.isalnum() or after in "«“[(…")
            )
            if starts_word and self._holds_another(found):
                return "(("
            return "(" if starts_word and before not in "—–-\"'" and not self._is_last_chance(found) else ")"
        if before.isdigit() and not (after.isalnum()):
            return ""  # inches and seconds
        if before in _BEFORE_AN_OPENING or not before.isalnum():
            return "(" if not (after.isspace() and not before.isspace()) else ""
        return ""

    def _holds_another(self, found: re.Match[str]) -> bool:
        """Whether two straight marks that can only close stand behind this one in its line: then it opens within the open one."""
        rest = self.text[found.end() : min(self._end_of_line(found.end()), found.end() + _MOST_CHARACTERS)]
        marks = [place.start() for place in islice(re.finditer('"', rest), 2)]
        return len(marks) == 2 and all(
            place and not rest[place - 1].isspace() and not rest[place + 1 : place + 2].isalnum()
            for place in marks
        )

    def _is_last_chance(self, found: re.Match[str]) -> bool:
        """Whether a straight mark that looks like an opening one is the last of its line: then it closes what is open."""
        return self.text.find('"', found.end(), self._end_of_line(found.end())) < 0

    def _open(self, found: re.Match[str]) -> None:
        shape = _SHAPES[found[0]]
        if shape == _STRAIGHT and any(one.shape == shape for one in self.stack):
            # A straight mark within a straight one: the first was never closed.
            self._give_up(len(self.stack), found.start(), keep=False)
        self.stack.append(_Open(found.start(), shape, found[0], []))

    def _close(self, found: re.Match[str]) -> None:
        shape = _SHAPES[found[0]]
        depth = next((n for n in range(len(self.stack) - 1, -1, -1) if self.stack[n].shape == shape), None)
        if depth is None:
            return
        while len(self.stack) > depth + 1:  # inner marks that were never closed
            lost = self.stack.pop()
            self.stack[-1].inner += lost.inner
        opened = self.stack.pop()
        self._keep(_Pair(opened.at, found.end(), True, shape, opened.inner))

    def _keep(self, pair: _Pair) -> None:
        (self.stack[-1].inner if self.stack else self.found).append(pair)

    def _pass_lines(self, line_end: int, found: re.Match[str]) -> bool:
        """What is open at the end of a line goes on behind it, or was a slip. True where `found` only repeats the mark."""
        if not self.stack:
            return False
        outer = self.stack[0]
        begins_line = self.text.rfind("\n", 0, found.start()) >= 0 and not self.text[
            self.text.rfind("\n", 0, found.start()) + 1 : found.start()
        ].strip(" \t\u00a0")
        next_lines = self.text[line_end : found.start()].strip()
        same = _SHAPES[found[0]] == outer.shape
        if begins_line and not next_lines and same and self._may_repeat(found, outer):
            return True
        if outer.shape in _MINOR:
            self._give_up(len(self.stack), line_end, keep=False)
            return False
        if self._ends_soon(outer, line_end, found):
            return False
        self._give_up(len(self.stack), line_end)
        return False

    def _may_repeat(self, found: re.Match[str], outer: _Open) -> bool:
        # The same sign again, or French and Russian »; not where the line before has closed all that it could have.
        return found[0] == outer.mark or outer.shape == _GUILLEMETS

    def _ends_soon(self, outer: _Open, line_end: int, found: re.Match[str]) -> bool:
        """Whether the next mark of the shape closes it, not far away."""
        if _SHAPES[found[0]] != outer.shape or outer.shape == _STRAIGHT:
            return False
        between = self.text[line_end : found.start()]
        if len(between) > _MOST_CHARACTERS or between.count("\n") > _MOST_PARAGRAPHS:
            return False
        before, _after = self._around(found.start(), found.end())
        closes = found[0] in ("«" if self.reversed else "»", "”", ">>") or (
            found[0] == "“" and outer.mark in "„,,"
        )
        return closes and before != "\n"

    def _give_up(self, depth: int, line_end: int, keep: bool = True) -> None:
        """Take the open marks for slips; the outermost ends with the last inner pair that could have closed it too."""
        while len(self.stack) > 1:
            lost = self.stack.pop()
            self.stack[-1].inner += lost.inner
        if not self.stack or not depth:
            return
        outer = self.stack.pop()
        shared = [
            pair
            for pair in outer.inner
            if pair.shape == outer.shape
            and re.match(r"[.,!?…]?\s*(?:[—–-]\s|$|\n)|[.,!?…]", self.text[pair.end : pair.end + 6])
        ]
        if shared:
            # «We thank the party «Dream», – he said: one mark closes both.
            pair = shared[0]
            self.found.append(
                _Pair(outer.at, pair.end, True, outer.shape, outer.inner[: outer.inner.index(pair)])
            )
            self.found += outer.inner[outer.inner.index(pair) + 1 :]
            return
        end = len(self.text[outer.at : line_end].rstrip()) + outer.at
        if keep and outer.shape not in _MINOR and not outer.inner and end - outer.at > 1:
            self.found.append(_Pair(outer.at, end, False, outer.shape, []))
        else:
            self.found += outer.inner


def _numbered(pairs: list[_Pair]) -> list[Span]:
    numbered: list[Span] = []
    waiting: list[tuple[_Pair, int | None]] = [(pair, None) for pair in sorted(pairs, key=lambda p: -p.start)]
    while waiting:
        pair, parent = waiting.pop()
        numbered.append(Span(pair.start, pair.end, parent, pair.closed, pair.shape))
        number = len(numbered) - 1
        waiting += [(inner, number) for inner in sorted(pair.inner, key=lambda p: -p.start)]
    return numbered
