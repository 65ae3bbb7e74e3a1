"""Small archives made at random, changes of them, and questions to their lists."""

from datetime import date
from random import Random
from typing import Any

from django.db import IntegrityError, transaction

from events.models import (
    Agreement,
    Article,
    Attendance,
    Meeting,
    Outlet,
    Participant,
    Place,
    Quotation,
    Status,
    Topic,
)
from events.models.base import visible
from events.reading import search
from events.reading.facets import FACETS, ORDERS, Question
from tests import factories

DATES = (
    "", "", "2020", "2021", "2021-05", "2021-05-03", "2021-05-03", "2020-12-30/2021-01-02", "1988/2020", "2019-06/..", "../2001-03",
    "2022-02-27/2022-03-01", "1999-12-31",
)  # fmt: skip
COUNTRIES = ("", "AM", "AZ", "GE")
TYPED = (
    "Ben",
    "Talks",
    "Visit -Ben",
    "Ann OR Talks",
    "Бен 2021",
    "May 2021",
    "words",
    "Place",
    "-words",
    "exact=",
)
NAMES = ("Ann", "Ben", "Ben", "Cem", "Dea", "Əli")
LANGUAGES = ("en", "fr", "hy")
NOUNS: dict[str, Any] = {
    "participant": Participant, "place": Place, "topic": Topic, "outlet": Outlet, "meeting": Meeting, "article": Article,
    "quotation": Quotation, "agreement": Agreement,
}  # fmt: skip


def build(random: Random) -> None:
    """Some records of each noun, a third of them drafts, with relations among all."""
    for name in NAMES:
        factories.ParticipantFactory(
            name=name,
            country=random.choice(COUNTRIES),
            status=status(random),
            kind=random.choice(("person", "state")),
        )
    for factory, parent in ((factories.PlaceFactory, "parent"), (factories.TopicFactory, "broader")):
        made: list[Any] = []
        for _number in range(6):
            fields = {"country": random.choice(COUNTRIES)} if parent == "parent" else {}
            made.append(factory(**fields, status=status(random), **{parent: random.choice([None, *made])}))
    for _number in range(3):
        factories.OutletFactory(status=status(random))
    for _number in range(10):
        add(random)


def status(random: Random) -> str:
    return random.choice((Status.PUBLISHED, Status.PUBLISHED, Status.DRAFT))


def one(random: Random, noun: str, required: bool = True) -> Any:
    rows = list(NOUNS[noun].objects.filter(merged_into=None).order_by("pk"))
    return random.choice(rows if required else [None, *rows]) if rows else None


def some(random: Random, noun: str) -> list[Any]:
    rows = list(NOUNS[noun].objects.order_by("pk"))
    return random.sample(rows, random.randint(0, min(3, len(rows))))


def add(random: Random) -> None:
    """A meeting, an article with two quotations, and now and then an agreement."""
    meeting = factories.MeetingFactory(
        title=random.choice(("Talks", "Visit", "Zoom")), kind=random.choice(("talks", "visit", "call")),
        state=random.choice(("held", "announced")), held_on=random.choice(DATES), place=one(random, "place", False), status=status(random),
    )  # fmt: skip
    for person in some(random, "participant"):
        factories.AttendanceFactory(meeting=meeting, participant=person)
    meeting.topics.set(some(random, "topic"))
    article = factories.ArticleFactory(
        outlet=one(random, "outlet", False), language=random.choice(LANGUAGES), published_on=random.choice(DATES),
        kind=random.choice(("report", "interview")), status=status(random),
    )  # fmt: skip
    for _number in range(2):
        speaker, reporter = one(random, "participant", False), one(random, "participant", False)
        quotation = factories.QuotationFactory(
            article=article, speaker=speaker, reported_by=reporter if reporter != speaker else None, attribution="somebody",
            meeting=one(random, "meeting", False), said_on=random.choice(DATES), status=status(random),
            language=random.choice(LANGUAGES),
        )  # fmt: skip
        quotation.topics.set(some(random, "topic"))
    if random.random() < 0.4:
        agreement = factories.AgreementFactory(
            signed_on=random.choice(DATES), status=status(random), kind=random.choice(("treaty", "charter"))
        )
        agreement.parties.set(some(random, "participant"))
        agreement.topics.set(some(random, "topic"))


def change(random: Random) -> None:
    """Something that an editor could have done."""
    try:
        with transaction.atomic():
            random.choice(CHANGES)(random)
    except IntegrityError:
        pass  # the database keeps a rule; nothing has changed


def _status(random: Random) -> None:
    record = one(random, random.choice(list(NOUNS)))
    status_, reason = random.choice(
        ((Status.PUBLISHED, ""), (Status.DRAFT, ""), (Status.WITHDRAWN, "Twice."), (Status.PUBLISHED, ""))
    )
    type(record).objects.filter(pk=record.pk).update(status=status_, withdrawal_reason=reason)


