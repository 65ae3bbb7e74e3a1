"""Merging at the desk: two records side by side, picked field by field; the list of merges, and undoing one."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import IntegerField, JSONField
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.admin.desk import AnyAddress, RecordSelect, is_number, is_version
from events.editing import merging
from events.editing.history import LONGEST_COMMENT
from events.models import Merge
from events.models.base import patiently

MOST_LISTED = 200  # rows of a merge that its page lists; rows of both that become one
MOST_NOTED = 20
MOST_PICKED = 100  # rows whose fields can be picked one by one
PICK = "pick:"  # before the key of a difference, in the form


class OtherRecordForm(forms.Form):
    """Which record is the same one: by its name, or by its number for who has no scripts or has it from an address."""

    second: Any = forms.ModelChoiceField(queryset=None, required=False)
    number = forms.IntegerField(
        label=gettext_lazy("or its number"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=gettext_lazy("As its address shows it: 412 in /meetings/412/."),
    )

    def __init__(self, *args: Any, model_admin: Any, first: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = model_admin.model
        self.first, self.rows = first, model_admin.model.objects.exclude(pk=first.pk).filter(merged_into=None)
        second: Any = self.fields["second"]
        second.label = _("The same one")
        second.queryset = self.rows
        second.widget = RecordSelect(model._meta.get_field("merged_into"), model_admin.admin_site)
        second.widget.choices = second.choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned.get("number"):
            cleaned["second"] = self.rows.filter(pk=cleaned["number"]).first()
            if cleaned["second"] is None:
                raise ValidationError(
                    {"number": _("There is no other record of this number that could be merged.")}
                )
        if cleaned.get("second") is None:
            raise ValidationError(_("Choose the record that is the same one."))
        return cleaned


class MergePages(admin.ModelAdmin):
    """For the admin of every noun that can be merged: the page for two records, and the ways there."""

    @property
    def is_mergeable(self) -> bool:
        return self.opts.model_name in merging.NOUNS

    def get_urls(self) -> Any:
        own = [
            path(
                "merge/",
                self.admin_site.admin_view(self.merge_view),
                name=f"events_{self.opts.model_name}_merge",
            )
        ]
        return [*(own if self.is_mergeable else []), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        if not self.is_mergeable:
            actions.pop("merge_two", None)
        return actions

    @admin.action(description=gettext_lazy("Merge two"), permissions=["publish"])
    def merge_two(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        numbers = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(numbers) != 2:
            self.message_user(request, _("Tick exactly two records that are the same one."), messages.WARNING)
            return None
        return HttpResponseRedirect(self._merge_address(*numbers))

    def get_queryset(self, request: HttpRequest) -> Any:
        """A field offers no record that lives on in another one."""
        rows, match = super().get_queryset(request), request.resolver_match
        return (
            rows.filter(merged_into=None) if match is not None and match.url_name == "autocomplete" else rows
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        may_merge = self.is_mergeable and request.user.has_perm(f"events.publish_{self.opts.model_name}")
        context = {
            "merge_address": self._merge_address(object_id) if may_merge else "",
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def _merge_address(self, first: Any, second: Any = None) -> str:
        numbers = {"first": first} | ({"second": second} if second else {})
        return f"{reverse(f'admin:events_{self.opts.model_name}_merge')}?{urlencode(numbers)}"

    # The page

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Choose the second record; then what merging would do, with what can be picked; then doing it."""
        if not request.user.has_perm(f"events.publish_{self.opts.model_name}"):
            raise PermissionDenied
        first = self._merged_one(request.GET.get("first", ""))
        if first is None:
            self.message_user(request, _("Choose the record to be merged in the list."), messages.WARNING)
            return HttpResponseRedirect(reverse(f"admin:events_{self.opts.model_name}_changelist"))
        second = self._merged_one(request.GET.get("second", ""))
        if second is None:
            return self._choose_second(request, first)
        try:
            if request.method == "POST" and "merge" in request.POST:
                return self._merge(request, first, second)
            return self._compare(request, first, second)
        except merging.Refused as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(self._merge_address(first.pk))

    def _merged_one(self, number: str) -> Any:
        return self.model.objects.filter(pk=number).first() if is_number(number) else None

    def _choose_second(self, request: HttpRequest, first: Any) -> HttpResponse:
        asked = {"second", "number"} & set(request.GET)
        form = OtherRecordForm(request.GET if asked else None, model_admin=self, first=first)
        if asked and form.is_valid():
            return HttpResponseRedirect(self._merge_address(first.pk, form.cleaned_data["second"].pk))
        context = {
            "form": form,
            "media": self.media + form.media,
            "title": _("Merge “%s” with another one") % first,
        }
        return self._merge_page(request, "admin/merge_choose.html", {"first": first, **context})

    def _compare(
        self, request: HttpRequest, kept: Any, gone: Any, refused: merging.Refused | None = None
    ) -> HttpResponse:
        choices = _choices(request)
        plan = merging.plan(kept, gone, choices)
        obstacles = list(plan.obstacles)
        if refused is not None:
            obstacles = [*(one for one in refused.messages if one not in obstacles), *obstacles]
        with_choices = [one for one in plan.foldings if one.differences]
        alike = [one for one in plan.foldings if not one.differences]
        context = {
            "title": _("Merge two %s") % self.opts.verbose_name_plural,
            "plan": plan,
            "obstacles": obstacles,
            "open": [one for one in plan.differences if one.is_open],
            "settled": [one for one in plan.differences if not one.is_open],
            "with_choices": with_choices[:MOST_PICKED],
            "not_offered": max(0, len(with_choices) - MOST_PICKED),
            "alike": alike[:MOST_LISTED],
            "alike_count": len(alike),
            "notes": plan.notes[:MOST_NOTED],
            "unnoted": max(0, len(plan.notes) - MOST_NOTED),
            "comment": request.POST.get("comment", ""),
            "pick": PICK,
            "longest_comment": LONGEST_COMMENT,
            "swap_address": self._merge_address(gone.pk, kept.pk),
            "choose_address": self._merge_address(kept.pk),
        }
        return self._merge_page(request, "admin/merge.html", context)

    def _merge(self, request: HttpRequest, kept: Any, gone: Any) -> HttpResponse:
        versions = (
            _version(request.POST.get("kept_version", "")),
            _version(request.POST.get("gone_version", "")),
        )
        digest = request.POST.get("digest") or "none"
        comment = request.POST.get("comment", "").strip()[:LONGEST_COMMENT].replace("\x00", "")
        try:
            merge = patiently(
                lambda: merging.merge(kept, gone, _choices(request), request.user, versions, comment, digest)
            )
        except merging.Refused as error:
            return self._compare(request, kept, gone, error)
        told = format_html(
            '{} <a href="{}">{}</a>',
            _("“%(gone)s” was merged into “%(kept)s”; its address leads there now.")
            % {"gone": gone, "kept": kept},
            reverse("admin:events_merge_change", args=[merge.pk]),
            _("Look at the merge, or undo it"),
        )
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:events_{self.opts.model_name}_change", args=[kept.pk]))

    def _merge_page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        common = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural),
        }
        return TemplateResponse(request, template, {**common, **context})


