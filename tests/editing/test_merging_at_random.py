"""Merges in archives made at random: no relation is lost, nothing doubles, and undoing brings back every row."""

from random import Random

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.editing import merging
from tests.admin.desk import staff
from tests.editing.archives import NOUNS, build, dump, facts, lives_on

pytestmark = pytest.mark.django_db

EXAMPLES = settings(max_examples=10, suppress_health_check=list(HealthCheck))


def picks(random, plan):
    open_ones = [*plan.differences, *(one for folding in plan.foldings for one in folding.differences)]
    return {one.key: random.choice(one.options) for one in open_ones if random.random() < 0.5}


def merge_some(random, user, noun):
    """Two records of the noun, chosen at random, become one where nothing stands in the way; the merge or None."""
    kept, gone = random.sample(list(NOUNS[noun].objects.order_by("pk")), 2)
    choices = picks(random, merging.plan(kept, gone))
    plan = merging.plan(kept, gone, choices)
    before = dump()
    try:
        merge = merging.merge(kept, gone, choices, user, plan.versions, "Twice.", plan.digest)
    except merging.Refused:
        assert dump() == before
        return None
    assert plan.obstacles == ()
    return merge


@pytest.mark.parametrize("noun", NOUNS)
@EXAMPLES
@given(seed=st.integers(0, 10**9))
def test_a_merge_loses_no_relation_and_undoing_restores_every_row(noun, seed):
    random = Random(seed)
    with transaction.atomic():
        user = staff("Reviewer")
        build(random)
        connection.check_constraints()
        before = dump()
        merge = merge_some(random, user, noun)
        if merge is not None:
            leading = lives_on()
            said = facts(leading)
            assert said != facts({})
            assert merging.undo(merge, user) == []
            connection.check_constraints()
            assert dump() == before
            assert facts(leading) == said
        transaction.set_rollback(True)


@EXAMPLES
@given(seed=st.integers(0, 10**9))
def test_merges_that_stand_on_each_other_are_undone_in_turn(seed):
    random = Random(seed)
    with transaction.atomic():
        user = staff("Reviewer")
        build(random)
        states, merges = [dump()], []
        for noun in random.choices(list(NOUNS), k=5):
            if merge := merge_some(random, user, noun):
                merges.append(merge)
                states.append(dump())
        for number, merge in reversed(list(enumerate(merges))):
            assert merging.undo(merge, user) == []
            assert dump() == states[number]
        connection.check_constraints()
        transaction.set_rollback(True)
