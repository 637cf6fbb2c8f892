from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HousingConfig(AppConfig):
    name = "linli.housing"
    verbose_name = _("Homes")

    def ready(self) -> None:
        from linli.housing import exporting, facility_exporting, facts, rental_sheets, sheets

        facts.register()
        sheets.register()
        rental_sheets.register()
        exporting.register()
        facility_exporting.register()
