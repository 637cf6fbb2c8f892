"""Building a whole demo, step by step."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from linli.areas.models import Area
from linli.assessment.actions import count_coverage, count_ledgers
from linli.core import clock
from linli.core.bulkload import count_tables
from linli.core.search import indexed_at_the_end
from linli.demo import staff
from linli.demo.absent import write_absences
from linli.demo.declared import write_declarations
from linli.demo.doubles import write_doubles
from linli.demo.facilities import write_facilities
from linli.demo.families import Families
from linli.demo.ground import Ground, make_ground
from linli.demo.happenings import Happenings
from linli.demo.histories import spots
from linli.demo.homes import plan_community
from linli.demo.land import write_areas
from linli.demo.moves import write_moves
from linli.demo.neighbourhoods import write_community
from linli.demo.papers import write_agreements, write_owner_papers
from linli.demo.planned import write_planned
from linli.demo.register import place_rows
from linli.demo.rentals import write_rentals
from linli.demo.reviewed import write_reviews
from linli.demo.roster import send_roster
from linli.demo.scales import SCALES, Scale
from linli.demo.shops import write_units
from linli.demo.tables import write_tables
from linli.demo.telephoned import send_phone_list
from linli.housing.models import Building
from linli.people.models import Person

Progress = Callable[[str, int, int], None]
# How the work is shared out, in thousandths of the whole: the areas end at the first, the people at the second.
AREAS_END, PEOPLE_END, END = 50, 650, 1000
# The places and posts of the demo exist since so long before today.
HISTORY_DAYS = 800


@dataclass(frozen=True)
class DemoSummary:
    """What was built: the accounts to try, as (user name, password, role, area code)."""

    accounts: list[tuple[str, str, str, str]]


def build(scale: str, seed: int, by: Any, progress: Progress) -> DemoSummary:
    """Fill an empty database with an invented life of a real place.

    Args:
        scale: ``street``, ``district``, or ``test``, the smallest.
        seed: the same seed at the same moment gives the same places, people and cases; only secrets differ.
        by: whoever builds it; needs every right, as ``accounts.rules.SYSTEM`` has.
        progress: told the name of the present step, how much of the whole work is done, and of how much.

    Raises:
        ValueError: there is no such scale.
    """
    if scale not in SCALES:
        raise ValueError(f"no scale {scale!r}: choose one of {', '.join(SCALES)}")
    plan, today = SCALES[scale], clock.today()
    progress("areas", 0, END)
    ground = make_ground(plan, seed)
    since = today - timedelta(days=HISTORY_DAYS)
    places = write_areas(ground, since, by=by)
    cast = staff.make_staff(places, since, seed, by=by)
    with indexed_at_the_end(Person):
        buildings = _write_homes(plan, seed, ground, places, by, progress)
    write_moves(seed, buildings, by=by)
    write_declarations(places, seed)
    write_units(places, buildings, seed, by=by)
    write_agreements(seed, by=by)
    write_doubles(places, seed, by=by)
    write_tables(places)
    send_phone_list(places)
    send_roster(places)
    known = spots(cast, places, buildings)
    happenings = Happenings(plan, cast, places, known, seed, by)

    def progress_of_cases(share: float) -> None:
        progress("cases", round(PEOPLE_END + (END - PEOPLE_END) * share), END)

    happenings.write(progress_of_cases)
    write_facilities(places, known, seed, by=by)
    write_planned(places, seed, by=by)
    write_absences(cast, places)
    write_rentals(places, seed, by=by)
    write_owner_papers(places[staff.SHOWCASE_GRID], seed, by=by)
    write_reviews(places)
    count_tables()
    count_ledgers(clock.now(), seconds=math.inf)
    count_coverage(clock.now(), seconds=math.inf)
    return DemoSummary(staff.shown_accounts(places))


def _write_homes(
    plan: Scale, seed: int, ground: Ground, places: Mapping[str, Area], by: Any, progress: Progress
) -> list[Building]:
    """Write buildings, homes and people, one community after another; return the buildings."""
    communities = plan.communities(place_rows())
    rng = random.Random(f"{seed}:people")  # noqa: S311
    families = Families(plan.mix, rng, clock.today())
    buildings: list[Building] = []
    for number, row in enumerate(communities):
        progress("people", AREAS_END + (PEOPLE_END - AREAS_END) * number // len(communities), END)
        chance = random.Random(f"{seed}:{row.code}:blocks")  # noqa: S311
        quarters = plan_community(plan, row, ground.grids_of(row.code), chance)
        buildings += write_community(places[row.code], quarters, places, families, rng, by=by)
    return buildings
