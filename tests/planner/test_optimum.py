"""Plans of up to twelve buildings against the true optimum, found by trying everything in the plainest way."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.planner import Building, Community, Place, Settings
from linli.planner.ground import Ground, prepare
from linli.planner.judging import own_faces, own_kinds
from linli.planner.kernel.state import AWAY, CROSSING, OUT, SHAPE, SPLIT
from linli.planner.search import divide_units, weights_for
from tests.planner.places import house, rectangle, road


class Prices:
    """What a set of units costs as one grid, worked out in the plainest way. Sets are bits of a number."""

    def __init__(self, ground: Ground, asked: Settings) -> None:
        self.ground, self.asked = ground, asked
        self.faces, self.kinds = own_faces(ground, asked), own_kinds(ground, asked)
        self.weights = weights_for(asked, self.kinds)

    def beside(self, unit: int) -> Iterator[tuple[int, float]]:
        ground = self.ground
        for at in range(ground.first[unit], ground.first[unit + 1]):
            yield int(ground.beside[at]), float(ground.lengths[at])

    def in_one_piece(self, units: frozenset[int]) -> bool:
        seen, waiting = set(), [min(units)]
        while waiting:
            unit = waiting.pop()
            if unit in units and unit not in seen:
                seen.add(unit)
                waiting += [other for other, _length in self.beside(unit)]
        return seen == units

    def roundness(self, rows: list[int], border: float) -> float:
        return min(4 * math.pi * float(self.ground.areas[rows].sum()) / border**2, 1.0)

    def nearness(self, rows: list[int]) -> float:
        areas, places = self.ground.areas[rows], self.ground.middles[rows]
        far = ((places - np.average(places, axis=0, weights=areas)) ** 2).sum(axis=1)
        circle = float(areas.sum()) ** 2 / (2 * math.pi)
        return min(circle / float((areas * far + areas**2 / (2 * math.pi)).sum()), 1.0)

    def price(self, units: frozenset[int]) -> float:
        ground, asked, weights, rows = self.ground, self.asked, self.weights, sorted(units)
        load = float(ground.loads[rows].sum())
        border = float(ground.rims[rows].sum())
        border += sum(length for unit in rows for other, length in self.beside(unit) if other not in units)
        off = max(asked.lowest - load, load - asked.highest, 0.0)
        found = weights[AWAY] * abs(load - asked.target) / asked.target
        found += weights[OUT] * (1 + off / asked.target) if off else 0.0
        found += weights[SHAPE] * (1 - (self.roundness(rows, border) + self.nearness(rows)) / 2)
        found += weights[CROSSING] * max(len({int(self.faces[unit]) for unit in rows} - {-1}) - 1, 0)
        for kind in {int(self.kinds[unit]) for unit in rows} - {-1}:
            whole = set(np.flatnonzero(self.kinds == kind).tolist())
            found += 0.5 * weights[SPLIT] * (not whole <= units)
        return float(found)


def optimum(prices: Prices) -> float:
    """Return the least cost of all ways to divide the units into grids that hang together."""

    @cache
    def cost(bits: int) -> float:
        units = frozenset(unit for unit in range(prices.ground.units) if bits >> unit & 1)
        return prices.price(units) if prices.in_one_piece(units) else math.inf

    @cache
    def best(bits: int) -> float:
        if not bits:
            return 0.0
        lowest = bits & -bits
        rest, part = bits ^ lowest, bits ^ lowest
        found = math.inf
        while True:
            own = cost(part | lowest)
            if own < found:
                found = min(found, own + best(rest ^ part))
            if not part:
                return found
            part = (part - 1) & rest

    return best((1 << prices.ground.units) - 1)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=12, unique=True),
    st.lists(st.integers(10, 260), min_size=12, max_size=12),
    st.lists(st.sampled_from(["", "", "甲", "乙"]), min_size=12, max_size=12),
    st.booleans(),
)
def test_small_places_get_the_best_of_all_divisions(
    spots: list[tuple[int, int]], loads: list[int], compounds: list[str], cross: bool
) -> None:
    houses = tuple(
        Building(f"b{number}", loads[number], "c", house(*spot), compounds[number]) for number, spot in enumerate(spots)
    )
    mains = (road((1.75, -2), (1.75, 6)),) if cross else ()
    asked = Settings()
    (ground,) = prepare(Place(houses, (Community("c", "", rectangle(-1, -1, 6, 5)),), mains), asked).communities
    labels = divide_units(ground, asked)
    prices = Prices(ground, asked)
    ours = sum(prices.price(frozenset(np.flatnonzero(labels == number).tolist())) for number in set(labels.tolist()))
    assert math.isclose(ours, optimum(prices), rel_tol=1e-9, abs_tol=1e-9)
