"""Reading declarations: lists and single ones for staff, private links, and whom of the ledger one may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.core import clock
from linli.core.masking import mask_id_number, mask_name, mask_phone
from linli.core.sheets.text import without_spaces
from linli.core.tokens import token_digest
from linli.declarations.choices import Choice, Declarer, Field, Kind, State
from linli.declarations.models import Declaration, DeclarationLink, DeclarationStep
from linli.declarations.workflow import OPEN_STATES, fields_of
from linli.housing.addresses import home_key
from linli.housing.choices import Occupancy
from linli.housing.models import Building, Dwelling
from linli.housing.queries import find_buildings
from linli.people.models import Household, Person, Residence
from linli.people.queries import home_of, id_index, phone_index, with_homes

MOST_MATCHES = 20
MOST_OF_BUILDING = 500
OPEN, ALL = "open", "all"
_NUMBER = re.compile(r"D(\d{4})-?([0-9A-Z]{5})")
# Shapes of the ground: large, and no list shows them.
_DRAWN = ("building__geometry",)


@dataclass(frozen=True)
class Match:
    """Somebody of the ledger whom a declaration may mean, and what speaks for it."""

    person: Person
    home: Household | None
    reasons: tuple[str, ...]
    lives_here: bool


@dataclass(frozen=True)
class Answer:
    """One thing that was asked of the declarer: what was given, masked where it is sensitive."""

    field: str
    label: str
    shown: str
    hidden: bool = False
    declined: bool = False


def state_asked(query: Mapping[str, str]) -> str:
    """Return which declarations the query of an address asks for: at first those that wait."""
    state = query.get("state", "")
    return state if state in (ALL, *State.values) else OPEN


def declarations_for(user: Any, state: str = ALL) -> QuerySet[Declaration]:
    """Return the declarations of the user's reach, the newest first; of one state, or all ``open`` ones.

    Open ones come in the order of their promises: what is due first stands first.
    """
    found = Declaration.objects.visible_to(user).select_related("building").defer(*_DRAWN)
    if state == OPEN:
        return found.open().order_by("declared_at", "pk")
    return found.filter(state=state) if state in State.values else found


def counts_for(user: Any) -> dict[str, int]:
    """Return state → how many declarations of the user's reach are in it."""
    rows = Declaration.objects.visible_to(user).order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def waiting_count(user: Any) -> int:
    """Return how many declarations of the user's reach wait for a decision."""
    return Declaration.objects.visible_to(user).open().count()


def declaration_for(user: Any, number: str) -> Declaration:
    """Return one declaration of the user's reach. Raises ``Declaration.DoesNotExist``."""
    related = ("building__community", "building__grid", "person")
    shapes = tuple(f"building__{area}__{shape}" for area in ("community", "grid") for shape in ("geometry", "bounds"))
    found = Declaration.objects.visible_to(user).select_related(*related).defer(*_DRAWN, *shapes)
    return found.get(number=number)


def declarations_numbered(user: Any, typed: str) -> list[Declaration]:
    """Return the declaration of the user's reach that has a number, typed with or without its hyphen."""
    number = _NUMBER.fullmatch(without_spaces(typed).upper())
    if number is None:
        return []
    return list(declarations_for(user).filter(number=f"D{number[1]}-{number[2]}").order_by()[:1])


def history_of(declaration: Declaration) -> list[DeclarationStep]:
    """Return the steps of a declaration in their order, with what was said."""
    return list(DeclarationStep.objects.filter(declaration=declaration).select_related("words").order_by("number"))


def said_with(step: DeclarationStep) -> str:
    """Return the words of a step, nothing where none were said or they were erased. Needs ``words`` loaded."""
    return step.words.text if hasattr(step, "words") else ""


def last_step(declaration: Declaration) -> DeclarationStep | None:
    """Return the newest step."""
    return DeclarationStep.objects.filter(declaration=declaration).order_by("-number").first()


