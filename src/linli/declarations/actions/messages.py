"""Telling staff: a declaration came, was answered, was withdrawn, has waited too long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.accounts.models import User
from linli.areas.choices import Role
from linli.areas.queries import COMMUNITY_SIDE, staff_of
from linli.declarations.choices import Action
from linli.declarations.models import Declaration
from linli.inbox.actions import send
from linli.inbox.texts import register

GRID_SIDE = (Role.WORKER, Role.ASSISTANT)
WAITS = "declarations.waits"
TEXTS = {
    "declarations.declare": _("A resident declared something: %(place)s (%(number)s)"),
    "declarations.answer": _("Your question about %(place)s (%(number)s) was answered"),
    "declarations.withdraw": _("A declaration was withdrawn: %(place)s (%(number)s)"),
    WAITS: _("A declaration has waited longer than promised: %(place)s (%(number)s)"),
}


def register_texts() -> None:
    """Add the texts to the register of the inbox, at start-up."""
    for kind, text in TEXTS.items():
        register(kind, text)


def tell(declaration: Declaration, action: str) -> None:
    """Tell the grid's worker and the community what the declarer did."""
    kind = f"declarations.{Action(action)}"
    if kind in TEXTS:
        _send(declaration, kind)


def remind(declaration: Declaration) -> None:
    """Tell them that a declaration has waited longer than was promised."""
    _send(declaration, WAITS)


def _send(declaration: Declaration, kind: str) -> None:
    # The building, not the home: messages outlive what is personal.
    values = {"number": declaration.number, "place": declaration.building.address}
    send(recipients(declaration), kind, values, url=f"/declarations/{declaration.number}/")


def recipients(declaration: Declaration) -> list[User]:
    """Return who keeps the ledger of the home: those of its grid, and those of its community."""
    building = declaration.building
    posts = staff_of(building.community, COMMUNITY_SIDE)
    if building.grid is not None:
        posts += staff_of(building.grid, GRID_SIDE)
    return [post.holder for post in posts if post.holder is not None]
