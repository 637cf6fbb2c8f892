from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def spare_the_log(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let PostgreSQL count without waiting for the disk: what a crash forgets are counters of minutes."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE accounts_attempts SET UNLOGGED")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Attempts",
            fields=[
                ("counter", models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name="counter")),
                ("count", models.PositiveIntegerField(verbose_name="count")),
                ("ends_at", models.DateTimeField(db_index=True, verbose_name="ends at")),
            ],
            options={"verbose_name": "attempts", "verbose_name_plural": "attempts"},
        ),
        migrations.RunPython(spare_the_log, migrations.RunPython.noop),
    ]
