"""How often one address may ask, and the answer when it asks too often."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linli.accounts import ratelimit
from linli.core.requests import client_address

View = Callable[..., HttpResponse]


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answer 429: say how long to wait, in words and in ``Retry-After``."""
    response = render(request, "public/too_often.html", {"minutes": minutes_of(seconds)}, status=429)
    return wait_for(response, seconds)


def wait_for(response: HttpResponse, seconds: int) -> HttpResponse:
    """Say in ``Retry-After`` when the next request is answered."""
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def minutes_of(seconds: int) -> int:
    """Return whole minutes, at least one."""
    return max(1, -(-seconds // 60))


def limited(name: str) -> Callable[[View], View]:
    """Count each request to a view under a rate of ``LINLI_RATES``: for its address, and for the link that it opens."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            seconds = ratelimit.check(name, *ratelimit.keys_of(request, kwargs))
            return too_often(request, seconds) if seconds else view(request, *args, **kwargs)

        return counted

    return decorate


def guess_wait(request: HttpRequest) -> int:
    """Return 0 while an address may ask for links, else the seconds that it has to wait: known links wait as well."""
    return ratelimit.waiting("guess", client_address(request))


def count_guess(request: HttpRequest) -> int:
    """Count one link that does not exist; returns the seconds to wait, 0 while there are guesses left."""
    return ratelimit.check("guess", client_address(request))
