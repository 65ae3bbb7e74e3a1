"""The group Administrator: who has an account, in which groups, and who signed in. No records."""

from django.db import migrations

RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    "auth": {"user": ("add", "change", "view"), "group": ("view",)},
    "axes": {"accesslog": ("view",), "accessfailurelog": ("view",), "accessattempt": ("view",)},
}


def create_group(apps, schema_editor):
    content_type = apps.get_model("contenttypes", "ContentType")
    permission = apps.get_model("auth", "Permission")
    administrator, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Administrator")
    for app, models in RIGHTS.items():
        for model, actions in models.items():
            kind, _ = content_type.objects.get_or_create(app_label=app, model=model)
            for action in actions:
                right, _ = permission.objects.get_or_create(
                    content_type=kind, codename=f"{action}_{model}", defaults={"name": f"Can {action} {model}"}
                )
                administrator.permissions.add(right)


def remove_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name="Administrator").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0010_guard_drafts"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create_group, remove_group)]
