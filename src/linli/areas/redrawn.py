"""Grids that were drawn anew: where everything that lay in one of them lies now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from linli.areas.models import Area
from linli.core.geo import GridIndex, from_geojson

AT_ONCE = 500
# Model → key of a row → the grid that it was in before.
Rows = dict[str, dict[int, int]]
# Key, grid, longitude and latitude of a row.
Placed = tuple[int, int, float | None, float | None]


@dataclass(frozen=True)
class NewGrid:
    """A grid to be opened, or one that goes on, with its boundary as GeoJSON."""

    code: str
    name: str
    geometry: Mapping[str, Any]
    kind: str = ""


@dataclass(frozen=True)
class Redrawn:
    """What became of the grids of some communities.

    Args:
        communities: those whose grids were drawn anew.
        grids: the grids that there are now.
        affected: the keys of all grids before and after.
        paths: path → key, of the grids that were closed.
        successors: key of a grid that was closed → the grid that most of it came to.
        exact: model → key of a row → its grid, for rows whose grid is known without asking: what is taken back.
        posts: key of a post that ended → key of the post that goes on for it.
        owners: key of a case → keys of the posts that it had, owner and handler: what is taken back.
    """

    communities: Sequence[Area]
    grids: Sequence[Area]
    affected: Sequence[int]
    paths: Mapping[str, int]
    successors: Mapping[int, Area]
    exact: Mapping[str, Mapping[int, Area]] = field(default_factory=dict)
    posts: Mapping[int, int] = field(default_factory=dict)
    owners: Mapping[int, tuple[int | None, int | None]] = field(default_factory=dict)

    def place(self, label: str, row: Placed) -> Area | None:
        """Return the grid that a row belongs to now: by record, by its place, else where most of its grid came to."""
        pk, grid, longitude, latitude = row
        known = self.exact.get(label, {}).get(pk)
        if known is not None:
            return known
        if longitude is not None and latitude is not None:
            found = self._index.locate(longitude, latitude)
            if found is not None:
                return self._by_key[found]
        return self.successors.get(grid)

    def moves(self, label: str, rows: Iterable[Placed]) -> dict[int, Area]:
        """Return key → grid, of the rows that belong to another one now."""
        placed = ((row, self.place(label, row)) for row in rows)
        return {row[0]: area for row, area in placed if area is not None and area.pk != row[1]}

    def move(self, table: QuerySet[Any], rows: Iterable[Placed], name: str) -> dict[int, int]:
        """Let rows of a table follow: field ``name`` and ``path``. Return key → grid before, of those that moved."""
        known = list(rows)
        before = {row[0]: row[1] for row in known}
        groups: dict[int, list[int]] = defaultdict(list)
        areas: dict[int, Area] = {}
        for key, area in self.moves(table.model._meta.label_lower, known).items():
            groups[area.pk].append(key)
            areas[area.pk] = area
        for pk, keys in groups.items():
            for start in range(0, len(keys), AT_ONCE):
                some = table.filter(pk__in=keys[start : start + AT_ONCE])
                some.update(**{name: areas[pk], "path": areas[pk].path})
        return {key: before[key] for keys in groups.values() for key in keys}

    @cached_property
    def _index(self) -> GridIndex[int]:
        return GridIndex((grid.pk, from_geojson(grid.geometry)) for grid in self.grids if grid.geometry)

    @cached_property
    def _by_key(self) -> dict[int, Area]:
        return {grid.pk: grid for grid in self.grids}
