"""Segments as bytes, in a table of the database: built once, loaded by every process on every machine, also behind a replica."""

import json
from array import array
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Func, IntegerField
from pyroaring import BitMap

from events.models import Invalidation, StoredIndex
from events.models.base import visible
from events.models.databases import to_read
from events.reading.facets.days import Days
from events.reading.facets.question import FACETS
from events.reading.facets.segments import Keys, Links, Segment, Source, read

# The form of what is stored. Another one is not loaded: after an update the database answers until the index is built anew.
FORM = 1
NOUNS = tuple(FACETS)
# Only one builds at a time, on whatever machine (an arbitrary number, the archive's own).
LOCK = 0x46616365
# An index of so few records is made by the process itself when it is first needed, and again when much has changed.
SMALL = 20_000
# Each change makes the next request read again what has changed since; from so many on an index is built anew.
MOST_WAITING = 300
AT_ONCE = 2**21
PIECE = "select substring(data from %s for %s) from events_storedindex where id = %s"
KEPT = 2  # stored indexes of a noun: processes load a new one while they answer from the one before


def encode(segment: Segment) -> bytes:
    """A line of JSON that says what follows, and the bytes of arrays and bitmaps one after the other."""
    parts: list[bytes] = []

    def part(content: Any) -> int:
        parts.append(content.serialize() if isinstance(content, BitMap) else bytes(content))
        return len(parts[-1])

    def several(content: array) -> list[Any]:
        return [content.typecode, part(content.tobytes())]

    told = {
        "noun": segment.noun,
        "dated": segment.dated,
        "whole": segment.whole,
        "oldest": segment.oldest,
        "ids": several(segment.ids),
        "begins": several(segment.begins),
        "titles": several(segment.titles),
        "lengths": several(segment.keys.lengths),
        "keys": part(segment.keys.text),
        "facets": {
            name: [[value, part(positions)] for value, positions in values.items()]
            for name, values in segment.facets.items()
        },
        "days": [[*range_, part(positions)] for range_, positions in segment.days.ranges.items()],
        "links": {
            name: [several(links.numbers), several(links.positions)] for name, links in segment.links.items()
        },
    }
    return json.dumps(told, separators=(",", ":")).encode() + b"\n" + b"".join(parts)


def decode(data: bytes | bytearray, number: int = 0) -> Segment:
    """The segment that `encode` has written."""
    head = bytes(data[: data.index(b"\n")])
    told = json.loads(head)
    view, place = memoryview(data), len(head) + 1

    def part(length: int) -> memoryview:
        nonlocal place
        place += length
        return view[place - length : place]

    def several(kind: str, length: int) -> array:
        found = array(kind)
        found.frombytes(part(length))
        return found

    def bitmap(length: int) -> BitMap:
        return BitMap.deserialize(bytes(part(length)))

    # In the order in which they were written.
    ids, begins, titles = several(*told["ids"]), several(*told["begins"]), several(*told["titles"])
    lengths = several(*told["lengths"])
    keys = Keys(bytes(part(told["keys"])), lengths)
    facets = {
        name: {value: bitmap(length) for value, length in values} for name, values in told["facets"].items()
    }
    days = Days([(first, after, bitmap(length)) for first, after, length in told["days"]])
    links = {
        name: Links(several(*numbers), several(*positions))
        for name, (numbers, positions) in told["links"].items()
    }
    return Segment(
        noun=told["noun"],
        ids=ids,
        dated=told["dated"],
        begins=begins,
        facets=facets,
        days=days,
        titles=titles,
        keys=keys,
        links=links,
        whole=told["whole"],
        number=number,
        oldest=told["oldest"],
    )


def load(noun: str) -> Segment | None:
    """The newest stored segment of the noun; None where there is none of today's form. A query for each
    two million bytes."""
    found = StoredIndex.objects.filter(noun=noun, form=FORM).order_by("-pk")
    newest = found.annotate(size=Func("data", function="octet_length", output_field=IntegerField()))
    number, size = newest.values_list("pk", "size").first() or (0, 0)
    data = bytearray()
    # In pieces: the text that they come as takes twice their size.
    with to_read().cursor() as cursor:
        while len(data) < size:
            cursor.execute(PIECE, [len(data) + 1, AT_ONCE, number])
            row = cursor.fetchone()
            if row is None:
                return None  # another process has built two newer ones since
            data += row[0]
    return decode(data, number) if number else None


def is_small() -> bool:
    """Whether each process makes all that it needs by itself."""
    return all(visible(noun).order_by()[: SMALL + 1].count() <= SMALL for noun in NOUNS)


def is_needed() -> bool:
    """Whether a noun with many records has no stored index of today's form, or many changes wait that the newest one does not hold."""
    newest = {
        noun: StoredIndex.objects.filter(noun=noun).order_by("-pk").values_list("oldest", "form").first()
        for noun in NOUNS
    }
    for noun, row in newest.items():
        if (row is None or row[1] != FORM) and visible(noun).order_by()[: SMALL + 1].count() > SMALL:
            return True
    stored = [row[0] for row in newest.values() if row]
    if not stored:
        return False
    changed = Invalidation.objects.filter(transaction__gte=min(stored)).values("noun", "record").distinct()
    return changed[:MOST_WAITING].count() == MOST_WAITING


def build() -> Iterator[tuple[str, int, int]]:
    """Build and store the index of each noun, in one transaction of its own: (noun, records, bytes) as each is done. Then delete the
    notes that nobody needs any more, never the latest. Stops before the first where another process builds.

    The tables are only read, so that editors go on; what they write meanwhile is noted by transactions that the index has not seen, and
    counts as changed since.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return
            cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            (oldest,) = cursor.fetchone()
        for noun in NOUNS:
            source = Source(noun)
            source.store()
            segment = read(source, oldest=oldest)
            data = encode(segment)
            StoredIndex.objects.create(
                noun=noun, form=FORM, oldest=oldest, pruned=_prune_before(noun), data=data
            )
            yield noun, len(segment), len(data)
        _prune()


def _prune_before(noun: str) -> int:
    """The moment of the index that the new one follows: what was noted before is in both."""
    rows = StoredIndex.objects.filter(noun=noun).order_by("-pk")
    return rows.values_list("oldest", flat=True).first() or 0


def _prune() -> None:
    pruned = max(StoredIndex.objects.values_list("pruned", flat=True), default=0)
    latest = Invalidation.objects.order_by("-pk").values_list("pk", flat=True)[:1]
    Invalidation.objects.filter(transaction__lt=pruned).exclude(pk__in=list(latest)).delete()
    for noun in NOUNS:
        kept = StoredIndex.objects.filter(noun=noun).order_by("-pk").values_list("pk", flat=True)[:KEPT]
        StoredIndex.objects.filter(noun=noun).exclude(pk__in=list(kept)).delete()
