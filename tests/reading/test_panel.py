"""What the panel beside a list offers, and the page of all values of a facet."""

import pytest
from django.http import QueryDict

from events.models import Status
from events.reading import filters, panel
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive():
    """Twelve people at talks in 1988 to 2021, two of them at a visit in 2023."""
    people = [factories.ParticipantFactory(name=f"Person {n:02}", country="GE") for n in range(12)]
    for number, person in enumerate(people):
        meeting = factories.MeetingFactory(kind="talks", held_on=str(1988 + number * 3))
        factories.AttendanceFactory(meeting=meeting, participant=person)
    visit = factories.MeetingFactory(kind="visit", held_on="2023-02-27")
    for person in people[:2]:
        factories.AttendanceFactory(meeting=visit, participant=person)
    draft = factories.ParticipantFactory(name="Canary", status=Status.DRAFT)
    factories.AttendanceFactory(meeting=visit, participant=draft)
    return people


def offered(query: str) -> dict[str, list[tuple[str, int | None, bool]]]:
    listing = filters.MeetingFilter(QueryDict(query))
    return {
        facet.name: [(one.label, one.count, one.is_chosen) for one in facet.values]
        for facet in panel.offered(listing)
    }


def test_the_chosen_values_stand_first(archive):
    found = offered(f"kind=visit&participant={archive[1].pk}")
    assert (found["kind"], found["participant"], found["country"]) == (
        [("Visit", 1, True), ("Talks", 1, False)],
        [("Person 01", 1, True), ("Person 00", 1, False)],
        [("Georgia", 1, False)],
    )


def test_a_chosen_value_without_records_says_so(archive):
    assert offered("kind=visit&kind=call")["kind"] == [
        ("Visit", 1, True),
        ("Telephone or video call", 0, True),
        ("Talks", 12, False),
    ]


def test_many_values_are_told_in_part(archive):
    listing = filters.MeetingFilter(QueryDict(""))
    people = panel.offered(listing)[0]
    told = (len(people.values), people.different, people.has_more, people.is_suggested)
    assert told == (10, 12, True, True)


def test_a_list_that_was_asked_wrongly_keeps_what_was_right(archive):
    query = f"from=soon&participant={archive[0].pk}&participant=x&kind=visit&kind=x"
    assert offered(query) == {"participant": [("Person 00", None, True)], "kind": [("Visit", None, True)]}


def test_each_value_leads_to_the_list_with_it_or_without(archive):
    listing = filters.MeetingFilter(QueryDict("kind=visit&from=2000&page=1&sort=date"))
    kinds = next(one for one in panel.offered(listing) if one.name == "kind")
    assert [one.address for one in kinds.values] == [
        "?from=2000&sort=date",
        "?kind=talks&kind=visit&from=2000&sort=date",
    ]


class TestYears:
    def years(self, query: str) -> panel.Years:
        return panel.Years(filters.MeetingFilter(QueryDict(query)))

    def test_are_bars_with_gaps(self, archive):
        bars = self.years("from=2018&to=2021").bars
        assert [(bar.years, bar.count) for bar in bars] == [
            (str(1988 + number * 3), 1) for number in range(12)
        ] + [("2023", 1)]
        assert [bar.years for bar in bars if bar.is_chosen] == ["2018", "2021"]
        assert (bars[0].x, round(bars[-1].x + bars[-1].width), {bar.height for bar in bars}) == (0, 240, {56})

    def test_lead_to_their_year_and_back(self, archive):
        bars = self.years("kind=visit&kind=talks&from=2021&to=2021").bars
        assert [bar.address for bar in bars[-2:]] == [
            "?kind=talks&kind=visit",
            "?kind=talks&kind=visit&from=2023&to=2023",
        ]

    def test_decades_are_named_where_there_is_room(self, archive):
        assert [(one.years, one.count, one.address) for one in self.years("").named] == [
            ("1990–1999", 3, "?from=1990&to=1999"),
            ("2000–2009", 4, "?from=2000&to=2009"),
            ("2010–2019", 3, "?from=2010&to=2019"),
        ]

    def test_few_years_are_named_each(self):
        for year in (2021, 2023):
            factories.MeetingFactory(held_on=str(year))
        assert [one.years for one in self.years("").named] == ["2021", "2023"]

    def test_of_a_long_time_a_bar_is_a_decade(self, archive):
        factories.MeetingFactory(held_on="1828-02-22")
        years = self.years("")
        assert [(bar.years, bar.count) for bar in years.bars] == [
            ("1820–1829", 1),
            ("1980–1989", 1),
            ("1990–1999", 3),
            ("2000–2009", 4),
            ("2010–2019", 3),
            ("2020–2029", 2),
        ]
        assert [bar.years for bar in years.ends] == ["1820–1829", "2020–2029"]

    def test_of_one_year_or_none_there_is_nothing_to_choose(self):
        assert bool(self.years("")) is False
        factories.MeetingFactory(held_on="2023")
        assert bool(self.years("")) is False


