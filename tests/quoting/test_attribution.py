"""Who says what: each sentence with all that is proposed for it."""

import pytest

from events import quoting


def said(text: str, language: str) -> list[tuple]:
    """Each quotation: words, form, mention, whom it stands for, the clause, within, reporter, why."""
    return [
        (
            one.text,
            one.form,
            one.speaker and one.speaker.text,
            one.who and one.who.text,
            one.attribution,
            one.within,
            one.reporter and one.reporter.text,
            one.reason,
        )
        for one in quoting.read(text, language).quotations
    ]


def one(words, form, speaker, attribution, reason, who=None, within=None, reporter=None):
    return (words, form, speaker, who or speaker, attribution, within, reporter, reason)


BEFORE = [
    ("fr", "Levan Aslanov a déclaré : « Nous voulons une paix durable pour tous. »", "« Nous voulons une paix durable pour tous. »", "Levan Aslanov", "Levan Aslanov a déclaré"),
    ("en", "Levan Aslanov said: “We want a lasting peace for everyone.”", "“We want a lasting peace for everyone.”", "Levan Aslanov", "Levan Aslanov said"),
    ("ru", "Леван Асланов заявил: «Мы хотим прочного мира для всех».", "«Мы хотим прочного мира для всех»", "Леван Асланов", "Леван Асланов заявил"),
    ("de", "Levan Aslanow sagte: „Wir wollen einen dauerhaften Frieden für alle.“", "„Wir wollen einen dauerhaften Frieden für alle.“", "Levan Aslanow", "Levan Aslanow sagte"),
    ("az", "Levan Aslanov deyib: “Biz hamı üçün davamlı sülh istəyirik”.", "“Biz hamı üçün davamlı sülh istəyirik”", "Levan Aslanov", "Levan Aslanov deyib"),
    ("hy", "Լևան Ասլանովն ասել է. «Մենք ուզում ենք տևական խաղաղություն բոլորի համար»։", "«Մենք ուզում ենք տևական խաղաղություն բոլորի համար»", "Լևան Ասլանովն", "Լևան Ասլանովն ասել"),
    ("ka", "ლევან ასლანოვმა განაცხადა: „ჩვენ გვინდა მტკიცე მშვიდობა ყველასთვის“.", "„ჩვენ გვინდა მტკიცე მშვიდობა ყველასთვის“", "ლევან ასლანოვმა", "ლევან ასლანოვმა განაცხადა"),
]  # fmt: skip
AFTER = [
    ("fr", "« Nous voulons une paix durable », a déclaré Levan Aslanov.", "« Nous voulons une paix durable »", "Levan Aslanov", "a déclaré Levan Aslanov"),
    ("en", "“We want a lasting peace,” said Levan Aslanov.", "“We want a lasting peace,”", "Levan Aslanov", "said Levan Aslanov"),
    ("ru", "«Мы хотим прочного мира», — заявил Леван Асланов.", "«Мы хотим прочного мира»", "Леван Асланов", "заявил Леван Асланов"),
    ("de", "„Wir wollen einen dauerhaften Frieden“, sagte Levan Aslanow.", "„Wir wollen einen dauerhaften Frieden“", "Levan Aslanow", "sagte Levan Aslanow"),
    ("de", "»Wir wollen einen dauerhaften Frieden«, sagte Levan Aslanow.", "»Wir wollen einen dauerhaften Frieden«", "Levan Aslanow", "sagte Levan Aslanow"),
    ("tr", '"Herkes için kalıcı bir barış istiyoruz" diyen Levan Aslanov salı günü geldi.', '"Herkes için kalıcı bir barış istiyoruz"', "Levan Aslanov", "diyen Levan Aslanov"),
    ("az", "“Biz hamı üçün davamlı sülh istəyirik”, - deyə Levan Aslanov bildirib.", "“Biz hamı üçün davamlı sülh istəyirik”", "Levan Aslanov", "deyə Levan Aslanov"),
    ("hy", "«Մենք ուզում ենք տևական խաղաղություն»,- ասել է Լևան Ասլանովը։", "«Մենք ուզում ենք տևական խաղաղություն»", "Լևան Ասլանովը", "ասել է Լևան Ասլանովը"),
    ("ka", "„ჩვენ გვინდა მტკიცე მშვიდობა ყველასთვის“, - განაცხადა ლევან ასლანოვმა.", "„ჩვენ გვინდა მტკიცე მშვიდობა ყველასთვის“", "ლევან ასლანოვმა", "განაცხადა ლევან ასლანოვმა"),
]  # fmt: skip
SOURCES = [
    ("fr", "Selon Levan Aslanov, « la route sera ouverte au printemps ».", "« la route sera ouverte au printemps »", "Levan Aslanov", "Selon Levan Aslanov", "source"),
    ("en", "According to Levan Aslanov, “the road will open in the spring.”", "“the road will open in the spring.”", "Levan Aslanov", "According to Levan Aslanov", "source"),
    ("ru", "По словам Левана Асланова, «дорога откроется весной этого года».", "«дорога откроется весной этого года»", "Левана Асланова", "словам Левана Асланова", "words of"),
    ("de", "Laut Levan Aslanow ist das „ein Schritt zu einem dauerhaften Frieden“.", "„ein Schritt zu einem dauerhaften Frieden“", "Levan Aslanow", "Laut Levan Aslanow", "source"),
    ("tr", "Levan Aslanov'a göre \"yol bahar aylarında açılacak\".", '"yol bahar aylarında açılacak"', "Levan Aslanov", "Levan Aslanov'a göre", "source"),
    ("az", "Levan Aslanovun sözlərinə görə, “yol bu yaz açılacaq”.", "“yol bu yaz açılacaq”", "Levan Aslanovun", "Levan Aslanovun sözlərinə görə", "source"),
    ("hy", "Լևան Ասլանովի խոսքով՝ «ճանապարհը կբացվի գարնանը»։", "«ճանապարհը կբացվի գարնանը»", "Լևան Ասլանովի", "Լևան Ասլանովի խոսքով", "source"),
    ("ka", "ლევან ასლანოვის თქმით, „გზა გაზაფხულზე გაიხსნება ყველასთვის“.", "„გზა გაზაფხულზე გაიხსნება ყველასთვის“", "ლევან ასლანოვის", "ლევან ასლანოვის თქმით", "source"),
]  # fmt: skip
INSIDE = [
    ("fr", "« Nous voulons la paix, a déclaré Levan Aslanov, et nous la signerons bientôt. »", "Levan Aslanov", "a déclaré Levan Aslanov"),
    ("ru", "«Мы хотим мира, — заявил Леван Асланов, — и скоро его подпишем»", "Леван Асланов", "заявил Леван Асланов"),
]  # fmt: skip
PRONOUNS = [
    ("fr", "Levan Aslanov est arrivé mardi. « Nous voulons une paix durable », a-t-il assuré.", "« Nous voulons une paix durable »", "il", "Levan Aslanov", "a-t-il assuré", "verb first"),
    ("en", "Levan Aslanov arrived on Tuesday. “We want a lasting peace,” he said.", "“We want a lasting peace,”", "he", "Levan Aslanov", "he said", "after"),
    ("ru", "Леван Асланов приехал во вторник. «Мы хотим прочного мира», — добавил он.", "«Мы хотим прочного мира»", "он", "Леван Асланов", "добавил он", "verb first"),
    ("de", "Levan Aslanow kam am Dienstag. „Wir wollen einen dauerhaften Frieden“, sagte er.", "„Wir wollen einen dauerhaften Frieden“", "er", "Levan Aslanow", "sagte er", "verb first"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "words", "speaker", "attribution"), BEFORE)
