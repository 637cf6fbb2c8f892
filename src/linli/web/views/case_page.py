"""The page of one case, with its photos, its neighbours on the map and the resident's phone number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.areas.scope import stand_ins_known_to
from linli.cases.actions import renew_link, reveal_contact
from linli.cases.choices import Action, Mechanism, State
from linli.cases.deadlines import Deadline
from linli.cases.forms import StepForm
from linli.cases.models import Case
from linli.cases.queries import (
    Nearby,
    answer_deadline,
    can,
    case_for,
    history_of,
    nearby_cases,
    photo_of,
    photos_of,
    written_deadline,
)
from linli.cases.rules import has_resident, shows_persons
from linli.core import clock
from linli.core.masking import mask_phone
from linli.files.queries import readable_photo
from linli.web.case_forms import ContactPurposeForm
from linli.web.case_story import story_of, waiting_for
from linli.web.case_words import STEPS, doer_of, ordered_steps, progress_line, title_of, way_words
from linli.web.links import link
from linli.web.views.maps import case_pin

# Half the width and height of the map of the neighbourhood, in degrees: about 150 metres.
MAP_REACH = 0.0015


@dataclass(frozen=True)
class Button:
    """A step that this person can take."""

    action: str
    label: str | Promise
    icon: str
    url: str
    filled: bool
    urgent: bool


@dataclass(frozen=True)
class Neighbour:
    """A case close by; ``alike`` tells that it is probably the same matter."""

    case: Case
    title: str
    metres: int
    alike: bool
    merge_url: str


def case_or_404(user: Any, number: str) -> Case:
    """Return a case that the user may see; to everybody else it is not there."""
    try:
        return case_for(user, number)
    except Case.DoesNotExist:
        raise Http404 from None


@allowed("cases.view")
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case."""
    return render(request, "web/cases/case.html", _context(request.user, case_or_404(request.user, number)))


@allowed("cases.view")
def case_photo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Answer a photo of a case, once it was re-drawn without its hidden data."""
    case = case_or_404(request.user, number)
    photo = photo_of(case, pk)
    content = readable_photo(photo.upload) if photo is not None else None
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


@allowed("cases.view")
def case_nearby(request: HttpRequest, number: str) -> JsonResponse:
    """Answer the case's neighbours as points for the small map of its page; the list below it leads to them."""
    case = case_or_404(request.user, number)
    pins = [case_pin(near.case, linked=False) for near in nearby_cases(case, request.user)]
    response = JsonResponse({"type": "FeatureCollection", "features": pins})
    response["Cache-Control"] = "private, no-store"
    return response


@allowed("cases.reveal_contact")
def case_contact(request: HttpRequest, number: str) -> HttpResponse:
    """Ask what the resident's phone number is needed for, then show it for half a minute."""
    case = case_or_404(request.user, number)
    require(request.user, "cases.reveal_contact", case)
    if not case.contact:
        raise Http404
    form = ContactPurposeForm(request.POST if request.method == "POST" else None)
    context = {
        "case": case,
        "reveal_title": _("Phone of the resident"),
        "reveal_url": link("case-contact", number),
        "reveal_form": form,
    }
    status = 200
    template = "core/parts/reveal_form.html" if request.htmx else "web/cases/contact.html"  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        context["revealed_label"] = _("Phone of the resident")
        context["revealed_value"] = reveal_contact(case, by=request.user, purpose=form.cleaned_data["reason"])
        template = "core/parts/revealed.html" if request.htmx else "web/cases/contact.html"  # type: ignore[attr-defined]
    elif form.is_bound:
        status = 422
    return _unstored(render(request, template, context, status=status))


@allowed("cases.renew_link")
def case_link(request: HttpRequest, number: str) -> HttpResponse:
    """Give the resident a new private link; the old one ends. It is shown once."""
    case = case_or_404(request.user, number)
    require(request.user, "cases.renew_link", case)
    context: dict[str, Any] = {"case": case, "title": title_of(case)}
    status = 200
    if request.method == "POST":
        try:
            token = renew_link(case, by=request.user)
            context["follow_url"] = request.build_absolute_uri(reverse("follow", args=[token]))
        except ValidationError as error:
            context["refused"], status = " ".join(error.messages), 409
    return _unstored(render(request, "web/cases/link.html", context, status=status))


