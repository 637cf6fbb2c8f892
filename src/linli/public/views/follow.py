"""The private link of a resident: how far the matter has come, and the resident's word.

The link itself is the right: whoever holds it may read and answer. An unknown, an ended and a never made link get the
same answer, and an address that guesses has to wait.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.accounts import ratelimit
from linli.accounts.rules import Refused
from linli.cases.actions import Conflict, renew_own_link, resident_reply
from linli.cases.models import FollowLink
from linli.cases.queries import link_by_token
from linli.core.qr import qr_code
from linli.core.requests import client_address
from linli.files.queries import readable_photo
from linli.journal import actions as journal
from linli.public.forms import WordForm
from linli.public.limits import count_guess, guess_wait, limited, too_often, wait_for
from linli.public.links import for_holder_only
from linli.public.matters import matter_of, public_photos

LONGEST_TOKEN = 64


@require_safe
@for_holder_only
@limited("follow")
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far the matter has come."""
    link = _link(request, token)
    return link if isinstance(link, HttpResponse) else _page(request, token, link, WordForm(link.case))


@require_POST
@for_holder_only
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """Take the resident's word: solved, not solved, or something to add."""
    link = _link(request, token)
    if isinstance(link, HttpResponse):
        return link
    form = WordForm(link.case, request.POST)
    if not form.is_valid():
        return _page(request, token, link, form, status=422)
    seconds = ratelimit.check("reply", client_address(request), token)
    if seconds:
        form.add_error(
            None, _("Too much came from this connection. Your words are still here; send them a little later.")
        )
        return wait_for(_page(request, token, link, form, status=429), seconds)
    try:
        with journal.acting_from("public"):
            resident_reply(token, **form.cleaned_data)
    except ValidationError as error:
        form.add_action_error(error)
        return _page(request, token, link, form, status=422)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, token, link, form, status=403)
    except Conflict as conflict:
        form.add_error(None, conflict.message)
        return _page(request, token, link, form, status=409)
    messages.success(request, form.thanks())
    return redirect("follow", token=token)


@require_POST
@for_holder_only
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """End this link and give a new one."""
    link = _link(request, token)
    if isinstance(link, HttpResponse):
        return link
    seconds = ratelimit.check("reply", client_address(request), token)
    if seconds:
        return too_often(request, seconds)
    with journal.acting_from("public"):
        fresh = renew_own_link(token)
    messages.success(request, _("This is your new link. The old one leads nowhere now."))
    return redirect("follow", token=fresh)


@require_safe
@for_holder_only
@limited("follow")
def photo(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Return one photo that the page shows, by its place on the page from 1."""
    link = _link(request, token)
    if isinstance(link, HttpResponse):
        return link
    shown = public_photos(link)
    content = readable_photo(shown[number - 1].upload) if 0 < number <= len(shown) else None
    if content is None:
        return _unknown(request)
    return HttpResponse(content, content_type="image/jpeg")


def _link(request: HttpRequest, token: str) -> FollowLink | HttpResponse:
    """Return the link of a token, or the answer that says nothing about it."""
    seconds = guess_wait(request)
    if seconds:
        return too_often(request, seconds)
    link = link_by_token(token) if len(token) <= LONGEST_TOKEN else None
    if link is not None:
        return link
    seconds = count_guess(request)
    return too_often(request, seconds) if seconds else _unknown(request)


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "public/no_link.html", status=404)


def _page(request: HttpRequest, token: str, link: FollowLink, form: WordForm, status: int = 200) -> HttpResponse:
    address = request.build_absolute_uri(reverse("follow", args=[token]))
    context = {
        "token": token,
        "address": address,
        "qr": qr_code(address, _("QR code of your private link")),
        "matter": matter_of(link),
        "form": form,
    }
    return render(request, "public/follow.html", context, status=status)
