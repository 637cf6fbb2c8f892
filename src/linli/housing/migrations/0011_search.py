from django.db import migrations, models

from linli.core.search import install_search, keep_search

CHUNK = 500
TABLES = ("housing_ownership", "housing_tenancy", "housing_facility")


def find_by_name(apps, schema_editor):
    """Let owners, tenants and facilities that were written down before be found by their names too."""
    from linli.core.namesearch import terms_of
    from linli.housing.terms import facility_terms

    told = {
        "Ownership": lambda row: terms_of(row.name, row.phone),
        "Tenancy": lambda row: terms_of(row.contact, row.phone),
        "Facility": lambda row: facility_terms(row.name, row.place),
    }
    for name, terms in told.items():
        model, last = apps.get_model("housing", name), 0
        while chunk := list(model.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
            last = chunk[-1].pk
            for row in chunk:
                row.search_terms = terms(row)
            model.objects.bulk_update(chunk, ["search_terms"])


class Migration(migrations.Migration):
    dependencies = [("housing", "0010_plate_number")]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="search_terms",
                field=models.TextField(blank=True, default="", editable=False),
            )
            for name in ("ownership", "tenancy", "facility")
        ),
        migrations.RunPython(find_by_name, migrations.RunPython.noop, elidable=True),
        *(step(table) for table in TABLES for step in (install_search, keep_search)),
    ]
