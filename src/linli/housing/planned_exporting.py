"""Planned buildings on their way out, registered with exports."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.exports import kinds
from linli.exports.kinds import Asked, Filters
from linli.exports.listing import Shown, listing
from linli.housing.choices import SiteState
from linli.housing.models import PlannedBuilding
from linli.housing.queries.planned import PlannedFilters, planned_for

SHOWN = (
    Shown("name", pgettext_lazy("column", "Name"), 20, lambda found: found.name),
    Shown("community", pgettext_lazy("column", "Community"), 14, lambda found: found.community.name),
    Shown("grid", pgettext_lazy("column", "Grid"), 12, lambda found: found.grid.name if found.grid else ""),
    Shown("households", pgettext_lazy("column", "Households to come"), 12, lambda found: found.households),
    Shown("expected_on", pgettext_lazy("column", "Lived in from"), 12, lambda found: f"{found.expected_on:%Y-%m}"),
    Shown("state", pgettext_lazy("column", "State"), 10, lambda found: str(SiteState(found.state).label)),
    Shown("note", pgettext_lazy("column", "Note"), 24, lambda found: found.note),
    Shown("longitude", pgettext_lazy("column", "Longitude"), 12, lambda found: found.longitude, usual=False),
    Shown("latitude", pgettext_lazy("column", "Latitude"), 12, lambda found: found.latitude, usual=False),
)


def register() -> None:
    """Let people who may take planned buildings out of the register."""
    planned = listing(
        gettext_lazy("Planned buildings"),
        page="planned-list",
        ability="areas.view",
        shown=SHOWN,
        filters=("state", "q"),
        found=_found,
        told=_told,
    )
    kinds.register("planned", planned)


def _found(asked: Asked) -> QuerySet[PlannedBuilding]:
    chosen = PlannedFilters.from_query(asked.filters)
    return planned_for(asked.by, chosen).filter(within(asked.paths(scope_paths(asked.by, "areas.view"))))


def _told(filters: Filters) -> list[str]:
    chosen = PlannedFilters.from_query(filters)
    told = [str(SiteState(chosen.state).label)] if chosen.state in SiteState.values else []
    return [*told, chosen.text] if chosen.text else told
