"""Reading the area tree: where a point lies, who serves a place."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from shapely.geometry import Point

from linli.accounts.models import User
from linli.areas.choices import ACCOUNTABLE, COVERED, PAIR, AbsenceReason, AbsenceState, Level, Role
from linli.areas.cover import StandIn, planned_stand_ins, stand_ins_on
from linli.areas.models import Absence, Area, Post
from linli.areas.rules import COVER, answers_for, may_decide
from linli.areas.scope import posts_held_by, scope_paths
from linli.core import clock
from linli.core.bigrams import query_terms
from linli.core.geo import GridIndex, from_geojson
from linli.core.paths import ancestors, within
from linli.core.search import matching

GEOMETRY_VERSION = "areas.geometry_version"


@dataclass(frozen=True)
class Board:
    """What the public board shows of a grid: the worker, the partner, the phone to complain to.

    While the worker is away ``away`` is ``leave`` or ``elsewhere``, and ``present`` is whom to ask instead, if anybody.
    Leave of every sort reads alike: why somebody is away is nobody's business.
    """

    name: str
    title: str
    phone: str
    duties: str
    supervision_phone: str
    stand_in_name: str = ""
    stand_in_phone: str = ""
    post: int = 0
    # The holder agreed to be named; else ``name`` is the title.
    named: bool = True
    letter: str = ""
    stand_in_letter: str = ""
    away: str = ""
    present_name: str = ""
    present_phone: str = ""

    @property
    def ask_name(self) -> str:
        """Whom to ask today."""
        return self.present_name or self.name

    @property
    def ask_phone(self) -> str:
        """The phone to call today."""
        return (self.present_phone or self.phone) if self.away else self.phone


def area_by_code(code: str) -> Area:
    """Return the area of a code. Raises ``Area.DoesNotExist``."""
    return Area.objects.get(code=code)


def locate(longitude: float, latitude: float) -> Area | None:
    """Return the current grid that a point in WGS-84 degrees lies in, or None outside every grid."""
    key = _grid_index(geometry_version()).locate(longitude, latitude)
    return Area.objects.get(pk=int(key)) if key is not None else None


def geometry_version() -> int:
    """Return the number that changes with every boundary; processes rebuild their index by it.

    It is a moment, so that a lost entry of the cache gives a number that no process has seen.
    """
    return int(cache.get_or_set(GEOMETRY_VERSION, time.time_ns, timeout=None) or 0)


@lru_cache(maxsize=1)
def _grid_index(version: int) -> GridIndex[str]:
    grids = Area.objects.current().filter(level=Level.GRID).exclude(geometry=None)
    return GridIndex((str(pk), from_geojson(shape)) for pk, shape in grids.values_list("pk", "geometry") if shape)


def grids_under(area: Area) -> QuerySet[Area]:
    """Return the current grids of a subtree in the order of their codes."""
    return Area.objects.current().under(area).filter(level=Level.GRID).order_by("code")


def ancestors_of(area: Area) -> list[Area]:
    """Return the areas from the root down to the parent."""
    above = Area.objects.filter(path__in=ancestors(area.path, include_self=False)).order_by("path")
    return list(above.defer("geometry", "bounds"))


def community_of(area: Area) -> Area | None:
    """Return the community that an area is or lies in."""
    chain = Area.objects.filter(path__in=ancestors(area.path), level=Level.COMMUNITY)
    return chain.order_by("-path").first()


def community_at(longitude: float, latitude: float) -> Area | None:
    """Return the current community whose boundary holds a point in WGS-84 degrees, also where it has no grids yet."""
    drawn = Area.objects.current().filter(level=Level.COMMUNITY).exclude(geometry=None)
    boxes = drawn.order_by("code").values_list("pk", "bounds")
    near = [pk for pk, box in boxes if box and box[0] <= longitude <= box[2] and box[1] <= latitude <= box[3]]
    point = Point(longitude, latitude)
    found = Area.objects.filter(pk__in=near).order_by("code")
    return next((area for area in found if area.geometry and from_geojson(area.geometry).covers(point)), None)


def posts_of(user: Any) -> list[Post]:
    """Return the posts that a user holds today."""
    return posts_held_by(user)


def current_posts() -> QuerySet[Post]:
    """Return the posts that are in force today, held and vacant, with their areas and holders."""
    return Post.objects.on(clock.today()).select_related("area", "holder")


def staff_of(area: Area, roles: Iterable[str]) -> list[Post]:
    """Return the held posts of these roles at the area, or else at the nearest ancestor that has one."""
    posts = list(_held(ancestors(area.path)).filter(role__in=list(roles)).order_by("id"))
    nearest = max((post.area.path for post in posts), key=len, default="")
    return [post for post in posts if post.area.path == nearest]


def accountable_post(area: Area) -> Post | None:
    """Return the post that answers for a place: its worker, else the next that is held, upwards."""
    return accountable_posts([area]).get(area.pk)


def accountable_posts(areas: Iterable[Area]) -> dict[int, Post]:
    """Return area id → accountable post for many areas in one query; areas without anybody are left out."""
    wanted = list(areas)
    chain = {path for area in wanted for path in ancestors(area.path)}
    by_path: dict[str, list[Post]] = {}
    for post in _held(chain).filter(role__in=ACCOUNTABLE):
        by_path.setdefault(post.area.path, []).append(post)
    found: dict[int, Post] = {}
    for area in wanted:
        candidates = [post for path in ancestors(area.path) for post in by_path.get(path, ())]
        if candidates:
            found[area.pk] = min(candidates, key=_nearness)
    return found


def _nearness(post: Post) -> tuple[int, int, int]:
    depth = len(ancestors(post.area.path))
    return (-depth, ACCOUNTABLE.index(Role(post.role)), post.pk)


def _held(paths: Iterable[str]) -> QuerySet[Post]:
    posts = Post.objects.on(clock.today()).filter(area__path__in=list(paths), holder__is_active=True)
    return posts.select_related("area", "holder", "department").defer("area__geometry", "area__bounds")


def board_of(grid: Area) -> Board | None:
    """Return the public board of a grid, or None while nobody serves it."""
    return boards_of([grid]).get(grid.pk)


def boards_of(grids: Iterable[Area]) -> dict[int, Board]:
    """Return grid id → public board for many grids at once; grids that nobody serves are left out."""
    wanted = list(grids)
    first = accountable_posts(wanted)
    letters = pair_letters([grid.pk for grid in wanted])
    away = stand_ins_on(clock.today())
    phones = _supervision_phones({path for grid in wanted for path in ancestors(grid.path)})
    partners: dict[int, list[Post]] = {}
    for post in _held([grid.path for grid in wanted]).filter(role__in=PAIR, on_board=True).order_by("role", "id"):
        partners.setdefault(post.area_id, []).append(post)
    return {
        grid.pk: _board(first[grid.pk], partners.get(grid.pk, ()), letters, away, _nearest_of(grid.path, phones))
        for grid in wanted
        if grid.pk in first
    }


def _board(
    first: Post, pair: Iterable[Post], letters: Mapping[int, str], away: Mapping[int, StandIn], supervision_phone: str
) -> Board:
    stand_in = next((post for post in pair if post.pk != first.pk), None)
    absent = away.get(first.pk)
    present = absent.own if absent else None
    return Board(
        name=first.public_name,
        title=first.title,
        phone=first.board_phone,
        duties=first.duties,
        supervision_phone=supervision_phone,
        stand_in_name=stand_in.public_name if stand_in else "",
        stand_in_phone=stand_in.board_phone if stand_in else "",
        post=first.pk,
        named=first.name_agreed_on is not None,
        letter=letters.get(first.pk, ""),
        stand_in_letter=letters.get(stand_in.pk, "") if stand_in else "",
        away=away_sort(absent.absence) if absent else "",
        present_name=present.public_name if present else "",
        present_phone=present.board_phone if present and present.on_board else "",
    )


def away_sort(absence: Absence) -> str:
    """Return what everybody may know of an absence: ``elsewhere`` for other work, ``leave`` for all the rest."""
    elsewhere = (AbsenceReason.TRAINING, AbsenceReason.OTHER_DUTY)
    return "elsewhere" if absence.reason in elsewhere else "leave"


def pair_letters(grids: Iterable[int]) -> dict[int, str]:
    """Return post id → A or B for the posts of these grids, in one query: the first is A, the others are B."""
    posts = Post.objects.on(clock.today()).filter(area__in=set(grids), role__in=PAIR)
    letters: dict[int, str] = {}
    seen: set[int] = set()
    for pk, area, _role in sorted(posts.values_list("pk", "area", "role"), key=_pair_order):
        letters[pk] = "B" if area in seen else "A"
        seen.add(area)
    return letters


def _pair_order(row: tuple[int, int, str]) -> tuple[int, int, int]:
    return row[1], PAIR.index(Role(row[2])), row[0]


def doers_of(posts: Iterable[Post]) -> list[User]:
    """Return who does the work of these posts today: the holders, and for those who are away their stand-ins."""
    held = list(posts)
    away = stand_ins_on(clock.today()) if held else {}
    doers = [away[post.pk].user if post.pk in away else post.holder for post in held]
    return [doer for doer in doers if doer is not None]


def supervision_phone_of(area: Area) -> str:
    """Return the supervision phone of the area or of the nearest ancestor that has one."""
    return _nearest_of(area.path, _supervision_phones(ancestors(area.path)))


def _supervision_phones(paths: Iterable[str]) -> dict[str, str]:
    rows = Area.objects.filter(path__in=list(paths)).exclude(supervision_phone="").order_by()
    return dict(rows.values_list("path", "supervision_phone"))


def _nearest_of(path: str, by_path: Mapping[str, str]) -> str:
    return next((by_path[above] for above in reversed(ancestors(path)) if above in by_path), "")


@dataclass(frozen=True)
class Shortage:
    """A grid with fewer workers than it must have."""

    grid: Area
    needed: int
    held: int
    # The assistant is there, so that the grid is not without anybody.
    has_assistant: bool
    # Since when, as far as the posts tell.
    since: date

    @property
    def deserted(self) -> bool:
        """Tell whether neither a worker nor an assistant is there."""
        return not self.held and not self.has_assistant


def search_areas(user: Any, text: str, limit: int) -> list[Area]:
    """Return the communities and grids in the user's reach that fit what was typed: name, pinyin, initials."""
    levels = (Level.COMMUNITY, Level.GRID)
    areas = Area.objects.visible_to(user).current().filter(level__in=levels)
    found = matching(areas, [query_terms(text)]).select_related("parent")
    shapes = ("geometry", "bounds", "parent__geometry", "parent__bounds")
    return list(found.defer(*shapes).order_by("path")[:limit])


