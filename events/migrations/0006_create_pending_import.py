"""Tables between dry run and import; and the rule on offices asks for two rows instead of reading all attendances each time."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import events.models.pending_import

OWN_OFFICE = """
create or replace function archive_own_office() returns trigger language plpgsql as $$
declare wrong boolean;
begin
  if tg_table_name = 'events_tenure' then
    wrong := exists (select 1 from events_attendance where tenure_id = new.id and participant_id <> new.person_id);
  else
    wrong := new.tenure_id is not null
      and exists (select 1 from events_tenure where id = new.tenure_id and person_id <> new.participant_id);
  end if;
  if wrong then
    raise exception 'An office at a meeting is one of the participant''s own.'
      using errcode = 'check_violation', constraint = 'attendance_own_office', table = tg_table_name;
  end if;
  return null;
end $$;
"""

AS_IT_WAS = """
create or replace function archive_own_office() returns trigger language plpgsql as $$
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0005_hold_incoming_articles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PendingImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=events.models.pending_import.new_token, editable=False, max_length=40, unique=True, verbose_name='token')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='sent')),
                ('noun', models.CharField(editable=False, max_length=20, verbose_name='noun')),
                ('filename', models.CharField(editable=False, max_length=200, verbose_name='file')),
                ('data', models.BinaryField(verbose_name='table')),
                ('create_unknown', models.BooleanField(default=False, editable=False, verbose_name='drafts for unknown names')),
                ('plan', models.CharField(editable=False, max_length=64, verbose_name='digest of what was shown')),
                ('shown', models.JSONField(default=dict, editable=False, verbose_name='what was shown')),
                ('report', models.TextField(editable=False, verbose_name='what was shown, as CSV')),
                ('user', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='editor')),
            ],
            options={
                'verbose_name': 'pending import',
                'verbose_name_plural': 'pending imports',
                'default_permissions': (),
            },
        ),
        migrations.RunSQL(OWN_OFFICE, AS_IT_WAS),
    ]
