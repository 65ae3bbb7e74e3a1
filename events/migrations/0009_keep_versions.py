"""The history: each version of a record with its rows, kept by the database itself whoever writes, and who wrote it.

A row of a record, or of what belongs to one, notes the record in `events_touched`; at the end of the transaction (or where
constraints are checked) one version of each noted record is kept, if it differs from the last one. So one piece of work leaves one
version, however many statements it took, and by COPY, bulk or SQL as by a form.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RECORDS = ("participant", "place", "topic", "meeting", "agreement", "outlet", "article", "quotation")
# Tables whose rows belong to records, with the columns that say to which.
ROWS = (
    ("name", "participant", "participant_id", "place", "place_id"),
    ("tenure", "participant", "person_id"),
    ("attendance", "meeting", "meeting_id"),
    ("coverage", "meeting", "meeting_id", "article", "article_id"),
    ("meeting_topics", "meeting", "meeting_id"),
    ("agreement_topics", "agreement", "agreement_id"),
    ("agreement_parties", "agreement", "agreement_id"),
    ("quotation_topics", "quotation", "quotation_id"),
)

FUNCTIONS = """
-- Only within a transaction, so it need not survive a crash.
create unlogged table events_touched (
  transaction bigint not null default pg_current_xact_id()::text::bigint,
  noun text not null,
  record bigint not null,
  primary key (transaction, noun, record)
);

create function archive_state(noun text, number bigint) returns jsonb language plpgsql stable as $$
-- A record's row and the rows that belong to it, as jsonb; null where there is none.
declare
  fields jsonb;
  belonging jsonb := '{}';
begin
  execute format('select to_jsonb(record) from events_%I record where record.id = $1', noun) into fields using number;
  if fields is null then return null; end if;
  if noun in ('participant', 'place') then
    belonging := belonging || jsonb_build_object('names', (
      select coalesce(jsonb_agg(to_jsonb(one) order by one.id), '[]') from events_name one
      where case noun when 'place' then one.place_id else one.participant_id end = number));
  end if;
  if noun = 'participant' then
    belonging := belonging || jsonb_build_object('tenures', (
      select coalesce(jsonb_agg(to_jsonb(one) order by one.id), '[]') from events_tenure one where one.person_id = number));
  elsif noun = 'meeting' then
    belonging := belonging || jsonb_build_object(
      'attendances', (
        select coalesce(jsonb_agg(to_jsonb(one) order by one.id), '[]') from events_attendance one where one.meeting_id = number),
      'coverages', (
        select coalesce(jsonb_agg(to_jsonb(one) order by one.id), '[]') from events_coverage one where one.meeting_id = number),
      'topics', (
        select coalesce(jsonb_agg(topic_id order by topic_id), '[]') from events_meeting_topics where meeting_id = number));
  elsif noun = 'agreement' then
    belonging := belonging || jsonb_build_object(
      'parties', (
        select coalesce(jsonb_agg(participant_id order by participant_id), '[]')
        from events_agreement_parties where agreement_id = number),
      'topics', (
        select coalesce(jsonb_agg(topic_id order by topic_id), '[]') from events_agreement_topics where agreement_id = number));
  elsif noun = 'article' then
    belonging := belonging || jsonb_build_object('coverages', (
      select coalesce(jsonb_agg(to_jsonb(one) order by one.id), '[]') from events_coverage one where one.article_id = number));
  elsif noun = 'quotation' then
    belonging := belonging || jsonb_build_object('topics', (
      select coalesce(jsonb_agg(topic_id order by topic_id), '[]') from events_quotation_topics where quotation_id = number));
  end if;
  return jsonb_build_object('fields', fields, 'rows', belonging);
end $$;

create function archive_current_change() returns bigint language plpgsql as $$
-- The change that this transaction makes, as `archive.user`, `archive.via` and `archive.comment` say whose it is.
declare
  current bigint := nullif(current_setting('archive.change', true), '')::bigint;
  account record;
begin
  if current is not null then return current; end if;
  select id, username into account from auth_user where id = nullif(current_setting('archive.user', true), '')::bigint;
  insert into events_change (user_id, who, via, comment, made_at, transaction) values (
    account.id, coalesce(account.username, session_user), coalesce(nullif(current_setting('archive.via', true), ''), 'other'),
    coalesce(current_setting('archive.comment', true), ''), clock_timestamp(), pg_current_xact_id()::text::bigint
  ) returning id into current;
  perform set_config('archive.change', current::text, true);
  return current;
