"""Writing the buildings, homes and people of the demo, one community after another."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from linli.areas.models import Area
from linli.core import clock
from linli.demo.families import Families
from linli.demo.homes import Quarter, new_buildings, new_dwellings
from linli.housing import actions as housing
from linli.housing.choices import Occupancy
from linli.housing.models import Building, Dwelling
from linli.people.bulk import NewHousehold, add_households
from linli.people.numbers import new_numbers

LIVED_IN = frozenset({Occupancy.OWN, Occupancy.RENTED})
# Every so many households was written down so long ago, and nothing has been heard of them since.
QUIET_EVERY, QUIET_DAYS = 25, 400
LONGEST_STAY_DAYS = {Occupancy.OWN: 9000, Occupancy.RENTED: 1500}


@transaction.atomic
def write_community(
    community: Area,
    quarters: Sequence[Quarter],
    places: Mapping[str, Area],
    families: Families,
    rng: random.Random,
    *,
    by: Any,
) -> list[Building]:
    """Write the buildings of a community, their homes and door plates, and the people who live there today."""
    names = dict.fromkeys(plan.compound for quarter in quarters for plan in quarter.buildings)
    compounds = {name: housing.add_compound(community, name, by=by) for name in names}
    buildings = housing.add_buildings(new_buildings(quarters, community, places, compounds), by=by)
    homes = housing.add_dwellings(new_dwellings(quarters, buildings, rng), by=by)
    housing.make_plates(buildings, by=by)
    lived_in = [home for home in homes if home.occupancy in LIVED_IN]
    numbers = new_numbers(len(lived_in), rng)
    households = [_household(*pair, families, rng, clock.today()) for pair in zip(numbers, lived_in, strict=True)]
    before = clock.now() - timedelta(days=QUIET_DAYS)
    quiet = [each for each in households[::QUIET_EVERY] if each.since is not None and each.since < before.date()]
    numbers_of_quiet = {each.number for each in quiet}
    add_households(community, [each for each in households if each.number not in numbers_of_quiet], by=by)
    if quiet:
        with clock.frozen(before):
            add_households(community, quiet, by=by)
    return buildings


def _household(number: str, home: Dwelling, families: Families, rng: random.Random, today: date) -> NewHousehold:
    return NewHousehold(
        number=number,
        dwelling=home,
        members=families.make(f"山西省长治市潞州区{home.address}", renting=home.occupancy == Occupancy.RENTED),
        since=today - timedelta(days=rng.randrange(20, LONGEST_STAY_DAYS[Occupancy(home.occupancy)])),
    )
