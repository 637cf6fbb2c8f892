"""Photos of a case. Each is re-drawn in the background before anybody sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from linli.accounts.rules import require
from linli.cases.models import Case, CasePhoto, Step
from linli.cases.rules import Resident
from linli.files.actions import keep_photos
from linli.files.models import Upload
from linli.journal import actions as journal


@transaction.atomic
def attach_photos(case: Case, uploads: Sequence[Upload], *, by: Any, step_number: int | None = None) -> list[CasePhoto]:
    """Attach photos to a step of a case, to its last one if none is named.

    Raises ``Refused`` for a user who may neither see the case nor report one at its place.
    """
    if not isinstance(by, Resident) and not by.has_perm("cases.view", case):
        require(by, "cases.report", case)
    if step_number is None:
        step_number = Step.objects.filter(case=case).order_by("-number").values_list("number", flat=True)[0]
    return _attach(case, step_number, uploads, by=by)


def add_step_photos(step: Step, contents: Sequence[bytes], *, by: Any) -> list[CasePhoto]:
    """Keep photos with a step that ``by`` has just taken, inside its transaction; nothing is written without photos.

    Whoever may take the step may show what it was about, also where the case is out of reach afterwards.
    """
    return _attach(step.case, step.number, keep_photos(contents, by=by), by=by) if contents else []


def _attach(case: Case, step_number: int, uploads: Sequence[Upload], *, by: Any) -> list[CasePhoto]:
    photos = [CasePhoto(case=case, step_number=step_number, upload=upload) for upload in uploads]
    CasePhoto.objects.bulk_create(photos)
    journal.record(by, "cases.attach_photos", case, detail={"number": case.number, "photos": len(photos)})
    return photos
