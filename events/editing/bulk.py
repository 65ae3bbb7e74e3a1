"""One step for many records: what it would change, what is refused and why, and then each record by itself."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from events.editing import history, workflow
from events.models import Article, Status
from events.models.base import patiently

BATCH = 500  # records that are looked at with the same queries
SHOWN = 200
MOST_RECORDS = 10_000
MOST_OTHERS = 100  # records of a preview that could be published with those that were chosen
DEEPEST = 5
# The steps on the way to the readers that take other records along, and in which status these are.
ONWARD: Mapping[str, tuple[str, ...]] = {
    Status.REVIEW: (Status.DRAFT,),
    Status.PUBLISHED: workflow.WAITING,
}


class Step:
    """What is to be done to each record of one model; by itself a step that is not chosen yet, and changes nothing."""

    def rows(self, model: Any) -> Any:
        """The records as the step looks at them."""
        return workflow.light(model)

    def survey(self, records: Sequence[Any], user: Any) -> list["Line"]:
        """What it would do to each; a bounded number of queries for all."""
        return [Line(record) for record in records]

    def run(self, model: Any, number: int, version: int, user: Any) -> Any:
        """Do it to one record in a transaction of its own; the record. Raises `ValidationError`."""
        raise NotImplementedError


@dataclass
class Line:
    """A record of the preview: what changes (`old` and `new` in words), or why it is refused, and what should be known before."""

    record: Any
    old: str = ""
    new: str = ""
    refusal: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        if self.refusal:
            return "refused"
        return "same" if self.old == self.new else "changed"


def wanted_later(wanted: str) -> str:
    return _("Wanted before it is published: %s") % wanted


class Move(Step):
    """Give a status."""

    def __init__(self, status: str, reason: str = "") -> None:
        self.status, self.reason = status, reason

    def survey(self, records: Sequence[Any], user: Any) -> list[Line]:
        new = str(Status(self.status).label)
        lines = []
        missing: dict[int, list[str]] = {}
        if self.status in (Status.PUBLISHED, Status.REVIEW):
            missing = workflow.missing_of(records)
        losses = workflow.losses_of(records) if self.status in (Status.WITHDRAWN, Status.DRAFT) else {}
        for record in records:
            line = Line(record, record.get_status_display(), new)
            if line.old != new and (said := workflow.refusal(user, record, self.status)):
                line.refusal = [said]
            elif line.verdict == "changed":
                wanted = missing.get(record.pk, [])
                if self.status == Status.PUBLISHED:
                    line.refusal = wanted
                else:
                    line.notes += [wanted_later(one) for one in wanted]
                    line.notes += losses.get(record.pk, [])
            lines.append(line)
        return lines

    def run(self, model: Any, number: int, version: int, user: Any) -> Any:
        return workflow.move(model, number, version, self.status, user, self.reason)


class Edit(Step):
    """Change what a record says: refused where `user` may not change it. Subclasses say how."""

    def values(self, record: Any) -> tuple[str, str]:
        """As it is and as it would be, in words."""
        raise NotImplementedError

    def refusal(self, record: Any) -> str:
        return ""

    def notes(self, record: Any) -> list[str]:
        """What should be known before."""
        return []

    def apply(self, record: Any, user: Any) -> None:
        raise NotImplementedError

    def survey(self, records: Sequence[Any], user: Any) -> list[Line]:
        return [self._line(record, user) for record in records]

    def _line(self, record: Any, user: Any) -> Line:
        line = Line(record, *self.values(record))
        if line.verdict == "changed":
            said = (
                _("It was merged into another record.")
                if record.merged_into_id
                else workflow.refusal_of_change(user, record) or self.refusal(record)
            )
            line.refusal = [said] if said else []
            line.notes = [] if said else self.notes(record)
        return line

    def run(self, model: Any, number: int, version: int, user: Any) -> Any:
        with workflow.changing(model, number, version) as record:
            line = self._line(record, user)
            if line.verdict == "refused":
                raise ValidationError(line.refusal)
            if line.verdict == "same":
                raise ValidationError(_("Nothing changes."))
            record.updated_by = user
            self.apply(record, user)
        return record


class Tag(Edit):
    """Add topics or take them away; the others of a record stay."""

    def __init__(self, topics: Iterable[Any], add: bool) -> None:
        self.topics, self.add = list(topics), add

    def rows(self, model: Any) -> Any:
        return super().rows(model).prefetch_related("topics")

    def values(self, record: Any) -> tuple[str, str]:
        now = {topic.pk: str(topic) for topic in record.topics.all()}
        then = dict(now)
        for topic in self.topics:
            if self.add:
                then[topic.pk] = str(topic)
            else:
                then.pop(topic.pk, None)
        return ", ".join(sorted(now.values())), ", ".join(sorted(then.values()))

    def apply(self, record: Any, user: Any) -> None:
        record.save(update_fields=["updated_by"])
        if self.add:
            record.topics.add(*self.topics)
        else:
            record.topics.remove(*self.topics)


class Assign(Edit):
    """Give one field of each record the same value."""

    def __init__(self, name: str, value: Any) -> None:
        self.name, self.value = name, value

    def rows(self, model: Any) -> Any:
        rows = super().rows(model)
        return rows.select_related(self.name) if model._meta.get_field(self.name).is_relation else rows

    def values(self, record: Any) -> tuple[str, str]:
        choices = dict(record._meta.get_field(self.name).flatchoices)
        now = getattr(record, self.name)
        old, new = (str(choices.get(one, "" if one is None else one)) for one in (now, self.value))
        same_name = old == new and now != self.value
        return (f"{old} (#{now.pk})", f"{new} (#{self.value.pk})") if same_name else (old, new)

    def refusal(self, record: Any) -> str:
        if self.name == "rights" and not record.text_digest and self.value != Article.Rights.METADATA:
            return _("It has no text, so its rights are “Metadata only”.")
        return ""

    def notes(self, record: Any) -> list[str]:
        full, is_public = Article.Rights.FULL, record.status == Status.PUBLISHED
        if self.name != "rights" or full not in (record.rights, self.value):
            return []
        if self.value == full:
            return [
                _("Readers will see its whole text.")
                if is_public
                else _("Once it is published, readers see its whole text.")
            ]
        return [_("Readers lose its text; quoted words stay.")] if is_public else []

    def apply(self, record: Any, user: Any) -> None:
        setattr(record, self.name, self.value)
        record.save(update_fields=[self.name, "updated_by"])


@dataclass
class Other:
    """A record that could go along with those that were chosen; `names` say why it is offered, `notes` what should be known before."""

    record: Any
    names: list[str]
    refusal: list[str]
    notes: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.record._meta.model_name}:{self.record.pk}:{self.record.version}"


@dataclass
class Preview:
    """What a step would do. `lines` are by verdict the first 200; `counts` are of all, `versions` say
    what was looked at, and `to_change` which of them the step would change.

    Of a step towards the readers, `rests`: what the records name and readers do not see, and what these name in turn, where it can take
    the same step; `parts`: drafts that belong to them; `is_cut`: there are more of these than a page should offer.
    """

    lines: dict[str, list[Line]]
    counts: dict[str, int]
    versions: dict[int, int] = field(default_factory=dict)
    to_change: set[int] = field(default_factory=set)
    rests: list[Other] = field(default_factory=list)
    parts: list[Other] = field(default_factory=list)
    is_cut: bool = False


def preview(step: Step, model: Any, numbers: Iterable[int], user: Any) -> Preview:
    """What the step would do to these records. Each batch of 500 takes the same number of queries; nothing is stored."""
    found = Preview({"refused": [], "changed": [], "same": []}, {"refused": 0, "changed": 0, "same": 0})
    companions = _Companions(user, step.status) if isinstance(step, Move) and step.status in ONWARD else None
    for batch in _batches(numbers):
        records = list(step.rows(model).filter(pk__in=batch).order_by("pk"))
        lines = step.survey(records, user)
        for line in lines:
            found.counts[line.verdict] += 1
            found.versions[line.record.pk] = line.record.version
            if line.verdict == "changed":
                found.to_change.add(line.record.pk)
            if len(found.lines[line.verdict]) < SHOWN:
                found.lines[line.verdict].append(line)
        if companions is not None:
            companions.take([line for line in lines if line.verdict == "changed"])
    if companions is not None:
        companions.finish(found)
    return found


def _batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(numbers)
    while batch := list(islice(rest, BATCH)):
        yield batch


class _Companions:
    """Finds what could take the same step as the records on their way to the readers, in few queries a step of the way."""

    def __init__(self, user: Any, status: str) -> None:
        self.user, self.status = user, status
        self.chosen: set[tuple[Any, int]] = set()
        self.named: dict[tuple[Any, int], Other] = {}
        self.parts: dict[tuple[Any, int], Other] = {}
        self.is_cut = False

    def take(self, lines: list[Line]) -> None:
        records = [line.record for line in lines]
        self.chosen |= {(type(record), record.pk) for record in records}
        unseen = workflow.hidden_of(records)
        for line in lines if self.status == Status.PUBLISHED else ():
            if names := [workflow.described(one) for one in unseen[line.record.pk]]:
                line.notes.append(_("Readers do not see what it names: %s.") % "; ".join(names))
        self._offer(self.named, unseen, {record.pk: record for record in records})
        for record in workflow.waiting_parts(records):
            self._add(self.parts, record, "")

    def finish(self, found: Preview) -> None:
        self._follow(self.named)
        self._follow(self.parts)
        for group, others in ((self.named, found.rests), (self.parts, found.parts)):
            for key, other in group.items():
                if key not in self.chosen and not (group is self.parts and key in self.named):
                    others.append(other)
            self._judge(others)
        found.is_cut = self.is_cut

    def _follow(self, group: dict[tuple[Any, int], Other]) -> None:
        """What the offered records name in turn, step by step."""
        done: set[tuple[Any, int]] = set()
        for _step in range(DEEPEST):
            new = [other.record for key, other in group.items() if key not in done]
            done |= set(group)
            if not new:
                return
            for model in dict.fromkeys(type(one) for one in new):
                records = [one for one in new if type(one) is model]
                self._offer(group, workflow.hidden_of(records), {one.pk: one for one in records})

    def _offer(self, group: dict[Any, Other], unseen: Mapping[int, list[Any]], by: Mapping[int, Any]) -> None:
        for number, records in unseen.items():
            for record in records:
                self._add(group, record, str(by[number]))

    def _add(self, group: dict[tuple[Any, int], Other], record: Any, name: str) -> None:
        key = (type(record), record.pk)
        if record.status not in ONWARD[self.status] or record.merged_into_id:
            return
        if key not in group and key not in self.chosen and len(self.named) + len(self.parts) >= MOST_OTHERS:
            self.is_cut = True
            return
        other = group.setdefault(key, Other(record, [], []))
        if name and name not in other.names:
            other.names.append(name)

    def _judge(self, others: list[Other]) -> None:
        for model in dict.fromkeys(type(other.record) for other in others):
            mine = [other for other in others if type(other.record) is model]
            missing = workflow.missing_of([other.record for other in mine])
            for other in mine:
                wanted = missing[other.record.pk]
                if said := workflow.refusal(self.user, other.record, self.status):
                    other.refusal = [said]
                elif self.status == Status.PUBLISHED:
                    other.refusal = wanted
                else:
                    other.notes = [wanted_later(one) for one in wanted]


@dataclass
class Report:
    """What came of a step: what it changed, of the refused ones what they are and why, and what there was no time for."""

    changed: list[tuple[Any, int]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[Any, int]] = field(default_factory=list)


def store(
    step: Step,
    chosen: Sequence[tuple[Any, int, int]],
    user: Any,
    comment: str = "",
    seconds: float = float("inf"),
) -> Report:
    """Do the step to each (model, number, version), in their order, each in a transaction of its own.

    One that is refused, or that somebody has changed since it was looked at, stays as it is, and the others go on. The comment goes
    into the history of each. After so many `seconds` no other one is begun. Some eight queries a record.
    """
    report = Report()
    end = time.monotonic() + seconds
    with history.by(user, via="action", comment=comment):
        for model, number, version in chosen:
            if report.changed and time.monotonic() > end:
                report.left.append((model, number))
                continue
            try:
                patiently(partial(step.run, model, number, version, user))
            except ValidationError as error:
                record = workflow.light(model).filter(pk=number).first()
                report.refused.append((str(record or f"#{number}"), " ".join(error.messages)))
            else:
                report.changed.append((model, number))
    return report
