"""Buildings in groups, so that what follows them is written for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linli.housing.models import Building

AT_ONCE = 500


def by_grid(buildings: Iterable[Building]) -> Iterator[tuple[Building, list[int]]]:
    """Yield for each grid one of its buildings, which has ``grid_id`` and ``path``, with the keys of all."""
    groups: dict[tuple[int | None, str], list[Building]] = {}
    for building in buildings:
        groups.setdefault((building.grid_id, building.path), []).append(building)
    for group in groups.values():
        for start in range(0, len(group), AT_ONCE):
            some = group[start : start + AT_ONCE]
            yield some[0], [building.pk for building in some]
