from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("housing", "0008_facility_photos")]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="contact_declined",
                field=models.BooleanField(default=False, verbose_name="prefers not to give a contact"),
            )
            for name in ("ownership", "tenancy")
        ),
        migrations.AddField(
            model_name="safetycheck",
            name="declined",
            field=models.BooleanField(default=False, verbose_name="prefers not to be checked"),
        ),
    ]
