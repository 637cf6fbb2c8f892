"""Every write about drafts of grids."""

from linli.gridplans.actions.applying import ask_to_apply, bring_into_force
from linli.gridplans.actions.drafts import (
    cancel_plan,
    copy_plan,
    discard_plan,
    expire_plans,
    new_plan,
    note_plan,
    plan_rest,
)
from linli.gridplans.actions.making import make_plan
from linli.gridplans.actions.reverting import ask_to_revert, take_back
from linli.gridplans.actions.steps import redo_step, take_step, undo_step

__all__ = [
    "ask_to_apply",
    "ask_to_revert",
    "bring_into_force",
    "cancel_plan",
    "copy_plan",
    "discard_plan",
    "expire_plans",
    "make_plan",
    "new_plan",
    "note_plan",
    "plan_rest",
    "redo_step",
    "take_back",
    "take_step",
    "undo_step",
]
