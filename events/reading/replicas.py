"""Strangers may be answered by streaming replicas of the database; everybody else, and every write, by the primary.

Whoever has a session stays on the primary, so that editors see at once what they have written, with what the forms say beside it.
Used only where ``REPLICA_URL`` names replicas.
"""

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.http import HttpRequest, HttpResponseBase

from events.reading.copies import is_of_a_stranger

CHECKED_FOR = 1.0  # seconds that the state of a replica is believed
PAUSE = 10.0  # seconds until a server is asked again that did not answer
log = logging.getLogger("events.replicas")
_alias: ContextVar[str] = ContextVar("archive_database", default=DEFAULT_DB_ALIAS)


class ReplicaRouter:
    """Reads go where the request was sent, writes to the primary, and migrations there alone."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return _alias.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


def replica_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Sends the request of a stranger to one database, the same one for all that it reads. Stands before all that reads."""
    replicas = Replicas(settings.REPLICAS, settings.REPLICA_MAX_LAG)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not is_of_a_stranger(request):
            return get_response(request)
        token = _alias.set(replicas.choose())
        try:
            return get_response(request)
        finally:
            _alias.reset(token)

    return middleware


class Replicas:
    """The replicas as one process knows them: which of them answer, and have what the primary had `max_lag` seconds ago.

    Measured by positions in the log of the database. The clocks of the servers do not matter, nor that a primary at rest sends nothing.
    """

    def __init__(self, aliases: list[str], max_lag: int) -> None:
        self.aliases, self.max_lag = aliases, max_lag
        self.usable = dict.fromkeys(aliases, False)
        self.due = dict.fromkeys([*aliases, DEFAULT_DB_ALIAS], 0.0)
        self.written: deque[tuple[float, int]] = deque(maxlen=max_lag + 2)
        self.checking = threading.Lock()

    def choose(self) -> str:
        """A replica by chance that is usable and connected, else the primary. Twice a second at most it asks a server for its state."""
        for alias in random.sample(self.aliases, len(self.aliases)):
            # Who finds it being checked goes by what was known before.
            if time.monotonic() >= self.due[alias] and self.checking.acquire(blocking=False):
                try:
                    self._check(alias)
                finally:
                    self.checking.release()
            if self.usable[alias] and self._is_connected(alias):
                return alias
        return DEFAULT_DB_ALIAS

    def _is_connected(self, alias: str) -> bool:
        try:
            connections[alias].ensure_connection()
        except Error as error:
            self._leave_out(alias, str(error))
            return False
        return True

    def _check(self, alias: str) -> None:
        self._note_primary()
        self.due[alias] = time.monotonic() + CHECKED_FOR
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute(
                    "select pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint"
                )
                is_replica, replayed = cursor.fetchone()
        except Error as error:
            self._leave_out(alias, str(error))
            return
        if not is_replica:
            self._leave_out(alias, "it is no replica")
            return
        usable = (replayed or 0) >= self._required()
        if usable != self.usable[alias]:
            log.warning(
                "The replica %s is %s.", alias, "in use" if usable else f"more than {self.max_lag} s behind"
            )
        self.usable[alias] = usable

    def _leave_out(self, alias: str, reason: str) -> None:
        log.warning("The replica %s is left out: %s", alias, reason.strip())
        self.usable[alias] = False
        self.due[alias] = time.monotonic() + PAUSE

    def _note_primary(self) -> None:
        """Note how far the primary has written. Where it does not answer, nothing is newer than what the replicas have."""
        now = time.monotonic()
        if now < self.due[DEFAULT_DB_ALIAS]:
            return
        if self.written and now - self.written[-1][0] > self.max_lag:
            self.written.clear()  # nobody has asked for a while, and what was written then says nothing of now
        self.due[DEFAULT_DB_ALIAS] = now + CHECKED_FOR
        try:
            with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
                cursor.execute("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint")
                self.written.append((now, cursor.fetchone()[0]))
        except Error:
            self.due[DEFAULT_DB_ALIAS] = time.monotonic() + PAUSE

    def _required(self) -> int:
        """The position that a replica must have reached: what the primary had written `max_lag` seconds ago, or the oldest that is known."""
        then = time.monotonic() - self.max_lag
        old = [position for moment, position in self.written if moment <= then]
        return old[-1] if old else self.written[0][1] if self.written else 0
