from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridPlansConfig(AppConfig):
    name = "linli.gridplans"
    verbose_name = _("Drafts of grids")

    def ready(self) -> None:
        from linli.gridplans import actions, tasks
        from linli.gridplans.actions.telling import TEXTS
        from linli.gridplans.choices import APPLY, MAKE, REVERT
        from linli.inbox import texts
        from linli.jobs import schedule, works

        works.register(MAKE, tasks.make)
        works.register(APPLY, tasks.apply)
        works.register(REVERT, tasks.revert)
        for kind, text in TEXTS.items():
            texts.register(kind, text)
        schedule.register("gridplans.expire", timedelta(days=1), actions.expire_plans)
