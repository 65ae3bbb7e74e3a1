"""Articles with their texts, the quotations in them and the meetings that they report."""

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from events import anchoring, models
from events.editing.generating import encounters, people
from events.editing.generating.chance import Chance
from events.editing.generating.days import Days
from events.editing.generating.phrases import PHRASES, Writer
from events.editing.generating.records import DRAFTS, QUOTATION_TOPICS, Encounter, Known, Records

LENGTHS = (0, 1, 1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 7, 8, 9)  # quotations of one article; four on average
KINDS = (("report", 70), ("readout", 16), ("interview", 9), ("transcript", 5))


@dataclass(frozen=True, eq=False)
class Said:
    """A quotation at its place in the text."""

    speaker: Known
    attribution: str
    form: str
    start: int
    end: int
    within: "Said | None" = None


class Articles:
    """Makes the articles, and with each all that rests on its text, so that no text is kept."""

    def __init__(self, records: Records) -> None:
        self._records, self._tables = records, records.tables
        chance = self._chance = Chance(records.seed, "articles")
        self._days = Days(Chance(records.seed, "days of articles"), records.last)
        self._outlets = chance.popular(chance.shuffled(records.outlets))
        self._speakers = chance.popular(records.persons)
        self._meetings = chance.popular(chance.shuffled(records.encounters), 0.6)
        self._kinds = chance.among([kind for kind, _share in KINDS], [share for _kind, share in KINDS])
        self._authors = [one.name for one in islice(people.people(Chance(records.seed, "authors")), 400)]
        # Articles tell of buildings by their town.
        known = {site.name: site for site in records.sites}
        where = [
            known[site.parent] if site.kind == "building" and site.parent else site for site in records.sites
        ]
        self._places = {
            language: [site.spelt.get(language) or site.name for site in where] for language in PHRASES
        }
        towns = {
            language: [
                called for called, site in zip(found, records.sites, strict=True) if site.kind == "city"
            ]
            for language, found in self._places.items()
        }
        self._writers = {
            language: Writer(phrases, Chance(records.seed, language), towns[language])
            for language, phrases in PHRASES.items()
        }
        self._latest: dict[str, int] = {}  # quotation by language, for variants

    def make(self) -> None:
        size, tables = self._records.size, self._tables
        for done in range(size.articles):
            if done % 250 == 0:
                self._records.tell("articles and quotations", tables[models.Quotation].count, size.quotations)
            left = size.quotations - tables[models.Quotation].count
            ahead = tables[models.Quotation].count - size.quotations * done // size.articles
            is_last = done == size.articles - 1
            wanted = left if is_last else max(0, min(left, self._chance.of(LENGTHS) - ahead // 50))
            self._article(wanted)
        self._records.tell("articles and quotations", size.quotations, size.quotations)

    def _article(self, wanted: int) -> None:
        chance = self._chance
        outlet, host, languages, is_official = self._outlets.next()
        language = chance.of(languages)
        writer = self._writers[language]
        meeting = self._meetings.next() if chance.happens(0.85) else None
        day = self._days.after(meeting.day, 3) if meeting else self._days.day()
        place = self._places[language][meeting.place - 1] if meeting else chance.of(self._places[language])
        one, other = self._pair(meeting)
        lede = writer.lede(one.called(language), other.called(language), place)
        text, found = self._text(writer, lede, wanted, meeting, language)
        rights = "full" if chance.happens(0.12) else "metadata" if chance.happens(0.13) else "excerpts"
        is_held = rights != "metadata" or chance.happens(0.3)
        number = self._tables[models.Article].write(
            outlet_id=outlet if chance.happens(0.97) else None,
            authors=self._byline(),
            title=writer.title(one.called(language), place)[:300],
            language=language,
            published_on=self._days.printed(day, 0.04),
            url=f"https://{host}/{language}/news/{self._tables[models.Article].count + 1}",
            text=text if is_held else "",
            rights=rights,
            kind="readout" if is_official else self._kinds.next(),
            derived_from_id=1 + chance.below(self._tables[models.Article].count)
            if self._tables[models.Article].count and chance.happens(0.05)
            else None,
            **self._records.common(chance, day, DRAFTS),
        )
        self._coverages(number, meeting, lede, text if is_held else "")
        written: dict[Said, int] = {}
        for said in found:
            within = written[said.within] if said.within else None
            written[said] = self._quotation(said, number, text, is_held, language, meeting, day, within)

    def _speaker(self, meeting: Encounter | None) -> Known:
        return (
            self._chance.of(meeting.persons)
            if meeting and self._chance.happens(0.6)
            else self._speakers.next()
        )

    def _pair(self, meeting: Encounter | None) -> list[Known]:
        """Two of whom the article tells."""
        if meeting and len(meeting.persons) > 1:
            return self._chance.some(meeting.persons, 2)
        return self._speakers.several(2)

    def _byline(self) -> str:
        count = self._chance.of((0, 1, 1, 1, 1, 1, 1, 2))
        return "{" + ",".join(f'"{name}"' for name in self._chance.some(self._authors, count)) + "}"

    def _text(
        self, writer: Writer, lede: str, wanted: int, meeting: Encounter | None, language: str
    ) -> tuple[str, list[Said]]:
        """A text with so many quotations, and these, an outer one before what lies in it."""
        chance = self._chance
        paragraphs = [f"{lede} {writer.report()}"]
        length = len(paragraphs[0]) + 1
        found: list[Said] = []
        while len(found) < wanted:
            speaker = self._speaker(meeting)
            attribution = writer.attribution(speaker.called(language))
            share = chance.share()
            start = length + len(attribution) + 1
            inner, other = "", speaker
            if share < 0.05:
                form, exact = "indirect", writer.clause()[:-1]
            elif share < 0.12:
                form, exact = "partial", writer.quoted(writer.fragment())
            else:
                form, words = "direct", writer.words(self._speakers.next().called(language))
                if share > 0.96 and wanted - len(found) > 1:
                    other = self._speaker(meeting)
                    told, inner = writer.told(other.called(language), writer.sentence())
                    words = f"{words} {told}"
                exact = writer.quoted(words)
            said = Said(speaker, attribution, form, start, start + len(exact))
            found.append(said)
            if inner:
                at = start + exact.rindex(inner)
                found.append(Said(other, attribution, "direct", at, at + len(inner), within=said))
            rest = writer.report() if chance.happens(0.3) else ""
            paragraphs.append(
                f"{attribution} {exact}{'' if form == 'direct' else writer.phrases.stop} {rest}".rstrip()
            )
            length += len(paragraphs[-1]) + 1
        paragraphs.append(" ".join(writer.report() for _number in range(1 + 2 * (wanted < 2))))
        return "\n".join(paragraphs), found

    def _coverages(self, article: int, meeting: Encounter | None, lede: str, text: str) -> None:
        if meeting is None:
            return
        chance = self._chance
        passage = _placed(text, 0, len(lede)) if text and chance.happens(0.6) else {}
        stance = "contradicts" if chance.happens(0.03) else "supports"
        self._tables[models.Coverage].write(
            article_id=article, meeting_id=meeting.number, stance=stance, **passage
        )
        if chance.happens(0.15):
            other = self._meetings.next()
            if other is not meeting:
                self._tables[models.Coverage].write(
                    article_id=article, meeting_id=other.number, stance="supports"
                )

    def _quotation(
        self,
        said: Said,
        article: int,
        text: str,
        is_held: bool,
        language: str,
        meeting: Encounter | None,
        day: date,
        within: int | None,
    ) -> int:
        chance, tables = self._chance, self._tables
        is_known = chance.happens(0.96)
        speaker = said.speaker.number if is_known else None
        reporter = said.within.speaker.number if said.within else None
        if said.within is None and chance.happens(0.03):
            reporter = self._speakers.next().number
        share = chance.share()
        rendering = "original" if share < 0.35 else "translation" if share < 0.5 else ""
        passage = _placed(text, said.start, said.end) if is_held else {"exact": text[said.start : said.end]}
        attribution = said.attribution.rstrip(" :,.\u00a0")
        spoken = day if meeting is None or chance.happens(0.2) else meeting.day
        number = tables[models.Quotation].write(
            article_id=article,
            speaker_id=speaker,
            attribution=attribution if speaker is None or chance.happens(0.7) else "",
            form=said.form,
            language=language,
            rendering=rendering,
            translated_by=chance.of(encounters.INTERPRETERS) if rendering == "translation" else "",
            within_id=within,
            variant_of_id=self._latest.get(language) if chance.happens(0.02) else None,
            reported_by_id=reporter if reporter != speaker else None,
            meeting_id=meeting.number if meeting and chance.happens(0.85) else None,
            said_on=self._days.printed(spoken, 0.06) if chance.happens(0.75) else "",
            **passage,
            **self._records.common(chance, day, DRAFTS),
        )
        self._latest[language] = number
        for topic, _label in self._records.topics.several(chance.of((0, 1, 1, 1, 2, 2))):
            tables[QUOTATION_TOPICS].write(quotation_id=number, topic_id=topic)
        return number


def _placed(text: str, start: int, end: int) -> dict[str, Any]:
    selector = anchoring.select(text, start, end)
    return {
        "start": selector.start,
        "end": selector.end,
        "exact": selector.exact,
        "prefix": selector.prefix,
        "suffix": selector.suffix,
    }
