from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    name = "linli.units"
    verbose_name = _("Units")

    def ready(self) -> None:
        from linli.units import exporting, receivers, sheets  # noqa: F401 - receivers connect on import

        exporting.register()
        sheets.register()
