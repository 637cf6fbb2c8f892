from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeclarationsConfig(AppConfig):
    name = "linli.declarations"
    verbose_name = _("Declarations")

    def ready(self) -> None:
        from linli.declarations import actions, exporting, receivers  # noqa: F401 - receivers connect on import
        from linli.declarations.actions.messages import register_texts
        from linli.jobs.schedule import register

        register_texts()
        exporting.register()
        register("declarations.remind_waiting", timedelta(minutes=30), actions.remind_waiting)
        register("declarations.lapse_unanswered", timedelta(hours=6), actions.lapse_unanswered)
        register("declarations.erase_due", timedelta(hours=6), actions.erase_due)
