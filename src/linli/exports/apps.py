from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    name = "linli.exports"
    verbose_name = _("What is taken out")

    def ready(self) -> None:
        from linli.exports import actions, receivers  # noqa: F401 - receivers connect on import
        from linli.exports.choices import MAKE_EXPORT
        from linli.inbox import texts
        from linli.jobs import schedule, works

        works.register(MAKE_EXPORT, actions.make_export)
        schedule.register("exports.forget_old", timedelta(days=1), actions.forget_old)
        for kind, text in actions.TEXTS.items():
            texts.register(kind, text)
