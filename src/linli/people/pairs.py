"""What the pages show of possible duplicates: the queue, a pair side by side, mergings, homes with two households.

Whoever does not reach one of the two sees that the other is concerned, and nothing else of the one out of reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.masking import mask_id_number, mask_phone
from linli.core.paths import covers, within
from linli.people.choices import DuplicateState, Sex, Side
from linli.people.merging import MERGED_FIELDS, seal_of_pair
from linli.people.models import Correction, Duplicate, DuplicateCheck, Household, Merge, Person, Residence
from linli.people.queries import home_of

MOST_SUGGESTED = 1


@dataclass(frozen=True)
class PairLine:
    """A pair as the queue shows it. ``second`` is None where only ``first`` lies in reach."""

    pair: Duplicate
    first: Person
    second: Person | None
    may_decide: bool
    decider: str

    @property
    def homes(self) -> list[str]:
        """Where those live whom the reader may see."""
        shown = [self.first, *([self.second] if self.second is not None else [])]
        return [_address(person) for person in shown]


@dataclass(frozen=True)
class Value:
    """One line of the comparison: how either entry has it, masked, and which one is offered."""

    field: str
    label: str
    first: str
    second: str
    chosen: Side

    @property
    def differs(self) -> bool:
        return self.first != self.second or self.hidden_difference

    @property
    def hidden_difference(self) -> bool:
        """Whether only the masked part differs."""
        return False


@dataclass(frozen=True)
class Number(Value):
    """A masked number; ``same`` tells whether the whole numbers are equal."""

    same: bool = True

    @property
    def hidden_difference(self) -> bool:
        return not self.same


@dataclass(frozen=True)
class Comparison:
    """A pair side by side."""

    line: PairLine
    values: list[Value]
    home: Side
    one_household: bool
    seal: str
    merge: Merge | None

    @property
    def differing(self) -> list[Value]:
        return [value for value in self.values if value.differs]


def duplicates_for(user: Any, state: str = DuplicateState.OPEN) -> QuerySet[Duplicate]:
    """Return the pairs that the user sees in a state, the surest first, with persons and homes.

    Those whose entry moved away or was merged meanwhile are not among them, unless the merging is asked for.
    """
    pairs = Duplicate.objects.visible_to(user).filter(state=state)
    if state != DuplicateState.MERGED:
        pairs = pairs.exclude(Q(first__path="") | Q(second__path=""))
    present = Residence.objects.filter(until=None).select_related("household__dwelling")
    homes = [Prefetch(f"{side}__residences", queryset=present, to_attr="present") for side in Side.values]
    hidden = [f"{side}__{name}" for side in Side.values for name in ("id_number", "phone", "search_terms")]
    return pairs.select_related("first", "second").defer(*hidden).prefetch_related(*homes)


def counted_duplicates(user: Any) -> dict[str, int]:
    """Return state → how many pairs the user sees in it."""
    pairs = Duplicate.objects.visible_to(user)
    waiting = pairs.exclude(Q(first__path="") | Q(second__path="")).order_by()
    return dict(waiting.values_list("state").annotate(Count("pk")))


def lines_of(user: Any, pairs: Sequence[Duplicate]) -> list[PairLine]:
    """Return the pairs of one page as the user may see them; one question for all of them."""
    paths, deciding = scope_paths(user, "people.view"), scope_paths(user, "people.merge")
    names = dict(Area.objects.filter(path__in={pair.path for pair in pairs}).values_list("path", "name"))
    lines = []
    for pair in pairs:
        seen = [person for person in (pair.first, pair.second) if _reached(paths, person.path)]
        may = bool(pair.path) and _reached(deciding, pair.path)
        first, second = (seen[0], seen[1] if len(seen) > 1 else None) if seen else (pair.first, None)
        lines.append(PairLine(pair, first, second, may, names.get(pair.path, "")))
    return lines


def _reached(paths: Iterable[str], path: str) -> bool:
    return any(covers(each, path) for each in paths)


def comparison_for(user: Any, pk: int) -> Comparison:
    """Return a pair side by side. Raises ``Duplicate.DoesNotExist`` unless the user may see both entries."""
    paths = within(scope_paths(user, "people.view"), "first__path") & within(
        scope_paths(user, "people.view"), "second__path"
    )
    present = Residence.objects.filter(until=None).select_related("household__dwelling__building__grid")
    homes = [Prefetch(f"{side}__residences", queryset=present, to_attr="present") for side in Side.values]
    waiting = Duplicate.objects.filter(paths).exclude(state=DuplicateState.MERGED)
    pair = waiting.select_related("first", "second").prefetch_related(*homes).get(pk=pk)
    (line,) = lines_of(user, [pair])
    wrong = set(Correction.objects.filter(person__in=[pair.first, pair.second]).values_list("person", "field"))
    home = _offered_home(pair)
    here = [home_of(person) for person in (pair.first, pair.second)]
    return Comparison(
        line=line,
        values=[_value(pair, name, home, wrong) for name in MERGED_FIELDS],
        home=home,
        one_household=here[0] is not None and here[0] == here[1],
        seal=seal_of_pair(pair),
        merge=None,
    )


def _offered_home(pair: Duplicate) -> Side:
    """Return the home that is offered: the head's in one household, else the one that was written down later."""
    first, second = (next(iter(person.present), None) for person in (pair.first, pair.second))  # type: ignore[attr-defined]
    if first is None or second is None:
        return Side.SECOND if first is None else Side.FIRST
    if first.household_id == second.household_id:
        return Side.SECOND if second.relation == "head" else Side.FIRST
    return Side.SECOND if pair.second.changed_at > pair.first.changed_at else Side.FIRST


