from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ABANDONED_EVERY = timedelta(seconds=20)


class JobsConfig(AppConfig):
    name = "linli.jobs"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from linli.jobs import actions, receivers, schedule, works  # noqa: F401 - receivers connect on import
        from linli.jobs.choices import VERIFY_JOURNAL

        works.register(VERIFY_JOURNAL, actions.verify_journal)
        schedule.register("jobs.close_abandoned", ABANDONED_EVERY, actions.close_abandoned)