def _choices(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix(PICK): str(value) for name, value in request.POST.items() if name.startswith(PICK)
    }


def _version(text: str) -> int:
    """The version that a form was opened with; 0, which no record has, where it does not say."""
    return int(text) if is_version(text) else 0


class InForce(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("force", _("In force")), ("undone", _("Undone"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = {"force": True, "undone": False}.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(undone_at__isnull=chosen)


@admin.register(Merge)
class MergeAdmin(AnyAddress):
    """Merges, to be looked at and undone. Whoever may publish a noun sees those of the noun."""

    list_display = ("__str__", "noun", "by", "at", "state")
    list_filter = ("noun", InForce)
    search_fields = ("kept_name", "gone_name", "comment")
    list_select_related = ("by",)
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(_nouns_of(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        nouns = _nouns_of(request)
        return bool(nouns) if obj is None else obj.noun in nouns

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(noun__in=_nouns_of(request)).defer("journal")

    @admin.display(description=gettext_lazy("state"))
    def state(self, obj: Merge) -> str:
        return _("Undone") if obj.is_undone else _("In force")

    def get_urls(self) -> Any:
        undo = self.admin_site.admin_view(self.undo_view)
        return [path("<int:number>/undo/", undo, name="events_merge_undo"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        merge = self._merge_or_404(request, object_id)
        opts = merge.model._meta
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("“%(gone)s” went into “%(kept)s”")
            % {"gone": merge.gone_name, "kept": merge.kept_name},
            "merge": merge,
            "kept": merge.record(merge.kept),
            "gone": merge.record(merge.gone),
            "change": f"admin:events_{opts.model_name}_change",
            "written": [
                _told(merge, entry, title)
                for entry, title in zip(
                    merge.beginning, merging.titles_of(merge, merge.beginning), strict=True
                )
            ],
            "unlisted": max(0, merge.length - MOST_LISTED),
        }
        return TemplateResponse(request, "admin/merged.html", context)

    def undo_view(self, request: HttpRequest, number: int) -> HttpResponse:
        merge = self._merge_or_404(request, str(number))
        page = reverse("admin:events_merge_change", args=[merge.pk])
        if request.method != "POST":
            return HttpResponseRedirect(page)
        try:
            newer = patiently(lambda: merging.undo(merge, request.user))
        except merging.Refused as error:
            self.message_user(
                request, _("The merge was not undone. %s") % " ".join(error.messages), messages.ERROR
            )
            return HttpResponseRedirect(page)
        told = _("The merge was undone: “%(gone)s” is a record of its own again.") % {"gone": merge.gone_name}
        self.message_user(request, told, messages.SUCCESS)
        if newer:
            message = ngettext(
                "%(n)s place was changed since and keeps the newer work: %(list)s",
                "%(n)s places were changed since and keep the newer work: %(list)s",
                len(newer),
            )
            listed = "; ".join(newer[:20])
            self.message_user(request, message % {"n": len(newer), "list": listed}, messages.WARNING)
        return HttpResponseRedirect(page)

    def _merge_or_404(self, request: HttpRequest, number: str) -> Any:
        if not _nouns_of(request):
            raise PermissionDenied
        rows = Merge.objects.defer("journal").select_related("by", "undone_by")
        # A journal of tens of thousands of rows is not read to show the first of them.
        rows = rows.annotate(
            beginning=RawSQL(
                "jsonb_path_query_array(journal, %s)", [f"$[0 to {MOST_LISTED - 1}]"], JSONField()
            ),
            length=RawSQL("jsonb_array_length(journal)", [], IntegerField()),
        )
        merge = rows.filter(pk=number).first() if is_number(number) else None
        if merge is None:
            raise Http404
        if not self.has_view_permission(request, merge):
            raise PermissionDenied
        return merge


def _nouns_of(request: HttpRequest) -> list[str]:
    return [noun for noun in merging.NOUNS if request.user.has_perm(f"events.publish_{noun}")]


def _told(merge: Merge, entry: dict[str, Any], title: str) -> dict[str, Any]:
    """A row of the journal in words: its table, what it is called, what changed, or what became of the whole row."""
    model = apps.get_model(entry["table"])
    fields = {str(one.column): one for one in model._meta.concrete_fields}
    changes, done = [], ""
    if "new" in entry:
        for name, value in sorted(entry["new"].items()):
            old, new = (_said(merge, fields[name], one) for one in (entry["old"][name], value))
            changes.append((fields[name].verbose_name, old, new))
    elif "inserted" in entry:
        done = _("new")
    else:
        done = (
            _("became one with that of the kept record") if entry["into"] else _("taken out, to be made anew")
        )
    return {"table": _table(model), "title": title or entry["row"], "changes": changes, "done": done}


def _table(model: Any) -> str:
    source = model._meta.auto_created
    if not source:
        return str(capfirst(model._meta.verbose_name))
    listed = next(one for one in source._meta.many_to_many if one.remote_field.through is model)
    return f"{capfirst(source._meta.verbose_name_plural)} – {listed.verbose_name}"


def _said(merge: Merge, field: Any, value: Any) -> str:
    """A value of the journal; the two records of the merge by their names."""
    if field.is_relation and field.related_model is merge.model and value in (merge.kept, merge.gone):
        return merge.kept_name if value == merge.kept else merge.gone_name
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    elif isinstance(value, bool):
        value = _("yes") if value else _("no")
    elif field.choices and value:
        value = dict(field.flatchoices).get(value, value)
    return Truncator("–" if value in (None, "") else str(value)).chars(160)
