"""Reading dwellings and rentals: lists with filters, the four ones, checks, owners and tenancies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from linli.areas.models import Area
from linli.core import clock
from linli.core.paths import within
from linli.core.sheets.addresses import split_address
from linli.core.sheets.text import clean_string, without_spaces
from linli.housing.addresses import door_order
from linli.housing.choices import DwellingKind, ListKind, MarkState, MendState, Occupancy
from linli.housing.facts import counts_since, declined_check, declined_tenancy, was_checked
from linli.housing.models import (
    Building,
    CheckResult,
    Compound,
    Dormitory,
    Dwelling,
    HomeMark,
    ListItem,
    Mend,
    Ownership,
    Plate,
    SafetyCheck,
    Tenancy,
)
from linli.housing.queries.homes import buildings_named, plated
from linli.housing.registries import facts

LONGEST_TEXT = 60
SOON = timedelta(days=30)
IN_ORDER = ("path", "sort_key", "pk")


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else None


@dataclass(frozen=True)
class BuildingFilters:
    """Which buildings to list; rubbish counts as nothing, an area that is not there finds nothing."""

    under: str = ""
    compound: int | None = None
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> BuildingFilters:
        """Read the filters from the query of an address: ``under``, ``compound``, ``q``."""
        return cls(
            under=query.get("under", "")[:20],
            compound=_number(query.get("compound", "")),
            text=query.get("q", "")[:LONGEST_TEXT].strip(),
        )

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return self != BuildingFilters()


@dataclass(frozen=True)
class DwellingFilters:
    """Which dwellings to list; rubbish counts as nothing, an area that is not there finds nothing."""

    under: str = ""
    building: int | None = None
    kind: str = ""
    occupancy: str = ""
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> DwellingFilters:
        """Read the filters from the query of an address: ``under``, ``building``, ``kind``, ``occupancy``, ``q``."""
        kind, occupancy = query.get("kind", ""), query.get("occupancy", "")
        return cls(
            under=query.get("under", "")[:20],
            building=_number(query.get("building", "")),
            kind=kind if kind in DwellingKind.values else "",
            occupancy=occupancy if occupancy in Occupancy.values else "",
            text=query.get("q", "")[:LONGEST_TEXT].strip(),
        )

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.under or self.building or self.kind or self.occupancy or self.text)


@dataclass(frozen=True)
class RentalFilters:
    """Which let dwellings to list.

    ``ones`` is complete, gaps or declined; ``tenancy`` missing, or ending: within a month, or past; ``mends`` open or
    late. Whoever prefers not to has answered, and is in no list of what is missing or overdue.
    """

    under: str = ""
    ones: str = ""
    overdue: bool = False
    tenancy: str = ""
    mends: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> RentalFilters:
        """Read the filters from the query of an address: ``under``, ``ones``, ``check``, ``tenancy``, ``mends``."""
        return cls(
            under=query.get("under", "")[:20],
            ones=query.get("ones", "") if query.get("ones") in ("complete", "gaps", "declined") else "",
            overdue=query.get("check") == "overdue",
            tenancy=query.get("tenancy", "") if query.get("tenancy") in ("missing", "ending") else "",
            mends=query.get("mends", "") if query.get("mends") in ("open", "late") else "",
        )

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.under or self.ones or self.overdue or self.tenancy or self.mends)


@dataclass(frozen=True)
class OneState:
    """One of the four ones of a dwelling; ``derived`` where the ledgers say by themselves how far it is."""

    item: ListItem
    state: str
    derived: bool = False
    on: date | None = None
    by_name: str = ""

    @property
    def label(self) -> str:
        """The state in words."""
        return str(MarkState(self.state).label)


@dataclass(frozen=True)
class FourOnes:
    """The four ones of a dwelling; whoever declined one of them is not asked for it."""

    states: list[OneState]

    @property
    def done(self) -> int:
        """How many are done."""
        return len(self._in(MarkState.DONE))

    @property
    def asked(self) -> int:
        """How many are asked for."""
        return len(self.states) - len(self.declined)

    @property
    def missing(self) -> list[str]:
        """Those that are neither done nor declined."""
        return self._in(MarkState.NOT_YET)

    @property
    def declined(self) -> list[str]:
        """Those that somebody prefers not to."""
        return self._in(MarkState.DECLINED)

    @property
    def check_is_declined(self) -> bool:
        """Whether they prefer not to be checked."""
        return self._declines("check")

    @property
    def tenancy_is_declined(self) -> bool:
        """Whether they prefer not to tell of the tenancy."""
        return self._declines("tenancy")

    def _declines(self, fact: str) -> bool:
        return any(one.item.derived_by == fact and one.state == MarkState.DECLINED for one in self.states)

    def _in(self, state: str) -> list[str]:
        return [one.item.label for one in self.states if one.state == state]


@dataclass(frozen=True)
class LastCheck:
    """When somebody last looked at a dwelling, and when whoever lives there last preferred not to."""

    on: date | None = None
    declined_on: date | None = None


@dataclass(frozen=True)
class DwellingFile:
    """One dwelling on one page."""

    dwelling: Dwelling
    owners: list[Ownership]
    former_owners: list[Ownership]
    tenancy: Tenancy | None
    former_tenancies: list[Tenancy]
    ones: FourOnes
    checks: list[SafetyCheck]
    mends: list[Mend]
    plate: Plate | None
    dormitory: Dormitory | None = None
    points: list[ListItem] = field(default_factory=list)

    @property
    def last_check(self) -> LastCheck:
        """When somebody last looked at it."""
        return _last_check(reversed(self.checks))

    @property
    def check_is_due(self) -> bool:
        """Whether nobody looked at it within the year, and nobody preferred not to."""
        return not self.ones.check_is_declined and all(check.on <= counts_since() for check in self.checks)


def items_of(kind: str) -> list[ListItem]:
    """Return the rows of a list that are in use."""
    return list(ListItem.objects.filter(kind=kind, is_active=True))


def dwellings_listed(user: Any, filters: DwellingFilters) -> QuerySet[Dwelling]:
    """Return the dwellings of the user's reach that fit the filters, in the order of their addresses."""
    found: QuerySet[Dwelling] = Dwelling.objects.visible_to(user)
    found = _under(found, filters.under)
    if filters.building is not None:
        found = found.filter(building=filters.building)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.occupancy:
        found = found.filter(occupancy=filters.occupancy)
    if filters.text:
        found = found.filter(_named(filters.text) | plated(filters.text))
    return found.select_related("building__grid").defer("building__geometry", *_GRID_SHAPES).order_by(*IN_ORDER)


