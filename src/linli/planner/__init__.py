"""Divides communities into service grids. A pure library: arrays and geometry in, a plan out; no Django, no database.

``planning.make_plan`` is the one entry point. ``ground``, ``shapes``, ``judging`` and ``numbering`` need numpy and
shapely only; ``search`` is compiled by numba and heavy to load.
"""

from linli.planner.model import (
    Building,
    Community,
    Figures,
    Grid,
    Place,
    Plan,
    Preset,
    Previous,
    Problem,
    Reason,
    Remark,
    Settings,
    Watch,
)
from linli.planner.planning import make_plan

__all__ = [
    "Building",
    "Community",
    "Figures",
    "Grid",
    "Place",
    "Plan",
    "Preset",
    "Previous",
    "Problem",
    "Reason",
    "Remark",
    "Settings",
    "Watch",
    "make_plan",
]
