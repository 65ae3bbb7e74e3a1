"""Passwords cannot be guessed: failed sign-ins are counted by name and address together, and by address alone.

django-axes keeps the counts and refuses; here stands who counts as one, how much is too much, and what is answered then. Nobody
can be locked out from elsewhere: failures at one address never count for another.
"""

import ipaddress
import logging
import math
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

UNKNOWN_ADDRESS = "0.0.0.0"
log = logging.getLogger("caucasus.sign_in")


def client_address(request: HttpRequest) -> str:
    """The address that a request comes from, ``0.0.0.0`` where there is none; of an IPv6 address the first 64 bits.

    Behind ``TRUSTED_PROXIES`` proxies it is what the outermost of them has written into X-Forwarded-For: that many from the
    right. What stands before it anybody may have sent.
    """
    proxies = settings.TRUSTED_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    told = read_address(forwarded[-proxies]) if 0 < proxies <= len(forwarded) else None
    return told or read_address(request.META.get("REMOTE_ADDR", "")) or UNKNOWN_ADDRESS


def read_address(text: str) -> str | None:
    """An IP address as some proxies write it, with a port or in brackets; None for anything else.

    Of IPv6 the network of 64 bits: one customer has at least as much, so each of them could try a password from 2^64 addresses.
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name of an attempt as it is counted, so that no other way to write one name gives more attempts."""
    return counted_name((request.POST if credentials is None else credentials).get("username") or "")


def counted_name(name: str) -> str:
    return unicodedata.normalize("NFKC", name[:255]).strip().casefold()[:255]


class SignIns(AxesDatabaseHandler):
    """Counts failures, refuses where they are too many, and writes a line to the log for each sign-in, sign-out and failure."""

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, ip_or_username: bool = False
    ) -> int:
        """What the commands `axes_reset…` do, for names and addresses as people write them."""
        return super().reset_attempts(
            ip_address=ip_address and (read_address(ip_address) or ip_address),
            username=username and counted_name(username),
            ip_or_username=ip_or_username,
        )

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Failures of this name at this address; the limit, where the address alone has failed too often with any names."""
        failures = super().get_failures(request, credentials)
        limit = settings.AXES_FAILURE_LIMIT
        if failures < limit and count(recent(request)) >= settings.SIGN_IN_FAILURES_OF_AN_ADDRESS:
            return limit
        return failures

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is not None:
            refused = "Sign-in refused" if request.axes_locked_out else "Sign-in failed"  # type: ignore[attr-defined]
            log.warning("%s: %a from %s", refused, name_tried(request, credentials), client_address(request))

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        super().user_logged_in(sender, request, user, **kwargs)
        log.info("Signed in: %a from %s", user.get_username(), client_address(request))

    def user_logged_out(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        super().user_logged_out(sender, request, user, **kwargs)
        if user is not None:
            log.info("Signed out: %a from %s", user.get_username(), client_address(request))


def recent(request: HttpRequest) -> QuerySet[AccessAttempt]:
    """The failures of the request's address that still count."""
    return AccessAttempt.objects.filter(
        ip_address=client_address(request), attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME
    )


def count(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0


def free_again(attempts: QuerySet[AccessAttempt], limit: int) -> datetime | None:
    """When so many of these failures will have lapsed that fewer than `limit` are left; None where they are fewer now."""
    left = count(attempts)
    until = None
    for failures, at in attempts.order_by("attempt_time").values_list("failures_since_start", "attempt_time"):
        if left < limit:
            break
        left, until = left - failures, at + settings.AXES_COOLOFF_TIME
    return until


def answer_locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """The page that says when to try again, with status 429 and Retry-After."""
    of_address = recent(request)
    of_name = of_address.filter(username=name_tried(request, credentials))
    now = timezone.now()
    all_names = free_again(of_address, settings.SIGN_IN_FAILURES_OF_AN_ADDRESS)
    this_name = free_again(of_name, settings.AXES_FAILURE_LIMIT)
    until = max(all_names or now, this_name or now, now + timedelta(seconds=1))
    seconds = math.ceil((until - now).total_seconds())
    told = {"until": until, "minutes": math.ceil(seconds / 60), "all_names": all_names is not None}
    answer = render(request, "429.html", told, status=429)
    answer.headers["Retry-After"] = str(seconds)
    add_never_cache_headers(answer)
    return answer
