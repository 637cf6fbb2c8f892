from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    name = "linli.inbox"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from datetime import timedelta

        from linli.inbox import receivers  # noqa: F401
        from linli.inbox.actions import remind_of_vacancies
        from linli.inbox.staffing import register_texts
        from linli.jobs import schedule

        register_texts()
        schedule.register("inbox.remind_of_vacancies", timedelta(hours=6), remind_of_vacancies)
