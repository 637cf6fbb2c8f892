"""What the tests of cases share: presets and routes, and shorthands to bring a case into any state."""

from __future__ import annotations

from datetime import datetime
from itertools import count

import pytest
from django.core.cache import cache

from linli.accounts.rules import SYSTEM
from linli.areas.queries import GEOMETRY_VERSION
from linli.cases.actions import load_presets, set_route
from linli.cases.models import Category
from tests.cast import Cast
from tests.once import once

VERSIONS = count(1000, 100)


@pytest.fixture
def scene(cast: Cast, tuesday: datetime) -> Cast:
    """The cast on a Tuesday morning, with categories, calendar and one route: heating goes to the heating company."""
    # Each test has grids of its own: the index of the test before must not be asked.
    cache.set(GEOMETRY_VERSION, next(VERSIONS), timeout=None)
    once("scene", lambda: _begin(cast))
    return cast


def _begin(cast: Cast) -> None:
    load_presets(SYSTEM)
    set_route(Category.objects.get(code="supply"), cast.street_area, cast.heating, by=SYSTEM)
