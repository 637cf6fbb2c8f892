"""What a new installation begins with: categories, holidays, working hours. Never touches what is there already."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import transaction

from linli.accounts.rules import require
from linli.areas.models import Area, Department
from linli.cases.categories import presets
from linli.cases.models import CalendarDay, Category, Route, WorkingSpan
from linli.core.workcalendar import DayKind, WorkingHours, seed_days
from linli.journal import actions as journal

YEARS = range(2025, 2028)
# Reading them takes a while, and they do not change while a process runs.
published_days = cache(seed_days)


@transaction.atomic
def load_presets(by: Any) -> None:
    """Add the categories, calendar days and working hours that are missing. A year not yet published adds no day."""
    require(by, "areas.edit")
    added = {"categories": _load_categories(), "days": _load_days(), "spans": _load_spans()}
    journal.record(by, "cases.load_presets", object_type="cases.category", detail=added)


@transaction.atomic
def set_route(category: Category, area: Area, department: Department, *, by: Any) -> Route:
    """Send the cases of a category, or of a whole group, to a department in this subtree."""
    require(by, "areas.edit", area)
    route, _made = Route.objects.update_or_create(category=category, area=area, defaults={"department": department})
    detail = {"category": category.code, "area": area.code, "department": department.code}
    journal.record(by, "cases.set_route", route, area_path=area.path, detail=detail)
    return route


def _load_categories() -> int:
    known = {category.code: category for category in Category.objects.all()}
    added = 0
    for position, preset in enumerate(presets()):
        if preset.code in known:
            continue
        known[preset.code] = Category.objects.create(
            code=preset.code,
            name=preset.name,
            name_en=preset.name_en,
            parent=known.get(preset.group),
            mechanism=preset.mechanism,
            severity=preset.severity,
            accept_minutes=preset.accept_minutes,
            answer_minutes=preset.answer_minutes,
            offered_to_residents=preset.offered_to_residents,
            position=position,
        )
        added += 1
    return added


def _load_days() -> int:
    known = set(CalendarDay.objects.dates("date", "year"))
    missing = [year for year in YEARS if year not in {day.year for day in known}]
    days = [
        CalendarDay(date=day, is_working=kind is DayKind.WORKDAY, name=name)
        for year in missing
        for day, kind, name in published_days(year)
    ]
    CalendarDay.objects.bulk_create(days)
    return len(days)


def _load_spans() -> int:
    if WorkingSpan.objects.exists():
        return 0
    spans = [WorkingSpan(starts=starts, ends=ends) for starts, ends in WorkingHours().spans]
    WorkingSpan.objects.bulk_create(spans)
    return len(spans)
