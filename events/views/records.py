"""The page of a record at its permanent address, and as it was."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models.expressions import RawSQL
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.views.generic import View

from events import anchoring
from events.models import Agreement, Article, Meeting, Participant, Place, Quotation, Status, Topic, published
from events.models.base import may_see_drafts, visible
from events.models.participant import RECENT
from events.reading import tallies, versions

# What a record's own page shows of a long list; the rest is one link away.

SHOWN = 25
SAID = 50  # at a meeting
QUOTED = 100  # from an article
LONGEST = 200  # of other lists that have no page with the rest
# Rows of a list that are counted: to count goes through each of them, and a page shall not wait for it.
COUNTED = 1_000
LONGEST_VERSION = 10  # digits of a number that PostgreSQL can hold
# Versions that the foot of a page lists, and when asked for earlier ones. Each takes a millisecond, of long articles more.
VERSIONS = 5
VERSIONS_ASKED = 50


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
