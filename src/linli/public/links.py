"""Private links, the right of whoever holds one: found, renewed and shown; and addresses as QR codes.

An unknown, an ended and a never made link get the same answer, and an address that guesses has to wait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from typing import Any, Generic, TypeVar

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from linli.accounts import ratelimit
from linli.core.qr import qr_code
from linli.core.requests import client_address
from linli.journal import actions as journal
from linli.public.limits import count_guess, guess_wait, too_often

LONGEST_TOKEN = 64

View = Callable[..., HttpResponse]
Link = TypeVar("Link")


def qr_file(address: str) -> bytes:
    """Return the QR code of an address as an SVG file for printing, 1 mm a module."""
    file = BytesIO()
    segno.make(address, error="q", micro=False).save(file, kind="svg", scale=1, unit="mm", border=4, light="#fff")
    return file.getvalue()


def for_holder_only(view: View) -> View:
    """Keep a page out of caches, search machines and the referrers that browsers send.

    Without a referrer browsers send no origin with a form either, so the check against forged forms can't be made. It
    is not needed: whoever could forge one would have to know the token, and then holds the link anyway.
    """

    @csrf_exempt
    @wraps(view)
    def private(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return private


@dataclass(frozen=True)
class PrivateLinks(Generic[Link]):
    """The private links of one kind of matter.

    Args:
        page: URL name of the page that a link opens.
        rate: what an answer from a link is counted as.
        by_token: the link of a token, None for one that is unknown or has ended.
        renewed: ends the link of a token and returns the token of a new one.
    """

    page: str
    rate: str
    by_token: Callable[[str], Link | None]
    renewed: Callable[[str], str]

    def opened(self, request: HttpRequest, token: str) -> Link | HttpResponse:
        """Return the link of a token, or the answer that says nothing about it."""
        seconds = guess_wait(request)
        if seconds:
            return too_often(request, seconds)
        link = self.by_token(token) if len(token) <= LONGEST_TOKEN else None
        if link is not None:
            return link
        seconds = count_guess(request)
        return too_often(request, seconds) if seconds else unknown_link(request)

    def wait(self, request: HttpRequest, token: str) -> int:
        """Count an answer; returns the seconds to wait before it is taken, 0 when it is taken now."""
        return ratelimit.check(self.rate, client_address(request), token)

    def renew(self, request: HttpRequest, token: str) -> HttpResponse:
        """End a link and lead to the page of a new one."""
        link = self.opened(request, token)
        if isinstance(link, HttpResponse):
            return link
        seconds = self.wait(request, token)
        if seconds:
            return too_often(request, seconds)
        with journal.acting_from("public"):
            fresh = self.renewed(token)
        messages.success(request, _("This is your new link. The old one leads nowhere now."))
        return redirect(self.page, token=fresh)

    def shown(self, request: HttpRequest, token: str) -> dict[str, Any]:
        """Return what the page of a link says about the link itself."""
        address = request.build_absolute_uri(reverse(self.page, args=[token]))
        return {"token": token, "address": address, "qr": qr_code(address, _("QR code of your private link"))}


def unknown_link(request: HttpRequest) -> HttpResponse:
    """Answer for a link, or for something behind it, that is not there."""
    return render(request, "public/no_link.html", status=404)


def sent_too_much() -> str:
    """Say that an answer is not taken yet; what was typed is still there."""
    return _("Too much came from this connection. Your words are still here; send them a little later.")
