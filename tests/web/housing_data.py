"""A building with homes of the first grid for tests of the pages of housing, and one of the second."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from linli.accounts.rules import SYSTEM
from linli.cases.actions.presets import load_presets
from linli.housing.actions import NewBuilding, add_building, add_rows, load_lists
from linli.housing.models import Building, Dwelling
from linli.housing.values import RowsPlan
from tests.cast import Cast
from tests.once import once


@dataclass(frozen=True)
class Houses:
    """The cast, a building with two entrances of six homes, one of its homes, and a building beyond the first grid."""

    cast: Cast
    building: Building
    home: Dwelling
    other: Building


@pytest.fixture
def houses(cast: Cast, tuesday: object) -> Houses:
    once("houses", lambda: _build(cast))
    building, other = Building.objects.order_by("pk")
    return Houses(cast, building, Dwelling.objects.get(building=building, entrance="2", room="302"), other)


def _build(cast: Cast) -> None:
    load_presets(by=SYSTEM)
    load_lists(by=SYSTEM)
    building = add_building(NewBuilding(cast.community_area, "1号楼", grid=cast.grid, floors=3), by=cast.leader)
    other = add_building(NewBuilding(cast.community_area, "2号楼", grid=cast.other_grid), by=cast.leader)
    add_rows(building, RowsPlan(2, 1, 3, 2), by=cast.leader)
    add_rows(other, RowsPlan(1, 1, 1, 1), by=cast.leader)
