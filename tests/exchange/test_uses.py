"""How a home is used, as a people workbook says it under the headers that communities give the column."""

from __future__ import annotations

import pytest

from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling
from linli.people.models import Person
from tests.cast import Cast
from tests.exchange.samples import HEADERS, applied, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.mark.parametrize("header", ["房屋性质", "住房性质", "房屋用途"])
@pytest.mark.parametrize(
    ("written", "use"),
    [
        ("出租", Occupancy.RENTED),
        ("自住", Occupancy.OWN),
        ("自有", Occupancy.OWN),
        # Somebody is registered there: the home is neither let nor said to be lived in by its owner.
        ("空置", Occupancy.UNKNOWN),
    ],
)
def test_the_use_of_a_home_with_people(cast: Cast, header: str, written: str, use: Occupancy) -> None:
    headers = [header if name == "是否出租" else name for name in HEADERS]
    batch = applied(workbook([resident("李桂香", renting=written)], headers=headers), cast.community_area, cast.leader)
    assert batch.report["problems"] == []
    assert (Dwelling.objects.get().occupancy, Person.objects.count()) == (use, 1)


@pytest.mark.parametrize("header", ["房屋性质", "住房性质", "房屋用途"])
def test_a_home_without_people_that_is_said_to_be_empty(cast: Cast, header: str) -> None:
    headers = [header if name == "是否出租" else name for name in HEADERS]
    empty = resident("", sex="", relation="", residence_status="", room="602", renting="空置")
    batch = applied(workbook([resident("李桂香"), empty], headers=headers), cast.community_area, cast.leader)
    assert batch.report["applied"]["empty_homes"] == 1
    assert Dwelling.objects.get(room="602").occupancy == Occupancy.EMPTY
