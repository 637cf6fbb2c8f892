"""What other ledgers add to the file of a household: each section is one line of ``SECTIONS``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from linli.agreements.queries import agreements_with
from linli.cases.queries import cases_in_building
from linli.housing.queries.rentals import tenancy_of
from linli.people.queries import HouseholdFile

NEARBY_CASES = 5


@dataclass(frozen=True)
class Section:
    """A card of the file: its template, and what that finds under the name ``section``."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


def cases(user: Any, file: HouseholdFile) -> Section | None:
    """Cases in the building, today."""
    if file.is_past or not user.has_perm("cases.view"):
        return None
    found = cases_in_building(user, file.building, NEARBY_CASES)
    return Section("web/households/section_cases.html", {"cases": found}) if found else None


def home(_user: Any, file: HouseholdFile) -> Section | None:
    """Who owns the dwelling, and since when it is let, on the day that is shown."""
    tenancy, owners = tenancy_of(file.dwelling, file.day)
    found = {"home": file.dwelling, "tenancy": tenancy, "owners": owners}
    return Section("web/households/section_home.html", found)


def agreements(user: Any, file: HouseholdFile) -> Section | None:
    """Papers about the home, today."""
    if file.is_past or not user.has_perm("agreements.view"):
        return None
    found = agreements_with(user, dwelling=file.dwelling)
    return Section("web/households/section_agreements.html", {"agreements": found}) if found else None


# In the order in which they stand below the people. A section that has nothing to show for a user and a file is None;
# ``file.day`` is the day that is shown, ``file.is_past`` whether that is not today.
SECTIONS: list[Callable[[Any, HouseholdFile], Section | None]] = [
    home,
    cases,
    agreements,
]


def sections_of(user: Any, file: HouseholdFile) -> list[Section]:
    """Return the sections that a user sees in a file."""
    return [section for make in SECTIONS if (section := make(user, file)) is not None]
