"""The app on somebody's telephone: it makes the codes of a secret."""

import time
from base64 import b32decode
from typing import Any

from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

BACK_UP = "1234567890"


class Authenticator:
    """Each code is that of half a minute later than the last one's, as a code works once."""

    def __init__(self, secret: str) -> None:
        self.key = b32decode(secret.replace(" ", ""))
        self.steps = -1

    def code(self) -> str:
        self.steps += 1
        clock = TOTP(self.key)
        clock.time = time.time() + 30 * self.steps
        return f"{clock.token():06}"


def give_device(user: Any) -> Authenticator:
    """A device and one back-up code for `user`."""
    device = TOTPDevice.objects.create(user=user, name="app")
    StaticToken.objects.create(
        device=StaticDevice.objects.create(user=user, name="back-up codes"), token=BACK_UP
    )
    app = Authenticator("")
    app.key = device.bin_key
    return app