class TestAllValues:
    def values(self, client, query: str, facet: str = "participant") -> list[tuple[str, int]]:
        answer = client.get(f"/meetings/by/{facet}/?{query}")
        assert answer.status_code == 200
        return [(one.label, one.count) for one in answer.context["page"]] if "page" in answer.context else []

    def test_the_most_frequent_first(self, client, archive):
        assert self.values(client, "")[:3] == [("Person 00", 2), ("Person 01", 2), ("Person 02", 1)]
        assert self.values(client, "", "kind") == [("Talks", 12), ("Visit", 1)]

    @pytest.mark.parametrize(
        ("facet", "query", "found"),
        [
            ("participant", "find=07", [("Person 07", 1)]),
            ("participant", "find=Canary", []),
            ("participant", "kind=visit", [("Person 00", 1), ("Person 01", 1)]),
            ("country", "find=geor", [("Georgia", 13)]),
            ("country", "find=france", []),
            ("kind", "find=vis", [("Visit", 1)]),
            ("kind", "find=%00", []),
            ("kind", "find=" + "x" * 201, []),
            ("kind", "page=2", []),
            ("kind", "page=9999999999999999999", []),
            ("kind", "page=x", []),
            ("participant", "from=soon", []),
            ("participant", "participant=x", []),
        ],
    )
    def test_are_found_and_narrowed(self, client, archive, facet, query, found):
        assert self.values(client, query, facet) == found

    def test_lead_to_the_list_and_are_no_page_for_robots(self, client, archive):
        body = client.get("/meetings/by/kind/?kind=talks&from=2020").content.decode()
        assert '<meta name="robots" content="noindex">' in body
        assert '<a href="/meetings/?from=2020" rel="nofollow" aria-current="true">' in body
        assert '<a href="/meetings/?kind=talks&amp;kind=visit&amp;from=2020" rel="nofollow">' in body

    @pytest.mark.parametrize("address", ["/meetings/by/speaker/", "/meetings/by/x/", "/topics/by/kind/"])
    def test_of_what_is_no_facet_there_is_no_page(self, client, address):
        assert client.get(address).status_code == 404


HTMX = {"HX-Request": "true"}


class TestInPlace:
    def test_htmx_gets_the_page_without_its_frame(self, client, archive):
        answer = client.get("/meetings/?kind=visit&match=all&sort=-date", headers=HTMX)
        body = answer.content.decode()
        assert ("<html" in body, "masthead" in body, 'id="found"' in body, 'id="facets"' in body) == (
            False,
            False,
            True,
            True,
        )
        assert body.startswith("<title>Meetings: Visit · South Caucasus Diplomatic Archive</title>")
        assert answer.headers["HX-Push-Url"] == "/meetings/?kind=visit"
        assert answer.headers["Vary"] == "Cookie, HX-Request, HX-History-Restore-Request, HX-Target"

    def test_a_step_back_gets_the_whole_page(self, client, archive):
        answer = client.get("/meetings/?kind=visit", headers={**HTMX, "HX-History-Restore-Request": "true"})
        assert ("<html" in answer.content.decode(), "HX-Push-Url" in answer.headers) == (True, False)

    @pytest.mark.parametrize(
        ("before", "asked", "header"),
        [
            ("/meetings/", "/meetings/?kind=visit", "HX-Push-Url"),
            ("/meetings/?kind=visit", "/meetings/?kind=visit&sort=-date", "HX-Replace-Url"),
            ("/meetings/?q=Al&kind=visit", "/meetings/?q=Aliyev&kind=visit", "HX-Replace-Url"),
            ("/meetings/?q=Al", "/meetings/?q=Aliyev&kind=visit", "HX-Push-Url"),
            ("/meetings/", "/meetings/?q=Al", "HX-Push-Url"),
            ("/meetings/?q=Al", "/meetings/", "HX-Push-Url"),
        ],
    )
    def test_the_history_takes_each_step_once(self, client, archive, before, asked, header):
        answer = client.get(asked, headers={**HTMX, "HX-Current-URL": f"http://testserver{before}"})
        told = {name for name in ("HX-Push-Url", "HX-Replace-Url") if name in answer.headers}
        assert told == {header}
