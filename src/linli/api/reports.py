"""Reports of residents: no account, a private link instead."""

import json
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import ValidationError as SchemaError

from linli.accounts import ratelimit
from linli.api.access import public
from linli.api.cases import category_of
from linli.api.problems import RateLimited, field_errors
from linli.api.values import PlainText
from linli.cases.actions import RESIDENT, NewCase, report_case, resident_reply
from linli.cases.models import Case
from linli.cases.progress import progress_of
from linli.cases.queries import case_by_token, deadline_of, resident_can
from linli.core import phones
from linli.core.requests import client_address
from linli.files.forms import too_large_words
from linli.files.photos import MAX_PHOTOS, NoPhoto, check_photo
from linli.housing.models import Building
from linli.housing.queries import find_buildings

router = Router(tags=["reports"], auth=None)

LONGEST_TOKEN = 100
Text = Annotated[PlainText, Field(max_length=10_000)]


class ReportBody(Schema):
    """What a resident reports; the place is a position or an address."""

    category: Annotated[PlainText, Field(max_length=40)]
    text: Text
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    address: Annotated[PlainText, Field(max_length=200)] = ""
    contact: Annotated[PlainText, Field(max_length=40)] = ""


class ReplyBody(Schema):
    """The resident's word on the answer."""

    verdict: Literal["confirm", "reopen"]
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    text: Text = ""


# The body is read by hand, because it comes as JSON or as a form.
OPENAPI: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": ReportBody.model_json_schema()} for kind in ("application/json", "multipart/form-data")
        },
    },
    "responses": {201: {"description": "number, token and url of the private link"}},
}


@router.post("/reports", openapi_extra=OPENAPI)
@public("report")
def create_report(request: HttpRequest) -> Any:
    """Report something, as JSON or as a multipart form with up to six files ``photo``."""
    if getattr(request, "upload_too_large", False):
        return field_errors([("photo", too_large_words())])
    try:
        body = ReportBody.model_validate(_fields(request))
    except SchemaError as error:
        return field_errors((".".join(map(str, found["loc"])), found["msg"]) for found in error.errors())
    category = category_of(body.category)
    if not category.offered_to_residents:
        raise ValidationError({"category": _("There is no such category. Choose one from the list.")})
    new = NewCase(
        category=category,
        text=body.text,
        longitude=body.lon,
        latitude=body.lat,
        building=_building(body),
        place=body.address,
        contact=_contact(body.contact),
    )
    made = report_case(new, by=RESIDENT, photos=_photos(request))
    url = request.build_absolute_uri(reverse("follow", args=[made.token]))
    return JsonResponse({"number": made.case.number, "token": made.token, "url": url}, status=201)


def _fields(request: HttpRequest) -> Any:
    if request.content_type == "application/json":
        try:
            return json.loads(request.body)
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
            raise ValidationError(_("This is no JSON document.")) from None
    return {name: value for name, value in request.POST.items() if value != ""}


def _building(body: ReportBody) -> Building | None:
    if body.lon is not None and body.lat is not None:
        return None
    if not body.address:
        return None
    found = find_buildings(body.address)
    if not found:
        raise ValidationError({"address": _("We don't know this address. Give a compound and a building.")})
    return found[0]


def _contact(written: str) -> str:
    checked = phones.check(written)
    if written and not checked.ok:
        raise ValidationError({"contact": _("This is no phone number. A mobile number has 11 digits.")})
    return checked.value


def _photos(request: HttpRequest) -> list[bytes]:
    files = request.FILES.getlist("photo")
    if len(files) > MAX_PHOTOS:
        raise ValidationError({"photo": _("Send at most %(most)d photos.") % {"most": MAX_PHOTOS}})
    contents = [file.read() for file in files]
    for content in contents:
        try:
            check_photo(content)
        except NoPhoto as refusal:
            raise ValidationError({"photo": str(refusal)}) from refusal
    return contents


def _followed(request: HttpRequest, token: str) -> Case:
    """Return the case of a link; addresses that guess links are slowed down."""
    address = client_address(request)
    wait = ratelimit.waiting("guess", address)
    if wait:
        raise RateLimited(wait)
    case = case_by_token(token) if len(token) <= LONGEST_TOKEN else None
    if case is None:
        wait = ratelimit.check("guess", address)
        if wait:
            raise RateLimited(wait)
        raise Http404
    return case


def _progress_json(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "state": case.state,
        "promised_by": deadline_of(case).due_at,
        "steps": [{"at": step.at, "text": step.text} for step in progress_of(case)],
        "can": resident_can(case),
    }


@router.get("/reports/{token}")
@public("follow")
def follow_report(request: HttpRequest, token: str) -> dict[str, Any]:
    """Tell how far a report has come, without any name."""
    return _progress_json(_followed(request, token))


@router.post("/reports/{token}/reply")
@public("reply")
def reply_to_report(request: HttpRequest, token: str, body: ReplyBody) -> dict[str, Any]:
    """Confirm that it is solved, or say that it is not yet."""
    _followed(request, token)
    case = resident_reply(token, verdict=body.verdict, rating=body.rating, text=body.text)
    return _progress_json(case)
