from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.web.cases_data import answered, from_resident, make_late, new_case, presets

ClientFor = Callable[[object], Client]


@pytest.fixture(autouse=True)
def ready(cast: Cast, tuesday: datetime) -> None:
    presets()


def test_a_visitor_is_led_to_the_sign_in_page(client_for: ClientFor) -> None:
    answer = client_for(None).get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_the_workbench_begins_with_emergencies_then_piles(cast: Cast, client_for: ClientFor) -> None:
    emergency = new_case(cast, "emergency", text="楼道里有燃气味")
    late = new_case(cast, text="水压不足")
    make_late(late)
    fresh = new_case(cast, text="垃圾桶满了")
    page = client_for(cast.leader).get("/").content.decode()
    places = [page.index("l-emergency-what"), page.index("水压不足"), page.index("垃圾桶满了")]
    assert places == sorted(places)
    assert f"/cases/{emergency.number}/steps/report_oral/" in page
    assert f"/cases/{fresh.number}/steps/accept/" in page


def test_whoever_handled_a_case_is_not_offered_its_check(cast: Cast, client_for: ClientFor) -> None:
    case = answered(cast, from_resident(cast))
    assert f"/cases/{case.number}/steps/check/" in client_for(cast.community).get("/").content.decode()
    assert f"/cases/{case.number}/steps/check/" not in client_for(cast.department).get("/").content.decode()


def test_nobody_sees_cases_of_others(cast: Cast, client_for: ClientFor) -> None:
    new_case(cast, text="只在第一网格")
    assert "只在第一网格" in client_for(cast.worker).get("/").content.decode()
    assert "只在第一网格" not in client_for(cast.far_leader).get("/").content.decode()


def test_an_empty_workbench_says_so(cast: Cast, client_for: ClientFor) -> None:
    answer = client_for(cast.worker).get("/")
    assert "l-nothing" in answer.content.decode()


def test_vacant_grids_are_shown_to_those_who_share_out_the_work(cast: Cast, client_for: ClientFor) -> None:
    link = f'href="/grids/{cast.other_grid.code}/"'
    assert link in client_for(cast.leader).get("/").content.decode()
    assert link not in client_for(cast.worker).get("/").content.decode()


@pytest.mark.parametrize(("who", "where"), [("administrator", "/posts/"), ("auditor", "/journal/")])
def test_posts_without_cases_begin_at_their_own_page(cast: Cast, client_for: ClientFor, who: str, where: str) -> None:
    answer = client_for(cast.users[who]).get("/")
    assert (answer.status_code, answer["Location"]) == (302, where)


def test_volunteers_see_their_own_reports(cast: Cast, client_for: ClientFor) -> None:
    empty = client_for(cast.volunteer).get("/").content.decode()
    assert "l-nothing" in empty
    assert "/cases/new/" in empty
    new_case(cast, text="自己报的", by=cast.volunteer)
    new_case(cast, text="别人报的")
    page = client_for(cast.volunteer).get("/").content.decode()
    assert "自己报的" in page
    assert "别人报的" not in page


def test_somebody_without_a_post_is_told_whom_to_ask(cast: Cast, client_for: ClientFor) -> None:
    answer = client_for(cast.outsider).get("/")
    assert answer.status_code == 200
    assert "l-nothing" in answer.content.decode()


def test_the_number_of_queries_does_not_grow(cast: Cast, client_for: ClientFor) -> None:
    counts = []
    for more in (1, 2):
        for _one in range(more):
            new_case(cast)
        client = client_for(cast.leader)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
