"""Reading moves to other grids: what waits for one's answer, and what one's own side asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.people.choices import Destination, TransferState
from linli.people.models import Departure, EventLine, Particulars, Person, Transfer

DRAWN = ("geometry", "grid__geometry", "grid__bounds", "grid__parent__geometry", "grid__parent__bounds")
TO_CONFIRM, ASKED, SETTLED = "", "asked", "settled"


def pile_asked(query: Mapping[str, str]) -> str:
    """Return which moves the query of an address asks for."""
    pile = query.get("pile", TO_CONFIRM)
    return pile if pile in (ASKED, SETTLED) else TO_CONFIRM


def transfers_for(user: Any, pile: str = TO_CONFIRM, paths: Iterable[str] | None = None) -> QuerySet[Transfer]:
    """Return what waits for the user's side (``""``), what it asked and waits (``asked``), or both that are settled.

    Args:
        paths: the user's side, where it is but a part of their area.
    """
    paths = scope_paths(user, "people.edit") if paths is None else list(paths)
    here, there = within(paths, "household__path"), within(paths, "building__path")
    waiting = Q(state=TransferState.WAITING)
    chosen = {TO_CONFIRM: waiting & there, ASKED: waiting & here, SETTLED: ~waiting & (here | there)}[pile]
    people = Prefetch("people", queryset=Person.objects.only("pk", "name").order_by("pk"))
    rows = Transfer.objects.visible_to(user).filter(chosen)
    return rows.select_related("building", "household__dwelling__building__grid").prefetch_related(people)


def departures_for(user: Any) -> QuerySet[Departure]:
    """Return who moved away from the user's area, the last first, with the lines of the event and the former home."""
    lines = Prefetch("event__lines", queryset=EventLine.objects.select_related("person").order_by("pk"))
    rows = Departure.objects.visible_to(user).select_related("event", "household__dwelling__building__grid__parent")
    shapes = [f"household__dwelling__building__{part}" for part in DRAWN]
    return rows.defer(*shapes).prefetch_related(lines)


def destination_words(departure: Departure) -> str:
    """Return in words where those who left went, as far as they said it."""
    return str(Destination(departure.event.detail.get("destination", Destination.NOT_SAID)).label)


def leavers_of(departure: Departure) -> list[EventLine]:
    """Return the lines of those who left the household with a departure. Needs the lines loaded."""
    return [
        line for line in departure.event.lines.all() if line.left_id == departure.household_id and not line.joined_id
    ]


def named_by(lines: list[EventLine]) -> dict[int, Particulars]:
    """Return person → what they name and offer, of those who left with a departure that was read."""
    return Particulars.objects.in_bulk([line.person_id for line in lines])


def counts_for(user: Any) -> dict[str, int]:
    """Return pile → how many wait there."""
    return {pile: transfers_for(user, pile).count() for pile in (TO_CONFIRM, ASKED)}
