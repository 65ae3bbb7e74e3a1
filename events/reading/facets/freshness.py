"""What this process holds in memory, brought to the moment that a request sees.

All of it is kept in states that never change. A request takes the newest one that holds nothing which its snapshot of the database does
not show, and makes another one where something was noted since. What was noted is told by the very rows of `Invalidation` that the
snapshot shows, so that a transaction is never missed however late it is committed, on the primary and on a replica.
"""

import json
import logging
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from events.models.base import visible
from events.models.databases import to_read
from events.models.published import ROLE
from events.reading.facets import storing
from events.reading.facets.dimensions import Dimensions
from events.reading.facets.records import Records, newly_shown, unchanged
from events.reading.facets.segments import Segment, Source, read

log = logging.getLogger(__name__)

# Another request that makes a state is waited for so long, in seconds; then the database answers.
PATIENCE = 0.5
# Requests that began a little earlier find the state that they can use.
KEPT = 4
# So many notes are looked at. After more (an import, a visit of all sources), an index has to be built anew.
MOST_NOTED = 10_000

# One row. Transactions before the snapshot's oldest have ended, and all that they wrote is seen.
LOOK = f"""
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_current_xact_id_if_assigned()::text::bigint,
        current_user <> '{ROLE}',
        (select coalesce(json_agg(json_build_array(noun, number, pruned)), '[]')
            from (select noun, max(id) filter (where form = {storing.FORM}), max(pruned) from events_storedindex group by noun)
                newest(noun, number, pruned)),
        (select coalesce(json_agg(json_build_array(id, transaction, noun, record)), '[]') from
            (select * from events_invalidation
                where transaction >= least(%s, pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
                limit {MOST_NOTED + 1}) noted)
"""
SINCE = "select distinct noun, record from events_invalidation where transaction >= %s limit %s"

Note = tuple[int, str, int]  # transaction, noun, record


@dataclass(frozen=True)
class Moment:
    """What a request's snapshot shows of the log and of the stored indexes."""

    oldest: int
    writes_as: int | None
    sees_all: bool
    stored: Mapping[str, int]
    pruned: int
    noted: Mapping[int, Note]

    @property
    def is_behind(self) -> bool:
        return len(self.noted) > MOST_NOTED


@dataclass(frozen=True)
class State:
    """Records in memory as they were at a moment: all that transactions before `oldest` noted is in it, and of later ones what has the
    numbers `seen`. A noun whose records are not in memory has None."""

    oldest: int
    seen: frozenset[int]
    dimensions: Dimensions
    nouns: Mapping[str, Records | None] = field(default_factory=dict)

    def missed(self, moment: Moment) -> set[int] | None:
        """The numbers of what was noted since; None where the state holds what the moment does not show, or may have missed what was
        pruned meanwhile."""
        # Of two moments the later one has no older transaction under way.
        if moment.oldest < self.oldest or self.oldest < moment.pruned:
            return None
        noted = {
            number for number, (transaction, *_rest) in moment.noted.items() if transaction >= self.oldest
        }
        return None if self.seen - noted else noted - self.seen

    def stands_on_newer(self, other: "State") -> bool:
        """Whether some segment of the other one was replaced since."""
        return any(
            records and (before := other.nouns.get(noun)) and before.base.segment is not records.base.segment
            for noun, records in self.nouns.items()
        )


