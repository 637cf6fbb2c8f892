"""Quarterly reviews of the showcase community: the last quarter is through, this one has begun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from linli.areas.choices import COMMUNITY_SIDE, PAIR, Level
from linli.areas.models import Area
from linli.areas.queries import staff_of
from linli.assessment.actions import sign_review
from linli.assessment.choices import ToReview
from linli.assessment.reviews import quarter_of, rows_to_review
from linli.core import clock
from linli.demo.staff import SHOWCASE_COMMUNITY
from linli.people.actions import confirm_household

# So long before its end the last quarter was signed off.
SIGNED_BEFORE = timedelta(days=6)
MOST_CONFIRMED = 3
REMARKS = (
    "没看完的下季先看，住户白天不在家的改到晚上去。",
    "空房和房东核对过，剩下的等房东回话。",
    "缺的电话下次入户时问。",
)


def write_reviews(places: Mapping[str, Area]) -> None:
    """Sign the last quarter off in every grid, and this one in the first; confirm some households of the second."""
    community = places[SHOWCASE_COMMUNITY]
    leaders = [post.holder for post in staff_of(community, COMMUNITY_SIDE) if post.holder]
    grids = [place for _code, place in sorted(places.items()) if place.level == Level.GRID]
    grids = [grid for grid in grids if grid.parent_id == community.pk]
    if not leaders or not grids:
        return
    now = clock.now()
    last = quarter_of(clock.today()).before.end - SIGNED_BEFORE
    with clock.frozen(last):
        _sign(grids, leaders[0])
    with clock.frozen(now):
        _sign(grids[:1], leaders[0])
    for grid in grids[1:2]:
        workers = [post.holder for post in staff_of(grid, PAIR) if post.holder and post.area_id == grid.pk]
        for worker in workers[:1]:
            for household in list(rows_to_review(worker, grid, ToReview.STALE)[:MOST_CONFIRMED]):
                confirm_household(household, by=worker)


def _sign(grids: list[Area], leader: Any) -> None:
    for number, grid in enumerate(grids):
        sign_review(grid, REMARKS[number % len(REMARKS)], by=leader)
