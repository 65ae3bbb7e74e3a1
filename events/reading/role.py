"""Readers' requests read as a role of the database that cannot see what is not public: see events/models/published.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from events.models.base import may_see_drafts
from events.models.published import ROLE, SCHEMA

# One snapshot for a request, so that a page and its counts agree. All of it ends with the transaction, so that a connection of a
# pool, or one that PgBouncer lends for a transaction, comes back as it was.
SNAPSHOT = "set transaction isolation level repeatable read;"
ENTER = f"set transaction read only; set local role {ROLE}; set local search_path to {SCHEMA}, public;"
# The views join tables that Python's own conditions join once more. PostgreSQL weighs the order of up to eight by itself, and met
# eleven on a participant's page; from twelve on it would guess (geqo_threshold).
PLAN = "set local join_collapse_limit to 11; set local from_collapse_limit to 11"


# Nobody waits longer for a page, and nobody can make the database work longer for one.
LIMIT = "; set local statement_timeout to {milliseconds}"


class ReaderRoleError(Exception):
    """The database does not let the archive take the readers' role; nothing was read."""


@contextmanager
def reading(seconds: float = 0) -> Iterator[None]:
    """Inside, the database shows what every reader may see, and takes nothing; three exchanges with it more. With `seconds` it ends
    a query that takes longer (see `took_too_long`).

    In a transaction that is under way (tests run in one) it is a savepoint, and the snapshot is that of the transaction. Rolled back
    at the end in any case, which takes role and path back too. Raises ReaderRoleError where the role cannot be taken.
    """
    statements = ENTER + PLAN if connection.in_atomic_block else SNAPSHOT + ENTER + PLAN
    if seconds:
        statements += LIMIT.format(milliseconds=round(seconds * 1000))
    with transaction.atomic():
        try:
            _take_role(statements)
            yield
        finally:
            transaction.set_rollback(True)


def _take_role(statements: str) -> None:
    try:
        # Past Django's cursor, whose wrappers (the history has one) may put a query first: the isolation is told before any.
        with connection.wrap_database_errors:
            connection.connection.execute(statements)
    except OperationalError:
        raise
    except DatabaseError as error:
        raise ReaderRoleError(
            f"The database does not let the archive read as {ROLE}, and readers are answered in no other way. Run `manage.py migrate`,"
            f' or see "Database roles" in docs/operations.md. The database says: {str(error).strip()}'
        ) from error


def took_too_long(error: OperationalError) -> bool:
    """Whether the database has ended a query since it took longer than readers' queries may (`query_canceled` in PostgreSQL's list)."""
    return getattr(error.__cause__, "sqlstate", "") == "57014"


def reader_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Everything outside of the admin is read as `reading` does, error pages included, unless the user may see drafts.

    Stands last, so that sessions, accounts and messages are read and written outside of it.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(reverse("admin:index")) or may_see_drafts(request.user):
            return get_response(request)
        if request.user.is_authenticated:
            request.user.get_all_permissions()  # kept on the user: templates ask, and the role may not look
        with reading(settings.READER_QUERY_SECONDS):
            response: Any = get_response(request)
        if response.streaming and getattr(response, "file_to_stream", None) is None:
            if response.is_async:
                raise TypeError("An asynchronous stream cannot be read as the readers' role.")
            response.streaming_content = _streamed(response.streaming_content)
        return response

    return middleware


def _streamed(content: Iterator[bytes]) -> Iterator[bytes]:
    """A stream is made after the view has answered, and what it reads then is read as the role too, in one transaction."""
    with reading():
        yield from content
