"""Plans afresh or mends the plan before: compiled as the search is, so for commands and background jobs only."""

from __future__ import annotations

import numpy as np

from linli.planner.arrays import Floats, Ints
from linli.planner.ground import Ground
from linli.planner.kernel.annealing import improve
from linli.planner.kernel.state import Town, bench_for
from linli.planner.model import Preset, Previous, Settings
from linli.planner.pieces import in_pieces
from linli.planner.search import Effort, best_of, blocks_of, coarsened, divide_units, steps_for, town_of
from linli.planner.standing import NEW, standing

# The number of a grid that is no more.
GONE = 1 << 40

EFFORTS = {
    Preset.QUICK: Effort(1, 0, 0.0, 1.0, 0.0, 0.02, 0.005),
    Preset.DEFAULT: Effort(1, 9, 8.0, 1.0, 0.6, 0.02, 0.005),
    Preset.BEST: Effort(2, 18, 12.0, 4.0, 0.6, 0.02, 0.005),
}


def divide(ground: Ground, settings: Settings, previous: Previous | None = None) -> list[int]:
    """Return the grid of each row, numbered 0…n-1 within the community, every grid in one piece.

    Args:
        ground: the community.
        settings: size of grids, what bounds them, how long to look, seed.
        previous: the plan before, to be mended with few moves.
    """
    if not ground.units:
        return []
    if previous and any(key in previous.grids for key in ground.keys):
        units = mended_units(ground, settings, previous)
    else:
        units = divide_units(ground, settings)
    return [int(number) for number in units[ground.unit_of]]


def mended_units(ground: Ground, settings: Settings, previous: Previous) -> Ints:
    """Return the grid of each unit: as in the plan before, except where that no longer fits.

    The first round moves single buildings; further ones, while defects are left, begin with the plan before in which
    every compound was put whole where most of it is.
    """
    begin, before, locked = standing(ground, previous, settings.lowest)
    town = town_of(ground, settings, before, locked)
    effort = EFFORTS[settings.preset]
    steps, heat = steps_for(effort.fine, ground.units), (effort.mild, effort.cold)
    blocks = blocks_of(town, np.where(locked[begin], begin, NEW))
    coarse, fine, whole = _by_blocks(town, blocks, begin)
    bench, much = bench_for(town), steps_for(effort.coarse, len(whole))

    def by_units(seed: int) -> tuple[Ints, float]:
        return improve(town, bench, begin, seed, steps, *heat)

    def by_blocks(seed: int) -> tuple[Ints, float]:
        grids, _cost = improve(coarse, bench, whole, seed, much, effort.warm, effort.mild)
        used, numbers = np.unique(grids, return_inverse=True)
        return improve(_renumbered(fine, used), bench, numbers[blocks], seed, steps, *heat)

    return best_of(town, bench, effort, settings.seed, by_blocks, by_units)


def _by_blocks(town: Town, blocks: Ints, grids: Ints) -> tuple[Town, Town, Ints]:
    """Return the community by blocks and by units, and the grid of each block: where most of its households are.

    Grids in which no block has most of its households are gone, and both communities number the rest alike.
    """
    coarse = coarsened(town, blocks)
    own = _of_most(blocks, grids, town.loads)
    labels = in_pieces(coarse.first, coarse.beside, coarse.loads, own, int(grids.max()) + 1)
    used, labels = np.unique(labels, return_inverse=True)
    coarse = coarse._replace(before=_of_most(blocks, town.before, town.loads), locked=town.locked)
    return _renumbered(coarse, used), _renumbered(town, used), labels.astype(np.int64)


def _of_most(blocks: Ints, labels: Ints, loads: Floats) -> Ints:
    """Return the label by block that most of its households have; -1 where no unit has one."""
    known, wide = labels >= 0, int(labels.max()) + 2
    pairs, back = np.unique(blocks[known] * wide + labels[known], return_inverse=True)
    found = np.full(int(blocks.max()) + 1, NEW, dtype=np.int64)
    order = np.lexsort((np.bincount(back, loads[known] + 1e-6), pairs // wide))
    # Of several labels of a block the last is written last.
    found[pairs[order] // wide] = pairs[order] % wide
    return found


def _renumbered(town: Town, used: Ints) -> Town:
    """Return the community with grids ``used`` numbered 0…n-1; a unit whose grid is no more has moved in any case."""
    known = (town.before >= 0) & (town.before != GONE)
    size = max(int(used.max()), int(town.before[known].max(initial=0)), len(town.locked)) + 1
    number = np.full(size, GONE, dtype=np.int64)
    number[used] = np.arange(len(used))
    before = town.before.copy()
    before[known] = number[before[known]]
    shut = np.zeros(size, dtype=np.bool_)
    shut[: len(town.locked)] = town.locked
    locked = np.zeros(max(len(town.locked), len(used)), dtype=np.bool_)
    locked[: len(used)] = shut[used]
    return town._replace(before=before, locked=locked)
