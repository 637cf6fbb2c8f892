"""Every public action leaves an entry in the journal, under the name that the journal has words for."""

from __future__ import annotations

import importlib.util
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import linli
from linli.accounts import actions as accounts
from linli.accounts import bulk as accounts_bulk
from linli.accounts.rules import SYSTEM
from linli.agreements import actions as agreements
from linli.agreements.models import Agreement, Result
from linli.agreements.models import Template as PaperText
from linli.areas import actions as areas
from linli.areas import bulk as areas_bulk
from linli.areas.choices import AbsenceReason, Level, Role
from linli.areas.redrawn import NewGrid, Redrawn
from linli.assessment import actions as assessment
from linli.assessment.reviews import quarter_of
from linli.cases import actions as cases
from linli.cases.choices import Action, Mechanism, State, Verdict
from linli.cases.models import Case, Category
from linli.core import clock
from linli.declarations import actions as declarations
from linli.declarations.choices import Choice
from linli.declarations.models import Declaration
from linli.exchange import actions as exchange
from linli.exchange.choices import BatchState, BatchWork
from linli.exchange.models import Batch, LearntHeader
from linli.exports import actions as exports
from linli.exports.models import Export
from linli.files import actions as files
from linli.files.choices import FileKind, FileState
from linli.files.models import Upload
from linli.gridplans import actions as gridplans
from linli.gridplans.models import GridPlan
from linli.gridplans.values import StepAsked
from linli.housing import actions as housing
from linli.housing import values as told
from linli.housing.choices import BudgetKind, ListKind, MarkState, Occupancy
from linli.housing.models import (
    Booking,
    Building,
    Dwelling,
    Facility,
    FacilityPhoto,
    ListItem,
    Mend,
    Ownership,
    PlannedBuilding,
    Tenancy,
)
from linli.jobs import actions as jobs
from linli.jobs.choices import JobState
from linli.jobs.models import Job
from linli.journal.models import Entry
from linli.journal.queries import verify
from linli.journal.texts import ACTIONS
from linli.people import actions as people
from linli.people import bulk as people_bulk
from linli.people import merging
from linli.people.choices import Consent, Presence, Registration, Relation, RevealPurpose, Sex, Side
from linli.people.models import Correction, Departure, Person
from linli.people.places import Tie
from linli.reporting import actions as reporting
from linli.reporting.models import Template
from linli.staff import actions as staff
from linli.staff import bulk as staff_bulk
from linli.staff.choices import RecordKind
from linli.staff.text import pledge_text
from linli.units import actions as units
from linli.units.models import Unit
from tests.cases.stage import on_stage, reported, to_checked
from tests.cast import PASSWORD, Cast, add_newcomer, middle, square
from tests.declarations import samples
from tests.exchange.samples import applied, received, resident, workbook
from tests.files.pictures import picture
from tests.gridplans import samples as plans
from tests.jobs.queue import WAITING
from tests.people.homes import make_homes
from tests.people.pairs import all_from, check_now, settle_pair
from tests.reporting import forms
from tests.web.ledgers import BAD_ID, ID_NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

# Public functions of actions modules that leave no entry of their own, each with the reason.
SILENT = {
    "areas.appointment": "reads",
    "areas.beginning": "reads",
    "areas.put_geometry": "sets values of a row that is not written yet",
    "areas.next_path": "reads",
    "areas.geometry_changed": "raises a number in the cache",
    "exchange.forget_previews": "follows the removal of a file, which is journalled",
    "files.write_content": "part of keeping a file, which is journalled",
    "assessment.count_community": "counts what others wrote",
    "assessment.count_ledgers": "counts what others wrote",
    "assessment.keep_coverage": "counts what others wrote",
    "assessment.count_coverage": "counts what others wrote",
    "assessment.coverage_changed": "marks what is to be counted anew",
    "exports.note_gone": "follows the removal of a file, which is journalled",
    "exports.file_name": "reads",
    "exports.watermark_of": "reads",
    "housing.follow_buildings": "follows a move of buildings, which is journalled",
    "housing.put_into": "sets values of a row that is not written yet",
    "housing.new_building": "makes a row that is not written yet",
    "housing.new_compound": "makes a row that is not written yet",
    "agreements.follow_buildings": "follows a move of buildings, which is journalled",
    "units.follow_buildings": "follows a move of buildings, which is journalled",
    "people.follow_buildings": "follows a move of buildings, which is journalled",
    "people.seal_of_pair": "reads",
    "people.cut": "reckons with days",
    "people.check_nightly": "asks for checks, which are journalled",
    "declarations.follow_buildings": "follows a move of buildings, which is journalled",
    "inbox.send": "tells about something that is journalled itself",
    "inbox.tell_absence": "tells about something that is journalled itself",
    "inbox.tell_vacancy": "tells about something that is journalled itself",
    "inbox.remind_of_vacancies": "tells what the posts say",
    "inbox.mark_read": "a mark on one's own messages",
    "jobs.beat": "a sign of life",
    "jobs.queue": "puts what was opened, which is journalled, in the queue",
    "jobs.run": "does what was opened; its end is journalled",
    "journal.acting_from": "names where the work inside comes from",
    "journal.record": "writes the entry itself",
}


@dataclass
class Stage:
    """The cast, with what the recipes need to be there before the action."""

    cast: Cast

    def household(self) -> Person:
        """Let 单田芳 and 李桂香 move into the first grid; the second has a wrong ID number. Return the first."""
        rows = [resident("单田芳", id_number=ID_NUMBER), resident("李桂香", room="602", id_number=BAD_ID)]
        applied(workbook(rows), self.cast.community_area, self.cast.leader)
        housing.assign_grid(Building.objects.get(), self.cast.grid, by=SYSTEM)
        return Person.objects.get(name="单田芳")

    def building(self) -> Building:
        new = housing.NewBuilding(self.cast.community_area, "1号楼", grid=self.cast.grid)
        return housing.add_building(new, by=SYSTEM)

    def home(self) -> Dwelling:
        return housing.add_dwellings([housing.NewDwelling(self.building(), "2", "501")], by=SYSTEM)[0]

    def batch(self) -> Batch:
        return received(workbook([resident("单田芳")]), self.cast.community_area, self.cast.leader)

    def applied(self) -> Batch:
        return applied(workbook([resident("单田芳")]), self.cast.community_area, self.cast.leader)

    def case(self, mechanism: Mechanism = Mechanism.COORDINATION, state: State = State.REPORTED) -> Case:
        return on_stage(self.cast, mechanism, state)

    def upload(self, **values: Any) -> Upload:
        return files.keep_upload(picture(), name="1", kind=FileKind.PHOTO, by=SYSTEM, **values)


Recipe = Callable[[Stage], Callable[[], object]]
Calls = dict[str, tuple[str, Recipe]]


def later(action: Callable[..., object], *arguments: Any, **values: Any) -> Callable[[], object]:
    """Return the call, to be made once everything it needs is there."""
    return lambda: action(*arguments, **values)


ACCOUNTS: Calls = {
    "accounts.create_user": (
        "accounts.create_user",
        lambda stage: later(accounts.create_user, "new", "新来", PASSWORD, by=stage.cast.administrator),
    ),
    "accounts.set_password": (
        "accounts.set_password",
        lambda stage: later(accounts.set_password, stage.cast.worker, PASSWORD + "x", by=stage.cast.worker),
    ),
    "accounts.set_active": (
        "accounts.set_active",
        lambda stage: later(accounts.set_active, stage.cast.worker, False, by=stage.cast.administrator),
    ),
    "accounts.create_token": (
        "accounts.create_token",
        lambda stage: later(accounts.create_token, stage.cast.worker, by=stage.cast.administrator),
    ),
    "accounts.add_users": (
        "accounts.add_users",
        lambda stage: later(accounts_bulk.add_users, [("new", "新来")], PASSWORD, by=SYSTEM),
    ),
}

