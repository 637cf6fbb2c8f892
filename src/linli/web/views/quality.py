"""How complete and how fresh the ledgers are, place by place; a number opens what is still to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.assessment.actions import count_community
from linli.assessment.choices import Age, Fact, FactState, HomeState, Span
from linli.assessment.delays import SOON_DAYS, WEEK_DAYS, delay_report
from linli.assessment.periods import period_of
from linli.assessment.quality import (
    SPLIT,
    Part,
    PlaceRow,
    Quality,
    Report,
    homes_behind,
    people_behind,
    quality_areas,
    report,
)
from linli.assessment.ways import missing_words, way_asked
from linli.core import clock
from linli.core.paging import page_of
from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling
from linli.people.models import Person
from linli.people.queries import home_of, household_numbers, with_homes
from linli.web.links import link

ABILITY = "people.count"


@dataclass(frozen=True)
class Number:
    """A number with its name, and the way to its rows where they are shown."""

    label: str
    count: int
    url: str = ""


@dataclass(frozen=True)
class FactLine:
    """One fact: how complete it is, and the way to where it is missing."""

    label: str
    part: Part
    missing: Number


@dataclass(frozen=True)
class PlaceLine:
    """One place: its numbers, and the way into it."""

    name: str
    url: str
    collection: Part
    not_yet: Number
    completeness: Part
    freshness: Part


@dataclass(frozen=True)
class Row:
    """A person or a home behind a number."""

    title: str
    note: str
    url: str
    told: str
    changed_at: Any = None


@never_cache
@allowed(ABILITY)
def quality_list(request: HttpRequest) -> HttpResponse:
    """Show how complete and how fresh the ledgers of a place are, and of the places below it."""
    area = area_asked(request)
    found = report(request.user, area)
    may_open = _may_open(request.user, area)
    quarter = period_of(Span.QUARTER, clock.today())
    delays = delay_report(request.user, area, quarter).total
    context = _context(request, found, may_open=may_open)
    context |= {"delays": delays, "soon": delays.within(SOON_DAYS), "week": delays.within(WEEK_DAYS)}
    return render(request, "web/quality/list.html", context)


@never_cache
@allowed("people.view")
def quality_rows(request: HttpRequest) -> HttpResponse:
    """List the people or homes behind a number."""
    area = area_asked(request)
    if not _may_open(request.user, area):
        raise PermissionDenied(_("Your post does not allow this."))
    way = way_asked(request.GET)
    if way is None:
        raise Http404
    page, rows = (_homes if way.homes else _people)(request, area, way.condition)
    back = link("quality-list", under=area.code)
    context = {"area": area, "way": way, "title": way.title, "page": page, "rows": rows, "back": back}
    return render(request, "web/quality/rows.html", context)


@require_POST
@allowed(ABILITY)
def quality_count(request: HttpRequest) -> HttpResponse:
    """Count a community anew at once; larger places are counted in the night."""
    area = area_asked(request)
    community = area.parent if area.level == Level.GRID else area
    if area.level not in SPLIT or community is None:
        messages.info(request, _("Open one community, and count that."))
    else:
        count_community(community, clock.now())
        messages.success(request, _("Counted."))
    return redirect(link("quality-list", under=area.code))


def _context(request: HttpRequest, found: Report, *, may_open: bool) -> dict[str, Any]:
    total, code = found.total, found.area.code
    lines = [_place_line(row, may_open=may_open) for row in found.below]
    if found.elsewhere.homes or found.elsewhere.people:
        lines.append(_line(_("in no grid yet"), "", found.elsewhere, ""))
    largest = max((total.age(age) for age in Age), default=0)
    return {
        "area": found.area,
        "total": total,
        "counted_at": found.counted_at,
        "may_count": found.area.level in SPLIT,
        "may_open": may_open,
        "homes": [_home_number(state, total, code if may_open else "") for state in HomeState],
        "facts": [_fact_line(fact, total, code if may_open else "") for fact in Fact],
        "ages": [
            (Number(str(age.label), total.age(age), _way("age", age, code) if may_open else ""), largest) for age in Age
        ],
        "lines": lines,
        "way_up": quality_areas(request.user).filter(children=found.area).first(),
    }


def _place_line(row: PlaceRow, *, may_open: bool) -> PlaceLine:
    code = row.area.code
    return _line(row.area.name, link("quality-list", under=code), row.quality, code if may_open else "")


def _line(name: str, url: str, quality: Quality, code: str) -> PlaceLine:
    return PlaceLine(
        name=name,
        url=url,
        collection=quality.collection,
        not_yet=_home_number(HomeState.NOT_YET, quality, code),
        completeness=quality.completeness(*Fact),
        freshness=quality.freshness,
    )


def _home_number(state: HomeState, quality: Quality, code: str) -> Number:
    # Who prefers not to say is counted and never listed.
    opens = code and state != HomeState.DECLINED
    return Number(str(state.label), quality.home(state), _way("home", state, code) if opens else "")


def _fact_line(fact: Fact, quality: Quality, code: str) -> FactLine:
    missing = quality.fact(fact, FactState.MISSING)
    return FactLine(
        label=str(fact.label),
        part=quality.completeness(fact),
        missing=Number(missing_words(fact), missing, _way("fact", fact, code) if code else ""),
    )


def _way(name: str, value: str, code: str) -> str:
    return link("quality-rows", under=code, **{name: value})


def _people(request: HttpRequest, area: Area, condition: Q) -> tuple[Page[Any], list[Row]]:
    page = page_of(request, people_behind(request.user, area, condition).values_list("pk", flat=True))
    rows = []
    for person in with_homes(Person.objects.visible_to(request.user).filter(pk__in=list(page)).order_by("path", "pk")):
        home = home_of(person)
        url = link("household", home.number) if home is not None else ""
        rows.append(Row(person.name, home.dwelling.address if home else "", url, "", person.changed_at))
    return page, rows


def _homes(request: HttpRequest, area: Area, condition: Q) -> tuple[Page[Any], list[Row]]:
    page = page_of(request, homes_behind(request.user, area, condition))
    numbers = household_numbers(request.user, [home.pk for home in page])
    may_edit = request.user.has_perm("people.edit", area)
    return page, [
        Row(home.address, "", _home_url(home, numbers, may_edit=may_edit), str(Occupancy(home.occupancy).label))
        for home in page
    ]


def _home_url(home: Dwelling, numbers: Mapping[int, str], *, may_edit: bool) -> str:
    if home.pk in numbers:
        return link("household", numbers[home.pk])
    return link("home-move-in", str(home.pk)) if may_edit else ""


def _may_open(user: Any, area: Area) -> bool:
    return bool(user.has_perm("people.view", area))


def area_asked(request: HttpRequest) -> Area:
    """Read the address. An area out of reach is not found; without one the highest of the user's areas is meant."""
    areas = quality_areas(request.user)
    code = request.GET.get("under")
    if code:
        area = areas.filter(code=code).select_related("parent").first()
    else:
        reached = scope_paths(request.user, ABILITY)
        area = areas.filter(path__in=reached).select_related("parent").order_by("path").first()
    if area is None:
        raise Http404
    return area
