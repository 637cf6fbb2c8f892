"""Photos that come with a step: they belong to it, and nothing is kept of a step that is refused."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from linli.accounts.rules import Refused
from linli.cases.actions import (
    RESIDENT,
    Conflict,
    NewCase,
    StepValues,
    accept_case,
    dispatch_case,
    report_case,
    take_step,
)
from linli.cases.choices import Action, State
from linli.cases.models import Case, CasePhoto
from linli.cases.photos import by_step
from linli.cases.queries import history_of, photos_of
from linli.files.choices import FileState
from linli.files.models import Upload
from linli.files.queries import readable_photo
from linli.journal.models import Entry
from tests.cases.stage import category, reported
from tests.cast import Cast
from tests.files.pictures import CAMERA, picture, with_position

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def handle(case: Case, by: object, **values: object) -> Case:
    return take_step(case, Action.HANDLE, by=by, values=StepValues(note="换了灯泡"), **values)  # type: ignore[arg-type]


def test_photos_belong_to_the_step_that_was_taken(scene: Cast) -> None:
    case = accept_case(reported(scene).case, by=scene.worker)
    case = handle(case, scene.leader, photos=[picture(), picture()])
    take_step(case, Action.NOTE, by=scene.worker, values=StepValues(note="再看"), photos=[picture()])
    steps = {step.number: step.action for step in history_of(case)}
    assert [steps[photo.step_number] for photo in photos_of(case)] == ["handle", "handle", "note"]
    assert {photo.upload.uploaded_by for photo in photos_of(case)} == {"leader", "worker"}
    entry = Entry.objects.filter(action="cases.attach_photos").order_by("number")[0]
    assert (entry.actor, entry.detail) == ("leader", {"number": case.number, "photos": 2})


def test_a_step_without_photos_says_nothing_of_them(scene: Cast) -> None:
    handle(accept_case(reported(scene).case, by=scene.worker), scene.leader)
    assert not Entry.objects.filter(action="cases.attach_photos").exists()
    assert not Upload.objects.exists()


def test_what_the_camera_wrote_is_gone_before_anybody_sees_it(scene: Cast) -> None:
    case = accept_case(reported(scene).case, by=scene.worker)
    handle(case, scene.leader, photos=[with_position()])
    [photo] = photos_of(case)
    content = readable_photo(photo.upload)
    assert content is not None
    assert CAMERA.encode() not in content
    assert not Image.open(BytesIO(content)).getexif()


@pytest.mark.parametrize("who", ["far_worker", "far_leader", "department", "district", "auditor", "outsider"])
def test_who_may_not_take_the_step_leaves_no_photo(scene: Cast, who: str) -> None:
    case = accept_case(reported(scene).case, by=scene.worker)
    with pytest.raises(Refused):
        handle(case, scene.users[who], photos=[picture()])
    assert not Upload.objects.exists()


def test_who_comes_second_or_leaves_the_words_out_leaves_no_photo(scene: Cast) -> None:
    case = accept_case(reported(scene).case, by=scene.worker)
    with pytest.raises(Conflict):
        handle(case, scene.leader, version=case.version - 1, photos=[picture()])
    with pytest.raises(ValidationError):
        take_step(case, Action.HANDLE, by=scene.leader, photos=[picture()])
    assert not Upload.objects.exists()


def test_a_department_shows_why_it_sends_a_case_back_though_it_does_not_see_it_any_more(scene: Cast) -> None:
    case = accept_case(reported(scene).case, by=scene.worker)
    case = dispatch_case(case, by=scene.leader, to=scene.heating, note="请去看看")
    values = StepValues(note="不是我们的管子")
    case = take_step(case, Action.RETURN, by=scene.department, values=values, photos=[picture()])
    assert case.state == State.ACCEPTED
    assert not scene.department.has_perm("cases.view", case)
    assert CasePhoto.objects.get().step_number == history_of(case)[-1].number


def test_photos_of_a_merge_stay_with_the_case_that_ends(scene: Cast) -> None:
    ending, lasting = reported(scene).case, reported(scene).case
    take_step(ending, Action.MERGE, by=scene.leader, values=StepValues(into=lasting), photos=[picture()])
    assert [len(photos_of(case)) for case in (ending, lasting)] == [1, 0]


def test_what_can_not_be_shown_is_said_at_its_step(scene: Cast) -> None:
    new = NewCase(category("heating"), "暖气不热", area=scene.grid)
    case = report_case(new, by=RESIDENT, photos=[picture(), picture(), picture()]).case
    first, second, third = photos_of(case)
    Upload.objects.filter(pk=first.upload_id).update(state=FileState.RECEIVED)
    Upload.objects.filter(pk=second.upload_id).update(state=FileState.REFUSED)
    step = by_step(photos_of(case))[1]
    assert step.shown == [third]
    assert (step.coming, step.refused) == (1, 1)
    assert step.told.count("1") == 2
    assert by_step(photos_of(case))[2].told == ""
