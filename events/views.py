"""The public pages. Lists show what every reader may see; a record's own page shows drafts to signed-in editors."""

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.db import OperationalError, models
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from events import anchoring
from events.models import Agreement, Article, Meeting, Participant, Place, Quotation, Status, Topic, published
from events.models.base import may_see_drafts, visible
from events.reading import facets, filters, search, versions
from events.reading.role import took_too_long

# What a record's own page shows of a long list; the rest is one link away.
SHOWN = 25
LONGEST_VERSION = 10  # digits of a number that PostgreSQL can hold


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

    def get(self, request: HttpRequest) -> HttpResponse:
        listing = self.filter_class(request.GET)
        if listing.form.errors and (query := listing.followed()):
            response = HttpResponsePermanentRedirect(request.path + query)
            response.headers["Cache-Control"] = "no-cache"  # a merge can be undone
            return response
        page = listing.page
        model = self.filter_class._meta.model
        context = {
            "filter": listing,
            "form": listing.form,
            "page": page,
            "page_links": _page_links(listing),
            "total": page.paginator.count,
            "is_wrong": bool(listing.form.errors),
            "robots": "noindex" if listing.form.errors or listing.is_narrowed else "",
            "noun": model._meta.model_name,
            "words": listing.words,
            "only_typed": listing.address(exact=1),
            "meant": [(one, listing.address(q=one.query)) for one in listing.meant],
        }
        return render(request, f"events/{model._meta.model_name}_list.html", context)


def _page_links(listing: filters.ListFilter) -> list[tuple[int | None, str]]:
    """The pages to link to, each with its parameters; (None, "") stands for those left out."""
    page = listing.page
    return [
        (number, listing.address(page=number if number > 1 else None))
        if isinstance(number, int)
        else (None, "")
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]


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
        told = [] if is_draft else published.versions(record)
        context = {"is_draft": is_draft, "versions": told, "version": None, "changed": record.updated_at}
        if told:
            context["version"], context["changed"] = told[0]
        if asked is None:
            return self._page(request, record, {**context, **self.context(record)})
        number = _version_in_force(asked, [number for number, _moment in told])
        if number is None:
            raise Http404
        if str(number) != asked:
            return HttpResponseRedirect(f"{record.get_absolute_url()}?version={number}")
        if number == context["version"]:
            record = whole.get()
            return self._page(request, record, {**context, **self.context(record)})
        past = versions.as_of(record, number)
        context |= {"today": record, "robots": "noindex", "version": number, "changed": dict(told)[number]}
        return self._page(request, past, {**context, **self.past_context(past)})

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

    def _first(self, rows: models.QuerySet) -> dict[str, Any]:
        """The beginning of a list for a record's page, and how long the whole is."""
        shown = list(rows[: SHOWN + 1])
        total = len(shown) if len(shown) <= SHOWN else rows.count()
        return {"rows": shown[:SHOWN], "total": total, "more": total > SHOWN}


def _version_in_force(asked: str, numbers: list[int]) -> int | None:
    """Of the numbers, the latest first, the greatest that is not above the one asked for; None for anything else.

    Whoever cites a version shall find what it says to readers today, also where that does not differ from an earlier one any more,
    as what it led to was withdrawn or merged; and an answer that knows these numbers alone tells nothing of the others.
    """
    if not (asked.isascii() and asked.isdecimal()) or len(asked) > LONGEST_VERSION:
        return None
    return next((number for number in numbers if number <= int(asked)), None)


class MeetingDetailView(DetailView):
    model = Meeting


class ParticipantDetailView(DetailView):
    model = Participant

    def context(self, record: Participant) -> dict[str, Any]:
        user = self.request.user
        met = Participant.objects.visible_to(user).met_most(record)
        return {
            "meetings": self._first(visible("Meeting", user).attended_by([record]).for_list(user)),
            "met_most": list(met[:10]),
            "quotations": self._first(visible("Quotation", user).filter(speaker=record).for_list(user)),
            "reports": self._first(visible("Quotation", user).filter(reported_by=record).for_list(user)),
            "agreements": self._first(visible("Agreement", user).filter(parties=record).for_list(user)),
        }


class QuotationDetailView(DetailView):
    model = Quotation

    def context(self, record: Quotation) -> dict[str, Any]:
        selector = record.selector
        text = record.article.text
        return {
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
        quotations = list(record.quotations.all())
        selectors = [quotation.selector for quotation in quotations if quotation.selector]
        context: dict[str, Any] = {
            "excerpts": [
                {
                    "quotation": quotation,
                    "excerpt": anchoring.excerpt(record.text, quotation.selector, selectors)
                    if quotation.selector
                    else None,
                    "source_url": _source_url(quotation, record.text, record.url),
                }
                for quotation in quotations
            ]
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
        return {"meetings": self._first(visible("Meeting", user).filter(place__in=inside).for_list(user))}


class AgreementDetailView(DetailView):
    model = Agreement


class TopicDetailView(DetailView):
    model = Topic

    def context(self, record: Topic) -> dict[str, Any]:
        user = self.request.user
        numbers: Sequence[int] = list(
            Topic.objects.visible_to(user).within([record.pk]).values_list("pk", flat=True)
        )
        meetings = visible("Meeting", user).filter(
            pk__in=Meeting.topics.through.objects.filter(topic__in=numbers).values("meeting")
        )
        quotations = visible("Quotation", user).filter(
            pk__in=Quotation.topics.through.objects.filter(topic__in=numbers).values("quotation")
        )
        return {
            "meetings": self._first(meetings.for_list(user)),
            "quotations": self._first(quotations.for_list(user)),
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
            "meetings": Meeting.objects.public().filter(state=Meeting.State.HELD).for_list()[:6],
            "quotations": Quotation.objects.public().for_list()[:3],
        }


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
