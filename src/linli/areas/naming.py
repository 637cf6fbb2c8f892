"""Places as people write them: by code or by name, a grid only within its community."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.core.paths import ancestors, covers, within
from linli.core.sheets.text import arabic_digits, without_spaces

# What may be left out behind a name.
_ENDINGS = {
    Level.STREET: ("街道办事处", "街道", "街办", "镇", "乡"),
    Level.COMMUNITY: ("社区居委会", "居委会", "社区", "村委会", "村"),
    Level.GRID: ("网格",),
}
_MOST_DIGITS = 4
_ORDINAL = re.compile(r"(?:第|网格|^)0*(\d+)号?(?=网格|$)")


@dataclass
class _Named:
    """The places of one level, by code, by name as written, and by name without what may be left out."""

    level: Level
    by_code: dict[str, Area] = field(default_factory=dict)
    by_name: dict[str, list[Area]] = field(default_factory=dict)
    by_core: dict[str, list[Area]] = field(default_factory=dict)

    def add(self, area: Area) -> None:
        name = without_spaces(area.name)
        self.by_code[area.code] = area
        self.by_name.setdefault(name, []).append(area)
        self.by_core.setdefault(_core(name, self.level), []).append(area)

    def find(self, written: str, path: str) -> list[Area]:
        """Return the places below or above a path that are written so; an exact code or name comes first."""
        name = without_spaces(written)
        found = self.by_code.get(name)
        if found is not None:
            return [found] if _on_one_line(path, found.path) else []
        for places in (self.by_name.get(name), self.by_core.get(_core(name, self.level))):
            fitting = [area for area in places or () if _on_one_line(path, area.path)]
            if fitting:
                return fitting
        return []


class Unknown(Exception):
    """No place is written so, or several are: ``field`` says which part, ``several`` which of the two."""

    def __init__(self, name: str, *, several: bool = False) -> None:
        super().__init__(name)
        self.field, self.several = name, several


class Places:
    """The current streets, communities and grids of a subtree, found as people write them.

    What lies above it may be written too: a roster of one community may name the street in each of its rows.
    """

    def __init__(self, area: Area) -> None:
        self.area = area
        self._named = {level: _Named(level) for level in _ENDINGS}
        reach = within([area.path]) | Q(path__in=ancestors(area.path))
        rows = Area.objects.current().filter(reach, level__in=list(_ENDINGS)).order_by("path")
        self._by_path = {each.path: each for each in rows.defer("geometry", "bounds")}
        for each in self._by_path.values():
            self._named[Level(each.level)].add(each)

    def find(self, street: str = "", community: str = "", grid: str = "") -> Area:
        """Return the narrowest place that is written; without anything the whole area.

        Raises:
            Unknown: a part is not found in what stands before it, or fits several places.
        """
        place = self.area
        for name, level, written in (
            ("street", Level.STREET, street),
            ("community", Level.COMMUNITY, community),
            ("grid", Level.GRID, grid),
        ):
            if written:
                place = self._within(place, name, level, written)
        return place

    def by_code(self, code: str) -> Area | None:
        """Return the place of a full code, which there is only once, or None."""
        name = without_spaces(code)
        return next((named.by_code[name] for named in self._named.values() if name in named.by_code), None)

    def community_of(self, place: Area) -> Area | None:
        """Return the community that a place of the area is or lies in, where that lies in the area too."""
        chain: Iterator[Area | None] = (self._by_path.get(path) for path in reversed(ancestors(place.path)))
        return next((area for area in chain if area is not None and area.level == Level.COMMUNITY), None)

    def _within(self, place: Area, name: str, level: Level, written: str) -> Area:
        found = self._named[level].find(written, place.path)
        if not found and level == Level.GRID:
            found = self._behind_community(place, written)
        if len(found) != 1:
            raise Unknown(name, several=len(found) > 1)
        return place if covers(found[0].path, place.path) else found[0]

    def _behind_community(self, place: Area, written: str) -> list[Area]:
        """Find a grid whose name is written behind that of its community: 广场西社区第一网格."""
        name = without_spaces(written)
        return [
            grid
            for community in self._of_level(Level.COMMUNITY, place)
            for front in {without_spaces(community.name), _core(without_spaces(community.name), Level.COMMUNITY)}
            if front and name.startswith(front) and len(name) > len(front)
            for grid in self._named[Level.GRID].find(name[len(front) :], community.path)
        ][:2]

    def _of_level(self, level: Level, place: Area) -> Iterable[Area]:
        return (area for area in self._by_path.values() if area.level == level and _on_one_line(place.path, area.path))


def _on_one_line(path: str, other: str) -> bool:
    """Tell whether one of two paths leads to the other."""
    return covers(path, other) or covers(other, path)


def _core(name: str, level: Level) -> str:
    """Return a name without what may be left out; the number of a grid in digits: 第一网格, 1号网格, 网格1 -> 1."""
    if level == Level.GRID:
        return _grid_core(name)
    for ending in _ENDINGS[level]:
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


def _grid_core(name: str) -> str:
    digits = arabic_digits(name)
    ordinal = _ORDINAL.search(digits)
    if ordinal and len(ordinal[1]) <= _MOST_DIGITS:
        front = digits[: ordinal.start()].removesuffix("网格")
        return front + ordinal[1] + digits[ordinal.end() :].removeprefix("网格")
    return digits.removesuffix("网格") or digits
