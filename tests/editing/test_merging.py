"""Two records become one, noun by noun, and what stands in the way of it and of undoing it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.formats import date_format

from events.editing import merging, proposals, versions
from events.editing.merging import relations
from events.models import (
    Agreement,
    Article,
    Attendance,
    Change,
    Coverage,
    Distinction,
    Meeting,
    Merge,
    Name,
    Outlet,
    PageCheck,
    Participant,
    Place,
    Proposal,
    Quotation,
    Snapshot,
    SourceCheck,
    Status,
    Survey,
    Tenure,
    Topic,
    Version,
)
from tests import factories
from tests.admin.desk import staff
from tests.editing.archives import dump

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return staff("Reviewer")


def merge(kept, gone, user, **choices):
    plan = merging.plan(kept, gone, choices)
    return merging.merge(kept, gone, choices, user, plan.versions, "The same one.", plan.digest)


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def obstacles(error):
    return list(error.value.messages)


class TestRelations:
    def test_every_relation_is_known_and_moves_unless_a_reason_stands_beside_it(self):
        """A relation that a model gets later appears here, and somebody must think of it."""
        found = {
            noun.__name__: {
                f"{one.model._meta.model_name}.{one.field.name}" for one in relations.references(noun)
            }
            for noun in (Participant, Place, Topic, Meeting, Agreement, Outlet, Article, Quotation, Tenure)
        }
        assert found == {
            "Participant": {
                "agreement_parties.participant", "attendance.claimed_by", "attendance.participant", "name.participant",
                "name.used_by", "outlet.speaks_for", "participant.merged_into", "proposal.participant", "quotation.reported_by",
                "quotation.speaker", "tenure.body", "tenure.on_behalf_of", "tenure.person",
            },
            "Place": {"meeting.place", "name.place", "place.merged_into", "place.parent", "proposal.place"},
            "Topic": {
                "agreement_topics.topic", "meeting_topics.topic", "quotation_topics.topic", "topic.broader", "topic.merged_into",
            },
            "Meeting": {
                "agreement.meeting", "attendance.meeting", "coverage.meeting", "meeting.merged_into", "meeting.parent",
                "meeting_topics.meeting", "proposal.meeting", "quotation.meeting",
            },
            "Agreement": {"agreement.merged_into", "agreement_parties.agreement", "agreement_topics.agreement"},
            "Outlet": {"article.outlet", "outlet.merged_into"},
            "Article": {
                "article.derived_from", "article.merged_into", "coverage.article", "incomingarticle.article", "pagecheck.article",
                "proposal.article", "quotation.article", "snapshot.article", "survey.article",
            },
            "Quotation": {
                "proposal.quotation", "quotation.merged_into", "quotation.variant_of", "quotation.within",
                "quotation_topics.quotation", "sourcecheck.quotation",
            },
            "Tenure": {"attendance.tenure"},
        }  # fmt: skip
        staying = {(Snapshot, "article"), (PageCheck, "article")}
        assert staying == relations.STAYING


class TestParticipants:
    def test_offices_attendances_and_names_become_one_and_nothing_doubles(self, reviewer):
        kept = factories.ParticipantFactory(name="Miran Talver")
        gone = factories.ParticipantFactory(
            name="Талвер, Миран", country="AM", identifiers=["https://a.example/1"]
        )
        office, same = (factories.TenureFactory(person=one, title="President") for one in (kept, gone))
        other = factories.TenureFactory(person=gone, title="Mayor")
        both, alone = factories.MeetingFactory(title="Both"), factories.MeetingFactory(title="Alone")
        first = factories.AttendanceFactory(meeting=both, participant=kept, tenure=office)
        factories.AttendanceFactory(
            meeting=both, participant=gone, tenure=same, role="host", note="by video link"
        )
        second = factories.AttendanceFactory(meeting=alone, participant=gone, tenure=other, claimed_by=gone)
        paper = factories.AgreementFactory()
        paper.parties.add(kept, gone)
        outlet = factories.OutletFactory(speaks_for=gone)
        said = factories.QuotationFactory(speaker=gone)
        before = dump()

        plan = merging.plan(kept, gone)
        assert [(one.label, one.kept, one.gone, one.choice) for one in plan.differences] == [
            ("Name", "Miran Talver", "Талвер, Миран", "kept"),
            ("Sort name", "Miran Talver", "Талвер, Миран", "kept"),
            ("Country", "", "Armenia", "gone"),
            ("Identifiers", "", "https://a.example/1", "gone"),
        ]
        assert [(one.label, one.count, one.titles) for one in plan.moves] == [
            ("Attendances – claimed by", 1, ("Alone, Талвер, Миран",)),
            ("Attendances – participant", 1, ("Alone",)),
            ("Names – participant", 1, ("Талвер, Миран",)),
            ("Offices held – person", 1, ("Mayor",)),
            ("Outlets – speaks for", 1, (outlet.name,)),
            ("Quotations – speaker", 1, (str(said),)),
        ]
        assert [
            (
                one.label,
                one.title,
                [(field.label, field.kept, field.gone, field.choice) for field in one.differences],
            )
            for one in plan.foldings
        ] == [
            ("Office held", "President", []),
            ("Agreements – parties", paper.title, []),
            ("Attendance", "Both", [("Role", "", "Host", "gone"), ("Note", "", "by video link", "gone")]),
        ]
        assert (plan.obstacles, plan.notes, dump()) == ((), (), before)

        made = merge(kept, gone, reviewer)
        kept, gone = fresh(kept), fresh(gone)
        assert (kept.name, kept.country, kept.identifiers) == ("Miran Talver", "AM", ["https://a.example/1"])
        assert (gone.status, gone.merged_into, gone.name) == (Status.WITHDRAWN, kept, "Талвер, Миран")
        assert list(kept.names.order_by("pk").values_list("text", "language", "kind")) == [
            ("Miran Talver", "en", "official"),
            ("Талвер, Миран", "en", "alias"),
        ]
        assert list(kept.tenures.order_by("pk").values_list("pk", "title")) == [
            (office.pk, "President"),
            (other.pk, "Mayor"),
        ]
        rows = kept.attendances.order_by("pk").values_list("pk", "tenure", "role", "note", "claimed_by")
        assert list(rows) == [
            (first.pk, office.pk, "host", "by video link", None),
            (second.pk, other.pk, "", "", kept.pk),
        ]
        assert list(paper.parties.all()) == [kept]
        assert (fresh(outlet).speaks_for, fresh(said).speaker) == (kept, kept)
        assert [gone.names.count(), gone.tenures.count(), gone.attendances.count()] == [0, 0, 0]
        assert list(Participant.objects.public().named("Талвер")) == [kept]

        assert merging.undo(made, reviewer) == []
        assert dump() == before

    def test_what_differs_in_rows_of_both_is_picked(self, reviewer):
        kept, gone = factories.ParticipantFactory(), factories.ParticipantFactory()
        meeting, state = factories.MeetingFactory(), factories.ParticipantFactory(name="State", kind="state")
        factories.AttendanceFactory(meeting=meeting, participant=kept, role="guest", title="minister")
        other = factories.AttendanceFactory(
            meeting=meeting, participant=gone, role="host", title="the minister", claimed_by=state
        )
        plan = merging.plan(kept, gone)
        assert [(one.key, one.kept, one.gone, one.choice) for one in plan.foldings[0].differences] == [
            (f"attendance-{other.pk}-role", "Guest", "Host", "kept"),
            (f"attendance-{other.pk}-title", "minister", "the minister", "kept"),
            # Nobody disputes it, says one of the two: that is not nothing.
            (f"attendance-{other.pk}-claimed_by", "", "State", "kept"),
        ]
        merge(
            kept,
            gone,
            reviewer,
            **{f"attendance-{other.pk}-role": "gone", f"attendance-{other.pk}-claimed_by": "gone"},
        )
        rows = kept.attendances.values_list("role", "title", "claimed_by")
        assert list(rows) == [("host", "minister", state.pk)]

    def test_names_add_up_and_one_is_preferred_in_a_language(self, reviewer):
        kept, gone = factories.ParticipantFactory(name="A"), factories.ParticipantFactory(name="B")
        state = factories.ParticipantFactory()
        factories.NameFactory(participant=kept, text="Ա", language="hy", preferred=True)
        factories.NameFactory(participant=gone, text="Բ", language="hy", preferred=True)
        factories.NameFactory(participant=kept, text="А", language="ru")
        factories.NameFactory(participant=gone, text="А", language="ru", preferred=True, used_by=state)
        factories.NameFactory(participant=gone, text="ა", language="ka", preferred=True)
        used = factories.NameFactory(
            place=factories.PlaceFactory(name="P"), text="Q", language="az", used_by=gone
        )
        merge(kept, gone, reviewer, name="gone")
        assert fresh(kept).name == "B"
        rows = kept.names.order_by("language", "text").values_list(
            "text", "language", "kind", "preferred", "used_by"
        )
        assert list(rows) == [
            ("A", "en", "alias", False, None),
            ("B", "en", "official", False, None),
            ("Ա", "hy", "official", True, None),
            ("Բ", "hy", "official", False, None),
            ("ა", "ka", "official", True, None),
            ("А", "ru", "official", True, state.pk),
        ]
        assert fresh(used).used_by == kept

    def test_a_name_that_is_listed_nowhere_is_listed_then_and_taken_out_again(self, reviewer):
        kept, gone = factories.ParticipantFactory(name="A"), factories.ParticipantFactory(name="B")
        Name.objects.filter(participant=gone).delete()
        connection.check_constraints()
        before = dump()
        made = merge(kept, gone, reviewer)
        assert list(kept.names.order_by("pk").values_list("text", "kind")) == [
            ("A", "official"),
            ("B", "alias"),
        ]
        assert merging.undo(made, reviewer) == []
        assert dump() == before

    def test_nobody_reports_their_own_words(self, reviewer):
        kept, gone = factories.ParticipantFactory(), factories.ParticipantFactory()
        said = factories.QuotationFactory(speaker=gone, reported_by=kept, exact="“Yes”")
        plan = merging.plan(kept, gone)
        assert plan.notes == (
            "“Yes” names one of the two as the speaker and the other one as who reports it; nobody reports their own words.",
        )
        made = merge(kept, gone, reviewer)
        assert (fresh(said).speaker, fresh(said).reported_by) == (kept, None)
        merging.undo(made, reviewer)
        assert (fresh(said).speaker, fresh(said).reported_by) == (gone, kept)

    def test_offices_want_a_person(self, reviewer):
        kept, gone = factories.ParticipantFactory(kind="state"), factories.ParticipantFactory()
        factories.TenureFactory(person=gone)
        with pytest.raises(merging.Refused) as refused:
            merge(kept, gone, reviewer)
        assert obstacles(refused) == [
            "Only a person holds an office, and offices are listed here. Choose the kind “person”, or take them out first."
        ]
        merge(kept, gone, reviewer, kind="gone")
        assert (fresh(kept).kind, kept.tenures.count()) == ("person", 1)

    def test_lists_add_up(self, reviewer):
        kept = factories.ParticipantFactory(identifiers=["https://a.example/1", "https://a.example/2"])
        gone = factories.ParticipantFactory(identifiers=["https://a.example/2", "https://a.example/3"])
        assert merging.plan(kept, gone).differences[-1].choice == "both"
        merge(kept, gone, reviewer)
        assert fresh(kept).identifiers == [
            "https://a.example/1",
            "https://a.example/2",
            "https://a.example/3",
        ]


class TestTrees:
    def test_a_place_with_the_place_that_it_lies_in(self, reviewer):
        """Kept below gone, with one between them: the kept one takes the place of the other in the tree."""
        land = factories.PlaceFactory(name="Land")
        gone = factories.PlaceFactory(name="Town", parent=land)
        quarter = factories.PlaceFactory(name="Quarter", parent=gone)
        kept = factories.PlaceFactory(name="The town", parent=quarter)
        plan = merging.plan(kept, gone)
        parent = next(one for one in plan.differences if one.key == "parent")
        assert (parent.kept, parent.gone, parent.options, parent.choice) == (
            "Quarter",
            "Land",
            ("gone",),
            "gone",
        )
        before = dump()
        made = merge(kept, gone, reviewer)
        assert [fresh(one).parent for one in (kept, quarter)] == [land, kept]
        merging.undo(made, reviewer)
        assert dump() == before

    def test_a_place_with_a_part_of_it(self, reviewer):
        kept = factories.PlaceFactory(name="Town")
        gone = factories.PlaceFactory(name="The town", parent=kept)
        part = factories.PlaceFactory(name="Quarter", parent=gone)
        made = merge(kept, gone, reviewer)
        assert [fresh(one).parent for one in (kept, part)] == [None, kept]
        assert list(Place.objects.within([kept.pk]).order_by("pk")) == [kept, gone, part]
        merging.undo(made, reviewer)
        assert [fresh(one).parent for one in (gone, part)] == [kept, gone]

    def test_coordinates_are_picked_together(self, reviewer):
        kept = factories.PlaceFactory(latitude="40.1776", longitude="44.5126", precision="city")
        gone = factories.PlaceFactory(latitude="41.7151", longitude="44.8271", precision="exact")
        plan = merging.plan(kept, gone)
        assert [(one.label, one.kept, one.gone) for one in plan.differences if one.key == "latitude"] == [
            ("Latitude", "40.1776, 44.5126, city", "41.7151, 44.8271, exact")
        ]
        before = dump()
        made = merge(kept, gone, reviewer, latitude="gone")
        place = fresh(kept)
        assert (str(place.latitude), str(place.longitude), place.precision) == ("41.7151", "44.8271", "exact")
        merging.undo(made, reviewer)
        assert dump() == before

    def test_topics_exchange_their_labels(self, reviewer):
        broad = factories.TopicFactory(label="Peace process")
        kept = factories.TopicFactory(label="Border commisions")
        gone = factories.TopicFactory(label="Border commissions", broader=broad)
        meeting, paper = factories.MeetingFactory(), factories.AgreementFactory()
        meeting.topics.add(kept, gone)
        paper.topics.add(gone)
        before = dump()
        made = merge(kept, gone, reviewer, label="gone")
        assert (fresh(kept).label, fresh(kept).broader, fresh(gone).label) == (
            "Border commissions",
            broad,
            "Border commisions",
        )
        assert fresh(kept).sort_key == "border commissions"
        assert (list(meeting.topics.all()), list(paper.topics.all())) == ([kept], [kept])
        merging.undo(made, reviewer)
        assert dump() == before


class TestMeetings:
    def test_sources_parts_and_people_come_together(self, reviewer):
        kept, gone = (
            factories.MeetingFactory(title="Talks", held_on="2023-02"),
            factories.MeetingFactory(title="The talks", held_on="2023-02-27"),
        )
        people = [factories.ParticipantFactory() for _ in range(3)]
        for person in people[:2]:
            factories.AttendanceFactory(meeting=kept, participant=person)
        for person in people[1:]:
            factories.AttendanceFactory(meeting=gone, participant=person)
        article, other = factories.ArticleFactory(text="They met in the town."), factories.ArticleFactory()
        Coverage.objects.create(article=article, meeting=kept)
        words = Coverage(article=article, meeting=gone, stance="contradicts")
        words.anchor(article.text, "They met")
        words.save()
        factories.CoverageFactory(article=other, meeting=gone)
        part, paper = factories.MeetingFactory(parent=gone), factories.AgreementFactory(meeting=gone)
        said = factories.QuotationFactory(meeting=gone)
        before = dump()
        made = merge(kept, gone, reviewer, held_on="gone", **{f"coverage-{words.pk}-stance": "gone"})
        meeting = fresh(kept)
        assert (meeting.held_on, meeting.held_range.lower.isoformat()) == ("2023-02-27", "2023-02-27")
        rows = meeting.attendances.order_by("position").values_list("participant", "position")
        assert list(rows) == [(people[0].pk, 1), (people[1].pk, 2), (people[2].pk, 3)]
        rows = meeting.coverages.order_by("article").values_list("article", "stance", "exact", "start")
        assert list(rows) == [(article.pk, "contradicts", "They met", 0), (other.pk, "supports", "", None)]
        assert [fresh(part).parent, fresh(paper).meeting, fresh(said).meeting] == [kept, kept, kept]
        merging.undo(made, reviewer)
        assert dump() == before

    def test_a_visit_with_its_own_part(self, reviewer):
        visit = factories.MeetingFactory(title="Visit")
        part = factories.MeetingFactory(title="Talks", parent=visit)
        merge(part, visit, reviewer)
        assert fresh(part).parent is None


class TestAgreementsAndOutlets:
    def test_parties_and_topics_stand_once(self, reviewer):
        kept, gone = (
            factories.AgreementFactory(title="Treaty"),
            factories.AgreementFactory(title="Treaty", url="https://a.example/1"),
        )
        one, other = factories.ParticipantFactory(), factories.ParticipantFactory()
        kept.parties.add(one)
        gone.parties.add(one, other)
        gone.topics.add(factories.TopicFactory())
        merge(kept, gone, reviewer)
        assert (list(kept.parties.order_by("pk")), kept.topics.count(), fresh(kept).url) == (
            [one, other],
            1,
            "https://a.example/1",
        )

    def test_a_host_belongs_to_one_outlet(self, reviewer):
        kept, gone = (
            factories.OutletFactory(name="Civil"),
            factories.OutletFactory(name="Civil Georgia", host="civil.ge"),
        )
        article = factories.ArticleFactory(outlet=gone)
        before = dump()
        made = merge(kept, gone, reviewer)
        assert (fresh(kept).host, fresh(article).outlet) == ("civil.ge", kept)
        merging.undo(made, reviewer)
        assert dump() == before


class TestArticles:
    TEXT = "He came. “Two ports”, he said. “One sea”, she said."

    def test_words_move_to_their_place_in_the_kept_text(self, reviewer):
        kept = factories.ArticleFactory(text=f"Headline\n{self.TEXT}")
        gone = factories.ArticleFactory(text=self.TEXT, url="https://a.example/1")
        said = factories.QuotationFactory(article=gone, exact="“Two ports”")
        inner = factories.QuotationFactory(
            article=gone, exact="Two", within=said, speaker=None, attribution="he"
        )
        cover = Coverage(article=gone, meeting=factories.MeetingFactory())
        cover.anchor(gone.text, "He came")
        cover.save()
        factories.SourceCheckFactory(quotation=said)
        snapshot = SourceCheck.objects.get().seen_in
        page = factories.PageCheckFactory(article=gone, snapshot=snapshot)
        kept_page = factories.PageCheckFactory(article=kept)
        before = dump()
        plan = merging.plan(kept, gone)
        assert [(one.label, one.count) for one in plan.staying] == [
            ("Checks of pages – article", 1),
            ("Snapshots – article", 1),
        ]
        made = merge(kept, gone, reviewer)
        rows = kept.quotations.order_by("pk").values_list("pk", "start", "exact", "within")
        assert list(rows) == [(said.pk, 18, "“Two ports”", None), (inner.pk, 19, "Two", said.pk)]
        assert list(kept.coverages.values_list("start", "exact")) == [(9, "He came")]
        assert (fresh(kept).url, SourceCheck.objects.count()) == ("https://a.example/1", 0)
        assert (list(gone.snapshots.all()), list(PageCheck.objects.all())) == (
            [snapshot],
            [page],
        )  # not of the kept one's new address
        merging.undo(made, reviewer)
        assert dump() == before
        assert PageCheck.objects.filter(pk=kept_page.pk).exists()

    def test_words_that_do_not_stand_there_are_named(self, reviewer):
        kept = factories.ArticleFactory(text="Another report.")
        gone = factories.ArticleFactory(text=self.TEXT)
        factories.QuotationFactory(article=gone, exact="“Two ports”")
        withdrawn = factories.QuotationFactory(
            article=gone, exact="“One sea”", status="withdrawn", withdrawal_reason="Wrong."
        )
        before = dump()
        with pytest.raises(merging.Refused) as refused:
            merge(kept, gone, reviewer)
        assert obstacles(refused) == [
            "These words do not stand in the text that would be kept: “Two ports”. Correct or withdraw them first, or keep the"
            " other text."
        ]
        assert dump() == before
        made = merge(kept, gone, reviewer, text="gone")
        assert (fresh(kept).text, kept.quotations.count(), fresh(withdrawn).start) == (self.TEXT, 2, 31)
        merging.undo(made, reviewer)
        assert dump() == before

    def test_the_text_is_taken_where_the_kept_one_has_none(self, reviewer):
        kept, gone = factories.ArticleFactory(), factories.ArticleFactory(text=self.TEXT)
        said = factories.QuotationFactory(article=kept, exact="“One sea”")
        before = dump()
        made = merge(kept, gone, reviewer)
        assert (fresh(kept).text, fresh(kept).text_key, fresh(said).start) == (self.TEXT, gone.text_key, 31)
        merging.undo(made, reviewer)
        assert dump() == before

    def test_the_same_words_recorded_twice_are_one_quotation(self, reviewer):
        """The public one stays whichever article it comes from: its address was given to readers."""
        kept = factories.ArticleFactory(text=f"Headline\n{self.TEXT}")
        gone = factories.ArticleFactory(text=self.TEXT)
        speaker, topic = factories.ParticipantFactory(name="He"), factories.TopicFactory()
        draft = factories.QuotationFactory(
            article=kept, exact="“Two ports”", speaker=None, attribution="he said", status="draft"
        )
        draft.topics.add(topic)
        public = factories.QuotationFactory(article=gone, exact="“Two ports”", speaker=speaker)
        inner = factories.QuotationFactory(
            article=kept, exact="Two", within=draft, speaker=None, attribution="he", status="draft"
        )
        before = dump()
        plan = merging.plan(kept, gone)
        assert [
            (
                one.label,
                one.title,
                [(field.label, field.kept, field.gone, field.choice) for field in one.differences],
            )
            for one in plan.foldings
        ] == [
            (
                "Quotation",
                "“Two ports”",
                [("Speaker", "He", "", "kept"), ("Attribution", "", "he said", "gone")],
            )
        ]
        made = merge(kept, gone, reviewer)
        draft, public = fresh(draft), fresh(public)
        assert (draft.merged_into, draft.status, public.article, public.status) == (
            public,
            "withdrawn",
            kept,
            "published",
        )
        assert (public.attribution, list(public.topics.all()), fresh(inner).within) == (
            "he said",
            [topic],
            public,
        )
        merging.undo(made, reviewer)
        assert dump() == before

    def test_decided_proposals_move_and_the_rest_is_read_anew(self, reviewer):
        kept = factories.ArticleFactory(text=f"Headline\n{self.TEXT}")
        gone = factories.ArticleFactory(text=self.TEXT)
        for article in (kept, gone):
            proposals.refresh(article)
        waiting = [one.proposals.filter(noun="quotation").order_by("start").first() for one in (kept, gone)]
        accepted = proposals.accept(waiting[1], staff("Editor", "Reviewer")).proposal.quotation
        connection.check_constraints()
        before = dump()
        plan = merging.plan(kept, gone)
        assert plan.obstacles == ()
        made = merge(kept, gone, reviewer)
        row = Proposal.objects.get(quotation=accepted)
        assert (row.article, row.start, row.decision, Survey.objects.count()) == (kept, 18, "accepted", 0)
        assert (gone.proposals.exclude(decision="accepted").count(), fresh(accepted).article) == (0, kept)
        proposals.refresh(fresh(kept))
        assert list(kept.proposals.values_list("pk", "decision")) == [
            (row.pk, "accepted")
        ]  # not proposed once more
        merging.undo(made, reviewer)
        proposals.refresh(fresh(kept))
        proposals.refresh(fresh(gone))
        assert fresh(row).article == gone
        assert [
            one.proposals.filter(noun="quotation", decision="waiting").count() for one in (kept, gone)
        ] == [1, 0]
        assert before["events.quotation"] == dump()["events.quotation"]

    def test_a_copy_of_the_kept_one(self, reviewer):
        kept = factories.ArticleFactory()
        gone = factories.ArticleFactory(derived_from=kept)
        copy = factories.ArticleFactory(derived_from=gone)
        merge(kept, gone, reviewer)
        assert (fresh(kept).derived_from, fresh(copy).derived_from) == (None, kept)


class TestProposals:
    def test_what_was_made_by_accepting_cannot_delete_the_kept_record(self, reviewer):
        article = factories.ArticleFactory(text="A text.")
        kept, gone = (
            factories.ParticipantFactory(status="draft"),
            factories.ParticipantFactory(status="draft"),
        )
        now = factories.datetime(2026, 1, 1, tzinfo=factories.UTC)
        made_it = Proposal.objects.create(
            article=article, noun="participant", start=0, end=1, exact="A", decision="accepted", decided_at=now, participant=gone,
            made=[{"model": "participant", "id": gone.pk, "version": 1}, {"model": "name", "id": 1}], details={"id": None},
        )  # fmt: skip
        asks = Proposal.objects.create(
            article=article, noun="participant", start=2, end=3, exact="t",
            details={"id": None, "candidates": [{"id": gone.pk, "name": "1"}, {"id": kept.pk, "name": "2"}]},
        )  # fmt: skip
        quotes = Proposal.objects.create(
            article=article,
            noun="quotation",
            start=2,
            end=4,
            exact="te",
            details={"speaker_id": gone.pk, "reported_by_id": None},
        )
        Survey.objects.create(article=article, source_key="x")
        before = dump()
        made = merge(kept, gone, reviewer)
        made_it.refresh_from_db()
        assert (made_it.participant, made_it.made) == (kept, [{"model": "name", "id": 1}])
        assert fresh(asks).details == {"id": None, "candidates": [{"id": kept.pk, "name": "2"}]}
        assert fresh(quotes).details == {"speaker_id": kept.pk, "reported_by_id": None}
        assert not Survey.objects.exists()  # nobody has to say any more who is meant: it is read again
        merging.undo(made, reviewer)
        assert dump() == before


class TestDistinctions:
    def test_who_is_told_apart_from_one_is_told_apart_from_the_other(self, reviewer):
        kept, gone, third, fourth = (factories.ParticipantFactory() for _ in range(4))
        for one, other in ((kept, third), (gone, third), (gone, fourth), (kept, gone)):
            Distinction.objects.create(noun="participant", first=one.pk, second=other.pk, decided_by=reviewer)
        Distinction.objects.create(noun="place", first=gone.pk, second=fourth.pk)
        before = dump()
        notes = merging.plan(kept, gone).notes
        day = date_format(Distinction.objects.first().decided_at)
        assert notes == (f"{reviewer} said on {day} that the two are not the same.",)
        made = merge(kept, gone, reviewer)
        assert set(Distinction.objects.values_list("noun", "first", "second")) == {
            ("participant", kept.pk, third.pk),
            ("participant", kept.pk, fourth.pk),
            ("place", gone.pk, fourth.pk),
        }
        merging.undo(made, reviewer)
        assert dump() == before


class TestRefusals:
    def test_with_itself_and_with_another_noun(self, reviewer):
        one, other = factories.MeetingFactory(), factories.PlaceFactory()
        said = factories.QuotationFactory(), factories.QuotationFactory()
        for pair, why in (
            ((one, fresh(one)), "A record cannot be merged with itself."),
            ((one, other), "Only two records of the same kind can be merged."),
            (said, "Records of this kind are not merged."),
        ):
            with pytest.raises(merging.Refused) as refused:
                merging.plan(*pair)
            assert obstacles(refused) == [why]
            with pytest.raises(merging.Refused) as refused:
                merging.merge(*pair, {}, reviewer)
            assert obstacles(refused) == [why]

    def test_one_that_was_merged_already(self, reviewer):
        one, two, three = (factories.TopicFactory(label=label) for label in ("One", "Two", "Three"))
        merge(one, two, reviewer)
        for kept, gone in ((three, two), (two, three)):
            with pytest.raises(merging.Refused) as refused:
                merge(fresh(kept), fresh(gone), reviewer)
            assert obstacles(refused)[0] == "“Two” was merged into another record already."

    @pytest.mark.parametrize(
        ("kept", "gone", "why"),
        [
            ("draft", "published", "“Gone” has been public, and its address must lead readers to something that they see. Publish “Kept” first, or keep “Gone”."),
            ("review", "published", "“Gone” has been public, and its address must lead readers to something that they see. Publish “Kept” first, or keep “Gone”."),
            ("withdrawn", "draft", "“Kept” is withdrawn, and a withdrawn record takes nothing in. Bring it back first, or keep “Gone”."),
            ("draft", "draft", None),
            ("published", "published", None),
            ("published", "withdrawn", None),
        ],
    )  # fmt: skip
    def test_an_address_that_was_public_never_dies(self, reviewer, kept, gone, why):
        records = [
            factories.MeetingFactory(
                title=title, status=status, withdrawal_reason="Wrong." if status == "withdrawn" else ""
            )
            for title, status in (("Kept", kept), ("Gone", gone))
        ]
        assert merging.plan(*records).obstacles == ((why,) if why else ())

    def test_what_becomes_public_is_said(self, reviewer):
        kept, gone = factories.PlaceFactory(name="Kept"), factories.PlaceFactory(name="Gone", status="draft")
        assert merging.plan(kept, gone).notes == (
            "“Gone” is not public and “Kept” is: readers see at once what moves and is not a draft itself.",
        )

    def test_a_stale_version_changes_nothing(self, reviewer):
        kept, gone = factories.MeetingFactory(), factories.MeetingFactory()
        plan = merging.plan(kept, gone)
        other = fresh(gone)
        other.title = "Changed"
        other.save()
        before = dump()
        with pytest.raises(merging.Stale) as refused:
            merging.merge(kept, gone, {}, reviewer, plan.versions)
        assert obstacles(refused) == [
            "Somebody has changed one of the two, or what belongs to them, since you looked. Nothing was merged."
        ]
        assert dump() == before

    def test_rows_that_came_since_are_seen_before_they_move(self, reviewer):
        """An attendance is a row of the meeting, so the version of its participant says nothing of it."""
        kept, gone = factories.ParticipantFactory(), factories.ParticipantFactory()
        plan = merging.plan(kept, gone)
        factories.AttendanceFactory(participant=gone)
        with pytest.raises(merging.Stale):
            merging.merge(kept, gone, {}, reviewer, plan.versions, "", plan.digest)
        plan = merging.plan(kept, gone)
        merging.merge(kept, gone, {}, reviewer, plan.versions, "", plan.digest)

    def test_a_choice_that_is_none(self, reviewer):
        kept, gone = factories.MeetingFactory(title="A"), factories.MeetingFactory(title="B")
        with pytest.raises(merging.Refused) as refused:
            merging.merge(kept, gone, {"title": "neither"}, reviewer)
        assert obstacles(refused) == ["Choose anew what holds for “title”."]

    def test_an_editor_merges_nothing(self):
        kept, gone = factories.MeetingFactory(), factories.MeetingFactory()
        with pytest.raises(PermissionDenied):
            merging.merge(kept, gone, {}, staff("Editor"))
        made = merge(kept, gone, staff("Reviewer"))
        with pytest.raises(PermissionDenied):
            merging.undo(made, staff("Editor"))


class TestUndoing:
    def test_newer_work_stays(self, reviewer):
        kept, gone = (
            factories.ParticipantFactory(name="A"),
            factories.ParticipantFactory(name="B", description="Old.", country="AM"),
        )
        third = factories.ParticipantFactory(name="C")
        stays, moves = (
            factories.QuotationFactory(speaker=gone, exact="“One”"),
            factories.QuotationFactory(speaker=gone, exact="“Two”"),
        )
        meeting, left = factories.MeetingFactory(title="Left"), factories.MeetingFactory(title="Both left")
        deleted = factories.AttendanceFactory(meeting=meeting, participant=gone)
        joint = factories.AttendanceFactory(meeting=left, participant=kept)
        factories.AttendanceFactory(meeting=left, participant=gone)
        number = joint.pk + 1
        made = merge(kept, gone, reviewer)
        Participant.objects.filter(pk=kept.pk).update(description="Newer.")
        Quotation.objects.filter(pk=moves.pk).update(speaker=third)
        deleted.delete()
        joint.delete()
        assert sorted(merging.undo(made, reviewer)) == sorted(
            ["“A” – description", "“Two” – speaker", f"Attendance {number}: deleted since"]
        )
        assert [fresh(one).speaker for one in (stays, moves)] == [gone, third]
        assert (fresh(kept).description, fresh(kept).country, fresh(gone).status) == (
            "Newer.",
            "",
            "published",
        )
        assert Attendance.objects.count() == 0

    def test_a_later_merge_of_the_same_rows_is_undone_first(self, reviewer):
        one, two, three = (factories.PlaceFactory(name=name) for name in ("One", "Two", "Three"))
        states = [dump()]
        first = merge(two, one, reviewer)
        states.append(dump())
        second = merge(three, two, reviewer)
        assert [fresh(place).merged_into for place in (one, two)] == [three, three]
        with pytest.raises(merging.Refused) as refused:
            merging.undo(first, reviewer)
        assert obstacles(refused) == [
            "“Two” was merged into “Three” later, and rows of this merge moved again. Undo that one first."
        ]
        merging.undo(second, reviewer)
        assert dump() == states[1]
        merging.undo(first, reviewer)
        assert dump() == states[0]
        with pytest.raises(merging.Refused) as refused:
            merging.undo(first, reviewer)
        assert obstacles(refused) == ["This merge was undone already."]

    def test_words_that_do_not_stand_where_they_would_return_to(self, reviewer):
        kept, gone = (
            factories.ArticleFactory(text="Before. “One sea”, he said, and more."),
            factories.ArticleFactory(text="“One sea”, he said, and more."),
        )
        said = factories.QuotationFactory(article=gone, exact="“One sea”")
        made = merge(kept, gone, reviewer)
        said = fresh(said)
        said.anchor(kept.text, "Before")
        said.save()
        before = dump()
        with pytest.raises(merging.Refused) as refused:
            merging.undo(made, reviewer)
        assert obstacles(refused) == [
            "These words do not stand in the text that they would return to: “Before”. Correct or withdraw them first."
        ]
        assert dump() == before
        said.anchor(kept.text, "he said")
        said.save()
        assert merging.undo(made, reviewer) == ["“he said” – words"]
        assert (fresh(said).article, fresh(said).exact, fresh(said).start) == (gone, "he said", 11)

    def test_a_text_that_was_edited_since(self, reviewer):
        kept, gone = (
            factories.ArticleFactory(text="Short."),
            factories.ArticleFactory(text="“One sea”, he said."),
        )
        said = factories.QuotationFactory(article=gone, exact="“One sea”")
        made = merge(kept, gone, reviewer, text="gone")
        article = fresh(kept)
        article.text = "Corrected. “One sea”, he said."
        article.save()
        assert merging.undo(made, reviewer) == [f"“{kept.title}” – text"]
        assert (fresh(kept).text, fresh(said).article, fresh(said).start) == (article.text, gone, 0)

    def test_an_office_that_was_chosen_since(self, reviewer):
        kept, gone = factories.ParticipantFactory(name="A"), factories.ParticipantFactory(name="B")
        office = factories.TenureFactory(person=gone, title="Mayor")
        made = merge(kept, gone, reviewer)
        row = factories.AttendanceFactory(
            meeting=factories.MeetingFactory(title="Talks"), participant=kept, tenure=fresh(office)
        )
        with pytest.raises(merging.Refused) as refused:
            merging.undo(made, reviewer)
        assert obstacles(refused) == [
            "At “Talks” the office “Mayor, A” was chosen since, which would belong to the other one. Empty it there first."
        ]
        Attendance.objects.filter(pk=row.pk).update(tenure=None)
        assert merging.undo(made, reviewer) == []
        assert (fresh(office).person, fresh(row).participant) == (gone, kept)

    def test_what_was_deleted_since(self, reviewer):
        kept, gone = (
            factories.MeetingFactory(status="draft"),
            factories.MeetingFactory(status="draft", title="Gone"),
        )
        made = merge(kept, gone, reviewer)
        gone.delete()
        with pytest.raises(merging.Refused) as refused:
            merging.undo(made, reviewer)
        assert obstacles(refused) == ["“Gone” was deleted since."]


class TestHistory:
    def test_the_merge_is_one_change_of_all_that_it_touched(self, reviewer):
        kept, gone = factories.ParticipantFactory(name="A"), factories.ParticipantFactory(name="B")
        said = factories.QuotationFactory(speaker=gone)
        connection.check_constraints()
        made = merge(kept, gone, reviewer)
        changes = Change.objects.filter(via="merge")
        assert list(changes.values_list("user", "comment")) == [(reviewer.pk, "The same one.")]
        assert sorted(Version.objects.filter(change=changes.get()).values_list("noun", "record")) == [
            ("participant", kept.pk),
            ("participant", gone.pk),
            ("quotation", said.pk),
        ]
        merging.undo(made, reviewer)
        assert Change.objects.filter(via="merge").latest("pk").comment == "Merge undone: B → A"
        assert fresh(said).updated_by == reviewer

    def test_a_version_of_one_that_was_merged_is_not_restored(self, reviewer):
        kept, gone = factories.PlaceFactory(), factories.PlaceFactory()
        connection.check_constraints()
        version = Version.objects.of(gone).first()
        merge(kept, gone, reviewer)
        with pytest.raises(Exception, match="merged into another one"):
            versions.restore(version, reviewer, opened=fresh(gone).version)


class TestDatabase:
    """What is written past the models is refused all the same."""

    def refused(self, work):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            work()
        return error.value.__cause__.diag.constraint_name

    def test_a_record_is_merged_once_until_that_is_undone(self, reviewer):
        numbers = {"noun": "place", "gone": 5, "kept_name": "A", "gone_name": "B"}
        first = Merge.objects.create(kept=4, **numbers)
        assert self.refused(lambda: Merge.objects.create(kept=6, **numbers)) == "merge_once_of_a_record"
        first.undone_at, first.undone_by = first.at, reviewer
        first.save()
        Merge.objects.create(kept=6, **numbers)

    @pytest.mark.parametrize(
        ("values", "rule"),
        [
            ({"kept": 5}, "merge_of_two_records"),
            ({"noun": "quotation"}, "merge_noun_known"),
            ({"undone_at": factories.datetime(2020, 1, 1, tzinfo=factories.UTC)}, "merge_undone_after_it"),
        ],
    )
    def test_rules(self, values, rule):
        plain = {"noun": "place", "kept": 4, "gone": 5, "kept_name": "A", "gone_name": "B"}
        assert self.refused(lambda: Merge.objects.create(**{**plain, **values})) == rule

    def test_a_merge_is_never_edited(self, reviewer):
        row = Merge.objects.create(noun="place", kept=4, gone=5, kept_name="A", gone_name="B", by=reviewer)
        rows = Merge.objects.filter(pk=row.pk)
        assert self.refused(lambda: rows.update(journal=[{}])) == "merge_never_edited"
        assert self.refused(lambda: rows.update(by=staff())) == "merge_never_edited"
        assert self.refused(lambda: rows.delete()) == "merge_never_edited"
        reviewer.delete()
        assert Merge.objects.get().by is None
        rows.update(undone_at=row.at)
        assert self.refused(lambda: rows.update(undone_at=None)) == "merge_never_edited"


class TestAddresses:
    def test_they_lead_to_the_last_one_in_a_chain(self, client, reviewer):
        one, two, three = (
            factories.ParticipantFactory(name=name) for name in ("Ana One", "Bela Two", "Cira Three")
        )
        meeting = factories.MeetingFactory(title="Talks")
        factories.AttendanceFactory(meeting=meeting, participant=one)
        old = [place.get_absolute_url() for place in (one, two)]
        merge(two, one, reviewer)
        merge(three, fresh(two), reviewer)
        for address in [*old, f"/participants/{one.pk}/"]:
            answer = client.get(address)
            assert (answer.status_code, answer.headers["Location"]) == (301, three.get_absolute_url())
        page = client.get(three.get_absolute_url()).content.decode()
        assert [text in page for text in ("Talks", "Ana One", "Bela Two")] == [True, True, True]
        listed = client.get(reverse("events:participant-list"))
        assert (listed.context["total"], [row.name for row in listed.context["page"]]) == (1, ["Cira Three"])
        found = client.get(reverse("events:participant-list"), {"q": "Ana One"})
        assert [row.name for row in found.context["page"]] == ["Cira Three"]

    @pytest.mark.parametrize("noun", ["participant", "place", "topic", "meeting", "agreement", "article"])
    def test_of_every_noun(self, client, reviewer, noun):
        factory = getattr(factories, f"{noun.title()}Factory")
        kept, gone = factory(), factory()
        made = merge(kept, gone, reviewer)
        answer = client.get(gone.get_absolute_url())
        assert (answer.status_code, answer.headers["Location"]) == (301, kept.get_absolute_url())
        merging.undo(made, reviewer)
        assert client.get(gone.get_absolute_url()).status_code == 200
