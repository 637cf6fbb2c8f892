"""Signs out whoever has been away for too long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from linli.core import clock

SEEN = "seen_at"
# The session is written at most this often, so that reading a page costs no write.
PRECISION = timedelta(minutes=1)


class IdleExitMiddleware:
    """Ends a session after ``LINLI_IDLE_MINUTES`` without a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SEEN in request.session or request.user.is_authenticated:
            self._watch(request)
        return self.get_response(request)

    def _watch(self, request: HttpRequest) -> None:
        now = clock.now()
        seen = request.session.get(SEEN)
        idle = now - datetime.fromisoformat(seen) if seen else timedelta()
        if request.user.is_authenticated and idle > timedelta(minutes=settings.LINLI_IDLE_MINUTES):
            logout(request)
            messages.info(request, _("You were away for a while, so we signed you out. Please sign in again."))
        elif seen is None or idle >= PRECISION:
            request.session[SEEN] = now.isoformat()
