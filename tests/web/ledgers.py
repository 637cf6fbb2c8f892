"""People of 广场西社区 for tests of the ledger pages: 3号楼 lies in the first grid, 9号楼 in the second."""

from __future__ import annotations

from linli.housing.actions import assign_grid
from linli.housing.models import Building
from linli.people.models import Household
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook
from tests.once import once

ID_NUMBER, PHONE = "149999196108257324", "15005569934"
BAD_ID = "149999196108257325"

ROWS = [
    resident("单田芳", id_number=ID_NUMBER, phone=PHONE, birth_date="1961-08-25"),
    resident("单小雨", relation="之女", birth_date="2016-03-02"),
    resident("李桂香", room="602", id_number=BAD_ID),
    resident("王翠萍", building="9号楼", birth_date="1961-02-30"),
]


def settle(cast: Cast) -> None:
    """Let the people move in."""
    once("settle", lambda: move_in(cast))


def move_in(cast: Cast) -> None:
    """Take over the workbook of the people, and give their buildings to the grids."""
    applied(workbook(ROWS), cast.community_area, cast.leader)
    for name, grid in (("3号楼", cast.grid), ("9号楼", cast.other_grid)):
        assign_grid(Building.objects.get(name=name), grid, by=cast.leader)


def household_of(name: str) -> Household:
    """Return the household that somebody lives in."""
    return Household.objects.get(residences__person__name=name)
