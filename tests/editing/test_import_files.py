"""Tables as programs write them and as nobody should: what is read, and what is refused in which words."""

import contextlib
import csv
import datetime
import io
import json
import random
import zipfile

import openpyxl
import pytest
from django.conf import settings

from events.editing import importers
from events.editing.importers import TABLES, FileError, sheets


def read(data: bytes, name: str = "a.csv") -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Headers and rows; a cell that is none as the message about it."""
    sheet = importers.read(io.BytesIO(data), name)
    rows = [(line, [str(cell) for cell in cells]) for line, cells in sheet.rows]
    return sheet.headers, rows


def refusal(data: bytes, name: str = "a.csv") -> tuple[str, int]:
    with pytest.raises(FileError) as refused:
        read(data, name)
    return str(refused.value), refused.value.line


def workbook(*rows, change=lambda sheet: None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(data: bytes, change) -> bytes:
    """The workbook with `change(parts)` done to its parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    change(parts)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


WANTED = (["title", "kind"], [(2, ["Ереван, თბილისი; “x”", "talks"]), (3, ["two\nlines", "call"])])


class TestCSV:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    def test_dialects(self, encoding, delimiter, ending):
        file = io.StringIO()
        writer = csv.writer(file, delimiter=delimiter, lineterminator=ending)
        writer.writerows([WANTED[0], *(row for _line, row in WANTED[1])])
        assert read(file.getvalue().encode(encoding)) == WANTED

    def test_the_line_for_excel(self):
        assert read(b"sep=;\r\ntitle;kind\r\na;b\r\n") == (["title", "kind"], [(2, ["a", "b"])])

    def test_pasted_rows(self):
        pasted = b"title\tkind\r\nTalks, and more\ttalks\r\n"
        assert read(pasted) == (["title", "kind"], [(2, ["Talks, and more", "talks"])])

    def test_lines_are_counted_as_a_spreadsheet_does(self):
        assert [line for line, _cells in read(b'title\n"a\nb"\n\nc\n')[1]] == [2, 3, 4]

    @pytest.mark.parametrize(
        ("data", "message", "line"),
        [
            (b"", "The file is empty.", 0),
            (b"\n", "The first line is empty.", 1),
            (b" , ,\n", "The first line is empty.", 1),
            ("title\nа\n".encode("cp1251"), "This line is no text in UTF-8 (0xe0). Save the table anew", 2),
            ("title\nx\n".encode("utf-16-le"), "This is no text in UTF-8. Save the table as “CSV UTF-8”.", 0),
            (b"\xff\xfet", "This line is no text in UTF-8", 1),
            (b'title\n"a\n', "A cell that begins with a quotation mark is never closed by one.", 2),
            (b'title\n"a"b\n', "This line is no CSV", 2),
            (b"title\n" + b"x" * 2_000_001, "A cell has more than 2,000,000 characters.", 2),
            (b"title\n" + b"x" * 50_000_000, "The line has more than 8,000,000 characters.", 2),
            (b"," * 9_999 + b"x\n", "The table has 10,000 columns, more than 100.", 1),
        ],
    )
    def test_what_is_no_table(self, data, message, line):
        said, where = refusal(data)
        assert (said[: len(message)], where) == (message, line)

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            (
                "a.docx",
                "Tables are read from files that end in .csv, .xlsx or .jsonl; this one ends in “.docx”.",
            ),
            ("a", "Tables are read from files that end in .csv, .xlsx or .jsonl; this one ends in “”."),
            ("a.xls", "Files of the kind .xls are not read. Save the table as .xlsx or as CSV."),
            ("a.xlsm", "Files of the kind .xlsm are not read. Save the table as .xlsx or as CSV."),
        ],
    )
    def test_other_kinds(self, name, message):
        assert refusal(b"title\nx\n", name) == (message, 0)


