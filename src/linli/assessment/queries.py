"""The first dashboard: figures of cases by place and category, counted in the database.

Every figure is a condition on cases. The same condition opens the rows behind the number, so the two can't differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.assessment.choices import Figure, Rate
from linli.assessment.periods import Period
from linli.cases.choices import Closing
from linli.cases.models import Case, Category
from linli.cases.workflow import OPEN_STATES
from linli.core import clock
from linli.core.paths import covers, within

# Rate → numerator, denominator. Who said nothing, or could not be asked, is in no denominator of satisfaction.
RATES: Mapping[Rate, tuple[Figure, Figure]] = {
    Rate.ON_TIME: (Figure.ON_TIME, Figure.PROMISED),
    Rate.CONFIRMED: (Figure.CONFIRMED, Figure.ASKED),
    Rate.SATISFIED: (Figure.SATISFIED, Figure.RATED),
}
GOOD_RATING = 4
SATISFYING = Q(rating__gte=GOOD_RATING)


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

    counts: Mapping[str, int] = field(default_factory=dict)

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
        Figure.SATISFIED: closed & SATISFYING,
    }
    return conditions[figure]


def rows_behind(cases: QuerySet[Case], figure: Figure, period: Period) -> QuerySet[Case]:
    """Return the cases that a figure counts, out of those given."""
    return cases.filter(condition_of(figure, period))


def dashboard_areas(user: Any) -> QuerySet[Area]:
    """Return the areas whose figures a user may see, in the order of their codes."""
    return Area.objects.visible_to(user).current().exclude(level=Level.MICROGRID).order_by("code")


def dashboard(user: Any, area: Area, period: Period, level: str) -> Dashboard:
    """Return the figures of an area for a period, split by the areas of a level below it and by category."""
    cases = Case.objects.visible_to(user).filter(within([area.path])).order_by()
    by_path = _tallies(cases, "path", period)
    by_category = _tallies(cases, "category_id", period)
    below = list(dashboard_areas(user).under(area).filter(level=level))
    rows = [AreaRow(row, _sum(counts for path, counts in by_path.items() if covers(row.path, path))) for row in below]
    categories = Category.objects.filter(pk__in=by_category)
    return Dashboard(
        area=area,
        period=period,
        total=_sum(by_path.values()),
        by_area=rows,
        by_category=[CategoryRow(category, Tally(by_category[category.pk])) for category in categories],
    )


def shares_by_grid(user: Any, area: Area, period: Period, rate: Rate) -> list[tuple[Area, Share]]:
    """Return one rate of every grid of an area, with its boundary, for the map."""
    cases = Case.objects.visible_to(user).filter(within([area.path])).order_by()
    tallies = _tallies(cases, "path", period, RATES[rate])
    grids = dashboard_areas(user).under(area).filter(level=Level.GRID)
    return [(grid, Tally(tallies.get(grid.path, {})).share(rate)) for grid in grids]


def open_counts(user: Any, paths: Iterable[str]) -> dict[str, Tally]:
    """Return path → open and late cases of these grids, as far as a user sees them."""
    now = clock.now()
    cases = Case.objects.visible_to(user).filter(path__in=list(paths), state__in=OPEN_STATES).order_by()
    rows = cases.values("path").annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    return {row["path"]: Tally({Figure.OPEN: row["open"], Figure.LATE: row["late"]}) for row in rows}


def _tallies(
    cases: QuerySet[Case], by: str, period: Period, figures: Iterable[Figure] = tuple(Figure)
) -> dict[Any, dict[str, int]]:
    """Return group → figure → count, in one query."""
    counts = {str(figure): Count("pk", filter=condition_of(figure, period)) for figure in figures}
    relevant = Q()
    for figure in figures:
        relevant |= condition_of(figure, period)
    # The aliases must not hide columns of the same name.
    aliased = {f"count_{name}": count for name, count in counts.items()}
    rows = cases.filter(relevant).values(by).annotate(**aliased)
    return {row[by]: {name: row[f"count_{name}"] for name in counts} for row in rows}


def _sum(tallies: Iterable[Mapping[str, int]]) -> Tally:
    total: dict[str, int] = {}
    for counts in tallies:
        for figure, count in counts.items():
            total[figure] = total.get(figure, 0) + count
    return Tally(total)
