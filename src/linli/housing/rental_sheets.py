"""The workbook of homes that are let, registered with exchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.core.masking import mask_phone
from linli.core.namesearch import terms_of
from linli.core.sheets.checking import CheckedRow
from linli.core.sheets.rental_rows import RENTALS_SHEET
from linli.exchange import ledgers
from linli.exchange.choices import DifferenceKind
from linli.exchange.models import Batch
from linli.exchange.plans import Change, Difference, Figures, Known, changed, created
from linli.housing.addresses import HomeKey
from linli.housing.choices import Occupancy, OwnerKind
from linli.housing.importing import HOUSING_MODELS, Home, HomesPlan, PlanOfHomes, follow_houses
from linli.housing.models import Ownership, Tenancy
from linli.housing.sheets import words

COMPARED_AT_ONCE = 500
SAID = ("owner", "owner_phone", "tenant", "tenant_phone", "headcount", "since", "agreed_until", "contract")
# What of a tenant is not written over once they preferred not to give it.
CONTACT = ("contact", "phone")
# A name that holds one of these is no person's.
UNIT_WORDS = ("公司", "单位", "集团", "中心", "学校", "医院", "工厂", "委员会", "合作社", "管理局")

Lines = list[tuple[str, str, str]]


@dataclass
class RentalsDraft:
    """The homes of a workbook that are let, each with what is said about it."""

    said: dict[HomeKey, dict[str, Any]] = field(default_factory=dict)

    def add(self, row: CheckedRow) -> None:
        """Take a row; one that is held is passed over."""
        if not row.held:
            key = HomeKey(*(str(row.values.get(part) or "") for part in HomeKey._fields))
            self.said[key] = {name: row.values[name] for name in SAID if row.values.get(name)}

    def figures(self) -> Figures:
        """Return what the rows would bring."""
        rows = self.said.values()
        return {
            "renting": len(self.said),
            "tenancies": sum("tenant" in said and "since" in said for said in rows),
            "owners": sum("owner" in said for said in rows),
            "updated": 0,
        }


class RentalsPlan(PlanOfHomes):
    """A workbook of homes that are let, compared with what is known.

    What it does not say stays as it is. Another tenant since a later day ends the tenancy before; another owner comes
    beside those who are known, for a home may have several.
    """

    def __init__(self, draft: RentalsDraft, batch: Batch) -> None:
        self.draft = draft
        self.homes = HomesPlan(dict.fromkeys(draft.said, str(Occupancy.RENTED)), batch.area)
        self.updated = sum(known.difference is not None for step in self.changes() for known in step)
        self.size = self.homes.size + len(draft.said)

    def figures(self) -> Figures:
        """Return what it brings; ``updated`` are known homes of which something changes."""
        return {**self.draft.figures(), "updated": self.updated}

    def changes(self) -> Iterator[list[Known]]:
        """Yield how homes are used now, and then their owners and tenants."""
        yield from self.homes.changes()
        said = list(self.draft.said.items())
        for start in range(0, len(said), COMPARED_AT_ONCE):
            part = [(self.homes.home(key), facts) for key, facts in said[start : start + COMPARED_AT_ONCE]]
            known = _Known([home.pk for home, _facts in part if home.pk])
            yield [each for each in (_compared(home, facts, known) for home, facts in part) if each.changes]


class _Known:
    """Present owners and tenancies of some homes."""

    def __init__(self, homes: list[int]) -> None:
        self.owners: dict[tuple[int, str], Ownership] = {
            (row.dwelling_id, row.name): row
            for row in Ownership.objects.filter(dwelling__in=homes, until=None).order_by("-pk")
        }
        rows = Tenancy.objects.filter(dwelling__in=homes, until=None)
        self.tenancies: dict[int, Tenancy] = {row.dwelling_id: row for row in rows}


def _compared(home: Home, said: Mapping[str, Any], known: _Known) -> Known:
    lines: Lines = []
    changes = [*_owner(home, said, known, lines), *_tenant(home, said, known, lines)]
    is_new = home.is_new or not lines
    return Known(changes, None if is_new else Difference(DifferenceKind.RENTAL, "", home.address, lines))


def _owner(home: Home, said: Mapping[str, Any], known: _Known, lines: Lines) -> Iterator[Change]:
    name, phone = said.get("owner", ""), said.get("owner_phone", "")
    row = known.owners.get((home.pk, name))
    if not name:
        return
    if row is None:
        lines.append(("owner", "", name))
        kind = OwnerKind.UNIT if any(word in name for word in UNIT_WORDS) else OwnerKind.PERSON
        terms = terms_of(name, phone)
        values = {"dwelling_id": home.pk, "kind": str(kind), "name": name, "phone": phone, "search_terms": terms}
        yield created(Ownership, values)
    elif phone and phone != row.phone and not row.contact_declined:
        lines.append(("owner_phone", mask_phone(row.phone), mask_phone(phone)))
        yield changed(row, {"phone": phone, "search_terms": terms_of(name, phone)})


def _tenant(home: Home, said: Mapping[str, Any], known: _Known, lines: Lines) -> Iterator[Change]:
    tenancy = known.tenancies.get(home.pk)
    told = {
        "contact": said.get("tenant", ""),
        "phone": said.get("tenant_phone", ""),
        "headcount": said.get("headcount"),
        "agreed_until": said.get("agreed_until"),
        "contract_seen": said.get("contract") == "yes" or None,
    }
    values = {name: value for name, value in told.items() if value}
    since = said.get("since")
    if tenancy is not None and not _is_another(tenancy, values.get("contact", ""), since):
        new = {name: value for name, value in values.items() if value != getattr(tenancy, name)}
        if tenancy.contact_declined:
            new = {name: value for name, value in new.items() if name not in CONTACT}
        lines += [_line(name, getattr(tenancy, name), value) for name, value in new.items()]
        if new:
            terms = terms_of(new.get("contact", tenancy.contact), new.get("phone", tenancy.phone))
            yield changed(tenancy, {**new, "search_terms": terms})
        return
    if since is None or "contact" not in values:
        return
    lines += [("tenant", tenancy.contact if tenancy else "", values["contact"]), ("since", "", str(since))]
    if tenancy is not None:
        yield changed(tenancy, {"until": since})
    terms = terms_of(values["contact"], values.get("phone", ""))
    yield created(Tenancy, {"dwelling_id": home.pk, "since": since, **values, "search_terms": terms})


def _is_another(tenancy: Tenancy, contact: str, since: Any) -> bool:
    """Tell whether a row speaks of a tenancy that began after the known one, with somebody else."""
    return bool(contact and contact != tenancy.contact and since and since > tenancy.since)


def _line(name: str, before: Any, after: Any) -> tuple[str, str, str]:
    field_name = {"contact": "tenant", "phone": "tenant_phone", "contract_seen": "contract"}.get(name, name)
    if name == "phone":
        return field_name, mask_phone(before), mask_phone(after)
    if name == "contract_seen":
        return field_name, "", "✓"
    return field_name, "" if before is None else str(before), str(after)


def register() -> None:
    """Let exchange take in workbooks of homes that are let."""
    ledgers.register(
        "rentals",
        ledgers.Ledger(
            label=_("Homes that are let"),
            sheet=RENTALS_SHEET,
            ability="people.import",
            levels=(Level.COMMUNITY,),
            figures={
                "renting": _("Homes that are let"),
                "tenancies": _("Tenancies"),
                "owners": _("Owners"),
                "updated": _("Known already, brought up to date"),
            },
            collector=RentalsDraft,
            compare=RentalsPlan,
            tables=(*HOUSING_MODELS, Ownership, Tenancy),
            applied="housing.import_rentals",
            undone="housing.undo_rentals",
            follow=follow_houses,
            name=_name,
            words=words,
        ),
    )


def _name(row: models.Model) -> str:
    if isinstance(row, Ownership | Tenancy):
        return row.dwelling.address
    return str(getattr(row, "address", row))
