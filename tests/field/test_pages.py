from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.cases.actions import NewCase, accept_case, report_case
from linli.cases.actions.presets import load_presets
from linli.cases.choices import Mechanism, State
from linli.cases.models import Case, CasePhoto, Category
from linli.core import clock
from tests.cast import Cast
from tests.conftest import TUESDAY
from tests.files.pictures import picture
from tests.web.counting import queries_of
from tests.web.ledgers import ID_NUMBER, PHONE, household_of, settle

Browser = Callable[[object], Client]

ADDRESSES = ("/field/", "/field/cases/", "/field/new/", "/field/households/", "/field/grid/")


@pytest.fixture
def settled(cast: Cast, tuesday: object) -> Cast:
    settle(cast)
    load_presets(by=SYSTEM)
    return cast


def _category(mechanism: str = Mechanism.COORDINATION) -> Category:
    found = Category.objects.filter(parent__isnull=False, mechanism=mechanism).first()
    assert found is not None
    return found


def _reported(cast: Cast, text: str, mechanism: str = Mechanism.COORDINATION) -> Case:
    new = NewCase(category=_category(mechanism), text=text, area=cast.grid)
    return report_case(new, by=cast.fresh("worker")).case


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_visitor_is_led_to_the_sign_in_page(settled: Cast, client_for: Browser, address: str) -> None:
    assert client_for(None).get(address).status_code == 302


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("worker", (200, 200, 200, 200, 200)),
        ("leader", (200, 200, 200, 200, 200)),
        ("police", (200, 200, 200, 403, 403)),
        ("district", (200, 200, 403, 403, 200)),
        ("department", (200, 200, 403, 403, 403)),
        ("auditor", (403, 403, 403, 403, 403)),
        ("outsider", (403, 403, 403, 403, 403)),
    ],
)
def test_each_page_opens_to_those_who_need_it(
    settled: Cast, client_for: Browser, name: str, codes: tuple[int, ...]
) -> None:
    client = client_for(settled.fresh(name))
    assert tuple(client.get(address).status_code for address in ADDRESSES) == codes


def test_today_shows_emergencies_then_what_is_late(settled: Cast, client_for: Browser) -> None:
    old = _reported(settled, "下水道堵了")
    with clock.frozen(TUESDAY + timedelta(days=3)):
        new = _reported(settled, "路灯不亮")
        urgent = _reported(settled, "楼道有燃气味", Mechanism.EMERGENCY)
        answer = client_for(settled.fresh("worker")).get("/field/")
    assert [line.case.pk for line in answer.context["emergencies"]] == [urgent.pk]
    assert [line.case.pk for line in answer.context["lines"]] == [old.pk, new.pk]
    assert all(line.step for line in answer.context["lines"])


def test_what_i_accepted_stays_on_my_page(settled: Cast, client_for: Browser) -> None:
    case = _reported(settled, "路灯不亮")
    accept_case(case, by=settled.fresh("worker"))
    answer = client_for(settled.fresh("worker")).get("/field/")
    assert case.pk in {line.case.pk for line in [*answer.context["lines"], *answer.context["mine"]]}


def test_a_quiet_day_says_so(settled: Cast, client_for: Browser) -> None:
    assert "今天没有超期、到期的事" in client_for(settled.fresh("worker")).get("/field/").content.decode()


def test_cases_are_listed_by_pile_and_words(settled: Cast, client_for: Browser) -> None:
    case = _reported(settled, "路灯不亮")
    client = client_for(settled.fresh("worker"))

    def numbers(query: str) -> list[str]:
        return [line.case.number for line in client.get(f"/field/cases/?{query}").context["lines"]]

    assert numbers("pile=new") == [case.number]
    assert numbers("pile=late") == []
    assert numbers("q=路灯") == [case.number]
    assert numbers("q=没有") == []


def test_the_next_step_is_within_reach_and_is_taken(settled: Cast, client_for: Browser) -> None:
    case = _reported(settled, "路灯不亮")
    client = client_for(settled.fresh("worker"))
    page = client.get(f"/field/cases/{case.number}/")
    assert page.context["next"] == "accept"
    assert client.get(f"/field/cases/{case.number}/accept/").status_code == 200
    answer = client.post(f"/field/cases/{case.number}/accept/", {"version": case.version})
    assert answer.headers["Location"] == f"/field/cases/{case.number}/"
    assert Case.objects.get().state == State.ACCEPTED


def test_what_a_step_needs_is_named_at_its_field(settled: Cast, client_for: Browser) -> None:
    case = _reported(settled, "路灯不亮")
    accept_case(case, by=settled.fresh("worker"))
    answer = client_for(settled.fresh("worker")).post(f"/field/cases/{case.number}/hand_up/", {"note": ""})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"note"}


