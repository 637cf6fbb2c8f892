from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "linli.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from linli.accounts import ratelimit
        from linli.jobs import schedule

        schedule.register("accounts.remove_ended_attempts", timedelta(minutes=5), ratelimit.remove_ended)
