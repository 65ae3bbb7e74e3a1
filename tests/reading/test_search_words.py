"""What the database keeps of the words of a record, and that Python counts them alike."""

import random
import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from events.models import Article, Version
from events.reading.search.letters import bare, tokens
from tests import factories

pytestmark = pytest.mark.django_db


def ask(query: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def words(text: str, language: str = "") -> list[str]:
    """The words in their order, then the marked stems by the alphabet."""
    told = ask(
        "select array_agg(lexeme order by starts_with(lexeme, '='), positions[1], lexeme) from unnest(archive_words(%s, %s))",
        text,
        language,
    )
    return told or []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Réunion privée à Érévan", "", ["reunion", "privee", "a", "erevan"]),
        ("L’accord d'Erevan, aujourd’hui", "", ["l", "accord", "d", "erevan", "aujourdhui"]),
        ("Dell'Ucraina: qu’il", "", ["dell", "ucraina", "qu", "il"]),
        ("T’bilisi, K'utaisi; O’Brien; Aliyev’s", "", ["tbilisi", "kutaisi", "obrien", "aliyev"]),
        ("в\u00a0Баку\u202fещё\u00adраз", "", ["в", "баку", "ещераз"]),
        ("Əliyev Ələt İlham ılıq", "", ["eliyev", "elet", "ilham", "iliq"]),
        ("2023-02-27, e-mail, a_b, 10² ½ №5", "", ["2023", "02", "27", "e", "mail", "a", "b", "10", "5"]),
        ("“Yes” — ‘no’ 😀 !!&|:* '' \\ ŉa", "", ["yes", "no", "a"]),
        ("negotiations negotiated", "en", ["negotiations", "negotiated", "=negoti"]),
        ("les négociations négociées", "fr-FR", ["les", "negociations", "negociees", "=le", "=negoci"]),
        ("переговоров", "ru", ["переговоров", "=переговор"]),
        ("բանակցությունների", "hy", ["բանակցությունների", "=բանակց"]),
        ("Bakü'de görüşmeler", "tr", ["baku", "gorusmeler", "=gorusme"]),
        ("nazirlərin", "az", ["nazirlerin", "=nazir", "=nazirler"]),
        ("prezidenti", "az", ["prezidenti", "=prezident"]),
        ("მინისტრმა თბილისში", "ka", ["მინისტრმა", "თბილისში", "=თბილი", "=თბილის", "=თბილისშ", "=მინისტრ", "=მინისტრმ"]),
        ("negotiations", "uk", ["negotiations"]),
        ("", "en", []),
    ],
)  # fmt: skip
def test_words(text, language, found):
    told = words(text, language)
    marked = sum(word.startswith("=") for word in told)
    assert [*told[: len(told) - marked], *sorted(told[len(told) - marked :])] == found


@pytest.mark.parametrize(
    ("letters", "language"),
    [
        ("abcdefghijklmnopqrstuvwxyz", "en"),
        ("abcdefghijklmnopqrstuvwxyz", "az"),
        ("აბგდევზთიკლმნოპრსტუფქღყშჩცძწჭხ", "ka"),
        ("𐌰𐌱𐌲𐌳𐌴", ""),
    ],
)
def test_a_text_of_two_million_letters_and_no_word_twice_is_saved(letters, language):
    rng = random.Random(letters + language)
    text = " ".join("".join(rng.choice(letters) for _ in range(rng.randint(1, 8))) for _ in range(500_000))
    article = factories.ArticleFactory(title="Long", text=text[:2_000_000], language=language, rights="full")
    assert 0 < ask("select length(words) from events_article where id = %s", article.pk) < 300_000


def test_the_text_of_an_article_is_searched_where_its_rights_allow():
    article = factories.ArticleFactory(
        title="Title", authors=["Ann Author"], text="Body", url="https://www.example.org/path", rights="full"
    )
    told = "select words::text from events_article where id = %s"
    assert ask(told, article.pk) == "'=bodi':7 '=titl':1A 'ann':2B 'author':3B 'body':7 'example':5C 'org':6C 'title':1A 'www':4C"  # fmt: skip
    for rights in (Article.Rights.EXCERPTS, Article.Rights.METADATA):
        Article.objects.filter(pk=article.pk).update(rights=rights)
        assert ask(told, article.pk) == "'=titl':1A 'ann':2B 'author':3B 'example':5C 'org':6C 'title':1A 'www':4C"  # fmt: skip


def test_the_history_keeps_no_words():
    meeting = factories.MeetingFactory(title="Talks")
    connection.check_constraints()
    assert "words" not in Version.objects.get(noun="meeting", record=meeting.pk).fields


TEXTS = st.text(
    st.one_of(
        st.sampled_from(" \u00a0\u00ad'’ʼ\"«»-–.,:;!?()_²½&|*\\\t\n\u0301\u200b"),
        st.sampled_from("abcdlmnqsuzABZéèàâçñöüßğışİŞĞÇÄåæøœłđžčșțőŒ0123456789əƏ"),
        st.sampled_from("абвгдежзийёїґЁЙԱԲևփաշինյանაბგდევზაԼ"),
    ),
    max_size=60,
)


@given(TEXTS)
def test_python_counts_the_words_alike(text):
    text = unicodedata.normalize("NFC", text)
    counted = ask("select coalesce(array_agg(word), '{}') from regexp_split_to_table(archive_bare(archive_plain(%s)), ' ') word where word <> ''", text)  # fmt: skip
    assert [bare(token.text) for token in tokens(text)] == counted
