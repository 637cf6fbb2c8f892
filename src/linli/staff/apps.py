from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "linli.staff"
    verbose_name = _("Staff register")

    def ready(self) -> None:
        from linli.accounts.rules import preconditions
        from linli.staff import exporting, sheets
        from linli.staff.rules import pledge_comes_first

        preconditions.register("staff.pledge", pledge_comes_first)
        sheets.register()
        exporting.register()
