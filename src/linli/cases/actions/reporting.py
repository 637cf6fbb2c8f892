"""Making a case: from a resident without an account, from staff, from a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import Refused
from linli.areas.models import Area
from linli.areas.queries import accountable_post
from linli.cases.actions.checks import check_not_ahead, clean_text
from linli.cases.actions.engine import NOT_YOURS, write_step
from linli.cases.actions.links import make_link
from linli.cases.actions.photos import attach_photos
from linli.cases.actions.values import NewCase, Reported, StepValues
from linli.cases.choices import Action, Mechanism, Source, State
from linli.cases.models import Case
from linli.cases.queries import place_at
from linli.cases.rules import Resident, may
from linli.cases.workflow import Row, rows_for
from linli.core import clock
from linli.core.bigrams import document_terms
from linli.core.tokens import new_case_number
from linli.files.actions import keep_photos


@transaction.atomic
def report_case(new: NewCase, *, by: Any, photos: Sequence[bytes] = ()) -> Reported:
    """Make a case and send it to the post that answers for its place.

    Staff who choose the way “on the spot” register what is done already: one step. A case with a resident who can be
    asked (who reported it, or left a phone number) gets a private link.

    Args:
        new: what is reported.
        by: a user, or ``rules.THE_RESIDENT``.
        photos: contents of photos to keep with it, beside the uploads that ``new`` names.

    Raises:
        Refused: the user may not report at this place.
        ValidationError: something is missing or wrong, by field of ``new``.
    """
    area = area_of(new)
    case = blank_case(new, area, by=by)
    case.owner = accountable_post(area)
    has_resident = isinstance(by, Resident) or bool(new.contact)
    row = _first_row(case, new, by=by, area=area, has_resident=has_resident)
    note = (new.done or case.text) if row.action == Action.SOLVE_ON_SPOT else ""
    case.number = _free_number()
    case.search_terms = search_terms(case)
    write_step(case, row, by=by, values=StepValues(note=note))
    token = make_link(case) if has_resident else None
    uploads = [*new.photos, *keep_photos(photos, by=by)]
    if uploads:
        attach_photos(case, uploads, by=by)
    return Reported(case, token)


def area_of(new: NewCase) -> Area:
    """Return the area that a report belongs to. Raises ``ValidationError`` where none can be found."""
    if new.area is not None:
        return new.area
    if new.building is not None:
        return new.building.grid or new.building.community
    if new.longitude is None or new.latitude is None:
        raise ValidationError({"address": _("Say where it is: tap the map or type an address.")})
    found = place_at(new.longitude, new.latitude)
    if found is None:
        raise ValidationError({"address": _("This place lies outside the district. Choose a place inside it.")})
    return found


def blank_case(new: NewCase, area: Area, *, by: Any) -> Case:
    """Return a case with what was reported, before its first step; not saved."""
    now = clock.now()
    discovered_at = new.discovered_at or now
    check_not_ahead(discovered_at, "discovered_at")
    text = clean_text(new.text, "text")
    if not text:
        raise ValidationError({"text": _("Write what happened.")})
    building = new.building
    return Case(
        mechanism=new.mechanism or new.category.mechanism,
        category=new.category,
        text=text,
        area=area,
        path=area.path,
        building=building,
        place=new.place or (building.address if building else ""),
        longitude=new.longitude if new.longitude is not None else getattr(building, "longitude", None),
        latitude=new.latitude if new.latitude is not None else getattr(building, "latitude", None),
        source=new.source or (Source.RESIDENT if isinstance(by, Resident) else Source.STAFF),
        reporter=by if by.pk is not None else None,
        contact=new.contact,
        discovered_at=discovered_at,
        reported_at=now,
    )


def search_terms(case: Case) -> str:
    """Return the terms that a case is found by: number, place, words, category."""
    return document_terms(f"{case.number} {case.place} {case.text} {case.category.name}")


def _first_row(case: Case, new: NewCase, *, by: Any, area: Area, has_resident: bool) -> Row:
    rows = [row for row in rows_for(case.mechanism, None) if may(by, row, area)]
    if new.mechanism == Mechanism.ON_SPOT or new.done:
        target = State.CHECKED if has_resident else State.CLOSED
        solved = [row for row in rows if row.action == Action.SOLVE_ON_SPOT and row.target == target]
        if solved:
            return solved[0]
    reported = [row for row in rows if row.action == Action.REPORT]
    if not reported:
        raise Refused(str(NOT_YOURS))
    if new.done:
        text = _("Your post can't finish a matter on the spot. Write this into what happened, and leave this empty.")
        raise ValidationError({"done": text})
    return reported[0]


def _free_number() -> str:
    number = new_case_number(clock.today())
    while Case.objects.filter(number=number).exists():
        number = new_case_number(clock.today())
    return number
