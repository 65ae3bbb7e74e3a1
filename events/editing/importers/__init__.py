"""Records from tables: an editor's table of one noun, or a folder of tables that refer to each other, all or nothing."""

from events.editing.importers.files import FileError, Sheet, read
from events.editing.importers.imports import import_table, load_tables
from events.editing.importers.loading import Options
from events.editing.importers.report import (
    VERDICTS,
    Difference,
    ImportRefused,
    Outcome,
    Problem,
    Report,
    ReportWriter,
    Unknown,
)
from events.editing.importers.tables import TABLES, Column, Table

__all__ = [
    "TABLES",
    "VERDICTS",
    "Column",
    "Difference",
    "FileError",
    "ImportRefused",
    "Options",
    "Outcome",
    "Problem",
    "Report",
    "ReportWriter",
    "Sheet",
    "Table",
    "Unknown",
    "import_table",
    "load_tables",
    "read",
]
