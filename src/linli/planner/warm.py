"""Compiles the search once, so that the first plan starts as fast as all others: ``python -m linli.planner.warm``."""

from __future__ import annotations

import shapely

from linli.planner.model import Building, Community, Place, Previous, Settings
from linli.planner.planning import make_plan

# Degrees between the houses of the examples, and how many stand in a row: small communities are planned otherwise.
STEP, ROWS = 0.0005, (6, 2)


def example(across: int) -> Place:
    """Return a community of ``across`` rows of as many houses."""
    houses = [
        Building(f"{row}-{place}", 40, "c", shapely.box(east, north, east + STEP / 2, north + STEP / 2))
        for row in range(across)
        for place in range(across)
        for east, north in [(place * STEP, row * STEP)]
    ]
    side = across * STEP
    return Place(tuple(houses), (Community("c", "example", shapely.box(-STEP, -STEP, side + STEP, side + STEP)),))


def main() -> None:
    """Plan the examples afresh and once more from that plan: that compiles everything."""
    for across in ROWS:
        place = example(across)
        plan = make_plan(place, Settings())
        make_plan(place, Settings(), Previous(plan.assignment))


if __name__ == "__main__":
    main()