LABELS = {
    "name": lambda: _("Name"),
    "sex": lambda: _("Sex"),
    "birth_date": lambda: _("Date of birth"),
    "id_number": lambda: _("ID number"),
    "phone": lambda: _("Phone"),
    "registered_address": lambda: _("Registered address"),
    "employer": lambda: _("Place of work"),
    "note": lambda: _("Note"),
}


def _value(pair: Duplicate, name: str, home: Side, wrong: set[tuple[int, str]]) -> Value:
    one, other = getattr(pair.first, name), getattr(pair.second, name)
    chosen = _offered_value(pair, name, home, wrong)
    shown = (_shown(name, one), _shown(name, other))
    if name in ("id_number", "phone"):
        return Number(name, LABELS[name](), *shown, chosen, same=one == other)
    return Value(name, LABELS[name](), *shown, chosen)


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
        case _:
            return str(value or "")


def merges_for(user: Any) -> QuerySet[Merge]:
    """Return the mergings in force in the user's reach, the newest first, with the person's present home."""
    present = Residence.objects.filter(until=None).select_related("household__dwelling")
    merges = Merge.objects.filter(within(scope_paths(user, "people.merge"), "kept__path"), undone_at=None)
    homes = Prefetch("kept__residences", queryset=present, to_attr="present")
    return merges.select_related("kept", "dropped", "pair").defer("record").prefetch_related(homes)


def doubled_homes(user: Any) -> QuerySet[Household]:
    """Return the households of the user's reach that share their dwelling with another one, in order of addresses."""
    present = Household.objects.visible_to(user).filter(ended_on=None)
    several = present.order_by().values("dwelling").annotate(homes=Count("pk")).filter(homes__gt=1)
    members = Residence.objects.filter(until=None).select_related("person").order_by("pk")
    members = members.defer("person__id_number", "person__phone", "person__search_terms")
    found = present.filter(dwelling__in=several.values("dwelling")).select_related("dwelling")
    return found.prefetch_related(Prefetch("residences", queryset=members, to_attr="members")).order_by(
        "path", "dwelling__address", "pk"
    )


def areas_to_check(user: Any) -> list[Area]:
    """Return the areas that the user may have looked through: those of the posts that may merge."""
    return list(Area.objects.filter(path__in=scope_paths(user, "people.merge")).defer("geometry").order_by("path"))


def last_check(user: Any, area: Area) -> DuplicateCheck | None:
    """Return the newest look through an area, with its work."""
    return DuplicateCheck.objects.visible_to(user).filter(area=area).select_related("job").order_by("-pk").first()


def check_for(user: Any, pk: int) -> DuplicateCheck:
    """Return one look of the user's reach. Raises ``DuplicateCheck.DoesNotExist``."""
    return DuplicateCheck.objects.visible_to(user).select_related("job", "area").get(pk=pk)


def _address(person: Person) -> str:
    home = home_of(person)
    return home.dwelling.address if home is not None else _("no home now")
