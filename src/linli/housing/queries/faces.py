"""The rooms of a whole building: those that a plan asks for, and how many homes are used how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils.translation import gettext as _

from linli.housing.addresses import home_key
from linli.housing.models import Building, Dwelling
from linli.housing.values import RowsPlan

MOST_ENTRANCES, MOST_FLOORS, MOST_ROOMS, MOST_HOMES = 30, 60, 40, 2000
Room = tuple[str, str, int]


def planned_rooms(plan: RowsPlan) -> list[Room]:
    """Return (entrance, room, floor) of every room of a plan. Raises ``ValidationError`` for more than a building has.

    There is no floor 0: behind floor -1 comes floor 1. Rooms below the ground are written B101.
    """
    if not 1 <= plan.entrances <= MOST_ENTRANCES:
        raise ValidationError({"entrances": _("Write a number from 1 to %(most)d.") % {"most": MOST_ENTRANCES}})
    if plan.last_floor < plan.first_floor:
        raise ValidationError({"last_floor": _("The top floor lies below the lowest. Write a higher one.")})
    floors = [floor for floor in range(plan.first_floor, plan.last_floor + 1) if floor]
    if len(floors) > MOST_FLOORS or not floors:
        raise ValidationError({"last_floor": _("A building has 1 to %(most)d floors.") % {"most": MOST_FLOORS}})
    if not 1 <= plan.rooms <= MOST_ROOMS:
        raise ValidationError({"rooms": _("Write a number from 1 to %(most)d.") % {"most": MOST_ROOMS}})
    if plan.entrances * len(floors) * plan.rooms > MOST_HOMES:
        text = _("These would be more than %(most)d homes. Make them in two parts.") % {"most": MOST_HOMES}
        raise ValidationError({"rooms": text})
    return [
        (str(entrance), f"{'B' if floor < 0 else ''}{abs(floor)}{room:02d}", floor)
        for entrance in range(1, plan.entrances + 1)
        for floor in floors
        for room in range(1, plan.rooms + 1)
    ]


def missing_rooms(building: Building, plan: RowsPlan) -> list[Room]:
    """Return the rooms of a plan that the building has not yet, however they are written there."""
    there = {
        home_key("", "", entrance, room)
        for entrance, room in Dwelling.objects.filter(building=building).values_list("entrance", "room")
    }
    return [room for room in planned_rooms(plan) if home_key("", "", room[0], room[1]) not in there]


def use_counts(buildings: Iterable[int]) -> dict[int, Counter[str]]:
    """Return building → how many of its homes are used how, for the buildings of one page."""
    counts: dict[int, Counter[str]] = {}
    rows = Dwelling.objects.filter(building__in=list(buildings)).order_by()
    for building, occupancy, number in rows.values_list("building_id", "occupancy").annotate(Count("pk")):
        counts.setdefault(building, Counter())[occupancy] = number
    return counts