_GRID_SHAPES = ("building__grid__geometry", "building__grid__bounds", "building__search_terms")


def _named(text: str) -> Q:
    """Return the condition that an address as typed asks for: its buildings, and entrance and room if it has them."""
    parsed = split_address(without_spaces(clean_string(text)))
    condition = Q(building__in=[building.pk for building in buildings_named(text)])
    if parsed is not None and parsed.room:
        condition &= Q(room=parsed.room)
        if parsed.entrance:
            condition &= Q(entrance=parsed.entrance)
    return condition


def _under(found: QuerySet[Dwelling], code: str) -> QuerySet[Dwelling]:
    if not code:
        return found
    area = Area.objects.filter(code=code).first()
    return found.filter(within([area.path])) if area is not None else found.none()


def let_dwellings(user: Any, under: str = "") -> QuerySet[Dwelling]:
    """Return the let dwellings of the user's reach."""
    let: QuerySet[Dwelling] = Dwelling.objects.visible_to(user).filter(occupancy=Occupancy.RENTED)
    return _under(let, under)


def rentals_for(user: Any, filters: RentalFilters) -> QuerySet[Dwelling]:
    """Return the let dwellings that fit the filters, with building and present tenancy (``present_tenancies``)."""
    found = let_dwellings(user, filters.under)
    items = items_of(ListKind.FOUR_ONES)
    if filters.ones == "complete":
        found = found.filter(_answered(items))
    elif filters.ones == "gaps":
        found = found.exclude(_answered(items))
    elif filters.ones == "declined":
        found = found.filter(_declined(items))
    if filters.overdue:
        found = found.exclude(was_checked() | declined_check())
    found = found.filter(_let_as(filters.tenancy) & _to_mend(filters.mends))
    present = Tenancy.objects.filter(until=None).defer("phone")
    return (
        found.select_related("building__grid")
        .defer("building__geometry", *_GRID_SHAPES)
        .prefetch_related(Prefetch("tenancy_rows", queryset=present, to_attr="present_tenancies"))
        .order_by(*IN_ORDER)
    )


def _marked(item: ListItem, state: str) -> Q:
    return Q(Exists(HomeMark.objects.filter(dwelling=OuterRef("pk"), item=item, state=state)))


def _done(item: ListItem) -> Q:
    marked = _marked(item, MarkState.DONE)
    return facts.get(item.derived_by).holds() | marked if item.derived_by in facts else marked


def _no(item: ListItem) -> Q:
    """Somebody prefers not to. Where the ledgers know of that, they know how long a note counts."""
    said = facts.get(item.derived_by).declined if item.derived_by in facts else None
    return said() if said is not None else _marked(item, MarkState.DECLINED)


