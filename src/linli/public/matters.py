"""What the holder of a private link is shown: sentences, times and photos; no name, no phone, no home."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from linli.cases.choices import Action, Closing
from linli.cases.models import Case, CasePhoto, FollowLink
from linli.cases.progress import headline_of, progress_of
from linli.cases.queries import Deadline, answer_deadline, history_of, photos_of, resident_can
from linli.cases.workflow import ANSWERING
from linli.core.widgets import Entry
from linli.files.choices import FileState

ENDINGS: dict[str, Promise] = {
    Closing.CONFIRMED: gettext_lazy("Solved, as you said"),
    Closing.ANSWERED: gettext_lazy("You have an answer"),
    Closing.CHECKED: gettext_lazy("It is over"),
}
OWN = (Action.REPORT, Action.REOPEN)


@dataclass(frozen=True)
class Matter:
    """One matter as its reporter sees it."""

    number: str
    about: str
    sentence: str
    deadline: Deadline
    answer: str
    steps: list[Entry]
    photo_numbers: range
    merged: bool
    can: list[str]


def matter_of(link: FollowLink) -> Matter:
    """Return what the page of a private link shows."""
    case = link.case
    deadline = answer_deadline(case)
    return Matter(
        number=link.reported.number,
        about=case.category.label,
        sentence=sentence_of(case),
        deadline=deadline,
        answer=case.answer if deadline.met_at else "",
        steps=[Entry(str(step.text), step.at) for step in reversed(progress_of(case))],
        photo_numbers=range(1, len(public_photos(link)) + 1),
        merged=link.reported_id != case.pk,
        can=resident_can(case),
    )


def sentence_of(case: Case) -> str:
    """Say in one sentence how a matter stands, and how it ended."""
    return str(ENDINGS[case.closing]) if case.closing in ENDINGS else headline_of(case)


def public_photos(link: FollowLink) -> list[CasePhoto]:
    """Return the photos that the holder of a link may see: those of the answer, and their own, once re-drawn.

    After a merge the case also holds photos of another resident; those are left out.
    """
    wanted = ANSWERING if link.reported_id != link.case_id else (*ANSWERING, *OWN)
    steps = {step.number for step in history_of(link.case) if step.action in wanted}
    return [
        photo for photo in photos_of(link.case) if photo.step_number in steps and photo.upload.state == FileState.READY
    ]
