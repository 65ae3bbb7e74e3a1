"""What accepting a proposal makes: drafts with their passages, linked to what the archive holds; and how it is taken back."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from events import anchoring
from events.editing import workflow
from events.models import (
    Article,
    Attendance,
    Coverage,
    Meeting,
    Name,
    Participant,
    Place,
    Proposal,
    Quotation,
    Status,
    Survey,
)
from events.models.base import Record

Noun, Decision = Proposal.Noun, Proposal.Decision

MODELS: dict[str, type[Record]] = {
    Noun.QUOTATION: Quotation,
    Noun.PARTICIPANT: Participant,
    Noun.PLACE: Place,
    Noun.MEETING: Meeting,
}


def require(user: Any, right: str) -> None:
    """`PermissionDenied` that names the right, where the user does not have it."""
    if not user.has_perm(f"events.{right}"):
        raise PermissionDenied(
            _("You need the right “%s” for this; ask who looks after the accounts.") % right.replace("_", " ")
        )


def rights(row: Proposal) -> list[str]:
    """The rights that accepting the proposal needs, of those for the record itself."""
    if row.noun == Noun.MEETING:
        return ["add_coverage"] if row.details.get("id") else ["add_meeting", "add_coverage"]
    return [
        f"change_{row.noun}" if row.noun != Noun.QUOTATION and row.details.get("id") else f"add_{row.noun}"
    ]


def current(model: type[Record], number: Any) -> Any:
    """The record of this number, or the one that it was merged into; None where there is none."""
    record: Any = model._default_manager.filter(pk=number).first() if number else None
    while record is not None and record.merged_into_id:
        record = record.merged_into
    return record


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


class Acceptance:
    """Accepts proposals about one article, whose row is locked; `rows` are all of its proposals by number.

    What was done is in `accepted` (in order), `made` (records and rows that were written) and `linked`.
    """

    def __init__(self, article: Article, rows: dict[int, Proposal], user: Any) -> None:
        self.article, self.rows, self.user = article, rows, user
        self.accepted: list[Proposal] = []
        self.made: list[models.Model] = []
        self.linked: list[Proposal] = []
        self._under_way: set[int] = set()

    def accept(self, row: Proposal, corrections: dict[str, Any]) -> None:
        """Accept a waiting proposal and what it rests on. Raises `ValidationError`, `PermissionDenied`."""
        self._under_way.add(row.pk)
        made: list[dict[str, Any]] = []
        make = getattr(self, f"_make_{row.noun}")
        row.record = make(row, corrections, made)
        row.made = made
        row.decision, row.decided_by, row.decided_at = Decision.ACCEPTED, self.user, timezone.now()
        row.save()
        self.accepted.append(row)
        if row.noun == Noun.MEETING:
            self._link_quotations(row)
        self._touch_article()

    # Records

    def _make_quotation(self, row: Proposal, corrections: dict[str, Any], made: list[Any]) -> Quotation:
        require(self.user, "add_quotation")
        selector = self._selector(row, corrections)
        if standing := self._standing(row, selector):
            return standing
        details, references = row.details, row.details.get("references", {})
        quotation = Quotation(article=self.article)
        quotation.selector = selector
        quotation.attribution = corrections.get("attribution", details.get("attribution") or "")
        quotation.form = corrections.get("form", details.get("form") or Quotation.Form.DIRECT)
        quotation.language = (
            corrections.get("language", details.get("language") or "") or self.article.language
        )
        quotation.said_on = corrections.get("said_on", details.get("said_on") or "")
        quotation.speaker = self._speaker(row, corrections)
        if "meeting" in corrections:
            quotation.meeting = corrections["meeting"]
        else:
            quotation.meeting = self._decided(references.get("meeting"))
        if "within" in corrections:
            quotation.within = corrections["within"]
        else:
            quotation.within = self._enclosing(quotation, references.get("within"))
        quotation.reported_by = self._reporter(row, quotation, corrections)
        self._write(quotation, made)
        return quotation

    def _selector(self, row: Proposal, corrections: dict[str, Any]) -> anchoring.Selector:
        """The place of the words: as proposed, as selected by offsets, or as typed."""
        text = self.article.text
        start, end = corrections.get("start"), corrections.get("end")
        words = corrections.get("words")
        if start is None or end is None:
            start, end = row.start, row.end
        if not 0 <= start < end <= len(text):
            raise ValidationError(
                {"words": _("These places do not stand in the text. Select the words again.")}
            )
        if words is not None and anchoring.comparable(words) != anchoring.comparable(text[start:end]):
            return self._typed(row, words)
        if (start, end) == (row.start, row.end):
            return anchoring.select(text, start, end)
        inner = text[start:end].strip()
        if not inner:
            raise ValidationError({"words": _("Only blanks are selected. Select the words again.")})
        start += text[start:end].index(inner)
        return anchoring.with_marks(text, anchoring.select(text, start, start + len(inner)))

    def _typed(self, row: Proposal, words: str) -> anchoring.Selector:
        """Typed words at their place; of several places the one that the proposal stands at."""
        text = self.article.text
        try:
            return anchoring.with_marks(text, anchoring.locate(text, words))
        except anchoring.Ambiguous as error:
            near = [one for one in error.places if one.start < row.end and row.start < one.end]
            if len(near) == 1:
                return anchoring.with_marks(text, near[0])
            raise ValidationError(
                {"words": _("These words stand in the text more than once. Select them in the text instead.")}
            ) from None
        except (anchoring.NotFound, anchoring.TextError) as error:
            raise ValidationError({"words": str(error)}) from None

    def _standing(self, row: Proposal, selector: anchoring.Selector) -> Quotation | None:
        """A quotation of these very words that somebody recorded by hand since the text was read."""
        taken = {one.quotation_id for one in self.rows.values() if one.quotation_id and one.pk != row.pk}
        same = self.article.quotations.filter(start=selector.start, end=selector.end, merged_into=None)
        return same.exclude(pk__in=taken).exclude(status=Status.WITHDRAWN).first()

    def _speaker(self, row: Proposal, corrections: dict[str, Any]) -> Participant | None:
        if corrections.get("speaker") is not None:
            return corrections["speaker"]
        if "speaker" in corrections and not corrections.get("new_speaker"):
            return None
        details, reference = row.details, row.details.get("references", {}).get("speaker")
        other = self.rows.get(reference or 0)
        if corrections.get("new_speaker") and other is not None and other.decision == Decision.WAITING:
            self.accept(other, {"record": None})
            return other.participant
        return self._participant(details.get("speaker_id"), reference, "speaker")

    def _participant(self, number: int | None, reference: int | None, field: str) -> Any:
        """Who is meant: the one that the archive knows, else what becomes of the proposal that is referred to."""
        if (known := current(Participant, number)) is not None:
            return known
        return self._resting_on(reference, field)

    def _resting_on(self, reference: int | None, field: str) -> Any:
        """The record of another proposal, which is accepted where it waits; None where it was dismissed."""
        row = self.rows.get(reference or 0)
        if (
            row is None
            or row.decision == Decision.DISMISSED
            or row.pk in self._under_way - {one.pk for one in self.accepted}
        ):
            return None
        if row.decision == Decision.WAITING:
            if known := current(MODELS[row.noun], row.details.get("id")):
                return known
            if row.details.get("candidates"):
                message = _(
                    "“%s” may be several. Say first who or what is meant: choose it here, or on its own card."
                )
                raise ValidationError(
                    {field: message % (row.details.get("name") or row.details.get("title") or row)}
                )
            try:
                self.accept(row, {})
            except ValidationError as error:
                raise ValidationError({field: error.messages}) from None
        return current(MODELS[row.noun], row.record.pk) if row.record else None

    def _decided(self, reference: int | None) -> Any:
        """The record of another proposal where one is there already."""
        row = self.rows.get(reference or 0)
        if row is None or row.decision == Decision.DISMISSED:
            return None
        return row.record or current(MODELS[row.noun], row.details.get("id"))

    def _enclosing(self, quotation: Quotation, reference: int | None) -> Quotation | None:
        """The quotation that these words stand in. Where another one only reports them, none."""
        row = self.rows.get(reference or 0)
        if row is None or row.decision == Decision.DISMISSED or row.pk in self._under_way:
            return None
        place = row.record or row
        if not self._encloses(place, quotation):
            return None
        return self._resting_on(row.pk, "within")

    @staticmethod
    def _encloses(outer: Any, inner: Quotation) -> bool:
        if None in (outer.start, outer.end, inner.start, inner.end):
            return False
        inside: bool = outer.start <= inner.start and inner.end <= outer.end
        return inside and (outer.start, outer.end) != (inner.start, inner.end)

    def _reporter(self, row: Proposal, quotation: Quotation, corrections: dict[str, Any]) -> Any:
        if "reported_by" in corrections:
            return corrections["reported_by"]
        details, references = row.details, row.details.get("references", {})
        reporter = self._participant(
            details.get("reported_by_id"), references.get("reported_by"), "reported_by"
        )
        if reporter is None and not details.get("reported_by") and quotation.within is None:
            other = self.rows.get(references.get("within") or 0)
            reporter = other.quotation.speaker if other is not None and other.quotation else None
        return None if reporter == quotation.speaker else reporter

    def _make_participant(self, row: Proposal, corrections: dict[str, Any], made: list[Any]) -> Participant:
        record: Participant = self._named(Participant, row, corrections, made)
        return record

    def _make_place(self, row: Proposal, corrections: dict[str, Any], made: list[Any]) -> Place:
        record: Place = self._named(Place, row, corrections, made)
        return record

    def _named(self, model: Any, row: Proposal, corrections: dict[str, Any], made: list[Any]) -> Any:
        """The participant or place that is meant, with the spellings of this article among its names."""
        noun, details = row.noun, row.details
        record = self._meant(model, row, corrections)
        printed = corrections.get("names", details.get("names") or [])
        if record is None:
            require(self.user, f"add_{noun}")
            record = model(name=corrections.get("name", details.get("name") or row.exact).strip())
            for name in ("kind", "country", "parent"):
                if (value := corrections.get(name, details.get(name))) and hasattr(model, name):
                    setattr(record, name, value)
            self._write(record, made)
            self._add_names(record, noun, [row.exact, *printed], Name.Kind.OFFICIAL, made)
            return record
        if not details.get("id"):
            printed = [*printed, details.get("name") or row.exact]
        # What readers see waits for somebody who may publish; that it is meant, anybody may say.
        if printed and not workflow.refusal_of_change(self.user, record):
            require(self.user, f"change_{noun}")
            if self._add_names(record, noun, printed, Name.Kind.ALIAS, made):
                record.updated_by = self.user
                record.save()
        return record

    def _meant(self, model: Any, row: Proposal, corrections: dict[str, Any]) -> Any:
        if "record" in corrections:
            return corrections["record"]
        known = current(model, row.details.get("id"))
        if known is None and row.details.get("candidates"):
            raise ValidationError({"record": _("Several may be meant. Choose one, or make a new one.")})
        return known

    def _add_names(self, record: Any, noun: str, printed: Iterable[str], kind: str, made: list[Any]) -> int:
        """List the spellings that are not there yet, in the article's language; how many."""
        listed = {name.text for name in record.names.all()}
        added = 0
        for text in dict.fromkeys(" ".join(one.split()) for one in printed):
            if not text or text in listed:
                continue
            name = Name(text=text, language=self.article.language, kind=kind, **{noun: record})
            name.full_clean()
            name.save()
            made.append({"model": "name", "id": name.pk})
            self.made.append(name)
            added += 1
        return added

    def _make_meeting(self, row: Proposal, corrections: dict[str, Any], made: list[Any]) -> Meeting:
        require(self.user, "add_coverage")
        details, references = row.details, row.details.get("references", {})
        meeting: Meeting | None = self._meant(Meeting, row, corrections)
        if meeting is None:
            require(self.user, "add_meeting")
            meeting = Meeting(
                title=corrections.get("title", shortened(details.get("title") or "", 250)),
                kind=corrections.get("kind", details.get("kind") or ""),
                held_on=corrections.get("held_on", details.get("date") or ""),
                state=corrections.get("state", details.get("state") or Meeting.State.HELD),
            )
            if "place" in corrections:
                meeting.place = corrections["place"]
            else:
                meeting.place = self._resting_on(references.get("place"), "place")
            if "parent" in corrections:
                meeting.parent = corrections["parent"]
            else:
                meeting.parent = self._resting_on(references.get("parent"), "parent")
            if "participants" in corrections:
                people = list(corrections["participants"])
            else:
                rested = [self._resting_on(one, "participants") for one in references.get("participants", [])]
                people = [one for one in rested if one is not None]
            self._write(meeting, made)
            for participant in dict.fromkeys(people):
                attendance = Attendance(meeting=meeting, participant=participant)
                attendance.save()
                self.made.append(attendance)
        coverage = self.article.coverages.filter(meeting=meeting).first()
        if coverage is None:
            if said := workflow.refusal_of_change(self.user, self.article, meeting):
                raise PermissionDenied(said)
            coverage = Coverage(article=self.article, meeting=meeting)
            coverage.selector = self._selector(row, corrections)
            coverage.full_clean()
            coverage.save()
            made.append({"model": "coverage", "id": coverage.pk, "exact": coverage.exact})
            self.made.append(coverage)
        return meeting

    def _link_quotations(self, row: Proposal) -> None:
        """Quotations accepted before the meeting that they name was one: drafts that still have none."""
        for other in self.rows.values():
            named = other.details.get("references", {}).get("meeting") == row.pk
            quotation = other.quotation if other.noun == Noun.QUOTATION else None
            if not named or quotation is None or other.decision != Decision.ACCEPTED:
                continue
            quotation.refresh_from_db()
            if quotation.meeting_id or quotation.status != Status.DRAFT:
                continue
            unchanged = [one for one in other.made if one.get("version") == quotation.version]
            quotation.meeting, quotation.updated_by = row.meeting, self.user
            quotation.save()
            for one in unchanged:
                one["version"] = quotation.version
            other.save()
            self.linked.append(other)

    def _write(self, record: Any, made: list[Any]) -> None:
        record.status = Status.DRAFT
        record.created_by = record.updated_by = self.user
        record.full_clean()
        record.save()
        made.append({"model": record._meta.model_name, "id": record.pk, "version": record.version})
        self.made.append(record)

    def _touch_article(self) -> None:
        """Whoever has the article's form open must notice: it shows the quotations and the coverage too."""
        Article.objects.filter(pk=self.article.pk).update(updated_at=timezone.now())


