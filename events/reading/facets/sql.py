"""The answers as the database gives them: slow on a large archive, and the truth that any faster way is measured by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from events import names
from events.models.base import visible
from events.models.databases import to_read
from events.reading import search
from events.reading.facets.question import (
    DATED,
    MANY,
    ORDERS,
    Answer,
    Chosen,
    Count,
    Facet,
    Question,
    counted,
)


def rows(question: Question) -> Any:
    """The public records that fit, in no order."""
    found: Any = visible(question.noun)
    for name, values in question.chosen:
        if values:
            found = NARROWED[question.noun, name](found, values, question)
    if question.first or question.last:
        found = found.between(question.first, question.last)
    return search.matching(found, question.words) if question.words else found


def total(question: Question) -> int:
    """How many records fit. One query."""
    return int(rows(question).count())


def ordered(question: Question) -> Any:
    """The public records that fit, in the order that was asked for; those that words find in the usual one, from which `page` takes
    the first to order them by relevance."""
    found = rows(question)
    order = question.ordered
    if order == "relevance":
        order = ORDERS[question.noun][0]
    if order == "-meetings":
        found = found.counted()
    elif order == "speaker":
        found = found.for_list()
    return found.order_by(*ORDERED[question.noun][order])


def page(question: Question, offset: int, size: int) -> list[int]:
    """The numbers at the positions that were asked for. By relevance stand the first of the usual order, as many as are ranked, and
    the rest after them as usual."""
    numbers = ordered(question).values_list("pk", flat=True)
    if question.ordered != "relevance" or question.words is None or offset >= search.RANKED:
        return list(numbers[offset : offset + size])
    closest = search.ranked(question.noun, question.words, numbers[: search.RANKED])
    shown = closest[offset : offset + size]
    missing = size - len(shown) if len(closest) == search.RANKED else 0
    return shown + list(numbers[search.RANKED : search.RANKED + missing])


def ask(question: Question, offset: int = 0, size: int = 25, longest: int = 10) -> Answer:
    """The whole answer, with a query for the page (by relevance two), for the total, for each facet and for the years."""
    found = {facet.name: counts(question, facet) for facet in counted(question.noun)}
    return Answer(
        total=total(question),
        numbers=page(question, offset, size) if size else [],
        facets={name: shortened(several, question.values(name), longest) for name, several in found.items()},
        different={name: min(len(several), MANY + 1) for name, several in found.items()},
        years=years(question),
    )


def shortened(found: Sequence[Count], chosen: Iterable[Chosen], longest: int) -> list[Count]:
    """The first of the counts, and after them what else was chosen, with 0 where there is no record of it."""
    told = list(found[:longest])
    missing = set(chosen) - {one.value for one in told}
    told += [one for one in found[longest:] if one.value in missing]
    rest: Any = missing - {one.value for one in told}
    return told + [Count(value, 0) for value in sorted(rest)]


def counts(question: Question, facet: Facet, values: Sequence[Chosen] | None = None) -> list[Count]:
    """All values of a facet that have records, or those among `values`, the most frequent first. One query."""
    found = rows(question.counted_for(facet))
    pairs, parameters = _union(PAIRS[question.noun, facet.name](found))
    if not pairs:
        return []
    value, tree = "pair.value", ""
    if facet.within:
        model = apps.get_model("events", facet.of)
        column = model._meta.get_field(model.parent_field).column
        seen, shown = visible(facet.of).order_by().values("pk").query.sql_with_params()
        tree = (
            f"with recursive seen(id) as ({seen}), tree(above, id) as (select id, id from seen union select tree.above, child.id"
            f" from {model._meta.db_table} child join tree on child.{column} = tree.id join seen on seen.id = child.id)"
        )
        pairs, value = f"({pairs}) pair(value, id) join tree on tree.id = pair.value", "tree.above"
        parameters = (*shown, *parameters)
    else:
        pairs = f"({pairs}) pair(value, id)"
    among = ""
    if values is not None:
        among, parameters = f" where {value} = any(%s)", (*parameters, list(values))
    query = f"{tree} select {value}, count(distinct pair.id) as n from {pairs}{among} group by 1 order by n desc, 1"
    return [Count(*row) for row in _fetch(query, parameters)]


def named(facet: Facet, text: str) -> set[Chosen]:
    """The public values of a facet of records that have a name like `text`: in any script where they have several, else by the
    beginnings of its words."""
    rows = visible(facet.of).order_by()
    if hasattr(rows, "named"):
        return set(rows.named(text).values_list("pk", flat=True))
    key = names.sort_key(text)
    words = Q(sort_key__startswith=key) | Q(sort_key__contains=f" {key}")
    return set(rows.filter(words).values_list("pk", flat=True)) if key else set()


def labels(facet: Facet, values: Iterable[Chosen]) -> dict[Chosen, str]:
    """The names of public values of a facet of records. One query."""
    rows = visible(facet.of).filter(pk__in=list(values)).order_by()
    return dict(rows.values_list("pk", LABELS[facet.of]))


def tallies(noun: str, name: str, values: Sequence[Chosen]) -> dict[Chosen, int]:
    """How many public records of a noun there are at each of some values of one of its facets. One query."""
    question = Question(noun)
    found = counts(question, question.facet(name), values)
    return dict.fromkeys(values, 0) | {one.value: one.count for one in found}


def years(question: Question) -> list[tuple[int, int]]:
    """How many records fall into each year, the earliest first; a record of two years counts in both. Years are those that the days
    of public records begin or end in; what has no beginning or no end counts in all years before or after. One query."""
    if question.noun not in DATED:
        return []
    days = DAYS[question.noun]
    everywhere, shown = _sql(visible(question.noun).annotate(days=days).values_list("days", "pk"))
    found, parameters = _sql(rows(question.counted_for_years()).annotate(days=days).values_list("days", "pk"))
    if not found or not everywhere:
        return []
    query = (
        "with bounds as (select least(min(extract(year from lower(days))), min(extract(year from upper(days) - 1)))::int as first,"
        " greatest(max(extract(year from lower(days))), max(extract(year from upper(days) - 1)))::int as last"
        f" from ({everywhere}) dated(days, id))"
        " select year, count(*) from bounds, "
        f"({found}) dated(days, id), generate_series(coalesce(extract(year from lower(days))::int, bounds.first),"
        " coalesce(extract(year from upper(days) - 1)::int, bounds.last)) year where days is not null group by 1 order by 1"
    )
    return _fetch(query, (*shown, *parameters))


def _fetch(query: str, parameters: Any) -> list[Any]:
    with to_read().cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def _sql(queryset: Any) -> tuple[str, Any]:
    """The query and its parameters; nothing where it could find nothing."""
    try:
        return queryset.order_by().query.sql_with_params()
    except EmptyResultSet:
        return "", ()


def _union(querysets: Iterable[Any]) -> tuple[str, tuple[Any, ...]]:
    found = [_sql(queryset) for queryset in querysets]
    return (
        " union all ".join(f"({query})" for query, _values in found if query),
        tuple(value for _query, values in found for value in values),
    )


# The column that names a record.
LABELS: Mapping[str, str] = {"participant": "name", "place": "name", "topic": "label", "outlet": "name"}

# How a chosen value narrows a list.


def _attended(rows: Any, values: Any, question: Question) -> Any:
    return rows.attended_by(values, every=question.every)


def _at(rows: Any, values: Any, question: Question) -> Any:
    return rows.filter(place__in=visible("Place").within(values))


def _about(rows: Any, values: Any, question: Question) -> Any:
    through = rows.model.topics.through.objects.filter(topic__in=visible("Topic").within(values))
    return rows.filter(Exists(through.filter(**{rows.model._meta.model_name: OuterRef("pk")})))


def _is_reported() -> Q:
    return Q(reported_by__in=visible("Participant").values("pk"))


def _reported(rows: Any, values: Any, question: Question) -> Any:
    reported = _is_reported()
    wanted = Q()
    for value in values:
        wanted |= reported if value == "yes" else Q(reported_by=None) | ~reported
    return rows.filter(wanted)


def _any_of(field: str) -> Any:
    return lambda rows, values, question: rows.filter(**{f"{field}__in": values})


NARROWED: Mapping[tuple[str, str], Callable[[Any, Any, Question], Any]] = {
    ("meeting", "participant"): _attended,
    ("meeting", "country"): lambda rows, values, question: rows.involving(values),
    ("meeting", "kind"): _any_of("kind"),
    ("meeting", "state"): _any_of("state"),
    ("meeting", "place"): _at,
    ("meeting", "topic"): _about,
    ("quotation", "speaker"): _any_of("speaker"),
    ("quotation", "reporter"): _any_of("reported_by"),
    ("quotation", "meeting"): _any_of("meeting"),
    ("quotation", "topic"): _about,
    ("quotation", "language"): _any_of("language"),
    ("quotation", "outlet"): _any_of("article__outlet"),
    ("quotation", "reported"): _reported,
    ("article", "outlet"): _any_of("outlet"),
    ("article", "language"): _any_of("language"),
    ("article", "kind"): _any_of("kind"),
    ("participant", "kind"): _any_of("kind"),
    ("participant", "country"): _any_of("country"),
    ("place", "kind"): _any_of("kind"),
    ("place", "country"): _any_of("country"),
    ("agreement", "participant"): lambda rows, values, question: rows.filter(
        Exists(rows.model.parties.through.objects.filter(agreement=OuterRef("pk"), participant__in=values))
    ),
    ("agreement", "kind"): _any_of("kind"),
    ("agreement", "topic"): _about,
}

# Which values the records have: querysets of (value, number).


def _column(field: str) -> Any:
    return lambda rows: [rows.exclude(**{field: ""}).values_list(field, "pk")]


def _public(field: str, noun: str) -> Any:
    """A column that leads to a record, as far as that is public."""
    return lambda rows: [rows.filter(**{f"{field}__in": visible(noun).values("pk")}).values_list(field, "pk")]


def _attendances(rows: Any) -> list[Any]:
    return [
        visible("Attendance")
        .filter(meeting__in=rows.order_by().values("pk"))
        .values_list("participant", "meeting")
    ]


def _countries(rows: Any) -> list[Any]:
    numbers = rows.order_by().values("pk")
    acted = visible("Attendance").filter(meeting__in=numbers).exclude(participant__country="")
    hosted = rows.filter(place__in=visible("Place").exclude(country="").values("pk"))
    return [acted.values_list("participant__country", "meeting"), hosted.values_list("place__country", "pk")]


def _topics(rows: Any) -> list[Any]:
    owner = rows.model._meta.model_name
    through = rows.model.topics.through.objects.filter(topic__in=visible("Topic").values("pk"))
    return [through.filter(**{f"{owner}__in": rows.order_by().values("pk")}).values_list("topic", owner)]


def _parties(rows: Any) -> list[Any]:
    through = rows.model.parties.through.objects.filter(participant__in=visible("Participant").values("pk"))
    return [
        through.filter(agreement__in=rows.order_by().values("pk")).values_list("participant", "agreement")
    ]


def _by_whom(rows: Any) -> list[Any]:
    told = Case(When(_is_reported(), then=Value("yes")), default=Value("no"), output_field=CharField())
    return [rows.annotate(told=told).values_list("told", "pk")]


PAIRS: Mapping[tuple[str, str], Callable[[Any], list[QuerySet]]] = {
    ("meeting", "participant"): _attendances,
    ("meeting", "country"): _countries,
    ("meeting", "kind"): _column("kind"),
    ("meeting", "state"): _column("state"),
    ("meeting", "place"): _public("place", "Place"),
    ("meeting", "topic"): _topics,
    ("quotation", "speaker"): _public("speaker", "Participant"),
    ("quotation", "reporter"): _public("reported_by", "Participant"),
    ("quotation", "meeting"): _public("meeting", "Meeting"),
    ("quotation", "topic"): _topics,
    ("quotation", "language"): _column("language"),
    ("quotation", "outlet"): _public("article__outlet", "Outlet"),
    ("quotation", "reported"): _by_whom,
    ("article", "outlet"): _public("outlet", "Outlet"),
    ("article", "language"): _column("language"),
    ("article", "kind"): _column("kind"),
    ("participant", "kind"): _column("kind"),
    ("participant", "country"): _column("country"),
    ("place", "kind"): _column("kind"),
    ("place", "country"): _column("country"),
    ("agreement", "participant"): _parties,
    ("agreement", "kind"): _column("kind"),
    ("agreement", "topic"): _topics,
}

# The days of a record: what `between` of its queryset compares.
DAYS: Mapping[str, Any] = {
    "meeting": F("held_range"),
    "quotation": Coalesce(
        F("said_range"),
        Subquery(visible("Meeting").filter(pk=OuterRef("meeting")).order_by().values("held_range")),
    ),
    "article": F("published_range"),
    "agreement": F("signed_range"),
}


def _by(field: str) -> dict[str, tuple[Any, ...]]:
    begin = F(f"{field}__startswith")
    return {
        "-date": (begin.desc(nulls_last=True), "-pk"),
        "date": (begin.asc(nulls_last=True), "pk"),
    }


_TITLE = {"title": ("sort_key", "pk")}
_NAMED = {"name": ("sort_key", "pk"), "-meetings": ("-meeting_count", "sort_key", "pk")}
ORDERED: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "meeting": {**_by("held_range"), **_TITLE},
    "quotation": {**_by("said_range"), "speaker": (F("speaker_key").asc(nulls_last=True), "pk")},
    "article": {**_by("published_range"), **_TITLE},
    "agreement": {**_by("signed_range"), **_TITLE},
    "participant": _NAMED,
    "place": _NAMED,
    "topic": _NAMED,
}
