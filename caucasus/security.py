"""The response headers that Django 5.2 does not set itself, or not on every answer."""

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse


def build_content_security_policy(directives: Mapping[str, Iterable[str]]) -> str:
    """The value of the Content-Security-Policy header, directives in the order given. See https://www.w3.org/TR/CSP3/"""
    return "; ".join(" ".join([name, *values]) for name, values in directives.items())


def build_permissions_policy(features: Mapping[str, Iterable[str]]) -> str:
    """The value of the Permissions-Policy header; an empty list denies the feature to everyone, this site included."""
    return ", ".join(f"{name}=({' '.join(values)})" for name, values in features.items())


class SecurityHeadersMiddleware:
    """Sets the headers on every answer: static files, redirects, refusals and error pages included.

    Django's own middleware set some of them too, but not on what stands before them in the row. The policy of the admin is
    ``settings.SECURE_CSP_ADMIN``, of everything else ``settings.SECURE_CSP``. The one exception is that of Django 6: the
    technical 404 and 500 pages of ``DEBUG``, which carry their style inline.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = build_content_security_policy(settings.SECURE_CSP)
        self.policy_of_admin = build_content_security_policy(settings.SECURE_CSP_ADMIN)
        self.headers = {
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": build_permissions_policy(settings.PERMISSIONS_POLICY),
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if not (settings.DEBUG and response.status_code in (404, 500)):
            of_admin = request.path.startswith(reverse("admin:index"))
            response.headers.setdefault(
                "Content-Security-Policy", self.policy_of_admin if of_admin else self.policy
            )
        return response
