"""Every write about declarations."""

from linli.declarations.actions.declaring import answer, declare, withdraw
from linli.declarations.actions.duties import erase_due, follow_buildings, lapse_unanswered, remind_waiting
from linli.declarations.actions.links import renew_own_link
from linli.declarations.actions.reveal import reveal
from linli.declarations.actions.steps import ask, confirm, prepare, refuse, take_up
from linli.declarations.actions.values import Declared, NewDeclaration, StepValues
from linli.declarations.rules import THE_DECLARER, Conflict, NotPossible

__all__ = [
    "THE_DECLARER",
    "Conflict",
    "Declared",
    "NewDeclaration",
    "NotPossible",
    "StepValues",
    "answer",
    "ask",
    "confirm",
    "declare",
    "erase_due",
    "follow_buildings",
    "lapse_unanswered",
    "prepare",
    "refuse",
    "remind_waiting",
    "renew_own_link",
    "reveal",
    "take_up",
    "withdraw",
]
