"""Invented agreements: papers with the units of the first grids, some ending soon, some with something to put right."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from linli.agreements.actions import Found, Party, Text, check_agreement, draft_agreement, sign_agreement
from linli.agreements.choices import Finding, PartyKind
from linli.agreements.models import Agreement
from linli.agreements.samples import samples
from linli.core import clock
from linli.units.choices import UnitKind
from linli.units.models import Unit

MOST_UNITS = 40
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
