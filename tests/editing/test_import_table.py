"""An editor's table: what its rows become, which records they mean, and what stands in the way."""

import io
import json
import random
import threading

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from events.editing import importers
from events.editing.importers import Difference, Options, Problem, report
from events.models import (
    Agreement,
    Article,
    Attendance,
    Coverage,
    Meeting,
    Name,
    Outlet,
    Participant,
    Place,
    Quotation,
    Status,
    Tenure,
    Topic,
)
from tests import factories
from tests.admin.desk import staff

pytestmark = pytest.mark.django_db


def take(noun: str, text: str, name: str = "table.csv", **options) -> importers.Report:
    how = {key: options.pop(key) for key in ("dry_run", "update", "plan", "sink") if key in options}
    sheet = importers.read(io.BytesIO(text.encode()), name)
    return importers.import_table(sheet, noun, Options(**options), **how)


def counts(report: importers.Report) -> tuple[dict[str, int], bool]:
    return {verdict: number for verdict, number in report.counts.items() if number}, report.stored


def problems(report: importers.Report) -> list[tuple[int, str]]:
    return [(row.line, str(problem)) for row in report.rows["refused"] for problem in row.problems]


MEETINGS = """title,kind,held_on,place,topics,participants,sources
Talks in Baku,talks,2023-02-27,Баку,Peace,Sergey Lavrov (guest); Ильхам Алиев (host),https://example.org/a https://example.org/b;c
"""


@pytest.fixture
def known():
    lavrov = factories.ParticipantFactory(name="Sergey Lavrov", country="RU")
    aliyev = factories.ParticipantFactory(name="Ilham Aliyev", country="AZ")
    factories.NameFactory(participant=aliyev, text="Ильхам Алиев", language="ru")
    baku = factories.PlaceFactory(name="Baku")
    factories.NameFactory(place=baku, text="Баку", language="ru")
    topic = factories.TopicFactory(label="Peace")
    articles = [
        factories.ArticleFactory(url="https://www.example.org/a/"),
        factories.ArticleFactory(url="https://example.org/b;c"),
    ]
    return lavrov, aliyev, baku, topic, articles


