"""Plain pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.declarations.periods import periods


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept of a report or a declaration, who sees it, and for how long."""
    return render(request, "public/privacy.html", {"periods": periods()})
