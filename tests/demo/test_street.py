"""The demo that everybody sees first has the size that it is meant to have."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from linli.accounts.rules import SYSTEM
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import area_by_code
from linli.cases.models import Case
from linli.cases.replay import replay_all
from linli.core import clock
from linli.core.paths import covers
from linli.demo import build
from linli.demo.scales import SHOWCASE_STREET, WORKBOOK_COMMUNITY
from linli.housing.choices import Occupancy
from linli.housing.models import Building, Dwelling
from linli.people.models import Household, Person


@pytest.mark.django_db
def test_the_street_has_its_people_homes_and_cases() -> None:
    # A Sunday: staff rest, residents report.
    with clock.frozen(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        build("street", 7, SYSTEM, lambda step, done, total: None)
        assert list(replay_all(Case.objects.all())) == []
    street, workbook = area_by_code(SHOWCASE_STREET), area_by_code(WORKBOOK_COMMUNITY)
    assert Area.objects.filter(level=Level.GRID).count() == 20
    assert 5_800 <= Household.objects.count() <= 6_200
    assert 15_200 <= Person.objects.count() <= 16_800
    assert Case.objects.count() >= 400
    assert set(Dwelling.objects.values_list("occupancy", flat=True)) == set(Occupancy.values)
    assert all(covers(street.path, path) for path in Building.objects.values_list("path", flat=True))
    assert not Person.objects.filter(path__startswith=workbook.path).exists()
    assert not Building.objects.orphans().exists()
