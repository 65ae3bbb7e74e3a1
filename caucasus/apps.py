"""Apps of others under the name that the archive's people know them by."""

from axes.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignInsConfig(AppConfig):
    verbose_name = _("Sign-ins")
