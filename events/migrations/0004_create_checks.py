"""What became of sources: checks of pages and of quotations, and what a snapshot keeps of an answer."""

import django.db.models.deletion
from django.db import migrations, models

GUARDS = """
create function archive_forget_checks() returns trigger language plpgsql as $$
-- A check speaks of the words and of the address as they were.
begin
  if tg_table_name = 'events_quotation' then
    delete from events_sourcecheck where quotation_id = new.id;
  else
    delete from events_sourcecheck
      where quotation_id in (select id from events_quotation where article_id = new.id);
    delete from events_pagecheck where article_id = new.id;
  end if;
  return null;
end $$;

create function archive_own_snapshot() returns trigger language plpgsql as $$
declare
  snapshot bigint := (to_jsonb(new) ->> tg_argv[0])::bigint;
  owner bigint := coalesce(
    (to_jsonb(new) ->> 'article_id')::bigint,
    (select article_id from events_quotation where id = (to_jsonb(new) ->> 'quotation_id')::bigint));
begin
  if snapshot is not null and owner <> (select article_id from events_snapshot where id = snapshot) then
    raise exception 'This snapshot is one of another article.'
      using errcode = 'check_violation', constraint = 'check_own_snapshot', table = tg_table_name;
  end if;
  return new;
end $$;

create trigger checks_forgotten after update of exact, article_id on events_quotation
  for each row when (old.exact is distinct from new.exact or old.article_id is distinct from new.article_id)
  execute function archive_forget_checks();
create trigger checks_forgotten after update of url_key on events_article
  for each row when (old.url_key is distinct from new.url_key)
  execute function archive_forget_checks();
create trigger check_own_snapshot before insert or update on events_sourcecheck
  for each row execute function archive_own_snapshot('seen_in_id');
create trigger check_own_snapshot before insert or update on events_pagecheck
  for each row execute function archive_own_snapshot('snapshot_id');
"""

REMOVED = """
drop trigger check_own_snapshot on events_pagecheck;
drop trigger check_own_snapshot on events_sourcecheck;
drop trigger checks_forgotten on events_article;
drop trigger checks_forgotten on events_quotation;
drop function archive_own_snapshot();
drop function archive_forget_checks();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0003_create_groups'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tried_at', models.DateTimeField(editable=False, verbose_name='asked')),
                ('checked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='checked')),
                ('is_gone', models.BooleanField(default=False, editable=False, verbose_name='the page is gone')),
                ('final_url', models.TextField(blank=True, default='', editable=False, verbose_name='final address')),
                ('etag', models.CharField(blank=True, default='', editable=False, max_length=500, verbose_name='ETag')),
                ('last_modified', models.CharField(blank=True, default='', editable=False, max_length=100, verbose_name='Last-Modified')),
                ('failures', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='failures in a row')),
                ('failing_since', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='failing since')),
                ('failure', models.CharField(blank=True, default='', editable=False, max_length=300, verbose_name='why it failed')),
            ],
            options={
                'verbose_name': 'check of a page',
                'verbose_name_plural': 'checks of pages',
            },
        ),
        migrations.CreateModel(
            name='SourceCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('same', 'In the source'), ('moved', 'Elsewhere in the source'), ('changed', 'Source changed'), ('gone', 'Source gone'), ('failing', 'Source out of reach')], editable=False, max_length=8, verbose_name='state')),
                ('since', models.DateTimeField(editable=False, verbose_name='since')),
                ('checked_at', models.DateTimeField(editable=False, verbose_name='checked')),
                ('seen_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last seen')),
                ('nearest', models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='nearest words there now')),
            ],
            options={
                'verbose_name': 'check of a source',
                'verbose_name_plural': 'checks of sources',
            },
        ),
        migrations.AddField(
            model_name='snapshot',
            name='etag',
            field=models.CharField(blank=True, default='', editable=False, max_length=500, verbose_name='ETag'),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='final_url',
            field=models.TextField(blank=True, default='', editable=False, verbose_name='final address'),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='last_modified',
            field=models.CharField(blank=True, default='', editable=False, max_length=100, verbose_name='Last-Modified'),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='outcome',
            field=models.CharField(choices=[('first', 'First'), ('same', 'Same'), ('changed', 'Changed'), ('gone', 'Gone')], editable=False, max_length=8, verbose_name='outcome'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['first', 'same', 'changed', 'gone'])), name='snapshot_outcome_known'),
        ),
        migrations.AddField(
            model_name='pagecheck',
            name='article',
            field=models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='page_check', to='events.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='pagecheck',
            name='snapshot',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.snapshot', verbose_name='latest snapshot'),
        ),
        migrations.AddField(
            model_name='sourcecheck',
            name='quotation',
            field=models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='source_check', to='events.quotation', verbose_name='quotation'),
        ),
        migrations.AddField(
            model_name='sourcecheck',
            name='seen_in',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.snapshot', verbose_name='snapshot that holds the words'),
        ),
        migrations.AddConstraint(
            model_name='pagecheck',
            constraint=models.CheckConstraint(condition=models.Q(('checked_at', None), ('checked_at__lte', models.F('tried_at')), _connector='OR'), name='pagecheck_asked_when_checked'),
        ),
        migrations.AddConstraint(
            model_name='pagecheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('failing_since', None), ('failures', 0)), models.Q(('failing_since__isnull', False), ('failing_since__lte', models.F('tried_at')), ('failures__gt', 0), models.Q(('failure', ''), _negated=True)), _connector='OR'), name='pagecheck_failing_with_reason'),
        ),
        migrations.AddIndex(
            model_name='sourcecheck',
            index=models.Index(fields=['state'], name='sourcecheck_by_state'),
        ),
        migrations.AddConstraint(
            model_name='sourcecheck',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['same', 'moved', 'changed', 'gone', 'failing'])), name='sourcecheck_state_known'),
        ),
        migrations.AddConstraint(
            model_name='sourcecheck',
            constraint=models.CheckConstraint(condition=models.Q(('since__lte', models.F('checked_at'))), name='sourcecheck_since_before_check'),
        ),
        migrations.AddConstraint(
            model_name='sourcecheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('seen_at', models.F('checked_at')), ('seen_at__isnull', False), ('seen_in__isnull', False), ('state__in', ['same', 'moved'])), models.Q(models.Q(('state__in', ['same', 'moved']), _negated=True), models.Q(models.Q(('seen_at', None), ('seen_in', None)), models.Q(('seen_at__isnull', False), ('seen_at__lte', models.F('checked_at')), ('seen_in__isnull', False)), _connector='OR')), _connector='OR'), name='sourcecheck_seen_when_there'),
        ),
        migrations.AddConstraint(
            model_name='sourcecheck',
            constraint=models.CheckConstraint(condition=models.Q(('nearest', ''), ('state', 'changed'), _connector='OR'), name='sourcecheck_nearest_when_changed'),
        ),
        migrations.RunSQL(GUARDS, REMOVED),
    ]
