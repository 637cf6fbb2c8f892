"""What the peers are asked for is what a careful user would ask, and the judge stays apart from planners."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pytest

from bench.planner.regions import Region, Worth, count_for, part_of_region, worth_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("load", "count"), [(0, 1), (199, 1), (400, 1), (401, 2), (450, 2), (899, 3), (950, 3), (1199, 4)]
)
def test_grids_come_into_the_band_and_then_near_the_target(load: int, count: int):
    assert count_for(load) == count


def row_of(loads: list[int], kinds: list[int]) -> Region:
    """Units in a row, each beside the next."""
    size = len(loads)
    return Region(
        units=np.arange(size),
        loads=np.array(loads),
        kinds=np.array(kinds),
        one=np.arange(size - 1),
        other=np.arange(1, size),
        lengths=np.ones(size - 1),
        count=count_for(sum(loads)),
    )


def test_the_worth_of_a_division_is_its_defects_and_then_its_deviation():
    region = row_of([150, 150, 150, 150], [7, 7, -1, -1])
    assert worth_of(region, [0, 0, 1, 1]) == Worth(0, 0)
    # One grid of 450 and one of 150.
    assert worth_of(region, [0, 0, 0, 1]) == Worth(2, 1)
    # The compound is split and both grids are in two pieces.
    assert worth_of(region, [0, 1, 0, 1]).defects == 3
    assert Worth(1, 9.0) < Worth(2, 0.0)
    assert Worth(1, 0.5) < Worth(1, 0.6)


def test_a_piece_of_a_region_keeps_its_neighbours():
    piece = part_of_region(row_of([100, 200, 300, 400], [-1, 5, 5, -1]), np.array([1, 2]))
    assert piece.loads.tolist() == [200, 300]
    assert list(zip(piece.one.tolist(), piece.other.tolist(), strict=True)) == [(0, 1)]
    assert piece.count == 2
    assert not math.isnan(worth_of(piece, [0, 1]).deviation)


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_the_judge_knows_no_planner_and_no_planner_knows_the_judge():
    for name in ("files", "scorer", "instances"):
        assert not any(one.startswith("linli") for one in imported(ROOT / "bench" / "planner" / f"{name}.py"))
    for path in (ROOT / "src" / "linli" / "planner").rglob("*.py"):
        assert not any(one.startswith("bench") for one in imported(path)), path
