"""Photos of a facility: shown to whoever may see it, added and removed by its keepers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.accounts.access import allowed
from linli.files.queries import readable_photo
from linli.housing.actions import add_facility_photos, remove_facility_photo
from linli.housing.forms.facilities import FacilityPhotosForm
from linli.housing.models import Facility, FacilityPhoto
from linli.housing.queries.facilities import photo_of, photos_of
from linli.web.form_pages import removal, sent, submitted
from linli.web.views.facilities import facility_or_404, kept_facility, page_about


@allowed("areas.view")
def facility_photo(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """Answer a photo of a facility, once it was re-drawn without its hidden data."""
    content = readable_photo(_photo(facility_or_404(request, pk), photo).upload)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


@allowed("housing.edit")
def facility_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the photos of a facility to its keepers, and take more."""
    found = kept_facility(request, pk)
    form = FacilityPhotosForm(submitted(request), request.FILES or None, request=request)

    def add() -> None:
        count = len(add_facility_photos(found, form.cleaned_data["photos"], by=request.user))
        text = ngettext("%(count)d photo is added.", "%(count)d photos are added.", count)
        messages.success(request, text % {"count": count})

    if sent(request, form, add):
        return redirect("facility", pk=pk)
    context = {"facility": found, "form": form, "photos": photos_of(found)}
    return render(request, "web/facilities/photos.html", context, status=422 if form.errors else 200)


@allowed("housing.edit")
def facility_photo_remove(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """Remove a photo of a facility."""
    found = kept_facility(request, pk)
    chosen = _photo(found, photo)
    picture = reverse("facility-photo", args=[pk, photo]) if chosen.can_be_shown else ""
    page = page_about(found, _("Remove this photo?"), _("Remove it"), danger=True, picture=picture)
    return removal(
        request, page, lambda: remove_facility_photo(chosen, by=request.user), reverse("facility-photos", args=[pk])
    )


def _photo(found: Facility, photo: int) -> FacilityPhoto:
    chosen = photo_of(found, photo)
    if chosen is None:
        raise Http404
    return chosen