def short_grids(paths: Iterable[str]) -> list[Shortage]:
    """Return the current grids of these subtrees that have fewer workers than they must, by their codes."""
    places = list(paths)
    posts = Post.objects.filter(within(places, "area__path"), role__in=PAIR, area__level=Level.GRID)
    today, minima = clock.today(), _minima()
    present: dict[int, list[str]] = {}
    for area, role in posts.on(today).held().order_by().values_list("area", "role"):
        present.setdefault(area, []).append(role)
    short = [
        (grid, needed, roles)
        for grid in Area.objects.current().filter(within(places), level=Level.GRID).defer("geometry").order_by("code")
        if (roles := present.get(grid.pk, [])).count(Role.WORKER) < (needed := min_workers_at(grid.path, minima))
    ]
    since = _short_since([grid for grid, _needed, _roles in short]) if short else {}
    return [
        Shortage(grid, needed, roles.count(Role.WORKER), Role.ASSISTANT in roles, since.get(grid.pk, grid.opened_on))
        for grid, needed, roles in short
    ]


def _minima() -> dict[str, int]:
    """Return path → number of workers, for the areas that have a number of their own."""
    rows = Area.objects.exclude(min_workers=None).order_by().values_list("path", "min_workers")
    return {path: number for path, number in rows if number is not None}


