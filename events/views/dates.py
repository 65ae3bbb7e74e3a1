"""Meetings by year, month and day, and those of one day in all years."""

from datetime import date, timedelta

from django.core.paginator import EmptyPage, Page, Paginator
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View

from events.models import Meeting
from events.reading import calendar
from events.views.lists import canonical, page_numbers

# What a record's own page shows of a long list; the rest is one link away.

PERIOD_SIZE = 25
LEAP_YEAR = 2024  # one that has all days
MONDAY = date(LEAP_YEAR, 1, 1)  # one of them, for the names of weekdays


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
    return page if request.get_full_path() == request.path + query else canonical(request.path + query)


def _numbers(page: Page) -> list[tuple[int | None, str]]:
    """The pages to link to, each with its parameters; (None, "") stands for those left out."""
    return [
        (None, "") if number is None else (number, f"?page={number}" if number > 1 else "?")
        for number in page_numbers(page)
    ]


def _no_such_date(request: HttpRequest, nearest: calendar.Period | date, address: str) -> HttpResponse:
    """404 that leads to the nearest date that the calendar has: a period, or a day of all years."""
    context = {"noun": "meeting", "nearest": nearest, "address": address}
    return render(request, "events/no_such_date.html", context, status=404)