class TestMeetings:
    def test_one_sheet_makes_whole_drafts(self, known):
        user = staff("Editor")
        lavrov, aliyev, baku, topic, articles = known
        assert counts(take("meetings", MEETINGS, user=user)) == ({"created": 1}, True)
        meeting = Meeting.objects.get()
        assert (meeting.title, meeting.kind, meeting.held_on, meeting.place, meeting.state, meeting.status) == (
            "Talks in Baku", "talks", "2023-02-27", baku, "held", "draft",
        )  # fmt: skip
        assert (meeting.created_by, meeting.updated_by, list(meeting.topics.all())) == (user, user, [topic])
        assert list(
            meeting.attendances.order_by("position").values_list("participant", "role", "position")
        ) == [
            (lavrov.pk, "guest", 1),
            (aliyev.pk, "host", 2),
        ]
        assert list(meeting.coverages.order_by("article").values_list("article", "stance")) == [
            (article.pk, "supports") for article in articles
        ]

    def test_the_same_file_again_changes_nothing(self, known):
        take("meetings", MEETINGS)
        before = (
            list(Meeting.objects.values()),
            list(Attendance.objects.values()),
            list(Coverage.objects.values()),
        )
        assert counts(take("meetings", MEETINGS)) == ({"unchanged": 1}, True)
        after = (
            list(Meeting.objects.values()),
            list(Attendance.objects.values()),
            list(Coverage.objects.values()),
        )
        assert after == before

    def test_a_dry_run_stores_nothing_and_says_the_same(self, known):
        dry = take("meetings", MEETINGS, dry_run=True)
        assert (counts(dry), Meeting.objects.count(), Attendance.objects.count()) == (
            ({"created": 1}, False),
            0,
            0,
        )
        assert take("meetings", MEETINGS, plan=dry.digest).digest == dry.digest
        assert Meeting.objects.count() == 1

    def test_unknown_names_are_proposed_once_each(self, known):
        aliev = known[1].pk
        table = (
            "title,kind,participants\n"
            "One,talks,Jeyhun Bayramov; Ilham Aliev Heydar oglu\n"
            "Two,talks,Джейхун Байрамов; Sergey Lavrov\n"
        )
        report = take("meetings", table)
        assert counts(report) == ({"refused": 2}, False)
        assert [
            (one.noun, one.name, one.line, one.times, one.created) for one in report.unknown.values()
        ] == [
            ("participant", "Jeyhun Bayramov", 2, 2, False),
            ("participant", "Ilham Aliev Heydar oglu", 2, 1, False),
        ]
        assert [one.candidates for one in report.unknown.values()] == [
            (),
            (f"Ilham Aliyev #{aliev} (person, Azerbaijan)",),
        ]
        assert problems(report)[0] == (
            2,
            "participants: there is no participant “Jeyhun Bayramov”. Correct it, or let a draft be made of it.",
        )
        assert (Participant.objects.count(), Meeting.objects.count()) == (2, 0)

    def test_unknown_names_become_one_draft_each_in_whatever_spelling(self):
        table = (
            "title,kind,place,topics,participants,sources\n"
            "One,talks,Shusha,Peace,Jeyhun Bayramov,https://example.org/a\n"
            "Two,talks,Шуша,peace,Джейхун Байрамов,https://www.example.org/a/?utm_source=x\n"
            "Three,talks,Şuşa,PEACE,Ceyhun Bayramov,example\n"
        )
        report = take("meetings", table, create_unknown=True)
        assert problems(report) == [
            (
                4,
                "sources: there is no article “example”. “example” is not the address of a web page."
                " Write it whole: https://www.example.org/news/1234",
            )
        ]
        assert Participant.objects.count() == Meeting.objects.count() == 0
        user = staff("Editor")
        outlet = factories.OutletFactory(host="example.org")
        report = take("meetings", table.replace(",example\n", ",\n"), create_unknown=True, user=user)
        assert counts(report) == ({"created": 3}, True)
        person, place, topic, article = (
            model.objects.get() for model in (Participant, Place, Topic, Article)
        )
        assert (person.name, person.status, person.created_by, place.name, topic.label) == (
            "Jeyhun Bayramov", "draft", user, "Shusha", "Peace",
        )  # fmt: skip
        assert (article.url, article.rights, article.outlet, article.status) == (
            "https://example.org/a", "metadata", outlet, "draft",
        )  # fmt: skip
        assert [meeting.attendances.get().participant for meeting in Meeting.objects.all()] == [person] * 3

    def test_a_name_of_several_asks_for_the_number(self, known):
        other = factories.ParticipantFactory(name="Sergei Lavrov", kind="organisation")
        report = take("meetings", MEETINGS)
        assert problems(report) == []  # spelt exactly like one of them
        Meeting.objects.all().delete()
        table = "title,kind,participants\nTalks,talks,Сергей Лавров\n"
        assert problems(take("meetings", table)) == [
            (
                2,
                "participants: “Сергей Лавров” is the name of several. Write the number of the one you mean:"
                f" Sergey Lavrov #{known[0].pk} (person, Russia); Sergei Lavrov #{other.pk} (organisation).",
            )
        ]
        assert counts(take("meetings", table.replace("Сергей Лавров", f"#{other.pk}"))) == (
            {"created": 1},
            True,
        )
        assert Attendance.objects.get().participant == other

    def test_one_participant_in_two_spellings_of_a_cell(self, known):
        table = "title,kind,participants\nTalks,talks,Ilham Aliyev; Ильхам Алиев\n"
        assert problems(take("meetings", table)) == [
            (2, f"participants: “Ильхам Алиев” is #{known[1].pk}, who stands in this cell already.")
        ]

    def test_differences_are_shown_and_applied(self, known):
        take("meetings", MEETINGS)
        changed = (
            MEETINGS.replace("place,topics", "place,summary,state,topics")
            .replace("Баку,Peace", "Баку,They spoke.,Announced,Borders; Peace")
            .replace("(guest)", "(mediator)")
        )
        topic = factories.TopicFactory(label="Borders")
        report = take("meetings", changed, update=False)
        assert counts(report) == ({"changed": 1}, False)
        row = report.rows["changed"][0]
        assert (row.line, row.record, row.version) == (2, Meeting.objects.get().pk, 1)
        assert row.differences == (
            Difference("state", "held", "announced"),
            Difference("summary", "", "They spoke."),
            Difference("topics", "Peace", "Borders; Peace"),
            Difference("participants", "", "Sergey Lavrov (mediator)"),
        )
        user = staff("Editor")
        assert counts(take("meetings", changed, plan=report.digest, user=user)) == ({"changed": 1}, True)
        meeting = Meeting.objects.get()
        assert (meeting.state, meeting.summary, meeting.version, meeting.updated_by, meeting.created_by) == (
            "announced", "They spoke.", 2, user, None,
        )  # fmt: skip
        assert set(meeting.topics.all()) == {topic, known[3]}
        assert meeting.attendances.get(participant=known[0]).role == "mediator"
        assert counts(take("meetings", changed)) == ({"unchanged": 1}, True)

    def test_a_dash_empties_a_field_and_an_empty_cell_leaves_it(self, known):
        take("meetings", MEETINGS)
        number = Meeting.objects.get().pk
        report = take("meetings", f"record,title,place,topics,held_on\n#{number},,-,–,\n")
        assert list(report.rows["changed"][0].differences) == [
            Difference("place", "Baku", ""),
            Difference("topics", "Peace", ""),
        ]
        meeting = Meeting.objects.get()
        assert (meeting.place, meeting.topics.count(), meeting.held_on) == (None, 0, "2023-02-27")
        refused = problems(take("meetings", f"record,title,kind,participants\n#{number},-,-,-\n"))
        assert refused == [
            (2, "title: This field cannot be emptied."),
            (2, "kind: This field cannot be emptied."),
            (2, "participants: This column only adds. Take rows out on the record’s own page."),
        ]

    def test_what_changed_after_the_dry_run_is_not_overwritten(self, known):
        take("meetings", MEETINGS)
        changed = (
            MEETINGS.replace("Talks in Baku,talks,2023-02-27", "Talks in Baku,talks,2023-02-27")
            .replace("kind,held_on", "kind,format,held_on")
            .replace("talks,2023", "talks,video,2023")
        )
        dry = take("meetings", changed, dry_run=True)
        meeting = Meeting.objects.get()
        meeting.summary = "Somebody else’s."
        meeting.save()
        again = take("meetings", changed, plan=dry.digest)
        assert (again.stored, again.digest == dry.digest) == (False, False)
        meeting.refresh_from_db()
        assert (meeting.format, meeting.version) == ("", 2)
        assert take("meetings", changed, plan=again.digest).stored

    def test_something_similar_is_neither_doubled_nor_overwritten(self, known):
        take("meetings", MEETINGS)
        number = Meeting.objects.get().pk
        described = f"Talks in Baku #{number} (talks, 2023-02-27)"
        message = f"The archive has something similar: {described}. Write its number in the column record, or “new” for a new one."
        for table in (
            MEETINGS.replace("Talks in Baku", "Lavrov meets Aliyev"),  # same day, kind, place and people
            MEETINGS.replace("2023-02-27", "2023-02"),  # same title on days that overlap
        ):
            assert problems(take("meetings", table)) == [(2, message)]
            new = (
                table.replace("title,", "record,title,")
                .replace("\nTalks", "\nnew,Talks")
                .replace("\nLav", "\nnew,Lav")
            )
            assert counts(take("meetings", new, dry_run=True)) == ({"created": 1}, False)
        named = MEETINGS.replace("title,", "record,title,").replace(
            "\nTalks in Baku", f"\n#{number},Lavrov meets Aliyev"
        )
        assert take("meetings", named).rows["changed"][0].differences == (
            Difference("title", "Talks in Baku", "Lavrov meets Aliyev"),
        )

    def test_one_meeting_under_two_titles_of_one_table(self, known):
        same = "talks,2023-02-27,Baku,Sergey Lavrov; Ilham Aliyev"
        table = (
            f"record,key,title,kind,held_on,place,participants\n,,Talks in Baku,{same}\n"
            ",,Лавров в Баку,talks,2023-02-27,Баку,Ильхам Алиев (host); Sergey Lavrov\n"
            f"new,,Second talks,{same}\n,b,Third talks,{same.replace('; Ilham Aliyev', '')}\n"
        )
        said = "This row seems to mean the same as line 2. Keep one of them, or write “new” in the column record."
        assert problems(take("meetings", table)) == [(3, said)]

    def test_a_row_like_one_far_above_names_its_line(self, known, monkeypatch):
        monkeypatch.setitem(importers.TABLES["participants"].__dict__, "batch", 1)
        report = take("participants", "name\nMher Grigoryan\nMher Grigoryants\n")
        assert problems(report) == [
            (
                3,
                "This row seems to mean the same as line 2. Keep one of them, or write “new” in the column record.",
            )
        ]

    def test_other_days_kinds_and_keys_are_other_meetings(self, known):
        take("meetings", MEETINGS)
        for old, new in (("2023-02-27", "2023-03-01"), ("talks,", "call,")):
            assert counts(take("meetings", MEETINGS.replace(old, new), dry_run=True)) == (
                {"created": 1},
                False,
            )
        keyed = "key,title,kind,held_on\na,Session,talks,2023-01-01\nb,Session,talks,2023-01-01\n"
        assert counts(take("meetings", keyed)) == ({"created": 2}, True)
        assert counts(take("meetings", keyed)) == ({"unchanged": 2}, True)

    def test_a_row_twice(self, known):
        line = MEETINGS.splitlines()[1]
        message = "This row means the same as line 2. Keep one of them."
        assert problems(take("meetings", f"{MEETINGS}{line}\n")) == [(3, message)]
        take("meetings", MEETINGS)
        assert problems(take("meetings", f"{MEETINGS}{line}\n")) == [(3, message)]
        assert Meeting.objects.count() == 1

    def test_rows_that_refer_to_each_other_in_any_order(self):
        table = "key,title,kind,parent\ntalks,Talks,talks,visit\nwalk,Walk,talks,Talks\nvisit,Visit,visit,\n"
        assert counts(take("meetings", table)) == ({"created": 3}, True)
        parents = {meeting.title: str(meeting.parent) for meeting in Meeting.objects.all()}
        assert parents == {"Talks": "Visit", "Walk": "Talks", "Visit": "None"}


