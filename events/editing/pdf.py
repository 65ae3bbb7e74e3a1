"""The text of a PDF, read by a process of its own with limits of time and memory: a hostile file cannot hold up the archive.

Run as a program it reads a PDF from standard input and prints JSON; `read` runs it so.
"""

import json
import logging
import re
import subprocess
import sys
import warnings
from collections import Counter
from io import BytesIO

MOST_PAGES = 300
LONGEST_TEXT = 2_000_000  # characters
_SECONDS = 30  # of computing, and twice that by the clock
_MEMORY = 1024 * 1024 * 1024  # bytes of address space
# Words before a hyphen that keep it, and words after one that do.
_KEEP_AFTER = frozenset("anti arrière ex franco in non pan post pro semi sous vice по во из кое".split())
_KEEP_BEFORE = frozenset(
    "ce ci elle elles il ils je là le la les moi nous on t tu vous то либо нибудь таки ka".split()
)
_STOP = tuple('.!?…։:»”"')


class PdfError(Exception):
    """The reason why there is no text: "encrypted", "scanned", "long", "slow" or "broken"."""


def read(body: bytes) -> tuple[str, str]:
    """The title that the file's properties give, "" where they give none, and the text, its paragraphs parted by a blank line.

    Words parted at the end of a line are mended, and lines that stand at the head or foot of most pages go. Raises `PdfError`.
    A page takes about 50 ms, and the process 0.5 s more.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", __file__],
            input=body,
            capture_output=True,
            timeout=2 * _SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfError("slow") from None
    try:
        found = json.loads(done.stdout)
    except ValueError:  # killed by a limit, or out of memory
        raise PdfError("slow" if done.returncode < 0 else "broken") from None
    if "error" in found:
        raise PdfError(found["error"])
    return found["title"], joined(found["pages"])


def joined(pages: list[str]) -> str:
    """The text of pages as paragraphs."""
    lines = _without_running_lines([[line.strip() for line in page.split("\n")] for page in pages])
    whole = "\n".join(line for page in lines for line in page)
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", whole.lower()))
    widths = sorted(len(line) for page in lines for line in page if line)
    width = widths[int(0.8 * len(widths))] if widths else 0
    paragraphs: list[str] = []
    is_open = False
    for page in lines:
        for line in page:
            line = re.sub("[ \t]+", " ", line)
            if not line:
                # A blank line at the end of a page parts a sentence no more than the page does.
                is_open = is_open and not _is_ended(paragraphs[-1])
                continue
            if is_open and paragraphs:
                paragraphs[-1] = _mended(paragraphs[-1], line, words)
            else:
                paragraphs.append(line)
            is_open = not (_is_ended(line) and len(line) < 0.85 * width) and not _is_heading(line, width)
    return "\n\n".join(one.replace("\u00ad", "") for one in paragraphs)


def _is_ended(line: str) -> bool:
    return line.endswith(_STOP)


def _is_heading(line: str, width: int) -> bool:
    return len(line) < 0.6 * width and not line.endswith((",", "-", "\u00ad"))


def _mended(before: str, after: str, words: Counter[str]) -> str:
    """Two lines as one: with a blank between them, or a word put together that the end of the line parted."""
    if before.endswith("\u00ad"):
        return before[:-1] + after
    first = re.search(r"([^\W\d_]+)[-‐]$", before)
    second = re.match(r"[^\W\d_]+", after)
    if not first or not second:
        return f"{before} {after}" if not re.search(r"\w[-‐]$", before) else before + after
    start, rest = first[1].lower(), second[0].lower()
    is_compound = (
        second[0][0].isupper()
        or start in _KEEP_AFTER
        or rest in _KEEP_BEFORE
        or (words[f"{start}-{rest}"] > 0 and not words[start + rest])
    )
    return before + after if is_compound else before[: first.end() - 1] + after


def _without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """The pages without the lines that stand, but for numbers, at the head or foot of most of them, and without page numbers."""

    def key(line: str) -> str:
        return re.sub(r"\d+", "#", line.casefold())

    def ends(page: list[str]) -> list[int]:
        filled = [number for number, line in enumerate(page) if line]
        return sorted({*filled[:3], *filled[-3:]})

    seen = Counter(one for page in pages for one in {key(page[number]) for number in ends(page)})
    running = {one for one, times in seen.items() if len(pages) > 1 and times >= max(2, 0.6 * len(pages))}
    kept = []
    for page in pages:
        out = {
            n
            for n in ends(page)
            if key(page[n]) in running
            or re.fullmatch(r"[–—-]?\s*(?:page\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?\s*[–—-]?", page[n], re.I)
        }
        kept.append([line for number, line in enumerate(page) if number not in out])
    return kept


def _main() -> None:
    """Print the title and the pages of the PDF on standard input, or the reason why not."""
    import resource

    # Before anything of the file is looked at.
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    print(json.dumps(_extracted(sys.stdin.buffer.read())))


def _extracted(body: bytes) -> dict[str, object]:
    import pypdf

    try:
        reader = pypdf.PdfReader(BytesIO(body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "encrypted"}
        if len(reader.pages) > MOST_PAGES:
            return {"error": "long"}
        pages, length = [], 0
        for page in reader.pages:
            pages.append(page.extract_text() or "")
            length += len(pages[-1])
            if length > LONGEST_TEXT:
                return {"error": "long"}
        title = str((reader.metadata.title if reader.metadata else "") or "")
    except pypdf.errors.DependencyError:  # an encryption that needs another library
        return {"error": "encrypted"}
    except MemoryError:
        return {"error": "slow"}
    except Exception:  # of whatever kind: the file decides
        return {"error": "broken"}
    if sum(character.isalpha() for page in pages for character in page) < 20:
        return {"error": "scanned" if _has_pages(reader) else "broken"}
    return {"title": title, "pages": pages}


def _has_pages(reader: object) -> bool:
    try:
        return len(reader.pages) > 0  # type: ignore[attr-defined]
    except Exception:
        return False


if __name__ == "__main__":
    _main()
