"""Invented agreements: papers with the units of the first grids, some ending soon, some with something to put right.

Owners of let homes have papers too, and whoever lives there names somebody to call.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from linli.agreements.actions import Found, Party, Text, check_agreement, draft_agreement, sign_agreement
from linli.agreements.choices import Finding, PartyKind
from linli.agreements.models import Agreement
from linli.agreements.samples import samples
from linli.areas.models import Area
from linli.core import clock
from linli.demo.names import mobile
from linli.housing.models import Ownership
from linli.people.actions import change_person
from linli.people.choices import Relation
from linli.people.models import Person, Residence
from linli.units.choices import UnitKind
from linli.units.models import Unit

MOST_UNITS, MOST_OWNERS = 40, 12
LET = "rental"
OF_SHOPS = (UnitKind.SHOP, UnitKind.RESTAURANT, UnitKind.CLINIC, UnitKind.HOTEL)


def write_agreements(seed: int, *, by: Any) -> None:
    """Write papers with shops and companies; one in six is not signed yet, one in four is checked."""
    rng = random.Random(f"{seed}:agreements")  # noqa: S311
    today = clock.today()
    units = Unit.objects.filter(closed_on=None, grid__isnull=False, kind__in=[*OF_SHOPS, UnitKind.COMPANY])
    for unit in units.select_related("grid", "building").order_by("pk")[:MOST_UNITS]:
        code = "employer" if unit.kind == UnitKind.COMPANY else "shop"
        paper, grid = samples()[code], unit.grid
        if grid is None:
            continue
        starts = today - timedelta(days=rng.choice((20, 120, 250, 345, 352)))
        text = Text(paper.title, paper.party_kind, paper.months, paper.clauses)
        kind = PartyKind.EMPLOYER if code == "employer" else PartyKind.UNIT
        party = Party(kind, unit.name, grid, unit.place, unit)
        made = draft_agreement(text, party, starts, starts + timedelta(days=364), by=by)
        if rng.random() < 5 / 6:
            sign_agreement(made, starts, by=by)
            if rng.random() < 0.3:
                _check(made, starts + timedelta(days=10), rng, by)


def write_owner_papers(grid: Area, seed: int, *, by: Any) -> None:
    """Write papers with owners of homes of a grid, one in four not signed yet, and whom to call for who lives there."""
    rng = random.Random(f"{seed}:owners")  # noqa: S311
    paper, today = samples()[LET], clock.today()
    text = Text(paper.title, paper.party_kind, paper.months, paper.clauses)
    rows = Ownership.objects.filter(dwelling__building__grid=grid, until=None).exclude(dwelling__room="")
    for number, owner in enumerate(rows.select_related("dwelling__building").order_by("pk")[:MOST_OWNERS]):
        starts = today - timedelta(days=rng.choice((15, 90, 200, 350)))
        party = Party(PartyKind.OWNER, owner.name, grid, owner.dwelling.address, dwelling=owner.dwelling)
        made = draft_agreement(text, party, starts, starts + timedelta(days=364), by=by)
        if number % 4 != 1:
            sign_agreement(made, starts, by=by)
        here = Residence.objects.filter(household__dwelling=owner.dwelling, until=None, relation=Relation.HEAD)
        for row in here.select_related("person").order_by("pk")[:1]:
            change_person(row.person, _to_call(row.person, rng), by=by)


def _to_call(person: Person, rng: random.Random) -> dict[str, str]:
    relation = rng.choice(("妹妹", "哥哥", "母亲", "老同事"))
    return {
        "emergency_name": f"{person.name[0]}{rng.choice('梅兰军平')}",
        "emergency_relation": relation,
        "emergency_phone": mobile(rng),
    }


def _check(agreement: Agreement, on: date, rng: random.Random, by: Any) -> None:
    clauses = list(agreement.clauses.all())
    wrong = rng.randrange(len(clauses) * 2)
    found = {
        clause.pk: Found(Finding.TO_MEND, "灭火器过期，换新的", on + timedelta(days=15))
        if place == wrong
        else Found(Finding.KEPT)
        for place, clause in enumerate(clauses)
    }
    check_agreement(agreement, on, found, by=by)
