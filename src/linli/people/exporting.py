"""Households, people and corrections on their way out, registered with exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.scope import scope_paths
from linli.core.masking import mask_id_number, mask_phone
from linli.core.paths import within
from linli.exports import kinds
from linli.exports.kinds import Asked, Column, ExportKind, Filters, Row
from linli.housing.choices import Occupancy
from linli.housing.models import Building
from linli.people.choices import CorrectionState, Presence, Registration, Relation, Sex, Standing
from linli.people.models import Correction, Household, Person, Residence
from linli.people.queries import HouseholdFilters, narrowed_to

# So many buildings are read at a time: a few thousand people, whatever the size of the list.
BUILDINGS_AT_A_TIME = 30
CHUNK = 1000
# A filter that only forms set: one row for each household.
HEADS = "heads"
_PRESENT_HEADS = Q(until=None, relation=Relation.HEAD)

FIELDS: dict[str, str | Promise] = {
    "id_number": gettext_lazy("ID number"),
    "phone": gettext_lazy("Phone"),
    "birth_date": gettext_lazy("Date of birth"),
}


@dataclass(frozen=True)
class Source:
    """A column, where its value comes from, and the values in words where they are codes."""

    column: Column
    path: Any
    words: Callable[[], dict[Any, str]] | None = None


def _said(choices: Any) -> Callable[[], dict[Any, str]]:
    """Return a function that gives value → word in the present language."""
    return lambda: {value: str(label) for value, label in choices.choices if value}


def _residence_words() -> dict[Any, str]:
    """Return what workbooks call it, by where somebody is registered and lives."""
    here, elsewhere, unknown = Registration.HERE, Registration.ELSEWHERE, Registration.UNKNOWN
    lives, nearby, away = Presence.HERE, Presence.NEARBY, Presence.AWAY
    words = {
        (here, lives): _("registered and living here"),
        (elsewhere, lives): _("come from elsewhere"),
        (here, away): _("gone elsewhere"),
        (here, nearby): _("registered here, living nearby"),
        (unknown, lives): _("living here"),
    }
    return {f"{registration} {presence}": word for (registration, presence), word in words.items()}


_HOME = "household__dwelling__"
_HEAD_NAME = Subquery(
    Residence.objects.filter(household=OuterRef("household"), until=None, relation=Relation.HEAD)
    .order_by("pk")
    .values("person__name")[:1]
)
PEOPLE = (
    Source(Column("address", pgettext_lazy("column", "Address"), 30), f"{_HOME}address"),
    Source(
        Column("community", pgettext_lazy("column", "Community"), 14, usual=False), f"{_HOME}building__community__name"
    ),
    Source(Column("grid", pgettext_lazy("column", "Grid"), 12, usual=False), f"{_HOME}building__grid__name"),
    Source(
        Column("compound", pgettext_lazy("column", "Compound"), 14, usual=False), f"{_HOME}building__compound__name"
    ),
    Source(Column("building", pgettext_lazy("column", "Building"), 10, usual=False), f"{_HOME}building__name"),
    Source(Column("entrance", pgettext_lazy("column", "Entrance"), 8, usual=False), f"{_HOME}entrance"),
    Source(Column("room", pgettext_lazy("column", "Room"), 8, usual=False), f"{_HOME}room"),
    Source(Column("household", pgettext_lazy("column", "Household number"), 14, usual=False), "household__number"),
    Source(Column("relation", pgettext_lazy("column", "Relation to the head"), 12), "relation", _said(Relation)),
    Source(Column("name", pgettext_lazy("column", "Name"), 10), "person__name"),
    Source(Column("sex", pgettext_lazy("column", "Sex"), 6), "person__sex", _said(Sex)),
    Source(Column("birth_date", pgettext_lazy("column", "Date of birth"), 12), "person__birth_date"),
    Source(Column("id_number", pgettext_lazy("column", "ID number"), 20, mask=mask_id_number), "person__id_number"),
    Source(Column("phone", pgettext_lazy("column", "Phone"), 14, mask=mask_phone), "person__phone"),
    Source(Column("registration", pgettext_lazy("column", "Registration"), 14), "registration", _said(Registration)),
    Source(Column("presence", pgettext_lazy("column", "Living"), 14), "presence", _said(Presence)),
    Source(
        Column("registered_address", pgettext_lazy("column", "Registered address"), 30, usual=False),
        "person__registered_address",
    ),
    Source(Column("employer", pgettext_lazy("column", "Place of work"), 20, usual=False), "person__employer"),
    Source(Column("since", pgettext_lazy("column", "Since"), 12, usual=False), "since"),
    Source(Column("head_name", pgettext_lazy("column", "Head of household"), 10, usual=False), _HEAD_NAME),
    Source(
        Column("residence_status", pgettext_lazy("column", "Residence"), 12, usual=False),
        Concat("registration", Value(" "), "presence"),
        _residence_words,
    ),
    Source(
        Column("renting", pgettext_lazy("column", "Let"), 8, usual=False),
        f"{_HOME}occupancy",
        lambda: {Occupancy.RENTED: _("yes"), Occupancy.OWN: _("no"), Occupancy.EMPTY: _("no")},
    ),
    Source(
        Column("occupancy", pgettext_lazy("column", "Use of the home"), 14, usual=False),
        f"{_HOME}occupancy",
        _said(Occupancy),
    ),
)
SOURCES = {source.column.name: source for source in PEOPLE}
_IN_ORDER = ("building__path", "sort_key", "pk")

HOUSEHOLDS = (
    Column("address", pgettext_lazy("column", "Address"), 30),
    Column("head", pgettext_lazy("column", "Head of household"), 14),
    Column("residents", pgettext_lazy("column", "Residents"), 10),
    Column("occupancy", pgettext_lazy("column", "Use of the home"), 14),
    Column("phone", pgettext_lazy("column", "Phone of the head"), 14, mask=mask_phone, usual=False),
    Column("number", pgettext_lazy("column", "Household number"), 14, usual=False),
    Column("grid", pgettext_lazy("column", "Grid"), 12, usual=False),
)
CORRECTIONS = (
    Column("name", pgettext_lazy("column", "Name"), 10),
    Column("address", pgettext_lazy("column", "Address"), 30),
    Column("field", pgettext_lazy("column", "Column"), 12),
    Column("written", pgettext_lazy("column", "As written"), 22, mask=lambda written: _masked_written(written)),
    Column("found_at", pgettext_lazy("column", "Found"), 16),
)


def register() -> None:
    """Let people who may take households, people and corrections out of the ledgers."""
    filters = ("q", "building", "standing")
    shared: dict[str, Any] = {"list_name": "household-list", "ability": "people.view", "filters": filters}
    kinds.register(
        "households",
        ExportKind(
            gettext_lazy("Households"),
            **shared,
            columns=HOUSEHOLDS,
            count=_count_households,
            rows=_households,
            told=households_told,
        ),
    )
    kinds.register(
        "people",
        ExportKind(
            gettext_lazy("People"),
            **shared,
            columns=tuple(source.column for source in PEOPLE),
            count=count_people,
            rows=people_rows,
            told=households_told,
        ),
    )
    kinds.register(
        "corrections",
        ExportKind(
            gettext_lazy("To correct"),
            list_name="correction-list",
            ability="people.edit",
            columns=CORRECTIONS,
            filters=(),
            count=lambda asked: _corrections(asked).count(),
            rows=_correction_rows,
        ),
    )


def households_asked(asked: Asked) -> Q:
    """Return which households are asked for: those of the list as it is narrowed, within the area."""
    scope = within(asked.paths(scope_paths(asked.by, "people.view"))) & Q(ended_on=None)
    return scope & narrowed_to(asked.by, HouseholdFilters.from_query(asked.filters))


def households_told(filters: Filters) -> list[str]:
    """Return in words what a list of households is narrowed to."""
    chosen = HouseholdFilters.from_query(filters)
    told: list[str] = []
    if chosen.building is not None:
        told += Building.objects.filter(pk=chosen.building).values_list("address", flat=True)
    if chosen.standing:
        told.append(str(Standing(chosen.standing).label))
    if chosen.text.strip():
        told.append(_("“%(words)s”") % {"words": chosen.text})
    return told


def _buildings(condition: Q) -> list[list[int]]:
    """Return the buildings of some households in the order of the list, some at a time."""
    lived_in = Household.objects.filter(condition).order_by().values("dwelling__building")
    found = list(
        Building.objects.filter(pk__in=lived_in).order_by("path", "sort_key", "pk").values_list("pk", flat=True)
    )
    return [found[start : start + BUILDINGS_AT_A_TIME] for start in range(0, len(found), BUILDINGS_AT_A_TIME)]


def _count_households(asked: Asked) -> int:
    return Household.objects.filter(households_asked(asked)).count()


def count_people(asked: Asked) -> int:
    """Return how many people live in the households that are asked for; of them only the heads, where that is asked."""
    if asked.filters.get(HEADS):
        households = Household.objects.filter(households_asked(asked)).order_by().values("pk")
        return Residence.objects.filter(_PRESENT_HEADS, household__in=households).count()
    if HouseholdFilters.from_query(asked.filters) == HouseholdFilters():
        # Everybody who lives somewhere carries the path of the home.
        return Person.objects.filter(within(asked.paths(scope_paths(asked.by, "people.view")))).count()
    households = Household.objects.filter(households_asked(asked)).order_by().values("pk")
    return Residence.objects.filter(until=None, household__in=households).count()


def people_rows(asked: Asked) -> Iterator[Row]:
    """Yield one row for each person of the households that are asked for, home by home, the head first."""
    condition = households_asked(asked)
    sources = [SOURCES[name] for name in asked.columns]
    words = [(place, source.words()) for place, source in enumerate(sources) if source.words]
    order = [f"{_HOME}{name}" for name in _IN_ORDER]
    for buildings in _buildings(condition):
        # Asked for first and given as numbers: PostgreSQL orders no more than eight tables by itself, and would join
        # everybody to everything before it looks which households are meant.
        homes = list(Household.objects.filter(condition, dwelling__building__in=buildings).values_list("pk", flat=True))
        present = _PRESENT_HEADS if asked.filters.get(HEADS) else Q(until=None)
        found = Residence.objects.filter(present, household__in=homes).order_by(*order, "household_id", "pk")
        for values in found.values_list(*(source.path for source in sources)).iterator(chunk_size=CHUNK):
            if not words:
                yield values
                continue
            cells = list(values)
            for place, said in words:
                cells[place] = said.get(cells[place], "")
            yield cells


def _households(asked: Asked) -> Iterator[Row]:
    condition = households_asked(asked)
    said = _said(Occupancy)()
    order = [f"dwelling__{name}" for name in _IN_ORDER]
    for buildings in _buildings(condition):
        found = Household.objects.filter(condition, dwelling__building__in=buildings)
        found = found.select_related("dwelling__building__grid").defer(
            "dwelling__building__geometry", "dwelling__building__grid__geometry", "dwelling__building__grid__bounds"
        )
        for household in _with_members(found, asked).order_by(*order, "pk"):
            cells = _household_cells(household, said)
            yield [cells[name]() for name in asked.columns]


def _with_members(found: QuerySet[Household], asked: Asked) -> QuerySet[Household]:
    members = Residence.objects.filter(until=None).select_related("person").order_by("pk")
    hidden = ["person__id_number", "person__search_terms"] + ([] if "phone" in asked.columns else ["person__phone"])
    return found.prefetch_related(Prefetch("residences", queryset=members.defer(*hidden), to_attr="members"))


def _household_cells(household: Household, said: dict[Any, str]) -> dict[str, Callable[[], Any]]:
    members: list[Residence] = household.members  # type: ignore[attr-defined]
    heads = [member for member in members if member.relation == Relation.HEAD] or members
    dwelling, grid = household.dwelling, household.dwelling.building.grid
    return {
        "address": lambda: dwelling.address,
        "head": lambda: heads[0].person.name if heads else "",
        "residents": lambda: len(members),
        "occupancy": lambda: said.get(dwelling.occupancy, ""),
        "phone": lambda: heads[0].person.phone if heads else "",
        "number": lambda: household.number,
        "grid": lambda: grid.name if grid else "",
    }


def _corrections(asked: Asked) -> QuerySet[Correction]:
    reached = within(asked.paths(scope_paths(asked.by, "people.edit")))
    return Correction.objects.filter(reached, state=CorrectionState.OPEN)


def _correction_rows(asked: Asked) -> Iterator[Row]:
    present = Residence.objects.filter(until=None).select_related("household__dwelling")
    found = _corrections(asked).select_related("person").defer("person__id_number", "person__phone").order_by("pk")
    found = found.prefetch_related(Prefetch("person__residences", queryset=present, to_attr="present"))
    for row in found.iterator(chunk_size=CHUNK):
        homes: list[Residence] = row.person.present  # type: ignore[attr-defined]
        cells: dict[str, Any] = {
            "name": row.person.name,
            "address": homes[0].household.dwelling.address if homes else "",
            "field": str(FIELDS.get(row.field, row.field)),
            "written": row.written,
            "found_at": row.found_at,
        }
        yield [cells[name] for name in asked.columns]


def _masked_written(written: str | None) -> str:
    """Mask a value that may be an ID number, a phone or a date that nobody can read."""
    text = written or ""
    digits = sum(character.isdigit() for character in text)
    # A number under fifteen digits is masked as a phone, which hides it whole when it is no phone either.
    return text if digits < 9 else (mask_id_number(text) if digits >= 15 else mask_phone(text))
