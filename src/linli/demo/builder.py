"""Building a whole demo, step by step."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from linli.core import clock
from linli.demo import staff
from linli.demo.families import Families
from linli.demo.ground import make_ground
from linli.demo.happenings import Happenings
from linli.demo.histories import spots
from linli.demo.homes import plan_community
from linli.demo.land import write_areas
from linli.demo.neighbourhoods import write_community
from linli.demo.register import place_rows
from linli.demo.scales import SCALES

Progress = Callable[[str, int, int], None]
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
        progress: told the name of the present step, how much of it is done, and of how much.

    Raises:
        ValueError: there is no such scale.
    """
    if scale not in SCALES:
        raise ValueError(f"no scale {scale!r}: choose one of {', '.join(SCALES)}")
    plan, today = SCALES[scale], clock.today()
    progress("areas", 0, 1)
    ground = make_ground(plan, seed)
    since = today - timedelta(days=HISTORY_DAYS)
    places = write_areas(ground, since, by=by)
    progress("areas", 1, 1)
    cast = staff.make_staff(places, since, seed, by=by)
    communities = plan.communities(place_rows())
    rng = random.Random(f"{seed}:people")  # noqa: S311
    families = Families(plan.mix, rng, today)
    buildings = []
    for number, row in enumerate(communities):
        progress("people", number, len(communities))
        quarters = plan_community(plan, row, ground.grids_of(row.code), random.Random(f"{seed}:{row.code}:blocks"))  # noqa: S311
        buildings += write_community(places[row.code], quarters, places, families, rng, today, by=by)
    progress("people", len(communities), len(communities))
    happenings = Happenings(plan, cast, places, spots(cast, places, buildings), seed, by)
    happenings.write(progress)
    return DemoSummary(staff.shown_accounts(places))
