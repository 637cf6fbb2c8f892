"""What is given to the actions of this app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from linli.areas.models import Area
from linli.housing.choices import BuildingKind, Condition, DwellingKind, Lift, Occupancy, OwnerKind
from linli.housing.models import Compound, ListItem


@dataclass(frozen=True)
class BuildingValues:
    """What is told of a building beside where it stands on the map."""

    name: str
    compound: Compound | None = None
    grid: Area | None = None
    kind: str = BuildingKind.RESIDENTIAL
    floors: int | None = None
    entrances: int | None = None
    built_year: int | None = None
    lift: str = Lift.UNKNOWN
    property_manager: str = ""


@dataclass(frozen=True)
class PlannedValues:
    """What is told of a planned building; its outline (GeoJSON), else the point, says in which grid it lies."""

    name: str
    households: int
    expected_on: date
    longitude: float | None = None
    latitude: float | None = None
    outline: Mapping[str, Any] | None = None
    note: str = ""


@dataclass(frozen=True)
class HomeValues:
    """What is told of a dwelling; without ``floor`` the room number tells it."""

    entrance: str = ""
    room: str = ""
    floor: int | None = None
    kind: str = DwellingKind.HOME
    occupancy: str = Occupancy.UNKNOWN
    area_m2: Decimal | None = None
    plate_number: str = ""


@dataclass(frozen=True)
class RowsPlan:
    """The rooms of a whole building: 3 entrances × floors 1 to 6 × 2 rooms give 101, 102, 201 …"""

    entrances: int
    first_floor: int
    last_floor: int
    rooms: int


@dataclass(frozen=True)
class OwnerValues:
    """Somebody, or a unit, who owns a dwelling."""

    name: str
    kind: str = OwnerKind.PERSON
    phone: str = ""
    since: date | None = None
    contact_declined: bool = False


@dataclass(frozen=True)
class TenancyValues:
    """Who rents a dwelling, since when; ``household`` is the number of one that is written down there."""

    since: date
    household: str = ""
    headcount: int | None = None
    contact: str = ""
    phone: str = ""
    agreed_until: date | None = None
    contract_seen: bool = False
    contact_declined: bool = False


@dataclass(frozen=True)
class DormitoryValues:
    """What the manager of a dormitory declares."""

    capacity: int
    living: int
    manager: str
    phone: str = ""


@dataclass(frozen=True)
class ToMend:
    """What is wrong at one point of a check, and by when it is to be mended."""

    text: str
    due_on: date


@dataclass(frozen=True)
class NewCheck:
    """A safety check: every point with what is to be mended there, None where it is fine; none of whoever declined."""

    on: date
    results: Mapping[ListItem, ToMend | None] = field(default_factory=dict)
    note: str = ""
    declined: bool = False


@dataclass(frozen=True)
class FacilityValues:
    """What is told of a facility; its place in WGS-84 degrees says in which grid it lies."""

    kind: ListItem
    name: str
    longitude: float
    latitude: float
    place: str = ""
    condition: str = Condition.GOOD
    owner: str = ""
    keeper: str = ""
    installed_on: date | None = None
    next_inspection_on: date | None = None
    note: str = ""
    may_be_booked: bool = False


@dataclass(frozen=True)
class BookingValues:
    """Who has a facility, what for, from when until when."""

    who: str
    purpose: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class ProfileValues:
    """What a community tells about itself."""

    about: str = ""
    premises_m2: Decimal | None = None
    project_name: str = ""
    project_text: str = ""


@dataclass(frozen=True)
class ItemValues:
    """One row of a list."""

    name: str
    name_en: str
    category: str = ""
    value: Decimal | None = None
    position: int = 0
    is_active: bool = True
