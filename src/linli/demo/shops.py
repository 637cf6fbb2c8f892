"""Invented units: in the first grids of the demo a few shops, and companies and organisations among them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from linli.areas.models import Area
from linli.core import clock
from linli.housing.models import Building
from linli.units.actions import UnitFacts, Where, add_unit, close_unit
from linli.units.choices import WITH_MEMBERS, UnitKind

# A district has hundreds of grids; the others stay empty so that it is built as fast as before.
MOST_GRIDS = 40
KINDS: tuple[tuple[UnitKind, str, int], ...] = (
    (UnitKind.SHOP, "便民超市", 3),
    (UnitKind.RESTAURANT, "刀削面馆", 6),
    (UnitKind.CLINIC, "中医诊所", 4),
    (UnitKind.COMPANY, "商贸有限公司", 12),
    (UnitKind.HOTEL, "快捷宾馆", 9),
    (UnitKind.SHOP, "五金店", 2),
    (UnitKind.MANAGER, "物业服务中心", 15),
    (UnitKind.ASSOCIATION, "广场舞协会", 1),
    (UnitKind.COMMITTEE, "业主委员会", 1),
)
FIRST_WORDS = ("惠民", "晋香", "康宁", "瑞丰", "安居", "福来", "上党", "聚鑫")
OFFICERS = {
    UnitKind.ASSOCIATION: "会长：常桂英；副会长：韩玉梅、崔凤仙；秘书长：不方便",
    UnitKind.COMMITTEE: "主任：常桂英；副主任：韩玉梅、郝建中；委员：原晓东、不方便",
}
OLDEST_DAYS, YOUNGEST_DAYS = 780, 90


def write_units(places: Mapping[str, Area], buildings: Sequence[Building], seed: int, *, by: Any) -> None:
    """Write three to five units into each of the first grids; one in ten has closed down."""
    rng = random.Random(f"{seed}:units")  # noqa: S311
    houses: dict[int, list[Building]] = {}
    for building in buildings:
        if building.grid_id is not None:
            houses.setdefault(building.grid_id, []).append(building)
    today = clock.today()
    for grid in [area for area in places.values() if area.pk in houses][:MOST_GRIDS]:
        for kind, words, people in rng.sample(KINDS, rng.randint(3, 5)):
            house = rng.choice(houses[grid.pk])
            facts = _facts(kind, rng.choice(FIRST_WORDS) + words, people + rng.randint(0, 4), today, rng)
            unit = add_unit(facts, Where(grid, house.address, house), by=by)
            if rng.random() < 0.1:
                close_unit(unit, today - timedelta(days=rng.randint(1, YOUNGEST_DAYS)), by=by)


def _facts(kind: UnitKind, name: str, people: int, today: date, rng: random.Random) -> UnitFacts:
    if kind in WITH_MEMBERS:
        since = today - timedelta(days=rng.randint(YOUNGEST_DAYS, OLDEST_DAYS))
        return UnitFacts(
            name,
            kind=kind,
            members=rng.randint(5, 60),
            term_from=since,
            term_until=since + timedelta(days=3 * 365),
            contact_name="常桂英",
            contact_phone=f"1390000{rng.randint(0, 9999):04d}",
            second_name="韩玉梅",
            second_phone=f"1390000{rng.randint(0, 9999):04d}",
            officers=OFFICERS[kind],
            opened_on=since,
        )
    return UnitFacts(
        name,
        kind=kind,
        opening_hours=rng.choice(("8:00–20:00", "9:00–21:00", "7:30–22:00")),
        employees=people,
        floor_area=people * 12,
        contract_rate=rng.choice((None, 80, 90, 100)),
        contact_name=rng.choice(("常桂英", "申建国", "郭晓燕")),
        contact_declined=rng.random() < 0.1,
        contact_phone=f"1390000{rng.randint(0, 9999):04d}",
        opened_on=today - timedelta(days=rng.randint(YOUNGEST_DAYS, OLDEST_DAYS)),
    )