class TestWorkbook:
    def test_cells(self):
        def change(sheet):
            sheet["C2"].number_format = "mmm-yy"
            sheet["D2"].number_format = "yyyy"

        day = datetime.datetime.fromisoformat("2023-10-01")
        data = workbook(
            ["A", "B", "C", "D", "E", "F", "G", "H", "I"],
            ["Ереван", day, day, day, 2023, 40.1776, 7.0, True, None],
            [datetime.datetime.fromisoformat("2023-02-27T09:30"), datetime.date(2023, 2, 27)],
            change=change,
        )
        assert read(data, "a.xlsx") == (
            ["A", "B", "C", "D", "E", "F", "G", "H", "I"],
            [
                (2, ["Ереван", "2023-10-01", "2023-10", "2023", "2023", "40.1776", "7", "true", ""]),
                (3, ["2023-02-27T09:30:00", "2023-02-27", *[""] * 7]),
            ],
        )  # fmt: skip

    def test_formulas_are_read_as_the_values_that_they_show(self):
        def shown(parts):
            sheet = parts["xl/worksheets/sheet1.xml"]
            parts["xl/worksheets/sheet1.xml"] = sheet.replace(
                b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
            ).replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")

        data = repacked(workbook(["A", "B"], ["=1+1", "x"], ["=2+2", "y"], ["#REF!", "z"]), shown)
        assert read(data, "a.xlsx")[1] == [
            (2, ["2", "x"]),
            (3, ["This formula has no value stored. Open the table in a spreadsheet and save it, or write the value.", "y"]),
            (4, ["The spreadsheet shows the error #REF! here. Correct the formula, or write the value.", "z"]),
        ]  # fmt: skip

    def test_the_size_that_a_sheet_claims_is_not_believed(self):
        def claim(parts):
            sheet = parts["xl/worksheets/sheet1.xml"]
            parts["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')

        data = repacked(workbook(["A"], ["x"]), claim)
        assert read(data, "a.xlsx") == (["A"], [(2, ["x"])])

    def test_a_row_far_below(self):
        data = workbook(["A"], ["x"], change=lambda sheet: sheet.cell(1_048_576, 1, "y"))
        assert refusal(data, "a.xlsx") == ("Here begin more than 10,000 empty rows. Delete them.", 3)

    def test_what_is_hidden_or_stands_behind_is_not_read(self):
        book = openpyxl.Workbook()
        book.active.append(["old"])
        book.active.sheet_state = "hidden"
        shown = book.create_sheet("2024")
        shown.append(["title", "kind"])
        shown.append(["=1+1", "talks"])
        book.create_sheet("notes").append(["x", None])
        book.create_sheet("Columns")  # of the empty sheets
        book["notes"].merge_cells("A1:B1")
        file = io.BytesIO()
        book.save(file)
        sheet = importers.read(file, "a.xlsx")
        assert (sheet.headers, sheet.notes) == (
            ["title", "kind"],
            ("Only the sheet “2024” was read, not “notes”.",),
        )
        assert [[str(cell)[:27] for cell in row] for _line, row in sheet.rows] == [
            ["This formula has no value s", "talks"]
        ]

    def test_merged_cells(self):
        data = workbook(["A", "B"], ["x", "y"], change=lambda sheet: sheet.merge_cells("A2:B2"))
        assert refusal(data, "a.xlsx")[0] == (
            "The cells A2:B2 are merged. Part them, and write the value in each row that it belongs to."
        )

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (lambda parts: parts.update({"xl/vbaProject.bin": b"x"}), "This workbook holds macros."),
            (lambda parts: parts.pop("xl/worksheets/sheet1.xml"), "This workbook cannot be read: it is damaged."),
            (lambda parts: parts.update({"xl/workbook.xml": b"<x"}), "This workbook cannot be read: it is damaged."),
            (
                lambda parts: parts.update({"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts["xl/workbook.xml"]}),
                "This workbook holds what no spreadsheet writes.",
            ),
            (
                lambda parts: parts.update({"xl/theme/theme1.xml": b" " * (129 << 20)}),
                "This workbook is too large when unpacked.",
            ),
            (
                lambda parts: parts.update({"xl/workbook.xml": parts["xl/workbook.xml"].decode().encode("utf-16-le")}),
                "This workbook holds what no spreadsheet writes.",
            ),
            (
                lambda parts: parts.update(
                    {"xl/worksheets/sheet1.xml": parts["xl/worksheets/sheet1.xml"].replace(
                        b"</sheetData>", b'</sheetData><x:mergeCells xmlns:x="x"><x:mergeCell ref="A1:B1"/></x:mergeCells>')}
                ),
                "The cells A1:B1 are merged.",
            ),
            (lambda parts: parts.clear(), "This is no Excel workbook."),
        ],
        ids=["macros", "no sheet", "damaged", "entities", "bomb", "UTF-16", "merged with a prefix", "empty"],
    )  # fmt: skip
    def test_hostile_ones(self, change, message):
        assert refusal(repacked(workbook(["A"], ["x"]), change), "a.xlsx")[0][: len(message)] == message

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "This workbook is protected by a password"),
            (b"PK\x03\x04", "This is no Excel workbook, or it is damaged."),
            (b"title\nx\n", "This is no Excel workbook, or it is damaged."),
            (b"\0" * 100, "This is no Excel workbook, or it is damaged."),
        ],
    )
    def test_what_is_none(self, data, message):
        assert refusal(data, "a.xlsx")[0][: len(message)] == message

    def test_any_damage_is_told(self):
        """Bytes changed at random: rows or a refusal, never anything else."""
        whole = workbook(["A", "B"], *[[f"x{n}", n] for n in range(50)])
        chance = random.Random(1)
        for _ in range(60):
            data = bytearray(whole)
            for _ in range(chance.randrange(1, 20)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            with contextlib.suppress(FileError):
                read(bytes(data), "a.xlsx")


class TestJSONLines:
    def test_rows(self):
        rows = [
            {"title": "Переговоры", "held_on": 2023, "latitude": 40.17760, "contested": True, "place": None},
            {"title": "b", "topics": ["Peace", "Borders"]},
        ]
        data = "\n".join(json.dumps(row) for row in rows).encode() + b"\n\n"
        assert read(data, "a.jsonl") == (
            ["title", "held_on", "latitude", "contested", "place", "topics"],
            [
                (1, ["Переговоры", "2023", "40.1776", "true", ""]),
                (2, ["b", "", "", "", "", "Peace; Borders"]),
            ],
        )

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            (b"{", "This line is no JSON."),
            (b"[1]", "This line is no JSON object"),
            (b'{"a": NaN}', "This line is no JSON."),
            (b'{"a": 1, "a": 2}', "The member “a” stands twice in this line."),
            (b"[" * 200_000, "This line is no JSON."),
            (json.dumps({f"m{n}": 1 for n in range(101)}).encode(), "The rows have more than 100 different members."),
        ],
    )  # fmt: skip
    def test_what_is_none(self, line, message):
        said, where = refusal(b'{"a": "x"}\n' + line + b"\n", "a.jsonl")
        assert (said[: len(message)], where) == (message, 2)

    def test_members_that_are_no_cells(self):
        message = "A value is text, a number, true, false, null, or a list of texts."
        assert read(b'{"a": {"b": 1}}\n{"a": [[1]]}\n', "a.jsonl")[1] == [(1, [message]), (2, [message])]


class TestSheets:
    @pytest.mark.parametrize("noun", list(TABLES))
    def test_an_empty_sheet_explains_each_column(self, noun):
        table = TABLES[noun]
        headers, rows = read(sheets.as_csv(table))
        assert headers == list(table.by_header)
        assert rows == [(2, [f"# {table.explain(column)}" for column in table.columns])]
        assert all(table.explain(column).strip() for column in table.columns)
        assert read(sheets.as_workbook(table), "a.xlsx") == (headers, [])
        book = openpyxl.load_workbook(io.BytesIO(sheets.as_workbook(table)))
        assert [cell.value for cell in book["Columns"]["A"]] == ["Column", *headers]

    @pytest.mark.parametrize("noun", list(TABLES))
    def test_the_guide_has_the_same_columns(self, noun):
        """A difference is mended by pasting what `sheets.as_markdown` gives."""
        guide = (settings.BASE_DIR / "docs" / "editing.md").read_text().partition("### Columns")[2]
        found = next((part for part in guide.split("\n\n") if part.startswith(f"| `{noun}` |")), "")
        assert f"{found.strip()}\n" == sheets.as_markdown(TABLES[noun])
