"""Draft, review, published, withdrawn: which status may follow which, who gives it, and what is wanted before readers see a record."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.editing import history
from events.models import Agreement, Article, Coverage, Meeting, Quotation, Status
from events.models.base import Record, rule_broken_by

# The right that leads from one status to another; what is not listed leads nowhere.
MOVES: dict[tuple[str, str], str] = {
    (Status.DRAFT, Status.REVIEW): "change",
    (Status.REVIEW, Status.DRAFT): "change",
    (Status.DRAFT, Status.PUBLISHED): "publish",
    (Status.REVIEW, Status.PUBLISHED): "publish",
    (Status.PUBLISHED, Status.DRAFT): "publish",
    (Status.WITHDRAWN, Status.PUBLISHED): "publish",
    (Status.WITHDRAWN, Status.DRAFT): "publish",
    (Status.DRAFT, Status.WITHDRAWN): "publish",
    (Status.REVIEW, Status.WITHDRAWN): "publish",
    (Status.PUBLISHED, Status.WITHDRAWN): "publish",
}
WAITING = (Status.DRAFT, Status.REVIEW)


def has_right(user: Any, right: str, model: Any) -> bool:
    """Whether `user` (None: nobody in particular) has the right, such as "publish", for the records of `model`."""
    return user is not None and user.has_perm(f"events.{right}_{model._meta.model_name}")


def refusal_of_change(user: Any, *owners: Any) -> str:
    """Why `user` may not change a record, or a row that belongs to several; "" where they may. No query but for the rights.

    What is published changes by the right to publish only, also while an article in draft keeps a quotation from the readers: it
    would come back with the article, and nobody would have looked at it. A row is seen with all that it belongs to, so it is open
    as long as one of its `owners` is not published. None (the shell) may not change what is published.
    """
    if not owners or any(owner is None or owner.status != Status.PUBLISHED for owner in owners):
        return ""
    for owner in owners:
        if not has_right(user, "publish", owner):
            return _("Readers see “%s”. Changing it needs the right to publish.") % str(owner)[:80]
    return ""


def moves(user: Any, record: Any) -> list[Status]:
    """The statuses that `user` may give the record now: first those that lead on in a record's life, then those that lead back."""
    order = list(Status)
    ahead = order[order.index(record.status) :] if record.status != Status.WITHDRAWN else [Status.PUBLISHED]
    return [one for one in dict.fromkeys([*ahead, *order]) if not refusal(user, record, one)]


def refusal(user: Any, record: Any, status: str) -> str:
    """Why `user` may not give the record this status, whatever it holds; "" where they may."""
    if record.status == status:
        return _("It has this status already.")
    if record.merged_into_id:
        return _("It was merged into another record.")
    right = MOVES.get((record.status, status))
    if right is None or not has_right(user, right, record):
        values = {"old": record.get_status_display(), "new": Status(status).label}
        return _("You cannot move it from “%(old)s” to “%(new)s”.") % values
    return ""


# What is wanted before publication


def missing(record: Any) -> list[str]:
    """What the rules of the archive want before the record is published, each a sentence; at most three queries.

    A quotation stands in its article's text, or the article holds none, and says who spoke. An article has its text, or says as
    metadata only where it stands. A meeting has a source and so has an agreement: this refuses and does not only warn, since the
    archive promises its readers that each fact leads to its source, and to add one is a row. A meeting counts as sourced by the
    sources of its parts (a visit by those of its talks), an agreement by its text's address or by its meeting; an article that
    contradicts it is none, nor is one that was withdrawn. Whether readers see the source is told by `hidden()`.
    """
    return missing_of([record])[record.pk]


def missing_of(records: Sequence[Any]) -> dict[int, list[str]]:
    """`missing()` for records of one model by number, with no more queries than for one."""
    if not records:
        return {}
    model = type(records[0])
    known = _Known(model, records)
    found: dict[int, list[str]] = {}
    for record in records:
        wanted = _WANTED.get(model, lambda record, known: [])(record, known)
        found[record.pk] = [*wanted, *_wrong_fields(record)]
    return found


