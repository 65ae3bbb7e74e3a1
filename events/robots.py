"""The rules that a site's robots.txt sets for one program (RFC 9309), and the pause that it asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

_MOST_RULES = 5000  # of one site for one program; the first ones count
_LONGEST_DELAY = 366 * 24 * 3600.0  # seconds
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_RATE = re.compile(r"([0-9]{1,9})\s*/\s*([0-9]{1,9})([smh]?)\b", re.IGNORECASE)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}
_FIELDS = ("allow", "disallow", "crawl-delay", "request-rate")
_ASCII = "".join(map(chr, range(33, 127)))
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")


@dataclass(frozen=True)
class Rules:
    """What one program may ask for. `delay` is in seconds between two requests, 0.0 where the site does not say."""

    paths: tuple[tuple[str, bool], ...] = ()  # a pattern, and whether it allows
    delay: float = 0.0

    def allow(self, path: str) -> bool:
        """Whether a path with its query may be asked: the longest pattern that fits decides, and of equally long ones that which allows."""
        path = _plain(path)
        return max((len(one), allows) for one, allows in (*self.paths, ("", True)) if _fits(one, path))[1]


NOTHING = Rules((("/", False),))


def read(text: str, product: str) -> Rules:
    """The rules for `product`: those of all groups that name it, else of those for everybody. Takes any text; linear."""
    groups: dict[str, list[tuple[str, str]]] = {}
    named: set[str] = set()
    is_head = False  # a group begins with one or more names
    for field, value in _lines(text):
        if field == "user-agent":
            named = named if is_head else set()
            named.add(_product(value))
            is_head = True
            groups.setdefault(_product(value), [])
        elif field in _FIELDS:
            is_head = False
            for name in (product.lower(), "*"):
                if name in named:
                    groups[name].append((field, value))
    rules = groups.get(product.lower(), groups.get("*", []))[:_MOST_RULES]
    paths = tuple(
        (_plain(value), field == "allow")
        for field, value in rules
        if field in ("allow", "disallow") and value
    )
    return Rules(paths, max((_delay(field, value) for field, value in rules), default=0.0))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        field, _colon, value = line.partition("#")[0].partition(":")
        yield field.strip().lower(), value.strip()


def _product(name: str) -> str:
    """A program's name without its version and what else follows: "ExampleBot/1.0 (+https://…)" is "examplebot"."""
    return re.split(r"[/\s]", name.lower(), maxsplit=1)[0]


def _fits(pattern: str, path: str) -> bool:
    """Whether the path begins as the pattern says: "*" is any characters, "$" at its end the end of the path."""
    is_whole = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, piece in enumerate(rest):
        if is_whole and number == len(rest) - 1:
            return len(path) - len(piece) >= at and path.endswith(piece)
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return not is_whole or at == len(path)


def _plain(path: str) -> str:
    """One spelling of what can be written in several: letters as themselves, everything beyond ASCII percent-encoded."""

    def decoded(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if _UNRESERVED.fullmatch(character) else found[0].upper()

    return re.sub("%([0-9A-Fa-f]{2})", decoded, quote(path, safe=_ASCII, errors="replace"))


def _delay(field: str, value: str) -> float:
    if field == "crawl-delay" and _NUMBER.fullmatch(value):
        return min(float(value), _LONGEST_DELAY)
    if field == "request-rate" and (rate := _RATE.match(value)) and int(rate[1]):
        return min(int(rate[2]) * _SECONDS[rate[3].lower()] / int(rate[1]), _LONGEST_DELAY)
    return 0.0
