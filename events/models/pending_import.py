"""A table between its dry run and the editor's word: what was sent, and what was shown of it."""

import secrets
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# How long an editor may look at a dry run before the table must be sent anew.
KEPT = timedelta(hours=24)


def new_token() -> str:
    return secrets.token_urlsafe(24)


class PendingImportQuerySet(models.QuerySet):
    def of(self, user: Any) -> Self:
        """Those of `user` that have not run out."""
        return self.filter(user=user, created_at__gt=timezone.now() - KEPT)

    def clear(self, user: Any) -> None:
        """Delete what has run out, of whomever, and all that `user` has sent before."""
        self.filter(models.Q(user=user) | models.Q(created_at__lte=timezone.now() - KEPT)).delete()


class PendingImport(models.Model):
    """A table that an editor has sent and whose dry run they are looking at; one an editor, kept for a day.

    It stands in the database so that each process of the server finds it, and so that nothing that comes from the browser decides
    what is stored but the token and the editor's own session.
    """

    token = models.CharField(_("token"), max_length=40, unique=True, default=new_token, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("editor"), editable=False
    )
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    noun = models.CharField(_("noun"), max_length=20, editable=False)
    filename = models.CharField(_("file"), max_length=200, editable=False)
    data = models.BinaryField(_("table"), editable=False)
    create_unknown = models.BooleanField(_("drafts for unknown names"), default=False, editable=False)
    plan = models.CharField(_("digest of what was shown"), max_length=64, editable=False)
    shown = models.JSONField(_("what was shown"), default=dict, editable=False)
    report = models.TextField(_("what was shown, as CSV"), editable=False)

    objects = PendingImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending import")
        verbose_name_plural = _("pending imports")
        # Nobody browses these: each editor sees their own on the page for imports.
        default_permissions: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return self.filename