def test_who_comes_second_is_told_and_keeps_what_was_typed(settled: Cast, client_for: Browser) -> None:
    case = _reported(settled, "路灯不亮")
    accept_case(case, by=settled.fresh("partner"))
    answer = client_for(settled.fresh("worker")).post(
        f"/field/cases/{case.number}/accept/", {"version": case.version, "note": "我来看看"}
    )
    assert answer.status_code == 409
    assert "申海波" in answer.content.decode()
    assert "我来看看" in answer.content.decode()


def _photo(content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("lamp.jpg", content or picture(), content_type="image/jpeg")


def test_photos_come_with_a_step_and_stand_beside_it(settled: Cast, client_for: Browser) -> None:
    new = NewCase(category=_category(), text="路灯不亮", area=settled.grid)
    case = report_case(new, by=settled.fresh("worker"), photos=[picture()]).case
    accept_case(case, by=settled.fresh("worker"))
    client = client_for(settled.fresh("worker"))
    assert 'name="photos"' in client.get(f"/field/cases/{case.number}/hand_up/").content.decode()
    answer = client.post(f"/field/cases/{case.number}/hand_up/", {"note": "够不着", "photos": [_photo(), _photo()]})
    assert answer.status_code == 302
    page = client.get(f"/field/cases/{case.number}/").content.decode()
    history = page[page.index("l-timeline") : page.index("</ol>", page.index("l-timeline"))]
    first, *others = CasePhoto.objects.filter(case=case)
    assert f"/photos/{first.pk}/" in page.replace(history, "")
    assert f"/photos/{first.pk}/" not in history
    assert len(others) == 2
    assert all(f"/photos/{photo.pk}/" in history for photo in others)
    assert client_for(settled.fresh("far_worker")).get(f"/cases/{case.number}/photos/{first.pk}/").status_code == 404


def test_a_photo_that_is_none_is_named_at_its_field_and_nothing_is_lost(settled: Cast, client_for: Browser) -> None:
    case = _reported(settled, "路灯不亮")
    accept_case(case, by=settled.fresh("worker"))
    given = {"note": "写了很久的话", "photos": _photo(b"no photo at all")}
    answer = client_for(settled.fresh("worker")).post(f"/field/cases/{case.number}/hand_up/", given)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"photos"}
    page = answer.content.decode()
    assert "写了很久的话" in page
    assert "照片要重新选一次" in page
    assert not CasePhoto.objects.exists()


def test_whose_step_it_is_not_leaves_no_photo(settled: Cast, client_for: Browser) -> None:
    case = _reported(settled, "路灯不亮")
    accept_case(case, by=settled.fresh("worker"))
    address, given = f"/field/cases/{case.number}/hand_up/", {"note": "够不着", "photos": _photo()}
    assert client_for(settled.fresh("district")).post(address, given).status_code == 403
    assert client_for(settled.fresh("far_worker")).post(address, {**given, "photos": _photo()}).status_code == 404
    assert not CasePhoto.objects.exists()


def test_a_case_or_step_that_is_not_there_is_not_found(settled: Cast, client_for: Browser) -> None:
    case = _reported(settled, "路灯不亮")
    worker, stranger = client_for(settled.fresh("worker")), client_for(settled.fresh("far_worker"))
    assert stranger.get(f"/field/cases/{case.number}/").status_code == 404
    assert stranger.post(f"/field/cases/{case.number}/accept/").status_code == 404
    assert worker.get("/field/cases/0000-XXXX/").status_code == 404
    assert worker.get(f"/field/cases/{case.number}/lapse/").status_code == 404


def test_a_case_is_noted_in_one_screen(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("worker"))
    page = client.get("/field/new/")
    assert page.context["form"]["area"].value() == settled.grid.code
    given = {"mechanism": "", "category": _category().code, "text": "路灯不亮", "area": settled.grid.code}
    answer = client.post("/field/new/", {**given, "address": "东门口"}, follow=True)
    assert Case.objects.get().place == "东门口"
    assert Case.objects.get().number in answer.content.decode()


def test_what_was_done_on_the_spot_is_closed_at_once(settled: Cast, client_for: Browser) -> None:
    given = {
        "mechanism": "on_spot",
        "category": _category().code,
        "text": "井盖移位",
        "done": "已挪正",
        "area": settled.grid.code,
    }
    client_for(settled.fresh("worker")).post("/field/new/", given)
    assert Case.objects.get().state == State.CLOSED


def _note(settled: Cast, usual: str, **values: str) -> dict[str, str]:
    given = {"mechanism": "", "category": _category(usual).code, "text": "井盖移位", "area": settled.grid.code}
    return given | values


@pytest.mark.parametrize("usual", list(Mechanism))
def test_without_a_way_the_usual_one_of_the_category_is_taken(settled: Cast, client_for: Browser, usual: str) -> None:
    client_for(settled.fresh("worker")).post("/field/new/", _note(settled, usual))
    case = Case.objects.get()
    assert (case.mechanism, case.state) == (usual, State.REPORTED)


