from django.db import migrations

CHUNK = 500


def find_by_contacts(apps, schema_editor):
    """Let units that were written down before be found by their contacts too."""
    from linli.core.nameterms import hidden_terms

    unit = apps.get_model("units", "Unit")
    rows = unit.objects.only("pk", "search_terms", "contact_name", "contact_phone").order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last, changed = chunk[-1].pk, []
        for row in chunk:
            known = set(row.search_terms.split())
            new = [word for word in hidden_terms(row.contact_name, row.contact_phone).split() if word not in known]
            if new:
                row.search_terms = " ".join((row.search_terms, *new))
                changed.append(row)
        unit.objects.bulk_update(changed, ["search_terms"])


class Migration(migrations.Migration):
    dependencies = [("units", "0003_more_about_units")]

    operations = [migrations.RunPython(find_by_contacts, migrations.RunPython.noop, elidable=True)]
