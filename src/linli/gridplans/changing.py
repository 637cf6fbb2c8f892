"""What a draft would change when it is applied: grids opened, closed and redrawn, who follows whom. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.areas.models import Area, Department, Post
from linli.areas.redrawn import NewGrid
from linli.core import clock
from linli.gridplans.models import PlanPart

# A building without households still says where its grid goes, where nothing else does.
WEIGHT = 1000


@dataclass(frozen=True)
class PartChange:
    """What changes in one community.

    Args:
        part: the community with its draft.
        opened: key of the draft → the grid to open.
        stays: key of the draft → key of the grid that goes on.
        redrawn: key of a grid that goes on → its name and boundary.
        closed: keys of grids to close.
        homes: key of a building → key of its grid in the draft, for buildings that came into another grid or are to.
        common: (grid before, key of the draft) → what both have in common, households above all.
    """

    part: PlanPart
    opened: Mapping[str, NewGrid]
    stays: Mapping[str, int]
    redrawn: Mapping[int, NewGrid]
    closed: Sequence[int]
    homes: Mapping[int, str]
    common: Mapping[tuple[int, str], int]

    def successors(self) -> dict[int, str]:
        """Return for each grid to close the key of the grid that most of its households come to."""
        best = self._best()
        rest = next(iter([*self.stays, *self.opened]), "")
        return {grid: best[grid][1] if grid in best else rest for grid in self.closed}

    def carried(self) -> dict[int, str | None]:
        """Return for each grid to close the new grid in which it goes on, and its posts with it; each new grid once.

        It goes on in the grid that most of its households come to. Where that is one with posts of its own, they end.
        """
        found: dict[int, str | None] = dict.fromkeys(self.closed)
        given: set[str] = set()
        for grid, (_common, key) in sorted(self._best().items(), key=lambda one: (-one[1][0], one[0])):
            if key in self.opened and key not in given:
                found[grid] = key
                given.add(key)
        return found

    def _best(self) -> dict[int, tuple[int, str]]:
        """Return for each grid to close what it has most in common, and with which grid of the draft."""
        best: dict[int, tuple[int, str]] = {}
        for (grid, key), common in sorted(self.common.items()):
            if grid in self.closed and (grid not in best or common > best[grid][0]):
                best[grid] = (common, key)
        return best


@dataclass
class Outlook:
    """What applying a draft would do, for people: names and numbers."""

    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    redrawn: int = 0
    moved_buildings: int = 0
    moved_households: int = 0
    # Pairs of grids: the posts of the first go on in the second.
    carried: list[tuple[str, str]] = field(default_factory=list)
    # Posts that end because nothing of their grid goes on by itself: their title, holder and grid.
    ended: list[tuple[str, str, str]] = field(default_factory=list)
    # New grids that nobody serves yet.
    vacant: list[str] = field(default_factory=list)


def change_of(part: PlanPart) -> PartChange:
    """Return what a draft changes in one community."""
    codes = {row["code"] for row in part.grids.values()}
    present = part.present["grids"]
    opened, stays, redrawn = {}, {}, {}
    for key, row in part.grids.items():
        grid = NewGrid(row["code"], row["name"], part.shapes[key], row["kind"])
        if row["area"] is None:
            opened[key] = grid
        else:
            stays[key], redrawn[row["area"]] = row["area"], grid
    closed = [known["pk"] for code, known in present.items() if code not in codes]
    common: Counter[tuple[int, str]] = Counter()
    homes: dict[int, str] = {}
    for building, households, code, key in zip(
        part.buildings, part.households, part.before, part.assignment, strict=True
    ):
        before = present[code]["pk"] if code in present else None
        if before is None or stays.get(key) != before:
            homes[building] = key
        if before is not None:
            common[(before, key)] += WEIGHT * households + 1
    return PartChange(part, opened, stays, redrawn, closed, homes, common)


def outlook_of(changes: Iterable[PartChange]) -> Outlook:
    """Return what applying would do, in names and numbers."""
    outlook, known = Outlook(), list(changes)
    closed = [grid for change in known for grid in change.closed]
    posts = posts_in_force(closed)
    for change in known:
        present = {grid["pk"]: grid["name"] for grid in change.part.present["grids"].values()}
        community = change.part.community.name
        outlook.redrawn += len(change.redrawn)
        outlook.moved_buildings += change.part.figures["moved_buildings"]
        outlook.moved_households += change.part.figures["moved_households"]
        outlook.opened += [f"{community} {grid.name}" for grid in change.opened.values()]
        outlook.closed += [f"{community} {present[grid]}" for grid in change.closed]
        served = set()
        for grid, key in change.carried().items():
            if key is not None and posts.get(grid):
                outlook.carried.append((f"{community} {present[grid]}", f"{community} {change.opened[key].name}"))
                served.add(key)
            elif key is None:
                outlook.ended += [(post.title, holder_of(post), f"{community} {present[grid]}") for post in posts[grid]]
        outlook.vacant += [f"{community} {grid.name}" for key, grid in change.opened.items() if key not in served]
    return outlook


def posts_in_force(grids: Sequence[int]) -> dict[int, list[Post]]:
    """Return grid → the posts that are in force there, or will be."""
    found: dict[int, list[Post]] = defaultdict(list)
    rows = Post.objects.filter(Q(until=None) | Q(until__gte=clock.today()), area__in=grids)
    for post in rows.select_related("holder").order_by("pk"):
        found[post.area_id].append(post)
    return found


def holder_of(post: Post) -> str:
    """Return who holds a post, in words."""
    return post.holder.name if post.holder is not None else _("vacant")


def immovable(closed: Sequence[int]) -> list[str]:
    """Return what stands in the way of closing grids, in words: small grids and departments in them."""
    found = []
    for area in Area.objects.current().filter(parent__in=closed).select_related("parent").order_by("code"):
        text = _("%(grid)s would be closed, but %(inside)s lies in it. Close that first, or keep the grid.")
        found.append(text % {"grid": area.parent.name if area.parent else "", "inside": area.name})
    for department in Department.objects.filter(area__in=closed).select_related("area").order_by("code"):
        text = _("%(grid)s would be closed, but %(inside)s has its seat there. Keep the grid.")
        found.append(text % {"grid": department.area.name, "inside": department.name})
    return found
