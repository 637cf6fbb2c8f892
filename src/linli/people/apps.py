from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# How often the schedule looks whether entries that are new or changed stand in the ledger twice.
LOOKS_EVERY = timedelta(minutes=5)
# How often it looks whether it is night, when the whole ledger is looked through.
LOOKS_FOR_NIGHT_EVERY = timedelta(minutes=30)


class PeopleConfig(AppConfig):
    name = "linli.people"
    verbose_name = _("People")

    def ready(self) -> None:
        from linli.people import at_home, exporting, queue_exporting, receivers, sheets  # noqa: F401 - receivers connect on import
        from linli.people.actions.transfers import register_texts

        register_texts()
        sheets.register()
        at_home.register()
        exporting.register()
        queue_exporting.register()
        self._look_for_duplicates()

    def _look_for_duplicates(self) -> None:
        from linli.jobs import schedule, works
        from linli.people import merging

        works.register(merging.FIND_DUPLICATES, merging.check_area)
        schedule.register("people.check_changed", LOOKS_EVERY, merging.check_changed)
        schedule.register("people.check_nightly", LOOKS_FOR_NIGHT_EVERY, merging.check_nightly)
