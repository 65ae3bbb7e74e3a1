"""What a merge would do: nothing is written here."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import cached_property
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from events import names
from events.editing.merging import distinctions, relations, surveys
from events.editing.merging.relations import Reference
from events.editing.merging.rows import Key, Row, above, by_number, key_of, next_number, read
from events.editing.merging.titles import Title, Titles, title_of
from events.models import (
    Article,
    Attendance,
    Meeting,
    Name,
    PageCheck,
    Participant,
    Proposal,
    Quotation,
    SourceCheck,
    Status,
    Tenure,
)
from events.models.name import Named

KEPT, GONE, BOTH = "kept", "gone", "both"
SHOWN = 10  # titles of what moves; the rest is a number


@dataclass(frozen=True)
class Difference:
    """A field in which two rows differ. `key` names it among the choices, `options` are those that are possible, `choice` the one
    that holds: the kept record's own, or the other one's where it has none."""

    key: str
    label: str
    kept: str
    gone: str
    options: tuple[str, ...]
    choice: str

    @property
    def is_open(self) -> bool:
        return len(self.options) > 1


@dataclass(frozen=True)
class Move:
    """Rows that lead to the kept record afterwards; `titles` are those of the first ones."""

    label: str
    count: int
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Folding:
    """A row that both have and that becomes one, with the fields in which the two differ."""

    label: str
    title: str
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What merging `gone` into `kept` does. It cannot be done while there are `obstacles`.

    `versions` and `digest` tell whether the archive is still as it was when somebody looked; choices make no difference to them.
    """

    kept: Any
    gone: Any
    versions: tuple[int, int]
    digest: str
    differences: tuple[Difference, ...]
    equal: tuple[str, ...]
    moves: tuple[Move, ...]
    foldings: tuple[Folding, ...]
    staying: tuple[Move, ...]
    notes: tuple[str, ...]
    obstacles: tuple[str, ...]


@dataclass
class _Counted:
    model: Any
    columns: list[str]
    numbers: list[int] = field(default_factory=list)


