
from django.conf import settings
from django.db import migrations, models

class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0001_initial'),
        ('cases', '0002_search'),
        ('housing', '0002_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['path', 'category', 'state', 'reported_at', 'closed_at', 'answered_at', 'due_at', 'answer_due_at', 'closing', 'rating'], name='cases_figures'),
        ),
    ]
