"""What an import did or would do: an outcome a row, what stands in the way and how to mend it, and one digest of the whole."""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import IO, Any

VERDICTS = ("created", "changed", "unchanged", "refused")
# How many rows of each verdict, and unknown names, a report keeps; the sink gets them all.
SHOWN = 200
_LONGEST_VALUE = 200
_FORMULA = re.compile(r"(^|[;\t\r\n]\s*)([=+\-@\t\r\uff0b\uff0d\uff1d\uff20])")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class ImportRefused(Exception):
    """Nothing was stored; `problems` says in which line, and why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Problem:
    """Why a row is refused: the column and the value at fault, and what to do about it. Empty parts do not apply."""

    reason: str
    column: str = ""
    value: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        told = f"{self.column}: {self.reason}" if self.column else self.reason
        return f"{told} {self.remedy}".strip()


@dataclass(frozen=True)
class Difference:
    """A field of a known record that the row changes."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Outcome:
    """What becomes of one row. `record` is the number of a known record and None for a new one; `meant` says of a new one which
    records the archive takes its references for."""

    line: int
    verdict: str
    title: str
    record: int | None = None
    version: int | None = None
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()
    meant: str = ""

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass
class Unknown:
    """A name that the archive does not know: where it stands first, how often, and whom it resembles."""

    noun: str
    name: str
    line: int
    times: int = 1
    candidates: tuple[str, ...] = ()
    created: bool = False
    kind: str = ""


Sink = Callable[[Outcome], None]


@dataclass
class Report:
    """The outcomes of a whole table: counts, the first rows of each verdict, the unknown names, and whether it was stored."""

    noun: str
    counts: Counter[str] = field(default_factory=Counter)
    rows: dict[str, list[Outcome]] = field(default_factory=lambda: {verdict: [] for verdict in VERDICTS})
    unknown: dict[tuple[str, str], Unknown] = field(default_factory=dict)
    stored: bool = False
    sink: Sink | None = None
    notes: list[str] = field(default_factory=list)
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, outcome: Outcome, values: str = "") -> None:
        """Count and keep what became of a row; `values` are what its cells were read as, for the digest."""
        self.counts[outcome.verdict] += 1
        if len(self.rows[outcome.verdict]) < SHOWN:
            self.rows[outcome.verdict].append(outcome)
        self._digest.update(f"{outcome.as_json()}{values}".encode("utf-8", "backslashreplace"))
        if self.sink:
            self.sink(outcome)

    @property
    def digest(self) -> str:
        """Equal for two runs of the same rows that do the same to the same versions of records."""
        whole = self._digest.copy()
        whole.update(json.dumps([(*key, one.created) for key, one in self.unknown.items()]).encode())
        return str(whole.hexdigest())

    @property
    def is_refused(self) -> bool:
        return bool(self.counts["refused"])

    def summary(self) -> dict[str, Any]:
        return {
            "noun": self.noun,
            "stored": self.stored,
            "counts": {verdict: self.counts[verdict] for verdict in VERDICTS},
            "unknown": [asdict(one) for one in self.unknown.values()],
            "notes": self.notes,
            "plan": self.digest,
        }


class ReportWriter:
    """Writes outcomes as a table, one line a row, difference or problem, that a spreadsheet opens without running anything."""

    HEADERS = ("line", "outcome", "record", "title", "column", "old or refused value", "new value", "reason")

    def __init__(self, file: IO[str]) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow(self.HEADERS)

    def __call__(self, outcome: Outcome) -> None:
        head = [outcome.line, outcome.verdict, outcome.record or "", outcome.title]
        tails: list[list[Any]] = [[one.column, one.old, one.new, ""] for one in outcome.differences]
        tails += [
            [one.column, one.value, "", f"{one.reason} {one.remedy}".strip()] for one in outcome.problems
        ]
        for tail in tails or [["", "", outcome.meant, ""]]:
            self._writer.writerow([harmless(cell) for cell in (*head, *tail)])


def harmless(cell: Any) -> Any:
    """The cell so that a spreadsheet takes it for text and not for a formula, also one that parts cells by semicolons."""
    return _FORMULA.sub(r"\1'\2", cell) if isinstance(cell, str) else cell


def cut(text: str) -> str:
    """A value as reports show it: not too long, and with a sign in place of what no text can hold."""
    text = _UNSEEN.sub("\ufffd", text)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