class TestUnknownNames:
    TABLE = "title,kind,participants,place\nTalks,talks,European Union [organisation] (mediator); Jeyhun Bayramov,Lachin corridor [region]\n"

    def test_a_kind_in_brackets(self):
        report = take("meetings", self.TABLE, create_unknown=True)
        assert counts(report) == ({"created": 1}, True)
        assert [(one.name, one.kind) for one in report.unknown.values()] == [
            ("Lachin corridor", "Region"),
            ("European Union", "Organisation"),
            ("Jeyhun Bayramov", "Person"),
        ]
        assert list(Participant.objects.order_by("pk").values_list("name", "kind")) == [
            ("European Union", "organisation"),
            ("Jeyhun Bayramov", "person"),
        ]
        assert (Place.objects.get().name, Place.objects.get().kind) == ("Lachin corridor", "region")
        assert Attendance.objects.get(participant__kind="organisation").role == "mediator"
        assert counts(take("meetings", self.TABLE, create_unknown=True)) == ({"unchanged": 1}, True)

    def test_a_kind_tells_those_of_one_name_apart(self):
        person = factories.ParticipantFactory(name="Georgia", kind="person")
        state = factories.ParticipantFactory(name="Georgia", kind="state")
        take("meetings", "title,kind,participants\nA,talks,Georgia [State]\nB,talks,Georgia [person]\n")
        assert [meeting.attendances.get().participant for meeting in Meeting.objects.order_by("title")] == [
            state,
            person,
        ]

    def test_brackets_without_a_kind_belong_to_the_name(self):
        take("meetings", "title,kind,participants\nA,talks,Group [of Friends]\n", create_unknown=True)
        assert Participant.objects.get().name == "Group [of Friends]"

    @pytest.mark.parametrize("batch", [1, 500])
    def test_two_kinds_of_one_name(self, batch, monkeypatch):
        monkeypatch.setitem(importers.TABLES["meetings"].__dict__, "batch", batch)
        table = (
            "title,kind,participants\nA,talks,Georgia\nB,talks,Georgia [state]\nC,talks,Georgia [person]\n"
        )
        report = take("meetings", table, create_unknown=True)
        assert (counts(report)[1], "Write one kind everywhere." in problems(report)[-1][1]) == (False, True)

    def test_what_resembles_a_known_name_is_not_made_unasked(self, known):
        lavrov = known[0].pk
        table = "title,kind,participants\nA,talks,Сергеем Лавровым\n"
        assert problems(take("meetings", table, create_unknown=True)) == [
            (
                2,
                "participants: there is no participant “Сергеем Лавровым”. "
                f"Similar: Sergey Lavrov #{lavrov} (person, Russia). Write its number if you mean it. "
                "If it is none of the similar ones, write its kind behind it: Сергеем Лавровым [person].",
            )
        ]
        table = table.replace("вым\n", "вым [person]\n")
        assert counts(take("meetings", table, create_unknown=True)) == ({"created": 1}, True)

    def test_how_to_part_names_and_which_roles_there_are(self, known):
        table = 'title,kind,participants\nA,talks,"Sergey Lavrov, Ilham Aliyev"\nB,talks,Ilham Aliyev (minister)\n'
        said = [text for _line, text in problems(take("meetings", table))]
        assert said[0].endswith("Write its number if you mean it. Several are parted by semicolons.")
        assert said[1].endswith(
            "In round brackets stands a role: host, guest, mediator, signatory, observer."
        )

    @pytest.mark.parametrize("name", ["Лавров", "S. Lavrov", "Sergey V. Lavrov"])
    def test_initials_and_surnames_are_asked_for(self, known, name):
        table = f"title,kind,participants\nA,talks,{name}; Armen Grigoryan; Mher Grigoryan\n"
        (said,) = problems(take("meetings", table, create_unknown=True))
        assert f"write its kind behind it: {name} [person]." in said[1]

    def test_what_is_too_long_for_a_name_is_not_looked_up(self, known):
        long = " ".join(f"слово{n}" for n in range(100_000))
        table = f'title,kind,place,participants\nA,talks,"{long}","{long}"\n'
        assert [text.partition(";")[0] for _line, text in problems(take("meetings", table))] == [
            "place: A name here has at most 350 characters",
            "participants: A name here has at most 350 characters",
        ]
        many = ";".join(f"Name {n}" for n in range(1_001))
        report = take("meetings", f"title,kind,participants\nA,talks,{many}\n")
        assert problems(report) == [(2, "participants: The cell names more than 1,000.")]
        assert problems(take("participants", f'name\n"{long}"\n')) == [
            (2, f"name: Ensure this value has at most 250 characters (it has {len(long)}).")
        ]


