"""The intake step by step: states, rights, corrected columns, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from linli.accounts.rules import Refused
from linli.core.sheets.safety import WorkbookRefused
from linli.exchange.actions import apply_batch, check_batch, export_errors, import_file, receive_workbook, undo_batch
from linli.exchange.choices import BatchState
from linli.exchange.models import Batch
from linli.exchange.queries import batch_for, batches_for, error_workbook, preview
from linli.exchange.rules import NotPossible
from linli.files.actions import remove_upload
from linli.files.models import Upload
from linli.journal.models import Entry
from linli.people.models import Household, Person
from tests.cast import Cast
from tests.exchange.samples import applied, received, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

ONE = workbook([resident("李桂香", id_number="149999196108257324")])
NO_RIGHT = [
    "worker",
    "partner",
    "department",
    "district",
    "police",
    "volunteer",
    "administrator",
    "auditor",
    "outsider",
]


@pytest.mark.parametrize("who", ["leader", "community", "street"])
def test_those_who_keep_the_ledger_take_workbooks_in(cast: Cast, who: str) -> None:
    batch = applied(ONE, cast.community_area, cast.users[who])
    assert batch.state == BatchState.APPLIED
    assert batches_for(cast.users[who]).get() == batch_for(cast.users[who], batch.number)


@pytest.mark.parametrize("who", NO_RIGHT)
def test_nobody_else_does(cast: Cast, who: str) -> None:
    batch = received(ONE, cast.community_area, cast.leader)
    user = cast.users[who]
    with pytest.raises(Refused):
        receive_workbook(ONE, name="台账.xlsx", area=cast.community_area, kind="people", by=user)
    for step in (check_batch, apply_batch):
        with pytest.raises(Refused):
            step(batch, by=user)
    with pytest.raises(Refused):
        export_errors(batch, by=user)
    apply_batch(batch, by=cast.leader)
    with pytest.raises(Refused):
        undo_batch(batch, by=user)
    assert not batches_for(user).exists()
    assert Batch.objects.count() == 1


def test_a_leader_takes_nothing_in_for_another_community(cast: Cast) -> None:
    with pytest.raises(Refused):
        receive_workbook(ONE, name="台账.xlsx", area=cast.far_community, kind="people", by=cast.leader)
    batch = received(ONE, cast.far_community, cast.far_leader)
    with pytest.raises(Batch.DoesNotExist):
        batch_for(cast.leader, batch.number)


@pytest.mark.parametrize("place", ["grid", "street_area"])
def test_people_belong_to_a_community(cast: Cast, place: str) -> None:
    with pytest.raises(ValidationError, match=r"社区|community"):
        receive_workbook(ONE, name="台账.xlsx", area=cast.areas[place], kind="people", by=cast.street)
    assert not Upload.objects.exists()


def test_the_steps_come_in_their_order(cast: Cast) -> None:
    batch = receive_workbook(ONE, name="台账.xlsx", area=cast.community_area, kind="people", by=cast.leader)
    assert (batch.state, batch.report["rows"]) == (BatchState.UPLOADED, 1)
    with pytest.raises(NotPossible):
        apply_batch(batch, by=cast.leader)
    with pytest.raises(NotPossible):
        undo_batch(batch, by=cast.leader)
    check_batch(batch, by=cast.leader)
    assert not Person.objects.exists()
    apply_batch(batch, by=cast.leader)
    with pytest.raises(NotPossible):
        apply_batch(batch, by=cast.leader)
    with pytest.raises(NotPossible):
        check_batch(batch, by=cast.leader)
    undo_batch(batch, by=cast.leader)
    with pytest.raises(NotPossible):
        undo_batch(batch, by=cast.leader)


def test_a_person_corrects_what_a_column_was_taken_for(cast: Cast) -> None:
    content = workbook([["黎花园", "3号楼", "501", "李桂香", "王翠萍"]], ["小区", "楼号", "房号", "房东", "某人"])
    batch = receive_workbook(content, name="台账.xlsx", area=cast.community_area, kind="people", by=cast.leader)
    assert batch.report["problems"][0]["kind"] == "no_header"
    named = workbook([["黎花园", "3号楼", "501", "李桂香", "王翠萍"]], ["小区", "楼号", "房号", "姓名", "某人"])
    batch = receive_workbook(named, name="台账.xlsx", area=cast.community_area, kind="people", by=cast.leader)
    check_batch(batch, by=cast.leader, corrections={"居民台账": {3: None, 4: "name"}})
    assert [column["field"] for column in batch.report["columns"]] == ["compound", "building", "room", None, "name"]
    apply_batch(batch, by=cast.leader)
    assert Person.objects.get().name == "王翠萍"


def test_an_unknown_field_is_no_correction(cast: Cast) -> None:
    batch = received(ONE, cast.community_area, cast.leader)
    with pytest.raises(ValidationError):
        check_batch(batch, by=cast.leader, corrections={"居民台账": {0: "religion"}})


def test_a_correction_can_be_forgotten(cast: Cast) -> None:
    batch = received(ONE, cast.community_area, cast.leader)
    check_batch(batch, by=cast.leader, corrections={"居民台账": {7: None}})
    assert preview(batch).sheets[0].columns[7].field is None
    check_batch(batch, by=cast.leader, corrections={"居民台账": {}})
    assert batch.mapping == {}
    assert preview(batch).sheets[0].columns[7].field == "id_number"


def test_the_preview_shows_no_number_in_clear(cast: Cast) -> None:
    rows = [resident("李桂香", id_number="149999196108257324", phone="15005569934", note="找 13938001234")]
    batch = received(workbook([*rows, resident("", phone="15005569935")]), cast.community_area, cast.leader)
    shown = preview(batch)
    text = repr(shown.sheets) + repr(shown.report)
    for number in ("149999196108257324", "15005569934", "15005569935", "13938001234"):
        assert number not in text
    assert "150****9934" in text
    assert [(row.number, row.held) for row in shown.sheets[0].rows] == [(2, False), (3, True)]


def test_a_number_in_the_wrong_column_is_not_stored_in_the_report(cast: Cast) -> None:
    rows = [resident("李桂香", birth_date="149999196108257324")]
    batch = received(workbook(rows), cast.community_area, cast.leader)
    assert batch.report["problems"][0]["kind"] == "bad_date"
    assert "149999196108257324" not in str(batch.report)


def test_a_column_that_is_never_kept_is_named_and_dropped(cast: Cast) -> None:
    content = workbook([["黎花园", "3号楼", "501", "李桂香", "佛教"]], ["小区", "楼号", "房号", "姓名", "宗教信仰"])
    batch = applied(content, cast.community_area, cast.leader)
    assert {"header": "宗教信仰", "field": None, "how": "never"} in batch.report["columns"]
    assert preview(batch).sheets[0].columns[4].samples == []
    assert "佛教" not in str(list(Person.objects.values())) + str(batch.report)


def test_once_the_file_is_gone_the_report_stays(cast: Cast) -> None:
    batch = received(ONE, cast.community_area, cast.leader)
    remove_upload(batch.upload, by=cast.leader)
    batch = batch_for(cast.leader, batch.number)
    shown = preview(batch)
    assert (shown.sheets, shown.report) == ([], batch.report)
    with pytest.raises(NotPossible):
        apply_batch(batch, by=cast.leader)
    with pytest.raises(NotPossible):
        error_workbook(batch)


def test_the_rows_to_correct_are_handed_out_after_the_check_and_while_the_file_is_there(cast: Cast) -> None:
    wrong = workbook([resident("李桂香", birth_date="1961-02-30"), resident("王翠萍", room="602")])
    batch = receive_workbook(wrong, name="台账.xlsx", area=cast.community_area, kind="people", by=cast.leader)
    with pytest.raises(NotPossible):
        export_errors(batch, by=cast.leader)
    check_batch(batch, by=cast.leader)
    handed = export_errors(batch, by=cast.community)
    assert [entry.actor for entry in Entry.objects.filter(action="exchange.export_errors")] == ["community"]
    again = received(handed, cast.community_area, cast.leader)
    assert [problem["kind"] for problem in again.report["problems"]] == ["bad_date"]
    assert again.report["rows"] == 1
    remove_upload(batch.upload, by=cast.leader)
    with pytest.raises(NotPossible):
        export_errors(Batch.objects.get(pk=batch.pk), by=cast.leader)
    assert Entry.objects.filter(action="exchange.export_errors").count() == 1


def test_the_file_is_kept_for_thirty_days(cast: Cast) -> None:
    batch = received(ONE, cast.community_area, cast.leader)
    assert (batch.upload.expires_at - batch.upload.uploaded_at).days == 30


def test_a_refused_file_leaves_nothing(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_text("姓名,房号\n李桂香,501\n", encoding="utf-8")
    with pytest.raises(WorkbookRefused) as refusal:
        import_file(path, kind="people", area=cast.community_area, by=cast.leader)
    assert refusal.value.code == "text_named_workbook"
    assert not Upload.objects.exists()
    assert not Batch.objects.exists()


def test_a_file_that_is_too_large_is_not_read(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "台账.xlsx"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    monkeypatch.setattr(Path, "read_bytes", lambda _path: pytest.fail("the file was read"))
    with pytest.raises(WorkbookRefused) as refusal:
        import_file(path, kind="people", area=cast.community_area, by=cast.leader)
    assert refusal.value.code == "too_large"


def test_nothing_to_take_over_is_no_import(cast: Cast) -> None:
    batch = received(workbook([resident("", phone="15005569935")]), cast.community_area, cast.leader)
    report = apply_batch(batch, by=cast.leader)
    assert (report["state"], report["held"]) == (BatchState.CHECKED, 1)
    assert not Household.objects.exists()


def test_a_failure_in_the_middle_writes_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = received(ONE, cast.community_area, cast.leader)

    def fail(*_values: object, **_names: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("linli.exchange.actions.applying.journal.record", fail)
    with pytest.raises(RuntimeError):
        apply_batch(batch, by=cast.leader)
    assert not Person.objects.exists()
    assert Batch.objects.get().state == BatchState.CHECKED
