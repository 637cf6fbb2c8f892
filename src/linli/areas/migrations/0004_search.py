from django.db import migrations, models

from linli.core.search import install_search, keep_search

CHUNK = 500


def find_by_name(apps, schema_editor):
    """Let areas that were written down before be found by their names too."""
    from linli.areas.terms import area_terms

    area = apps.get_model("areas", "Area")
    names = dict(area.objects.values_list("pk", "name"))
    rows = area.objects.only("pk", "name", "parent_id").order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        for row in chunk:
            row.search_terms = area_terms(row.name, names.get(row.parent_id, ""))
        area.objects.bulk_update(chunk, ["search_terms"])


class Migration(migrations.Migration):
    dependencies = [("areas", "0003_names_on_boards")]

    operations = [
        migrations.AddField(
            model_name="area",
            name="search_terms",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(find_by_name, migrations.RunPython.noop, elidable=True),
        install_search("areas_area"),
        keep_search("areas_area"),
    ]
