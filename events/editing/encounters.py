"""Meetings that a press text reports: what kind, who, when and where, read from its sentences. Pure: nothing is looked up."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from events.dates import DateMention, is_weekday

# Beginnings of words that tell an encounter, by language and kind; each must begin a word.
_WORDS = {
    "fr": {
        "call": r"téléphon\w+|visioconférence|appel téléphonique",
        "visit": r"visites?|(?:en )?déplacement|tournée|séjour",
        "summit": r"sommets?",
        "talks": r"rencontr\w+|entretiens?|entreten\w+|pourparlers|négociations|reçue?s? (?:par|à|mardi|lundi|mercredi|jeudi|vendredi)|a reçu|reçoit|s.est entretenue?|discussions|tête-à-tête",
        "signing": r"sign(?:é|ée|és|ées|ent|ature|er)|conclus? entre|paraph\w+",
        "conference": r"(?<!en )conférences?(?! de presse)|colloque",
    },
    "en": {
        "call": r"phone call|telephone|by phone|video call|videoconference",
        "visit": r"visit(?:s|ed|ing)?|trip to|arriv(?:ed|es) in|tour of",
        "summit": r"summits?",
        "talks": r"met|meets?|meetings?|talks|negotiations|received|hosted|face-to-face|spoke (?:with|to)",
        "signing": r"sign(?:ed|ing|s|ature)|initialled|initialed",
        "conference": r"(?<!press )(?<!news )conferences?",
    },
    "ru": {
        "call": r"телефонн\w+|по телефону|видеосвяз\w+|созвонил\w+",
        "visit": r"визит\w*|поездк\w+|прибыл\w*|посетил\w*",
        "summit": r"саммит\w*",
        "talks": r"встретил\w+|встреч[аеуи]\w*|переговор\w+|принял\w*|бесед\w+|консультаци\w+",
        "signing": r"подписа\w+|парафир\w+",
        "conference": r"(?<!пресс-)конференци\w+",
    },
    "de": {
        "call": r"telefon\w+|videokonferenz\w*",
        "visit": r"\w*besuch\w*|reise nach|traf in \w+ ein",
        "summit": r"\w*gipfel\w*",
        "talks": r"traf|trafen|treffen|getroffen|gespräche?n?|verhandlung\w+|empfing",
        "signing": r"unterzeichn\w+|paraphier\w+",
        "conference": r"(?!pressekonferenz)\w*konferenz\w*",
    },
    "tr": {
        "call": r"telefon\w*|video konferans\w*",
        "visit": r"ziyaret\w*",
        "summit": r"zirve\w*",
        "talks": r"görüş(?:tü|me|mede|mesi|meler)\w*|bir araya gel\w+|kabul etti|müzakere\w*",
        "signing": r"imzala\w+|imza töreni",
        "conference": r"konferans\w*",
    },
    "az": {
        "call": r"telefon\w*|videobağlantı\w*",
        "visit": r"səfər\w*",
        "summit": r"sammit\w*|zirvə\w*",
        "talks": r"görüş(?:üb|dü|ü|də|ün|lər)?\w*|danışıq\w*|qəbul ed\w+",
        "signing": r"imzala\w+|imzalan\w+",
        "conference": r"konfrans\w*",
    },
    "hy": {
        "call": r"հեռախոս\w+|տեսակապ\w*",
        "visit": r"այց\w*",
        "summit": r"գագաթնաժողով\w*",
        "talks": r"հանդիպ\w+|բանակցութ\w+|ընդուն\w+ է|խորհրդակց\w+",
        "signing": r"ստորագր\w+|նախաստորագր\w+",
        "conference": r"համաժողով\w*|կոնֆերանս\w*",
    },
    "ka": {
        "call": r"სატელეფონო|ტელეფონით|ვიდეო\w*",
        "visit": r"ვიზიტ\w*|ეწვია|სტუმრ\w+",
        "summit": r"სამიტ\w*",
        "talks": r"შეხვედრ\w+|შეხვდ\w+|მოლაპარაკებ\w+|მიიღო",
        "signing": r"ხელ\w* მოაწერ\w+|ხელმოწერ\w+|ხელი მოეწერ\w+",
        "conference": r"კონფერენცი\w+",
    },
}  # fmt: skip
_FUTURE = {
    "fr": r"prévue?s?|devrai\w+|se rendra|rencontrera|participera|aura lieu|auront lieu|doit|doivent|attendue?s?|prochaine?|recevra|s.entretiendra|tiendront|tiendra",
    "en": r"will|is due|are due|expected|scheduled|plans? to|is to|are to|upcoming|set to",
    "ru": r"состоится|состоятся|планиру\w+|будет|будут|ожида\w+|намерен\w*|предстоящ\w+|встретится|прибудет",
    "de": r"soll|sollen|wird|werden|geplant|erwartet",
    "tr": r"\w+(?:ecek|acak)\w*|planlan\w+|bekleniyor",
    "az": r"\w+(?:əcək|acaq)\w*|planlaşdır\w+|gözlənil\w+",
    "hy": r"կ\w+վի|կհանդիպ\w+|նախատես\w+|սպասվում",
    "ka": r"დაგეგმ\w+|იქნება|გაიმართება|შეხვდება",
}  # fmt: skip
_DAYS = {
    "fr": r"(deux|trois|quatre|cinq|\d) jours", "en": r"(two|three|four|five|\d)[- ]days?", "ru": r"(двух|трех|трёх|четырех|пяти|два|три|\d+)-?\s?дн\w+",
    "de": r"(zwei|drei|vier|fünf)tägig\w*", "tr": r"(iki|üç|dört|beş) gün", "az": r"(iki|üç|dörd|beş) gün", "hy": r"(երկ|եռ)օրյա", "ka": r"(ორ|სამ)დღიან\w*",
}  # fmt: skip
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "",
            "",
            "deux two двух два zwei iki երկ ორ",
            "trois three трех трёх три drei üç եռ სამ",
            "quatre four четырех vier dört dörd",
            "cinq five пяти fünf beş",
        )
    )
    for word in words.split()
}
MOST = 100  # an article that tells of more is a list
_PLACE_REACH = 100  # characters between an encounter and the place where it was held
_PAIRED = ("talks", "call", "signing", "summit")


@dataclass(frozen=True)
class Named:
    """Somebody or some place that is named at [start, end): `number` is its place in the caller's list."""

    start: int
    end: int
    number: int
    is_subject: bool = True


