from django.db import migrations, models

COLLATE = """
    ALTER TABLE organizations_organization
    ALTER COLUMN search_name TYPE varchar(200) COLLATE "{}"
"""


def sort_by_code_point(_apps, schema_editor):
    """SQLite does already; PostgreSQL finds beginnings by an index in this order only."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(COLLATE.format("C"))


def sort_as_the_database_does(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(COLLATE.format("default"))


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(sort_by_code_point, sort_as_the_database_does),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(fields=["state", "search_name", "id"], name="organization_by_state"),
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(fields=["kind", "search_name", "id"], name="organization_by_kind"),
        ),
    ]
