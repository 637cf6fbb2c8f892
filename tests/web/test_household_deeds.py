from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.core import clock
from linli.housing.models import Dwelling
from linli.inbox.models import Message
from linli.journal.models import Entry
from linli.people.actions import move_in
from linli.people.actions.moves import NewPerson
from linli.people.choices import Relation, TransferState
from linli.people.deeds import DEEDS
from linli.people.models import Particulars, Person, PersonChange, Transfer
from linli.people.places import Tie
from tests.cast import Cast
from tests.people.homes import Homes, make_homes
from tests.web.counting import queries_of

pytestmark = pytest.mark.usefixtures("tuesday")
Browser = Callable[[object], Client]


@pytest.fixture
def homes(cast: Cast) -> Homes:
    return make_homes(cast)


def _address(homes: Homes, name: str, kind: str) -> str:
    return f"/households/{homes.household(name).number}/changes/{kind}/"


def _do(homes: Homes, client_for: Browser, who: str, kind: str, /, **told: Any) -> Any:
    # A browser sends the answer that is chosen beforehand.
    asked = {"consent": "not_asked"} if kind in ("move-out", "transfer") else {}
    values = {"day": clock.today().isoformat(), **asked, **told}
    return client_for(homes.cast.fresh("worker")).post(_address(homes, who, kind), values)


def _pk(homes: Homes, name: str) -> str:
    return str(homes.person(name).pk)


@pytest.mark.parametrize("kind", list(DEEDS))
def test_every_change_has_a_form_with_today(homes: Homes, client_for: Browser, kind: str) -> None:
    page = client_for(homes.cast.fresh("worker")).get(_address(homes, "单田芳", kind))
    assert page.status_code == 200
    assert f'value="{clock.today().isoformat()}"' in page.content.decode()


def test_an_unknown_change_and_a_household_out_of_reach_are_not_found(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("worker"))
    assert client.get(_address(homes, "单田芳", "fine")).status_code == 404
    assert client.get(_address(homes, "葛远航", "move-in")).status_code == 404
    assert client_for(homes.cast.fresh("street")).get(_address(homes, "单田芳", "move-in")).status_code == 403


def test_somebody_moves_in(homes: Homes, client_for: Browser) -> None:
    told = {"name": "原秀英", "relation": Relation.OTHER, "registration": "elsewhere"}
    answer = _do(homes, client_for, "单田芳", "move-in", **told)
    assert answer.status_code == 302
    assert homes.household("原秀英") == homes.household("单田芳")


