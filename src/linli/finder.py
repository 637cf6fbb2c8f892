"""One box for everything: people, households by their address, buildings, cases; each scoped and ranked.

What the pages of the desktop and of the phone show of it is theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any

from linli.accounts.rules import require
from linli.agreements.models import Agreement
from linli.agreements.queries import search_agreements
from linli.areas.models import Area
from linli.areas.queries import search_areas
from linli.cases.models import Case
from linli.cases.queries import CaseFilters, cases_for
from linli.core.bigrams import query_terms
from linli.core.masking import mask_phone
from linli.core.search import matching
from linli.core.sheets.text import clean_string, without_spaces
from linli.core.tokens import PLATE_TOKEN_CHARACTERS
from linli.declarations.models import Declaration
from linli.declarations.queries import declarations_numbered
from linli.housing.models import Building, Dwelling, Facility
from linli.housing.queries import buildings_for, homes_plated
from linli.housing.queries.named import search_facilities, search_owners, search_tenants
from linli.people.models import Household, Person
from linli.people.queries import home_of, homes_of_nobody, search_people
from linli.people.searching import house_spellings
from linli.units.models import Unit
from linli.units.queries import search_contacts, search_units

LONGEST_SEARCH = 100
# A case number, also without its hyphen.
_CASE_NUMBER = re.compile(r"(\d{4})-?([0-9A-Za-z]{5})")
MOST_PEOPLE = 20
MOST_OTHERS = 8


@dataclass(frozen=True)
class PersonFound:
    """Somebody who fits, with what may be shown, and the present home."""

    person: Person
    phone: str
    home: Household | None


@dataclass(frozen=True)
class OwnerFound:
    """Whom a home belongs to, or who rents it, with what may be shown."""

    name: str
    phone: str
    dwelling: Dwelling
    rents: bool = False


@dataclass(frozen=True)
class ContactFound:
    """A unit whose contact fits, with what may be shown of the contact."""

    unit: Unit
    name: str
    phone: str


@dataclass(frozen=True)
class Found:
    """What fits, in the order of the groups on the page."""

    people: list[PersonFound]
    households: list[Household]
    homes: list[Dwelling]
    buildings: list[Building]
    cases: list[Case]
    units: list[Unit]
    agreements: list[Agreement]
    owners: list[OwnerFound]
    contacts: list[ContactFound]
    facilities: list[Facility]
    declarations: list[Declaration]
    areas: list[Area]

    @property
    def empty(self) -> bool:
        return not any(getattr(self, group.name) for group in fields(self))


def asked_of(user: Any, query: str) -> tuple[str, Found | None]:
    """Return what was typed, put right, and what it finds; nothing where nothing was typed.

    Raises:
        Refused: the user keeps neither ledgers nor cases.
    """
    if not user.has_perm("people.view"):
        require(user, "cases.view")
    text = clean_string(query[:LONGEST_SEARCH])
    return text, found_for(user, text) if without_spaces(text) else None


def found_for(user: Any, text: str) -> Found:
    """Return everything in the reach of a user that fits what was typed, each group with the best first."""
    people = _people(user, text)
    # Who was found by the address stands there as a household; the name did not bring them.
    by_address = [one for one in people if _is_address(text, one.person.name)]
    plated = _plated_homes(user, text)
    homes = {home.pk: home for home in [*_named_homes(user, text), *_living_in(user, plated)]}
    lived_in = {home.dwelling_id for home in homes.values()}
    homes |= {one.home.pk: one.home for one in by_address if one.home is not None}
    return Found(
        people=[one for one in people if one not in by_address],
        households=list(homes.values())[:MOST_OTHERS],
        homes=[*(home for home in plated if home.pk not in lived_in), *_homes_of_nobody(user, text)],
        buildings=_buildings(user, text),
        cases=_cases(user, text),
        units=search_units(user, text, MOST_OTHERS) if user.has_perm("units.view") else [],
        agreements=search_agreements(user, text, MOST_OTHERS) if user.has_perm("agreements.view") else [],
        owners=_owners(user, text),
        contacts=_contacts(user, text),
        facilities=search_facilities(user, text, MOST_OTHERS) if user.has_perm("areas.view") else [],
        declarations=declarations_numbered(user, text),
        areas=search_areas(user, text, MOST_OTHERS) if user.has_perm("areas.view") else [],
    )


def _people(user: Any, text: str) -> list[PersonFound]:
    if not user.has_perm("people.view"):
        return []
    people = search_people(user, text, limit=MOST_PEOPLE)
    return [PersonFound(person, mask_phone(person.phone), home_of(person)) for person in people]


def _owners(user: Any, text: str) -> list[OwnerFound]:
    if not user.has_perm("people.view"):
        return []
    owners = search_owners(user, text, MOST_OTHERS)
    tenants = search_tenants(user, text, MOST_OTHERS)
    return [
        *(OwnerFound(one.name, one.phone_masked, one.dwelling) for one in owners),
        *(OwnerFound(one.contact, one.phone_masked, one.dwelling, rents=True) for one in tenants),
    ]


def _contacts(user: Any, text: str) -> list[ContactFound]:
    if not user.has_perm("units.view"):
        return []
    return [ContactFound(unit, **contact) for unit, contact in search_contacts(user, text, MOST_OTHERS)]


def _buildings(user: Any, text: str) -> list[Building]:
    if not user.has_perm("people.view"):
        return []
    by_plate = buildings_for(user).filter(plates__token=_plate_token(text)).order_by()[:1]
    alternatives = [query_terms(text), *(query_terms(house) for house in house_spellings(text))]
    by_address = matching(buildings_for(user), alternatives).order_by("sort_key", "pk")[:MOST_OTHERS]
    return [*by_plate, *by_address]


def _cases(user: Any, text: str) -> list[Case]:
    if not user.has_perm("cases.view"):
        return []
    number = _CASE_NUMBER.fullmatch(without_spaces(text))
    words = f"{number[1]}-{number[2]}" if number else text
    return list(cases_for(user, CaseFilters(q=words))[:MOST_OTHERS])


def _named_homes(user: Any, text: str) -> list[Household]:
    """Return the household of a service code, and who lives behind the door of a plate."""
    code, token = text.upper(), _plate_token(text)
    if not user.has_perm("people.view") or not ((code.isascii() and code.isalnum()) or token):
        return []
    present = Household.objects.visible_to(user).filter(ended_on=None).select_related("dwelling")
    behind = list(present.filter(dwelling__plate__token=token)[:MOST_OTHERS]) if token else []
    return [*present.filter(number=code)[:1], *behind]


def _homes_of_nobody(user: Any, text: str) -> list[Dwelling]:
    return homes_of_nobody(user, text, MOST_OTHERS) if user.has_perm("people.view") else []


def _plated_homes(user: Any, text: str) -> list[Dwelling]:
    """Return the homes whose municipal plate number begins with what was typed."""
    return list(homes_plated(user, text)[:MOST_OTHERS]) if user.has_perm("people.view") else []


def _living_in(user: Any, homes: list[Dwelling]) -> list[Household]:
    """Return who lives in some homes now."""
    if not homes:
        return []
    present = Household.objects.visible_to(user).filter(ended_on=None, dwelling__in=homes)
    return list(present.select_related("dwelling").order_by("path", "pk")[:MOST_OTHERS])


def _plate_token(text: str) -> str:
    """Return the token of a door plate, typed or scanned as an address; ``""`` where there is none."""
    token = without_spaces(text).rstrip("/").rsplit("/", 1)[-1].upper()
    return token if len(token) == PLATE_TOKEN_CHARACTERS and token.isascii() and token.isalnum() else ""


def _is_address(text: str, name: str) -> bool:
    """Tell whether words can only have been found in the address: not pinyin, no phone, no piece of the name."""
    compact = without_spaces(text)
    if compact.isascii():
        return bool(house_spellings(text))
    return compact not in name and name not in compact