AREAS: Calls = {
    "areas.add_area": (
        "areas.add",
        lambda stage: later(
            areas.add_area,
            code="140403002",
            name="西街街道",
            level=Level.STREET,
            parent=stage.cast.district_area,
            by=stage.cast.administrator,
        ),
    ),
    "areas.rename_area": (
        "areas.rename",
        lambda stage: later(areas.rename_area, stage.cast.grid, "新网格", by=stage.cast.administrator),
    ),
    "areas.set_boundary": (
        "areas.set_boundary",
        lambda stage: later(areas.set_boundary, stage.cast.grid, square(7), by=stage.cast.administrator),
    ),
    "areas.set_supervision_phone": (
        "areas.set_supervision_phone",
        lambda stage: later(areas.set_supervision_phone, stage.cast.grid, "0355-000-0399", by=stage.cast.administrator),
    ),
    "areas.add_department": (
        "areas.add_department",
        lambda stage: later(
            areas.add_department, code="water", name="自来水公司", area=stage.cast.street_area, by=SYSTEM
        ),
    ),
    "areas.create_post": (
        "posts.create",
        lambda stage: later(
            areas.create_post, role=Role.WORKER, area=stage.cast.other_grid, by=stage.cast.administrator
        ),
    ),
    "areas.tell_appointed": (
        "posts.appoint",
        lambda stage: later(areas.tell_appointed, stage.cast.posts["vacant"], None, by=stage.cast.administrator),
    ),
    "areas.appoint": (
        "posts.appoint",
        lambda stage: later(
            areas.appoint, stage.cast.posts["vacant"], stage.cast.outsider, by=stage.cast.administrator
        ),
    ),
    "areas.end_post": (
        "posts.end",
        lambda stage: later(areas.end_post, stage.cast.posts["worker"], clock.today(), by=stage.cast.administrator),
    ),
}

TEAM: Calls = {
    "areas.set_kind": (
        "areas.set_kind",
        lambda stage: later(areas.set_kind, stage.cast.grid, "special", by=stage.cast.administrator),
    ),
    "areas.set_band": (
        "areas.set_band",
        lambda stage: later(areas.set_band, "special", "none", {}, by=stage.cast.administrator),
    ),
    "areas.explain_size": (
        "areas.explain_size",
        lambda stage: later(areas.explain_size, stage.cast.grid, "老院子", size=3, by=stage.cast.leader),
    ),
    "areas.forget_size_reason": ("areas.forget_size_reason", lambda stage: _forget_reason(stage)),
    "areas.set_min_workers": (
        "areas.set_min_workers",
        lambda stage: later(areas.set_min_workers, stage.cast.grid, 2, by=stage.cast.administrator),
    ),
    "areas.show_name": (
        "posts.show_name",
        lambda stage: later(areas.show_name, stage.cast.posts["worker"], shown=True, by=stage.cast.worker),
    ),
    "areas.agree_names": (
        "posts.agree_names",
        lambda stage: later(areas_bulk.agree_names, stage.cast.posts.values(), clock.today(), by=SYSTEM),
    ),
    "areas.ask_absence": (
        "absences.ask",
        lambda stage: later(areas.ask_absence, _away(stage), by=stage.cast.worker),
    ),
    "areas.decide_absence": (
        "absences.approve",
        lambda stage: later(
            areas.decide_absence,
            areas.ask_absence(_away(stage), by=stage.cast.worker),
            approve=True,
            by=stage.cast.leader,
        ),
    ),
    "areas.end_absence": (
        "absences.end",
        lambda stage: later(
            areas.end_absence, areas.ask_absence(_away(stage), by=stage.cast.leader), by=stage.cast.worker
        ),
    ),
    "staff.accept_pledge": (
        "staff.accept_pledge",
        lambda stage: later(staff.accept_pledge, version=pledge_text().version, by=add_newcomer(stage.cast)),
    ),
    "staff.add_pledges": (
        "staff.add_pledges",
        lambda stage: later(staff_bulk.add_pledges, [add_newcomer(stage.cast)], clock.now(), by=SYSTEM),
    ),
    "staff.add_record": (
        "staff.add_record",
        lambda stage: later(staff.add_record, FIRST_AID, by=stage.cast.worker),
    ),
    "staff.change_record": (
        "staff.change_record",
        lambda stage: later(
            staff.change_record, staff.add_record(FIRST_AID, by=stage.cast.worker), FIRST_AID, by=stage.cast.worker
        ),
    ),
    "staff.remove_record": (
        "staff.remove_record",
        lambda stage: later(
            staff.remove_record, staff.add_record(FIRST_AID, by=stage.cast.worker), by=stage.cast.worker
        ),
    ),
    "staff.show_portrait": (
        "staff.show_portrait",
        lambda stage: later(staff.show_portrait, picture(), by=stage.cast.worker),
    ),
    "staff.hide_portrait": ("staff.hide_portrait", lambda stage: _portrait(stage)),
}

FIRST_AID = staff.NewRecord(RecordKind.QUALIFICATION, "急救证")


def _away(stage: Stage) -> areas.NewAbsence:
    day = clock.today() + timedelta(days=1)
    return areas.NewAbsence(stage.cast.worker, day, day, AbsenceReason.LEAVE)


def _portrait(stage: Stage) -> Callable[[], object]:
    staff.show_portrait(picture(), by=stage.cast.worker)
    return later(staff.hide_portrait, by=stage.cast.worker)


FILES_AND_JOBS: Calls = {
    "files.keep_upload": (
        "files.keep",
        lambda stage: later(files.keep_upload, picture(), name="1", kind=FileKind.PHOTO, by=stage.cast.worker),
    ),
    "files.process_photo": ("files.process_photo", lambda stage: later(files.process_photo, _unprocessed(stage))),
    "files.keep_written": (
        "files.keep",
        lambda stage: later(files.keep_written, _written(), name="1", kind=FileKind.WORKBOOK, by=stage.cast.worker),
    ),
    "files.remove_upload": (
        "files.remove",
        lambda stage: later(files.remove_upload, stage.upload(), by=stage.cast.worker),
    ),
    "files.remove_expired": ("files.remove", lambda stage: later(files.remove_expired, _expiry(stage))),
    "jobs.start": ("jobs.start", lambda stage: later(jobs.start, "import", by=stage.cast.leader)),
    "jobs.finish": ("jobs.done", lambda stage: later(jobs.finish, jobs.start("import", by=stage.cast.leader))),
    "jobs.fail": ("jobs.failed", lambda stage: later(jobs.fail, jobs.start("import", by=stage.cast.leader), "坏了")),
    "jobs.stop": ("jobs.cancelled", lambda stage: later(jobs.stop, jobs.start("import", by=stage.cast.leader))),
    "jobs.close_abandoned": ("jobs.failed", lambda stage: _abandoned(stage)),
    "jobs.ask_to_verify": ("jobs.start", lambda stage: later(jobs.ask_to_verify, by=stage.cast.auditor)),
    "jobs.verify_journal": (
        "jobs.done",
        lambda stage: later(
            jobs.verify_journal, jobs.start("journal.verify", by=stage.cast.auditor), stage.cast.auditor
        ),
    ),
    "jobs.request_cancel": (
        "jobs.request_cancel",
        lambda stage: later(jobs.request_cancel, jobs.start("import", by=stage.cast.leader), by=stage.cast.leader),
    ),
}


def _written() -> files.Written:
    written, _said = files.write_content(lambda file: file.write(b"1"))
    return written


def _abandoned(stage: Stage) -> Callable[[], object]:
    jobs.start("import", by=stage.cast.leader)
    Job.objects.update(state=JobState.RUNNING)
    return later(jobs.close_abandoned, clock.now())


def _unprocessed(stage: Stage) -> Any:
    upload = stage.upload()
    Upload.objects.filter(pk=upload.pk).update(state=FileState.RECEIVED)
    return upload.pk


def _expiry(stage: Stage) -> Any:
    expires_at = stage.upload(days=1).expires_at
    assert expires_at is not None
    return expires_at + timedelta(seconds=1)


EXCHANGE: Calls = {
    "exchange.receive_workbook": (
        "exchange.receive",
        lambda stage: later(
            exchange.receive_workbook,
            workbook([resident("单田芳")]),
            name="台账.xlsx",
            area=stage.cast.community_area,
            kind="people",
            by=stage.cast.leader,
        ),
    ),
    "exchange.send_workbook": (
        "exchange.receive",
        lambda stage: later(_send, stage),
    ),
    "exchange.read_sent": (
        "exchange.read",
        lambda stage: later(exchange.read_sent, _unread(stage), by=stage.cast.leader),
    ),
    "exchange.ask_for": (
        "jobs.start",
        lambda stage: later(exchange.ask_for, stage.batch(), BatchWork.APPLY, by=stage.cast.leader),
    ),
    "exchange.work_on": ("exchange.apply", lambda stage: _waiting(stage)),
    "exchange.check_batch": (
        "exchange.check",
        lambda stage: later(exchange.check_batch, stage.batch(), by=stage.cast.leader),
    ),
    "exchange.apply_batch": (
        "exchange.apply",
        lambda stage: later(exchange.apply_batch, stage.batch(), by=stage.cast.leader),
    ),
    "exchange.export_errors": (
        "exchange.export_errors",
        lambda stage: later(exchange.export_errors, stage.applied(), by=stage.cast.leader),
    ),
    "exchange.undo_batch": (
        "exchange.undo",
        lambda stage: later(exchange.undo_batch, stage.applied(), by=stage.cast.leader),
    ),
    "exchange.import_file": (
        "exchange.apply",
        lambda stage: later(
            exchange.import_file, _file(stage), kind="people", area=stage.cast.community_area, by=stage.cast.leader
        ),
    ),
    "exchange.learn_headers": (
        "exchange.learn_headers",
        lambda stage: later(
            exchange.check_batch, stage.batch(), by=stage.cast.leader, corrections={"居民台账": {12: "employer"}}
        ),
    ),
    "exchange.forget_header": (
        "exchange.forget_header",
        lambda stage: later(exchange.forget_header, _learnt(stage), by=stage.cast.leader),
    ),
    "exchange.finish_batch": (
        "exchange.finish",
        lambda stage: later(exchange.finish_batch, _interrupted(stage), by=stage.cast.leader),
    ),
    "exchange.finish_interrupted": (
        "exchange.finish",
        lambda stage: later(exchange.finish_interrupted, _interrupted(stage).created_at),
    ),
}


