from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HousingConfig(AppConfig):
    name = "linli.housing"
    verbose_name = _("Homes")

    def ready(self) -> None:
        from linli.housing import (
            actions,
            exporting,
            facility_exporting,
            facts,
            planned_exporting,
            rental_sheets,
            sheets,
        )
        from linli.jobs import schedule

        facts.register()
        sheets.register()
        rental_sheets.register()
        exporting.register()
        facility_exporting.register()
        planned_exporting.register()
        schedule.register("housing.forget_bookers", timedelta(days=1), actions.forget_bookers)
