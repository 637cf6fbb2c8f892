"""Reading units: the list, one unit, and finding them by name, pinyin, initials, code and address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext

from linli.accounts.queries import names_of
from linli.areas.models import Area
from linli.core.bigrams import query_terms
from linli.core.masking import mask_name, mask_phone
from linli.core.namesearch import MOST_CANDIDATES, compact_of
from linli.core.nameterms import hidden_searches, likeness_of
from linli.core.offices import Office, kept_offices
from linli.core.paths import within
from linli.core.search import matching
from linli.housing.models import Building, Dwelling
from linli.journal.texts import actor_words
from linli.units.choices import UnitKind
from linli.units.models import HIDDEN_FIELDS, Unit

LONGEST_SEARCH = 100
CLOSED = "closed"


@dataclass(frozen=True)
class UnitFilters:
    """Which units to list: under a place, of a kind, open or closed, and words."""

    under: str = ""
    kind: str = ""
    state: str = ""
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> UnitFilters:
        kind = query.get("kind", "")
        return cls(
            under=query.get("under", ""),
            kind=kind if kind in UnitKind.values else "",
            state=CLOSED if query.get("state") == CLOSED else "",
            text=query.get("q", "").strip()[:LONGEST_SEARCH],
        )


@dataclass(frozen=True)
class ChangeLine:
    """One change of a unit: when, who, what, and for each field its name and the value before."""

    at: datetime
    by: str
    what: str
    before: list[tuple[str, str]]


def units_for(user: Any, filters: UnitFilters | None = None) -> QuerySet[Unit]:
    """Return the units within reach, open ones unless the closed are asked for; an unknown place has none."""
    asked = filters or UnitFilters()
    rows = narrowed_to(Unit.objects.visible_to(user), asked)
    if asked.under:
        paths = Area.objects.filter(code=asked.under).values_list("path", flat=True)
        rows = rows.filter(within(paths))
    return rows.select_related("grid__parent").defer(*HIDDEN_FIELDS)


def narrowed_to(rows: QuerySet[Unit], asked: UnitFilters) -> QuerySet[Unit]:
    """Narrow units by kind, open or closed, and words; the place is left to whoever asks."""
    rows = rows.filter(closed_on__isnull=asked.state != CLOSED)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    return matching(rows, [query_terms(asked.text)]) if asked.text else rows


def unit_for(user: Any, pk: int) -> Unit:
    """Return one unit within reach. Raises ``Unit.DoesNotExist``."""
    return Unit.objects.visible_to(user).select_related("grid__parent", "building__community", "dwelling").get(pk=pk)


def units_in(user: Any, dwelling: Dwelling) -> list[Unit]:
    """Return the open units within reach that are in a dwelling: a shop, or a room of a home."""
    return list(units_for(user).filter(dwelling=dwelling))


def units_at(user: Any, building: Building) -> QuerySet[Unit]:
    """Return the open units within reach that are in a building, each with its room, room by room."""
    rows = units_for(user).filter(building=building).select_related("grid", "dwelling")
    return rows.order_by(F("dwelling__sort_key").asc(nulls_last=True), "name", "pk")


def search_units(user: Any, text: str, limit: int) -> list[Unit]:
    """Return the open units within reach that fit what was typed."""
    return list(units_for(user, UnitFilters(text=text[:LONGEST_SEARCH]))[:limit]) if text.strip() else []


def search_contacts(user: Any, text: str, limit: int) -> list[tuple[Unit, dict[str, str]]]:
    """Return the open units within reach whose contact is called so, or whose contact's phone ends so; best first.

    Each comes with the contact that was meant, masked.
    """
    compact = compact_of(text)
    rows = Unit.objects.visible_to(user).filter(closed_on=None).select_related("grid__parent")
    found = matching(rows, hidden_searches(compact), whole=True).order_by()[:MOST_CANDIDATES]
    fitting = [(rank, unit.pk, unit, contact) for unit in found for rank, contact in _meant(unit, compact)[:1]]
    ranked = sorted(fitting, key=lambda one: one[:2])
    return [(unit, contact) for _rank, _key, unit, contact in ranked[:limit]]


def _meant(unit: Unit, compact: str) -> list[tuple[int, dict[str, str]]]:
    """Return how well the contacts of a unit fit what was typed, those that fit, the best first."""
    fitting = []
    pairs = ((unit.contact_name, unit.contact_phone), (unit.second_name, unit.second_phone))
    for (name, phone), shown in zip(pairs, (contact_shown(unit), second_shown(unit)), strict=True):
        by_phone = 0 if phone.endswith(compact) else None
        rank = by_phone if compact.isdigit() else likeness_of(name, compact)
        if rank is not None:
            fitting.append((rank, shown))
    return sorted(fitting, key=lambda one: one[0])


def contact_shown(unit: Unit) -> dict[str, str]:
    """Return the contact person as everybody who sees the unit may read it: the name and the phone masked."""
    return {"name": mask_name(unit.contact_name), "phone": mask_phone(unit.contact_phone)}


def second_shown(unit: Unit) -> dict[str, str]:
    """Return the second contact person, masked as the first one."""
    return {"name": mask_name(unit.second_name), "phone": mask_phone(unit.second_phone)}


def officers_shown(unit: Unit) -> list[Office]:
    """Return who holds which office, the names masked; without a name whoever prefers not to be named."""
    return [Office(office.title, mask_name(office.name)) for office in kept_offices(unit.officers)]


def unit_values(unit: Unit) -> dict[str, Any]:
    """Return a unit as programs read it: phones masked, contacts and office-holders by their first character."""
    return {
        "id": unit.pk,
        "name": unit.name,
        "kind": unit.kind,
        "credit_code": unit.credit_code,
        "credit_code_wrong": unit.credit_code_wrong,
        "grid": unit.grid.code if unit.grid else None,
        "place": unit.place,
        "opened_on": unit.opened_on,
        "closed_on": unit.closed_on,
        "contact": {**contact_shown(unit), "declined": unit.contact_declined},
        "second_contact": second_shown(unit),
        "officers": [{"office": office.title, "name": office.name} for office in officers_shown(unit)],
    }


def changes_of(unit: Unit) -> list[ChangeLine]:
    """Return what changed, the newest first; of a contact only that it changed, never what it was."""
    changes = list(unit.changes.all())
    names = names_of(change.by for change in changes)
    return [
        ChangeLine(
            change.at,
            names.get(change.by) or actor_words(change.by),
            change.get_kind_display(),
            _before(change.before),
        )
        for change in changes
    ]


def _before(written: str) -> list[tuple[str, str]]:
    values: dict[str, str] = json.loads(written) if written else {}
    return [(_label(name), _shown(name, value)) for name, value in values.items()]


def _shown(name: str, value: str) -> str:
    """Return a value before as it may be read: a contact as stars, a choice in words."""
    if name in HIDDEN_FIELDS:
        return "***" if value else ""
    if name == "kind":
        return str(UnitKind(value).label)
    if name == "contact_declined":
        return gettext("yes") if value == str(True) else gettext("no")
    return value


def _label(name: str) -> str:
    return str(getattr(Unit._meta.get_field(name), "verbose_name", name))
