"""One search of the whole archive."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.http import (
    HttpRequest,
    HttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models.base import visible
from events.reading import facets, filters, search
from events.views.lists import AskedView

# What a record's own page shows of a long list; the rest is one link away.


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
