"""Who may open a page: the first thing that every view of the staff surfaces says."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from linli.accounts.rules import require
from linli.core.requests import client_address
from linli.journal.actions import acting_from

View = Callable[..., HttpResponseBase]

SIGNED_IN = "signed-in"


def allowed(ability: str) -> Callable[[View], View]:
    """Open a view to those whose posts give the ability anywhere; what they see in it is scoped by the read door.

    Without sign-in the visitor is led to the sign-in page; without the ability the answer is 403.
    ``SIGNED_IN`` opens a view to everybody who has signed in.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if ability != SIGNED_IN:
                require(request.user, ability)
            with acting_from(client_address(request)):
                return view(request, *args, **kwargs)

        guarded.ability = ability  # type: ignore[attr-defined]
        return guarded

    return decorate
