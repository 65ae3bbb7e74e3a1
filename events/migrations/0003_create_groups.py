"""The groups Editor (all but publish and delete) and Reviewer (also publish)."""

from django.db import migrations

RECORDS = ("participant", "place", "topic", "meeting", "agreement", "outlet", "article", "quotation")
ROWS = ("name", "tenure", "attendance", "coverage")


def create_groups(apps, schema_editor):
    content_type = apps.get_model("contenttypes", "ContentType")
    permission = apps.get_model("auth", "Permission")
    group = apps.get_model("auth", "Group")

    def grant(to, model, *actions):
        kind, _ = content_type.objects.get_or_create(app_label="events", model=model)
        verbose = apps.get_model("events", model)._meta.verbose_name
        for action in actions:
            right, _ = permission.objects.get_or_create(
                content_type=kind, codename=f"{action}_{model}", defaults={"name": f"Can {action} {verbose}"}
            )
            to.permissions.add(right)

    editor, _ = group.objects.get_or_create(name="Editor")
    reviewer, _ = group.objects.get_or_create(name="Reviewer")
    for to in (editor, reviewer):
        for model in RECORDS:
            grant(to, model, "add", "change", "view")
        for model in ROWS:
            # Rows of a record are taken out on the record's own form, which is a change of that record.
            grant(to, model, "add", "change", "view", "delete")
        grant(to, "snapshot", "view")
    for model in RECORDS:
        grant(reviewer, model, "publish")


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=["Editor", "Reviewer"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_guard_records"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create_groups, remove_groups)]
