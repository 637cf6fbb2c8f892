"""Pages of buildings and compounds: lists, the face, rooms at once, plates."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.core import clock
from linli.housing.actions import NewBuilding, add_building, add_compound
from linli.housing.choices import DwellingKind, Occupancy
from linli.housing.models import Building, Compound, Dwelling, Plate
from linli.units.actions import UnitFacts, Where, add_unit, close_unit
from linli.units.models import Unit
from linli.units.queries import units_at
from tests.web.counting import queries_of
from tests.web.housing_data import Houses, houses

Browser = Callable[[object], Client]
__all__ = ["houses"]


def _addresses(client: Client, query: str = "") -> list[str]:
    return [building.address for building in client.get(f"/buildings/?{query}").context["page"]]


def test_each_sees_the_buildings_of_their_area(houses: Houses, client_for: Browser) -> None:
    assert _addresses(client_for(houses.cast.fresh("worker"))) == ["1号楼"]
    assert _addresses(client_for(houses.cast.fresh("leader"))) == ["1号楼", "2号楼"]
    assert _addresses(client_for(houses.cast.fresh("far_leader"))) == []
    assert client_for(houses.cast.fresh("district")).get("/buildings/").status_code == 403


def test_the_list_is_narrowed_by_grid_compound_and_words(houses: Houses, client_for: Browser) -> None:
    client = client_for(houses.cast.fresh("leader"))
    assert _addresses(client, f"under={houses.cast.other_grid.code}") == ["2号楼"]
    assert _addresses(client, "q=1号楼") == ["1号楼"]
    assert _addresses(client, "under=nowhere") == []
    assert _addresses(client, "compound=rubbish") == ["1号楼", "2号楼"]


@pytest.mark.parametrize("address", ["/buildings/", "/dwellings/"])
def test_a_list_costs_the_same_with_one_row_and_three(houses: Houses, client_for: Browser, address: str) -> None:
    client = client_for(houses.cast.fresh("leader"))
    few = queries_of(client, f"{address}?under={houses.cast.other_grid.code}")
    for number in (3, 4):
        building = add_building(
            NewBuilding(houses.cast.community_area, f"{number}号楼", grid=houses.cast.other_grid), by=SYSTEM
        )
        Dwelling.objects.create(building=building, path=building.path, address=building.address)
    assert queries_of(client, f"{address}?under={houses.cast.other_grid.code}") == few


def test_the_face_shows_every_home_with_its_use_in_words(houses: Houses, client_for: Browser) -> None:
    Dwelling.objects.filter(pk=houses.home.pk).update(occupancy=Occupancy.RENTED, kind=DwellingKind.SHOP)
    answer = client_for(houses.cast.fresh("worker")).get(f"/buildings/{houses.building.pk}/")
    text = answer.content.decode()
    assert text.count('class="l-home ') == 12 + 5 + 1
    assert f'href="/dwellings/{houses.home.pk}/" title="商铺 · 出租' in text
    assert [floor for floor, _entrances in answer.context["floors"]] == [3, 2, 1]
    assert "l-home-shop" in text
    legend = {value: (short, count) for value, _words, short, count in answer.context["legend"]}
    assert (legend["shop"], legend["rented"], legend["unknown"]) == (("商铺", 1), ("出租", 0), ("未登", 11))
    assert "dormitory" not in legend


def test_units_and_their_rooms_lead_to_each_other(houses: Houses, client_for: Browser) -> None:
    add_unit(UnitFacts("刀削面馆"), Where(houses.cast.grid, "1号楼", houses.building, houses.home), by=SYSTEM)
    closed = add_unit(UnitFacts("旧书店"), Where(houses.cast.grid, "1号楼", houses.building, houses.home), by=SYSTEM)
    close_unit(closed, clock.today(), by=SYSTEM)
    client, shop = client_for(houses.cast.fresh("worker")), Unit.objects.get(name="刀削面馆")
    home, building = f"/dwellings/{houses.home.pk}/", f"/buildings/{houses.building.pk}/"
    for page in (home, building):
        text = client.get(page).content.decode()
        assert f'href="/units/{shop.pk}/"' in text
        assert "旧书店" not in text
    unit = client.get(f"/units/{shop.pk}/").content.decode()
    assert f'href="{home}"' in unit
    assert f'href="{building}"' in unit


def test_a_unit_of_a_building_out_of_reach_is_named_nowhere(houses: Houses, client_for: Browser) -> None:
    add_unit(UnitFacts("远处饭馆"), Where(houses.cast.other_grid, "2号楼", houses.other), by=SYSTEM)
    worker, leader = (client_for(houses.cast.fresh(name)) for name in ("worker", "leader"))
    assert "远处饭馆" in leader.get(f"/buildings/{houses.other.pk}/").content.decode()
    assert worker.get(f"/buildings/{houses.other.pk}/").status_code == 404
    assert units_at(houses.cast.fresh("worker"), houses.other).count() == 0


def test_the_face_costs_the_same_with_more_homes(houses: Houses, client_for: Browser) -> None:
    client = client_for(houses.cast.fresh("leader"))
    assert queries_of(client, f"/buildings/{houses.building.pk}/") == queries_of(
        client, f"/buildings/{houses.other.pk}/"
    )


def test_a_building_out_of_reach_is_not_found(houses: Houses, client_for: Browser) -> None:
    assert client_for(houses.cast.fresh("worker")).get(f"/buildings/{houses.other.pk}/").status_code == 404


def test_rooms_are_shown_before_they_are_made(houses: Houses, client_for: Browser) -> None:
    client = client_for(houses.cast.fresh("worker"))
    plan = {"entrances": 2, "first_floor": 1, "last_floor": 4, "rooms": 2}
    looked = client.post(f"/buildings/{houses.building.pk}/rows/", plan)
    assert len(looked.context["preview"]["rooms"]) == 4
    assert Dwelling.objects.filter(building=houses.building).count() == 12
    client.post(f"/buildings/{houses.building.pk}/rows/", plan | {"create": "1"})
    assert Dwelling.objects.filter(building=houses.building).count() == 16


def test_a_wrong_plan_is_told_beside_its_field_and_stays(houses: Houses, client_for: Browser) -> None:
    plan = {"entrances": 2, "first_floor": 5, "last_floor": 4, "rooms": 2}
    answer = client_for(houses.cast.fresh("leader")).post(f"/buildings/{houses.building.pk}/rows/", plan)
    assert answer.status_code == 422
    assert answer.context["form"].errors["last_floor"]
    assert 'value="5"' in answer.content.decode()


def test_buildings_are_added_changed_and_removed_by_the_community_only(houses: Houses, client_for: Browser) -> None:
    client = client_for(houses.cast.fresh("leader"))
    told = {"name": "5号楼", "kind": "residential", "lift": "unknown", "grid": houses.cast.grid.pk, "floors": 6}
    assert client.post("/buildings/new/", told).status_code == 302
    made = Building.objects.get(name="5号楼")
    assert client.post(f"/buildings/{made.pk}/edit/", told | {"name": "6号楼"}).status_code == 302
    assert client.post("/buildings/new/", told | {"name": "6号楼"}).status_code == 422
    worker = client_for(houses.cast.fresh("worker"))
    assert worker.post("/buildings/new/", told).status_code == 403
    assert worker.post(f"/buildings/{made.pk}/remove/").status_code == 403
    assert client.post(f"/buildings/{made.pk}/remove/").status_code == 302
    assert not Building.objects.filter(pk=made.pk).exists()


def test_a_compound_is_added_renamed_and_removed(houses: Houses, client_for: Browser) -> None:
    client = client_for(houses.cast.fresh("leader"))
    told = {"name": "桂花苑", "community": houses.cast.community_area.pk}
    assert client.post("/compounds/new/", told).status_code == 302
    made = Compound.objects.get(name="桂花苑")
    assert "桂花苑" in client.get("/buildings/").content.decode()
    client.post(f"/compounds/{made.pk}/", {"name": "桂花园"})
    made.refresh_from_db()
    assert made.name == "桂花园"
    assert client_for(houses.cast.fresh("worker")).post(f"/compounds/{made.pk}/remove/").status_code in (403, 404)
    client.post(f"/compounds/{made.pk}/remove/")
    assert not Compound.objects.filter(pk=made.pk).exists()


def test_a_compound_with_buildings_stays(houses: Houses, client_for: Browser) -> None:
    compound = add_compound(houses.cast.community_area, "桂花苑", by=SYSTEM)
    Building.objects.filter(pk=houses.building.pk).update(compound=compound)
    answer = client_for(houses.cast.fresh("leader")).post(f"/compounds/{compound.pk}/remove/")
    assert answer.status_code == 422
    assert "还有楼" in answer.content.decode()


def test_plates_are_made_by_the_community_and_say_nothing_of_people(houses: Houses, client_for: Browser) -> None:
    Dwelling.objects.filter(pk=houses.home.pk).update(occupancy=Occupancy.RENTED)
    address = f"/buildings/{houses.building.pk}/plates/"
    assert client_for(houses.cast.fresh("worker")).post(address).status_code == 403
    client = client_for(houses.cast.fresh("leader"))
    client.post(address, {"homes": "rented"})
    assert Plate.objects.filter(dwelling=houses.home).count() == 1
    assert Plate.objects.filter(building=houses.building, dwelling=None).count() >= 1
    text = client.get(address).content.decode()
    assert text.count("<svg") >= Plate.objects.count()
    assert houses.home.address in text
    made = Plate.objects.count()
    client.post(address, {"homes": "rented"})
    assert Plate.objects.count() == made
