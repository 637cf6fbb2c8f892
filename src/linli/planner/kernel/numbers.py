"""Random numbers of the search (splitmix64, after Steele, Lea and Flood 2014): the same on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from linli.planner.kernel.compiled import compiled

STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
THIRTY, TWENTY_SEVEN, THIRTY_ONE, ELEVEN = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
UNIT = 1.0 / (1 << 53)


@compiled
def chance(seed: Any) -> float:
    """Return a number from 0 up to, not including, 1."""
    seed[0] += STEP
    mixed = seed[0]
    mixed = (mixed ^ (mixed >> THIRTY)) * FIRST
    mixed = (mixed ^ (mixed >> TWENTY_SEVEN)) * SECOND
    mixed = mixed ^ (mixed >> THIRTY_ONE)
    return np.float64(mixed >> ELEVEN) * UNIT


@compiled
def below(seed: Any, limit: int) -> int:
    """Return a whole number from 0 up to, not including, ``limit``."""
    return int(chance(seed) * limit)
