"""The second factor of an account: one device that makes codes, and ten back-up codes for the day it is lost."""

import math
import re
import secrets
import time
import unicodedata
from base64 import b32encode
from typing import Any

import qrcode
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

CODES = 10
CODE_DIGITS = 6
BACK_UP_DIGITS = 10
LONGEST_WAIT = 10  # in wrong codes: from so many on the next one waits 2^9 seconds, and no longer


def device_of(user: Any) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def has_device(user: Any) -> bool:
    return device_of(user) is not None


def codes_left(user: Any) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def check(request: HttpRequest, user: Any, text: str) -> Device:
    """The device of `user` whose code this is; a code works once.

    Raises ValidationError for any other text. A wrong code counts as a failed sign-in, and the device takes none for a second,
    then two, four and so on up to nine minutes: whoever knows the password could otherwise shut its owner out for years.
    """
    code = _digits(text)
    kinds = {CODE_DIGITS: TOTPDevice, BACK_UP_DIGITS: StaticDevice}
    if len(code) not in kinds:
        raise ValidationError(
            _("A code of your device has six digits, a back-up code has ten: 123456 or 12345 67890.")
        )
    with transaction.atomic():
        device = kinds[len(code)].objects.select_for_update().filter(user=user, confirmed=True).first()
        why: Any
        if device:
            device.throttling_failure_count = min(device.throttling_failure_count, LONGEST_WAIT)
        allowed, why = device.verify_is_allowed() if device else (True, {})
        is_right = bool(device and allowed and device.verify_token(code))
    if not allowed:
        seconds = max(1, math.ceil((why["locked_until"] - timezone.now()).total_seconds()))
        raise ValidationError(
            ngettext(
                "Too many wrong codes. Wait %(n)s second, and then enter the next code.",
                "Too many wrong codes. Wait %(n)s seconds, and then enter the next code.",
                seconds,
            )
            % {"n": seconds}
        )
    if not is_right:
        user_login_failed.send(
            sender=__name__, credentials={"username": user.get_username()}, request=request
        )
        raise ValidationError(_("This code is not right, or it was used already. Enter the next one."))
    return device


def _digits(text: str) -> str:
    """The code without the blanks and hyphens that people put between; "" where it is not made of digits."""
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    return code if code.isascii() and code.isdecimal() else ""


def new_key() -> str:
    """A secret of 160 bits in hexadecimal digits, for a device to be set up."""
    return random_hex(20)


def address(user: Any, key: str) -> str:
    """What the QR code says: the address by which authenticator apps take a secret."""
    return TOTPDevice(user=user, key=key).config_url


def spelled(key: str) -> str:
    """The secret as it is typed into an app that cannot see the QR code."""
    letters = b32encode(bytes.fromhex(key)).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def qr_code(text: str) -> tuple[int, str]:
    """A QR code as the side of a square in modules, its white border included, and the path of an SVG that fills the dark ones."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    code.make()
    rows = code.get_matrix()
    runs = []
    for y, row in enumerate(rows):
        line = "".join("1" if dark else "0" for dark in row)
        runs += [
            f"M{run.start()} {y}h{run.end() - run.start()}v1H{run.start()}z"
            for run in re.finditer("1+", line)
        ]
    return len(rows), "".join(runs)


def attach(user: Any, key: str, text: str, is_first: bool) -> TOTPDevice:
    """The device that holds this secret, in place of the one that `user` had and of its back-up codes, whose sessions end.

    Raises ValidationError where the code is not its, and where it was to be the first one and is not.
    """
    code = _digits(text)
    if len(code) != CODE_DIGITS:
        raise ValidationError(_("Enter the six digits that your app shows now, for example 123456."))
    clock = TOTP(bytes.fromhex(key))
    clock.time = time.time()
    if not clock.verify(int(code), tolerance=1):
        raise ValidationError(
            _("This is not the code that belongs to the picture. Is the clock of your device right?")
        )
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if is_first and has_device(user):
            raise ValidationError(
                _("Your account has a device by now. Sign in anew with a code of that one.")
            )
        forget(user)
        return TOTPDevice.objects.create(
            user=user, key=key, name="app", drift=clock.drift, last_t=clock.t(), last_used_at=timezone.now()
        )


def make_codes(user: Any) -> list[str]:
    """Ten new back-up codes, to be shown once; those of before do not work any more."""
    codes: set[str] = set()
    while len(codes) < CODES:
        codes.add(f"{secrets.randbelow(10**BACK_UP_DIGITS):0{BACK_UP_DIGITS}}")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        device = StaticDevice.objects.filter(user=user).first() or StaticDevice.objects.create(
            user=user, name="back-up codes"
        )
        device.token_set.all().delete()
        StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return sorted(f"{code[:5]} {code[5:]}" for code in codes)


def forget(user: Any) -> bool:
    """Take away the device and the back-up codes; whether there was a device."""
    StaticDevice.objects.filter(user=user).delete()
    return bool(TOTPDevice.objects.filter(user=user).delete()[0])
