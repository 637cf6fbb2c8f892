"""The one box on the phone: it finds what the desktop's finds, and leads to the phone's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.cases.actions import NewCase, report_case
from linli.cases.actions.presets import load_presets
from linli.cases.models import Case, Category
from linli.housing.actions import NewDwelling, add_dwellings, make_plates
from linli.housing.models import Building
from linli.people.models import Household
from linli.units.actions import UnitFacts, Where, add_unit
from linli.units.models import Unit
from tests.cast import Cast
from tests.web.counting import queries_of
from tests.web.ledgers import PHONE, settle

Browser = Callable[[object], Client]


@pytest.fixture
def settled(cast: Cast, tuesday: object) -> Cast:
    settle(cast)
    load_presets(by=SYSTEM)
    category = Category.objects.filter(parent__isnull=False, mechanism="coordination").first()
    assert category is not None
    report_case(NewCase(category=category, text="楼道灯不亮", area=cast.grid), by=cast.fresh("worker"))
    building = Building.objects.get(name="3号楼")
    add_unit(UnitFacts(name="桥北超市"), Where(cast.grid, "黎花园3号楼", building=building), by=cast.fresh("worker"))
    add_dwellings([NewDwelling(building, "2", "701")], by=SYSTEM)
    make_plates([building], by=SYSTEM)
    return cast


def _words() -> dict[str, tuple[str, str]]:
    """Return kind of words → what is typed, and the address that it must lead to."""
    home = Household.objects.get(dwelling__building__name="3号楼", dwelling__room="501")
    building, case, unit = home.dwelling.building, Case.objects.get(), Unit.objects.get()
    plate = building.plates.first()
    assert plate is not None
    empty = building.dwellings.get(room="701")
    file = f"/field/households/{home.number}/"
    return {
        "name": ("单田芳", file),
        "pinyin": ("shantianfang", file),
        "initials": ("stf", file),
        "phone tail": ("9934", file),
        "address": ("3-2-501", file),
        "service code": (home.number.lower(), file),
        "home of nobody": ("3-2-701", f"/field/dwellings/{empty.pk}/"),
        "building": ("黎花园3号楼", f"/field/households/?building={building.pk}"),
        "plate": (plate.token.lower(), f"/field/households/?building={building.pk}"),
        "case number": (case.number.replace("-", ""), f"/field/cases/{case.number}/"),
        "unit": ("qbcs", f"/field/units/{unit.pk}/"),
    }


def test_everything_is_found_and_leads_to_the_pages_of_the_phone(settled: Cast, client_for: Browser) -> None:
    worker, elsewhere = client_for(settled.fresh("worker")), client_for(settled.fresh("far_worker"))
    for kind, (text, address) in _words().items():
        page = worker.get("/field/search/", {"q": text}).content.decode()
        assert f'href="{address}"' in page, kind
        assert worker.get(address).status_code == 200
        assert elsewhere.get("/field/search/", {"q": text}).context["found"].empty, kind


def test_phones_stay_masked(settled: Cast, client_for: Browser) -> None:
    page = client_for(settled.fresh("worker")).get("/field/search/", {"q": "单田芳"}).content.decode()
    assert "150****9934" in page
    assert PHONE not in page


def test_the_icon_of_every_page_leads_to_the_box_and_the_ledger_stays(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("worker"))
    assert 'href="/field/search/"' in client.get("/field/").content.decode()
    assert 'name="q"' in client.get("/field/households/").content.decode()


def test_htmx_gets_the_results_alone_and_nothing_typed_says_what_can_be(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("worker"))
    part = client.get("/field/search/", {"q": "单"}, headers={"HX-Request": "true"}).content.decode()
    assert "单田芳" in part
    assert "<html" not in part
    assert "输入姓名、地址或编号" in client.get("/field/search/").content.decode()
    assert "没有符合的" in client.get("/field/search/", {"q": "不存在的人"}).content.decode()


def test_it_is_for_those_who_have_something_to_find(settled: Cast, client_for: Browser) -> None:
    assert client_for(None).get("/field/search/").status_code == 302
    assert client_for(settled.fresh("auditor")).get("/field/search/").status_code == 403
    assert client_for(settled.fresh("police")).get("/field/search/").status_code == 200
    assert client_for(settled.fresh("district")).get("/field/search/", {"q": "单田芳"}).context["found"].empty


def test_many_units_cost_as_many_queries_as_one(settled: Cast, client_for: Browser) -> None:
    client, counts = client_for(settled.fresh("worker")), []
    for name in ("桥北药店", "桥北粮店"):
        counts.append(queries_of(client, "/field/search/?q=桥北"))
        add_unit(UnitFacts(name=name), Where(settled.grid, "桥北路1号"), by=settled.fresh("worker"))
    assert counts[0] == queries_of(client, "/field/search/?q=桥北")
