from django.db import migrations, models

import linli.core.fields
from linli.core.search import keep_search


def hidden(words: str) -> models.Field:
    return linli.core.fields.EncryptedTextField(blank=True, verbose_name=words)


class Migration(migrations.Migration):
    dependencies = [("units", "0004_contacts")]

    operations = [
        keep_search("units_unit"),
        migrations.AddField("unit", "second_name", hidden("second contact person")),
        migrations.AddField("unit", "second_phone", hidden("second contact phone")),
        migrations.AddField("unit", "officers", hidden("office-holders")),
        keep_search("units_unit"),
    ]
