"""The rules that the database keeps itself, whoever writes: see docs/data-model.md."""

from django.db import migrations

RECORDS = ("participant", "place", "topic", "meeting", "agreement", "outlet", "article", "quotation")
TREES = (
    ("place", "parent_id"),
    ("topic", "broader_id"),
    ("meeting", "parent_id"),
    ("article", "derived_from_id"),
    ("quotation", "within_id"),
    ("quotation", "variant_of_id"),
    *((noun, "merged_into_id") for noun in RECORDS),
)

# A violated rule is reported as a check violation with the rule's name, which Django turns into an IntegrityError.
FUNCTIONS = """
create function archive_record_update() returns trigger language plpgsql as $$
begin
  if new.version <> old.version then
    raise exception 'This record was changed by somebody else meanwhile (version %, not %).', old.version, new.version
      using errcode = 'check_violation', constraint = 'record_version_current', table = tg_table_name;
  end if;
  if new.id <> old.id then
    raise exception 'The number of a record is its address and never changes.'
      using errcode = 'check_violation', constraint = 'record_number_stays', table = tg_table_name;
  end if;
  new.version := old.version + 1;
  if old.published_at is not null then
    new.published_at := old.published_at;
  elsif new.status = 'published' then
    new.published_at := now();
  else
    new.published_at := null;
  end if;
  return new;
end $$;

create function archive_record_insert() returns trigger language plpgsql as $$
begin
  new.version := 1;
  new.published_at := case when new.status = 'published' then coalesce(new.published_at, now()) end;
  return new;
end $$;

create function archive_record_delete() returns trigger language plpgsql as $$
begin
  if old.published_at is not null then
    raise exception 'This record has been public: withdraw it or merge it, its address must stay.'
      using errcode = 'check_violation', constraint = 'record_published_stays', table = tg_table_name;
  end if;
  return old;
end $$;

create function archive_no_cycle() returns trigger language plpgsql as $$
declare
  above bigint := (to_jsonb(new) ->> tg_argv[0])::bigint;
  cyclic boolean;
begin
  if above is null then return null; end if;
  -- Two writers could close a circle together that neither sees alone.
  perform pg_advisory_xact_lock(hashtext(tg_table_name || tg_argv[0]));
  execute format(
    'with recursive up(id) as (select $1 union select t.%1$I from %2$I t join up on t.id = up.id where t.%1$I is not null)'
    ' select exists (select 1 from up where id = $2)', tg_argv[0], tg_table_name) into cyclic using above, new.id;
  if cyclic then
    raise exception 'This would go round in a circle.'
      using errcode = 'check_violation', constraint = 'record_without_cycle', table = tg_table_name;
  end if;
  return null;
end $$;

create function archive_passages_stand(article bigint, quotation bigint, coverage bigint) returns void language plpgsql as $$
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
    from events_quotation inner_one join events_quotation outer_one on outer_one.id = inner_one.within_id
    where (inner_one.article_id = article or outer_one.article_id = article)
      and (quotation is null or quotation in (inner_one.id, outer_one.id))
      and (inner_one.article_id <> outer_one.article_id
        or position(inner_one.exact in outer_one.exact) = 0
          and not (inner_one.start is null and inner_one.status = 'withdrawn')
        or inner_one.start < outer_one.start or inner_one."end" > outer_one."end") limit 1;
  if found then
    raise exception 'A quotation within another lies inside its span, in the same article: %', wrong
      using errcode = 'check_violation', constraint = 'quotation_within_span';
  end if;
end $$;

create function archive_check_quotation() returns trigger language plpgsql as $$
begin
  perform archive_passages_stand(new.article_id, new.id, null);
  return null;
end $$;

create function archive_check_coverage() returns trigger language plpgsql as $$
begin
  perform archive_passages_stand(new.article_id, null, new.id);
  return null;
end $$;

create function archive_check_article() returns trigger language plpgsql as $$
begin
  perform archive_passages_stand(new.id, null, null);
  return null;
end $$;

create function archive_own_office() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from events_attendance attendance join events_tenure tenure on tenure.id = attendance.tenure_id
    where tenure.person_id <> attendance.participant_id
      and case when tg_table_name = 'events_tenure' then tenure.id = new.id else attendance.id = new.id end
  ) then
    raise exception 'An office at a meeting is one of the participant''s own.'
      using errcode = 'check_violation', constraint = 'attendance_own_office', table = tg_table_name;
  end if;
  return null;
end $$;

create function archive_never_edited() returns trigger language plpgsql as $$
begin
  raise exception 'A snapshot is never edited.'
    using errcode = 'check_violation', constraint = 'snapshot_never_edited', table = tg_table_name;
end $$;

create constraint trigger passage_equals_text after insert or update on events_quotation
  deferrable initially deferred for each row execute function archive_check_quotation();
create constraint trigger passage_equals_text after insert or update on events_coverage
  deferrable initially deferred for each row execute function archive_check_coverage();
create constraint trigger passage_equals_text after update on events_article
  deferrable initially deferred for each row when (old.text is distinct from new.text)
  execute function archive_check_article();
create trigger attendance_own_office after insert or update on events_attendance
  for each row execute function archive_own_office();
create trigger attendance_own_office after update of person_id on events_tenure
  for each row execute function archive_own_office();
create trigger snapshot_never_edited before update or delete on events_snapshot
  for each row execute function archive_never_edited();

alter table events_article add constraint article_text_nfc check (text is nfc normalized);
alter table events_quotation add constraint quotation_exact_nfc check (exact is nfc normalized);
alter table events_coverage add constraint coverage_exact_nfc check (exact is nfc normalized);
"""

REMOVED = """
alter table events_coverage drop constraint coverage_exact_nfc;
alter table events_quotation drop constraint quotation_exact_nfc;
alter table events_article drop constraint article_text_nfc;
drop trigger snapshot_never_edited on events_snapshot;
drop trigger attendance_own_office on events_tenure;
drop trigger attendance_own_office on events_attendance;
drop trigger passage_equals_text on events_article;
drop trigger passage_equals_text on events_coverage;
drop trigger passage_equals_text on events_quotation;
drop function archive_never_edited();
drop function archive_own_office();
drop function archive_check_article();
drop function archive_check_coverage();
drop function archive_check_quotation();
drop function archive_passages_stand(bigint, bigint, bigint);
drop function archive_no_cycle();
drop function archive_record_delete();
drop function archive_record_insert();
drop function archive_record_update();
"""


def record_triggers(noun: str) -> migrations.RunSQL:
    table = f"events_{noun}"
    return migrations.RunSQL(
        f"create trigger record_insert before insert on {table} for each row execute function archive_record_insert();"
        f"create trigger record_update before update on {table} for each row execute function archive_record_update();"
        f"create trigger record_delete before delete on {table} for each row execute function archive_record_delete();",
        f"drop trigger record_insert on {table};"
        f"drop trigger record_update on {table};"
        f"drop trigger record_delete on {table};",
    )


def tree_trigger(noun: str, column: str) -> migrations.RunSQL:
    table = f"events_{noun}"
    return migrations.RunSQL(
        f"create trigger without_cycle_{column} after insert or update of {column} on {table}"
        f" for each row execute function archive_no_cycle('{column}');",
        f"drop trigger without_cycle_{column} on {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0001_create_archive")]

    operations = [
        migrations.RunSQL(FUNCTIONS, REMOVED),
        *(record_triggers(noun) for noun in RECORDS),
        *(tree_trigger(noun, column) for noun, column in TREES),
    ]
