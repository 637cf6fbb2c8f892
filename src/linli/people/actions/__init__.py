"""Every write about people and households."""

from linli.people.actions.consents import Handover, Said, change_answer, print_transfer_file
from linli.people.actions.facts import (
    change_person,
    correct,
    keep_as_written,
    print_codes,
    print_household,
    reveal,
)
from linli.people.actions.following import follow_buildings, follow_grids
from linli.people.actions.households import change_head, confirm_household, merge_households, split_household
from linli.people.actions.moves import (
    NewPerson,
    change_tie,
    move_home,
    move_in,
    move_out,
    record_birth,
    record_death,
)
from linli.people.actions.transfers import accept_transfer, ask_transfer, refuse_transfer, withdraw_transfer

__all__ = [
    "Handover",
    "NewPerson",
    "Said",
    "accept_transfer",
    "ask_transfer",
    "change_answer",
    "change_head",
    "change_person",
    "change_tie",
    "confirm_household",
    "correct",
    "follow_buildings",
    "follow_grids",
    "keep_as_written",
    "merge_households",
    "move_home",
    "move_in",
    "move_out",
    "print_codes",
    "print_household",
    "print_transfer_file",
    "record_birth",
    "record_death",
    "refuse_transfer",
    "reveal",
    "split_household",
    "withdraw_transfer",
]
