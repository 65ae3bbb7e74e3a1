"""What an editor may correct of a proposal before accepting it: a form a noun, shown in its card."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.admin.desk import RecordSelect, RecordSelectMultiple
from events.models import Article, Meeting, Participant, Place, Proposal, Quotation

Noun = Proposal.Noun


class _Offered:
    """A choice of records that shows some of them without a script too: those that the article's other proposals name."""

    offered: Sequence[tuple[int, str]] = ()

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        groups = super().optgroups(name, value, attrs)  # type: ignore[misc]
        chosen = {str(one) for one in value}
        options = groups[0][1]
        for number, label in self.offered:
            if str(number) not in chosen:
                options.append(self.create_option(name, number, label, False, len(options), attrs=attrs))  # type: ignore[attr-defined]
        return groups


class OfferedSelect(_Offered, RecordSelect):
    pass


class OfferedSelectMultiple(_Offered, RecordSelectMultiple):
    pass


def _copied(model: type[models.Model], name: str) -> Any:
    """The form field of a model's field, with its label, its help and its checks of form."""
    field: Any = model._meta.get_field(name)
    return field.formfield(required=False)


def _one_of(model: Any, name: str, **kwargs: Any) -> forms.ModelChoiceField:
    field: Any = model._meta.get_field(name)
    rows = field.related_model._default_manager.filter(merged_into=None)
    given = {"label": field.verbose_name.capitalize(), "help_text": field.help_text, **kwargs}
    return forms.ModelChoiceField(rows, required=False, widget=OfferedSelect(field, admin.site), **given)


