"""One table into the archive: in batches, in one transaction, with an outcome for each row."""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from events import addresses, anchoring, names
from events.editing import capture
from events.editing.importers import cells, identity, records, resolving
from events.editing.importers.files import FileError, Sheet
from events.editing.importers.identity import Entry
from events.editing.importers.references import References, references
from events.editing.importers.report import Outcome, Problem, Report, cut
from events.editing.importers.resolving import Found, Resolver
from events.editing.importers.rights import Rights
from events.editing.importers.tables import Column, Table
from events.models import Status
from events.models.base import Record, rule_broken_by

# Rows are held until they hold this much text.
MOST_CHARACTERS = 4_000_000
# Rows that wait for one that stands below them; unknown names that are compared with all others.
MOST_WAITING = 20_000
MOST_UNKNOWN = 1_000

Progress = Callable[[int, float], None]


@dataclass(frozen=True)
class Options:
    """How a table is taken in.

    `user` becomes the author of what is stored, within their rights; nobody (the shell) may do all but change what is public.
    `create_unknown` makes drafts of unknown names. `keep_known` leaves known records as they are. A `folder` is one of tables that
    refer to each other by their keys alone; texts are files below it.
    """

    user: Any = None
    create_unknown: bool = False
    keep_known: bool = False
    status: str = Status.DRAFT
    folder: Path | None = None
    most_rows: int | None = None


def _is_empty(row: list[str | FileError]) -> bool:
    return all(isinstance(cell, str) and not cell.strip() for cell in row)


def _is_remark(cell: str | FileError) -> bool:
    """Remarks begin with a number sign and a blank; a number of a record may be written so too."""
    return isinstance(cell, str) and cell.startswith("# ") and not cells.NUMBER.fullmatch(cell.strip())


def _like_line(entry: Entry, line: int) -> Problem:
    reason = _("This row seems to mean the same as line %s.") % line
    remedy = _("Keep one of them, or write “new” in the column record.")
    return Problem(reason, value=entry.title, remedy=remedy)


