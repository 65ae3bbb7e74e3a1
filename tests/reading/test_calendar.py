"""What stands on the page of a year, a month and a day, and what stands next to it."""

from datetime import date
from itertools import chain

import pytest
from django.db import connection

from events import dates
from events.models import Meeting, Status
from events.reading import calendar
from events.reading.calendar import Period
from tests import factories

SPELLINGS = {
    "2023-02-27": "day",
    "2023-02-27~": "day",
    "2023-02-27?/2023-02-28%": "day",
    "2023-02": "month",
    "2023-02-XX": "month",
    "2022-10~": "month",
    "2022-10/2022-12": "month",
    "2023-02-27/2023-03": "month",
    "[2023-02-27,2023-02-28]": "month",
    "[2023-02,2023-05]": "month",
    "2023": "year",
    "2023-XX": "year",
    "2023-XX-XX": "year",
    "2021-21": "year",
    "2021-24?": "year",
    "2020/2023-02": "year",
    "199X": "year",
    "19XX": "year",
    "2018-05-08/..": "year",
    "../2019-01-01": "year",
    "2018-05-08/": "year",
    "/2019": "year",
    "[..1994-05-06]": "year",
    "[1994-05-06..]": "year",
    "": "year",
}


def test_how_fine_a_date_is_told_from_its_spelling():
    assert {text for text in SPELLINGS if text and dates.parse(text).text != text} == set()
    assert {text: calendar.known_to(text) for text in SPELLINGS} == SPELLINGS


@pytest.mark.django_db
def test_the_database_tells_it_alike():
    with connection.cursor() as cursor:
        cursor.execute(
            "select text, case when text ~ %s then 'day' when text ~ %s then 'month' else 'year' end from unnest(%s::text[]) text",
            [calendar.TO_THE_DAY, calendar.TO_THE_MONTH, list(SPELLINGS)],
        )
        assert dict(cursor.fetchall()) == SPELLINGS


class TestAPeriod:
    def test_has_its_days_and_its_address(self):
        periods = [Period(2023), Period(2024, 2), Period(2023, 2, 7), Period(2099, 12)]
        assert [(p.unit, p.text, p.first, p.last, p.get_absolute_url()) for p in periods] == [
            ("year", "2023", date(2023, 1, 1), date(2023, 12, 31), "/meetings/2023/"),
            ("month", "2024-02", date(2024, 2, 1), date(2024, 2, 29), "/meetings/2024/02/"),
            ("day", "2023-02-07", date(2023, 2, 7), date(2023, 2, 7), "/meetings/2023/02/07/"),
            ("month", "2099-12", date(2099, 12, 1), date(2099, 12, 31), "/meetings/2099/12/"),
        ]
        assert Period(2023, 2, 7).around == [Period(2023), Period(2023, 2)]

    @pytest.mark.parametrize(
        ("asked", "nearest"),
        [
            ((2023, 13), (2023, 12)),
            ((2023, 0), (2023, 1)),
            ((2023, 2, 30), (2023, 2, 28)),
            ((2024, 2, 99), (2024, 2, 29)),
            ((2023, 4, 0), (2023, 4, 1)),
            ((2023, 13, 5), (2023, 12)),
            ((1899,), (1900,)),
            ((2100, 1), (2099, 1)),
        ],
    )
    def test_that_is_in_no_calendar_has_a_nearest_one(self, asked, nearest):
        with pytest.raises(ValueError, match=r"between|must be in|out of range"):
            Period(*asked)
        assert Period.nearest(*asked) == Period(*nearest)

    def test_of_a_date_is_that_of_its_first_day(self):
        found = {
            text: calendar.page_of(text, dates.parse(text).lower)
            for text in (
                "2023-02-27/2023-03-01",
                "2022-10",
                "2021-21",
                "199X",
                "2018-05-08/..",
                "1828-02",
                "[..1994]",
            )
        }
        assert found == {
            "2023-02-27/2023-03-01": Period(2023, 2, 27),
            "2022-10": Period(2022, 10),
            "2021-21": Period(2021),
            "199X": Period(1990),
            "2018-05-08/..": Period(2018),
            "1828-02": None,
            "[..1994]": None,
        }


def add(**titles: str) -> None:
    for title, held_on in titles.items():
        factories.MeetingFactory(title=title, held_on=held_on)


def read(period: Period, start: int = 0, stop: int = 100) -> tuple[list[str], list[str]]:
    exact, loose = calendar.Contents(period).rows(start, stop)
    return [str(meeting) for meeting in exact], [str(meeting) for meeting in loose]


@pytest.fixture
def archive(db):
    add(
        talks="2023-02-27",
        visit="2023-02-27/2023-02-28",
        turn="2023-02-28/2023-03-02",
        call="2023-02-03",
        month="2023-02",
        either="[2023-02-03,2023-02-05]",
        year="2023",
        spring="2023-21",
        decade="202X",
        since="2018-05-08/..",
        before="[..2001]",
        before_that="2022-12-31/2023-01-01",
        unknown="",
        far="1999-12-31",
        old="1828-02-22",
    )
    factories.MeetingFactory(title="Canary", held_on="2023-02-26", status=Status.DRAFT)
    factories.MeetingFactory(title="Canary", held_on="2023-01", status=Status.DRAFT)
    kept = Meeting.objects.get(title="talks")
    merged = factories.MeetingFactory(title="Canary", held_on="2023-02-25")
    Meeting.objects.filter(pk=merged.pk).update(status=Status.WITHDRAWN, merged_into=kept)


