"""Who serves in a place is told when its grids change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

from linli.areas.models import Area, Post
from linli.core import clock
from linli.core.paths import within
from linli.gridplans.models import GridPlan
from linli.inbox.actions import send

TEXTS = {
    "gridplans.applied": gettext_lazy(
        "%(by)s brought new grids into force: %(area)s. Look what belongs to your grid now"
    ),
    "gridplans.reverted": gettext_lazy("%(by)s took the new grids back: %(area)s. The grids are as before"),
}


def served_by(communities: Iterable[Area]) -> list[Any]:
    """Return who holds a post in these communities today."""
    paths = [community.path for community in communities]
    posts = Post.objects.on(clock.today()).held().filter(within(paths, "area__path")).select_related("holder")
    return list({post.holder.pk: post.holder for post in posts.order_by("pk") if post.holder is not None}.values())


def tell(kind: str, plan: GridPlan, people: Iterable[Any], by: Any) -> None:
    """Tell people that grids changed; whoever did it knows."""
    others = [person for person in people if person.pk != by.pk]
    send(others, kind, {"by": by.name, "area": plan.area.name}, url="/grids/")
