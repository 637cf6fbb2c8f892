"""Report something without an account; afterwards one page, shown once, with the number and the private link."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.accounts import ratelimit
from linli.cases.actions import RESIDENT, report_case
from linli.core.qr import qr_code
from linli.core.requests import client_address
from linli.core.tokens import new_token
from linli.journal import actions as journal
from linli.public import handover, once
from linli.public.cards import known_place
from linli.public.forms import ResidentReportForm
from linli.public.limits import wait_for
from linli.public.links import for_holder_only

ASKED_FOR = ("address", "lon", "lat", "plate", "grid")


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form, take a report."""
    if request.method != "POST":
        given = {name: request.GET[name] for name in ASKED_FOR if name in request.GET}
        return _page(request, ResidentReportForm(initial={**given, "once": new_token()}))
    form = ResidentReportForm(request.POST, request.FILES, request=request)
    if not form.is_valid():
        return _page(request, form, status=422)
    if not once.first(form.cleaned_data["once"]):
        return _again(request, form)
    seconds = ratelimit.check("report", client_address(request))
    if seconds:
        once.release(form.cleaned_data["once"])
        form.add_error(
            None, _("Too much came from this connection. Your words are still here; send them a little later.")
        )
        return wait_for(_page(request, form, status=429), seconds)
    return _take(request, form)


@require_safe
@for_holder_only
def sent(request: HttpRequest) -> HttpResponse:
    """Show number and private link of the report that was just taken, this once."""
    handed = handover.taken(request)
    if handed is None:
        return render(request, "public/sent_before.html", status=404)
    number, token = handed
    address = request.build_absolute_uri(reverse("follow", args=[token]))
    label = _("QR code of your private link")
    context = {"number": number, "address": address, "qr": qr_code(address, label)}
    return handover.forget(render(request, "public/sent.html", context), "report-sent")


def _take(request: HttpRequest, form: ResidentReportForm) -> HttpResponse:
    form_token = form.cleaned_data["once"]
    try:
        with journal.acting_from("public"):
            reported = report_case(form.new_case(), by=RESIDENT, photos=form.cleaned_data["photos"])
    except ValidationError as error:
        once.release(form_token)
        form.add_action_error(error)
        return _page(request, form, status=422)
    except BaseException:
        # Whatever stopped it, the same form may be sent again.
        once.release(form_token)
        raise
    answer = f"{reported.case.number} {reported.token}"
    once.finish(form_token, answer)
    return _sent(answer)


def _again(request: HttpRequest, form: ResidentReportForm) -> HttpResponse:
    """Answer a second press with what the first one brought."""
    answer = once.answer_of_first(form.cleaned_data["once"])
    if answer is not None:
        return _sent(answer)
    form.renew_once()
    form.add_error(None, _("We could not see whether it arrived. Send it once more."))
    return _page(request, form, status=409)


def _sent(answer: str) -> HttpResponse:
    number, token = answer.split(" ")
    return handover.lead_to("report-sent", number, token)


def _page(request: HttpRequest, form: ResidentReportForm, status: int = 200) -> HttpResponse:
    def value(name: str) -> Any:
        return form[name].value() or ""

    context: dict[str, Any] = {"form": form, "place": known_place(value("plate"), value("grid"))}
    if value("lon") and value("lat"):
        context["marker"] = f"{value('lon')},{value('lat')}"
    response = render(request, "public/report.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
