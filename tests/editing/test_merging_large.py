"""Merging records to which very much leads: no query a row, and no row that is read without need."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.editing import merging
from events.models import Article, Participant
from tests import factories
from tests.admin.desk import staff

pytestmark = pytest.mark.django_db


def pair_with(rows):
    """Two participants who were at so many meetings both, and signed as many agreements; one has as many meetings and quotations of its own."""
    kept, gone = factories.ParticipantFactory(name="Kept"), factories.ParticipantFactory(name="Gone")
    for number in range(rows):
        meeting = factories.MeetingFactory(title=f"Talks {number}")
        for one in (kept, gone):
            factories.AttendanceFactory(meeting=meeting, participant=one, role="host" if one is gone else "")
        factories.AttendanceFactory(participant=gone)
        factories.QuotationFactory(speaker=gone)
        paper = factories.AgreementFactory()
        paper.parties.add(kept, gone)
    return kept, gone


def queries(work):
    with CaptureQueriesContext(connection) as captured:
        answer = work()
    return len(captured), answer


def test_looking_merging_and_undoing_take_as_many_queries_for_many_rows_as_for_few():
    user = staff("Reviewer")
    assert user.has_perm("events.publish_participant")  # rights are read once
    taken = []
    for rows in (2, 12):
        kept, gone = pair_with(rows)
        looked, plan = queries(lambda kept=kept, gone=gone: merging.plan(kept, gone))
        assert [one.title for one in plan.foldings if one.label == "Attendance"] == [
            f"Talks {number}" for number in range(rows)
        ]
        merged, made = queries(lambda kept=kept, gone=gone: merging.merge(kept, gone, {}, user))
        assert kept.attendances.count() == 2 * rows
        undone, newer = queries(lambda made=made: merging.undo(made, user))
        assert (newer, gone.attendances.count()) == ([], 2 * rows)
        taken.append((looked, merged, undone))
    assert taken[0] == taken[1]


def test_the_rule_of_passages_looks_at_no_other_quotation():
    quotations = [factories.QuotationFactory() for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        # A table of three rows may be read whole where an index would do. Plans made before are thrown away.
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("discard plans")
        scans = "select seq_scan from pg_stat_xact_user_tables where relname = 'events_quotation'"
        cursor.execute(scans)
        before = cursor.fetchone()
        quotations[0].save()
        cursor.execute("set constraints all deferred")
        cursor.execute(
            "select archive_passages_stand(%s, %s, null)", [quotations[0].article_id, quotations[0].pk]
        )
        cursor.execute(scans)
        assert cursor.fetchone() == before


def test_texts_of_articles_that_only_move_are_not_read():
    kept, gone = factories.OutletFactory(), factories.OutletFactory()
    article = factories.ArticleFactory(outlet=gone, text="A long text.")
    user = staff("Reviewer")
    with CaptureQueriesContext(connection) as captured:
        made = merging.merge(kept, gone, {}, user)
        merging.undo(made, user)
    reading = [one["sql"] for one in captured if one["sql"].startswith("select (select to_jsonb")]
    assert [sql for sql in reading if 'one."text"' in sql] == []
    assert Article.objects.get(pk=article.pk).outlet == gone
    assert Participant.objects.count() == 0