def link_by_token(token: str) -> DeclarationLink | None:
    """Return the private link of a token with its declaration, or None for one that is unknown or has ended."""
    links = DeclarationLink.objects.filter(digest=token_digest(token), ended_at=None)
    return links.select_related("declaration__building").first()


def answers_of(declaration: Declaration) -> list[Answer]:
    """Return what the declarer was asked, in the order of the form: ID number and phone leave here masked."""
    asked = fields_of(declaration.declarer, declaration.kind) or ()
    return [_answer(declaration, field) for field in asked]


LABELS: dict[str, Promise] = {
    Field.NAME: _("Name"),
    Field.PHONE: _("Phone"),
    Field.ID_NUMBER: _("ID number"),
    Field.HEADCOUNT: _("How many people"),
}


def _answer(declaration: Declaration, field: str) -> Answer:
    label = str(LABELS[field])
    if declaration.has_declined(field):
        return Answer(field, label, "", declined=True)
    value = getattr(declaration, field)
    match field:
        case Field.PHONE:
            return Answer(field, label, mask_phone(value), hidden=bool(value))
        case Field.ID_NUMBER:
            return Answer(field, label, mask_id_number(value), hidden=bool(value))
        case _:
            return Answer(field, label, str(value) if value is not None else "")


def masked_name(declaration: Declaration) -> str:
    """Return the name as lists show it."""
    return mask_name(declaration.name)


def dwelling_of(declaration: Declaration) -> Dwelling | None:
    """Return the home of the ledger that a declaration is about, None where it is not written down or was erased."""
    if declaration.erased_at is not None:
        return None
    wanted = home_key("", "", declaration.entrance, declaration.room)
    homes = Dwelling.objects.filter(building=declaration.building_id)
    for home in homes:
        if home_key("", "", home.entrance, home.room) == wanted:
            return home
    # A building with one stairwell: people name the room and leave the entrance out.
    if not wanted.entrance:
        same = [home for home in homes if home_key("", "", "", home.room).room == wanted.room]
        return same[0] if len(same) == 1 else None
    return None


def declarations_of(user: Any, home: Dwelling, most: int, *, day: date | None = None) -> list[Declaration]:
    """Return what was declared of one home of the user's reach, the newest first; nothing that was erased.

    Args:
        day: only what was declared by the end of this day.
    """
    rows = Declaration.objects.visible_to(user).filter(building=home.building_id, erased_at=None)
    if day is not None:
        rows = rows.filter(declared_at__lt=clock.end_of(day))
    wanted = home_key("", "", home.entrance, home.room)
    found = []
    for declaration in rows.select_related("building").defer(*_DRAWN)[:MOST_OF_BUILDING]:
        key = home_key("", "", declaration.entrance, declaration.room)
        # A building with one stairwell: people name the room and leave the entrance out.
        if key == wanted or (not key.entrance and key.room == wanted.room and dwelling_of(declaration) == home):
            found.append(declaration)
    return found[:most]


def states_on(declarations: Iterable[Declaration], day: date) -> dict[str, str]:
    """Return the number of a declaration → its state in words, as it stood at the end of a day."""
    keys = [declaration.pk for declaration in declarations]
    steps = DeclarationStep.objects.filter(declaration__in=keys, at__lt=clock.end_of(day)).order_by("number")
    return {number: str(State(state).label) for number, state in steps.values_list("declaration__number", "target")}


def households_in(home: Dwelling | None) -> list[Household]:
    """Return the households that live in a home now, with their members."""
    if home is None:
        return []
    present = Residence.objects.filter(until=None).select_related("person").order_by("pk")
    members = Prefetch("residences", queryset=present, to_attr="members")
    return list(Household.objects.filter(dwelling=home, ended_on=None).prefetch_related(members).order_by("pk"))


def needs_room(building: Building) -> bool:
    """Tell whether homes of a building are told apart by their rooms."""
    return Dwelling.objects.filter(building=building).exclude(room="").exists()


