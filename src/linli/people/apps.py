from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "linli.people"
    verbose_name = _("People")

    def ready(self) -> None:
        from linli.people import at_home, exporting, receivers, sheets  # noqa: F401 - receivers connect on import
        from linli.people.actions.transfers import register_texts

        register_texts()
        sheets.register()
        at_home.register()
        exporting.register()
