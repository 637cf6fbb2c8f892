"""Every write about agreements and their texts."""

from linli.agreements.actions.duties import remind_due
from linli.agreements.actions.papers import (
    Found,
    Party,
    check_agreement,
    draft_agreement,
    end_agreement,
    follow_buildings,
    follow_grids,
    print_agreement,
    renew_agreement,
    settle_result,
    sign_agreement,
)
from linli.agreements.actions.texts import Text, add_template, change_template, retire_template

__all__ = [
    "Found",
    "Party",
    "Text",
    "add_template",
    "change_template",
    "check_agreement",
    "draft_agreement",
    "end_agreement",
    "follow_buildings",
    "follow_grids",
    "print_agreement",
    "remind_due",
    "renew_agreement",
    "retire_template",
    "settle_result",
    "sign_agreement",
]