@dataclass
class Encounter:
    """One meeting as the passage [start, end) of the text reports it."""

    start: int
    end: int
    kind: str
    people: list[int]
    place: int | None
    date: str
    announced: bool
    title: str = ""
    parent: int | None = None
    word: str = ""
    reasons: list[str] = field(default_factory=list)


def find(
    text: str,
    language: str,
    sentences: Sequence[tuple[int, int]],
    people: Sequence[Named],
    places: Sequence[Named],
    days: Sequence[DateMention],
    published: date | None,
    titles: Sequence[tuple[int, int]] = (),
) -> list[Encounter]:
    """The encounters of a text, parts after the visit or summit that they belong to. `sentences` are spans of the text outside of
    quoted words; `titles` the spans of names in quotation marks, which a conference may bear."""
    words = _WORDS.get(language.partition("-")[0])
    if words is None:
        return []
    reader = _Reader(text, language.partition("-")[0], people, places, days, published, titles)
    found: list[Encounter] = []
    for start, end in sentences:
        for encounter in reader.sentence(start, end):
            reader.merge(found, encounter)
        if len(found) >= MOST:
            break
    return reader.nested(found)


class _Reader:
    def __init__(
        self, text: str, language: str, people: Sequence[Named], places: Sequence[Named], days: Sequence[DateMention],
        published: date | None, titles: Sequence[tuple[int, int]],
    ) -> None:  # fmt: skip
        self.text, self.language = text, language
        self.people, self.places, self.days = people, places, days
        self.published, self.titles = published, titles
        self.words = {
            kind: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
            for kind, pattern in _WORDS[language].items()
        }
        self.future = re.compile(rf"(?<!\w)(?:{_FUTURE[language]})(?!\w)", re.IGNORECASE)
        self.length = re.compile(_DAYS[language], re.IGNORECASE)
        counted: dict[int, int] = {}
        for one in people:
            counted[one.number] = counted.get(one.number, 0) + 1
        self.main = max(counted, key=lambda number: (counted[number], -number), default=None)

    def sentence(self, start: int, end: int) -> list[Encounter]:
        """What one sentence tells. A visit needs one person, everything else two; a single one meets whom the text is about."""
        here = _within(self.people, start, end)
        found: list[Encounter] = []
        said = self.text[start:end]
        called = self.words["call"].search(said) is not None
        for kind, pattern in self.words.items():
            match = pattern.search(said)
            if match is None or kind == "call" or (called and kind == "visit"):
                continue
            kind = "call" if called and kind == "talks" else kind
            at = start + match.start()
            who = self._who(kind, here, at, end)
            if not who or (kind in _PAIRED and len(who) < 2):
                continue
            foretold = self.future.search(said) is not None
            day = self._day(start, end, at, kind, foretold)
            announced = foretold or self._is_future(day)
            place = self._place(start, end, at)
            encounter = Encounter(start, end, kind, who, place, day, announced, word=match[0])
            if kind == "conference":
                encounter.title = self._title(at + len(match[0]), end)
            found.append(encounter)
        return found

    def _who(self, kind: str, here: Sequence[Named], at: int, end: int) -> list[int]:
        if kind == "visit":
            whose = [
                one for one in here if 0 < one.start - at < 30 and not one.is_subject
            ]  # "visite de Sergeï Lavrov"
            visitors = whose or [one for one in here if one.is_subject] or here
            return [visitors[0].number] if visitors else []
        if kind == "conference":
            return list(dict.fromkeys(one.number for one in here if one.start < at))[-1:]
        if kind == "signing":
            behind = [one.number for one in here if one.start > at]
            before = [one.number for one in here if one.start < at]
            numbers = list(dict.fromkeys(behind if len(set(behind)) >= 2 else [*before, *behind]))
            return numbers
        numbers = list(dict.fromkeys(one.number for one in here))
        if len(numbers) == 1 and self.main is not None and self.main not in numbers:
            numbers.insert(0, self.main)
        return numbers

    def _day(self, start: int, end: int, at: int, kind: str, foretold: bool) -> str:
        near = sorted(_within(self.days, start, end), key=lambda day: abs(day.start - at))
        if not near:
            return ""
        chosen = near[0]
        weekday = is_weekday(chosen.text, self.language)
        if foretold and weekday and self.published and date.fromisoformat(chosen.edtf) < self.published:
            # "will meet on Friday": the next one, not the one that has passed.
            chosen = replace(chosen, edtf=(date.fromisoformat(chosen.edtf) + timedelta(days=7)).isoformat())
        length = self.length.search(self.text, start, end)
        if kind == "visit" and length is not None and re.fullmatch(r"\d{4}-\d\d-\d\d", chosen.edtf):
            number = _NUMBERS.get(length[1].lower(), int(length[1]) if length[1].isdigit() else 1)
            last = date.fromisoformat(chosen.edtf) + timedelta(days=number - 1)
            return f"{chosen.edtf}/{last.isoformat()}" if number > 1 else chosen.edtf
        return chosen.edtf

    def _is_future(self, day: str) -> bool:
        return bool(
            self.published
            and re.match(r"\d{4}-\d\d-\d\d", day)
            and date.fromisoformat(day[:10]) > self.published
        )

    def _place(self, start: int, end: int, at: int) -> int | None:
        near = sorted(_within(self.places, start, end), key=lambda one: abs(one.start - at))
        return near[0].number if near and abs(near[0].start - at) <= _PLACE_REACH else None

    def _title(self, at: int, end: int) -> str:
        return next(
            (
                self.text[first + 1 : last - 1].strip()
                for first, last in self.titles
                if at <= first < at + 40 and last <= end
            ),
            "",
        )

    def merge(self, found: list[Encounter], encounter: Encounter) -> None:
        """A later sentence about the same encounter adds what the first one left out."""
        for one in found:
            same_people = set(encounter.people) <= set(one.people) or set(one.people) <= set(encounter.people)
            same_day = (
                not one.date
                or not encounter.date
                or _near(one.date, encounter.date)
                or encounter.kind == "visit"
            )
            if (
                one.kind == encounter.kind
                and same_people
                and same_day
                and encounter.kind not in ("conference", "signing")
            ):
                one.date = one.date or encounter.date
                one.place = encounter.place if one.place is None else one.place
                one.announced = one.announced and encounter.announced
                return
        found.append(encounter)

    def nested(self, found: list[Encounter]) -> list[Encounter]:
        """Talks of a visitor on the days of the visit belong to it, and are held where it leads."""
        wholes = [number for number, one in enumerate(found) if one.kind in ("visit", "summit")]
        for number, one in enumerate(found):
            for whole in wholes:
                visit = found[whole]
                if (
                    whole == number
                    or one.kind in ("visit", "summit")
                    or not set(visit.people) & set(one.people)
                ):
                    continue
                if one.date and visit.date and not _near(one.date, visit.date):
                    continue
                if not one.date and one.kind == "signing":
                    continue
                found[number] = replace(
                    one, parent=whole, place=visit.place if one.place is None else one.place
                )
                break
        return found


def _within(ordered: Sequence[Any], start: int, end: int) -> Sequence[Any]:
    """Those that begin in [start, end), of some that are in the order of the text."""
    first = bisect_left(ordered, start, key=lambda one: one.start)
    return ordered[first : bisect_left(ordered, end, first, key=lambda one: one.start)]


def _near(a: str, b: str) -> bool:
    """Whether two EDTF days or spans of days overlap."""
    first, second = a.split("/"), b.split("/")
    return first[0] <= second[-1] and second[0] <= first[-1]