def _merge(random: Random) -> None:
    """As merging does it in the end: links of all that pointed to one lead to another."""
    noun = random.choice(("participant", "outlet"))
    gone, kept = one(random, noun), one(random, noun)
    if gone == kept:
        return
    if noun == "participant":
        Quotation.objects.filter(speaker=gone).exclude(reported_by=kept).update(speaker=kept)
        Attendance.objects.filter(participant=gone).exclude(meeting__attendances__participant=kept).update(
            participant=kept
        )
    else:
        Article.objects.filter(outlet=gone).update(outlet=kept)
    type(gone).objects.filter(pk=gone.pk).update(
        status=Status.WITHDRAWN, merged_into=kept, withdrawal_reason="Twice."
    )


def _saved(noun: str, field: str, values: Any) -> Any:
    def changed(random: Random) -> None:
        record = one(random, noun)
        setattr(record, field, random.choice(values) if isinstance(values, tuple) else values(random))
        record.save()

    return changed


def _rows(noun: str, field: str, of: str) -> Any:
    return lambda random: getattr(one(random, noun), field).set(some(random, of))


def _attendance(random: Random) -> None:
    meeting, person = one(random, "meeting"), one(random, "participant")
    if not meeting.attendances.filter(participant=person).delete()[0]:
        factories.AttendanceFactory(meeting=meeting, participant=person)


def _delete(random: Random) -> None:
    draft = Quotation.objects.filter(status=Status.DRAFT, published_at=None).order_by("pk").first()
    if draft:
        draft.delete()


def _above(noun: str, field: str) -> Any:
    """Under one that was made before it, so that there is no circle."""

    def changed(random: Random) -> None:
        record = one(random, noun)
        rows = list(NOUNS[noun].objects.filter(pk__lt=record.pk).order_by("pk"))
        setattr(record, field, random.choice([None, *rows]))
        record.save()

    return changed


CHANGES = (
    _status, _status, _status, _status, _merge, add, _attendance, _attendance, _delete,
    _saved("meeting", "held_on", DATES),
    _saved("meeting", "title", ("Talks", "Visit", "Accord")),
    _saved("meeting", "place", lambda random: one(random, "place", False)),
    _saved("quotation", "said_on", DATES),
    _saved("quotation", "meeting", lambda random: one(random, "meeting", False)),
    _saved("quotation", "article", lambda random: one(random, "article")),
    _saved("quotation", "speaker", lambda random: one(random, "participant", False)),
    _saved("article", "outlet", lambda random: one(random, "outlet", False)),
    _saved("article", "language", LANGUAGES),
    _saved("participant", "country", COUNTRIES),
    _saved("participant", "sort_name", NAMES),
    _saved("place", "country", COUNTRIES),
    _above("place", "parent"),
    _above("topic", "broader"),
    _rows("meeting", "topics", "topic"),
    _rows("quotation", "topics", "topic"),
    _rows("agreement", "parties", "participant"),
)  # fmt: skip


def ask(random: Random) -> tuple[Question, int, int, int]:
    """A question to a list, and where its page begins, how long it is, and how many values are told of each facet."""
    noun = random.choice(list(FACETS))
    chosen = []
    for facet in FACETS[noun]:
        if random.random() < 0.3:
            values = _values(random, noun, facet)
            if values:
                chosen.append(
                    (facet.name, tuple(random.sample(values, min(len(values), random.randint(1, 2)))))
                )
    first, last = sorted(
        random.sample(
            (date(1990, 1, 1), date(2020, 12, 31), date(2021, 5, 1), date(2021, 5, 31), date(2022, 3, 1)), 2
        )
    )
    days = random.choice(((None, None), (None, None), (first, last), (first, None), (None, last)))
    question = Question(
        noun=noun,
        chosen=tuple(chosen),
        every=random.random() < 0.5,
        first=days[0] if noun in DATED else None,
        last=days[1] if noun in DATED else None,
        words=search.parse(random.choice(TYPED)) if random.random() < 0.25 else None,
        order=random.choice(("", *ORDERS[noun])),
    )  # fmt: skip
    return question, random.choice((0, 0, 1, 3)), random.choice((2, 5, 50)), random.choice((1, 3, 50))


DATED = ("meeting", "quotation", "article", "agreement")


def _values(random: Random, noun: str, facet: Any) -> list[Any]:
    if facet.of:
        return list(visible(facet.of).order_by("pk").values_list("pk", flat=True))
    return {
        "country": list(COUNTRIES[1:]), "language": list(LANGUAGES), "reported": ["yes", "no"], "state": ["held", "announced"],
        "kind": ["talks", "visit", "call", "report", "interview", "person", "state", "city", "treaty", "charter"],
    }[facet.name]  # fmt: skip
