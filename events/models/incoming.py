"""Articles that were read from an address or a file and that no editor has stored yet."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.article import Article

KEPT_FOR = timedelta(days=2)
MOST_OF_ONE_EDITOR = 20


class IncomingArticleQuerySet(models.QuerySet["IncomingArticle"]):
    def alive(self) -> "IncomingArticleQuerySet":
        """Those that an editor can still store."""
        return self.filter(read_at__gt=timezone.now() - KEPT_FOR)

    def sweep(self, user: Any) -> None:
        """Delete what is too old, and the editor's oldest beyond the number that one may have."""
        self.filter(read_at__lte=timezone.now() - KEPT_FOR).delete()
        latest = self.filter(user=user).order_by("-read_at", "-pk").values("pk")[:MOST_OF_ONE_EDITOR]
        self.filter(user=user).exclude(pk__in=latest).delete()


class IncomingArticle(models.Model):
    """What was read from an address, a file or a text, between the reading and the save.

    It belongs to the editor who asked for it, who sees and corrects `reading` in the form of an article. `page` holds what the server
    sent, so that the snapshot is of just that: it never goes through the browser. `article` is what became of it; a second save finds
    it there. Rows are deleted after two days.
    """

    token = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", editable=False)
    read_at = models.DateTimeField(_("read"), default=timezone.now, editable=False)
    source = models.TextField(_("read from"), blank=True, default="", editable=False)
    reading = models.JSONField(_("what was read"), default=dict, editable=False)
    page = models.BinaryField(_("what the server sent"), null=True, blank=True, editable=False)
    page_text = models.TextField(_("text of the page"), blank=True, default="", editable=False)
    article = models.ForeignKey(
        Article, models.CASCADE, null=True, blank=True, related_name="+", editable=False
    )

    objects = IncomingArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming article")
        verbose_name_plural = _("incoming articles")
        default_permissions = ()  # whoever may add articles
        indexes: ClassVar = [
            models.Index(fields=["read_at"], name="incomingarticle_by_age"),
        ]
        constraints: ClassVar = [
            # What was stored is a snapshot by then.
            models.CheckConstraint(
                condition=models.Q(article=None) | models.Q(page=None),
                name="incomingarticle_page_until_stored",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source or self.reading.get('title', '')} ({self.read_at:%Y-%m-%d %H:%M})"