def _learnt(stage: Stage) -> LearntHeader:
    exchange.check_batch(stage.batch(), by=stage.cast.leader, corrections={"居民台账": {12: "employer"}})
    return LearntHeader.objects.get()


def _interrupted(stage: Stage) -> Batch:
    batch = stage.batch()
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.STAGING)
    return batch


def _send(stage: Stage) -> Batch:
    content = workbook([resident("单田芳")])
    area = stage.cast.community_area
    return exchange.send_workbook(content, name="台账.xlsx", area=area, kind="people", by=stage.cast.leader)


def _unread(stage: Stage) -> Batch:
    with WAITING:
        return _send(stage)


def _waiting(stage: Stage) -> Callable[[], object]:
    with WAITING:
        job = exchange.ask_for(stage.batch(), BatchWork.APPLY, by=stage.cast.leader)
    return later(exchange.work_on, job, stage.cast.leader, corrections={})


def _file(stage: Stage) -> Path:
    from django.conf import settings

    path = Path(settings.DATA_DIR) / "台账.xlsx"
    path.write_bytes(workbook([resident("单田芳")]))
    return path


EXPORTS: Calls = {
    "exports.request_export": ("exports.request", lambda stage: _requesting(stage)),
    "exports.decide_export": (
        "exports.approve",
        lambda stage: later(exports.decide_export, _asked_export(stage), approve=True, by=stage.cast.community),
    ),
    "exports.make_again": (
        "jobs.start",
        lambda stage: later(exports.make_again, _stopped(stage), by=stage.cast.leader),
    ),
    "exports.make_export": ("exports.make", lambda stage: _making(stage)),
    "exports.make_now": ("exports.make", lambda stage: later(exports.make_now, _stopped(stage), by=stage.cast.leader)),
    "exports.take_file": (
        "exports.download",
        lambda stage: later(exports.take_file, _small(stage), by=stage.cast.leader),
    ),
    "exports.withdraw_export": (
        "exports.withdraw",
        lambda stage: later(exports.withdraw_export, _asked_export(stage), by=stage.cast.leader),
    ),
    "exports.forget_old": ("exports.forget", lambda stage: _forgotten(stage)),
}


def _request(stage: Stage, *, clear: bool = False) -> Export:
    place = stage.cast.community_area
    columns, filters = ["name", "id_number"], {"q": "单田芳"}
    return exports.request_export(
        "people",
        area=place,
        filters=filters,
        columns=columns,
        form="csv",
        clear=clear,
        purpose="核对",
        by=stage.cast.leader,
    )


def _requesting(stage: Stage) -> Callable[[], object]:
    stage.household()
    return later(_request, stage)


def _small(stage: Stage) -> Export:
    stage.household()
    return _request(stage)


def _asked_export(stage: Stage) -> Export:
    stage.household()
    return _request(stage, clear=True)


def _stopped(stage: Stage) -> Export:
    with WAITING:
        export = exports.decide_export(_asked_export(stage), approve=True, by=stage.cast.community)
    assert export.job is not None
    jobs.stop(export.job)
    return Export.objects.get(pk=export.pk)


def _making(stage: Stage) -> Callable[[], object]:
    with WAITING:
        export = exports.decide_export(_asked_export(stage), approve=True, by=stage.cast.community)
    return later(exports.make_export, export.job, stage.cast.leader)


def _forgotten(stage: Stage) -> Callable[[], object]:
    _small(stage)
    return later(exports.forget_old, clock.now() + timedelta(days=3 * 366 + 1))


REPORTING: Calls = {
    "reporting.keep_template": (
        "reporting.keep_template",
        lambda stage: later(_template, stage),
    ),
    "reporting.set_columns": (
        "reporting.set_columns",
        lambda stage: later(reporting.set_columns, _template(stage), {8: "employer"}, by=stage.cast.leader),
    ),
    "reporting.remove_template": (
        "reporting.remove_template",
        lambda stage: later(reporting.remove_template, _template(stage), by=stage.cast.leader),
    ),
    "reporting.fill_template": ("exports.request", lambda stage: _filling(stage)),
}


def _template(stage: Stage) -> Template:
    place, by = stage.cast.community_area, stage.cast.leader
    return reporting.keep_template(forms.plain(), name="表.xlsx", title="登记表", area=place, by=by)


def _filling(stage: Stage) -> Callable[[], object]:
    stage.household()
    place, by = stage.cast.community_area, stage.cast.leader
    return later(reporting.fill_template, _template(stage), area=place, clear=False, purpose="民政局要", by=by)


HOUSING: Calls = {
    "housing.add_compound": (
        "housing.add_compound",
        lambda stage: later(housing.add_compound, stage.cast.community_area, "黎花园", by=stage.cast.leader),
    ),
    "housing.add_building": (
        "housing.add_building",
        lambda stage: later(
            housing.add_building, housing.NewBuilding(stage.cast.community_area, "1号楼"), by=stage.cast.leader
        ),
    ),
    "housing.add_buildings": (
        "housing.add_buildings",
        lambda stage: later(
            housing.add_buildings, [housing.NewBuilding(stage.cast.community_area, "1号楼")], by=stage.cast.leader
        ),
    ),
    "housing.add_dwellings": (
        "housing.add_dwellings",
        lambda stage: later(
            housing.add_dwellings, [housing.NewDwelling(stage.building(), "2", "501")], by=stage.cast.leader
        ),
    ),
    "housing.set_occupancy": (
        "housing.set_occupancy",
        lambda stage: later(housing.set_occupancy, stage.home(), Occupancy.EMPTY, by=stage.cast.leader),
    ),
    "housing.assign_grid": (
        "housing.assign_grid",
        lambda stage: later(housing.assign_grid, stage.building(), stage.cast.other_grid, by=stage.cast.leader),
    ),
    "housing.assign_grids": (
        "housing.assign_grid",
        lambda stage: later(housing.assign_grids, [(stage.building(), stage.cast.other_grid)], by=stage.cast.leader),
    ),
    "housing.note_grid": (
        "housing.assign_grid",
        lambda stage: later(housing.note_grid, stage.building(), by=stage.cast.leader),
    ),
    "housing.make_plates": (
        "housing.make_plates",
        lambda stage: later(housing.make_plates, [stage.building()], by=stage.cast.leader),
    ),
}


PEOPLE: Calls = {
    "people.reveal": (
        "people.reveal",
        lambda stage: later(
            people.reveal, stage.household(), "id_number", by=stage.cast.worker, reason=RevealPurpose.VISIT
        ),
    ),
    "people.correct": (
        "people.correct",
        lambda stage: later(people.correct, _correction(stage), "11010519491231002X", by=stage.cast.worker),
    ),
    "people.keep_as_written": (
        "people.keep_as_written",
        lambda stage: later(people.keep_as_written, _correction(stage), by=stage.cast.worker),
    ),
    "people.add_households": (
        "people.add_households",
        lambda stage: later(
            people_bulk.add_households, stage.cast.community_area, [_household(stage)], by=stage.cast.leader
        ),
    ),
}

