"""Workbooks of homes that are let: owners and tenancies are written down, compared with what is known, taken back."""

from __future__ import annotations

from datetime import date

import pytest

from linli.accounts.rules import Refused
from linli.exchange.actions import receive_workbook, undo_batch
from linli.exchange.choices import BatchState, DifferenceKind
from linli.exchange.queries import difference_of, differences_of
from linli.exchange.rules import NotPossible
from linli.housing.actions import end_tenancy
from linli.housing.choices import Occupancy, OwnerKind
from linli.housing.models import Dwelling, Ownership, Tenancy
from tests.cast import Cast
from tests.exchange.test_homes import table, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

HEADERS = (
    "小区名称",
    "楼栋号",
    "单元",
    "房号",
    "房东姓名",
    "房东电话",
    "承租人姓名",
    "联系电话",
    "租住人数",
    "起租日期",
    "到期日期",
    "是否签订合同",
)
HOME = ("黎花园", "3号楼", "2单元", "501")
LET = (*HOME, "郭桂香", "15005569934", "单田芳", "15005569935", "3", "2025-03-01", "2027-02-28", "是")


def tenancies() -> list[tuple[str, date, date | None]]:
    return list(Tenancy.objects.order_by("pk").values_list("contact", "since", "until"))


def test_owner_and_tenant_come_in_and_go_again(cast: Cast) -> None:
    batch = taken(cast, "rentals", table(HEADERS, LET))
    home, owner, tenancy = Dwelling.objects.get(), Ownership.objects.get(), Tenancy.objects.get()
    assert (home.occupancy, home.address) == (Occupancy.RENTED, "黎花园3号楼2单元501")
    assert (owner.name, owner.phone, owner.kind) == ("郭桂香", "15005569934", OwnerKind.PERSON)
    assert (tenancy.contact, tenancy.phone, tenancy.headcount) == ("单田芳", "15005569935", 3)
    assert (tenancy.since, tenancy.agreed_until, tenancy.until) == (date(2025, 3, 1), date(2027, 2, 28), None)
    assert tenancy.contract_seen
    said = {name: batch.report["applied"][name] for name in ("renting", "tenancies", "owners", "updated")}
    assert said == {"renting": 1, "tenancies": 1, "owners": 1, "updated": 0}
    undo_batch(batch, by=cast.leader)
    assert [model._base_manager.count() for model in (Dwelling, Ownership, Tenancy)] == [0, 0, 0]


def test_the_same_again_changes_nothing_and_another_tenant_ends_the_tenancy_before(cast: Cast) -> None:
    taken(cast, "rentals", table(HEADERS, LET))
    again = taken(cast, "rentals", table(HEADERS, LET))
    assert (again.report["applied"]["updated"], Ownership.objects.count()) == (0, 1)
    later = (*HOME, "郭桂香", "15005569936", "王翠萍", "", "", "2026-02-01", "", "")
    batch = taken(cast, "rentals", table(HEADERS, later))
    assert tenancies() == [("单田芳", date(2025, 3, 1), date(2026, 2, 1)), ("王翠萍", date(2026, 2, 1), None)]
    shown = [(row.kind, difference_of(row)["lines"]) for row in differences_of(batch)]
    phone = ["owner_phone", "150****9934", "150****9936"]
    assert shown == [(DifferenceKind.RENTAL, [phone, ["tenant", "单田芳", "王翠萍"], ["since", "", "2026-02-01"]])]
    undo_batch(batch, by=cast.leader)
    assert tenancies() == [("单田芳", date(2025, 3, 1), None)]
    assert Ownership.objects.get().phone == "15005569934"


def test_what_somebody_changed_since_stops_the_undo(cast: Cast) -> None:
    batch = taken(cast, "rentals", table(HEADERS, LET))
    end_tenancy(Tenancy.objects.get(), date(2026, 1, 1), Occupancy.EMPTY, by=cast.leader)
    with pytest.raises(NotPossible, match="黎花园3号楼2单元501"):
        undo_batch(batch, by=cast.leader)
    assert batch.state == BatchState.APPLIED


def test_without_a_beginning_and_with_a_wrong_phone_only_the_rest_is_kept(cast: Cast) -> None:
    batch = taken(cast, "rentals", table(HEADERS, (*HOME, "长治房产公司", "1500", "单田芳", "", "", "", "", "")))
    assert (Tenancy.objects.count(), Dwelling.objects.get().occupancy) == (0, Occupancy.RENTED)
    owner = Ownership.objects.get()
    assert (owner.kind, owner.phone) == (OwnerKind.UNIT, "")
    assert {problem["kind"] for problem in batch.report["problems"]} == {"bad_phone", "bad_date"}
    assert batch.report["held"] == 0


def test_headers_in_two_rows_with_merged_groups(cast: Cast) -> None:
    groups = ("住址", "", "", "", "房东", "", "承租人", "", "", "租期", "", "")
    leaves = ("小区名称", "楼栋号", "单元", "房号", "姓名", "联系电话", "姓名", "联系电话", "人数", "起", "止", "合同")
    taken(cast, "rentals", table(groups, leaves, LET))
    assert (Ownership.objects.get().name, Ownership.objects.get().phone) == ("郭桂香", "15005569934")
    assert tenancies() == [("单田芳", date(2025, 3, 1), None)]
    assert Tenancy.objects.get().phone == "15005569935"


@pytest.mark.parametrize("who", ["worker", "partner"])
def test_nobody_else_takes_them_in(cast: Cast, who: str) -> None:
    content = table(HEADERS, LET)
    with pytest.raises(Refused):
        receive_workbook(content, name="台账.xlsx", area=cast.community_area, kind="rentals", by=cast.users[who])
