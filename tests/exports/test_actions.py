from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.actions import NewAbsence, ask_absence
from linli.areas.choices import AbsenceReason
from linli.core import clock
from linli.exports.actions import (
    decide_export,
    forget_old,
    make_again,
    take_file,
    withdraw_export,
)
from linli.exports.choices import ExportState
from linli.exports.kinds import kind_for, kinds
from linli.exports.models import Export
from linli.exports.queries import approvers_of, waiting_for
from linli.exports.rules import NotPossible
from linli.files.actions import remove_expired
from linli.inbox.models import Message
from linli.jobs.actions import request_cancel
from linli.jobs.choices import JobState
from linli.journal.models import Entry
from linli.people.models import Person
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook
from tests.exports.samples import asked, table
from tests.jobs.queue import WAITING
from tests.web.ledgers import BAD_ID, ID_NUMBER, PHONE, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def settled(cast: Cast) -> Cast:
    settle(cast)
    return cast


@pytest.fixture
def three(settings: Any) -> None:
    """Let three rows a day go out at once."""
    settings.LINLI_EXPORT_ROWS = 3


def fresh(export: Export) -> Export:
    return Export.objects.select_related("upload", "job", "area").get(pk=export.pk)


def test_a_small_masked_list_is_ready_at_once(settled: Cast) -> None:
    export = asked(settled.leader, settled.community_area)
    assert (export.state, export.rows, export.needs_approval) == (ExportState.READY, 4, False)
    rows = table(take_file(fresh(export), by=settled.leader))
    assert rows[1] == ("住址", "姓名", "身份证号", "联系电话")
    assert ("黎花园3号楼2单元501", "单田芳", "1499**********7324", "150****9934") in rows
    text = str(rows)
    assert ID_NUMBER not in text
    assert BAD_ID not in text
    assert PHONE not in text


def test_the_watermark_stands_in_the_table_on_every_page_and_in_the_name(settled: Cast) -> None:
    export = fresh(asked(settled.leader, settled.community_area))
    sheet = load_workbook(io.BytesIO(b"".join(take_file(export, by=settled.leader)))).worksheets[0]
    mark = str(sheet["A1"].value)
    assert "郭建英" in mark
    assert "2026-11-24 10:18" in mark
    assert "核对住户电话" in mark
    assert mark == sheet.oddHeader.center.text == sheet.oddFooter.left.text
    assert sheet.print_title_rows == "$1:$2"
    assert export.upload is not None
    assert export.upload.name == "居民-广场西社区-郭建英-20261124-1018.xlsx"


def test_a_plain_table_begins_with_the_watermark(settled: Cast) -> None:
    content = b"".join(take_file(fresh(asked(settled.leader, settled.community_area, form="csv")), by=settled.leader))
    lines = content.decode("utf-8-sig").splitlines()
    assert content.startswith(b"\xef\xbb\xbf")
    assert lines[0].startswith("# ")
    assert "郭建英" in lines[0]
    assert lines[1] == "住址,姓名,身份证号,联系电话"


@pytest.mark.usefixtures("three")
def test_nobody_takes_people_out_in_bulk_without_a_second_person(settled: Cast) -> None:
    """Line 5 of what Linli never does, whatever the way: at once, in pieces, in clear, as a command."""
    export = asked(settled.leader, settled.community_area)
    assert (export.state, export.upload, export.needs_approval) == (ExportState.WAITING, None, True)
    with pytest.raises(NotPossible):
        take_file(export, by=settled.leader)
    # The one who asks can't be the second person, not even with the right to approve.
    assert settled.leader.has_perm("exports.approve", export)
    with pytest.raises(Refused):
        decide_export(export, approve=True, by=settled.leader)
    # In pieces: what was taken today counts.
    first = asked(settled.leader, settled.grid)
    assert (first.state, first.rows) == (ExportState.READY, 3)
    again = asked(settled.leader, settled.other_grid)
    assert (again.state, again.rows) == (ExportState.WAITING, 1)
    # Tomorrow is another day.
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert asked(settled.leader, settled.other_grid).state == ExportState.READY
    # In clear: never, however few.
    assert asked(settled.community, settled.other_grid, clear=True).state == ExportState.WAITING


def test_every_list_that_names_people_masks_their_numbers(settled: Cast) -> None:
    hidden = re.compile(r"id_number|(\w+_)?phone|written|(contact|second)_name|officers")
    for kind in kinds:
        assert {column.name for column in kind.columns if hidden.fullmatch(column.name)} == {
            column.name for column in kind.columns if column.mask
        }, kind


