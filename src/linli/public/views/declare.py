"""Declare a move or a change of a home without an account; afterwards one page, shown once, with the private link."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.accounts import ratelimit
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import community_of
from linli.core.qr import qr_code
from linli.core.requests import client_address
from linli.core.tokens import new_token
from linli.declarations.actions import declare as take_declaration
from linli.declarations.choices import Declarer, Kind
from linli.declarations.forms import DeclarationForm
from linli.declarations.periods import periods
from linli.declarations.workflow import fields_of
from linli.housing.models import Building
from linli.housing.queries import buildings_in
from linli.journal import actions as journal
from linli.public import handover, once
from linli.public.cards import grouped_by_compound, known_place, name_of_plate
from linli.public.declared import sorts, words_of
from linli.public.limits import limited, wait_for
from linli.public.links import for_holder_only

# What says where somebody is, carried along from page to page.
PLACE = ("address", "community", "plate", "grid")


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Ask who declares and what has changed; each answer is a link to its form."""
    return render(request, "public/declare.html", {"sorts": sorts(), "carried": _carried(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, who: str, kind: str) -> HttpResponse:
    """Show the form of one thing to declare, take a declaration."""
    _require_sort(who, kind)
    if request.method != "POST":
        given = {name: request.GET[name] for name in PLACE if name in request.GET}
        return _page(request, DeclarationForm(who, kind, initial={**given, "once": new_token()}))
    form = DeclarationForm(who, kind, _posted(request))
    if not form.is_valid():
        return _page(request, form, status=422)
    if not once.first(form.cleaned_data["once"]):
        return _again(request, form)
    seconds = ratelimit.check("declare", client_address(request))
    if seconds:
        once.release(form.cleaned_data["once"])
        form.add_error(
            None, _("Too much came from this connection. Your words are still here; send them a little later.")
        )
        return wait_for(_page(request, form, status=429), seconds)
    return _take(request, form)


@require_safe
@limited("locate")
def pick(request: HttpRequest, who: str, kind: str) -> HttpResponse:
    """Walk from the streets to a building, for those who can't type an address."""
    _require_sort(who, kind)
    form_url = reverse("declare-form", args=[who, kind])
    code = request.GET.get("under", "")
    areas = Area.objects.current()
    area = get_object_or_404(areas, code=code) if code else None
    context: dict[str, Any] = {"who": who, "kind": kind, "about": words_of(who, kind), "form_url": form_url}
    if area is None:
        context["areas"] = areas.filter(level=Level.STREET)
    elif area.level in (Level.COMMUNITY, Level.GRID):
        community = area if area.level == Level.COMMUNITY else community_of(area)
        context |= {"parent": community or area, "compounds": _compounds(area, form_url)}
    else:
        context |= {"parent": area, "areas": areas.filter(parent=area)}
    return render(request, "public/declare_pick.html", context)


@require_safe
@for_holder_only
def sent(request: HttpRequest) -> HttpResponse:
    """Show number and private link of the declaration that was just taken, this once."""
    handed = handover.taken(request)
    if handed is None:
        return render(request, "public/sent_before.html", status=404)
    number, token = handed
    address = request.build_absolute_uri(reverse("declare-follow", args=[token]))
    context = {
        "number": number,
        "address": address,
        "qr": qr_code(address, _("QR code of your private link")),
        "days": periods().promise,
    }
    return handover.forget(render(request, "public/declare_sent.html", context), "declare-sent")


def _require_sort(who: str, kind: str) -> None:
    known = who in Declarer.values and kind in Kind.values
    if not known or fields_of(who, kind) is None:
        raise Http404


def _carried(request: HttpRequest) -> str:
    given = {name: request.GET[name] for name in PLACE if request.GET.get(name)}
    return f"?{urlencode(given)}" if given else ""


def _posted(request: HttpRequest) -> Any:
    """Return what was sent; a building that was pressed stands in the place of the address that fits several."""
    typed = request.POST.copy()
    community, _bar, address = typed.get("chosen", "").partition("|")
    if address:
        typed["community"], typed["address"] = community, address
    return typed


def _compounds(area: Area, form_url: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (compound, (building, address of the form with it)) of an area, in the order of the addresses."""

    def form_for(building: Building) -> str:
        where = urlencode({"address": building.address, "community": building.community.code})
        return f"{form_url}?{where}"

    buildings = buildings_in(area).select_related("community").defer("geometry", "community__geometry")
    return [
        (name, [(building.name, form_for(building)) for building in houses])
        for name, houses in grouped_by_compound(buildings)
    ]


def _take(request: HttpRequest, form: DeclarationForm) -> HttpResponse:
    form_token = form.cleaned_data["once"]
    try:
        with journal.acting_from("public"):
            declared = take_declaration(form.new_declaration())
    except ValidationError as error:
        once.release(form_token)
        form.add_action_error(error)
        return _page(request, form, status=422)
    except BaseException:
        # Whatever stopped it, the same form may be sent again.
        once.release(form_token)
        raise
    once.finish(form_token, f"{declared.declaration.number} {declared.token}")
    return handover.lead_to("declare-sent", declared.declaration.number, declared.token)


def _again(request: HttpRequest, form: DeclarationForm) -> HttpResponse:
    """Answer a second press with what the first one brought."""
    answer = once.answer_of_first(form.cleaned_data["once"])
    if answer is not None:
        number, token = answer.split(" ")
        return handover.lead_to("declare-sent", number, token)
    form.renew_once()
    form.add_error(None, _("We could not see whether it arrived. Send it once more."))
    return _page(request, form, status=409)


def _page(request: HttpRequest, form: DeclarationForm, status: int = 200) -> HttpResponse:
    def value(name: str) -> str:
        return str(form[name].value() or "")

    place = name_of_plate(value("plate")) if value("plate") else ""
    near = known_place(grid=request.GET.get("grid", ""))
    context: dict[str, Any] = {
        "form": form,
        "about": words_of(form.declarer, form.kind),
        "who": form.declarer,
        "kind": form.kind,
        "place": place,
        "near": near.grid.code if near else "",
        "buildings": [_choice(building) for building in form.buildings],
        "periods": periods(),
    }
    response = render(request, "public/declare_form.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


def _choice(building: Building) -> dict[str, str]:
    return {
        "value": f"{building.community.code}|{building.address}",
        "address": building.address,
        "community": building.community.name,
    }
