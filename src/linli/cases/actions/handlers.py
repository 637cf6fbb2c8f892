"""Who acts next after a step: the owner stays, the handler follows the case, a vacant post falls to the next level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from linli.areas.choices import COMMUNITY_SIDE, Role
from linli.areas.cover import StandIn, stand_ins_on
from linli.areas.models import Post
from linli.areas.queries import accountable_post, staff_of
from linli.cases.actions.values import StepValues
from linli.cases.choices import Action, State
from linli.cases.models import Case, Step
from linli.cases.queries import officers_of
from linli.cases.rules import who_handled
from linli.cases.workflow import IN_PLACE, Row
from linli.core import clock


@dataclass(frozen=True)
class Turn:
    """A step, for the question who acts after it; ``post`` is the post by which it is taken, ``by`` who takes it."""

    case: Case
    row: Row
    post: Post | None
    values: StepValues
    by: str = ""


def next_handler(turn: Turn) -> Post | None:
    """Return the post that acts after the step; None where it is the resident's turn or nobody is in office."""
    find = NEXT.get(turn.row.action)
    return find(turn) if find else None


def accountable(case: Case) -> Post | None:
    """Return the owner while somebody holds that post, else the next post that is held, upwards."""
    owner = case.owner
    if owner is not None and is_held(owner):
        return owner
    return accountable_post(case.area)


def is_held(post: Post) -> bool:
    """Tell whether the post is in force today and held by somebody who may sign in."""
    return Post.objects.on(clock.today()).filter(pk=post.pk, holder__is_active=True).exists()


def checkers(case: Case, answered_by: str = "") -> list[Post]:
    """Return the posts that check the case, the community's or else the street's; nobody who handled or answered it."""
    excluded = who_handled(case) | {answered_by}
    for roles in (COMMUNITY_SIDE, (Role.STREET,)):
        held = staff_of(case.area, roles)
        away = stand_ins_on(clock.today()) if held else {}
        free = [post for post in held if _checks(post, away, excluded)]
        if free:
            return free
    return []


def _checks(post: Post, away: dict[int, StandIn], excluded: set[str]) -> bool:
    """Tell whether the holder, or who stands in, is somebody who had nothing to do with the case."""
    doer = away[post.pk].user if post.pk in away else post.holder
    return doer is not None and doer.username not in excluded


def _first_of(posts: Sequence[Post], roles: Sequence[str]) -> Post | None:
    return min(posts, key=lambda post: (roles.index(post.role), post.pk), default=None)


def _owner(turn: Turn) -> Post | None:
    return accountable(turn.case)


def _whoever_acts(turn: Turn) -> Post | None:
    return turn.post or turn.case.handler


def _reporting(turn: Turn) -> Post | None:
    """A follow-up report leaves the case with whoever is at work on it."""
    return turn.case.handler if turn.row.source == turn.row.target else _whoever_acts(turn)


def _community(turn: Turn) -> Post | None:
    roles = (Role.COMMUNITY, Role.LEADER, Role.STREET)
    return _first_of(staff_of(turn.case.area, roles), roles)


def _department(turn: Turn) -> Post | None:
    department = turn.values.department
    if turn.values.officer is not None or department is None:
        return turn.values.officer
    return next(iter(officers_of(department)), None)


def _street(turn: Turn) -> Post | None:
    return _first_of(staff_of(turn.case.area, (Role.STREET,)), (Role.STREET,))


def _checker(turn: Turn) -> Post | None:
    return next(iter(checkers(turn.case, turn.by)), None)


def _back(turn: Turn) -> Post | None:
    """Return whoever brought the case to where it is now, if that person still serves the place; else the owner."""
    case = turn.case
    if turn.row.source == State.HANDED_UP:
        return accountable(case)
    moves = Step.objects.filter(case=case, target=case.state).exclude(action__in=IN_PLACE)
    sender, detail = moves.order_by("-number").values_list("by", "detail").first() or ("", {})
    # A stand-in acted for a post, and to this post it goes back.
    whose = Q(pk=detail["post"]) if "post" in detail else Q(holder__username=sender)
    held = Post.objects.on(clock.today()).filter(whose, holder__is_active=True)
    posts = [post for post in held.select_related("area", "holder") if case.path.startswith(post.area.path)]
    return max(posts, key=lambda post: len(post.area.path), default=None) or accountable(case)


NEXT: dict[Action, Callable[[Turn], Post | None]] = {
    Action.REPORT: _owner,
    Action.RECLASSIFY: _owner,
    Action.ACCEPT: _whoever_acts,
    Action.HAND_UP: _community,
    Action.DISPATCH: _department,
    Action.HANDLE: _whoever_acts,
    Action.REPLY: _checker,
    Action.RETURN: _back,
    Action.REPORT_ORAL: _whoever_acts,
    Action.REPORT_WRITTEN: _reporting,
    Action.SUBMIT: _street,
    Action.DECIDE: _owner,
    Action.REOPEN: _owner,
}
