"""Whether sources still say what the archive quotes: what became of an article's page, and of each quotation's words there."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.models.article import Article, Snapshot
from events.models.base import VisibleQuerySet
from events.models.quotation import Quotation

# One answer of 503, or one night without the server, says nothing about the source.
FAILURES_TO_BELIEVE = 3
TIME_TO_BELIEVE = timedelta(days=2)


class PageCheck(models.Model):
    """How the last requests for an article's page went, and what the next one needs to know.

    `checked_at` is the last time that an answer said what became of the page, `tried_at` the last request of all. A failure in
    between changes nothing that was known; `failures` counts those in a row since `failing_since`.
    """

    article = models.OneToOneField(
        Article, models.CASCADE, related_name="page_check", verbose_name=_("article"), editable=False
    )
    tried_at = models.DateTimeField(_("asked"), editable=False)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True, editable=False)
    is_gone = models.BooleanField(_("the page is gone"), default=False, editable=False)
    snapshot = models.ForeignKey(
        Snapshot,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("latest snapshot"),
    )
    final_url = models.TextField(_("final address"), blank=True, default="", editable=False)
    etag = models.CharField(_("ETag"), max_length=500, blank=True, default="", editable=False)
    last_modified = models.CharField(
        _("Last-Modified"), max_length=100, blank=True, default="", editable=False
    )
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    failure = models.CharField(_("why it failed"), max_length=300, blank=True, default="", editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a page")
        verbose_name_plural = _("checks of pages")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(checked_at=None) | Q(checked_at__lte=F("tried_at")),
                name="pagecheck_asked_when_checked",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since=None)
                | Q(failures__gt=0, failing_since__isnull=False, failing_since__lte=F("tried_at"))
                & ~Q(failure=""),
                name="pagecheck_failing_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["article"], condition=Q(is_gone=True), name="pagecheck_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.tried_at:%Y-%m-%d %H:%M}"

    @classmethod
    def visibility(cls, user: Any = None, path: str = "") -> Q:
        return Article.visibility(user, f"{path}article__")

    @property
    def is_unreachable(self) -> bool:
        """Whether the page has failed so often, for so long, that readers are told."""
        return (
            self.failures >= FAILURES_TO_BELIEVE
            and self.failing_since is not None
            and self.tried_at - self.failing_since >= TIME_TO_BELIEVE
        )

    def fail(self, moment: datetime, reason: str, *, counts: bool = True) -> None:
        """Note a request that said nothing about the page."""
        self.tried_at, self.failure = moment, reason[:300]
        if counts:
            self.failures = min(self.failures + 1, 30_000)
            self.failing_since = self.failing_since or moment

    def succeed(self, moment: datetime, *, is_gone: bool) -> None:
        """Note an answer that said what became of the page."""
        self.tried_at = self.checked_at = moment
        self.is_gone = is_gone
        self.failures, self.failing_since, self.failure = 0, None, ""


class SourceCheck(models.Model):
    """What became of a quotation's words on the page that printed them. One row a quotation, seen where the quotation is.

    The archive's own text is not touched by it. The row speaks of the words and of the address as they are: the database forgets it
    when either changes. While the words stand in the source, `seen_at` is the day of the last check; afterwards it stays.
    """

    class State(models.TextChoices):
        SAME = "same", _("In the source")
        MOVED = "moved", _("Elsewhere in the source")
        CHANGED = "changed", _("Source changed")
        GONE = "gone", _("Source gone")
        UNREACHABLE = "failing", _("Source out of reach")

    SEEN = (State.SAME, State.MOVED)

    quotation = models.OneToOneField(
        Quotation,
        models.CASCADE,
        related_name="source_check",
        verbose_name=_("quotation"),
        editable=False,
    )
    state = models.CharField(_("state"), max_length=8, choices=State, editable=False)
    since = models.DateTimeField(_("since"), editable=False)
    checked_at = models.DateTimeField(_("checked"), editable=False)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True, editable=False)
    seen_in = models.ForeignKey(
        Snapshot,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("snapshot that holds the words"),
    )
    nearest = models.CharField(
        _("nearest words there now"), max_length=200, blank=True, default="", editable=False
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a source")
        verbose_name_plural = _("checks of sources")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["same", "moved", "changed", "gone", "failing"]),
                name="sourcecheck_state_known",
            ),
            models.CheckConstraint(
                condition=Q(since__lte=F("checked_at")), name="sourcecheck_since_before_check"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["same", "moved"],
                    seen_at__isnull=False,
                    seen_at=F("checked_at"),
                    seen_in__isnull=False,
                )
                | ~Q(state__in=["same", "moved"])
                & (
                    Q(seen_at=None, seen_in=None)
                    | Q(seen_at__isnull=False, seen_at__lte=F("checked_at"), seen_in__isnull=False)
                ),
                name="sourcecheck_seen_when_there",
            ),
            models.CheckConstraint(
                condition=Q(nearest="") | Q(state="changed"), name="sourcecheck_nearest_when_changed"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state"], name="sourcecheck_by_state")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} ({self.checked_at:%Y-%m-%d})"

    @classmethod
    def visibility(cls, user: Any = None, path: str = "") -> Q:
        return Quotation.visibility(user, f"{path}quotation__")

    @property
    def is_seen(self) -> bool:
        """Whether the words stood in the source when it was checked last."""
        return self.state in self.SEEN

    def find(
        self,
        state: str,
        moment: datetime,
        *,
        snapshot: Snapshot | None = None,
        nearest: str = "",
        since: datetime | None = None,
    ) -> None:
        """Note what a check found at that moment; `snapshot` is the capture that holds the words, where they are there, and `since`
        when the state began, where that was before."""
        moment = max(moment, self.checked_at) if self.checked_at else moment
        if state != self.state:
            self.state, self.since = state, since or moment
        self.checked_at = moment
        if state in self.SEEN:
            self.seen_at = moment
            self.seen_in = snapshot or self.seen_in
        self.nearest = nearest[:200] if state == self.State.CHANGED else ""
