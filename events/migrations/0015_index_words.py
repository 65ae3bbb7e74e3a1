"""The words of each record in a column of their own that the database keeps, and the words that suggestions come from.

Everything that the functions name has its schema: pg_restore runs them without a search path. They are PL/pgSQL so that each step is
taken once; as expressions of SQL PostgreSQL would put them into each other and take the first steps several times.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

from events.models.published import CreateViews, DropViews

# events/reading/search/letters.py does the same in Python, and tests/reading/test_search_words.py compares them.
LETTERS = r"""
create function archive_plain(given text) returns text language plpgsql immutable strict parallel safe as $$
-- Small letters and digits with one blank between words, accents kept; of a very long text its beginning.
declare
  told text := pg_catalog.left(given, 300000);
begin
  if pg_catalog.octet_length(told) > 300000 then told := pg_catalog.left(told, 100000); end if;
  if not pg_catalog.is_normalized(told, 'NFC') then told := pg_catalog.normalize(told, 'NFC'); end if;
  -- Soft hyphens, marks that join or part invisibly, accents without a letter.
  told := pg_catalog.regexp_replace(
    pg_catalog.lower(told), '[\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f\u02c6\u02cb\u02d0]+', '', 'g');
  told := pg_catalog.regexp_replace(told, '[`´‘’‚‛ʹʺʻʼʽˈ′ʾʿ＇ŉ]', '''', 'g');
  if pg_catalog.strpos(told, '''') > 0 then
    -- French and Italian words that have lost their vowel are words; an English 's is none; all other apostrophes go.
    told := pg_catalog.regexp_replace(told,
      '\m(l|d|c|j|m|n|s|qu|lorsqu|puisqu|jusqu|quoiqu|dell|all|dall|nell|sull|un|quest|quell)''(?=[[:alpha:]])', '\1 ', 'g');
    told := pg_catalog.replace(pg_catalog.regexp_replace(told, '''s\M', '', 'g'), '''', '');
  end if;
  return pg_catalog.btrim(pg_catalog.regexp_replace(told, '[\W_]+', ' ', 'g'));
end $$;

create function archive_bare(plain text) returns text language plpgsql immutable strict parallel safe as $$
-- Plain words without accents. The letter ə is e: so it is typed where a keyboard has none.
begin
  return pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
    public.unaccent('public.unaccent'::pg_catalog.regdictionary, plain), 'ə', 'e'), 'ә', 'e'), 'և', 'եւ');
end $$;

create function archive_words(given text, language text) returns tsvector language plpgsql immutable strict parallel safe as $$
-- The words at their places, and at the same places, marked by "=", the stems that differ from every word. Their text is never
-- shorter than what a tsvector holds of it; a text with too many different words gives those of its beginning.
declare
  tongue text := pg_catalog.split_part(language, '-', 1);
  config regconfig := case tongue
    when 'en' then 'pg_catalog.english' when 'fr' then 'pg_catalog.french' when 'ru' then 'pg_catalog.russian'
    when 'hy' then 'pg_catalog.armenian' when 'tr' then 'pg_catalog.turkish' when 'de' then 'pg_catalog.german' end;
  -- PostgreSQL has no stemmer for these: what can stand behind a short stem, and behind one of five letters and more.
  ending text := case tongue
    when 'az' then '^(lar|ler|in|un|nin|nun|i|u|ni|nu|si|su|a|e|ya|ye|da|de|dan|den|la|le)$'
    when 'ka' then '^(ი|მა|ს|ის|ით|ად|ო|ა|ე|ში|ზე|თან|დან|ები|ებს|ების)$' end;
  endings text := case tongue
    when 'az' then
      '^(lar|ler)?(imiz|umuz|iniz|unuz|im|um|in|un|i|u|si|su)?(nin|nun|in|un|i|u|ni|nu|a|e|ya|ye|na|ne|n?d[ae]n?|l[ae])?$'
    when 'ka' then '^(ებ)?(ი|მა|ს|ის|ით|ად|ო|ა|ე)?(ში|ზე|თან|დან|თვის|გან|მდე|კენ)?(ც)?$' end;
  plain text;
  bare text;
  words tsvector;
  stems tsvector;
  told text;
