"""The quarterly review on the phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from linli.core import clock
from linli.people.models import Household
from tests.cast import Cast
from tests.people.homes import Homes, make_homes
from tests.web.counting import queries_of

Browser = Callable[[object], Client]
GRID = "140403007002001"


@pytest.fixture
def homes(cast: Cast, tuesday: object) -> Homes:
    with clock.frozen(clock.now() - timedelta(days=400)):
        return make_homes(cast)


def test_a_worker_confirms_at_the_door(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("worker"))
    assert f"/field/review/?grid={GRID}" in client.get("/field/grid/").content.decode()
    page = client.get("/field/review/").content.decode()
    assert 'href="/field/households/HOME0/"' in page
    answer = client.post("/field/households/HOME0/confirm/", {"review": GRID}, follow=True)
    assert answer.redirect_chain == [(f"/field/review/?grid={GRID}&kind=stale", 302)]
    assert Household.objects.get(number="HOME0").confirmed_at == clock.now()
    assert "HOME0" not in client.get("/field/review/?kind=stale").content.decode()
    assert client.post("/field/households/HOME1/confirm/")["Location"] == "/field/households/HOME1/"


def test_other_kinds_and_other_grids(homes: Homes, client_for: Browser) -> None:
    worker, leader = client_for(homes.cast.fresh("worker")), client_for(homes.cast.fresh("leader"))
    for kind in ("stale", "correction", "duplicate", "lease", "nobody", "rubbish"):
        assert worker.get(f"/field/review/?kind={kind}").status_code == 200
    assert f'href="/field/dwellings/{homes.homes[2].pk}/"' in worker.get("/field/review/?kind=nobody").content.decode()
    # A grid out of reach shows one's own.
    assert "HOME3" not in worker.get("/field/review/?grid=140403007002002").content.decode()
    page = leader.get("/field/review/?grid=140403007002002").content.decode()
    assert "HOME3" in page
    assert "/reviews/140403007002002/#sign-title" in page
    assert client_for(homes.cast.fresh("far_worker")).post("/field/households/HOME0/confirm/").status_code == 404
    assert client_for(homes.cast.fresh("district")).get("/field/review/").status_code == 403


def test_the_list_costs_the_same_however_much_it_shows(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("worker"))
    Household.objects.filter(number="HOME1").update(confirmed_at=clock.now())
    one = queries_of(client, "/field/review/?kind=stale")
    Household.objects.update(confirmed_at=None)
    assert queries_of(client, "/field/review/?kind=stale") == one
