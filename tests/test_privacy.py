"""Readers see published records only: a draft of every noun, linked from published ones, is on no public page."""

from typing import Any

import pytest
from django.test import Client

from events import models
from events.editing import history, proposals, suggestions
from events.models import Status
from events.reading import facets
from tests import factories

pytestmark = pytest.mark.django_db

CANARY = "Zyqxwort"
TYPED = 4  # a list page repeats what was typed: in the title, in the field, as an active filter, in the canonical address
NOUNS = ("meeting", "participant", "quotation", "article", "place", "agreement", "topic")
LISTS = ("meetings", "participants", "quotations", "articles", "places", "agreements", "topics")


def plant(status: str) -> dict[str, object]:
    """A record of each noun, with the canary word in each of its texts, in `status`."""
    reason = {"withdrawal_reason": f"{CANARY} reason"} if status == Status.WITHDRAWN else {}
    fields = {"status": status, **reason}
    word = f"{CANARY} {status}"
    state = factories.ParticipantFactory(name=f"{word} state", kind="state", country="LI", **fields)
    person = factories.ParticipantFactory(name=f"{word} person", description=word, **fields)
    factories.NameFactory(participant=person, text=f"{word} alias", language="fo")
    factories.TenureFactory(person=person, title=f"{word} office", period="2023")
    place = factories.PlaceFactory(name=f"{word} place", country="LI", contested=True, **fields)
    topic = factories.TopicFactory(label=f"{word} topic", description=word, **fields)
    meeting = factories.MeetingFactory(
        title=f"{word} meeting", summary=word, place=place, held_on="2023-02-27", **fields
    )
    outlet = factories.OutletFactory(
        name=f"{word} outlet", host=f"{CANARY}-{status}.example".lower(), **fields
    )
    article = factories.ArticleFactory(
        title=f"{word} article",
        text=f"{word} text “{word} words”",
        authors=[f"{word} author"],
        outlet=outlet,
        rights="full",
        language="fo",
        **fields,
    )
    quotation = factories.QuotationFactory(
        article=article, speaker=person, exact=f"“{word} words”", attribution=f"{word} said", **fields
    )
    factories.SourceCheckFactory(quotation=quotation, state="changed", nearest=f"{word} nearest")
    factories.PageCheckFactory(article=article, failure=f"{word} failure")
    agreement = factories.AgreementFactory(title=f"{word} agreement", signed_on="2023", **fields)
    return {
        "participant": person, "state": state, "place": place, "topic": topic, "meeting": meeting, "outlet": outlet,
        "article": article, "quotation": quotation, "agreement": agreement,
    }  # fmt: skip


