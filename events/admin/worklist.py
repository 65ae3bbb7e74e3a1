"""The worklists at their doors: the desk's first page, and a filter in the list of each noun."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Exists, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy, ngettext

from events.editing import worklists
from events.editing.versions import step
from events.editing.worklists import GROUPS, NOUNS, Count, Heap
from events.models import Change, Version
from events.models.duplicate import NOUNS as COMPARED

PARAMETER = "desk"
RECENT = 10


class WorklistFilter(admin.SimpleListFilter):
    """The rows of a noun of which the same is to be done; goes together with every other filter."""

    title = gettext_lazy("the desk")
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        listed = worklists.worklists_of(model_admin.opts.model_name, request.user)
        return [(worklist.name, worklist.label) for worklist in listed]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        worklist = chosen(request, queryset.model._meta.model_name)
        return queryset if worklist is None else worklist.narrow(queryset, request.user)


def chosen(request: HttpRequest, noun: str) -> worklists.Worklist | None:
    """The worklist that the address names, if there is one of the noun that the user may see."""
    worklist = worklists.NAMED.get(request.GET.get(PARAMETER, ""))
    return worklist if worklist is not None and worklist.is_for(request.user, noun) else None


class OnWorklists(admin.ModelAdmin):
    """For the admin of a noun: its list shows a worklist, with what is to be done, in the order in which to do it."""

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (WorklistFilter, *super().get_list_filter(request))

    def get_ordering(self, request: HttpRequest) -> Any:
        worklist = chosen(request, str(self.opts.model_name))
        return super().get_ordering(request) if worklist is None else worklist.order

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        worklist = chosen(request, str(self.opts.model_name))
        if worklist is None or not worklist.is_dated:
            return rows
        told = Version.objects.filter(noun=self.opts.model_name, record=OuterRef("pk")).exclude(
            change__comment=""
        )
        by = Concat(Cast("change__who", TextField()), Value(": ", TextField()), "change__comment")
        return rows.annotate(last_comment=Subquery(told.order_by("-number").values_list(by)[:1]))

    def get_list_display(self, request: HttpRequest) -> Any:
        """On a worklist whose each is comes first, and what was said of it last; a status that all of them have says nothing."""
        listed = super().get_list_display(request)
        worklist = chosen(request, str(self.opts.model_name))
        if worklist is None:
            return listed
        if not worklist.is_dated:
            return (listed[0], "whose", *listed[1:])
        return (listed[0], "whose", "said_last", *(name for name in listed[1:] if name != "status"))

    def get_list_select_related(self, request: HttpRequest) -> Any:
        related = super().get_list_select_related(request)
        if chosen(request, str(self.opts.model_name)) is None or related is True:
            return related
        return (*(related or ()), "created_by", "updated_by")

    @admin.display(description=gettext_lazy("whose"))
    def whose(self, obj: Any) -> str:
        """Who made it, and who changed it last: so a reviewer leaves their own to a colleague."""
        names = dict.fromkeys(str(user) for user in (obj.created_by, obj.updated_by) if user is not None)
        return ", ".join(names) or "–"

    @admin.display(description=gettext_lazy("said last"))
    def said_last(self, obj: Any) -> str:
        """The last reason that somebody gave for a change: of one that was sent back, what is to be done."""
        return Truncator(obj.last_comment or "–").chars(200)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        noun = str(self.opts.model_name)
        has_duplicates = noun in COMPARED and self.has_view_permission(request)
        context = {
            "worklist": chosen(request, noun),
            "duplicates_url": duplicates_url(noun) if has_duplicates else "",
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})


def duplicates_url(noun: str) -> str:
    return reverse(f"admin:events_{noun}_duplicates")


def list_url(noun: str, name: str) -> str:
    return f"{reverse(f'admin:events_{noun}_changelist')}?{PARAMETER}={name}"


@dataclass(frozen=True)
class Link:
    """The records of one noun on one list."""

    label: str
    url: str
    count: Count


def home(user: Any) -> dict[str, Any]:
    """What the desk's first page shows of the archive to somebody: what is to be done by group, the lists on which nothing is, and what
    was changed last. Empty for who sees no noun. Six queries at most."""
    heaps = worklists.desk(user)
    groups: dict[str, dict[str, Any]] = {}
    for heap in heaps:
        if heap.stacks:
            group = groups.setdefault(heap.group, {"label": GROUPS[heap.group], "lists": []})
            group["lists"].append({"heap": heap, "links": links(heap)})
    return {
        "is_editor": bool(heaps),
        "groups": list(groups.values()),
        "nothing": [heap.label for heap in heaps if not heap.stacks],
        "recent": recent(user),
    }


def links(heap: Heap) -> list[Link]:
    found = []
    for stack in heap.stacks:
        meta = apps.get_model("events", stack.noun)._meta
        if heap.worklist is None:
            named = ngettext("pair of %s", "pairs of %s", stack.count.number) % meta.verbose_name_plural
            found.append(Link(named, duplicates_url(stack.noun), stack.count))
            continue
        name = meta.verbose_name if stack.count.number == 1 else meta.verbose_name_plural
        found.append(Link(str(name), list_url(stack.noun, heap.worklist.name), stack.count))
    return found


@dataclass(frozen=True)
class Recent:
    """One piece of work of somebody: the record that it changed, or the last one of several, and how many more."""

    title: str
    url: str
    what: str
    noun: str
    more: str
    change: Change


def recent(user: Any) -> list[Recent]:
    """The latest changes of records by anybody, one for each piece of work, of the nouns that the user may see. Three queries; an import
    of a hundred thousand rows is one change, and counted no further than any list."""
    seen = [noun for noun in NOUNS if user.has_perm(f"events.view_{noun}")]
    versions = Version.objects.filter(noun__in=seen)
    of_change = versions.filter(change=OuterRef("pk"))
    changes = Change.objects.filter(Exists(of_change)).exclude(via=Change.Via.BEGINNING).order_by("-pk")
    latest = list(changes.annotate(last=Subquery(of_change.order_by("-pk").values("pk")[:1]))[:RECENT])
    earlier = Version.objects.filter(
        noun=OuterRef("noun"), record=OuterRef("record"), number__lt=OuterRef("number")
    )
    before = Subquery(earlier.order_by("-number").values("status")[:1])
    last = versions.annotate(before=before).in_bulk([change.last for change in latest])
    counts = worklists.count({change.pk: versions.filter(change=change) for change in latest})
    found = []
    for change in latest:
        version, count = last[change.last], counts[change.pk]
        what = step(version.before or "", version.status)
        name = str(version.model._meta.verbose_name)
        title = f"{name} {version.record}" if version.is_deletion else str(version.instance())
        more = str(Count(count.number - 1)) if count.number > 1 else ""
        url = reverse(f"admin:events_{version.noun}_history", args=[version.record])
        found.append(Recent(title, url, what, name, more, change))
    return found


def in_order(listed: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Django's list of applications and their models, the archive first, its nouns in the order in which an article becomes records."""

    def place(model: dict[str, Any]) -> tuple[int, str]:
        noun = model["model"]._meta.model_name
        return (NOUNS.index(noun) if noun in NOUNS else len(NOUNS), str(model["name"]))

    ordered = sorted(listed, key=lambda app: (app["app_label"] != "events", str(app["name"])))
    return [{**app, "models": sorted(app["models"], key=place)} for app in ordered]
