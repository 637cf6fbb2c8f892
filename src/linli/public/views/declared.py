"""The private link of whoever declared: how far it is, answering what was asked, withdrawing, a new link.

The link itself is the right. An unknown, an ended and a never made link get the same answer, and an address that
guesses has to wait.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.accounts import ratelimit
from linli.core.qr import qr_code
from linli.core.requests import client_address
from linli.declarations.actions import Conflict, answer, renew_own_link, withdraw
from linli.declarations.forms import WordsForm
from linli.declarations.models import Declaration, DeclarationLink
from linli.declarations.queries import link_by_token
from linli.journal import actions as journal
from linli.public.declared import matter_of
from linli.public.limits import count_guess, guess_wait, limited, too_often, wait_for
from linli.public.links import for_holder_only

LONGEST_TOKEN = 64


@require_safe
@for_holder_only
@limited("follow")
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far the declaration has come."""
    link = _link(request, token)
    return link if isinstance(link, HttpResponse) else _page(request, token, link, WordsForm())


@require_POST
@for_holder_only
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """Take the answer to the question."""
    link = _link(request, token)
    if isinstance(link, HttpResponse):
        return link
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, token, link, form, status=422)

    def said() -> Declaration:
        return answer(token, form.cleaned_data["words"])

    return _do(request, token, link, form, said, _("Thank you. Your answer has arrived."))


@require_POST
@for_holder_only
def take_back(request: HttpRequest, token: str) -> HttpResponse:
    """Withdraw the declaration."""
    link = _link(request, token)
    if isinstance(link, HttpResponse):
        return link
    told = _("It is withdrawn. Nothing was written down.")
    return _do(request, token, link, WordsForm(), lambda: withdraw(token), told)


@require_POST
@for_holder_only
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """End this link and give a new one."""
    link = _link(request, token)
    if isinstance(link, HttpResponse):
        return link
    seconds = ratelimit.check("declare", client_address(request), token)
    if seconds:
        return too_often(request, seconds)
    with journal.acting_from("public"):
        fresh = renew_own_link(token)
    messages.success(request, _("This is your new link. The old one leads nowhere now."))
    return redirect("declare-follow", token=fresh)


def _do(
    request: HttpRequest,
    token: str,
    link: DeclarationLink,
    form: WordsForm,
    action: Callable[[], Declaration],
    told: str,
) -> HttpResponse:
    seconds = ratelimit.check("declare", client_address(request), token)
    if seconds:
        late = _("Too much came from this connection. Your words are still here; send them a little later.")
        return wait_for(_page(request, token, link, form, status=429, said=late), seconds)
    try:
        with journal.acting_from("public"):
            action()
    except ValidationError as error:
        form.add_action_error(error)
        return _page(request, token, link, form, status=422)
    except Conflict as conflict:
        return _page(request, token, link_by_token(token) or link, form, status=409, said=conflict.message)
    messages.success(request, told)
    return redirect("declare-follow", token=token)


def _link(request: HttpRequest, token: str) -> DeclarationLink | HttpResponse:
    """Return the link of a token, or the answer that says nothing about it."""
    seconds = guess_wait(request)
    if seconds:
        return too_often(request, seconds)
    link = link_by_token(token) if len(token) <= LONGEST_TOKEN else None
    if link is not None:
        return link
    seconds = count_guess(request)
    return too_often(request, seconds) if seconds else render(request, "public/no_link.html", status=404)


def _page(
    request: HttpRequest, token: str, link: DeclarationLink, form: WordsForm, *, status: int = 200, said: str = ""
) -> HttpResponse:
    address = request.build_absolute_uri(reverse("declare-follow", args=[token]))
    context = {
        "token": token,
        "address": address,
        "qr": qr_code(address, _("QR code of your private link")),
        "matter": matter_of(link.declaration),
        "form": form,
        "said": said,
    }
    return render(request, "public/declare_follow.html", context, status=status)
