from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.accounts.rules import SYSTEM
from linli.areas.models import Area
from linli.housing.actions import NewBuilding, NewDwelling, add_building, add_compound, add_dwellings, make_plates
from linli.housing.models import Building, Compound, Plate
from tests.cast import Cast, middle


@dataclass
class Estate:
    """黎花园 in the first grid of the cast, three buildings, and one building in no grid."""

    cast: Cast
    compound: Compound
    first: Building
    second: Building
    tenth: Building
    orphan: Building
    plate: Plate


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    """Let every test begin with nothing asked yet."""
    cache.clear()


def footprint(longitude: float, latitude: float) -> dict[str, object]:
    side = 0.0002
    ring = [[longitude, latitude], [longitude + side, latitude], [longitude + side, latitude + side]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


@pytest.fixture
def estate(cast: Cast) -> Estate:
    compound = add_compound(cast.community_area, "黎花园", by=SYSTEM)

    def build(name: str, grid: Area | None) -> Building:
        longitude, latitude = middle(0)
        new = NewBuilding(
            community=cast.community_area,
            compound=compound,
            name=name,
            address=f"黎花园{name}",
            grid=grid,
            geometry=footprint(longitude, latitude),
            longitude=longitude,
            latitude=latitude,
        )
        return add_building(new, by=SYSTEM)

    first, second, tenth = (build(name, cast.grid) for name in ("1号楼", "2号楼", "10号楼"))
    orphan = build("77号楼", None)
    add_dwellings([NewDwelling(first, entrance="2", room="501")], by=SYSTEM)
    plates = make_plates([first], by=SYSTEM)
    plate = next(plate for plate in plates if plate.entrance == "2")
    return Estate(cast, compound, first, second, tenth, orphan, plate)


@pytest.fixture
def visitor() -> Client:
    """Return the browser of somebody without an account, who chose English."""
    client = Client()
    client.cookies["linli_language"] = "en"
    return client


@pytest.fixture
def count_queries() -> Callable[[Callable[[], object]], int]:
    """Return a function that tells how many queries a call makes."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    return count