def min_workers_at(path: str, minima: Mapping[str, int] | None = None) -> int:
    """Return how many workers a grid must have: what the nearest area says that has a number, else one."""
    minima = _minima() if minima is None else minima
    return next((minima[above] for above in reversed(ancestors(path)) if above in minima), 1)


def _short_since(grids: list[Area]) -> dict[int, date]:
    """Return grid id → day of the last loss: a worker's post fell vacant or came to its end."""
    today = clock.today()
    lost: dict[int, date] = {}
    posts = Post.objects.filter(area__in=grids, role=Role.WORKER).order_by()
    for area, vacant, until in posts.values_list("area", "vacant_since", "until"):
        days = [day for day in (vacant, until) if day is not None and day <= today]
        if days:
            lost[area] = max([*days, lost.get(area, days[0])])
    return lost


def vacant_grids(area: Area) -> list[Area]:
    """Return the current grids of a subtree that have neither a worker nor an assistant."""
    return [shortage.grid for shortage in short_grids([area.path]) if shortage.deserted]


def vacant_posts(user: Any) -> QuerySet[Post]:
    """Return the posts that nobody holds today, where the user arranges covers; the longest vacant first."""
    return vacant_posts_at(scope_paths(user, COVER))


def vacant_posts_at(paths: Iterable[str]) -> QuerySet[Post]:
    """Return the posts in these subtrees that nobody holds today; the longest vacant first."""
    posts = Post.objects.filter(within(paths, "area__path")).on(clock.today()).vacant()
    return (
        posts.select_related("area__parent", "department")
        .defer("area__geometry", "area__bounds", "area__parent__geometry", "area__parent__bounds")
        .order_by("vacant_since", "area__code", "id")
    )


