"""The private link of a resident: how far the matter has come, and the resident's word.

The link itself is the right: whoever holds it may read and answer.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from linli.accounts.rules import Refused
from linli.cases.actions import Conflict, renew_own_link, resident_reply
from linli.cases.models import FollowLink
from linli.cases.queries import link_by_token
from linli.files.queries import readable_photo
from linli.journal import actions as journal
from linli.public.forms import WordForm
from linli.public.limits import limited, wait_for
from linli.public.links import PrivateLinks, for_holder_only, sent_too_much, unknown_link
from linli.public.matters import matter_of, public_photos

LINKS: PrivateLinks[FollowLink] = PrivateLinks("follow", "reply", link_by_token, renew_own_link)


@require_safe
@for_holder_only
@limited("follow")
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far the matter has come."""
    link = LINKS.opened(request, token)
    return link if isinstance(link, HttpResponse) else _page(request, token, link, WordForm(link.case))


@require_POST
@for_holder_only
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """Take the resident's word: solved, not solved, or something to add."""
    link = LINKS.opened(request, token)
    if isinstance(link, HttpResponse):
        return link
    form = WordForm(link.case, request.POST)
    if not form.is_valid():
        return _page(request, token, link, form, status=422)
    seconds = LINKS.wait(request, token)
    if seconds:
        form.add_error(None, sent_too_much())
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
    return LINKS.renew(request, token)


@require_safe
@for_holder_only
@limited("follow")
def photo(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Return one photo that the page shows, by its place on the page from 1."""
    link = LINKS.opened(request, token)
    if isinstance(link, HttpResponse):
        return link
    shown = public_photos(link)
    content = readable_photo(shown[number - 1].upload) if 0 < number <= len(shown) else None
    if content is None:
        return unknown_link(request)
    return HttpResponse(content, content_type="image/jpeg")


def _page(request: HttpRequest, token: str, link: FollowLink, form: WordForm, status: int = 200) -> HttpResponse:
    context = {
        **LINKS.shown(request, token),
        "matter": matter_of(link),
        "form": form,
    }
    return render(request, "public/follow.html", context, status=status)
