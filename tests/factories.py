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
