"""The rules that the database keeps for every record, whoever writes."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from events.models import (
    Agreement,
    Article,
    Meeting,
    Outlet,
    Participant,
    Place,
    Quotation,
    Status,
    Topic,
)
from tests import factories

pytestmark = pytest.mark.django_db

RECORDS = {
    Participant: factories.ParticipantFactory,
    Place: factories.PlaceFactory,
    Topic: factories.TopicFactory,
    Meeting: factories.MeetingFactory,
    Agreement: factories.AgreementFactory,
    Outlet: factories.OutletFactory,
    Article: factories.ArticleFactory,
    Quotation: factories.QuotationFactory,
}
TREES = [
    (factories.PlaceFactory, "parent"),
    (factories.TopicFactory, "broader"),
    (factories.MeetingFactory, "parent"),
    (factories.ArticleFactory, "derived_from"),
    (factories.QuotationFactory, "variant_of"),
]


def broken_rule(write) -> str:
    """The name of the constraint by which the database refuses `write`; "" where it does not."""
    try:
        with transaction.atomic():
            write()
            connection.check_constraints()
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return ""


@pytest.mark.parametrize("factory", RECORDS.values(), ids=lambda f: f._meta.model.__name__)
def test_a_stale_save_is_refused_and_changes_nothing(factory):
    record = factory()
    mine, theirs = type(record).objects.get(pk=record.pk), type(record).objects.get(pk=record.pk)
    theirs.withdrawal_reason = "theirs"
    theirs.save()
    mine.withdrawal_reason = "mine"
    assert broken_rule(mine.save) == "record_version_current"
    record.refresh_from_db()
    assert (record.withdrawal_reason, record.version, theirs.version) == ("theirs", 2, 2)


def test_a_stale_save_of_single_fields_is_refused_too():
    meeting = factories.MeetingFactory()
    stale = Meeting.objects.get(pk=meeting.pk)
    meeting.save()
    assert broken_rule(lambda: stale.save(update_fields=["title"])) == "record_version_current"


def test_saving_a_date_alone_saves_its_range():
    meeting = factories.MeetingFactory(held_on="2023")
    meeting.held_on = "2024-05-06"
    meeting.save(update_fields=["held_on"])
    meeting.refresh_from_db()
    assert (meeting.held_on, str(meeting.held_range), meeting.version) == (
        "2024-05-06",
        "[2024-05-06, 2024-05-07)",
        2,
    )


def test_the_version_counts_writes_of_many_rows_too():
    meeting = factories.MeetingFactory()
    Meeting.objects.filter(pk=meeting.pk).update(title="Another")
    meeting.refresh_from_db()
    assert meeting.version == 2


def test_the_day_of_first_publication_stays():
    meeting = factories.MeetingFactory(status=Status.DRAFT)
    meeting.refresh_from_db()
    assert meeting.published_at is None
    meeting.status = Status.PUBLISHED
    meeting.save()
    meeting.refresh_from_db()
    first = meeting.published_at
    assert first is not None
    meeting.status, meeting.published_at = Status.DRAFT, None
    meeting.save()
    meeting.refresh_from_db()
    assert meeting.published_at == first


@pytest.mark.parametrize("factory", RECORDS.values(), ids=lambda f: f._meta.model.__name__)
def test_what_was_public_is_never_deleted(factory):
    assert broken_rule(factory().delete) == "record_published_stays"
    draft = factory(status=Status.DRAFT)
    assert broken_rule(draft.delete) == ""


def test_numbers_are_never_used_again():
    draft = factories.MeetingFactory(status=Status.DRAFT)
    number = draft.pk
    draft.delete()
    assert factories.MeetingFactory().pk > number
    kept = factories.MeetingFactory()
    assert broken_rule(lambda: Meeting.objects.filter(pk=kept.pk).update(id=number)) == "record_number_stays"


@pytest.mark.parametrize(("factory", "field"), TREES, ids=lambda value: getattr(value, "__name__", value))
def test_trees_have_no_circles(factory, field):
    if factory is factories.QuotationFactory:
        article = factories.ArticleFactory()
        top, middle, bottom = (factory(article=article, exact=f"“{n}”") for n in "abc")
        middle.variant_of, bottom.variant_of = top, middle
        middle.save()
        bottom.save()
    else:
        top = factory()
        middle = factory(**{field: top})
        bottom = factory(**{field: middle})
    setattr(top, field, bottom)
    with pytest.raises(ValidationError) as refused:
        top.clean()
    assert refused.value.message_dict == {
        field: [f"This would go round in a circle: “{bottom}” already stands below this record."]
    }
    assert broken_rule(top.save) == "record_without_cycle"
    setattr(top, field, top)
    assert broken_rule(top.save) == "record_without_cycle"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"status": "secret"}, "meeting_status_known"),
        ({"status": "withdrawn"}, "meeting_withdrawn_with_reason"),
    ],
)
def test_status_rules(changes, rule):
    meeting = factories.MeetingFactory()
    assert broken_rule(lambda: Meeting.objects.filter(pk=meeting.pk).update(**changes)) == rule


def test_a_merged_record_is_withdrawn_and_not_merged_into_itself():
    kept, gone = factories.MeetingFactory(), factories.MeetingFactory()
    rows = Meeting.objects.filter(pk=gone.pk)
    assert broken_rule(lambda: rows.update(merged_into=kept)) == "meeting_merged_is_withdrawn"
    assert (
        broken_rule(lambda: rows.update(merged_into=gone, status="withdrawn"))
        == "meeting_not_merged_into_itself"
    )
    assert broken_rule(lambda: rows.update(merged_into=kept, status="withdrawn")) == ""


@pytest.mark.parametrize("factory", RECORDS.values(), ids=lambda f: f._meta.model.__name__)
def test_who_sees_which_status(factory):
    model = factory._meta.model
    records = {
        status: factory(status=status, withdrawal_reason="Twice." if status == "withdrawn" else "")
        for status in Status.values
    }
    merged = factory()
    model.objects.filter(pk=merged.pk).update(merged_into=records["published"], status="withdrawn")
    ours = model.objects.filter(pk__in=[record.pk for record in [*records.values(), merged]])
    seen = {
        "public": set(ours.public()),
        "anonymous": set(ours.visible_to(AnonymousUser())),
        "reader": set(ours.visible_to(factories.UserFactory())),
        "editor": set(ours.visible_to(factories.EditorFactory())),
        "former editor": set(ours.visible_to(factories.EditorFactory(is_active=False))),
    }
    public = {records["published"]}
    assert seen == {
        "public": public,
        "anonymous": public,
        "reader": public,
        "editor": {records["published"], records["draft"], records["review"]},
        "former editor": public,
    }


def test_an_import_key_is_given_once():
    factories.MeetingFactory(import_key="a")
    factories.MeetingFactory(import_key="")
    factories.MeetingFactory(import_key="")
    assert broken_rule(lambda: factories.MeetingFactory(import_key="a")) == "meeting_import_key_once"
