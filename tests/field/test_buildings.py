"""Homes on the phone: the buildings of one's grids, a face, a home, a check at the door."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from linli.core import clock
from linli.housing.choices import ListKind
from linli.housing.models import HomeMark, ListItem, SafetyCheck
from tests.web.counting import queries_of
from tests.web.housing_data import Houses, houses

Browser = Callable[[object], Client]
__all__ = ["houses"]


def test_a_worker_comes_from_the_buildings_to_a_home(houses: Houses, client_for: Browser) -> None:
    client = client_for(houses.cast.fresh("worker"))
    assert [building.pk for building in client.get("/field/buildings/").context["page"]] == [houses.building.pk]
    assert (
        f"/field/dwellings/{houses.home.pk}/" in client.get(f"/field/buildings/{houses.building.pk}/").content.decode()
    )
    assert client.get(f"/field/dwellings/{houses.home.pk}/").status_code == 200
    assert client.get(f"/field/buildings/{houses.other.pk}/").status_code == 404


def test_the_list_of_buildings_costs_the_same_with_more_rows(houses: Houses, client_for: Browser) -> None:
    one = queries_of(client_for(houses.cast.fresh("worker")), "/field/buildings/")
    assert queries_of(client_for(houses.cast.fresh("leader")), "/field/buildings/") == one


def test_a_check_and_a_mark_are_written_at_the_door(houses: Houses, client_for: Browser) -> None:
    client, base = client_for(houses.cast.fresh("worker")), f"/field/dwellings/{houses.home.pk}"
    assert client.post(f"{base}/check/", {}).status_code == 422
    told = {f"point_{item.pk}": "fine" for item in ListItem.objects.filter(kind=ListKind.SAFETY)}
    assert client.post(f"{base}/check/", told | {"on": clock.today().isoformat()}).status_code == 302
    assert SafetyCheck.objects.get().by_name == houses.cast.worker.name
    item = ListItem.objects.filter(kind=ListKind.FOUR_ONES, derived_by="check")[0]
    client.post(f"{base}/ones/", {"item": item.pk, "state": "done"})
    assert HomeMark.objects.get().item == item
    assert client_for(houses.cast.fresh("far_worker")).get(f"{base}/check/").status_code == 404
    assert client_for(houses.cast.fresh("street")).get(f"{base}/check/").status_code == 403
