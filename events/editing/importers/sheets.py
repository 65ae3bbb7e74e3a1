"""Empty sheets to fill in: the headers, and what each column takes; the same for the docs."""

import csv
import io

from django.utils.translation import gettext as _

from events.editing.importers.files import EXPLAINED
from events.editing.importers.tables import Table

# A row that begins so is a remark, and is not read.
REMARK = "# "
_WIDEST = 40


def as_csv(table: Table) -> bytes:
    """The headers and a remark below them that explains each column, in UTF-8 with the mark by which spreadsheets know it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.header for column in table.columns])
    writer.writerow([f"{REMARK}{table.explain(column)}" for column in table.columns])
    return file.getvalue().encode("utf-8-sig")


def as_workbook(table: Table) -> bytes:
    """An Excel workbook: a sheet with the headers, its cells text so that Excel leaves dates alone, and one that explains them."""
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = table.noun
    bold = Font(bold=True)
    for number, column in enumerate(table.columns, 1):
        cell = sheet.cell(1, number, column.header)
        cell.font = bold
        letter = sheet.column_dimensions[get_column_letter(number)]
        letter.width = max(12, min(_WIDEST, len(column.example) + 2))
        letter.number_format = "@"
    sheet.freeze_panes = "A2"
    explained = book.create_sheet(EXPLAINED)
    for row in (
        [_("Column"), _("Required"), _("What it takes"), _("Example")],
        *(
            [column.header, _("yes") if column.required else "", table.explain(column), column.example]
            for column in table.columns
        ),
    ):
        explained.append(row)
    for cell in explained[1]:
        cell.font = bold
    for letter_name, width in (("A", 16), ("B", 10), ("C", 90), ("D", 50)):
        explained.column_dimensions[letter_name].width = width
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_markdown(table: Table) -> str:
    """What docs/editing.md says of the table: a line a column."""
    lines = [f"| `{table.noun}` | takes | example |", "| --- | --- | --- |"]
    for column in table.columns:
        header = f"**{column.header}**" if column.required else column.header
        example = f"`{column.example}`" if column.example else ""
        lines.append(f"| {header} | {table.explain(column).replace('|', chr(92) + '|')} | {example} |")
    return "\n".join(lines) + "\n"
