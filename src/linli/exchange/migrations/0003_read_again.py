from django.db import migrations


def let_them_be_read_again(apps, schema_editor):
    """What the pages show of a workbook is kept from now on: those that are under way have to be read once more."""
    apps.get_model("exchange", "Batch").objects.filter(state__in=["uploaded", "checked"]).update(state="sent")


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0002_background_work'),
    ]

    operations = [
        migrations.RunPython(let_them_be_read_again, migrations.RunPython.noop),
    ]
