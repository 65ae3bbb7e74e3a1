"""Records that turned out to be one, so that it can be undone."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

GUARD = """
create function archive_merge_stays() returns trigger language plpgsql as $$
-- What was merged is known for good: only that it was undone is added, once. An account that is deleted leaves an empty place.
begin
  if tg_op = 'DELETE' or old.undone_at is not null and new.undone_at is distinct from old.undone_at
    or to_jsonb(new) - '{by_id,undone_at,undone_by_id}'::text[] <> to_jsonb(old) - '{by_id,undone_at,undone_by_id}'::text[]
    or new.by_id is not null and new.by_id is distinct from old.by_id
  then
    raise exception 'A merge is never edited or deleted; it is undone.'
      using errcode = 'check_violation', constraint = 'merge_never_edited', table = tg_table_name;
  end if;
  return new;
end $$;

create trigger merge_never_edited before update or delete on events_merge
  for each row execute function archive_merge_stays();
"""

# What names records, by table: the column and the record's table. Captures stay with a merged article, and so do their checks; what is
# proposed is worked out anew; a name is a part of its record.
NAMING = {
    "agreement": (("meeting_id", "meeting"),),
    "agreement_parties": (("agreement_id", "agreement"), ("participant_id", "participant")),
    "agreement_topics": (("agreement_id", "agreement"), ("topic_id", "topic")),
    "article": (("outlet_id", "outlet"), ("derived_from_id", "article")),
    "attendance": (("meeting_id", "meeting"), ("participant_id", "participant"), ("claimed_by_id", "participant")),
    "coverage": (("article_id", "article"), ("meeting_id", "meeting")),
    "meeting": (("place_id", "place"), ("parent_id", "meeting")),
    "meeting_topics": (("meeting_id", "meeting"), ("topic_id", "topic")),
    "name": (("used_by_id", "participant"),),
    "outlet": (("speaks_for_id", "participant"),),
    "place": (("parent_id", "place"),),
    "quotation": (
        ("article_id", "article"), ("speaker_id", "participant"), ("reported_by_id", "participant"), ("meeting_id", "meeting"),
        ("within_id", "quotation"), ("variant_of_id", "quotation"),
    ),
    "quotation_topics": (("quotation_id", "quotation"), ("topic_id", "topic")),
    "tenure": (("person_id", "participant"), ("body_id", "participant"), ("on_behalf_of_id", "participant")),
    "topic": (("broader_id", "topic"),),
}


def guard(table, columns):
    """A trigger that lets no row of the table name a merged record: nobody would find it there any more.

    It waits for the end of the transaction. By then the foreign key has locked the record, so that a merge that goes on meanwhile is
    either over, and seen, or finds the row and moves it.
    """
    asked = "".join(
        f"""
  if new.{column} is not null and exists (
    select from events_{noun} named join events_{table} one on one.{column} = named.id
    where one.id = new.id and named.id = new.{column} and named.merged_into_id is not null
  ) then
    perform archive_refuse_merged('{noun}', new.{column}, tg_table_name);
  end if;"""
        for column, noun in columns
    )
    names = ", ".join(column for column, _noun in columns)
    return migrations.RunSQL(
        f"create function archive_{table}_names_kept() returns trigger language plpgsql as $$\nbegin{asked}\n  return null;\nend $$;"
        f"create constraint trigger merged_takes_nothing after insert or update of {names} on events_{table}"
        f" deferrable initially deferred for each row execute function archive_{table}_names_kept();",
        f"drop trigger merged_takes_nothing on events_{table}; drop function archive_{table}_names_kept();",
    )


REFUSAL = """
create function archive_refuse_merged(noun text, number bigint, row_of text) returns void language plpgsql as $$
declare
  merged text;
  kept text;
begin
  execute format($sql$
    select coalesce(gone ->> 'name', gone ->> 'label', nullif(gone ->> 'title', ''), '#' || (gone ->> 'id')),
      coalesce(kept ->> 'name', kept ->> 'label', nullif(kept ->> 'title', ''), '#' || (kept ->> 'id'))
    from (
      select to_jsonb(one) gone, to_jsonb(other) kept from events_%1$I one join events_%1$I other on other.id = one.merged_into_id
      where one.id = $1
    ) pair$sql$, noun) into merged, kept using number;
  raise exception '“%” was merged into “%”: choose that one.', merged, kept
    using errcode = 'check_violation', constraint = 'merged_takes_nothing', table = row_of;