@pytest.mark.parametrize("way", [Mechanism.COORDINATION, Mechanism.EMERGENCY, Mechanism.APPROVAL])
def test_a_way_chosen_by_hand_is_kept(settled: Cast, client_for: Browser, way: str) -> None:
    client_for(settled.fresh("worker")).post("/field/new/", _note(settled, Mechanism.ON_SPOT, mechanism=way))
    assert Case.objects.get().mechanism == way


def test_the_page_is_told_the_usual_ways_but_never_that_it_is_done(settled: Cast, client_for: Browser) -> None:
    page = client_for(settled.fresh("worker")).get("/field/new/").content.decode()
    for way in Mechanism:
        option = re.search(rf'<option value="{_category(way).code}"[^>]*>', page)
        assert option is not None
        assert (f'data-way="{way}"' in option[0]) == (way != Mechanism.ON_SPOT)


def test_what_was_done_is_never_lost_whatever_way_was_chosen(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("worker"))
    usual = Mechanism.COORDINATION
    refused = client.post("/field/new/", _note(settled, usual, done="已挪正", mechanism=Mechanism.APPROVAL))
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"done"}
    assert "已挪正" in refused.content.decode()
    client.post("/field/new/", _note(settled, usual, done="已挪正"))
    case = Case.objects.get()
    assert (case.state, case.answer) == (State.CLOSED, "已挪正")


def test_a_note_that_lacks_something_keeps_what_was_typed(settled: Cast, client_for: Browser) -> None:
    answer = client_for(settled.fresh("worker")).post("/field/new/", {"text": "路灯不亮", "area": settled.grid.code})
    assert answer.status_code == 422
    assert "category" in answer.context["form"].errors
    assert "路灯不亮" in answer.content.decode()


def test_a_place_outside_ones_area_is_refused_in_words(settled: Cast, client_for: Browser) -> None:
    given = {"category": _category().code, "text": "路灯不亮", "area": settled.far_grid.code}
    answer = client_for(settled.fresh("worker")).post("/field/new/", given)
    assert answer.status_code == 403
    assert "不归您管" in answer.content.decode()
    assert not Case.objects.exists()


def test_households_by_building_and_by_words(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("worker"))
    buildings = list(client.get("/field/households/").context["page"])
    assert [(building.name, building.homes) for building in buildings] == [("3号楼", 2)]
    homes = client.get(f"/field/households/?building={buildings[0].pk}").context["page"]
    assert [home.dwelling.room for home in homes] == ["501", "602"]
    for text in ("stf", "shantianfang", "9934", "单田芳", "3号楼2单元501"):
        found = client.get("/field/households/", {"q": text}).context["page"]
        assert "501" in [home.dwelling.room for home in found]
    assert "没有符合的住户" in client.get("/field/households/?q=王翠萍").content.decode()


def test_the_file_at_the_door_is_masked(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("worker"))
    page = client.get(f"/field/households/{household_of('单田芳').number}/").content.decode()
    assert "150****9934" in page
    assert PHONE not in page
    assert ID_NUMBER not in page
    assert client.get(f"/field/households/{household_of('王翠萍').number}/").status_code == 404


def test_my_grid_shows_map_board_and_buildings(settled: Cast, client_for: Browser) -> None:
    answer = client_for(settled.fresh("worker")).get("/field/grid/")
    page = answer.content.decode()
    assert f"/map/areas.geojson?under={settled.grid.code}" in page
    assert "李文静" in page
    assert [building.name for building in answer.context["buildings"]] == ["3号楼"]
    assert answer.context["households"] == 2


def test_another_grid_of_mine_can_be_chosen_and_a_foreign_one_not(settled: Cast, client_for: Browser) -> None:
    leader = client_for(settled.fresh("leader"))
    assert leader.get(f"/field/grid/?grid={settled.other_grid.code}").context["grid"] == settled.other_grid
    worker = client_for(settled.fresh("worker"))
    assert worker.get(f"/field/grid/?grid={settled.far_grid.code}").context["grid"] == settled.grid


@pytest.mark.parametrize("address", ["/field/cases/?pile=new", "/field/"])
def test_cases_cost_the_same_number_of_queries(settled: Cast, client_for: Browser, address: str) -> None:
    client = client_for(settled.fresh("worker"))
    counts = []
    for number in range(3):
        _reported(settled, f"路灯不亮 {number}")
        counts.append(queries_of(client, address))
    assert counts[0] == counts[2]


def test_households_cost_the_same_number_of_queries(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("leader"))
    one = queries_of(client, f"/field/households/?building={household_of('王翠萍').dwelling.building_id}")
    two = queries_of(client, f"/field/households/?building={household_of('单田芳').dwelling.building_id}")
    assert one == two
