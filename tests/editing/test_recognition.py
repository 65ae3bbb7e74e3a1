"""Whom and what invented press texts name, of those whom the archive knows, and of those whom it does not."""

import pytest

from events.editing.suggestions import Candidate, Suggestions, suggest
from events.models import Participant, Status
from tests import factories

pytestmark = pytest.mark.django_db


def person(name: str, *others: str, country: str = "", **fields) -> Participant:
    made = factories.ParticipantFactory(name=name, kind=Participant.Kind.PERSON, country=country, **fields)
    for other in others:
        factories.NameFactory(participant=made, text=other, language="und")
    return made


def people(found: Suggestions) -> list[tuple]:
    """Each participant: the words first printed, the name, the number, how often."""
    return [(one.text, one.name, one.id, len(one.mentions)) for one in found.participants]


def speakers(found: Suggestions) -> list[tuple]:
    return [(one.speaker, one.speaker_id) for one in found.quotations]


class TestNames:
    @pytest.mark.parametrize(
        ("language", "names", "text", "printed"),
        [
            ("ru", ("Sergey Lavrov", "Сергей Лавров"), "Позиция Сергея Лаврова известна.", "Сергея Лаврова"),
            ("ru", ("Sergey Lavrov",), "Министр встретил Сергея Лаврова.", "Сергея Лаврова"),
            ("az", ("Ilham Aliyev", "İlham Əliyev"), "Bu, İlham Əliyevin mövqeyidir.", "İlham Əliyevin"),
            ("ka", ("Irakli Kobakhidze",), "ირაკლი კობახიძემ ეს განაცხადა.", "ირაკლი კობახიძემ"),
            ("hy", ("Nikol Pashinyan",), "Սա Նիկոլ Փաշինյանի դիրքորոշումն է։", "Նիկոլ Փաշինյանի"),
            ("tr", ("Hakan Fidan",), "Bu, Hakan Fidan'ın görüşüdür.", "Hakan Fidan'ın"),
            ("de", ("Sergey Lavrov",), "Die Haltung von Sergej Lawrow ist bekannt.", "Sergej Lawrow"),
            ("fr", ("Vladimir Putin",), "La position de Vladimir Poutine est connue.", "Vladimir Poutine"),
            ("en", ("Ilham Aliyev",), "Ilham Aliyev’s position is known.", "Ilham Aliyev"),
        ],
    )
    def test_in_any_script_and_case(self, language, names, text, printed):
        known = person(*names)
        found = suggest(text, language)
        assert [(one.name, one.id, one.text[: len(printed)]) for one in found.participants] == [
            (known.name, known.pk, printed)
        ]

    def test_a_surname_alone_is_the_one_whom_the_text_has_named(self):
        known, other = person("Levan Beridze"), person("Nino Beridze")
        text = "Levan Beridze arrived. “We want a lasting peace,” Beridze said."
        found = suggest(text, "en")
        assert people(found) == [("Levan Beridze", "Levan Beridze", known.pk, 2)]
        assert speakers(found) == [("Levan Beridze", known.pk)]
        assert other.pk not in [one.id for one in found.participants]

    def test_a_surname_alone_is_the_only_one_of_it(self):
        known = person("Levan Beridze")
        found = suggest("“We want a lasting peace,” Beridze said.", "en")
        assert people(found) == [("Beridze", "Levan Beridze", known.pk, 1)]

    def test_a_surname_of_two_is_nobodys_and_both_are_offered(self):
        one, other = person("Levan Beridze", country="GE"), person("Nino Beridze")
        found = suggest("“We want a lasting peace,” Beridze said.", "en")
        assert [(named.name, named.id, named.candidates) for named in found.participants] == [
            (
                "Beridze",
                None,
                (
                    Candidate(one.pk, "Levan Beridze", "GE", "published"),
                    Candidate(other.pk, "Nino Beridze", "", "published"),
                ),
            )
        ]
        assert speakers(found) == [("Beridze", None)]

    def test_two_people_of_one_surname_are_kept_apart(self):
        one, other = person("Levan Beridze"), person("Nino Beridze")
        text = "Levan Beridze met Nino Beridze. “We want a lasting peace,” Nino Beridze said."
        found = suggest(text, "en")
        assert people(found) == [
            ("Levan Beridze", "Levan Beridze", one.pk, 1),
            ("Nino Beridze", "Nino Beridze", other.pk, 2),
        ]
        assert speakers(found) == [("Nino Beridze", other.pk)]

    def test_somebody_else_of_a_known_surname_is_new(self):
        person("Levan Beridze")
        found = suggest("“We want a lasting peace,” Tamar Beridze said. “It is late,” Beridze said.", "en")
        assert people(found) == [("Tamar Beridze", "Tamar Beridze", None, 2)]

    def test_an_unknown_person_is_new_and_those_of_a_close_name_are_offered(self):
        known = person("Levan Beridzeshvili", country="GE")
        found = suggest("“We want a lasting peace,” Levan Beridze said.", "en")
        assert [(one.name, one.id, one.candidates) for one in found.participants] == [
            ("Levan Beridze", None, (Candidate(known.pk, "Levan Beridzeshvili", "GE", "published"),))
        ]

    def test_another_spelling_is_offered_as_a_name(self):
        known = person("Sergey Lavrov")
        found = suggest("« Nous voulons une paix durable », a déclaré Sergueï Lavrov.", "fr")
        assert [(one.id, one.names) for one in found.participants] == [(known.pk, ("Sergueï Lavrov",))]

    @pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW])
    def test_drafts_are_found(self, status):
        known = person("Levan Beridze", status=status)
        other = person("Nino Lomidze", status=status)
        factories.ParticipantFactory(name="Dato Lomidze", kind="person", status=status)
        found = suggest("Levan Beridze spoke. “We want a lasting peace,” Lomidze said.", "en")
        assert found.participants[0].id == known.pk
        assert Candidate(other.pk, "Nino Lomidze", "", status) in found.participants[1].candidates

    def test_withdrawn_and_merged_records_are_never_offered(self):
        person("Levan Beridze", status=Status.WITHDRAWN, withdrawal_reason="A slip.")
        kept = person("Nino Lomidze")
        person("Nino Lomidze", merged_into=kept, status=Status.WITHDRAWN)
        factories.PlaceFactory(name="Lagich", status=Status.WITHDRAWN, withdrawal_reason="A slip.")
        found = suggest("Levan Beridze met Nino Lomidze in Lagich.", "en")
        assert people(found) == [
            ("Levan Beridze", "Levan Beridze", None, 1),
            ("Nino Lomidze", "Nino Lomidze", kept.pk, 1),
        ]
        assert [(one.name, one.id) for one in found.places] == [("Lagich", None)]

    def test_the_author_is_no_participant(self):
        found = suggest("By Levan Beridze\nNino Lomidze met the press.", "en")
        assert [one.name for one in found.participants] == ["Nino Lomidze"]

    def test_names_within_titles_are_no_participants(self):
        found = suggest("He read the novel “Ali Khan and Nino Kipiani” in Baku.", "en")
        assert people(found) == []


