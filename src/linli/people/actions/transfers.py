"""Moving to another grid: one side asks, the other confirms or refuses, and until then everybody stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.accounts.models import User
from linli.accounts.rules import require
from linli.areas.models import Area
from linli.areas.queries import accountable_post, doers_of
from linli.core import clock
from linli.housing.models import Building, Dwelling
from linli.inbox.actions import send
from linli.inbox.texts import register
from linli.journal import actions as journal
from linli.people.actions.book import Book, chosen, lock_households, members_of, new_household, require_past
from linli.people.actions.consents import Said, leave_behind, put_answer
from linli.people.actions.moves import Home, lock_with, pass_on_head, settle_group
from linli.people.choices import EventKind, TransferState
from linli.people.models import Event, Household, Person, Transfer
from linli.people.rules import NotPossible

TEXTS = {
    "people.transfer_asked": gettext_lazy("%(by)s asks: %(count)s people move to %(place)s. Please confirm"),
    "people.transfer_accepted": gettext_lazy("%(by)s took over %(count)s people who moved to %(place)s"),
    "people.transfer_refused": gettext_lazy("%(by)s did not take over the move to %(place)s: %(reason)s"),
    "people.transfer_withdrawn": gettext_lazy("%(by)s withdrew the move to %(place)s"),
}


def register_texts() -> None:
    """Add the texts to the register of the inbox, at start-up."""
    for kind, text in TEXTS.items():
        register(kind, text)


@transaction.atomic
def ask_transfer(
    household: Household,
    people: Iterable[Person],
    building: Building,
    *,
    by: Any,
    day: date,
    home: str = "",
    note: str = "",
    said: Said | None = None,
) -> Transfer:
    """Ask another grid to take over people who move there.

    Args:
        building: where they move to; addresses of buildings are public, homes in it are not.
        home: entrance and room as they say it.
        said: whether they agreed that what is known of them goes along; without it nobody asked.

    Raises:
        Refused: the household is out of reach.
        NotPossible: the building lies in the same grid or in none, or somebody is about to move already.
    """
    (locked,) = lock_households(household)
    require(by, "people.edit", locked)
    require_past(day)
    if building.grid_id is None:
        raise NotPossible(_("This building has not been put into a grid yet. Ask its community to do it."), "building")
    if building.path == locked.path:
        raise NotPossible(
            _("This building lies in the same grid. Choose “Moving to another home”, nobody has to confirm it."),
            "building",
        )
    moving = chosen(members_of(locked), people)
    transfer = Transfer(
        household=locked,
        building=building,
        home=home.strip(),
        note=note.strip(),
        day=day,
        asked_by=by.username,
        asked_at=clock.now(),
    )
    put_answer(transfer, said or Said(), by=by)
    transfer.save(force_insert=True)
    transfer.people.set([row.person for row in moving])
    detail = {"transfer": transfer.pk, "people": len(moving), "to": building.path, "consent": str(transfer.consent)}
    journal.record(by, "people.ask_transfer", locked, detail=detail)
    _tell("people.transfer_asked", transfer, by, _receivers(building.grid))
    return transfer


@transaction.atomic
def accept_transfer(
    transfer: Transfer,
    home: Home,
    *,
    by: Any,
    day: date | None = None,
    relations: Mapping[int, str] | None = None,
    new_head: Person | None = None,
    declared: bool = False,
) -> Event:
    """Take over the people of a transfer into a home of one's own grid.

    What is not needed to take them over goes along only where they agreed.

    Args:
        home: a household of the new building that they join, or a home in which a new household begins.
        day: of the move, where it is not the one that was told.
        relations: person → relation to the head there.
        new_head: of those who stay behind.
        declared: they declared the move themselves to whoever confirms it.

    Raises:
        Refused: the new home is out of reach.
        NotPossible: it is settled already, the home lies elsewhere, or somebody does not live there any more.
    """
    locked = _open(transfer)
    require(by, "people.edit", locked.building)
    if home.path != locked.building.path:
        raise NotPossible(_("Choose a home in the grid that they move to."), "home")
    left, there = lock_with(locked.household, home)
    _close(locked, TransferState.ACCEPTED, by)
    members = members_of(left)
    moving = chosen(members, locked.people.all())
    begun = isinstance(there, Dwelling)
    target = new_household(there) if isinstance(there, Dwelling) else there
    book = Book(EventKind.TRANSFER, day or locked.day, by=by, detail={"transfer": locked.pk})
    settle_group(book, moving, target, relations or {}, begun=begun)
    pass_on_head(book, members, moving, new_head)
    event = book.close()
    if not locked.agreed and not declared:
        leave_behind([row.person for row in moving], book.day, by=by)
    detail = {"transfer": locked.pk, "event": event.pk, "people": len(moving)}
    journal.record(by, "people.accept_transfer", target, detail=detail)
    _tell("people.transfer_accepted", locked, by, _askers(locked))
    return event


@transaction.atomic
def refuse_transfer(transfer: Transfer, reason: str, *, by: Any) -> Transfer:
    """Say why people are not taken over; they stay where they are.

    Raises:
        Refused: the new home is out of reach.
        NotPossible: it is settled already, or no reason is given.
    """
    locked = _open(transfer)
    require(by, "people.edit", locked.building)
    if not reason.strip():
        raise NotPossible(_("Say why, so that the other side knows what to do."), "reason")
    _close(locked, TransferState.REFUSED, by, reason.strip())
    journal.record(by, "people.refuse_transfer", locked.household, detail={"transfer": locked.pk})
    _tell("people.transfer_refused", locked, by, _askers(locked))
    return locked


@transaction.atomic
def withdraw_transfer(transfer: Transfer, *, by: Any) -> Transfer:
    """Take back a transfer that nobody has answered yet.

    Raises:
        Refused: the household is out of reach.
        NotPossible: it is settled already.
    """
    locked = _open(transfer)
    require(by, "people.edit", locked.household)
    _close(locked, TransferState.WITHDRAWN, by)
    journal.record(by, "people.withdraw_transfer", locked.household, detail={"transfer": locked.pk})
    _tell("people.transfer_withdrawn", locked, by, _receivers(locked.building.grid))
    return locked


def _open(transfer: Transfer) -> Transfer:
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("household", "building__grid")
    locked = rows.get(pk=transfer.pk)
    if locked.state != TransferState.WAITING:
        raise NotPossible(_("Somebody has settled this already. Load the page again."))
    return locked


def _close(transfer: Transfer, state: TransferState, by: Any, reason: str = "") -> None:
    transfer.state, transfer.reason = state, reason
    transfer.decided_by, transfer.decided_at = by.username, clock.now()
    transfer.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _receivers(grid: Area | None) -> list[User]:
    post = accountable_post(grid) if grid is not None else None
    return doers_of([post]) if post is not None else []


def _askers(transfer: Transfer) -> list[User]:
    return list(User.objects.filter(username=transfer.asked_by, is_active=True))


def _tell(kind: str, transfer: Transfer, by: Any, to: Iterable[User]) -> None:
    values = {
        "by": by.name,
        "count": transfer.people.count(),
        "place": transfer.building.address,
        "reason": transfer.reason,
    }
    send([user for user in to if user.pk != by.pk], kind, values, url=f"/transfers/{transfer.pk}/")
