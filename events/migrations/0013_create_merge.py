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

REMOVED = """
drop trigger merge_never_edited on events_merge;
drop function archive_merge_stays();
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
    ]
