"""Reading moves to other grids: what waits for one's answer, and what one's own side asked for."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.people.choices import TransferState
from linli.people.models import Person, Transfer

TO_CONFIRM, ASKED, SETTLED = "", "asked", "settled"


def transfers_for(user: Any, pile: str = TO_CONFIRM) -> QuerySet[Transfer]:
    """Return what waits for the user's side (``""``), what it asked and waits (``asked``), or both that are settled."""
    paths = scope_paths(user, "people.edit")
    here, there = within(paths, "household__path"), within(paths, "building__path")
    waiting = Q(state=TransferState.WAITING)
    chosen = {TO_CONFIRM: waiting & there, ASKED: waiting & here, SETTLED: ~waiting & (here | there)}[pile]
    people = Prefetch("people", queryset=Person.objects.only("pk", "name").order_by("pk"))
    rows = Transfer.objects.visible_to(user).filter(chosen)
    return rows.select_related("building", "household__dwelling__building__grid").prefetch_related(people)


def counts_for(user: Any) -> dict[str, int]:
    """Return pile → how many wait there."""
    return {pile: transfers_for(user, pile).count() for pile in (TO_CONFIRM, ASKED)}
