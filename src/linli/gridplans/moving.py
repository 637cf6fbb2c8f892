"""What a person does to a draft by hand: each function changes a `Draft` in memory, or says in words why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linli.gridplans.drafting import FIXED, Draft

LONGEST_NAME, LONGEST_REASON = 100, 200


def move(draft: Draft, buildings: Sequence[int], to: str) -> dict[str, Any]:
    """Move buildings to a grid beside them; those that share a footprint go together.

    Raises:
        ValidationError: a grid is locked, or would be left in pieces or empty, or the buildings do not lie beside it.
    """
    rows = _rows(draft, buildings)
    target = _grid(draft, to, "to")
    rows = [row for row in draft.ground.together(rows) if draft.assignment[row] != to]
    if not rows:
        raise ValidationError({"buildings": _("These buildings are in %(grid)s already.") % {"grid": target["name"]}})
    sources = dict.fromkeys(draft.assignment[row] for row in rows)
    for key in (to, *sources):
        _require_open(draft, key)
    before = {key: len(draft.pieces(draft.units_of(key))) for key in (to, *sources)}
    for row in rows:
        draft.assignment[row] = to
    for key in sources:
        _require_left(draft, key, before[key])
    if len(draft.pieces(draft.units_of(to))) > before[to]:
        text = _(
            "These buildings do not lie beside %(grid)s. Choose a grid that touches them, or take those between too."
        )
        raise ValidationError({"buildings": text % {"grid": target["name"]}})
    return {"count": len(rows), "grid": target["name"]}


def merge(draft: Draft, key: str, to: str) -> dict[str, Any]:
    """Join a grid to one beside it. Raises ``ValidationError`` where they do not touch, or one is locked."""
    gone, target = _grid(draft, key, "grid"), _grid(draft, to, "to")
    if key == to:
        raise ValidationError({"to": _("Choose another grid to join it with.")})
    _require_open(draft, key)
    _require_open(draft, to)
    if to not in gone["beside"]:
        text = _("%(one)s and %(other)s do not touch. Choose a grid beside it.")
        raise ValidationError({"to": text % {"one": gone["name"], "other": target["name"]}})
    for row in draft.rows_of(key):
        draft.assignment[row] = to
    del draft.grids[key]
    return {"grid": gone["name"], "to": target["name"]}


def split(draft: Draft, key: str) -> dict[str, Any]:
    """Divide a grid into two that each hang together and hold about as many households.

    Raises:
        ValidationError: it is locked, in pieces, or one building only.
    """
    row = _grid(draft, key, "grid")
    _require_open(draft, key)
    units = draft.units_of(key)
    if len(units) < 2:
        raise ValidationError({"grid": _("A grid of one building can't be divided.")})
    pieces = draft.pieces(units)
    away = pieces[1] if len(pieces) > 1 else _half(draft, units)
    new = draft.new_grid()
    for one in draft.rows_of(key):
        if int(draft.ground.unit_of[one]) in away:
            draft.assignment[one] = new
    return {"grid": row["name"]}


def lock(draft: Draft, key: str) -> dict[str, Any]:
    """Let no step and no new plan change a grid."""
    row = _grid(draft, key, "grid")
    row["locked"] = True
    return {"grid": row["name"]}


def unlock(draft: Draft, key: str) -> dict[str, Any]:
    """Let a grid be changed again. Raises ``ValidationError`` for a special grid, which keeps its buildings."""
    row = _grid(draft, key, "grid")
    if row["kind"] in FIXED:
        raise ValidationError(
            {"grid": _("%(grid)s is a special grid: it keeps its buildings.") % {"grid": row["name"]}}
        )
    row["locked"] = False
    return {"grid": row["name"]}


def rename(draft: Draft, key: str, text: str) -> dict[str, Any]:
    """Give a grid another name. Raises ``ValidationError`` for none, or one that a grid of the community has."""
    row, name = _any_grid(draft, key, "grid"), text.strip()
    if not name:
        raise ValidationError({"text": pgettext("grid plan", "Write the name of the grid.")})
    if len(name) > LONGEST_NAME:
        raise ValidationError({"text": _("Write at most %(count)d characters.") % {"count": LONGEST_NAME}})
    if any(other["name"] == name for own, other in draft.grids.items() if own != key):
        raise ValidationError({"text": _("Another grid of this community is called so. Choose another name.")})
    before, row["name"], row["named"] = row["name"], name, True
    return {"grid": before, "to": name}


def explain(draft: Draft, key: str, text: str) -> dict[str, Any]:
    """Write down why a grid may be as it is; an empty text takes the reason back."""
    row, reason = _any_grid(draft, key, "grid"), text.strip()
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"text": _("Write at most %(count)d characters.") % {"count": LONGEST_REASON}})
    if reason and not row["remarks"] and row["pieces"] < 2 and not row["coming"]:
        raise ValidationError({"text": _("There is nothing about this grid that needs a reason.")})
    row["reason"] = reason
    return {"grid": row["name"]}


def _half(draft: Draft, units: set[int]) -> set[int]:
    """Return one half of footprints that hang together, grown from two far ends, always the smaller one."""
    one = _far_end(draft, units, min(units))
    ends = (one, _far_end(draft, units, one))
    loads, hops = draft.ground.loads, [_hops(draft, units, end) for end in ends]
    halves: tuple[set[int], set[int]] = ({ends[0]}, {ends[1]})
    left = units - {*ends}
    while left:
        sums = [sum(int(loads[unit]) for unit in half) for half in halves]
        reached = [{unit for unit in left if draft.beside(unit) & half} for half in halves]
        turn = 0 if (sums[0], 0) <= (sums[1], 1) else 1
        turn = turn if reached[turn] else 1 - turn
        near, far = hops[turn], hops[1 - turn]
        taken = min(reached[turn], key=lambda unit: (near[unit] - far[unit], near[unit], unit))
        halves[turn].add(taken)
        left.remove(taken)
    return min(halves, key=lambda half: (sum(int(loads[unit]) for unit in half), len(half), min(half)))


def _far_end(draft: Draft, units: set[int], start: int) -> int:
    hops = _hops(draft, units, start)
    return max(units, key=lambda unit: (hops[unit], -unit))


def _hops(draft: Draft, units: set[int], start: int) -> dict[int, int]:
    """Return how many steps from neighbour to neighbour lead to each footprint."""
    found, edge = {start: 0}, [start]
    while edge:
        reached = {other for unit in edge for other in draft.beside(unit) & units} - found.keys()
        step = found[edge[0]] + 1
        found |= dict.fromkeys(reached, step)
        edge = sorted(reached)
    return found


def _rows(draft: Draft, buildings: Sequence[int]) -> list[int]:
    order = {key: row for row, key in enumerate(draft.ground.keys)}
    rows = [order[str(key)] for key in buildings if str(key) in order]
    if not rows or len(rows) != len(buildings):
        text = _("Choose buildings of one community. Load the page again if one is missing.")
        raise ValidationError({"buildings": text})
    return rows


def _grid(draft: Draft, key: str, field: str) -> dict[str, Any]:
    row = _any_grid(draft, key, field)
    if row.get("empty"):
        text = _("%(grid)s lies on ground without buildings; nothing can be moved there.")
        raise ValidationError({field: text % {"grid": row["name"]}})
    return row


def _any_grid(draft: Draft, key: str, field: str) -> dict[str, Any]:
    row = draft.grids.get(key)
    if row is None:
        raise ValidationError({field: pgettext("grid plan", "Choose a grid of the same community.")})
    return row


def _require_open(draft: Draft, key: str) -> None:
    row = draft.grids[key]
    if row["locked"]:
        raise ValidationError({"grid": _("%(grid)s is locked. Unlock it first.") % {"grid": row["name"]}})


def _require_left(draft: Draft, key: str, pieces: int) -> None:
    row, units = draft.grids[key], draft.units_of(key)
    if not units:
        text = _("Nothing would be left of %(grid)s. Join the two grids instead.")
        raise ValidationError({"buildings": text % {"grid": row["name"]}})
    if len(draft.pieces(units)) > pieces:
        text = _("%(grid)s would fall into pieces. Take the buildings on one side too, or leave these.")
        raise ValidationError({"buildings": text % {"grid": row["name"]}})
