"""People, households and homes through the interface: scoped, and never a whole number."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.housing.models import Dwelling
from linli.people.models import Household, Person
from tests.api.conftest import Program
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook
from tests.web.ledgers import BAD_ID, ID_NUMBER, PHONE, household_of, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

Programs = Callable[[Any], Program]


@pytest.fixture
def settled(cast: Cast) -> Cast:
    settle(cast)
    return cast


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return [person["name"] for person in answer.json()["items"]]


def test_people_are_those_of_the_own_grid(settled: Cast, program: Programs) -> None:
    assert set(names(program(settled.worker).get("people"))) == {"单田芳", "单小雨", "李桂香"}
    assert len(names(program(settled.leader).get("people"))) == 4
    assert names(program(settled.far_worker).get("people")) == []
    assert names(program(settled.leader).get("people", under=settled.other_grid.code)) == ["王翠萍"]


@pytest.mark.parametrize("words", ["单田芳", "shantianfang", "stf", PHONE[-4:], "单 田芳", PHONE, ID_NUMBER])
def test_somebody_is_found_by_name_pinyin_or_phone(settled: Cast, program: Programs, words: str) -> None:
    assert names(program(settled.worker).get("people", q=words))[0] == "单田芳"
    assert names(program(settled.far_worker).get("people", q=words)) == []


def test_a_search_keeps_to_the_area_that_was_asked_for(settled: Cast, program: Programs) -> None:
    leader = program(settled.leader)
    assert "王翠萍" in names(leader.get("people", q="黎花园"))
    assert names(leader.get("people", q="黎花园", under=settled.other_grid.code)) == ["王翠萍"]
    assert leader.get("people", q="黎花园", under=settled.far_grid.code).status_code == 404


def test_a_search_has_pages(settled: Cast, program: Programs) -> None:
    worker = program(settled.worker)
    first, second = (worker.get("people", q="黎花园", page_size=2, page=page) for page in (1, 2))
    assert (len(names(first)), first.json()["next"]) == (2, 2)
    assert (len(names(second)), second.json()["next"]) == (1, None)
    assert set(names(first)).isdisjoint(names(second))


@pytest.mark.parametrize("words", ["x" * 101, "长" * 10_000])
def test_a_search_has_an_end(settled: Cast, program: Programs, words: str) -> None:
    assert program(settled.worker).get("people", q=words).status_code == 422


@pytest.mark.parametrize("words", ["'; DROP TABLE", "%", "*", '"', "NEAR(a b)", "-", "（", "\u3000", "🙂"])
def test_odd_words_find_nobody_and_break_nothing(settled: Cast, program: Programs, words: str) -> None:
    answer = program(settled.worker).get("people", q=words)
    assert answer.status_code == 200
    assert Person.objects.count() == 4


def test_one_person_is_masked(settled: Cast, program: Programs) -> None:
    person = Person.objects.get(name="单田芳")
    told = program(settled.worker).get(f"people/{person.pk}").json()
    assert (told["name"], told["birth_date"]) == ("单田芳", "1961-08-25")
    assert told["id_number"].endswith(ID_NUMBER[-4:]) or "*" in told["id_number"]
    assert told["phone"].startswith(PHONE[:3])
    assert "*" in told["phone"]


def test_a_household_has_its_members_masked(settled: Cast, program: Programs) -> None:
    household = household_of("单田芳")
    told = program(settled.worker).get(f"households/{household.number}").json()
    assert (told["number"], told["address"]) == (household.number, "黎花园3号楼2单元501")
    assert [(member["name"], member["relation"]) for member in told["members"]] == [
        ("单田芳", "head"),
        ("单小雨", "daughter"),
    ]
    head = told["members"][0]
    assert (head["presence"], head["standing"], head["declined"]) == ("here", "resident", [])


def test_no_answer_holds_a_whole_number(settled: Cast, program: Programs) -> None:
    paths = ["people", f"people?q={PHONE}", f"people?q={ID_NUMBER}", "dwellings", "cases", "areas"]
    paths += [f"people/{person.pk}" for person in Person.objects.all()]
    paths += [f"households/{household.number}" for household in Household.objects.all()]
    for user in (settled.worker, settled.leader, settled.street):
        caller = program(user)
        answers = [caller.get(path) for path in paths]
        assert {answer.status_code for answer in answers} <= {200, 404}
        text = "".join(json.dumps(answer.json(), ensure_ascii=False) for answer in answers)
        assert "单田芳" in text
        assert [number for number in (ID_NUMBER, BAD_ID, PHONE) if number in text] == []


@pytest.mark.parametrize("path", ["people/{person}", "households/{household}", "dwellings?under={area}"])
def test_what_lies_outside_is_not_there(settled: Cast, program: Programs, path: str) -> None:
    asked = path.format(
        person=Person.objects.get(name="单田芳").pk, household=household_of("单田芳").number, area=settled.grid.code
    )
    assert program(settled.worker).get(asked).status_code == 200
    assert program(settled.far_worker).get(asked).status_code == 404
    assert program(settled.department).get(asked).status_code == 403


@pytest.mark.parametrize("path", ["people/999999", f"people/{2**70}", "households/NOSUCH", "dwellings?under=999"])
def test_what_was_never_there_looks_the_same(settled: Cast, program: Programs, path: str) -> None:
    assert program(settled.worker).get(path).status_code == 404


def test_homes_are_listed_with_their_use_and_no_names(settled: Cast, program: Programs) -> None:
    items = program(settled.worker).get("dwellings").json()["items"]
    homes = Dwelling.objects.filter(path=settled.grid.path)
    assert {item["address"] for item in items} == {home.address for home in homes}
    assert all(set(item) == {"id", "address", "occupancy", "floor"} for item in items)


@pytest.mark.parametrize("path", ["people", "people?q=黎花园", "dwellings"])
def test_a_list_costs_as_many_queries_with_one_row_as_with_three(cast: Cast, program: Programs, path: str) -> None:
    caller = program(cast.leader)
    costs = []
    for rows in (["501"], ["602", "702"]):
        people = [resident(f"赵{room}", room=room) for room in rows]
        applied(workbook(people), cast.community_area, cast.leader)
        caller.get(path)
        with CaptureQueriesContext(connection) as queries:
            answer = caller.get(path)
        costs.append((len(answer.json()["items"]), len(queries)))
    (one, before), (three, after) = costs
    assert (one, three) == (1, 3)
    assert before == after