def publish_beside(hidden: dict) -> dict[str, object]:
    """A published record of each noun, with every relation to the hidden ones that there is, and to one another."""
    place = factories.PlaceFactory(name="Baku", parent=hidden["place"], contested=True)
    factories.PlaceFactory(name="Port of Baku", parent=place)
    factories.PlaceFactory(name=f"{CANARY} quarter", parent=place, status=Status.DRAFT)
    topic = factories.TopicFactory(label="Borders", broader=hidden["topic"])
    person = factories.ParticipantFactory(name="Ann Petrosyan")
    factories.NameFactory(participant=person, text="Անի", language="hy", used_by=hidden["state"])
    factories.NameFactory(place=place, text="Bakı", language="az", used_by=hidden["state"])
    factories.TenureFactory(person=person, body=hidden["state"], on_behalf_of=hidden["state"], period="2023")
    factories.TenureFactory(
        person=hidden["participant"], body=person, period="2022", title=f"{CANARY} office"
    )
    meeting = factories.MeetingFactory(
        title="Talks", place=hidden["place"], parent=hidden["meeting"], held_on="2023-02-27"
    )
    part = factories.MeetingFactory(title="Part", parent=meeting, place=place, held_on="2023-02-27")
    inside = factories.MeetingFactory(title=f"{CANARY} part", parent=meeting, status=Status.DRAFT)
    for record in (meeting, part):
        record.topics.add(topic, hidden["topic"])
        factories.AttendanceFactory(
            meeting=record,
            participant=hidden["participant"],
            title=f"{CANARY} printed",
            tenure=models.Tenure.objects.filter(person=hidden["participant"]).first(),
        )
        factories.AttendanceFactory(
            meeting=record, participant=person, claimed_by=hidden["state"], tenure=person.tenures.get()
        )
    factories.AttendanceFactory(meeting=hidden["meeting"], participant=person)
    factories.AttendanceFactory(meeting=inside, participant=person)
    outlet = factories.OutletFactory(name="Gazette", speaks_for=hidden["state"])
    article = factories.ArticleFactory(
        title="Report",
        text="“Yes and no”, said Ann. “No”",
        outlet=outlet,
        derived_from=hidden["article"],
        rights="full",
        published_on="2023",
    )
    orphan = factories.ArticleFactory(
        title="Orphan", outlet=hidden["outlet"], rights="excerpts", published_on="2023"
    )
    for record in (article, orphan, hidden["article"]):
        factories.CoverageFactory(article=record, meeting=meeting)
        factories.CoverageFactory(article=record, meeting=hidden["meeting"])
    quotation = factories.QuotationFactory(
        article=article,
        speaker=person,
        reported_by=hidden["participant"],
        meeting=hidden["meeting"],
        exact="“Yes and no”",
    )
    factories.QuotationFactory(
        article=article,
        exact="Yes",
        within=quotation,
        speaker=hidden["participant"],
        attribution=f"{CANARY} attribution",
        status=Status.DRAFT,
    )
    nobody = factories.QuotationFactory(
        article=orphan, speaker=hidden["participant"], attribution="said somebody", exact="“Maybe”", meeting=meeting,
        variant_of=hidden["quotation"],
    )  # fmt: skip
    factories.QuotationFactory(
        article=article,
        exact="“No”",
        speaker=person,
        variant_of=quotation,
        meeting=meeting,
        attribution=CANARY,
        status=Status.REVIEW,
    )
    factories.QuotationFactory(
        article=hidden["article"],
        exact=f"{hidden['article'].status} text",
        speaker=person,
        meeting=meeting,
        variant_of=quotation,
    )
    for record in (quotation, nobody):
        record.topics.add(topic, hidden["topic"])
    agreement = factories.AgreementFactory(title="Statement", meeting=hidden["meeting"], signed_on="2023")
    agreement.parties.add(person, hidden["state"])
    agreement.topics.add(topic, hidden["topic"])
    hidden["agreement"].parties.add(person)
    models.Agreement.objects.filter(pk=hidden["agreement"].pk).update(meeting=meeting)
    return {
        "participant": person, "place": place, "topic": topic, "meeting": meeting, "part": part, "article": article,
        "orphan": orphan, "quotation": quotation, "nobody": nobody, "agreement": agreement, "outlet": outlet,
    }  # fmt: skip


def surfaces(hidden: dict, published: dict) -> list[str]:
    """Every kind of public address, with the hidden records' numbers as parameters too."""
    addresses = [
        "/",
        "/about/",
        "/about/names/",
        "/about/search/",
        "/search/",
        f"/search/?q={CANARY}",
        "/no-such-page/",
        "/healthz/",
    ]
    for noun in LISTS:
        addresses += [f"/{noun}/", f"/{noun}/?sort=nonsense", f"/{noun}/?q={CANARY}", f"/{noun}/?page=99"]
    addresses += [f"/{noun}s/by/{one.name}/" for noun, found in facets.FACETS.items() for one in found]
    addresses += [f"/suggest/?q={CANARY}", f"/suggest/?q={CANARY[:3]}"]
    for name, noun in (
        ("participant", "participant"),
        ("place", "place"),
        ("topic", "topic"),
    ):
        addresses.append(f"/meetings/?{name}={hidden[noun].pk}")
    addresses += [
        f"/quotations/?speaker={hidden['participant'].pk}",
        f"/quotations/?outlet={hidden['outlet'].pk}",
        f"/articles/?outlet={hidden['outlet'].pk}",
        f"/agreements/?participant={hidden['state'].pk}",
        "/meetings/?country=LI",
        "/participants/?country=LI",
        "/articles/?language=fo",
        "/quotations/?language=fo",
        "/meetings/2023/",
        "/meetings/2023/02/",
        "/meetings/2023/02/27/",
        "/meetings/2023/02/26/",
        "/meetings/on-this-day/",
        "/meetings/on-this-day/02-27/",
        "/robots.txt",
    ]
    for records in (hidden, published):
        for name, record in records.items():
            if name not in ("outlet",):
                noun = record._meta.model_name
                addresses += [f"/{noun}s/{record.pk}/", record.get_absolute_url(), f"/{noun}s/{record.pk}/x/"]
    return addresses