class _Known:
    """What the rules ask of other tables, read once for many records: the meetings that have a source, the articles that have text."""

    def __init__(self, model: Any, records: Sequence[Any]) -> None:
        self.sourced: set[int] = set()
        self.with_text: set[int] = set()
        if model is Meeting:
            self.sourced = sourced(record.pk for record in records)
        elif model is Agreement:
            self.sourced = sourced(record.meeting_id for record in records if record.meeting_id)
        elif model is Quotation:
            articles = Article.objects.filter(pk__in={record.article_id for record in records})
            self.with_text = set(articles.exclude(text_digest="").values_list("pk", flat=True))


def sourced(meetings: Iterable[int]) -> set[int]:
    """Those of these numbers of meetings that an article supports, or a part of which. Two queries."""
    numbers = set(meetings)
    rows = Coverage.objects.filter(stance=Coverage.Stance.SUPPORTS).exclude(article__status=Status.WITHDRAWN)
    own: Iterable[Any] = rows.filter(meeting__in=numbers).values_list("meeting", flat=True)
    parts = rows.filter(meeting__parent__in=numbers).exclude(meeting__status=Status.WITHDRAWN)
    of_parts: Iterable[Any] = parts.values_list("meeting__parent", flat=True)
    return {*own, *of_parts}


def _quotation_wants(record: Any, known: _Known) -> list[str]:
    wanted = []
    if not record.speaker_id and not record.attribution:
        wanted.append(_("A published quotation needs a speaker or a printed attribution."))
    if record.start is None and record.article_id in known.with_text:
        wanted.append(_("Its words have no place in the text of the article."))
    return wanted


def _article_wants(record: Any, known: _Known) -> list[str]:
    if record.text_digest:
        return []
    if record.rights != Article.Rights.METADATA:
        return [_("It has no text: paste it, or choose the rights “Metadata only”.")]
    return [] if record.url or record.title else [_("It has no text, no address and no title.")]


def _meeting_wants(record: Any, known: _Known) -> list[str]:
    return [] if record.pk in known.sourced else [_("No article supports it: add the one that reports it.")]


def _agreement_wants(record: Any, known: _Known) -> list[str]:
    if record.url or record.meeting_id in known.sourced:
        return []
    return [_("No source: add the address of its text, or a meeting that has a source.")]


_WANTED: dict[Any, Any] = {
    Quotation: _quotation_wants,
    Article: _article_wants,
    Meeting: _meeting_wants,
    Agreement: _agreement_wants,
}


def _wrong_fields(record: Any) -> list[str]:
    """What the fields themselves refuse, such as a date that is none; no queries, and long texts are left unread."""
    unread = record.get_deferred_fields()
    relations = [field.name for field in record._meta.concrete_fields if field.is_relation]
    try:
        record.clean_fields(exclude={*relations, *unread})
    except ValidationError as error:
        return _told(record, error)
    return []


def _told(record: Any, error: ValidationError) -> list[str]:
    """The messages of a refused record, each after the label of its field."""
    found = []
    for name, listed in getattr(error, "error_dict", {"": [error]}).items():
        field = next((one for one in record._meta.fields if one.name == name), None)
        label = f"{capfirst(str(field.verbose_name))}: " if field else ""
        found += [f"{label}{message}" for one in listed for message in one.messages]
    return found


# What a record rests on, and what rests on it


@dataclass(frozen=True)
class _Relation:
    """A way from a record of one model to records of `target`: by its own field (`table` None), or by the rows of a table that point
    to it by `near` and on by `far`."""

    target: Any
    far: str
    near: str = ""
    table: Any = None


def _rows_of(model: Any) -> list[Any]:
    """The relations from rows that belong to a record of this model, such as attendances."""
    return [
        one
        for one in model._meta.get_fields(include_hidden=True)
        if one.one_to_many
        and one.auto_created
        and one.on_delete is models.CASCADE
        and hasattr(one.related_model, "visibility")
        and not issubclass(one.related_model, Record)
    ]


