"""The file of a home and its forms, the list of rentals, and taking both out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from linli.cases.models import Case
from linli.core import clock
from linli.exports.kinds import Asked, kind_for
from linli.housing.actions import add_owner, mark_home, start_tenancy, write_check
from linli.housing.choices import DwellingKind, ListKind, MarkState, Occupancy
from linli.housing.models import Dwelling, HomeMark, ListItem, Mend, Ownership, SafetyCheck, Tenancy
from linli.housing.values import NewCheck, OwnerValues, TenancyValues, ToMend
from linli.journal.models import Entry
from tests.web.counting import queries_of
from tests.web.housing_data import Houses, houses

Browser = Callable[[object], Client]
__all__ = ["houses"]
PHONE = "13900005678"


def _points() -> list[ListItem]:
    return list(ListItem.objects.filter(kind=ListKind.SAFETY, is_active=True))


def _check(wrong: str = "", due: str = "") -> dict[str, str]:
    points = _points()
    told = {f"point_{point.pk}": "fine" for point in points} | {"on": clock.today().isoformat(), "due_on": due}
    if wrong:
        told |= {f"point_{points[0].pk}": "to_mend", f"wrong_{points[0].pk}": wrong}
    return told


def test_the_file_hides_the_phone_until_a_purpose_is_said(houses: Houses, client_for: Browser) -> None:
    owner = add_owner(houses.home, OwnerValues("房明", phone=PHONE), by=houses.cast.leader)
    client = client_for(houses.cast.fresh("worker"))
    text = client.get(f"/dwellings/{houses.home.pk}/").content.decode()
    assert "房明" in text
    assert PHONE not in text
    address = f"/dwellings/{houses.home.pk}/phones/owner/{owner.pk}/"
    assert PHONE not in client.get(address).content.decode()
    assert client.post(address).status_code == 422
    shown = client.post(address, {"reason": "visit"})
    assert PHONE in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert Entry.objects.filter(action="housing.reveal_phone", reason="visit").count() == 1
    assert client.get(f"/dwellings/{houses.home.pk}/phones/rubbish/{owner.pk}/").status_code == 404


def test_a_home_out_of_reach_is_not_found(houses: Houses, client_for: Browser) -> None:
    home = Dwelling.objects.get(building=houses.other)
    worker = client_for(houses.cast.fresh("worker"))
    assert worker.get(f"/dwellings/{home.pk}/").status_code == 404
    assert worker.post(f"/dwellings/{home.pk}/owners/new/", {"name": "某", "kind": "person"}).status_code == 404


def test_the_street_looks_and_changes_nothing(houses: Houses, client_for: Browser) -> None:
    client = client_for(houses.cast.fresh("street"))
    assert client.get(f"/dwellings/{houses.home.pk}/").status_code == 200
    assert client.post(f"/dwellings/{houses.home.pk}/check/", _check()).status_code == 403


def test_an_owner_is_written_down_changed_and_ended(houses: Houses, client_for: Browser) -> None:
    client, base = client_for(houses.cast.fresh("worker")), f"/dwellings/{houses.home.pk}/owners"
    wrong = client.post(f"{base}/new/", {"kind": "person", "name": "房明", "phone": "123"})
    assert wrong.status_code == 422
    assert 'value="房明"' in wrong.content.decode()
    client.post(f"{base}/new/", {"kind": "person", "name": "房明", "phone": PHONE})
    owner = Ownership.objects.get()
    client.post(f"{base}/{owner.pk}/", {"kind": "unit", "name": "房产公司", "phone": ""})
    owner.refresh_from_db()
    assert (owner.name, owner.phone) == ("房产公司", PHONE)
    assert client.post(f"{base}/{owner.pk}/end/", {"until": "2999-01-01"}).status_code == 422
    client.post(f"{base}/{owner.pk}/end/", {"until": clock.today().isoformat()})
    assert "以前" in client.get(f"/dwellings/{houses.home.pk}/").content.decode()


def test_a_tenancy_begins_and_ends(houses: Houses, client_for: Browser) -> None:
    client, base = client_for(houses.cast.fresh("worker")), f"/dwellings/{houses.home.pk}/tenancies"
    told = {"contact": "租客小王", "since": clock.today().isoformat(), "headcount": "3", "household": ""}
    assert client.post(f"{base}/new/", told | {"contact": ""}).status_code == 422
    assert client.post(f"{base}/new/", told).status_code == 302
    assert client.post(f"{base}/new/", told).status_code == 422
    houses.home.refresh_from_db()
    assert houses.home.occupancy == Occupancy.RENTED
    tenancy = Tenancy.objects.get()
    client.post(f"{base}/{tenancy.pk}/end/", {"until": clock.today().isoformat(), "occupancy": "empty"})
    houses.home.refresh_from_db()
    assert houses.home.occupancy == Occupancy.EMPTY
    assert "租客小王" in client.get(f"/dwellings/{houses.home.pk}/").content.decode()


def test_declined_is_an_answer_to_one_of_the_four_ones(houses: Houses, client_for: Browser) -> None:
    item = ListItem.objects.filter(kind=ListKind.FOUR_ONES, derived_by="check").first()
    assert item is not None
    client, address = client_for(houses.cast.fresh("worker")), f"/dwellings/{houses.home.pk}/ones/"
    client.post(address, {"item": item.pk, "state": "declined"})
    assert HomeMark.objects.get().state == MarkState.DECLINED
    client.post(address, {"item": item.pk, "state": "rubbish"})
    assert HomeMark.objects.get().state == MarkState.DECLINED


def test_a_check_with_something_to_mend_becomes_a_case(houses: Houses, client_for: Browser) -> None:
    client, address = client_for(houses.cast.fresh("worker")), f"/dwellings/{houses.home.pk}/check/"
    due = (clock.today() + timedelta(days=7)).isoformat()
    assert client.post(address, _check("软管老化")).status_code == 422
    assert client.post(address, {}).status_code == 422
    assert not SafetyCheck.objects.exists()
    assert client.post(address, _check("软管老化", due)).status_code == 302
    case = Case.objects.get()
    assert (case.area, Mend.objects.get().case_number) == (houses.cast.grid, case.number)
    assert case.number in client.get(f"/dwellings/{houses.home.pk}/").content.decode()


def test_a_dormitory_declares_numbers_only(houses: Houses, client_for: Browser) -> None:
    Dwelling.objects.filter(pk=houses.home.pk).update(kind=DwellingKind.DORMITORY)
    client, address = client_for(houses.cast.fresh("worker")), f"/dwellings/{houses.home.pk}/dormitory/"
    client.post(address, {"capacity": "20", "living": "12", "manager": "管小事", "phone": PHONE})
    text = client.get(f"/dwellings/{houses.home.pk}/").content.decode()
    assert "管小事" in text
    assert PHONE not in text
    other = Dwelling.objects.filter(building=houses.building).exclude(pk=houses.home.pk)[0]
    assert (
        client.post(f"/dwellings/{other.pk}/dormitory/", {"capacity": 2, "living": 1, "manager": "某"}).status_code
        == 422
    )


def test_a_home_is_added_changed_and_removed(houses: Houses, client_for: Browser) -> None:
    client = client_for(houses.cast.fresh("worker"))
    told = {"entrance": "1", "room": "商铺1", "floor": "1", "kind": "shop", "occupancy": "own"}
    assert client.post(f"/buildings/{houses.building.pk}/homes/new/", told).status_code == 302
    assert client.post(f"/buildings/{houses.building.pk}/homes/new/", told).status_code == 422
    shop = Dwelling.objects.get(room="商铺1")
    client.post(f"/dwellings/{shop.pk}/edit/", told | {"area_m2": "31.5"})
    client.post(f"/dwellings/{shop.pk}/plate/")
    shop.refresh_from_db()
    assert (str(shop.area_m2), bool(shop.plate.token)) == ("31.5", True)
    client.post(f"/dwellings/{shop.pk}/remove/")
    assert not Dwelling.objects.filter(pk=shop.pk).exists()


def test_the_municipal_plate_number_is_kept_and_found(houses: Houses, client_for: Browser) -> None:
    client, address = client_for(houses.cast.fresh("worker")), f"/dwellings/{houses.home.pk}/edit/"
    told = {"entrance": "2", "room": "302", "kind": "home", "occupancy": "own"}
    assert client.post(address, told | {"plate_number": "1" * 61}).status_code == 422
    assert client.post(address, told | {"plate_number": "太行西街 12号ａ-302"}).status_code == 302
    assert "太行西街12号A-302" in client.get(f"/dwellings/{houses.home.pk}/").content.decode()
    for query in ("太行西街12号", "太行西街12号a-302"):
        assert list(client.get("/dwellings/", {"q": query}).context["page"]) == [houses.home]
        assert client.get("/search/", {"q": query}).context["found"].homes == [houses.home]
    assert list(client.get("/dwellings/", {"q": "太行西街13号"}).context["page"]) == []
    assert client_for(houses.cast.fresh("far_leader")).get("/search/", {"q": "太行西街12号"}).context["found"].empty
    for kind in ("dwellings", "rentals"):
        asked = Asked(houses.cast.fresh("leader"), houses.cast.community_area, {}, ("room", "plate_number"))
        assert ["302", "太行西街12号A-302"] in list(kind_for(kind).rows(asked)) or kind == "rentals"


def _let(houses: Houses, number: int, **told: object) -> Dwelling:
    home = Dwelling.objects.filter(building=houses.building).order_by("pk")[number]
    start_tenancy(home, TenancyValues(clock.today(), contact="租客", **told), by=houses.cast.leader)  # type: ignore[arg-type]
    return home


def test_rentals_are_narrowed_to_what_is_missing(houses: Houses, client_for: Browser) -> None:
    ending = _let(houses, 0, agreed_until=clock.today() + timedelta(days=3))
    late, unwritten = _let(houses, 1), Dwelling.objects.filter(building=houses.building).order_by("pk")[2]
    Dwelling.objects.filter(pk=unwritten.pk).update(occupancy=Occupancy.RENTED)
    with clock.frozen(clock.now() - timedelta(days=9)):
        wrong = dict.fromkeys(_points()) | {_points()[0]: ToMend("软管", clock.today() + timedelta(days=2))}
        write_check(late, NewCheck(clock.today(), wrong), by=houses.cast.worker)
    client = client_for(houses.cast.fresh("worker"))

    def found(query: str) -> list[Dwelling]:
        return list(client.get(f"/rentals/?{query}").context["page"])

    assert found("") == [ending, late, unwritten]
    assert found("tenancy=ending") == [ending]
    assert found("tenancy=missing") == [unwritten]
    assert found("mends=open") == found("mends=late") == [late]
    assert found("check=overdue") == [ending, unwritten]
    assert found("ones=complete") == []
    assert found("ones=rubbish&tenancy=rubbish") == [ending, late, unwritten]
    assert client_for(houses.cast.fresh("police")).get("/rentals/").status_code == 403


def test_the_list_of_rentals_costs_the_same_with_one_row_and_three(houses: Houses, client_for: Browser) -> None:
    client = client_for(houses.cast.fresh("worker"))
    _let(houses, 0)
    one = queries_of(client, "/rentals/")
    _let(houses, 1)
    _let(houses, 2)
    assert queries_of(client, "/rentals/") == one


def test_rentals_and_homes_go_out_as_they_are_listed(houses: Houses) -> None:
    home = _let(houses, 0, phone=PHONE)
    add_owner(home, OwnerValues("房明", phone="13800001111"), by=houses.cast.leader)
    item = ListItem.objects.filter(kind=ListKind.FOUR_ONES, derived_by="check")[0]
    mark_home(home, item, MarkState.DONE, by=houses.cast.worker)
    columns = ("address", "owner", "owner_phone", "contact", "phone", "ones", "checked", "mends")
    asked = Asked(houses.cast.fresh("leader"), houses.cast.community_area, {}, columns)
    kind = kind_for("rentals")
    assert kind.count(asked) == 1
    row = next(iter(kind.rows(asked)))
    assert row[:5] == [home.address, "房明", "13800001111", "租客", PHONE]
    assert item.label not in str(row[5])
    worker = Asked(houses.cast.fresh("far_leader"), houses.cast.community_area, {}, columns)
    assert kind.count(worker) == 0
    homes = kind_for("dwellings")
    asked = Asked(houses.cast.fresh("leader"), houses.cast.grid, {"occupancy": "rented"}, ("address", "occupancy"))
    assert [row[0] for row in homes.rows(asked)] == [home.address]
    assert homes.told({"occupancy": "rented", "q": "1号楼"})[1] == "1号楼"
    assert kind.told({"tenancy": "ending"})[0].endswith("已过期")
