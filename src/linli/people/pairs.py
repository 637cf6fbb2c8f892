"""What the pages show of people who may stand in the ledger twice: the queue, a pair side by side, what was merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.accounts.queries import names_of
from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.masking import mask_id_number, mask_phone
from linli.people.choices import CorrectionState, DuplicateState, Relation, Sex, Side
from linli.people.merging import MERGED_FIELDS, seal_of_pair
from linli.people.models import Correction, Duplicate, DuplicateCheck, Household, Merge, Person, Residence
from linli.people.queries import home_of

HIDDEN = frozenset({"id_number", "phone"})

LABELS: dict[str, str | Promise] = {
    "name": _("Name"),
    "sex": _("Sex"),
    "birth_date": _("Date of birth"),
    "id_number": _("ID number"),
    "phone": _("Phone"),
    "registered_address": _("Registered address"),
    "employer": _("Place of work"),
    "note": _("Note"),
}


@dataclass(frozen=True)
class Cell:
    """How one entry has a value, as it may be shown; ``wrong`` where it waits to be put right."""

    side: Side
    shown: str
    wrong: bool = False


@dataclass(frozen=True)
class Value:
    """One line of the comparison, and the entry that is offered. ``masked_differ``: only what is hidden differs."""

    field: str
    label: str
    first: Cell
    second: Cell
    chosen: Side
    differs: bool
    masked_differ: bool = False


@dataclass(frozen=True)
class Entry:
    """One of the two entries, and how it stands in the ledger."""

    side: Side
    person: Person
    home: Household | None
    relation: str
    members: int


@dataclass(frozen=True)
class Comparison:
    """A pair side by side."""

    pair: Duplicate
    entries: tuple[Entry, Entry]
    values: list[Value]
    home: Side
    seal: str

    @property
    def differing(self) -> list[Value]:
        """The values of which one has to be chosen."""
        return [value for value in self.values if value.differs]

    @property
    def same_household(self) -> bool:
        """Whether both stand in one household now."""
        first, second = (entry.home for entry in self.entries)
        return first is not None and second is not None and first.pk == second.pk


def pile_asked(query: Mapping[str, str]) -> str:
    """Return which pairs the query of an address asks for."""
    state = query.get("pile", DuplicateState.OPEN)
    return state if state in DuplicateState.values else str(DuplicateState.OPEN)


def duplicates_for(user: Any, state: str = DuplicateState.OPEN) -> QuerySet[Duplicate]:
    """Return the pairs that the user may decide about in a state, the surest first, with persons and homes."""
    hidden = [f"{side}__{name}" for side in Side.values for name in (*HIDDEN, "search_terms")]
    pairs = Duplicate.objects.visible_to(user).filter(state=state).select_related("first", "second")
    return pairs.defer(*hidden).prefetch_related(*_homes(*Side.values))


def counted_duplicates(user: Any) -> dict[str, int]:
    """Return state → how many pairs the user may decide about."""
    return dict(Duplicate.objects.visible_to(user).order_by().values_list("state").annotate(Count("pk")))


def waiting_pairs(user: Any) -> int:
    """Return how many pairs wait for a look; 0 for whoever may not merge."""
    if not user.has_perm("people.merge"):
        return 0
    return Duplicate.objects.visible_to(user).filter(state=DuplicateState.OPEN).count()


def duplicate_for(user: Any, pk: int) -> Duplicate:
    """Return one pair, with persons and homes. Raises ``Duplicate.DoesNotExist``."""
    pairs = Duplicate.objects.visible_to(user).exclude(state=DuplicateState.MERGED)
    return pairs.select_related("first", "second").prefetch_related(*_homes(*Side.values)).get(pk=pk)


def comparison_of(pair: Duplicate) -> Comparison:
    """Return a pair from `duplicate_for` side by side."""
    people = [pair.first, pair.second]
    marks = Correction.objects.filter(person__in=people, state=CorrectionState.OPEN)
    wrong = set(marks.values_list("person", "field"))
    home = _offered_home(pair)
    return Comparison(
        pair=pair,
        entries=(_entry(Side.FIRST, pair.first), _entry(Side.SECOND, pair.second)),
        values=[_value(pair, name, home, wrong) for name in MERGED_FIELDS],
        home=home,
        seal=seal_of_pair(pair),
    )


def merges_for(user: Any) -> QuerySet[Merge]:
    """Return the mergings in force in the user's reach, the newest first, with the person's present home."""
    merges = Merge.objects.visible_to(user).filter(undone_at=None)
    return merges.select_related("kept", "dropped").defer("record").prefetch_related(*_homes("kept"))


def with_makers(merges: Iterable[Merge]) -> list[tuple[Merge, str]]:
    """Return mergings, each with the name of whoever made it."""
    rows = list(merges)
    names = names_of(row.made_by for row in rows)
    return [(row, names.get(row.made_by, row.made_by)) for row in rows]


def areas_to_check(user: Any) -> list[Area]:
    """Return the areas that the user may have looked through: those of the posts that may merge."""
    return list(Area.objects.filter(path__in=scope_paths(user, "people.merge")).defer("geometry").order_by("path"))


def last_check(user: Any) -> DuplicateCheck | None:
    """Return the newest look through an area of the user's reach, with its work."""
    checks = DuplicateCheck.objects.visible_to(user).select_related("job", "area").defer("area__geometry")
    return checks.order_by("-pk").first()


