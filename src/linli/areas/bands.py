"""How large grids are to be: a band for each kind, preset in ``data/bands.toml`` and changed by administrators."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from linli.areas.choices import AreaKind, Measure, Side
from linli.areas.models import SizeBand

NUMBERS = ("target", "planned_low", "planned_high", "warned_low", "warned_high")


@dataclass(frozen=True)
class Band:
    """The size of the grids of one kind: planned within the inner limits, a reason is asked outside the outer ones."""

    kind: AreaKind
    measure: Measure
    target: int = 0
    planned_low: int = 0
    planned_high: int = 0
    warned_low: int = 0
    warned_high: int = 0

    def side_of(self, size: int) -> Side | None:
        """Return on which side of the band a size lies, None within it or where no size is asked."""
        if self.measure == Measure.NONE or self.warned_low <= size <= self.warned_high:
            return None
        return Side.BELOW if size < self.warned_low else Side.ABOVE


@cache
def preset_bands() -> Mapping[AreaKind, Band]:
    """Return the bands of a new installation. Raises ``ValueError`` when the file names an unknown kind."""
    raw = tomllib.loads(files("linli.areas").joinpath("data/bands.toml").read_text(encoding="utf-8"))
    return {AreaKind(kind): Band(AreaKind(kind), Measure(row.pop("measure")), **row) for kind, row in raw.items()}


def bands() -> dict[AreaKind, Band]:
    """Return the band of every kind, in one query; a grid of which nothing is said counts as a residential one."""
    found = dict(preset_bands()) | {AreaKind(row.kind): _band(row) for row in SizeBand.objects.all()}
    return {kind: found.get(kind, found[AreaKind.RESIDENTIAL]) for kind in AreaKind}


def band_of(kind: str) -> Band:
    """Return the band of the grids of one kind."""
    return bands()[AreaKind(kind)]


def wrong_order(numbers: Iterable[int]) -> bool:
    """Tell whether best size and limits, given in the order of `NUMBERS`, contradict each other."""
    target, planned_low, planned_high, warned_low, warned_high = numbers
    rising = (0, warned_low, planned_low, target, planned_high, warned_high)
    return any(lower > higher for lower, higher in pairwise(rising)) or not target


def _band(row: SizeBand) -> Band:
    return Band(AreaKind(row.kind), Measure(row.measure), **{name: getattr(row, name) for name in NUMBERS})
