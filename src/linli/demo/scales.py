"""How large a demo is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linli.demo.register import PlaceRow

SHOWCASE_STREET = "140403007"
# Its homes stand on the map, and its people come with the community's own workbook.
WORKBOOK_COMMUNITY = "140403007002"
WORKBOOK_COMPOUNDS = ("古公寓", "刘小区", "黎花园")
WORKBOOK_BUILDINGS = 9
VILLAGE_ENDING = "村委会"

# The street scale: how many grids each community has; villages and the rest have one.
STREET_GRIDS = {
    "140403007001": 2,
    "140403007003": 2,
    "140403007004": 2,
    "140403007005": 2,
    "140403007008": 2,
    "140403007009": 2,
}


@dataclass(frozen=True)
class Scale:
    """What a demo is filled with. ``household_sizes``: see ``families.MIXES``."""

    name: str
    cases: int
    days_of_cases: int
    grids_per_community: tuple[int, ...]
    households_per_grid: tuple[int, int]
    mix: str
    photos: int

    def communities(self, rows: Sequence[PlaceRow]) -> list[PlaceRow]:
        """Return the communities that are filled, in the order of their codes."""
        communities = [row for row in rows if row.level == "community"]
        if self.name == "district":
            return [row for row in communities if row.name.endswith("社区居委会")][:50]
        street = [row for row in communities if row.parent_code == SHOWCASE_STREET]
        return street if self.name == "street" else street[:2]

    def grids_of(self, community: PlaceRow, number: int) -> int:
        """Return how many grids the community has that is the n-th one filled."""
        if community.code == WORKBOOK_COMMUNITY:
            return len(WORKBOOK_COMPOUNDS)
        if self.name == "street":
            return STREET_GRIDS.get(community.code, 1)
        return self.grids_per_community[number % len(self.grids_per_community)]


SCALES = {
    "street": Scale("street", 420, 120, (), (346, 360), "street", 8),
    "district": Scale("district", 50_000, 365, (8, 8, 9, 8, 8), (298, 310), "district", 8),
    "test": Scale("test", 60, 60, (1,), (38, 42), "street", 1),
}
