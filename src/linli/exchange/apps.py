from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "linli.exchange"
    verbose_name = _("Workbooks in and out")
