"""The register of facilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.areas.models import Area
from linli.areas.queries import locate
from linli.files.actions import keep_photos, remove_upload
from linli.housing.models import Facility, FacilityPhoto
from linli.housing.rules import NotPossible, may_keep, require_keeper
from linli.housing.terms import facility_terms
from linli.housing.values import FacilityValues
from linli.journal import actions as journal

FIELDS = ("kind", "longitude", "latitude", "condition", "installed_on", "next_inspection_on", "may_be_booked")
# So many photos a facility has at the most.
MOST_PHOTOS = 12
WORDS = ("name", "place", "owner", "keeper", "note")


@transaction.atomic
def add_facility(values: FacilityValues, *, by: Any) -> Facility:
    """Write down a facility; its place on the map says in which grid it lies.

    Raises:
        ValidationError: the place lies in no grid, or in none of the user's reach.
    """
    facility = Facility()
    _fill(facility, values, by)
    facility.save(force_insert=True)
    journal.record(by, "housing.add_facility", facility)
    return facility


@transaction.atomic
def change_facility(facility: Facility, values: FacilityValues, *, by: Any) -> Facility:
    """Change what is told of a facility, and where it stands."""
    locked = Facility.objects.select_for_update().get(pk=facility.pk)
    require_keeper(by, locked)
    _fill(locked, values, by)
    locked.save()
    journal.record(by, "housing.change_facility", locked, detail={"condition": locked.condition})
    return locked


@transaction.atomic
def remove_facility(facility: Facility, *, by: Any) -> None:
    """Remove a facility that was never repaired, with its photos; one with repairs stays, out of use."""
    locked = Facility.objects.select_for_update().get(pk=facility.pk)
    require_keeper(by, locked)
    journal.record(by, "housing.remove_facility", locked)
    uploads = [photo.upload for photo in locked.photos.select_related("upload")]
    try:
        locked.delete()
    except ProtectedError:
        raise NotPossible(_("Repairs tell of it. Say that it is out of use instead.")) from None
    for upload in uploads:
        remove_upload(upload, by=by)


@transaction.atomic
def add_facility_photos(facility: Facility, contents: Sequence[bytes], *, by: Any) -> list[FacilityPhoto]:
    """Keep photos of a facility; each is re-drawn before anybody sees it.

    Raises:
        ValidationError: there would be too many.
    """
    locked = Facility.objects.select_for_update().get(pk=facility.pk)
    require_keeper(by, locked)
    there = FacilityPhoto.objects.filter(facility=locked).count()
    if there + len(contents) > MOST_PHOTOS:
        text = ngettext(
            "A facility has at most %(most)d photos, and there is %(there)d. Remove some first.",
            "A facility has at most %(most)d photos, and there are %(there)d. Remove some first.",
            there,
        )
        raise ValidationError({"photos": text % {"most": MOST_PHOTOS, "there": there}})
    photos = [FacilityPhoto(facility=locked, upload=upload) for upload in keep_photos(contents, by=by)]
    FacilityPhoto.objects.bulk_create(photos)
    journal.record(by, "housing.add_facility_photos", locked, detail={"photos": len(photos)})
    return photos


@transaction.atomic
def remove_facility_photo(photo: FacilityPhoto, *, by: Any) -> None:
    """Remove a photo of a facility; its content is gone at once and for good."""
    facility = Facility.objects.select_for_update().get(pk=photo.facility_id)
    require_keeper(by, facility)
    found = FacilityPhoto.objects.filter(facility=facility, pk=photo.pk).select_related("upload").first()
    # Somebody else removed it meanwhile: that is what was asked for.
    if found is None:
        return
    journal.record(by, "housing.remove_facility_photo", facility)
    upload = found.upload
    found.delete()
    remove_upload(upload, by=by)


def _fill(facility: Facility, values: FacilityValues, by: Any) -> None:
    area = _grid_at(values, by)
    facility.area, facility.path = area, area.path
    for name in FIELDS:
        setattr(facility, name, getattr(values, name))
    for name in WORDS:
        setattr(facility, name, getattr(values, name).strip())
    facility.search_terms = facility_terms(facility.name, facility.place)
    facility.full_clean()


def _grid_at(values: FacilityValues, by: Any) -> Area:
    grid = locate(values.longitude, values.latitude)
    if grid is None or not may_keep(by, grid):
        raise ValidationError({"longitude": _("This place lies outside your grids. Choose a place inside them.")})
    return grid
