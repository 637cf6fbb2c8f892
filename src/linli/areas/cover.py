"""Who stands in: worked out from absences and posts of a day, so that nothing is moved and nothing need be moved back.

The chosen person comes first, then the partner (in a grid the other one of the pair; in a community, street or
department whoever has the same work), then the next level. Whoever is away cannot stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, Q, QuerySet

from linli.areas.choices import ACCOUNTABLE, COMMUNITY_SIDE, COVERED, PAIR, Role
from linli.areas.models import Absence, Post
from linli.core.paths import ancestors

if TYPE_CHECKING:
    from linli.accounts.models import User

UNDRAWN = ("area__geometry", "area__bounds")


@dataclass(frozen=True)
class StandIn:
    """The work of a post whose holder is away; ``user`` None means that nobody is there to do it."""

    post: Post
    absence: Absence
    user: User | None = None
    # The post by which the stand-in was found; its phone is shown instead.
    own: Post | None = None
    next_level: bool = False


def stand_ins_on(day: date) -> dict[int, StandIn]:
    """Return post id → stand-in for every post whose holder is away on a day."""
    absences = list(Absence.objects.on(day).select_related("person", "cover"))
    return _resolved(absences, day) if absences else {}


def planned_stand_ins(absence: Absence, day: date) -> list[StandIn]:
    """Return who would stand in on a day if this absence, which may be new, were approved."""
    others = list(Absence.objects.on(day).exclude(pk=absence.pk).select_related("person", "cover"))
    found = _resolved([*others, absence], day)
    return [one for one in found.values() if one.absence is absence]


def _resolved(absences: Iterable[Absence], day: date) -> dict[int, StandIn]:
    by_person: dict[int, list[Absence]] = {}
    for absence in absences:
        by_person.setdefault(absence.person_id, []).append(absence)
    away = [
        (post, absence)
        for post in _posts_on(day).filter(holder__in=by_person, role__in=COVERED)
        for absence in by_person[post.holder_id or 0]
        if absence.concerns(post)
    ]
    candidates = _candidates([post for post, _absence in away], by_person, day)
    return {post.pk: _stand_in(post, absence, candidates, by_person) for post, absence in away}


def _posts_on(day: date) -> QuerySet[Post]:
    held = Post.objects.on(day).held().select_related("area", "holder", "department").defer(*UNDRAWN)
    return held.order_by("id")


def _candidates(away: Collection[Post], by_person: dict[int, list[Absence]], day: date) -> list[Post]:
    """Return the posts that may stand in for some of these, in one query."""
    chosen = {absence.cover_id for absences in by_person.values() for absence in absences if absence.cover_id}
    near = {path for post in away for path in ancestors(post.area.path)}
    offices = {post.department_id for post in away if post.department_id}
    fitting = Q(area__path__in=near, role__in=ACCOUNTABLE) | Q(department__in=offices) | Q(holder__in=chosen)
    return list(_posts_on(day).filter(fitting)) if away else []


def _stand_in(post: Post, absence: Absence, candidates: Iterable[Post], by_person: dict[int, list[Absence]]) -> StandIn:
    def present(other: Post) -> bool:
        return not any(one.concerns(other) for one in by_person.get(other.holder_id or 0, ()))

    there = [other for other in candidates if other.holder_id != post.holder_id and present(other)]
    for next_level, fits, order in (
        (False, _is_chosen(absence), _by_nearness),
        (False, _is_partner(post), _by_pair(post)),
        (True, _is_above(post), _by_nearness),
    ):
        found = min((other for other in there if fits(other)), key=order, default=None)
        if found is not None:
            return StandIn(post, absence, found.holder, found, next_level)
    return StandIn(post, absence)


Order = tuple[int, int, int]


def _by_nearness(other: Post) -> Order:
    rank = ACCOUNTABLE.index(Role(other.role)) if other.role in ACCOUNTABLE else len(ACCOUNTABLE)
    return (-len(ancestors(other.area.path)), rank, other.pk)


def _by_pair(post: Post) -> Callable[[Post], Order]:
    return lambda other: (int(other.role == post.role), 0, other.pk)


def _is_chosen(absence: Absence) -> Callable[[Post], bool]:
    return lambda other: other.holder_id == absence.cover_id


def _is_partner(post: Post) -> Callable[[Post], bool]:
    same = next((roles for roles in (PAIR, COMMUNITY_SIDE, (Role.STREET,)) if post.role in roles), ())

    def fits(other: Post) -> bool:
        if post.role == Role.DEPARTMENT:
            return other.role == Role.DEPARTMENT and other.department_id == post.department_id
        return other.role in same and other.area_id == post.area_id

    return fits


def _is_above(post: Post) -> Callable[[Post], bool]:
    above = ancestors(post.area.path, include_self=False)
    levels = (*COMMUNITY_SIDE, Role.STREET)
    return lambda other: post.role in ACCOUNTABLE and other.role in levels and other.area.path in above


def somebody_is_away(day: date) -> Exists:
    """Return the question whether anybody at all is away on a day, to be asked along with another query."""
    return Exists(Absence.objects.on(day))
