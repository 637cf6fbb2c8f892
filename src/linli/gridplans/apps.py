from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridPlansConfig(AppConfig):
    name = "linli.gridplans"
    verbose_name = _("Drafts of grids")

    def ready(self) -> None:
        from linli.gridplans import tasks
        from linli.gridplans.choices import APPLY, MAKE, REVERT
        from linli.jobs import schedule, works

        works.register(MAKE, tasks.make)
        works.register(APPLY, tasks.apply)
        works.register(REVERT, tasks.revert)
        schedule.register("gridplans.expire", timedelta(days=1), tasks.expire)