end $$;
"""
REMOVED = """
drop trigger merge_never_edited on events_merge;
drop function archive_merge_stays();
"""

# The rules of 0002_guard_records, asked by index: read with "or", they looked at each quotation of the archive for each one that was
# written, and a merge writes tens of thousands. Planned once a session, also where the tables were empty then. They say the same, so
# going back leaves them.
PASSAGES = """
create or replace function archive_passages_stand(article bigint, quotation bigint, coverage bigint) returns void language plpgsql
set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off as $$
-- All passages of the article, or one quotation with what it lies in and holds, or one coverage.
declare wrong text;
begin
  select passage.words into wrong
    from (
      select start, "end" as stop, exact as words, prefix, suffix, status = 'withdrawn' as unplaced
        from events_quotation
        where article_id = article and coverage is null and (quotation is null or id = quotation)
      union all
      select start, "end", exact, prefix, suffix, exact = ''
        from events_coverage
        where article_id = article and quotation is null and (coverage is null or id = coverage)
    ) passage join events_article on events_article.id = article
    where case
      when passage.start is null then events_article.text <> '' and not passage.unplaced
      else substr(events_article.text, passage.start + 1, passage.stop - passage.start) <> passage.words
        or right(substr(events_article.text, 1, passage.start), length(passage.prefix)) <> passage.prefix
        or substr(events_article.text, passage.stop + 1, length(passage.suffix)) <> passage.suffix
    end limit 1;
  if found then
    raise exception 'These words do not stand in the article at the recorded place: %', wrong
      using errcode = 'check_violation', constraint = 'passage_equals_text';
  end if;
  if coverage is not null then return; end if;
  select inner_one.exact into wrong
    from (
      select id, within_id from events_quotation where id = quotation
      union select id, within_id from events_quotation where within_id = quotation
      union select id, within_id from events_quotation where quotation is null and article_id = article
      union select held.id, held.within_id from events_quotation holder join events_quotation held on held.within_id = holder.id
        where quotation is null and holder.article_id = article
    ) pair
    join events_quotation inner_one on inner_one.id = pair.id
    join events_quotation outer_one on outer_one.id = pair.within_id
    where inner_one.article_id <> outer_one.article_id
      or position(inner_one.exact in outer_one.exact) = 0
        and not (inner_one.start is null and inner_one.status = 'withdrawn')
      or inner_one.start < outer_one.start or inner_one."end" > outer_one."end" limit 1;
  if found then
    raise exception 'A quotation within another lies inside its span, in the same article: %', wrong
      using errcode = 'check_violation', constraint = 'quotation_within_span';
  end if;
end $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0012_index_worklists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noun', models.CharField(choices=[('participant', 'Participant'), ('place', 'Place'), ('topic', 'Topic'), ('meeting', 'Meeting'), ('agreement', 'Agreement'), ('outlet', 'Outlet'), ('article', 'Article')], editable=False, max_length=12, verbose_name='noun')),
                ('kept', models.PositiveBigIntegerField(editable=False, verbose_name='number of the record that was kept')),
                ('gone', models.PositiveBigIntegerField(editable=False, verbose_name='number of the record that went into it')),
                ('kept_name', models.TextField(editable=False, verbose_name='kept')),
                ('gone_name', models.TextField(editable=False, verbose_name='merged into it')),
                ('comment', models.TextField(blank=True, default='', editable=False, verbose_name='comment')),
                ('journal', models.JSONField(default=list, editable=False, verbose_name='what was written')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='merged')),
                ('undone_at', models.DateTimeField(editable=False, null=True, verbose_name='undone')),
                ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('undone_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by')),
            ],
            options={
                'verbose_name': 'merge',
                'verbose_name_plural': 'merges',
                'ordering': ['-pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['noun', 'kept'], name='merge_by_kept')],
                'constraints': [models.CheckConstraint(condition=models.Q(('noun__in', ['participant', 'place', 'topic', 'meeting', 'agreement', 'outlet', 'article'])), name='merge_noun_known'), models.CheckConstraint(condition=models.Q(('kept', models.F('gone')), _negated=True), name='merge_of_two_records'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), ('undone_at__gte', models.F('at')), _connector='OR'), name='merge_undone_after_it'), models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('noun', 'gone'), name='merge_once_of_a_record', violation_error_message='This record was merged into another one already.')],
            },
        ),
        migrations.RunSQL(GUARD, REMOVED),
        migrations.RunSQL(PASSAGES, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSAL, "drop function archive_refuse_merged(text, bigint, text);"),
        *(guard(table, columns) for table, columns in NAMING.items()),
    ]
