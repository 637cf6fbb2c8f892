"""What the planner is given and what it gives back. Geometry is shapely's, in WGS-84 degrees (longitude, latitude)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# Called with a share between 0 and 1 and the words of the step; raising an exception in it ends the work.
Watch = Callable[[float, str], None]


class Preset(StrEnum):
    """How long the planner looks for something better."""

    QUICK = "quick"
    DEFAULT = "default"
    BEST = "best"


class Reason(StrEnum):
    """Why a grid needs a word, or a building of the input was not taken as it came."""

    # About grids.
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    SMALL_PART = "small_part"
    SMALL_COMMUNITY = "small_community"
    BIG_BUILDING = "big_building"
    NO_BUILDING = "no_building"
    CROSSES_ROAD = "crosses_road"
    SPLITS_COMPOUND = "splits_compound"
    LOCKED = "locked"
    # About the input.
    OUTSIDE = "outside"
    UNKNOWN_COMMUNITY = "unknown_community"
    NO_SHAPE = "no_shape"
    MENDED = "mended"
    REPEATED = "repeated"
    OVERLAPS = "overlaps"
    BAD_HOUSEHOLDS = "bad_households"


@dataclass(frozen=True, slots=True)
class Building:
    """A building: ``households`` live in it; ``compound`` is empty where it belongs to none."""

    key: str
    households: int
    community: str
    outline: Any
    compound: str = ""


@dataclass(frozen=True, slots=True)
class Community:
    """A community with its boundary, which may have holes and several parts."""

    code: str
    name: str
    outline: Any


@dataclass(frozen=True, slots=True)
class Previous:
    """The plan before: building → code of its grid; the grids that stay as they are; all codes that were ever given."""

    grids: Mapping[str, str]
    locked: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """All that is to be planned. ``mains`` are lines that bound grids by nature, ``minors`` the other roads."""

    buildings: tuple[Building, ...]
    communities: tuple[Community, ...]
    mains: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked for: the size of grids in households, and what counts as a boundary.

    ``digits``: of the number that follows the code of the community in the code of a grid.
    """

    target: int = 300
    lowest: int = 200
    highest: int = 400
    preset: Preset = Preset.DEFAULT
    seed: int = 1
    roads: bool = True
    compounds: bool = True
    digits: int = 3


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about a grid or a building, with what it is about (a compound, a number)."""

    reason: Reason
    about: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A building of the input that was not taken as it came."""

    key: str
    reason: Reason
    about: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of a plan. ``before`` is the code it had in the plan before, empty for a new one."""

    code: str
    community: str
    outline: Any
    households: int
    buildings: tuple[str, ...]
    compounds: tuple[str, ...]
    remarks: tuple[Remark, ...] = ()
    before: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a plan; ``compactness`` is the mean of Polsby and Popper's measure, 1 for a circle."""

    grids: int
    households: int
    mean_deviation: float
    out_of_band: int
    noncontiguous: int
    compactness: float
    crossings_avoidable: int
    compounds_split: int
    moved_households: int

    @property
    def defects_per_100(self) -> float:
        """Grids out of the band or not in one piece, roads crossed without need and compounds split, per 100 grids."""
        found = self.out_of_band + self.noncontiguous + self.crossings_avoidable + self.compounds_split
        return 100 * found / max(self.grids, 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: every building stands in one grid (``assignment``: key → code), and the grids tile their communities.

    ``seconds``: ``geometry`` until it is known who lies beside whom, ``plan`` for everything after that.
    """

    grids: tuple[Grid, ...]
    assignment: Mapping[str, str]
    figures: Figures
    problems: tuple[Problem, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
