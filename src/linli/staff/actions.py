"""Every write of the register: the pledge, one's own lines, one's own photo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import Refused
from linli.core import clock
from linli.files.actions import keep_upload, remove_upload
from linli.files.choices import FileKind
from linli.journal import actions as journal
from linli.staff.choices import Grade, RecordKind
from linli.staff.models import Pledge, Portrait, Record
from linli.staff.text import pledge_text

MOST_HOURS = Decimal(2000)


@transaction.atomic
def accept_pledge(*, version: int, by: Any) -> Pledge:
    """Accept the present pledge; an older text than the present one can't be accepted any more."""
    if version != pledge_text().version:
        raise ValidationError(_("The text has changed meanwhile. Please read it again."))
    pledge, made = Pledge.objects.get_or_create(person=by, version=version, defaults={"accepted_at": clock.now()})
    if made:
        journal.record(by, "staff.accept_pledge", pledge, detail={"version": version})
    by._has_pledged = True
    return pledge


@dataclass(frozen=True)
class NewRecord:
    """A line for the register; each kind needs its own fields."""

    kind: str
    title: str = ""
    level: str = ""
    grade: str = ""
    day: date | None = None
    hours: Decimal | None = None


@transaction.atomic
def add_record(new: NewRecord, *, by: Any) -> Record:
    """Write a line about oneself into the register."""
    record = Record(person=by, written_at=clock.now(), **vars(new))
    _check(record)
    record.save(force_insert=True)
    journal.record(by, "staff.add_record", record, detail={"kind": record.kind})
    return record


@transaction.atomic
def change_record(record: Record, new: NewRecord, *, by: Any) -> Record:
    """Put one's own line right."""
    locked = _own(record, by)
    for name, value in vars(new).items():
        setattr(locked, name, value)
    locked.written_at = clock.now()
    _check(locked)
    locked.save(update_fields=[*vars(new), "written_at"])
    journal.record(by, "staff.change_record", locked, detail={"kind": locked.kind})
    return locked


@transaction.atomic
def remove_record(record: Record, *, by: Any) -> None:
    """Take one's own line out of the register."""
    locked = _own(record, by)
    journal.record(by, "staff.remove_record", locked, detail={"kind": locked.kind})
    locked.delete()


@transaction.atomic
def show_portrait(photo: bytes, *, by: Any) -> Portrait:
    """Give a photo of oneself for the public board, which is the consent to show it; an earlier one goes."""
    before = Portrait.objects.select_for_update().filter(person=by).first()
    upload = keep_upload(photo, name="board", kind=FileKind.PHOTO, by=by)
    if before is None:
        portrait = Portrait.objects.create(person=by, upload=upload, consented_on=clock.today())
    else:
        portrait, old = before, before.upload
        portrait.upload, portrait.consented_on = upload, clock.today()
        portrait.save(update_fields=["upload", "consented_on"])
        remove_upload(old, by=by)
    journal.record(by, "staff.show_portrait", portrait)
    return portrait


@transaction.atomic
def hide_portrait(*, by: Any) -> None:
    """Take the consent back: the photo is gone at once and for good."""
    portrait = Portrait.objects.select_for_update().filter(person=by).first()
    if portrait is None:
        return
    journal.record(by, "staff.hide_portrait", portrait)
    upload = portrait.upload
    portrait.delete()
    remove_upload(upload, by=by)


def _own(record: Record, by: Any) -> Record:
    locked: Record = Record.objects.select_for_update().get(pk=record.pk)
    if locked.person_id != by.pk:
        raise Refused(_("Everybody writes their own lines."))
    return locked


def _check(record: Record) -> None:
    problems: dict[str, str] = {}
    if record.kind not in RecordKind.values:
        problems["kind"] = _("Choose what it is.")
    if record.kind == RecordKind.SOCIAL_WORKER:
        record.title = ""
        if record.grade not in Grade.values:
            problems["grade"] = _("Choose the grade.")
    else:
        record.grade = ""
        if not record.title.strip():
            problems["title"] = _("Write its name.")
    if record.kind == RecordKind.TRAINING:
        if record.day is None:
            problems["day"] = _("Say on which day it was.")
        if record.hours is None or not 0 < record.hours <= MOST_HOURS:
            problems["hours"] = _("Say how many hours it took, such as 8 or 1.5.")
    else:
        record.hours = None
    if record.day is not None and record.day > clock.today():
        problems["day"] = _("This day has not come yet.")
    if problems:
        raise ValidationError(problems)