def _answered(items: Iterable[ListItem]) -> Q:
    """Every one of them is done, or somebody prefers not to."""
    condition = Q()
    for item in items:
        condition &= _done(item) | _no(item)
    return condition


def _declined(items: Iterable[ListItem]) -> Q:
    """Somebody prefers not to, for one of them that is not done."""
    condition = Q(pk__in=[])
    for item in items:
        condition |= _no(item) & ~_done(item)
    return condition


def _let_as(tenancy: str) -> Q:
    """Let without a tenancy that is written down, or with one whose agreed end is past or near."""
    present = Tenancy.objects.filter(dwelling=OuterRef("pk"), until=None)
    if tenancy == "missing":
        return ~Q(Exists(present)) & ~declined_tenancy()
    return Q(Exists(present.filter(agreed_until__lte=clock.today() + SOON))) if tenancy == "ending" else Q()


def _to_mend(mends: str) -> Q:
    if mends == "late":
        late = Mend.objects.open().filter(dwelling=OuterRef("pk"), due_on__lt=clock.today())
        return Q(Exists(late))
    return _has_open_mends() if mends == "open" else Q()


def _has_open_mends() -> Q:
    return Q(Exists(Mend.objects.filter(dwelling=OuterRef("pk"), state=MendState.OPEN)))


def four_ones_of(dwellings: Iterable[Dwelling]) -> dict[int, FourOnes]:
    """Return dwelling → its four ones, for the dwellings of one page."""
    keys = [home.pk for home in dwellings]
    items = items_of(ListKind.FOUR_ONES)
    marks = {(mark.dwelling_id, mark.item_id): mark for mark in HomeMark.objects.filter(dwelling__in=keys)}
    told = {item.derived_by: facts.get(item.derived_by) for item in items if item.derived_by in facts}
    done = {name: _with(keys, fact.holds()) for name, fact in told.items()}
    no = {name: _with(keys, fact.declined()) for name, fact in told.items() if fact.declined is not None}
    return {
        key: FourOnes(
            [
                _one(
                    item,
                    marks.get((key, item.pk)),
                    done=key in done.get(item.derived_by, ()),
                    no=key in no[item.derived_by] if item.derived_by in no else None,
                )
                for item in items
            ]
        )
        for key in keys
    }


def _with(keys: list[int], condition: Q) -> set[int]:
    """Return which of some dwellings fulfil a condition."""
    return set(Dwelling.objects.filter(condition, pk__in=keys).order_by().values_list("pk", flat=True))


def _one(item: ListItem, mark: HomeMark | None, *, done: bool, no: bool | None) -> OneState:
    """Return how far one is: ``done`` or declined (``no``) as the ledgers know, else as somebody noted."""
    if done:
        return OneState(item, MarkState.DONE, derived=True)
    state = mark.state if mark is not None else MarkState.NOT_YET
    if no and state == MarkState.NOT_YET:
        return OneState(item, MarkState.DECLINED, derived=True)
    if mark is None or (state == MarkState.DECLINED and no is False):
        return OneState(item, MarkState.NOT_YET)
    return OneState(item, mark.state, on=mark.on, by_name=mark.by_name)


def open_mend_counts(dwellings: Iterable[Dwelling]) -> dict[int, int]:
    """Return dwelling → how much is to be mended there, for the dwellings of one page."""
    counts: dict[int, int] = {}
    keys = [home.pk for home in dwellings]
    for key in Mend.objects.open().filter(dwelling__in=keys).values_list("dwelling_id", flat=True):
        if key is not None:
            counts[key] = counts.get(key, 0) + 1
    return counts


def last_checks(dwellings: Iterable[Dwelling]) -> dict[int, LastCheck]:
    """Return dwelling → when it was last checked, for the dwellings of one page."""
    checks: dict[int, list[SafetyCheck]] = {}
    for check in SafetyCheck.objects.filter(dwelling__in=[home.pk for home in dwellings]).order_by("on", "pk"):
        checks.setdefault(check.dwelling_id, []).append(check)
    return {key: _last_check(rows) for key, rows in checks.items()}


def _last_check(checks: Iterable[SafetyCheck]) -> LastCheck:
    """Return what checks in the order of their days tell."""
    days = {check.declined: check.on for check in checks}
    return LastCheck(days.get(False), days.get(True))


