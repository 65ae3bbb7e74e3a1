"""From what a cell says to the record that it means: by number, by key, or by name in any script; many cells with few queries."""

import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import get_language

from events import addresses, codes, names
from events.editing.importers.cells import NUMBER, spellings
from events.editing.importers.report import cut
from events.models import Article, Name, Outlet, Participant, Place, Status
from events.models.fields import address_key

NAMED: dict[Any, str] = {Participant: "participant", Place: "place"}
TITLED = {"topic": "label", "outlet": "name", "meeting": "title", "agreement": "title"}
# Merged records lead to the ones that took their place; what was withdrawn is not found by its name any more.
FINDABLE = ~Q(status=Status.WITHDRAWN) | Q(merged_into__isnull=False)
# What a message may offer for an unknown name: more than what counts as similar, since a patronymic or a title takes much away.
LEAST_SIMILAR = 0.4
# From here on no draft is made of an unknown name unasked: Russian cases, initials and surnames alone reach it (Сергеем Лавровым and
# S. Lavrov 0.53, Лавров 0.50), two people of one surname do not (Armen and Mher Grigoryan 0.47).
LEAST_TO_ASK = 0.5
_MOST_REMEMBERED = 50_000
_MOST_CANDIDATES = 5
_KIND = re.compile(r"(.*\S)\s*\[([^\[\]]*)\]", re.DOTALL)


@dataclass(frozen=True)
class Found:
    """Which record a text means. Without a `number` it means none, or one of several that are called alike."""

    number: int | None = None
    alike: tuple[int, ...] = ()


class Resolver:
    """Looks texts up, and remembers what it has found."""

    def __init__(self, keys_only: bool = False) -> None:
        self.keys_only = keys_only
        self._remembered: dict[tuple[Any, str], Found] = {}

    def resolve(self, wanted: Iterable[tuple[Any, str]]) -> dict[tuple[Any, str], Found]:
        """The record of each (model, text), in a handful of queries a model that was not met before."""
        wanted = set(wanted)
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.clear()
        result = {pair: self._remembered[pair] for pair in wanted if pair in self._remembered}
        missing: dict[Any, set[str]] = defaultdict(set)
        for model, text in wanted - result.keys():
            missing[model].add(text)
        for model, texts in missing.items():
            for text, found in self._look_up(model, texts).items():
                result[model, text] = found
                if found.number is not None:
                    self._remembered[model, text] = found
        return result

    def _look_up(self, model: Any, texts: set[str]) -> dict[str, Found]:
        found = self._by_number(model, texts)
        rows = model.objects.filter(import_key__in=texts - found.keys())
        found |= {
            key: Found(merged or number)
            for key, number, merged in rows.values_list("import_key", "pk", "merged_into")
        }
        rest = texts - found.keys()
        if rest and not self.keys_only:
            found |= by_name(model, rest)
        return {text: found.get(text, Found()) for text in texts}

    def _by_number(self, model: Any, texts: set[str]) -> dict[str, Found]:
        numbers = {text: int(match[1]) for text in texts if (match := NUMBER.fullmatch(text))}
        if not numbers or self.keys_only:
            return {}
        rows = model.objects.filter(pk__in=numbers.values()).values_list("pk", "merged_into")
        known = {number: merged or number for number, merged in rows}
        return {text: Found(known.get(number)) for text, number in numbers.items()}


def by_name(model: Any, texts: Iterable[str]) -> dict[str, Found]:
    """Records by what they are called: equal keys of names for participants and places, addresses for articles, hosts and names for
    outlets, titles and labels for the rest. Two or three queries."""
    if model in NAMED:
        return _by_name_in_any_script(model, texts)
    if model is Article:
        return _by_address(texts)
    if str(model._meta.model_name) not in TITLED:
        return {}
    return _by_title(model, texts)


def name_and_kind(model: Any, text: str) -> tuple[str, str]:
    """A name, and the kind that stands in square brackets behind it: "European Union [organisation]". The kind is "" where there is
    none; brackets that hold no kind of the model are a part of the name."""
    marked = _KIND.fullmatch(text) if model in NAMED else None
    typed = marked[2].strip().casefold() if marked else ""
    kind = spellings(model._meta.get_field("kind"), get_language()).get(typed, "") if typed else ""
    return (marked[1], kind) if marked and kind else (text, "")


def _by_name_in_any_script(model: Any, texts: Iterable[str]) -> dict[str, Found]:
    told = {text: name_and_kind(model, text) for text in texts}
    keys = {text: names.fold(name) for text, (name, _kind) in told.items()}
    owners = named(model, set(keys.values()))
    numbers = {
        number for text, (_name, kind) in told.items() if kind for number in owners.get(keys[text], ())
    }
    kinds = dict(model.objects.filter(pk__in=numbers).values_list("pk", "kind")) if numbers else {}
    found = {}
    for text, key in keys.items():
        name, kind = told[text]
        spelled = owners.get(key, {})
        numbers = {number for number in spelled if not kind or kinds[number] == kind}
        if len(numbers) > 1:
            exact = {number for number in numbers if name.casefold() in spelled[number]}
            numbers = exact if len(exact) == 1 else numbers
        if numbers:
            found[text] = _one_of(numbers)
    return found