class TestRules:
    def test_blank_rows_remarks_and_numbers(self):
        topic = factories.TopicFactory(label="Peace", status="draft")
        table = f"record,label,description\n# a remark,,\n \u00a0, ,\n# {topic.pk},,New.\n"
        assert counts(take("topics", table)) == ({"changed": 1}, True)

    def test_a_row_of_other_length(self):
        assert problems(take("topics", "label,description\nPeace\n")) == [
            (
                2,
                "The row has 1 cells, but the table has 2 columns. "
                "Is a delimiter missing, or does a cell that holds one lack its quotation marks?",
            )
        ]

    def test_a_role_is_corrected_with_the_right_to_change_it(self, known):
        user = staff()
        user.user_permissions.set(
            Permission.objects.filter(
                codename__in=["add_meeting", "change_meeting", "add_attendance", "add_coverage"]
            )
        )
        assert counts(take("meetings", MEETINGS, user=user)) == ({"created": 1}, True)
        report = take("meetings", MEETINGS.replace("(guest)", "(mediator)"), user=user)
        assert problems(report) == [(2, "You may not change attendances.")]

    def test_a_plan_holds_for_the_same_rows_only(self, known):
        plan = take("meetings", MEETINGS, dry_run=True).digest
        for old, new in (
            ("Peace", ""),
            ("(guest)", ""),
            ("2023-02-27", "2023-02-28"),
            ("Sergey Lavrov", "Ильхам Алиев"),
        ):
            assert not take("meetings", MEETINGS.replace(old, new), plan=plan).stored
        other = factories.ParticipantFactory(name="Another")
        Name.objects.filter(participant=known[0]).update(participant=other, kind="alias", preferred=False)
        assert not take("meetings", MEETINGS, plan=plan).stored  # the name means somebody else now

    def test_a_refused_row_refuses_all_and_says_how_to_mend_it(self):
        table = "title,kind,held_on,format\nOne,talks,2023,\nTwo,meeting,30.11.2025,\n,talks,,by horse\n"
        report = take("meetings", table)
        assert (counts(report), Meeting.objects.count()) == (({"created": 1, "refused": 2}, False), 0)
        kinds = "visit, talks, summit, call, signing, conference, mediation, statement, decision, exchange, ceremony"
        assert report.rows["refused"][0].problems[0] == Problem(
            "Value 'meeting' is not a valid choice.", "kind", "meeting", f"Write one of: {kinds}."
        )
        assert [(line, said.partition(".")[0]) for line, said in problems(report)] == [
            (3, "kind: Value 'meeting' is not a valid choice"),
            (3, 'held_on: "30'),
            (4, "title: This field cannot be blank"),
            (4, "format: Value 'by horse' is not a valid choice"),
        ]

    def test_rows_that_only_the_database_refuses_are_named(self):
        factories.OutletFactory(name="Known", host="a.example")
        table = "name,host\nOne,b.example\nTwo,c.example\nThree,b.example\n"
        report = take("outlets", table)
        assert problems(report) == [(4, "This row means the same as line 2. Keep one of them.")]

    def test_rights(self, known):
        report = take("meetings", MEETINGS, user=staff())
        assert problems(report) == [(2, "You may not add meetings.")]
        published = Meeting.objects.create(title="Public", kind="talks", status=Status.PUBLISHED)
        table = f"record,summary\n#{published.pk},New words.\n"
        message = "Readers see “Public”. Changing it needs the right to publish."
        for user in (None, staff("Editor")):
            assert problems(take("meetings", table, user=user)) == [(2, message)]
        rows = f"meeting,participant\n#{published.pk},Sergey Lavrov\n"
        assert problems(take("attendances", rows, user=staff("Editor"))) == [(2, message)]
        assert counts(take("meetings", table, user=staff("Reviewer"))) == ({"changed": 1}, True)
        assert counts(take("attendances", rows, user=staff("Reviewer"))) == ({"created": 1}, True)
        published.refresh_from_db()
        assert (published.summary, published.status, published.version) == ("New words.", "published", 3)

    def test_unknown_names_need_the_right_to_add_them(self):
        from django.contrib.auth.models import Permission

        user = staff()
        user.user_permissions.set(Permission.objects.filter(codename__in=["add_meeting", "add_attendance"]))
        table = "title,kind,participants\nTalks,talks,Jeyhun Bayramov\n"
        assert problems(take("meetings", table, user=user, create_unknown=True)) == [
            (2, "participants: there is no participant “Jeyhun Bayramov”. You may not add participants.")
        ]

    def test_numbers_of_no_record_and_of_a_merged_one(self):
        merged = factories.MeetingFactory(
            title="Old", status="withdrawn", merged_into=factories.MeetingFactory()
        )
        table = f"record,summary\n#999999999999,A\n#{merged.pk},B\n"
        assert problems(take("meetings", table)) == [
            (2, "record: There is no record #999999999999."),
            (3, f"record: #{merged.pk} was merged into #{merged.merged_into_id}."),
        ]

    def test_headers(self):
        message = problems(take("meetings", "Titel,title,TITLE,\nA,B,C,D\n"))
        assert message[:4] == [
            (1, "There is no column “Titel”. Did you mean “title”?"),
            (1, "The column title stands twice."),
            (1, "the column kind is missing."),
            (1, "Its columns are: " + ", ".join(importers.TABLES["meetings"].by_header) + "."),
        ]
        assert counts(take("meetings", "Held on;KIND;Title\n2023;Talks;A\n")) == ({"created": 1}, True)

    @pytest.mark.parametrize("text", ["title,kind\n", "title,kind\n\n,\n"])
    def test_no_rows(self, text):
        assert problems(take("meetings", text)) == [(1, "The table has no rows below its headers.")]

    def test_too_many_rows(self):
        table = "label\n" + "".join(f"Topic {n}\n" for n in range(11))
        report = take("topics", table, most_rows=10)
        assert problems(report) == [
            (12, "The table has more than 10 rows. Part it, or use the command import_records.")
        ]
        assert Topic.objects.count() == 0

    def test_a_few_queries_for_many_rows(self, known, django_assert_max_num_queries):
        table = "title,kind,held_on,place,topics,participants,sources\n" + "".join(
            f"Talks {n},talks,{1700 + n},Баку,Peace,Sergey Lavrov (guest); Ильхам Алиев (host),https://example.org/a\n"
            for n in range(300)
        )
        with django_assert_max_num_queries(45):
            assert counts(take("meetings", table)) == ({"created": 300}, True)
        with django_assert_max_num_queries(45):
            assert counts(take("meetings", table)) == ({"unchanged": 300}, True)


