"""What the tests of cases share: presets and routes, and shorthands to bring a case into any state."""

from __future__ import annotations

from datetime import datetime

import pytest

from linli.accounts.rules import SYSTEM
from linli.cases.actions import load_presets, set_route
from linli.cases.models import Category
from tests.cast import Cast


@pytest.fixture
def scene(cast: Cast, tuesday: datetime) -> Cast:
    """The cast on a Tuesday morning, with categories, calendar and one route: heating goes to the heating company."""
    load_presets(SYSTEM)
    set_route(Category.objects.get(code="supply"), cast.street_area, cast.heating, by=SYSTEM)
    return cast
