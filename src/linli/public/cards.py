"""What the public is told of a grid: its worker as the board shows them, its buildings, its place in the tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from linli.areas.choices import Level
from linli.areas.models import Area, Post
from linli.areas.queries import Board, board_of, community_of
from linli.core import clock
from linli.core.paths import ancestors
from linli.core.sheets.text import without_spaces
from linli.housing.addresses import spell_home
from linli.housing.models import Building, Plate
from linli.housing.queries import compound_names, find_buildings, plate_for


@dataclass(frozen=True)
class Place:
    """A place that somebody asked about: a building, or a point in degrees WGS-84, or neither."""

    grid: Area
    building: Building | None = None
    words: str = ""
    longitude: float | None = None
    latitude: float | None = None

    @property
    def marker(self) -> str:
        """The point as maps take it, ``lon,lat``, or nothing."""
        if self.longitude is None or self.latitude is None:
            return ""
        return f"{self.longitude:.6f},{self.latitude:.6f}"


@dataclass(frozen=True)
class Card:
    """The public card of a grid."""

    grid: Area
    community: Area | None
    board: Board | None
    compounds: list[str]


def place_of_building(building: Building, words: str = "") -> Place | None:
    """Return the place of a building, or None while it belongs to no grid."""
    if building.grid is None:
        return None
    return Place(building.grid, building, words or building.address, building.longitude, building.latitude)


def named_by(address: str) -> list[Building]:
    """Return the buildings that somebody may mean: the one whose whole address was typed, else all that fit."""
    found = find_buildings(address)
    whole = [building for building in found if without_spaces(building.address) == without_spaces(address)]
    return whole or found


def name_of_plate(token: str) -> str:
    """Return the address of a door plate with its entrance, or nothing for an unknown one."""
    plate = plate_for(token)
    return spell_door(plate) if plate else ""


def spell_door(plate: Plate) -> str:
    """Return the address of a door: 黎花园1号楼2单元."""
    return spell_home(plate.building.address, plate.entrance, "")


def known_place(plate: str = "", grid: str = "") -> Place | None:
    """Return the place that a door plate or the code of a grid names, or None."""
    found = plate_for(plate) if plate else None
    if found is not None:
        return place_of_building(found.building, spell_door(found))
    area = Area.objects.current().filter(code=grid, level=Level.GRID).first() if grid else None
    return Place(area) if area else None


def card_of(grid: Area) -> Card:
    """Return the public card of a grid."""
    return Card(grid, community_of(grid), board_of(grid), compound_names([grid]).get(grid.pk, []))


def others_on_board(grid: Area, first: Post | None) -> list[Post]:
    """Return the held posts that the public board shows beside the accountable one: of the grid, then of those above.

    A post is shown only where its ``on_board`` says so.
    """
    held = Post.objects.on(clock.today()).filter(
        on_board=True, area__path__in=ancestors(grid.path), holder__is_active=True
    )
    others = held.exclude(pk=first.pk) if first else held
    return list(others.select_related("holder").order_by("-area__path", "role", "id"))


def buildings_by_compound(buildings: Iterable[Building]) -> list[tuple[str, list[str]]]:
    """Return (compound, names of its buildings) in the order of the addresses; no compound comes last, as nothing."""
    return [(name, [building.name for building in group]) for name, group in grouped_by_compound(buildings)]


def grouped_by_compound(buildings: Iterable[Building]) -> list[tuple[str, list[Building]]]:
    """Return (compound, its buildings) in the order of the addresses; no compound comes last, as nothing."""

    def compound(building: Building) -> tuple[bool, str, str]:
        found = building.compound
        return (False, found.sort_key, found.name) if found else (True, "", "")

    ordered = sorted(buildings, key=lambda building: (compound(building), building.sort_key))
    return [(name, list(group)) for (_none, _key, name), group in groupby(ordered, key=compound)]