def pages(client: Client, addresses: list[str]) -> dict[str, str]:
    """What each address answers: the addresses that it led through, the status, the headers and the body."""
    answers = {}
    for address in addresses:
        response = client.get(address, follow=True)
        steps = [f"{status} {target}" for target, status in response.redirect_chain]
        # An ETag tells that a row of some public record was written, not which one or what.
        headers = [f"{name}: {value}" for name, value in response.headers.items() if name != "ETag"]
        answers[address] = "\n".join([*steps, str(response.status_code), *headers, response.content.decode()])
    return answers


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW, Status.WITHDRAWN])
def test_no_page_shows_a_hidden_record(client, status):
    hidden = plant(status)
    published = publish_beside(hidden)
    answers = pages(client, surfaces(hidden, published))
    asked_for = {address for address in answers if CANARY.lower() in address.lower()}
    shown = {
        address
        for address, body in answers.items()
        # A page may repeat the words that were typed, and nothing else of them.
        if body.lower().count(CANARY.lower()) > (TYPED if f"?q={CANARY}" in address else 0)
    }
    # Addresses that hold the word themselves answer 404, and the page does not repeat them.
    assert shown == set()
    assert {client.get(address).status_code for address in asked_for if "?q=" not in address} <= {404, 410}


def test_the_crawl_would_find_it(client):
    """The same crawl as an editor finds the word: what the test above looks for can be seen."""
    hidden = plant(Status.DRAFT)
    published = publish_beside(hidden)
    client.force_login(factories.EditorFactory())
    addresses = [record.get_absolute_url() for name, record in published.items() if name != "outlet"]
    blind = {address for address, body in pages(client, addresses).items() if CANARY not in body}
    assert blind == set()


def test_counts_do_not_change_with_drafts(client):
    hidden = plant(Status.DRAFT)
    published = publish_beside(hidden)
    addresses = ["/", *(f"/{noun}/" for noun in LISTS), "/meetings/by/participant/", "/suggest/?q=pu"]
    addresses += [record.get_absolute_url() for name, record in published.items() if name != "outlet"]
    before = pages(client, addresses)
    plant(Status.REVIEW)
    for record in (published["meeting"], published["part"]):
        factories.AttendanceFactory(
            meeting=record, participant=factories.ParticipantFactory(status=Status.DRAFT)
        )
        factories.CoverageFactory(meeting=record, article=factories.ArticleFactory(status=Status.DRAFT))
        factories.QuotationFactory(
            article=published["article"],
            exact="and",
            meeting=record,
            speaker=published["participant"],
            status=Status.DRAFT,
        )
    assert pages(client, addresses) == before


def test_accepted_proposals_are_drafts_that_no_page_shows(client):
    published = publish_beside(plant(Status.DRAFT))
    text = f"{CANARY} Vesk met Ann in {CANARY}burg. “{CANARY} we agree”, said {CANARY} Vesk."
    article = factories.ArticleFactory(title="Proposed", text=text, rights="excerpts", language="en")

    def at(words: str, **fields: Any) -> dict[str, Any]:
        start = text.index(words)
        return {"start": start, "end": start + len(words), "text": words, "reason": CANARY, **fields}

    who = {"id": None, "mentions": ()}
    found = suggestions.Suggestions(
        "en",
        quotations=(
            suggestions.QuotationFound(
                **at(f"“{CANARY} we agree”"), speaker=f"{CANARY} Vesk", speaker_id=None, speaker_start=None, speaker_end=None,
                attribution=f"said {CANARY} Vesk", form="direct", within=None, reported_by=None, reported_by_id=None, language="en",
            ),
        ),
        participants=(
            suggestions.ParticipantFound(
                **at(f"{CANARY} Vesk"), **who, name=f"{CANARY} Vesk", kind="person", country="", office=""
            ),
        ),
        places=(suggestions.PlaceFound(**at(f"{CANARY}burg"), **who, name=f"{CANARY}burg"),),
        meetings=(
            suggestions.MeetingFound(
                **at(f"{CANARY} Vesk met Ann"), title=f"{CANARY} talks", id=None, kind="talks", date="2023", state="held",
                participants=(0,), place=0,
            ),
        ),
    )  # fmt: skip
    proposals.refresh(article, found)
    addresses = ["/", *(f"/{noun}/" for noun in LISTS), article.get_absolute_url()]
    addresses += [record.get_absolute_url() for name, record in published.items() if name != "outlet"]
    with history.by():  # versions are kept now, and not in the middle: the foot of a page tells them
        pass
    before = pages(client, addresses)
    editor = factories.UserFactory(is_superuser=True)
    for one in article.proposals.all():
        proposals.accept(one, editor)
    assert [one.record.status for one in article.proposals.with_records()] == ["draft"] * 4
    assert pages(client, addresses) == before
    for one in article.proposals.with_records():
        assert client.get(one.record.get_absolute_url()).status_code == 404


def test_the_name_of_a_hidden_record_finds_nothing(client):
    hidden = plant(Status.DRAFT)
    publish_beside(hidden)
    found = {noun: client.get(f"/{noun}/?q={CANARY}").context["total"] for noun in LISTS}
    assert found == dict.fromkeys(LISTS, 0)
