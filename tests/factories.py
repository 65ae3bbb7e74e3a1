"""Records for tests: published unless a test says otherwise, and no richer than they need to be."""

from datetime import UTC, datetime

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from events import models
from events.models import Status


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    password = factory.django.Password("password")


class EditorFactory(UserFactory):
    """Somebody who may see drafts, as members of the group Editor may."""

    is_staff = True

    @factory.post_generation
    def rights(self, create, extracted, **kwargs):
        self.user_permissions.set(
            Permission.objects.filter(content_type__app_label="events", codename__startswith="view_")
        )


class RecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    status = Status.PUBLISHED


class ParticipantFactory(RecordFactory):
    class Meta:
        model = models.Participant

    name = factory.Sequence(lambda n: f"Participant {n}")


class NameFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Name

    text = factory.Sequence(lambda n: f"Name {n}")


class TenureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Tenure

    person = factory.SubFactory(ParticipantFactory)
    title = "Minister of Foreign Affairs"


class PlaceFactory(RecordFactory):
    class Meta:
        model = models.Place

    name = factory.Sequence(lambda n: f"Place {n}")


class TopicFactory(RecordFactory):
    class Meta:
        model = models.Topic

    label = factory.Sequence(lambda n: f"Topic {n}")


class MeetingFactory(RecordFactory):
    class Meta:
        model = models.Meeting

    title = factory.Sequence(lambda n: f"Meeting {n}")
    kind = models.Meeting.Kind.TALKS


class AttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Attendance

    meeting = factory.SubFactory(MeetingFactory)
    participant = factory.SubFactory(ParticipantFactory)


class AgreementFactory(RecordFactory):
    class Meta:
        model = models.Agreement

    title = factory.Sequence(lambda n: f"Agreement {n}")
    kind = models.Agreement.Kind.DECLARATION


class OutletFactory(RecordFactory):
    class Meta:
        model = models.Outlet

    name = factory.Sequence(lambda n: f"Outlet {n}")


class ArticleFactory(RecordFactory):
    class Meta:
        model = models.Article

    title = factory.Sequence(lambda n: f"Article {n}")
    language = "en"


class CoverageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Coverage

    article = factory.SubFactory(ArticleFactory)
    meeting = factory.SubFactory(MeetingFactory)


class QuotationFactory(RecordFactory):
    """Words anchored in the article's text where it has one: ``QuotationFactory(article=article, exact="“yes”")``."""

    class Meta:
        model = models.Quotation

    article = factory.SubFactory(ArticleFactory)
    speaker = factory.SubFactory(ParticipantFactory)
    exact = factory.Sequence(lambda n: f"“Words number {n}”")

    @classmethod
    def _build(cls, model_class, *args, **kwargs):
        quotation = model_class(*args, **kwargs)
        quotation.anchor(quotation.article.text, quotation.exact)
        return quotation

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        quotation = cls._build(model_class, *args, **kwargs)
        quotation.save()
        return quotation


class SnapshotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Snapshot

    article = factory.SubFactory(ArticleFactory)
    fetched_at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    outcome = models.Snapshot.Outcome.SAME


class SourceCheckFactory(factory.django.DjangoModelFactory):
    """A quotation whose words stood in its source: ``SourceCheckFactory(quotation=quotation, state="gone", checked_at=…)``."""

    class Meta:
        model = models.SourceCheck

    quotation = factory.SubFactory(QuotationFactory)
    state = models.SourceCheck.State.SAME
    since = factory.SelfAttribute("checked_at")
    checked_at = datetime(2026, 5, 3, 12, tzinfo=UTC)
    seen_at = factory.SelfAttribute("checked_at")
    seen_in = factory.SubFactory(
        SnapshotFactory,
        article=factory.SelfAttribute("..quotation.article"),
        fetched_at=factory.SelfAttribute("..seen_at"),
    )


class PageCheckFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PageCheck

    article = factory.SubFactory(ArticleFactory)
    tried_at = factory.SelfAttribute("checked_at")
    checked_at = datetime(2026, 5, 3, 12, tzinfo=UTC)


def fill(times: int) -> dict[str, object]:
    """One record of each noun with everything that a page prints of it, each of its relations `times` times."""
    state = ParticipantFactory(kind="state", country="AM")
    country = PlaceFactory(country="AM")
    place = PlaceFactory(
        country="AM", parent=country, contested=True, latitude="40.1776", longitude="44.5126"
    )
    topic = TopicFactory(broader=TopicFactory())
    person = ParticipantFactory(country="AM")
    visit = MeetingFactory(kind="visit", held_on="2023-02-27/2023-02-28")
    meeting = MeetingFactory(held_on="2023-02-27", place=place, parent=visit, summary="Short.")
    meeting.topics.add(topic)
    outlet = OutletFactory(kind="official", speaks_for=state)
    article = ArticleFactory(
        outlet=outlet,
        text=f"{models.Article.objects.count()} “One two three”, she said. "
        + " ".join(f"“Word {n}”" for n in range(80)),
        rights="full",
        published_on="2023-03-01",
        url=f"https://www.example.org/{models.Article.objects.count()}",
        derived_from=ArticleFactory(outlet=outlet),
    )
    CoverageFactory(article=article, meeting=meeting)
    AttendanceFactory(meeting=meeting, participant=person, claimed_by=state)
    quotation = QuotationFactory(
        article=article,
        speaker=person,
        exact="“One two three”",
        meeting=meeting,
        said_on="2023-02-27",
        reported_by=state,
    )
    quotation.topics.add(topic)
    check = SourceCheckFactory(quotation=quotation, state=models.SourceCheck.State.GONE)
    PageCheckFactory(article=article, snapshot=check.seen_in, is_gone=True)
    agreement = AgreementFactory(meeting=meeting, signed_on="2023-02-28", url="https://www.example.org/b")
    agreement.topics.add(topic)
    agreement.parties.add(state)
    for n in range(times):
        NameFactory(participant=person, language="hy", used_by=state)
        NameFactory(place=place, language="az", used_by=state)
        TenureFactory(person=person, body=state, on_behalf_of=state, period="2020/..")
        PlaceFactory(parent=place, country="AM")
        TopicFactory(broader=topic)
        other = ParticipantFactory(country="AM")
        TenureFactory(person=other, body=state, on_behalf_of=state, period="2020/..")
        AttendanceFactory(meeting=meeting, participant=other, claimed_by=state, tenure=other.tenures.get())
        AttendanceFactory(meeting=visit, participant=other)
        more = MeetingFactory(held_on="2023-02-27", place=place, parent=meeting)
        more.topics.add(topic)
        AttendanceFactory(meeting=more, participant=person)
        AttendanceFactory(meeting=more, participant=other)
        source = ArticleFactory(outlet=OutletFactory(speaks_for=other), published_on="2023")
        CoverageFactory(article=source, meeting=meeting)
        CoverageFactory(article=article, meeting=more)
        said = QuotationFactory(
            article=article, speaker=person, exact=f"“Word {n}”", meeting=meeting, said_on="2023-02-27", reported_by=other,
            variant_of=quotation,
        )  # fmt: skip
        said.topics.add(topic)
        SourceCheckFactory(quotation=said)
        QuotationFactory(article=article, exact=f"“Word {n + 40}”", speaker=other, reported_by=person)
        QuotationFactory(
            article=article, exact=("One", "two", "three")[n % 3], speaker=other, within=quotation
        )
        paper = AgreementFactory(meeting=meeting, signed_on="2023")
        paper.parties.add(person, state)
        paper.topics.add(topic)
    return {
        "meetings": meeting, "participants": person, "quotations": quotation, "articles": article, "places": place,
        "agreements": agreement, "topics": topic,
    }  # fmt: skip
