"""What a safety check finds becomes a case; when the case closes, it counts as mended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.accounts.rules import SYSTEM, Refused
from linli.cases import actions as cases
from linli.cases.models import Case
from linli.core import clock
from linli.housing.actions import NewBuilding, NewDwelling, add_building, add_dwellings, load_lists, write_check
from linli.housing.choices import ListKind, MendState
from linli.housing.models import Dwelling, ListItem, Mend
from linli.housing.values import NewCheck, ToMend
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def home(cast: Cast) -> Dwelling:
    cases.load_presets(by=SYSTEM)
    load_lists(by=SYSTEM)
    building = add_building(NewBuilding(cast.community_area, "1号楼", grid=cast.grid), by=SYSTEM)
    return add_dwellings([NewDwelling(building, "2", "501")], by=SYSTEM)[0]


def found() -> NewCheck:
    point = ListItem.objects.filter(kind=ListKind.SAFETY)[0]
    return NewCheck(clock.today(), {point: ToMend("软管老化", clock.today() + timedelta(days=7))})


def test_what_is_to_be_mended_becomes_a_case_in_its_grid(cast: Cast, home: Dwelling) -> None:
    write_check(home, found(), by=cast.worker)
    mend = Mend.objects.get()
    case = Case.objects.get(number=mend.case_number)
    assert case.area == cast.grid
    assert "软管老化" in case.text
    assert mend.state == MendState.OPEN


def test_a_worker_of_another_grid_may_not_check(cast: Cast, home: Dwelling) -> None:
    with pytest.raises(Refused):
        write_check(home, found(), by=cast.far_worker)
    assert not Mend.objects.exists()