def _unstored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _context(user: Any, case: Case) -> dict[str, Any]:
    actions = can(user, case)
    named = shows_persons(user)
    away = stand_ins_known_to(user)
    doer = doer_of(case, away, named=named)
    followed = has_resident(user, case)
    return {
        "case": case,
        "title": title_of(case),
        "way": way_words(case),
        "doer": doer,
        "owner": _owner(case, named=named),
        "turn": waiting_for(case, doer),
        "stops": progress_line(case) if case.state != State.MERGED else [],
        "promise": answer_deadline(case),
        "promise_share": _share(case.reported_at, answer_deadline(case)),
        "hour": written_deadline(case) if case.mechanism == Mechanism.EMERGENCY else None,
        "buttons": _buttons(case, actions),
        "story": story_of(case, history_of(case), photos_of(case), named=named),
        "followed": followed,
        "note_form": StepForm(Action.NOTE, case=case, user=user) if Action.NOTE in actions else None,
        "reply_url": link("case-step", case.number, Action.REPLY) if Action.REPLY in actions else "",
        "neighbours": _neighbours(case, nearby_cases(case, user), may_merge=Action.MERGE in actions),
        "merged": list(case.merged_cases.all()),
        "may_renew": followed and user.has_perm("cases.renew_link", case),
        **_contact(user, case),
        **_map(user, case),
    }


def _owner(case: Case, *, named: bool) -> str:
    if case.owner is None:
        return ""
    if named and case.owner.holder is not None:
        return case.owner.holder.name
    return case.owner.title


def _contact(user: Any, case: Case) -> dict[str, str]:
    """Return the masked phone number for those who may ask for it; to all others there is none."""
    if not case.contact or not user.has_perm("cases.reveal_contact", case):
        return {"contact": "", "contact_url": ""}
    return {"contact": mask_phone(case.contact), "contact_url": link("case-contact", case.number)}


def _map(user: Any, case: Case) -> dict[str, str]:
    if case.longitude is None or case.latitude is None:
        return {"marker": ""}
    west, east = case.longitude - MAP_REACH, case.longitude + MAP_REACH
    south, north = case.latitude - MAP_REACH, case.latitude + MAP_REACH
    sees_ground = user.has_perm("areas.view", case)
    return {
        "marker": f"{case.longitude},{case.latitude}",
        "bounds": f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}",
        "areas_url": link("map-areas") if sees_ground else "",
        "buildings_url": link("map-buildings", under=case.area.code) if sees_ground else "",
        "points_url": link("case-nearby", case.number),
    }


def _share(since: datetime, deadline: Deadline) -> int | None:
    """Return how much of the promised time is over, in per cent; None where no clock runs."""
    if deadline.due_at is None or deadline.met_at is not None:
        return None
    whole = (deadline.due_at - since).total_seconds()
    gone = (clock.now() - since).total_seconds()
    return min(100, round(100 * gone / whole)) if whole > 0 else 100


def _buttons(case: Case, actions: list[str]) -> list[Button]:
    first_hour = case.mechanism == Mechanism.EMERGENCY and case.written_at is None
    return [
        Button(
            action=action,
            label=STEPS[action].label,
            icon=STEPS[action].icon,
            url=link("case-step", case.number, action),
            filled=position == 0,
            urgent=position == 0 and first_hour,
        )
        for position, action in enumerate(ordered_steps(case, actions))
    ]


def _neighbours(case: Case, near: list[Nearby], *, may_merge: bool) -> list[Neighbour]:
    """Return the cases close by; an open one of the same category is probably the same matter."""
    neighbours = []
    for other in near:
        alike = other.case.category_id == case.category_id and other.case.state not in (State.CLOSED, State.MERGED)
        merge_url = link("case-step", case.number, Action.MERGE, into=other.case.number) if alike and may_merge else ""
        neighbours.append(Neighbour(other.case, title_of(other.case), other.metres, alike, merge_url))
    return neighbours
