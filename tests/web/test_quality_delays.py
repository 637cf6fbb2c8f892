from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from linli.assessment.actions import count_ledgers
from linli.core import clock
from linli.people import actions
from linli.people.places import Tie
from tests.cast import Cast
from tests.people.homes import Homes, make_homes
from tests.web.counting import queries_of

Browser = Callable[[object], Client]
COMMUNITY = "140403007002"


@pytest.fixture
def homes(cast: Cast, tuesday: object) -> Homes:
    made = make_homes(cast)
    for name, days in (("郭新", 2), ("郭慢", 12)):
        came(made, name, days)
    count_ledgers(clock.now(), seconds=60)
    return made


def came(homes: Homes, name: str, days: int) -> None:
    day = clock.today() - timedelta(days=days)
    actions.move_in(actions.NewPerson(name), homes.homes[2], Tie(), by=homes.cast.worker, day=day)


def test_the_page_of_quality_says_how_long_notes_take(homes: Homes, client_for: Browser) -> None:
    page = client_for(homes.cast.fresh("leader")).get(f"/quality/?under={COMMUNITY}").content.decode()
    assert "变更到登记" in page
    assert "<b>2天</b>" in page
    assert "<b>50%</b> <small>1 ÷ 2</small>" in page
    assert f'href="/quality/delays/?under={COMMUNITY}"' in page


def test_the_page_of_delays_leads_down_and_to_slow_ones(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("leader"))
    page = client.get(f"/quality/delays/?under={COMMUNITY}").content.decode()
    assert "搬来" in page
    assert "第一网格" in page
    assert "under=140403007002001&amp;span=quarter" in page
    slow = client.get(f"/quality/delays/rows/?under={COMMUNITY}").content.decode()
    assert "兴泰家园1号楼1单元301" in slow
    assert "12天" in slow
    assert slow.count("<li><div>") == 1
    for name in ("worker", "partner", "郭新", "郭慢", homes.cast.worker.name):
        assert name not in slow.split("<main")[1]


def test_another_time_has_other_figures(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("leader"))
    assert "这段时间没有登记变更" in client.get(f"/quality/delays/?under={COMMUNITY}&at=2026-08-01").content.decode()
    for query in ("span=month", "span=day", "span=x", "at=rubbish", "at=0001-01-01", "page=99"):
        assert client.get(f"/quality/delays/?under={COMMUNITY}&{query}").status_code == 200
        assert client.get(f"/quality/delays/rows/?under={COMMUNITY}&{query}").status_code == 200
    assert client.get("/quality/delays/?under=nowhere").status_code == 404


def test_the_district_sees_figures_without_rows(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("district"))
    page = client.get("/quality/delays/").content.decode()
    assert "太行西街街道" in page
    assert "/quality/delays/rows/" not in page
    assert client.get("/quality/delays/rows/?under=140403").status_code == 403
    assert client_for(homes.cast.fresh("far_leader")).get(f"/quality/delays/?under={COMMUNITY}").status_code == 404


def test_a_street_looks_at_what_took_long_community_by_community(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("street"))
    page = client.get("/quality/delays/?under=140403007").content.decode()
    assert f"/quality/delays/rows/?under={COMMUNITY}&amp;" in page
    assert "/quality/delays/rows/?under=140403007&amp;" not in page
    answer = client.get("/quality/delays/rows/?under=140403007", follow=True)
    assert "先打开一个社区" in answer.content.decode()


def test_pages_cost_the_same_however_much_they_show(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("leader"))
    pages = (f"/quality/delays/?under={COMMUNITY}", f"/quality/delays/rows/?under={COMMUNITY}")
    before = [queries_of(client, page) for page in pages]
    for name in ("郭甲", "郭乙"):
        came(homes, name, 12)
    count_ledgers(clock.now() + timedelta(days=2), seconds=60)
    assert [queries_of(client, page) for page in pages] == before
