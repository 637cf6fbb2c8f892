from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

INTERRUPTED_EVERY = timedelta(seconds=20)


class ExchangeConfig(AppConfig):
    name = "linli.exchange"
    verbose_name = _("Workbooks in and out")

    def ready(self) -> None:
        from linli.exchange import actions, receivers  # noqa: F401 - receivers connect on import
        from linli.exchange.choices import BatchWork
        from linli.jobs import schedule, works

        for work in BatchWork:
            works.register(work, actions.work_on)
        schedule.register("exchange.finish_interrupted", INTERRUPTED_EVERY, actions.finish_interrupted)
