"""A case told for its page: the history, the talk with the resident, the notes that only staff read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.areas.models import Department
from linli.cases.choices import Action, Mechanism, Source, State, Verdict, WrittenReport
from linli.cases.models import Case, CasePhoto, Step
from linli.cases.photos import StepPhotos, by_step
from linli.cases.workflow import ANSWERING, RESIDENT
from linli.core import widgets
from linli.web.case_words import STEPS
from linli.web.links import link

STRONG = frozenset({Action.HANDLE, Action.DECIDE, Action.SOLVE_ON_SPOT})
DONE = frozenset({Action.CHECK, Action.CONFIRM})


@dataclass(frozen=True)
class Said:
    """One message of the talk, or one note: ``ours`` was said by staff."""

    name: str
    at: datetime
    text: str
    ours: bool
    photos: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class Story:
    """The history from the newest to the oldest, the talk and the notes from the first to the last."""

    history: list[widgets.Entry]
    talk: list[Said]
    notes: list[Said]


@dataclass
class _Telling:
    """What is needed to tell the steps of one case in words."""

    case: Case
    named: bool
    departments: dict[str, str]
    photos: dict[int, StepPhotos]

    def doer(self, step: Step) -> str:
        """Return who took a step, as far as this reader is told."""
        if self.named or step.by == RESIDENT:
            return step.doer
        return step.by_department.name if step.by_department else _("Staff")

    def entry(self, step: Step) -> widgets.Entry:
        """Return a step as a row of the history."""
        look = STEPS[step.action]
        told = "。".join(
            text
            for text in (self.detail(step), self.covered(step), step.note if step.action != Action.REPORT else "")
            if text
        )
        return widgets.Entry(
            title=_("%(name)s %(did)s") % {"name": self.doer(step), "did": look.done},
            at=step.at,
            text=told,
            icon=look.icon,
            tone="done" if step.action in DONE else "strong" if step.action in STRONG else "",
            links=self.links(step),
            photos=self.addresses(step),
            note=self.photos[step.number].told,
        )

    def said(self, step: Step, text: str, *, ours: bool) -> Said:
        """Return a step as something that was said."""
        return Said(self.doer(step), step.at, text, ours, self.addresses(step), self.photos[step.number].told)

    def addresses(self, step: Step) -> list[str]:
        """Return where the photos of a step are."""
        return [link("case-photo", self.case.number, str(photo.pk)) for photo in self.photos[step.number].shown]

    def detail(self, step: Step) -> str:
        """Return the plain values of a step in words."""
        teller = _DETAILS.get(step.action)
        return teller(self, step.detail) if teller else ""

    def covered(self, step: Step) -> str:
        """Tell for whom the doer stood in."""
        absent = step.detail.get("stood_in_for")
        return _("Standing in for %(absent)s") % {"absent": absent} if absent and self.named else ""

    def links(self, step: Step) -> list[tuple[str, str]]:
        """Return the way to the other case of a merge."""
        other = step.detail.get("case")
        return [(other, link("case", other))] if other else []

    def dispatched(self, detail: dict[str, Any]) -> str:
        """Tell which department it went to."""
        code = detail.get("department", "")
        return _("To %(department)s") % {"department": self.departments.get(code, code)} if code else ""

    def told_by_phone(self, detail: dict[str, Any]) -> str:
        """Tell who was told, and when."""
        moment = parse_datetime(str(detail.get("told_at", "")))
        when = widgets.spell_moment(moment) if moment else ""
        return _("Told: %(told)s %(when)s") % {"told": detail.get("told", ""), "when": when}

    def written(self, detail: dict[str, Any]) -> str:
        """Tell which report it was."""
        kind = detail.get("report_kind")
        return str(WrittenReport(kind).label) if kind in WrittenReport.values else ""

    def decided(self, detail: dict[str, Any]) -> str:
        """Tell the decision."""
        verdict = detail.get("verdict")
        return str(Verdict(verdict).label) if verdict in Verdict.values else ""

    def other_way(self, detail: dict[str, Any]) -> str:
        """Tell which way it went before."""
        way = detail.get("from_mechanism")
        return _("It was: %(way)s") % {"way": Mechanism(way).label} if way in Mechanism.values else ""

    def confirmed(self, detail: dict[str, Any]) -> str:
        """Tell how satisfied the resident is."""
        stars = detail.get("rating")
        return ngettext("%(stars)d star of 5", "%(stars)d stars of 5", stars) % {"stars": stars} if stars else ""


_DETAILS: dict[str, Callable[[_Telling, dict[str, Any]], str]] = {
    Action.DISPATCH: _Telling.dispatched,
    Action.REPORT_ORAL: _Telling.told_by_phone,
    Action.REPORT_WRITTEN: _Telling.written,
    Action.DECIDE: _Telling.decided,
    Action.RECLASSIFY: _Telling.other_way,
    Action.CONFIRM: _Telling.confirmed,
}


def story_of(case: Case, steps: Sequence[Step], photos: Iterable[CasePhoto], *, named: bool) -> Story:
    """Tell a case.

    Args:
        case: the case.
        steps: its history from the first to the last.
        photos: its photos; only those that were re-drawn are shown.
        named: False leaves persons out.
    """
    telling = _Telling(case, named, _department_names(steps), by_step(photos))
    moves = [step for step in steps if step.action != Action.NOTE]
    notes = [step for step in steps if step.action == Action.NOTE and step.by != RESIDENT]
    return Story(
        history=[telling.entry(step) for step in reversed(moves)],
        talk=_talk(telling, steps),
        notes=[telling.said(step, step.note, ours=True) for step in notes],
    )


def _talk(telling: _Telling, steps: Sequence[Step]) -> list[Said]:
    talk = []
    for step in steps:
        ours = step.by != RESIDENT
        if step.action == Action.REPORT and telling.case.source == Source.RESIDENT:
            text = telling.case.text
        elif (ours and step.action in ANSWERING) or (not ours and step.note):
            text = step.note
        else:
            continue
        talk.append(telling.said(step, text, ours=ours))
    return talk


def _department_names(steps: Sequence[Step]) -> dict[str, str]:
    codes = {step.detail["department"] for step in steps if step.detail.get("department")}
    return dict(Department.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}


def waiting_for(case: Case, doer: str) -> str:
    """Say in one sentence whose turn it is."""
    if case.state == State.CHECKED:
        return _("The resident is asked now. Silence never counts as solved.")
    if case.state == State.REPLIED:
        return _("Somebody who did not do the work checks it now.")
    if case.state in (State.CLOSED, State.MERGED) or not doer:
        return ""
    return _("It is with %(name)s now.") % {"name": doer}
