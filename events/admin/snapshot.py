"""Captures of pages, and what became of sources: looked at here, and checked from an article's page or list."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.admin.base import ReadOnlyAdmin
from events.editing import checking, fetching
from events.editing.checking import Report
from events.editing.visiting import Visitor
from events.models import Article, PageCheck, Quotation, Snapshot, SourceCheck

MOST_AT_ONCE = 5  # articles that an editor waits for


def described(check: SourceCheck | None) -> str:
    """A quotation's state as a list shows it: "Source gone, last seen May 3, 2026"."""
    if check is None:
        return _("Not checked yet")
    if check.is_seen:
        return _("%(state)s on %(day)s") % {
            "state": check.get_state_display(),
            "day": date_format(check.checked_at),
        }
    if check.seen_at is None:
        return _("%(state)s since %(day)s, never seen there") % {
            "state": check.get_state_display(),
            "day": date_format(check.since),
        }
    return _("%(state)s, last seen %(day)s") % {
        "state": check.get_state_display(),
        "day": date_format(check.seen_at),
    }


def check_of(quotation: Quotation) -> SourceCheck | None:
    return getattr(quotation, "source_check", None) if quotation.pk else None


class SourceStateFilter(admin.SimpleListFilter):
    title = gettext_lazy("words in the source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[Any, Any]]:
        return [*SourceCheck.State.choices, ("none", _("Not checked yet"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "none":
            return queryset.filter(source_check=None).exclude(article__url="")
        return queryset.filter(source_check__state=self.value()) if self.value() else queryset


class WithSourceState:
    """For the admin of quotations and for their rows: what became of the words, read-only."""

    @admin.display(description=gettext_lazy("in the source"))
    def source_state(self, obj: Quotation) -> str:
        """In full, as the page of a quotation or its row shows it; "–" for a row that is not filled in yet."""
        if not obj.pk:
            return "–"
        check = check_of(obj)
        if check is None or not check.nearest:
            return described(check)
        return _("%(state)s. Nearest words there now: “%(words)s”") % {
            "state": described(check),
            "words": check.nearest,
        }

    @admin.display(description=gettext_lazy("in the source"), ordering="source_check__checked_at")
    def source_mark(self, obj: Quotation) -> str:
        """In short, as a list shows it."""
        return described(check_of(obj))


class ChecksSources:
    """For the admin of articles: check chosen ones now, or the one that is open."""

    slow_actions: tuple[str, ...] = ("check_source",)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view  # type: ignore[attr-defined]
        checked = path("<int:pk>/check/", wrap(self.check_view), name="events_article_check")
        return [checked, *super().get_urls()]  # type: ignore[misc]

    def check_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = Article.objects.filter(pk=pk).first() if pk < 2**63 else None
        if not self.has_change_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied  # that of the list: a check changes nothing that the record says
        if article is None:
            raise Http404
        self._check(request, [article])
        return HttpResponseRedirect(reverse("admin:events_article_change", args=[pk]))

    @admin.action(description=gettext_lazy("Check the source now"), permissions=["change"])
    def check_source(self, request: HttpRequest, queryset: Any) -> None:
        numbers = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(numbers) > MOST_AT_ONCE:
            message = _(
                "Choose at most %s articles: you wait for their servers. The nightly run checks all others."
            )
            self._say(request, message % MOST_AT_ONCE, messages.ERROR)
            return
        self._check(request, Article.objects.filter(pk__in=numbers).order_by("pk"))

    def _check(self, request: HttpRequest, articles: Iterable[Article]) -> None:
        visitor = Visitor(seconds=fetching.DEADLINE)
        for article in articles:
            if not article.url:
                self._say(request, _("“%s” has no address to ask.") % article, messages.WARNING)
                continue
            level, outcome = told(checking.check(article, visitor))
            self._say(request, f"“{article}”: {outcome}", level)

    def _say(self, request: HttpRequest, message: str, level: int) -> None:
        self.message_user(request, message, level)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("source"))
    def page_state(self, obj: Article) -> str:
        check: PageCheck | None = getattr(obj, "page_check", None)
        if check is None:
            return _("The page has not been asked yet.")
        told = []
        if check.checked_at:
            state = _("the page was gone") if check.is_gone else _("the page was there")
            told.append(f"{date_format(check.checked_at, 'DATETIME_FORMAT')}: {state}.")
        if check.failure:
            told.append(f"{date_format(check.tried_at, 'DATETIME_FORMAT')}: {check.failure}")
        snapshots = f"{reverse('admin:events_snapshot_changelist')}?article__id__exact={obj.pk}"
        return format_html('{} <a href="{}">{}</a>', " ".join(told), snapshots, _("Snapshots"))


def told(report: Report) -> tuple[int, str]:
    """What a check came to, for the editor who asked for it."""
    if report.failure:
        return messages.ERROR, report.failure
    words = dict(SourceCheck.State.choices)
    parts = [_("the page is gone") if report.is_gone else _("the page is there")]
    for state, count in sorted(report.states.items()):
        text = ngettext("%(n)s quotation: %(state)s", "%(n)s quotations: %(state)s", count)
        parts.append(text % {"n": count, "state": str(words[state]).lower()})
    parts.append(_("a new snapshot is stored") if report.is_stored else _("nothing new to store"))
    lost = report.is_gone or bool(report.states.keys() - set(SourceCheck.SEEN))
    return messages.WARNING if lost else messages.SUCCESS, "; ".join(parts) + "."


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    """Captures are made by the archive and never edited. The file is only ever downloaded: a stored page must not run here."""

    list_display = ("article", "fetched_at", "http_status", "media_type", "outcome")
    list_filter = ("outcome", "media_type")
    list_select_related = ("article",)
    fields = (
        "article",
        "fetched_at",
        "outcome",
        "http_status",
        "media_type",
        "final_url",
        "etag",
        "last_modified",
        "sha256",
        "download",
        "text",
    )
    readonly_fields = ("download",)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        is_page = (
            request.resolver_match is not None and request.resolver_match.url_name == "events_snapshot_change"
        )
        return rows.defer("article__text") if is_page else rows.defer("text", "article__text")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "article__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=gettext_lazy("file"))
    def download(self, obj: Snapshot) -> str:
        if not obj.file:
            return "–"
        address = reverse("admin:events_snapshot_file", args=[obj.pk])
        return format_html('<a href="{}" download>{}</a>', address, _("Download the WARC file"))

    def get_urls(self) -> list[URLPattern]:
        file = path("<int:pk>/file/", self.admin_site.admin_view(self.file_view), name="events_snapshot_file")
        return [file, *super().get_urls()]

    def file_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """The WARC file as a download, so that no browser takes the page in it for one of ours."""
        snapshot = Snapshot.objects.defer("text").filter(pk=pk).first() if pk < 2**63 else None
        if not self.has_view_permission(request, snapshot):
            raise PermissionDenied
        if snapshot is None or not snapshot.file:
            raise Http404
        try:
            file = snapshot.file.open("rb")
        except FileNotFoundError:
            raise Http404(_("The file is not in the store.")) from None
        name = (snapshot.file.name or "").rpartition("/")[2]
        answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/warc")
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers.pop(
            "Content-Encoding", None
        )  # the file is a set of packed records, not a packed answer
        return answer
