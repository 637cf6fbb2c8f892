"""The photos of a case, step by step, as its history shows them to staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import ngettext

from linli.cases.models import CasePhoto
from linli.files.choices import FileState


@dataclass
class StepPhotos:
    """The photos of one step: those that can be shown, and how many can't be yet, or never will."""

    shown: list[CasePhoto] = field(default_factory=list)
    coming: int = 0
    refused: int = 0

    @property
    def told(self) -> str:
        """What is to be said about those that are not shown; nothing where all are."""
        said = []
        if self.coming:
            text = ngettext(
                "%(count)d photo is being prepared; load the page again in a moment.",
                "%(count)d photos are being prepared; load the page again in a moment.",
                self.coming,
            )
            said.append(text % {"count": self.coming})
        if self.refused:
            text = ngettext(
                "%(count)d photo could not be opened and was not kept.",
                "%(count)d photos could not be opened and were not kept.",
                self.refused,
            )
            said.append(text % {"count": self.refused})
        return " ".join(said)


def by_step(photos: Iterable[CasePhoto]) -> dict[int, StepPhotos]:
    """Return number of the step → its photos; a step without photos has an empty entry when it is asked for."""
    found: dict[int, StepPhotos] = defaultdict(StepPhotos)
    for photo in photos:
        step = found[photo.step_number]
        if photo.upload.state == FileState.READY:
            step.shown.append(photo)
        elif photo.upload.state == FileState.RECEIVED:
            step.coming += 1
        elif photo.upload.state == FileState.REFUSED:
            step.refused += 1
    return found
