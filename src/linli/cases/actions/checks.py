"""What a step needs before it can be taken: completed from routes and presets, or refused at the field, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linli.areas.choices import Role
from linli.areas.models import Department, Post
from linli.cases.actions.values import StepValues
from linli.cases.choices import Action, Mechanism, Verdict, WrittenReport
from linli.cases.models import LONGEST_TEXT, Case
from linli.cases.queries import departments_for, officers_of, routed_department
from linli.cases.workflow import Row
from linli.core import clock

RATINGS = range(1, 6)


def complete(case: Case, row: Row, values: StepValues) -> StepValues:
    """Return the values with what routes and presets give. Raises ``ValidationError`` by field, saying what to do."""
    values = replace(values, note=clean_text(values.note, "note"))
    for need in row.needs:
        values = NEEDS[need](case, values)
    if row.action == Action.REPORT_WRITTEN:
        _check_report_kind(case, values)
    if values.rating is not None and values.rating not in RATINGS:
        raise ValidationError({"rating": _("Choose one to five stars.")})
    return values


def clean_text(text: str, field: str) -> str:
    """Return a text without blanks around it. Raises ``ValidationError`` for one that is too long or can't be kept."""
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        over = len(text) - LONGEST_TEXT
        raise ValidationError({field: _("This is %(over)d characters too long. Please shorten it.") % {"over": over}})
    if "\x00" in text:
        raise ValidationError({field: _("There is a character in it that can't be kept. Please type it anew.")})
    return text


def recipient(to: str) -> tuple[Department, Post | None]:
    """Return the department of a code, or the department and post of one of its officers by user name."""
    department = Department.objects.filter(code=to).first()
    if department is not None:
        return department, None
    posts = Post.objects.on(clock.today()).filter(role=Role.DEPARTMENT, holder__username=to, holder__is_active=True)
    officer = posts.select_related("department", "holder", "area").first()
    if officer is None or officer.department is None:
        text = _("There is no department or officer “%(to)s”. Choose one from the list.") % {"to": to}
        raise ValidationError({"to": text})
    return officer.department, officer


def check_not_ahead(moment: datetime, field: str) -> None:
    """Raise ``ValidationError`` for a moment that has not come yet."""
    if moment > clock.now():
        raise ValidationError({field: _("This time has not come yet. Enter when it was.")})


def _need_note(case: Case, values: StepValues) -> StepValues:
    if not values.note:
        raise ValidationError({"note": _("Write a few words here.")})
    return values


def _need_department(case: Case, values: StepValues) -> StepValues:
    department = values.department or routed_department(case)
    if department is None:
        raise ValidationError({"to": _("Choose who is to handle it.")})
    if not departments_for(case).filter(pk=department.pk).exists():
        text = _("%(department)s does not serve this place. Choose another.") % {"department": department.name}
        raise ValidationError({"to": text})
    if values.officer is None and not officers_of(department):
        text = _("Nobody is in office at %(department)s. Choose another.") % {"department": department.name}
        raise ValidationError({"to": text})
    return replace(values, department=department)


def _need_told(case: Case, values: StepValues) -> StepValues:
    told = clean_text(values.told, "told")
    if not told:
        raise ValidationError({"told": _("Write whom you told.")})
    told_at = values.told_at or clock.now()
    check_not_ahead(told_at, "told_at")
    if told_at < case.discovered_at:
        found = f"{clock.local(case.discovered_at):%m-%d %H:%M}"
        text = _("It was found at %(found)s. Nobody can have been told before.") % {"found": found}
        raise ValidationError({"told_at": text})
    return replace(values, told=told, told_at=told_at)


def _need_verdict(case: Case, values: StepValues) -> StepValues:
    if values.verdict not in Verdict.values:
        raise ValidationError({"verdict": _("Choose: approved or not approved.")})
    return values


def _need_mechanism(case: Case, values: StepValues) -> StepValues:
    if values.mechanism not in Mechanism.values:
        raise ValidationError({"mechanism": _("Choose one of the four ways.")})
    if values.mechanism == case.mechanism:
        raise ValidationError({"mechanism": _("It goes this way already. Choose another.")})
    return values


def _need_into(case: Case, values: StepValues) -> StepValues:
    """The two cases of a merge are looked at together, where both are locked."""
    return values


def _check_report_kind(case: Case, values: StepValues) -> None:
    if not values.report_kind:
        return
    if values.report_kind not in WrittenReport.values:
        raise ValidationError({"report_kind": _("Choose: first, follow-up or final report.")})
    first = values.report_kind == WrittenReport.FIRST
    if first and case.written_at is not None:
        raise ValidationError(
            {"report_kind": _("There is a first report already. This is a follow-up or the final one.")}
        )
    if not first and case.written_at is None:
        raise ValidationError({"report_kind": _("The first report comes first.")})


NEEDS: dict[str, Callable[[Case, StepValues], StepValues]] = {
    "note": _need_note,
    "department": _need_department,
    "told": _need_told,
    "verdict": _need_verdict,
    "mechanism": _need_mechanism,
    "into": _need_into,
}
