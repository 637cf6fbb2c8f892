from django.db import migrations

from linli.core.search import install_search


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial")]

    operations = [install_search("agreements_agreement")]
