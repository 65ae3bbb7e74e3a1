"""Chance that can be repeated: the same seed gives the same numbers on every machine."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

BLOCK = 4096  # draws that are made at once


class Chance:
    """A stream of its own for each part of the archive, so that a change in one leaves the others as they were."""

    def __init__(self, seed: int, part: str) -> None:
        self._random = Random(f"{seed} {part}")
        self.share = self._random.random

    def below(self, end: int) -> int:
        """A number from 0 to before `end`; some three times as fast as `randrange`, and as even up to some millions."""
        return int(self.share() * end)

    def of(self, choices: Sequence[T]) -> T:
        return choices[int(self.share() * len(choices))]

    def early(self, choices: Sequence[T]) -> T:
        """One of the choices, the first ones much more often than the last."""
        share = self.share()
        return choices[int(share * share * len(choices))]

    def happens(self, share: float) -> bool:
        return self.share() < share

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """That many different ones, in no order; all of them where there are no more."""
        return self._random.sample(choices, min(count, len(choices)))

    def shuffled(self, choices: Iterable[T]) -> list[T]:
        found = list(choices)
        self._random.shuffle(found)
        return found

    def among(self, choices: Sequence[T], weights: Sequence[float]) -> "Draw[T]":
        return Draw(self._random, choices, weights)

    def popular(self, choices: Sequence[T], steepness: float = 0.9) -> "Draw[T]":
        """Draws by Zipf's law in the order of `choices`: the second half as often as the first, and so on."""
        return self.among(choices, [(rank + 2) ** -steepness for rank in range(len(choices))])


class Draw(Generic[T]):
    """One of some choices after another, by their weights."""

    def __init__(self, random: Random, choices: Sequence[T], weights: Sequence[float]) -> None:
        self._random, self._choices = random, choices
        self._weights = list(accumulate(weights))
        self._waiting: list[T] = []

    def next(self) -> T:
        if not self._waiting:
            self._waiting = self._random.choices(self._choices, cum_weights=self._weights, k=BLOCK)
        return self._waiting.pop()

    def several(self, count: int, without: Iterable[T] = ()) -> list[T]:
        """Up to `count` different ones, in the order in which they were drawn."""
        refused = set(without)
        found: list[T] = []
        for _attempt in range(4 * count):
            if len(found) == count:
                break
            one = self.next()
            if one not in refused:
                refused.add(one)
                found.append(one)
        return found
