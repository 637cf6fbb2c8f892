from django.db import migrations

import linli.core.ordering
from linli.core.bulkload import update_rows
from linli.core.search import keep_search

CHUNK = 1000


def put_in_order(apps, schema_editor):
    """Give compounds, buildings and homes that were written down before their places in order."""
    from linli.housing.addresses import building_order, home_order

    _fill(apps.get_model("housing", "Compound"), ("name",), building_order)
    _fill(apps.get_model("housing", "Building"), ("address",), building_order)
    _fill(apps.get_model("housing", "Dwelling"), ("building__address", "entrance", "floor", "room"), home_order)


def _fill(model, columns, key_of):
    rows, last = model.objects.order_by("pk").values_list("pk", *columns), 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1][0]
        update_rows(model, ["sort_key"], [(key_of(*values), pk) for pk, *values in chunk])


class Migration(migrations.Migration):
    dependencies = [("housing", "0005_bookings")]

    operations = [
        keep_search("housing_building"),
        migrations.AlterModelOptions(
            name="compound",
            options={
                "ordering": ["sort_key", "pk"],
                "verbose_name": "compound",
                "verbose_name_plural": "compounds",
            },
        ),
        migrations.AlterModelOptions(
            name="building",
            options={
                "ordering": ["sort_key", "pk"],
                "verbose_name": "building",
                "verbose_name_plural": "buildings",
            },
        ),
        migrations.AlterModelOptions(
            name="dwelling",
            options={
                "ordering": ["sort_key", "pk"],
                "verbose_name": "dwelling",
                "verbose_name_plural": "dwellings",
            },
        ),
        *(
            migrations.AddField(
                model_name=name,
                name="sort_key",
                field=linli.core.ordering.OrderKeyField(verbose_name="place in order"),
            )
            for name in ("compound", "building", "dwelling")
        ),
        migrations.RunPython(put_in_order, migrations.RunPython.noop, elidable=True),
        keep_search("housing_building"),
    ]
