from django.db import migrations

CHUNK = 1000


def find_by_given_names(apps, schema_editor):
    """Let people who were written down before be found by the pinyin of their given names too."""
    from linli.people.terms import given_readings

    person = apps.get_model("people", "Person")
    rows = person.objects.exclude(search_terms="").only("pk", "name", "search_terms").order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last, changed = chunk[-1].pk, []
        for row in chunk:
            known = set(row.search_terms.split())
            new = [word for word in given_readings(row.name).split() if word not in known]
            if new:
                row.search_terms = " ".join((row.search_terms, *new))
                changed.append(row)
        person.objects.bulk_update(changed, ["search_terms"], batch_size=CHUNK)


class Migration(migrations.Migration):
    dependencies = [("people", "0005_duplicates")]

    operations = [migrations.RunPython(find_by_given_names, migrations.RunPython.noop, elidable=True)]