# What happens to people and their homes, in the two grids of ``make_homes``.
MOVES: Calls = {
    "people.change_person": (
        "people.change",
        lambda stage: later(people.change_person, stage.household(), {"employer": "供热公司"}, by=stage.cast.worker),
    ),
    "people.change_tie": ("people.change_tie", lambda stage: _change_tie(stage)),
    "people.move_in": (
        "people.move_in",
        lambda stage: later(
            people.move_in, people.NewPerson("原秀英"), stage.home(), Tie(), by=stage.cast.worker, day=clock.today()
        ),
    ),
    "people.move_out": ("people.move_out", lambda stage: _move(stage, people.move_out)),
    "people.move_home": ("people.move_home", lambda stage: _move(stage, people.move_home, 2)),
    "people.record_birth": ("people.birth", lambda stage: _birth(stage)),
    "people.record_death": ("people.death", lambda stage: _death(stage)),
    "people.split_household": ("people.split", lambda stage: _move(stage, people.split_household)),
    "people.merge_households": ("people.merge_households", lambda stage: _merge(stage)),
    "people.change_head": ("people.change_head", lambda stage: _change_head(stage)),
    "people.ask_transfer": ("people.ask_transfer", lambda stage: _ask(stage)),
    "people.accept_transfer": ("people.accept_transfer", lambda stage: _accept(stage)),
    "people.refuse_transfer": (
        "people.refuse_transfer",
        lambda stage: later(people.refuse_transfer, _ask(stage)(), "没住进来", by=stage.cast.leader),
    ),
    "people.withdraw_transfer": (
        "people.withdraw_transfer",
        lambda stage: later(people.withdraw_transfer, _ask(stage)(), by=stage.cast.worker),
    ),
    "people.change_answer": (
        "people.change_answer",
        lambda stage: later(
            people.change_answer, _departure(stage), people.Said(Consent.DECLINED), by=stage.cast.worker
        ),
    ),
    "people.print_transfer_file": (
        "people.print_transfer_file",
        lambda stage: later(
            people.print_transfer_file,
            _departure(stage),
            people.Handover("柳巷街道", "本人同意"),
            by=stage.cast.worker,
        ),
    ),
    "people.print_household": (
        "people.print_household",
        lambda stage: later(
            people.print_household, make_homes(stage.cast).household("单田芳"), by=stage.cast.worker, day=clock.today()
        ),
    ),
    "people.print_codes": (
        "people.print_codes",
        lambda stage: later(people.print_codes, stage.cast.grid, 3, by=stage.cast.worker),
    ),
}


def _move(stage: Stage, action: Any, *homes: int) -> Callable[[], object]:
    world = make_homes(stage.cast)
    there = [world.homes[number] for number in homes]
    some = [world.person("李桂香")]
    return later(action, world.household("单田芳"), some, *there, by=stage.cast.worker, day=clock.today())


def _change_tie(stage: Stage) -> Callable[[], object]:
    person = make_homes(stage.cast).person("单田芳")
    return later(people.change_tie, person, by=stage.cast.worker, day=clock.today(), presence=Presence.AWAY)


def _birth(stage: Stage) -> Callable[[], object]:
    household = make_homes(stage.cast).household("单田芳")
    child = people.NewPerson("单小雪", Sex.FEMALE, clock.today())
    return later(people.record_birth, household, child, by=stage.cast.worker, day=clock.today())


def _death(stage: Stage) -> Callable[[], object]:
    person = make_homes(stage.cast).person("王翠萍")
    return later(people.record_death, person, by=stage.cast.worker, day=clock.today())


def _merge(stage: Stage) -> Callable[[], object]:
    world = make_homes(stage.cast)
    both = world.household("单田芳"), world.household("王翠萍")
    return later(people.merge_households, *both, by=stage.cast.worker, day=clock.today())


def _change_head(stage: Stage) -> Callable[[], object]:
    world = make_homes(stage.cast)
    household, head = world.household("单田芳"), world.person("李桂香")
    return later(people.change_head, household, head, by=stage.cast.worker, day=clock.today())


def _ask(stage: Stage) -> Callable[[], Any]:
    world = make_homes(stage.cast)
    household, person = world.household("单田芳"), world.person("李桂香")
    return later(people.ask_transfer, household, [person], world.buildings[1], by=stage.cast.worker, day=clock.today())


def _departure(stage: Stage) -> Departure:
    world = make_homes(stage.cast)
    gone, said = [world.person("李桂香")], people.Said(Consent.AGREED)
    return people.move_out(world.household("单田芳"), gone, by=SYSTEM, day=clock.today(), said=said).departure


def _accept(stage: Stage) -> Callable[[], object]:
    transfer = _ask(stage)()
    home = Dwelling.objects.get(building=transfer.building, room="301")
    return later(people.accept_transfer, transfer, home, by=stage.cast.leader)


def _unit(stage: Stage) -> Unit:
    return units.add_unit(units.UnitFacts("惠民超市"), units.Where(stage.cast.grid, "底商"), by=SYSTEM)


def _closed_unit(stage: Stage) -> Unit:
    return units.close_unit(_unit(stage), clock.today(), by=SYSTEM)


UNITS: Calls = {
    "units.add_unit": (
        "units.add",
        lambda stage: later(
            units.add_unit, units.UnitFacts("惠民超市"), units.Where(stage.cast.grid, "底商"), by=stage.cast.worker
        ),
    ),
    "units.change_unit": (
        "units.change",
        lambda stage: later(units.change_unit, _unit(stage), units.UnitFacts("惠民便利店"), by=stage.cast.worker),
    ),
    "units.move_unit": (
        "units.move",
        lambda stage: later(
            units.move_unit, _unit(stage), units.Where(stage.cast.other_grid, "东门"), by=stage.cast.leader
        ),
    ),
    "units.close_unit": (
        "units.close",
        lambda stage: later(units.close_unit, _unit(stage), clock.today(), by=stage.cast.worker),
    ),
    "units.reopen_unit": (
        "units.reopen",
        lambda stage: later(units.reopen_unit, _closed_unit(stage), by=stage.cast.worker),
    ),
    "units.note_notice": (
        "units.notify",
        lambda stage: later(units.note_notice, _unit(stage), "停水通知", clock.today(), by=stage.cast.worker),
    ),
    "units.reveal_contact": (
        "units.reveal_contact",
        lambda stage: later(
            units.reveal_contact, _unit(stage), "contact_phone", by=stage.cast.worker, reason=RevealPurpose.VISIT
        ),
    ),
}


def _correction(stage: Stage) -> Correction:
    stage.household()
    return Correction.objects.get()


def _household(stage: Stage) -> people_bulk.NewHousehold:
    member = people_bulk.NewMember(
        "原秀英",
        Sex.FEMALE,
        date(1961, 8, 25),
        ID_NUMBER,
        "",
        "",
        "",
        Relation.HEAD,
        Registration.HERE,
        Presence.HERE,
    )
    return people_bulk.NewHousehold("AAAAAAAAAA", stage.home(), [member], date(2001, 1, 1))


def step(action: str, way: Mechanism, state: State, who: str, /, **values: Any) -> Recipe:
    """Return the recipe of a named step: a case in a state, and somebody who takes the step."""

    def recipe(stage: Stage) -> Callable[[], object]:
        return later(getattr(cases, action), stage.case(way, state), by=stage.cast.users[who], **values)

    return recipe


COORDINATION, EMERGENCY, APPROVAL = Mechanism.COORDINATION, Mechanism.EMERGENCY, Mechanism.APPROVAL

STEPS: Calls = {
    "cases.accept_case": ("cases.accept", step("accept_case", COORDINATION, State.REPORTED, "worker")),
    "cases.solve_on_spot": (
        "cases.solve_on_spot",
        step("solve_on_spot", Mechanism.ON_SPOT, State.REPORTED, "worker", note="清了"),
    ),
    "cases.reclassify_case": (
        "cases.reclassify",
        step("reclassify_case", COORDINATION, State.REPORTED, "worker", mechanism=APPROVAL, note="要批"),
    ),
    "cases.hand_up_case": (
        "cases.hand_up",
        step("hand_up_case", COORDINATION, State.ACCEPTED, "worker", note="要协调"),
    ),
    "cases.dispatch_case": (
        "cases.dispatch",
        step("dispatch_case", COORDINATION, State.ACCEPTED, "leader", to="heating"),
    ),
    "cases.handle_case": (
        "cases.handle",
        step("handle_case", COORDINATION, State.DISPATCHED, "department", note="换了"),
    ),
    "cases.reply_to_case": (
        "cases.reply",
        step("reply_to_case", COORDINATION, State.HANDLED, "department", note="换好了"),
    ),
    "cases.return_case": (
        "cases.return",
        step("return_case", COORDINATION, State.DISPATCHED, "department", note="不归我们"),
    ),
    "cases.check_case": ("cases.check", step("check_case", COORDINATION, State.REPLIED, "leader")),
    "cases.report_oral": (
        "cases.report_oral",
        step("report_oral", EMERGENCY, State.REPORTED, "worker", told="值班室", note="燃气味"),
    ),
    "cases.report_written": (
        "cases.report_written",
        step("report_written", EMERGENCY, State.ORAL_REPORTED, "worker", note="首报"),
    ),
    "cases.submit_case": ("cases.submit", step("submit_case", APPROVAL, State.ACCEPTED, "worker", note="三级台阶")),
    "cases.decide_case": (
        "cases.decide",
        step("decide_case", APPROVAL, State.SUBMITTED, "street", verdict=Verdict.APPROVE, note="同意"),
    ),
    "cases.write_note": ("cases.note", step("write_note", COORDINATION, State.REPORTED, "worker", note="去过了")),
    "cases.merge_case": (
        "cases.merge",
        lambda stage: later(cases.merge_case, stage.case(), by=stage.cast.leader, into=stage.case()),
    ),
    "cases.take_step": (
        "cases.accept",
        lambda stage: later(cases.take_step, stage.case(), Action.ACCEPT, by=stage.cast.worker),
    ),
}

