"""Whatever the archive holds and however it changes: the index answers what the database does."""

from contextlib import nullcontext
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.reading import facets
from events.reading.facets import freshness, index, paging, segments, sql, storing
from events.reading.facets.records import Records, unchanged
from events.reading.facets.segments import Source, read
from events.reading.role import reading
from tests.reading import archives

pytestmark = pytest.mark.django_db

EXAMPLES = settings(max_examples=3, suppress_health_check=list(HealthCheck))


def compare(random: Random, times: int) -> None:
    for _number in range(times):
        asked = archives.ask(random)
        nouns = freshness.current(index.needed(asked[0]))
        assert nouns is not None
        assert (asked, index.ask(nouns, *asked)) == (asked, sql.ask(*asked))
        stored = {noun: reread(records) for noun, records in nouns.items()}
        assert (asked, index.ask(stored, *asked)) == (asked, sql.ask(*asked))
        for facet in facets.FACETS[asked[0].noun][:1]:
            expected = sql.counts(asked[0], facet)
            assert index.values(nouns, asked[0], facet, None) == expected


def reread(records: Records) -> Records:
    """As they come out of the database when an index was built of what is now."""
    segment = storing.decode(storing.encode(read(Source(records.noun))))
    return unchanged(segment, records.base.dimensions)


@pytest.fixture(params=["as it is", "as if large", "as if very large"])
def size(request, monkeypatch):
    """Ways that only large archives take, taken by a small one."""
    if request.param != "as it is":
        for limit in ("FEW_VALUES", "MANY_VALUES"):
            monkeypatch.setattr(index, limit, 1)
        monkeypatch.setattr(index, "FEW_RECORDS", 3 if request.param == "as if large" else 0)
        monkeypatch.setattr(segments, "SMALLEST_BLOCK", 2)
        monkeypatch.setattr(paging, "LARGEST_BLOCK", 2)
        for way in (index, sql):
            monkeypatch.setattr(way, "MANY", 2)


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize("role", [nullcontext, reading], ids=["owner", "reader"])
@EXAMPLES
@given(seed=st.integers(0, 10**9))
def test_the_index_answers_what_the_database_does(role, seed):
    random = Random(seed)
    with transaction.atomic():
        archives.build(random)
        with role():
            compare(random, 8)
        for _step in range(4):
            for _number in range(random.randint(1, 3)):
                archives.change(random)
            with role():
                compare(random, 3)
        transaction.set_rollback(True)
