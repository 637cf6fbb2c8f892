"""What the schedule does: tell the grid of papers that end soon, and of what should have been put right by now."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.accounts.models import User
from linli.accounts.rules import SYSTEM
from linli.agreements.choices import Finding
from linli.agreements.models import Agreement, Result
from linli.agreements.queries import SOON_DAYS
from linli.areas.choices import Role
from linli.areas.models import Area
from linli.areas.queries import staff_of
from linli.core import clock
from linli.inbox.actions import send
from linli.inbox.texts import register
from linli.journal import actions as journal

GRID_SIDE = (Role.WORKER, Role.ASSISTANT, Role.LEADER)
ENDING, OVERDUE = "agreements.ending", "agreements.overdue"
# The party may be a private person, and messages are kept long: they tell title and day, the page tells the rest.
TEXTS = {
    ENDING: _("An agreement ends on %(day)s: %(title)s. Renew it or end it."),
    OVERDUE: _("Something was to be put right by %(day)s: %(title)s. Look at it again."),
}


def register_texts() -> None:
    """Add the texts to the register of the inbox, at start-up."""
    for kind, text in TEXTS.items():
        register(kind, text)


def remind_due(now: datetime) -> int:
    """Tell the staff of each grid once of every paper that ends soon and of everything that is overdue."""
    today = clock.local(now).date()
    soon = Q(ends_on__gte=today, ends_on__lte=today + timedelta(days=SOON_DAYS))
    ending = Agreement.objects.filter(soon, ended_on=None, signed_on__isnull=False, renewed_by=None)
    ending = ending.exclude(reminded_of=F("ends_on"), reminded_of__isnull=False)
    late = Result.objects.filter(
        finding=Finding.TO_MEND, settled_on=None, reminded_at=None, due_on__lt=today, of_check__agreement__ended_on=None
    )
    ended = [_tell_ending(pk) for pk in ending.order_by("pk").values_list("pk", flat=True)]
    return sum(ended) + sum(_tell_overdue(pk, now) for pk in late.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _tell_ending(pk: int) -> bool:
    agreement = Agreement.objects.select_for_update(of=("self",)).select_related("grid").get(pk=pk)
    if agreement.reminded_of == agreement.ends_on:
        return False
    agreement.reminded_of = agreement.ends_on
    agreement.save(update_fields=["reminded_of"])
    _send(agreement, ENDING, agreement.ends_on)
    return True


@transaction.atomic
def _tell_overdue(pk: int, now: datetime) -> bool:
    result = Result.objects.select_for_update(of=("self",)).select_related("of_check__agreement__grid").get(pk=pk)
    if result.reminded_at is not None or result.due_on is None:
        return False
    result.reminded_at = now
    result.save(update_fields=["reminded_at"])
    _send(result.of_check.agreement, OVERDUE, result.due_on)
    return True


def _send(agreement: Agreement, kind: str, day: date) -> None:
    values = {"title": agreement.title, "day": day.isoformat()}
    send(_recipients(agreement.grid), kind, values, url=f"/agreements/{agreement.pk}/")
    journal.record(SYSTEM, "agreements.remind", agreement, detail={"kind": kind})


def _recipients(grid: Area) -> list[User]:
    return [post.holder for post in staff_of(grid, GRID_SIDE) if post.holder is not None]
