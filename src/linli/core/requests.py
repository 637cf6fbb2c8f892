"""Facts about a request."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address that a request came from.

    ``X-Forwarded-For`` is believed only for as many proxies as ``LINLI_TRUSTED_PROXIES`` says, counted from the right.
    """
    remote: str = request.META.get("REMOTE_ADDR", "")
    proxies = settings.LINLI_TRUSTED_PROXIES
    if proxies < 1:
        return remote
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return forwarded[-proxies] if len(forwarded) >= proxies else remote
