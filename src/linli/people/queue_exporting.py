"""What waits for an answer on its way out: moves between grids, who moved away, pairs of entries, what was merged."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.exports import kinds
from linli.exports.kinds import Asked, Filters
from linli.exports.listing import Shown, listing
from linli.people.choices import DuplicateState
from linli.people.models import Departure, Duplicate, Merge, Person, Transfer
from linli.people.pairs import duplicates_for, merges_for, pile_asked, with_makers
from linli.people.queries import home_of
from linli.people.transfers import (
    ASKED,
    SETTLED,
    departures_for,
    destination_words,
    leavers_of,
    transfers_for,
)
from linli.people.transfers import pile_asked as moves_asked

KEEPS, MERGES = "people.edit", "people.merge"

_WHO, _FROM, _DAY = pgettext_lazy("column", "Who"), pgettext_lazy("column", "From"), pgettext_lazy("column", "Day")
TRANSFERS = (
    Shown("people", _WHO, 24, lambda row: "、".join(person.name for person in row.people.all())),
    Shown("from", _FROM, 24, lambda row: row.household.dwelling.building.address),
    Shown("to", pgettext_lazy("column", "To"), 24, lambda row: f"{row.building.address} {row.home}".strip()),
    Shown("day", _DAY, 12, lambda row: row.day),
    Shown("state", gettext_lazy("State"), 12, lambda row: row.get_state_display()),
)
DEPARTURES = (
    Shown("people", _WHO, 24, lambda row: "、".join(line.person.name for line in leavers_of(row))),
    Shown("from", _FROM, 30, lambda row: row.household.dwelling.address),
    Shown("to", gettext_lazy("Where to"), 16, destination_words),
    Shown("day", _DAY, 12, lambda row: row.event.day),
    Shown("consent", gettext_lazy("Goes along"), 16, lambda row: row.get_consent_display()),
)
DUPLICATES = (
    Shown("first", gettext_lazy("One entry"), 12, lambda row: row.first.name),
    Shown("first_home", gettext_lazy("Its address"), 30, lambda row: _address(row.first)),
    Shown("second", gettext_lazy("The other entry"), 12, lambda row: row.second.name),
    Shown("second_home", gettext_lazy("The other address"), 30, lambda row: _address(row.second)),
    Shown("reasons", gettext_lazy("Why they look like one person"), 30, lambda row: _(", ").join(row.reason_labels)),
    Shown("certainty", gettext_lazy("How sure"), 12, lambda row: row.certainty_label),
    Shown("found_at", pgettext_lazy("column", "Found"), 16, lambda row: row.found_at),
)
MERGINGS = (
    Shown("kept", _WHO, 12, lambda row: row[0].kept.name),
    Shown("home", pgettext_lazy("column", "Address"), 30, lambda row: _address(row[0].kept)),
    Shown("dropped", gettext_lazy("The other entry"), 12, lambda row: row[0].dropped.name),
    Shown("made_at", pgettext_lazy("column", "Merged"), 16, lambda row: row[0].made_at),
    Shown("made_by", pgettext_lazy("column", "By"), 12, lambda row: row[1]),
)


def register() -> None:
    """Let people who may take these lists out; what they show of a person is name and address."""
    moves: dict[str, Any] = {"filters": ("pile",), "found": _transfers, "told": _transfers_told}
    pairs: dict[str, Any] = {"filters": ("pile",), "found": _duplicates, "told": _duplicates_told}
    for name, label, page, ability, shown, more in (
        ("transfers", gettext_lazy("Moves between grids"), "transfer-list", KEEPS, TRANSFERS, moves),
        ("departures", gettext_lazy("Moved away"), "departure-list", KEEPS, DEPARTURES, {"found": _departures}),
        ("duplicates", gettext_lazy("The same person twice"), "duplicate-list", MERGES, DUPLICATES, pairs),
        (
            "merges",
            gettext_lazy("Entries merged"),
            "duplicate-list",
            MERGES,
            MERGINGS,
            {"filters": ("pile",), "found": _merges, "looked_up": lambda _asked, rows: with_makers(rows)},
        ),
    ):
        kinds.register(name, listing(label, page=page, ability=ability, shown=shown, **more))


def _transfers(asked: Asked) -> QuerySet[Transfer]:
    return transfers_for(asked.by, moves_asked(asked.filters), asked.paths(scope_paths(asked.by, KEEPS)))


def _transfers_told(filters: Filters) -> list[str]:
    words = {ASKED: _("Asked by us"), SETTLED: _("Settled")}
    return [words.get(moves_asked(filters), _("For us to confirm"))]


def _departures(asked: Asked) -> QuerySet[Departure]:
    return departures_for(asked.by).filter(within(asked.paths(scope_paths(asked.by, KEEPS)), "household__path"))


def _duplicates(asked: Asked) -> QuerySet[Duplicate]:
    paths = asked.paths(scope_paths(asked.by, MERGES))
    either = within(paths, "first__path") | within(paths, "second__path")
    return duplicates_for(asked.by, pile_asked(asked.filters)).filter(either)


def _duplicates_told(filters: Filters) -> list[str]:
    return [str(DuplicateState(pile_asked(filters)).label)]


def _merges(asked: Asked) -> QuerySet[Merge]:
    paths = asked.paths(scope_paths(asked.by, MERGES))
    return merges_for(asked.by).filter(within(paths, "kept__path"))


def _address(person: Person) -> str:
    home = home_of(person)
    return home.dwelling.address if home is not None else _("no home now")
