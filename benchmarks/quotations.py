"""How well quotations and their speakers are found in marked press texts: prints a table as Markdown.

    python benchmarks/quotations.py

Needs no database. The texts, and what is marked in them and how: `tests/data/press/README.md`.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from events import quoting
from events.quoting import Mention

PRESS = Path(__file__).resolve().parent.parent / "tests" / "data" / "press"
FOLDERS = ("hard", "varied", "plain")


@dataclass
class Counts:
    """Of the marked quotations those `found` and `missed`, and proposals that are none (`wrong`), by their exact spans.

    Of those found, `mentions` have a speaker printed in the clause that attributes them; `right` are the proposed mentions that
    overlap it, `exact` those that equal it. `invented` have a proposed mention where none is printed. `formed` have their form,
    direct or partial, as marked.
    """

    found: int = 0
    missed: int = 0
    wrong: int = 0
    mentions: int = 0
    right: int = 0
    exact: int = 0
    invented: int = 0
    formed: int = 0

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed)

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong)

    @property
    def right_mention(self) -> float:
        return self.right / self.mentions

    @property
    def same_mention(self) -> float:
        return self.exact / self.mentions

    @property
    def right_form(self) -> float:
        return self.formed / self.found


def measure(folder: str) -> dict[str, Counts]:
    """What is found in the texts of one folder, by language."""
    measured: dict[str, Counts] = {}
    for line in (PRESS / folder / "marks.jsonl").read_text().splitlines():
        marked = json.loads(line)
        text = (PRESS / folder / marked["file"]).read_text()
        _count(
            measured.setdefault(marked["language"], Counts()), marked["quotations"], text, marked["language"]
        )
    return dict(sorted(measured.items()))


def _count(counts: Counts, marked: list[dict[str, Any]], text: str, language: str) -> None:
    proposed = {(one.start, one.end): one for one in quoting.read(text, language).quotations}
    expected = {(one["start"], one["end"]): one for one in marked}
    counts.missed += len(expected.keys() - proposed.keys())
    counts.wrong += len(proposed.keys() - expected.keys())
    for span in expected.keys() & proposed.keys():
        counts.found += 1
        counts.formed += proposed[span].form == expected[span]["form"]
        _count_mention(counts, expected[span], proposed[span].speaker)


def _count_mention(counts: Counts, marked: dict[str, Any], mention: Mention | None) -> None:
    start, end = marked["speaker_start"], marked["speaker_end"]
    if start is None:
        counts.invented += mention is not None
        return
    counts.mentions += 1
    if mention is not None:
        counts.right += mention.start < end and start < mention.end
        counts.exact += (mention.start, mention.end) == (start, end)


def table(folder: str) -> str:
    """The measures of one folder as a Markdown table."""
    lines = [
        f"### `{folder}/`",
        "",
        "| language | quotations | recall | precision | right mention | mention of the same span | right form |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for language, counts in measure(folder).items():
        shares = (
            counts.recall,
            counts.precision,
            counts.right_mention,
            counts.same_mention,
            counts.right_form,
        )
        cells = " | ".join(f"{share:.3f}" for share in shares)
        lines.append(f"| {language} | {counts.found + counts.missed} | {cells} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print("\n\n".join(table(folder) for folder in FOLDERS))
