"""Lists, piles, search and the workbench: what each person sees, in how many questions to the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from linli.accounts.rules import SYSTEM
from linli.areas.actions import geometry_changed
from linli.areas.scope import forget_posts
from linli.cases import queries
from linli.cases.actions import (
    RESIDENT,
    NewCase,
    accept_case,
    dispatch_case,
    handle_case,
    reply_to_case,
    report_case,
    report_oral,
    return_case,
    set_route,
    submit_case,
)
from linli.cases.choices import Mechanism, State
from linli.cases.models import Case, Category
from linli.cases.queries import (
    PILES,
    CaseFilters,
    can,
    case_for,
    cases_for,
    categories_in_use,
    deadline_of,
    departments_for,
    nearby_cases,
    place_at,
    routed_department,
    workbench_for,
)
from linli.core import clock
from tests.cases.stage import category, on_stage, reported, shanghai, to_checked, to_replied
from tests.cast import Cast, middle


def numbers(user: Any, **filters: Any) -> set[str]:
    return {case.number for case in cases_for(user, CaseFilters(**filters))}


def test_everybody_sees_the_cases_of_their_place(scene: Cast) -> None:
    here, beside, far = (reported(scene, area=area).case for area in (scene.grid, scene.beside_grid, scene.far_grid))
    own = reported(scene, by=scene.volunteer).case
    seen = {
        "worker": {here, own},
        "leader": {here, own},
        "street": {here, beside, own},
        "district": {here, beside, far, own},
        "far_worker": {far},
        "volunteer": {own},
        "department": set(),
        "administrator": set(),
        "auditor": set(),
        "outsider": set(),
    }
    for name, cases in seen.items():
        user = scene.users[name]
        assert numbers(user) == {case.number for case in cases}, name
        for case in (here, beside, far, own):
            if case in cases:
                assert case_for(user, case.number) == case
            else:
                with pytest.raises(Case.DoesNotExist):
                    case_for(user, case.number)


def test_a_department_sees_what_it_was_given_until_it_sends_it_back(scene: Cast) -> None:
    case = dispatch_case(accept_case(reported(scene).case, by=scene.leader), by=scene.leader)
    assert numbers(scene.department) == {case.number}
    assert numbers(scene.far_department) == set()
    return_case(case, by=scene.department, note="不归我们")
    assert numbers(scene.department) == set()


def test_filters_narrow_and_unknown_values_find_nothing(scene: Cast) -> None:
    heating, ramp = reported(scene).case, reported(scene, "ramp", area=scene.other_grid).case
    accept_case(ramp, by=scene.leader)
    expected: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {heating.number, ramp.number}),
        ({"state": "reported"}, {heating.number}),
        ({"state": "open"}, {heating.number, ramp.number}),
        ({"state": "answered"}, set()),
        ({"state": "nonsense"}, set()),
        ({"mechanism": "approval"}, {ramp.number}),
        ({"category": "heating"}, {heating.number}),
        ({"category": "supply"}, {heating.number}),
        ({"category": "nonsense"}, set()),
        ({"under": scene.other_grid.code}, {ramp.number}),
        ({"under": scene.far_grid.code}, set()),
        ({"under": "nonsense"}, set()),
        ({"pile": "nonsense"}, set()),
        ({"closing": "confirmed"}, set()),
        ({"since": date(2026, 11, 24), "until": date(2026, 11, 24)}, {heating.number, ramp.number}),
        ({"since": date(2026, 11, 25)}, set()),
        ({"until": date(2026, 11, 23)}, set()),
    ]
    for filters, found in expected:
        assert numbers(scene.leader, **filters) == found, filters


def test_filters_are_read_from_an_address_and_written_back() -> None:
    filters = CaseFilters.from_query(QueryDict("state=open&since=2026-11-01&until=2026-02-31&q=%20路灯%20&page=2"))
    assert filters == CaseFilters(state="open", q="路灯", since=date(2026, 11, 1))
    assert filters.as_query() == {"state": "open", "q": "路灯", "since": "2026-11-01"}


def test_search_finds_numbers_places_and_words(scene: Cast) -> None:
    lamp = reported(scene, "street-light", text="小区东门的路灯三盏不亮", place="黎花园3号楼").case
    other = reported(scene, text="水压不足", place="刘小区13号楼").case
    for text in (lamp.number, lamp.number.lower(), lamp.number[:7], "路灯", "东门 不亮", "黎花园", "3号楼"):
        assert numbers(scene.leader, q=text) == {lamp.number}, text
    assert numbers(scene.leader, q="13号楼") == {other.number}
    assert numbers(scene.leader, q="电梯") == set()
    assert numbers(scene.leader, q="！？") == set()
    assert numbers(scene.far_leader, q="路灯") == set()


def test_the_piles(scene: Cast) -> None:
    with clock.frozen(shanghai("2026-11-23 08:30")):
        late = accept_case(reported(scene).case, by=scene.worker)
        today = accept_case(reported(scene, "drain").case, by=scene.worker)
    new = reported(scene).case
    replied = to_replied(scene, reported(scene).case)
    submitted = submit_case(accept_case(reported(scene, "ramp").case, by=scene.worker), by=scene.worker, note="齐了")
    own = reply_to_case(
        handle_case(accept_case(reported(scene).case, by=scene.leader), by=scene.leader, note="修好"),
        by=scene.leader,
        note="修好了",
    )
    assert numbers(scene.leader, pile="late") == {late.number}
    assert numbers(scene.leader, pile="today") == {today.number}
    assert numbers(scene.leader, pile="new") == {new.number}
    # Whoever handled it does not check it.
    assert numbers(scene.leader, pile="waiting") == {replied.number}
    assert numbers(scene.community, pile="waiting") == {replied.number, own.number}
    assert numbers(scene.street, pile="waiting") == {submitted.number}
    assert numbers(scene.worker, pile="waiting") == set()
    assert numbers(scene.worker, pile="mine") == {late.number, today.number, new.number}
    assert numbers(scene.street, pile="mine") == {submitted.number}


def test_a_whole_department_shares_its_pile(scene: Cast) -> None:
    case = dispatch_case(accept_case(reported(scene).case, by=scene.leader), by=scene.leader)
    assert numbers(scene.department, pile="mine") == {case.number}
    Case.objects.filter(pk=case.pk).update(handler=None)
    assert numbers(scene.department, pile="mine") == {case.number}
    assert numbers(scene.far_department, pile="mine") == set()


def test_the_workbench_begins_with_running_emergencies(scene: Cast) -> None:
    ordinary = reported(scene).case
    second = reported(scene, "gas-leak", by=scene.worker).case
    earlier = clock.now() - timedelta(minutes=30)
    first = report_oral(
        reported(scene, "fire", by=scene.worker, discovered_at=earlier).case, by=scene.worker, told="消防"
    )
    on_stage(scene, Mechanism.EMERGENCY, State.REPLIED)
    bench = workbench_for(scene.leader)
    assert bench.emergencies == [first, second]
    assert [pile.key for pile in bench.piles] == list(PILES)
    counted = {pile.key: pile.count for pile in bench.piles}
    assert counted == {"late": 0, "today": 1, "new": 2, "waiting": 1}
    assert counted == {key: len(numbers(scene.leader, pile=key)) for key in PILES}
    assert {group.pile.key: len(group.cases) for group in bench.groups} == {"today": 1, "new": 2, "waiting": 1}
    assert ordinary in bench.groups[1].cases
    assert workbench_for(scene.far_leader).emergencies == []
    assert workbench_for(scene.outsider).groups == []


def test_the_workbench_opens_while_a_case_leaves_ones_reach(scene: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, stays = reported(scene).case, reported(scene).case
    read = queries.with_list_columns
    monkeypatch.setattr(queries, "with_list_columns", lambda cases: read(cases.exclude(pk=gone.pk)))
    assert [group.cases for group in workbench_for(scene.leader).groups] == [[stays]]


def questions(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


@pytest.mark.parametrize("name", ["worker", "leader", "street", "department", "district", "volunteer"])
def test_a_list_asks_the_same_for_one_row_and_for_three(scene: Cast, name: str) -> None:
    user = scene.users[name]

    def read() -> int:
        forget_posts(user)
        rows = list(cases_for(user, CaseFilters(state="open")))
        for case in rows:
            assert deadline_of(case).due_at or case.state == State.REPLIED
            assert isinstance(can(user, case), list)
            assert case.category.label
            assert case.area.name
            assert case.handler is None or case.handler.holder is None or case.handler.holder.name
        return len(rows)

    def one_more() -> None:
        case = reported(scene, by=scene.volunteer).case
        to_replied(scene, case)

    one_more()
    first = questions(read)
    one_more()
    one_more()
    assert read() == 3
    assert questions(read) == first <= 4


def test_the_workbench_asks_the_same_for_one_row_and_for_three(scene: Cast) -> None:
    def fill() -> None:
        to_replied(scene, reported(scene).case)
        reported(scene)
        reported(scene, "gas-leak", by=scene.worker)

    fill()
    first = questions(lambda: workbench_for(scene.leader))
    fill()
    fill()
    assert questions(lambda: workbench_for(scene.leader)) == first <= 16


@pytest.mark.parametrize("name", ["worker", "leader", "street", "department", "volunteer", "outsider"])
def test_where_there_are_many_the_same_cases_are_found(scene: Cast, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for area in (scene.grid, scene.other_grid, scene.beside_grid, scene.far_grid):
        to_checked(scene, reported(scene, area=area).case) if area == scene.grid else reported(scene, area=area)
        reported(scene, area=area, by=scene.street if area != scene.far_grid else RESIDENT)
    reported(scene, by=scene.volunteer)
    user = scene.users[name]
    asked = [{}, *({"under": area.code} for area in scene.areas.values()), {"under": "nonsense"}, {"state": "answered"}]
    few = [[case.number for case in cases_for(user, CaseFilters(**filters))] for filters in asked]
    monkeypatch.setattr(queries, "MANY", 0)
    many = [[case.number for case in cases_for(user, CaseFilters(**filters))] for filters in asked]
    assert many == few
    assert any(few) is (name != "outsider")


def test_near_cases_are_those_within_reach_in_place_and_time(scene: Cast) -> None:
    longitude, latitude = middle(0)

    def at(metres_north: float, days_ago: int = 0) -> Case:
        with clock.frozen(clock.now() - timedelta(days=days_ago)):
            new = NewCase(category("road"), "坑", longitude=longitude, latitude=latitude + metres_north / 111_200)
            return report_case(new, by=RESIDENT).case

    case, close, further, too_far, too_old = at(0), at(38), at(96), at(200), at(10, days_ago=40)
    nowhere = reported(scene).case
    found = nearby_cases(case, scene.leader)
    assert [near.case for near in found] == [close, further]
    assert [near.metres for near in found] == [pytest.approx(38, abs=2), pytest.approx(96, abs=2)]
    assert {too_far, too_old, nowhere}.isdisjoint(near.case for near in found)
    assert nearby_cases(nowhere, scene.leader) == []
    assert nearby_cases(case, scene.far_leader) == []


def test_a_point_lies_in_a_grid_or_in_the_smallest_area_that_is_drawn(scene: Cast) -> None:
    assert place_at(*middle(0)) == scene.grid
    scene.other_grid.closed_on = date(2026, 1, 1)
    scene.other_grid.save()
    geometry_changed()
    assert place_at(*middle(1)) == scene.community_area
    assert place_at(2.35, 48.85) is None
    assert place_at(0, 0) is None


def test_the_route_of_the_nearest_area_counts(scene: Cast) -> None:
    case = reported(scene).case
    assert routed_department(case) == scene.heating
    assert set(departments_for(case)) == {scene.heating}
    assert routed_department(reported(scene, "noise").case) is None
    assert routed_department(reported(scene, area=scene.far_grid).case) is None
    set_route(category("heating"), scene.district_area, scene.lighting, by=SYSTEM)
    assert routed_department(case) == scene.heating
    set_route(category("heating"), scene.grid, scene.lighting, by=SYSTEM)
    assert routed_department(case) == scene.lighting


def test_residents_are_offered_less_and_groups_are_not_chosen(scene: Cast) -> None:
    codes = {found.code for found in categories_in_use()}
    offered = {found.code for found in categories_in_use(for_residents=True)}
    assert codes - offered == {"sensitive-place", "road-opening", "facility-repair", "home-safety"}
    assert "supply" not in codes
    Category.objects.filter(code="noise").update(is_active=False)
    assert "noise" not in {found.code for found in categories_in_use()}
