"""Lists of public records, all values of a facet, and what is suggested while somebody types."""

from dataclasses import asdict
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from django.core.paginator import EmptyPage, Page
from django.db import OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic import View
from django_htmx.http import push_url, replace_url
from django_htmx.middleware import HtmxDetails

from events.reading import filters, panel, search, suggestions
from events.reading.role import took_too_long

# What a record's own page shows of a long list; the rest is one link away.

SUGGESTIONS_KEPT = 10  # seconds, by the browser that asked


class HtmxRequest(HttpRequest):
    """A request as django_htmx.middleware leaves it."""

    htmx: HtmxDetails


class AskedView(View):
    """A page whose work a reader's question decides. Where the database ends it, the page says how to ask for less.

    The status is 422, and neither 200, which caches would keep and search engines list, nor 503, which robots ask again and a proxy
    takes for an archive that is down: nothing is broken, and the same question will not be answered later.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except OperationalError as error:
            if not took_too_long(error):
                raise
            context = {"q": request.GET.get("q", "")[: search.LONGEST_QUERY], "robots": "noindex"}
            return render(request, "pages/too_much.html", context, status=422)


class ListView(AskedView):
    """A filtered, sorted, paged list of public records: templates/events/<noun>_list.html."""

    filter_class: ClassVar[type[filters.ListFilter]]

    def get(self, request: HtmxRequest) -> HttpResponse:
        listing = self.filter_class(request.GET)
        # What htmx puts into the page is the page without its frame. When it goes back in the history it takes a whole page.
        is_part = bool(request.htmx) and not request.htmx.history_restore_request
        if listing.is_beyond_strangers and not request.user.is_authenticated:
            # 403 and not 400: the address is right, and whoever has signed in is answered.
            context = {"filter": listing, "most": filters.MOST_VALUES, "deepest": filters.DEEPEST_POSITION}
            return render(request, "too_deep.html", {**context, "robots": "noindex"}, status=403)
        if listing.form.errors and (query := listing.followed()):
            return canonical(request.path + query)  # a merge can be undone
        asked = parse_qsl(request.META["QUERY_STRING"], keep_blank_values=True, errors="replace")
        if not is_part and not listing.form.errors and asked != listing.parameters():
            return canonical(request.path + listing.canonical())
        page = listing.page
        noun = self.filter_class._meta.model._meta.model_name
        context = {
            "frame": "frameless.html" if is_part else "base.html",
            "filter": listing,
            "form": listing.form,
            "offered": panel.offered(listing),
            "years": panel.Years(listing),
            "page": page,
            "page_links": _page_links(listing),
            "total": page.paginator.count,
            "is_wrong": bool(listing.form.errors),
            "robots": "" if listing.is_indexable else "noindex",
            "noun": noun,
            "words": listing.words,
            "only_typed": listing.address(exact=1),
            "meant": [(one, listing.address(q=one.query)) for one in listing.meant],
        }
        response = render(request, f"events/{noun}_list.html", context)
        patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
        return _addressed(request, response, request.path + listing.canonical()) if is_part else response


def _addressed(request: HtmxRequest, response: HttpResponse, address: str) -> HttpResponse:
    """An answer to htmx, and the address that the browser shows for it: a new one in its history, unless it is the one that stands
    there, or that with other words: somebody is typing them."""
    before, after = (
        QueryDict(one.partition("?")[2], mutable=True)
        for one in (request.htmx.current_url_abs_path or "", address)
    )
    is_typing = bool(before.pop("q", None)) and bool(after.pop("q", None))
    if before == after and (is_typing or address == request.htmx.current_url_abs_path):
        return replace_url(response, address)
    return push_url(response, address)


def canonical(address: str) -> HttpResponse:
    """A redirect to the one spelling of an address. It is asked for anew each time: what parameters mean may grow, and a browser
    that has kept a redirect for ever would not notice."""
    response = HttpResponsePermanentRedirect(address)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _page_links(listing: filters.ListFilter) -> list[tuple[int | None, str]]:
    """The pages to link to, each with its parameters; (None, "") stands for those left out."""
    return [
        (number, listing.address(page=number if number > 1 else None)) if number else (None, "")
        for number in page_numbers(listing.page)
    ]


def page_numbers(page: Page) -> list[int | None]:
    """The numbers of the pages to link to; None stands for those left out."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


class FacetView(View):
    """All values of one facet of a list, under the list's other filters: templates/facet.html.

    The parameters are those of the list, with `find` for a name in any script; `page` is that of the values.
    """

    of: ClassVar[type[ListView]] = ListView

    def get(self, request: HttpRequest, facet: str) -> HttpResponse:
        narrowed = request.GET.copy()
        narrowed.pop("page", None)
        listing = self.of.filter_class(narrowed)
        form = panel.FindForm(request.GET)
        noun = self.of.filter_class._meta.model._meta.model_name
        if facet not in [one.name for one in listing.faceted]:
            raise Http404
        context: dict[str, Any] = {
            "listing": listing,
            "form": form,
            "label": listing.form[facet].label,
            "facet": facet,
            "noun": noun,
            "list_address": reverse(f"events:{noun}-list"),
            "robots": "noindex",
        }
        if form.is_valid() and listing.is_valid():
            found = panel.AllValues(listing, facet, form.cleaned_data["find"], form.cleaned_data["page"] or 1)
            try:
                context["page"] = page = found.page
            except EmptyPage:
                message = _("There is no page %(asked)s. The last one is %(last)s.")
                form.add_error("page", message % {"asked": found.number, "last": found.last})
            else:
                context["page_links"] = [
                    (number, self._address(listing, form, number)) if number else (None, "")
                    for number in page_numbers(page)
                ]
        return render(request, "facet.html", context)

    def _address(self, listing: filters.ListFilter, form: Any, number: int) -> str:
        query = QueryDict(listing.address().removeprefix("?"), mutable=True)
        if find := form.cleaned_data["find"]:
            query["find"] = find
        if number > 1:
            query["page"] = str(number)
        return "?" + query.urlencode()


class MeetingListView(ListView):
    filter_class = filters.MeetingFilter


class ParticipantListView(ListView):
    filter_class = filters.ParticipantFilter


class QuotationListView(ListView):
    filter_class = filters.QuotationFilter


class ArticleListView(ListView):
    filter_class = filters.ArticleFilter


class PlaceListView(ListView):
    filter_class = filters.PlaceFilter


class AgreementListView(ListView):
    filter_class = filters.AgreementFilter


class TopicListView(ListView):
    filter_class = filters.TopicFilter


class SuggestView(View):
    """What a search box offers while somebody types (`q`), as JSON; `noun` narrows it to participants, places or topics. What cannot be
    understood is offered nothing."""

    def get(self, request: HttpRequest) -> JsonResponse:
        found = suggestions.suggest(
            request.GET.get("q", "").replace("\x00", ""), request.GET.getlist("noun") or suggestions.NOUNS
        )
        response = JsonResponse({"suggestions": [asdict(one) for one in found]})
        patch_cache_control(response, max_age=SUGGESTIONS_KEPT)
        return response