class TestOtherTables:
    def test_participants(self):
        table = "name,kind,country,identifiers,names\nSergey Lavrov,person,ru,https://www.wikidata.org/wiki/Q58217,ru: Сергей Лавров; hy: Սերգեյ Լավրով\n"
        assert counts(take("participants", table)) == ({"created": 1}, True)
        person = Participant.objects.get()
        assert (person.sort_name, person.country, person.identifiers) == (
            "Sergey Lavrov", "RU", ["https://www.wikidata.org/wiki/Q58217"],
        )  # fmt: skip
        assert set(person.names.values_list("language", "text")) == {
            ("en", "Sergey Lavrov"), ("ru", "Сергей Лавров"), ("hy", "Սերգեյ Լավրով"),
        }  # fmt: skip
        again = table.replace("Sergey Lavrov,", "Сергей Лавров,").replace("hy:", "ka: სერგეი ლავროვი; hy:")
        assert take("participants", again).rows["changed"][0].differences == (
            Difference("names", "", "ka: სერგეი ლავროვი"),
        )

    def test_a_name_that_finds_a_participant_does_not_rename_it(self, known):
        number = known[1].pk
        assert counts(take("participants", "name,country\nИльхам Алиев,AZ\n")) == ({"unchanged": 1}, True)
        named = f"record,name\n#{number},Ilham Heydar oghlu Aliyev\n"
        assert take("participants", named, user=staff("Reviewer")).rows["changed"][0].differences == (
            Difference("name", "Ilham Aliyev", "Ilham Heydar oghlu Aliyev"),
        )
        other = "name,names\nPresident of Azerbaijan,ru: Ильхам Алиев\n"
        assert [said[:59] for _line, said in problems(take("participants", other))] == [
            "The archive has something similar: Ilham Heydar oghlu Aliye"
        ]

    def test_two_countries_are_two_people_of_one_name(self):
        table = "name,country\nGiorgi Beridze,GE\nGiorgi Beridze,FR\n"
        assert counts(take("participants", table)) == ({"created": 2}, True)
        assert counts(take("participants", table)) == ({"unchanged": 2}, True)
        twice = "name,country\nAnna Petrosyan,AM\nԱննա Պետրոսյան,\n"
        assert problems(take("participants", twice)) == [
            (3, "This row means the same as line 2. Keep one of them.")
        ]

    def test_kind_and_country_tell_participants_apart(self):
        armenian = factories.ParticipantFactory(name="Armen Sarkissian", country="AM")
        table = "name,country\nArmen Sarkisian,FR\n"
        assert counts(take("participants", table, dry_run=True)) == ({"created": 1}, False)
        close = table.replace("FR", "AM").replace("Sarkisian", "Sarkisyants")
        assert problems(take("participants", close)) == [
            (
                2,
                f"The archive has something similar: Armen Sarkissian #{armenian.pk} (person, Armenia)."
                " Write its number in the column record, or “new” for a new one.",
            )
        ]
        assert counts(
            take("participants", close.replace("name,", "record,name,").replace("\nA", "\nnew,A"))
        ) == (
            {"created": 1},
            True,
        )

    def test_places_and_names(self):
        armenia = factories.PlaceFactory(name="Armenia", kind="country")
        table = 'name,parent,latitude,longitude,contested\nGyumri,Armenia,"40,7894",43.8475,no\nOld Town,Gyumri,,,yes\n'
        assert counts(take("places", table)) == ({"created": 2}, True)
        gyumri = Place.objects.get(name="Gyumri")
        assert (gyumri.parent, str(gyumri.latitude), Place.objects.get(name="Old Town").parent) == (
            armenia,
            "40.7894",
            gyumri,
        )
        names = "place,participant,text,language,kind,preferred\nGyumri,,Գյումրի,hy,official,true\nGyumri,,Leninakan,en,former,false\n"
        assert counts(take("names", names)) == ({"created": 2}, True)
        assert counts(take("names", names)) == ({"unchanged": 2}, True)
        assert take("names", names.replace("former", "alias")).rows["changed"][0].differences == (
            Difference("kind", "former", "alias"),
        )
        gyumri.refresh_from_db()
        assert gyumri.version == 3  # whoever has it open notices both
        assert problems(take("names", "place,participant,text\n,,X\n")) == [
            (2, "a name belongs to a participant or to a place, to exactly one of them.")
        ]
        assert Name.objects.filter(place=gyumri).count() == 3

    def test_tenures_become_known_better(self, known):
        table = "participant,title,period\nSergey Lavrov,Minister of Foreign Affairs,2004-03-09/..\n"
        user = staff("Reviewer")
        assert counts(take("tenures", table, user=user)) == ({"created": 1}, True)
        ended = table.replace("..", "2030-01-01")
        assert take("tenures", ended, user=user).rows["changed"][0].differences == (
            Difference("period", "2004-03-09/..", "2004-03-09/2030-01-01"),
        )
        earlier = table.replace("2004-03-09/..", "1990/1991")
        assert counts(take("tenures", earlier, user=user)) == ({"created": 1}, True)
        assert Tenure.objects.count() == 2

    def test_articles(self):
        outlet = factories.OutletFactory(host="civil.ge")
        table = "url,title,authors,rights\nhttps://civil.ge/archives/1,Talks,Anna Petrosyan; Giorgi Beridze,Metadata only\n"
        assert counts(take("articles", table)) == ({"created": 1}, True)
        article = Article.objects.get()
        assert (article.outlet, article.authors, article.rights) == (
            outlet,
            ["Anna Petrosyan", "Giorgi Beridze"],
            "metadata",
        )
        same = "url,language,text\nhttp://www.civil.ge/archives/1/?fbclid=x,EN,Words.\n"
        assert [one.column for one in take("articles", same).rows["changed"][0].differences] == [
            "language",
            "text",
        ]
        assert counts(take("articles", "text,title\nWords.,Other\n", dry_run=True)) == ({"changed": 1}, False)

    def test_an_article_without_address_and_text(self):
        table = "title,published_on,language\nRadio news,1994-05-12,hy\nRadio news,1994-05-13,hy\n"
        assert counts(take("articles", table)) == ({"created": 2}, True)
        assert counts(take("articles", table)) == ({"unchanged": 2}, True)
        assert set(Article.objects.values_list("rights", flat=True)) == {"metadata"}

    def test_a_text_that_loses_recorded_words_is_refused(self):
        article = factories.ArticleFactory(text="He said “yes” there.", status="draft")
        factories.QuotationFactory(article=article, exact="“yes”", status="draft")
        report = take("articles", f"record,text\n#{article.pk},He said nothing.\n")
        assert [said[:70] for _line, said in problems(report)] == [
            "text: The new text does not hold these recorded words any more: ““yes”"
        ]

    def test_quotations_are_anchored_and_known_by_their_place(self, known):
        article = factories.ArticleFactory(
            url="https://example.org/q", language="en", text="“No”, he said. “Yes, we do”, she said. “No”."
        )
        table = 'article,words,occurrence,speaker,said_on\nhttps://example.org/q,"Yes,  we do",,Сергей Лавров,2023\nhttps://example.org/q,"""No""",2,,\n'
        factories.NameFactory(participant=known[0], text="Сергей Лавров", language="ru")
        assert counts(take("quotations", table)) == ({"created": 2}, True)
        yes, no = Quotation.objects.order_by("start")
        assert (yes.exact, yes.speaker, yes.language, yes.status, article.text[yes.start : yes.end]) == (
            "“Yes, we do”", known[0], "en", "draft", "“Yes, we do”",
        )  # fmt: skip
        assert (no.exact, article.text[no.end :]) == ("“No”", ".")
        article.refresh_from_db()
        assert article.version == 2  # whoever has it open notices
        assert counts(take("quotations", table)) == ({"unchanged": 2}, True)
        assert take("quotations", table.replace("2023", "2024")).rows["changed"][0].differences == (
            Difference("said_on", "2023", "2024"),
        )
        report = take(
            "quotations", "article,words\nhttps://example.org/q,Perhaps\nhttps://example.org/q,No\n"
        )
        assert [(line, said[:45]) for line, said in problems(report)] == [
            (2, "words: These words do not stand in the text."),
            (3, problems(report)[1][1][:45]),
        ]

    def test_agreements(self, known):
        table = "title,kind,signed_on,parties,url\nDeclaration,declaration,2022-02-22,Sergey Lavrov; Ильхам Алиев,https://example.org/d\n"
        assert counts(take("agreements", table)) == ({"created": 1}, True)
        assert set(Agreement.objects.get().parties.all()) == set(known[:2])
        assert counts(take("agreements", table)) == ({"unchanged": 1}, True)

    def test_outlets_attendances_and_coverages(self, known):
        assert counts(take("outlets", "name,host\nCivil Georgia,www.civil.ge\n")) == ({"created": 1}, True)
        assert Outlet.objects.get().host == "civil.ge"
        assert counts(take("outlets", "name,host\nCivil Georgia,civil.ge\n")) == ({"unchanged": 1}, True)
        meeting = factories.MeetingFactory(title="Talks", status="draft")
        table = "meeting,participant,role,claimed_by\nTalks,Sergey Lavrov,host,Ilham Aliyev\n"
        assert counts(take("attendances", table, user=staff("Reviewer"))) == ({"created": 1}, True)
        assert counts(take("attendances", table)) == ({"unchanged": 1}, True)
        article = factories.ArticleFactory(url="https://example.org/x", text="They met.", status="draft")
        table = "article,meeting,exact\nhttps://example.org/x,Talks,they met\n"
        refused = take("coverages", table)
        assert counts(refused)[0] == {"refused": 1} or Coverage.objects.get(article=article).exact
        assert counts(take("coverages", table.replace("they", "They"), update=True))[1] is True
        assert (meeting.coverages.get().exact, meeting.coverages.get().start) == ("They met", 0)