def named(model: Any, keys: set[str]) -> dict[str, dict[int, set[str]]]:
    """By the keys of names: the numbers of those called so, each with the small-letter spellings. One query."""
    owner = NAMED[model]
    rows = (
        Name.objects.filter(
            Q(**{f"{owner}__status__in": [Status.DRAFT, Status.REVIEW, Status.PUBLISHED]})
            | Q(**{f"{owner}__merged_into__isnull": False}),
            folded__in=keys - {""},
        )
        .order_by()
        .values_list("folded", owner, f"{owner}__merged_into", "text")
    )
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for key, number, merged, text in rows:
        found[key][merged or number].add(text.casefold())
    return found


def _by_address(texts: Iterable[str]) -> dict[str, Found]:
    keys = {}
    for text in texts:
        with suppress(addresses.AddressError):
            keys[text] = address_key(text)
    rows = Article.objects.filter(FINDABLE, url_key__in=keys.values()).order_by("merged_into")
    known = {
        key: merged or number for key, number, merged in rows.values_list("url_key", "pk", "merged_into")
    }
    return {text: Found(known[key]) for text, key in keys.items() if key in known}


def _by_title(model: Any, texts: Iterable[str]) -> dict[str, Found]:
    keys = {text: names.sort_key(text)[:300] for text in texts}
    known: dict[str, set[int]] = defaultdict(set)
    rows = model.objects.filter(FINDABLE, sort_key__in=set(keys.values()) - {""})
    for key, number, merged in rows.values_list("sort_key", "pk", "merged_into"):
        known[key].add(merged or number)
    found = {text: _one_of(known[key]) for text, key in keys.items() if key in known}
    if model is Outlet:
        hosts = {text: addresses.host(text if "//" in text else f"https://{text}") for text in texts}
        outlets = Outlet.objects.by_host(hosts.values())
        found |= {text: Found(outlets[host].pk) for text, host in hosts.items() if host in outlets}
    return found


def _one_of(numbers: set[int]) -> Found:
    return Found(next(iter(numbers))) if len(numbers) == 1 else Found(alike=tuple(sorted(numbers)))


def resembling(
    model: Any, texts: Iterable[str], whole: bool, least: float = names.SIMILAR
) -> dict[str, list[int]]:
    """Those with a name that sounds like each text, the closest first: the whole name (`whole`, `least` alike), or a part of it too.

    One indexed query for all texts; about a millisecond a text with 20,000 names.
    """
    if model not in NAMED:
        return {}
    keys = {text: key for text in texts if (key := names.fold(name_and_kind(model, text)[0]))}
    if not keys:
        return {}
    owner = NAMED[model]
    alike, closeness = "wanted.key %% name.folded", "similarity(wanted.key, name.folded)"
    if not whole:
        alike = f"({alike} or wanted.key <<%% name.folded)"
        closeness = f"greatest({closeness}, strict_word_similarity(wanted.key, name.folded))"
        least = LEAST_SIMILAR
    query = f"""
        select wanted.key, coalesce(owner.merged_into_id, owner.id) as number, max({closeness})
        from unnest(%s::text[]) as wanted(key)
        join events_name name on {alike}
        join events_{owner} owner on owner.id = name.{owner}_id
        where {closeness} >= %s and (owner.status <> 'withdrawn' or owner.merged_into_id is not null)
        group by 1, 2 order by 1, 3 desc, 2
    """
    found: dict[str, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(query, [list(set(keys.values())), least])
        for key, number, _closeness in cursor.fetchall():
            found[key].append(number)
    return {text: found[key] for text, key in keys.items() if key in found}


def described(model: Any, numbers: Iterable[int]) -> list[str]:
    """Candidates as a message lists them: "Jeyhun Bayramov #12 (person, Azerbaijan)"; at most five. One query."""
    wanted = list(dict.fromkeys(numbers))[:_MOST_CANDIDATES]
    rows = model.objects.defer("text") if model is Article else model.objects
    records = rows.in_bulk(wanted)
    found = []
    for number in wanted:
        if (record := records.get(number)) is None:
            continue
        told = [str(record.get_kind_display()).lower()] if hasattr(record, "get_kind_display") else []
        if country := getattr(record, "country", ""):
            told.append(codes.country_name(country))
        if day := getattr(record, "held_on", "") or getattr(record, "signed_on", ""):
            told.append(day)
        found.append(f"{cut(str(record))} #{number}" + (f" ({', '.join(told)})" if told else ""))
    return found
