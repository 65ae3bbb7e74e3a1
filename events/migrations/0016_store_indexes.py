"""Keep the indexes of the lists in the database, for every process that answers readers."""

from django.db import migrations, models

from events.models.published import CreateViews, DropViews


class Migration(migrations.Migration):
    dependencies = [("events", "0015_index_words")]

    operations = [
        DropViews(),
        migrations.CreateModel(
            name="StoredIndex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("noun", models.CharField(editable=False, max_length=20, verbose_name="noun")),
                ("form", models.PositiveSmallIntegerField(editable=False, verbose_name="form")),
                ("oldest", models.BigIntegerField(editable=False, verbose_name="oldest transaction not seen")),
                (
                    "pruned",
                    models.BigIntegerField(
                        editable=False, verbose_name="oldest transaction with all its invalidations"
                    ),
                ),
                ("built_at", models.DateTimeField(auto_now_add=True, verbose_name="built")),
                ("data", models.BinaryField(editable=False, verbose_name="data")),
            ],
            options={
                "verbose_name": "stored index",
                "verbose_name_plural": "stored indexes",
                "default_permissions": (),
                "indexes": [models.Index(fields=["noun", "-id"], name="stored_index_newest")],
            },
        ),
        # Bitmaps are small already, and PostgreSQL would spend seconds on trying.
        migrations.RunSQL(
            "alter table events_storedindex alter column data set storage external", migrations.RunSQL.noop
        ),
        CreateViews(),
    ]