class TestReport:
    def test_as_csv_and_json(self, known):
        written = io.StringIO()
        table = "title,kind\n=cmd|' /C calc'!A0,talks\n@x,nonsense\n"
        report = take("meetings", table, sink=importers.ReportWriter(written), dry_run=True)
        rows = written.getvalue().splitlines()
        assert rows[0] == "line,outcome,record,title,column,old or refused value,new value,reason"
        assert rows[1] == "2,created,,'=cmd|' /C calc'!A0,,,,"
        assert rows[2].startswith(
            "3,refused,,'@x,kind,nonsense,,\"Value 'nonsense' is not a valid choice. Write"
        )
        assert json.loads(report.rows["created"][0].as_json()) == {
            "line": 2, "verdict": "created", "title": "=cmd|' /C calc'!A0", "record": None, "version": None,
            "differences": [], "problems": [], "meant": "",
        }  # fmt: skip
        assert report.summary() == {
            "noun": "meetings",
            "stored": False,
            "counts": {"created": 1, "changed": 0, "unchanged": 0, "refused": 1},
            "unknown": [],
            "notes": [],
            "plan": report.digest,
        }


NASTY = [
    "", "-", "x", "#1", "#999999999999999999", "new", "a\x00b", "\ud800", "﷽" * 300, "=1+1", "2023-02-30", "true", ";", ";;a;;", "(host)",
    "x (host); x (guest)", "ru: ", "zz: x", ":", "https://", "javascript:alert(1)", "http://[::1", "https://example.org/a", "1e400", "NaN", "٣", "99999",
    "'; drop table events_meeting; --", "%s %(x)s {} {0}", "\r\n\t", "é" * 3000, "Ильхам Алиев", "\u202e\u200b", "[2023,2024]", "0000", "9999/..",
]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ('x;=HYPERLINK("y")', 'x;\'=HYPERLINK("y")'),
        ("x\n@SUM(1)", "x\n'@SUM(1)"),
        ("a-b; c", "a-b; c"),
        (7, 7),
    ],
)
def test_no_cell_of_a_report_is_a_formula(cell, written):
    """Also where a spreadsheet parts the cells of the report by semicolons."""
    assert report.harmless(cell) == written