class _Memory:
    """The states of this process, newest first; of a transaction that has written, which nobody else may see, one a thread."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.loading = threading.Lock()
        self.states: tuple[State, ...] = ()
        self.loaded: dict[str, Segment] = {}
        self.own = threading.local()

    def candidates(self, moment: Moment | None = None) -> tuple[State, ...]:
        transaction, state = getattr(self.own, "state", (None, None))
        if state is not None and (moment is None or moment.writes_as == transaction):
            return (state, *self.states)
        return self.states

    def keep(self, state: State, moment: Moment) -> None:
        if moment.writes_as is not None:
            self.own.state = (moment.writes_as, state)
        else:
            self.own.state = (None, None)
            # A state that stands on an older segment would keep that in memory.
            alike = [one for one in self.states if not state.stands_on_newer(one)]
            self.states = (state, *alike)[:KEPT]


_memory = _Memory()


def forget() -> None:
    """Begin with nothing in memory, as a new process does."""
    global _memory
    _memory = _Memory()


def current(nouns: Iterable[str]) -> Mapping[str, Records] | None:
    """The records of the nouns as the transaction that is under way sees them; None where the database has to be asked.

    One query where nothing was noted since the last call, none within one `reading()`. Otherwise what has changed is read, and at the
    first call all of it.
    """
    wanted = tuple(nouns)
    state = _current(wanted)
    found = {noun: state.nouns.get(noun) for noun in wanted} if state else {}
    return found if state and all(found.values()) else None  # type: ignore[return-value]


def dimensions() -> Dimensions | None:
    """What records are found by, as the transaction sees it; None where the database has to be asked. Costs as `current` does."""
    state = _current(())
    return state.dimensions if state else None


def _current(wanted: tuple[str, ...]) -> State | None:
    memory = _memory
    blocks = to_read().atomic_blocks
    block = blocks[-1] if blocks else None
    known: tuple[Any, State | None] = getattr(memory.own, "request", (None, None))
    if (
        block is not None
        and known[0] is block
        and known[1]
        and all(noun in known[1].nouns for noun in wanted)
    ):
        return known[1]
    moment = _look(memory)
    if moment.is_behind:
        _begin_anew(memory, moment)
        return None
    state, missed = _best(memory, moment)
    if state is None or missed or _is_to_load(memory, state, moment, wanted):
        if not memory.lock.acquire(timeout=PATIENCE):
            return None
        try:
            state, missed = _best(memory, moment)
            if state is None or missed or _is_to_load(memory, state, moment, wanted):
                state = _advanced(memory, state, missed, moment, wanted)
                memory.keep(state, moment)
        finally:
            memory.lock.release()
    _load_newer(memory, moment, wanted)
    # Readers' transactions have one snapshot and write nothing.
    memory.own.request = (None, None) if moment.sees_all else (block, state)
    return state


def _look(memory: _Memory) -> Moment:
    with to_read().cursor() as cursor:
        since = min((state.oldest for state in memory.candidates()), default=None)
        cursor.execute(LOOK, [since])
        oldest, writes_as, sees_all, stored, noted = cursor.fetchone()
    stored, noted = (json.loads(one) if isinstance(one, str) else one for one in (stored, noted))
    return Moment(
        oldest=oldest,
        writes_as=writes_as,
        sees_all=sees_all,
        stored={noun: number for noun, number, _pruned in stored if number},
        pruned=max((pruned for _noun, _number, pruned in stored), default=0),
        noted={number: (transaction, noun, record) for number, transaction, noun, record in noted},
    )


def _best(memory: _Memory, moment: Moment) -> tuple[State | None, set[int]]:
    """The state that has missed least, and what it has missed."""
    found = [
        (len(missed), place, state, missed)
        for place, state in enumerate(memory.candidates(moment))
        if (missed := state.missed(moment)) is not None
    ]
    if not found:
        return None, set()
    _count, _place, state, missed = min(found, key=lambda one: one[:2])
    return state, missed


def _is_to_load(memory: _Memory, state: State, moment: Moment, nouns: Iterable[str]) -> bool:
    for noun in nouns:
        records, newest = state.nouns.get(noun), _newest(memory, moment, noun)
        if records is None:
            # Nothing to load where it was looked for already: until another one is stored.
            if noun not in state.nouns or moment.stored.get(noun, 0) > newest:
                return True
        elif newest > records.base.segment.number:
            return True
    return False


def _newest(memory: _Memory, moment: Moment, noun: str) -> int:
    """The number of the newest index that can be had at once, 0 for none. One that the moment does not show was built after it."""
    shown = moment.stored.get(noun, 0)
    if moment.writes_as is not None:
        return shown
    return memory.loaded[noun].number if noun in memory.loaded and memory.loaded[noun].number <= shown else 0


def _advanced(
    memory: _Memory, state: State | None, missed: set[int], moment: Moment, nouns: Iterable[str]
) -> State:
    """The state brought to the moment, with the records of the nouns."""
    seen = frozenset(n for n, (transaction, *_rest) in moment.noted.items() if transaction >= moment.oldest)
    if state is None:
        state = State(moment.oldest, seen, Dimensions.read())
    changes: dict[str, set[int]] = defaultdict(set)
    for number in missed:
        _transaction, noun, record = moment.noted[number]
        changes[noun].add(record)
    dimensions = state.dimensions.renewed(changes)
    shown = newly_shown(state.dimensions, dimensions)
    found: dict[str, Records | None] = {}
    for noun, records in state.nouns.items():
        renewed = records and records.renewed(changes, shown, dimensions)
        if renewed or not records:
            found[noun] = renewed
    for noun in {*nouns, *found}:
        records = found.get(noun)
        number = records.base.segment.number if records else 0
        if (records is None and noun in nouns) or (records and _newest(memory, moment, noun) > number):
            found[noun] = _loaded(memory, noun, moment, dimensions) or records
    return State(moment.oldest, seen, dimensions, found)


def _loaded(memory: _Memory, noun: str, moment: Moment, dimensions: Dimensions) -> Records | None:
    """The records of a noun from the stored index, or from one made now where they are few."""
    segment = memory.loaded.get(noun)
    if noun in moment.stored and (
        segment is None or segment.oldest < moment.pruned or moment.writes_as is not None
    ):
        segment = storing.load(noun)
        if segment is not None and moment.writes_as is None:
            memory.loaded[noun] = segment
    if (
        segment is not None
        and segment.number <= moment.stored.get(noun, 0)
        and segment.oldest >= moment.pruned
    ):
        with to_read().cursor() as cursor:
            cursor.execute(SINCE, [segment.oldest, MOST_NOTED + 1])
            rows = cursor.fetchall()
        if len(rows) <= MOST_NOTED:
            changes: dict[str, set[int]] = defaultdict(set)
            for changed, record in rows:
                changes[changed].add(record)
            if records := unchanged(segment, dimensions).renewed(changes, {}, dimensions):
                return records
    if visible(noun).order_by()[: storing.SMALL + 1].count() > storing.SMALL:
        return None
    return unchanged(read(Source(noun), whole=moment.sees_all), dimensions)


def _begin_anew(memory: _Memory, moment: Moment) -> None:
    """Forget what is too old to be brought to the moment; the next request begins anew."""
    if moment.writes_as is None:
        memory.states = ()


def _load_newer(memory: _Memory, moment: Moment, nouns: Iterable[str]) -> None:
    """Load in the background what was stored since; until it is there, the older one answers."""
    newer = [
        noun
        for noun in nouns
        if noun in memory.loaded and moment.stored.get(noun, 0) > memory.loaded[noun].number
    ]
    if newer and moment.writes_as is None and memory.loading.acquire(blocking=False):
        threading.Thread(target=_load, args=(memory, newer), name="facets", daemon=True).start()


def _load(memory: _Memory, nouns: Iterable[str]) -> None:
    try:
        for noun in nouns:
            segment = storing.load(noun)
            if segment is not None:
                memory.loaded[noun] = segment
    except Exception:
        log.exception("A stored index could not be loaded; the older one goes on.")
    finally:
        memory.loading.release()
        connection.close()
