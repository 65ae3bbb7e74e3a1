from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase


def health_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answers ``/healthz/``: 200 and ``ok`` while the database answers, 503 otherwise. Costs one statement.

    A middleware and not a view, so that it can stand before the check of the host: load balancers and containers ask by an
    address that is nobody's name. They ask over plain HTTP too, which ``SECURE_REDIRECT_EXEMPT`` allows.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path != settings.HEALTH_PATH or request.method not in ("GET", "HEAD"):
            return get_response(request)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            status, text = 200, "ok\n"
        except DatabaseError:
            status, text = 503, "The database does not answer.\n"
        return HttpResponse(
            text, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"}
        )

    return middleware
