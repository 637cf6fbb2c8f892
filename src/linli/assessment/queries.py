"""The first dashboard: figures of cases by place and category, counted in the database.

Every figure is a condition on cases. The same condition opens the rows behind the number, so the two can't differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from linli.areas.choices import Level
from linli.areas.models import Area, AreaQuerySet
from linli.assessment.choices import Figure, Rate
from linli.assessment.periods import Period
from linli.cases.choices import Closing
from linli.cases.models import Case, Category
from linli.cases.workflow import OPEN_STATES
from linli.core import clock
from linli.core.paths import ancestors, within

# Rate → numerator, denominator. Who said nothing, or could not be asked, is in no denominator of satisfaction.
RATES: Mapping[Rate, tuple[Figure, Figure]] = {
    Rate.ON_TIME: (Figure.ON_TIME, Figure.PROMISED),
    Rate.CONFIRMED: (Figure.CONFIRMED, Figure.ASKED),
    Rate.SATISFIED: (Figure.SATISFIED, Figure.RATED),
}
# The figures that tables show.
COUNTED = (Figure.NEW, Figure.OPEN, Figure.LATE, Figure.SOLVED, Figure.CONFIRMED)
GOOD_RATING = 4

FIGURES = tuple(Figure)

Counts = Mapping[str, int]
Row = Sequence[int]


@dataclass(frozen=True)
class Share:
    """A rate with what it is made of."""

    rate: Rate
    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """The rate in per cent, or None when there is nothing to divide by."""
        return 100 * self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Tally:
    """The figures of one place or category."""

    counts: Counts = field(default_factory=dict)

    def count(self, figure: Figure) -> int:
        """Return one figure."""
        return self.counts.get(figure, 0)

    def share(self, rate: Rate) -> Share:
        """Return one rate."""
        numerator, denominator = RATES[rate]
        return Share(rate, self.count(numerator), self.count(denominator))


@dataclass(frozen=True)
class AreaRow:
    area: Area
    tally: Tally


@dataclass(frozen=True)
class CategoryRow:
    category: Category
    tally: Tally


@dataclass(frozen=True)
class Dashboard:
    """The figures of one place and period; areas in the order of their codes, categories in that of their list."""

    area: Area
    period: Period
    total: Tally
    by_area: list[AreaRow]
    by_category: list[CategoryRow]


def condition_of(figure: Figure, period: Period) -> Q:
    """Return the condition that a case counts for a figure in a period. What is open or late is so at this moment."""
    reported = Q(reported_at__gte=period.start, reported_at__lt=period.end)
    closed = Q(closed_at__gte=period.start, closed_at__lt=period.end)
    answered = Q(answered_at__gte=period.start, answered_at__lt=period.end, answer_due_at__isnull=False)
    asked = Q(closing__in=(Closing.CONFIRMED, Closing.ANSWERED))
    open_now = Q(state__in=OPEN_STATES)
    conditions = {
        Figure.NEW: reported,
        Figure.OPEN: open_now,
        Figure.LATE: open_now & Q(due_at__lt=clock.now()),
        Figure.SOLVED: closed & (asked | Q(closing=Closing.CHECKED)),
        Figure.CONFIRMED: closed & Q(closing=Closing.CONFIRMED),
        Figure.PROMISED: answered,
        Figure.ON_TIME: answered & Q(answered_at__lte=F("answer_due_at")),
        Figure.ASKED: closed & asked,
        Figure.RATED: closed & Q(rating__isnull=False),
        Figure.SATISFIED: closed & Q(rating__gte=GOOD_RATING),
    }
    return conditions[figure]


def rows_behind(cases: QuerySet[Case], figure: Figure, period: Period) -> QuerySet[Case]:
    """Return the cases that a figure counts, out of those given."""
    return cases.filter(condition_of(figure, period))


def dashboard_areas(user: Any) -> AreaQuerySet:
    """Return the areas whose figures a user may see, in the order of their codes."""
    areas: AreaQuerySet = Area.objects.visible_to(user)
    return areas.current().exclude(level=Level.MICROGRID).order_by("code")


def dashboard(user: Any, area: Area, period: Period, level: str) -> Dashboard:
    """Return the figures of an area for a period, split by the areas of a level below it and by category."""
    cases = Case.objects.visible_to(user).filter(within([area.path])).order_by()
    by_path: dict[str, list[Row]] = defaultdict(list)
    by_category: dict[int, list[Row]] = defaultdict(list)
    # One pass over the cases gives both splits.
    for path, category, *counts in _counted(cases, ("path", "category_id"), period):
        by_path[path].append(counts)
        by_category[category].append(counts)
    below = list(dashboard_areas(user).under(area).filter(level=level).defer("geometry", "bounds"))
    rolled_up = _rolled_up(by_path, {row.path for row in below})
    categories = Category.objects.filter(pk__in=by_category)
    return Dashboard(
        area=area,
        period=period,
        total=_sum([counts for listed in by_path.values() for counts in listed]),
        by_area=[AreaRow(row, _sum(rolled_up[row.path])) for row in below],
        by_category=[CategoryRow(category, _sum(by_category[category.pk])) for category in categories],
    )


def figures_for(user: Any, wanted: Mapping[Figure, Period]) -> Tally:
    """Return some figures of all cases that a user sees, each for a period of its own, in one pass."""
    counts = {_alias(figure): Count("pk", filter=condition_of(figure, period)) for figure, period in wanted.items()}
    touched = reduce(or_, (_touched(period) for period in set(wanted.values())))
    found = Case.objects.visible_to(user).filter(touched).order_by().aggregate(**counts)
    return Tally({figure: found[_alias(figure)] for figure in wanted})


def shares_by_grid(user: Any, area: Area, period: Period, rate: Rate) -> list[tuple[Area, Share]]:
    """Return one rate of every grid of an area, with its boundary, for the map."""
    cases = Case.objects.visible_to(user).filter(within([area.path])).order_by()
    figures = RATES[rate]
    tallies = {
        path: Tally(dict(zip(figures, counts, strict=True)))
        for path, *counts in _counted(cases, ("path",), period, figures)
    }
    grids = dashboard_areas(user).under(area).filter(level=Level.GRID)
    return [(grid, tallies.get(grid.path, Tally()).share(rate)) for grid in grids]


def open_counts(user: Any, paths: Iterable[str]) -> dict[str, Tally]:
    """Return path → open and late cases of these grids, as far as a user sees them."""
    now = clock.now()
    cases = Case.objects.visible_to(user).filter(path__in=list(paths), state__in=OPEN_STATES).order_by()
    rows = cases.values("path").annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    return {row["path"]: Tally({Figure.OPEN: row["open"], Figure.LATE: row["late"]}) for row in rows}


def _counted(
    cases: QuerySet[Case], by: tuple[str, ...], period: Period, figures: Iterable[Figure] = FIGURES
) -> Iterator[tuple[Any, ...]]:
    """Return each group with its figures behind it, in one query; groups without a case in the period are left out."""
    counts = {_alias(figure): Count("pk", filter=condition_of(figure, period)) for figure in figures}
    groups = cases.filter(_touched(period)).values(*by).annotate(**counts)
    rows: Iterator[tuple[Any, ...]] = groups.values_list(*by, *counts).iterator(2000)
    return rows


def _touched(period: Period) -> Q:
    """Return what every figure implies: most cases are in no figure of a month, and need no counting."""
    within_period = {"gte": period.start, "lt": period.end}
    moments = ("reported_at", "answered_at", "closed_at")
    touched = (Q(**{f"{moment}__{sign}": at for sign, at in within_period.items()}) for moment in moments)
    return reduce(or_, touched, Q(state__in=OPEN_STATES))


def _alias(figure: str) -> str:
    """Return the name of a count in a query; it must not hide a column of the same name."""
    return f"count_{figure}"


def _rolled_up(by_path: Mapping[str, list[Row]], places: Collection[str]) -> Mapping[str, list[Row]]:
    """Return place → the figures of all paths below it; a path lies in one place at most."""
    found: dict[str, list[Row]] = defaultdict(list)
    for path, listed in by_path.items():
        place = next((ancestor for ancestor in ancestors(path) if ancestor in places), None)
        if place is not None:
            found[place] += listed
    return found


def _sum(rows: Sequence[Row]) -> Tally:
    """Add up rows that each hold every figure, in the order of ``FIGURES``."""
    return Tally(dict(zip(FIGURES, map(sum, zip(*rows, strict=True)), strict=True)) if rows else {})