@pytest.mark.usefixtures("three")
def test_a_second_person_approves_and_the_file_is_made(settled: Cast) -> None:
    export = asked(settled.leader, settled.community_area)
    told = Message.objects.filter(kind="exports.asked")
    assert {message.to.username for message in told} == {"community", "street"}
    assert list(waiting_for(settled.community)) == [export]
    assert list(waiting_for(settled.leader)) == list(waiting_for(settled.far_leader)) == []
    decide_export(export, approve=True, note="好", by=settled.community)
    made = fresh(export)
    assert (made.state, made.rows, made.decided_by) == (ExportState.READY, 4, "community")
    assert {"exports.approved", "exports.ready"} <= {
        message.kind for message in Message.objects.filter(to=settled.leader)
    }
    assert "1499**********7324" in str(table(take_file(made, by=settled.leader)))


def test_numbers_are_clear_only_after_a_second_person(settled: Cast) -> None:
    export = asked(settled.leader, settled.community_area, clear=True)
    assert export.state == ExportState.WAITING
    decide_export(export, approve=True, by=settled.street)
    text = str(table(take_file(fresh(export), by=settled.leader)))
    assert ID_NUMBER in text
    assert PHONE in text
    entry = Entry.objects.get(action="exports.download")
    assert (entry.actor, entry.reason, entry.detail["clear"], entry.detail["rows"]) == (
        "leader",
        "核对住户电话",
        True,
        4,
    )


def test_a_list_without_hidden_columns_has_nothing_to_clear(settled: Cast) -> None:
    export = asked(settled.leader, settled.community_area, columns=["name"], clear=True)
    assert (export.clear, export.state) == (False, ExportState.READY)


def test_refused_in_words(settled: Cast) -> None:
    export = asked(settled.leader, settled.community_area, clear=True)
    with pytest.raises(ValidationError):
        decide_export(export, approve=False, by=settled.community)
    decide_export(export, approve=False, note="用不着身份证号", by=settled.community)
    assert fresh(export).state == ExportState.REFUSED
    message = Message.objects.get(to=settled.leader, kind="exports.refused")
    assert message.values["note"] == "用不着身份证号"
    with pytest.raises(NotPossible):
        decide_export(export, approve=True, by=settled.street)


@pytest.mark.parametrize("name", ["worker", "department", "district", "administrator", "far_leader", "outsider"])
def test_whoever_may_not(settled: Cast, name: str) -> None:
    with pytest.raises(Refused):
        asked(settled.users[name], settled.community_area)
    waiting = asked(settled.leader, settled.community_area, clear=True)
    with pytest.raises(Refused):
        decide_export(waiting, approve=True, by=settled.users[name])
    ready = asked(settled.leader, settled.community_area)
    with pytest.raises(Refused):
        take_file(fresh(ready), by=settled.users[name])


def test_the_file_is_for_whoever_asked_alone(settled: Cast) -> None:
    export = fresh(asked(settled.leader, settled.community_area))
    for other in (settled.community, settled.street):
        with pytest.raises(Refused):
            take_file(export, by=other)


def test_the_street_takes_out_no_corrections(settled: Cast) -> None:
    columns = ["name", "field", "written"]
    with pytest.raises(Refused):
        asked(settled.street, settled.community_area, "corrections", columns=columns)
    export = asked(settled.leader, settled.community_area, "corrections", columns=columns)
    rows = table(take_file(fresh(export), by=settled.leader))
    assert ("李桂香", "身份证号", "1499**********7325") in rows
    assert ("王翠萍", "出生日期", "1961-02-30") in rows


def test_lists_go_out_as_they_are_narrowed(settled: Cast) -> None:
    by, place = settled.leader, settled.community_area
    rows = table(take_file(fresh(asked(by, place, "households", filters={"q": "李桂香"})), by=by))
    assert rows[1:] == [("住址", "户主"), ("黎花园3号楼2单元602", "李桂香")]
    assert asked(by, settled.other_grid, "households").rows == 1
    # People of the households that fit, not only those whose name fits.
    assert asked(by, place, filters={"q": "单田芳"}).rows == 2
    with pytest.raises(NotPossible, match="没有符合的行"):
        asked(by, place, filters={"q": "没有这个人"})


