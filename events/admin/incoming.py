"""An article from an address, a file or a pasted text: read first, then corrected in the article's own form, then stored."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import addresses, anchoring
from events.admin.base import RecordAdmin
from events.admin.kept import refuse_kept, stored_as
from events.editing import capture, extraction, incoming
from events.models import Article, IncomingArticle

INCOMING = "incoming"  # the parameter of the article's form that names what was read
HELD = "archive_incoming"  # on a request: the row behind it


class SourceForm(forms.Form):
    """Where an article comes from. An address alone is fetched; beside a file or a text it is only noted."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(
            attrs={"class": "vTextField wide", "inputmode": "url", "autocomplete": "off", "autofocus": True}
        ),
        help_text=gettext_lazy(
            "The page of the article: https://civil.ge/archives/1. The archive fetches it and reads it."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("or a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".html,.htm,.xhtml,.pdf,.txt,.text,.md"}),
        help_text=gettext_lazy(
            "A saved web page (HTML), a PDF with text in it, or a plain text in UTF-8, such as visit.pdf; up to 20 MB."
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField source"}),
        help_text=gettext_lazy(
            "Paste the whole article, headline and byline included. With a file or a text, the address above is only noted."
        ),
    )

    draft: capture.Draft | None = None
    twin: Article | None = None

    def clean_url(self) -> str:
        """Beside a file or a text too: an address that is none would be refused only after the reading."""
        url: str = self.cleaned_data["url"]
        try:
            addresses.address_key(url)
        except addresses.AddressError as error:
            raise forms.ValidationError(str(error), code="address") from None
        return url

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > extraction.LARGEST:
            raise forms.ValidationError(
                _("The file is larger than %d MB.") % (extraction.LARGEST // 1024 // 1024), code="large"
            )
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        refuse_kept(self.data)
        if self.errors:
            return cleaned
        url, file, text = cleaned["url"], cleaned["file"], cleaned["text"]
        field = "file" if file else "text" if text.strip() else "url"
        if file and text.strip():
            self.add_error("text", _("There is a file and a text. Give one of them."))
        elif field == "url" and not url:
            self.add_error("url", _("Give an address, a file or a text."))
        else:
            try:
                self.draft = self._read(field)
            except capture.Twin as error:
                self.twin = error.article
            except (capture.Refused, anchoring.TextError) as error:
                self.add_error(field, str(error))
        return cleaned

    def _read(self, field: str) -> capture.Draft:
        url = self.cleaned_data["url"]
        if field == "file":
            file = self.cleaned_data["file"]
            return capture.from_file(file.read(), file.name, url=url)
        if field == "text":
            return capture.from_text(self.cleaned_data["text"], url=url)
        return capture.from_address(url)


class IncomingArticles(RecordAdmin):
    """The part of the articles' admin that brings them in. A token in the form's address names what was read."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.from_address_view)
        return [path("from-address/", view, name="events_article_from_address"), *super().get_urls()]

    def from_address_view(self, request: HttpRequest) -> HttpResponse:
        """Ask where the article is, read it, and go on to its form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            form = SourceForm(request.POST, request.FILES)
            if form.is_valid() and form.draft is not None:
                held = incoming.hold(form.draft, request.user)
                address = f"{reverse('admin:events_article_add')}?{INCOMING}={held.token}"
                return stored_as(request, HttpResponseRedirect(address))
        else:
            form = SourceForm(initial={"url": request.GET.get("url", "")[:2000].replace("\x00", "")})
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add article from address"),
            "opts": self.opts,
            "form": form,
            "twin": form.twin,
            "has_view_permission": self.has_view_permission(request),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/events/article/from_address.html", context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        token = request.GET.get(INCOMING, "") if object_id is None else ""
        if not token or not self.has_add_permission(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            # Whoever clicks twice waits here for the first save, and is led to what it has stored.
            held = incoming.find(token, request.user, lock=request.method == "POST")
            setattr(request, HELD, held)
            if held is not None and held.article is not None:
                return self._show_stored(request, held.article)
            if held is None and request.method != "POST":
                self.message_user(
                    request,
                    _("What was read is no longer kept, or was read by somebody else. Read it again here."),
                    messages.ERROR,
                )
                return HttpResponseRedirect(reverse("admin:events_article_from_address"))
            context = {**(extra_context or {}), "incoming": held, "missing": missing(held)}
            return super().changeform_view(request, object_id, form_url, context)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On without the token, which is used up: to the article, or to the next address."""
        response = super().response_add(request, obj, post_url_continue)
        if INCOMING not in request.GET or not isinstance(response, HttpResponseRedirect):
            return response
        if "_addanother" in request.POST:
            return HttpResponseRedirect(reverse("admin:events_article_from_address"))
        where, _mark, query = response.url.partition("?")
        fields = QueryDict(query, mutable=True)
        fields.pop(INCOMING, None)
        return HttpResponseRedirect(f"{where}?{fields.urlencode()}" if fields else where)

    def _show_stored(self, request: HttpRequest, article: Article) -> HttpResponse:
        self.message_user(
            request,
            _("This was stored already, as number %(number)s. Nothing was stored a second time.")
            % {"number": article.pk},
            messages.WARNING,
        )
        return HttpResponseRedirect(reverse("admin:events_article_change", args=[article.pk]))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        held: IncomingArticle | None = getattr(request, HELD, None)
        if held is not None:
            initial |= {name: held.reading.get(name) for name in incoming.FIELDS}
        return initial

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change or INCOMING not in request.GET:
            return
        held: IncomingArticle | None = getattr(request, HELD, None)
        if held is not None:
            incoming.settle(held, form.instance)
        else:
            self.message_user(
                request,
                _(
                    "What was fetched is no longer kept, so the article has no snapshot yet. The next check of sources makes one."
                ),
                messages.WARNING,
            )


def missing(held: IncomingArticle | None) -> list[str]:
    """The labels of what the reading did not find."""
    if held is None:
        return []
    wanted = ("title", "authors", "outlet", "published_on", "language")
    return [str(Article._meta.get_field(name).verbose_name) for name in wanted if not held.reading.get(name)]  # type: ignore[union-attr]