def test_somebody_who_lived_here_before_comes_back(homes: Homes, client_for: Browser) -> None:
    told = {"people": _pk(homes, "单小雨"), "destination": "elsewhere"}
    assert _do(homes, client_for, "单田芳", "move-out", **told).status_code == 302
    back = {"returning": _pk(homes, "单小雨"), "relation": Relation.DAUGHTER, "registration": "here"}
    without = _do(homes, client_for, "单田芳", "move-in", **{**back, "returning": ""})
    assert "请写姓名" in without.content.decode()
    assert _do(homes, client_for, "单田芳", "move-in", **back).status_code == 302
    assert homes.household("单小雨") == homes.household("单田芳")
    assert Person.objects.filter(name="单小雨").count() == 1


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(homes: Homes, client_for: Browser) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    told = {"name": "原秀英", "relation": "other", "registration": "elsewhere", "day": tomorrow, "id_number": "123"}
    answer = _do(homes, client_for, "单田芳", "move-in", **told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "这一天还没到" in page
    assert "身份证号不对" in page
    assert 'value="原秀英"' in page
    assert not Person.objects.filter(name="原秀英").exists()


def test_a_day_before_the_last_change_is_refused_in_words(homes: Homes, client_for: Browser) -> None:
    answer = _do(
        homes, client_for, "单田芳", "move-out", people=_pk(homes, "李桂香"), day="2019-01-01", destination="not_said"
    )
    assert answer.status_code == 422
    assert "李桂香在2020-03-01" in answer.content.decode()


def test_when_the_head_leaves_somebody_has_to_be_chosen(homes: Homes, client_for: Browser) -> None:
    told = {"people": _pk(homes, "单田芳"), "destination": "elsewhere"}
    assert "户主走了" in _do(homes, client_for, "单田芳", "move-out", **told).content.decode()
    answer = _do(homes, client_for, "单田芳", "move-out", **told, new_head=_pk(homes, "李桂香"))
    assert answer.status_code == 302
    assert homes.relations("李桂香") == {"李桂香": Relation.HEAD, "单小雨": Relation.DAUGHTER}


def test_moving_within_the_grid_splitting_and_joining(homes: Homes, client_for: Browser) -> None:
    home = f"d{homes.homes[2].pk}"
    assert _do(homes, client_for, "单田芳", "move-home", people=_pk(homes, "单小雨"), home=home).status_code == 302
    assert homes.household("单小雨").dwelling == homes.homes[2]
    split = _do(homes, client_for, "王翠萍", "split", people=_pk(homes, "王明"))
    assert split.status_code == 302
    other = f"h{homes.household('王明').pk}"
    assert _do(homes, client_for, "王翠萍", "merge", other=other).status_code == 302
    assert homes.household("王明") == homes.household("王翠萍")


def test_a_birth_a_new_head_a_registration_and_a_death(homes: Homes, client_for: Browser) -> None:
    child = {"name": "单小雪", "sex": "female", "parent": _pk(homes, "单小雨"), "registration": "here"}
    assert _do(homes, client_for, "单田芳", "birth", **child).status_code == 302
    assert homes.tie("单小雪").relation == Relation.GRANDCHILD
    assert _do(homes, client_for, "单田芳", "head", head=_pk(homes, "李桂香")).status_code == 302
    assert homes.tie("李桂香").relation == Relation.HEAD
    told = {"who": _pk(homes, "单小雨"), "registration": "elsewhere", "presence": "", "relation": ""}
    assert _do(homes, client_for, "单田芳", "tie", **told).status_code == 302
    assert homes.tie("单小雨").registration == "elsewhere"
    assert _do(homes, client_for, "王明", "death", who=_pk(homes, "王明")).status_code == 302
    assert Particulars.objects.get(person__name="王明").died_on == clock.today()


def test_a_household_begins_in_a_home_where_nobody_lives(homes: Homes, client_for: Browser) -> None:
    client, home = client_for(homes.cast.fresh("worker")), homes.homes[2]
    file = client.get(f"/households/{homes.household('单田芳').number}/").content.decode()
    assert f"/homes/{home.pk}/move-in/" in file
    told = {"name": "原秀英", "registration": "elsewhere", "day": clock.today().isoformat()}
    assert client.post(f"/homes/{home.pk}/move-in/", told).status_code == 302
    assert homes.tie("原秀英").relation == Relation.HEAD


def _asked(homes: Homes, client_for: Browser) -> Transfer:
    told = {"people": _pk(homes, "单小雨"), "building": "兴泰家园2号楼", "home": "1-301"}
    assert _do(homes, client_for, "单田芳", "transfer", **told).status_code == 302
    return Transfer.objects.get()


def test_a_move_to_another_grid_is_asked_and_confirmed(homes: Homes, client_for: Browser) -> None:
    row = _asked(homes, client_for)
    assert homes.household("单小雨") == homes.household("单田芳")
    leader = client_for(homes.cast.fresh("leader"))
    assert "单小雨" in leader.get("/transfers/").content.decode()
    home = Dwelling.objects.get(building=row.building, room="301")
    answer = leader.post(f"/transfers/{row.pk}/accept/", {"home": f"d{home.pk}", "day": clock.today().isoformat()})
    assert answer.status_code == 302
    assert homes.household("单小雨").dwelling == home
    told = Message.objects.get(to=homes.cast.worker, kind="people.transfer_accepted")
    assert told.url == f"/transfers/{row.pk}/"
    assert "单小雨" in leader.get("/transfers/?pile=settled").content.decode()


def test_a_move_is_refused_with_a_reason_or_withdrawn(homes: Homes, client_for: Browser) -> None:
    row = _asked(homes, client_for)
    worker, leader = client_for(homes.cast.fresh("worker")), client_for(homes.cast.fresh("leader"))
    assert worker.post(f"/transfers/{row.pk}/refuse/", {"reason": "没住进来"}).status_code == 403
    assert leader.post(f"/transfers/{row.pk}/refuse/", {"reason": ""}).status_code == 422
    assert leader.post(f"/transfers/{row.pk}/refuse/", {"reason": "没住进来"}).status_code == 302
    assert "没住进来" in worker.get(f"/transfers/{row.pk}/").content.decode()
    again = _asked_again(homes, client_for)
    assert worker.post(f"/transfers/{again.pk}/withdraw/").status_code == 302
    again.refresh_from_db()
    assert again.state == TransferState.WITHDRAWN


def _asked_again(homes: Homes, client_for: Browser) -> Transfer:
    told = {"people": _pk(homes, "单小雨"), "building": "兴泰家园2号楼"}
    _do(homes, client_for, "单田芳", "transfer", **told)
    return Transfer.objects.latest("pk")


def test_a_building_that_is_not_known_or_lies_here_is_refused(homes: Homes, client_for: Browser) -> None:
    people = _pk(homes, "单小雨")
    unknown = _do(homes, client_for, "单田芳", "transfer", people=people, building="没有这栋楼")
    assert "没有找到这栋楼" in unknown.content.decode()
    here = _do(homes, client_for, "单田芳", "transfer", people=people, building="兴泰家园1号楼")
    assert "这栋楼就在本网格" in here.content.decode()


def test_transfers_cost_the_same_number_of_queries(homes: Homes, client_for: Browser) -> None:
    client, counts = client_for(homes.cast.fresh("leader")), []
    for name in ("单小雨", "李桂香", "王明"):
        told = {"people": _pk(homes, name), "building": "兴泰家园2号楼"}
        assert _do(homes, client_for, name, "transfer", **told).status_code == 302
        counts.append(queries_of(client, "/transfers/"))
    assert counts[0] == counts[2]


def test_facts_are_changed_kept_and_shown_as_of_a_past_day(homes: Homes, client_for: Browser) -> None:
    client, person = client_for(homes.cast.fresh("worker")), homes.person("李桂香")
    told = {"name": "李桂香", "sex": "female", "birth_date": "1963-05-17", "employer": "供热公司", "phone": ""}
    told |= {"registered_address": "兴泰家园", "declined": ["emergency_contact", "skills"]}
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert client.post(f"/people/{person.pk}/", told).status_code == 302
        number = homes.household("李桂香").number
        now = client.get(f"/households/{number}/").content.decode()
        then = client.get(f"/households/{number}/?day=2026-11-24").content.decode()
    assert "供热公司" in now
    assert "不方便说" in now
    assert "供热公司" not in then
    assert "这是 2026-11-24 那天的样子" in then
    assert "/changes/" not in then
    person.refresh_from_db()
    assert person.phone == "19000000131"
    assert PersonChange.objects.get().fields == ["employer", "declined"]


def test_the_edit_page_hides_numbers_and_refuses_wrong_ones(homes: Homes, client_for: Browser) -> None:
    client, person = client_for(homes.cast.fresh("worker")), homes.person("李桂香")
    page = client.get(f"/people/{person.pk}/").content.decode()
    assert "190****0131" in page
    assert person.phone not in page
    assert person.id_number not in page
    wrong = client.post(f"/people/{person.pk}/", {"name": "李桂香", "phone": "12", "birth_date": "2030-01-01"})
    assert wrong.status_code == 422
    assert "手机号是11位" in wrong.content.decode()
    assert client_for(homes.cast.fresh("street")).get(f"/people/{person.pk}/").status_code == 403


def test_the_file_prints_with_a_watermark_and_is_journalled(homes: Homes, client_for: Browser) -> None:
    answer = client_for(homes.cast.fresh("worker")).get(f"/households/{homes.household('单田芳').number}/file.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
    assert Entry.objects.filter(action="people.print_household", actor="worker").count() == 1


def test_without_a_chinese_font_printing_says_what_to_do(
    homes: Homes, client_for: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.core.pdf.CHINESE_FAMILIES", ())
    client, number = client_for(homes.cast.fresh("worker")), homes.household("单田芳").number
    answer = client.get(f"/households/{number}/file.pdf", follow=True)
    assert "没有中文字体" in answer.content.decode()
    assert not Entry.objects.filter(action="people.print_household").exists()
    answer = client.get(f"/households/codes.pdf?under={homes.cast.grid.code}", follow=True)
    assert "没有中文字体" in answer.content.decode()


def test_service_codes_of_ones_grid(homes: Homes, client_for: Browser) -> None:
    client, number = client_for(homes.cast.fresh("worker")), homes.household("单田芳").number
    page = client.get("/households/codes/").content.decode()
    assert number in page
    assert "单田芳" not in page.split("<main", 1)[1]
    assert client.get(f"/households/codes/?under={homes.cast.other_grid.code}").status_code == 404
    printed = client.get(f"/households/codes.pdf?under={homes.cast.grid.code}")
    assert printed.content.startswith(b"%PDF")
    assert Entry.objects.filter(action="people.print_codes").count() == 1
    found = client.get(f"/households/?q={number.lower()}").context["page"]
    assert [row.number for row in found] == [number]


def test_service_codes_cost_the_same_number_of_queries(homes: Homes, client_for: Browser) -> None:
    client, address = client_for(homes.cast.fresh("leader")), f"/households/codes/?under={homes.cast.other_grid.code}"
    counts = [queries_of(client, address)]
    for number, home in enumerate(homes.homes[4:]):
        move_in(NewPerson(f"新{number}"), home, Tie(), by=homes.cast.leader, day=clock.today())
    counts.append(queries_of(client, address))
    assert counts[0] == counts[1]


def test_the_list_is_narrowed_to_who_came_from_elsewhere(homes: Homes, client_for: Browser) -> None:
    move_in(NewPerson("原秀英"), homes.homes[2], Tie(registration="elsewhere"), by=homes.cast.worker, day=clock.today())

    def listed(standing: str) -> list[str]:
        answer = client_for(homes.cast.fresh("worker")).get(f"/households/?standing={standing}")
        return [row.members[0].person.name for row in answer.context["page"]]

    assert listed("lodging") == ["原秀英"]
    assert listed("in_flow") == []
    assert listed("resident") == ["单田芳", "王翠萍"]
    with clock.frozen(clock.now() + timedelta(days=200)):
        assert listed("in_flow") == ["原秀英"]
        assert listed("lodging") == []
