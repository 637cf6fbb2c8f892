"""Facilities on their way out, registered with exports."""

from __future__ import annotations

from operator import attrgetter

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.exports import kinds
from linli.exports.kinds import Asked, Filters
from linli.exports.listing import Shown, listing
from linli.housing.choices import Condition
from linli.housing.models import Facility, ListItem
from linli.housing.queries.facilities import FacilityFilters, facilities_for

SHOWN = (
    Shown("name", pgettext_lazy("column", "Name"), 16, lambda found: found.name),
    Shown("kind", pgettext_lazy("column", "Kind"), 14, lambda found: found.kind.label),
    Shown(
        "community",
        pgettext_lazy("column", "Community"),
        14,
        lambda found: found.area.parent.name if found.area.parent else "",
    ),
    Shown("grid", pgettext_lazy("column", "Grid"), 12, lambda found: found.area.name),
    Shown("place", pgettext_lazy("column", "Place"), 24, lambda found: found.place),
    Shown("condition", pgettext_lazy("column", "Condition"), 10, lambda found: str(Condition(found.condition).label)),
    Shown("owner", pgettext_lazy("column", "Belongs to"), 16, lambda found: found.owner),
    Shown("keeper", pgettext_lazy("column", "Looked after by"), 16, lambda found: found.keeper),
    *(
        Shown(name, label, 12, attrgetter(name), usual=False)
        for name, label in (
            ("installed_on", pgettext_lazy("column", "Set up on")),
            ("next_inspection_on", pgettext_lazy("column", "Next look at it")),
            ("longitude", pgettext_lazy("column", "Longitude")),
            ("latitude", pgettext_lazy("column", "Latitude")),
        )
    ),
)


def register() -> None:
    """Let people who may take facilities out of the ledger."""
    facilities = listing(
        gettext_lazy("Facilities"),
        page="facility-list",
        ability="areas.view",
        shown=SHOWN,
        filters=("kind", "condition", "due", "q"),
        found=_found,
        told=_told,
    )
    kinds.register("facilities", facilities)


def _found(asked: Asked) -> QuerySet[Facility]:
    chosen = FacilityFilters.from_query(asked.filters)
    return facilities_for(asked.by, chosen).filter(within(asked.paths(scope_paths(asked.by, "areas.view"))))


def _told(filters: Filters) -> list[str]:
    chosen = FacilityFilters.from_query(filters)
    told = [item.label for item in ListItem.objects.filter(code=chosen.kind, kind="facility")] if chosen.kind else []
    if chosen.condition:
        told.append(str(Condition(chosen.condition).label))
    return [*told, chosen.text] if chosen.text else told
