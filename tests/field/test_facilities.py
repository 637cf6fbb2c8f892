"""Facilities on the phone: those of my grids, and a repair reported on the spot."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.cases import actions as cases
from linli.cases.models import Case
from linli.housing.actions import add_facility, load_lists
from linli.housing.choices import Condition, ListKind
from linli.housing.models import Facility, ListItem
from linli.housing.values import FacilityValues
from tests.cast import Cast, middle
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
ClientFor = Callable[[object], Client]


@pytest.fixture(autouse=True)
def lists(cast: Cast) -> None:
    cases.load_presets(by=SYSTEM)
    load_lists(by=SYSTEM)


def lamp(name: str = "南门路灯") -> Facility:
    kind = ListItem.objects.get(kind=ListKind.FACILITY, code="light")
    return add_facility(FacilityValues(kind, name, *middle(0)), by=SYSTEM)


def test_a_repair_is_reported_on_the_spot(cast: Cast, client_for: ClientFor) -> None:
    found, worker = lamp(), client_for(cast.worker)
    assert f"/field/facilities/{found.pk}/" in worker.get("/field/facilities/").content.decode()
    assert worker.post(f"/field/facilities/{found.pk}/", {"text": " "}).status_code == 422
    answer = worker.post(f"/field/facilities/{found.pk}/", {"text": "灯不亮"}, follow=True)
    assert Case.objects.get().number in answer.content.decode()
    found.refresh_from_db()
    assert found.condition == Condition.NEEDS_REPAIR


def test_only_of_my_grids_and_only_by_keepers(cast: Cast, client_for: ClientFor) -> None:
    found = lamp()
    assert "南门路灯" not in client_for(cast.far_worker).get("/field/facilities/").content.decode()
    assert client_for(cast.far_worker).get(f"/field/facilities/{found.pk}/").status_code == 404
    assert client_for(cast.street).get(f"/field/facilities/{found.pk}/").status_code == 403


def test_the_list_costs_the_same_for_one_and_three(cast: Cast, client_for: ClientFor) -> None:
    worker = client_for(cast.worker)
    lamp()
    once = queries_of(worker, "/field/facilities/")
    lamp("二号路灯")
    lamp("三号路灯")
    assert queries_of(worker, "/field/facilities/") == once
