"""One spelling for the parts of an address, so that 3号楼 in a workbook is the 3号楼 on the map."""

from __future__ import annotations

import re
from typing import NamedTuple

from linli.core.sheets.addresses import building_number, compound_name, entrance_number, room_number

_HOUSE_NUMBER = re.compile(r"[0-9A-Z]{1,5}(?:-[0-9]{1,3})?")
_FLOOR = re.compile(r"(\d{1,2})\d{2}")


class HomeKey(NamedTuple):
    """The four parts of a home's address, each in its one spelling; a part that is not written is ``""``."""

    compound: str = ""
    building: str = ""
    entrance: str = ""
    room: str = ""

    @property
    def house(self) -> HomeKey:
        """The key of the building alone."""
        return HomeKey(self.compound, self.building)


def home_key(compound: str, building: str, entrance: str = "", room: str = "") -> HomeKey:
    """Return the key of a home however its parts are written: 3号楼, 3# and 三号楼 are the same."""
    return HomeKey(compound_name(compound), building_number(building), entrance_number(entrance), room_number(room))


def spell_building(building: str) -> str:
    """Return a building as people say it: 3 becomes 3号楼, a name stays."""
    return f"{building}号楼" if _HOUSE_NUMBER.fullmatch(building) else building


def spell_home(building_address: str, entrance: str, room: str) -> str:
    """Return the address of a home: 黎花园3号楼, 2, 501 becomes 黎花园3号楼2单元501."""
    through = f"{entrance}单元" if entrance.isascii() and entrance.isalnum() else entrance
    return f"{building_address}{through}{room}"


def floor_of(room: str) -> int | None:
    """Return the floor that a room number tells (501 → 5, 1203 → 12), or None."""
    match = _FLOOR.fullmatch(room)
    return int(match[1]) if match else None