begin
  -- In Turkish an apostrophe parts a name from its ending.
  plain := public.archive_plain(case tongue when 'tr'
    then pg_catalog.regexp_replace(pg_catalog.left(given, 300000), '([[:alpha:]])[''’‘`][[:alpha:]]+', '\1', 'g') else given end);
  loop
    bare := public.archive_bare(plain);
    words := pg_catalog.to_tsvector('pg_catalog.simple', bare);
    told := words::text;
    if ending is not null then
      told := told || coalesce((
        select pg_catalog.string_agg(
          ' ''=' || pg_catalog.left(word.lexeme, n) || ''':' || pg_catalog.array_to_string(word.positions, ','), '')
        from pg_catalog.unnest(words) word(lexeme, positions, weights),
          pg_catalog.generate_series(
            greatest(3, pg_catalog.char_length(word.lexeme) - 10), pg_catalog.char_length(word.lexeme) - 1) n
        where pg_catalog.substr(word.lexeme, n + 1) ~ case when n < 5 then ending else endings end), '');
    elsif config is not null then
      stems := pg_catalog.to_tsvector(config, plain);
      if bare <> plain then stems := public.archive_bare(stems::text)::tsvector; end if;
      stems := pg_catalog.ts_delete(stems, pg_catalog.tsvector_to_array(words));
      told := told || pg_catalog.replace(' ' || stems::text, ' ''', ' ''=');
    end if;
    exit when pg_catalog.octet_length(told) <= 900000;
    plain := pg_catalog.left(plain, pg_catalog.char_length(plain) / 2);
  end loop;
  return told::tsvector;
end $$;

create function archive_words_of_article(
  title text, authors text[], url text, body text, rights text, language text
) returns tsvector language plpgsql immutable strict parallel safe as $$
-- The body only where readers may read it: what is found would tell what stands there.
begin
  return pg_catalog.setweight(public.archive_words(title, language), 'A')
    || pg_catalog.setweight(public.archive_words(pg_catalog.left(pg_catalog.array_to_string(authors, ' '), 2000), ''), 'B')
    || pg_catalog.setweight(public.archive_words(coalesce(pg_catalog.substring(pg_catalog.left(url, 300), '^https?://([^/]+)'), ''), ''), 'C')
    || pg_catalog.setweight(public.archive_words(case rights when 'full' then body else '' end, language), 'D');
end $$;
"""
REMOVED = """
drop function archive_words_of_article(text, text[], text, text, text, text);
drop function archive_words(text, text);
drop function archive_bare(text);
drop function archive_plain(text);
"""


def weighted(weight: str, column: str, language: str) -> str:
    return f"setweight(archive_words({column}, {language}), '{weight}')"


# The archive's own words are English; what the press says has the record's language.
ENGLISH = "'en'"
COLUMNS = {
    "participant": f"{weighted('A', 'name', ENGLISH)} || {weighted('D', 'description', ENGLISH)}",
    "place": weighted("A", "name", ENGLISH),
    "topic": f"{weighted('A', 'label', ENGLISH)} || {weighted('D', 'description', ENGLISH)}",
    "meeting": f"{weighted('A', 'title', ENGLISH)} || {weighted('B', 'summary', ENGLISH)}",
    "agreement": weighted("A", "title", ENGLISH),
    "quotation": f"{weighted('A', 'exact', 'language')} || {weighted('C', 'attribution', 'language')}",
    "article": "archive_words_of_article(title, authors, url, text, rights, language)",
}


def column(noun: str, words: str) -> migrations.RunSQL:
    """The models do not know it: no save writes it, and no list reads it unless it looks for words."""
    return migrations.RunSQL(
        f"alter table events_{noun} add column words tsvector not null generated always as ({words}) stored;"
        f"create index {noun}_words on events_{noun} using gin (words);",
        f"alter table events_{noun} drop column words;",
    )


def history(before: str, after: str) -> str:
    """SQL that has versions say nothing of a record's words, which follow from the rest."""
    return (
        "do $$ begin execute replace(pg_get_functiondef('archive_state(text, bigint)'::regprocedure),"
        f" $was${before}$was$, $is${after}$is$); end $$;"
    )


WHOLE, WORDLESS = "to_jsonb(record) from", "to_jsonb(record) - ''words'' from"


class Migration(migrations.Migration):
    dependencies = [("events", "0014_log_changes")]

    operations = [
        DropViews(),
        migrations.RunSQL(history(WHOLE, WORDLESS), history(WORDLESS, WHOLE)),
        migrations.RunSQL(LETTERS, REMOVED),
        *(column(noun, words) for noun, words in COLUMNS.items()),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(editable=False, max_length=40, unique=True, verbose_name="word")),
                ("records", models.PositiveIntegerField(editable=False, verbose_name="records")),
            ],
            options={
                "verbose_name": "word",
                "verbose_name_plural": "words",
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["text"], name="word_trigrams", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        CreateViews(),
    ]
