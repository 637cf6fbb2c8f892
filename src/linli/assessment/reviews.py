"""The quarterly review 季度核对: what is looked at in the ledger of a grid, and which grids are through with it.

Nothing is asked here that the ledgers do not ask anyway: each list is one of theirs, for one grid.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from linli.areas.choices import Level
from linli.areas.models import Area, AreaQuerySet
from linli.areas.scope import scope_paths
from linli.assessment.choices import Age, HomeState, Span, ToReview
from linli.assessment.models import Review
from linli.assessment.periods import Period, period_of
from linli.assessment.quality import DAYS, homes, homes_behind, of_home
from linli.core import clock
from linli.core.paths import within
from linli.exchange.staging import visible
from linli.housing.models import Dwelling, Tenancy
from linli.people.choices import CorrectionState, DuplicateState
from linli.people.models import Correction, Duplicate, Household, Residence
from linli.people.pairs import duplicates_for
from linli.people.queries import HouseholdFilters, corrections_for, home_of, households_for

Counts = dict[ToReview, int]


@dataclass(frozen=True)
class GridReview:
    """One grid in one quarter: what is open now, or was open when somebody signed."""

    grid: Area
    review: Review | None
    open: Counts

    @property
    def signed(self) -> bool:
        """Tell whether somebody signed the review off."""
        return self.review is not None and self.review.signed_at is not None

    @property
    def total(self) -> int:
        """Return how much is open."""
        return sum(self.open.values())


@dataclass(frozen=True)
class Item:
    """Something to look at, and what leads to it: a household, a home, a value to put right, or a pair of entries."""

    title: str
    note: str = ""
    at: date | datetime | None = None
    household: str = ""
    dwelling: int | None = None
    correction: int | None = None
    pair: int | None = None


def quarter_of(day: date) -> Period:
    """Return the quarter that a day lies in."""
    return period_of(Span.QUARTER, day)


def review_grids(user: Any) -> AreaQuerySet:
    """Return the grids whose ledgers a user sees, in the order of their codes."""
    grids: AreaQuerySet = Area.objects.filter(within(scope_paths(user, "people.view")))
    return grids.current().filter(level=Level.GRID).select_related("parent").defer(*_DRAWN).order_by("code")


_DRAWN = ("geometry", "bounds", "parent__geometry", "parent__bounds")


def reviews_of(user: Any, grids: Sequence[Area], quarter: Period) -> list[GridReview]:
    """Return how far these grids are in a quarter. What was left of a past one is told by its signature alone."""
    seen = Review.objects.visible_to(user).filter(grid__in=grids, quarter=quarter.first)
    found = {review.grid_id: review for review in seen}
    running = quarter.first <= clock.today() <= quarter.last
    unsigned = [grid.path for grid in grids if found.get(grid.pk) is None or found[grid.pk].signed_at is None]
    counted = open_counts(unsigned) if running and unsigned else {}
    return [
        GridReview(
            grid=grid,
            review=found.get(grid.pk),
            open=counted[grid.path] if grid.path in counted else counts_of(found.get(grid.pk)),
        )
        for grid in grids
    ]


def past_reviews(user: Any, grid: Area) -> QuerySet[Review]:
    """Return the reviews of a grid that were signed off, the last one first."""
    return Review.objects.visible_to(user).filter(grid=grid, signed_at__isnull=False).order_by("-quarter")


def counts_of(review: Review | None) -> Counts:
    """Return what was left when a review was signed off."""
    left = review.still_open if review is not None else {}
    return {kind: left.get(kind, 0) for kind in ToReview}


def open_counts(paths: Collection[str]) -> dict[str, Counts]:
    """Return path → how much of each is open in these grids now."""
    counted: dict[str, Counter[ToReview]] = defaultdict(Counter)
    places: Any = {"path__in": list(paths)}
    wrong = Correction.objects.filter(state=CorrectionState.OPEN, **places)
    over = _over().filter(visible("dwelling"), dwelling__path__in=list(paths))
    sets: tuple[tuple[ToReview, QuerySet[Any], str], ...] = (
        (ToReview.STALE, Household.objects.filter(is_stale(), **places), "path"),
        (ToReview.CORRECTION, wrong, "path"),
        (ToReview.LEASE, over, "dwelling__path"),
        (ToReview.NOBODY, homes().filter(of_home(HomeState.NOT_YET), **places), "path"),
    )
    for kind, rows, column in sets:
        for path, count in rows.order_by().values_list(column).annotate(Count("pk")):
            counted[path][kind] += count
    for pair in _pairs_in(paths).values_list("first__path", "second__path"):
        for path in set(pair) & set(paths):
            counted[path][ToReview.DUPLICATE] += 1
    return {path: {kind: counted[path][kind] for kind in ToReview} for path in paths}


def is_stale(now: datetime | None = None) -> Q:
    """Return the condition on households: nothing of them was written, changed or confirmed within a year."""
    since = (now or clock.now()) - timedelta(days=DAYS[Age.YEAR])
    fresh = Residence.objects.filter(household=OuterRef("pk"), until=None, person__changed_at__gte=since)
    confirmed = Q(confirmed_at=None) | Q(confirmed_at__lt=since)
    return Q(ended_on=None, changed_at__lt=since) & confirmed & ~Q(Exists(fresh))


def rows_to_review(user: Any, grid: Area, kind: ToReview) -> QuerySet[Any]:
    """Return what is open of one kind in a grid, as far as the user sees it; `items_of` says it in words."""
    match kind:
        case ToReview.STALE:
            return households_for(user, HouseholdFilters(under=grid.code)).filter(is_stale())
        case ToReview.CORRECTION:
            return corrections_for(user).filter(within([grid.path]))
        case ToReview.DUPLICATE:
            return duplicates_for(user).filter(pk__in=_pairs_in([grid.path]).values("pk"))
        case ToReview.LEASE:
            over = _over(Tenancy.objects.visible_to(user)).filter(within([grid.path], "dwelling__path"))
            return over.select_related("dwelling").defer("phone").order_by("agreed_until", "pk")
    return homes_behind(user, grid, of_home(HomeState.NOT_YET))


def items_of(rows: Iterable[Any]) -> list[Item]:
    """Return the rows of a page of `rows_to_review` in words."""
    return [_item(row) for row in rows]


def _item(row: Any) -> Item:
    match row:
        case Household():
            names = "、".join(member.person.name for member in row.members)  # type: ignore[attr-defined]
            at = max(filter(None, (row.changed_at, row.confirmed_at)))
            return Item(row.dwelling.address, names, at, household=row.number)
        case Correction():
            home = home_of(row.person)
            return Item(row.person.name, home.dwelling.address if home else "", row.found_at, correction=row.pk)
        case Duplicate():
            return Item(f"{row.first.name} · {row.second.name}", row.certainty_label, row.found_at, pair=row.pk)
        case Tenancy():
            return Item(row.dwelling.address, "", row.agreed_until, dwelling=row.dwelling_id)
    empty: Dwelling = row
    return Item(empty.address, dwelling=empty.pk)


def _over(rows: QuerySet[Tenancy] | None = None) -> QuerySet[Tenancy]:
    """Return the tenancies that last, though their agreed end has passed."""
    found: QuerySet[Tenancy] = Tenancy.objects.all() if rows is None else rows
    return found.filter(until=None, agreed_until__lt=clock.today())


def _pairs_in(paths: Iterable[str]) -> QuerySet[Duplicate]:
    """Return the pairs to be looked at of which one entry lies in these grids."""
    places = list(paths)
    one = Q(first__path__in=places) | Q(second__path__in=places)
    return Duplicate.objects.filter(one, state=DuplicateState.OPEN).order_by()