@dataclass(frozen=True)
class PostFilters:
    """What narrows the list of posts; what is wrongly filled in does not."""

    role: str = ""
    area: str = ""
    vacant: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> PostFilters:
        """Read the query of an address."""
        role = str(query.get("role", ""))
        vacant = str(query.get("vacant", "")).lower() not in ("", "0", "false")
        return cls(role if role in Role.values else "", str(query.get("area", "")).strip(), vacant)


def posts_for(user: Any, chosen: PostFilters) -> QuerySet[Post]:
    """Return the posts in force today of the user's reach, narrowed."""
    posts = Post.objects.visible_to(user).on(clock.today()).select_related("area", "holder", "department")
    if chosen.role:
        posts = posts.filter(role=chosen.role)
    if chosen.area:
        posts = posts.filter(within(Area.objects.filter(code=chosen.area).values_list("path", flat=True), "area__path"))
    if chosen.vacant:
        posts = posts.filter(holder=None)
    return posts.defer("area__geometry", "area__bounds")


def shortages_for(user: Any) -> list[Shortage]:
    """Return the grids with too few workers, where the user arranges covers."""
    return short_grids(scope_paths(user, COVER))


def posts_concerned(person: Any, post: Post | None, day: date) -> list[Post]:
    """Return the posts that an absence is about: the one that it names, else all that the person holds on a day."""
    held = Post.objects.on(day).filter(holder=person).select_related("area", "department")
    return [one for one in held if post is None or one.pk == post.pk]


def answerers_of(posts: Iterable[Post], person: Any) -> list[User]:
    """Return who answers for absences from these posts: for each the nearest level that somebody holds."""
    found: dict[int, User] = {}
    for post in posts:
        above = [own for own in _held(ancestors(post.area.path)) if own.holder_id != person.pk]
        fitting = [own for own in above if answers_for(own, post)]
        nearest = max((len(own.area.path) for own in fitting), default=0)
        found |= {own.holder.pk: own.holder for own in fitting if own.holder and len(own.area.path) == nearest}
    return list(found.values())


def absences_of(user: Any) -> QuerySet[Absence]:
    """Return one's own absences, the latest first."""
    return Absence.objects.filter(person=user.pk).select_related("post__area", "cover", "decided_by")


def absences_to_decide(user: Any) -> list[Absence]:
    """Return the absences that wait for an answer of this user, the next first."""
    if not user.has_perm(COVER):
        return []
    waiting = Absence.objects.visible_to(user).filter(state=AbsenceState.ASKED).exclude(person=user.pk)
    absences = list(waiting.select_related("person", "post__area", "cover").order_by("since", "id"))
    held = _posts_by_holder({absence.person_id for absence in absences})
    return [one for one in absences if may_decide(user, one.person, _concerned(one, held))]


def absences_in_reach(user: Any) -> QuerySet[Absence]:
    """Return the approved absences of others that are not over, where the user arranges covers."""
    lasting = Absence.objects.visible_to(user).filter(state=AbsenceState.APPROVED, until__gte=clock.today())
    return lasting.exclude(person=user.pk).select_related("person", "post__area", "cover").order_by("since", "id")


