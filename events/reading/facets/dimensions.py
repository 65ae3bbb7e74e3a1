"""The records that others are found by, as far as they are public: participants, places, topics and outlets, held in memory."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from events.models.base import visible

# What is read of each, by noun.
READ: Mapping[str, tuple[str, ...]] = {
    "participant": ("name", "sort_key", "country"),
    "place": ("name", "sort_key", "country", "parent"),
    "topic": ("label", "sort_key", "broader"),
    "outlet": ("name", "sort_key"),
}


@dataclass(frozen=True)
class Value:
    """A public record that others are found by. `above` is the one that it lies in, whether that is public or not."""

    label: str
    sort_key: str
    country: str = ""
    above: int | None = None


@dataclass(frozen=True)
class Dimensions:
    """All public records of the four nouns, by noun and number. Immutable: what changes makes another one."""

    values: Mapping[str, Mapping[int, Value]]

    @classmethod
    def read(cls) -> Self:
        """As the database shows them now; a query for each noun."""
        return cls({noun: _read(noun) for noun in READ})

    def renewed(self, changed: Mapping[str, Iterable[int]]) -> Self:
        """With the changed records as they are now, a query for each noun that has some; itself where there are none."""
        values = dict(self.values)
        for noun in READ:
            if numbers := list(changed.get(noun, ())):
                kept = dict(values[noun])
                for number in numbers:
                    kept.pop(number, None)
                values[noun] = {**kept, **_read(noun, numbers)}
        return self if values == self.values else replace(self, values=values)

    def up(self, noun: str, number: int) -> Iterator[int]:
        """The value and those that it lies in, as far as a way over public ones leads (`RecordQuerySet.within`)."""
        public = self.values[noun]
        seen = set()
        step: int | None = number
        while step is not None and step in public and step not in seen:
            seen.add(step)
            yield step
            step = public[step].above

    @cached_property
    def speakers(self) -> list[tuple[str, list[int]]]:
        """The participants by sort key, those of one key together."""
        found: dict[str, list[int]] = {}
        for number, value in self.values["participant"].items():
            found.setdefault(value.sort_key, []).append(number)
        return sorted(found.items())


def _read(noun: str, numbers: list[int] | None = None) -> dict[int, Value]:
    rows = visible(noun).order_by()
    if numbers is not None:
        rows = rows.filter(pk__in=numbers)
    fields = READ[noun]
    country = fields.index("country") + 1 if "country" in fields else 0
    above = next((fields.index(name) + 1 for name in ("parent", "broader") if name in fields), 0)
    return {
        row[0]: Value(row[1], row[2], row[country] if country else "", row[above] if above else None)
        for row in rows.values_list("pk", *fields)
    }
