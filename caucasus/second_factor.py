"""Whoever has not shown the second factor that is asked of them is nobody, on every page of the archive."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice


class SecondFactorMiddleware:
    """Stands after django-otp's middleware and before all that asks who `request.user` is.

    Answers to a browser that carries a session, and all of the admin's, are not to be stored: they may show drafts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        request.user = SimpleLazyObject(lambda: admitted(request, user))  # type: ignore[assignment]
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or request.path.startswith(reverse("admin:index")):
            patch_cache_control(response, private=True, no_store=True)
        return response


def admitted(request: HttpRequest, user: Any) -> Any:
    """`user`, or nobody where a second factor was not shown: asked of staff by ``OTP_REQUIRED``, and of all who have a device.

    A session ends for good when its account was made inactive, or when the device was removed that it was signed in with.
    Costs a statement where ``OTP_REQUIRED`` is off.
    """
    with_device = DEVICE_ID_SESSION_KEY in request.session
    if user.is_authenticated and user.is_verified():
        return user
    if with_device or (not user.is_authenticated and SESSION_KEY in request.session):
        request.session.flush()
        return AnonymousUser()
    if not user.is_authenticated:
        return user
    if user.is_staff and settings.OTP_REQUIRED:
        return AnonymousUser()
    return AnonymousUser() if TOTPDevice.objects.filter(user=user, confirmed=True).exists() else user
