"""The history of a record at the desk: its versions, what each changed, and restoring one, also of a record that was deleted."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.admin.desk import is_number, is_version
from events.editing import versions
from events.editing.history import LONGEST_COMMENT
from events.models import Version
from events.models.base import patiently, rule_broken_by

PER_PAGE = 20


def compared_url(version: Version, earlier: int) -> str:
    """Where a version is compared with an earlier one of the same record."""
    page = reverse(f"admin:events_{version.noun}_version", args=[version.record, version.number])
    return f"{page}?with={earlier}#compare"


class HistoryPages(admin.ModelAdmin):
    """For the admin of every noun: the pages of its versions, in place of Django's own log."""

    def get_urls(self) -> Any:
        name = f"events_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("deleted/", view(self.deleted_view), name=f"{name}_deleted"),
            path("<path:object_id>/history/<int:number>/", view(self.version_view), name=f"{name}_version"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All versions, the latest first, each with what it changed."""
        rows, record = self._versions_of(request, object_id)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
        # One more than the page shows, for what the last one is compared with.
        first = (page.number - 1) * PER_PAGE
        shown = list(rows[first : first + PER_PAGE + 1])
        if not shown:
            raise Http404
        before = [*shown[1:], None][: len(page.object_list)]
        shown = shown[: len(before)]
        found = versions.compare(list(zip(before, shown, strict=True)))
        newest = rows[0]
        context = {
            "title": _("History: %s") % (record or _title(rows)),
            "entries": [
                {"version": version, "differences": differences, "is_newest": version.pk == newest.pk}
                for version, differences in zip(shown, found, strict=True)
            ],
            "page": page,
            "record": record,
            "object": record,
            "number": newest.record,
            **(extra_context or {}),
        }
        return self._history_page(request, "admin/history.html", context)

    def version_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """One version: what it says, how it differs from another (`?with=`, otherwise the newest), and a button to restore it."""
        rows, record = self._versions_of(request, object_id)
        version = rows.filter(number=number).first() if number < 2**31 else None
        if version is None:
            raise Http404
        may_restore = self._may_restore(request, record, version)
        if request.method == "POST":
            if not may_restore:
                raise PermissionDenied
            return self._restore_version(request, version)
        newest = rows[0]
        other = self._compared_with(rows, request.GET.get("with", ""), newest)
        last = newest if not newest.is_deletion else None
        said, changed, wanted = versions.compare([(None, version), (other, version), (last, version)])
        context = {
            "title": _("Version %(number)s: %(title)s") % {"number": number, "title": record or _title(rows)},
            "version": version,
            "newest": newest,
            "others": rows.exclude(pk=version.pk).select_related("change")[:200],
            "other": other,
            "said": said,
            "changed": changed if other is not None else [],
            "wanted": [one for one in wanted if one.name not in versions.STAYS],
            "may_restore": may_restore,
            "longest_comment": LONGEST_COMMENT,
            "record": record,
            "object": record,
            "number": newest.record,
        }
        return self._history_page(request, "admin/version.html", context)

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """The records of the noun that were deleted, the latest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Version.objects.deleted().filter(noun=self.opts.model_name).select_related("change")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
        entries = []
        for gone in page.object_list:
            content = Version.objects.filter(noun=gone.noun, record=gone.record, number__lt=gone.number)
            last = content.order_by("-number").first()
            entries.append({"gone": gone, "last": last, "title": str(last.instance()) if last else ""})
        context = {
            "title": _("Deleted %s") % self.opts.verbose_name_plural,
            "entries": entries,
            "page": page,
        }
        return self._history_page(request, "admin/deleted.html", context)

    def _versions_of(self, request: HttpRequest, object_id: str) -> tuple[Any, Any]:
        """The versions of the record with this number, the latest first, and the record, where it was not deleted."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not is_number(object_id):
            raise Http404
        rows = Version.objects.filter(noun=self.opts.model_name, record=object_id)
        if not rows.exists():
            raise Http404
        record = self.model.objects.filter(pk=object_id).first()
        return rows.select_related("change").order_by("-number"), record

    def _compared_with(self, rows: Any, asked: str, newest: Version) -> Version | None:
        if is_version(asked):
            return rows.filter(number=asked).first() or newest
        return newest

    def _may_restore(self, request: HttpRequest, record: Any, version: Version) -> bool:
        if version.is_deletion:
            return False
        if record is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, record) and not record.merged_into_id

    def _restore_version(self, request: HttpRequest, version: Version) -> HttpResponse:
        opened = request.POST.get("opened", "")
        page = reverse(f"admin:events_{self.opts.model_name}_version", args=[version.record, version.number])
        comment = request.POST.get("comment", "").strip()[:LONGEST_COMMENT]
        work = partial(
            versions.restore,
            version,
            request.user,
            comment=comment or _("Restored version %s.") % version.number,
            opened=int(opened) if is_version(opened) else None,
        )
        try:
            restored = patiently(work)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(page)
        except IntegrityError as error:
            told = _("Nothing was restored. %s") % rule_broken_by(error)
            self.message_user(request, told, messages.ERROR)
            return HttpResponseRedirect(page)
        for note in restored.notes:
            self.message_user(request, note, messages.WARNING)
        told = _("Version %(number)s of “%(record)s” was restored, as version %(new)s.")
        values = {"number": version.number, "record": restored.record, "new": restored.record.version}
        self.message_user(request, told % values, messages.SUCCESS)
        return HttpResponseRedirect(
            reverse(f"admin:events_{self.opts.model_name}_change", args=[version.record])
        )

    def _history_page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        common = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural),
            "page_range": list(context["page"].paginator.get_elided_page_range(context["page"].number))
            if "page" in context
            else [],
        }
        return TemplateResponse(request, template, {**common, **context})


def _title(rows: Any) -> str:
    """What a deleted record was called."""
    last = rows.exclude(status="").first()
    return str(last.instance()) if last else _("deleted")
