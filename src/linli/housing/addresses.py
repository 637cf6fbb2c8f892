"""One spelling for the parts of an address, so that 3号楼 in a workbook is the 3号楼 on the map."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from linli.core.ordering import LONGEST, natural_key
from linli.core.sheets.addresses import (
    building_number,
    compact_address,
    compound_name,
    entrance_number,
    room_number,
)
from linli.core.sheets.text import clean_string, without_spaces

_HOUSE_NUMBER = re.compile(r"[0-9A-Z]{1,5}(?:-[0-9]{1,3})?")
_FLOOR = re.compile(r"(\d{1,2})\d{2}")
# Makes of every floor a number of five digits, so that those below the ground come first.
_GROUND = 40_000
_NO_FLOOR = "~"


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


def spell_plate(number: str) -> str:
    """Return the number of a municipal plate as it is kept and looked for: without spaces, in capitals."""
    return without_spaces(clean_string(number)).upper()


def floor_of(room: str) -> int | None:
    """Return the floor that a room number tells (501 → 5, 1203 → 12), or None."""
    match = _FLOOR.fullmatch(room)
    return int(match[1]) if match else None


@lru_cache(maxsize=65536)
def building_order(address: str) -> str:
    """Return the key by which buildings, and compounds, stand in order: 2号楼 before 10号楼, 三号楼 between them."""
    return natural_key(compact_address(address))


def home_order(building_address: str, entrance: str, floor: int | None, room: str) -> str:
    """Return the key by which homes stand in order: by building, entrance, floor and room; without a floor last."""
    return f"{building_order(building_address)} {_place_order(entrance, floor, room)}"[:LONGEST]


def door_order(entrance: str) -> str:
    """Return the key by which the entrances of a building stand in order."""
    return natural_key(entrance_number(entrance))


def room_order(room: str) -> str:
    """Return the key by which the rooms of a floor stand in order."""
    return natural_key(room_number(room))


@lru_cache(maxsize=65536)
def _place_order(entrance: str, floor: int | None, room: str) -> str:
    level = _NO_FLOOR if floor is None else f"{floor + _GROUND:05d}"
    return f"{door_order(entrance)} {level} {room_order(room)}"
