"""Cases as plain rows, for tests that count them."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from linli.areas.models import Area
from linli.cases.choices import Mechanism, Source, State
from linli.cases.models import Case, Category
from linli.core import clock

_numbers = count(1)


def make_category(code: str = "lamp", name: str = "路灯", **values: Any) -> Category:
    """Return the category of a code, made if it is not there."""
    defaults = {
        "name": name,
        "name_en": code,
        "mechanism": Mechanism.COORDINATION,
        "accept_minutes": 60,
        "answer_minutes": 480,
    }
    return Category.objects.get_or_create(code=code, defaults=defaults | values)[0]


def make_case(area: Area, reported_at: datetime | None = None, **values: Any) -> Case:
    """Write one case in an area as a plain row, without its steps."""
    moment = reported_at or clock.now()
    fields: dict[str, Any] = {
        "number": f"T{next(_numbers):05d}",
        "mechanism": Mechanism.COORDINATION,
        "state": State.REPORTED,
        "category": values.pop("category", None) or make_category(),
        "text": "路灯不亮",
        "area": area,
        "path": area.path,
        "source": Source.STAFF,
        "discovered_at": moment,
        "reported_at": moment,
    }
    return Case.objects.create(**fields | values)
