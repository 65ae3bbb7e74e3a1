"""Rows of a file: CSV in its dialects, Excel workbooks and JSON lines, read one by one within limits."""

import csv
import datetime
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import IO, Any

from django.utils.translation import gettext as _

from events import anchoring
from events.editing.importers.report import cut

# A cell holds at most what a text of the archive holds, a line some cells of that size.
LONGEST_LINE = 4 * anchoring.passages.MAX_LENGTH
MOST_COLUMNS = 100
MOST_EMPTY_ROWS = 10_000
# Of a workbook, unpacked: one sheet may be large, since it is read piece by piece; all else is held in memory.
LARGEST_SHEET = 1 << 30
LARGEST_PART = 128 << 20
MOST_PARTS = 2_000
# The sheet that explains the columns, in the workbooks that editors are offered.
EXPLAINED = "Columns"

csv.field_size_limit(anchoring.passages.MAX_LENGTH)


class FileError(Exception):
    """The file is no table that can be read; the message says why and how to mend it, `line` where."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Sheet:
    """The rows of a file. `headers` as they stand there; `rows` gives line (as a spreadsheet numbers it) and cells, once.

    A cell is text, or a `FileError` that says why it is none. `progress` tells the share that was read, from 0 to 1; `notes` say
    what of the file was left out.
    """

    headers: list[str]
    rows: Iterator[tuple[int, list[str | FileError]]]
    progress: Any = field(default=lambda: 0.0)
    open_headers: bool = False
    notes: tuple[str, ...] = ()


def read(file: IO[bytes], name: str, largest: int = LARGEST_SHEET) -> Sheet:
    """The rows of a file that can be sought in; its kind follows from the end of its name. Raises `FileError`.

    A workbook may have `largest` bytes when unpacked.

    The memory that it takes does not grow with the number of rows, but for the table of texts of a workbook.
    """
    kind = PurePath(name).suffix.lower()
    start = file.read(8)
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    if not size:
        raise FileError(_("The file is empty."))
    looks_packed = start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    if kind == ".xlsx":
        return _workbook(file, start, largest)
    if kind in (".xls", ".xlsm", ".xlsb", ".ods", ".numbers"):
        raise FileError(_("Files of the kind %s are not read. Save the table as .xlsx or as CSV.") % kind)
    if looks_packed:
        raise FileError(_("This is a workbook, whatever its name says. Save it as .xlsx or as CSV."))
    if kind in (".csv", ".tsv", ".txt"):
        return _csv(_lines(file, size), lambda: file.tell() / size)
    if kind in (".jsonl", ".ndjson"):
        return _jsonl(_lines(file, size), lambda: file.tell() / size)
    raise FileError(
        _("Tables are read from files that end in .csv, .xlsx or .jsonl; this one ends in “%s”.") % kind[:20]
    )


def _lines(file: IO[bytes], size: int) -> Iterator[str]:
    """The lines of a text file, decoded. A line that grows without end is refused before it is read."""
    mark = file.read(4)
    file.seek(0)
    encoding = "utf-8-sig"
    if mark.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in mark:
        raise FileError(_("This is no text in UTF-8. Save the table as “CSV UTF-8”."))
    number = 0
    if encoding == "utf-16":
        # Not by bytes: a line end is two of them. `text` keeps the file open as long as its owner does.
        text = io.TextIOWrapper(file, encoding, newline="")
        read_line: Any = text.readline
    else:
        read_line = file.readline
    try:
        while line := read_line(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise FileError(_("The line has more than %s characters.") % f"{LONGEST_LINE:,}", number)
            yield line if isinstance(line, str) else line.decode(encoding if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        detail = ""
        with suppress(TypeError, IndexError):
            detail = f" (0x{error.object[error.start]:02x})"
        message = _(
            "This line is no text in UTF-8%s. Save the table anew: in Excel as “CSV UTF-8”, in LibreOffice with the character set Unicode (UTF-8)."
        )
        raise FileError(message % detail, number + (encoding == "utf-16")) from None
    finally:
        if encoding == "utf-16":
            text.detach()


def _csv(lines: Iterator[str], progress: Any) -> Sheet:
    first = next(lines, "")
    delimiter = ""
    if found := re.fullmatch(r"sep=(.)\r?\n?", first.lstrip("\ufeff")):  # for Excel
        delimiter, first = found[1], next(lines, "")
    elif first.strip("\ufeff\r\n") == "":
        raise FileError(_("The first line is empty. It holds the headers of the columns."), 1)
    delimiter = delimiter or max("\t;,", key=lambda mark: len(_split(first, mark)))
    reader = csv.reader(_joined(first, lines), delimiter=delimiter, strict=True)
    number = 0

    def rows() -> Iterator[tuple[int, list[str | FileError]]]:
        nonlocal number
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise FileError(_csv_problem(error), number + 1) from None
            if cells is None:
                return
            number += 1
            yield number, list(cells)

    every = rows()
    _number, headers = next(every, (0, []))
    return Sheet(_headers(headers), every, progress)


def _split(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark))
    except (csv.Error, StopIteration):
        return []


def _joined(first: str, lines: Iterable[str]) -> Iterator[str]:
    yield first.lstrip("\ufeff")
    yield from lines


def _csv_problem(error: csv.Error) -> str:
    if "field larger" in str(error):
        limit = f"{anchoring.passages.MAX_LENGTH:,}"
        return (
            _("A cell has more than %s characters. Is a quotation mark missing that closes a cell?") % limit
        )
    if "unexpected end of data" in str(error):
        return _("A cell that begins with a quotation mark is never closed by one.")
    return _("This line is no CSV (%s). Inside a quoted cell each quotation mark is written twice.") % error


def _headers(cells: Iterable[Any]) -> list[str]:
    headers = [" ".join(str(cell).split()) if cell is not None else "" for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise FileError(_("The first line is empty. It holds the headers of the columns."), 1)
    if len(headers) > MOST_COLUMNS:
        message = _("The table has %(n)s columns, more than %(most)s.")
        raise FileError(message % {"n": f"{len(headers):,}", "most": MOST_COLUMNS}, 1)
    return headers


def _jsonl(lines: Iterator[str], progress: Any) -> Sheet:
    """Each line is an object; its members are cells. All headers are those of the first row until a row has another."""
    sheet = Sheet([], iter(()), progress, open_headers=True)
    places: dict[str, int] = {}

    def rows() -> Iterator[tuple[int, list[str | FileError]]]:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            for name in (found := _object(line, number)):
                if name not in places:
                    if len(places) >= MOST_COLUMNS:
                        raise FileError(
                            _("The rows have more than %s different members.") % MOST_COLUMNS, number
                        )
                    places[name] = len(places)
                    sheet.headers.append(name)
            cells: list[str | FileError] = [""] * len(places)
            for name, value in found.items():
                cells[places[name]] = _member(value, number)
            yield number, cells

    sheet.rows = rows()
    return sheet


class _Twice(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(
            line, object_pairs_hook=_once, parse_constant=_no_number, parse_float=str, parse_int=str
        )
    except _Twice as error:
        raise FileError(
            _("The member “%s” stands twice in this line.") % cut(str(error))[:40], number
        ) from None
    except (ValueError, RecursionError):
        raise FileError(
            _('This line is no JSON. Each line holds one object: {"title": "…", "kind": "talks"}'), number
        ) from None
    if not isinstance(found, dict):
        raise FileError(_('This line is no JSON object: {"title": "…", "kind": "talks"}'), number)
    return found


def _member(value: Any, number: int) -> str | FileError:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    return FileError(_("A value is text, a number, true, false, null, or a list of texts."), number)


# Workbooks

# Some programs write the names of elements with a prefix.
_MERGED = re.compile(rb'<(?:\w{1,20}:)?mergeCell [^>]*ref="([A-Z0-9:]{1,20})"')
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[ >/]")
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def _workbook(file: IO[bytes], start: bytes, largest: int) -> Sheet:
    import openpyxl  # takes a fifth of a second: not for those who read no workbook

    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError(
            _(
                "This workbook is protected by a password, or is of the old kind .xls. Save it as .xlsx without a password."
            )
        )
    has_formulas, merged = _check_parts(file, largest)
    try:
        # Stored values for all cells; the formulas only where there are some, to tell a missing value from an empty cell.
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        formulas = openpyxl.load_workbook(file, read_only=True, keep_links=False) if has_formulas else None
        # What is hidden is no table for the editor. An empty workbook's explanations stand behind its table.
        shown = [one for one in book.worksheets if one.sheet_state == "visible"] or book.worksheets
        sheet: Any = shown[0]
        if cells := merged.get(sheet._worksheet_path.lstrip("/")):
            reason = _(
                "The cells %s are merged. Part them, and write the value in each row that it belongs to."
            )
            raise FileError(reason % cells)
        others = ", ".join(f"“{cut(one.title)}”" for one in shown[1:] if one.title != EXPLAINED)
        left = _("Only the sheet “%(name)s” was read, not %(others)s.") % {
            "name": cut(sheet.title),
            "others": others,
        }
        last = max(sheet.max_row or 1, 1)
        sheet.reset_dimensions()
        every = _numbered(sheet, formulas.worksheets[book.worksheets.index(sheet)] if formulas else None)
        _number, first = next(every, (0, []))
    except FileError:
        raise
    except Exception:  # a damaged part makes openpyxl raise whatever its code stumbles over
        raise FileError(
            _(
                "This workbook cannot be read: it is damaged. Open it in a spreadsheet and save it anew as .xlsx."
            )
        ) from None
    headers = _headers(cell if isinstance(cell, str) else "" for cell in first)
    position = 1

    def rows() -> Iterator[tuple[int, list[str | FileError]]]:
        nonlocal position
        try:
            for position, cells in every:
                yield position, cells + [""] * (len(headers) - len(cells))
        except FileError:
            raise
        except Exception:
            raise FileError(_("The workbook is damaged behind this row. Save it anew."), position) from None

    return Sheet(headers, rows(), lambda: min(1.0, position / last), notes=(left,) if others else ())


def _check_parts(file: IO[bytes], largest: int) -> tuple[bool, dict[str, str]]:
    """Whether there are formulas in the workbook, and the first merged cells by part. `FileError` for one that is no workbook or could
    harm."""
    has_formulas = False
    merged: dict[str, str] = {}
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            if any("vbaproject" in name.lower() for name in names):
                raise FileError(_("This workbook holds macros. Save it as .xlsx without them."))
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise FileError(_("This is no Excel workbook. Save the table as .xlsx or as CSV."))
            sheets = [part for part in parts if part.filename.startswith("xl/worksheets/")]
            rest = sum(part.file_size for part in parts if part not in sheets)
            whole = sum(part.file_size for part in parts)
            if whole > largest or rest > LARGEST_PART or len(parts) > MOST_PARTS:
                raise FileError(_("This workbook is too large when unpacked. Save the table alone, as CSV."))
            for part in parts:
                if part.filename.endswith(".xml"):
                    formula, cells = _check_part(packed, part)
                    has_formulas |= formula
                    merged |= {part.filename: cells} if cells else {}
            return has_formulas, merged
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
    ):
        raise FileError(
            _("This is no Excel workbook, or it is damaged. Save the table as .xlsx or as CSV.")
        ) from None
    finally:
        file.seek(0)


def _check_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[bool, str]:
    is_sheet = part.filename.startswith("xl/worksheets/")
    has_formula, merged, before = False, "", b""
    with packed.open(part) as stream:
        while block := stream.read(1 << 20):
            window = before + block
            # UTF-16, with or without its mark, would hide what is looked for.
            if b"\0" in window or window.startswith((b"\xff\xfe", b"\xfe\xff")) or _DOCTYPE.search(window):
                raise FileError(_("This workbook holds what no spreadsheet writes. Save it anew as .xlsx."))
            if is_sheet:
                has_formula = has_formula or bool(_FORMULA.search(window))
                if not merged and (found := _MERGED.search(window)):
                    merged = found[1].decode()
            before = block[-64:]
    return has_formula, merged


def _numbered(values: Any, formulas: Any) -> Iterator[tuple[int, list[str | FileError]]]:
    if formulas is not None:
        formulas.reset_dimensions()
    written = formulas.iter_rows() if formulas is not None else iter(())
    empty = 0
    for number, cells in enumerate(values.iter_rows(), 1):
        beside = next(written, ())
        read_cells = [_cell(cell) for cell in cells[: 2 * MOST_COLUMNS]]
        for place, cell in enumerate(beside):
            if place < len(read_cells) and cell.data_type == "f" and cells[place].value is None:
                read_cells[place] = FileError(
                    _(
                        "This formula has no value stored. Open the table in a spreadsheet and save it, or write the value."
                    ),
                    number,
                )
        while read_cells and not read_cells[-1]:
            read_cells.pop()
        empty = 0 if read_cells else empty + 1
        if empty > MOST_EMPTY_ROWS:
            raise FileError(
                _("Here begin more than %s empty rows. Delete them.") % f"{MOST_EMPTY_ROWS:,}",
                number - empty + 1,
            )
        yield number, read_cells


def _cell(cell: Any) -> str | FileError:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        return FileError(
            _("The spreadsheet shows the error %s here. Correct the formula, or write the value.") % value
        )
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime):
        return _day(value, cell.number_format or "")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _day(moment: datetime.datetime, shown_as: str) -> str:
    """A date as EDTF, as fine as the cell shows it: Excel makes the first of October of a typed "2023-10" and shows "Oct-23"."""
    if moment.time() != datetime.time():
        return moment.isoformat()
    shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", shown_as.lower())
    if "d" not in shown and "y" in shown:
        return f"{moment:%Y-%m}" if "m" in shown else f"{moment:%Y}"
    return f"{moment:%Y-%m-%d}"
