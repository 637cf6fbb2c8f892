from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from linli.assessment.actions import sign_review
from linli.assessment.models import Review
from linli.core import clock
from linli.people.models import Household
from tests.cast import Cast
from tests.people.homes import Homes, make_homes
from tests.web.counting import queries_of

Browser = Callable[[object], Client]
GRID, OTHER = "140403007002001", "140403007002002"


@pytest.fixture
def homes(cast: Cast, tuesday: object) -> Homes:
    with clock.frozen(clock.now() - timedelta(days=400)):
        return make_homes(cast)


def test_a_household_is_confirmed_from_the_list_in_one_step(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("worker"))
    page = client.get(f"/reviews/{GRID}/?kind=stale").content.decode()
    assert "单田芳、李桂香、单小雨" in page
    way = "/households/HOME0/confirm/"
    assert f'action="{way}"' in page
    answer = client.post(way, {"review": GRID}, follow=True)
    assert answer.redirect_chain == [(f"/reviews/{GRID}/?kind=stale", 302)]
    assert "这户没有变化" in answer.content.decode()
    assert Household.objects.get(number="HOME0").confirmed_at == clock.now()
    assert "单田芳" not in client.get(f"/reviews/{GRID}/?kind=stale").content.decode()


def test_the_file_of_a_household_confirms_too(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("worker"))
    assert 'action="/households/HOME1/confirm/"' in client.get("/households/HOME1/").content.decode()
    answer = client.post("/households/HOME1/confirm/", follow=True)
    assert answer.redirect_chain == [("/households/HOME1/", 302)]
    assert "核对无变化" in answer.content.decode()
    assert "/confirm/" not in client_for(homes.cast.fresh("street")).get("/households/HOME1/").content.decode()
    assert client_for(homes.cast.fresh("far_worker")).post("/households/HOME1/confirm/").status_code == 404


def test_a_rubbish_way_back_leads_to_the_household(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("worker"))
    for back in ("https://elsewhere.example/", "140403001001001", OTHER):
        assert client.post("/households/HOME1/confirm/", {"review": back})["Location"] == "/households/HOME1/"


def test_the_leader_signs_with_a_remark(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("leader"))
    refused = client.post(f"/reviews/{GRID}/sign/", {"remark": ""})
    assert refused.status_code == 422
    assert "请写几句打算怎么办" in refused.content.decode()
    long = client.post(f"/reviews/{GRID}/sign/", {"remark": "看" * 201})
    assert long.status_code == 422
    assert "看" * 201 in long.content.decode()
    answer = client.post(f"/reviews/{GRID}/sign/", {"remark": "下季先看"}, follow=True)
    page = answer.content.decode()
    assert "下季先看" in page
    assert "郭建英于2026" in page
    assert "/sign/" not in page
    assert client.post(f"/reviews/{GRID}/sign/", {"remark": "再签"}).status_code == 422
    assert Review.objects.get().remark == "下季先看"


def test_a_worker_sees_the_list_and_signs_nothing(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("worker"))
    page = client.get(f"/reviews/{GRID}/").content.decode()
    assert "由网格长或社区签字" in page
    assert "/sign/" not in page
    assert "kind=duplicate" not in page
    assert "kind=duplicate" in client_for(homes.cast.fresh("leader")).get(f"/reviews/{GRID}/").content.decode()
    assert client.post(f"/reviews/{GRID}/sign/", {"remark": "看了"}).status_code == 403
    assert client.get(f"/reviews/{OTHER}/").status_code == 404


def test_the_list_tells_which_grids_are_through(homes: Homes, client_for: Browser) -> None:
    with clock.frozen(clock.now() - timedelta(days=90)):
        sign_review(homes.cast.other_grid, "上季看了", by=homes.cast.leader)
    sign_review(homes.cast.grid, "本季看了", by=homes.cast.leader)
    client = client_for(homes.cast.fresh("community"))
    page = client.get("/reviews/").content.decode()
    assert "本季看了" in page
    assert "上季看了" not in page
    before = client.get("/reviews/?at=2026-08-01").content.decode()
    assert "上季看了" in before
    assert "本季看了" not in before
    assert client.get("/reviews/?at=rubbish").status_code == 200
    assert client_for(homes.cast.fresh("district")).get("/reviews/").status_code == 403


def test_every_kind_opens_and_rubbish_counts_as_none(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("leader"))
    for kind in ("stale", "correction", "duplicate", "lease", "nobody", "rubbish", ""):
        assert client.get(f"/reviews/{OTHER}/?kind={kind}").status_code == 200
    assert client.get(f"/reviews/{OTHER}/?kind=nobody").content.decode().count('<li><div><a href="/dwellings/') == 2
    for code in ("140403007002", "nowhere", "140403001001001"):
        assert client.get(f"/reviews/{code}/").status_code == 404


def test_pages_cost_the_same_however_much_they_show(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("leader"))
    Household.objects.filter(number="HOME1").update(confirmed_at=clock.now())
    one = queries_of(client, f"/reviews/{GRID}/?kind=stale")
    Household.objects.update(confirmed_at=None)
    assert queries_of(client, f"/reviews/{GRID}/?kind=stale") == one
    listed = queries_of(client_for(homes.cast.fresh("worker")), "/reviews/")
    assert queries_of(client_for(homes.cast.fresh("street")), "/reviews/") <= listed + 1
    sign_review(homes.cast.grid, "看了", by=homes.cast.leader)
    assert queries_of(client_for(homes.cast.fresh("street")), "/reviews/") <= listed + 1
