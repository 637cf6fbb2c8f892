"""Compiles the search once, so that the first plan starts as fast as all others: ``python -m linli.planner.warm``."""

from __future__ import annotations

import shapely

from linli.planner.model import Building, Community, Place, Previous, Settings
from linli.planner.planning import make_plan

# Degrees between the houses of the example, and how many stand in a row.
STEP, ROW = 0.0005, 6


def example() -> Place:
    """Return a community of a few houses in rows."""
    houses = [
        Building(f"{row}-{place}", 40, "c", shapely.box(east, north, east + STEP / 2, north + STEP / 2))
        for row in range(ROW)
        for place in range(ROW)
        for east, north in [(place * STEP, row * STEP)]
    ]
    side = ROW * STEP
    return Place(tuple(houses), (Community("c", "example", shapely.box(-STEP, -STEP, side + STEP, side + STEP)),))


def main() -> None:
    """Plan the example afresh and once more from that plan: that compiles everything."""
    place = example()
    plan = make_plan(place, Settings())
    make_plan(place, Settings(), Previous(plan.assignment))


if __name__ == "__main__":
    main()
