"""Checks that several actions make before they write."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.core import clock, phones
from linli.housing.models import Dwelling
from linli.housing.registries import facts


def clean_phone(value: str) -> str:
    """Return a phone as it is kept; "" stays. Raises ``ValidationError`` for ``phone``."""
    checked = phones.check(value)
    if checked.value and not checked.ok:
        raise ValidationError({"phone": _("This is no phone number. A mobile number has 11 digits.")})
    return checked.value


def check_not_ahead(day: date | None, field: str) -> None:
    """Raise ``ValidationError`` for a day that has not come yet."""
    if day is not None and day > clock.today():
        raise ValidationError({field: _("This day has not come yet. Choose today or an earlier one.")})


def is_lived_in(dwellings: QuerySet[Dwelling]) -> bool:
    """Tell whether somebody is registered in one of these dwellings."""
    return dwellings.filter(facts.get("file").holds()).exists()
