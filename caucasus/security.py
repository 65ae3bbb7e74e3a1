"""The response headers that Django 5.2 does not set itself."""

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


def build_content_security_policy(directives: Mapping[str, Iterable[str]]) -> str:
    """The value of the Content-Security-Policy header, directives in the order given. See https://www.w3.org/TR/CSP3/"""
    return "; ".join(" ".join([name, *values]) for name, values in directives.items())


def build_permissions_policy(features: Mapping[str, Iterable[str]]) -> str:
    """The value of the Permissions-Policy header; an empty list denies the feature to everyone, this site included."""
    return ", ".join(f"{name}=({' '.join(values)})" for name, values in features.items())


class ContentSecurityPolicyMiddleware:
    """Sets the policy of ``settings.SECURE_CSP`` on every answer, static files and error pages included.

    The one exception is that of Django 6: the technical 404 and 500 pages of ``DEBUG``, which carry their style inline.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.content_security_policy = build_content_security_policy(settings.SECURE_CSP)
        self.permissions_policy = build_permissions_policy(settings.PERMISSIONS_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.permissions_policy)
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault("Content-Security-Policy", self.content_security_policy)
        return response
