"""Who may look at drafts of grids, change them, and bring them into force."""

from __future__ import annotations

from typing import Any

from linli.gridplans.models import GridPlan

VIEW, PLAN, REDRAW = "grids.view_plans", "grids.plan", "grids.redraw"


class NotPossible(Exception):
    """What was asked for can't be done as things stand; the messages say why, and what to do next."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = list(messages)


class Stale(Exception):
    """Somebody changed the draft meanwhile; it stands at ``version`` now."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


def may_plan(user: Any, plan: GridPlan) -> bool:
    """Tell whether a user may change this draft."""
    return bool(user.has_perm(PLAN, plan))


def may_redraw(user: Any, plan: GridPlan) -> bool:
    """Tell whether a user may bring this draft into force, and take it back."""
    return bool(user.has_perm(REDRAW, plan))