def _names(model: Any) -> list[_Relation]:
    """The relations by which a record of this model names others on its page."""
    found = []
    for field in model._meta.get_fields():
        if field.name == "merged_into" or field.auto_created or not field.is_relation:
            continue
        if not (field.related_model and issubclass(field.related_model, Record)):
            continue
        if isinstance(field, models.ManyToManyField):
            near, far = field.m2m_field_name(), field.m2m_reverse_field_name()
            found.append(
                _Relation(field.related_model, f"{far}_id", f"{near}_id", field.remote_field.through)
            )
        else:
            found.append(_Relation(field.related_model, field.attname))
    for relation in _rows_of(model):
        for field in relation.related_model._meta.concrete_fields:
            target = field.related_model if field.is_relation else None
            if target and issubclass(target, Record) and field.name != relation.field.name:
                found.append(_Relation(target, field.attname, relation.field.attname, relation.related_model))
    return found


def hidden(record: Any) -> list[Any]:
    """The records that this one names on its page and that readers do not see, by noun and name; without the texts of articles.

    Cost: a query for each table of rows that belong to it, and one for each noun that it names.
    """
    return hidden_of([record])[record.pk]


def hidden_of(records: Sequence[Any]) -> dict[int, list[Any]]:
    """`hidden()` for records of one model by number, with no more queries than for one."""
    named: dict[int, dict[Any, set[int]]] = {record.pk: {} for record in records}
    for relation in _names(type(records[0])) if records else []:
        if relation.table is None:
            pairs: Iterable[Any] = [(record.pk, getattr(record, relation.far)) for record in records]
        else:
            rows = relation.table._default_manager.filter(**{f"{relation.near}__in": list(named)})
            pairs = rows.values_list(relation.near, relation.far)
        for pk, other in pairs:
            if other is not None:
                named[pk].setdefault(relation.target, set()).add(other)
    unseen: dict[Any, dict[int, Any]] = {}
    for target in {target for found in named.values() for target in found}:
        numbers = set().union(*(found.get(target, ()) for found in named.values()))
        unseen[target] = {
            one.pk: one
            for one in light(target)
            .filter(pk__in=numbers)
            .exclude(target.visibility())
            .select_related("created_by")
            .order_by("pk")
        }
    return {
        pk: [
            one
            for target in sorted(found, key=lambda target: str(target._meta.model_name))
            for number, one in unseen[target].items()
            if number in found[target] and (target is not type(records[0]) or number != pk)
        ]
        for pk, found in named.items()
    }


def described(record: Any) -> str:
    """A record that readers do not see, with why: "Port-Aster (draft)"."""
    if record.merged_into_id:
        state = _("merged")
    elif record.status == Status.PUBLISHED:
        state = _("published, but not what it belongs to")
    else:
        state = record.get_status_display().lower()
    return f"{record} ({state})"


def light(model: Any) -> Any:
    """The records of a model without what no list shows: the texts of articles."""
    rows = model._default_manager.all()
    return rows.defer("text", "text_key") if model is Article else rows


def parts_of(model: Any) -> list[Any]:
    """The relations of records that cannot be without one of this model, and that readers see only with it: an article's quotations."""
    return [
        one
        for one in model._meta.related_objects
        if one.one_to_many and issubclass(one.related_model, Record) and not one.field.null
    ]


def losses_of(records: Sequence[Any]) -> dict[int, list[str]]:
    """What readers lose when these published records of one model are taken back, in words by number: what vanishes with a record, and
    from which pages its name goes.

    Cost: a query for each relation that leads to the model, however many records.
    """
    numbers = [record.pk for record in records if record.status == Status.PUBLISHED]
    told: dict[int, list[str]] = {record.pk: [] for record in records}
    vanish: dict[int, dict[Any, set[int]]] = {}
    linked: dict[int, dict[Any, set[int]]] = {}
    for rows, near, far, owner, is_part in _pointing_at(type(records[0])) if numbers else ():
        pairs = rows.filter(**{f"{near}__in": numbers}).values_list(near, far)
        for number, other in pairs:
            if other is not None:
                found = (vanish if is_part else linked).setdefault(number, {})
                found.setdefault(owner, set()).add(other)
    for number in numbers:
        if number in vanish:
            told[number].append(_("Readers lose with it: %s.") % _counted(vanish[number]))
        if number in linked:
            told[number].append(
                _("Readers no longer find it on the pages of: %s.") % _counted(linked[number])
            )
    return told


