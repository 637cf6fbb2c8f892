"""After how many days changes are written down, by kind of change and by place; never by who writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from linli.accounts.access import allowed
from linli.areas.models import Area
from linli.assessment.choices import Change, Span
from linli.assessment.delays import SOON_DAYS, WEEK_DAYS, Delays, delay_report, period_asked, slow_changes
from linli.assessment.periods import Period
from linli.assessment.quality import SPLIT, Part, quality_areas
from linli.core import clock, widgets
from linli.core.paging import PAGE_SIZE
from linli.housing.models import Dwelling
from linli.web.links import link
from linli.web.views.quality import ABILITY, area_asked


@dataclass(frozen=True)
class DelayLine:
    """A place or a kind of change with its figures, and the way into it."""

    name: str
    url: str
    delays: Delays
    soon: Part
    week: Part
    slow_url: str = ""


@dataclass(frozen=True)
class SlowRow:
    """A change that was written down more than a week later."""

    what: str
    place: str
    url: str
    happened: Any
    noted: Any
    days: int


@never_cache
@allowed(ABILITY)
def quality_delays(request: HttpRequest) -> HttpResponse:
    """Show for a month or a quarter how long it took until changes were written down."""
    area, period = area_asked(request), period_asked(request.GET)
    found = delay_report(request.user, area, period)
    opens = request.user.has_perm("people.view", area)
    lines = [
        line_of(row.area.name, row.delays, _way(row.area, period), _slow(row.area, period) if opens else "")
        for row in found.below
    ]
    if found.elsewhere.count or found.elsewhere.unknown:
        lines.append(line_of(_("in no grid yet"), found.elsewhere))
    context = {
        "area": area,
        "period": period,
        "total": line_of(area.name, found.total, "", _slow(area, period) if opens else ""),
        "changes": [line_of(str(change.label), delays) for change, delays in found.by_change],
        "lines": lines,
        "spans": _spans(area, period),
        "before_url": _way(area, period.before),
        "after_url": _way(area, period.after) if period.end <= clock.now() else "",
        "way_up": quality_areas(request.user).filter(children=area).first(),
        "back": link("quality-list", under=area.code),
    }
    return render(request, "web/quality/delays.html", context)


@never_cache
@allowed("people.view")
def quality_slow(request: HttpRequest) -> HttpResponse:
    """List the changes of a place that were written down more than a week later."""
    area, period = area_asked(request), period_asked(request.GET)
    if not request.user.has_perm("people.view", area):
        raise PermissionDenied(_("Your post does not allow this."))
    if area.level not in SPLIT:
        messages.info(request, _("Open one community, and look there."))
        return redirect(_way(area, period))
    page = Paginator(slow_changes(request.user, area, period), PAGE_SIZE).get_page(request.GET.get("page"))
    homes = dict(
        Dwelling.objects.visible_to(request.user)
        .filter(pk__in=[noted.dwelling for noted in page])
        .values_list("pk", "address")
    )
    rows = [
        SlowRow(
            what=str(Change(noted.change).label),
            place=homes.get(noted.dwelling, ""),
            url=link("dwelling", str(noted.dwelling)) if noted.dwelling in homes else "",
            happened=noted.day,
            noted=noted.noted_on,
            days=noted.days,
        )
        for noted in page
    ]
    context = {"area": area, "period": period, "page": page, "rows": rows, "back": _way(area, period)}
    return render(request, "web/quality/slow.html", context)


def line_of(name: str, delays: Delays, url: str = "", slow_url: str = "") -> DelayLine:
    """Return the figures of a place or a kind of change as they are shown."""
    return DelayLine(name, url, delays, delays.within(SOON_DAYS), delays.within(WEEK_DAYS), slow_url)


def _way(area: Area, period: Period) -> str:
    return link("quality-delays", under=area.code, span=period.span, at=period.first)


def _slow(area: Area, period: Period) -> str:
    """Return the way to what took long; in a larger place that is looked at community by community."""
    if area.level not in SPLIT:
        return ""
    return link("quality-slow", under=area.code, span=period.span, at=period.first)


def _spans(area: Area, period: Period) -> list[widgets.Choice]:
    labels = {Span.MONTH: _("This month"), Span.QUARTER: _("This quarter")}
    running = period.start <= clock.now() < period.end
    return [
        widgets.Choice(
            label,
            link("quality-delays", under=area.code, span=span),
            current=running and span == period.span,
        )
        for span, label in labels.items()
    ]
