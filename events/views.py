"""The public pages. Lists show what every reader may see; a record's own page shows drafts to signed-in editors."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.core.paginator import EmptyPage, Page, Paginator
from django.db import OperationalError, models
from django.db.models.expressions import RawSQL
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from django_htmx.http import push_url, replace_url
from django_htmx.middleware import HtmxDetails

from events import anchoring
from events.models import Agreement, Article, Meeting, Participant, Place, Quotation, Status, Topic, published
from events.models.base import may_see_drafts, visible
from events.models.participant import RECENT
from events.reading import calendar, facets, filters, panel, search, suggestions, tallies, versions
from events.reading.role import took_too_long

# What a record's own page shows of a long list; the rest is one link away.
SHOWN = 25
SAID = 50  # at a meeting
QUOTED = 100  # from an article
LONGEST = 200  # of other lists that have no page with the rest
# Rows of a list that are counted: to count goes through each of them, and a page shall not wait for it.
COUNTED = 1_000
PERIOD_SIZE = 25
LEAP_YEAR = 2024  # one that has all days
MONDAY = date(LEAP_YEAR, 1, 1)  # one of them, for the names of weekdays
SUGGESTIONS_KEPT = 10  # seconds, by the browser that asked
LONGEST_VERSION = 10  # digits of a number that PostgreSQL can hold
# Versions that the foot of a page lists, and when asked for earlier ones. Each takes a millisecond, of long articles more.
VERSIONS = 5
VERSIONS_ASKED = 50


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
            return _canonical(request.path + query)  # a merge can be undone
        asked = parse_qsl(request.META["QUERY_STRING"], keep_blank_values=True, errors="replace")
        if not is_part and not listing.form.errors and asked != listing.parameters():
            return _canonical(request.path + listing.canonical())
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


def _page_links(listing: filters.ListFilter) -> list[tuple[int | None, str]]:
    """The pages to link to, each with its parameters; (None, "") stands for those left out."""
    return [
        (number, listing.address(page=number if number > 1 else None)) if number else (None, "")
        for number in _page_numbers(listing.page)
    ]


def _page_numbers(page: Page) -> list[int | None]:
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
                    for number in _page_numbers(page)
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


class PeriodView(View):
    """The meetings of a year, a month or a day beside its calendar: templates/events/meeting_period.html.

    A day that no calendar has, and a page that the list does not reach, answer 404 with the nearest one that there is.
    """

    def get(
        self, request: HttpRequest, year: int, month: int | None = None, day: int | None = None
    ) -> HttpResponse:
        try:
            period = calendar.Period(year, month, day)
        except ValueError:
            nearest = calendar.Period.nearest(year, month, day)
            return _no_such_date(request, nearest, nearest.get_absolute_url())
        contents = calendar.Contents(period)
        page = _numbered_page(request, contents.total)
        if isinstance(page, HttpResponse):
            return page
        start = (page.number - 1) * PERIOD_SIZE
        exact, loose = contents.rows(start, start + PERIOD_SIZE)
        before, after = calendar.neighbours(period)
        context = {
            "noun": "meeting",
            "period": period,
            "contents": contents,
            "page": page,
            "page_links": _numbers(page),
            "exact": exact,
            "loose": loose,
            "loose_page": contents.exact_count // PERIOD_SIZE + 1,
            "before": before,
            "after": after,
            "weekdays": [MONDAY + timedelta(days=n) for n in range(7)],
            "robots": "" if contents.total else "noindex",
        }
        if period.unit == "year":
            # The short address of the meeting of this number, if there is one.
            context["numbered"] = Meeting.objects.public().filter(pk=year).first()
        if period.unit == "day":
            context["words_were_said"] = calendar.words_were_said(period.first)
        return render(request, "events/meeting_period.html", context)


class TodayView(View):
    """Leads to the page of today, by Universal Time, so that each page of a day stays the same for whoever keeps it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        day = calendar.today()
        response = HttpResponseRedirect(reverse("events:meeting-on-day", args=[day.month, day.day]))
        response.headers["Cache-Control"] = "no-cache"
        return response


