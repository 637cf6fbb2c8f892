"""The door of the pages of workbooks: one ability opens them, and each kind of workbook asks for its own inside."""

from __future__ import annotations

from linli.accounts.access import View, allowed

DOOR = "exchange.use"
PEOPLE = "people.import"


def through_the_door(view: View) -> View:
    """Open a view to whoever takes workbooks of any kind in; the pledge comes first for those who see people there."""
    return allowed(DOOR, shows=(PEOPLE,))(view)
