"""The page of a noun's possible duplicates: two records side by side, to be merged or told apart."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import codes, dates
from events.admin.worklist import duplicates_url
from events.editing import duplicates
from events.models.base import Record
from events.models.duplicate import NOUNS as COMPARED

A_PAGE = 20  # pairs
_REQUEST = re.compile(r"(apart|back) ([0-9]{1,18}) ([0-9]{1,18})")


@dataclass(frozen=True)
class Row:
    """One thing that tells two records apart, or in which they are alike."""

    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second


class DuplicatePages(admin.ModelAdmin):
    """For the admin of a noun: the page of its possible duplicates."""

    def get_urls(self) -> Any:
        noun = str(self.opts.model_name)
        if noun not in COMPARED:
            return super().get_urls()
        view = self.admin_site.admin_view(self.duplicates_view)
        return [path("duplicates/", view, name=f"events_{noun}_duplicates"), *super().get_urls()]

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """GET lists the pairs that wait, with `?decided=1` those that were told apart; POST decides one (`decide=apart 3 7`, `back 3 7`) or
        searches again (`search=1`)."""
        noun = str(self.opts.model_name)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            return self._answer(request, noun)
        duplicates.refresh([noun])
        is_decided = request.GET.get("decided") == "1"
        listed: Any = duplicates.told_apart(noun) if is_decided else duplicates.pairs(noun)
        page = Paginator(listed, A_PAGE).get_page(request.GET.get("p"))
        records = duplicates.records(noun, page.object_list)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Pairs that are not the same") if is_decided else _("Possible duplicates"),
            "opts": self.opts,
            "page": page,
            "pairs": [self._pair(pair, records) for pair in page.object_list],
            "is_decided": is_decided,
            "decided_count": 0 if is_decided else duplicates.told_apart(noun).count(),
            "searched_at": duplicates.searched_at(noun),
            "may_decide": self.has_change_permission(request),
            "may_merge": request.user.has_perm(f"events.publish_{noun}"),
            "home": duplicates_url(noun),
        }
        return TemplateResponse(request, "admin/duplicates.html", context)

    def _pair(self, pair: Any, records: dict[int, Record]) -> dict[str, Any]:
        noun = str(self.opts.model_name)
        both = [records.get(pair.first), records.get(pair.second)]
        sides = [
            {
                "number": number,
                "record": record,
                "url": reverse(f"admin:events_{noun}_change", args=[number]) if record else "",
            }
            for number, record in zip((pair.first, pair.second), both, strict=True)
        ]
        told = [facts(record) if record else {} for record in both]
        labels = dict.fromkeys([*told[0], *told[1]])
        rows = [Row(label, told[0].get(label, ""), told[1].get(label, "")) for label in labels]
        query = urlencode({"first": pair.first, "second": pair.second})
        return {
            "pair": pair,
            "sides": sides,
            "rows": [row for row in rows if row.first or row.second],
            "merge_url": f"{reverse(f'admin:events_{noun}_merge')}?{query}" if all(both) else "",
        }

    def _answer(self, request: HttpRequest, noun: str) -> HttpResponse:
        if request.POST.get("search"):
            duplicates.search([noun])
            waiting = duplicates.pairs(noun).count()
            told = ngettext("Searched: %s pair waits.", "Searched: %s pairs wait.", waiting)
            self.message_user(request, told % waiting, messages.SUCCESS)
            return HttpResponseRedirect(duplicates_url(noun))
        asked = _REQUEST.fullmatch(request.POST.get("decide", ""))
        if asked is None:
            self.message_user(request, _("There is no such pair. Reload the page."), messages.WARNING)
            return HttpResponseRedirect(duplicates_url(noun))
        one, other = int(asked[2]), int(asked[3])
        if asked[1] == "back":
            if duplicates.take_back(noun, one, other):
                self.message_user(
                    request, _("The pair is listed again where it looks alike."), messages.SUCCESS
                )
            else:
                self.message_user(request, _("It was taken back already."), messages.WARNING)
            return HttpResponseRedirect(f"{duplicates_url(noun)}?decided=1")
        try:
            is_new = duplicates.distinguish(noun, one, other, request.user)
        except ValidationError as error:
            self.message_user(request, error.messages[0], messages.ERROR)
        else:
            told, level = _("Noted: they are not the same."), messages.SUCCESS
            if not is_new:
                told, level = _("Somebody told them apart already."), messages.WARNING
            self.message_user(request, told, level)
        page = request.POST.get("p", "")
        return HttpResponseRedirect(duplicates_url(noun) + (f"?p={page}" if page.isdecimal() else ""))


def facts(record: Any) -> dict[str, str]:
    """What tells a record from another one like it, by label, in the editor's words; what it says nothing of is empty."""
    noun = record._meta.model_name
    found = {_("Status"): str(record.get_status_display())}
    found |= _FACTS[noun](record)
    found[_("Changed")] = date_format(record.updated_at, "DATE_FORMAT")
    return found


def _names(record: Any) -> str:
    return "; ".join(sorted({name.text for name in record.names.all()} - {record.name}))


def _participant(record: Any) -> dict[str, str]:
    return {
        _("Kind"): record.get_kind_display(),
        _("Country"): codes.country_name(record.country) if record.country else "",
        _("Other names"): _names(record),
        _("Offices"): "; ".join(f"{tenure.title} {tenure.period}".strip() for tenure in record.tenures.all()),
        _("Description"): record.description,
        _("Identifiers"): " ".join(record.identifiers),
    }


def _place(record: Any) -> dict[str, str]:
    return {
        _("Kind"): record.get_kind_display(),
        _("Part of"): str(record.parent or ""),
        _("Country"): codes.country_name(record.country) if record.country else "",
        _("Other names"): _names(record),
        _("Coordinates"): f"{record.latitude}, {record.longitude}" if record.latitude is not None else "",
    }


def _topic(record: Any) -> dict[str, str]:
    return {_("Broader topic"): str(record.broader or ""), _("Description"): record.description}


def _outlet(record: Any) -> dict[str, str]:
    return {
        _("Kind"): record.get_kind_display(),
        _("Host"): record.host,
        _("Country"): codes.country_name(record.country) if record.country else "",
        _("Speaks for"): str(record.speaks_for or ""),
    }


def _article(record: Any) -> dict[str, str]:
    return {
        _("Outlet"): str(record.outlet or ""),
        _("Published"): _day(record.published_on),
        _("Authors"): "; ".join(record.authors),
        _("Language"): record.language,
        _("Address"): record.url,
    }


def _meeting(record: Any) -> dict[str, str]:
    rows: Iterable[Any] = record.attendances.all()
    return {
        _("Kind"): record.get_kind_display(),
        _("Date"): _day(record.held_on),
        _("Place"): str(record.place or ""),
        _("Participants"): "; ".join(sorted(str(row.participant) for row in rows)),
        _("Part of"): str(record.parent or ""),
        _("Summary"): record.summary,
    }


def _day(text: str) -> str:
    return dates.wording(text) if text else ""


_FACTS = {
    "participant": _participant,
    "place": _place,
    "topic": _topic,
    "outlet": _outlet,
    "article": _article,
    "meeting": _meeting,
}