class OnThisDayView(View):
    """The meetings of one day in all years: templates/events/meeting_on_this_day.html."""

    def get(self, request: HttpRequest, month: int, day: int) -> HttpResponse:
        found = calendar.Period.nearest(LEAP_YEAR, month, day).first
        if (found.month, found.day) != (month, day):
            address = reverse("events:meeting-on-day", args=[found.month, found.day])
            return _no_such_date(request, found, address)
        numbers = calendar.on_this_day(month, day)
        page = _numbered_page(request, len(numbers))
        if isinstance(page, HttpResponse):
            return page
        start = (page.number - 1) * PERIOD_SIZE
        context = {
            "noun": "meeting",
            "day": found,
            "before": found - timedelta(days=1),
            "after": found + timedelta(days=1),
            "page": page,
            "page_links": _numbers(page),
            "rows": calendar.meetings(numbers[start : start + PERIOD_SIZE]),
            "robots": "" if page.paginator.count else "noindex",
        }
        return render(request, "events/meeting_on_this_day.html", context)


def _numbered_page(request: HttpRequest, total: int) -> Page | HttpResponse:
    """The page that is asked for, of the positions of a list of this length; the answer to give instead where the address has another
    spelling, or there is no such page."""
    asked = request.GET.get("page", "1")
    pages = Paginator(range(total), PERIOD_SIZE)
    try:
        page = pages.page(int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0)
    except EmptyPage:
        context = {"noun": "meeting", "address": request.path, "last": pages.num_pages}
        return render(request, "events/no_such_date.html", context, status=404)
    query = f"?page={page.number}" if page.number > 1 else ""
    return page if request.get_full_path() == request.path + query else _canonical(request.path + query)


def _numbers(page: Page) -> list[tuple[int | None, str]]:
    """The pages to link to, as `_page_links` gives them."""
    return [
        (number, f"?page={number}" if number > 1 else "?") if isinstance(number, int) else (None, "")
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]


def _canonical(address: str) -> HttpResponse:
    """A redirect to the one spelling of an address. It is asked for anew each time: what parameters mean may grow, and a browser
    that has kept a redirect for ever would not notice."""
    response = HttpResponsePermanentRedirect(address)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _no_such_date(request: HttpRequest, nearest: calendar.Period | date, address: str) -> HttpResponse:
    """404 that leads to the nearest date that the calendar has: a period, or a day of all years."""
    context = {"noun": "meeting", "nearest": nearest, "address": address}
    return render(request, "events/no_such_date.html", context, status=404)


class SearchView(AskedView):
    """What is found in the whole archive: the closest few records of each noun, or the closest of one; the lists have the rest."""

    listings: ClassVar[dict[str, type[filters.ListFilter]]] = {
        "meeting": filters.MeetingFilter,
        "participant": filters.ParticipantFilter,
        "quotation": filters.QuotationFilter,
        "article": filters.ArticleFilter,
        "agreement": filters.AgreementFilter,
        "place": filters.PlaceFilter,
        "topic": filters.TopicFilter,
    }
    few = 4
    many = 25

    def get(self, request: HttpRequest) -> HttpResponse:
        form = SearchForm(request.GET)
        context: dict[str, Any] = {"form": form, "robots": "noindex", "noun": "search", "labels": NOUNS}
        if form.is_valid() and (text := form.cleaned_data["q"]):
            context |= self._found(text, bool(form.cleaned_data["exact"]), form.cleaned_data["noun"])
        return render(request, "pages/search.html", context)

    def _found(self, text: str, exact: bool, chosen: str) -> dict[str, Any]:
        words = search.parse(text, exact)
        totals = {noun: facets.total(facets.Question(noun, words=words)) for noun in self.listings}
        parameters = {"q": text, **({"exact": "1"} if exact else {})}
        groups = []
        for noun, total in totals.items():
            if total and chosen in ("", noun):
                size = self.many if chosen else self.few
                groups.append(
                    {
                        "noun": noun,
                        "label": NOUNS[noun],
                        "total": total,
                        "records": self._records(noun, words, size),
                        "row": f"events/_{noun}_row.html",
                        "list": f"{reverse(f'events:{noun}-list')}?{urlencode(parameters)}",
                        "only": f"?{urlencode({**parameters, 'noun': noun})}",
                        "more": total > size,
                    }
                )
        found = sum(totals.values())
        return {
            "words": words,
            "chosen": chosen,
            "groups": groups,
            "found": found,
            "tabs": [("", _("All"), found, f"?{urlencode(parameters)}")]
            + [
                (noun, NOUNS[noun], total, f"?{urlencode({**parameters, 'noun': noun})}")
                for noun, total in totals.items()
            ],
            "only_typed": f"?{urlencode({**parameters, 'exact': '1', **({'noun': chosen} if chosen else {})})}",
            "all_spellings": f"?{urlencode({'q': text, **({'noun': chosen} if chosen else {})})}",
            "meant": [
                (one, f"?{urlencode({**parameters, 'q': one.query})}")
                for one in ([] if found else search.meant(words))
            ],
        }

    def _records(self, noun: str, words: search.Words, size: int) -> list[Any]:
        numbers = facets.page(facets.Question(noun, words=words), 0, size)
        found = {record.pk: record for record in visible(noun).filter(pk__in=numbers).for_list().order_by()}
        records = [found[number] for number in numbers if number in found]
        search.mark(noun, words, records)
        return records


