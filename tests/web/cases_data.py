"""Cases of the cast, made through the actions, for the tests of the case pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linli.accounts.rules import SYSTEM
from linli.cases import actions
from linli.cases.models import Case, Category
from linli.core import clock
from tests.cast import Cast, middle
from tests.once import once

HOUR = timedelta(hours=1)


def presets() -> None:
    """Load the categories and the working calendar that an installation begins with."""
    once("presets", lambda: actions.load_presets(SYSTEM))


def category(mechanism: str) -> Category:
    """Return a category whose usual way is this one."""
    return Category.objects.filter(mechanism=mechanism, children=None).order_by("code")[0]


def new_case(cast: Cast, mechanism: str = "coordination", *, by: Any = None, **values: Any) -> Case:
    """Report a case in the first grid; the grid worker reports unless somebody else is named."""
    return report(cast, mechanism, by=by, **values).case


def report(cast: Cast, mechanism: str = "coordination", *, by: Any = None, **values: Any) -> actions.Reported:
    """Report a case in the first grid, and return it with the token of the resident's link."""
    longitude, latitude = middle(0)
    fields: dict[str, Any] = {
        "category": category(mechanism),
        "mechanism": mechanism,
        "text": "三号楼前路灯不亮",
        "area": cast.grid,
        "longitude": longitude,
        "latitude": latitude,
    }
    return actions.report_case(actions.NewCase(**fields | values), by=by or cast.worker)


def from_resident(cast: Cast, mechanism: str = "coordination", **values: Any) -> Case:
    """Report a case as a resident who left a phone number."""
    fields = {"by": actions.RESIDENT, "contact": "13900001234"}
    return new_case(cast, mechanism, **fields | values)


def answered(cast: Cast, case: Case) -> Case:
    """Take a case of co-ordination up to the answer, by the community and its heating company."""
    case = actions.accept_case(case, by=cast.worker)
    case = actions.hand_up_case(case, by=cast.worker, note="要社区协调")
    case = actions.dispatch_case(case, by=cast.leader, to=cast.heating, note="请去看看")
    case = actions.handle_case(case, by=cast.department, note="灯泡换了")
    return actions.reply_to_case(case, by=cast.department, note="灯已经亮了")


def make_late(case: Case) -> None:
    """Move the promises of a case into the past."""
    Case.objects.filter(pk=case.pk).update(due_at=clock.now() - HOUR, answer_due_at=clock.now() - HOUR)
