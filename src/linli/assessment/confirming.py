"""Confirming a household during the quarterly review, the same on desktop and phone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.assessment.reviews import review_grids
from linli.people.actions import confirm_household
from linli.people.models import Household
from linli.people.rules import NotPossible


def confirmed(request: HttpRequest, number: str) -> Area | None:
    """Note that nothing has changed in a household, tell how it went, and return the grid of the review it was said in.

    None where it was said elsewhere. Raises ``Http404`` for a household out of reach.
    """
    household = Household.objects.visible_to(request.user).filter(number=number).first()
    if household is None:
        raise Http404
    try:
        confirm_household(household, by=request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Noted: nothing has changed here."))
    return review_grids(request.user).filter(code=request.POST.get("review", "")).first()
