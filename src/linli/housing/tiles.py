"""The face of a building as it is drawn: a tile for each home, its use in colour and in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext

from linli.housing.choices import DwellingKind, Occupancy
from linli.housing.models import Dwelling
from linli.housing.queries import Face


@dataclass(frozen=True)
class Tile:
    """One home on the face of a building."""

    dwelling: Dwelling
    words: str
    short: str

    @property
    def room(self) -> str:
        """The number on the tile: a home without one shows its kind."""
        return self.dwelling.room or str(DwellingKind(self.dwelling.kind).label)


def drawn_face(face: Face) -> dict[str, Any]:
    """Return what ``housing/face.html`` shows: floors of tiles, and the legend with how many there are of each."""
    homes = [home for floor in face.floors for homes in floor.homes for home in homes]
    counts, shorts = Counter(home.occupancy for home in homes), _shorts()
    return {
        "face": face,
        "floors": [
            (floor.floor, [[_tile(home, shorts) for home in tiles] for tiles in floor.homes]) for floor in face.floors
        ],
        "legend": [(str(use), str(use.label), short, counts[use]) for use, short in shorts.items()],
        "total": len(homes),
    }


def _tile(home: Dwelling, shorts: dict[Occupancy, str]) -> Tile:
    words = str(Occupancy(home.occupancy).label)
    if home.kind != DwellingKind.HOME:
        words = f"{DwellingKind(home.kind).label} · {words}"
    return Tile(home, words, shorts[Occupancy(home.occupancy)])


def _shorts() -> dict[Occupancy, str]:
    """Return a word for each use that fits on a tile, in the order of the legend."""
    return {
        Occupancy.OWN: pgettext("on a tile", "own"),
        Occupancy.RENTED: pgettext("on a tile", "let"),
        Occupancy.EMPTY: pgettext("on a tile", "empty"),
        Occupancy.UNKNOWN: pgettext("on a tile", "?"),
        Occupancy.DECLINED: pgettext("on a tile", "no"),
    }
