"""The face of a building as it is drawn: a tile for each home, its use in colour and in words.

Shops, dormitories and other rooms are drawn by their kind: how they are used stands in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext

from linli.housing.choices import DwellingKind, Occupancy
from linli.housing.models import Dwelling
from linli.housing.queries import Face

# In the order of the legend.
SHOWN = (Occupancy.OWN, Occupancy.RENTED, Occupancy.EMPTY, Occupancy.UNKNOWN, Occupancy.DECLINED)
KINDS = (DwellingKind.SHOP, DwellingKind.DORMITORY, DwellingKind.OTHER)


@dataclass(frozen=True)
class Tile:
    """One home on the face of a building; ``look`` names its colour."""

    dwelling: Dwelling
    look: str
    words: str
    short: str

    @property
    def room(self) -> str:
        """The number on the tile: a home without one shows its kind."""
        return self.dwelling.room or str(DwellingKind(self.dwelling.kind).label)


def drawn_face(face: Face) -> dict[str, Any]:
    """Return what ``housing/face.html`` shows: floors of tiles, and the legend with how many there are of each."""
    homes = [home for floor in face.floors for homes in floor.homes for home in homes]
    shorts, counts = _shorts(), Counter(look_of(home) for home in homes)
    return {
        "face": face,
        "floors": [
            (floor.floor, [[_tile(home, shorts) for home in tiles] for tiles in floor.homes]) for floor in face.floors
        ],
        "legend": [(value, words, shorts[value], counts[value]) for value, words in legend_of(homes)],
        "total": len(homes),
    }


def look_of(home: Dwelling) -> str:
    """Return what the tile of a home is coloured by: its use, or its kind where it is no home."""
    return home.occupancy if home.kind == DwellingKind.HOME else home.kind


def words_of(home: Dwelling) -> str:
    """Return what stands on the tile of a home for those who don't see its colour."""
    words = str(Occupancy(home.occupancy).label)
    return words if home.kind == DwellingKind.HOME else f"{DwellingKind(home.kind).label} · {words}"


def legend_of(homes: Iterable[Dwelling]) -> list[tuple[str, str]]:
    """Return every use, and the kinds that are there beside homes, each with its words."""
    there = {home.kind for home in homes}
    uses = [(str(use), str(use.label)) for use in SHOWN]
    return uses + [(str(kind), str(kind.label)) for kind in KINDS if kind in there]


def _tile(home: Dwelling, shorts: dict[str, str]) -> Tile:
    look = look_of(home)
    return Tile(home, look, words_of(home), shorts[look])


def _shorts() -> dict[str, str]:
    """Return a word for each use and kind that fits on a tile."""
    return {
        Occupancy.OWN: pgettext("on a tile", "own"),
        Occupancy.RENTED: pgettext("on a tile", "let"),
        Occupancy.EMPTY: pgettext("on a tile", "empty"),
        Occupancy.UNKNOWN: pgettext("on a tile", "?"),
        Occupancy.DECLINED: pgettext("on a tile", "no"),
        DwellingKind.SHOP: pgettext("on a tile", "shop"),
        DwellingKind.DORMITORY: pgettext("on a tile", "dorm"),
        DwellingKind.OTHER: pgettext("on a tile", "other"),
    }
