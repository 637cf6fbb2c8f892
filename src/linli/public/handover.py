"""Leading to the page that shows a private link once; it travels in a sealed cookie, so that nothing stays here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linli.core.crypto import DecryptionError
from linli.public import once

SENT_COOKIE = "linli_sent"
SENT_SECONDS = 300


def lead_to(url_name: str, number: str, token: str) -> HttpResponse:
    """Lead to the page that shows a number and a private link."""
    response = redirect(url_name)
    response.set_cookie(
        SENT_COOKIE,
        once.seal(f"{number} {token}"),
        max_age=SENT_SECONDS,
        path=reverse(url_name),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def taken(request: HttpRequest) -> tuple[str, str] | None:
    """Return number and token that this browser was handed, or None when it was handed nothing."""
    try:
        number, token = once.unseal(request.COOKIES.get(SENT_COOKIE, "")).split(" ")
    except (DecryptionError, ValueError):
        return None
    return number, token


def forget(response: HttpResponse, url_name: str) -> HttpResponse:
    """Let the browser forget what it was handed."""
    response.delete_cookie(SENT_COOKIE, path=reverse(url_name), samesite="Lax")
    return response