end $$;

create function archive_keep_version(kind text, number_of_record bigint) returns void language plpgsql as $$
declare
  state jsonb := archive_state(kind, number_of_record);
  last events_version%rowtype;
  -- What a save writes even where it changes nothing.
  passing text[] := array['version', 'updated_at', 'updated_by_id'];
  current bigint;
begin
  select * into last from events_version where noun = kind and record = number_of_record order by number desc limit 1;
  if state is null then
    if last.id is not null and last.data is not null then
      insert into events_version (change_id, noun, record, number, status, data)
        values (archive_current_change(), kind, number_of_record, last.number + 1, '', null);
    end if;
    return;
  end if;
  if last.data is not null and (last.data -> 'fields') - passing = (state -> 'fields') - passing
    and last.data -> 'rows' = state -> 'rows' then return; end if;
  if last.data is not null and (state -> 'fields' ->> 'version')::int <= last.number
    and last.change_id is distinct from nullif(current_setting('archive.change', true), '')::bigint then
    -- Only rows that belong to it have changed: whoever has the record open must notice. This notes the record again.
    execute format('update events_%I set version = version, updated_at = clock_timestamp(),'
      ' updated_by_id = coalesce((select user_id from events_change where id = $2), updated_by_id) where id = $1', kind)
      using number_of_record, archive_current_change();
    return;
  end if;
  current := archive_current_change();
  if last.change_id = current and last.data is not null then
    update events_version
      set number = (state -> 'fields' ->> 'version')::int, status = state -> 'fields' ->> 'status', data = state
      where id = last.id;
  else
    insert into events_version (change_id, noun, record, number, status, data) values (
      current, kind, number_of_record, (state -> 'fields' ->> 'version')::int, state -> 'fields' ->> 'status', state);
  end if;
end $$;

create function archive_touched() returns trigger language plpgsql as $$
begin
  -- Gone before it is looked at, so that what changes afterwards is noted anew.
  delete from events_touched where transaction = new.transaction and noun = new.noun and record = new.record;
  perform archive_keep_version(new.noun, new.record);
  return null;
end $$;

create function archive_touch() returns trigger language plpgsql as $$
-- Arguments: noun and column, once for each record that the row belongs to.
declare
  old_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  new_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
begin
  for i in 0 .. tg_nargs - 1 by 2 loop
    insert into events_touched (noun, record)
      select tg_argv[i], number
      from (select (old_row ->> tg_argv[i + 1])::bigint union select (new_row ->> tg_argv[i + 1])::bigint) owners(number)
      where number is not null
      on conflict do nothing;
  end loop;
  return null;
end $$;

create function archive_touch_record() returns trigger language plpgsql as $$
begin
  insert into events_touched (noun, record) values (tg_argv[0], case when tg_op = 'DELETE' then old.id else new.id end)
    on conflict do nothing;
  return null;
end $$;

create function archive_history_stays() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'events_change' then
    -- The name of an account that was deleted stays.
    if tg_op = 'UPDATE' and new.user_id is null
      and (to_jsonb(new) - 'user_id') = (to_jsonb(old) - 'user_id') then return new; end if;
  elsif tg_op = 'UPDATE' and new.change_id = old.change_id and new.noun = old.noun and new.record = old.record
    and (select transaction from events_change where id = old.change_id) = pg_current_xact_id()::text::bigint then
    return new;
  end if;
  raise exception 'The history is never edited.'
    using errcode = 'check_violation', constraint = 'history_stays', table = tg_table_name;
end $$;

create function archive_not_emptied() returns trigger language plpgsql as $$
-- Triggers of rows do not see it. Tests empty their databases by it, and say so by a setting.
begin
  if current_setting('archive.may_truncate', true) = 'on' then return null; end if;
  raise exception 'The archive is not emptied: TRUNCATE would leave no history.'
    using errcode = 'check_violation', constraint = 'history_stays', table = tg_table_name;
end $$;

create trigger history_not_emptied before truncate on events_version
  for each statement execute function archive_not_emptied();
create trigger history_not_emptied before truncate on events_change
  for each statement execute function archive_not_emptied();
create constraint trigger version_kept after insert on events_touched
  deferrable initially deferred for each row execute function archive_touched();
