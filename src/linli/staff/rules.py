"""The pledge comes before the ledgers: which abilities open one, and who may use them already."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linli.accounts.rules import Obstacle
from linli.staff.models import Pledge
from linli.staff.text import pledge_text

# Abilities about residents, homes, units and agreements begin with one of these; a new ledger is added here.
LEDGERS = ("people.", "housing.", "units.", "agreements.", "exports.", "declarations.")
# Numbers without persons.
NO_LEDGER = frozenset({"people.count"})


def opens_a_ledger(ability: str) -> bool:
    """Tell whether an ability shows or changes what a ledger holds."""
    return ability.startswith(LEDGERS) and ability not in NO_LEDGER


def has_pledged(user: Any) -> bool:
    """Tell whether the user accepted the present version; asked once in the life of the user object."""
    if not getattr(user, "_has_pledged", False):
        user._has_pledged = Pledge.objects.filter(person=user.pk, version=pledge_text().version).exists()
    return bool(user._has_pledged)


def pledge_comes_first(user: Any, ability: str) -> Obstacle | None:
    """Return what stands before a ledger for whoever has not pledged; Linli itself has no account and needs none."""
    if user.pk is None or not opens_a_ledger(ability) or has_pledged(user):
        return None
    return Obstacle(_("Please read and accept the pledge of confidentiality first: on the page “Pledge”."), "pledge")
