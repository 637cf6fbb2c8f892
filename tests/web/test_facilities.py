"""The pages of facilities: the list, the map, the file, writing down, and repairs that become cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.cases import actions as cases
from linli.cases.models import Case
from linli.housing.actions import add_facility, load_lists, report_repair, settle_mends
from linli.housing.choices import Condition, ListKind
from linli.housing.models import Facility, ListItem, Mend
from linli.housing.values import FacilityValues
from tests.cast import Cast, middle
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
ClientFor = Callable[[object], Client]


def text_of(response: Any) -> str:
    return response.content.decode()


def english(client: Client) -> Client:
    client.cookies["linli_language"] = "en"
    return client


def kind(code: str = "light") -> ListItem:
    return ListItem.objects.get(kind=ListKind.FACILITY, code=code)


def lamp(column: int = 0, name: str = "南门路灯", **values: Any) -> Facility:
    longitude, latitude = middle(column)
    return add_facility(FacilityValues(values.pop("kind", kind()), name, longitude, latitude, **values), by=SYSTEM)


def told(column: int = 0, **values: Any) -> dict[str, Any]:
    longitude, latitude = middle(column)
    first = {"kind": kind().pk, "name": "南门路灯", "condition": "good", "longitude": longitude, "latitude": latitude}
    return first | values


@pytest.fixture(autouse=True)
def lists(cast: Cast) -> None:
    cases.load_presets(by=SYSTEM)
    load_lists(by=SYSTEM)


@pytest.fixture
def worker(cast: Cast, client_for: ClientFor) -> Client:
    return english(client_for(cast.worker))


def test_the_list_holds_what_stands_in_reach(cast: Cast, worker: Client, client_for: ClientFor) -> None:
    lamp()
    lamp(3, "和平路灯")
    page = text_of(worker.get("/facilities/"))
    assert "南门路灯" in page
    assert "和平路灯" not in page
    far = text_of(client_for(cast.far_worker).get("/facilities/"))
    assert "和平路灯" in far
    assert "南门路灯" not in far


def test_the_list_is_narrowed_by_kind_condition_place_and_words(cast: Cast, client_for: ClientFor) -> None:
    leader = client_for(cast.leader)
    lamp(place="南门")
    lamp(1, "东沟", kind=kind("ditch"), condition=Condition.NEEDS_REPAIR)

    def shown(query: str) -> list[str]:
        return [row.name for row in leader.get(f"/facilities/?{query}").context["page"]]

    assert shown("kind=ditch") == ["东沟"]
    assert shown("condition=good") == ["南门路灯"]
    assert shown(f"under={cast.other_grid.code}") == ["东沟"]
    assert shown("q=南门") == ["南门路灯"]
    assert shown("kind=nonsense") == []
    assert shown("condition=nonsense") == ["南门路灯", "东沟"]


def test_the_map_shows_the_same_as_points_in_reach(cast: Cast, worker: Client) -> None:
    here = lamp(condition=Condition.OUT_OF_USE)
    lamp(3, "和平路灯")
    features = worker.get("/facilities/points.geojson").json()["features"]
    assert [row["properties"]["url"] for row in features] == [f"/facilities/{here.pk}/"]
    assert features[0]["properties"]["tone"] == "late"


def test_what_lies_on_each_other_is_one_point_with_the_worst_condition(worker: Client) -> None:
    lamp()
    lamp(name="南门座椅", kind=kind("bench"), condition=Condition.NEEDS_REPAIR)
    (feature,) = worker.get("/facilities/points.geojson").json()["features"]
    assert feature["properties"]["count"] == 2
    assert feature["properties"]["tone"] == "soon"


@pytest.mark.parametrize("address", ["/facilities/", "/facilities/points.geojson"])
def test_the_list_costs_the_same_for_one_and_three(worker: Client, address: str) -> None:
    lamp()
    once = queries_of(worker, address)
    lamp(name="二号路灯")
    lamp(name="三号路灯")
    assert queries_of(worker, address) == once


def test_a_file_costs_the_same_for_one_and_three_repairs(cast: Cast, worker: Client) -> None:
    found = lamp()
    report_repair(found, "灯不亮", by=cast.worker)
    once = queries_of(worker, f"/facilities/{found.pk}/")
    report_repair(found, "灯杆歪了", by=cast.worker)
    report_repair(found, "电线露在外面", by=cast.worker)
    assert queries_of(worker, f"/facilities/{found.pk}/") == once


def test_a_facility_comes_into_the_grid_in_which_it_stands(cast: Cast, worker: Client) -> None:
    answer = worker.post("/facilities/new/", told(owner="路灯所", keeper="网格"))
    found = Facility.objects.get()
    assert answer["Location"] == f"/facilities/{found.pk}/"
    assert (found.area, found.owner) == (cast.grid, "路灯所")


def test_a_place_outside_is_refused_and_what_was_typed_stays(worker: Client) -> None:
    answer = worker.post("/facilities/new/", told(3, name="别处的灯"))
    assert answer.status_code == 422
    assert "Choose a place inside them" in text_of(answer)
    assert "别处的灯" in text_of(answer)
    assert not Facility.objects.exists()


def test_it_is_changed_and_removed_by_its_keepers_only(cast: Cast, worker: Client, client_for: ClientFor) -> None:
    found = lamp()
    worker.post(f"/facilities/{found.pk}/edit/", told(name="北门路灯"))
    found.refresh_from_db()
    assert found.name == "北门路灯"
    street = client_for(cast.street)
    assert street.get(f"/facilities/{found.pk}/").status_code == 200
    assert street.get(f"/facilities/{found.pk}/edit/").status_code == 403
    assert client_for(cast.far_worker).get(f"/facilities/{found.pk}/").status_code == 404
    worker.post(f"/facilities/{found.pk}/remove/")
    assert not Facility.objects.exists()


def test_one_with_repairs_is_not_removed_and_says_what_to_do(cast: Cast, worker: Client) -> None:
    found = lamp()
    report_repair(found, "灯不亮", by=cast.worker)
    answer = worker.post(f"/facilities/{found.pk}/remove/")
    assert answer.status_code == 422
    assert "out of use instead" in text_of(answer)


def test_what_is_broken_becomes_a_case_and_is_good_again_when_it_closes(cast: Cast, worker: Client) -> None:
    found = lamp()
    assert worker.post(f"/facilities/{found.pk}/repair/", {"text": ""}).status_code == 422
    answer = worker.post(f"/facilities/{found.pk}/repair/", {"text": "灯不亮"}, follow=True)
    case = Case.objects.get()
    assert (case.area, case.longitude) == (cast.grid, found.longitude)
    page = text_of(answer)
    assert f"/cases/{case.number}/" in page
    assert "needs repair" in page
    settle_mends(case.number, "换了灯泡", by=SYSTEM)
    page = text_of(worker.get(f"/facilities/{found.pk}/"))
    assert "换了灯泡" in page
    assert "needs repair" not in page
    assert Facility.objects.get().condition == Condition.GOOD


def test_who_does_not_keep_the_ledger_may_not_report_a_repair(cast: Cast, client_for: ClientFor) -> None:
    found = lamp()
    assert client_for(cast.street).post(f"/facilities/{found.pk}/repair/", {"text": "灯不亮"}).status_code == 403
    assert not Mend.objects.exists()
