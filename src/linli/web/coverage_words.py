"""What the coverage check found, in words, each with the way to where it is seen and to what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.areas.choices import Level, Measure
from linli.assessment.choices import CoverageKind
from linli.assessment.models import CoverageFinding
from linli.web.links import link


@dataclass(frozen=True)
class FindingLine:
    """One finding: what it is about, what is wrong, and the next step."""

    title: str
    url: str
    note: str
    households: int
    action: str = ""
    action_url: str = ""


def advice(kind: CoverageKind) -> str:
    """Say what a kind of finding means and what mends it."""
    return {
        CoverageKind.GAP: _("Lies inside the boundary and in no grid. Draw the grids beside it up to each other."),
        CoverageKind.OVERLAP: _("Lies in two grids at once. Decide for one, and draw the other one back."),
        CoverageKind.OUTSIDE: _("A grid reaches beyond the place that it belongs to. Draw one of the two anew."),
        CoverageKind.NO_GRID: _(
            "Belong to no grid, so no worker sees them. Choose the grid on the page of the building."
        ),
        CoverageKind.TWO_GRIDS: _("The ledger names one grid and the map shows another. Put right whichever is wrong."),
        CoverageKind.ASTRAY: _("Are kept under another place than the building. Tell whoever looks after the server."),
        CoverageKind.NO_WORKER: _(
            "Nobody holds a post of worker or assistant. Until somebody does, the next level answers."
        ),
        CoverageKind.SIZE: _("Divide them anew, or say why they may stay as they are."),
        CoverageKind.NOT_DRAWN: _("Have no boundary, so that no place on the map leads to them."),
        CoverageKind.UNDIVIDED: _("Nobody has divided them yet."),
        CoverageKind.FORECAST: _(
            "Planned buildings will make them too large. Plan the division before people move in."
        ),
        CoverageKind.EXPLAINED: _("Somebody said why, and it was accepted. Nothing is to be done."),
    }[kind]


def line_of(user: Any, finding: CoverageFinding) -> FindingLine:
    """Say one finding; the ways are those that the user may go."""
    kind, area = CoverageKind(finding.kind), finding.area
    title, url = _where(user, finding)
    action, action_url = _mended(user, finding)
    own = _own(kind, finding)
    place = full_name(area) if finding.building_id else _above(area)
    note = " · ".join(part for part in (place, own) if part)
    return FindingLine(title, url, note, finding.households, action, action_url)


def _above(area: Any) -> str:
    """Return the street of a community; a grid is named with its community already."""
    return str(area.parent.name) if area.level == Level.COMMUNITY and area.parent else ""


def full_name(area: Any) -> str:
    """Return the name of a place; of a grid with that of its community, because grids are called alike."""
    return f"{area.parent.name} {area.name}" if area.level == Level.GRID and area.parent else str(area.name)


def band_words(detail: dict[str, Any]) -> str:
    """Say size and band of a finding: 612 households; 200 to 500 are asked."""
    values = {"size": detail["size"], "low": detail["low"], "high": detail["high"]}
    size = detail["size"]
    if detail["measure"] == Measure.BUILDINGS:
        told = ngettext(
            "%(size)d building; %(low)d to %(high)d are asked",
            "%(size)d buildings; %(low)d to %(high)d are asked",
            size,
        )
    else:
        told = ngettext(
            "%(size)d household; %(low)d to %(high)d are asked",
            "%(size)d households; %(low)d to %(high)d are asked",
            size,
        )
    return told % values


def forecast_words(name: str, month: date, households: int) -> str:
    """Say how many households a grid will have: 第五网格 2027年6月会到 621 户."""
    values = {"grid": name, "month": date_format(month, "YEAR_MONTH_FORMAT"), "households": households}
    return _("%(grid)s: %(households)d households in %(month)s") % values


def _own(kind: CoverageKind, finding: CoverageFinding) -> str:
    detail = finding.detail
    match kind:
        case CoverageKind.GAP | CoverageKind.OVERLAP | CoverageKind.OUTSIDE:
            told = ngettext("%(parts)d place, %(m2)s m²", "%(parts)d places, %(m2)s m²", detail["parts"])
            return told % {"parts": detail["parts"], "m2": f"{detail['m2']:,}"}
        case CoverageKind.NO_GRID:
            return _no_grid_words(detail)
        case CoverageKind.TWO_GRIDS:
            return _("on the map in %(grids)s") % {"grids": _(", ").join(detail["map"])}
        case CoverageKind.ASTRAY:
            return _("homes elsewhere: %(homes)d") % {"homes": detail["homes"]}
        case CoverageKind.SIZE:
            return band_words(detail)
        case CoverageKind.EXPLAINED:
            return f"{band_words(detail)} · {detail['reason']}"
        case CoverageKind.FORECAST:
            month = date.fromisoformat(f"{detail['month']}-01")
            now = _("now %(now)d; at most %(high)d are asked") % {"now": detail["now"], "high": detail["high"]}
            return f"{forecast_words(finding.area.name, month, detail['size'])} · {now}"
        case _:
            return ""


def _no_grid_words(detail: dict[str, Any]) -> str:
    if detail.get("off_map"):
        return _("on the map outside every grid")
    return _("its grid is closed") if detail.get("closed") else _("in no grid yet")


def _where(user: Any, finding: CoverageFinding) -> tuple[str, str]:
    area, building = finding.area, finding.building
    if building is not None:
        url = link("building", str(building.pk)) if user.has_perm("people.view", building) else ""
        return building.address, url
    if area.level == Level.GRID:
        return full_name(area), link("grid", area.code)
    if area.level == Level.COMMUNITY:
        return area.name, link("community", area.code)
    return area.name, link("map", under=area.code)


# What only other boundaries can mend.
DRAWN_ANEW = (
    CoverageKind.GAP,
    CoverageKind.OVERLAP,
    CoverageKind.OUTSIDE,
    CoverageKind.UNDIVIDED,
    CoverageKind.NOT_DRAWN,
)


def _mended(user: Any, finding: CoverageFinding) -> tuple[str, str]:
    """Return the next step of whoever may do it: its name and address."""
    kind, area = CoverageKind(finding.kind), finding.area
    if kind in (CoverageKind.NO_GRID, CoverageKind.TWO_GRIDS) and finding.building is not None:
        # Whoever keeps the buildings of the whole community; a grid worker cannot move one to another grid.
        if user.has_perm("housing.edit", area.parent if area.level == Level.GRID else area):
            return _("Choose its grid"), link("building-edit", str(finding.building_id))
    elif kind == CoverageKind.NO_WORKER:
        if user.has_perm("posts.edit", area):
            return _("Appoint somebody"), link("post-list", area=area.code)
        if user.has_perm("posts.cover", area):
            return _("See the vacancies"), link("vacancy-list")
    elif kind == CoverageKind.SIZE and user.has_perm("areas.explain", area):
        return _("Give a reason"), link("grid-reason", area.code)
    elif kind == CoverageKind.EXPLAINED and user.has_perm("areas.explain", area):
        return _("Change the reason"), link("grid-reason", area.code)
    elif kind == CoverageKind.FORECAST:
        return _("See what is built"), link("planned-list", under=area.code)
    elif kind in DRAWN_ANEW and user.has_perm("grids.plan", area):
        return _("Draw its grids anew"), link("grid-plans")
    return "", ""
