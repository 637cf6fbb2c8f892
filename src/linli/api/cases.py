"""Cases for staff and programs."""

from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from linli.accounts.rules import SYSTEM
from linli.api.access import allowed
from linli.api.paging import PageParameters, page_json
from linli.api.values import PlainText
from linli.areas.models import Area, Post
from linli.cases.actions import RESIDENT, NewCase, StepValues, report_case, take_step
from linli.cases.actions.checks import recipient
from linli.cases.choices import Action, Mechanism, WrittenReport
from linli.cases.models import Case, Category, Step
from linli.cases.queries import CaseFilters, can, case_for, cases_for, categories_in_use, deadline_of, history_of
from linli.cases.rules import shows_persons
from linli.core import clock

router = Router(tags=["cases"])

Text = Annotated[PlainText, Field(max_length=10_000)]
Code = Annotated[PlainText, Field(max_length=40)]
WITHOUT_ACCOUNT = {RESIDENT.username, SYSTEM.username}
# Steps that are taken through calls of their own, or by the resident and the clock.
NOT_FOR_STAFF = {Action.REPORT, Action.CONFIRM, Action.REOPEN, Action.LAPSE}


class NewCaseBody(Schema):
    """A case as a program hands it over; times without a zone are Shanghai time."""

    category: Code
    mechanism: Mechanism | None = None
    text: Text
    area: Code | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    place: Annotated[PlainText, Field(max_length=200)] = ""
    discovered_at: datetime | None = None


class StepBody(Schema):
    """What a step is given; which of it a step needs stands in the workflow table."""

    version: int | None = None
    note: Text = ""
    to: Code | None = None
    told: Annotated[PlainText, Field(max_length=200)] = ""
    told_at: datetime | None = None
    verdict: Code = ""
    into: Code = ""
    mechanism: Code = ""
    kind: Annotated[WrittenReport | None, Field(description="first, follow_up or final")] = None


def aware(moment: datetime | None) -> datetime | None:
    """Read a time without a zone as Shanghai time."""
    return moment.replace(tzinfo=clock.SHANGHAI) if moment is not None and moment.tzinfo is None else moment


def case_json(case: Case, user: Any) -> dict[str, Any]:
    """Return a case as programs see it: no name, phone or home of a resident, staff only to whom they are named."""
    deadline, named = deadline_of(case), shows_persons(user)
    return {
        "number": case.number,
        "mechanism": case.mechanism,
        "state": case.state,
        "category": case.category.code,
        "text": case.text,
        "area": case.area.code,
        "place": case.place,
        "owner": _post_json(case.owner, named=named),
        "handler": _handler_json(case, named=named),
        "discovered_at": case.discovered_at,
        "reported_at": case.reported_at,
        "due_at": deadline.due_at,
        "late": deadline.late,
        "version": case.version,
        "can": can(user, case),
    }


def _post_json(post: Post | None, *, named: bool) -> dict[str, Any] | None:
    if post is None:
        return None
    holder = post.holder if named else None
    return {
        "role": post.role,
        "username": holder.username if holder else None,
        "name": holder.name if holder else None,
    }


def _handler_json(case: Case, *, named: bool) -> dict[str, Any] | None:
    handler = _post_json(case.handler, named=named)
    department = case.department.code if case.department else None
    return (handler or {}) | {"department": department} if handler or department else None


def _case(request: HttpRequest, number: str) -> Case:
    try:
        return case_for(request.user, number)
    except Case.DoesNotExist:
        raise Http404 from None


def category_of(code: str) -> Category:
    """Return the category of a code. Raises ``ValidationError`` when none in use has it."""
    found = categories_in_use().filter(code=code).first()
    if found is None:
        raise ValidationError({"category": _("There is no such category. Choose one from the list.")})
    return found


@router.get("/cases")
@allowed("cases.view")
def list_cases(
    request: HttpRequest,
    page: PageParameters,
    under: Code = "",
    state: Code = "",
    mechanism: Code = "",
    category: Code = "",
    pile: Code = "",
    q: Annotated[str, Field(max_length=100)] = "",
) -> dict[str, Any]:
    """List the cases that the user may see, newest first."""
    filters = CaseFilters(state=state, mechanism=mechanism, category=category, under=under, pile=pile, q=q)
    cases = cases_for(request.user, filters).prefetch_related("owner__holder")
    return page_json(cases, page, lambda rows: [case_json(case, request.user) for case in rows])


@router.post("/cases", response={201: dict[str, Any]})
@allowed("cases.report")
def create_case(request: HttpRequest, body: NewCaseBody) -> Status[dict[str, Any]]:
    """Register a case. Its place is an area code or a position."""
    area = None
    if body.area is not None:
        area = Area.objects.current().filter(code=body.area).first()
        if area is None:
            raise ValidationError({"area": _("No area has this code.")})
    new = NewCase(
        category=category_of(body.category),
        text=body.text,
        mechanism=body.mechanism,
        area=area,
        longitude=body.lon,
        latitude=body.lat,
        place=body.place,
        discovered_at=aware(body.discovered_at),
    )
    try:
        made = report_case(new, by=request.user)
    except ValidationError as error:
        raise _by_our_names(error) from error
    return Status(201, case_json(_case(request, made.case.number), request.user))


def _by_our_names(error: ValidationError) -> ValidationError:
    """Name the place as this interface does: forms have an address where programs send an area or a position."""
    named = dict(error.error_dict)
    if "address" in named:
        named["area"] = named.pop("address")
    return ValidationError(named)


@router.get("/cases/{number}")
@allowed("cases.view")
def get_case(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return one case."""
    return case_json(_case(request, number), request.user)


@router.get("/cases/{number}/history")
@allowed("cases.view")
def get_history(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """Return the steps of a case from the first on."""
    named = shows_persons(request.user)
    return [_step_json(step, named=named) for step in history_of(_case(request, number))]


def _step_json(step: Step, *, named: bool) -> dict[str, Any]:
    return {
        "at": step.at,
        "by": step.by if named or step.by in WITHOUT_ACCOUNT else None,
        "action": step.action,
        "from": step.source or None,
        "to": step.target,
        "note": step.note,
    }


@router.post("/cases/{number}/actions/{action}")
@allowed("cases.view")
def act(request: HttpRequest, number: str, action: Action, body: StepBody) -> dict[str, Any]:
    """Take one step; ``can`` of the case names those that are open to the user now."""
    if action in NOT_FOR_STAFF:
        raise Http404
    case = _case(request, number)
    take_step(case, action, by=request.user, version=body.version, values=_values(request, body))
    after = Case.objects.visible_to(request.user).filter(pk=case.pk).first()
    # A department that sends a case back does not see it any more.
    return case_json(_case(request, number), request.user) if after else {"number": number}


def _values(request: HttpRequest, body: StepBody) -> StepValues:
    department, officer = recipient(body.to) if body.to else (None, None)
    into = None
    if body.into:
        into = Case.objects.visible_to(request.user).filter(number=body.into).first()
        if into is None:
            raise ValidationError({"into": _("There is no case with this number in your area.")})
    return StepValues(
        note=body.note,
        department=department,
        officer=officer,
        told=body.told,
        told_at=aware(body.told_at),
        verdict=body.verdict,
        into=into,
        mechanism=body.mechanism,
        report_kind=body.kind or "",
    )