@dataclass
class Loader:
    """Takes the rows of one table in and reports them. Must run in a transaction that the caller ends as the report says."""

    table: Table
    options: Options
    report: Report
    new: set[tuple[Any, int]] = field(default_factory=set)
    progress: Progress | None = None

    def __post_init__(self) -> None:
        options = self.options
        self.is_folder = options.folder is not None
        self.rights = Rights(options.user, unlimited=self.is_folder)
        self.references = References(
            Resolver(keys_only=self.is_folder),
            self.rights,
            self.report,
            self.new,
            options.status,
            options.create_unknown,
        )
        self.lines: dict[int, int] = {}
        self.outlets: dict[str, Any] = {}
        self.waiting: dict[str, list[Entry]] = {}
        self.count_of_waiting = 0
        self.count = 0

    def load(self, sheet: Sheet) -> None:
        try:
            headers: list[str] = []
            for batch in self._batches(sheet, headers):
                self._take(batch)
                if self.progress:
                    self.progress(self.count, sheet.progress())
            if not self.count and not self.report.is_refused:
                self._refuse_file(FileError(_("The table has no rows below its headers."), 1))
            self._take_rest()
        except FileError as error:
            self._refuse_file(error)

    def _refuse_file(self, error: FileError) -> None:
        problems = tuple(Problem(said) for said in str(error).split("\n"))
        self.report.add(Outcome(error.line, "refused", "", problems=problems))

    # Reading

    def _batches(self, sheet: Sheet, headers: list[str]) -> Iterator[list[Entry]]:
        batch: list[Entry] = []
        characters = 0
        columns: list[Column | None] = []
        if not sheet.open_headers:
            columns = self._columns(sheet.headers)
        for line, row in sheet.rows:
            if len(columns) < len(sheet.headers) and sheet.open_headers:
                columns = self._columns(sheet.headers)
            if _is_empty(row) or _is_remark(row[0]):
                continue
            self.count += 1
            if self.options.most_rows and self.count > self.options.most_rows:
                message = _("The table has more than %s rows. Part it, or use the command import_records.")
                raise FileError(message % f"{self.options.most_rows:,}", line)
            batch.append(self._entry(line, row, columns))
            characters += sum(len(cell) for cell in row if isinstance(cell, str))
            if len(batch) >= self.table.batch or characters > MOST_CHARACTERS:
                yield batch
                batch, characters = [], 0
        if batch:
            yield batch

    def _columns(self, headers: list[str]) -> list[Column | None]:
        """The columns of the headers, in their order. `FileError` that names all that are unknown, doubled or missing."""
        found: list[Column | None] = []
        wrong = []
        for header in headers:
            typed = header.casefold().replace(" ", "_").replace("-", "_")
            column = self.table.by_header.get(typed)
            if column is None and header:
                near = difflib.get_close_matches(typed[:100], self.table.by_header, n=1, cutoff=0.5)
                meant = _(" Did you mean “%s”?") % near[0] if near else ""
                wrong.append(_("There is no column “%s”.") % cut(header) + meant)
            elif column is None:
                wrong.append(_("A column has no header."))
            elif column in found:
                wrong.append(_("The column %s stands twice.") % column.header)
            found.append(column)
        have = {column.header for column in found if column}
        if self.is_folder or not {"record"} & have:
            wrong += [
                _("the column %s is missing.") % header
                for header in self.table.required
                if header not in have
            ]
        if wrong:
            if not self.is_folder:
                wrong.append(_("Its columns are: %s.") % ", ".join(self.table.by_header))
            raise FileError("\n".join(dict.fromkeys(wrong)), 1)
        return found

    def _entry(self, line: int, row: list[str | FileError], columns: list[Column | None]) -> Entry:
        entry = Entry(line)
        surplus = row[len(columns) :]
        if len(row) < len(columns) or any(surplus):
            reason = _("The row has %(cells)s cells, but the table has %(columns)s columns.")
            values = {"cells": len(row), "columns": len(columns)}
            remedy = _("Is a delimiter missing, or does a cell that holds one lack its quotation marks?")
            entry.problems.append(Problem(reason % values, remedy=remedy))
            entry.title = cut("; ".join(cell for cell in row if isinstance(cell, str)))[:80]
            return entry
        for column, cell in zip(columns, row, strict=False):
            if column is None or not cell:
                continue
            if isinstance(cell, FileError):
                entry.problems.append(Problem(str(cell), column.header))
                continue
            try:
                value = self._value(column, cell)
            except cells.CellError as error:
                entry.problems.append(error.problem)
            else:
                if value is not None:
                    entry.values[column.header] = value
        entry.title = cut(self._called(entry))[:80]
        return entry

    def _called(self, entry: Entry) -> str:
        """How reports call the row: by what it belongs to, else by its title or name."""
        if self.table.owners:
            return ", ".join(filter(None, (entry.get(owner) for owner in self.table.owners)))
        given = (entry.get(name) for name in ("title", "name", "label", "words", "url", "key"))
        return next(filter(None, given), "")

    def _value(self, column: Column, cell: str) -> Any:
        value = cells.read(self.table, column, cell)
        if column.header == "text" and self.table.noun == "articles" and self.options.folder and value:
            return self._text_of_file(column, str(value))
        return value

    def _text_of_file(self, column: Column, name: str) -> str:
        folder = self.options.folder
        assert folder is not None
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise cells.CellError(
                _("the text %s does not lie in the folder of the tables.") % name, column, name
            )
        try:
            return anchoring.decode(path.read_bytes()).strip()
        except OSError:
            raise cells.CellError(_("there is no text %s.") % name, column, name) from None
        except anchoring.TextError as error:
            raise cells.CellError(f"{name}: {error}", column, name) from None

    # Rows in the order in which they can be stored

    def _take(self, batch: list[Entry], last: bool = False) -> None:
        """Store what can be stored, and what was waiting for it; the rest waits for rows further down."""
        while batch:
            ready = self._ready(batch, last)
            self._store(ready)
            batch = self._released(ready)

    def _take_rest(self) -> None:
        rest = {
            entry: entry.line for entries in self.waiting.values() for entry in entries if entry.is_waiting
        }
        self.waiting.clear()
        ordered = sorted(rest, key=lambda entry: entry.line)
        for start in range(0, len(ordered), self.table.batch):
            self._take(ordered[start : start + self.table.batch], last=True)

    def _ready(self, batch: list[Entry], last: bool) -> list[Entry]:
        """The rows of which all references are clear, linked; others of the table may stand further down, unless these are the last."""
        wanted = list(references(self.table, batch))
        found = self.references.find(wanted)
        waits: dict[Entry, str] = {}
        if not last:
            for one in wanted:
                if one.column in self.table.within and found[one.model, one.text] == Found():
                    waits.setdefault(one.entry, one.text)
        for entry, text in waits.items():
            self._wait(entry, text)
        self.references.link([one for one in wanted if one.entry not in waits], found)
        return [entry for entry in batch if entry not in waits]

    def _wait(self, entry: Entry, text: str) -> None:
        self.count_of_waiting += 1
        if self.count_of_waiting > MOST_WAITING:
            message = _("More than %s rows refer to rows below them. Put those first that others refer to.")
            raise FileError(message % f"{MOST_WAITING:,}", entry.line)
        entry.is_waiting = True
        for sign in self._signs(text):
            self.waiting.setdefault(sign, []).append(entry)

    def _released(self, stored: list[Entry]) -> list[Entry]:
        if not self.waiting:
            return []
        released: list[Entry] = []
        for entry in stored:
            for text in (entry.key, entry.get("name") or entry.get("label") or entry.get("title")):
                for sign in self._signs(text):
                    released += [one for one in self.waiting.pop(sign, ()) if one.is_waiting]
                    for one in released:
                        one.is_waiting = False
        self.count_of_waiting -= len(released)
        return sorted(released, key=lambda entry: entry.line)

    def _signs(self, text: str) -> set[str]:
        return {text, f"~{names.fold(text)}"} if text else set()

    # Storing

    def _store(self, entries: list[Entry]) -> None:
        good = [entry for entry in entries if not entry.problems]
        for entry in entries:
            if entry.problems and entry.values:
                records.check_rest(self.table, entry)
        objects = records.Objects(self.table, good, with_texts=self.table.noun in ("quotations", "coverages"))
        if self.options.keep_known and self.table.owners:
            for entry in good:
                entry.is_known = not any(self._is_new(entry, owner) for owner in self.table.owners)
            good = [entry for entry in good if not entry.is_known]
        self._hold_owners(good)
        for entry in good:
            self._build(entry, objects)
        self._identify([entry for entry in good if not entry.problems])
        known = [entry for entry in good if entry.number and not entry.problems]
        fresh = [entry for entry in good if not entry.number and not entry.problems]
        if known and not (self.options.keep_known and not self.table.owners):
            self._compare(known, objects)
        for entry in fresh:
            self._complete(entry, objects)
        self._write([entry for entry in fresh if not entry.problems])
        self._touch([entry for entry in good if not entry.problems])
        for entry in sorted(entries, key=lambda one: one.line):
            self._tell(entry)

    def _hold_owners(self, entries: list[Entry]) -> None:
        """Lock the records to which the rows belong, before anything of them is read: rows have no version of their own, and a form of
        the record that is saved at this moment would be overwritten. A query for each noun that owns them."""
        for owner in self.table.owners:
            numbers = {entry.links[owner] for entry in entries if entry.links.get(owner)}
            rows = self._model_of(owner).objects.filter(pk__in=numbers).order_by("pk")
            list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))

    def _is_new(self, entry: Entry, owner: str) -> bool:
        number = entry.links.get(owner)
        return number is not None and (self._model_of(owner), number) in self.new

    def _model_of(self, header: str) -> Any:
        return apps.get_model("events", self.table.by_header[header].to)

    def _build(self, entry: Entry, objects: records.Objects) -> None:
        """The record that the row would be if it were new, its words at their place: that is how quotations are known again."""
        if self.table.noun == "names" and len({"participant", "place"} & entry.links.keys()) != 1:
            reason = _("a name belongs to a participant or to a place, to exactly one of them.")
            entry.problems.append(Problem(reason))
            return
        entry.record = self.table.model()
        records.fill(self.table, entry, objects)
        if self.table.noun == "quotations":
            records.anchor(self.table, entry, entry.record)

    def _identify(self, entries: list[Entry]) -> None:
        """Find the known record of each row, and refuse rows that mean the same one or do not say which they mean."""
        if self.is_folder and "key" in self.table.by_header and not self.table.owners:
            for entry in entries:
                if not entry.key:
                    entry.problems.append(Problem(_("the key is missing.")))
        numbered = {
            entry: entry.values["record"] for entry in entries if isinstance(entry.values.get("record"), int)
        }
        keyed = {
            entry: entry.key
            for entry in entries
            if entry.key and entry not in numbered and not self.table.owners
        }
        found: dict[Entry, int] = dict(numbered)
        if keyed:
            rows = self.table.model.objects.filter(import_key__in=set(keyed.values()))
            known = {
                key: merged or number
                for key, number, merged in rows.values_list("import_key", "pk", "merged_into")
            }
            found |= {entry: known[key] for entry, key in keyed.items() if key in known}
        open_ones = [entry for entry in entries if entry not in found and not entry.problems]
        if not self.is_folder or self.table.owners:
            for entry, match in identity.find(self.table.noun, open_ones).items():
                if not entry.is_new or self.table.owners:
                    self._decide(entry, match, found)
        self._meet(entries, found)

    def _decide(self, entry: Entry, match: identity.Match, found: dict[Entry, int]) -> None:
        if len(match.same) == 1:
            found[entry] = next(iter(match.same))
        elif match.same and self.table.owners:
            reason = _("The archive has several rows that this one may mean.")
            remedy = _("Mend them on the record’s own page.")
            entry.problems.append(Problem(reason, value=entry.title, remedy=remedy))
        elif lines := sorted(
            self.lines[number] for number in match.same or match.similar if number in self.lines
        ):
            entry.problems.append(_like_line(entry, lines[0]))
        elif match.same or match.similar:
            candidates = resolving.described(self.table.model, sorted(match.same) or match.similar)
            reason = _("The archive has something similar: %s.")
            if match.same:
                reason = _("The archive has several records that this row may mean: %s.")
            remedy = _("Write its number in the column record, or “new” for a new one.")
            entry.problems.append(Problem(reason % "; ".join(candidates), value=entry.title, remedy=remedy))

    def _meet(self, entries: list[Entry], found: dict[Entry, int]) -> None:
        """No two rows of a table mean one record."""
        met: dict[Any, Entry] = {}
        for entry in entries:
            if entry.problems:
                continue
            before = None
            if entry in found:
                before = self.lines.get(found[entry])
                self.lines.setdefault(found[entry], entry.line)
                entry.number, entry.is_known = found[entry], True
            else:
                sign = identity.fingerprint(self.table.noun, entry)
                other = met.get(sign) if not self.is_folder or self.table.owners else None
                if other and not entry.is_new and not identity.are_apart(entry, other):
                    before = other.line
                elif entry.key and ("key", entry.key) in met:
                    before = met["key", entry.key].line
                likeness = None if self.is_folder else identity.likeness(self.table.noun, entry)
                alike = met.get(("like", likeness)) if likeness else None
                if before is None and alike and not entry.is_new and not identity.are_apart(entry, alike):
                    entry.problems.append(_like_line(entry, alike.line))
                met[sign] = met["key", entry.key] = entry
                met.setdefault(("like", likeness), entry)
            if before is not None:
                reason = _("This row means the same as line %s.") % before
                entry.problems.append(Problem(reason, value=entry.title, remedy=_("Keep one of them.")))

    def _compare(self, known: list[Entry], objects: records.Objects) -> None:
        stored = self.table.model.objects.in_bulk([entry.number for entry in known])
        rows = records.KnownRows(self.table, known)
        for entry in known:
            entry.record = stored.get(entry.number)
            merged = getattr(entry.record, "merged_into_id", None)
            if entry.record is None or merged:
                reason = _("There is no record #%s.") % entry.number
                if merged:
                    reason = _("#%(number)s was merged into #%(other)s.") % {
                        "number": entry.number,
                        "other": merged,
                    }
                entry.problems.append(Problem(reason, "record", f"#{entry.number}"))
                continue
            if not self.table.owners:
                entry.title = cut(str(entry.record))[:80]
            entry.version = getattr(entry.record, "version", None)
            records.compare(self.table, entry, objects, rows)
            if entry.problems or not entry.differences:
                continue
            if refused := self._refusal(entry):
                entry.problems.append(Problem(refused))
                continue
            try:
                with transaction.atomic():
                    records.update(entry, self.options.user)
            except (ValidationError, IntegrityError, DataError) as error:
                entry.problems += self._said(entry, error)

    def _complete(self, entry: Entry, objects: records.Objects) -> None:
        """The new record of the row, whole and checked."""
        record = entry.record
        if isinstance(record, Record):
            record.status = self.options.status
            record.created_by = record.updated_by = self.options.user
        if self.table.noun == "coverages":
            records.anchor(self.table, entry, record)
        if self.table.noun == "articles" and not self.is_folder:
            self._complete_article(entry)
        if self.table.noun == "participants":
            record.sort_name = record.sort_name or record.name
        records.check(self.table, entry, record)
        for column in self.table.columns:
            if column.kind == "references":
                entry.related[column.header] = list(dict.fromkeys(entry.links.get(column.header, ())))
            elif column.kind in ("attendees", "names", "sources") and entry.values.get(column.header):
                records.add_rows(entry, column, objects, None)
        entry.meant = records.meant(self.table, entry, objects, self.new)
        if refused := self._refusal(entry):
            entry.problems.append(Problem(refused))

    def _complete_article(self, entry: Entry) -> None:
        """What an article says by itself: its outlet by its host, and that without a text there is nothing but metadata."""
        article = entry.record
        if article.url and "outlet" not in entry.values:
            host = addresses.host(article.url)
            if host not in self.outlets:
                self.outlets[host] = capture.outlet_of(article.url)
            article.outlet = self.outlets[host]
        if not article.text and "rights" not in entry.values:
            article.rights = article.Rights.METADATA

    def _write(self, entries: list[Entry]) -> None:
        try:
            with transaction.atomic():
                records.insert(entries)
        except (ValidationError, IntegrityError, DataError) as error:
            if len(entries) == 1:
                self._forget(entries[0])
                entries[0].problems += self._said(entries[0], error)
                return
            for entry in entries:
                self._forget(entry)
            half = len(entries) // 2
            self._write(entries[:half])
            self._write(entries[half:])
            return
        for entry in entries:
            self.lines[entry.record.pk] = entry.line
            self.new.add((self.table.model, entry.record.pk))

    def _forget(self, entry: Entry) -> None:
        """What a write that was taken back has left on the record and its rows."""
        for one in (entry.record, *entry.rows):
            one.pk, one._state.adding = None, True

    def _said(self, entry: Entry, error: Exception) -> list[Problem]:
        if isinstance(error, ValidationError):
            return records.problems_of(self.table, entry, error)
        return [
            Problem(
                rule_broken_by(error) if isinstance(error, IntegrityError) else str(error).partition("\n")[0]
            )
        ]

    def _touch(self, entries: list[Entry]) -> None:
        """The articles of these quotations, whose forms show them too, but for those that this import has made."""
        if self.table.noun == "quotations":
            written = [entry for entry in entries if entry.differences or not entry.is_known]
            articles = {entry.record.article_id for entry in written}
            article = self._model_of("article")
            records.touch_articles(
                [one for one in articles if (article, one) not in self.new], self.options.user
            )

    def _refusal(self, entry: Entry) -> str:
        """Why the user may not store what the row says; "" where they may."""
        models = {self.table.model: "change" if entry.is_known else "add"}
        models |= {type(row): "change" for row in entry.changed_rows}
        # A row that is added, and one that is corrected, may be of one model.
        added = dict.fromkeys(type(row) for row in entry.rows)
        touched = [entry.record] if entry.is_known else []
        owners = [getattr(entry.record, self.table.by_header[owner].attribute) for owner in self.table.owners]
        # Readers see a row with all that it belongs to.
        if all(owner is None or owner.status == Status.PUBLISHED for owner in owners):
            touched += owners
        refusals = [self.rights.refusal(action, model) for model, action in models.items()]
        refusals += [self.rights.refusal("add", model) for model in added]
        return next(filter(None, refusals), "") or self.rights.refusal_of_public(touched)

    def _tell(self, entry: Entry) -> None:
        order = [*self.table.by_header]
        entry.problems.sort(key=lambda one: order.index(one.column) if one.column in order else -1)
        verdict = "created"
        if entry.problems:
            verdict = "refused"
        elif entry.is_known:
            verdict = "changed" if entry.differences else "unchanged"
        self.report.add(
            Outcome(
                entry.line,
                verdict,
                entry.title,
                None if self.table.owners else entry.number,
                entry.version if verdict == "changed" else None,
                tuple(entry.differences),
                tuple(entry.problems),
                entry.meant if verdict == "created" else "",
            ),
            repr(sorted(entry.values.items())) if verdict in ("created", "changed") else "",
        )