def mends_for(user: Any, *, overdue: bool = False) -> QuerySet[Mend]:
    """Return what is to be mended in the dwellings of the user's reach, the longest overdue first."""
    found = Mend.objects.visible_to(user).open().exclude(dwelling=None).select_related("dwelling", "item")
    if overdue:
        found = found.filter(due_on__lt=clock.today())
    return found.order_by("due_on", "pk")


def dwelling_for(user: Any, pk: int) -> Dwelling:
    """Return one dwelling of the user's reach. Raises ``Dwelling.DoesNotExist``."""
    related = ("building__grid", "building__community", "building__compound")
    found: Dwelling = Dwelling.objects.visible_to(user).select_related(*related).get(pk=pk)
    return found


def compounds_for(user: Any) -> QuerySet[Compound]:
    """Return the compounds of the user's reach, with their communities."""
    found: QuerySet[Compound] = Compound.objects.visible_to(user)
    return found.select_related("community").order_by("community__path", "sort_key", "pk")


def buildings_listed(user: Any, chosen: BuildingFilters | None = None) -> QuerySet[Building]:
    """Return the buildings of the user's reach, compound by compound."""
    chosen = chosen or BuildingFilters()
    found: QuerySet[Building] = Building.objects.visible_to(user)
    if chosen.under:
        area = Area.objects.filter(code=chosen.under).first()
        found = found.filter(within([area.path])) if area is not None else found.none()
    if chosen.compound is not None:
        found = found.filter(compound=chosen.compound)
    if chosen.text:
        found = found.filter(pk__in=[building.pk for building in buildings_named(chosen.text)])
    return (
        found.select_related("compound", "grid", "community")
        .defer("geometry", "search_terms", "grid__geometry", "grid__bounds", "community__geometry", "community__bounds")
        .order_by("community__path", "compound__sort_key", "compound", "sort_key", "pk")
    )


def dwelling_file(user: Any, pk: int) -> DwellingFile:
    """Return all that is kept about one dwelling of the user's reach. Raises ``Dwelling.DoesNotExist``."""
    dwelling = dwelling_for(user, pk)
    owners = list(Ownership.objects.filter(dwelling=dwelling).select_related("dwelling"))
    tenancies = list(Tenancy.objects.filter(dwelling=dwelling).select_related("dwelling"))
    results = CheckResult.objects.select_related("item")
    checks = SafetyCheck.objects.filter(dwelling=dwelling).prefetch_related(Prefetch("results", queryset=results))
    return DwellingFile(
        dwelling=dwelling,
        owners=[owner for owner in owners if owner.until is None],
        former_owners=[owner for owner in owners if owner.until is not None],
        tenancy=next((tenancy for tenancy in tenancies if tenancy.until is None), None),
        former_tenancies=[tenancy for tenancy in tenancies if tenancy.until is not None],
        ones=four_ones_of([dwelling])[dwelling.pk],
        checks=list(checks),
        mends=list(Mend.objects.filter(dwelling=dwelling).select_related("item")),
        plate=Plate.objects.filter(dwelling=dwelling).first(),
        dormitory=Dormitory.objects.filter(dwelling=dwelling).select_related("dwelling").first(),
        points=items_of(ListKind.SAFETY),
    )


def present_tenancy(dwelling: Dwelling) -> Tenancy | None:
    """Return the tenancy of a dwelling that has not ended."""
    found: Tenancy | None = Tenancy.objects.filter(dwelling=dwelling, until=None).select_related("dwelling").first()
    return found


def phone_record(user: Any, dwelling: Dwelling, kind: str, key: int) -> Ownership | Tenancy | Dormitory | None:
    """Return the record of a dwelling that holds a phone: ``owner``, ``tenancy`` or ``dormitory``; None without it."""
    rows: dict[str, QuerySet[Any]] = {
        "owner": Ownership.objects.visible_to(user),
        "tenancy": Tenancy.objects.visible_to(user),
        "dormitory": Dormitory.objects.visible_to(user),
    }
    found: Ownership | Tenancy | Dormitory | None = (
        rows[kind].filter(dwelling=dwelling, pk=key).select_related("dwelling").first() if kind in rows else None
    )
    return found


def plates_of(buildings: Iterable[Building]) -> list[Plate]:
    """Return the plates of buildings as they are printed: the building, its entrances, then its homes."""
    plates = Plate.objects.filter(building__in=[building.pk for building in buildings])
    found = plates.select_related("building", "dwelling").defer("building__geometry", "building__search_terms")
    return sorted(found.order_by("pk"), key=_place_of_plate)


def _place_of_plate(plate: Plate) -> tuple[str, int, str, str]:
    home = plate.dwelling.sort_key if plate.dwelling else ""
    return plate.building.sort_key, plate.building_id, home, door_order(plate.entrance)
