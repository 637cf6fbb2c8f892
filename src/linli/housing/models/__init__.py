"""Compounds, buildings, dwellings and plates; building sites; rentals; facilities; community profiles; their lists."""

from linli.housing.models.bookings import Booking
from linli.housing.models.facilities import Facility, FacilityPhoto
from linli.housing.models.homes import Building, BuildingQuerySet, Compound, Dwelling, DwellingQuerySet, Plate
from linli.housing.models.lists import ListItem
from linli.housing.models.planned import PlannedBuilding
from linli.housing.models.profiles import BudgetLine, ClearMark, CommunityProfile, Honour
from linli.housing.models.rentals import CheckResult, Dormitory, HomeMark, Mend, Ownership, SafetyCheck, Tenancy

__all__ = [
    "Booking",
    "BudgetLine",
    "Building",
    "BuildingQuerySet",
    "CheckResult",
    "ClearMark",
    "CommunityProfile",
    "Compound",
    "Dormitory",
    "Dwelling",
    "DwellingQuerySet",
    "Facility",
    "FacilityPhoto",
    "HomeMark",
    "Honour",
    "ListItem",
    "Mend",
    "Ownership",
    "PlannedBuilding",
    "Plate",
    "SafetyCheck",
    "Tenancy",
]
