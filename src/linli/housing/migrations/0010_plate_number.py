from django.db import migrations, models

import linli.core.fields


class Migration(migrations.Migration):
    dependencies = [("housing", "0009_declined")]

    operations = [
        migrations.AddField(
            model_name="dwelling",
            name="plate_number",
            field=linli.core.fields.BytewiseField(
                blank=True, db_default="", default="", max_length=60, verbose_name="plate number"
            ),
        ),
        migrations.AddIndex(
            model_name="dwelling",
            index=models.Index(fields=["plate_number"], name="dwellings_by_plate"),
        ),
    ]