CASES: Calls = {
    **STEPS,
    "cases.report_case": (
        "cases.report",
        lambda stage: later(cases.report_case, _new_case(stage), by=stage.cast.worker),
    ),
    "cases.create_cases": (
        "cases.create_cases",
        lambda stage: later(cases.create_cases, [_planned(stage)], by=SYSTEM),
    ),
    "cases.load_presets": ("cases.load_presets", lambda stage: later(cases.load_presets, by=SYSTEM)),
    "cases.set_route": (
        "cases.set_route",
        lambda stage: later(
            cases.set_route,
            Category.objects.get(code="heating"),
            stage.cast.street_area,
            stage.cast.heating,
            by=stage.cast.administrator,
        ),
    ),
    "files.keep_photos": (
        "files.keep",
        lambda stage: later(files.keep_photos, [picture()], by=stage.cast.worker),
    ),
    "cases.attach_photos": (
        "cases.attach_photos",
        lambda stage: later(cases.attach_photos, stage.case(), [stage.upload()], by=stage.cast.worker),
    ),
    "cases.reveal_contact": (
        "cases.reveal_contact",
        lambda stage: later(cases.reveal_contact, stage.case(), by=stage.cast.worker, purpose="case"),
    ),
    "cases.renew_link": (
        "cases.renew_link",
        lambda stage: later(cases.renew_link, stage.case(), by=stage.cast.worker),
    ),
    "cases.renew_own_link": (
        "cases.renew_link",
        lambda stage: later(cases.renew_own_link, reported(stage.cast).token),
    ),
    "cases.resident_reply": ("cases.confirm", lambda stage: _confirmed(stage)),
    "cases.lapse_silent": ("cases.lapse", lambda stage: _lapsed(stage)),
}


def _new_case(stage: Stage) -> cases.NewCase:
    return cases.NewCase(Category.objects.get(code="heating"), "暖气不热", area=stage.cast.grid)


def _planned(stage: Stage) -> cases.PlannedCase:
    post = stage.cast.posts["worker"]
    first = cases.PlannedStep(Action.REPORT, cases.RESIDENT, clock.now(), handler=post)
    return cases.PlannedCase(_new_case(stage), stage.cast.grid, post, [first], has_resident=True)


def _confirmed(stage: Stage) -> Callable[[], object]:
    made = reported(stage.cast)
    to_checked(stage.cast, made.case)
    return later(cases.resident_reply, made.token, verdict="confirm", rating=5)


def _lapsed(stage: Stage) -> Callable[[], object]:
    made = reported(stage.cast)
    checked = to_checked(stage.cast, made.case)
    assert checked.lapses_at is not None
    return later(cases.lapse_silent, checked.lapses_at)


DUPLICATES: Calls = {
    "people.merge_people": (
        "people.merge",
        lambda stage: later(merging.merge_people, settle_pair(stage.cast), all_from(Side.FIRST), by=stage.cast.leader),
    ),
    "people.undo_merge": ("people.undo_merge", lambda stage: later(merging.undo_merge, _merged(stage), by=SYSTEM)),
    "people.tell_apart": (
        "people.tell_apart",
        lambda stage: later(merging.tell_apart, settle_pair(stage.cast), by=stage.cast.leader),
    ),
    "people.put_off": (
        "people.put_off",
        lambda stage: later(merging.put_off, settle_pair(stage.cast), by=stage.cast.leader),
    ),
    "people.ask_again": (
        "people.ask_again",
        lambda stage: later(
            merging.ask_again, merging.put_off(settle_pair(stage.cast), by=SYSTEM), by=stage.cast.leader
        ),
    ),
    "people.ask_to_check": (
        "jobs.start",
        lambda stage: WAITING(later(merging.ask_to_check, stage.cast.community_area, by=stage.cast.leader)),
    ),
    "people.check_area": (
        "people.check_duplicates",
        lambda stage: later(check_now, stage.cast.community_area, stage.cast.leader),
    ),
    "people.check_people": (
        "people.check_duplicates",
        lambda stage: later(merging.check_people, [settle_pair(stage.cast).first], by=stage.cast.leader),
    ),
    "people.check_changed": ("people.check_duplicates", lambda stage: _marked(stage)),
}


def _merged(stage: Stage) -> merging.Merge:
    return merging.merge_people(settle_pair(stage.cast), all_from(Side.FIRST), by=stage.cast.leader)


def _marked(stage: Stage) -> Callable[[], object]:
    settle_pair(stage.cast).delete()
    return later(merging.check_changed, clock.now())


