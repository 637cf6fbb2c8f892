"""Who may call: the Bearer token or session, the ability, and the limits of the public calls."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from linli.accounts import ratelimit
from linli.accounts.queries import user_for_token
from linli.accounts.rules import require
from linli.api.problems import RateLimited
from linli.core.requests import client_address
from linli.journal.actions import acting_from

Call = Callable[..., Any]


class BearerAuth(HttpBearer):
    """A token from ``linli token USER``."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        user = user_for_token(token)
        if user is not None:
            request.user = user
        return user


class CookieAuth(SessionAuth):
    """The session of somebody who has signed in; writes need the CSRF token."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user if request.user.is_authenticated else None


STAFF = [BearerAuth(), CookieAuth()]


def allowed(ability: str) -> Callable[[Call], Call]:
    """Let a call through to those whose posts give the ability anywhere; what it finds is scoped by the read door."""

    def decorate(call: Call) -> Call:
        @wraps(call)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            require(request.user, ability)
            with acting_from(client_address(request)):
                return call(request, *args, **kwargs)

        guarded.ability = ability  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(rate: str) -> Callable[[Call], Call]:
    """Let everybody through, at most as often as ``LINLI_RATES[rate]`` allows one address and one link."""

    def decorate(call: Call) -> Call:
        @wraps(call)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            wait = ratelimit.check(rate, *ratelimit.keys_of(request, kwargs))
            if wait:
                raise RateLimited(wait)
            with acting_from(client_address(request)):
                return call(request, *args, **kwargs)

        guarded.public = rate  # type: ignore[attr-defined]
        return guarded

    return decorate