def test_a_clause_before_the_words(language, text, words, speaker, attribution):
    assert said(text, language) == [one(words, "direct", speaker, attribution, "before")]


@pytest.mark.parametrize(("language", "text", "words", "speaker", "attribution"), AFTER)
def test_a_clause_after_the_words(language, text, words, speaker, attribution):
    assert said(text, language) == [one(words, "direct", speaker, attribution, "verb first")]


@pytest.mark.parametrize(("language", "text", "words", "speaker", "attribution", "reason"), SOURCES)
def test_somebody_given_as_the_source(language, text, words, speaker, attribution, reason):
    assert said(text, language) == [one(words, "partial", speaker, attribution, reason)]


@pytest.mark.parametrize(("language", "text", "speaker", "attribution"), INSIDE)
def test_a_clause_inside_the_words(language, text, speaker, attribution):
    assert said(text, language) == [one(text, "direct", speaker, attribution, "inside")]


@pytest.mark.parametrize(("language", "text", "words", "speaker", "who", "attribution", "reason"), PRONOUNS)
def test_a_pronoun_stands_for_whom_the_text_has_named(
    language, text, words, speaker, who, attribution, reason
):
    assert said(text, language) == [one(words, "direct", speaker, attribution, reason, who=who)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "fr",
            "« Nous voulons la paix », a déclaré Levan Aslanov, « et nous la signerons bientôt. »",
            [
                one("« Nous voulons la paix »", "direct", "Levan Aslanov", "a déclaré Levan Aslanov", "verb first"),
                one("« et nous la signerons bientôt. »", "partial", "Levan Aslanov", "déclaré Levan Aslanov", "before"),
            ],
        ),
        (
            "en",
            "“We want peace,” Levan Aslanov said, “and we shall sign it soon.”",
            [
                one("“We want peace,”", "direct", "Levan Aslanov", "Levan Aslanov said", "after"),
                one("“and we shall sign it soon.”", "partial", "Levan Aslanov", "Levan Aslanov said", "before"),
            ],
        ),
    ],
)  # fmt: skip
def test_a_clause_between_two_parts(language, text, expected):
    assert said(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "words", "attribution"),
    [
        ("fr", "Levan Aslanov s'est dit prêt à « signer un traité avant la fin de l'année ».", "« signer un traité avant la fin de l'année »", "Levan Aslanov s'est dit"),
        ("en", "Levan Aslanov said the talks were “a step towards a lasting settlement”.", "“a step towards a lasting settlement”", "Levan Aslanov said"),
    ],
)  # fmt: skip
def test_a_piece_of_a_sentence(language, text, words, attribution):
    assert said(text, language) == [one(words, "partial", "Levan Aslanov", attribution, "before")]


