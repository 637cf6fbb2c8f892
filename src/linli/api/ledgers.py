"""People, households, dwellings: scoped and masked."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import Field

from linli.api.access import allowed
from linli.api.paging import PageParameters, Rows, page_json
from linli.areas.models import Area
from linli.core.paths import within
from linli.housing.models import Dwelling
from linli.people.models import Household, Person
from linli.people.queries import Member, household_file, masked, search_people
from linli.units.models import Unit
from linli.units.queries import UnitFilters, unit_for, unit_values, units_for

router = Router(tags=["ledgers"])

Words = Annotated[str, Field(max_length=100)]
MOST_FOUND = 400


def _under(request: HttpRequest, rows: QuerySet[Any, Any], code: str | None) -> QuerySet[Any, Any]:
    """Narrow rows to a subtree; an area that the user doesn't see is not found."""
    if code is None:
        return rows
    area = Area.objects.visible_to(request.user).filter(code=code).first()
    if area is None:
        raise Http404
    return rows.filter(within([area.path]))


@router.get("/people")
@allowed("people.view")
def list_people(request: HttpRequest, page: PageParameters, q: Words = "", under: str | None = None) -> dict[str, Any]:
    """List people, or find them by name, pinyin, initials, last four digits of the phone, or address."""
    people = _under(request, Person.objects.visible_to(request.user), under).order_by("id")
    found: Rows = _found(request, people, q) if q.strip() else people
    return page_json(found, page, lambda rows: [masked(person) for person in rows])


def _found(request: HttpRequest, people: QuerySet[Person], words: str) -> list[Person]:
    """Return whom the words find among these people, best first."""
    best = search_people(request.user, words, limit=MOST_FOUND)
    here = set(people.filter(pk__in=[person.pk for person in best]).values_list("pk", flat=True))
    return [person for person in best if person.pk in here]


@router.get("/people/{int:person_id}")
@allowed("people.view")
def get_person(request: HttpRequest, person_id: int) -> dict[str, Any]:
    """Return one person, masked."""
    person = Person.objects.visible_to(request.user).filter(pk=person_id).first() if person_id < 2**63 else None
    if person is None:
        raise Http404
    return masked(person)


@router.get("/households/{number}")
@allowed("people.view")
def get_household(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return one household with its members, masked, as of today; an ended one has none."""
    try:
        file = household_file(request.user, number)
    except Household.DoesNotExist:
        raise Http404 from None
    return {
        "number": file.household.number,
        "address": file.dwelling.address,
        "occupancy": file.dwelling.occupancy,
        "members": [_member_json(member) for member in file.members],
    }


def _member_json(member: Member) -> dict[str, Any]:
    row = member.residence
    return masked(member.person) | {
        "relation": row.relation,
        "registration": row.registration,
        "presence": row.presence,
        "standing": member.standing,
        "since": row.since,
        "declined": member.declined,
    }


@router.get("/dwellings")
@allowed("people.view")
def list_dwellings(request: HttpRequest, page: PageParameters, under: str | None = None) -> dict[str, Any]:
    """List dwellings in the order of their addresses."""
    dwellings = _under(request, Dwelling.objects.visible_to(request.user), under).order_by("path", "sort_key", "id")
    return page_json(dwellings, page, _dwellings_json)


def _dwellings_json(dwellings: list[Dwelling]) -> list[dict[str, Any]]:
    return [
        {"id": dwelling.pk, "address": dwelling.address, "occupancy": dwelling.occupancy, "floor": dwelling.floor}
        for dwelling in dwellings
    ]


@router.get("/units")
@allowed("units.view")
def list_units(request: HttpRequest, page: PageParameters, q: Words = "", under: str | None = None) -> dict[str, Any]:
    """List the open units within reach, by name; ``q`` finds them by name, pinyin, initials, code or address."""
    units = _under(request, units_for(request.user, UnitFilters(text=q.strip())), under)
    # The list shows the phone, masked, and so reads it with its row.
    return page_json(units.defer(None), page, lambda rows: [unit_values(unit) for unit in rows])


@router.get("/units/{int:unit_id}")
@allowed("units.view")
def get_unit(request: HttpRequest, unit_id: int) -> dict[str, Any]:
    """Return one unit, its phone masked."""
    try:
        return unit_values(unit_for(request.user, unit_id if unit_id < 2**63 else 0))
    except Unit.DoesNotExist:
        raise Http404 from None
