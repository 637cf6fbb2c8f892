"""How things stood on a past day: facts with their later changes taken back, and what happened, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.core import clock
from linli.people.choices import Destination, EventKind, Presence, Registration
from linli.people.models import Event, EventLine, Household, PersonChange, Residence
from linli.people.places import Tie

SEPARATOR = "、"


def facts_before(changes: Iterable[PersonChange], day: date) -> dict[int, dict[str, Any]]:
    """Return person → the facts that stood otherwise at the end of a day, as they stood then.

    A change that was written later but holds since that day or before says how they stood.
    """
    found: dict[int, dict[str, Any]] = {}
    known: set[tuple[int, str]] = set()
    for change in sorted(changes, key=lambda change: change.pk, reverse=True):
        if clock.local(change.changed_at).date() <= day:
            known |= {(change.person_id, name) for name in change.fields}
            continue
        for name, value in json.loads(change.before).items():
            if (change.person_id, name) not in known:
                found.setdefault(change.person_id, {})[name] = _read(name, value)
    return found


def _read(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name == "birth_date" and value else value


def event_words(event: Event, lines: Iterable[EventLine], household: Household) -> str:
    """Return what an event did to a household, in a sentence."""
    told = list(lines)
    away = [line.person.name for line in told if line.left_id == household.pk and line.joined_id != household.pk]
    come = [line.person.name for line in told if line.joined_id == household.pk and line.left_id != household.pk]
    stay = [line for line in told if line.left_id == household.pk and line.joined_id == household.pk]
    if away:
        return _away(event, SEPARATOR.join(away))
    if come:
        return _come(event, SEPARATOR.join(come))
    return _stay(event, stay)


def _away(event: Event, names: str) -> str:
    where = _destination(event.detail) if event.kind == EventKind.MOVE_OUT else ""
    words = {
        EventKind.MOVE_OUT: _("%(names)s moved away"),
        EventKind.MOVE_HOME: _("%(names)s moved to another home of the grid"),
        EventKind.TRANSFER: _("%(names)s moved to another grid"),
        EventKind.DEATH: _("%(names)s died"),
        EventKind.SPLIT: _("%(names)s keep house by themselves from now on"),
        EventKind.MERGE: _("%(names)s joined another household"),
    }
    otherwise = _("%(names)s went with a workbook")
    if event.kind == EventKind.DUPLICATE:
        otherwise = _("%(names)s stood here twice, or stood elsewhere too")
    said = words.get(EventKind(event.kind), otherwise) % {"names": names}
    return f"{said} · {where}" if where else said


def _destination(detail: Mapping[str, Any]) -> str:
    return str(Destination(detail.get("destination", Destination.NOT_SAID)).label)


def _come(event: Event, names: str) -> str:
    words = {
        EventKind.MOVE_IN: _("%(names)s moved in"),
        EventKind.BIRTH: _("%(names)s was born"),
        EventKind.MOVE_HOME: _("%(names)s moved here from another home of the grid"),
        EventKind.TRANSFER: _("%(names)s moved here from another grid"),
        EventKind.SPLIT: _("%(names)s keep house by themselves from now on"),
        EventKind.MERGE: _("%(names)s joined this household"),
    }
    otherwise = _("%(names)s came with a workbook")
    if event.kind == EventKind.DUPLICATE:
        otherwise = _("%(names)s stood here twice, or stood elsewhere too")
    return words.get(EventKind(event.kind), otherwise) % {"names": names}


def _stay(event: Event, lines: list[EventLine]) -> str:
    if event.kind == EventKind.HEAD:
        heads = [line.person.name for line in lines if (line.after or {}).get("relation") == "head"]
        return _("%(names)s is head of household now") % {"names": SEPARATOR.join(heads)}
    said = [f"{line.person.name}: {_tie_words(line)}" for line in lines]
    return _("Changed: %(what)s") % {"what": "; ".join(said)}


def tie_words(residence: Residence) -> str:
    """Return in a sentence that somebody belongs to the same household in another way."""
    said = f"{residence.person.name}: {_spelt(residence.registration, residence.presence)}"
    return _("Changed: %(what)s") % {"what": said}


def _tie_words(line: EventLine) -> str:
    if not line.after:
        return ""
    tie = Tie.read(line.after)
    return _spelt(tie.registration, tie.presence)


def _spelt(registration: str, presence: str) -> str:
    return f"{Registration(registration).label} · {Presence(presence).label}"
