"""What the archive proposes about articles, and what editors decided."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0007_index_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('article', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='survey', serialize=False, to='events.article', verbose_name='article')),
                ('source_key', models.CharField(editable=False, max_length=64, verbose_name='source')),
                ('made_at', models.DateTimeField(auto_now=True, verbose_name='made')),
                ('left_out', models.PositiveIntegerField(default=0, editable=False, verbose_name='left out')),
            ],
            options={
                'verbose_name': 'survey',
                'verbose_name_plural': 'surveys',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noun', models.CharField(choices=[('quotation', 'Quotation'), ('participant', 'Participant'), ('place', 'Place'), ('meeting', 'Meeting')], editable=False, max_length=12, verbose_name='noun')),
                ('start', models.PositiveIntegerField(editable=False, verbose_name='start')),
                ('end', models.PositiveIntegerField(editable=False, verbose_name='end')),
                ('exact', models.TextField(editable=False, verbose_name='words')),
                ('details', models.JSONField(default=dict, editable=False, verbose_name='details')),
                ('reason', models.TextField(blank=True, default='', editable=False, verbose_name='reason')),
                ('decision', models.CharField(choices=[('waiting', 'Waiting'), ('accepted', 'Accepted'), ('dismissed', 'Dismissed'), ('recorded', 'In the archive already')], default='waiting', editable=False, max_length=10, verbose_name='decision')),
                ('decided_at', models.DateTimeField(editable=False, null=True, verbose_name='decided')),
                ('made', models.JSONField(default=list, editable=False, verbose_name='made')),
                ('article', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='events.article', verbose_name='article')),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('meeting', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='events.meeting', verbose_name='meeting')),
                ('participant', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='events.participant', verbose_name='participant')),
                ('place', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='events.place', verbose_name='place')),
                ('quotation', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='events.quotation', verbose_name='quotation')),
            ],
            options={
                'verbose_name': 'proposal',
                'verbose_name_plural': 'proposals',
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('decision', 'waiting')), fields=['article'], name='proposal_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('noun__in', ['quotation', 'participant', 'place', 'meeting'])), name='proposal_noun_known'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decision__in', ['waiting', 'recorded'])), models.Q(('decided_at__isnull', False), ('decision__in', ['accepted', 'dismissed'])), _connector='OR'), name='proposal_decided_at_some_time'), models.CheckConstraint(condition=models.Q(('start__lt', models.F('end')), models.Q(('exact', ''), _negated=True)), name='proposal_start_before_end'), models.CheckConstraint(condition=models.Q(models.Q(('noun', 'quotation'), ('quotation', None), _connector='OR'), models.Q(('noun', 'participant'), ('participant', None), _connector='OR'), models.Q(('noun', 'place'), ('place', None), _connector='OR'), models.Q(('noun', 'meeting'), ('meeting', None), _connector='OR')), name='proposal_record_of_its_noun'), models.CheckConstraint(condition=models.Q(('decision__in', ['accepted', 'recorded']), models.Q(('meeting', None), ('participant', None), ('place', None), ('quotation', None)), _connector='OR'), name='proposal_record_once_accepted'), models.UniqueConstraint(condition=models.Q(('quotation__isnull', False)), fields=('quotation',), name='proposal_quotation_once')],
            },
        ),
    ]
