"""Articles between their reading and their save; and keys of addresses that know pages for telephones, AMP copies and more trackers."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from events import addresses
from events.models.fields import address_key


def renew_keys(apps, schema_editor):
    """An article whose new key another one has keeps the old one: both are there, and only an editor can say which is to go."""
    articles = apps.get_model("events", "Article").objects
    for pk, url, key in articles.exclude(url="").values_list("pk", "url", "url_key").iterator():
        try:
            new = address_key(url)
        except addresses.AddressError:
            continue
        if new != key and not articles.filter(url_key=new, merged_into=None).exists():
            articles.filter(pk=pk).update(url_key=new)


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0004_create_checks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IncomingArticle',
            fields=[
                ('token', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='read')),
                ('source', models.TextField(blank=True, default='', editable=False, verbose_name='read from')),
                ('reading', models.JSONField(default=dict, editable=False, verbose_name='what was read')),
                ('page', models.BinaryField(blank=True, null=True, verbose_name='what the server sent')),
                ('page_text', models.TextField(blank=True, default='', editable=False, verbose_name='text of the page')),
                ('article', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.article')),
                ('user', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'incoming article',
                'verbose_name_plural': 'incoming articles',
                'default_permissions': (),
                'indexes': [models.Index(fields=['read_at'], name='incomingarticle_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('article', None), ('page', None), _connector='OR'), name='incomingarticle_page_until_stored')],
            },
        ),
        migrations.RunPython(renew_keys, migrations.RunPython.noop),
    ]
