"""Declarations on their way out, registered with exports: what the list shows, and nothing else that was said."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.declarations.choices import Declarer, State
from linli.declarations.models import Declaration
from linli.declarations.queries import OPEN, declarations_for, masked_name, state_asked
from linli.declarations.workflow import PREPARES
from linli.exports import kinds
from linli.exports.kinds import Asked, Filters
from linli.exports.listing import Shown, listing

# Of the name only what the list shows, whoever approves: a declaration is no ledger.
SHOWN = (
    Shown("number", pgettext_lazy("column", "Number"), 14, lambda found: found.number),
    Shown("kind", pgettext_lazy("column", "What"), 14, lambda found: found.kind_label),
    Shown("place", pgettext_lazy("column", "Address"), 30, lambda found: found.place),
    Shown("declarer", gettext_lazy("Declared by"), 10, lambda found: str(Declarer(found.declarer).label)),
    Shown("who", pgettext_lazy("column", "Name"), 10, masked_name),
    Shown("day", gettext_lazy("Day"), 12, lambda found: found.day),
    Shown("state", gettext_lazy("Where it stands"), 12, lambda found: found.state_label),
    Shown("declared_at", pgettext_lazy("column", "Declared at"), 16, lambda found: found.declared_at),
    Shown("due_at", gettext_lazy("Due"), 16, lambda found: found.due_at),
)


def register() -> None:
    """Let people who may take the declarations out."""
    declarations = listing(
        gettext_lazy("Declarations"),
        page="declaration-list",
        ability=PREPARES,
        shown=SHOWN,
        filters=("state",),
        found=_declarations,
        told=_told,
    )
    kinds.register("declarations", declarations)


def _declarations(asked: Asked) -> QuerySet[Declaration]:
    found = declarations_for(asked.by, state_asked(asked.filters))
    return found.filter(within(asked.paths(scope_paths(asked.by, PREPARES))))


def _told(filters: Filters) -> list[str]:
    state = state_asked(filters)
    if state in State.values:
        return [str(State(state).label)]
    return [_("Waiting")] if state == OPEN else []
