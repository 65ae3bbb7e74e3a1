"""Who changes records, by which way, and why: what the database writes beside each version that it keeps."""

import contextlib
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from psycopg.pq import TransactionStatus

from events.models import Change

LONGEST_COMMENT = 500  # characters of a reason that the desk takes
_WRITES = re.compile(r"\s*(insert|update|delete|merge|with|copy)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Stamp:
    user: str = ""
    via: str = ""
    comment: str = ""


_stamp: ContextVar[_Stamp | None] = ContextVar("archive_history", default=None)


@contextlib.contextmanager
def by(user: Any = None, *, via: str = "", comment: str = "") -> Iterator[None]:
    """Whatever is written to the archive inside is noted as the work of `user`, by the way `via` (of `Change.Via`), for the reason
    `comment`; what is left out is as outside.

    Each transaction inside is a change of its own. Inside of one that goes on already, what was written before and after keeps its
    own author. Costs one statement a transaction; one that writes without a transaction gets one.
    """
    outer = _stamp.get()
    known = outer or _Stamp()
    stamp = _Stamp(
        str(user.pk) if user is not None and user.pk else known.user,
        via or known.via,
        comment or known.comment,
    )
    token = _stamp.set(stamp)
    if _is_under_way():
        _keep_versions()
        _write(stamp)
    try:
        with connection.execute_wrapper(_stamp_transaction) if outer is None else contextlib.nullcontext():
            yield
        if _is_under_way():
            _keep_versions()
    finally:
        _stamp.reset(token)
        if _is_under_way():
            _write(known)


class HistoryMiddleware:
    """Notes what the requests of a signed-in person change as theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
            return self.get_response(request)
        with by(request.user, via=Change.Via.FORM):
            return self.get_response(request)


def _is_under_way() -> bool:
    """Whether a transaction goes on that can still be written to."""
    return (
        connection.in_atomic_block
        and not connection.needs_rollback
        and connection.connection is not None
        and connection.connection.info.transaction_status == TransactionStatus.INTRANS
    )


def _keep_versions() -> None:
    """Have the versions of what was changed so far kept now, and not at the end of the transaction."""
    connection.connection.execute("set constraints version_kept immediate")
    connection.connection.execute("set constraints version_kept deferred")


def _write(stamp: _Stamp) -> None:
    """Tell the database whose work the rest of the transaction is."""
    connection.connection.execute(
        "select set_config('archive.user', %s, true), set_config('archive.via', %s, true),"
        " set_config('archive.comment', %s, true), set_config('archive.change', '', true)",
        [stamp.user, stamp.via, stamp.comment.replace("\x00", "")],
    )


def _stamp_transaction(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """For `connection.execute_wrapper`: the first statement of a transaction is preceded by the stamp."""
    stamp = _stamp.get()
    if stamp is None:
        return execute(sql, params, many, context)
    if connection.in_atomic_block:
        if connection.connection.info.transaction_status == TransactionStatus.IDLE:
            _write(stamp)
        return execute(sql, params, many, context)
    if not _WRITES.match(str(sql)):
        return execute(sql, params, many, context)
    with transaction.atomic():
        _write(stamp)
        return execute(sql, params, many, context)
