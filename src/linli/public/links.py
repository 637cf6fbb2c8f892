"""Addresses of public pages as QR codes, and the headers of pages that only the holder of a link may see."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


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
