"""Whom and what a press text names: the archive's participants and places, by any of their names, and those it does not know."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from events import dates, names, quoting
from events.models import Name, Participant, Place, Status, Tenure
from events.quoting import Mention

_MOST_NAMESAKES = 8
_MOST_ALIKE = 500  # names of one word, a common first name say, that an unknown name is compared with
_PERSON = Participant.Kind.PERSON
_LONGEST_BYLINE = 90  # characters: a longer line is a sentence that begins with "by"
_BYLINE = re.compile(r"\s*(?:par|by|von|автор|текст|müəllif|yazan|ავტორი|հեղինակ)\b[:՝]?\s", re.IGNORECASE)
_HONOURS = frozenset("m mme mm mr mrs ms monsieur madame herr frau sayın cənab господин госпожа г".split())


@dataclass
class Owner:
    """A participant or a place that the archive knows by a name found in the text."""

    id: int
    name: str
    kind: str
    country: str
    status: str
    is_place: bool


@dataclass(eq=False)
class Group:
    """The mentions of one that is named, and who it may be."""

    mentions: list[tuple[int, int]]
    name: str
    owner: Owner | None = None
    candidates: list[Owner] | None = None
    kind: str = _PERSON
    office: str = ""
    country: str = ""
    reason: str = ""
    is_place: bool = False


class Recognition:
    """What is named in `text`: `people` and `places`, each in the order of the text. Some five queries, whatever it holds.

    A full name that the archive lists, in any script and case, settles who is meant; a surname alone does where the text prints the
    full name, or the archive knows one person of it; an office alone does by the archive's offices on the day of publication.
    Where `ask` is False the archive is not asked, and everybody is new.
    """

    def __init__(self, text: str, language: str, published_on: str, ask: bool = True) -> None:
        self.text, self.language, self.published_on, self.ask = text, language, published_on, ask
        self.reading = quoting.read(text, language)
        self.words = self.reading.words
        self.lexicon = self.words.lexicon
        self.published = _first_day(published_on)
        self.days = dates.find(text, language, published_on)
        self.people: list[Group] = []
        self.places: list[Group] = []
        self.keys: dict[str, set[int]] = {}
        self.at: dict[int, Group] = {}  # by the place of a word
        self.groups: dict[tuple[bool, str], list[Group]] = {}
        self.met: dict[int, Group] = {}  # by the participant's number
        self._match_names()
        self._match_offices()
        self._name_the_unknown()
        for group in (*self.people, *self.places):
            group.mentions = sorted(set(group.mentions))
            if group.owner is None and group.candidates is None:
                group.name = self._plainest(group)
        self.people.sort(key=lambda group: group.mentions[0])
        self.places.sort(key=lambda group: group.mentions[0])

    def namesakes(self, name: str) -> list[Owner]:
        """People of the archive whose names are close to a full name and share a word with it, the closest first."""
        key = names.fold(name)
        found: dict[int, tuple[float, Owner]] = {}
        for word in key.split():
            for folded, owner in self._people_by_word.get(word, [])[:_MOST_ALIKE]:
                alike = names.similarity(key, folded)
                if alike >= max(names.SIMILAR, found.get(owner.id, (0.0,))[0]):
                    found[owner.id] = alike, owner
        return [owner for _alike, owner in sorted(found.values(), key=lambda pair: (-pair[0], pair[1].id))]

    @cached_property
    def _people_by_word(self) -> dict[str, list[tuple[str, Owner]]]:
        found: dict[str, list[tuple[str, Owner]]] = {}
        for folded, owner in self.rows:
            if owner.kind == _PERSON and not owner.is_place:
                for word in folded.split():
                    found.setdefault(word, []).append((folded, owner))
        return found

    def group_of(self, mention: Mention | None, who: Mention | None) -> Group | None:
        """Whom the archive takes a mention for: by its office on the day, else by the name behind it."""
        for one in (mention, who):
            group = self._group_at(one.start, one.end) if one is not None else None
            if group is not None and not group.is_place:
                return group
        return None

    def _match_names(self) -> None:
        self._index()
        rows = self.rows
        taken: dict[int, tuple[int, int]] = {}
        full: dict[tuple[int, int], dict[tuple[bool, int], Owner]] = {}
        for folded, owner in rows:
            parts = folded.split()
            if not all(part in self.keys for part in parts):
                continue
            for first in self.keys.get(parts[0], ()):
                last = first + len(parts) - 1
                single = first == last and self._cased and not self.words.words[first].is_capital
                if (
                    not single
                    and last < len(self.words.words)
                    and all(self._has_key(first + n, part) for n, part in enumerate(parts[1:], 1))
                ):
                    full.setdefault((first, last), {})[owner.is_place, owner.id] = owner
        for (first, last), owners in sorted(
            full.items(), key=lambda pair: (pair[0][0] - pair[0][1], pair[0][0])
        ):
            if any(place in taken for place in range(first, last + 1)):
                continue
            for place in range(first, last + 1):
                taken[place] = (first, last)
            self._meet(first, last, list(owners.values()))
        self._match_surnames(rows, taken)

    def _index(self) -> None:
        """The folded forms that each word may have, by the words of the text that a name can begin or hold."""
        cased = self._cased
        for place, word in enumerate(self.words.words):
            if len(word.text) < 2 or (cased and not word.is_capital and not self._beside_capital(place)):
                continue
            for base in self.lexicon.bases(word.lower):
                key = names.fold(base)
                if key and " " not in key:
                    self.keys.setdefault(key, set()).add(place)

    @cached_property
    def _cased(self) -> bool:
        """Whether the text's script has capitals."""
        return any(word.is_capital for word in self.words.words)

    def _beside_capital(self, place: int) -> bool:
        words = self.words.words
        return any(
            0 <= near < len(words) and words[near].is_capital
            for near in (place - 2, place - 1, place + 1, place + 2)
        )

    def _has_key(self, place: int, key: str) -> bool:
        return place in self.keys.get(key, ())

    @cached_property
    def rows(self) -> list[tuple[str, Owner]]:
        """The names of the archive of which a word stands in the text, each once for its owner. Three queries."""
        wanted = [
            key
            for key, places in self.keys.items()
            if any(self.words.words[place].is_capital or not self.words.kinds[place] for place in places)
        ]
        if not wanted or not self.ask:
            return []
        rows = Name.objects.holding(wanted).values_list("folded", "participant", "place")
        found = {
            (folded, participant is None, participant or place)
            for folded, participant, place in rows
            if folded
        }
        owners = {
            (is_place, owner.id): owner
            for is_place, model in ((False, Participant), (True, Place))
            for owner in _owners(
                model, [number for _folded, of_place, number in found if of_place == is_place]
            )
        }
        return [
            (folded, owners[is_place, number])
            for folded, is_place, number in sorted(found)
            if (is_place, number) in owners
        ]

    def _meet(self, first: int, last: int, owners: list[Owner]) -> None:
        """A full name stands here: of a state and its country, the place is meant unless it speaks."""
        start, end = self.words.words[first].start, self.words.words[last].end
        participants = [owner for owner in owners if not owner.is_place]
        places = [owner for owner in owners if owner.is_place]
        speaks = first in self._speaking
        if places and not (
            participants and (speaks or participants[0].kind == Participant.Kind.ORGANISATION)
        ):
            self._add(self.places, start, end, places)
        elif participants and (speaks or any(owner.kind != Participant.Kind.STATE for owner in participants)):
            self._add(self.people, start, end, participants)

    @cached_property
    def _speaking(self) -> set[int]:
        """The places of the words that name a speaker."""
        speakers = [one.speaker for one in self.reading.quotations if one.speaker is not None]
        return {place for speaker in speakers for place in self.words.between(speaker.start, speaker.end)}

    def _add(self, groups: list[Group], start: int, end: int, owners: list[Owner], reason: str = "") -> None:
        owners = sorted(owners, key=lambda owner: owner.id)
        key = groups is self.people, " ".join(str(owner.id) for owner in owners)
        if key not in self.groups:
            group = Group([], self.text[start:end], is_place=groups is self.places)
            if len(owners) == 1:
                group.owner, group.name = owners[0], owners[0].name
                group.kind, group.country = owners[0].kind, owners[0].country
                group.reason = reason or _("The archive knows this name.")
                if not group.is_place:
                    self.met[owners[0].id] = group
            else:
                group.candidates = owners
                group.reason = _("The archive knows several of this name.")
            groups.append(group)
            self.groups[key] = [group]
        self._note(self.groups[key][0], start, end)

    def _note(self, group: Group, start: int, end: int) -> None:
        """One more mention of somebody."""
        group.mentions.append((start, end))
        for place in self.words.between(start, end):
            self.at[place] = group

    def _match_surnames(self, rows: list[tuple[str, Owner]], taken: dict[int, tuple[int, int]]) -> None:
        """Names that are printed without the first name, or with another spelling of it than the archive lists."""
        by_surname: dict[str, dict[int, tuple[str, Owner]]] = {}
        for folded, owner in rows:
            if not owner.is_place and owner.kind == _PERSON and len(folded.split()[-1]) > 2:
                by_surname.setdefault(folded.split()[-1], {}).setdefault(owner.id, (folded, owner))
        for mention in self.words.mentions:
            if mention.kind != "name":
                continue
            last = mention.last
            while last > mention.first and self.words.words[last].end > mention.end:
                last -= 1
            if last in taken:
                continue
            held = {
                number: pair
                for base in self.lexicon.bases(self.words.words[last].lower)
                for number, pair in by_surname.get(names.fold(base), {}).items()
            }
            if held:
                self._settle_surname(mention, list(held.values()))

    def _settle_surname(self, mention: Mention, held: list[tuple[str, Owner]]) -> None:
        if len(mention.text.split()) > 1:
            key = names.fold(mention.text)
            alike = [
                owner
                for folded, owner in held
                if names.similarity(key, folded) >= names.SIMILAR or _initials(mention.text, folded)
            ]
            if alike:
                self._add(
                    self.people,
                    mention.start,
                    mention.end,
                    alike,
                    _("The archive knows this name in another spelling."),
                )
            return
        met = [self.met[owner.id] for _folded, owner in held if owner.id in self.met]
        if len(met) == 1 and met[0].owner:
            self._add(self.people, mention.start, mention.end, [met[0].owner])
            return
        owners = [group.owner for group in met if group.owner] or [owner for _folded, owner in held]
        printed_full = self.reading.full_name(mention)
        if not met and printed_full is not None and printed_full.text != mention.text:
            return  # somebody else of this surname, whose full name the text prints
        if len(owners) > 1 and mention.office:
            fitting = self._holders(mention.office, mention.country)
            owners = [owner for owner in owners if owner.id in fitting] or owners
        self._add(self.people, mention.start, mention.end, owners)

    def _holders(self, office: str, country: str) -> dict[int, Owner]:
        """Who held the office that a phrase names, on the day of publication, by the archive's tenures."""
        role = self.lexicon.role(office)
        if not role or not country or self.published is None or not self.ask:
            return {}
        return self._tenures.get((role, country), {})

    @cached_property
    def _tenures(self) -> dict[tuple[str, str], dict[int, Owner]]:
        """By office and country: those in office on the day of publication. One query."""
        english = quoting.lexicon.of("en")
        held: dict[tuple[str, str], dict[int, Owner]] = {}
        rows = (
            Tenure.objects.filter(period_range__contains=self.published, person__merged_into=None)
            .exclude(person__status=Status.WITHDRAWN)
            .values_list(
                "title",
                "on_behalf_of__country",
                "person",
                "person__name",
                "person__kind",
                "person__country",
                "person__status",
            )
        )
        for title, of, number, name, kind, country, status in rows:
            key = english.role(title), of or country
            held.setdefault(key, {})[number] = Owner(number, name, kind, country, status, False)
        return held

    def _match_offices(self) -> None:
        """ "Le ministre russe des Affaires étrangères": whoever held the office on the day, by the archive."""
        for mention in self._speaking_offices():
            holders = list(self._holders(mention.text, mention.country).values())
            if len(holders) == 1 and self._group_at(mention.start, mention.end) is None:
                reason = _("Held this office on %s, by the archive’s record of offices.") % self.published_on
                self._add(self.people, mention.start, mention.end, holders, reason)

    def _speaking_offices(self) -> Iterable[Mention]:
        seen = set()
        for quotation in self.reading.quotations:
            for mention in (quotation.speaker, quotation.reporter):
                if mention is not None and mention.kind == "office" and mention.start not in seen:
                    seen.add(mention.start)
                    yield mention

    def _name_the_unknown(self) -> None:
        speakers = {one.who.start for one in self.reading.quotations if one.who is not None}
        for mention in self.words.mentions:
            if mention.kind != "name" or self._group_at(mention.start, mention.end) is not None:
                continue
            if self._is_byline(mention) or self._is_marked(mention):
                continue
            person = self._looks_like_person(mention, mention.start in speakers)
            full = self.reading.full_name(mention)
            known = (
                self._group_at(full.start, full.end)
                if full is not None and full.start != mention.start
                else None
            )
            if known is not None:
                self._note(known, mention.start, mention.end)
            elif person:
                self._add_unknown(self.people, mention)
            elif self._is_located(mention):
                self._add_unknown(self.places, mention)

    def _add_unknown(self, groups: list[Group], mention: Mention) -> None:
        key = groups is self.people, f"?{self.reading.surname(mention)}"
        alike = self.groups.setdefault(key, [])
        group = next(
            (one for one in alike[-_MOST_NAMESAKES:] if self._same_name(one.name, mention.text)), None
        )
        if group is None:
            group = Group([], mention.text, is_place=groups is self.places)
            unknown = (
                _("The archive knows nobody of this name.")
                if groups is self.people
                else _("The archive knows no place of this name.")
            )
            group.reason = unknown
            groups.append(group)
            alike.append(group)
        group.office = group.office or mention.office
        group.country = group.country or mention.country
        self._note(group, mention.start, mention.end)

    def _plainest(self, group: Group) -> str:
        """The fullest of the printed forms, and of these the shortest, which has the least of a case."""
        printed = {self.text[start:end] for start, end in group.mentions} | {group.name}
        return min(printed, key=lambda form: (-len(form.split()), len(form), form))

    def _same_name(self, name: str, other: str) -> bool:
        if len(other.split()) == 1 or len(name.split()) == 1:
            return self.lexicon.stem(name.split()[-1].lower()) == self.lexicon.stem(other.split()[-1].lower())
        return names.similarity(names.fold(name), names.fold(other)) >= names.SIMILAR

    def _group_at(self, start: int, end: int) -> Group | None:
        return next((self.at[place] for place in self.words.between(start, end) if place in self.at), None)

    def _is_byline(self, mention: Mention) -> bool:
        first = self.text.rfind("\n", max(mention.start - _LONGEST_BYLINE, 0), mention.start) + 1
        if not first and mention.start > _LONGEST_BYLINE:
            return False
        line = self.text[first : first + _LONGEST_BYLINE].partition("\n")[0]
        return len(line) < _LONGEST_BYLINE and _BYLINE.match(line) is not None

    def _is_marked(self, mention: Mention) -> bool:
        """Within a title in quotation marks."""
        return mention.first in self._in_titles

    @cached_property
    def _in_titles(self) -> set[int]:
        """The places of the words between marks that quote nobody."""
        quoted = {(one.start, one.end) for one in self.reading.quotations}
        titles = [span for span in self.reading.spans if (span.start, span.end) not in quoted]
        return {
            place
            for span in titles
            for place in self.words.between(span.start, min(span.end, span.start + 400))
        }

    def _looks_like_person(self, mention: Mention, speaks: bool) -> bool:
        parts = mention.text.split()
        if mention.country and not mention.office:
            return False
        if any(self.lexicon.country(part.lower()) for part in parts) or mention.text.isupper():
            return False
        if mention.office:
            return True
        before = (
            self.words.words[mention.first - 1].lower
            if mention.first and not self.words.is_stop(mention.first)
            else ""
        )
        honoured = before in _HONOURS
        if (
            self.words.is_(mention.first - 1, "determiners", "contracted", "adjectives", "naming")
            and before
            and not honoured
        ):
            return False
        if len(parts) == 1:
            return honoured or (speaks and not self._is_located(mention))
        return len(parts) <= 4 and not any(
            part.lower() in ("du", "des", "of", "the", "et", "and", "und", "и") for part in parts
        )

    def _is_located(self, mention: Mention) -> bool:
        """Behind a preposition of place: "à Bakou", "in Baku", "в Баку"."""
        before = self.words.words[mention.first - 1].lower if mention.first else ""
        located = {"fr": ("à", "en"), "en": ("in", "at"), "ru": ("в", "во"), "de": ("in", "nach")}.get(
            self.language.partition("-")[0], ()
        )
        return before in located and not mention.office


def _owners(model: type[Participant] | type[Place], numbers: list[int]) -> Iterable[Owner]:
    """Those of the records that may be meant: drafts too, but none that was withdrawn or merged into another. One query."""
    usable = model.objects.filter(pk__in=numbers, merged_into=None).exclude(status=Status.WITHDRAWN)
    for number, name, kind, country, status in usable.values_list("pk", "name", "kind", "country", "status"):
        yield Owner(number, name, kind, country, status, model is Place)


def _first_day(published_on: str) -> date | None:
    try:
        return dates.parse(published_on).range[0] if published_on else None
    except dates.DateError:
        return None


def _initials(printed: str, folded: str) -> bool:
    """Whether "S. Lavrov" may be the folded name: its first letters begin the name's words."""
    first, *_rest = printed.split()
    return len(first.rstrip(".")) == 1 and names.fold(first.rstrip("."))[:1] == folded[:1]
