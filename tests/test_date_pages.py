"""The addresses of dates: /meetings/2023/02/27/ and its kin, and the record whose number looks like a year."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Meeting, Status
from events.reading import calendar
from tests import factories
from tests.test_views import ROLE

pytestmark = pytest.mark.django_db


def answer(client, address: str) -> tuple[int, str | None]:
    response = client.get(address)
    return response.status_code, response.headers.get("Location")


def titles(client, address: str) -> list[str]:
    body = client.get(address).content.decode()
    return re.findall(r'class="row__title"><a href="[^"]*">([^<]*)<', body)


def test_the_meetings_of_a_date_are_found(client):
    factories.MeetingFactory(title="Visit", held_on="2023-02-27/2023-02-28")
    factories.MeetingFactory(title="Month", held_on="2023-02")
    factories.MeetingFactory(title="Year", held_on="2023")
    factories.MeetingFactory(title="Canary", held_on="2023-02-27", status=Status.DRAFT)
    found = {
        address: titles(client, address)
        for address in (
            "/meetings/2023/",
            "/meetings/2023/02/",
            "/meetings/2023/02/27/",
            "/meetings/2023/02/28/",
            "/meetings/on-this-day/02-28/",
            "/meetings/2023/02/01/",
        )
    }
    assert found == {
        "/meetings/2023/": ["Month", "Visit", "Year"],
        "/meetings/2023/02/": ["Visit", "Month"],
        "/meetings/2023/02/27/": ["Visit"],
        "/meetings/2023/02/28/": ["Visit"],
        "/meetings/on-this-day/02-28/": ["Visit"],
        "/meetings/2023/02/01/": [],
    }


def test_drafts_leave_no_trace_for_editors_either(client):
    factories.MeetingFactory(title="Canary", held_on="2023-02-27", status=Status.DRAFT)
    factories.MeetingFactory(title="Canary", held_on="2022-01-05", status=Status.DRAFT)
    addresses = (
        "/meetings/2023/",
        "/meetings/2023/02/",
        "/meetings/2023/02/27/",
        "/meetings/on-this-day/02-27/",
    )
    client.force_login(factories.EditorFactory())
    for address in addresses:
        response = client.get(address)
        assert (response.status_code, "Canary" in response.content.decode()) == (200, False)
        assert (response.context["page"].paginator.count, response.context["before"] or None) in {
            (0, None),
            (0, calendar.date(2024, 2, 26)),
        }


@pytest.mark.parametrize(
    ("address", "nearest"),
    [
        ("/meetings/2023/13/", "/meetings/2023/12/"),
        ("/meetings/2023/00/", "/meetings/2023/01/"),
        ("/meetings/2023/02/30/", "/meetings/2023/02/28/"),
        ("/meetings/2023/13/05/", "/meetings/2023/12/"),
        ("/meetings/on-this-day/02-30/", "/meetings/on-this-day/02-29/"),
        ("/meetings/on-this-day/00-00/", "/meetings/on-this-day/01-01/"),
        ("/meetings/2023/?page=2", "/meetings/2023/"),
        ("/meetings/2023/02/?page=0", "/meetings/2023/02/"),
        ("/meetings/2023/02/27/?page=%D9%A3", "/meetings/2023/02/27/"),
        ("/meetings/on-this-day/02-27/?page=" + "9" * 400, "/meetings/on-this-day/02-27/"),
    ],
)
def test_a_date_that_is_in_no_calendar_leads_to_the_nearest(client, address, nearest):
    response = client.get(address)
    assert (response.status_code, f'<a href="{nearest}">' in response.content.decode()) == (404, True)


def test_an_address_has_one_spelling(client):
    for _ in range(26):
        factories.MeetingFactory(held_on="2023-02-27")
    for address in (
        "/meetings/2023/",
        "/meetings/2023/02/",
        "/meetings/2023/02/27/",
        "/meetings/on-this-day/02-27/",
    ):
        assert [
            answer(client, address + query)
            for query in ("?page=1", "?a=1", "?page=2&utm_source=x", "?page=2")
        ] == [
            (301, address),
            (301, address),
            (301, f"{address}?page=2"),
            (200, None),
        ]
        assert len(titles(client, f"{address}?page=2")) == 1
        assert client.get(f"{address}?page=1").headers["Cache-Control"] == "no-cache"
        body = client.get(f"{address}?page=2").content.decode()
        assert f'<link rel="canonical" href="http://testserver{address}?page=2">' in body


def test_what_is_known_to_the_month_only_stands_at_the_end(client):
    for _ in range(26):
        factories.MeetingFactory(held_on="2023-02-27")
    factories.MeetingFactory(title="Month", held_on="2023-02")
    factories.MeetingFactory(title="Year", held_on="2023")
    first, second = (client.get(f"/meetings/2023/02/{query}").content.decode() for query in ("", "?page=2"))
    heading = '<h2 id="loose">Some day in February 2023</h2>'
    assert [heading in body for body in (first, second)] == [False, True]
    assert '<a href="?page=2#loose">1 of them is known to the month only</a>' in first
    assert titles(client, "/meetings/2023/02/?page=2")[1:] == ["Month"]
    wider = '1 more is known to the year or less: <a href="/meetings/2023/">2023</a>'
    assert [wider in body for body in (first, second)] == [True, True]


def test_search_engines_are_told_of_dates_with_records(client):
    factories.MeetingFactory(held_on="2023-02-27")
    known = {
        address: 'name="robots"' not in client.get(address).content.decode()
        for address in (
            "/meetings/2023/02/27/",
            "/meetings/2023/02/26/",
            "/meetings/2024/",
            "/meetings/on-this-day/02-26/",
        )
    }
    assert list(known.values()) == [True, False, False, False]


def test_today_leads_to_its_page(client, monkeypatch):
    monkeypatch.setattr(calendar, "today", lambda: calendar.date(2026, 2, 7))
    factories.MeetingFactory(title="Seven years before", held_on="2019-02-07")
    response = client.get("/meetings/on-this-day/")
    assert (response.status_code, response.headers["Location"], response.headers["Cache-Control"]) == (
        302,
        "/meetings/on-this-day/02-07/",
        "no-cache",
    )
    home = client.get("/")
    assert [str(meeting) for meeting in home.context["on_this_day"]] == ["Seven years before"]
    assert "On this day, 7 February" in home.content.decode()
    monkeypatch.setattr(calendar, "today", lambda: calendar.date(2026, 2, 8))
    assert "On this day" not in client.get("/").content.decode()


class TestAMeetingWhoseNumberLooksLikeAYear:
    def test_is_found_by_its_title_and_named_on_the_page_of_the_year(self, client):
        meeting = factories.MeetingFactory(pk=2023, title="Talks between Lavrov and Aliyev")
        address = "/meetings/2023/talks-between-lavrov-and-aliyev/"
        assert meeting.get_absolute_url() == address
        asked = (
            address,
            "/meetings/2023/former/",
            "/meetings/2023/2/",
            "/meetings/02023/",
            "/meetings/2023/",
        )
        assert [answer(client, one) for one in asked] == [
            (200, None),
            (301, address),
            (301, address),
            (301, address),
            (200, None),
        ]
        body = client.get("/meetings/2023/").content.decode()
        assert (
            f'Looking for meeting no. 2023? <a href="{address}">Talks between Lavrov and Aliyev</a>' in body
        )

    def test_is_named_only_while_it_is_public(self, client):
        meeting = factories.MeetingFactory(pk=2023, title="Canary")
        meeting.status, meeting.withdrawal_reason = Status.WITHDRAWN, "Recorded twice."
        meeting.save()
        assert answer(client, "/meetings/2023/canary/") == (410, None)
        for user in (factories.UserFactory(), factories.EditorFactory()):
            client.force_login(user)
            assert "Looking for" not in client.get("/meetings/2023/").content.decode()

    def test_leads_on_when_it_is_merged(self, client):
        kept, gone = factories.MeetingFactory(title="Kept"), factories.MeetingFactory(pk=1999)
        Meeting.objects.filter(pk=gone.pk).update(merged_into=kept, status=Status.WITHDRAWN)
        assert answer(client, "/meetings/1999/gone/") == (301, kept.get_absolute_url())

    def test_numbers_on_either_side_are_no_years(self, client):
        for number in (1899, 2100):
            meeting = factories.MeetingFactory(pk=number, title="Talks")
            assert answer(client, f"/meetings/{number}/") == (301, meeting.get_absolute_url())
            assert answer(client, f"/meetings/{number}/02/") == (301, meeting.get_absolute_url())

    def test_has_no_title_that_reads_as_a_month(self, client):
        meeting = factories.MeetingFactory(pk=2023, title="12")
        assert meeting.get_absolute_url() == "/meetings/2023/meeting-12/"
        assert answer(client, "/meetings/2023/meeting-12/") == (200, None)
        assert [Meeting(title=title).slug for title in ("1", "12", "123", "1-2", "«02»")] == [
            "1", "meeting-12", "123", "1-2", "meeting-02",
        ]  # fmt: skip


def test_a_meeting_leads_to_its_date(client):
    dates = {
        "2023-02-27/2023-02-28": "/meetings/2023/02/27/",
        "2022-10": "/meetings/2022/10/",
        "199X": "/meetings/1990/",
    }
    for held_on, address in dates.items():
        body = client.get(factories.MeetingFactory(held_on=held_on).get_absolute_url()).content.decode()
        assert f'<span class="when"><a href="{address}">' in body
    body = client.get(factories.MeetingFactory(held_on="1828-02-22").get_absolute_url()).content.decode()
    assert '<span class="when">22 February 1828</span>' in body


def test_a_day_leads_to_its_words(client):
    factories.QuotationFactory(said_on="2023-02-27")
    link = '<a href="/quotations/?from=2023-02-27&amp;to=2023-02-27">'
    shown = {day: link in client.get(f"/meetings/2023/02/{day}/").content.decode() for day in ("27", "28")}
    assert shown == {"27": True, "28": False}


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/meetings/2023/", 6),
        ("/meetings/2023/02/", 5),
        ("/meetings/2023/02/27/", 6),
        ("/meetings/on-this-day/02-27/", 2),
        ("/meetings/1901/02/27/", 4),
    ],
)
def test_queries_of_a_date(client, address, queries, times):
    for _ in range(times):
        factories.fill(times)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert len(captured) == ROLE + queries
