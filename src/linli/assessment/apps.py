from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "linli.assessment"
    verbose_name = _("Figures")

    def ready(self) -> None:
        from linli.assessment import actions, exporting, receivers  # noqa: F401 - receivers connect on import
        from linli.assessment.texts import register_texts
        from linli.jobs import schedule

        schedule.register("assessment.count_ledgers", timedelta(seconds=50), actions.count_ledgers)
        schedule.register("assessment.count_coverage", timedelta(seconds=50), actions.count_coverage)
        schedule.register("assessment.remind_of_reviews", timedelta(minutes=10), actions.remind_of_reviews)
        register_texts()
        exporting.register()