@pytest.mark.usefixtures("archive")
class TestWhatAPeriodHolds:
    def test_a_day(self):
        assert read(Period(2023, 2, 27)) == (["talks", "visit"], [])
        assert read(Period(2023, 2, 28)) == (["visit", "turn"], [])
        assert read(Period(2023, 2, 26)) == read(Period(2023, 2, 4)) == ([], [])

    def test_a_month(self):
        assert read(Period(2023, 2)) == (["call", "talks", "visit", "turn"], ["month", "either"])
        assert read(Period(2023, 1)) == (["before_that"], [])
        assert read(Period(2023, 3)) == (["turn"], [])

    def test_a_year(self):
        main = ["before_that", "month", "call", "either", "talks", "visit", "turn"]
        assert read(Period(2023)) == (main, ["since", "decade", "year", "spring"])
        assert read(Period(1999)) == (["far"], ["before"])

    def test_its_counts(self):
        found = {
            period.text: (contents.exact_count, contents.loose_count, contents.coarser)
            for period in (Period(2023), Period(2023, 2), Period(2023, 2, 4), Period(1950, 1, 1))
            if (contents := calendar.Contents(period))
        }
        assert found == {
            "2023": (7, 4, []),
            "2023-02": (4, 2, [(Period(2023), 3)]),
            "2023-02-04": (0, 0, [(Period(2023, 2), 2), (Period(2023), 3)]),
            "1950-01-01": (0, 0, [(Period(1950), 1)]),
        }

    def test_each_page_continues_the_one_before(self):
        for period in (Period(2023), Period(2023, 2)):
            whole = [*chain(*read(period))]
            for size in (1, 2, 3, 5):
                pages = [chain(*read(period, n, n + size)) for n in range(0, len(whole) + size, size)]
                assert [*chain(*pages)] == whole
        assert read(Period(2023, 2), 3, 5) == (["turn"], ["month"])

    def test_the_days_of_a_calendar(self):
        weeks = calendar.Contents(Period(2023, 2, 28)).weeks()
        told = [[cell and (cell.day.day, cell.count, cell.is_shown) for cell in week] for week in weeks]
        free = {n: (n, 0, False) for n in range(1, 29)}
        free |= {3: (3, 1, False), 27: (27, 2, False), 28: (28, 2, True)}
        assert told == [
            [None, None, *(free[n] for n in range(1, 6))],
            [free[n] for n in range(6, 13)],
            [free[n] for n in range(13, 20)],
            [free[n] for n in range(20, 27)],
            [free[27], free[28], None, None, None, None, None],
        ]
        linked = [cell.page for week in weeks for cell in week if cell and cell.page]
        assert linked == [Period(2023, 2, 3), Period(2023, 2, 27), Period(2023, 2, 28)]

    def test_the_months_of_a_year(self):
        told = [(month.count, month.share) for month in calendar.Contents(Period(2023)).months()]
        assert told == [(1, 2), (6, 10), (1, 2)] + [(0, 0)] * 9

    @pytest.mark.parametrize(
        ("period", "before", "after"),
        [
            (Period(2023, 2, 27), Period(2023, 2, 3), Period(2023, 2, 28)),
            (Period(2023, 2, 28), Period(2023, 2, 27), Period(2023, 3, 1)),
            (Period(2023, 3, 1), Period(2023, 2, 28), Period(2023, 3, 2)),
            (Period(2023, 3, 2), Period(2023, 3, 1), None),
            (Period(2025, 5, 5), Period(2023, 3, 2), None),
            (Period(2023, 2, 3), Period(2023, 1, 1), Period(2023, 2, 27)),
            (Period(1999, 12, 31), None, Period(2022, 12, 31)),
            (Period(1900, 1, 1), None, Period(1999, 12, 31)),
            (Period(2023, 2), Period(2023, 1), Period(2023, 3)),
            (Period(2023, 3), Period(2023, 2), None),
            (Period(2023, 1), Period(2022, 12), Period(2023, 2)),
            (Period(2022, 12), Period(1999, 12), Period(2023, 1)),
            (Period(2023), Period(2022), Period(2024)),  # of the decade
            (Period(2029), Period(2028), None),
            (Period(2020), Period(1999), Period(2021)),
            (Period(1999), None, Period(2020)),
        ],
    )
    def test_its_neighbours_have_records(self, period, before, after):
        assert calendar.neighbours(period) == (before, after)

    def test_a_day_of_all_years(self):
        add(again="2020-02-28", leap="2020-02-29")
        found = {
            day: [str(meeting) for meeting in calendar.meetings(calendar.on_this_day(*day))]
            for day in ((2, 28), (2, 29), (1, 1), (2, 26))
        }
        assert found == {
            (2, 28): ["turn", "visit", "again"],
            (2, 29): ["leap"],
            (1, 1): ["before_that"],
            (2, 26): [],
        }
        begun = {day: [str(meeting) for meeting in calendar.begun_on_this_day(*day)] for day in found}
        assert begun == {(2, 28): ["turn", "again"], (2, 29): ["leap"], (1, 1): [], (2, 26): []}


@pytest.mark.django_db
def test_whether_words_were_said_on_a_day():
    talks = factories.MeetingFactory(held_on="2023-02-27/2023-02-28")
    factories.QuotationFactory(said_on="2023-03-05")
    factories.QuotationFactory(meeting=talks)
    factories.QuotationFactory(said_on="2023-04")
    factories.QuotationFactory(said_on="2023-05-05", status=Status.DRAFT)
    draft = factories.MeetingFactory(held_on="2023-06-05", status=Status.DRAFT)
    factories.QuotationFactory(meeting=draft)
    asked = [date(2023, 3, 5), date(2023, 2, 28), date(2023, 4, 3), date(2023, 5, 5), date(2023, 6, 5)]
    assert [calendar.words_were_said(day) for day in asked] == [True, True, False, False, False]
