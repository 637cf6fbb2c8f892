"""Community profiles: side by side, the profile, what a community tells about itself, and the public page."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.housing.actions import (
    add_budget_line,
    add_facility,
    add_honour,
    change_profile,
    load_lists,
)
from linli.housing.choices import BudgetKind, ListKind
from linli.housing.models import BudgetLine, ClearMark, CommunityProfile, Honour, ListItem
from linli.housing.queries.profiles import money_of
from linli.housing.values import FacilityValues, ProfileValues
from tests.cast import Cast, middle
from tests.web.counting import queries_of
from tests.web.ledgers import settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
ClientFor = Callable[[object], Client]


def text_of(response: Any) -> str:
    return response.content.decode()


def english(client: Client) -> Client:
    client.cookies["linli_language"] = "en"
    return client


def lamp(name: str = "南门路灯", **values: Any) -> None:
    kind = ListItem.objects.get(kind=ListKind.FACILITY, code="light")
    add_facility(FacilityValues(kind, name, *middle(0), **values), by=SYSTEM)


@pytest.fixture(autouse=True)
def lists(cast: Cast) -> None:
    load_lists(by=SYSTEM)


@pytest.fixture
def leader(cast: Cast, client_for: ClientFor) -> Client:
    return english(client_for(cast.leader))


@pytest.fixture
def own(cast: Cast) -> str:
    return f"/communities/{cast.community_area.code}/"


def test_communities_stand_side_by_side_in_the_order_of_codes(cast: Cast, client_for: ClientFor) -> None:
    lamp()
    rows = client_for(cast.street).get("/communities/").context["rows"]
    assert [(line.community, line.grids, line.facilities) for line, _households in rows] == [
        (cast.beside_community, 1, 0),
        (cast.community_area, 2, 1),
    ]
    seen = client_for(cast.worker).get("/communities/").context["rows"]
    assert [line.community for line, _households in seen] == [cast.community_area]


def test_the_side_by_side_costs_the_same_for_one_and_three(cast: Cast, client_for: ClientFor) -> None:
    one = queries_of(client_for(cast.leader), "/communities/")
    assert queries_of(client_for(cast.street), "/communities/") <= one
    assert queries_of(client_for(cast.district), "/communities/") <= one


def test_a_profile_costs_the_same_for_one_and_three_rows(cast: Cast, leader: Client, own: str) -> None:
    def add(year: int) -> None:
        add_honour(cast.community_area, year, "先进社区", by=cast.leader)
        add_budget_line(cast.community_area, year, BudgetKind.BUDGET, "添座椅", Decimal(800), by=cast.leader)
        lamp(f"{year}号灯")

    add(2023)
    once = queries_of(leader, own)
    add(2024)
    add(2025)
    assert queries_of(leader, own) == once


def test_who_opens_and_who_changes_a_profile(cast: Cast, client_for: ClientFor, own: str) -> None:
    def answers(who: str) -> tuple[int, int]:
        client = client_for(cast.users[who])
        return client.get(own).status_code, client.get(f"{own}edit/").status_code

    assert answers("leader") == answers("community") == (200, 200)
    assert answers("worker") == (200, 404)
    assert answers("street") == answers("district") == (200, 403)
    assert answers("far_leader") == (404, 404)
    assert answers("department") == (403, 403)


def test_what_a_community_tells_stands_on_its_page_and_on_the_public_one(
    cast: Cast, leader: Client, client: Client, own: str
) -> None:
    said = {"about": "老小区，六栋楼", "premises_m2": "120.5", "project_name": "银龄课堂", "project_text": "每周二"}
    assert leader.post(f"{own}edit/", said)["Location"] == own
    public = f"/community/{cast.community_area.code}/"
    for page in (text_of(leader.get(own)), text_of(client.get(public))):
        for words in ("老小区，六栋楼", "120.5", "银龄课堂", "每周二"):
            assert words in page
    assert leader.post(f"{own}edit/", said | {"premises_m2": "很大"}).status_code == 422
    assert CommunityProfile.objects.get().premises_m2 == Decimal("120.5")


def test_the_public_pages_name_no_owner_no_keeper_and_no_resident(cast: Cast, client: Client) -> None:
    settle(cast)
    lamp(owner="单田芳", keeper="苗润生", note="钥匙在李桂香家")
    for address in (f"/community/{cast.community_area.code}/", f"/grid/{cast.grid.code}/"):
        page = text_of(client.get(address))
        assert "南门路灯" in page
        for hidden in ("单田芳", "苗润生", "李桂香"):
            assert hidden not in page
    assert client.get(f"/community/{cast.grid.code}/").status_code == 404


def test_money_keeps_a_running_total(cast: Cast, leader: Client, own: str) -> None:
    for kind, purpose, amount in ((BudgetKind.BUDGET, "全年", "1000"), (BudgetKind.EXPENSE, "换灯", "250.50")):
        leader.post(f"{own}money/", {"year": 2025, "kind": kind, "purpose": purpose, "amount": amount})
    (year,) = money_of(cast.community_area)
    assert [left for _line, left in year.running] == [Decimal(1000), Decimal("749.50")]
    assert "left 749.50" in text_of(leader.get(own))
    line = BudgetLine.objects.get(purpose="换灯")
    leader.post(f"{own}money/{line.pk}/")
    assert not BudgetLine.objects.filter(purpose="换灯").exists()
    wrong = leader.post(f"{own}money/", {"year": 20, "kind": "budget", "purpose": "全年", "amount": "1"})
    assert "Write a year such as 2026" in text_of(wrong)


def test_honours_come_and_go(cast: Cast, leader: Client, client_for: ClientFor, own: str) -> None:
    leader.post(f"{own}honours/", {"year": 2024, "name": "绿色社区", "given_by": "市里"})
    honour = Honour.objects.get()
    assert "绿色社区" in text_of(leader.get(own))
    assert client_for(cast.street).post(f"{own}honours/{honour.pk}/").status_code == 403
    elsewhere = f"/communities/{cast.far_community.code}/honours/{honour.pk}/"
    assert client_for(cast.far_leader).post(elsewhere).status_code == 404
    leader.post(f"{own}honours/{honour.pk}/")
    assert not Honour.objects.exists()


def test_six_clears_come_from_the_ledgers_or_are_noted(cast: Cast, leader: Client, own: str) -> None:
    assert leader.post(f"{own}clears/units/", {"percent": 120}).status_code == 422
    leader.post(f"{own}clears/units/", {"percent": 80})
    assert ClearMark.objects.get().percent == 80
    page = text_of(leader.get(own))
    assert "80%" in page
    for asked_of in ("homes, without shops and dormitories", "all homes, shops and dormitories", "homes that are let"):
        assert asked_of in page
    derived = leader.post(f"{own}clears/people/", {"percent": 80})
    assert "The ledgers say this by themselves" in text_of(derived)


def test_premises_and_facilities_are_set_against_their_standards(cast: Cast, leader: Client, own: str) -> None:
    settle(cast)
    lamp()
    change_profile(cast.community_area, ProfileValues(premises_m2=Decimal("0.1")), by=cast.leader)
    context = leader.get(own).context
    assert context["premises"].is_short
    share = next(share for share in context["shares"] if share.item.code == "light")
    assert (share.count, share.for_thousand, share.is_short) == (1, 250.0, False)
    assert next(share for share in context["shares"] if share.item.code == "bench").is_short


def test_numbers_of_people_are_for_those_who_may_count(cast: Cast, client_for: ClientFor, own: str) -> None:
    settle(cast)
    counted = dict(client_for(cast.district).get(own).context["figures"])
    assert list(counted.values()) == [3, 4]
    assert client_for(cast.administrator).get(own).context["figures"] == []


def test_a_profile_is_printed(cast: Cast, leader: Client, own: str) -> None:
    settle(cast)
    change_profile(cast.community_area, ProfileValues("老小区", Decimal(120), "银龄课堂", "每周二"), by=cast.leader)
    add_honour(cast.community_area, 2024, "绿色社区", by=cast.leader)
    add_budget_line(cast.community_area, 2025, BudgetKind.BUDGET, "全年", Decimal(1000), by=cast.leader)
    lamp()
    answer = leader.get(f"{own}profile.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