create trigger history_stays before update or delete on events_version
  for each row execute function archive_history_stays();
create trigger history_stays before update or delete on events_change
  for each row execute function archive_history_stays();

create or replace function archive_record_insert() returns trigger language plpgsql as $$
declare
  last int;
begin
  select max(number) into last from events_version where noun = substr(tg_table_name, 8) and record = new.id;
  if last is not null and coalesce(current_setting('archive.via', true), '') <> 'restore' then
    raise exception 'The number of a record is never used again.'
      using errcode = 'check_violation', constraint = 'record_number_used_once', table = tg_table_name;
  end if;
  new.version := coalesce(last, 0) + 1;
  new.published_at := case when new.status = 'published' then coalesce(new.published_at, now()) end;
  return new;
end $$;
"""

REMOVED = """
create or replace function archive_record_insert() returns trigger language plpgsql as $$
begin
  new.version := 1;
  new.published_at := case when new.status = 'published' then coalesce(new.published_at, now()) end;
  return new;
end $$;
drop trigger history_not_emptied on events_change;
drop trigger history_not_emptied on events_version;
drop trigger history_stays on events_change;
drop trigger history_stays on events_version;
drop table events_touched;
drop function archive_not_emptied();
drop function archive_history_stays();
drop function archive_touch_record();
drop function archive_touch();
drop function archive_touched();
drop function archive_keep_version(text, bigint);
drop function archive_current_change();
drop function archive_state(text, bigint);
"""


def triggers(table: str, function: str, *arguments: str) -> migrations.RunSQL:
    """What is written to the table is noted, and it is not emptied."""
    told = ", ".join(f"'{word}'" for word in arguments)
    return migrations.RunSQL(
        f"create trigger version_noted after insert or update or delete on events_{table}"
        f" for each row execute function {function}({told});"
        f"create trigger version_not_lost before truncate on events_{table}"
        " for each statement execute function archive_not_emptied();",
        f"drop trigger version_not_lost on events_{table}; drop trigger version_noted on events_{table};",
    )


def begin_history() -> migrations.RunSQL:
    """What is there already gets its first version."""
    kept = "".join(f"select archive_keep_version('{noun}', id) from events_{noun} order by id;" for noun in RECORDS)
    return migrations.RunSQL(
        "select set_config('archive.via', 'beginning', true);"
        f" {kept} select set_config('archive.via', '', true), set_config('archive.change', '', true);",
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0008_keep_proposals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(editable=False, max_length=150, verbose_name='who')),
                ('via', models.CharField(choices=[('form', 'Form'), ('action', 'Step after a preview'), ('proposal', 'Proposal'), ('import', 'Import of a table'), ('merge', 'Merge'), ('restore', 'Restored'), ('command', 'Command'), ('beginning', 'Beginning of the history'), ('other', 'Outside of the desk')], default='other', editable=False, max_length=10, verbose_name='by')),
                ('comment', models.TextField(blank=True, default='', editable=False, verbose_name='why')),
                ('made_at', models.DateTimeField(editable=False, verbose_name='when')),
                ('transaction', models.BigIntegerField(editable=False, verbose_name='transaction')),
                ('user', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'change',
                'verbose_name_plural': 'changes',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noun', models.CharField(editable=False, max_length=20, verbose_name='noun')),
                ('record', models.BigIntegerField(editable=False, verbose_name='record')),
                ('number', models.PositiveIntegerField(editable=False, verbose_name='number')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('review', 'In review'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], editable=False, max_length=10, verbose_name='status')),
                ('data', models.JSONField(editable=False, null=True, verbose_name='content')),
                ('change', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='events.change', verbose_name='change')),
            ],
            options={
                'verbose_name': 'version',
                'verbose_name_plural': 'versions',
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('status', '')), fields=['status', '-id'], name='version_of_deletions')],
                'constraints': [models.UniqueConstraint(fields=('noun', 'record', 'number'), name='version_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('data__isnull', True), ('status', '')), models.Q(('data__isnull', False), models.Q(('status', ''), _negated=True)), _connector='OR'), name='version_of_deletion_is_empty')],
            },
        ),
        migrations.RunSQL(FUNCTIONS, REMOVED),
        *(triggers(noun, "archive_touch_record", noun) for noun in RECORDS),
        *(triggers(table, "archive_touch", *owners) for table, *owners in ROWS),
        begin_history(),
    ]
