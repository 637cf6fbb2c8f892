"""How a person belongs to the place 流入、流出、寄住、人户分离: worked out from what is written down, never typed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from linli.people.choices import Presence, Registration, Standing
from linli.people.models import Residence

# Who came from elsewhere counts as staying for a time until half a year has gone by.
SETTLED_AFTER = timedelta(days=183)

# Registration and presence → standing; a newcomer of less than half a year is the one case in which dates decide.
_TABLE: dict[tuple[Registration, Presence], Standing] = {
    (Registration.HERE, Presence.HERE): Standing.RESIDENT,
    (Registration.HERE, Presence.NEARBY): Standing.APART,
    (Registration.HERE, Presence.AWAY): Standing.OUT_FLOW,
    (Registration.ELSEWHERE, Presence.HERE): Standing.IN_FLOW,
    (Registration.ELSEWHERE, Presence.NEARBY): Standing.NEITHER,
    (Registration.ELSEWHERE, Presence.AWAY): Standing.NEITHER,
    (Registration.UNKNOWN, Presence.HERE): Standing.UNCLEAR,
    (Registration.UNKNOWN, Presence.NEARBY): Standing.UNCLEAR,
    (Registration.UNKNOWN, Presence.AWAY): Standing.UNCLEAR,
}


def standing_of(registration: str, presence: str, *, settled: bool) -> Standing:
    """Return the standing of somebody; ``settled``: known in the ledger for half a year or longer."""
    found = _TABLE[Registration(registration), Presence(presence)]
    return Standing.LODGING if found == Standing.IN_FLOW and not settled else found


def was_there(since: date | None, until: date | None, day: date) -> bool:
    """Tell whether a residence was in force half a year before a day."""
    then = day - SETTLED_AFTER
    return (since is None or since <= then) and (until is None or until > then)


def standing_filter(standing: str, day: date) -> Q:
    """Return the condition for residences in force on a day whose person has this standing then."""
    found = Standing.IN_FLOW if standing == Standing.LODGING else standing
    condition: Any = Q(pk__in=[])
    for (registration, presence), word in _TABLE.items():
        if word == found:
            condition |= Q(registration=registration, presence=presence)
    if found == Standing.IN_FLOW:
        earlier = Residence.objects.on(day - SETTLED_AFTER).filter(person=OuterRef("person"))
        condition &= ~Exists(earlier) if standing == Standing.LODGING else Exists(earlier)
    return Q(condition)
