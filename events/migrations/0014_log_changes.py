"""The log of what readers were told and holds no longer, kept by the database itself whoever writes."""

from django.db import migrations, models

import events.models.invalidation
from events.models.published import CreateViews, DropViews

RECORDS = ("participant", "place", "topic", "meeting", "agreement", "outlet", "article", "quotation")
# Tables whose rows belong to records, with the nouns and the columns that say to which.
ROWS = (
    ("name", "participant", "participant_id", "place", "place_id"),
    ("tenure", "participant", "person_id"),
    ("attendance", "meeting", "meeting_id"),
    ("coverage", "meeting", "meeting_id", "article", "article_id"),
    ("meeting_topics", "meeting", "meeting_id"),
    ("agreement_topics", "agreement", "agreement_id"),
    ("agreement_parties", "agreement", "agreement_id"),
    ("quotation_topics", "quotation", "quotation_id"),
    ("snapshot", "article", "article_id"),
    ("pagecheck", "article", "article_id"),
    ("sourcecheck", "quotation", "quotation_id"),
)

FUNCTIONS = """
create function archive_invalidate_records() returns trigger language plpgsql as $$
-- Argument: noun. The work of editors on drafts changes nothing for readers.
declare
  told text := case tg_op
    when 'INSERT' then 'select id, status from new_rows'
    when 'DELETE' then 'select id, status from old_rows'
    else 'select id, status from old_rows union all select id, status from new_rows' end;
begin
  execute format('insert into events_invalidation (noun, record)'
    ' select distinct %L, one.id from (%s) one where one.status = ''published''', tg_argv[0], told);
  return null;
end $$;

create function archive_invalidate() returns trigger language plpgsql as $$
-- Arguments: noun and column, once for each record that the rows belong to.
declare
  told text;
begin
  for i in 0 .. tg_nargs - 1 by 2 loop
    told := case tg_op
      when 'INSERT' then 'select %1$I from new_rows'
      when 'DELETE' then 'select %1$I from old_rows'
      else 'select %1$I from old_rows union select %1$I from new_rows' end;
    execute format('insert into events_invalidation (noun, record) select distinct %2$L, record.id from (' || told || ') one(id)'
      ' join events_%2$s record on record.id = one.id where record.status = ''published''', tg_argv[i + 1], tg_argv[i]);
  end loop;
  return null;
end $$;
"""

REMOVED = "drop function archive_invalidate(); drop function archive_invalidate_records();"


def triggers(table: str, function: str, *arguments: str) -> migrations.RunSQL:
    told = ", ".join(f"'{word}'" for word in arguments)
    seen = {
        "insert": "new table as new_rows",
        "update": "old table as old_rows new table as new_rows",
        "delete": "old table as old_rows",
    }
    return migrations.RunSQL(
        "".join(
            f"create trigger invalidated_by_{way} after {way} on events_{table} referencing {rows}"
            f" for each statement execute function {function}({told});"
            for way, rows in seen.items()
        ),
        "".join(f"drop trigger invalidated_by_{way} on events_{table};" for way in seen),
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0013_create_merge")]

    operations = [
        DropViews(),
        migrations.CreateModel(
            name="Invalidation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=events.models.invalidation.CurrentTransaction(),
                        editable=False,
                        verbose_name="transaction",
                    ),
                ),
                ("noun", models.CharField(editable=False, max_length=20, verbose_name="noun")),
                ("record", models.BigIntegerField(editable=False, verbose_name="record")),
            ],
            options={
                "verbose_name": "invalidation",
                "verbose_name_plural": "invalidations",
                "default_permissions": (),
                "indexes": [models.Index(fields=["transaction"], name="invalidation_by_transaction")],
            },
        ),
        migrations.RunSQL(FUNCTIONS, REMOVED),
        *(triggers(noun, "archive_invalidate_records", noun) for noun in RECORDS),
        *(triggers(table, "archive_invalidate", *owners) for table, *owners in ROWS),
        CreateViews(),
    ]
