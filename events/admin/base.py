"""What the forms and lists of every record have in common: no lost update, and nothing public by accident."""

import contextlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import anchoring
from events.admin import conflicts
from events.admin.bulk import BULK_ACTIONS, BulkSteps
from events.admin.catching_up import catch_up
from events.admin.conflicts import OpenedForm, VersionField, rows_not_decided
from events.admin.desk import AnyAddress, RelationsByName, is_number
from events.admin.duplicate import DuplicatePages
from events.admin.history import HistoryPages
from events.admin.kept import KeepsTyped, refuse_kept
from events.admin.merge import MergePages
from events.admin.rows import RowFormSet
from events.admin.status import StatusOnForm, as_read
from events.admin.worklist import OnWorklists
from events.editing import history
from events.editing.history import LONGEST_COMMENT
from events.models import Status, Version
from events.models.base import Record, is_deadlock, rule_broken_by
from events.reading.search import holds, words_filter


class WholeRecordForm(OpenedForm):
    """Checks all constraints of a record: Django leaves out those whose condition names a field that the form does not show."""

    def validate_unique(self) -> None:
        super().validate_unique()
        if not self.errors and self.has_changed():
            try:
                self.instance.validate_constraints()
            except ValidationError as error:
                self.add_error(None, error.messages)


REFUSAL = "archive_refusal"  # on a request: why the database refused what it sent


