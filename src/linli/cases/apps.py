from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "linli.cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from linli.cases import exporting, receivers  # noqa: F401 - receivers connect on import
        from linli.cases.actions import lapse_silent
        from linli.cases.actions.messages import register_texts
        from linli.cases.deadlines import calendar
        from linli.core import workdays
        from linli.jobs.schedule import register

        register_texts()
        workdays.calendars.register(workdays.KEPT, calendar)
        exporting.register()
        register("cases.lapse_silent", timedelta(minutes=30), lapse_silent)
