"""The role that readers' requests run as, and the schema with the views that it reads: see events/models/published.py."""

from django.db import migrations

from events.models.published import CreateViews

# Roles belong to the whole server: several databases may be migrated at the same time, and taking this back leaves the role.
ROLE = """
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'archive_reader') then
    begin
      create role archive_reader nologin;
    exception when duplicate_object or unique_violation then
      null;
    end;
  end if;
  if not pg_catalog.pg_has_role(session_user, 'archive_reader', 'set') then
    execute format('grant archive_reader to %I with inherit false, set true', session_user);
  end if;
exception when insufficient_privilege then
  raise exception 'The account % may not make or take the role archive_reader.', quote_ident(session_user)
    using errcode = 'insufficient_privilege', hint = format(
      'An administrator of the server runs: create role archive_reader nologin; grant archive_reader to %I with inherit false, set true;'
      ' (the first only where there is no such role). Then migrate again: see docs/operations.md.', session_user);
end $$
"""

SCHEMA = """
create schema published;
grant usage on schema published, public to archive_reader;
"""

NO_SCHEMA = """
revoke usage on schema public from archive_reader;
drop schema published;
"""

# Runs with the rights of its owner, so it tells of no record that was not public itself.
FORMER = """
create function published.archive_former(noun text, asked bigint, out number bigint, out is_gone boolean, out reason text)
returns setof record language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  seen bigint[] := array[asked];
  target bigint;
  state text;
  was_public boolean;
begin
  if noun not in ('events_participant', 'events_place', 'events_topic', 'events_meeting', 'events_agreement', 'events_outlet',
                  'events_article', 'events_quotation') then
    return;
  end if;
  number := asked;
  loop
    execute format('select merged_into_id, status, published_at is not null, withdrawal_reason from public.%I where id = $1', noun)
      into target, state, was_public, reason using number;
    if state is null or (number = asked and not was_public) then return; end if;
    exit when target is null or target = any (seen);
    seen := seen || target;
    number := target;
  end loop;
  is_gone := was_public and state <> 'published';
  if not is_gone and was_public and noun = 'events_quotation' then
    select article.published_at is not null and article.status <> 'published', article.status, article.withdrawal_reason
      into is_gone, state, reason
      from public.events_quotation quotation join public.events_article article on article.id = quotation.article_id
      where quotation.id = number;
  end if;
  if not is_gone or state <> 'withdrawn' then reason := ''; end if;
  return next;
end $$;

revoke all on function published.archive_former(text, bigint) from public;
grant execute on function published.archive_former(text, bigint) to archive_reader;
"""

NO_FORMER = "drop function published.archive_former(text, bigint);"


class Migration(migrations.Migration):
    dependencies = [("events", "0009_keep_versions")]

    operations = [
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(SCHEMA, NO_SCHEMA),
        migrations.RunSQL(FORMER, NO_FORMER),
        CreateViews(),
    ]
