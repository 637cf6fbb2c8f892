"""Units are written down, changed, moved and closed by those of their grid, and found by name, pinyin and code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from linli.accounts.rules import SYSTEM, Refused
from linli.core import clock
from linli.exports.kinds import Asked, kind_for
from linli.housing.actions import NewBuilding, add_building, add_home, assign_grid
from linli.housing.choices import DwellingKind
from linli.housing.values import HomeValues
from linli.journal.models import Entry
from linli.people.choices import RevealPurpose
from linli.people.rules import NotPossible as NoPurpose
from linli.units.actions import (
    UnitFacts,
    Where,
    add_unit,
    change_unit,
    close_unit,
    move_unit,
    note_notice,
    reopen_unit,
    reveal_contact,
)
from linli.units.choices import UnitKind
from linli.units.models import Unit
from linli.units.queries import UnitFilters, changes_of, search_units, units_for
from linli.units.rules import NotPossible, code_is_right, normalise_code
from tests.cast import Cast
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

Browser = Callable[[object], Client]
CODE = "91350100M000100Y43"
PHONE = "13900005678"


def _shop(cast: Cast, name: str = "惠民超市", **facts: object) -> Unit:
    new = UnitFacts(name, contact_name="常桂英", contact_phone=PHONE, **facts)  # type: ignore[arg-type]
    return add_unit(new, Where(cast.grid, "黎花园底商"), by=cast.worker)


def test_a_code_is_checked_by_form_and_check_character() -> None:
    assert code_is_right(CODE)
    assert code_is_right(normalise_code("９１350100 m000-100y43"))
    assert not code_is_right(CODE[:-1] + "4")
    assert not code_is_right(CODE[:-1])
    assert not code_is_right("I" + CODE[1:])


def test_a_wrong_code_is_kept_and_marked(cast: Cast) -> None:
    wrong = _shop(cast, credit_code="91350100M000100Y44")
    assert (wrong.credit_code, wrong.credit_code_wrong) == ("91350100M000100Y44", True)
    assert not _shop(cast, credit_code=CODE).credit_code_wrong


@pytest.mark.parametrize("who", ["far_worker", "auditor", "police", "outsider"])
def test_others_write_nothing(cast: Cast, who: str) -> None:
    shop = _shop(cast)
    by = cast.users[who]
    with pytest.raises(Refused):
        add_unit(UnitFacts("店"), Where(cast.grid, "底商"), by=by)
    with pytest.raises(Refused):
        change_unit(shop, UnitFacts("店"), by=by)
    with pytest.raises(Refused):
        move_unit(shop, Where(cast.far_grid, "底商"), by=by)
    with pytest.raises(Refused):
        close_unit(shop, clock.today(), by=by)
    with pytest.raises(Refused):
        reveal_contact(shop, "contact_phone", by=by, reason=RevealPurpose.VISIT)


def test_a_change_keeps_what_stood_before_and_hides_the_contact(cast: Cast) -> None:
    shop = _shop(cast)
    change_unit(shop, UnitFacts("惠民便利店", contact_phone="13900001111"), by=cast.worker)
    newest = changes_of(shop)[0]
    values = [value for _name, value in newest.before]
    assert values == ["惠民超市", "***", "***"]
    assert Entry.objects.get(action="units.change").detail == {"fields": ["contact_name", "contact_phone", "name"]}


def test_a_change_that_changes_nothing_leaves_no_trace(cast: Cast) -> None:
    shop = _shop(cast)
    change_unit(shop, UnitFacts("惠民超市", contact_name="常桂英", contact_phone=PHONE), by=cast.worker)
    assert len(changes_of(shop)) == 1


def test_who_prefers_not_to_give_a_contact_has_none(cast: Cast) -> None:
    shop = _shop(cast, contact_declined=True)
    assert (shop.contact_name, shop.contact_phone) == ("", "")


def test_wrong_phone_term_and_place_are_refused(cast: Cast) -> None:
    where = Where(cast.grid, "底商")
    with pytest.raises(ValidationError):
        add_unit(UnitFacts("店", contact_phone="123"), where, by=cast.worker)
    with pytest.raises(ValidationError):
        add_unit(UnitFacts("会", term_from=date(2026, 2, 1), term_until=date(2026, 1, 1)), where, by=cast.worker)
    with pytest.raises(ValidationError):
        add_unit(UnitFacts("店"), Where(cast.community_area, "底商"), by=cast.leader)


def test_a_worker_moves_only_within_reach(cast: Cast) -> None:
    shop = _shop(cast)
    with pytest.raises(Refused):
        move_unit(shop, Where(cast.other_grid, "东门"), by=cast.worker)
    assert move_unit(shop, Where(cast.other_grid, "东门"), by=cast.leader).path == cast.other_grid.path


def test_a_unit_follows_its_building(cast: Cast) -> None:
    house = add_building(NewBuilding(cast.community_area, "1号楼", grid=cast.grid), by=SYSTEM)
    shop = add_unit(UnitFacts("店"), Where(cast.grid, "1号楼", house), by=cast.worker)
    assign_grid(house, cast.other_grid, by=SYSTEM)
    shop.refresh_from_db()
    assert (shop.grid, shop.path) == (cast.other_grid, cast.other_grid.path)


def test_closing_and_opening_again(cast: Cast) -> None:
    shop = _shop(cast)
    with pytest.raises(NotPossible):
        reopen_unit(shop, by=cast.worker)
    with pytest.raises(NotPossible):
        close_unit(shop, date(2999, 1, 1), by=cast.worker)
    close_unit(shop, clock.today(), by=cast.worker)
    assert list(units_for(cast.worker)) == []
    assert list(units_for(cast.worker, UnitFilters(state="closed"))) == [shop]
    with pytest.raises(NotPossible):
        close_unit(shop, clock.today(), by=cast.worker)
    reopen_unit(shop, by=cast.worker)
    assert list(units_for(cast.worker)) == [shop]


@pytest.mark.parametrize("text", ["惠民", "huimin", "hmcs", CODE, "黎花园"])
def test_a_unit_is_found(cast: Cast, text: str) -> None:
    shop = _shop(cast, credit_code=CODE)
    assert search_units(cast.worker, text, 8) == [shop]
    assert search_units(cast.far_worker, text, 8) == []


def test_the_contact_is_shown_for_a_purpose_and_journalled(cast: Cast) -> None:
    shop = _shop(cast)
    with pytest.raises(NoPurpose):
        reveal_contact(shop, "contact_phone", by=cast.worker, reason="")
    assert reveal_contact(shop, "contact_phone", by=cast.worker, reason=RevealPurpose.VISIT) == PHONE
    assert Entry.objects.get(action="units.reveal_contact").reason == RevealPurpose.VISIT


def test_pages_write_and_show_a_unit(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("worker"))
    values = {"name": "惠民超市", "kind": "shop", "grid": cast.grid.code, "place": "底商", "contact_phone": "123"}
    wrong = client.post("/units/new/", values)
    assert wrong.status_code == 422
    assert "contact_phone" in wrong.context["form"].errors
    assert client.post("/units/new/", values | {"contact_phone": PHONE}).status_code == 302
    shop = Unit.objects.get()
    page = client.get(f"/units/{shop.pk}/").content.decode()
    assert PHONE not in page
    assert "139****5678" in page
    assert PHONE not in client.get(f"/units/{shop.pk}/change/").content.decode()
    client.post(f"/units/{shop.pk}/change/", {"name": "新店", "kind": "shop"})
    shop.refresh_from_db()
    assert (shop.name, shop.contact_phone) == ("新店", PHONE)
    client.post(f"/units/{shop.pk}/move/", {"grid": cast.grid.code, "place": "北门"})
    client.post(f"/units/{shop.pk}/close/", {"closed_on": clock.today().isoformat()})
    shop.refresh_from_db()
    assert (shop.place, shop.closed_on) == ("北门", clock.today())
    assert client.post(f"/units/{shop.pk}/reopen/").status_code == 302
    assert client.post(f"/units/{shop.pk}/contact/contact_phone/", {}).status_code == 422
    assert PHONE in client.post(f"/units/{shop.pk}/contact/contact_phone/", {"reason": "visit"}).content.decode()
    assert "新店" in client.get("/search/?q=新店").content.decode()
    assert client_for(cast.fresh("far_worker")).get(f"/units/{shop.pk}/").status_code == 404


def test_the_list_needs_as_many_queries_for_three_as_for_one(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    _shop(cast)
    client.get("/units/")
    one = queries_of(client, "/units/")
    _shop(cast, "第二家")
    _shop(cast, "第三家")
    assert queries_of(client, "/units/") == one


def test_programs_read_units_masked_and_within_reach(cast: Cast, client_for: Browser) -> None:
    shop = _shop(cast)
    client = client_for(cast.fresh("worker"))
    listed = client.get(f"/api/v1/units?under={cast.grid.code}").json()
    assert [(item["name"], item["contact"]["phone"]) for item in listed["items"]] == [("惠民超市", "139****5678")]
    assert client.get(f"/api/v1/units/{shop.pk}").json() == listed["items"][0]
    assert client.get("/api/v1/units?q=hmcs").json()["items"] == listed["items"]
    far = client_for(cast.fresh("far_worker"))
    assert far.get("/api/v1/units").json()["items"] == []
    assert far.get(f"/api/v1/units/{shop.pk}").status_code == 404
    assert client_for(cast.fresh("auditor")).get("/api/v1/units").status_code == 403


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (CODE[:-1], "17"),
        ("I" + CODE[1:], "I"),
        (CODE[:2] + "A" + CODE[3:], "第 3 到第 8 位"),
        (CODE[:-1] + "4", "最后一位"),
    ],
)
def test_a_form_says_what_is_wrong_with_a_code(cast: Cast, client_for: Browser, code: str, words: str) -> None:
    client = client_for(cast.fresh("worker"))
    values = {"name": "福来五金店", "kind": "shop", "credit_code": code, "grid": cast.grid.code, "place": "底商"}
    refused = client.post("/units/new/", values)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert code in refused.content.decode()
    assert client.post("/units/new/", values | {"credit_code": CODE.lower()}).status_code == 302
    assert Unit.objects.get().credit_code == CODE


def test_a_wrong_code_that_came_from_elsewhere_does_not_stop_a_change(cast: Cast, client_for: Browser) -> None:
    shop = _shop(cast, credit_code=CODE[:-1])
    client = client_for(cast.fresh("worker"))
    assert "17" in client.get(f"/units/{shop.pk}/").content.decode()
    values = {"name": "惠民二店", "kind": "shop", "credit_code": CODE[:-1]}
    assert client.post(f"/units/{shop.pk}/change/", values).status_code == 302
    assert client.post(f"/units/{shop.pk}/change/", values | {"credit_code": "1"}).status_code == 422


def test_an_emptied_name_is_refused_and_an_emptied_contact_stays(cast: Cast, client_for: Browser) -> None:
    shop = _shop(cast)
    with pytest.raises(ValidationError):
        change_unit(shop, UnitFacts(" "), by=cast.worker)
    client = client_for(cast.fresh("worker"))
    refused = client.post(f"/units/{shop.pk}/change/", {"name": "", "kind": "shop"})
    assert (refused.status_code, "请写单位名称" in refused.content.decode()) == (422, True)
    client.post(f"/units/{shop.pk}/change/", {"name": "惠民超市", "kind": "hotel"})
    shop.refresh_from_db()
    assert (shop.name, shop.kind, shop.contact_name, shop.contact_phone) == ("惠民超市", "hotel", "常桂英", PHONE)
    client.post(f"/units/{shop.pk}/change/", {"name": "惠民超市", "kind": "hotel", "contact_gone": "on"})
    shop.refresh_from_db()
    assert (shop.contact_name, shop.contact_phone) == ("", "")


def test_the_contact_is_masked_and_shown_one_at_a_time_with_a_purpose(cast: Cast, client_for: Browser) -> None:
    shop = _shop(cast)
    client = client_for(cast.fresh("worker"))
    for page in (f"/units/{shop.pk}/", f"/units/{shop.pk}/change/", f"/field/units/{shop.pk}/", "/units/"):
        text = client.get(page).content.decode()
        assert "常桂英" not in text
        assert PHONE not in text
    address = f"/units/{shop.pk}/contact/contact_name/"
    assert client.post(address, {}).status_code == 422
    shown = client.post(address, {"reason": "visit"}).content.decode()
    assert ("常桂英" in shown, PHONE in shown) == (True, False)
    assert Entry.objects.get(action="units.reveal_contact").detail == {"field": "contact_name"}
    assert client.get(f"/units/{shop.pk}/contact/place/").status_code == 404
    with pytest.raises(ValueError, match="not masked"):
        reveal_contact(shop, "place", by=cast.worker, reason=RevealPurpose.VISIT)


def test_what_a_unit_was_told_is_written_down(cast: Cast, client_for: Browser) -> None:
    shop = _shop(cast)
    client = client_for(cast.fresh("worker"))
    address = f"/units/{shop.pk}/notice/"
    assert client.post(address, {"text": "", "on": ""}).status_code == 422
    assert client.post(address, {"text": "停水", "on": "2999-01-01"}).status_code == 422
    assert client.post(address, {"text": "11月26日停水", "on": clock.today().isoformat()}).status_code == 302
    assert "11月26日停水" in client.get(f"/field/units/{shop.pk}/").content.decode()
    with pytest.raises(Refused):
        note_notice(shop, "停水", clock.today(), by=cast.far_worker)


def test_a_shop_stands_in_its_room_when_the_address_is_the_rooms(cast: Cast, client_for: Browser) -> None:
    house = add_building(NewBuilding(cast.community_area, "1号楼", grid=cast.grid), by=SYSTEM)
    room = add_home(house, HomeValues("", "底商3", kind=DwellingKind.SHOP), by=SYSTEM)
    client = client_for(cast.fresh("worker"))
    client.post(
        "/field/units/new/", {"name": "刀削面馆", "kind": "shop", "grid": cast.grid.code, "place": room.address}
    )
    made = Unit.objects.get()
    assert (made.dwelling, made.building) == (room, house)
    elsewhere = add_building(NewBuilding(cast.community_area, "2号楼", grid=cast.grid), by=SYSTEM)
    with pytest.raises(ValidationError):
        move_unit(made, Where(cast.grid, "2号楼", elsewhere, room), by=cast.worker)


def test_on_the_phone_a_unit_is_found_written_down_and_changed(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("worker"))
    client.get("/field/units/")
    values = {"name": "社区老年协会", "kind": "association", "grid": cast.grid.code, "place": "北门", "members": "32"}
    assert client.post("/field/units/new/", values | {"contact_phone": "12"}).status_code == 422
    assert client.post("/field/units/new/", values).status_code == 302
    made = Unit.objects.get()
    assert "社区老年协会" in client.get("/field/units/?q=老年").content.decode()
    assert "32" in client.get(f"/field/units/{made.pk}/").content.decode()
    assert client.post(f"/field/units/{made.pk}/change/", {"name": "", "kind": "shop"}).status_code == 422
    client.post(f"/field/units/{made.pk}/change/", {"name": "老年协会", "kind": "association", "members": "40"})
    made.refresh_from_db()
    assert (made.name, made.members) == ("老年协会", 40)
    assert client_for(cast.fresh("far_worker")).get(f"/field/units/{made.pk}/").status_code == 404


def test_the_phone_list_needs_as_many_queries_for_three_as_for_one(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("worker"))
    _shop(cast)
    client.get("/field/units/")
    one = queries_of(client, "/field/units/")
    _shop(cast, "第二家")
    _shop(cast, "第三家")
    assert queries_of(client, "/field/units/") == one


def test_units_are_taken_out_as_they_are_narrowed_and_within_reach(cast: Cast) -> None:
    _shop(cast)
    _shop(cast, "晋香面馆", kind="restaurant")
    kind = kind_for("units")
    columns = ("name", "kind", "contact_phone")
    asked = Asked(by=cast.leader, area=cast.community_area, filters={"kind": "restaurant"}, columns=columns)
    assert kind.count(asked) == 1
    assert [list(row) for row in kind.rows(asked)] == [["晋香面馆", str(UnitKind.RESTAURANT.label), PHONE]]
    assert kind.told({"kind": "restaurant", "state": "closed", "q": "面"}) == [
        str(UnitKind.RESTAURANT.label),
        "关停",
        "“面”",
    ]
    far = Asked(by=cast.fresh("far_leader"), area=cast.community_area, filters={}, columns=columns)
    assert kind.count(far) == 0