class Planner:
    """Finds out what a merge does; `planned` holds each row that it concerns as it will be, `folded` those that end in another one.

    Some twenty queries, and one or two for each table that refers to the noun; memory holds every row that leads to `gone`, and those
    that lead to `kept` in tables where a row could double. With `lock` all rows are locked in the order of tables and numbers.
    """

    def __init__(self, kept: Any, gone: Any, choices: Mapping[str, str], lock: bool = False) -> None:
        self.kept, self.gone, self.choices, self.lock = kept, gone, choices, lock
        self.model = type(kept)
        self.before: dict[Key, Row] = {}
        self.planned: dict[Key, Row] = {}
        self.folded: dict[Key, int | None] = {}
        self.merged: dict[Key, int] = {}  # records that live on in another one
        self.inserted: list[tuple[Any, Row]] = []
        self.differences: list[Difference] = []
        self.equal: list[str] = []
        self.foldings: list[tuple[str, Title, tuple[Difference, ...]]] = []
        self.obstacles: list[str] = []
        self.notes: list[str] = []
        self._moved: dict[str, _Counted] = {}
        self._staying: dict[str, _Counted] = {}
        self._facts: list[Any] = []
        self._titles = Titles()

    def make(self) -> Plan:
        rows = {
            row["id"]: row
            for row in by_number(self.model, sorted([self.kept.pk, self.gone.pk]), self.lock, whole=True)
        }
        if len(rows) < 2:
            self.obstacles.append(_("One of the two records is not there any more."))
            return self._plan((0, 0))
        kept, gone = self.take(self.model, rows[self.kept.pk]), self.take(self.model, rows[self.gone.pk])
        versions = kept["version"], gone["version"]
        self._check_states(kept, gone)
        old_text = kept.get("text", "")
        self.differences, self.equal = self._compare(self.model, kept, gone, "")
        if self.model is Article:
            self._settle_text(kept, old_text)
        if issubclass(self.model, Named):
            self._settle_names(kept, gone)
        self.fold(self.model, kept, gone)
        if issubclass(self.model, Named):
            self._add_name(kept, gone)
        surveys.rename(self, self.model._meta.model_name, kept["id"], gone["id"])
        distinctions.move(self, self.model._meta.model_name, kept["id"], gone["id"])
        if self.model is Participant:
            self._check_offices(kept)
        if gone["published_at"] is None and kept["status"] == Status.PUBLISHED and self._moved:
            self.notes.append(
                _(
                    "“%(gone)s” is not public and “%(kept)s” is: readers see at once what moves and is not a draft itself."
                )
                % {"gone": self.gone, "kept": self.kept}
            )
        return self._plan(versions)

    # Rows

    def take(self, model: Any, row: Row) -> Row:
        """The row as the plan leaves it; to be changed in place."""
        key = key_of(model, row)
        if key not in self.planned:
            self.before[key] = row
            self.planned[key] = dict(row)
        return self.planned[key]

    def rows(self, model: Any, columns: Iterable[str], number: int) -> list[Row]:
        """The rows that led to the record of this number and are not folded into others."""
        found = [self.take(model, row) for row in read(model, columns, [number], self.lock)]
        return [row for row in found if key_of(model, row) not in self.folded]

    def drop(self, model: Any, row: Row, into: int | None = None) -> None:
        self.take(model, row)
        self.folded[key_of(model, row)] = into

    # Records

    def _check_states(self, kept: Row, gone: Row) -> None:
        names_of = {"kept": self.kept, "gone": self.gone}
        for row, record in ((kept, self.kept), (gone, self.gone)):
            if row["merged_into_id"]:
                self.obstacles.append(_("“%s” was merged into another record already.") % record)
        if kept["status"] == Status.WITHDRAWN:
            self.obstacles.append(
                _(
                    "“%(kept)s” is withdrawn, and a withdrawn record takes nothing in. Bring it back first, or keep “%(gone)s”."
                )
                % names_of
            )
        elif gone["published_at"] and kept["status"] != Status.PUBLISHED:
            self.obstacles.append(
                _(
                    "“%(gone)s” has been public, and its address must lead readers to something that they see."
                    " Publish “%(kept)s” first, or keep “%(gone)s”."
                )
                % names_of
            )

    def fold(self, model: Any, kept: Row, gone: Row) -> None:
        """Let all that leads to `gone` lead to `kept`. A record stays at its number and leads there too; a row ends."""
        number = kept[model._meta.pk.column]
        for table, found in relations.by_table(model):
            self._move(model, table, found, number, gone[model._meta.pk.column])
        if relations.is_record(model):
            gone["status"], gone["merged_into_id"] = Status.WITHDRAWN.value, number
            self.merged[key_of(model, gone)] = number
        else:
            self.drop(model, gone, number)

    def _move(self, target: Any, table: Any, found: list[Reference], kept: int, gone: int) -> None:
        moving = [
            one for one in found if not one.stays and (table, one.field.name) not in relations.MADE_ANEW
        ]
        for one in found:
            if one.stays:
                rows = read(table, [one.column], [gone], lock=False)
                self._count(self._staying, one, target, rows)
        if table is SourceCheck:
            for row in self.rows(table, [one.column for one in moving], gone):
                self.drop(table, row)
            return
        if table is Proposal and target is Article:
            surveys.move(self, kept, gone)
            return
        if not moving:
            return
        columns = [one.column for one in moving]
        ends = {(target._meta.label_lower, kept), (target._meta.label_lower, gone)}
        rows = [row for row in self.rows(table, columns, gone) if key_of(table, row) not in ends]
        if not rows:
            return
        twins = self._twins(table, columns, kept)
        last = (
            max((row["position"] for row in self.rows(table, columns, kept)), default=0)
            if table is Attendance and target is Meeting
            else 0
        )
        moved: dict[Reference, list[Row]] = {one: [] for one in moving}
        for row in rows:
            old = {column: row[column] for column in columns}
            row.update({column: kept for column in columns if row[column] == gone})
            self._facts.append([table._meta.label_lower, row[table._meta.pk.column], old])
            lost = self._settle(table, row, old, target)
            twin = self._twin(table, row, twins)
            if twin is not None:
                label = found[0].label(target) if table._meta.auto_created else table._meta.verbose_name
                self._fold_rows(table, twin, row, lost, columns, str(capfirst(label)))
                continue
            if lost:
                self.obstacles.append(lost)
            if table is Attendance and target is Meeting:
                last += 1
                row["position"] = last
            for one in moving:
                if old[one.column] == gone:
                    moved[one].append(row)
        for one, rows_of in moved.items():
            self._count(self._moved, one, target, rows_of)

    def _twins(self, table: Any, columns: list[str], kept: int) -> dict[tuple[str, ...], dict[Any, Row]]:
        """The rows that lead to the kept record, by the columns and values in which a row would have to agree to be the same."""
        found = [one for one in relations.identities(table) if set(one) & set(columns)]
        rows = self.rows(table, columns, kept) if found else []
        return {one: {tuple(row[column] for column in one): row for row in rows} for one in found}

    def _twin(self, table: Any, row: Row, twins: dict[tuple[str, ...], dict[Any, Row]]) -> Row | None:
        for identity, known in twins.items():
            values = tuple(row[column] for column in identity)
            if table not in relations.SAME and None in values:
                continue
            twin = known.get(values)
            if twin is None or twin is row:
                continue
            if (key := key_of(table, twin)) in self.folded or key in self.merged:
                continue
            if table is Quotation and not self._same_words(twin, row):
                continue
            return twin
        return None

    @staticmethod
    def _same_words(one: Row, other: Row) -> bool:
        speakers = {one["speaker_id"], other["speaker_id"]} - {None}
        merged = one["merged_into_id"] or other["merged_into_id"]
        return len(speakers) < 2 and not merged

    def _fold_rows(self, table: Any, twin: Row, row: Row, lost: str, columns: list[str], label: str) -> None:
        kept, gone = twin, row
        if lost and not twin["exact"]:
            self.obstacles.append(lost)
        if relations.is_record(table) and self._is_seen_more(row, twin):
            kept, gone = row, twin
        if table is Name and row["preferred"] and row["language"] not in self._preferred:
            twin["preferred"] = True
            self._preferred.add(row["language"])
        prefix = f"{table._meta.model_name}-{gone[table._meta.pk.column]}-"
        title = title_of(table, kept, columns)
        different, _equal = self._compare(table, kept, gone, prefix, leave_out={"exact"} if lost else set())
        self.foldings.append((label, title, tuple(different)))
        self.fold(table, kept, gone)

    @staticmethod
    def _is_seen_more(one: Row, other: Row) -> bool:
        def seen(row: Row) -> tuple[bool, bool, bool]:
            return (
                row["status"] == Status.PUBLISHED,
                bool(row["published_at"]),
                row["status"] != Status.WITHDRAWN,
            )

        return seen(one) > seen(other)

    # Fields

    def _compare(
        self, model: Any, kept: Row, gone: Row, prefix: str, leave_out: Iterable[str] = ()
    ) -> tuple[list[Difference], list[str]]:
        """The fields in which two rows differ, and the labels of the others; the kept row gets what was picked."""
        different, equal = [], []
        for one in relations.own_fields(model):
            columns = relations.columns_with(model, one)
            mine, theirs = ([row[column] for column in columns] for row in (kept, gone))
            options = self._options(model, one, kept, gone)
            if one.name in leave_out or (mine == theirs and KEPT in options):
                equal.append(str(capfirst(one.verbose_name)))
                continue
            key = prefix + one.name
            choice = self._choice(key, model, one, kept[one.column], gone[one.column], options)
            different.append(
                Difference(
                    key,
                    str(capfirst(one.verbose_name)),
                    self._shown(model, one, kept),
                    self._shown(model, one, gone),
                    options,
                    choice,
                )
            )
            if not relations.is_passage(model):  # which of these fold depends on the text that is chosen
                self._facts.append([key, mine, theirs])
            if choice == BOTH:
                kept[one.column] = list(dict.fromkeys([*kept[one.column], *gone[one.column]]))
            elif choice == GONE:
                if one.unique:
                    # The name stays taken, by whichever of the two: who types it finds the kept one.
                    gone.update(dict(zip(columns, mine, strict=True)))
                kept.update(dict(zip(columns, theirs, strict=True)))
        return different, equal

    def _options(self, model: Any, one: Any, kept: Row, gone: Row) -> tuple[str, ...]:
        mine, theirs = kept[one.column], gone[one.column]
        if relations.is_tree(model, one):
            # One of the two may stand below the other one, which would then stand below itself.
            impossible = {KEPT} if self._leads(model, one, mine, gone["id"]) else set()
            impossible |= {GONE} if self._leads(model, one, theirs, kept["id"]) else set()
            return tuple(option for option in (KEPT, GONE) if option not in impossible)
        if relations.is_list(one) and mine and theirs:
            return KEPT, GONE, BOTH
        return KEPT, GONE

    def _choice(
        self, key: str, model: Any, one: Any, mine: Any, theirs: Any, options: tuple[str, ...]
    ) -> str:
        picked = self.choices.get(key)
        if picked is not None and picked not in options:
            self.obstacles.append(_("Choose anew what holds for “%s”.") % one.verbose_name)
        if picked in options:
            return str(picked)
        if BOTH in options and one.name in relations.ADDING_UP:
            return BOTH
        says_nothing = mine in ("", None, []) and (model, one.name) not in relations.SAYING_BY_NOTHING
        fallback = GONE if says_nothing and theirs not in ("", None, []) else KEPT
        return fallback if fallback in options else options[0]

    def _leads(self, model: Any, one: Any, start: int | None, end: int) -> bool:
        seen: set[int] = set()
        while start is not None and start not in seen:
            if start == end:
                return True
            seen.add(start)
            start = above(model, start, one.column)
        return False

    def _shown(self, model: Any, one: Any, row: Row) -> str:
        value = row[one.column]
        if one.is_relation:
            return self._titles.name(one.related_model, value)
        if one.name in relations.TOGETHER and not relations.is_passage(model):
            together = [value, *(row[name] for name in relations.TOGETHER[one.name])]
            return ", ".join(str(part) for part in together if part not in ("", None))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return "; ".join(map(str, value))
        if one.choices and value:
            return str(dict(one.flatchoices).get(value, value))
        return Truncator(str(value or "")).chars(600)

    # What has rules of its own

    def _settle(self, table: Any, row: Row, old: Row, target: Any) -> str:
        """Keep the rules of a row that leads to the kept record now; why that is not possible, "" where it is."""
        if table is Name and issubclass(target, Named):
            self._settle_name(row, old)
        elif table is Quotation and target is Participant:
            self._settle_reporter(row)
        elif table is Proposal:
            surveys.settle(self, row, old, target)
        if target is Article and "article_id" in old and relations.is_passage(table):
            return self._place(table, row)
        return ""

    def _settle_names(self, kept: Row, gone: Row) -> None:
        """The name that is not printed any more stays as an alias; one name is preferred in a language."""
        self._owner = f"{self.model._meta.model_name}_id"
        self._own_names = {self.before[key_of(self.model, row)]["name"] for row in (kept, gone)}
        self._alias = next(iter(self._own_names - {kept["name"]}), None)
        rows = self.rows(Name, [self._owner], kept["id"])
        self._preferred = {row["language"] for row in rows if row["preferred"]}
        for row in rows:
            self._make_alias(row)

    def _make_alias(self, row: Row) -> None:
        if (row["language"], row["text"], row["kind"]) == ("en", self._alias, Name.Kind.OFFICIAL):
            row["kind"] = Name.Kind.ALIAS.value

    def _settle_name(self, row: Row, old: Row) -> None:
        if self._owner not in old or row[self._owner] == old[self._owner]:
            return
        self._make_alias(row)
        if row["preferred"] and row["language"] in self._preferred:
            row["preferred"] = False

    def _add_name(self, kept: Row, gone: Row) -> None:
        """The other one's name, where it was taken out of its own list."""
        rows = [row for key, row in self.planned.items() if key[0] == Name._meta.label_lower]
        listed = {row["text"] for row in rows if row[self._owner] == kept["id"] and row["language"] == "en"}
        for text in sorted(self._own_names - listed):
            name = Name(
                text=text, language="en", kind=Name.Kind.ALIAS if text == self._alias else Name.Kind.OFFICIAL
            )
            row = {str(one.column): getattr(name, one.attname) for one in Name._meta.concrete_fields}
            folded = names.fold(text)[: Name._meta.get_field("folded").max_length]
            number = next_number(Name) if self.lock else 0
            self.inserted.append((Name, {**row, "id": number, "folded": folded, self._owner: kept["id"]}))

    def _settle_reporter(self, row: Row) -> None:
        if row["speaker_id"] is not None and row["speaker_id"] == row["reported_by_id"]:
            row["reported_by_id"] = None
            self.notes.append(
                _(
                    "%s names one of the two as the speaker and the other one as who reports it; nobody reports their own words."
                )
                % relations.in_words(row["exact"])
            )

    def _check_offices(self, kept: Row) -> None:
        held = [
            row
            for key, row in self.planned.items()
            if key[0] == Tenure._meta.label_lower and key not in self.folded
        ]
        if kept["kind"] != Participant.Kind.PERSON and (
            any(row["person_id"] == kept["id"] for row in held)
            or Tenure.objects.filter(person=kept["id"]).exists()
        ):
            self.obstacles.append(
                _(
                    "Only a person holds an office, and offices are listed here. Choose the kind “person”, or take them out first."
                )
            )

    # Texts

    @cached_property
    def _texts(self) -> tuple[str, str]:
        """The text of the article that goes, and the one that stays."""
        gone = self.before[self.model._meta.label_lower, self.gone.pk]
        return gone["text"], self.planned[self.model._meta.label_lower, self.kept.pk]["text"]

    def _settle_text(self, kept: Row, old_text: str) -> None:
        """The kept article's own passages and checks, where it takes the other one's text or address."""
        before = self.before[self.model._meta.label_lower, kept["id"]]
        own = [one for one in relations.references(Article) if relations.is_passage(one.model)]
        for one in own:
            rows = self.rows(one.model, [one.column], kept["id"])
            if kept["text"] != old_text:
                lost = [self._place(one.model, row, old_text) for row in rows]
                self.obstacles += [why for why in lost if why]
            if one.model is Quotation and kept["url_key"] != before["url_key"]:
                self._forget(rows)
        if kept["url_key"] != before["url_key"]:
            for row in self.rows(PageCheck, ["article_id"], kept["id"]):
                self.drop(PageCheck, row)
        surveys.forget(self, [kept["id"], self.gone.pk])

    def _forget(self, quotations: list[Row]) -> None:
        """What was known of the source of these words: the database forgets it, and undoing brings it back."""
        for row in read(SourceCheck, ["quotation_id"], [row["id"] for row in quotations], self.lock):
            self.drop(SourceCheck, row)

    def _place(self, table: Any, row: Row, old_text: str | None = None) -> str:
        """Find the words of a passage in the text that stays; why that is not possible."""
        gone_text, text = self._texts
        if table is Quotation and old_text is None:
            self._forget([row])
        if not row["exact"]:
            return ""
        passage = relations.passage_of(table, row)
        if not passage.follow(gone_text if old_text is None else old_text, text):
            if row.get("status") != Status.WITHDRAWN:
                return _(
                    "These words do not stand in the text that would be kept: %s. Correct or withdraw them first, or keep the other text."
                ) % relations.in_words(row["exact"])
            passage.release()
        row.update(relations.selector_of(passage))
        return ""

    # What is told

    def _count(self, counted: dict[str, _Counted], one: Reference, target: Any, rows: list[Row]) -> None:
        if not rows:
            return
        label = one.label(target)
        entry = counted.setdefault(label, _Counted(one.model, []))
        entry.columns = [*dict.fromkeys([*entry.columns, one.column])]
        for row in rows:
            entry.numbers.append(row[one.model._meta.pk.column])

    def _moves(self, counted: dict[str, _Counted]) -> tuple[Move, ...]:
        moves = []
        for label, one in counted.items():
            one.numbers = [
                number for number in one.numbers if (one.model._meta.label_lower, number) not in self.folded
            ]
            if not one.numbers:
                continue
            found = (
                {row["id"]: row for row in by_number(one.model, one.numbers[:SHOWN], False)}
                if one.model._meta.pk.column == "id"
                else {}
            )
            titles = self._titles.words(
                title_of(one.model, found[number], one.columns)
                for number in one.numbers[:SHOWN]
                if number in found
            )
            moves.append(Move(label, len(one.numbers), tuple(filter(None, titles))))
        return tuple(sorted(moves, key=lambda move: move.label))

    def _plan(self, versions: tuple[int, int]) -> Plan:
        titles = self._titles.words(title for _label, title, _differences in self.foldings)
        told = json.dumps([self.kept.pk, self.gone.pk, versions, self._facts], sort_keys=True, default=str)
        return Plan(
            self.kept,
            self.gone,
            versions,
            hashlib.sha256(told.encode()).hexdigest(),
            tuple(self.differences),
            tuple(self.equal),
            self._moves(self._moved),
            tuple(
                Folding(label, title, differences)
                for (label, _title, differences), title in zip(self.foldings, titles, strict=True)
            ),
            self._moves(self._staying),
            tuple(self.notes),
            tuple(dict.fromkeys(self.obstacles)),
        )


__all__ = ["BOTH", "GONE", "KEPT", "Difference", "Folding", "Move", "Plan", "Planner"]
