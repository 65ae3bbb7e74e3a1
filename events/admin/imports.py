"""The desk's page for tables: an empty sheet, a dry run row by row, and then exactly that."""

import io
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.admin.kept import refuse_kept, stored_as
from events.editing import history, importers
from events.editing.importers import Report, sheets
from events.models import PendingImport
from events.models.base import Record, is_deadlock, patiently

# A request waits for the dry run; the command has no such limits.
MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_UNPACKED = 64 * 1024 * 1024
MOST_ATTEMPTS = 3
Result = TypeVar("Result")
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def importable(user: Any) -> list[importers.Table]:
    """The tables whose records `user` may add."""
    return [table for table in importers.TABLES.values() if user.has_perm(f"events.add_{table.model_name}")]


class ImportForm(forms.Form):
    noun = forms.ChoiceField(label=gettext_lazy("What a row is"))
    file = forms.FileField(
        label=gettext_lazy("Table"),
        required=False,
        help_text=gettext_lazy("A file that ends in .csv, .xlsx or .jsonl, up to 5 MB and 5,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.jsonl"}),
    )
    text = forms.CharField(
        label=gettext_lazy("or pasted"),
        required=False,
        strip=False,
        help_text=gettext_lazy("Rows copied from a spreadsheet, the row of headers first."),
        widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField", "spellcheck": "false"}),
    )
    create_unknown = forms.BooleanField(
        label=gettext_lazy("Make drafts of unknown names"),
        required=False,
        help_text=gettext_lazy(
            "Participants, places, topics, outlets and articles that cells name and the archive does not know. The dry run lists them."
        ),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        noun: Any = self.fields["noun"]
        noun.choices = [
            (table.noun, capfirst(table.model._meta.verbose_name_plural)) for table in importable(user)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), (cleaned.get("text") or "").strip("\r\n")
        refuse_kept(self.data)
        if "file" in self.errors or "text" in self.errors:
            return cleaned
        if bool(file) == bool(text.strip()):
            raise forms.ValidationError(_("Choose a file or paste rows: one of the two."))
        data = file.read(MOST_BYTES + 1) if file else text.encode()
        if len(data) > MOST_BYTES:
            raise forms.ValidationError(
                _("The table is larger than 5 MB. Part it, or use the command import_records.")
            )
        cleaned["data"], cleaned["filename"] = data, file.name[-200:] if file else "pasted.csv"
        return cleaned


def start(request: HttpRequest) -> HttpResponse:
    """Take a table and run it dry; the answer is the page that shows what would become of it."""
    if not importable(request.user):
        raise PermissionDenied
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(*posted, user=request.user, initial={"noun": request.GET.get("noun", "meetings")})
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        user: Any = request.user
        pending = PendingImport(
            user=user,
            **{name: cleaned[name] for name in ("noun", "filename", "data", "create_unknown")},
        )
        try:
            _patiently(lambda: _run(pending, dry_run=True))
        except importers.FileError as error:
            form.add_error(None, f"{pending.filename}: {error}")
        else:
            PendingImport.objects.clear(request.user)
            pending.save()
            return stored_as(request, redirect("admin:import_plan", pending.token))
    context = {
        "title": _("Import a table"),
        "form": form,
        "tables": importable(request.user),
        "kinds": list(KINDS),
    }
    return _page(request, "admin/import.html", context)


def plan(request: HttpRequest, token: str) -> HttpResponse:
    """What would become of each row, and the button that does exactly this."""
    pending = _pending(request, token)
    if pending is None:
        messages.warning(request, _("This table was stored, or is older than a day. Send it again."))
        return redirect("admin:import")
    if request.method == "POST" and "unknown" in request.POST:
        pending.create_unknown = True
        _patiently(lambda: _run(pending, dry_run=True))
        pending.save()
        return redirect("admin:import_plan", token)
    if request.method == "POST":
        return _store(request, pending)
    shown = pending.shown
    sections = [
        {
            "verdict": verdict,
            "label": label,
            "rows": shown["rows"][verdict],
            "count": shown["counts"][verdict],
        }
        for verdict, label in _LABELS
    ]
    context = {
        "title": _("Import %(noun)s: what would be done") % {"noun": _plural(pending.noun)},
        "pending": pending,
        "sections": sections,
        "counts": shown["counts"],
        "unknown": shown["unknown"],
        "notes": shown.get("notes", ()),
        "makes_drafts": pending.create_unknown,
        "may_store": not shown["counts"]["refused"]
        and (shown["counts"]["created"] or shown["counts"]["changed"]),
        "change": _view(importers.TABLES[pending.noun].model, "change"),
    }
    return _page(request, "admin/import_plan.html", context)


def report(request: HttpRequest, token: str) -> HttpResponse:
    """All rows with what would become of them, as a table."""
    if (pending := _pending(request, token)) is None:
        raise Http404
    return _download(("\ufeff" + pending.report).encode(), "report.csv", KINDS["csv"])


def sheet(request: HttpRequest, noun: str, kind: str) -> HttpResponse:
    """An empty sheet of the noun."""
    table = next((one for one in importable(request.user) if one.noun == noun), None)
    if table is None or kind not in KINDS:
        raise Http404
    data = sheets.as_csv(table) if kind == "csv" else sheets.as_workbook(table)
    return _download(data, f"{noun}.{kind}", KINDS[kind])


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """The addresses of the page below the admin's; `wrap` is the site's `admin_view`."""
    return [
        path("import/", wrap(start), name="import"),
        path("import/sheets/<slug:noun>.<slug:kind>", wrap(sheet), name="import_sheet"),
        path("import/<str:token>/", wrap(plan), name="import_plan"),
        path("import/<str:token>/report.csv", wrap(report), name="import_report"),
    ]


_LABELS = (
    ("refused", gettext_lazy("Refused")),
    ("changed", gettext_lazy("Changed")),
    ("created", gettext_lazy("Created")),
    ("unchanged", gettext_lazy("Unchanged")),
)


def _plural(noun: str) -> str:
    return str(importers.TABLES[noun].model._meta.verbose_name_plural)


def _pending(request: HttpRequest, token: str) -> PendingImport | None:
    pending = PendingImport.objects.of(request.user).filter(token=token.replace("\x00", "")).first()
    if pending and importers.TABLES[pending.noun] not in importable(request.user):
        raise PermissionDenied
    return pending


def _patiently(work: Callable[[], Result]) -> Result:
    """What `work` returns; done again where an import and another save waited for each other. Raises `importers.FileError`."""
    try:
        return patiently(work, MOST_ATTEMPTS)
    except OperationalError as error:
        if not is_deadlock(error):
            raise
        raise importers.FileError(
            _("Others save the same records just now. Try it again in a minute.")
        ) from None


def _run(pending: PendingImport, dry_run: bool, plan: str = "") -> Report:
    """Import the table, or only look; `pending` then holds what is to be shown. Raises `importers.FileError`."""
    written = io.StringIO()
    options = importers.Options(user=pending.user, create_unknown=pending.create_unknown, most_rows=MOST_ROWS)
    with history.by(comment=pending.filename):
        report = importers.import_table(
            importers.read(io.BytesIO(bytes(pending.data)), pending.filename, largest=MOST_UNPACKED),
            pending.noun,
            options,
            dry_run=dry_run,
            plan=plan,
            sink=importers.ReportWriter(written),
        )
    pending.plan = report.digest
    pending.report = written.getvalue()
    rows = {
        verdict: [asdict(row) for row in sorted(report.rows[verdict], key=lambda row: row.line)]
        for verdict in importers.VERDICTS
    }
    pending.shown = {**report.summary(), "rows": rows}
    return report


def _store(request: HttpRequest, pending: PendingImport) -> HttpResponse:
    """Store what the page has shown that the button stood on, not what another tab or a second click may have been shown since."""
    plan = request.POST.get("plan") or "none"

    def store() -> Report | None:
        with transaction.atomic():
            # A second click waits here, and finds nothing.
            locked = PendingImport.objects.select_for_update().filter(pk=pending.pk).first()
            if locked is None:
                return None
            report = _run(locked, dry_run=False, plan=plan)
            if report.stored:
                PendingImport.objects.clear(request.user)
            else:
                locked.save()
            return report

    try:
        report = _patiently(store)
    except importers.FileError as error:
        messages.warning(request, _("Nothing was stored. %s") % error)
        return redirect("admin:import_plan", pending.token)
    if report is None:
        messages.warning(request, _("This table is stored already."))
        return redirect("admin:import")
    if not report.stored:
        messages.warning(
            request,
            _(
                "Nothing was stored: the archive has changed since you looked. Below is what would be done now."
            ),
        )
        return redirect("admin:import_plan", pending.token)
    values = {
        "created": report.counts["created"],
        "changed": report.counts["changed"],
        "noun": _plural(pending.noun),
    }
    messages.success(
        request, _("Stored %(noun)s: %(created)s created as drafts, %(changed)s changed.") % values
    )
    return redirect(_view(importers.TABLES[pending.noun].model, "changelist") or "admin:import")


def _view(model: Any, name: str) -> str:
    """The name of the admin's view of these records; "" for rows that are edited with what they belong to."""
    return f"admin:events_{model._meta.model_name}_{name}" if issubclass(model, Record) else ""


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context})


def _download(data: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
