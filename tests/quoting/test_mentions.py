import pytest

from events import quoting

OFFICE = "Le ministre russe des Affaires étrangères"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", f"{OFFICE}, Sergueï Lavrov, a reçu Anna Petit.", [(OFFICE, "office", OFFICE, "RU", False), ("Sergueï Lavrov", "name", "", "", False), ("Anna Petit", "name", "", "", False)]),
        ("fr", "Il a cité le Kremlin et M. Dupont.", [("Il", "pronoun", "", "", False), ("le Kremlin", "body", "le Kremlin", "RU", False), ("Dupont", "name", "M", "", False)]),
        ("en", "Azerbaijani President Ilham Aliyev spoke.", [("Ilham Aliyev", "name", "Azerbaijani President", "AZ", False)]),
        ("en", "The foreign ministry of Georgia said so.", [("The foreign ministry of Georgia", "body", "The foreign ministry of Georgia", "GE", False)]),
        ("en", "She and J. D. Vance spoke.", [("She", "pronoun", "", "", False), ("J. D. Vance", "name", "", "", False)]),
        ("en", "It is Ann Brady’s view.", [("It", "pronoun", "", "", False), ("Ann Brady", "name", "", "", True)]),
        ("ru", "Министр иностранных дел России Сергей Лавров встретил Анну Петрову.", [("Сергей Лавров", "name", "Министр иностранных дел России", "RU", False), ("Анну Петрову", "name", "", "", True)]),
        ("ru", "Он позвонил в МИД.", [("Он", "pronoun", "", "", False), ("МИД", "body", "МИД", "", True)]),
        ("de", "Der russische Außenminister Sergej Lawrow traf Anna Klein.", [("Sergej Lawrow", "name", "Der russische Außenminister", "RU", False), ("Anna Klein", "name", "", "", False)]),
        ("az", "Xarici işlər naziri Ceyhun Bayramov çıxış edib.", [("Ceyhun Bayramov", "name", "Xarici işlər naziri", "", False)]),
        ("hy", "Վարչապետ Նիկոլ Փաշինյանը խոսել է։", [("Նիկոլ Փաշինյանը", "name", "Վարչապետ", "", False)]),
        ("ka", "კობახიძემ განაცხადა.", [("კობახიძემ", "name", "", "", False)]),
        ("tr", "Dışişleri Bakanı Hakan Fidan konuştu.", [("Hakan Fidan", "name", "Dışişleri Bakanı", "", False)]),
        ("fr", "", []),
    ],
)  # fmt: skip
def test_names_offices_bodies_and_pronouns(language, text, expected):
    found = [
        (one.text, one.kind, one.office, one.country, one.oblique)
        for one in quoting.read(text, language).mentions
    ]
    assert found == expected


def test_a_mention_is_where_it_is_printed():
    text = "𝒜 Azerbaijani President Ilham Aliyev spoke."
    assert [text[one.start : one.end] for one in quoting.read(text, "en").mentions] == ["Ilham Aliyev"]


@pytest.mark.parametrize(
    ("language", "word", "bases"),
    [
        ("ru", "лаврова", "лавров"),
        ("az", "əliyevin", "əliyev"),
        ("ka", "კობახიძემ", "კობახიძე"),
        ("hy", "փաշինյանի", "փաշինյան"),
        ("tr", "fidan'ın", "fidan"),
        ("en", "brady's", "brady"),
    ],
)
def test_cases_come_off_names(language, word, bases):
    assert bases in quoting.lexicon.of(language).bases(word)


@pytest.mark.parametrize(
    ("language", "office", "role"),
    [
        ("en", "Minister of Foreign Affairs", "foreign-minister"),
        ("fr", "le ministre géorgien des Affaires étrangères", "foreign-minister"),
        ("ru", "министр иностранных дел России", "foreign-minister"),
        ("de", "der russische Außenminister", "foreign-minister"),
        ("fr", "le président russe", "president"),
        ("en", "the Georgian prime minister", "prime-minister"),
        ("en", "a witness", ""),
    ],
)
def test_offices_have_one_name_in_all_languages(language, office, role):
    assert quoting.lexicon.of(language).role(office) == role


@pytest.mark.parametrize("tag", ["", "zh", "en-GB", "EN"])
def test_a_language_without_a_lexicon_is_read_as_english(tag):
    assert quoting.lexicon.of(tag) is quoting.lexicon.of("en") or tag in ("en-GB", "EN")
    assert quoting.lexicon.of(tag).kinds("said") == quoting.lexicon.of("en").kinds("said")
