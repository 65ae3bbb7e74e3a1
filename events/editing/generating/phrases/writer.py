"""Sentences out of pieces."""

from dataclasses import dataclass

from events.editing.generating.chance import Chance


@dataclass(frozen=True)
class Phrases:
    """Pieces of one language. Whatever opener, subject, predicate, object and circumstance are taken, they make a sentence; where an
    opener ends in a colon or stands alone, it says so itself. `asides` are whole sentences with rare words: {place}, {person}, {number}
    and {rare}. `ledes`, `reports` and `titles` are the journalist's: {a} and {b} are persons."""

    marks: tuple[str, str]
    inner_marks: tuple[str, str]
    stop: str
    sentences: int  # that make some sixty words
    openers: tuple[str, ...]
    subjects: tuple[str, ...]
    predicates: tuple[str, ...]
    objects: tuple[str, ...]
    circumstances: tuple[str, ...]
    asides: tuple[str, ...]
    rare: tuple[str, ...]
    telling: tuple[str, ...]
    attributions: tuple[str, ...]
    ledes: tuple[str, ...]
    reports: tuple[str, ...]
    titles: tuple[str, ...]


def lines(text: str) -> tuple[str, ...]:
    """The pieces that stand each on a line of its own."""
    return tuple(line.strip() for line in text.strip().split("\n"))


class Writer:
    """Writes in one language; what it writes depends on `chance` alone."""

    def __init__(self, phrases: Phrases, chance: Chance, places: list[str]) -> None:
        self.phrases = phrases
        self._chance, self._places = chance, places

    def clause(self) -> str:
        """A sentence from its second word on, as it follows on an opener."""
        pieces, early = self.phrases, self._chance.early
        return f"{early(pieces.subjects)} {early(pieces.predicates)} {early(pieces.objects)} {early(pieces.circumstances)}{pieces.stop}"

    def sentence(self) -> str:
        if self._chance.happens(0.6):
            return f"{self._chance.early(self.phrases.openers)} {self.clause()}"
        return _capital(self.clause())

    def aside(self, person: str) -> str:
        """A sentence with words that are rare in the archive."""
        chance = self._chance
        return chance.of(self.phrases.asides).format(
            place=chance.of(self._places),
            person=person,
            number=f"{1 + int(chance.share() ** 3 * 9_000)}/{1 + chance.below(97)}",
            rare=chance.early(self.phrases.rare),
        )

    def words(self, person: str) -> str:
        """What somebody says at length: some sixty words."""
        found = [self.sentence() for _number in range(self.phrases.sentences)]
        if self._chance.happens(0.25):
            found.append(self.aside(person))
        if self._chance.happens(0.6):
            found.append(self.sentence())
        return " ".join(found)

    def fragment(self) -> str:
        """Some words of a sentence."""
        return f"{self._chance.early(self.phrases.objects)} {self._chance.early(self.phrases.circumstances)}"

    def quoted(self, words: str) -> str:
        opening, closing = self.phrases.marks
        return f"{opening}{words}{closing}"

    def told(self, person: str, words: str) -> tuple[str, str]:
        """A sentence in which the speaker repeats what `person` said, and the repeated words with their marks, which stand in it."""
        opening, closing = self.phrases.inner_marks
        inner = f"{opening}{words}{closing}"
        return self._chance.of(self.phrases.telling).format(person=person, words=inner), inner

    def attribution(self, person: str) -> str:
        return self._chance.early(self.phrases.attributions).format(person=person)

    def lede(self, a: str, b: str, place: str) -> str:
        return self._chance.of(self.phrases.ledes).format(a=a, b=b, place=place)

    def report(self) -> str:
        beginning = self._chance.early(self.phrases.reports)
        is_whole = beginning.endswith(self.phrases.stop)
        return f"{beginning} {self.sentence() if is_whole else self.clause()}"

    def title(self, a: str, place: str) -> str:
        theme = self._chance.early(self.phrases.objects)
        return _capital(self._chance.early(self.phrases.titles).format(a=a, place=place, theme=theme))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
