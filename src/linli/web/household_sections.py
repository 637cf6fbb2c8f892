"""What other ledgers add to the file of a household, on page and paper: each section is one line of ``SECTIONS``.

Every section shows the day of the file. What carries no days – the four ones, the plate – stands there today only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from linli.agreements.models import Agreement
from linli.agreements.queries import agreements_with, standing_of
from linli.cases.models import Case
from linli.cases.queries import cases_in_building, cases_of_home, states_on
from linli.core import clock
from linli.declarations import queries as declarations_ledger
from linli.declarations.workflow import PREPARES
from linli.housing.choices import Occupancy
from linli.housing.queries.days import HomeOn, home_on
from linli.housing.words import check_words, tenancy_words
from linli.people.queries import HouseholdFile

HOME_CASES, NEARBY_CASES, DECLARATIONS, EARLIER = 10, 5, 10, 5
LONGEST_ON_PAPER = 60
Rows = list[list[str]]


@dataclass(frozen=True)
class Section:
    """A card of the file: its template, what that finds under the name ``section``, and its rows on paper."""

    template: str
    title: str
    context: dict[str, Any] = field(default_factory=dict)
    rows: Rows = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """Who reads the file, the file, and the home as it stood on its day."""

    user: Any
    file: HouseholdFile
    home: HomeOn
    sees_cases: bool


def home(told: Told) -> Section | None:
    """Who owns the home, since when it is let and to whom, its plate, and the four ones where it is let."""
    found = told.home
    is_let = found.dwelling.occupancy == Occupancy.RENTED
    ones = found.ones.states if found.ones is not None and is_let else []
    tenancy = tenancy_words(found.tenancy) if found.tenancy else ""
    context = {
        "home": found.dwelling,
        "found": found,
        "tenancy": tenancy,
        "earlier": found.former_tenancies[:EARLIER],
        "owners_before": found.former_owners[:EARLIER],
        "ones": ones,
    }
    rows: Rows = [
        [_("Owner"), "、".join(owner.name for owner in found.owners) or _("not written down")],
        [_("Tenancy"), tenancy or "—"],
        *([_("Let before"), _span(let.since, let.until)] for let in found.former_tenancies[:EARLIER]),
        *([_("Owner before"), f"{row.name} {_span(row.since, row.until)}"] for row in found.former_owners[:EARLIER]),
        *([one.item.label, one.label] for one in ones),
        *([[_("Plate number"), found.dwelling.plate_number]] if found.dwelling.plate_number else []),
        *([[_("Code of the plate"), found.plate.token]] if found.plate else []),
    ]
    return Section("web/households/section_home.html", _("Owner and tenancy"), context, rows)


def checks(told: Told) -> Section | None:
    """Safety checks by that day, and what was to be mended then."""
    found = told.home
    if not found.checks and not found.mends:
        return None
    lines = [(check, check_words(check)) for check in found.checks]
    context = {"checks": lines, "mends": found.mends, "sees_cases": told.sees_cases}
    rows = [[check.on.isoformat(), words, check.by_name] for check, words in lines]
    for line in found.mends:
        mend, late = line.mend, _("fix date passed")
        what = [f"{mend.item.label}: {mend.text}", mend.case_number, mend.answer if not line.is_open else ""]
        state = late if line.is_late else line.label
        rows.append([mend.opened_on.isoformat(), " · ".join(word for word in what if word), state])
    return Section("web/households/section_checks.html", _("Safety checks"), context, rows)


def declarations(told: Told) -> Section | None:
    """What was declared of the home; names stay where they are decided."""
    if not told.user.has_perm(PREPARES):
        return None
    day = told.file.day
    found = declarations_ledger.declarations_of(told.user, told.file.dwelling, DECLARATIONS, day=day)
    states = declarations_ledger.states_on(found, day)
    lines = [(row, states.get(row.number, row.state_label)) for row in found]
    rows = [
        [f"{clock.local(row.declared_at):%Y-%m-%d}", f"{row.kind_label} · {row.get_declarer_display()}", state]
        for row, state in lines
    ]
    template = "web/households/section_declarations.html"
    return Section(template, _("Declarations"), {"lines": lines}, rows) if found else None


def cases(told: Told) -> Section | None:
    """Cases of the home, then those of its building."""
    if not told.sees_cases:
        return None
    user, file = told.user, told.file
    here = cases_of_home(user, file.dwelling, told.home.case_numbers, HOME_CASES, day=file.day)
    around = cases_in_building(user, file.building, NEARBY_CASES, day=file.day, without=here)
    if not here and not around:
        return None
    states = states_on([*here, *around], file.day) if file.is_past else {}
    groups = [(_("Cases of this home"), _with_states(here, states))] if here else []
    groups += [(_("Cases in this building"), _with_states(around, states))] if around else []
    rows = [
        [f"{clock.local(case.reported_at):%Y-%m-%d}", f"{title} · {case.number} · {_short(case.text)}", state]
        for title, lines in groups
        for case, state in lines
    ]
    return Section("web/households/section_cases.html", _("Cases"), {"groups": groups}, rows)


def agreements(told: Told) -> Section | None:
    """Papers about the home, or with the household."""
    user, file = told.user, told.file
    if not user.has_perm("agreements.view"):
        return None
    found = agreements_with(user, dwelling=file.dwelling, household=file.household, day=file.day)
    lines = [(paper, str(standing_of(paper, file.day).label)) for paper in found]
    rows = [[_term(paper), f"{paper.title} · {paper.party_name}", state] for paper, state in lines]
    template = "web/households/section_agreements.html"
    return Section(template, _("Agreements"), {"lines": lines}, rows) if found else None


# In the order in which they stand below the people. A section that has nothing to show is None.
SECTIONS: list[Callable[[Told], Section | None]] = [home, checks, declarations, cases, agreements]


def sections_of(user: Any, file: HouseholdFile) -> list[Section]:
    """Return the sections that a user sees in a file."""
    told = Told(user, file, home_on(file.dwelling, file.day), sees_cases=user.has_perm("cases.view"))
    return [section for make in SECTIONS if (section := make(told)) is not None]


def _with_states(found: list[Case], states: dict[str, str]) -> list[tuple[Case, str]]:
    return [(case, states.get(case.number, case.state_label)) for case in found]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_ON_PAPER else f"{text[:LONGEST_ON_PAPER]}…"


def _span(since: Any, until: Any) -> str:
    return f"{since.isoformat() if since else '…'} – {until.isoformat() if until else '…'}"


def _term(paper: Agreement) -> str:
    return _span(paper.starts_on, paper.ends_on)