def _pointing_at(model: Any) -> Iterator[tuple[Any, str, str, Any, bool]]:
    """What readers see of the model on the pages of other records: rows, the name of the field that points to it, that of the number of
    the record on whose page it stands, this record's model, and whether that one is seen only with it."""
    parts = {one.field for one in parts_of(model)}
    for one in model._meta.get_fields(include_hidden=True):
        other = one.related_model if one.auto_created and one.is_relation else None
        if other is None or one.field.name == "merged_into" or not hasattr(other, "visibility"):
            continue
        rows = other._default_manager.filter(other.visibility()).order_by()
        if issubclass(other, Record):
            yield rows, one.field.name, "pk", other, one.field in parts
            continue
        for field in other._meta.concrete_fields:
            is_owner = field.is_relation and field.remote_field.on_delete is models.CASCADE
            if is_owner and field.name != one.field.name:
                yield rows, one.field.name, field.attname, field.related_model, False


def _counted(found: dict[Any, set[int]]) -> str:
    """How many records by noun: "2 meetings, 1 quotation"."""
    told = []
    for model, numbers in sorted(found.items(), key=lambda pair: str(pair[0]._meta.model_name)):
        one, many = model._meta.verbose_name, model._meta.verbose_name_plural
        told.append(f"{len(numbers)} {one if len(numbers) == 1 else many}")
    return ", ".join(told)


# Doing it


@contextmanager
def changing(model: Any, number: int, version: int) -> Iterator[Any]:
    """The record of this number, locked and as it was seen at this version, to be changed in one transaction.

    `ValidationError`, and nothing is changed, where it is gone or was changed since, or where the database refuses what is done.
    """
    try:
        with transaction.atomic():
            record = model._default_manager.select_for_update(of=("self",)).filter(pk=number).first()
            if record is None:
                raise ValidationError(_("It is not there any more."), code="gone")
            if record.version != version:
                who = record.updated_by or _("Somebody else")
                raise ValidationError(
                    _("%s changed it after you looked. Look at it again.") % who, code="conflict"
                )
            yield record
            # The rules of passages wait for the end of the transaction; here they can still be answered.
            connection.check_constraints()
    except IntegrityError as error:
        raise ValidationError(rule_broken_by(error), code="rule") from error


def move(
    model: Any, number: int, version: int, status: str, user: Any, reason: str = "", comment: str = ""
) -> Any:
    """Give the record the status, in a transaction of its own; the record.

    `version` is that at which `user` saw it, `reason` is what readers are told of one that is withdrawn, `comment` goes into the
    history. `ValidationError` in the editor's words, and nothing is changed: not allowed, changed since, something is missing.
    """
    with history.by(user, via="action", comment=comment), changing(model, number, version) as record:
        if said := refusal(user, record, status):
            raise ValidationError(said)
        if status == Status.PUBLISHED:
            if wanted := missing(record):
                raise ValidationError(wanted)
            _clean(record)
        if status == Status.WITHDRAWN and not reason.strip():
            raise ValidationError(_("A withdrawn record says why: write the reason."))
        record.status, record.updated_by = status, user
        record.withdrawal_reason = reason.strip() if status == Status.WITHDRAWN else ""
        record.save(update_fields=["status", "withdrawal_reason", "updated_by"])
    return record


def _clean(record: Any) -> None:
    """All rules of the model but those that the database asks itself when the record is written."""
    relations = {field.name for field in record._meta.concrete_fields if field.is_relation}
    try:
        record.full_clean(exclude=relations, validate_constraints=False)
    except ValidationError as error:
        raise ValidationError(_told(record, error)) from None


def waiting_parts(records: Sequence[Any]) -> list[Any]:
    """The drafts, and what is in review, of records that readers see only with one of these: an article's quotations. One query a relation."""
    found: list[Any] = []
    for one in parts_of(type(records[0])) if records else []:
        rows = light(one.related_model).filter(Q(status__in=WAITING), merged_into=None)
        rows = rows.select_related("created_by")
        found += rows.filter(**{f"{one.field.name}__in": [record.pk for record in records]}).order_by("pk")
    return found
