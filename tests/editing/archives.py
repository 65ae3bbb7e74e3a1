"""Small archives at random, and all that a database holds of them, row by row."""

import json
from random import Random
from typing import Any

from django.apps import apps
from django.db import connection, models

from events.models import (
    Agreement,
    Article,
    Attendance,
    Coverage,
    Meeting,
    Merge,
    Name,
    Outlet,
    Participant,
    Place,
    Proposal,
    Quotation,
    Survey,
    Tenure,
    Topic,
)
from events.models.base import Record
from tests import factories

# By whom and when a row was written last is not what it says.
OF_THE_WRITING = {"version", "updated_at", "updated_by_id"}
# The history grows with each undoing, and what looks alike is searched whenever somebody looks.
WORKED_OUT = ("change", "version", "invalidation", "edition", "candidatepair", "duplicatesearch")
NOUNS = {
    "participant": Participant,
    "place": Place,
    "topic": Topic,
    "meeting": Meeting,
    "agreement": Agreement,
    "outlet": Outlet,
    "article": Article,
}
WORDS = ["“Yes”", "“We agree”", "“Never before”", "“A border is a line”", "“Peace first”"]


def tables() -> list[Any]:
    """The models of the archive, with their relation tables."""
    found = apps.get_app_config("events").get_models(include_auto_created=True)
    return [model for model in found if model is not Merge and model._meta.managed and _is_kept(model)]


def _is_kept(model: Any) -> bool:
    return model._meta.model_name not in WORKED_OUT


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    found = {}
    for model in tables():
        with connection.cursor() as cursor:
            cursor.execute(f'select to_jsonb(one) from "{model._meta.db_table}" one')
            rows = [json.loads(row) for (row,) in cursor.fetchall()]
        for row in rows:
            for name in OF_THE_WRITING:
                row.pop(name, None)
        found[model._meta.label_lower] = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
    return found