@pytest.mark.parametrize(
    ("values", "field"), [({"purpose": "  "}, "purpose"), ({"columns": []}, "columns"), ({"form": "pdf"}, "form")]
)
def test_what_is_missing_is_said_at_its_field(settled: Cast, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        asked(settled.leader, settled.community_area, **values)
    assert list(wrong.value.message_dict) == [field]


def test_where_nobody_could_approve_it_is_said(settled: Cast) -> None:
    assert approvers_of(settled.street_area, kind_for("people"), but=settled.street) == []
    with pytest.raises(NotPossible, match="第二个人"):
        asked(settled.street, settled.street_area, clear=True)


def test_whoever_lost_the_post_gets_no_file(settled: Cast) -> None:
    export = asked(settled.leader, settled.community_area, clear=True)
    settled.posts["leader"].holder = settled.outsider
    settled.posts["leader"].save(update_fields=["holder"])
    decide_export(export, approve=True, by=settled.street)
    stopped = fresh(export)
    assert stopped.job is not None
    assert (stopped.state, stopped.upload, stopped.job.state) == (ExportState.APPROVED, None, JobState.FAILED)


def test_many_more_rows_than_approved_go_out_with_nobody(settled: Cast) -> None:
    export = asked(settled.leader, settled.community_area, clear=True)
    more = [resident(f"新{number}", room=f"{number}") for number in range(701, 731)]
    applied(workbook(more), settled.community_area, settled.leader)
    decide_export(export, approve=True, by=settled.street)
    stopped = fresh(export)
    assert stopped.job is not None
    assert stopped.job.state == JobState.FAILED
    assert "重新" in stopped.job.message
    assert stopped.upload is None


def test_making_can_be_stopped_and_begun_again(settled: Cast) -> None:
    export = asked(settled.leader, settled.community_area, clear=True)
    with WAITING:
        decide_export(export, approve=True, by=settled.street)
    assert export.job is not None
    with pytest.raises(NotPossible):
        make_again(fresh(export), by=settled.leader)
    request_cancel(export.job, by=settled.leader)
    assert fresh(export).state == ExportState.APPROVED
    make_again(fresh(export), by=settled.leader)
    assert fresh(export).state == ExportState.READY


def test_taken_back_the_file_is_gone(settled: Cast) -> None:
    export = fresh(asked(settled.leader, settled.community_area))
    with pytest.raises(Refused):
        withdraw_export(export, by=settled.community)
    withdraw_export(export, by=settled.leader)
    with pytest.raises(NotPossible):
        take_file(fresh(export), by=settled.leader)
    with pytest.raises(NotPossible):
        withdraw_export(fresh(export), by=settled.leader)


def test_the_file_is_kept_a_week_and_encrypted(settled: Cast) -> None:
    export = fresh(asked(settled.leader, settled.community_area, form="csv"))
    stored = [path.read_bytes() for path in (Path(settings.DATA_DIR) / "files").glob("??/*")]
    assert all("单田芳".encode() not in content for content in stored)
    remove_expired(clock.now() + timedelta(days=6))
    assert fresh(export).state == ExportState.READY
    remove_expired(clock.now() + timedelta(days=8))
    assert fresh(export).state == ExportState.GONE
    with pytest.raises(NotPossible):
        take_file(fresh(export), by=settled.leader)


def test_what_was_taken_out_is_remembered_for_three_years(settled: Cast) -> None:
    asked(settled.leader, settled.community_area)
    assert forget_old(clock.now() + timedelta(days=3 * 365 - 2)) == 0
    assert Export.objects.count() == 1
    assert forget_old(clock.now() + timedelta(days=3 * 366)) == 1
    assert Export.objects.count() == 0


def test_the_journal_knows_who_what_how_many_and_why_and_no_name(settled: Cast) -> None:
    asked(settled.leader, settled.community_area, filters={"q": "单田芳"})
    entry = Entry.objects.get(action="exports.request")
    assert (entry.actor, entry.reason, entry.detail["rows"]) == ("leader", "核对住户电话", 2)
    assert entry.detail["filters"] == {"q": "单*"}


def test_questions_do_not_grow_with_the_people(settled: Cast, django_assert_max_num_queries: Any) -> None:
    place, by = settled.far_community, settled.far_leader
    applied(workbook([resident(f"郭{room}", room=str(room)) for room in range(101, 141)]), place, by)
    assert Person.objects.count() == 44
    with django_assert_max_num_queries(40):
        assert asked(by, place).rows == 40
    with django_assert_max_num_queries(40):
        assert asked(by, place, "households").rows == 40


def test_who_stands_in_for_an_approver_is_asked_instead(cast: Cast) -> None:
    def asked_to_decide() -> set[str]:
        return {user.username for user in approvers_of(cast.community_area, kind_for("people"), but=cast.leader)}

    before = asked_to_decide()
    assert "community" in before
    today = clock.today()
    away = NewAbsence(cast.fresh("community"), today, today, AbsenceReason.LEAVE, cover=cast.fresh("worker"))
    ask_absence(away, by=SYSTEM)
    assert asked_to_decide() == before - {"community"} | {"worker"}
