"""From a cell to a value: what an editor may write in each kind of column."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import anchoring, codes
from events.editing.importers.report import Problem, cut
from events.editing.importers.tables import Column, Table
from events.models import Attendance
from events.models.fields import CountryField, LanguageField

# A dash alone empties the field.
_EMPTYING = ("-", "–", "—")
_YES = ("true", "yes", "1")
_NO = ("false", "no", "0")
ROLE = re.compile(r"(.*\S)\s*\(([^()]*)\)")
NUMBER = re.compile(r"#\s?([0-9]{1,18})")
# Nothing that a cell can refer to is called longer, with its kind or role; addresses may be.
LONGEST_NAME = 350
LONGEST_ADDRESS = 2_000
MOST_PARTS = 1_000


class CellError(Exception):
    """The cell holds what its column does not take; `problem` says so."""

    def __init__(self, reason: str, column: Column, value: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.problem = Problem(str(reason), column.header, cut(value), str(remedy))


@dataclass(frozen=True)
class Emptied:
    """What the sign for an empty field is read as."""


EMPTIED = Emptied()


def read(table: Table, column: Column, cell: str) -> Any:
    """The value of a cell that is not empty. Raises `CellError`.

    References stay text, to be looked up for many rows at once; what only a field can check (dates, languages) is checked there.
    """
    try:
        text = anchoring.normalise(cell).strip()
    except anchoring.TextError as error:
        raise CellError(str(error), column, cut(cell).encode("ascii", "backslashreplace").decode()) from None
    if not text:
        return None
    if text in _EMPTYING and column.kind not in ("key", "record", "ignored"):
        return _emptied(table, column, text)
    reader = _READERS.get(column.kind)
    value = reader(table, column, text) if reader else text
    if column.to or column.kind == "names":
        _check_parts(column, [value] if isinstance(value, str) else value)
    return value


def _check_parts(column: Column, found: list[Any]) -> None:
    """No cell asks for more, or for longer names, than can be looked up."""
    if len(found) > MOST_PARTS:
        raise CellError(_("The cell names more than %s.") % f"{MOST_PARTS:,}", column, str(found[0]))
    longest = LONGEST_ADDRESS if column.to == "article" else LONGEST_NAME
    for part in found:
        text = "".join(part) if isinstance(part, tuple) else part
        if len(text) > longest:
            reason = _("A name here has at most %(most)s characters; this one has %(n)s.")
            raise CellError(
                reason % {"most": f"{longest:,}", "n": f"{len(text):,}"}, column, text, _parting(column)
            )


def _parting(column: Column) -> str:
    return (
        _("Several are parted by semicolons.") if column.kind in ("references", "attendees", "names") else ""
    )


def _emptied(table: Table, column: Column, text: str) -> Emptied:
    field = table.model_field(column)
    if column.kind in ("attendees", "names", "sources"):
        raise CellError(
            _("This column only adds."), column, text, _("Take rows out on the record’s own page.")
        )
    if (
        column.required
        or column.header in table.owners
        or (field is not None and not (field.blank or field.has_default()))
    ):
        raise CellError(_("This field cannot be emptied."), column, text)
    return EMPTIED


def _text(table: Table, column: Column, text: str) -> str:
    field = table.model_field(column)
    if isinstance(field, CountryField):
        try:
            return codes.country_code(text)
        except codes.CodeError as error:
            raise CellError(str(error), column, text) from None
    if isinstance(field, LanguageField):
        try:
            return codes.language_tag(text)
        except codes.CodeError as error:
            raise CellError(str(error), column, text) from None
    if field is not None and field.get_internal_type() == "DecimalField":
        return text.replace(",", ".")
    if field is None or field.get_internal_type() == "TextField":
        return text
    line = re.sub(r"\s*\n\s*", " ", text)  # only texts run over several lines
    try:
        MaxLengthValidator(field.max_length or LONGEST_ADDRESS)(line)
    except ValidationError as error:
        raise CellError(error.messages[0], column, text) from None
    return line


def _choice(table: Table, column: Column, text: str) -> str:
    field = table.model_field(column)
    value = spellings(field, get_language()).get(text.casefold())
    if value is None:
        reason = _("Value '%s' is not a valid choice.") % cut(text)
        raise CellError(reason, column, text, _("Write one of: %s.") % ", ".join(table.choices(column)))
    return value


@lru_cache(maxsize=256)
def spellings(field: Any, language: str | None) -> dict[str, str]:
    """What may be written for each value of a field of choices, in small letters: the value, or its words in this language."""
    found: dict[str, str] = {}
    for value, label in field.choices or ():
        if value:
            for typed in (str(value), str(value).replace("_", " "), str(label)):
                found.setdefault(typed.casefold(), str(value))
    return found


def _flag(table: Table, column: Column, text: str) -> bool:
    typed = text.casefold()
    if typed not in (*_YES, *_NO):
        raise CellError(
            _("“%s” is neither true nor false.") % cut(text), column, text, _("Write true or false.")
        )
    return typed in _YES


def _list(table: Table, column: Column, text: str) -> list[str]:
    return parts(text)


def _attendees(table: Table, column: Column, text: str) -> list[tuple[str, str]]:
    """Names with their roles, "" where the cell gives none. Brackets that hold no role are a part of the name."""
    roles = spellings(Attendance._meta.get_field("role"), get_language())
    found = []
    for part in parts(text):
        marked = ROLE.fullmatch(part)
        role = roles.get(marked[2].strip().casefold(), "") if marked else ""
        found.append((marked[1] if marked and role else part, role))
    return found


def _names(table: Table, column: Column, text: str) -> list[tuple[str, str]]:
    """Names with the tags of their languages before them."""
    found = []
    for part in parts(text):
        language, colon, name = (piece.strip() for piece in part.partition(":"))
        try:
            tag = codes.language_tag(language) if colon and name else ""
        except codes.CodeError as error:
            raise CellError(str(error), column, part) from None
        if not tag:
            raise CellError(
                _("“%s” does not say its language.") % cut(part), column, part, _("Write ru: Сергей Лавров")
            )
        found.append((tag, name))
    return found


def _sources(table: Table, column: Column, text: str) -> list[str]:
    """Addresses hold no blanks, but semicolons and commas."""
    words = (word.rstrip(";,") for word in re.sub(r"#\s", "#", text).split())
    return list(dict.fromkeys(word for word in words if word))


def _occurrence(table: Table, column: Column, text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise CellError(
            _("“%s” is no whole number.") % cut(text), column, text, _("Write 1 for the first place.")
        )
    return int(text)


def _key(table: Table, column: Column, text: str) -> str:
    if len(text) > 200 or NUMBER.fullmatch(text):
        raise CellError(_("A key has up to 200 characters and is no number with #."), column, text)
    return text


def _record(table: Table, column: Column, text: str) -> int | str:
    if found := NUMBER.fullmatch(text if text.startswith("#") else f"#{text}"):
        return int(found[1])
    if text.casefold() == "new":
        return "new"
    raise CellError(
        _("“%s” is no number of a record.") % cut(text), column, text, _("Write #412, new, or nothing.")
    )


def parts(text: str) -> list[str]:
    """What a cell lists, parted by semicolons or line ends."""
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


_READERS: dict[str, Any] = {
    "text": _text,
    "choice": _choice,
    "flag": _flag,
    "list": _list,
    "references": _list,
    "attendees": _attendees,
    "names": _names,
    "sources": _sources,
    "occurrence": _occurrence,
    "key": _key,
    "record": _record,
}
