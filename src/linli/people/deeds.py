"""What can be done for a household 办一件变动: one table for the desktop and the phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.people import actions
from linli.people import deed_forms as forms
from linli.people.places import Tie
from linli.people.rules import NotPossible

Do = Callable[[Any, Any], object]


@dataclass(frozen=True)
class Deed:
    """One change: its words, its form, and the action that is called with what was told.

    ``several`` marks what needs more than one member; ``done`` is said afterwards.
    """

    kind: str
    label: str | Promise
    icon: str
    form: type[forms.DeedForm]
    do: Do
    done: str | Promise
    help: str | Promise = ""
    several: bool = False

    def done_with(self, form: forms.DeedForm, by: Any) -> bool:
        """Tell whether a valid form was acted upon; what the action refuses stands in the form."""
        try:
            self.do(form, by)
        except NotPossible as refusal:
            form.add_refusal(refusal)
            return False
        return True


def _move_in(form: Any, by: Any) -> object:
    told = form.cleaned_data
    tie = Tie(told["relation"], told["registration"])
    return actions.move_in(form.returning() or form.newcomer(), form.household, tie, by=by, day=told["day"])


def _birth(form: Any, by: Any) -> object:
    told = form.cleaned_data
    child = replace(form.newcomer(), birth_date=told["day"])
    return actions.record_birth(
        form.household, child, by=by, day=told["day"], parent=form.person("parent"), registration=told["registration"]
    )


def _move_home(form: Any, by: Any) -> object:
    day, head = form.cleaned_data["day"], form.person("new_head")
    return actions.move_home(form.household, form.leaving(), form.home(), by=by, day=day, new_head=head)


def _transfer(form: Any, by: Any) -> object:
    told = form.cleaned_data
    return actions.ask_transfer(
        form.household,
        form.leaving(),
        told["building"],
        by=by,
        day=told["day"],
        home=told["home"],
        note=told["note"],
        said=form.said(),
    )


def _move_out(form: Any, by: Any) -> object:
    told = form.cleaned_data
    return actions.move_out(
        form.household,
        form.leaving(),
        by=by,
        day=told["day"],
        destination=told["destination"],
        new_head=form.person("new_head"),
        said=form.said(),
    )


def _split(form: Any, by: Any) -> object:
    return actions.split_household(
        form.household,
        form.leaving(),
        by=by,
        day=form.cleaned_data["day"],
        head=form.person("head"),
        dwelling=form.dwelling(),
        new_head=form.person("new_head"),
    )


def _merge(form: Any, by: Any) -> object:
    return actions.merge_households(form.household, form.other(), by=by, day=form.cleaned_data["day"])


def _head(form: Any, by: Any) -> object:
    return actions.change_head(form.household, form.person("head"), by=by, day=form.cleaned_data["day"])


def _tie(form: Any, by: Any) -> object:
    told = form.cleaned_data
    said = {name: told[name] for name in ("registration", "presence", "relation")}
    return actions.change_tie(form.person("who"), by=by, day=told["day"], **said)


def _death(form: Any, by: Any) -> object:
    head = form.person("new_head")
    return actions.record_death(form.person("who"), by=by, day=form.cleaned_data["day"], new_head=head)


# In the order of the menu: what happens most stands first.
_TABLE = (
    Deed("move-in", _("Moving in"), "user-plus", forms.MoveInForm, _move_in, _("The newcomer is written down.")),
    Deed("birth", _("A birth"), "baby-carriage", forms.BirthForm, _birth, _("The child is written down.")),
    Deed("move-home", _("Moving to another home"), "home-move", forms.MoveHomeForm, _move_home,
         _("The move is written down."), help=_("Within this grid; nobody has to confirm it.")),
    Deed("transfer", _("Moving to another grid"), "transfer", forms.TransferForm, _transfer,
         _("The other grid was asked. Until it confirms they stay here."),
         help=_("The other grid confirms or refuses; until then they stay here.")),
    Deed("move-out", _("Moving away"), "door-exit", forms.MoveOutForm, _move_out, _("The move is written down."),
         help=_("Out of our area. Nobody has to say where to.")),
    Deed("tie", _("Registration and living"), "id", forms.TieForm, _tie, _("The change is written down.")),
    Deed("head", _("Another head of household"), "crown", forms.HeadForm, _head,
         _("The head of household is another one now."), several=True),
    Deed("split", _("Dividing the household"), "arrows-split", forms.SplitForm, _split,
         _("They keep house by themselves from now on."), several=True),
    Deed("merge", _("Joining with another household"), "arrows-join", forms.MergeForm, _merge,
         _("The two households are one now.")),
    Deed("death", _("A death"), "candle", forms.DeathForm, _death,
         _("It is written down; nobody counts or asks for this person any more.")),
)  # fmt: skip

DEEDS = {deed.kind: deed for deed in _TABLE}


def deeds_for(members: int) -> list[Deed]:
    """Return what can be done for a household of so many members."""
    return [deed for deed in _TABLE if members > 1 or not deed.several]
