"""What refers to a record, and what makes two rows the same: read from the models, so that a new relation is moved too."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import Truncator, capfirst

from events.models import Attendance, Name, Outlet, PageCheck, Quotation, Snapshot, Survey, Tenure
from events.models.base import Passage, Record
from events.models.fields import DerivedField

# A snapshot is never edited, and it shows the page at the address of its own article; the check goes with it.
STAYING = {(Snapshot, "article"), (PageCheck, "article")}
# What an address and a text were read as is made anew where they are.
MADE_ANEW = {(Survey, "article")}
# Two rows that agree in these are one, beside what the constraints of the models say.
SAME = {
    Tenure: ("person_id", "title", "body_id", "on_behalf_of_id", "period", "attested"),
    Quotation: ("article_id", "start", "end", "exact"),
}
# Columns that only together say something; picked by the first one.
TOGETHER = {"exact": ("start", "end", "prefix", "suffix"), "latitude": ("longitude", "precision")}
PLACE = {"article_id", "exact", *TOGETHER["exact"]}  # where words stand
# An empty one says something: nobody disputes it.
SAYING_BY_NOTHING = {(Attendance, "claimed_by"), (Outlet, "speaks_for")}
# Settled by rules of their own, or by the order on the page.
SETTLED = {(Name, "preferred"), (Attendance, "position")}
# Addresses of the same one elsewhere: all of them are.
ADDING_UP = {"identifiers"}


@dataclass(frozen=True)
class Reference:
    """A relation that leads to a record from rows of `model`, by the column of `field`."""

    model: Any
    field: Any

    @property
    def column(self) -> str:
        return str(self.field.column)

    @property
    def stays(self) -> bool:
        return (self.model, self.field.name) in STAYING

    def label(self, target: Any) -> str:
        """What moves, in words: “Quotations – speaker”; the topics of a meeting are “Topics”."""
        source = self.model._meta.auto_created
        if source:
            listed = next(one for one in source._meta.many_to_many if one.remote_field.through is self.model)
            if source is target:
                return str(capfirst(listed.verbose_name))
            return f"{capfirst(source._meta.verbose_name_plural)} – {listed.verbose_name}"
        return f"{capfirst(self.model._meta.verbose_name_plural)} – {self.field.verbose_name}"


def references(model: Any) -> list[Reference]:
    """All relations that lead to records of the model, those of relation tables and those without a name back included."""
    return [
        Reference(relation.related_model, relation.field)
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    ]


def by_table(model: Any) -> list[tuple[Any, list[Reference]]]:
    """The references, table by table; tables that others refer to come first, so that these find them settled."""
    tables: dict[Any, list[Reference]] = {}
    for reference in references(model):
        tables.setdefault(reference.model, []).append(reference)
    return sorted(tables.items(), key=lambda item: (-len(references(item[0])), item[0]._meta.label_lower))


def identities(model: Any) -> list[tuple[str, ...]]:
    """The sets of columns in which two rows of the model cannot agree and be two."""
    options = model._meta
    named = [
        tuple(one.fields)
        for one in options.constraints
        if isinstance(one, models.UniqueConstraint) and one.condition is None and one.fields
    ]
    named += [tuple(names) for names in options.unique_together]
    named += [(field.name,) for field in options.concrete_fields if field.one_to_one]
    found = [tuple(str(options.get_field(name).column) for name in names) for names in named]
    return [*found, SAME[model]] if model in SAME else found


def own_fields(model: Any) -> list[Any]:
    """The fields that say something about the thing itself, in the order of the model; of those that go together the first."""
    common = {field.name for field in Record._meta.get_fields()} if issubclass(model, Record) else set()
    second = {name for names in TOGETHER.values() for name in names}
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in common | second
        and not field.primary_key
        and field.editable
        and (model, field.name) not in SETTLED
    ]


def columns_with(model: Any, field: Any) -> list[str]:
    """The column of a field, those that go with it, and those that are computed from any of them."""
    names = [field.name, *TOGETHER.get(field.name, ())]
    fields = [one for one in model._meta.concrete_fields if one.name in names]
    derived = [
        one for one in model._meta.concrete_fields if isinstance(one, DerivedField) and one.source in names
    ]
    return [str(one.column) for one in [*fields, *derived]]


def is_list(field: Any) -> bool:
    return isinstance(field, ArrayField)


def is_tree(model: Any, field: Any) -> bool:
    """Whether following the field leads upward among records of the same noun."""
    return field.is_relation and field.related_model is model


def is_passage(model: Any) -> bool:
    """Whether rows of the model are words at their place in the text of an article."""
    return issubclass(model, Passage)


def is_record(model: Any) -> bool:
    return issubclass(model, Record)


def in_words(text: str) -> str:
    """The beginning of a text, in quotation marks unless it brings its own."""
    shown = Truncator(text).chars(200)
    return shown if shown[:1] in '“«„"”‘' else f"“{shown}”"


def passage_of(model: Any, row: dict[str, Any]) -> Any:
    """The words of a row at their place, apart from the row."""
    return model(**{name: row[name] for name in ("exact", *TOGETHER["exact"])})


def selector_of(passage: Any) -> dict[str, Any]:
    return {name: getattr(passage, name) for name in ("exact", *TOGETHER["exact"])}
