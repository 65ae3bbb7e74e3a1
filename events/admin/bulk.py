"""One step for many records, or for one: the actions of the lists, and the page that shows first what they would do."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.admin.desk import is_number
from events.editing import bulk, versions, workflow
from events.models import Article, Outlet, Status, Topic
from events.models.base import Record

LONGEST_BACK = 2000  # characters of the query of a list to which a page leads back
MOST_TOLD = 20  # refusals that are told one by one
SECONDS = 20.0  # that a request takes at most; the page comes back with what is left then
_TOKEN = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})(x?)")
_OTHER = re.compile(r"([a-z]{1,20}):([0-9]{1,18}):([0-9]{1,9})")
_OTHER_SHOWN = re.compile(rf"({_OTHER.pattern}):([a-z]{{1,10}})")


class StepForm(forms.Form):
    """What a step needs to know beside the records. `comment` is for the history."""

    needed: ClassVar[str] = ""  # a field without which nothing can be shown yet
    comment = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField wide", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "For the other editors, in the history of each record; may stay empty: “Read against the printed paper.”"
        ),
    )

    @property
    def is_ready(self) -> bool:
        """Whether the form says enough to show what would change."""
        return not self.needed or (self.is_bound and self.is_valid())

    @property
    def shown(self) -> str:
        """What was chosen, as the page carries it beside what it shows."""
        data: Any = self.data
        return ",".join(sorted(data.getlist(self.needed))) if self.needed and self.is_ready else ""

    def step(self) -> bulk.Step:
        """The step as the form says; one that changes nothing where the form does not say it yet."""
        return self.make_step() if self.is_ready else bulk.Step()

    def make_step(self) -> bulk.Step:
        raise NotImplementedError


class MoveForm(StepForm):
    status: ClassVar[str]

    def make_step(self) -> bulk.Step:
        reason = self.cleaned_data.get("reason", "") if self.is_bound and self.is_valid() else ""
        return bulk.Move(self.status, reason)


class ReviewForm(MoveForm):
    status = Status.REVIEW


class PublishForm(MoveForm):
    status = Status.PUBLISHED


class DraftForm(MoveForm):
    """Most often it sends back somebody's work: the cursor stands where the reason goes."""

    status = Status.DRAFT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        comment = self.fields["comment"]
        comment.widget.attrs["autofocus"] = True
        comment.help_text = _(
            "What is to be done: whoever made the record finds it on the desk, under “Came back to me”, and on the form."
            " “Add the source for the second day.”"
        )


class WithdrawForm(MoveForm):
    status = Status.WITHDRAWN
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField", "autofocus": True}),
        help_text=gettext_lazy("Readers are told it at the record’s address: “Recorded twice by mistake.”"),
    )
    field_order = ("reason", "comment")