RENTALS: Calls = {
    "housing.rename_compound": (
        "housing.rename_compound",
        lambda stage: later(housing.rename_compound, _compound(stage), "梨花园", by=stage.cast.leader),
    ),
    "housing.remove_compound": (
        "housing.remove_compound",
        lambda stage: later(housing.remove_compound, _compound(stage), by=stage.cast.leader),
    ),
    "housing.add_house": (
        "housing.add_building",
        lambda stage: later(
            housing.add_house, stage.cast.community_area, told.BuildingValues("1号楼"), by=stage.cast.leader
        ),
    ),
    "housing.change_building": (
        "housing.change_building",
        lambda stage: later(
            housing.change_building, stage.building(), told.BuildingValues("2号楼"), by=stage.cast.leader
        ),
    ),
    "housing.remove_building": (
        "housing.remove_building",
        lambda stage: later(housing.remove_building, stage.building(), by=stage.cast.leader),
    ),
    "housing.add_rows": (
        "housing.add_dwellings",
        lambda stage: later(housing.add_rows, stage.building(), told.RowsPlan(1, 1, 2, 2), by=stage.cast.leader),
    ),
    "housing.add_home": (
        "housing.add_home",
        lambda stage: later(housing.add_home, stage.building(), told.HomeValues("1", "101"), by=stage.cast.leader),
    ),
    "housing.change_home": (
        "housing.change_home",
        lambda stage: later(housing.change_home, stage.home(), told.HomeValues("2", "502"), by=stage.cast.leader),
    ),
    "housing.remove_home": (
        "housing.remove_home",
        lambda stage: later(housing.remove_home, stage.home(), by=stage.cast.leader),
    ),
    "housing.make_home_plates": (
        "housing.make_plates",
        lambda stage: later(housing.make_home_plates, [stage.home()], by=stage.cast.leader),
    ),
    "housing.add_owner": (
        "housing.add_owner",
        lambda stage: later(housing.add_owner, stage.home(), told.OwnerValues("原秀英"), by=stage.cast.leader),
    ),
    "housing.change_owner": (
        "housing.change_owner",
        lambda stage: later(housing.change_owner, _owner(stage), told.OwnerValues("原秀英"), by=stage.cast.leader),
    ),
    "housing.end_ownership": (
        "housing.end_ownership",
        lambda stage: later(housing.end_ownership, _owner(stage), clock.today(), by=stage.cast.leader),
    ),
    "housing.start_tenancy": (
        "housing.start_tenancy",
        lambda stage: later(
            housing.start_tenancy,
            stage.home(),
            told.TenancyValues(clock.today(), headcount=2, contact="李桂香"),
            by=stage.cast.leader,
        ),
    ),
    "housing.end_tenancy": (
        "housing.end_tenancy",
        lambda stage: later(housing.end_tenancy, _tenancy(stage), clock.today(), Occupancy.EMPTY, by=stage.cast.leader),
    ),
    "housing.mark_home": (
        "housing.mark_home",
        lambda stage: later(
            housing.mark_home, stage.home(), _item(ListKind.FOUR_ONES), MarkState.DONE, by=stage.cast.leader
        ),
    ),
    "housing.declare_dormitory": (
        "housing.declare_dormitory",
        lambda stage: later(
            housing.declare_dormitory,
            housing.add_home(stage.building(), told.HomeValues("1", "101", kind="dormitory"), by=SYSTEM),
            told.DormitoryValues(8, 6, "李桂香"),
            by=stage.cast.leader,
        ),
    ),
    "housing.reveal_phone": (
        "housing.reveal_phone",
        lambda stage: later(housing.reveal_phone, _owner(stage), by=stage.cast.leader, reason="visit"),
    ),
    "housing.write_check": (
        "housing.write_check",
        lambda stage: later(
            housing.write_check,
            stage.home(),
            told.NewCheck(clock.today(), {_item(ListKind.SAFETY): None}),
            by=stage.cast.leader,
        ),
    ),
    "housing.report_repair": (
        "housing.report_repair",
        lambda stage: later(housing.report_repair, _facility(stage), "灯不亮", by=stage.cast.leader),
    ),
    "housing.take_up_mend": (
        "housing.take_up_mend",
        lambda stage: later(housing.take_up_mend, _mend(stage), "X1", by=stage.cast.leader),
    ),
    "housing.settle_mends": (
        "housing.settle_mend",
        lambda stage: later(housing.settle_mends, _mend(stage).case_number, "修好了", by=stage.cast.leader),
    ),
    "housing.reopen_mends": (
        "housing.reopen_mend",
        lambda stage: later(housing.reopen_mends, _settled(stage), by=stage.cast.leader),
    ),
    "housing.hand_over_mends": (
        "housing.take_up_mend",
        lambda stage: later(housing.hand_over_mends, _mend(stage).case_number, "X2", by=stage.cast.leader),
    ),
    "housing.book_facility": (
        "housing.book_facility",
        lambda stage: later(housing.book_facility, _facility(stage), _hours(), by=stage.cast.leader),
    ),
    "housing.confirm_booking": (
        "housing.confirm_booking",
        lambda stage: later(housing.confirm_booking, _booking(stage), by=stage.cast.leader),
    ),
    "housing.cancel_booking": (
        "housing.cancel_booking",
        lambda stage: later(housing.cancel_booking, _booking(stage), by=stage.cast.leader),
    ),
    "housing.add_facility": (
        "housing.add_facility",
        lambda stage: later(housing.add_facility, _lamp(stage), by=stage.cast.leader),
    ),
    "housing.change_facility": (
        "housing.change_facility",
        lambda stage: later(housing.change_facility, _facility(stage), _lamp(stage), by=stage.cast.leader),
    ),
    "housing.remove_facility": (
        "housing.remove_facility",
        lambda stage: later(housing.remove_facility, _facility(stage), by=stage.cast.leader),
    ),
    "housing.forget_bookers": (
        "housing.forget_bookers",
        lambda stage: later(housing.forget_bookers, _booking(stage).until + timedelta(days=31)),
    ),
    "housing.add_facility_photos": (
        "housing.add_facility_photos",
        lambda stage: later(housing.add_facility_photos, _facility(stage), [picture()], by=stage.cast.leader),
    ),
    "housing.remove_facility_photo": (
        "housing.remove_facility_photo",
        lambda stage: later(housing.remove_facility_photo, _facility_photo(stage), by=stage.cast.leader),
    ),
    "housing.add_planned": (
        "housing.add_planned",
        lambda stage: later(housing.add_planned, _site_values(), by=stage.cast.leader),
    ),
    "housing.change_planned": (
        "housing.change_planned",
        lambda stage: later(housing.change_planned, _site(), _site_values(), by=stage.cast.leader),
    ),
    "housing.finish_planned": (
        "housing.finish_planned",
        lambda stage: later(housing.finish_planned, _site(), told.BuildingValues("新楼"), by=stage.cast.leader),
    ),
    "housing.give_up_planned": (
        "housing.give_up_planned",
        lambda stage: later(housing.give_up_planned, _site(), "改成绿地", by=stage.cast.leader),
    ),
    "housing.place_planned_anew": ("housing.place_planned", lambda stage: _redrawn(stage)),
    "housing.load_lists": ("housing.load_lists", lambda stage: later(housing.load_lists, by=SYSTEM)),
    "housing.add_item": (
        "housing.add_item",
        lambda stage: later(
            housing.add_item, ListKind.SAFETY, told.ItemValues("燃气灶", "Stove"), by=stage.cast.administrator
        ),
    ),
    "housing.change_item": (
        "housing.change_item",
        lambda stage: later(
            housing.change_item,
            _item(ListKind.SAFETY),
            told.ItemValues("燃气灶", "Stove"),
            by=stage.cast.administrator,
        ),
    ),
    "housing.change_profile": (
        "housing.change_profile",
        lambda stage: later(
            housing.change_profile, stage.cast.community_area, told.ProfileValues("老小区"), by=stage.cast.leader
        ),
    ),
    "housing.add_budget_line": (
        "housing.add_budget_line",
        lambda stage: later(_line, stage, by=stage.cast.leader),
    ),
    "housing.remove_budget_line": (
        "housing.remove_budget_line",
        lambda stage: later(housing.remove_budget_line, _line(stage, by=SYSTEM), by=stage.cast.leader),
    ),
    "housing.add_honour": (
        "housing.add_honour",
        lambda stage: later(housing.add_honour, stage.cast.community_area, 2025, "和谐社区", by=stage.cast.leader),
    ),
    "housing.remove_honour": (
        "housing.remove_honour",
        lambda stage: later(
            housing.remove_honour,
            housing.add_honour(stage.cast.community_area, 2025, "和谐社区", by=SYSTEM),
            by=stage.cast.leader,
        ),
    ),
    "housing.mark_clear": (
        "housing.mark_clear",
        lambda stage: later(
            housing.mark_clear,
            stage.cast.community_area,
            _item(ListKind.SIX_CLEARS, derived_by=""),
            60,
            by=stage.cast.leader,
        ),
    ),
}


def _compound(stage: Stage) -> Any:
    return housing.add_compound(stage.cast.community_area, "黎花园", by=SYSTEM)


def _item(kind: ListKind, **values: Any) -> ListItem:
    housing.load_lists(by=SYSTEM)
    return ListItem.objects.filter(kind=kind, is_active=True, **values)[0]


def _owner(stage: Stage) -> Ownership:
    return housing.add_owner(stage.home(), told.OwnerValues("原秀英", phone="13800000001"), by=SYSTEM)


def _tenancy(stage: Stage) -> Tenancy:
    return housing.start_tenancy(stage.home(), told.TenancyValues(clock.today(), contact="李桂香"), by=SYSTEM)


def _lamp(stage: Stage) -> told.FacilityValues:
    west, south, east, north = stage.cast.grid.bounds
    return told.FacilityValues(
        _item(ListKind.FACILITY), "路灯", (west + east) / 2, (south + north) / 2, may_be_booked=True
    )


def _hours() -> told.BookingValues:
    start = clock.now() + timedelta(days=1)
    return told.BookingValues("舞蹈队", "排练", start, start + timedelta(hours=2))


def _booking(stage: Stage) -> Booking:
    return housing.book_facility(_facility(stage), _hours(), by=SYSTEM)


def _site_values() -> told.PlannedValues:
    return told.PlannedValues("在建楼", 60, clock.today(), *middle(0))


def _site() -> PlannedBuilding:
    return housing.add_planned(_site_values(), by=SYSTEM)


def _redrawn(stage: Stage) -> Callable[[], object]:
    """Let the square of a site go from one grid to the other."""
    _site()
    areas.set_boundary(stage.cast.grid, square(7), by=SYSTEM)
    return later(housing.place_planned_anew, [stage.cast.community_area], by=stage.cast.administrator)


def _forget_reason(stage: Stage) -> Callable[[], object]:
    areas.explain_size(stage.cast.grid, "老院子", size=3, by=SYSTEM)
    return later(areas.forget_size_reason, stage.cast.grid, by=stage.cast.leader)


def _facility(stage: Stage) -> Facility:
    return housing.add_facility(_lamp(stage), by=SYSTEM)


def _facility_photo(stage: Stage) -> FacilityPhoto:
    [photo] = housing.add_facility_photos(_facility(stage), [picture()], by=SYSTEM)
    return photo


def _mend(stage: Stage) -> Mend:
    housing.report_repair(_facility(stage), "灯不亮", by=stage.cast.leader)
    return Mend.objects.get()


def _settled(stage: Stage) -> str:
    number: str = _mend(stage).case_number
    housing.settle_mends(number, "修好了", by=SYSTEM)
    return number


def _line(stage: Stage, *, by: Any) -> Any:
    return housing.add_budget_line(stage.cast.community_area, 2025, BudgetKind.BUDGET, "长椅", Decimal(1000), by=by)


