"""The private link of whoever declared: how far it is, answering what was asked, withdrawing, a new link.

The link itself is the right.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.declarations.actions import Conflict, answer, renew_own_link, withdraw
from linli.declarations.forms import WordsForm
from linli.declarations.models import Declaration, DeclarationLink
from linli.declarations.queries import link_by_token
from linli.journal import actions as journal
from linli.public.declared import matter_of
from linli.public.limits import limited, wait_for
from linli.public.links import PrivateLinks, for_holder_only, sent_too_much

LINKS: PrivateLinks[DeclarationLink] = PrivateLinks("declare-follow", "declare", link_by_token, renew_own_link)


@require_safe
@for_holder_only
@limited("follow")
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far the declaration has come."""
    link = LINKS.opened(request, token)
    return link if isinstance(link, HttpResponse) else _page(request, token, link, WordsForm())


@require_POST
@for_holder_only
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """Take the answer to the question."""
    link = LINKS.opened(request, token)
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
    link = LINKS.opened(request, token)
    if isinstance(link, HttpResponse):
        return link
    told = _("It is withdrawn. Nothing was written down.")
    return _do(request, token, link, WordsForm(), lambda: withdraw(token), told)


@require_POST
@for_holder_only
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """End this link and give a new one."""
    return LINKS.renew(request, token)


def _do(
    request: HttpRequest,
    token: str,
    link: DeclarationLink,
    form: WordsForm,
    action: Callable[[], Declaration],
    told: str,
) -> HttpResponse:
    seconds = LINKS.wait(request, token)
    if seconds:
        late = sent_too_much()
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


def _page(
    request: HttpRequest, token: str, link: DeclarationLink, form: WordsForm, *, status: int = 200, said: str = ""
) -> HttpResponse:
    context = {
        **LINKS.shown(request, token),
        "matter": matter_of(link.declaration),
        "form": form,
        "said": said,
    }
    return render(request, "public/declare_follow.html", context, status=status)