NOUNS = {
    "meeting": gettext_lazy("Meetings"),
    "participant": gettext_lazy("Participants"),
    "quotation": gettext_lazy("Quotations"),
    "article": gettext_lazy("Sources"),
    "agreement": gettext_lazy("Agreements"),
    "place": gettext_lazy("Places"),
    "topic": gettext_lazy("Topics"),
}


class SearchForm(forms.Form):
    """The parameters of the search page as typed."""

    q = forms.CharField(max_length=search.LONGEST_QUERY, required=False)
    exact = forms.ChoiceField(choices=[("", ""), ("1", "1")], required=False)
    noun = forms.ChoiceField(choices=[("", ""), *NOUNS.items()], required=False)


class DetailView(View):
    """A record at its permanent address: templates/events/<noun>_detail.html.

    Found by its number. A former or wrong slug and a merged record answer 301; one that was public and is not any more 410, with
    the reason if it was withdrawn; a draft 404, except for signed-in editors.
    """

    model: ClassVar[Any]  # a record's class

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code in (301, 410):
            # Browsers keep both for ever unless told otherwise, and titles and statuses change back.
            response.headers["Cache-Control"] = "no-cache"
        return response

    def get(self, request: HttpRequest, pk: int, slug: str = "") -> HttpResponseBase:
        found = self.model.objects.visible_to(request.user).filter(pk=pk)
        whole = found.for_detail(request.user)
        asked = request.GET.get("version")
        record = (whole if asked is None else found).first()
        if record is None:
            return self._gone(request, pk)
        if slug != record.slug:
            query = f"?{request.GET.urlencode()}" if request.GET else ""
            return HttpResponsePermanentRedirect(record.get_absolute_url() + query)
        is_draft = record.status != Status.PUBLISHED
        told = [] if is_draft else published.versions(record, VERSIONS + 1)
        context = {"is_draft": is_draft, "version": None, "changed": record.updated_at, **_listed(told)}
        if told:
            context["version"], context["changed"] = told[0]
        if asked is None:
            if before := request.GET.get("versions"):
                context |= self._earlier(record, before, is_draft)
            return self._page(request, record, {**context, **self.context(record)})
        number, moment = _version_in_force(asked, record, told)
        if str(number) != asked:
            return HttpResponseRedirect(f"{record.get_absolute_url()}?version={number}")
        if number == context["version"]:
            record = whole.get()
            return self._page(request, record, {**context, **self.context(record)})
        past = versions.as_of(record, number)
        context |= {"today": record, "robots": "noindex", "version": number, "changed": moment}
        return self._page(request, past, {**context, **self.past_context(past)})

    def _earlier(self, record: Any, before: str, is_draft: bool) -> dict[str, Any]:
        """The versions for the foot of a page that was asked for those before a number (`?versions=7`)."""
        if is_draft or not _is_version(before):
            raise Http404
        told = published.versions(record, VERSIONS_ASKED + 1, int(before) - 1)
        return {**_listed(told, VERSIONS_ASKED), "robots": "noindex", "are_earlier": True}

    def _page(self, request: HttpRequest, record: Any, context: dict[str, Any]) -> HttpResponse:
        noun = str(self.model._meta.model_name)
        context = {"record": record, noun: record, "noun": noun, **context}
        return render(request, f"events/{noun}_detail.html", context)

    def _gone(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The answer for a record that `request.user` may not see."""
        rows = self.model.objects.visible_to(request.user)
        former = published.former(self.model, pk)
        if former is None:
            # An editor may have the address of a draft that was merged; readers never had it.
            kept = rows.filter(merged_from=pk).first() if may_see_drafts(request.user) else None
            if kept is None:
                raise Http404
            return HttpResponsePermanentRedirect(kept.get_absolute_url())
        if former.number != pk and (kept := rows.filter(pk=former.number).first()):
            return HttpResponsePermanentRedirect(kept.get_absolute_url())
        if not former.is_gone:
            raise Http404
        return render(request, "410.html", {"reason": former.reason}, status=410)

    def context(self, record: Any) -> dict[str, Any]:
        """What the template needs beside the record."""
        return {}

    def past_context(self, record: Any) -> dict[str, Any]:
        """What the template needs beside a record as it was; what others say of it is told by its page of today."""
        return {}

    def _first(self, rows: Any, *order: Any, shown: int = SHOWN) -> dict[str, Any]:
        """The beginning of a list for a record's page, and how long the whole is, up to COUNTED. One query."""
        counted = rows.order_by().values("pk")[: COUNTED + 1].query.sql_with_params()
        total = RawSQL(f"(select count(*) from ({counted[0]}) counted)", counted[1], models.IntegerField())
        rows = rows.for_list(self.request.user).annotate(total=total)
        found = list((rows.order_by(*order) if order else rows)[:shown])
        tallies.tell(found)
        count = found[0].total if found else 0
        return {
            "rows": found,
            "total": min(count, COUNTED),
            "more": count > shown,
            "uncounted": count > COUNTED,
        }


def _is_version(asked: str) -> bool:
    return asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_VERSION


def _listed(told: list[tuple[int, datetime]], most: int = VERSIONS) -> dict[str, Any]:
    """The versions that a page's foot lists, the latest first, and the number before which the others are."""
    return {"versions": told[:most], "earlier": told[most - 1][0] if len(told) > most else None}


def _version_in_force(asked: str, record: Any, told: list[tuple[int, datetime]]) -> tuple[int, datetime]:
    """Of the versions that readers see, of which `told` are the latest, the latest that is not above the one asked for, and its
    moment; Http404 for anything else.

    Whoever cites a version shall find what it says to readers today, also where that does not differ from an earlier one any more,
    as what it led to was withdrawn or merged; and an answer that knows these numbers alone tells nothing of the others.
    """
    if not told or not _is_version(asked):
        raise Http404
    among = told if told[-1][0] <= int(asked) else published.versions(record, 1, int(asked))
    for number, moment in among:
        if number <= int(asked):
            return number, moment
    raise Http404


class MeetingDetailView(DetailView):
    model = Meeting

    def context(self, record: Meeting) -> dict[str, Any]:
        user = self.request.user
        return {
            "parts": self._first(
                visible("Meeting", user).filter(parent=record), "held_range__startswith", "pk", shown=LONGEST
            ),
            "agreements": self._first(visible("Agreement", user).filter(meeting=record), shown=LONGEST),
            "quotations": self._first(
                visible("Quotation", user).filter(meeting=record), "article_id", "start", "pk", shown=SAID
            ),
        }


class ParticipantDetailView(DetailView):
    model = Participant

    def context(self, record: Participant) -> dict[str, Any]:
        user = self.request.user
        return {
            "meetings": self._first(visible("Meeting", user).attended_by([record])),
            "met_most": Participant.objects.visible_to(user).met_most(record),
            "recent": RECENT,
            "quotations": self._first(visible("Quotation", user).filter(speaker=record)),
            "reports": self._first(visible("Quotation", user).filter(reported_by=record)),
            "agreements": self._first(visible("Agreement", user).filter(parties=record)),
        }


class QuotationDetailView(DetailView):
    model = Quotation

    def context(self, record: Quotation) -> dict[str, Any]:
        selector = record.selector
        text = record.article.text
        rows = visible("Quotation", self.request.user)
        return {
            "holds": self._first(rows.filter(within=record), "start", "pk", shown=LONGEST),
            "variants": self._first(rows.filter(variant_of=record), "pk", shown=LONGEST),
            "excerpt": anchoring.excerpt(text, selector) if selector else None,
            "source_url": _source_url(record, text),
        }

    def past_context(self, record: Quotation) -> dict[str, Any]:
        """The words in what stood around them then; the article's text may have changed since."""
        selector = record.selector
        if selector is None:
            return {"source_url": record.article.url}
        text = selector.prefix + selector.exact + selector.suffix
        start, end = len(selector.prefix), len(selector.prefix) + len(selector.exact)
        return {
            "excerpt": anchoring.excerpt(text, anchoring.select(text, start, end)),
            "source_url": record.article.url,
        }


class ArticleDetailView(DetailView):
    model = Article

    def context(self, record: Article) -> dict[str, Any]:
        rows = visible("Quotation", self.request.user).filter(article=record)
        found = self._first(rows, "start", "-end", "pk", shown=QUOTED)
        quotations = found["rows"]
        selectors = [quotation.selector for quotation in quotations if quotation.selector]
        context: dict[str, Any] = {
            "quotations": found,
            "excerpts": [
                {
                    "quotation": quotation,
                    "excerpt": anchoring.excerpt(record.text, quotation.selector, selectors)
                    if quotation.selector
                    else None,
                    "source_url": _source_url(quotation, record.text, record.url),
                }
                for quotation in quotations
            ],
        }
        if record.rights == Article.Rights.FULL and record.text:
            spans = [(q, q.selector.start, q.selector.end) for q in quotations if q.selector]
            context["paragraphs"] = anchoring.paragraphs(anchoring.mark(record.text, spans))
        return context

    def past_context(self, record: Article) -> dict[str, Any]:
        if record.rights == Article.Rights.FULL and record.text:
            return {"paragraphs": anchoring.paragraphs(anchoring.mark(record.text, []))}
        return {}


def _source_url(quotation: Quotation, text: str, url: str | None = None) -> str:
    """The publisher's page at the quoted words; "" where no address is known."""
    address = quotation.article.url if url is None else url
    words = quotation.exact
    # Words that no text vouches for may stand on the page all the same.
    selector = quotation.selector or anchoring.Selector(0, len(words), words, "", "")
    return anchoring.url_with_fragment(address, selector, text or None)


class PlaceDetailView(DetailView):
    model = Place

    def context(self, record: Place) -> dict[str, Any]:
        user = self.request.user
        inside = Place.objects.visible_to(user).within([record.pk])
        return {
            "parts": self._first(
                visible("Place", user).filter(parent=record), "sort_key", "pk", shown=LONGEST
            ),
            "meetings": self._first(visible("Meeting", user).filter(place__in=inside)),
        }


class AgreementDetailView(DetailView):
    model = Agreement


class TopicDetailView(DetailView):
    model = Topic

    def context(self, record: Topic) -> dict[str, Any]:
        user = self.request.user
        tree = list(Topic.objects.visible_to(user).within([record.pk]).for_list(user).by_name())
        numbers = [topic.pk for topic in tree]
        narrower = [topic for topic in tree if topic.broader_id == record.pk]
        tallies.tell(narrower)
        meetings = visible("Meeting", user).filter(
            pk__in=Meeting.topics.through.objects.filter(topic__in=numbers).values("meeting")
        )
        quotations = visible("Quotation", user).filter(
            pk__in=Quotation.topics.through.objects.filter(topic__in=numbers).values("quotation")
        )
        return {
            "narrower": narrower,
            "meetings": self._first(meetings),
            "quotations": self._first(quotations),
        }


class HomeView(TemplateView):
    template_name = "pages/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        labels: dict[Any, str] = {
            Meeting: _("meetings"),
            Participant: _("participants"),
            Quotation: _("quotations"),
            Agreement: _("agreements"),
            Place: _("places"),
            Article: _("sources"),
        }
        today = calendar.today()
        return {
            **super().get_context_data(**kwargs),
            "figures": [
                {
                    "label": label,
                    "count": model.objects.public().count(),
                    "address": reverse(f"events:{model._meta.model_name}-list"),
                }
                for model, label in labels.items()
            ],
            "today": today,
            "on_this_day": calendar.begun_on_this_day(today.month, today.day)[:3],
            "meetings": Meeting.objects.public().filter(state=Meeting.State.HELD).for_list()[:6],
            "quotations": Quotation.objects.public().for_list()[:3],
        }


class RobotsView(TemplateView):
    template_name = "robots.txt"
    content_type = "text/plain; charset=utf-8"


class AboutView(TemplateView):
    template_name = "pages/about.html"


class AboutSearchView(TemplateView):
    template_name = "pages/about_search.html"


class NamesView(TemplateView):
    """The rule for names of contested places, with the places that it applies to."""

    template_name = "pages/names.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = Place.objects.public().filter(contested=True).for_list().by_name()
        return {**super().get_context_data(**kwargs), "places": places}


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
