from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "linli.exchange"
    verbose_name = _("Workbooks in and out")

    def ready(self) -> None:
        from linli.exchange import actions, receivers  # noqa: F401 - receivers connect on import
        from linli.exchange.choices import BatchWork
        from linli.jobs import works

        for work in BatchWork:
            works.register(work, actions.work_on)
