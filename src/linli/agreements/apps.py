from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    name = "linli.agreements"
    verbose_name = _("Agreements")

    def ready(self) -> None:
        from linli.agreements import actions, exporting, receivers  # noqa: F401 - receivers connect on import
        from linli.agreements.actions.duties import register_texts, remind_due
        from linli.jobs.schedule import register

        register_texts()
        exporting.register()
        register("agreements.remind_due", timedelta(hours=12), remind_due)