def take_back(article: Article, record: Any, made: list[dict[str, Any]], user: Any) -> str:
    """Delete what accepting a proposal wrote; "" or why that is not possible, and then the caller undoes the transaction."""
    if record is None:
        return ""
    own = next((one for one in made if one["model"] == record._meta.model_name), None)
    if own is not None:
        record = type(record)._default_manager.select_for_update().get(pk=record.pk)
        if record.version != own["version"] or record.status != Status.DRAFT:
            who = record.updated_by or _("somebody")
            return _("“%(record)s” was changed since by %(who)s. Delete or correct it on its own page.") % {
                "record": record,
                "who": who,
            }
        if other := _named_by(record):
            return _("“%(record)s” is named by “%(other)s”. Take that back first.") % {
                "record": record,
                "other": other,
            }
        elsewhere = Proposal.objects.filter(**{str(record._meta.model_name): record}).exclude(article=article)
        Survey.objects.filter(article__in=elsewhere.values("article")).delete()  # read again when opened
        record.delete()
        return ""
    rows = {"name": Name, "coverage": Coverage}
    changed = False
    for one in made:
        row: Any = rows[one["model"]]._default_manager.filter(pk=one["id"]).first()
        if row is None:
            continue
        if said := workflow.refusal_of_change(user, *([article, record] if "exact" in one else [record])):
            return said
        if "exact" in one and (row.exact != one["exact"] or row.stance != Coverage.Stance.SUPPORTS):
            return _("The coverage was changed since. Correct it on the page of the article.")
        row.delete()
        changed = True
    if changed:
        record.updated_by = user
        record.save()
    return ""


def _named_by(record: Any) -> Any:
    """Something else that points to the record, None where there is nothing."""
    for relation in record._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.one_to_many) or relation.related_model is Proposal:
            continue
        if relation.on_delete is models.CASCADE:
            continue  # its own rows
        rows = relation.related_model._default_manager.filter(**{relation.field.name: record})
        if (found := rows.first()) is not None:
            return found
    return None
