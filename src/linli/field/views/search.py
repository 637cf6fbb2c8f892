"""The one box on the phone: what was found, with the phone's links."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from linli.accounts.access import SIGNED_IN, allowed
from linli.finder import asked_of


@never_cache
@allowed(SIGNED_IN, shows=["people.view"])
def search(request: HttpRequest) -> HttpResponse:
    """Answer what was typed; htmx gets only the results, while the person types."""
    text, found = asked_of(request.user, request.GET.get("q", ""))
    part = "search_results" if request.htmx else "search"  # type: ignore[attr-defined]
    return render(request, f"field/{part}.html", {"search_text": text, "found": found})