DECLARATIONS: Calls = {
    "declarations.declare": (
        "declarations.declare",
        lambda stage: later(samples.declared, samples.building(stage.cast)),
    ),
    "declarations.take_up": (
        "declarations.take_up",
        lambda stage: later(declarations.take_up, _declaration(stage), by=stage.cast.worker),
    ),
    "declarations.prepare": (
        "declarations.prepare",
        lambda stage: later(
            declarations.prepare,
            _declaration(stage),
            declarations.StepValues(choice=Choice.NEW),
            by=stage.cast.worker,
        ),
    ),
    "declarations.ask": (
        "declarations.ask",
        lambda stage: later(declarations.ask, _declaration(stage), "李桂香是哪位?", by=stage.cast.worker),
    ),
    "declarations.answer": (
        "declarations.answer",
        lambda stage: later(declarations.answer, _asked(stage), "我是李桂香"),
    ),
    "declarations.confirm": (
        "declarations.confirm",
        lambda stage: later(
            declarations.confirm,
            _declaration(stage),
            declarations.StepValues(choice=Choice.NEW),
            by=stage.cast.leader,
        ),
    ),
    "declarations.refuse": (
        "declarations.refuse",
        lambda stage: later(declarations.refuse, _declaration(stage), "地址不对", by=stage.cast.leader),
    ),
    "declarations.withdraw": (
        "declarations.withdraw",
        lambda stage: later(declarations.withdraw, samples.declared(samples.building(stage.cast)).token),
    ),
    "declarations.renew_own_link": (
        "declarations.renew_link",
        lambda stage: later(declarations.renew_own_link, samples.declared(samples.building(stage.cast)).token),
    ),
    "declarations.reveal": (
        "declarations.reveal",
        lambda stage: later(
            declarations.reveal, _declaration(stage), "phone", by=stage.cast.worker, reason=RevealPurpose.CHECK
        ),
    ),
    "declarations.remind_waiting": ("declarations.remind", lambda stage: _declared_long_ago(stage, "remind_waiting")),
    "declarations.lapse_unanswered": (
        "declarations.lapse",
        lambda stage: _declared_long_ago(stage, "lapse_unanswered"),
    ),
    "declarations.erase_due": ("declarations.erase", lambda stage: _declared_long_ago(stage, "erase_due")),
}


def _declaration(stage: Stage) -> Declaration:
    return samples.declared(samples.building(stage.cast)).declaration


def _asked(stage: Stage) -> str:
    made = samples.declared(samples.building(stage.cast))
    declarations.ask(made.declaration, "几单元?", by=stage.cast.worker)
    return made.token


def _declared_long_ago(stage: Stage, duty: str) -> Callable[[], object]:
    """Let one declaration wait, one be asked about, and one be refused."""
    _declaration(stage)
    declarations.ask(
        samples.declared(samples.building(stage.cast, "4号楼")).declaration, "几单元?", by=stage.cast.worker
    )
    refused = samples.declared(samples.building(stage.cast, "5号楼")).declaration
    declarations.refuse(refused, "地址不对", by=stage.cast.leader)
    return later(getattr(declarations, duty), clock.now() + timedelta(days=60))


def _plan_redraw(stage: Stage) -> Redrawn:
    """Return what closing the first grid would come to."""
    cast = stage.cast
    grids = [cast.grid.pk, cast.other_grid.pk]
    return Redrawn(
        [cast.community_area],
        [cast.other_grid],
        grids,
        {cast.grid.path: cast.grid.pk},
        {cast.grid.pk: cast.other_grid},
    )


def _grid_plan(stage: Stage) -> GridPlan:
    plans.make_ground(stage.cast)
    return plans.drawn(stage.cast.community_area, by=stage.cast.leader)


def _plan_step(stage: Stage) -> Callable[[], object]:
    plan = _grid_plan(stage)
    asked = StepAsked("lock", grid=plans.key_of(plan, plans.house(0, 0)))
    return later(gridplans.take_step, plan, asked, version=plan.version, by=stage.cast.leader)


def _plan_stepped(stage: Stage) -> GridPlan:
    plan = _grid_plan(stage)
    plans.step(plan, "lock", by=stage.cast.leader, grid=plans.key_of(plan, plans.house(0, 0)))
    return GridPlan.objects.get(pk=plan.pk)


def _plan_undone(stage: Stage) -> GridPlan:
    plan = _plan_stepped(stage)
    gridplans.undo_step(plan, version=plan.version, by=stage.cast.leader)
    return GridPlan.objects.get(pk=plan.pk)


def _plan_waiting(plan: GridPlan, ask: Callable[..., object] | None = None, by: Any = SYSTEM) -> Job:
    """Return the work that waits for a draft, once it was asked for."""
    if ask is not None:
        with WAITING:
            ask(plan, by=by)
    job = GridPlan.objects.select_related("job").get(pk=plan.pk).job
    assert job is not None
    return job


def _plan_asked(stage: Stage) -> GridPlan:
    plans.make_ground(stage.cast)
    with WAITING:
        return gridplans.new_plan(stage.cast.community_area, plans.AS_NOW, by=stage.cast.leader)


def _plan_making(stage: Stage) -> Callable[[], object]:
    plan = _plan_asked(stage)
    return later(gridplans.make_plan, _plan_waiting(plan), stage.cast.leader, plan=plan.pk)


def _plan_applying(stage: Stage) -> Callable[[], object]:
    plan, by = _grid_plan(stage), stage.cast.street
    job = _plan_waiting(plan, gridplans.ask_to_apply, by)
    return later(gridplans.bring_into_force, job, by, plan=plan.pk, version=plan.version)


def _plan_reverting(stage: Stage) -> Callable[[], object]:
    plan, by = plans.applied(_grid_plan(stage), stage.cast.street), stage.cast.street
    return later(gridplans.take_back, _plan_waiting(plan, gridplans.ask_to_revert, by), by, plan=plan.pk)


def _left_in_queue(call: Callable[[], object]) -> Callable[[], object]:
    """Return a call that leaves its background work waiting."""

    def do() -> object:
        with WAITING:
            return call()

    return do


def _grid_moves(stage: Stage) -> dict[int, Any]:
    plans.make_ground(stage.cast)
    return {plans.house(0, 0).pk: stage.cast.other_grid}


REDRAWN: Calls = {
    "areas.redraw_grids": (
        "areas.redraw_grids",
        lambda stage: later(
            areas_bulk.redraw_grids,
            stage.cast.community_area,
            {},
            [NewGrid("140403007002009", "第九网格", square(0))],
            by=stage.cast.street,
        ),
    ),
    "areas.close_grids": (
        "areas.close_grids",
        lambda stage: later(
            areas_bulk.close_grids, stage.cast.community_area, [stage.cast.grid.pk], by=stage.cast.street
        ),
    ),
    "areas.carry_posts": (
        "posts.carry",
        lambda stage: later(
            areas_bulk.carry_posts,
            stage.cast.community_area,
            {stage.cast.grid.pk: stage.cast.other_grid},
            by=stage.cast.street,
        ),
    ),
    "areas.put_back_posts": (
        "posts.put_back",
        lambda stage: later(
            areas_bulk.put_back_posts,
            stage.cast.community_area,
            {stage.cast.posts["worker"].pk: None},
            {},
            by=stage.cast.street,
        ),
    ),
    "areas.explain_sizes": (
        "areas.explain_sizes",
        lambda stage: later(
            areas_bulk.explain_sizes,
            stage.cast.community_area,
            {stage.cast.grid.pk: (3, "老院子")},
            by=stage.cast.street,
        ),
    ),
    "areas.put_back_reasons": (
        "areas.put_back_reasons",
        lambda stage: later(
            areas_bulk.put_back_reasons,
            stage.cast.community_area,
            {stage.cast.grid.pk: None},
            by=stage.cast.street,
        ),
    ),
    "housing.put_into_grids": (
        "housing.put_into_grids",
        lambda stage: later(
            housing.put_into_grids, stage.cast.community_area, _grid_moves(stage), by=stage.cast.street
        ),
    ),
    "housing.follow_grids": (
        "housing.follow_grids",
        lambda stage: later(housing.follow_grids, _plan_redraw(stage), by=stage.cast.street),
    ),
    "units.follow_grids": (
        "units.follow_grids",
        lambda stage: later(units.follow_grids, _plan_redraw(stage), by=stage.cast.street),
    ),
    "agreements.follow_grids": (
        "agreements.follow_grids",
        lambda stage: later(agreements.follow_grids, _plan_redraw(stage), by=stage.cast.street),
    ),
    "people.follow_grids": (
        "people.follow_grids",
        lambda stage: later(people.follow_grids, _plan_redraw(stage), by=stage.cast.street),
    ),
    "cases.follow_grids": (
        "cases.follow_grids",
        lambda stage: later(cases.follow_grids, _plan_redraw(stage), by=stage.cast.street),
    ),
}

