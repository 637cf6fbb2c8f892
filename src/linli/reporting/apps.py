from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "linli.reporting"
    verbose_name = _("Forms to fill")

    def ready(self) -> None:
        from linli.reporting import sheets

        sheets.register()
