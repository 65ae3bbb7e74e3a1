"""The first page, what the archive says of itself, and what it tells crawlers."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from events.models import Agreement, Article, Meeting, Participant, Place, Quotation
from events.reading import calendar, facets

# What a record's own page shows of a long list; the rest is one link away.


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
                    "count": facets.total(facets.Question(model._meta.model_name)),
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
