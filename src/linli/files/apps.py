from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "linli.files"
    verbose_name = _("Files")

    def ready(self) -> None:
        from linli.files import actions, receivers  # noqa: F401
        from linli.jobs import schedule

        schedule.register("files.remove_expired", timedelta(hours=1), actions.remove_expired)
