"""The dashboard: how it goes with cases, by place and by category. Every number opens its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import areas_geojson
from linli.areas.scope import scope_paths
from linli.assessment.choices import Figure, Rate, Span
from linli.assessment.periods import Period, day_of, period_of
from linli.assessment.queries import COUNTED, RATES, Share, Tally, dashboard, dashboard_areas, shares_by_grid
from linli.core import clock, widgets
from linli.web.case_filters import span_of
from linli.web.links import figure_link, figure_links, link

SPANS = (Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR)
# Where the colours of the map change, in per cent; the middle one is the target.
TARGET = 90
TONES: tuple[tuple[float, str], ...] = (
    (80, "far-below"),
    (TARGET, "below"),
    (95, "above"),
    (98, "well-above"),
)
HIGHEST_TONE = "far-above"
LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID)
MOST_BARS = 8


@dataclass(frozen=True)
class Cell:
    """One number of a table, with the way to its rows."""

    label: str
    value: int
    url: str
    late: bool


@dataclass(frozen=True)
class Line:
    """One row of a table: a place or a category, and its numbers."""

    name: str
    note: str
    url: str
    cells: list[Cell]
    share: Share
    share_url: str


@dataclass(frozen=True)
class Ratio:
    """A rate with its name and the way to the rows it is made of."""

    label: str
    share: Share
    url: str


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a place, a period, and the level that the table is split by."""

    area: Area
    period: Period
    level: Level

    def link(self, **changes: Any) -> str:
        """Return the address of the dashboard with some of it changed."""
        given = {"under": self.area.code, "span": self.period.span, "at": self.period.first, "level": self.level}
        return link("dashboard", **(given | changes))


@allowed("dashboard.view")
def dashboard_page(request: HttpRequest) -> HttpResponse:
    """Show the figures of a place and a period."""
    asked = _asked(request.user, request.GET)
    rate = _rate(request.GET)
    found = dashboard(request.user, asked.area, asked.period, asked.level)
    under = asked.area.code
    by_category = [
        _line(row.category.label, "", "", row.tally, asked.period, under=under, category=row.category.code)
        for row in found.by_category
    ]
    context = {
        "asked": asked,
        "now": clock.now(),
        "ratios": [_ratio(kind, found.total, asked) for kind in Rate],
        "totals": _cells(found.total, asked.period, under=under),
        "spans": _spans(asked),
        "before_url": asked.link(at=asked.period.before.first),
        "after_url": asked.link(at=asked.period.after.first) if asked.period.end <= clock.now() else "",
        "levels": _levels(asked),
        "rates": [widgets.Choice(str(kind.label), asked.link(rate=kind), current=kind == rate) for kind in Rate],
        "rate_label": rate.label,
        "target": TARGET,
        "map_url": link("dashboard-areas", under=under, span=asked.period.span, at=asked.period.first, rate=rate),
        "by_area": [_area_line(row.area, row.tally, asked) for row in found.by_area],
        "by_category": by_category,
        "bars": _bars(by_category),
        "heads": [figure.label for figure in COUNTED],
        "on_time_label": Rate.ON_TIME.label,
        "way_up": _way_up(request.user, asked),
        "may_see_quality": request.user.has_perm("people.count", asked.area),
    }
    return render(request, "web/dashboard/dashboard.html", context)


