"""The records of a generated archive, in the order in which they lead to each other: places, topics, participants, outlets, meetings,
agreements, and articles with their quotations. Nothing but numbers, names and days is kept in memory."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from events import models, names
from events.editing.generating import encounters, people, places, subjects
from events.editing.generating.chance import Chance, Draw
from events.editing.generating.days import Days
from events.editing.generating.places import COUNTRIES, country_name
from events.editing.generating.tables import Tables
from events.models import Meeting, Participant, Quotation

Tell = Callable[[str, int, int], None]  # what is made, how many of it are, and how many there will be

ALLIANCES = ("EU", "UN")  # act like states, and have neither ministries nor railways
NATIVE = {"AM": "hy", "AZ": "az", "GE": "ka", "RU": "ru"}  # the language of names, by country
LONGEST_HOST = 50  # characters; DNS allows 63 between two dots
OPENED = date(2019, 6, 3)  # the first record of the archive was made then
DRAFTS = 0.1  # of meetings, agreements, articles and quotations
FEW_DRAFTS = 0.04  # of what these lead to
MEETING_TOPICS = Meeting.topics.through
QUOTATION_TOPICS = Quotation.topics.through
AGREEMENT_TOPICS = models.Agreement.topics.through
PARTIES = models.Agreement.parties.through
MODELS = [
    models.Place, models.Topic, models.Participant, models.Name, models.Tenure, models.Outlet, models.Meeting, models.Attendance,
    MEETING_TOPICS, models.Agreement, PARTIES, AGREEMENT_TOPICS, models.Article, models.Coverage, models.Quotation, QUOTATION_TOPICS,
]  # fmt: skip

HEAVY = (models.Article, models.Quotation)  # with long texts, of which the database makes columns and checks


@dataclass(frozen=True)
class Size:
    """How many of each noun there are beside so many quotations; the small tables are whole from some ten thousand on."""

    quotations: int

    @property
    def articles(self) -> int:
        return max(1, self.quotations // 4)

    @property
    def meetings(self) -> int:
        return max(4, self.quotations // 10)

    @property
    def participants(self) -> int:
        return max(60, self.quotations // 50)

    @property
    def states(self) -> int:
        return min(len(COUNTRIES), self.participants // 5)

    @property
    def organisations(self) -> int:
        return min(self.participants // 10, len(COUNTRIES) * len(encounters.BODIES))

    @property
    def agreements(self) -> int:
        return max(3, self.quotations // 200)

    @property
    def outlets(self) -> int:
        return min(300, max(20, self.quotations // 300))

    @property
    def places(self) -> int:
        return max(80, self.quotations // 20)

    @property
    def topics(self) -> int:
        return max(30, self.quotations // 40)


@dataclass(frozen=True, eq=False)
class Known:
    """A participant that others lead to: its number, country and names by language."""

    number: int
    country: str
    spelt: dict[str, str]

    def called(self, language: str) -> str:
        return self.spelt.get(language) or self.spelt["en"]


@dataclass(frozen=True, eq=False)
class Encounter:
    """A meeting that articles report."""

    number: int
    day: date
    place: int
    persons: tuple[Known, ...]


class Records:
    """Makes all records up to the meetings; `articles.py` goes on from there."""

    def __init__(self, size: Size, seed: int, last: date, tables: Tables, tell: Tell) -> None:
        self.size, self.seed, self.last, self.tables, self.tell = size, seed, last, tables, tell
        self._chance = Chance(seed, "records")
        self._days = Days(Chance(seed, "days"), last)
        self.sites: list[places.Site] = []
        self.persons: list[Known] = []
        self.states: dict[str, Known] = {}
        self.organisations: list[Known] = []
        self.offices: dict[int, list[int]] = {}
        self.outlets: list[tuple[int, str, tuple[str, ...], bool]] = []
        self.encounters: list[Encounter] = []
        self.topics: Draw[tuple[int, str]]

    def make(self) -> None:
        self._places()
        self._topics()
        self._participants()
        self._outlets()
        self._meetings()
        self._agreements()

    def common(self, chance: Chance, day: date, drafts: float) -> dict[str, Any]:
        """The columns that every record has, for one about something of that day."""
        created = min(max(day, OPENED) + timedelta(chance.below(400) * chance.below(4)), self.last)
        share = chance.share()
        if share < drafts:
            status, reason = "draft" if share < drafts * 0.9 else "review", ""
        elif share > 0.99:
            status, reason = "withdrawn", chance.of(encounters.REASONS)
        else:
            status, reason = "published", ""
        made = _moment(chance, created)
        changed = max(made, _moment(chance, min(created + timedelta(chance.below(30)), self.last)))
        return {
            "status": status,
            "withdrawal_reason": reason,
            "created_at": made,
            "updated_at": changed,
            "published_at": changed if status in ("published", "withdrawn") else None,
        }

    def published(self, day: date) -> dict[str, Any]:
        return self.common(self._chance, day, 0) | {
            "status": "published",
            "withdrawal_reason": "",
        }

    # Each noun

    def _places(self) -> None:
        numbers: dict[str, int] = {}
        self.sites = places.places()[: self.size.places]
        for site in self.sites:
            is_country = site.kind == "country"
            common = self.published(OPENED) if is_country else self.common(self._chance, OPENED, FEW_DRAFTS)
            number = self.tables[models.Place].write(
                name=site.name,
                kind=site.kind,
                parent_id=numbers[site.parent] if site.parent else None,
                country=site.country,
                latitude=site.latitude,
                longitude=site.longitude,
                precision="city" if site.latitude else "",
                contested=site.contested,
                **common,
            )
            numbers[site.name] = number
            for language, text in site.spelt.items():
                kind = "official" if language == "en" else "exonym"
                self.tables[models.Name].write(
                    place_id=number, text=text, language=language, kind=kind, preferred=True
                )

    def _topics(self) -> None:
        numbers: dict[str, int] = {}
        found = []
        for label, broader in subjects.topics()[: self.size.topics]:
            common = self.common(self._chance, OPENED, FEW_DRAFTS) if broader else self.published(OPENED)
            number = self.tables[models.Topic].write(
                label=label, broader_id=numbers[broader] if broader else None, **common
            )
            numbers[label] = number
            found.append((number, label))
        self.topics = self._chance.popular(self._chance.shuffled(found))

    def _participants(self) -> None:
        for code in COUNTRIES[: self.size.states]:
            spelt = {language: country_name(code, language) for language in places.LANGUAGES}
            kind = "organisation" if code in ALLIANCES else "state"
            self.states[code] = self._participant(self.published(OPENED), kind, spelt["en"], code, spelt)
        bodies = [(body, code) for body in encounters.BODIES for code in self.states if code not in ALLIANCES]
        for body, code in bodies[: self.size.organisations]:
            name = f"{body} of {self.states[code].called('en')}"
            initials = "".join(word[0] for word in body.split() if word[0].isupper())
            spelt = {"en": name}
            known = self._participant(
                self.common(self._chance, OPENED, FEW_DRAFTS), "organisation", name, code, spelt
            )
            if len(initials) > 1:
                text = f"{initials} of {self.states[code].called('en')}"
                self.tables[models.Name].write(
                    participant_id=known.number, text=text, language="en", kind="alias"
                )
            self.organisations.append(known)
        count = self.size.participants - len(self.states) - len(self.organisations)
        for person in islice(people.people(Chance(self.seed, "people")), count):
            self._person(person)
        self.persons = self._chance.shuffled(self.persons)

    def _participant(
        self,
        common: dict[str, Any],
        kind: str,
        name: str,
        country: str,
        spelt: dict[str, str],
        sort_name: str = "",
    ) -> Known:
        number = self.tables[Participant].write(
            kind=kind, name=name, sort_name=sort_name or name, country=country, **common
        )
        for language, text in spelt.items():
            own = kind != "person" or language in ("en", NATIVE.get(country))
            self.tables[models.Name].write(
                participant_id=number,
                text=text,
                language=language,
                kind="official" if own else "transliteration",
                preferred=True,
            )
        return Known(number, country, spelt)

    def _person(self, person: people.Person) -> None:
        chance = self._chance
        native = NATIVE.get(person.country, "en")
        kept = {
            language: text
            for language, text in person.spelt.items()
            if language in ("en", native) or (language == "ru" or chance.happens(0.35))
        }
        common = self.common(chance, self._days.day(), FEW_DRAFTS)
        known = self._participant(common, "person", person.name, person.country, kept, person.sort_name)
        self.persons.append(Known(known.number, person.country, person.spelt))
        if person.name.endswith("yan") and chance.happens(0.4):
            self.tables[models.Name].write(
                participant_id=known.number, text=person.name[:-3] + "ian", language="en", kind="alias"
            )
        state = self.states.get(person.country)
        bodies = [one.number for one in self.organisations if one.country == person.country][:8]
        start = self._days.day()
        for _number in range(1 + chance.below(3)):
            end = min(start + timedelta(200 + chance.below(1500)), self.last)
            period = f"{start}/.." if end == self.last else f"{start}/{end}"
            tenure = self.tables[models.Tenure].write(
                person_id=known.number,
                title=chance.early(encounters.OFFICES),
                body_id=chance.early(bodies) if bodies and chance.happens(0.6) else None,
                on_behalf_of_id=state.number if state else None,
                period=period if chance.happens(0.9) else "",
                attested=chance.happens(0.2),
            )
            self.offices.setdefault(known.number, []).append(tenure)
            if end == self.last:
                break
            start = end

    def _outlets(self) -> None:
        chance = self._chance
        towns = [site for site in self.sites if site.kind == "city"]
        press = chance.among(encounters.PRESS, [share for _code, share, _languages in encounters.PRESS])
        ministries = chance.shuffled(self.organisations)
        hosts: set[str] = set()
        while len(self.outlets) < self.size.outlets:
            code, _share, languages = press.next()
            own = [site.name for site in towns if site.country == code] or [country_name(code)]
            body = ministries.pop() if ministries and chance.happens(0.12) else None
            paper = chance.of(encounters.PAPERS)
            name = f"Press office, {body.called('en')}" if body else f"{chance.early(own)} {paper}"
            host = f"{names.slug(name, LONGEST_HOST)}.example"
            if host in hosts:
                name, host = f"{name} {len(hosts)}", f"{names.slug(name, LONGEST_HOST)}-{len(hosts)}.example"
            hosts.add(host)
            number = self.tables[models.Outlet].write(
                name=name,
                kind="official" if body else "agency" if paper == "News Agency" else "news",
                country=body.country if body else code,
                speaks_for_id=body.number if body else None,
                host=host,
                **self.common(chance, OPENED, FEW_DRAFTS),
            )
            self.outlets.append((number, host, languages, body is not None))

    def _meetings(self) -> None:
        chance, size = self._chance, self.size.meetings
        kinds = chance.among(encounters.MEETINGS, [row[1] for row in encounters.MEETINGS])
        states = chance.among(
            [name for name, _share in encounters.STATES], [share for _name, share in encounters.STATES]
        )
        persons, others = (
            chance.popular(self.persons),
            chance.popular([*self.states.values(), *self.organisations]),
        )
        towns = [n for n, site in enumerate(self.sites, 1) if site.kind in ("city", "building")]
        where = chance.popular(chance.shuffled(towns))
        visits: list[Encounter] = []
        codes = list(self.states)[:5]
        for done in range(size):
            if done % 500 == 0:
                self.tell("meetings", done, size)
            kind, _share, called, form = kinds.next()
            attending = persons.several(2 + (chance.happens(0.4)) + chance.below(2) * chance.below(4))
            place = where.next()
            day = self._days.day()
            part_of = chance.of(visits) if visits and kind == "talks" and chance.happens(0.3) else None
            if part_of:
                day, place = part_of.day, part_of.place
            about = self.topics.several(1 + chance.below(3))
            x, y = (self.states[code].called("en") for code in chance.some(codes, 2))
            words = {
                "a": attending[0].called("en"),
                "b": attending[1].called("en"),
                "place": self.sites[place - 1].name,
                "topic": subjects.within(about[0][1]),
                "x": x,
                "y": y,
            }
            has_place = form == "in_person" and chance.happens(0.97)
            number = self.tables[Meeting].write(
                title=called.format(**words),
                kind=kind,
                held_on=self._days.printed(day),
                place_id=place if has_place else None,
                format=form if chance.happens(0.8) else "",
                parent_id=part_of.number if part_of else None,
                state=states.next(),
                summary=self._summary(chance, words) if chance.happens(0.8) else "",
                **self.common(chance, day, DRAFTS),
            )
            found = Encounter(number, day, place, tuple(attending))
            self.encounters.append(found)
            if kind == "visit":
                visits = [*visits[-50:], found]
            bodies = others.several(chance.below(3))
            self._attendances(chance, number, [*attending, *bodies])
            for topic, _label in about:
                self.tables[MEETING_TOPICS].write(meeting_id=number, topic_id=topic)
        self.tell("meetings", size, size)

    def _summary(self, chance: Chance, words: dict[str, str]) -> str:
        said = [text.format(**words) for text in chance.some(encounters.SUMMARIES, 2 + chance.below(2))]
        return " ".join(one[0].upper() + one[1:] for one in said)

    def _attendances(self, chance: Chance, meeting: int, attending: list[Known]) -> None:
        for position, one in enumerate(attending, 1):
            offices = self.offices.get(one.number)
            self.tables[models.Attendance].write(
                meeting_id=meeting,
                participant_id=one.number,
                role=chance.of(encounters.ROLES),
                tenure_id=chance.of(offices) if offices and chance.happens(0.05) else None,
                note="by video link" if chance.happens(0.02) else "",
                claimed_by_id=self.states["AZ"].number
                if chance.happens(0.01) and one.country != "AZ"
                else None,
                position=position,
            )

    def _agreements(self) -> None:
        chance = self._chance
        kinds = chance.among(encounters.AGREEMENTS, [row[1] for row in encounters.AGREEMENTS])
        states = chance.popular(list(self.states.values()))
        for _number in range(self.size.agreements):
            kind, _share, called = kinds.next()
            meeting = chance.of(self.encounters)
            about = self.topics.several(1 + chance.below(2))
            parties = states.several(2 + chance.below(2))
            title = called.format(
                topic=subjects.within(about[0][1]),
                x=parties[0].called("en"),
                y=parties[-1].called("en"),
                place=self.sites[meeting.place - 1].name,
            )
            number = self.tables[models.Agreement].write(
                title=title,
                kind=kind,
                signed_on=self._days.printed(meeting.day),
                meeting_id=meeting.number if chance.happens(0.8) else None,
                url=f"https://treaties.example/{meeting.number}" if chance.happens(0.6) else "",
                **self.common(chance, meeting.day, DRAFTS),
            )
            for party in parties:
                self.tables[PARTIES].write(agreement_id=number, participant_id=party.number)
            for topic, _label in about:
                self.tables[AGREEMENT_TOPICS].write(agreement_id=number, topic_id=topic)


def _moment(chance: Chance, day: date) -> str:
    seconds = 28_000 + chance.below(40_000)
    return f"{day} {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}+00"