def test_turkish_puts_the_verb_behind_and_the_subject_before():
    text = 'Levan Aslanov, "Herkes için kalıcı bir barış istiyoruz" dedi.'
    words = '"Herkes için kalıcı bir barış istiyoruz"'
    reason = "verb after, subject before"
    assert said(text, "tr") == [one(words, "direct", "Levan Aslanov", "Levan Aslanov … dedi", reason)]


def test_words_that_follow_are_the_same_persons():
    text = "« Le plan, dit Anna Petrossian, est simple. » Elle sourit. « Il faut attendre. »"
    assert said(text, "fr") == [
        one("« Le plan, dit Anna Petrossian, est simple. »", "direct", "Anna Petrossian", "dit Anna Petrossian", "inside"),
        one("« Il faut attendre. »", "direct", "Anna Petrossian", "dit Anna Petrossian", "followed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "speaker", "reporter"),
    [
        ("Le ministre a cité les propos de Levan Aslanov : « la route sera ouverte au printemps ».", "Levan Aslanov", "Le ministre"),
        ("Nino Beridze a parlé mardi, rappelant les propos du président russe : « la route sera ouverte au printemps ».", "président russe", "Nino Beridze"),
    ],
)  # fmt: skip
def test_words_of_others_have_a_reporter(text, speaker, reporter):
    words = "« la route sera ouverte au printemps »"
    attribution = "propos de Levan Aslanov" if "de Levan" in text else "propos du président russe"
    assert said(text, "fr") == [one(words, "direct", speaker, attribution, "words of", reporter=reporter)]


def test_words_of_others_stand_within_the_words_of_whoever_reports_them():
    text = (
        "Jugeant que « la sécurité reste une question ouverte », Nino Beridze a surpris en rappelant les propos du président russe :"
        " « nous voulons que tous les pays coopèrent »."
    )
    assert said(text, "fr") == [
        one("« la sécurité reste une question ouverte »", "partial", "Nino Beridze", "Jugeant que … Nino Beridze", "before, subject after"),
        one("« nous voulons que tous les pays coopèrent »", "direct", "président russe", "propos du président russe", "words of", within=0, reporter="Nino Beridze"),
    ]  # fmt: skip


def test_words_within_words():
    text = "“The minister told me, ‘We shall sign it soon,’ and I believed him,” Levan Aslanov said."
    outer = "“The minister told me, ‘We shall sign it soon,’ and I believed him,”"
    found = [(one.text, one.speaker.text, one.within) for one in quoting.read(text, "en").quotations]
    assert found == [(outer, "Levan Aslanov", None), ("‘We shall sign it soon,’", "The minister", 0)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Il a lu le roman « Ali et Nino » avant la conférence « Le Caucase demain »."),
        ("fr", "Le « couloir » inquiète les voisins de l'Arménie."),
        ("en", "He read the novel “Ali and Nino” before the conference."),
        ("en", "The so-called “corridor” worries the neighbours."),
        ("ru", "Он прочитал роман «Али и Нино» до конференции."),
        ("ru", "Партия «Мост» и газета «Утро» спорят."),
        ("de", "Er las den Roman „Ali und Nino“ vor der Konferenz."),
        ("tr", 'Bakan "Ali ve Nino" adlı romanı okudu.'),
        ("az", "Nazir “Əli və Nino” romanını oxuyub."),
        ("hy", "Նա կարդացել է «Ալի և Նինո» վեպը։"),
        ("ka", "მან წაიკითხა რომანი „ალი და ნინო“."),
    ],
)
def test_titles_names_and_words_kept_at_a_distance_are_nobodys(language, text):
    assert said(text, language) == []


@pytest.mark.parametrize("text", ["", "\n", "Nothing is quoted here.", "“”", "« »", "\x00", "“\x00”"])
@pytest.mark.parametrize("language", ["", "fr", "en", "ru", "de", "tr", "az", "hy", "ka", "zh", "az-Cyrl"])
def test_nothing_is_found_where_nothing_is_said(text, language):
    assert said(text, language) == []