class Correction(forms.Form):
    """Fields of a card."""

    def __init__(self, row: Proposal, rows: dict[int, Proposal], data: Any = None) -> None:
        self.row, self.rows = row, rows
        super().__init__(data, initial=self.proposed(), auto_id=f"id_{row.pk}_%s")
        for name, field in self.fields.items():
            if isinstance(field.widget, _Offered):
                field.widget.offered = self.offered(name)
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{row.pk}_{name}_help"

    def proposed(self) -> dict[str, Any]:
        """The values as the archive proposes them."""
        raise NotImplementedError

    def offered(self, name: str) -> list[tuple[int, str]]:
        return []

    def named(self, noun: str) -> list[tuple[int, str]]:
        """The records of a noun that proposals of this article stand for, by number and name."""
        found: dict[int, str] = {}
        for row in self.rows.values():
            if row.noun != noun:
                continue
            name = row.details.get("name") or row.details.get("title") or ""
            if row.record is not None:
                found[row.record.pk] = str(row.record)
            elif number := row.details.get("id"):
                found.setdefault(number, name)
            for one in row.details.get("candidates", ()):
                found.setdefault(one["id"], ", ".join(filter(None, [one["name"], one["detail"]])))
        return sorted(found.items(), key=lambda pair: pair[1])

    def reference(self, name: str) -> int | None:
        """The number of the record that the proposal refers to, where there is one."""
        row = self.rows.get(self.row.details.get("references", {}).get(name) or 0)
        if row is None or row.decision == Proposal.Decision.DISMISSED:
            return None
        return row.record.pk if row.record is not None else row.details.get("id")

    def corrections(self) -> dict[str, Any]:
        """What differs from the proposal, for `proposals.accept`."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class PassageCorrection(Correction):
    """`start` and `end` come from words selected in the text, `words` from typing."""

    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Words"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
        help_text=_("Select other words in the text and take them over, or type them as printed."),
    )

    def proposed(self) -> dict[str, Any]:
        return {"start": self.row.start, "end": self.row.end, "words": self.row.exact}

    def corrections(self) -> dict[str, Any]:
        found = super().corrections()
        if {"start", "end"} & set(found):
            found |= {name: self.cleaned_data[name] for name in ("start", "end", "words")}
        return found


class QuotationCorrection(PassageCorrection):
    speaker = _one_of(Quotation, "speaker")
    new_speaker = forms.BooleanField(required=False)
    attribution = _copied(Quotation, "attribution")
    form = _copied(Quotation, "form")
    reported_by = _one_of(Quotation, "reported_by")
    within = forms.ModelChoiceField(
        Quotation.objects.none(),
        required=False,
        label=_("Within"),
        help_text=_("The accepted quotation of this article whose words enclose these."),
        empty_label=_("as proposed, or none"),
    )
    meeting = _one_of(Quotation, "meeting")
    said_on = _copied(Quotation, "said_on")
    language = _copied(Quotation, "language")

    def __init__(self, row: Proposal, rows: dict[int, Proposal], data: Any = None) -> None:
        super().__init__(row, rows, data)
        within: Any = self.fields["within"]
        within.queryset = Quotation.objects.filter(article=row.article_id, merged_into=None).order_by("start")
        speaker = rows.get(row.details.get("references", {}).get("speaker") or 0)
        if row.details.get("speaker_id") or speaker is None or speaker.decision != Proposal.Decision.WAITING:
            self.fields.pop("new_speaker")
        else:
            self.fields["new_speaker"].label = _("Make a draft participant “%s”") % row.details.get("speaker")
            self.initial["new_speaker"] = not speaker.details.get("candidates")

    def proposed(self) -> dict[str, Any]:
        details = self.row.details
        values = {name: details.get(name) for name in ("attribution", "form", "said_on", "language")}
        return {
            **super().proposed(),
            **values,
            "speaker": details.get("speaker_id") or self.reference("speaker"),
            "reported_by": details.get("reported_by_id") or self.reference("reported_by"),
            "within": self.enclosing(),
            "meeting": self.reference("meeting"),
        }

    def enclosing(self) -> int | None:
        row = self.rows.get(self.row.details.get("references", {}).get("within") or 0)
        inside = row is not None and row.start <= self.row.start and self.row.end <= row.end
        return row.quotation_id if row is not None and inside else None

    def offered(self, name: str) -> list[tuple[int, str]]:
        return self.named(Noun.MEETING if name == "meeting" else Noun.PARTICIPANT)

    def corrections(self) -> dict[str, Any]:
        found = super().corrections()
        if "new_speaker" in found or found.get("speaker") is not None:
            found["speaker"] = self.cleaned_data["speaker"]
            found["new_speaker"] = bool(self.cleaned_data.get("new_speaker")) and found["speaker"] is None
        return found


class _NamedCorrection(Correction):
    """The place of a name is not corrected, what it stands for is."""

    names = forms.MultipleChoiceField(
        label=_("Spellings to add"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As this article prints the name."),
    )

    def __init__(self, row: Proposal, rows: dict[int, Proposal], data: Any = None) -> None:
        super().__init__(row, rows, data)
        printed = row.details.get("names") or []
        field: Any = self.fields["names"]
        field.choices = [(name, name) for name in printed]
        if not printed:
            self.fields.pop("names")

    def proposed(self) -> dict[str, Any]:
        details = self.row.details
        return {
            "record": details.get("id"),
            "name": details.get("name"),
            "names": details.get("names") or [],
            "kind": details.get("kind"),
            "country": details.get("country"),
        }

    def offered(self, name: str) -> list[tuple[int, str]]:
        return self.named(self.row.noun)

    def corrections(self) -> dict[str, Any]:
        """`record` always: where several may be meant, none chosen says that it is a new one."""
        return {**super().corrections(), "record": self.cleaned_data["record"]}


class ParticipantCorrection(_NamedCorrection):
    record = _one_of(
        Proposal,
        "participant",
        label=_("In the archive already"),
        help_text=_(
            "Who is meant, found by any name in any script. Empty: a new participant with the fields below."
        ),
    )
    name = _copied(Participant, "name")
    kind = _copied(Participant, "kind")
    country = _copied(Participant, "country")


class PlaceCorrection(_NamedCorrection):
    record = _one_of(
        Proposal,
        "place",
        label=_("In the archive already"),
        help_text=_("Which place is meant. Empty: a new place with the fields below."),
    )
    name = _copied(Place, "name")
    kind = _copied(Place, "kind")
    country = _copied(Place, "country")
    parent = _one_of(Place, "parent")

    def proposed(self) -> dict[str, Any]:
        return {**super().proposed(), "kind": Place.Kind.CITY}


class MeetingCorrection(PassageCorrection):
    record = _one_of(
        Proposal,
        "meeting",
        label=_("In the archive already"),
        help_text=_("The meeting that the passage reports. Empty: a new meeting with the fields below."),
    )
    title = _copied(Meeting, "title")
    kind = _copied(Meeting, "kind")
    held_on = _copied(Meeting, "held_on")
    state = _copied(Meeting, "state")
    place = _one_of(Meeting, "place")
    participants = forms.ModelMultipleChoiceField(
        Participant.objects.filter(merged_into=None),
        required=False,
        label=_("Who was there"),
        widget=OfferedSelectMultiple(
            Article._meta.get_field("outlet").related_model._meta.get_field("speaks_for"), admin.site
        ),
        help_text=_(
            "Left as it is, it takes those of the text, new ones too. Change it, and only these attend."
        ),
    )
    parent = _one_of(Meeting, "parent")

    def proposed(self) -> dict[str, Any]:
        details = self.row.details
        return {
            **super().proposed(),
            "record": details.get("id"),
            "title": details.get("title"),
            "kind": details.get("kind"),
            "held_on": details.get("date"),
            "state": details.get("state"),
            "place": self.reference("place"),
            "parent": self.reference("parent"),
            "participants": list(self.attending()),
        }

    def attending(self) -> Iterable[int]:
        for number in self.row.details.get("references", {}).get("participants", ()):
            row = self.rows.get(number)
            if row is None or row.decision == Proposal.Decision.DISMISSED:
                continue
            if known := row.record.pk if row.record is not None else row.details.get("id"):
                yield known

    def offered(self, name: str) -> list[tuple[int, str]]:
        nouns = {"participants": Noun.PARTICIPANT, "place": Noun.PLACE}
        return self.named(nouns.get(name, Noun.MEETING))

    def corrections(self) -> dict[str, Any]:
        return {**super().corrections(), "record": self.cleaned_data["record"]}


FORMS: dict[str, type[Correction]] = {
    Noun.QUOTATION: QuotationCorrection,
    Noun.PARTICIPANT: ParticipantCorrection,
    Noun.PLACE: PlaceCorrection,
    Noun.MEETING: MeetingCorrection,
}