def lives_on() -> dict[tuple[Any, int], int]:
    """Where each merged record leads in the end."""
    found = {}
    for model in [*NOUNS.values(), Quotation]:
        into = dict(model.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
        for number in into:
            end = into[number]
            while end in into:
                end = into[end]
            found[model, number] = end
    return found


def facts(leading: dict[tuple[Any, int], int]) -> set[Any]:
    """What the archive says of relations, each record by the one that it lives on in."""
    found: set[Any] = set()

    def end(field: Any, number: int | None) -> int | None:
        return leading.get((field.related_model, number), number) if number else None

    for model in tables():
        name, fields = model._meta.model_name, [one for one in model._meta.concrete_fields if one.is_relation]
        for row in model._base_manager.all():
            ends = {one.name: end(one, getattr(row, one.attname)) for one in fields}
            if model in (Attendance, Coverage) or model._meta.auto_created:
                pair = [value for key, value in sorted(ends.items()) if key not in ("tenure", "claimed_by")]
                found.add((name, *pair))
            elif model is Name:
                found.add((name, ends["participant"], ends["place"], row.language, row.text))
            elif model is Tenure:
                found.add((name, *sorted(ends.items(), key=str), row.title, row.period))
            elif isinstance(row, Record):
                if (model, row.pk) in leading or (model, row.pk) in leading.values():
                    continue  # its own columns are picked
                columns = {**ends, "reported_by": None}
                found.add(
                    (
                        name,
                        row.pk,
                        *(
                            (key, value)
                            for key, value in sorted(columns.items())
                            if key not in ("created_by", "updated_by")
                        ),
                    )
                )
    kept = {(model, number) for (model, _gone), number in leading.items()}
    return {
        fact
        for fact in found
        if not (len(fact) > 1 and fact[0] in NOUNS and (NOUNS[fact[0]], fact[1]) in kept)
        and not (fact[0] == "quotation" and (Quotation, fact[1]) in kept)
    }


def build(random: Random) -> None:
    """Two to four records of each noun, related at random."""

    def some(rows: list[Any], empty: float = 0.3) -> Any:
        return None if random.random() < empty else random.choice(rows)

    def status() -> str:
        return random.choice(["published"] * 5 + ["draft", "review"])

    people = [
        factories.ParticipantFactory(
            name=f"Person {n % 2} {n}",
            status=status(),
            country=random.choice(["", "AM", "GE"]),
            identifiers=random.sample(["https://a.example/1", "https://a.example/2"], random.randrange(3)),
            description=random.choice(["", "One.", "Other."]),
        )
        for n in range(4)
    ]
    places: list[Any] = []
    for n in range(4):
        where = random.choice([{}, {"latitude": "40.1776", "longitude": "44.5126", "precision": "exact"}])
        places.append(
            factories.PlaceFactory(
                name=f"Place {n}", parent=some(places, 0.3) if places else None, status=status(), **where
            )
        )
    topics: list[Any] = []
    for n in range(4):
        topics.append(
            factories.TopicFactory(
                label=f"Topic {n}", broader=some(topics, 0.3) if topics else None, status=status()
            )
        )
    for owner in [*people, *places]:
        for _ in range(random.randrange(3)):
            text, language = random.choice(["Ծ", "Б", "ب"]), random.choice(["hy", "ru"])
            noun = owner._meta.model_name
            if not Name.objects.filter(**{noun: owner}, language=language, text=text).exists():
                preferred = not Name.objects.filter(
                    **{noun: owner}, language=language, preferred=True
                ).exists()
                factories.NameFactory(
                    **{noun: owner}, text=text, language=language, preferred=preferred, used_by=some(people),
                    kind=random.choice(["official", "alias", "exonym"]),
                )  # fmt: skip
    tenures = [
        factories.TenureFactory(
            person=random.choice(people), title=random.choice(["Minister", "President"]), body=some(people, 0.5),
            on_behalf_of=some(people, 0.7), period=random.choice(["", "2020/.."]),
        )
        for _ in range(6)
    ]  # fmt: skip
    meetings: list[Any] = []
    for n in range(4):
        meeting = factories.MeetingFactory(
            title=f"Meeting {n}", place=some(places), parent=some(meetings, 0.4) if meetings else None, status=status(),
            held_on=random.choice(["", "2023-02-27", "2023-02"]),
        )  # fmt: skip
        meeting.topics.set(random.sample(topics, random.randrange(3)))
        meetings.append(meeting)
        for person in random.sample(people, random.randrange(4)):
            factories.AttendanceFactory(
                meeting=meeting, participant=person, role=random.choice(["", "host", "guest"]), claimed_by=some(people, 0.6),
                tenure=some([one for one in tenures if one.person_id == person.pk] or [None]),
                title=random.choice(["", "minister", "the guest"]),
            )  # fmt: skip
    outlets = [
        factories.OutletFactory(speaks_for=some(people), host=f"o{n}.example", status=status())
        for n in range(3)
    ]
    articles: list[Any] = []
    for n in range(4):
        body = " said one, then another.\n".join(WORDS[: random.choice([3, 5, 5, 5])])
        text = random.choice(
            ["", f"Updated.\n{body}, said {n}.", f"{body}, said {n}.", f"{body}, and no more: {n}."]
        )
        articles.append(
            factories.ArticleFactory(
                text=text,
                outlet=some(outlets),
                derived_from=some(articles, 0.5) if articles else None,
                status=status(),
                url=random.choice(["", f"https://o.example/{n}"]),
            )
        )
    quotations: list[Any] = []
    for article in articles:
        for meeting in random.sample(meetings, random.randrange(3)):
            coverage = Coverage(
                article=article, meeting=meeting, stance=random.choice(["supports", "contradicts"])
            )
            if random.random() < 0.5 and article.text:
                coverage.anchor(article.text, next(word for word in WORDS if word in article.text))
            coverage.save()
        listed = [word for word in WORDS if word in article.text or not article.text]
        for word in random.sample(listed, random.randrange(min(3, len(listed)) + 1)):
            quotation = factories.QuotationFactory(
                article=article, exact=word, speaker=some(people[:2]), attribution="said one", meeting=some(meetings),
                variant_of=some(quotations, 0.7) if quotations else None, status=status(),
            )  # fmt: skip
            reporter = some(people, 0.6)
            if reporter is not None and reporter.pk != quotation.speaker_id:
                quotation.reported_by = reporter
                quotation.save()
            quotation.topics.set(random.sample(topics, random.randrange(3)))
            quotations.append(quotation)
            if random.random() < 0.5:
                factories.SourceCheckFactory(quotation=quotation)
        if random.random() < 0.4:
            snapshot = factories.SnapshotFactory(article=article)
            factories.PageCheckFactory(article=article, snapshot=snapshot)
        _propose(random, article, people, meetings)
    for _ in range(3):
        agreement = factories.AgreementFactory(meeting=some(meetings), status=status())
        agreement.parties.set(random.sample(people, random.randrange(4)))
        agreement.topics.set(random.sample(topics, random.randrange(3)))


def _propose(random: Random, article: Any, people: list[Any], meetings: list[Any]) -> None:
    if not article.text or random.random() < 0.4:
        return
    Survey.objects.create(article=article, source_key="read")
    now = factories.datetime(2026, 1, 2, tzinfo=factories.UTC)
    for quotation in article.quotations.all():
        person = random.choice(people)
        decision = random.choice(["waiting", "accepted", "recorded", "dismissed"])
        decided = decision in ("accepted", "dismissed")
        Proposal.objects.create(
            article=article,
            noun="quotation",
            start=quotation.start,
            end=quotation.end,
            exact=quotation.exact,
            decision=decision,
            decided_at=now if decided else None,
            quotation=quotation if decision in ("accepted", "recorded") else None,
            details={"speaker_id": person.pk, "reported_by_id": None},
            made=[{"model": "quotation", "id": quotation.pk, "version": 1}] if decision == "accepted" else [],
        )
    for noun, rows in (("participant", people), ("meeting", meetings)):
        one, other = random.sample(rows, 2)
        decision = random.choice(["waiting", "accepted", "recorded"])
        Proposal.objects.create(
            article=article,
            noun=noun,
            start=0,
            end=3,
            exact=article.text[:3],
            decision=decision,
            decided_at=now if decision == "accepted" else None,
            details={"id": one.pk}
            if random.random() < 0.5
            else {"id": None, "candidates": [{"id": one.pk, "name": "1"}, {"id": other.pk, "name": "2"}]},
            made=[{"model": noun, "id": one.pk, "version": 1}] if decision == "accepted" else [],
            **({noun: one} if decision != "waiting" else {}),
        )


__all__ = ["NOUNS", "build", "dump", "facts", "lives_on", "models"]
