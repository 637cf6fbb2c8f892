from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.areas.choices import Level
from linli.assessment import queries
from linli.assessment.choices import Figure, Rate, Span
from linli.assessment.periods import Period, period_of
from linli.cases.choices import Closing, State
from linli.cases.models import Case
from linli.core import clock
from tests.assessment.samples import make_case, make_category
from tests.cast import Cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def november(tuesday: datetime) -> Period:
    return period_of(Span.MONTH, clock.today())


def counts(tally: queries.Tally) -> dict[str, int]:
    return {figure: tally.count(Figure(figure)) for figure in Figure}


def closed(cast: Cast, now: datetime, **values: Any) -> Case:
    fields: dict[str, Any] = {
        "state": State.CLOSED,
        "answered_at": now - 2 * HOUR,
        "answer_due_at": now,
        "closed_at": now - HOUR,
        "closing": Closing.CONFIRMED,
    }
    return make_case(cast.grid, now - DAY, **fields | values)


def test_each_figure_counts_its_cases(cast: Cast, tuesday: datetime, november: Period) -> None:
    make_case(cast.grid, tuesday, due_at=tuesday - HOUR)
    make_case(cast.grid, tuesday - 60 * DAY, due_at=tuesday + HOUR)
    closed(cast, tuesday, rating=5)
    closed(cast, tuesday, rating=2, answered_at=tuesday + HOUR)
    closed(cast, tuesday, closing=Closing.ANSWERED)
    closed(cast, tuesday, closing=Closing.CHECKED)
    closed(cast, tuesday, state=State.MERGED, closing=Closing.MERGED, answered_at=None)
    found = queries.dashboard(cast.street, cast.street_area, november, Level.GRID)
    assert counts(found.total) == {
        "new": 6,
        "open": 2,
        "late": 1,
        "solved": 4,
        "confirmed": 2,
        "promised": 4,
        "on_time": 3,
        "asked": 3,
        "rated": 2,
        "satisfied": 1,
    }


def test_every_number_equals_the_rows_behind_it(cast: Cast, tuesday: datetime, november: Period) -> None:
    make_case(cast.grid, tuesday, due_at=tuesday - HOUR)
    closed(cast, tuesday, rating=4)
    closed(cast, tuesday, closing=Closing.ANSWERED)
    total = queries.dashboard(cast.street, cast.street_area, november, Level.GRID).total
    cases = Case.objects.visible_to(cast.street)
    for figure in Figure:
        assert queries.rows_behind(cases, figure, november).count() == total.count(figure) > 0, figure


def test_what_lies_outside_the_period_is_not_counted(cast: Cast, tuesday: datetime, november: Period) -> None:
    make_case(cast.grid, november.start - timedelta(seconds=1), state=State.CLOSED)
    make_case(cast.grid, november.end, state=State.CLOSED)
    make_case(cast.grid, november.start, state=State.CLOSED)
    assert queries.dashboard(cast.street, cast.street_area, november, Level.GRID).total.count(Figure.NEW) == 1


def test_rows_stand_in_the_order_of_codes_and_roll_up(cast: Cast, tuesday: datetime, november: Period) -> None:
    for area in (cast.other_grid, cast.grid, cast.grid, cast.community_area, cast.beside_grid):
        make_case(area)
    grids = queries.dashboard(cast.street, cast.street_area, november, Level.GRID)
    assert [(row.area.code, row.tally.count(Figure.NEW)) for row in grids.by_area] == [
        ("140403007001001", 1),
        ("140403007002001", 2),
        ("140403007002002", 1),
    ]
    communities = queries.dashboard(cast.district, cast.district_area, november, Level.COMMUNITY)
    assert [row.tally.count(Figure.NEW) for row in communities.by_area] == [0, 1, 4]


def test_categories_are_counted_apart(cast: Cast, tuesday: datetime, november: Period) -> None:
    make_case(cast.grid, category=make_category("water", "供水", position=1))
    make_case(cast.grid, category=make_category("lamp", "路灯", position=2))
    make_case(cast.other_grid, category=make_category("lamp"))
    found = queries.dashboard(cast.community, cast.community_area, november, Level.GRID)
    assert [(row.category.code, row.tally.count(Figure.NEW)) for row in found.by_category] == [
        ("water", 1),
        ("lamp", 2),
    ]


def test_nobody_counts_cases_outside_their_areas(cast: Cast, tuesday: datetime, november: Period) -> None:
    make_case(cast.far_grid)
    make_case(cast.other_grid)
    assert queries.dashboard(cast.worker, cast.district_area, november, Level.GRID).total.count(Figure.NEW) == 0
    assert queries.dashboard(cast.outsider, cast.district_area, november, Level.GRID).by_area == []
    assert queries.dashboard(cast.district, cast.district_area, november, Level.GRID).total.count(Figure.NEW) == 2


def test_a_rate_names_what_it_is_made_of(cast: Cast, tuesday: datetime, november: Period) -> None:
    closed(cast, tuesday)
    closed(cast, tuesday, answered_at=tuesday + HOUR)
    total = queries.dashboard(cast.street, cast.street_area, november, Level.GRID).total
    share = total.share(Rate.ON_TIME)
    assert (share.numerator, share.denominator, share.value) == (1, 2, 50.0)
    assert total.share(Rate.SATISFIED).value is None


def test_the_map_shows_the_rate_of_every_grid(cast: Cast, tuesday: datetime, november: Period) -> None:
    closed(cast, tuesday)
    shares = queries.shares_by_grid(cast.community, cast.community_area, november, Rate.ON_TIME)
    assert [(area.code, share.value) for area, share in shares] == [
        ("140403007002001", 100.0),
        ("140403007002002", None),
    ]


def test_open_cases_are_counted_per_grid(cast: Cast, tuesday: datetime) -> None:
    make_case(cast.grid, due_at=tuesday - HOUR)
    make_case(cast.grid, due_at=tuesday + HOUR)
    make_case(cast.grid, state=State.CLOSED)
    make_case(cast.far_grid)
    found = queries.open_counts(cast.community, [cast.grid.path, cast.far_grid.path])
    assert {path: (tally.count(Figure.OPEN), tally.count(Figure.LATE)) for path, tally in found.items()} == {
        cast.grid.path: (2, 1)
    }


def test_the_number_of_queries_does_not_grow(cast: Cast, tuesday: datetime, november: Period) -> None:
    seen = []
    for _more in range(2):
        make_case(cast.grid, category=make_category(f"c{_more}"))
        user = cast.fresh("street")
        with CaptureQueriesContext(
            connection,
        ) as queried:
            queries.dashboard(user, cast.street_area, november, Level.GRID)
        seen.append(len(queried))
    # The posts of the user, one question for each moment of a case, the places, the categories.
    assert seen == [7, 7]


def test_figures_of_a_day_count_what_the_user_sees(cast: Cast, tuesday: datetime) -> None:
    make_case(cast.grid, tuesday)
    make_case(cast.grid, tuesday - DAY)
    make_case(cast.far_grid, tuesday)
    today = period_of(Span.DAY, clock.today())
    found = queries.figures_for(cast.street, {Figure.NEW: today, Figure.OPEN: today})
    assert (found.count(Figure.NEW), found.count(Figure.OPEN)) == (1, 2)
