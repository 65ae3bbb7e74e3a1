"""Records from tables: a folder with one CSV file a noun, as sample/README.md describes it, becomes records in one go."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from events import anchoring
from events.models import (
    Agreement,
    Article,
    Attendance,
    Coverage,
    Meeting,
    Name,
    Outlet,
    Participant,
    Place,
    Quotation,
    Status,
    Tenure,
    Topic,
)
from events.models.base import rule_broken_by

Row = Mapping[str, str]


class ImportRefused(Exception):
    """Nothing was stored; `problems` says in which table and line, and why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Problem(Exception):
    """What is wrong with a row, in the words of the message."""


def load_tables(folder: Path, status: str = Status.PUBLISHED) -> Counter[str]:
    """Load every table of `folder` in one transaction and return how many records of each noun were created.

    A record is known again by its key: it is left as it is, edited or not, and so are the rows that belong to it. The same tables
    a second time create nothing. Raises `ImportRefused`, with nothing stored, for a missing table or column, a value that its
    field refuses, or a reference to no record.
    """
    return _Loader(folder, status).load()


class _Loader:
    def __init__(self, folder: Path, status: str) -> None:
        self.folder = folder
        self.status = status
        self.known: dict[tuple[Any, str], Any] = {}
        self.new: set[tuple[Any, str]] = set()
        self.created: Counter[str] = Counter()
        self.problems: list[str] = []

    def load(self) -> Counter[str]:
        tables: tuple[tuple[str, Callable[[Row], None], str], ...] = (
            ("participants", self._participant, ""),
            ("places", self._place, "parent"),
            ("names", self._name, ""),
            ("tenures", self._tenure, ""),
            ("topics", self._topic, "broader"),
            ("outlets", self._outlet, ""),
            ("articles", self._article, ""),
            ("meetings", self._meeting, "parent"),
            ("attendances", self._attendance, ""),
            ("agreements", self._agreement, ""),
            ("coverages", self._coverage, ""),
            ("quotations", self._quotation, "within variant_of"),
        )
        with transaction.atomic():
            for table, store, references in tables:
                rows = self._read(table)
                for line, row in self._in_order(rows, references.split()):
                    try:
                        with transaction.atomic():
                            store(row)
                    except _Problem as problem:
                        self.problems.append(f"{table}.csv, line {line}: {problem}")
                    except ValidationError as error:
                        self.problems.extend(f"{table}.csv, line {line}: {said}" for said in _messages(error))
                    except IntegrityError as error:
                        self.problems.append(f"{table}.csv, line {line}: {rule_broken_by(error)}")
                    except KeyError as error:
                        self.problems.append(f"{table}.csv: the column {error.args[0]} is missing.")
                        break
                if self.problems:
                    raise ImportRefused(self.problems)
        return self.created

    def _read(self, table: str) -> list[tuple[int, Row]]:
        path = self.folder / f"{table}.csv"
        try:
            text = anchoring.decode(path.read_bytes())
        except FileNotFoundError:
            raise ImportRefused([_("There is no table %s.") % path.name]) from None
        except anchoring.TextError as error:
            raise ImportRefused([f"{path.name}: {error}"]) from None
        reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
        try:
            rows = [(reader.line_num, row) for row in reader]
        except csv.Error as error:
            raise ImportRefused([f"{path.name}, line {reader.line_num}: {error}"]) from None
        for line, row in rows:
            if None in row or None in row.values():
                raise ImportRefused([f"{path.name}, line {line}: {_('more or fewer cells than columns.')}"])
        return [(line, {name: cell.strip() for name, cell in row.items()}) for line, row in rows]

    def _in_order(self, rows: list[tuple[int, Row]], references: Iterable[str]) -> list[tuple[int, Row]]:
        """The rows so that one that others refer to comes before them; rows in a circle come last, and fail there."""
        waiting = rows
        ordered: list[tuple[int, Row]] = []
        done: set[str | None] = set()
        keys = {row.get("key") for _line, row in rows}
        while waiting:
            ready = [
                (line, row)
                for line, row in waiting
                if all(row.get(name, "") in done or row.get(name, "") not in keys for name in references)
            ]
            if not ready:
                return ordered + waiting
            ordered += ready
            done |= {row.get("key") for _line, row in ready}
            taken = {line for line, _row in ready}
            waiting = [(line, row) for line, row in waiting if line not in taken]
        return ordered

    def _known(self, model: Any, key: str) -> Any:
        if (model, key) not in self.known:
            self.known[model, key] = model.objects.filter(import_key=key).first()
        return self.known[model, key]

    def _find(self, model: Any, key: str) -> Any:
        """The record of this key; None for an empty cell."""
        if not key:
            return None
        record = self._known(model, key)
        if record is None:
            raise _Problem(
                _("there is no %(noun)s “%(key)s”.") % {"noun": model._meta.verbose_name, "key": key}
            )
        return record.merged_into or record

    def _find_all(self, model: Any, cell: str) -> list[Any]:
        return [self._find(model, key) for key in _several(cell)]

    def _store(self, row: Row, record: Any, related: Mapping[str, list[Any]] | None = None) -> None:
        """Store a new record under the key of its row."""
        model = type(record)
        record.import_key, record.status = row["key"], self.status
        _save(record)
        for relation, others in (related or {}).items():
            getattr(record, relation).set(others)
        self.known[model, row["key"]] = record
        self.new.add((model, row["key"]))
        self.created[model._meta.model_name] += 1

    def _is_there(self, model: Any, row: Row) -> bool:
        if not row["key"]:
            raise _Problem(_("the key is missing."))
        return self._known(model, row["key"]) is not None

    def _belongs_to_new(self, model: Any, key: str) -> bool:
        self._find(model, key)
        return (model, key) in self.new

    def _participant(self, row: Row) -> None:
        if not self._is_there(Participant, row):
            cells = _cells(row, "kind name sort_name country description")
            self._store(row, Participant(**cells, identifiers=_several(row["identifiers"])))

    def _place(self, row: Row) -> None:
        if not self._is_there(Place, row):
            cells = _cells(row, "kind name country precision")
            self._store(
                row,
                Place(
                    **cells,
                    parent=self._find(Place, row["parent"]),
                    latitude=row["latitude"] or None,
                    longitude=row["longitude"] or None,
                    contested=_flag(row["contested"]),
                ),
            )

    def _name(self, row: Row) -> None:
        if bool(row["participant"]) == bool(row["place"]):
            raise _Problem(_("a name belongs to a participant or to a place, to exactly one of them."))
        model: Any = Participant if row["participant"] else Place
        owner = row["participant"] or row["place"]
        if self._belongs_to_new(model, owner):
            name = Name(
                **_cells(row, "text language kind valid"),
                preferred=_flag(row["preferred"]),
                used_by=self._find(Participant, row["used_by"]),
            )
            setattr(name, model._meta.model_name, self._find(model, owner))
            _save(name)

    def _tenure(self, row: Row) -> None:
        if self._belongs_to_new(Participant, row["participant"]):
            tenure = Tenure(
                **_cells(row, "title period"),
                person=self._find(Participant, row["participant"]),
                body=self._find(Participant, row["body"]),
                on_behalf_of=self._find(Participant, row["on_behalf_of"]),
                attested=_flag(row["attested"]),
            )
            _save(tenure)

    def _topic(self, row: Row) -> None:
        if not self._is_there(Topic, row):
            self._store(row, Topic(label=row["label"], broader=self._find(Topic, row["broader"])))

    def _outlet(self, row: Row) -> None:
        if not self._is_there(Outlet, row):
            speaks_for = self._find(Participant, row["speaks_for"])
            self._store(row, Outlet(**_cells(row, "name kind country host"), speaks_for=speaks_for))

    def _article(self, row: Row) -> None:
        if not self._is_there(Article, row):
            article = Article(
                **_cells(row, "title language published_on url rights kind"),
                outlet=self._find(Outlet, row["outlet"]),
                authors=_several(row["authors"]),
                text=self._text(row["text"]),
            )
            self._store(row, article)

    def _text(self, name: str) -> str:
        if not name:
            return ""
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise _Problem(_("the text %s does not lie in the folder of the tables.") % name)
        try:
            return anchoring.decode(path.read_bytes()).strip()
        except OSError:
            raise _Problem(_("there is no text %s.") % name) from None
        except anchoring.TextError as error:
            raise _Problem(f"{name}: {error}") from None

    def _meeting(self, row: Row) -> None:
        if not self._is_there(Meeting, row):
            meeting = Meeting(
                **_cells(row, "title kind held_on format state summary"),
                place=self._find(Place, row["place"]),
                parent=self._find(Meeting, row["parent"]),
            )
            self._store(row, meeting, {"topics": self._find_all(Topic, row["topics"])})

    def _attendance(self, row: Row) -> None:
        if self._belongs_to_new(Meeting, row["meeting"]):
            meeting = self._find(Meeting, row["meeting"])
            attendance = Attendance(
                **_cells(row, "role title note"),
                meeting=meeting,
                participant=self._find(Participant, row["participant"]),
                claimed_by=self._find(Participant, row["claimed_by"]),
            )
            _save(attendance)

    def _agreement(self, row: Row) -> None:
        if not self._is_there(Agreement, row):
            agreement = Agreement(
                **_cells(row, "title kind signed_on url"), meeting=self._find(Meeting, row["meeting"])
            )
            self._store(row, agreement, {"parties": self._find_all(Participant, row["parties"])})

    def _coverage(self, row: Row) -> None:
        self._find(Article, row["article"])
        if self._belongs_to_new(Meeting, row["meeting"]) or (Article, row["article"]) in self.new:
            coverage = Coverage(
                article=self._find(Article, row["article"]),
                meeting=self._find(Meeting, row["meeting"]),
                stance=row["stance"] or Coverage.Stance.SUPPORTS,
            )
            if row["exact"]:
                self._anchor(coverage, row["exact"], "")
            _save(coverage)

    def _quotation(self, row: Row) -> None:
        if not self._is_there(Quotation, row):
            quotation = Quotation(
                **_cells(row, "attribution form language rendering translated_by said_on"),
                article=self._find(Article, row["article"]),
                speaker=self._find(Participant, row["speaker"]),
                within=self._find(Quotation, row["within"]),
                variant_of=self._find(Quotation, row["variant_of"]),
                reported_by=self._find(Participant, row["reported_by"]),
                meeting=self._find(Meeting, row["meeting"]),
            )
            self._anchor(quotation, row["words"], row["occurrence"])
            self._store(row, quotation, {"topics": self._find_all(Topic, row["topics"])})

    def _anchor(self, passage: Any, words: str, occurrence: str) -> None:
        try:
            passage.anchor(passage.article.text, words, int(occurrence) if occurrence else None)
        except ValueError:
            raise _Problem(_("occurrence: a whole number, 1 for the first place.")) from None
        except LookupError as error:
            raise _Problem(str(error)) from None


def _save(record: Any) -> None:
    # Not full_clean(): it asks the database about each constraint, which keeps them all itself. That is two thirds of the time.
    record.clean_fields()
    record.clean()
    record.save()


def _cells(row: Row, columns: str) -> dict[str, str]:
    return {column: row[column] for column in columns.split()}


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _flag(cell: str) -> bool:
    if cell not in ("true", "false", ""):
        raise _Problem(_("“%s” is neither true nor false.") % cell)
    return cell == "true"


def _messages(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return error.messages
    return [
        said if field == "__all__" else f"{field}: {said}"
        for field, messages in error.message_dict.items()
        for said in messages
    ]
