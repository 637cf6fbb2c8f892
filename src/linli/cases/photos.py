"""The photos of a case, step by step, as its history shows them to staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from linli.cases.models import CasePhoto
from linli.files.queries import ShownPhotos

StepPhotos = ShownPhotos[CasePhoto]


def by_step(photos: Iterable[CasePhoto]) -> dict[int, StepPhotos]:
    """Return number of the step → its photos; a step without photos has an empty entry when it is asked for."""
    found: dict[int, StepPhotos] = defaultdict(StepPhotos)
    for photo in photos:
        found[photo.step_number].add(photo, photo.upload)
    return found
