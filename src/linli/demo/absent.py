"""Who is away in the demo, who asked, and what some wrote into the register; through the actions, after all else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from linli.accounts.rules import SYSTEM
from linli.areas.actions import NewAbsence, ask_absence
from linli.areas.choices import AbsenceReason, Role
from linli.areas.models import Area
from linli.core import clock
from linli.demo.staff import Cast
from linli.staff.actions import NewRecord, add_record
from linli.staff.choices import Grade, RecordKind

AWAY_GRID, ASKING_GRID = "140403007003002", "140403007001002"
# Both workers of this one are there, so that the days of the one who asks are thin.
PAIR_GRID = "140403007002002"
WORKER_GRID = "140403007001001"


def write_absences(cast: Cast, places: Mapping[str, Area]) -> None:
    """Let one worker be away for a few days, others ask for next week, and some write into the register."""
    today = clock.today()
    if AWAY_GRID in places:
        person: Any = cast.at(Role.WORKER, AWAY_GRID).holder
        ask_absence(
            NewAbsence(person, today - timedelta(days=1), today + timedelta(days=3), AbsenceReason.LEAVE), by=SYSTEM
        )
    if ASKING_GRID in places:
        person = cast.at(Role.ASSISTANT, ASKING_GRID).holder
        monday = today + timedelta(days=7 - today.weekday())
        ask_absence(NewAbsence(person, monday, monday + timedelta(days=1), AbsenceReason.TRAINING), by=person)
    if PAIR_GRID in places:
        person = cast.at(Role.ASSISTANT, PAIR_GRID).holder
        friday = today + timedelta(days=11 - today.weekday())
        ask_absence(NewAbsence(person, friday, friday + timedelta(days=2), AbsenceReason.LEAVE), by=person)
    _write_records(cast, places)


def _write_records(cast: Cast, places: Mapping[str, Area]) -> None:
    today = clock.today()
    if WORKER_GRID not in places:
        return
    worker = cast.at(Role.WORKER, WORKER_GRID).holder
    partner = cast.at(Role.ASSISTANT, WORKER_GRID).holder
    month_ago = today - timedelta(days=30)
    lines = (
        (worker, NewRecord(RecordKind.SOCIAL_WORKER, grade=Grade.ASSISTANT, day=today - timedelta(days=400))),
        (worker, NewRecord(RecordKind.QUALIFICATION, "急救员证", "初级", day=today - timedelta(days=250))),
        (worker, NewRecord(RecordKind.TRAINING, "燃气安全检查", day=month_ago, hours=Decimal(8))),
        (worker, NewRecord(RecordKind.SKILL, "手语", "日常会话")),
        (partner, NewRecord(RecordKind.TRAINING, "新人上岗培训", day=month_ago, hours=Decimal("16.0"))),
    )
    for person, line in lines:
        add_record(line, by=person)
