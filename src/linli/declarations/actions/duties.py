"""What the schedule does: remind of what waits, end what nobody answered, erase what is personal in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from linli.accounts.rules import SYSTEM
from linli.core import clock
from linli.core.workdays import end_of_working_day
from linli.declarations.actions.engine import lock, write_step
from linli.declarations.actions.links import end_links
from linli.declarations.actions.messages import remind
from linli.declarations.choices import Action
from linli.declarations.models import Declaration, Words
from linli.declarations.periods import periods
from linli.declarations.workflow import row_of
from linli.housing.grouping import by_grid
from linli.housing.models import Building
from linli.journal import actions as journal


def remind_waiting(now: datetime) -> int:
    """Tell staff of every declaration that has waited longer than was promised; return how many."""
    again = end_of_working_day(clock.local(now).date(), periods().remind_again)
    due = Declaration.objects.filter(remind_at__lte=now)
    return sum(_remind(pk, now, again) for pk in _keys(due))


@transaction.atomic
def _remind(pk: int, now: datetime, again: datetime) -> bool:
    declaration = lock(pk)
    # Somebody may have decided between the look and the lock.
    if declaration.remind_at is None or declaration.remind_at > now:
        return False
    declaration.remind_at = again
    declaration.save(update_fields=["remind_at"])
    remind(declaration)
    journal.record(SYSTEM, "declarations.remind", declaration, detail={"number": declaration.number})
    return True


def lapse_unanswered(now: datetime) -> int:
    """End every declaration whose question nobody answered for so long; return how many."""
    return sum(_lapse(pk, now) for pk in _keys(Declaration.objects.filter(lapses_at__lte=now)))


@transaction.atomic
def _lapse(pk: int, now: datetime) -> bool:
    declaration = lock(pk)
    row = row_of(declaration.state, Action.LAPSE)
    if row is None or declaration.lapses_at is None or declaration.lapses_at > now:
        return False
    write_step(declaration, row, by=SYSTEM)
    return True


def erase_due(now: datetime) -> int:
    """Erase what is personal of every declaration whose time is over; return how many."""
    return sum(_erase(pk, now) for pk in _keys(Declaration.objects.filter(erase_at__lte=now)))


@transaction.atomic
def _erase(pk: int, now: datetime) -> bool:
    """Erase names, numbers, the home, all words and the link. What kind of thing it was and how it ended stays."""
    declaration = lock(pk)
    row = row_of(declaration.state, Action.ERASE)
    if row is None or declaration.erase_at is None or declaration.erase_at > now:
        return False
    declaration.name = declaration.phone = declaration.id_number = ""
    declaration.entrance = declaration.room = declaration.choice = ""
    declaration.declined, declaration.person = [], None
    declaration.erase_at, declaration.erased_at = None, now
    personal = ["name", "phone", "id_number", "entrance", "room", "choice", "declined", "person"]
    declaration.save(update_fields=[*personal, "erase_at", "erased_at"])
    Words.objects.filter(step__declaration=declaration).delete()
    end_links(declaration)
    write_step(declaration, row, by=SYSTEM)
    return True


@transaction.atomic
def follow_buildings(buildings: Iterable[Building]) -> None:
    """Let declarations follow their buildings to new grids. Called when buildings move."""
    for building, keys in by_grid(buildings):
        Declaration.objects.filter(building__in=keys).update(path=building.path)


def _keys(declarations: QuerySet[Declaration]) -> list[int]:
    return list(declarations.order_by("pk").values_list("pk", flat=True))