class RecordForm(WholeRecordForm):
    """A record's form. It carries the version that it was opened with; a stale one changes nothing and shows both texts."""

    refusal = ""
    user: Any = None  # who has the form open
    opened_version = VersionField()
    comment = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.TextInput(attrs={"class": "vTextField wide"}),
        help_text=gettext_lazy(
            "Why you change it, for the record’s history: “The ministry corrected the day.” Readers do not see it."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened_version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.refusal:
            raise ValidationError(self.refusal)
        if self.instance.merged_into_id:
            raise ValidationError(self._led_on(), code="merged")
        if not self.check_version():
            raise ValidationError(self._told_of_conflict(), code="conflict")
        refuse_kept(self.data)
        if rows_not_decided(self.data):
            raise ValidationError(
                _(
                    "You want to delete a row that somebody else has changed. Choose above whether it shall go."
                ),
                code="conflict",
            )
        return cleaned

    def _led_on(self) -> str:
        """The message to whoever sends the form of a record that lives on in another one."""
        kept = self.instance.merged_into
        return format_html(
            _("This record was merged into {}. Nothing was saved: make your change there."),
            format_html(
                '<a href="{}">{}</a>',
                reverse(f"admin:events_{kept._meta.model_name}_change", args=[kept.pk]),
                kept,
            ),
        )

    def _told_of_conflict(self) -> str:
        if self.is_version_unknown:
            return _(
                "This form does not say which version of the record it was opened with. Nothing of yours is stored yet. Look it"
                " through and save again."
            )
        who = self.instance.updated_by
        if who is not None and who == self.user:
            said = _(
                "You saved this record after you opened this form, in another window or with a second click."
            )
        else:
            said = _("%s saved this record after you opened it.") % (who or _("Somebody else"))
        rest = _(
            "Nothing of this form is stored yet. What one of the two alone changed is put together below; look it through, choose"
            " where both changed the same, and save again."
        )
        return f"{said} {rest}"


class RecordAdmin(
    AnyAddress,
    MergePages,
    DuplicatePages,
    OnWorklists,
    StatusOnForm,
    BulkSteps,
    HistoryPages,
    RelationsByName,
    KeepsTyped,
):
    """A noun of the archive."""

    form = RecordForm
    change_form_template = "admin/record_change_form.html"
    change_list_template = "admin/record_change_list.html"
    show_full_result_count = False
    list_per_page = 50
    search_words: tuple[str, ...] = ()
    search_fields = ("pk",)  # shows the search box; get_search_results looks elsewhere
    actions: tuple[str, ...] = (*BULK_ACTIONS, "merge_two")
    state_fields = (
        "status",
        "version",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "published_at",
        "merged_into",
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = [*super().get_fieldsets(request, obj)]
        if obj is not None:
            reason = ("withdrawal_reason",) if obj.status == Status.WITHDRAWN else ()
            fields = (*reason, *self.state_fields)
            fieldsets.append((_("State of the record"), {"fields": fields, "classes": ["collapse"]}))
            if self.has_change_permission(request, obj):
                fieldsets.append((_("For the history"), {"fields": [conflicts.COMMENT]}))
        return fieldsets

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [*(self.fields or ()), conflicts.OPENED_VERSION]
        return fields if obj is None or self.has_change_permission(request, obj) else as_read(fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *self.state_fields]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        inlines = context["inline_admin_formsets"]
        context["conflict"] = catch_up(context["adminform"].form, inlines)
        return super().render_change_form(request, context, *args, **kwargs)

    def view_on_site(self, obj: Any) -> str:
        return obj.get_absolute_url()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if request.method == "POST" and connection.in_atomic_block:
            # The view is one transaction already: whoever saves second waits here, and then sees the other's version.
            rows = self.get_queryset(request).select_for_update(of=("self",)).order_by()
            list(rows.filter(pk=object_id).values_list("pk")) if is_number(object_id) else None
        return super().get_object(request, object_id, from_field)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """What was deleted can be restored: on to its last version, and not only the news."""
        last: list[Version] = []
        if is_number(object_id):
            rows = Version.objects.filter(noun=opts.model_name, record=object_id).order_by("-number")
            last = list(rows.select_related("change")[:2])
        if len(last) < 2 or not last[0].is_deletion:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        told = _("%(who)s deleted “%(record)s”. Here it can be restored.")
        if request.method == "POST":
            told = _(
                "Nothing was saved: %(who)s deleted “%(record)s” meanwhile. Here it can be restored; its form then offers what you"
                " have typed."
            )
        values = {"who": last[0].change.who, "record": last[1].instance()}
        self.message_user(request, told % values, messages.WARNING)
        return HttpResponseRedirect(
            reverse(f"admin:events_{opts.model_name}_version", args=[object_id, last[1].number])
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if self.is_left_alone(request, form):
            return
        if not change:
            obj.created_by_id = request.user.pk
        obj.updated_by_id = request.user.pk
        self.save_record(obj)

    def save_record(self, obj: Any) -> None:
        obj.save()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            row.delete()
        # What a row gives up, another one may take: those that are there first, and of these the preferred ones last.
        for row in sorted(rows, key=lambda row: (row._state.adding, getattr(row, "preferred", False))):
            if isinstance(row, Record):
                row.created_by_id = request.user.pk if row._state.adding else row.created_by_id
                row.updated_by_id = request.user.pk
            row.save()
        formset.save_m2m()

    def get_formset_kwargs(self, request: HttpRequest, *args: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_formset_kwargs(request, *args)
        return found | {"data": conflicts.keep_chosen_rows(found["data"])} if "data" in found else found

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # One stamp for the record and its rows, which are all one version.
        comment = request.POST.get(conflicts.COMMENT, "").strip()[:LONGEST_COMMENT]
        with history.by(request.user, comment=comment) if comment else contextlib.nullcontext():
            return self._changeform_view_again(request, *args, **kwargs)

    def _changeform_view_again(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except OperationalError as error:
            if not is_deadlock(error):
                raise
            # Two editors waited for each other. The other one's save is stored, and this one meets it as any other.
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError as error:
            # What only the database could see: the form comes back as it was sent, with the rule's message.
            setattr(request, REFUSAL, _("Nothing was saved. %s") % rule_broken_by(error))
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.refusal = getattr(request, REFUSAL, "")
        form.user = request.user
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # The rules of passages wait for the end of the transaction; here they can still be answered by the form.
        connection.check_constraints()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was public keeps its address: it is withdrawn, never deleted."""
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.published_at)

    def suggestion(self, obj: Any) -> str:
        """A record as a field offers it: its name, what tells it from others, and its status if readers do not see it."""
        told = ", ".join(str(part) for part in self.told_apart_by(obj) if part)
        status = "" if obj.status == Status.PUBLISHED else f" – {obj.get_status_display().lower()}"
        return f"{obj}{f' ({told})' if told else ''}{status}"

    def told_apart_by(self, obj: Any) -> Iterable[Any]:
        """What tells a record from others of the same name; empty parts are left out."""
        return ()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.replace("\x00", "").strip()[:200]
        if isinstance(self.list_select_related, tuple):
            queryset = queryset.select_related(*self.list_select_related)
        if not term:
            return queryset, False
        return self.search(queryset, term, request.user), False

    def search(self, queryset: Any, term: str, user: Any) -> Any:
        """The rows that fit what an editor typed."""
        return words_filter(queryset, term, holds(*self.search_words))


class ReadOnlyAdmin(AnyAddress):
    """Rows that are made elsewhere: to be looked at and chosen, not to be changed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PassageForm(OpenedForm):
    """Words typed by an editor, found in the article's text. `exact` takes the words, `occurrence` which place is meant."""

    occurrence = forms.IntegerField(
        label=gettext_lazy("Occurrence"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("Only where the words stand more than once: 1 for the first time."),
    )

    instance: Any  # a Passage

    def __init__(
        self, *args: Any, article: Any = None, stored_text: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        self.stored_text = stored_text
        self.moved = False

    def find_article(self) -> Any:
        """The article in which the words stand, as this request leaves it."""
        return self.article or self.cleaned_data.get("article") or self.instance.article

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "exact" in self.errors or "article" in self.errors:
            return cleaned
        try:
            article = self.find_article()
        except self.instance._meta.get_field("article").related_model.DoesNotExist:
            return cleaned
        words, text = cleaned.get("exact") or "", article.text
        before = self.instance.selector
        asked_anew = {"exact", "occurrence", "article"} & set(self.changed_data) or not self.instance.pk
        if not words.strip():
            self.instance.exact = ""
            self.instance.release()
        elif asked_anew:
            try:
                self.instance.anchor(text, words, cleaned.get("occurrence"))
            except (LookupError, anchoring.TextError) as error:
                self.add_error("exact", str(error))
        elif not self.instance.follow(self._old_text(article), text):
            self._lose(text, words)
        self.moved = self.instance.selector != before
        cleaned["exact"] = self.instance.exact
        return cleaned

    def _old_text(self, article: Any) -> str:
        return article.stored_text() if self.stored_text is None else self.stored_text

    def _lose(self, text: str, words: str) -> None:
        """The text no longer says where the words are: an error, except for a withdrawn quotation, which needs no place."""
        is_quotation = hasattr(self.instance, "status")
        if is_quotation and self.instance.status == Status.WITHDRAWN:
            self.instance.release()
            return
        try:
            anchoring.locate(text, words)
        except anchoring.Ambiguous as error:
            message = str(error)
        except anchoring.NotFound:
            message = _("These words no longer stand in the text.") + " "
            message += (
                _("Correct them, or withdraw the quotation.")
                if is_quotation
                else _("Correct them, or empty the field.")
            )
        else:
            message = _(
                "What stood around these words has changed. If they are still meant, write 1 as the occurrence."
            )
        self.add_error("exact", message)

    def has_changed(self) -> bool:
        return super().has_changed() or self.moved


class PassageFormSet(RowFormSet):
    """Rows of an article: their words are looked for in the text that the same request gives it."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(index),
            "article": self.instance,
            "stored_text": self.stored_text,
        }

    @cached_property
    def stored_text(self) -> str:
        """The text before this request, read once for all rows."""
        return self.instance.stored_text() if self.is_bound else ""


def tidy(names: Iterable[str]) -> list[str]:
    return [name.strip() for name in names if name.strip()]
