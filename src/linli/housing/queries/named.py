"""Finding homes by whom they belong to and who rents them, and facilities by their names."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from linli.core.bigrams import query_terms
from linli.core.namesearch import named
from linli.core.search import matching
from linli.housing.models import Facility, Ownership, Tenancy
from linli.housing.queries.facilities import facilities_for


def search_owners(user: Any, text: str, limit: int) -> list[Ownership]:
    """Return who owns a home of the user's reach and is called so, or whose phone ends so; the best first."""
    present: QuerySet[Ownership] = Ownership.objects.visible_to(user).filter(until=None).select_related("dwelling")
    return named(present, text, name="name", limit=limit)


def search_tenants(user: Any, text: str, limit: int) -> list[Tenancy]:
    """Return who rents a home of the user's reach and is called so, or whose phone ends so; the best first."""
    present: QuerySet[Tenancy] = Tenancy.objects.visible_to(user).filter(until=None).select_related("dwelling")
    return named(present, text, name="contact", limit=limit)


def search_facilities(user: Any, text: str, limit: int) -> list[Facility]:
    """Return the facilities of the user's reach that fit what was typed: name, pinyin, initials, place in words."""
    return list(matching(facilities_for(user), [query_terms(text)])[:limit])
