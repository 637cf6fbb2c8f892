"""The official list of the district's streets and communities, and where its streets lie."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from shapely.geometry import Polygon

from linli.demo.tiling import Frame, Part

DISTRICT = "140403"
CENTRE = Frame(113.12, 36.19)


@dataclass(frozen=True)
class PlaceRow:
    """One row of the list."""

    code: str
    level: str
    name: str
    parent_code: str


@cache
def place_rows() -> tuple[PlaceRow, ...]:
    """Return the list in the order of its file: every parent before its children."""
    text = files("linli.areas").joinpath("data/areas-luzhou.csv").read_text(encoding="utf-8-sig")
    return tuple(PlaceRow(**row) for row in csv.DictReader(text.splitlines()))


# The outline of the invented district, in kilometres east and north of its centre.
OUTLINE_KM = (
    (-7.6, -9.8), (-2.1, -11.2), (4.2, -10.4), (8.8, -7.1), (11.2, -1.6), (10.6, 4.4), (8.1, 9.3), (3.9, 13.2),
    (-1.8, 14.6), (-7.2, 12.4), (-10.3, 7.0), (-11.0, 0.4), (-10.1, -5.6),
)  # fmt: skip

# Street → area in km², and roughly where it lies: kilometres east and north of the centre.
STREETS_KM = {
    "140403001": (3.6, 1.2, -0.6),
    "140403002": (5.4, -1.4, -0.8),
    "140403003": (3.0, -0.4, -2.6),
    "140403004": (2.6, 0.0, -0.2),
    "140403005": (2.6, 0.6, 1.4),
    "140403006": (3.4, 1.8, 0.9),
    "140403007": (2.0, 0.0, 0.0),
    "140403008": (6.0, 0.4, -4.0),
    "140403009": (9.0, 2.6, -3.4),
    "140403010": (20.0, 4.5, -6.0),
    "140403013": (26.0, -4.2, -2.0),
    "140403014": (34.0, 6.0, 1.0),
    "140403015": (30.0, -4.5, -6.5),
    "140403103": (42.0, -1.0, 6.5),
    "140403104": (38.0, -6.0, 8.5),
    "140403105": (48.0, 2.0, 11.0),
    "140403400": (32.0, -8.0, 2.5),
    "140403401": (24.0, 8.0, 5.0),
    "140403403": (22.0, 3.0, 4.5),
}


def outline() -> Polygon:
    """Return the outline of the district in metres around its centre."""
    return Polygon([(east * 1000, north * 1000) for east, north in OUTLINE_KM])


def street_parts() -> list[Part]:
    """Return the streets as parts of the district; positions in metres."""
    return [Part(code, area, east * 1000, north * 1000) for code, (area, east, north) in sorted(STREETS_KM.items())]
