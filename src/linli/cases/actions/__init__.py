"""Every write about cases."""

from linli.cases.actions.bulk import ImpossibleCase, create_cases
from linli.cases.actions.links import renew_link, renew_own_link
from linli.cases.actions.photos import attach_photos
from linli.cases.actions.presets import load_presets, set_route
from linli.cases.actions.redrawing import follow_grids
from linli.cases.actions.reporting import report_case
from linli.cases.actions.residents import lapse_silent, resident_reply, reveal_contact
from linli.cases.actions.steps import (
    accept_case,
    check_case,
    decide_case,
    dispatch_case,
    hand_up_case,
    handle_case,
    merge_case,
    reclassify_case,
    reply_to_case,
    report_oral,
    report_written,
    return_case,
    solve_on_spot,
    submit_case,
    take_step,
    write_note,
)
from linli.cases.actions.values import Conflict, NewCase, PlannedCase, PlannedStep, Reported, StepValues
from linli.cases.rules import THE_RESIDENT

RESIDENT = THE_RESIDENT

__all__ = [
    "RESIDENT",
    "Conflict",
    "ImpossibleCase",
    "NewCase",
    "PlannedCase",
    "PlannedStep",
    "Reported",
    "StepValues",
    "accept_case",
    "attach_photos",
    "check_case",
    "create_cases",
    "decide_case",
    "dispatch_case",
    "follow_grids",
    "hand_up_case",
    "handle_case",
    "lapse_silent",
    "load_presets",
    "merge_case",
    "reclassify_case",
    "renew_link",
    "renew_own_link",
    "reply_to_case",
    "report_case",
    "report_oral",
    "report_written",
    "resident_reply",
    "return_case",
    "reveal_contact",
    "set_route",
    "solve_on_spot",
    "submit_case",
    "take_step",
    "write_note",
]
