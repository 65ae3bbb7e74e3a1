"""What a search box offers while somebody types: public participants, places and topics by the beginning of a name, in any script."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import codes, names
from events.models import Participant, Place
from events.models.databases import to_read
from events.reading import search

MOST = 8
NOUNS = ("participant", "place", "topic")
# One letter begins too many names for the first eight of them to be worth anything.
SHORTEST = 2
# Beyond so many names that begin alike more letters help the reader, and what they would cost helps nobody.
MET = 400
# Of the names that fit, so many, the shortest first, are weighed by how much the archive tells of them, up to so many records each.
WEIGHED, HEAVIEST = 60, 20


@dataclass(frozen=True)
class Suggestion:
    """A record that somebody may mean. `matched` is the name that was found, where it is not the label; `note` tells it from others."""

    noun: str
    number: int
    label: str
    matched: str
    note: str
    address: str


def suggest(text: str, nouns: Iterable[str] = NOUNS) -> list[Suggestion]:
    """At most eight: names with all the words that were typed, then those of which a word begins so, then those that sound like it;
    among these the records that the archive tells most of. Nothing for what holds fewer than two letters, or no name could hold.

    One query, by the indexes of `Name.folded`; what begins very many names costs no more than what begins some.
    """
    keys = _keys(text)
    wanted = [noun for noun in NOUNS if noun in set(nouns)]
    if not keys or not wanted or len(text) > search.LONGEST_QUERY:
        return []
    parameters: dict[str, Any] = {
        "key": keys[0],
        "similar": names.SIMILAR,
        "words": keys[0].split(),
        "met": MET,
        "weighed": WEIGHED,
        "heaviest": HEAVIEST,
        "most": MOST,
    }
    for place, key in enumerate(keys):
        parameters |= {f"begin{place}": f"{key}%", f"inside{place}": f"% {key}%"}
    # Of several names of one record the one in the letters that were typed is told.
    parameters["typed"] = text.strip()
    label = names.sort_key(text)
    parameters |= {"begin_label": f"{label}%", "inside_label": f"% {label}%", "whole_label": f"% {label} %"}
    with to_read().cursor() as cursor:
        cursor.execute(_query(wanted, len(keys)), parameters)
        return [_suggestion(*row) for row in cursor.fetchall()]


def _keys(text: str) -> list[str]:
    """The folded text as a whole name would have it, and what the names begin with that it may be the beginning of."""
    key = names.fold(text)
    # The end of a word is folded as such (Davud: tavut). A letter that joins with none before it makes it the middle of one.
    inside = names.fold(text.rstrip() + "m")
    if not key.endswith("m"):
        inside = inside.removesuffix("m")
    # An i is not heard before a vowel (Али, Алиев: ali, alav).
    keys = [key, inside, inside.removesuffix("i")]
    return [one for one in dict.fromkeys(keys) if len(one.replace(" ", "")) >= SHORTEST]


PUBLIC = "owner.status = 'published' and owner.merged_into_id is null"


def _query(nouns: list[str], keys: int) -> str:
    fits = " or ".join(f"folded like %(begin{n})s or folded like %(inside{n})s" for n in range(keys))
    owners = [noun for noun in nouns if noun != "topic"]
    owned = " or ".join(f"{noun}_id is not null" for noun in owners)
    parts, before = [], ""
    if owners:
        before = f"""
            with whole as (
                select participant_id, place_id, text, folded, 0 as tier from events_name
                where string_to_array(folded, ' ') @> %(words)s and ({owned}) limit %(met)s
            ), begun as (
                select participant_id, place_id, text, folded, 1 as tier from events_name
                where ({fits}) and ({owned}) limit %(met)s
            ), near as (
                select participant_id, place_id, text, folded, 2 as tier from events_name
                where (select count(*) from (select from begun limit %(most)s) enough) < %(most)s
                    and %(key)s <<%% folded and strict_word_similarity(%(key)s, folded) >= %(similar)s and ({owned})
            ), fitting as (
                select * from (table whole union all table begun union all table near) found order by tier, length(folded), folded limit %(weighed)s
            ), weighed as (
                select distinct on (participant_id, place_id) * from fitting
                order by participant_id, place_id, tier, strpos(lower(text), lower(%(typed)s)) > 0 desc, length(folded)
            ), told as ("""
        parts = [OWNED[noun] for noun in owners]
    else:
        before = "with told as ("
    if "topic" in nouns:
        parts.append(TOPICS)
    return (
        f"{before}{' union all '.join(parts)} order by tier, used desc, length, label, id limit %(most)s)"
        f" select noun, id, label, matched, kind, country, ({NOTES}) as more from told order by tier, used desc, length, label, id"
    )


def _owned(noun: str, used: str) -> str:
    return f"""
        select '{noun}' as noun, owner.id, owner.name as label, weighed.text as matched, owner.kind, owner.country, tier,
            (select count(*) from (select from {used} = owner.id limit %(heaviest)s) records) as used, length(folded) as length
        from weighed join events_{noun} owner on owner.id = weighed.{noun}_id and {PUBLIC}"""


OWNED = {
    "participant": _owned("participant", "events_attendance where participant_id"),
    "place": _owned("place", "events_meeting where place_id"),
}
TOPICS = f"""
    select 'topic' as noun, owner.id, owner.label as label, owner.label as matched, '' as kind, '' as country,
        case when ' ' || sort_key || ' ' like %(whole_label)s then 0 else 1 end as tier,
        (select count(*) from (select from events_meeting_topics where topic_id = owner.id limit %(heaviest)s) records) as used,
        length(sort_key) as length
    from events_topic owner where (sort_key like %(begin_label)s or sort_key like %(inside_label)s) and {PUBLIC}"""
# What a participant is, where a place lies, what a topic is a part of.
NOTES = """
    case noun
    when 'participant' then (select title from events_tenure where person_id = told.id order by period_range desc nulls last, id limit 1)
    when 'place' then (select above.name from events_place place join events_place above on above.id = place.parent_id
        and above.status = 'published' and above.merged_into_id is null where place.id = told.id)
    else (select above.label from events_topic topic join events_topic above on above.id = topic.broader_id
        and above.status = 'published' and above.merged_into_id is null where topic.id = told.id) end"""


def _suggestion(
    noun: str, number: int, label: str, matched: str, kind: str, country: str, more: str | None
) -> Suggestion:
    land = codes.country_name(country, get_language() or "en") if country else ""
    if noun == "participant":
        note = more or ("" if kind == Participant.Kind.PERSON else str(Participant.Kind(kind).label))
        parts = [note, "" if kind == Participant.Kind.STATE else land]
    elif noun == "place":
        parts = [str(Place.Kind(kind).label), more or ("" if kind == Place.Kind.COUNTRY else land)]
    else:
        parts = [_("Topic"), more or ""]
    return Suggestion(
        noun=noun,
        number=number,
        label=label,
        matched="" if matched == label else matched,
        note=", ".join(filter(None, parts)),
        address=f"/{noun}s/{number}/{names.slug(label)}/",
    )