@allowed("dashboard.view")
def dashboard_areas_geojson(request: HttpRequest) -> JsonResponse:
    """Answer the grids of a place with the tone of one rate, for the map of the dashboard."""
    asked = _asked(request.user, request.GET)
    rate = _rate(request.GET)
    shares = shares_by_grid(request.user, asked.area, asked.period, rate)
    collection = areas_geojson(area for area, _share in shares)
    by_code = {area.code: share for area, share in shares}
    for feature in collection["features"]:
        feature["properties"] |= _shade(feature["properties"]["code"], by_code, asked.period)
    response = JsonResponse(collection, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, no-store"
    return response


def tone_of(value: float | None) -> str:
    """Return the tone of a rate in per cent on the map, empty when there is nothing to show."""
    if value is None:
        return ""
    return next((tone for limit, tone in TONES if value < limit), HIGHEST_TONE)


def _shade(code: str, shares: Mapping[str, Share], period: Period) -> dict[str, str]:
    share = shares[code]
    if not share.denominator:
        return {"detail": _("nothing to count in this time")}
    _numerator, denominator = RATES[share.rate]
    return {
        "tone": tone_of(share.value),
        "detail": f"{share.rate.label} {widgets.percentage(share.numerator, share.denominator)} "
        f"{share.numerator} ÷ {share.denominator}",
        "url": figure_link(denominator, period, under=code),
        "link": _("Open these cases"),
    }


def _asked(user: Any, query: Mapping[str, Any]) -> Asked:
    """Read the address. An area out of reach is not found; without one the highest of the user's areas is meant."""
    areas = dashboard_areas(user)
    code = query.get("under")
    if code:
        area = areas.filter(code=code).first()
    else:
        area = areas.filter(path__in=scope_paths(user, "dashboard.view")).order_by("path").first()
    if area is None:
        raise Http404
    span = span_of(query.get("span"))
    period = period_of(span if span in SPANS else Span.MONTH, day_of(query.get("at")))
    below = _levels_below(area)
    wanted = query.get("level")
    return Asked(area, period, Level(wanted) if wanted in below else below[0])


def _rate(query: Mapping[str, Any]) -> Rate:
    rate = query.get("rate")
    return Rate(rate) if rate in Rate.values else Rate.ON_TIME


def _levels_below(area: Area) -> list[Level]:
    """Return the levels that an area can be split by, the next one first; a grid is split by itself."""
    if area.level not in LEVELS:
        return list(LEVELS[1:])
    return list(LEVELS[LEVELS.index(Level(area.level)) + 1 :]) or [Level.GRID]


def _spans(asked: Asked) -> list[widgets.Choice]:
    labels = {
        Span.WEEK: _("This week"),
        Span.MONTH: _("This month"),
        Span.QUARTER: _("This quarter"),
        Span.YEAR: _("This year"),
    }
    current = asked.period.start <= clock.now() < asked.period.end
    return [
        widgets.Choice(label, asked.link(span=span, at=""), current=current and span == asked.period.span)
        for span, label in labels.items()
    ]


def _levels(asked: Asked) -> list[widgets.Choice]:
    below = _levels_below(asked.area)
    if len(below) == 1:
        return []
    return [widgets.Choice(str(level.label), asked.link(level=level), current=level == asked.level) for level in below]


def _ratio(rate: Rate, total: Tally, asked: Asked) -> Ratio:
    _numerator, denominator = RATES[rate]
    return Ratio(str(rate.label), total.share(rate), figure_link(denominator, asked.period, under=asked.area.code))


def _cells(tally: Tally, period: Period, **filters: str) -> list[Cell]:
    links = figure_links(COUNTED, period, **filters)
    return [
        Cell(
            label=str(figure.label),
            value=tally.count(figure),
            url=links[figure],
            late=figure == Figure.LATE and tally.count(figure) > 0,
        )
        for figure in COUNTED
    ]


def _line(name: str, note: str, url: str, tally: Tally, period: Period, **filters: str) -> Line:
    _numerator, denominator = RATES[Rate.ON_TIME]
    return Line(
        name=name,
        note=note,
        url=url,
        cells=_cells(tally, period, **filters),
        share=tally.share(Rate.ON_TIME),
        share_url=figure_link(denominator, period, **filters),
    )


def _area_line(area: Area, tally: Tally, asked: Asked) -> Line:
    url = "" if area.level == Level.GRID else asked.link(under=area.code, level="")
    return _line(area.name, area.code, url, tally, asked.period, under=area.code)


def _bars(lines: list[Line]) -> list[tuple[Line, Cell, int]]:
    """Return the categories most was reported about, each with its number and the largest number."""
    reported = sorted(((line, line.cells[0]) for line in lines), key=lambda pair: -pair[1].value)
    largest = reported[0][1].value if reported else 0
    return [(line, cell, largest) for line, cell in reported[:MOST_BARS] if cell.value]


def _way_up(user: Any, asked: Asked) -> Area | None:
    """Return the area above, if the user may see its figures."""
    return dashboard_areas(user).filter(children=asked.area).first()