def stands_in(absence: Absence, away: Iterable[StandIn]) -> str:
    """Return in words who stands in for an absence: today, while it lasts, else who is meant to."""
    today = clock.today()
    lasts = absence.state == AbsenceState.APPROVED and absence.since <= today <= absence.until
    names = [
        found.user.name if found.user else _("nobody") for found in away if lasts and found.absence.pk == absence.pk
    ]
    usual = absence.cover.name if absence.cover else _("the partner, else the next level")
    return _(", ").join(dict.fromkeys(names)) or usual


def _posts_by_holder(people: Iterable[int]) -> dict[int, list[Post]]:
    held: dict[int, list[Post]] = {}
    for post in Post.objects.on(clock.today()).filter(holder__in=set(people)).select_related("area"):
        held.setdefault(post.holder_id or 0, []).append(post)
    return held


def _concerned(absence: Absence, held: Mapping[int, list[Post]]) -> list[Post]:
    return [post for post in held.get(absence.person_id, []) if absence.concerns(post)]


def possible_covers(person: Any) -> list[User]:
    """Return who may be chosen to stand in: whoever serves in a community, or for one of its posts, with the person."""
    held = [post for post in posts_concerned(person, None, clock.today()) if post.role in COVERED]
    near = within([_home_of(post) for post in held], "area__path")
    offices = {post.department_id for post in held if post.department_id}
    fitting = Post.objects.on(clock.today()).held().filter(near, role__in=ACCOUNTABLE)
    colleagues = Post.objects.on(clock.today()).held().filter(department__in=offices)
    ids = {*fitting.values_list("holder", flat=True), *colleagues.values_list("holder", flat=True)} - {person.pk}
    return list(User.objects.filter(pk__in=ids).order_by("name", "pk"))


def _home_of(post: Post) -> str:
    """Return the path of the community that a post of a grid lies in, else that of its own area."""
    chain = ancestors(post.area.path)
    return chain[-2] if post.area.level == Level.GRID and len(chain) > 1 else chain[-1]


def unattended(absence: Absence) -> list[StandIn]:
    """Return the posts whose work goes to the next level, or to nobody, on some day of an absence."""
    today = clock.today()
    first = max(absence.since, today)
    others = Absence.objects.filter(state=AbsenceState.APPROVED, since__lte=absence.until, until__gte=first)
    # Who is there only changes where another absence begins.
    days = {first, *(other.since for other in others.exclude(pk=absence.pk) if other.since > first)}
    found = [one for day in sorted(days) for one in planned_stand_ins(absence, day)]
    return list({one.post.pk: one for one in found if one.next_level or one.user is None}.values())


def areas_geojson(areas: Iterable[Area]) -> dict[str, Any]:
    """Return a GeoJSON feature collection of areas that have a boundary.

    Properties are code, name, level, kind, and ``label``: what stands on a map, where grids of several communities have
    the same names.
    """
    drawn = [area for area in areas if area.geometry]
    labels = map_labels(drawn)
    features = [
        {
            "type": "Feature",
            "geometry": area.geometry,
            "properties": {
                "code": area.code,
                "name": area.name,
                "level": area.level,
                "kind": area.kind,
                "label": labels.get(area.pk, area.name),
            },
        }
        for area in drawn
    ]
    return {"type": "FeatureCollection", "features": features}


def map_labels(areas: Iterable[Area]) -> dict[int, str]:
    """Return area id → short label for grids that lie in more than one community: its short name and the number."""
    parents = {area: area.parent_id for area in areas if area.level == Level.GRID and area.parent_id is not None}
    if len(set(parents.values())) < 2:
        return {}
    names = dict(Area.objects.filter(pk__in=set(parents.values())).values_list("pk", "name"))
    return {area.pk: f"{short_name(names[parent])} {area.code[-3:].lstrip('0')}" for area, parent in parents.items()}


def short_name(name: str) -> str:
    """Return the name of a community as people say it: 桥北社区居委会 → 桥北, 捉马村委会 → 捉马村."""
    for ending, kept in (("社区居委会", ""), ("居委会", ""), ("村委会", "村"), ("社区", "")):
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending) + kept
    return name
