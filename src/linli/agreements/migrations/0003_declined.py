from django.db import migrations, models

from linli.core.search import keep_search


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_search")]

    operations = [
        keep_search("agreements_agreement"),
        migrations.AddField(
            model_name="agreement",
            name="declined",
            field=models.BooleanField(default=False, verbose_name="prefers not to sign"),
        ),
        keep_search("agreements_agreement"),
    ]