class TestOffices:
    TEXT = "Le ministre géorgien des Affaires étrangères a déclaré : « Nous voulons une paix durable pour tous. »"

    def minister(self, name: str, period: str, **fields) -> Participant:
        georgia, _made = Participant.objects.get_or_create(
            name="Georgia", kind=Participant.Kind.STATE, country="GE", status=Status.PUBLISHED
        )
        held = person(name, **fields)
        factories.TenureFactory(
            person=held, title="Minister of Foreign Affairs", on_behalf_of=georgia, period=period
        )
        return held

    @pytest.mark.parametrize(("day", "number"), [("2023-02-28", 0), ("2024-09-01", 1)])
    def test_whoever_held_it_on_the_day(self, day, number):
        held = [
            self.minister("Levan Beridze", "2022-01-01/2024-03-31"),
            self.minister("Nino Lomidze", "2024-04-01/2025-12-31"),
        ]
        found = suggest(self.TEXT, "fr", day)
        assert speakers(found) == [(held[number].name, held[number].pk)]
        quotation = found.quotations[0]
        mention = self.TEXT[quotation.speaker_start : quotation.speaker_end]
        assert mention == "Le ministre géorgien des Affaires étrangères"

    @pytest.mark.parametrize("day", ["", "2019-01-01", "nonsense"])
    def test_nobody_on_another_day_or_without_one(self, day):
        self.minister("Levan Beridze", "2022-01-01/2024-03-31")
        mention = "Le ministre géorgien des Affaires étrangères"
        assert speakers(suggest(self.TEXT, "fr", day)) == [(mention, None)]

    def test_nobody_where_two_held_it(self):
        self.minister("Levan Beridze", "2022-01-01/2023-02-28")
        self.minister("Nino Lomidze", "2023-02-28/2025-12-31")
        assert speakers(suggest(self.TEXT, "fr", "2023-02-28"))[0][1] is None

    def test_nobody_who_was_withdrawn_or_merged(self):
        self.minister(
            "Levan Beridze", "2022-01-01/2024-03-31", status=Status.WITHDRAWN, withdrawal_reason="A slip."
        )
        assert speakers(suggest(self.TEXT, "fr", "2023-02-28"))[0][1] is None
