"""The figures of a plan and what is to be said about each grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.planner.arrays import Flags, Ints
from linli.planner.ground import Ground
from linli.planner.model import Figures, Reason, Remark, Settings
from linli.planner.numbering import kept_codes
from linli.planner.pieces import connected
from linli.planner.shapes import unit_numbers


def own_faces(ground: Ground, settings: Settings) -> Ints:
    """Return the faces that could be a grid of their own, by unit, numbered from 0; -1 for all others."""
    return _kept(ground.faces, ground.loads, lambda sums: sums >= settings.lowest)


def own_kinds(ground: Ground, settings: Settings) -> Ints:
    """Return the compounds that a grid could hold, by unit, numbered from 0; -1 for all others."""
    if not settings.compounds:
        return np.full(ground.units, -1, dtype=np.int64)
    return _kept(ground.kinds, ground.loads, lambda sums: sums <= settings.highest)


def _kept(numbers: Ints, loads: Ints, good: Callable[[Ints], Flags]) -> Ints:
    known = numbers >= 0
    found = np.full(len(numbers), -1, dtype=np.int64)
    if known.any():
        sums = np.bincount(numbers[known], loads[known])
        keep = good(sums) & (np.bincount(numbers[known]) > 0)
        found[known] = np.where(keep, np.cumsum(keep) - 1, -1)[numbers[known]]
    return found


def in_one_piece(ground: Ground, numbers: Sequence[int], number: int) -> bool:
    """Return whether the units of a grid hang together."""
    labels = unit_numbers(ground, numbers)
    pieces = connected(ground.first, ground.beside, labels)
    return len(np.unique(pieces[labels == number])) <= 1


def judge(
    ground: Ground,
    numbers: Sequence[int],
    polygons: Sequence[BaseGeometry],
    settings: Settings,
    before: Mapping[str, str] | None = None,
    locked: frozenset[str] = frozenset(),
) -> tuple[Figures, list[tuple[Remark, ...]]]:
    """Return the figures of one community's plan, and the remarks about each grid by number.

    Args:
        ground: the community; ``numbers``: the grid of each row; ``polygons``: of the grids, as ``draw`` returns them.
        before: building → code in the plan before; ``locked``: codes of grids that were to stay as they are.
    """
    labels = unit_numbers(ground, numbers)
    count = len(polygons)
    loads = np.bincount(labels, ground.loads, count).astype(np.int64)
    faces = _faces_by_grid(own_faces(ground, settings), labels, count)
    split = _split_compounds(ground, settings, labels)
    codes = kept_codes(ground, numbers, before) if before else [""] * count
    remarks = [
        _remarks(ground, labels, number, int(loads[number]), settings)
        + _place_remarks(int(faces[number]), split.get(number, ()), codes[number] in locked)
        for number in range(count)
    ]
    flat = shapely.transform(np.array(polygons, dtype=object), lambda points: (points - ground.corner) * ground.scale)
    shape = 4 * np.pi * shapely.area(flat) / np.maximum(shapely.length(flat), 1e-9) ** 2
    pieces = connected(ground.first, ground.beside, labels)
    broken = ~shapely.is_valid(flat) | (shapely.get_type_id(flat) != 3)
    several = np.bincount(labels[np.unique(pieces, return_index=True)[1]], minlength=count) > 1
    figures = Figures(
        grids=count,
        households=int(loads.sum()),
        mean_deviation=float(np.abs(loads - settings.target).mean() / settings.target) if count else 0.0,
        out_of_band=int(((loads < settings.lowest) | (loads > settings.highest)).sum()),
        noncontiguous=int((broken | several).sum()),
        compactness=float(shape.mean()) if count else 0.0,
        crossings_avoidable=int(np.maximum(faces - 1, 0).sum()),
        compounds_split=len({name for names in split.values() for name in names}),
        moved_households=_moved(ground, numbers, codes, before) if before else 0,
    )
    return figures, remarks


def together(found: Sequence[Figures]) -> Figures:
    """Return the figures of several communities as one."""
    grids = sum(one.grids for one in found)
    share = max(grids, 1)
    return Figures(
        grids=grids,
        households=sum(one.households for one in found),
        mean_deviation=sum(one.mean_deviation * one.grids for one in found) / share,
        out_of_band=sum(one.out_of_band for one in found),
        noncontiguous=sum(one.noncontiguous for one in found),
        compactness=sum(one.compactness * one.grids for one in found) / share,
        crossings_avoidable=sum(one.crossings_avoidable for one in found),
        compounds_split=sum(one.compounds_split for one in found),
        moved_households=sum(one.moved_households for one in found),
    )


def _faces_by_grid(faces: Ints, labels: Ints, count: int) -> Ints:
    """Return how many faces that could be grids each grid reaches into."""
    known = faces >= 0
    pairs = np.unique(np.stack([labels[known], faces[known]], axis=1), axis=0)
    return np.bincount(pairs[:, 0], minlength=count)


def _split_compounds(ground: Ground, settings: Settings, labels: Ints) -> dict[int, tuple[str, ...]]:
    """Return by grid the compounds that a grid could hold and that lie in several."""
    kinds = own_kinds(ground, settings)
    names = dict(zip(kinds[ground.unit_of].tolist(), ground.compounds, strict=True))
    pairs = np.unique(np.stack([kinds[kinds >= 0], labels[kinds >= 0]], axis=1), axis=0)
    several = np.bincount(pairs[:, 0]) > 1 if len(pairs) else np.zeros(0, dtype=np.bool_)
    found: dict[int, tuple[str, ...]] = {}
    for kind, number in pairs[several[pairs[:, 0]]].tolist() if len(pairs) else []:
        found[number] = (*found.get(number, ()), names[kind])
    return found


def _remarks(ground: Ground, labels: Ints, number: int, load: int, settings: Settings) -> tuple[Remark, ...]:
    """Return why a grid is outside the band, empty where it is inside."""
    units = np.flatnonzero(labels == number)
    if settings.lowest <= load <= settings.highest:
        return ()
    if not len(units):
        return (Remark(Reason.NO_BUILDING),)
    if load > settings.highest:
        big = units[int(np.argmax(ground.loads[units]))]
        if ground.loads[big] > settings.highest:
            row = int(np.flatnonzero(ground.unit_of == big)[0])
            return (Remark(Reason.TOO_MANY, str(load)), Remark(Reason.BIG_BUILDING, ground.keys[row]))
        return (Remark(Reason.TOO_MANY, str(load)),)
    found = [Remark(Reason.TOO_FEW, str(load))]
    if ground.households.sum() < settings.lowest:
        found.append(Remark(Reason.SMALL_COMMUNITY, ground.name))
    elif ground.loads[ground.part_of == ground.part_of[units[0]]].sum() < settings.lowest:
        found.append(Remark(Reason.SMALL_PART))
    return tuple(found)


def _place_remarks(faces: int, split: tuple[str, ...], locked: bool) -> tuple[Remark, ...]:
    found = [Remark(Reason.SPLITS_COMPOUND, name) for name in split]
    if faces > 1:
        found.append(Remark(Reason.CROSSES_ROAD, str(faces - 1)))
    if locked:
        found.append(Remark(Reason.LOCKED))
    return tuple(found)


def _moved(ground: Ground, numbers: Sequence[int], codes: Sequence[str], before: Mapping[str, str]) -> int:
    """Return how many households change the code of their grid."""
    return sum(
        int(ground.households[row])
        for row, number in enumerate(numbers)
        if before.get(ground.keys[row], codes[number]) != codes[number]
    )
