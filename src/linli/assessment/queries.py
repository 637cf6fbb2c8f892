"""The first dashboard: figures of cases by place and category, counted in the database.

Every figure is a condition on cases. The same condition opens the rows behind the number, so the two can't differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
# Which moment of a case lies in the period of a figure; what is open or late has none. One question counts all figures
# of a moment, from an index that begins with it.
MOMENTS: Mapping[Figure, str] = {
    Figure.NEW: "reported_at",
    Figure.PROMISED: "answered_at",
    Figure.ON_TIME: "answered_at",
    Figure.SOLVED: "closed_at",
    Figure.CONFIRMED: "closed_at",
    Figure.ASKED: "closed_at",
    Figure.RATED: "closed_at",
    Figure.SATISFIED: "closed_at",
}

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
    return _moment_of(figure, period) & _part_of(figure)


def _moment_of(figure: Figure, period: Period) -> Q:
    """Return which cases a figure looks at: those open now, or reported, answered or closed in the period."""
    column = MOMENTS.get(figure)
    if column is None:
        return Q(state__in=OPEN_STATES)
    return Q(**{f"{column}__gte": period.start, f"{column}__lt": period.end})


def _part_of(figure: Figure) -> Q:
    """Return which of these it counts."""
    asked = Q(closing__in=(Closing.CONFIRMED, Closing.ANSWERED))
    promised = Q(answer_due_at__isnull=False)
    parts = {
        Figure.LATE: Q(due_at__lt=clock.now()),
        Figure.SOLVED: asked | Q(closing=Closing.CHECKED),
        Figure.CONFIRMED: Q(closing=Closing.CONFIRMED),
        Figure.PROMISED: promised,
        Figure.ON_TIME: promised & Q(answered_at__lte=F("answer_due_at")),
        Figure.ASKED: asked,
        Figure.RATED: Q(rating__isnull=False),
        Figure.SATISFIED: Q(rating__gte=GOOD_RATING),
    }
    return parts.get(figure, Q())


def rows_behind(cases: QuerySet[Case], figure: Figure, period: Period) -> QuerySet[Case]:
    """Return the cases that a figure counts, out of those given."""
    return cases.filter(condition_of(figure, period))


def dashboard_areas(user: Any) -> AreaQuerySet:
    """Return the areas whose figures a user may see, in the order of their codes."""
    areas: AreaQuerySet = Area.objects.visible_to(user)
    return areas.current().exclude(level=Level.MICROGRID).order_by("code")


def dashboard(user: Any, area: Area, period: Period, level: str) -> Dashboard:
    """Return the figures of an area for a period, split by the areas of a level below it and by category."""
    by_path: dict[str, list[Row]] = defaultdict(list)
    by_category: dict[int, list[Row]] = defaultdict(list)
    for (path, category), counts in _counted(user, area, ("path", "category_id"), period, FIGURES).items():
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
    """Return some figures of all cases that a user sees, each for a period of its own."""
    found: dict[str, int] = {}
    for period in set(wanted.values()):
        for figures in _by_moment(figure for figure in wanted if wanted[figure] == period):
            found |= _looked_at(user, figures[0], period).aggregate(**_counts(figures))
    return Tally({figure: found[_alias(figure)] for figure in wanted})


def shares_by_grid(user: Any, area: Area, period: Period, rate: Rate) -> list[tuple[Area, Share]]:
    """Return one rate of every grid of an area, with its boundary, for the map."""
    figures = RATES[rate]
    counted = _counted(user, area, ("path",), period, figures)
    tallies = {path: Tally(dict(zip(figures, counts, strict=True))) for (path,), counts in counted.items()}
    grids = dashboard_areas(user).under(area).filter(level=Level.GRID)
    return [(grid, tallies.get(grid.path, Tally()).share(rate)) for grid in grids]


def open_counts(user: Any, paths: Iterable[str]) -> dict[str, Tally]:
    """Return path → open and late cases of these grids, as far as a user sees them."""
    now = clock.now()
    cases = Case.objects.visible_to(user).filter(path__in=list(paths), state__in=OPEN_STATES).order_by()
    rows = cases.values("path").annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    return {row["path"]: Tally({Figure.OPEN: row["open"], Figure.LATE: row["late"]}) for row in rows}


def _looked_at(user: Any, figure: Figure, period: Period, area: Area | None = None) -> QuerySet[Case]:
    """Return the cases that a figure looks at, in no order: found by their moment, what is open now by its place."""
    if figure in MOMENTS:
        cases, path = Case.objects.unindexed().visible_to(user, "unindexed_path"), "unindexed_path"
    else:
        cases, path = Case.objects.visible_to(user), "path"
    if area is not None:
        cases = cases.filter(within([area.path], path))
    return cases.filter(_moment_of(figure, period)).order_by()


def _counted(
    user: Any, area: Area, by: tuple[str, ...], period: Period, figures: Sequence[Figure]
) -> dict[tuple[Any, ...], list[int]]:
    """Return group → its figures in their order, one question for each moment; groups without a case are left out."""
    found: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(figures))
    for counted in _by_moment(figures):
        groups = _looked_at(user, counted[0], period, area).values(*by).annotate(**_counts(counted))
        places = [figures.index(figure) for figure in counted]
        for row in groups.values_list(*by, *map(_alias, counted)):
            group = found[row[: len(by)]]
            for place, count in zip(places, row[len(by) :], strict=True):
                group[place] = count
    return found


def _by_moment(figures: Iterable[Figure]) -> list[list[Figure]]:
    """Put together the figures that look at the same cases."""
    together: dict[str | None, list[Figure]] = defaultdict(list)
    for figure in figures:
        together[MOMENTS.get(figure)].append(figure)
    return list(together.values())


def _counts(figures: Iterable[Figure]) -> dict[str, Count]:
    """Return the counts of figures that look at the same cases, to be asked of those cases."""
    parts = {figure: _part_of(figure) for figure in figures}
    # The path is in every index that these are counted from.
    return {_alias(figure): Count("path", filter=part or None) for figure, part in parts.items()}


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
