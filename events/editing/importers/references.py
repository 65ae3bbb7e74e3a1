"""What the cells of a batch refer to: known records linked, unknown names proposed, or made into drafts, each once."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from events import addresses, names
from events.editing.importers import cells, records, resolving
from events.editing.importers.identity import Entry
from events.editing.importers.report import Problem, Report, Unknown, cut
from events.editing.importers.resolving import Found, Resolver
from events.editing.importers.rights import Rights
from events.editing.importers.tables import Column, Table
from events.models import Article, Attendance, Outlet, Participant, Place, Topic
from events.models.base import rule_broken_by
from events.models.fields import address_key

# What a name alone can become: a draft of these says something with nothing but it.
CREATABLE: tuple[Any, ...] = (Participant, Place, Topic, Outlet, Article)
# So many unknown names are listed with those that they resemble.
MOST_UNKNOWN = 1_000


class Reference(NamedTuple):
    """A text in a cell that means a record."""

    entry: Entry
    column: Column
    model: Any
    text: str
    role: str = ""


Results = dict[tuple[Any, str], Found]


def references(table: Table, batch: Iterable[Entry]) -> Iterator[Reference]:
    columns = [(column, apps.get_model("events", column.to)) for column in table.columns if column.to]
    for entry in batch:
        for column, model in columns:
            value = entry.values.get(column.header)
            if value is None or value is cells.EMPTIED:
                continue
            for text in [value] if isinstance(value, str) else value:
                if isinstance(text, tuple):
                    yield Reference(entry, column, model, *text)
                else:
                    yield Reference(entry, column, model, text)


@dataclass
class References:
    """Links the rows of a batch to the records that they name."""

    resolver: Resolver
    rights: Rights
    report: Report
    new: set[tuple[Any, int]]
    status: str
    create_unknown: bool
    # The kinds of the drafts that were made, by model and sign.
    made: dict[tuple[Any, str], str] = field(default_factory=dict)

    def find(self, wanted: Iterable[Reference]) -> Results:
        return self.resolver.resolve({(one.model, one.text) for one in wanted})

    def link(self, wanted: list[Reference], found: Results) -> None:
        """Give each row the numbers of what it refers to, or the problem with it."""
        missing: dict[tuple[Any, str], list[int]] = {}
        for one in wanted:
            if found[one.model, one.text].number is None:
                missing.setdefault((one.model, one.text), []).append(one.entry.line)
        unclear = self._settle(missing, found) if missing else {}
        for one in wanted:
            number = found[one.model, one.text].number
            if number is None:
                one.entry.problems.append(unclear[one.model, one.text].at(one.column, one.text))
            else:
                _link(one, number)

    def _settle(
        self, missing: dict[tuple[Any, str], list[int]], found: Results
    ) -> dict[tuple[Any, str], "_Unclear"]:
        """What is to be said of each text that means no record, or several. Where unknown names become drafts, `found` has them
        afterwards: one draft for all spellings whose keys are equal."""
        similar = self._similar(missing, found)
        close = self._close(missing, found)
        unclear: dict[tuple[Any, str], _Unclear] = {}
        drafts: dict[tuple[Any, str], _Draft] = {}
        for (model, text), lines in missing.items():
            alike = found[model, text].alike
            said = _Unclear(model, tuple(resolving.described(model, alike)), similar.get((model, text), ()))
            unclear[model, text] = said
            name, kind = resolving.name_and_kind(model, text)
            if alike or self.resolver.keys_only or model not in CREATABLE or text.startswith("#"):
                continue
            sign = _sign(model, name)
            proposal = self._propose(model, name, sign, lines, said.similar)
            if not self.create_unknown:
                said.is_offered = True
                continue
            draft = drafts.setdefault((model, sign), _Draft(name, said, proposal))
            draft.texts.append((text, said))
            draft.kinds |= {kind} - {""} | {self.made.get((model, sign), "")} - {""}
            draft.resembles |= not kind and (model, text) in close
        for (model, _said), draft in self._create(drafts):
            for text, said in draft.texts:
                said.refusal = draft.said.refusal
                if draft.record is not None and draft.record.pk:
                    found[model, text] = Found(draft.record.pk)
        return unclear

    def _similar(
        self, missing: Iterable[tuple[Any, str]], found: Results
    ) -> dict[tuple[Any, str], tuple[str, ...]]:
        similar = {}
        if not self.resolver.keys_only and len(self.report.unknown) < MOST_UNKNOWN:
            for model in resolving.NAMED:
                texts = [text for one, text in missing if one is model and not found[one, text].alike]
                for text, numbers in resolving.resembling(model, texts[:MOST_UNKNOWN], whole=False).items():
                    similar[model, text] = tuple(resolving.described(model, numbers))
        return similar

    def _close(self, missing: Iterable[tuple[Any, str]], found: Results) -> set[tuple[Any, str]]:
        """The names of which no draft may be made unasked, since whole names of the archive sound like them."""
        close: set[tuple[Any, str]] = set()
        for model in resolving.NAMED if self.create_unknown and not self.resolver.keys_only else ():
            texts = [text for one, text in missing if one is model and not found[one, text].alike]
            close |= {
                (model, text) for text in resolving.resembling(model, texts, True, resolving.LEAST_TO_ASK)
            }
        return close

    def _propose(
        self, model: Any, text: str, sign: str, lines: list[int], similar: tuple[str, ...]
    ) -> Unknown:
        noun = str(model._meta.model_name)
        known = self.report.unknown.get((noun, sign))
        if known is not None:
            known.times += len(lines)
            return known
        proposal = Unknown(noun, cut(text), lines[0], len(lines), similar)
        if len(self.report.unknown) < MOST_UNKNOWN:
            self.report.unknown[noun, sign] = proposal
        return proposal

    def _create(self, drafts: dict[tuple[Any, str], "_Draft"]) -> Iterable[tuple[tuple[Any, str], "_Draft"]]:
        """Store the drafts whose names are no mistake; of a refused one `said` tells why."""
        for model in {model for model, _sign in drafts}:
            ones = [draft for (other, _sign), draft in drafts.items() if other is model]
            refusal = self.rights.refusal("add", model)
            outlets = self._outlets(ones) if model is Article else {}
            for draft in ones:
                draft.said.refusal = refusal or draft.build(model, self._common, outlets)
            self._insert(model, [draft for draft in ones if not draft.said.refusal])
            for draft in ones:
                if draft.record is not None and draft.record.pk:
                    draft.proposal.created = True
                    self.new.add((model, draft.record.pk))
                    if model in resolving.NAMED:
                        draft.proposal.kind = str(draft.record.get_kind_display())
                        self.made[model, _sign(model, draft.text)] = draft.record.kind
        return drafts.items()

    @property
    def _common(self) -> dict[str, Any]:
        return {"status": self.status, "created_by": self.rights.user, "updated_by": self.rights.user}

    def _outlets(self, drafts: list["_Draft"]) -> dict[str, Outlet]:
        return Outlet.objects.by_host(addresses.host(draft.text) for draft in drafts)

    def _insert(self, model: Any, drafts: list["_Draft"]) -> None:
        try:
            with transaction.atomic():
                if model in resolving.NAMED:
                    for draft in drafts:
                        draft.record.save()
                else:
                    records.copy_in([draft.record for draft in drafts])
        except (IntegrityError, DataError) as error:
            for draft in drafts:
                draft.record.pk, draft.record._state.adding = None, True
            if len(drafts) > 1:
                for draft in drafts:
                    self._insert(model, [draft])
            else:
                drafts[0].said.refusal = (
                    rule_broken_by(error) if isinstance(error, IntegrityError) else str(error)
                )


def _sign(model: Any, text: str) -> str:
    """Equal for the spellings of one name, or of one address."""
    if model is Article:
        with contextlib.suppress(addresses.AddressError):
            return address_key(text)
        return text
    return names.fold(text) if model in resolving.NAMED else names.sort_key(text)


@dataclass
class _Draft:
    """What becomes of an unknown name: a record with nothing but it, for all its spellings."""

    text: str
    said: "_Unclear"
    proposal: Unknown
    texts: list[tuple[str, "_Unclear"]] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    resembles: bool = False
    record: Any = None

    def build(self, model: Any, common: dict[str, Any], outlets: dict[str, Outlet]) -> str:
        """Make the record, not stored yet; why that cannot be."""
        if model is Article:
            outlet = outlets.get(addresses.host(self.text))
            self.record = Article(url=self.text, rights=Article.Rights.METADATA, outlet=outlet, **common)
        elif model in resolving.NAMED:
            usual = model._meta.get_field("kind").default
            kind = next(iter(self.kinds), usual)
            if len(self.kinds) > 1:
                return _("The table says of it: %s. Write one kind everywhere.") % ", ".join(
                    sorted(self.kinds)
                )
            if self.resembles and not self.kinds:
                example = f"{cut(self.text)} [{kind}]"
                return _("If it is none of the similar ones, write its kind behind it: %s.") % example
            self.record = model(name=self.text, kind=kind, **common)
        else:
            self.record = model(**{"label" if model is Topic else "name": self.text}, **common)
        try:
            self.record.clean_fields(
                exclude={one.name for one in model._meta.get_fields() if one.is_relation}
            )
        except ValidationError as error:
            return " ".join(error.messages)
        return ""


def _link(one: Reference, number: int) -> None:
    entry, column = one.entry, one.column
    if column.kind == "reference":
        entry.links[column.header] = number
        return
    linked = entry.links.setdefault(column.header, [])
    if column.kind == "references":
        linked.append(number)
    elif all(number != other for other, _role in linked):
        linked.append((number, one.role))
    elif column.kind == "attendees":
        reason = _("“%(name)s” is #%(number)s, who stands in this cell already.")
        values = {"name": cut(one.text), "number": number}
        entry.problems.append(Problem(reason % values, column.header, cut(one.text)))


@dataclass
class _Unclear:
    """A text that means several records (`alike`), or none, with those of similar names."""

    model: Any
    alike: tuple[str, ...]
    similar: tuple[str, ...] = ()
    refusal: str = ""
    is_offered: bool = False

    def at(self, column: Column, text: str) -> Problem:
        if self.alike:
            reason = _("“%s” is the name of several.") % cut(text)
            remedy = _("Write the number of the one you mean: %s.") % "; ".join(self.alike)
            return Problem(reason, column.header, cut(text), remedy)
        values = {"noun": self.model._meta.verbose_name, "key": cut(text)}
        reason = _("there is no %(noun)s “%(key)s”.") % values
        told = [self.refusal] if self.refusal else []
        if self.similar:
            told.insert(0, _("Similar: %s. Write its number if you mean it.") % "; ".join(self.similar))
        elif self.is_offered:
            told.append(_("Correct it, or let a draft be made of it."))
        if column.kind in ("references", "attendees") and "," in text:
            told.append(_("Several are parted by semicolons."))
        if column.kind == "attendees" and cells.ROLE.fullmatch(text):
            roles = ", ".join(Attendance.Role.values)
            told.append(_("In round brackets stands a role: %s.") % roles)
        return Problem(reason, column.header, cut(text), " ".join(told))