def _homes(*sides: str) -> list[Prefetch[Any]]:
    present = Residence.objects.filter(until=None).select_related("household__dwelling")
    return [Prefetch(f"{side}__residences", queryset=present, to_attr="present") for side in sides]


def _entry(side: Side, person: Person) -> Entry:
    home = home_of(person)
    if home is None:
        return Entry(side, person, None, "", 0)
    row: Residence = person.present[0]  # type: ignore[attr-defined]
    members = Residence.objects.filter(household=home, until=None).count()
    return Entry(side, person, home, row.relation_label, members)


def _offered_home(pair: Duplicate) -> Side:
    """Return the home that is offered: the head's in one household, else the one that was written down later."""
    first, second = (next(iter(person.present), None) for person in (pair.first, pair.second))  # type: ignore[attr-defined]
    if first is None or second is None:
        return Side.SECOND if first is None else Side.FIRST
    if first.household_id == second.household_id:
        return Side.SECOND if second.relation == Relation.HEAD else Side.FIRST
    return Side.SECOND if pair.second.changed_at > pair.first.changed_at else Side.FIRST


def _value(pair: Duplicate, name: str, home: Side, wrong: set[tuple[int, str]]) -> Value:
    one, other = getattr(pair.first, name), getattr(pair.second, name)
    first = Cell(Side.FIRST, _shown(name, one), (pair.first_id, name) in wrong)
    second = Cell(Side.SECOND, _shown(name, other), (pair.second_id, name) in wrong)
    hidden = one != other and first.shown == second.shown
    chosen = _offered_value(pair, name, home, wrong)
    return Value(name, str(LABELS[name]), first, second, chosen, differs=one != other, masked_differ=hidden)


def _offered_value(pair: Duplicate, name: str, home: Side, wrong: set[tuple[int, str]]) -> Side:
    """Return the value that is offered: the one that is there, not marked as wrong, and of the home that stays."""
    good = {
        side: bool(getattr(person, name)) * 2 - ((person.pk, name) in wrong)
        for side, person in ((Side.FIRST, pair.first), (Side.SECOND, pair.second))
    }
    if good[Side.FIRST] == good[Side.SECOND]:
        return home
    return max(good, key=lambda side: good[side])


def _shown(name: str, value: Any) -> str:
    match name:
        case "id_number":
            return mask_id_number(value)
        case "phone":
            return mask_phone(value)
        case "sex":
            return str(Sex(value).label) if value else ""
        case "birth_date":
            return value.isoformat() if value else ""
        case _:
            return str(value or "")