class Boxes(forms.CheckboxSelectMultiple):
    """One box a choice. Where the field has the focus, the first box has it: a page may ask for one alone."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if option["index"] != "0":
            option["attrs"].pop("autofocus", None)
        return option


class TagForm(StepForm):
    needed = "topics"
    add: ClassVar[bool]
    topics = forms.ModelMultipleChoiceField(
        queryset=Topic.objects.filter(merged_into=None).exclude(status=Status.WITHDRAWN).by_name(),
        label=gettext_lazy("Topics"),
        widget=Boxes,
        help_text=gettext_lazy(
            "Tick one or several, such as “Peace process”. Other topics of a record stay."
        ),
        error_messages={"required": gettext_lazy("Tick at least one topic.")},
    )
    field_order = ("topics", "comment")

    def make_step(self) -> bulk.Step:
        return bulk.Tag(self.cleaned_data["topics"], self.add)


class AddTopicsForm(TagForm):
    add = True


class RemoveTopicsForm(TagForm):
    add = False


class OutletForm(StepForm):
    needed = "outlet"
    outlet = forms.ModelChoiceField(
        queryset=Outlet.objects.filter(merged_into=None).exclude(status=Status.WITHDRAWN).by_name(),
        label=gettext_lazy("Outlet"),
        empty_label=gettext_lazy("Choose…"),
        help_text=gettext_lazy("Who published them: Civil Georgia."),
        error_messages={"required": gettext_lazy("Choose the outlet.")},
    )
    field_order = ("outlet", "comment")

    def make_step(self) -> bulk.Step:
        return bulk.Assign("outlet", self.cleaned_data["outlet"])


class RightsForm(StepForm):
    needed = "rights"
    rights = forms.ChoiceField(
        choices=[("", gettext_lazy("Choose…")), *Article.Rights.choices],
        label=gettext_lazy("Rights"),
        help_text=gettext_lazy("“Full text” needs a permission or a free licence."),
        error_messages={"required": gettext_lazy("Choose the rights.")},
    )
    field_order = ("rights", "comment")

    def make_step(self) -> bulk.Step:
        return bulk.Assign("rights", self.cleaned_data["rights"])


# What an action asks, the right that it needs, the field that the noun must have, what the page and the button say.
_ACTIONS: dict[str, tuple[type[StepForm], str, str, Any, Any]] = {
    "send_to_review": (ReviewForm, "change", "status", gettext_lazy("Send to review"), gettext_lazy("In review")),
    "publish": (PublishForm, "publish", "status", gettext_lazy("Publish"), gettext_lazy("Published")),
    "back_to_draft": (DraftForm, "change", "status", gettext_lazy("Back to draft"), gettext_lazy("Draft")),
    "withdraw": (WithdrawForm, "publish", "status", gettext_lazy("Withdraw"), gettext_lazy("Withdrawn")),
    "add_topics": (AddTopicsForm, "change", "topics", gettext_lazy("Add topics"), gettext_lazy("Topics added")),
    "remove_topics": (
        RemoveTopicsForm,
        "change",
        "topics",
        gettext_lazy("Remove topics"),
        gettext_lazy("Topics removed"),
    ),
    "set_outlet": (OutletForm, "change", "outlet", gettext_lazy("Change the outlet"), gettext_lazy("Outlet changed")),
    "set_rights": (RightsForm, "change", "rights", gettext_lazy("Change the rights"), gettext_lazy("Rights changed")),
}  # fmt: skip
BULK_ACTIONS = tuple(_ACTIONS)


_VERDICTS = (
    ("refused", gettext_lazy("Refused")),
    ("changed", gettext_lazy("Would change")),
    ("same", gettext_lazy("Nothing to change")),
)


class Selection:
    """The chosen records as the page carries them: "412.3" is number 412 as it was at version 3, "413.2x" one that was not to change."""

    def __init__(self, numbers: Iterable[int], to_change: Iterable[tuple[int, int]] = ()) -> None:
        self.numbers = list(numbers)
        self.to_change = list(to_change)

    @classmethod
    def read(cls, text: str) -> "Selection | None":
        """None for what no page of the desk makes."""
        tokens = [_TOKEN.fullmatch(one) for one in text.split(",")]
        if len(tokens) > bulk.MOST_RECORDS or not all(tokens):
            return None
        found = [(int(one[1]), int(one[2]), one[3]) for one in tokens if one]
        return cls([one[0] for one in found], [one[:2] for one in found if not one[2]])

    @staticmethod
    def write(preview: bulk.Preview) -> str:
        return ",".join(
            f"{number}.{version}{'' if number in preview.to_change else 'x'}"
            for number, version in preview.versions.items()
        )


def offered(name: str, others: list[bulk.Other], action: str) -> dict[str, Any]:
    """A group of records that may take the same step, as the page lists it: what waits for review, and apart from it the drafts, which
    nobody has called ready, so that none goes along with a tick that meant the others."""
    shown = [
        {
            "key": other.key,
            "name": Truncator(str(other.record)).chars(90),
            "noun": other.record._meta.verbose_name,
            "status": other.record.get_status_display().lower(),
            "code": other.record.status,
            "whose": str(other.record.created_by or ""),
            "names": ", ".join(f"“{Truncator(one).chars(40)}”" for one in other.names[:3]),
            "refusal": " ".join(other.refusal),
            "notes": other.notes,
            "url": reverse(f"admin:events_{other.record._meta.model_name}_change", args=[other.record.pk]),
        }
        for other in others
    ]
    choices = [one for one in shown if not one["refusal"]]
    parted = {code: [one for one in choices if one["code"] == code] for code in (Status.REVIEW, Status.DRAFT)}
    return {
        "name": name,
        "choices": choices,
        "parts": [
            {"code": code, "all": _called(code, len(listed), action), "choices": listed}
            for code, listed in parted.items()
            if listed
        ],
        "refused": [one for one in shown if one["refusal"]],
    }


def _called(code: str, count: int, action: str) -> str:
    if action != "publish":
        told = ngettext("This one", "All %(n)s of these", count)
    elif code == Status.REVIEW:
        told = ngettext("This one, in review", "All %(n)s in review", count)
    else:
        told = ngettext(
            "This draft, which nobody has sent to review",
            "All %(n)s drafts, which nobody has sent to review",
            count,
        )
    return told % {"n": count}


def _since_public(record: Any) -> list[versions.Difference] | None:
    """What was changed since readers saw the record last; None for what was never public."""
    public = versions.last_public(record) if record.published_at else None
    if public is None:
        return None
    changed = versions.compare([(public, versions.newest(record))])[0]
    return [one for one in changed if one.name not in versions.STAYS]


class BulkSteps:
    """For the admin of a noun: steps for a selection, each with a preview at <noun>/preview/. Nothing is changed before its button."""

    opts: Any
    model: Any
    admin_site: Any

    def get_urls(self) -> list[Any]:
        name = self.opts.model_name
        view = self.admin_site.admin_view(self.preview_view)
        return [path("preview/", view, name=f"events_{name}_preview"), *super().get_urls()]  # type: ignore[misc]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        return {name: one for name, one in found.items() if name not in _ACTIONS or self._fits(name)}

    def _fits(self, action: str) -> bool:
        return any(field.name == _ACTIONS[action][2] for field in self.model._meta.get_fields())

    def preview_view(self: Any, request: HttpRequest) -> HttpResponse:
        """GET shows what the action would do to ?record=412; POST shows it with what was chosen on the page, or does it."""
        posted = request.method == "POST"
        sent = request.POST if posted else request.GET
        action = sent.get("action", "")
        if action not in _ACTIONS or not self._fits(action):
            raise Http404
        right = _ACTIONS[action][1]
        if not (self.has_change_permission(request) and workflow.has_right(request.user, right, self.model)):
            raise PermissionDenied
        if posted:
            selection = Selection.read(sent.get("records", ""))
        else:
            numbers = [one for one in sent.getlist("record") if is_number(one)]
            selection = Selection(int(one) for one in numbers)
        if selection is None or not selection.numbers:
            return self._nothing(
                request, _("This selection could not be understood. Choose the records again.")
            )
        form = _ACTIONS[action][0](request.POST if posted else None)
        if posted and "confirm" in request.POST and form.is_valid():
            if request.POST.get("shown", "") == form.shown:
                return self._store(request, action, form, selection)
            self.message_user(
                request,
                _("You have chosen something else. This is what would be changed now."),
                messages.WARNING,
            )
        return self._preview(request, action, form, selection.numbers, sent.get("back", ""))

    def _nothing(self: Any, request: HttpRequest, message: str) -> HttpResponse:
        self.message_user(request, message, messages.ERROR)
        return HttpResponseRedirect(reverse(f"admin:events_{self.opts.model_name}_changelist"))

    def _preview_of(self: Any, request: HttpRequest, action: str, queryset: Any) -> HttpResponse:
        """The answer to an action of the list."""
        numbers = list(queryset.order_by("pk").values_list("pk", flat=True)[: bulk.MOST_RECORDS + 1])
        if len(numbers) > bulk.MOST_RECORDS:
            message = _("These are more than %s records. Narrow the list by its filters first.")
            return self._nothing(request, message % bulk.MOST_RECORDS)
        back = request.GET.urlencode()
        return self._preview(request, action, _ACTIONS[action][0](), numbers, back)

    def _preview(
        self: Any, request: HttpRequest, action: str, form: StepForm, numbers: list[int], back: str = ""
    ) -> HttpResponse:
        found = bulk.preview(form.step(), self.model, numbers, request.user)
        if not found.versions:
            return self._nothing(request, _("These records are not there any more."))
        count = len(found.versions)
        label = _ACTIONS[action][3]
        one = next(line for lines in found.lines.values() for line in lines) if count == 1 else None
        names = self.opts.verbose_name if one else self.opts.verbose_name_plural
        sections = [
            {"verdict": verdict, "label": name, "lines": found.lines[verdict], "count": found.counts[verdict]}
            for verdict, name in _VERDICTS
        ]
        changed = found.counts["changed"]
        rests, parts = offered("rests", found.rests, action), offered("parts", found.parts, action)
        # What may go along is seen first: the focus on a button below it would scroll it away on a small screen.
        focus = next((group["name"] for group in (rests, parts) if group["choices"]), "confirm")
        if not form.is_ready:
            form.fields[form.needed].widget.attrs["autofocus"] = True
        context = {
            **self.admin_site.each_context(request),
            "title": f"{label}: {one.record if one else f'{count} {names}'}",
            "opts": self.opts,
            "action": action,
            "label": f"{label} ({changed})" if changed > 1 else label,
            "form": form,
            "preview": found,
            "one": one,
            "sections": sections,
            "rests": rests,
            "parts": parts,
            "focus": focus,
            "records": Selection.write(found),
            "may_confirm": form.is_ready and changed,
            "back": back[:LONGEST_BACK],
            "since_public": _since_public(one.record) if one and action == "publish" else None,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/bulk_preview.html", context)

    def _store(
        self: Any, request: HttpRequest, action: str, form: StepForm, selection: Selection
    ) -> HttpResponse:
        step, comment = form.step(), form.cleaned_data["comment"]
        back = request.POST.get("back", "")[:LONGEST_BACK]
        chosen = [(self.model, number, version) for number, version in selection.to_change]
        rests, parts = self._others(request, "rests"), self._others(request, "parts")
        if not isinstance(step, bulk.Move) or step.status not in bulk.ONWARD:
            rests = parts = []
        # What they rest on comes first, the deepest before all: readers never meet a name that leads nowhere.
        report = bulk.store(step, [*reversed(rests), *chosen, *parts], request.user, comment, SECONDS)
        if report.changed:
            count = len(report.changed)
            told = ngettext("%(n)s record: %(label)s.", "%(n)s records: %(label)s.", count)
            self.message_user(request, told % {"n": count, "label": _ACTIONS[action][4]}, messages.SUCCESS)
        for name, reason in report.refused[:MOST_TOLD]:
            values = {"record": name, "label": _ACTIONS[action][4], "reason": reason}
            self.message_user(
                request, _("Not “%(label)s”: “%(record)s”. %(reason)s") % values, messages.ERROR
            )
        if (more := len(report.refused) - MOST_TOLD) > 0:
            told = ngettext("%s more was refused.", "%s more were refused.", more) % more
            self.message_user(request, told, messages.ERROR)
        if left := [number for model, number in report.left if model is self.model]:
            told = ngettext(
                "%s record is left: there was no time for it. Go on with the same button.",
                "%s records are left: there was no time for them. Go on with the same button.",
                len(left),
            )
            self.message_user(request, told % len(left), messages.WARNING)
            return self._preview(request, action, form, left, back)
        if len(selection.numbers) == 1 and not back:
            return HttpResponseRedirect(
                reverse(f"admin:events_{self.opts.model_name}_change", args=selection.numbers)
            )
        address = reverse(f"admin:events_{self.opts.model_name}_changelist")
        return HttpResponseRedirect(f"{address}?{back}" if back else address)

    def _others(self: Any, request: HttpRequest, group: str) -> list[tuple[Any, int, int]]:
        """The records that were ticked to go along, in the order of the page: one by one, or all of a status that it has shown."""
        whole = set(request.POST.getlist(f"all_{group}"))
        read_shown = [_OTHER_SHOWN.fullmatch(one) for one in request.POST.getlist(f"shown_{group}")]
        ticked = request.POST.getlist(group)
        wanted = {*ticked, *(one[1] for one in read_shown if one and one[5] in whole)}
        ticked = [*(one[1] for one in read_shown if one and one[1] in wanted), *ticked]
        models = {model._meta.model_name: model for model in self.admin_site._registry}
        found = []
        for token in dict.fromkeys(ticked[: bulk.MOST_OTHERS]):
            read = _OTHER.fullmatch(token)
            model = models.get(read[1]) if read else None
            if read and model is not None and issubclass(model, Record):
                found.append((model, int(read[2]), int(read[3])))
        return found

    @admin.action(description=gettext_lazy("Send to review"), permissions=["change"])
    def send_to_review(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self._preview_of(request, "send_to_review", queryset)

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self._preview_of(request, "publish", queryset)

    @admin.action(description=gettext_lazy("Back to draft"), permissions=["change"])
    def back_to_draft(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self._preview_of(request, "back_to_draft", queryset)

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self._preview_of(request, "withdraw", queryset)

    @admin.action(description=gettext_lazy("Add topics"), permissions=["change"])
    def add_topics(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self._preview_of(request, "add_topics", queryset)

    @admin.action(description=gettext_lazy("Remove topics"), permissions=["change"])
    def remove_topics(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self._preview_of(request, "remove_topics", queryset)

    @admin.action(description=gettext_lazy("Change the outlet"), permissions=["change"])
    def set_outlet(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self._preview_of(request, "set_outlet", queryset)

    @admin.action(description=gettext_lazy("Change the rights"), permissions=["change"])
    def set_rights(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self._preview_of(request, "set_rights", queryset)
