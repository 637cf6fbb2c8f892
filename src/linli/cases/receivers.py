"""What cases do when something below changes: what is to be mended becomes a case, and is settled when that closes."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from linli.cases.actions import NewCase, report_case
from linli.cases.choices import Mechanism, State
from linli.cases.models import LONGEST_TEXT, Case, Category
from linli.cases.signals import case_changed
from linli.housing.actions import hand_over_mends, reopen_mends, settle_mends, take_up_mend
from linli.housing.models import Mend
from linli.housing.rules import NotPossible
from linli.housing.signals import mend_needed

# Where a row names no category, or one that is not in use.
ANY_CATEGORY = "other"


@receiver(mend_needed)
def open_case(sender: Any, *, mend: Mend, by: Any, **values: Any) -> None:
    """Open a co-ordination case in the grid of what is to be mended, and tell housing its number."""
    made = report_case(_new_case(mend), by=by)
    take_up_mend(mend, made.case.number, by=by)


@receiver(case_changed)
def settle(sender: Any, *, case: Case, step: Any, **values: Any) -> None:
    """Follow a case: closed settles its mends, merged hands them over, reopened opens them again."""
    if step.target == step.source:
        return
    if case.state == State.CLOSED:
        settle_mends(case.number, case.answer, by=step.by)
    elif case.state == State.MERGED and case.merged_into is not None:
        hand_over_mends(case.number, case.merged_into.number, by=step.by)
    elif step.source == State.CLOSED:
        reopen_mends(case.number, by=step.by)


def _new_case(mend: Mend) -> NewCase:
    category, text, way = _category(mend.item.category), _text(mend), Mechanism.COORDINATION
    if mend.dwelling is not None:
        home, building = mend.dwelling, mend.dwelling.building
        area = building.grid or building.community
        return NewCase(category, text, mechanism=way, area=area, building=building, place=home.address)
    facility = mend.facility
    if facility is None:
        raise ValueError("a mend is of a dwelling or of a facility")
    return NewCase(
        category,
        text,
        mechanism=way,
        area=facility.area,
        longitude=facility.longitude,
        latitude=facility.latitude,
        place=facility.place or facility.name,
    )


def _text(mend: Mend) -> str:
    what = f"{mend.item.label}：{mend.text}" if mend.facility is None else f"{mend.facility.name}：{mend.text}"
    if mend.due_on is not None:
        what = _("%(what)s Mend by %(day)s.") % {"what": what, "day": f"{mend.due_on:%Y-%m-%d}"}
    return what[:LONGEST_TEXT]


def _category(code: str) -> Category:
    for wanted in (code, ANY_CATEGORY):
        category = Category.objects.filter(code=wanted, is_active=True).exclude(parent=None).first()
        if category is not None:
            return category
    raise NotPossible(_("There is no category for this yet. Ask the administrator to load the categories."))
