"""Who may open a page: the first thing that every view of the staff surfaces says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from linli.accounts.rules import NotReady, Obstacle, require, require_ready
from linli.core.requests import client_address
from linli.journal.actions import acting_from

View = Callable[..., HttpResponseBase]

SIGNED_IN = "signed-in"


def allowed(ability: str, *, shows: Sequence[str] = ()) -> Callable[[View], View]:
    """Open a view to those whose posts give the ability anywhere; what they see in it is scoped by the read door.

    Without sign-in the visitor is led to the sign-in page; without the ability the answer is 403.
    ``SIGNED_IN`` opens a view to everybody who has signed in. Whoever must do something before using the ability is led
    there first, and back from there; so is whoever meets it inside the view.

    Args:
        ability: what opens the view.
        shows: abilities of which the view also shows things to those who have them.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            try:
                if ability != SIGNED_IN:
                    require(request.user, ability)
                for shown in shows:
                    if request.user.has_perm(shown):
                        require_ready(request.user, shown)
                with acting_from(client_address(request)):
                    return view(request, *args, **kwargs)
            except NotReady as met:
                return lead_to(request, met.obstacle)

        guarded.ability = ability  # type: ignore[attr-defined]
        guarded.shows = tuple(shows)  # type: ignore[attr-defined]
        return guarded

    return decorate


def lead_to(request: HttpRequest, obstacle: Obstacle) -> HttpResponseBase:
    """Lead to the page where something is done first; it leads back to where the person wanted to go."""
    # What was sent is not sent again from there: back to the page that holds the form.
    here = request.get_full_path() if request.method in ("GET", "HEAD") else request.META.get("HTTP_REFERER", "/")
    part = getattr(request, "htmx", False)
    if part:
        here = request.META.get("HTTP_HX_CURRENT_URL", "/")
    address = f"{reverse(obstacle.url_name)}?{urlencode({'next': here})}"
    if part:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
