"""The area tree as the administrator tends it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.areas.actions import rename_area, set_kind, set_min_workers, set_supervision_phone
from linli.areas.models import Area
from linli.areas.queries import ancestors_of
from linli.areas.scope import scope_paths
from linli.core.paging import page_of
from linli.core.paths import covers, outermost
from linli.web.forms.staff import AreaForm

ABILITY = "areas.edit"


@allowed(ABILITY)
def area_list(request: HttpRequest) -> HttpResponse:
    """Start at the areas of one's own posts; each leads to what lies below it."""
    own = Area.objects.visible_to(request.user).filter(path__in=outermost(scope_paths(request.user, ABILITY)))
    return render(request, "web/areas/list.html", {"page": page_of(request, _with_counts(own))})


@allowed(ABILITY)
def area(request: HttpRequest, code: str) -> HttpResponse:
    """Show one area with what lies below it, and change its name, supervision phone, number of workers or kind."""
    place = get_object_or_404(Area.objects.visible_to(request.user), code=code)
    initial = {name: getattr(place, name) for name in ("name", "supervision_phone", "min_workers", "kind")}
    form = AreaForm(request.POST or None, initial=initial, area=place)
    if request.method == "POST" and form.is_valid() and _saved(form, place, by=request.user):
        messages.success(request, _("%(area)s is written down anew.") % {"area": form.cleaned_data["name"]})
        return redirect("area", code=place.code)
    below = Area.objects.visible_to(request.user).current().filter(parent=place)
    context = {
        "area": place,
        "form": form,
        "page": page_of(request, _with_counts(below)),
        "above": _chain(request.user, place),
    }
    return render(request, "web/areas/area.html", context)


def _saved(form: AreaForm, place: Area, *, by: Any) -> bool:
    name, phone = form.cleaned_data["name"], form.cleaned_data["supervision_phone"]
    try:
        if name != place.name:
            rename_area(place, name, by=by)
        if phone != place.supervision_phone:
            set_supervision_phone(place, phone, by=by)
        if form.cleaned_data["min_workers"] != place.min_workers:
            set_min_workers(place, form.cleaned_data["min_workers"], by=by)
        if (kind := form.cleaned_data.get("kind")) and kind != place.kind:
            set_kind(place, kind, by=by)
    except ValidationError as problem:
        form.add_error(None, problem)
        return False
    return True


def _with_counts(areas: Any) -> Any:
    return areas.annotate(below=Count("children", filter=Q(children__closed_on=None))).order_by("code")


def _chain(user: Any, place: Area) -> list[Area]:
    """Return the areas above that the user may open."""
    paths = scope_paths(user, ABILITY)
    return [above for above in ancestors_of(place) if any(covers(path, above.path) for path in paths)]
