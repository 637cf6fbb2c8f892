"""Forms: what people type, clean or refused next to the field in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from linli.accounts.rules import SYSTEM
from linli.cases.actions import RESIDENT, accept_case, dispatch_case, report_case, report_written, take_step
from linli.cases.choices import Action, Mechanism, State
from linli.cases.forms import CaseForm, ReplyForm, ReportForm, SpokenForm, StepForm
from linli.cases.models import LONGEST_TEXT
from linli.core import clock
from linli.housing.models import Building, Compound, Plate
from tests.cases.stage import on_stage, reported, shanghai
from tests.cast import Cast, middle

LON, LAT = middle(0)
REPORT = {"category": "heating", "text": "暖气不热", "lon": str(LON), "lat": str(LAT)}
RUBBISH: tuple[tuple[dict[str, Any], str], ...] = (
    ({"category": "no-such"}, "category"),
    ({"category": "supply"}, "category"),
    ({"category": "sensitive-place"}, "category"),
    ({"category": ""}, "category"),
    ({"text": ""}, "text"),
    ({"text": "   "}, "text"),
    ({"text": "冷\x00"}, "text"),
    ({"text": "冷" * (LONGEST_TEXT + 1)}, "text"),
    ({"text": "冷" * 1_000_000}, "text"),
    ({"lon": "2.35", "lat": "48.85"}, "address"),
    ({"lon": "0", "lat": "0"}, "address"),
    ({"lon": "999", "lat": "-999"}, "address"),
    ({"lon": "nan", "lat": "nan"}, "address"),
    ({"lon": "1e400", "lat": "36"}, "address"),
    ({"lon": "abc"}, "address"),
    ({"plate": "x" * 100}, "address"),
    ({"lon": ""}, "address"),
    ({"lon": "", "lat": ""}, "address"),
    ({"lon": "", "lat": "", "address": "没有这个地方"}, "address"),
    ({"lon": "", "lat": "", "address": "x" * 201}, "address"),
    ({"lon": "", "lat": "", "plate": "NOSUCHPLATE2"}, "address"),
    ({"contact": "1901234567"}, "contact"),
    ({"contact": "190123456789"}, "contact"),
    ({"contact": "请打门铃"}, "contact"),
)


@pytest.fixture
def homes(scene: Cast) -> list[Building]:
    compound = Compound.objects.create(name="黎花园", community=scene.community_area)
    return [
        Building.objects.create(
            compound=compound,
            name=f"{number}号楼",
            community=scene.community_area,
            grid=scene.grid,
            path=scene.grid.path,
            address=f"黎花园{number}号楼",
            search_terms=f"黎 花 园 {number} 号 楼 黎花 花园 园{number} {number}号 号楼",
            longitude=LON,
            latitude=LAT,
        )
        for number in (3, 13)
    ]


def messages(form: SpokenForm) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


@pytest.mark.parametrize(("typed", "field"), RUBBISH)
def test_rubbish_is_refused_at_its_field_in_chinese(scene: Cast, typed: dict[str, Any], field: str) -> None:
    with translation.override("zh-hans"):
        form = ReportForm(REPORT | typed)
        assert not form.is_valid()
        assert list(form.errors) == [field]
        said = messages(form)
    assert said
    assert not any(letter.isascii() and letter.isalpha() for letter in said.replace("supply", "").replace("nan", ""))
    assert not [word for word in ("系统", "操作", "成功", "异常", "提交") if word in said]


def test_a_clean_report_becomes_a_case(scene: Cast) -> None:
    form = ReportForm(REPORT | {"contact": " 190-0000-0131 ", "text": " 暖气不热 "})
    assert form.is_valid(), form.errors
    made = report_case(form.new_case(), by=RESIDENT)
    assert (made.case.area, made.case.text, made.case.contact) == (scene.grid, "暖气不热", "19000000131")
    assert (made.case.longitude, made.case.latitude) == (LON, LAT)


def test_the_longest_text_is_kept_whole(scene: Cast) -> None:
    form = ReportForm(REPORT | {"text": "冷" * LONGEST_TEXT})
    assert form.is_valid(), form.errors
    assert len(report_case(form.new_case(), by=RESIDENT).case.text) == LONGEST_TEXT


def test_a_missing_digit_is_counted(scene: Cast) -> None:
    with translation.override("zh-hans"):
        form = ReportForm(REPORT | {"contact": "190000001"})
        assert form.errors["contact"] == ["少2位。手机号是11位。"]


def test_an_address_gives_the_building_and_its_grid(homes: list[Building], scene: Cast) -> None:
    nowhere = {"lon": "", "lat": ""}
    form = ReportForm(REPORT | nowhere | {"address": "黎花园 3号楼 2单元"})
    assert form.is_valid(), form.errors
    new = form.new_case()
    assert (new.area, new.building, new.place) == (scene.grid, homes[0], "黎花园 3号楼 2单元")
    several = ReportForm(REPORT | nowhere | {"address": "黎花园"})
    assert "黎花园3号楼" in messages(several)
    assert "黎花园13号楼" in messages(several)


def test_a_door_plate_gives_the_building(homes: list[Building], scene: Cast) -> None:
    Plate.objects.create(token="ABCDEFGHJKMN", building=homes[1], entrance="1")
    form = ReportForm(REPORT | {"lon": "", "lat": "", "plate": "abcdefghjkmn"})
    assert form.is_valid(), form.errors
    assert form.new_case().building == homes[1]


def test_categories_are_named_in_the_language_of_the_page(scene: Cast) -> None:
    for language, name in (("zh-hans", "供暖"), ("en", "Heating")):
        with translation.override(language):
            assert name in [label for _key, label in ReportForm().fields["category"].choices]


def test_staff_may_name_an_area_and_when_it_was_found(scene: Cast) -> None:
    typed = {"category": "sensitive-place", "text": "围墙倾斜", "area": scene.other_grid.code, "mechanism": ""}
    form = CaseForm(typed | {"discovered_at": "2026-11-24T09:50"})
    assert form.is_valid(), form.errors
    new = form.new_case()
    assert (new.area, new.mechanism, new.discovered_at) == (scene.other_grid, None, shanghai("2026-11-24 09:50"))
    for wrong, field in (
        ({"area": "140499"}, "area"),
        ({"discovered_at": "2026-11-24T10:19"}, "discovered_at"),
        ({"discovered_at": "1026-11-24T10:19"}, "discovered_at"),
        ({"discovered_at": "0001-01-01T00:00"}, "discovered_at"),
        ({"discovered_at": "昨天"}, "discovered_at"),
        ({"mechanism": "magic"}, "mechanism"),
    ):
        assert list(CaseForm(typed | wrong).errors) == [field], wrong


@pytest.mark.parametrize(
    ("words", "named"), [("黎花园3号楼 2单元", True), ("小区北门", False), ("黎花园", False), ("", False)]
)
def test_words_beside_an_area_name_a_building_of_it_or_describe_the_place(
    homes: list[Building], scene: Cast, words: str, named: bool
) -> None:
    form = CaseForm({"category": "heating", "text": "暖气不热", "area": scene.grid.code, "address": words})
    assert form.is_valid(), form.errors
    new = form.new_case()
    assert (new.area, new.building, new.place) == (scene.grid, homes[0] if named else None, words)


def test_a_building_of_another_area_is_not_taken(homes: list[Building], scene: Cast) -> None:
    typed = {"category": "heating", "text": "暖气不热", "area": scene.other_grid.code, "address": "黎花园3号楼"}
    form = CaseForm(typed)
    assert form.is_valid(), form.errors
    assert form.new_case().building is None


def step_form(action: Action, case: Any, user: Any, **data: Any) -> StepForm:
    return StepForm(action, case=case, user=user, data=data)


def test_a_step_asks_for_what_the_table_names(scene: Cast) -> None:
    way, states = Mechanism, State
    asked = {
        (Action.ACCEPT, way.COORDINATION, states.REPORTED): {"version", "note"},
        (Action.DISPATCH, way.COORDINATION, states.ACCEPTED): {"version", "note", "to"},
        (Action.REPORT_ORAL, way.EMERGENCY, states.REPORTED): {"version", "note", "told", "told_at"},
        (Action.REPORT_WRITTEN, way.EMERGENCY, states.REPORTED): {"version", "note", "report_kind"},
        (Action.DECIDE, way.APPROVAL, states.SUBMITTED): {"version", "note", "verdict"},
        (Action.MERGE, way.APPROVAL, states.REPORTED): {"version", "note", "into"},
        (Action.RECLASSIFY, way.APPROVAL, states.REPORTED): {"version", "note", "mechanism"},
    }
    for (action, mechanism, state), fields in asked.items():
        case = on_stage(scene, mechanism, state)
        assert set(StepForm(action, case=case, user=scene.leader).fields) == fields | {"photos"}, action


def test_a_clean_step_gives_its_values(scene: Cast) -> None:
    case = accept_case(reported(scene).case, by=scene.worker)
    form = step_form(Action.DISPATCH, case, scene.leader, to="heating", note="看一下", version=str(case.version))
    assert form.is_valid(), form.errors
    assert (form.values().department, form.values().note, form.seen_version) == (scene.heating, "看一下", 2)
    by_officer = step_form(Action.DISPATCH, case, scene.leader, department="department")
    assert by_officer.is_valid(), by_officer.errors
    assert by_officer.values().officer == scene.posts["department"]
    routed = step_form(Action.DISPATCH, case, scene.leader, note="")
    assert routed.is_valid(), routed.errors
    after = take_step(case, Action.DISPATCH, by=scene.leader, version=2, values=routed.values())
    assert after.department == scene.heating


def test_what_a_step_lacks_is_said_at_its_field(scene: Cast) -> None:
    case = accept_case(reported(scene).case, by=scene.worker)
    emergency = reported(scene, "fire", by=scene.worker).case
    far = reported(scene, area=scene.far_grid).case
    wrong: list[tuple[StepForm, str]] = [
        (step_form(Action.HANDLE, case, scene.leader), "note"),
        (step_form(Action.HANDLE, case, scene.leader, note="x" * 2001), "note"),
        (step_form(Action.HANDLE, case, scene.leader, note="x\x00"), "note"),
        (step_form(Action.DISPATCH, case, scene.leader, to="no-such"), "to"),
        (step_form(Action.MERGE, case, scene.leader, into="1124-XXXXX"), "into"),
        (step_form(Action.MERGE, case, scene.leader, into=far.number), "into"),
        (step_form(Action.RECLASSIFY, case, scene.leader, note="x", mechanism="coordination"), "mechanism"),
        (step_form(Action.REPORT_ORAL, emergency, scene.leader), "told"),
        (step_form(Action.REPORT_WRITTEN, emergency, scene.leader, note="x", report_kind="final"), "report_kind"),
        (step_form(Action.HANDLE, case, scene.leader, note="x", version="0"), "version"),
    ]
    for form, field in wrong:
        assert list(form.errors) == [field], form.action


def test_a_department_elsewhere_or_without_anybody_is_refused(scene: Cast) -> None:
    from linli.areas.actions import add_department

    add_department(code="empty", name="空科室", area=scene.street_area, by=SYSTEM)
    case = accept_case(reported(scene, "noise").case, by=scene.leader)
    for to in ("lighting", "empty", None):
        with pytest.raises(ValidationError) as refusal:
            dispatch_case(case, by=scene.leader, to=to)
        assert list(refusal.value.error_dict) == ["to"]


def test_what_an_action_refuses_is_shown_at_the_field_or_above(scene: Cast) -> None:
    case = accept_case(reported(scene, "noise").case, by=scene.leader)
    form = step_form(Action.DISPATCH, case, scene.leader, note="看一下")
    assert form.is_valid()
    form.add_action_error(ValidationError({"to": "选一个", "elsewhere": "还有一件"}))
    form.add_action_error(ValidationError("总的一句"))
    assert form.errors["to"] == ["选一个"]
    assert form.non_field_errors() == ["还有一件", "总的一句"]


def test_the_second_report_is_no_first_one(scene: Cast) -> None:
    case = report_written(reported(scene, "fire", by=scene.worker).case, by=scene.leader, note="首报")
    kinds = [
        key
        for key, _label in StepForm(Action.REPORT_WRITTEN, case=case, user=scene.leader)["report_kind"].field.choices
    ]
    assert kinds == ["follow_up", "final"]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"verdict": "confirm", "rating": "5"}, []),
        ({"verdict": "confirm"}, []),
        ({"verdict": "reopen", "text": "还是冷"}, []),
        ({"verdict": "", "rating": "5"}, ["verdict"]),
        ({"verdict": "burn"}, ["verdict"]),
        ({"verdict": "confirm", "rating": "6"}, ["rating"]),
        ({"verdict": "confirm", "rating": "много"}, ["rating"]),
        ({"verdict": "reopen", "text": "x" * 2001}, ["text"]),
        ({"verdict": "reopen", "text": "\x00"}, ["text"]),
    ],
)
def test_the_word_of_a_resident(typed: dict[str, str], fields: list[str]) -> None:
    assert list(ReplyForm(typed).errors) == fields


def test_now_is_the_clock_of_the_project(scene: Cast) -> None:
    form = step_form(Action.REPORT_ORAL, reported(scene, "fire", by=scene.worker).case, scene.worker, told="119")
    assert form.is_valid()
    assert form["told_at"].initial == clock.now()