GRIDPLANS: Calls = {
    "gridplans.new_plan": (
        "gridplans.new",
        lambda stage: _left_in_queue(
            later(gridplans.new_plan, stage.cast.community_area, plans.AS_NOW, by=stage.cast.leader)
        ),
    ),
    "gridplans.make_plan": ("gridplans.make", _plan_making),
    "gridplans.note_plan": (
        "gridplans.note",
        lambda stage: later(gridplans.note_plan, _grid_plan(stage), "先看看", by=stage.cast.leader),
    ),
    "gridplans.copy_plan": (
        "gridplans.copy",
        lambda stage: later(gridplans.copy_plan, _grid_plan(stage), by=stage.cast.leader),
    ),
    "gridplans.plan_rest": (
        "gridplans.rest",
        lambda stage: _left_in_queue(later(gridplans.plan_rest, _plan_stepped(stage), by=stage.cast.leader)),
    ),
    "gridplans.discard_plan": (
        "gridplans.discard",
        lambda stage: later(gridplans.discard_plan, _grid_plan(stage), by=stage.cast.leader),
    ),
    "gridplans.cancel_plan": (
        "jobs.request_cancel",
        lambda stage: later(gridplans.cancel_plan, _plan_asked(stage), by=stage.cast.leader),
    ),
    "gridplans.expire_plans": (
        "gridplans.discard",
        lambda stage: later(lambda _plan: gridplans.expire_plans(clock.now() + timedelta(days=400)), _grid_plan(stage)),
    ),
    "gridplans.take_step": ("gridplans.step", _plan_step),
    "gridplans.undo_step": (
        "gridplans.undo",
        lambda stage: later(gridplans.undo_step, _plan_stepped(stage), version=3, by=stage.cast.leader),
    ),
    "gridplans.redo_step": (
        "gridplans.redo",
        lambda stage: later(gridplans.redo_step, _plan_undone(stage), version=4, by=stage.cast.leader),
    ),
    "gridplans.ask_to_apply": (
        "jobs.start",
        lambda stage: _left_in_queue(later(gridplans.ask_to_apply, _grid_plan(stage), by=stage.cast.street)),
    ),
    "gridplans.bring_into_force": ("gridplans.apply", _plan_applying),
    "gridplans.ask_to_revert": (
        "jobs.start",
        lambda stage: _left_in_queue(
            later(gridplans.ask_to_revert, plans.applied(_grid_plan(stage), stage.cast.street), by=stage.cast.street)
        ),
    ),
    "gridplans.take_back": ("gridplans.revert", _plan_reverting),
}

CALLS: Calls = (
    TEAM
    | DECLARATIONS
    | ACCOUNTS
    | AREAS
    | FILES_AND_JOBS
    | EXCHANGE
    | EXPORTS
    | REPORTING
    | HOUSING
    | RENTALS
    | PEOPLE
    | DUPLICATES
    | MOVES
    | CASES
)
CALLS |= UNITS
CALLS |= REDRAWN
CALLS |= GRIDPLANS


def _drafted(stage: Stage) -> Agreement:
    today = clock.today()
    text = agreements.Text("消防责任书", "owner", 12, ["楼道不堆东西。"])
    party = agreements.Party("owner", "原秀英", stage.cast.grid)
    return agreements.draft_agreement(text, party, today, today, by=stage.cast.worker)


def _signed(stage: Stage) -> Agreement:
    return agreements.sign_agreement(_drafted(stage), clock.today(), by=stage.cast.worker)


def _checked(stage: Stage) -> Result:
    paper, today = _signed(stage), clock.today()
    found = {paper.clauses.get().pk: agreements.Found("to_mend", "搬走纸箱", today)}
    return agreements.check_agreement(paper, today, found, by=stage.cast.worker).results.get()


def _paper_text(stage: Stage) -> PaperText:
    text = agreements.Text("消防责任书", "owner", 12, ["楼道不堆东西。"])
    return agreements.add_template(stage.cast.areas["street_area"], text, by=stage.cast.users["street"])


def _remind(stage: Stage) -> Callable[[], object]:
    _signed(stage)
    return later(agreements.remind_due, clock.now())


AGREEMENTS: Calls = {
    "agreements.add_template": ("agreements.add_template", lambda stage: later(_paper_text, stage)),
    "agreements.change_template": (
        "agreements.change_template",
        lambda stage: later(
            agreements.change_template,
            _paper_text(stage),
            agreements.Text("责任书", "owner", 12, ["楼道不堆东西。"]),
            by=stage.cast.users["street"],
        ),
    ),
    "agreements.retire_template": (
        "agreements.retire_template",
        lambda stage: later(agreements.retire_template, _paper_text(stage), by=stage.cast.users["street"]),
    ),
    "agreements.draft_agreement": ("agreements.draft", lambda stage: later(_drafted, stage)),
    "agreements.sign_agreement": (
        "agreements.sign",
        lambda stage: later(agreements.sign_agreement, _drafted(stage), clock.today(), by=stage.cast.worker),
    ),
    "agreements.check_agreement": ("agreements.check", lambda stage: later(_checked, stage)),
    "agreements.settle_result": (
        "agreements.settle",
        lambda stage: later(agreements.settle_result, _checked(stage), clock.today(), by=stage.cast.worker),
    ),
    "agreements.renew_agreement": (
        "agreements.renew",
        lambda stage: later(
            agreements.renew_agreement,
            _signed(stage),
            clock.today() + timedelta(days=1),
            clock.today() + timedelta(days=30),
            by=stage.cast.worker,
        ),
    ),
    "agreements.end_agreement": (
        "agreements.end",
        lambda stage: later(agreements.end_agreement, _signed(stage), clock.today(), "搬走了", by=stage.cast.worker),
    ),
    "agreements.print_agreement": (
        "agreements.print",
        lambda stage: later(agreements.print_agreement, _drafted(stage), by=stage.cast.worker),
    ),
    "agreements.remind_due": ("agreements.remind", _remind),
}
CALLS |= AGREEMENTS


def _remind_of_review(stage: Stage) -> Callable[[], object]:
    make_homes(stage.cast)
    quarter = quarter_of(clock.today())
    return later(assessment.remind_of_reviews, quarter.end - timedelta(days=3))


REVIEWS: Calls = {
    "assessment.sign_review": (
        "assessment.sign_review",
        lambda stage: later(assessment.sign_review, stage.cast.grid, "都看过了", by=stage.cast.leader),
    ),
    "assessment.remind_of_reviews": ("assessment.remind_of_review", _remind_of_review),
    "people.confirm_household": (
        "people.confirm_household",
        lambda stage: later(people.confirm_household, make_homes(stage.cast).household("单田芳"), by=stage.cast.worker),
    ),
}
CALLS |= REVIEWS


def public_actions() -> Iterator[str]:
    """Yield ``app.name`` of every function that an actions module, an actions package or a bulk door offers."""
    for app in pkgutil.iter_modules(linli.__path__, "linli."):
        for door in (f"{app.name}.actions", f"{app.name}.bulk", f"{app.name}.merging"):
            if not app.ispkg or importlib.util.find_spec(door) is None:
                continue
            module = importlib.import_module(door)
            offered = getattr(module, "__all__", None)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                own = function.__module__ == module.__name__ and not name.startswith("_")
                if name in offered if offered is not None else own:
                    yield f"{app.name.removeprefix('linli.')}.{name}"


def test_the_table_holds_every_public_action_and_no_other() -> None:
    found = sorted(public_actions())
    assert len(found) > 60
    assert found == sorted([*CALLS, *SILENT])


@pytest.mark.parametrize("name", sorted(CALLS))
def test_an_action_leaves_an_entry(cast: Cast, name: str) -> None:
    cases.load_presets(by=SYSTEM)
    expected, recipe = CALLS[name]
    call = recipe(Stage(cast))
    before = Entry.objects.count()
    call()
    written = list(Entry.objects.filter(number__gt=before))
    assert expected in {entry.action for entry in written}
    assert {entry.action for entry in written} <= set(ACTIONS), "the journal page has no words for this"
    assert all(entry.actor for entry in written)
    told = "".join(f"{entry.detail}{entry.reason}" for entry in written)
    assert [word for word in ("单田芳", "李桂香", "原秀英", ID_NUMBER, BAD_ID, PASSWORD) if word in told] == []
    assert verify().ok


def test_every_name_that_actions_write_has_words() -> None:
    assert {expected for expected, _recipe in CALLS.values()} <= set(ACTIONS)