def buildings_named(address: str, community: str = "") -> list[Building]:
    """Return the buildings that somebody may mean: the one whose whole address was typed, else all that fit.

    Args:
        community: the code of the community that was chosen with the address; ``""`` asks all of them.
    """
    found = [building for building in find_buildings(address) if community in ("", building.community.code)]
    whole = [building for building in found if building.address == address.strip()]
    return whole or found


def matches_for(declaration: Declaration, user: Any, home: Dwelling | None) -> list[Match]:
    """Return whom of the ledger, within the user's reach, a declaration may mean: the likeliest first.

    Somebody is known by the ID number, by the phone, or by the name among those who live in the home. Who moves out or
    has a new phone is looked for in the home only.

    Args:
        home: what `dwelling_of` found.
    """
    if not declaration.of_oneself or declaration.erased_at is not None:
        return []
    scope = Person.objects.visible_to(user)
    condition = Q(pk__in=[])
    if declaration.id_number:
        condition |= Q(id_number_index=id_index(declaration.id_number))
    if declaration.phone and declaration.kind != Kind.CONTACT:
        condition |= Q(phone_index=phone_index(declaration.phone))
    if home is not None:
        here = Residence.objects.filter(until=None, household__dwelling=home)
        condition |= Q(pk__in=here.values("person"))
    if declaration.name:
        condition |= Q(name=declaration.name)
    found = with_homes(scope.filter(condition)).order_by("pk")[:MOST_MATCHES]
    matches = [_match(declaration, person, home) for person in found]
    return sorted((match for match in matches if _fits(declaration, match)), key=lambda match: -len(match.reasons))


def _match(declaration: Declaration, person: Person, home: Dwelling | None) -> Match:
    household = home_of(person)
    lives_here = home is not None and household is not None and household.dwelling_id == home.pk
    told = {
        _("same ID number"): bool(declaration.id_number) and person.id_number_index == id_index(declaration.id_number),
        _("same phone"): bool(declaration.phone) and person.phone_index == phone_index(declaration.phone),
        _("same name"): bool(declaration.name) and person.name == declaration.name,
        _("lives in this home"): lives_here,
    }
    return Match(person, household, tuple(str(words) for words, holds in told.items() if holds), lives_here)


def _fits(declaration: Declaration, match: Match) -> bool:
    """Leave out whom the declaration can't mean: who moves out lives here, and a newcomer is none of those who do."""
    if declaration.kind in (Kind.MOVE_OUT, Kind.CONTACT):
        return match.lives_here
    return not match.lives_here or len(match.reasons) > 1


def choices_for(declaration: Declaration, matches: list[Match]) -> list[str]:
    """Return what staff may choose: ``person:KEY`` of a match, ``new``, ``nobody``; nothing where nobody is named."""
    if not declaration.of_oneself:
        return []
    chosen = [f"{Choice.PERSON}:{match.person.pk}" for match in matches]
    if declaration.kind in (Kind.MOVE_IN, Kind.ADDRESS) and declaration.name:
        chosen.append(Choice.NEW)
    return [*chosen, Choice.NOBODY]


def usual_occupancy(declaration: Declaration, home: Dwelling | None) -> str:
    """Return how the home is used after a declaration, as far as that follows from it; ``""`` leaves it as it is."""
    match declaration.kind:
        case Kind.LET:
            return Occupancy.RENTED
        case Kind.LET_ENDED | Kind.EMPTY:
            return Occupancy.EMPTY
        case Kind.MOVE_IN if declaration.declarer in (Declarer.TENANT, Declarer.EMPLOYER):
            return Occupancy.RENTED
        case Kind.MOVE_IN if home is not None and home.occupancy == Occupancy.EMPTY:
            return Occupancy.UNKNOWN
        case _:
            return ""


def waits(declaration: Declaration) -> bool:
    """Tell whether a declaration waits for a decision."""
    return declaration.state in OPEN_STATES
