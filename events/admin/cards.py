"""What the page of proposals shows: the text with its marks, and a card for each proposal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import anchoring, codes, dates
from events.admin.corrections import Correction
from events.editing import drafting, workflow
from events.models import Article, Meeting, Participant, Proposal, Quotation

Noun, Decision = Proposal.Noun, Proposal.Decision
GROUPS = {
    Noun.QUOTATION: gettext_lazy("Quotations"),
    Noun.MEETING: gettext_lazy("Meetings"),
    Noun.PARTICIPANT: gettext_lazy("Participants"),
    Noun.PLACE: gettext_lazy("Places"),
}
LONGEST = 240


@dataclass(frozen=True)
class Fact:
    """A line of a card: what, and in `note` how sure it is or what accepting makes of it."""

    label: str
    value: str
    note: str = ""


@dataclass
class Card:
    """A proposal as the page shows it. `missing` says why it cannot be decided here; `form` is there while it is corrected."""

    row: Proposal
    number: int
    words: str
    facts: list[Fact] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    missing: str = ""
    record_url: str = ""
    record_name: str = ""
    form: Correction | None = None

    @property
    def is_waiting(self) -> bool:
        return self.row.decision == Decision.WAITING


@dataclass(frozen=True)
class Group:
    noun: str
    title: str
    cards: list[Card]

    @property
    def open_cards(self) -> list[Card]:
        return [card for card in self.cards if card.row.decision != Decision.RECORDED]

    @property
    def recorded(self) -> list[Card]:
        return [card for card in self.cards if card.row.decision == Decision.RECORDED]

    @property
    def state(self) -> str:
        """How many of them wait, are accepted and dismissed, in words."""
        decisions = [card.row.decision for card in self.cards]
        waiting, dismissed = decisions.count(Decision.WAITING), decisions.count(Decision.DISMISSED)
        numbers = {
            "waiting": waiting,
            "accepted": len(decisions) - waiting - dismissed,
            "dismissed": dismissed,
        }
        return _("%(waiting)s waiting, %(accepted)s accepted, %(dismissed)s dismissed") % numbers


@dataclass(frozen=True)
class Piece:
    """A stretch of text with the numbers of the proposals that cover it; `begins`: the cards whose number stands before it."""

    text: str
    keys: str = ""
    classes: str = ""
    begins: tuple[Card, ...] = ()


class Board:
    """The cards of one article by number, in the order of the page. No queries but those for the rights of `user`.

    `public`: the numbers of the participants and meetings, by noun, at which readers would see at once what is accepted; that needs
    the right to publish, as a change of any public record does.
    """

    def __init__(
        self, text: str, rows: Iterable[Proposal], user: Any, public: Mapping[str, set[int]] | None = None
    ) -> None:
        self.text, self.user, self.public = text, user, public or {}
        self.rows = {row.pk: row for row in rows}
        self.numbers = {pk: number for number, pk in enumerate(self.rows, 1)}
        self.cards = {pk: self._card(row) for pk, row in self.rows.items()}
        self.groups = [
            Group(noun, str(title), [card for card in self.cards.values() if card.row.noun == noun])
            for noun, title in GROUPS.items()
        ]

    def in_order(self) -> list[Card]:
        """As they follow each other on the page."""
        return [card for group in self.groups for card in group.open_cards]

    def next_after(self, pk: int) -> Card | None:
        """The waiting card after this one, else the first that waits."""
        order = self.in_order()
        place = next((at for at, card in enumerate(order) if card.row.pk == pk), -1)
        return next((card for card in [*order[place + 1 :], *order[: place + 1]] if card.is_waiting), None)

    def resting_on(self, numbers: set[int]) -> set[int]:
        """These proposals and those whose cards name them."""
        found = set(numbers)
        for pk, row in self.rows.items():
            for reference in row.details.get("references", {}).values():
                if numbers & set(reference if isinstance(reference, list) else [reference]):
                    found.add(pk)
        return found & set(self.rows)

    def paragraphs(self) -> list[tuple[int, list[Piece]]]:
        """The lines of the text that are not blank, each with the place of its first character."""
        spans = []
        for pk, row in self.rows.items():
            spans.append(((pk, True), row.start, row.end))
            for start, end in row.details.get("mentions", ()):
                if (start, end) != (row.start, row.end):
                    spans.append(((pk, False), start, end))
        found: list[tuple[int, list[Piece]]] = [(0, [])]
        at = 0
        begun: set[Any] = set()
        for segment in anchoring.mark(self.text, spans):
            keys: Any = segment.keys
            numbers = list(dict.fromkeys(pk for pk, _first in keys))
            classes = " ".join(f"{self.rows[pk].noun}--{self.rows[pk].decision}" for pk in numbers)
            for place, line in enumerate(segment.text.split("\n")):
                if place:
                    at += 1
                    found.append((at, []))
                if line:
                    new = [key for key in keys if key[1] and key not in begun]
                    first = new if line.strip() else []
                    begun.update(first)
                    begins = tuple(self.cards[key[0]] for key in first)
                    found[-1][1].append(Piece(line, " ".join(map(str, numbers)), classes, begins))
                    at += len(line)
        return [(start, pieces) for start, pieces in found if "".join(piece.text for piece in pieces).strip()]

    def _card(self, row: Proposal) -> Card:
        words = Truncator(" ".join(row.exact.split())).chars(LONGEST)
        card = Card(row, self.numbers[row.pk], words)
        if row.record is not None:
            card.record_url = reverse(f"admin:events_{row.noun}_change", args=[row.record.pk])
            name = _("Quotation %s") % row.record.pk if row.noun == Noun.QUOTATION else str(row.record)
            status = row.record.get_status_display().lower()
            card.record_name = f"{Truncator(name).chars(60)} ({status})"
        if row.decision == Decision.WAITING:
            card.missing = self._missing(row)
            card.facts = getattr(self, f"_{row.noun}_facts")(row)
            if candidates := row.details.get("candidates"):
                card.choices = [
                    (str(one["id"]), ", ".join(filter(None, [one["name"], one["detail"]])))
                    for one in candidates
                ]
                card.choices.append(("new", _("None of these: make a new one")))
        elif not self.user.has_perm(f"events.add_{row.noun}"):
            card.missing = _("You may not undo this.")
        elif row.record is not None and row.noun == Noun.QUOTATION:
            speaker, printed = row.record.speaker, row.record.attribution
            card.facts = [Fact(_("Speaker"), str(speaker or _("nobody")), "" if speaker else printed)]
        return card

    def _missing(self, row: Proposal) -> str:
        for right in drafting.rights(row):
            if not self.user.has_perm(f"events.{right}"):
                return _("You can read this, but not decide it: it needs the right “%s”.") % right.replace(
                    "_", " "
                )
        if row.noun == Noun.MEETING and self._is_public(row) and not self._may_publish(row):
            return _("Article and meeting are public: listing one at the other needs the right to publish.")
        return ""

    def _quotation_facts(self, row: Proposal) -> list[Fact]:
        details, references = row.details, row.details.get("references", {})
        facts = [self._speaker(row), Fact(_("As printed"), details.get("attribution") or "")]
        if details.get("form") and details["form"] != Quotation.Form.DIRECT:
            facts.append(Fact(_("Form"), self._choice(Quotation.Form, details["form"])))
        if details.get("reported_by"):
            facts.append(Fact(_("Reported by"), details["reported_by"]))
        outer = self.rows.get(references.get("within") or 0)
        if outer is not None and outer.decision != Decision.DISMISSED:
            inside = outer.start <= row.start and row.end <= outer.end
            note = _("accepted with this one") if inside and outer.decision == Decision.WAITING else ""
            label = _("Within") if inside else _("Reported in")
            facts.append(Fact(label, _("number %s") % self.numbers[outer.pk], note))
        meeting = self.rows.get(references.get("meeting") or 0)
        if meeting is not None and meeting.decision != Decision.DISMISSED:
            known = meeting.record is not None or meeting.details.get("id")
            note = "" if known else _("number %s; linked when you accept that one") % self.numbers[meeting.pk]
            facts.append(Fact(_("Meeting"), str(meeting.record or meeting.details.get("title")), note))
        if details.get("said_on"):
            facts.append(Fact(_("Said"), _wording(details["said_on"])))
        return [fact for fact in facts if fact.value]

    def _speaker(self, row: Proposal) -> Fact:
        details = row.details
        name = details.get("speaker") or ""
        other = self.rows.get(details.get("references", {}).get("speaker") or 0)
        if not name:
            return Fact(
                _("Speaker"), _("not named"), _("correct it, or accept the printed attribution alone")
            )
        if details.get("speaker_id"):
            return Fact(_("Speaker"), name, _("in the archive"))
        if other is None:
            return Fact(_("Speaker"), name, _("not in the archive: left empty unless you choose somebody"))
        if other.record is not None:
            return Fact(_("Speaker"), str(other.record), _("accepted as number %s") % self.numbers[other.pk])
        if other.decision == Decision.DISMISSED:
            return Fact(_("Speaker"), name, _("dismissed as number %s: left empty") % self.numbers[other.pk])
        if other.details.get("id"):
            return Fact(_("Speaker"), name, _("in the archive"))
        if other.details.get("candidates"):
            return Fact(
                _("Speaker"), name, _("may be several: choose at number %s first") % self.numbers[other.pk]
            )
        return Fact(_("Speaker"), name, _("new: accepting makes a draft participant too"))

    def _participant_facts(self, row: Proposal) -> list[Fact]:
        details = row.details
        facts = [
            *self._name_facts(row),
            Fact(_("Kind"), self._choice(Participant.Kind, details.get("kind"))),
            Fact(_("Country"), codes.country_name(details["country"]) if details.get("country") else ""),
            Fact(_("Office as printed"), details.get("office") or ""),
            Fact(_("Spellings to add"), "; ".join(details.get("names") or []), self._public_note(row)),
        ]
        return [fact for fact in facts if fact.value]

    def _place_facts(self, row: Proposal) -> list[Fact]:
        return self._name_facts(row)

    def _name_facts(self, row: Proposal) -> list[Fact]:
        name = row.details.get("name") or row.exact
        facts = [Fact(_("Name"), name)] if name != row.exact else []
        return [*facts, Fact(_("Archive"), self._standing(row.details))]

    def _meeting_facts(self, row: Proposal) -> list[Fact]:
        details, references = row.details, row.details.get("references", {})
        note = _("in the archive: accepting lists this article as a source") if details.get("id") else ""
        note = "; ".join(filter(None, [note, self._public_note(row)]))
        kind = self._choice(Meeting.Kind, details.get("kind"))
        facts = [
            Fact(_("Title"), details.get("title") or "", note or self._standing(details)),
            Fact(_("Kind"), kind),
            Fact(_("Date"), _wording(details.get("date") or "")),
        ]
        if details.get("state") and details["state"] != Meeting.State.HELD:
            facts.append(Fact(_("State"), self._choice(Meeting.State, details["state"])))
        if not details.get("id"):
            facts.append(
                Fact(_("Who was there"), "; ".join(map(self._named, references.get("participants", ()))))
            )
            facts.append(Fact(_("Place"), self._named(references.get("place"))))
            facts.append(Fact(_("Part of"), self._named(references.get("parent"))))
        return [fact for fact in facts if fact.value]

    def _named(self, number: int | None) -> str:
        """What another proposal stands for, and that accepting makes it too."""
        row = self.rows.get(number or 0)
        if row is None or row.decision == Decision.DISMISSED:
            return ""
        name = str(row.record or row.details.get("name") or row.details.get("title") or row)
        if row.decision != Decision.WAITING or row.details.get("id"):
            return name
        if row.details.get("candidates"):
            return _("%(name)s (choose at number %(number)s first)") % {
                "name": name,
                "number": self.numbers[row.pk],
            }
        return _("%s (new)") % name

    def _public_note(self, row: Proposal) -> str:
        """Nothing is published by a proposal; but what is added to a public record, readers see."""
        if not self._is_public(row):
            return ""
        if self._may_publish(row):
            return _("this record is public: readers see at once what you add")
        return _("this record is public: a reviewer can add them")

    def _is_public(self, row: Proposal) -> bool:
        return row.details.get("id") in self.public.get(row.noun, ())

    def _may_publish(self, row: Proposal) -> bool:
        shown_with = [Article] if row.noun == Noun.MEETING else []
        models = [drafting.MODELS[row.noun], *shown_with]
        return all(workflow.has_right(self.user, "publish", model) for model in models)

    @staticmethod
    def _standing(details: dict[str, Any]) -> str:
        if details.get("id"):
            return _("in the archive")
        return _("may be one of several") if details.get("candidates") else _("new: accepting makes a draft")

    @staticmethod
    def _choice(choices: Any, value: Any) -> str:
        return str(dict(choices.choices).get(value, value or ""))


def _wording(date: str) -> str:
    try:
        return dates.wording(date) if date else ""
    except dates.DateError:
        return date
