"""Making cases: who may report where, what is kept, and photos."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.accounts.rules import Refused
from linli.cases.actions import RESIDENT, Conflict, NewCase, accept_case, attach_photos, report_case
from linli.cases.choices import Source
from linli.cases.models import LONGEST_TEXT, Case, CasePhoto, FollowLink
from linli.cases.queries import photos_of
from linli.cases.sheets import COLUMNS, export_cases
from linli.cases.signals import case_changed
from linli.core import clock
from linli.core.sheets.reading import open_workbook
from linli.files.actions import keep_photos
from linli.files.choices import FileState
from linli.journal.models import Entry
from tests.cases.stage import category, reported, to_checked
from tests.cast import Cast, middle
from tests.files.pictures import picture


def test_who_may_report_where(scene: Cast) -> None:
    for name in ("worker", "partner", "leader", "community", "street", "police", "volunteer", "head"):
        made = reported(scene, by=scene.users[name])
        assert (made.case.reporter, made.case.source, made.token) == (scene.users[name], Source.STAFF, None)
    for name in ("department", "district", "administrator", "auditor", "outsider", "far_worker"):
        with pytest.raises(Refused):
            reported(scene, by=scene.users[name])
    with pytest.raises(Refused):
        reported(scene, by=scene.worker, area=scene.other_grid)
    resident = reported(scene, area=scene.far_grid)
    assert (resident.case.reporter, resident.case.source) == (None, Source.RESIDENT)


def test_a_resident_without_a_phone_has_a_link_and_staff_who_note_a_phone_make_one(scene: Cast) -> None:
    assert reported(scene).token
    made = reported(scene, by=scene.worker, contact="19000000131")
    assert made.token
    assert FollowLink.objects.filter(case=made.case).count() == 1


def test_the_phone_is_encrypted_and_the_text_is_searchable(scene: Cast) -> None:
    case = reported(scene, contact="19000000131", text="东门路灯不亮").case
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact, search_terms FROM cases_case WHERE id = %s", [case.pk])
        contact, terms = cursor.fetchone()
    assert contact.startswith("v1:")
    assert "19000000131" not in contact + terms
    assert "路灯" in terms.split()


def test_a_point_gives_the_grid(scene: Cast) -> None:
    longitude, latitude = middle(1)
    case = reported(scene, area=None, longitude=longitude, latitude=latitude).case
    assert (case.area, case.path) == (scene.other_grid, scene.other_grid.path)
    for where, field in (({"longitude": 2.35, "latitude": 48.85}, "address"), ({}, "address")):
        with pytest.raises(ValidationError) as refusal:
            reported(scene, area=None, **where)
        assert list(refusal.value.error_dict) == [field]


@pytest.mark.parametrize("text", ["", "  ", "x" * (LONGEST_TEXT + 1), "冷\x00"])
def test_texts_that_cannot_be_kept_are_refused_behind_the_forms_too(scene: Cast, text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        reported(scene, text=text)
    assert list(refusal.value.error_dict) == ["text"]
    assert not Case.objects.exists()


def test_nothing_is_found_before_it_happens(scene: Cast) -> None:
    with pytest.raises(ValidationError):
        reported(scene, discovered_at=clock.now() + timedelta(seconds=1))
    assert reported(scene, discovered_at=clock.now()).case.discovered_at == clock.now()


def test_numbers_are_of_the_day_in_shanghai_and_differ(scene: Cast) -> None:
    numbers = {reported(scene).case.number for _number in range(20)}
    assert len(numbers) == 20
    assert {number[:5] for number in numbers} == {"1124-"}


def test_photos_belong_to_the_step_and_come_without_their_name(scene: Cast) -> None:
    new = NewCase(category("heating"), "暖气不热", area=scene.grid)
    case = report_case(new, by=RESIDENT, photos=[picture(), picture()]).case
    photos = photos_of(case)
    assert [(photo.step_number, photo.upload.name, photo.upload.uploaded_by) for photo in photos] == [
        (1, "1", "resident"),
        (1, "2", "resident"),
    ]
    assert {photo.upload.state for photo in photos} == {FileState.READY}
    case = accept_case(case, by=scene.worker)
    attach_photos(case, keep_photos([picture()], by=scene.worker), by=scene.worker)
    assert [photo.step_number for photo in photos_of(case)] == [1, 1, 2]
    with pytest.raises(Refused):
        attach_photos(case, [photos[0].upload], by=scene.far_worker)
    assert CasePhoto.objects.count() == 3


def test_the_step_is_announced_in_its_transaction(scene: Cast) -> None:
    heard: list[tuple[str, str]] = []

    def hear(sender: object, case: Case, step: object, **kwargs: object) -> None:
        heard.append((case.number, str(step.action)))  # type: ignore[attr-defined]

    case_changed.connect(hear)
    try:
        case = reported(scene).case
        accept_case(case, by=scene.worker)
        with pytest.raises(Conflict):
            accept_case(case, by=scene.worker)
    finally:
        case_changed.disconnect(hear)
    assert heard == [(case.number, "report"), (case.number, "accept")]


def test_intake_asks_the_database_little(scene: Cast) -> None:
    reported(scene)
    with CaptureQueriesContext(connection) as captured:
        reported(scene)
    assert len(captured) <= 24


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_export_holds_no_person(scene: Cast, data_dir: Path, suffix: str) -> None:
    case = to_checked(scene, reported(scene, text="王阿姨家暖气不热", contact="19000000131", place="黎花园3号楼").case)
    out = data_dir / f"cases{suffix}"
    assert export_cases(scene.community_area, out, by=scene.leader) == 1
    rows = [list(map(str, row)) for row in open_workbook(out)[0].rows]
    assert rows[0] == list(COLUMNS)
    assert rows[1][:6] == [case.number, "coordination", "heating", scene.grid.code, "checked", "resident"]
    text = "".join(rows[1])
    names = [user.name for user in scene.users.values()]
    assert not [word for word in (*names, "王", "黎花园", "19000000131") if word in text]
    assert Entry.objects.filter(action="cases.export", actor="leader").count() == 1
    with pytest.raises(Refused):
        export_cases(scene.community_area, out, by=scene.worker)
    with pytest.raises(Refused):
        export_cases(scene.street_area, out, by=scene.leader)
    with pytest.raises(ValidationError):
        export_cases(scene.community_area, out.with_suffix(".pdf"), by=scene.leader)
