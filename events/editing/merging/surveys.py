"""What is proposed about articles follows a merge: what editors decided moves, the rest is read anew."""

import re
from typing import Any

from events.editing.merging.rows import Row, key_of, read
from events.models import Article, Proposal, Survey

DECIDED = (Proposal.Decision.ACCEPTED, Proposal.Decision.DISMISSED)
# The numbers of records in the details of a proposal.
NUMBERS: dict[str, dict[str, tuple[str, ...]]] = {
    "participant": {
        Proposal.Noun.PARTICIPANT: ("id",),
        Proposal.Noun.QUOTATION: ("speaker_id", "reported_by_id"),
    },
    "place": {Proposal.Noun.PLACE: ("id",)},
    "meeting": {Proposal.Noun.MEETING: ("id",)},
}


def forget(planner: Any, articles: list[int]) -> None:
    """Let the texts of these articles be read again when somebody opens their proposals."""
    for row in read(Survey, ["article_id"], articles, planner.lock):
        planner.drop(Survey, row)
    for row in read(Proposal, ["article_id"], articles, planner.lock):
        if row["decision"] not in DECIDED:
            planner.drop(Proposal, row)


def move(planner: Any, kept: int, gone: int) -> None:
    """Move what was decided about an article to the other one, where its words stand there. What was decided there already holds."""
    text = planner.planned[Article._meta.label_lower, kept]["text"]
    places = {
        (row["noun"], row["start"], row["end"]): row["id"]
        for row in planner.rows(Proposal, ["article_id"], kept)
    }
    for row in planner.rows(Proposal, ["article_id"], gone):
        if not _find(planner, row, text):
            continue
        place = (row["noun"], row["start"], row["end"])
        if place in places:
            planner.drop(Proposal, row, places[place])
        else:
            row["article_id"] = kept


def _find(planner: Any, row: Row, text: str) -> bool:
    quotation = planner.planned.get(("events.quotation", row["quotation_id"]))
    if quotation is not None and quotation["start"] is not None:
        row["start"], row["end"], row["exact"] = quotation["start"], quotation["end"], quotation["exact"]
        return True
    places = [found.start() for found in re.finditer(re.escape(row["exact"]), text)]
    if not places:
        return False
    row["start"] = min(places, key=lambda place: abs(place - row["start"]))
    row["end"] = row["start"] + len(row["exact"])
    return True


def settle(planner: Any, row: Row, old: Row, target: Any) -> None:
    """A proposal whose record lives on in another one. It did not make that one, so taking it back must not delete it; and a quotation
    belongs to one proposal."""
    noun = target._meta.model_name
    row["made"] = [one for one in row["made"] if (one["model"], one["id"]) != (noun, old.get(f"{noun}_id"))]
    if noun == Proposal.Noun.QUOTATION and planner.rows(Proposal, ["quotation_id"], row["quotation_id"]):
        row["quotation_id"] = None


def rename(planner: Any, noun: str, kept: int, gone: int) -> None:
    """Let the details of proposals name the kept record, once. One query for each place where a number can stand."""
    for of, names in NUMBERS.get(noun, {}).items():
        named = [Proposal.objects.filter(noun=of, **{f"details__{name}": gone}) for name in names]
        if names == ("id",):
            named.append(Proposal.objects.filter(noun=of, details__candidates__contains=[{"id": gone}]))
        numbers = sorted({number for rows in named for number in rows.values_list("pk", flat=True)})
        for stored in read(Proposal, ["id"], numbers, planner.lock):
            row = planner.take(Proposal, stored)
            if key_of(Proposal, row) not in planner.folded:
                row["details"] = _renamed(planner, row, names, kept, gone)


def _renamed(planner: Any, row: Row, names: tuple[str, ...], kept: int, gone: int) -> dict[str, Any]:
    details = {**row["details"], **{name: kept for name in names if row["details"].get(name) == gone}}
    if candidates := details.get("candidates"):
        listed = {one["id"] for one in candidates}
        left = [one for one in candidates if one["id"] != gone or kept not in listed]
        details["candidates"] = [{**one, "id": kept} if one["id"] == gone else one for one in left]
        if len(left) < 2 and row["decision"] == Proposal.Decision.WAITING:
            # Nobody has to say any more which one is meant.
            for survey in read(Survey, ["article_id"], [row["article_id"]], planner.lock):
                planner.drop(Survey, survey)
    return details