class TestBadInput:
    @pytest.mark.parametrize("noun", list(importers.TABLES))
    def test_of_any_kind_is_a_report(self, noun, known):
        """Whatever stands in the cells: a report, and nothing stored where a row is refused."""
        table = importers.TABLES[noun]
        chance = random.Random(noun)
        factories.ArticleFactory(text="x and “x” again", url="https://example.org/x")
        for _ in range(25):
            rows = [
                [chance.choice(NASTY) for _column in table.columns] for _row in range(chance.randrange(1, 6))
            ]
            sheet = importers.Sheet(
                list(table.by_header), ((line, list(row)) for line, row in enumerate(rows, 2))
            )
            before = table.model.objects.count()
            report = importers.import_table(sheet, noun, Options(create_unknown=chance.random() < 0.5))
            assert report.stored == (not report.counts["refused"])
            assert report.stored or table.model.objects.count() == before
            json.dumps(report.summary()).encode()
            for outcome in report.rows["refused"]:
                outcome.as_json().encode()

    @pytest.mark.parametrize("header", ["a\x00b", "\ud800", "x" * 100_000, "<script>"])
    def test_of_headers(self, header):
        report = importers.import_table(importers.Sheet([header, "label"], iter(())), "topics", Options())
        json.dumps(report.rows["refused"][0].as_json()).encode()
        assert problems(report)[0][1].startswith("There is no column “")


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_one_draft_of_a_name():
    def run(kind: str) -> None:
        try:
            take("meetings", f"title,kind,participants\nOne,{kind},Jeyhun Bayramov\n", create_unknown=True)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[kind]) for kind in ("talks", "call", "visit", "summit")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Meeting.objects.count(), Participant.objects.count()) == (4, 1)
